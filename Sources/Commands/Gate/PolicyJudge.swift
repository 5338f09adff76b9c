import AuditTrail
import Glibc
import MCPGateway
import PolicyEngine
import Signatures
import StrictJSON
import Synchronization

/// Joins the gateway to the policy and the audit trail: a ruling is on record, durably, before it takes effect.
final class PolicyJudge: GatewayJudge {
    private let policy: GatePolicy
    private let audit: AuditWriter?
    private let failsOpen: Bool
    private let isQuiet: Bool
    private let notes = Mutex(EventLimiter<GatewayNote.Kind>(burst: 16, perSecond: 1))
    private let complaints = Mutex(EventLimiter<String>(burst: 1, perSecond: 0.1))

    init(_ policy: GatePolicy, audit: AuditWriter?, failsOpen: Bool, isQuiet: Bool) {
        self.policy = policy
        self.audit = audit
        self.failsOpen = failsOpen
        self.isQuiet = isQuiet
    }

    let trimsLists = true

    func mayPass(_ call: ToolCall) -> Bool { policy.mayPass(call) }

    func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
        let decisions = policy.decide(calls.map(\.call))
        if let audit {
            do throws(AuditError) {
                try audit.append(contentsOf: zip(calls, decisions).map(Self.event))
                try audit.flush()
            } catch {
                complain("no call can be recorded (\(error))")
                // No record, no permission.
                if !failsOpen {
                    return calls.map { _ in .refuse("agentbound cannot keep its record of calls, so nothing passes") }
                }
            }
        }
        return zip(calls, decisions).map(ruling)
    }

    private func ruling(_ call: GatewayCall, _ decision: ToolDecision) -> GatewayRuling {
        if decision.isUnevaluable, failsOpen {
            complain("a call cannot be decided about (\(decision.reason.terminalSafe))")
            return .pass
        }
        switch decision.effect {
        case .allow, .redact: return redacted(call, policy.redaction(for: decision))
        case .approve, .approveStrong:
            // Nobody can be asked here yet.
            return .refuse(
                "agentbound refused this call: rule `\(decision.rule)` lets it pass only when a person agrees, and nobody can be asked here"
            )
        case .deny:
            return .refuse(
                "agentbound refused this call: \(decision.reason) (rule \(decision.rule) of \(decision.layer))")
        }
    }

    /// The call without what the policy takes out of it; as it came, when there is nothing of that in it.
    private func redacted(_ call: GatewayCall, _ redaction: WireRedaction) -> GatewayRuling {
        guard !redaction.isEmpty, let arguments = call.call.arguments, let rest = redaction.redact(arguments) else {
            return .pass
        }
        return .rewrite(rest.serialized())
    }

    var reviewsAnswers: Bool { !policy.redaction.isEmpty }

    func review(_ answers: [GatewayAnswer]) -> [GatewayRuling] {
        answers.map { answer in
            guard answer.number > 0, let rest = policy.redaction.redact(answer.result) else { return .pass }
            return .rewrite(rest.serialized())
        }
    }

    /// One call, for the record. Its arguments are there by their digest alone.
    private static func event(_ call: GatewayCall, _ decision: ToolDecision) -> AuditEvent {
        let tool = call.call.tool
        var detail: [JSONMember] = [
            .init("method", .string(call.call.method)), .init("server", .string(call.call.server)),
            .init("call", .integer(call.number)), .init("effect", .string(decision.effect.rawValue)),
        ]
        if let id = call.id { detail.append(.init("id", .string(id))) }
        if call.way == .toClient { detail.append(.init("from", "server")) }
        if let arguments = call.call.arguments {
            detail.append(.init("arguments", .string(SHA256.hex(arguments.rawBytes))))
        }
        if let client = call.call.client { detail.append(.init("client", .string(client))) }
        return AuditEvent(
            .tool, tool.isEmpty ? call.call.method : tool, decision.effect <= .redact ? .allow : .deny,
            rule: decision.rule, reason: decision.reason, detail: detail)
    }

    func note(_ notes: [GatewayNote]) {
        let now = Self.now
        for note in notes {
            guard case .pass(let suppressed) = self.notes.withLock({ $0.admit(note.kind, at: now) }) else { continue }
            let more = suppressed > 0 ? " (\(suppressed) more like it before)" : ""
            let from = note.way == .toServer ? "client" : "server"
            if !isQuiet { StandardError.write("agentbound: \(from): \(note.text.terminalSafe)\(more)\n") }
            _ = try? audit?.append(
                AuditEvent(
                    .tool, from, note.kind == .ended || note.kind == .dropped ? .info : .deny, rule: note.kind.rawValue,
                    reason: note.text + more))
        }
    }

    /// Loud, and not a thousand times.
    private func complain(_ text: String) {
        guard case .pass = complaints.withLock({ $0.admit(String(text.prefix(20)), at: Self.now) }) else { return }
        let what = failsOpen ? "calls pass all the same (--fail open)" : "every call is refused"
        StandardError.write("agentbound: \(text): \(what)\n", patience: 200)
    }

    /// Nanoseconds of a clock that does not go back.
    private static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
