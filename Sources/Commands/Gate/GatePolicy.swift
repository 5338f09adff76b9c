import AuditTrail
import GrantStore
import PolicyEngine
import Synchronization
import SystemPackage

/// The join to the policy engine: decides calls by what was spent so far, in this session and, where a budget outlives it, in all.
final class GatePolicy: Sendable {
    let policy: ToolPolicy
    /// Approvals, grants, and budgets of hours and days; `nil` when the policy needs none of them.
    let store: GrantStore?
    private let home: String?
    private let folder: String
    private let keepsBudgets: Bool
    /// What this session spent. Held while calls are decided and booked: both are one step.
    private let spent = Mutex<[BudgetAccount: Double]>([:])

    /// Reads the files, each of which is one layer.
    /// - Parameter format: What they are; otherwise that is recognised.
    init(_ files: [String], format: PolicyFormat? = nil) throws(Refusal) {
        let policy = try Self.read(files, format: format)
        self.policy = policy
        home = ProcessEnvironment["HOME"]
        folder = try RunPreparation.workingDirectory().string
        keepsBudgets = policy.layers.contains { $0.rules.contains { $0.budget.map { $0.window != .session } ?? false } }
        guard keepsBudgets || policy.asksPeople else {
            store = nil
            return
        }
        do throws(GrantError) {
            let store = try GrantStore(stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: home)
            // One that is damaged would refuse every call later, with a server started for nothing.
            _ = try store.read()
            self.store = store
        } catch {
            throw Refusal(
                .system, "the policy needs approvals or budgets, and they cannot be kept: \(error)", next: error.next)
        }
    }

    static func read(_ files: [String], format: PolicyFormat?) throws(Refusal) -> ToolPolicy {
        if files.contains("-") {
            throw Refusal(
                .usage, "--policy -: standard input is the client's", next: "give the path of a file")
        }
        return try PolicyFile.load(files, format: format, isInputFree: false)
    }

    func mayPass(_ call: ToolCall) -> Bool { policy.mayPass(call) }

    /// What a call would come to with all budgets full.
    func outlook(_ call: ToolCall) -> ToolDecision { policy.decide(call, at: unspent) }

    func paths(of call: ToolCall) -> [String] { call.realPaths(at: unspent) }

    private var unspent: PolicyMoment { moment(Timestamp.now().seconds, BudgetState()) }

    /// Decides in order: what one call spends, the next one has no more.
    func decide(_ calls: [ToolCall]) -> [ToolDecision] {
        guard policy.usesBudgets else {
            let moment = moment(Timestamp.now().seconds, BudgetState())
            return calls.map { policy.decide($0, at: moment) }
        }
        if let decisions = book(calls) { return decisions }
        // Nobody can tell what was spent: rules without a budget decide all the same.
        let moment = moment(Timestamp.now().seconds, BudgetState { _ in nil })
        return calls.map { policy.decide($0, at: moment) }
    }

    /// Books what a call costs that a person let through.
    /// - Returns: Whether there was enough left.
    func charge(_ decision: ToolDecision) -> Bool {
        decision.charges.isEmpty || book([], approved: decision) != nil
    }

    /// Decides and books as one step: no other gateway's calls come between.
    /// - Returns: `nil` when the store cannot be used, or what was approved is too much.
    private func book(_ calls: [ToolCall], approved: ToolDecision? = nil) -> [ToolDecision]? {
        spent.withLock { spent in
            guard keepsBudgets, let store else {
                var none = GrantState()
                return try? book(calls, approved, &none, &spent)
            }
            return try? store.transact { state in try book(calls, approved, &state, &spent) }
        }
    }

    private func book(
        _ calls: [ToolCall], _ approved: ToolDecision?, _ state: inout GrantState,
        _ spent: inout [BudgetAccount: Double]
    ) throws -> [ToolDecision] {
        // Under the store's lock, so that of two gateways the later one has the later time.
        let now = Timestamp.now().seconds
        if keepsBudgets { state.settle(now: now) }
        let booking = Booking(now: now, session: spent, kept: keepsBudgets ? state : nil)
        let totals = booking.totals
        let moment = moment(now, BudgetState { totals.spent(from: $0) })
        let decisions = calls.map { booking.decide($0, policy, moment) }
        if let approved, !booking.charge(approved) { throw GrantError.full("budgets") }
        if keepsBudgets, case .exceeded = try state.charge(booking.keptCharges, now: now) {
            throw GrantError.full("budgets")
        }
        spent = totals.session
        return decisions
    }

    private func moment(_ now: Double, _ budgets: BudgetState) -> PolicyMoment {
        PolicyMoment(
            now: now, budgets: budgets, home: home, workingDirectory: folder, resolve: { LinkWalk.resolve($0) })
    }
}

extension ToolPolicy {
    /// Whether some answer is a question to a person.
    var asksPeople: Bool {
        func asks(_ effect: ToolEffect) -> Bool { effect == .approve || effect == .approveStrong }
        return layers.contains { layer in
            asks(layer.defaultEffect) || asks(layer.otherMethods) || layer.rules.contains { asks($0.effect) }
        }
    }
}

/// One batch of calls on its way through the budgets.
private final class Booking {
    let totals: Totals
    private(set) var keptCharges: [Charge] = []

    init(now: Double, session: [BudgetAccount: Double], kept: GrantState?) {
        totals = Totals(now: now, session: session, kept: kept)
    }

    func decide(_ call: ToolCall, _ policy: ToolPolicy, _ moment: PolicyMoment) -> ToolDecision {
        let decision = policy.decide(call, at: moment)
        if decision.effect < .approve { add(decision.charges) }
        return decision
    }

    func charge(_ decision: ToolDecision) -> Bool {
        for charge in decision.charges {
            guard let spent = totals.spent(from: charge.account), spent + charge.amount <= charge.limit else {
                return false
            }
        }
        add(decision.charges)
        return true
    }

    private func add(_ charges: [BudgetCharge]) {
        for charge in charges {
            totals.add(charge)
            guard let length = charge.account.window.length else { continue }
            keptCharges.append(
                Charge(
                    account: charge.account.storeName, amount: charge.amount, limit: charge.limit, window: length))
        }
    }

    /// What was spent: before the batch, and in it.
    final class Totals: Sendable {
        private let state: Mutex<(session: [BudgetAccount: Double], batch: [BudgetAccount: Double])>
        private let kept: GrantState?
        private let now: Double

        init(now: Double, session: [BudgetAccount: Double], kept: GrantState?) {
            state = Mutex((session, [:]))
            self.kept = kept
            self.now = now
        }

        var session: [BudgetAccount: Double] { state.withLock { $0.session } }

        func spent(from account: BudgetAccount) -> Double? {
            if account.window == .session { return state.withLock { $0.session[account] ?? 0 } }
            guard let kept else { return nil }
            return kept.spent(from: account.storeName, now: now) + state.withLock { $0.batch[account] ?? 0 }
        }

        func add(_ charge: BudgetCharge) {
            state.withLock { state in
                if charge.account.window == .session {
                    state.session[charge.account, default: 0] += charge.amount
                } else {
                    state.batch[charge.account, default: 0] += charge.amount
                }
            }
        }
    }
}

extension BudgetAccount {
    /// As the store has it: one account for each hour or day.
    fileprivate var storeName: String { "\(window.rawValue) \(key)" }
}
