/// What a decision depends on besides the call: the clock, what was spent, and where paths lead.
public struct PolicyMoment: Sendable {
    /// Seconds since 1970.
    public var now: Double
    public var budgets: BudgetState
    /// Absolute; `nil` when there is none, and paths with `~` cannot be judged.
    public var home: String?
    /// Absolute: where relative paths of policy and call begin.
    public var workingDirectory: String
    /// Follows symbolic links.
    ///
    /// It gets an absolute path with its `..` as the call has them, and answers with the real path of what is there and the
    /// rest of it as written; `nil` when that cannot be told (a loop, no permission), and the path counts as unreadable.
    /// Without it only texts are compared.
    public var resolve: (@Sendable (String) -> String?)?

    public init(
        now: Double = 0, budgets: BudgetState = BudgetState(), home: String? = nil, workingDirectory: String = "/",
        resolve: (@Sendable (String) -> String?)? = nil
    ) {
        self.now = now
        self.budgets = budgets
        self.home = home
        self.workingDirectory = workingDirectory
        self.resolve = resolve
    }
}
