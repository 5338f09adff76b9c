/// How long an amount counts that was spent.
public enum BudgetWindow: String, CaseIterable, Hashable, Sendable {
    case session
    /// The last sixty minutes, the last 24 hours: windows of a clock's hours would let twice the limit through around their ends.
    case hour, day

    /// Seconds; `nil` for a session.
    public var length: Double? {
        switch self {
        case .session: nil
        case .hour: 3_600
        case .day: 86_400
        }
    }
}

/// Where a total is kept: one for each key and window.
public struct BudgetAccount: Hashable, Sendable {
    public var key: String
    public var window: BudgetWindow
    /// The session's id for ``BudgetWindow/session``, else empty.
    public var session: String

    public init(key: String, window: BudgetWindow, session: String) {
        self.key = key
        self.window = window
        self.session = window == .session ? session : ""
    }
}

/// What was spent so far.
public struct BudgetState: Sendable {
    private let lookUp: @Sendable (BudgetAccount) -> Double?

    /// - Parameter lookUp: What was spent from an account and still counts, 0 when nothing was; `nil` when it cannot be told, and the rule that
    ///   asks cannot be evaluated.
    public init(_ lookUp: @escaping @Sendable (BudgetAccount) -> Double?) { self.lookUp = lookUp }

    public init(_ spent: [BudgetAccount: Double] = [:]) { self.init { spent[$0] ?? 0 } }

    public func spent(from account: BudgetAccount) -> Double? { lookUp(account) }
}

/// What a rule's budget says.
public struct BudgetRule: Hashable, Sendable {
    public var key: String
    /// Where the amount stands in the call; `nil` counts calls.
    public var field: FieldPath?
    public var limit: Double
    public var window: BudgetWindow

    /// `3 of 5 spent in this session`
    func words(_ spent: Double) -> String {
        let when =
            switch window {
            case .session: "in this session"
            case .hour: "in the last hour"
            case .day: "in the last day"
            }
        return "\(plain(spent)) of \(plain(limit)) spent \(when)"
    }
}

/// A number as people write it: `3`, not `3.0`.
func plain(_ number: Double) -> String { Int64(exactly: number).map(String.init) ?? "\(number)" }

/// An amount on its way to a budget.
public struct BudgetCharge: Hashable, Sendable {
    public var account: BudgetAccount
    /// Not negative, finite.
    public var amount: Double
    /// What the account's total may not exceed: whoever books the charge compares again, in the same transaction.
    public var limit: Double
    public var key: String { account.key }

    public init(account: BudgetAccount, amount: Double, limit: Double) {
        self.account = account
        self.amount = amount
        self.limit = limit
    }
}
