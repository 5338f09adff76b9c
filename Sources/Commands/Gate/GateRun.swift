import AgentBox
import AuditTrail
import LinuxSystem
import MCPGateway

/// The gateway of one run: policy, judge, and the place between client and server. Made before the server is forked.
struct GateRun {
    let settings: GateSettings
    let policy: GatePolicy
    let seat: GateSeat

    init(_ settings: GateSettings) throws(Refusal) {
        self.settings = settings
        policy = try GatePolicy(settings.policyFiles)
        seat = try GateSeat()
        if settings.failsOpen {
            StandardError.write(
                "agentbound: --fail open: calls that cannot be decided about or recorded will pass\n", patience: 200)
        }
    }

    /// The server has started: its gateway goes to work. Without one nothing would reach it, so it is ended then.
    func serve(_ server: String?, _ audit: AuditWriter?, isQuiet: Bool) {
        let judge = PolicyJudge(policy, audit: audit, failsOpen: settings.failsOpen, isQuiet: isQuiet)
        do throws(SyscallError) {
            try seat.serve(settings.options(server: server ?? "server", session: audit?.session ?? ""), judge)
        } catch {
            StandardError.write("agentbound: the gateway cannot start: \(error)\n", patience: 200)
            seat.abandon()
        }
    }
}
