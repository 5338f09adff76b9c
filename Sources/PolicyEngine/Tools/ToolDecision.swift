/// What a policy answers to a call, from the loosest to the strictest.
public enum ToolEffect: String, CaseIterable, Hashable, Sendable, Comparable {
    case allow
    /// Goes through without the fields that ``ToolDecision/redactedFields`` names.
    case redact
    /// A person is asked.
    case approve
    /// A person is asked, and proves with the passphrase who it is.
    case approveStrong = "approve-strong"
    case deny

    public static func < (a: ToolEffect, b: ToolEffect) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}

/// A policy's answer to one call.
public struct ToolDecision: Hashable, Sendable {
    public var effect: ToolEffect
    /// The layer's name and the rule's id; `default` when no rule was about the call.
    public var layer: String
    public var rule: String
    /// Why, in words for people; what the rule's author wrote where there is something.
    public var reason: String
    /// Dotted paths below the arguments.
    public var redactedFields: [String]
    /// What the budgets are charged with when the call goes through.
    public var charges: [BudgetCharge]

    public init(
        _ effect: ToolEffect, layer: String, rule: String, reason: String, redactedFields: [String] = [],
        charges: [BudgetCharge] = []
    ) {
        self.effect = effect
        self.layer = layer
        self.rule = rule
        self.reason = reason
        self.redactedFields = redactedFields
        self.charges = charges
    }
}

/// An amount on its way to a budget.
public struct BudgetCharge: Hashable, Sendable {
    public var key: String
    public var amount: Double
    public init(key: String, amount: Double) {
        self.key = key
        self.amount = amount
    }
}
