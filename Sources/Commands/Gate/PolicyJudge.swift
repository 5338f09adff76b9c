import AgentBox
import AuditTrail
import GrantStore
import LinuxSystem
import MCPGateway
import PolicyEngine
import SecretText
import Signatures
import StrictJSON
import Synchronization

/// Joins the gateway to policy, scanner, approvals and audit trail: a ruling is on record, durably, before it takes effect.
final class PolicyJudge: GatewayJudge {
    private let policy: GatePolicy
    private let audit: AuditWriter?
    private let signer: HeadSigner?
    private let failsOpen: Bool
    private let isQuiet: Bool
    private let scanner = ThreatScanner()
    private let redaction: WireRedaction
    private let desk: ApprovalDesk?
    /// Calls that wait for a person. Held while a question is put, so that its answer finds the call.
    private let waiting = Mutex<[UInt64: Waiting]>([:])
    private let notes = Mutex(EventLimiter<String>(burst: 16, perSecond: 1))
    private let complaints = Mutex(EventLimiter<String>(burst: 1, perSecond: 0.1))

    private struct Waiting {
        /// Of the question, as `approvals list` has it.
        var id: String
        var call: GatewayCall
        var decision: ToolDecision
        var look: Look
    }

    /// What is seen of a call's arguments, whatever the policy says.
    private struct Look {
        var threats: ThreatReport?
        /// Of long arguments, made beside scanner and policy.
        var digest: Meanwhile<String>?
    }
    /// Bytes from which another thread is worth it.
    private static let longArguments = 256 << 10

    /// - Parameter mailbox: Where rulings go that a person's answer brings later.
    init(
        _ policy: GatePolicy, audit: AuditWriter?, signer: HeadSigner? = nil, mailbox: GatewayMailbox?,
        failsOpen: Bool, isQuiet: Bool
    ) throws {
        self.policy = policy
        self.audit = audit
        self.signer = signer
        self.failsOpen = failsOpen
        self.isQuiet = isQuiet
        redaction = WireRedaction(kinds: SecretKinds(policy.policy.redaction))
        let later = Later()
        if let store = policy.store, let mailbox, policy.policy.asksPeople {
            desk = try ApprovalDesk(store: store, timeout: policy.policy.approvalTimeout ?? 120) { ticket, ending in
                if let ruling = later.judge?.ended(ticket, ending) { mailbox.settle(ticket: ticket, ruling) }
            }
        } else {
            desk = nil
        }
        later.judge = self
    }

    /// The judge, for a desk that is made before it.
    private final class Later: Sendable {
        private let held = Mutex<WeakJudge>(WeakJudge())
        private struct WeakJudge { weak var judge: PolicyJudge? }
        var judge: PolicyJudge? {
            get { held.withLock { $0.judge } }
            set { held.withLock { $0.judge = newValue } }
        }
    }

    let trimsLists = true
    let reviewsAnswers = true
    var redactsAnswers: Bool { !redaction.isEmpty }

    func mayPass(_ call: ToolCall) -> Bool {
        guard let arguments = call.arguments else { return policy.mayPass(call) }
        var call = call
        call.threatScore = scanner.scan(arguments).score
        let decision = policy.outlook(call)
        return decision.effect != .deny || passesUndecided(decision)
    }

    private func passesUndecided(_ decision: ToolDecision) -> Bool {
        decision.isUnevaluable && failsOpen && !decision.holdsAnyway
    }

    // MARK: - Calls

