import AgentBox
import AuditTrail
import LinuxSystem
import MCPGateway
import PolicyEngine

/// The gateway of one run: policy, judge, and the place between client and server. Made before the server is forked.
struct GateRun {
    let settings: GateSettings
    let policy: GatePolicy
    private let keys: [IdentityKey]
    let seat: GateSeat

    init(_ settings: GateSettings) throws(Refusal) {
        self.settings = settings
        policy = try GatePolicy(settings.policyFiles, format: settings.format)
        keys = try Self.keys(settings)
        seat = try GateSeat()
        if settings.failsOpen {
            StandardError.write(
                "agentbound: --fail open: calls that cannot be decided about or recorded will pass\n", patience: 200)
        }
    }

    /// What agents' tokens are checked with.
    static func keys(_ settings: GateSettings) throws(Refusal) -> [IdentityKey] {
        var keys: [IdentityKey] = []
        for file in settings.keyFiles { keys.append(try KeyFile.identityKey(file)) }
        return keys
    }

    /// The server has started: its gateway goes to work. Without one nothing would reach it, so it is ended then.
    func serve(_ server: String?, _ audit: AuditWriter?, isQuiet: Bool) {
        do {
            let mailbox = policy.policy.asksPeople ? try GatewayMailbox() : nil
            let signer = audit.flatMap { audit in (try? AuditKeys.state()).flatMap { HeadSigner(audit, state: $0) } }
            let judge = try PolicyJudge(
                policy, audit: audit, signer: signer, mailbox: mailbox, failsOpen: settings.failsOpen,
                isQuiet: isQuiet)
            var options = settings.options(server: server ?? "server", session: audit?.session ?? "")
            let tokens =
                keys.isEmpty
                ? nil
                : AgentTokens(
                    keys, server: options.server, maximumAge: settings.maximumAge,
                    acceptsGateTokens: settings.acceptsGateTokens)
            options.agent = agent(tokens, isQuiet: isQuiet)
            options.identify = tokens?.agent
            try seat.serve(options, judge, mailbox)
        } catch {
            StandardError.write("agentbound: the gateway cannot start: \(error)\n", patience: 200)
            seat.abandon()
        }
    }

    /// Who the client's agent is where a request does not say so itself: what its token proves, else nobody.
    private func agent(_ tokens: AgentTokens?, isQuiet: Bool) -> AgentIdentity {
        guard let token = ProcessEnvironment[Self.tokenVariable], !token.isEmpty else { return .anonymous }
        func note(_ text: String) -> AgentIdentity {
            StandardError.write(
                "agentbound: \(Self.tokenVariable): \(text): the agent counts as anonymous\n", patience: 200)
            return .anonymous
        }
        guard let tokens else { return note("no --agent-key says whose tokens count") }
        do throws(IdentityProblem) { return try tokens.agent(token) } catch { return note("\(error)") }
    }

    /// Not passed on to the server, which could act with it.
    static let tokenVariable = "AGENTBOUND_AGENT_TOKEN"
}
