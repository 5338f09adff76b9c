import Glibc
import PolicyEngine
import SecretText
import Synchronization
import SystemPackage

/// The join to the policy engine: what a gateway asks it, and what was spent in this session.
final class GatePolicy: Sendable {
    private let policy: ToolPolicy
    /// What is taken out of every call and every result.
    let redaction: WireRedaction
    private let home: String?
    private let folder: String
    private let scanner = ThreatScanner()
    private let spent = Mutex<[BudgetAccount: Double]>([:])

    /// Reads the files, each of which is one layer.
    init(_ files: [String]) throws(Refusal) {
        if files.contains("-") {
            throw Refusal(
                .usage, "--policy -: standard input is the client's", next: "give the path of a file")
        }
        policy = try PolicyFile.load(files)
        var kinds: SecretKinds = []
        if policy.redaction.secrets { kinds.insert(.secrets) }
        if policy.redaction.apiKeys { kinds.insert(.apiKeys) }
        if policy.redaction.emails { kinds.insert(.emails) }
        redaction = WireRedaction(kinds: kinds)
        home = ProcessEnvironment["HOME"]
        folder = try RunPreparation.workingDirectory().string
    }

    /// What is taken out of a call that is decided like that.
    func redaction(for decision: ToolDecision) -> WireRedaction {
        decision.redactedFields.isEmpty
            ? redaction : WireRedaction(fields: decision.redactedFields, kinds: redaction.kinds)
    }

    func mayPass(_ call: ToolCall) -> Bool { policy.mayPass(call) }

    /// Decides in order: what one call spends, the next one has no more.
    func decide(_ calls: [ToolCall]) -> [ToolDecision] {
        let spent = spent.withLock { $0 }
        let booked = Booked(spent)
        let moment = PolicyMoment(
            now: Self.now, budgets: BudgetState { booked.spent(from: $0) }, home: home, workingDirectory: folder,
            resolve: { LinkWalk.resolve($0) })
        let decisions = calls.map { call in
            var call = call
            if policy.usesThreatScore, let arguments = call.arguments {
                call.threatScore = scanner.scan(arguments).score
            }
            let decision = policy.decide(call, at: moment)
            booked.add(decision)
            return decision
        }
        if policy.usesBudgets { self.spent.withLock { $0 = booked.all } }
        return decisions
    }

    /// Seconds since 1970.
    private static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What was spent, with the calls of the batch that is being decided.
    private final class Booked: Sendable {
        private let totals: Mutex<[BudgetAccount: Double]>
        init(_ totals: [BudgetAccount: Double]) { self.totals = Mutex(totals) }

        /// - Returns: `nil` for what outlives a session: nothing here keeps it, and what cannot be told is denied.
        func spent(from account: BudgetAccount) -> Double? {
            account.window == .session ? totals.withLock { $0[account] ?? 0 } : nil
        }

        func add(_ decision: ToolDecision) {
            guard decision.effect < .approve, !decision.charges.isEmpty else { return }
            totals.withLock { totals in
                for charge in decision.charges { totals[charge.account, default: 0] += charge.amount }
            }
        }

        var all: [BudgetAccount: Double] { totals.withLock { $0 } }
    }
}