    func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
        let looks = calls.map { look(at: $0.call.arguments) }
        let decisions = policy.decide(
            zip(calls, looks).map { call, look in
                var call = call.call
                call.threatScore = look.threats?.score ?? 0
                return call
            })
        var events: [AuditEvent] = []
        var rulings: [GatewayRuling] = []
        for (index, call) in calls.enumerated() {
            let (ruling, event) = rule(call, decisions[index], looks[index])
            rulings.append(ruling)
            events.append(event)
        }
        if let refused = record(events) {
            // Nobody is to be asked about what is refused anyway.
            for case .ask(let ticket, _) in rulings { withdrawn(ticket: ticket) }
            return calls.map { _ in refused }
        }
        for (call, ruling) in zip(calls, rulings) {
            switch ruling {
            case .refuse(let text): tell(call, text)
            case .ask(let ticket, _): tellWait(ticket)
            case .pass, .rewrite: break
            }
        }
        return rulings
    }

    private func look(at arguments: JSONElement?) -> Look {
        guard let arguments else { return Look() }
        let isLong = audit != nil && arguments.rawBytes.count >= Self.longArguments
        let digest = isLong ? Meanwhile("gateway-digest") { SHA256.hex(arguments.rawBytes) } : nil
        return Look(threats: scanner.scan(arguments), digest: digest)
    }

    private func rule(
        _ call: GatewayCall, _ decision: ToolDecision, _ look: Look
    ) -> (GatewayRuling, AuditEvent) {
        if passesUndecided(decision) {
            complain("a call cannot be decided about (\(decision.reason.terminalSafe))")
            return (
                pass(call, decision),
                event(call, decision, look, .allow, "let through by --fail open: \(decision.reason)")
            )
        }
        switch decision.effect {
        case .allow, .redact:
            return (pass(call, decision), event(call, decision, look, .allow, decision.reason))
        case .deny: return (refusal(call, decision), event(call, decision, look, .deny, decision.reason))
        case .approve, .approveStrong: return ask(call, decision, look)
        }
    }

    /// Without what rule and policy want taken out; as it came, when there is nothing of that in it.
    private func pass(_ call: GatewayCall, _ decision: ToolDecision) -> GatewayRuling {
        let redaction =
            decision.redactedFields.isEmpty
            ? self.redaction : WireRedaction(fields: decision.redactedFields, kinds: self.redaction.kinds)
        guard !redaction.isEmpty, let clean = call.call.arguments.flatMap({ redaction.redact($0) }) else {
            return .pass
        }
        return .rewrite(clean)
    }

    private func refusal(_ call: GatewayCall, _ decision: ToolDecision) -> GatewayRuling {
        let rule = decision.layer.isEmpty ? decision.rule : "\(decision.rule) of \(decision.layer)"
        return Self.refuse(call, "\(decision.reason) (rule \(rule))")
    }

    /// - Returns: The answer to a call that does not pass, with the name that policies have for it.
    private static func refuse(_ call: GatewayCall, _ why: String) -> GatewayRuling {
        .refuse(opening(call) + why)
    }

    private static func opening(_ call: GatewayCall) -> String { "agentbound refused \(name(of: call)): " }

    /// `time.convert_time`; what is no tool with its method before it. Safe to show.
    private static func name(of call: GatewayCall) -> String {
        let call = call.call
        if call.tool.isEmpty { return call.method.shortened.terminalSafe }
        let name = "\(call.server).\(call.tool)".shortened.terminalSafe
        return call.method == MCPMethod.callTool ? name : "\(call.method.shortened.terminalSafe) \(name)"
    }

    // MARK: - Questions

    private func ask(
        _ call: GatewayCall, _ decision: ToolDecision, _ look: Look
    ) -> (GatewayRuling, AuditEvent) {
        func event(_ outcome: AuditEvent.Decision, _ reason: String) -> AuditEvent {
            self.event(call, decision, look, outcome, reason)
        }
        // The server's own requests are not for asking, and no grant is meant for them.
        guard let desk, call.id != nil, call.way == .toServer else {
            let why = "it needs an approval, and nobody can be asked about it"
            return (Self.refuse(call, "\(decision.reason); \(why)"), event(.deny, why))
        }
        do {
            let reply = try waiting.withLock { waiting in
                let reply = try desk.ask(
                    DeskCall(
                        server: call.call.server, method: call.call.method, tool: call.call.tool,
                        arguments: call.call.arguments, agent: call.call.agent.id, session: call.call.session,
                        reason: decision.reason, isCritical: decision.effect == .approveStrong,
                        passesUnanswered: decision.passesUnanswered, threats: look.threats,
                        paths: policy.paths(of: call.call)))
                if case .asked(let ticket, let id, _) = reply {
                    waiting[ticket] = Waiting(id: id, call: call, decision: decision, look: look)
                }
                return reply
            }
            switch reply {
            case .granted(let grant):
                return approved(call, decision, look, "grant \(grant.id) covers it")
            case .allowed: return approved(call, decision, look, "a person allowed this call")
            case .asked(let ticket, _, let question):
                return (.ask(ticket: ticket, question: question), event(.info, ToolEvent.asked + decision.reason))
            }
        } catch {
            return (Self.refuse(call, "it needs an approval, and \(error)"), event(.deny, "\(error)"))
        }
    }

    private func approved(
        _ call: GatewayCall, _ decision: ToolDecision, _ look: Look, _ why: String
    ) -> (GatewayRuling, AuditEvent) {
        guard policy.charge(decision) else {
            let reason = "\(why), and its budget is used up"
            return (Self.refuse(call, reason), event(call, decision, look, .deny, reason))
        }
        return (pass(call, decision), event(call, decision, look, .allow, why))
    }

    /// How a question ended, on record.
    /// - Returns: `nil` when nobody waits for it any more.
    private func ended(_ ticket: UInt64, _ ending: DeskEnding) -> GatewayRuling? {
        guard let asked = waiting.withLock({ $0.removeValue(forKey: ticket) }) else { return nil }
        let (ruling, event): (GatewayRuling, AuditEvent)
        if ending.allows {
            (ruling, event) = approved(asked.call, asked.decision, asked.look, ending.words)
        } else {
            let why = "\(asked.decision.reason); \(ending.words)"
            ruling = Self.refuse(asked.call, why)
            event = self.event(asked.call, asked.decision, asked.look, .deny, ending.words)
            tell(asked.call, why)
        }
        return record([event]) ?? ruling
    }

    func answered(ticket: UInt64, accepts: Bool) -> GatewayRuling? {
        desk?.answered(ticket: ticket, accepts: accepts).flatMap { ended(ticket, $0) }
    }

    func withdrawn(ticket: UInt64) {
        desk?.withdrawn(ticket: ticket)
        guard let asked = waiting.withLock({ $0.removeValue(forKey: ticket) }) else { return }
        _ = record([event(asked.call, asked.decision, asked.look, .info, "withdrawn before anybody answered")])
    }

    // MARK: - Answers

    /// What tools say is looked at, never trusted: signs of attacks are told and recorded, secrets taken out where the policy says so.
    func review(_ answers: [GatewayAnswer]) -> [GatewayRuling] {
        var events: [AuditEvent] = []
        let rulings = answers.map { answer -> GatewayRuling in
            let threats = scanner.scan(answer.result, path: "result")
            if !threats.isEmpty { events.append(Self.event(answer, threats)) }
            if redaction.isEmpty { return .pass }
            return redaction.redact(answer.result, keeping: Self.kept(of: answer)).map { .rewrite($0) } ?? .pass
        }
        let now = Self.now
        for event in events {
            guard
                case .pass = notes.withLock({ $0.admit("threat \(event.subject.shortened) \(event.reason)", at: now) })
            else {
                continue
            }
            if !isQuiet {
                StandardError.write("agentbound: note: \(event.subject.shortened.terminalSafe): \(event.reason)\n")
            }
            _ = try? audit?.append(event)
        }
        return rulings
    }

    func redact(_ parameters: JSONElement) -> [UInt8]? {
        redaction.redact(parameters, keeping: Self.namesInNotifications)
    }

    /// By what the client finds what a notification is about.
    private static let namesInNotifications: Set<String> = [
        "requestId", "taskId", "elicitationId", "uri", "io.modelcontextprotocol/subscriptionId",
    ]

    /// By what entries are asked for, and what the two sides agree on: nothing works any more when it is changed.
    private static func kept(of answer: GatewayAnswer) -> Set<String> {
        if answer.method.hasSuffix("/list") { return ["nextCursor", "name", "uri", "uriTemplate"] }
        return answer.method == "initialize" || answer.method == "server/discover" ? ["capabilities"] : []
    }

    // MARK: - The record

    /// - Returns: What every call gets instead, when there can be no record: no record, no permission.
    private func record(_ events: [AuditEvent]) -> GatewayRuling? {
        guard let audit else { return nil }
        do throws(AuditError) {
            try audit.appendDurably(contentsOf: events, happensAnyway: failsOpen)
            signer?.recorded()
            return nil
        } catch {
            complain("no call can be recorded (\(error))")
            return failsOpen ? nil : .refuse("agentbound cannot keep its record of calls, so nothing passes")
        }
    }

    /// One call. Its arguments are there by their digest alone.
    private func event(
        _ call: GatewayCall, _ decision: ToolDecision, _ look: Look, _ outcome: AuditEvent.Decision,
        _ reason: String
    ) -> AuditEvent {
        var event = ToolEvent(
            method: call.call.method, server: call.call.server, tool: call.call.tool, agent: call.call.agent.id,
            decision: outcome, effect: decision.effect.rawValue,
            rule: decision.layer.isEmpty ? decision.rule : "\(decision.layer)/\(decision.rule)", reason: reason)
        event.request = call.id.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
        // For the record alone: megabytes take milliseconds.
        if audit != nil, let arguments = call.call.arguments {
            event.arguments = look.digest?.value ?? SHA256.hex(arguments.rawBytes)
        }
        if let threats = look.threats, !threats.isEmpty {
            event.threat = threats.score
            event.more.append(.init("signs", .strings(threats.counts.keys.sorted())))
        }
        event.more.append(.init("number", .integer(call.number)))
        if call.way == .toClient { event.more.append(.init("from", "server")) }
        if let client = call.call.client { event.more.append(.init("client", .string(client))) }
        if !decision.obligations.isEmpty { event.more.append(.init("obligations", .object(decision.obligations))) }
        return AuditEvent(event)
    }

    private static func event(_ answer: GatewayAnswer, _ threats: ThreatReport) -> AuditEvent {
        let signs = threats.counts.keys.sorted()
        var detail: [JSONMember] = [
            .init("method", .string(answer.method)), .init("tool", .string(answer.tool)),
            .init("threat", .integer(threats.score)), .init("signs", .strings(signs)),
        ]
        if answer.number > 0 { detail.append(.init("number", .integer(answer.number))) }
        return AuditEvent(
            .tool, answer.tool.isEmpty ? answer.method : answer.tool, .info, rule: "threat",
            reason: "the answer has signs of an attack: \(signs.joined(separator: ", "))", detail: detail)
    }

    func note(_ notes: [GatewayNote]) {
        let now = Self.now
        for note in notes {
            let key = "\(note.kind) \(note.way)"
            guard case .pass(let suppressed) = self.notes.withLock({ $0.admit(key, at: now) }) else { continue }
            let more = suppressed > 0 ? " (\(suppressed) more like it before)" : ""
            let from = note.way == .toServer ? "client" : "server"
            if !isQuiet { StandardError.write("agentbound: \(from): \(note.text.terminalSafe)\(more)\n") }
            _ = try? audit?.append(
                AuditEvent(
                    .tool, from, note.kind.isRefusal ? .deny : .info, rule: note.kind.rawValue, reason: note.text + more
                ))
        }
    }

    /// A refusal, on standard error, once for each tool and then now and again.
    private func tell(_ call: GatewayCall, _ text: String) {
        if isQuiet { return }
        let isTool = call.call.method == MCPMethod.callTool
        let subject = (isTool ? "\(call.call.method) " : "") + Self.name(of: call)
        guard case .pass(let repeated) = notes.withLock({ $0.admit("refused \(subject)", at: Self.now) }) else {
            return
        }
        let more = repeated > 0 ? " (\(repeated) more before)" : ""
        let opening = Self.opening(call)
        let reason = text.hasPrefix(opening) ? String(text.dropFirst(opening.count)) : text
        StandardError.write("agentbound: refused \(subject): \(reason.terminalSafe)\(more)\n")
    }

    /// A call that begins to wait, with what lets it go on.
    private func tellWait(_ ticket: UInt64) {
        guard !isQuiet, let desk, let asked = waiting.withLock({ $0[ticket] }),
            case .pass = notes.withLock({ $0.admit("waits", at: Self.now) })
        else { return }
        let seconds = Int(desk.timeout.rounded(.up))
        StandardError.write(
            "agentbound: \(Self.name(of: asked.call)) waits for a person (\(seconds) s): agentbound approvals allow \(asked.id)\n"
        )
    }

    /// Loud, and not a thousand times.
    private func complain(_ text: String) {
        guard case .pass = complaints.withLock({ $0.admit(String(text.prefix(20)), at: Self.now) }) else { return }
        let what = failsOpen ? "calls pass all the same (--fail open)" : "every call is refused"
        StandardError.write("agentbound: \(text): \(what)\n", patience: 200)
    }

    /// Nanoseconds of a clock that does not go back.
    private static var now: UInt64 { UInt64(MonotonicTime.now() / .nanoseconds(1)) }
}

extension GatewayNote.Kind {
    /// Whether a message did not pass.
    fileprivate var isRefusal: Bool {
        switch self {
        case .malformed, .tooLarge, .limit, .unexpected, .token: true
        case .ended, .dropped, .tokenIgnored: false
        }
    }
}

extension String {
    /// Names that others choose can be megabytes.
    fileprivate var shortened: String {
        utf8.count <= 200 ? self : String(unicodeScalars.prefix(200)) + "…"
    }
}

extension SecretKinds {
    fileprivate init(_ settings: RedactionSettings) {
        self = []
        if settings.secrets { insert(.secrets) }
        if settings.emails { insert(.emails) }
        if settings.apiKeys { insert(.apiKeys) }
    }
}

extension DeskEnding {
    fileprivate var words: String {
        switch self {
        case .allowed(let who): "allowed by \(who)"
        case .denied(let who): "denied by \(who)"
        case .timedOut(let allows):
            "nobody answered in time\(allows ? ", and the policy lets it through then" : "; `agentbound approvals list` shows what waits")"
        case .failed(let why): why
        }
    }
}
