public import StrictJSON

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

    /// Higher is stricter.
    var strictness: Int {
        switch self {
        case .allow: 0
        case .redact: 1
        case .approve: 2
        case .approveStrong: 3
        case .deny: 4
        }
    }

    public static func < (a: ToolEffect, b: ToolEffect) -> Bool { a.strictness < b.strictness }
}

/// A policy's answer to one call.
public struct ToolDecision: Hashable, Sendable {
    public var effect: ToolEffect
    /// The layer's name and the rule's id; `default` when no rule was about the call.
    public var layer: String
    public var rule: String
    /// Why, in words for people; what the rule's author wrote where there is something.
    public var reason: String
    /// Dotted paths below the arguments. Of a denial because a rule could not be evaluated: what is to go where the call passes all the same.
    public var redactedFields: [String]
    /// What the budgets are charged with when the call goes through.
    public var charges: [BudgetCharge]
    /// Whether it is a denial because a rule could not be evaluated.
    public var isUnevaluable: Bool
    /// Of such a denial: whether the call is denied, or asked about, without that rule too.
    public var holdsAnyway = false
    /// Of a question: whether the call passes when nobody answers in time. Every layer that asks has to say so.
    public var passesUnanswered = false
    /// What the rules' authors want recorded with the call.
    public var obligations: [JSONMember]

    public init(
        _ effect: ToolEffect, layer: String, rule: String, reason: String, redactedFields: [String] = [],
        charges: [BudgetCharge] = [], isUnevaluable: Bool = false, obligations: [JSONMember] = []
    ) {
        self.effect = effect
        self.layer = layer
        self.rule = rule
        self.reason = reason
        self.redactedFields = redactedFields
        self.charges = charges
        self.isUnevaluable = isUnevaluable
        self.obligations = obligations
    }
}
