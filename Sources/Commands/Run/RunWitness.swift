import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import ManifestModel
import StrictJSON
import Synchronization

/// Keeps the record of one box: every event in the audit trail, every new denial on standard error with the flag that
/// would allow it, and all of them in the summary at the end.
final class RunWitness: BoxWitness {
    private let audit: AuditWriter?
    private let isQuiet: Bool
    private let state = Mutex(State())

    private struct State: Sendable {
        var lines = EventLimiter<String>(burst: 1, perSecond: 0.1)
        var journal = EventLimiter<String>(burst: 64, perSecond: 16)
        var denials = 0
        var flags: [String] = []
        /// Lines on standard error altogether: a server can think of many subjects.
        var shown = 0
    }
    private static let mostLines = 200, mostFlags = 32

    init(audit: AuditWriter?, isQuiet: Bool) {
        self.audit = audit
        self.isQuiet = isQuiet
    }

    func record(_ event: BoxEvent) -> Bool {
        let now = UInt64(MonotonicTime.now() / .nanoseconds(1))
        let key = "\(event.act) \(event.permission?.shortName ?? "") \(event.subject)"
        let (show, keep) = state.withLock { state -> (Bool, Bool) in
            guard event.decision == .deny else { return (false, true) }
            state.denials += 1
            if let flag = event.flag, state.flags.count < Self.mostFlags, !state.flags.contains(flag) { state.flags.append(flag) }
            var show = false
            if case .pass = state.lines.admit(key, at: now), state.shown < Self.mostLines {
                state.shown += 1
                show = true
            }
            if case .suppress = state.journal.admit(key, at: now) { return (show, false) }
            return (show, true)
        }
        if show && !isQuiet { write(Self.line(event)) }
        // A denial that is repeated many times a second is counted, not written each time; what is allowed always is.
        guard keep, let audit else { return true }
        return (try? audit.append(Self.auditEvent(event))) != nil
    }

    /// `agentbound: denied PERMISSION SUBJECT (why) by LAYER; allow with FLAG`
    static func line(_ event: BoxEvent) -> String {
        let what = event.permission?.shortName ?? "call"
        let flag = event.flag.map { "; allow with \(printable($0))" } ?? ""
        return "agentbound: denied \(what) \(printable(event.subject)) (\(event.reason)) by \(event.layer.rawValue)\(flag)\n"
    }

    private static func auditEvent(_ event: BoxEvent) -> AuditEvent {
        AuditEvent(
            .box, event.subject, event.decision == .allow ? .allow : .deny, rule: event.permission?.rawValue ?? event.act,
            reason: event.reason,
            detail: [.init("act", .string(event.act)), .init("layer", .string(event.layer.rawValue))]
                + (event.flag.map { [.init("allowWith", .string($0))] } ?? []))
    }

    /// The closing summary, or nothing when nothing was denied.
    func summary(session: String?) -> String {
        let (denials, flags) = state.withLock { ($0.denials, $0.flags) }
        guard denials > 0, !isQuiet else { return "" }
        var text = "agentbound: \(denials) \(denials == 1 ? "denial" : "denials")"
        if !flags.isEmpty { text += "; what they ask for: \(flags.map { printable($0) }.joined(separator: " "))" }
        if let session { text += "\n  next: `agentbound audit show \(session)` has them all" }
        return text + "\n"
    }

    func write(_ text: String) { try? SharedDescriptor(rawValue: dup(2)).writeAll(Array(text.utf8)) }
}
