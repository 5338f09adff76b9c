/// How long a budget's total is kept.
public enum BudgetWindow: String, CaseIterable, Hashable, Sendable {
    case session
    /// The hours and days of the clock, in UTC.
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

/// Where a total is kept: one for each key, window and period.
public struct BudgetAccount: Hashable, Sendable {
    public var key: String
    public var window: BudgetWindow
    /// The session's id for ``BudgetWindow/session``, else empty.
    public var session: String
    /// Which hour or day since 1970, else 0.
    public var period: Int64

    /// - Parameter now: Seconds since 1970.
    public init(key: String, window: BudgetWindow, session: String, now: Double) {
        self.key = key
        self.window = window
        self.session = window == .session ? session : ""
        // A clock that is no number, or far beyond any date, makes one period of all times.
        period = window.length.flatMap { Int64(exactly: (now / $0).rounded(.down)) } ?? 0
    }
}

/// What was spent so far.
public struct BudgetState: Sendable {
    private let lookUp: @Sendable (BudgetAccount) -> Double?

    /// - Parameter lookUp: What was spent from an account, 0 when nothing was; `nil` when it cannot be told, and the rule that
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
}

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
