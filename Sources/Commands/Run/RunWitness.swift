import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import MCPGateway
import ManifestModel
import StrictJSON
import Synchronization

/// Keeps the record of one box: every event in the audit trail, every new denial on standard error with the flag that
/// would allow it, and all of them in the summary at the end.
final class RunWitness: BoxWitness {
    private let audit: AuditWriter?
    private let isQuiet: Bool
    /// The tool calls that the server is at work on, where a gateway knows.
    private let inFlight: CallsInFlight?
    /// What holds while nobody gives a flag, as flags: a suggestion that left it out would take it away.
    private let defaults: [String: [String]]
    private let state = Mutex(State())

    private struct State: Sendable {
        var lines = EventLimiter<String>(burst: 1, perSecond: 0.1)
        var journal = EventLimiter<String>(burst: 64, perSecond: 16)
        var denials = 0
        /// Denials that the journal does not have.
        var unwritten = 0
        /// Events that could not be written to the journal, for whatever reason.
        var lost = 0
        var flags: [String] = []
        /// Limits that were reached, in words.
        var limits: [String] = []
        var hasMoreFlags = false
        /// Lines on standard error altogether: a server can think of many subjects.
        var shown = 0
    }
    private static let mostLines = 200, mostFlags = 32

    init(
        audit: AuditWriter?, isQuiet: Bool, inFlight: CallsInFlight? = nil, defaults: [String: [String]] = [:]
    ) {
        self.audit = audit
        self.isQuiet = isQuiet
        self.inFlight = inFlight
        self.defaults = defaults
    }

    func record(_ event: BoxEvent) -> Bool {
        let now = UInt64(MonotonicTime.now() / .nanoseconds(1))
        let flags = event.flag.map(typed) ?? []
        let key = "\(event.act) \(event.permission?.shortName ?? "") \(event.subject)"
        let (line, keep) = state.withLock { state -> (String?, Bool) in
            guard event.decision == .deny else { return (nil, true) }
            if event.act == BoxEvent.limitAct {
                state.limits.append(event.reason)
                return (Self.limitLine(event), true)  // its flag has no default that it could take away
            }
            state.denials += 1
            for flag in flags where !state.flags.contains(flag) {
                if state.flags.count < Self.mostFlags { state.flags.append(flag) } else { state.hasMoreFlags = true }
            }
            var line: String?
            if case .pass(let repeated) = state.lines.admit(key, at: now), state.shown < Self.mostLines {
                state.shown += 1
                line = Self.line(event, flags, repeated: repeated)
                if state.shown == Self.mostLines {
                    line! += "agentbound: later denials are counted, and not shown one by one\n"
                }
            }
            if case .suppress = state.journal.admit(key, at: now) {
                state.unwritten += 1
                return (line, false)
            }
            return (line, true)
        }
        if let line, !isQuiet { write(line) }
        // A denial that is repeated many times a second is counted, not written each time; what is allowed always is.
        guard keep else { return true }
        return append(Self.auditEvent(event, flags, during: inFlight?.now ?? []))
    }

    /// Writes an event to the journal, where there is one, and counts what could not be written.
    @discardableResult
    func append(_ event: AuditEvent) -> Bool {
        guard let audit else { return true }
        if (try? audit.append(event)) != nil { return true }
        state.withLock { $0.lost += 1 }
        return false
    }

    /// `agentbound: denied PERMISSION SUBJECT (why) by LAYER; allow with FLAG`, on one line whatever the server called things.
    /// - Parameters:
    ///   - flags: What would allow it, as one has to type it; `nil`: the event's own flag.
    ///   - repeated: How often it was denied since it was last shown.
    static func line(_ event: BoxEvent, _ flags: [String]? = nil, repeated: Int = 0) -> String {
        let what = event.permission?.shortName ?? "call"
        let subject = shortened(event.subject).terminalSafe
        let count = repeated > 0 ? ", \(repeated) times more before" : ""
        let flags = flags ?? event.flag.map { [$0] } ?? []
        let flag = flags.isEmpty ? "" : "; allow with \(quoted(flags))"
        return
            "agentbound: denied \(what) \(subject) (\(shortened(event.reason).terminalSafe)\(count)) by \(event.layer.rawValue)\(flag)\n"
    }

    /// A limit ends a server or holds it up, and is no refusal of one call.
    static func limitLine(_ event: BoxEvent) -> String {
        "agentbound: \(event.reason)\(event.flag.map { "; \($0) would give it more" } ?? "")\n"
    }

    /// The limits that the box ran into, in words.
    var limits: [String] { state.withLock { $0.limits } }

    /// The flag, after those that say again what holds without it.
    private func typed(_ flag: String) -> [String] {
        let name = String(flag.prefix { $0 != " " })
        return (defaults[name] ?? []).map { "\(name) \($0)" }.filter { $0 != flag } + [flag]
    }

    private static func quoted(_ flags: [String]) -> String { flags.map(quoted).joined(separator: " ") }

    /// A flag with its value, as a shell takes it: the value is all behind the first blank.
    private static func quoted(_ flag: String) -> String {
        guard let blank = flag.firstIndex(of: " ") else { return ShellWords.quote(flag) }
        return flag[..<blank] + " " + ShellWords.quote(String(flag[flag.index(after: blank)...]))
    }

    /// A path has at most 4,096 bytes; longer texts were made to fill the screen.
    private static func shortened(_ text: String) -> String {
        let most = 1_024
        return text.unicodeScalars.count <= most
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))) + "..."
    }

    private static func auditEvent(_ event: BoxEvent, _ flags: [String], during calls: [CallInFlight]) -> AuditEvent {
        AuditEvent(
            .box, event.subject, event.decision == .allow ? .allow : .deny,
            rule: event.permission?.rawValue ?? event.act,
            reason: event.reason,
            detail: [.init("act", .string(event.act)), .init("layer", .string(event.layer.rawValue))]
                + (event.decision == .deny && event.act != BoxEvent.limitAct
                    ? [.init("explain", .string(Explanation.denialID(event.permission)))] : [])
                + (flags.isEmpty ? [] : [.init("allowWith", .string(flags.joined(separator: " ")))])
        ).during(calls.map { ($0.request, $0.tool.isEmpty ? $0.method : $0.tool) })
    }

    /// The closing summary, or nothing when nothing was denied.
    /// - Parameter journal: The file that was named for the journal, as it was named.
    func summary(session: String?, journal: String? = nil) -> String {
        let (denials, unwritten, lost, flags, hasMore) = state.withLock {
            ($0.denials, $0.unwritten, $0.lost, $0.flags, $0.hasMoreFlags)
        }
        let loss =
            lost == 0
            ? ""
            : "agentbound: \(lost) event\(lost == 1 ? "" : "s") could not be written to the journal: is its disk full?\n"
        guard denials > 0, !isQuiet else { return loss }
        var text = "agentbound: \(denials) \(denials == 1 ? "denial" : "denials")"
        if !flags.isEmpty {
            text +=
                "; what they ask for: \(Self.quoted(flags))\(hasMore ? " and more" : "")"
        }
        if let session {
            let file = journal.map { " --file \(ShellWords.quote($0))" } ?? ""
            let part =
                unwritten + lost == 0
                ? "has them all"
                : "has \(max(0, denials - unwritten - lost)) of them\(lost == 0 ? ", the others are repetitions" : "")"
            text += "\n  next: `agentbound audit show \(session)\(file)` \(part)"
        }
        return text + "\n" + loss
    }

    func write(_ text: String) {
        StandardError.write(text)
    }
}
