public import StrictJSON

/// How the rules of a layer come to one answer.
public enum PolicyOrder: String, CaseIterable, Hashable, Sendable {
    /// The first rule in the file that fits.
    case firstMatch = "first-match"
    /// The strictest rule that fits.
    case denyOverrides = "deny-overrides"
    /// Rules that ask a person, then those that deny, then those that let through.
    case orderedSteps = "ordered-steps"
    /// The first rule that fits gives the call a class, and the class has an effect.
    case classifyThenMap = "classify-then-map"
}

/// One policy: a file of ours, or an imported one.
public struct PolicyLayer: Sendable {
    public var name: String
    public var order: PolicyOrder
    /// For tool calls that no rule is about.
    public var defaultEffect: ToolEffect
    /// For other requests that no rule is about.
    public var otherMethods: ToolEffect
    /// In the order of the file.
    public var rules: [PolicyRule]
    public var approvals: ApprovalSettings
    public var redaction: RedactionSettings

    public init(
        name: String, order: PolicyOrder = .firstMatch, defaultEffect: ToolEffect = .deny,
        otherMethods: ToolEffect? = nil,
        rules: [PolicyRule] = [], approvals: ApprovalSettings = ApprovalSettings(),
        redaction: RedactionSettings = RedactionSettings()
    ) {
        self.name = name
        self.order = order
        self.defaultEffect = defaultEffect
        self.otherMethods = otherMethods ?? defaultEffect
        self.rules = rules
        self.approvals = approvals
        self.redaction = redaction
    }

    /// The rules in the order in which the first that fits decides: what ``order`` means, as one list.
    public var orderedRules: [PolicyRule] {
        switch order {
        case .firstMatch, .classifyThenMap: rules
        case .denyOverrides: Self.stable(rules) { -$0.effect.strictness }
        case .orderedSteps:
            Self.stable(rules) {
                switch $0.effect {
                case .approveStrong, .approve: 0
                case .deny: 1
                case .redact: 2
                case .allow: 3
                }
            }
        }
    }

    private static func stable(_ rules: [PolicyRule], by rank: (PolicyRule) -> Int) -> [PolicyRule] {
        rules.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }
}

public struct ApprovalSettings: Hashable, Sendable {
    /// Seconds; `nil`: the gateway's own.
    public var timeout: Double?
    /// ``ToolEffect/deny`` or ``ToolEffect/allow``; `nil`: deny.
    public var onTimeout: ToolEffect?
    public init(timeout: Double? = nil, onTimeout: ToolEffect? = nil) {
        self.timeout = timeout
        self.onTimeout = onTimeout
    }
}

/// What is taken out of results and records.
public struct RedactionSettings: Hashable, Sendable {
    public var secrets: Bool
    public var emails: Bool
    public var apiKeys: Bool
    public init(secrets: Bool = false, emails: Bool = false, apiKeys: Bool = false) {
        self.secrets = secrets
        self.emails = emails
        self.apiKeys = apiKeys
    }
}

/// One rule. Everything that it names has to fit; what it leaves out fits everything.
public struct PolicyRule: Sendable {
    public var id: String
    public var effect: ToolEffect
    /// For ``PolicyOrder/classifyThenMap``: the class whose effect it has.
    public var className: String?
    /// Over `server.tool`.
    public var tools: [NamePattern]
    public var notTools: [NamePattern]
    /// Over the tool alone.
    public var toolNames: [NamePattern]
    public var notToolNames: [NamePattern]
    public var servers: [NamePattern]
    public var notServers: [NamePattern]
    public var agents: [NamePattern]
    /// All of them.
    public var roles: [String]
    /// Empty: tool calls, and for a rule that denies or asks every method.
    public var methods: [NamePattern]
    public var annotations: [(name: String, value: JSONValue)]
    public var when: PolicyCondition?
    public var budget: BudgetRule?
    public var minThreatScore: Int?
    /// Dotted paths below the arguments.
    public var redact: [FieldPath]
    public var reason: String?
    public var obligations: [JSONMember]
    /// Where it stands in its file; 0 when nowhere.
    public var line: Int
    public var column = 1

    public init(
        id: String, effect: ToolEffect, className: String? = nil, tools: [NamePattern] = [],
        notTools: [NamePattern] = [],
        toolNames: [NamePattern] = [], notToolNames: [NamePattern] = [], servers: [NamePattern] = [],
        notServers: [NamePattern] = [], agents: [NamePattern] = [], roles: [String] = [], methods: [NamePattern] = [],
        annotations: [(name: String, value: JSONValue)] = [], when: PolicyCondition? = nil, budget: BudgetRule? = nil,
        minThreatScore: Int? = nil, redact: [FieldPath] = [], reason: String? = nil, obligations: [JSONMember] = [],
        line: Int = 0
    ) {
        self.id = id
        self.effect = effect
        self.className = className
        self.tools = tools
        self.notTools = notTools
        self.toolNames = toolNames
        self.notToolNames = notToolNames
        self.servers = servers
        self.notServers = notServers
        self.agents = agents
        self.roles = roles
        self.methods = methods
        self.annotations = annotations
        self.when = when
        self.budget = budget
        self.minThreatScore = minThreatScore
        self.redact = redact
        self.reason = reason
        self.obligations = obligations
        self.line = line
    }

    /// Whether it can only make the answer stricter than letting the call through.
    var isRestrictive: Bool { effect > .redact }

    /// Whether its answer can depend on more than method, server, tool, agent and annotations.
    var needsArguments: Bool {
        budget != nil || minThreatScore != nil || when?.needsArguments == true
    }

    var usesThreatScore: Bool { minThreatScore != nil || when?.usesThreatScore == true }
}
