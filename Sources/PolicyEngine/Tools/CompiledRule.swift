import StrictJSON

/// What the choice of rules depends on besides the arguments; all of it is known before a call is made.
struct CallSubject: Hashable, Sendable {
    let method: String
    let server: String
    let tool: String
    let agent: String

    init(_ call: ToolCall) {
        method = call.method
        server = call.server
        tool = call.tool
        agent = call.agent.judged.id
    }

    /// Of the two that differ most: the others are compared.
    func hash(into hasher: inout Hasher) {
        hasher.combine(tool)
        hasher.combine(server)
    }

    /// Bytes of a tool's name, a resource's address or a method; what is longer is nobody's.
    static let longest = 8_192
    /// Whoever calls chooses the names, so choices for long ones are made anew.
    static let longestKept = 512

    var length: Int { method.utf8.count + server.utf8.count + tool.utf8.count + agent.utf8.count }

    /// Byte by byte: `==` of texts takes the Kelvin sign for a K.
    func isSame(as other: CallSubject) -> Bool {
        method.isSame(as: other.method) && server.isSame(as: other.server) && tool.isSame(as: other.tool)
            && agent.isSame(as: other.agent)
    }

    var isASCII: Bool { [method, server, tool, agent].allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } } }
}

/// The subject's names as patterns read them.
struct SubjectNames {
    let qualified: [UInt32]
    let tool: [UInt32]
    let server: [UInt32]
    let agent: [UInt32]
    let method: [UInt32]
    let isToolCall: Bool

    init(_ subject: CallSubject) {
        self.init(subject, fold: { $0 })
    }

    private init(_ subject: CallSubject, fold: (String) -> String) {
        tool = fold(subject.tool).unicodeScalars.map(\.value)
        server = fold(subject.server).unicodeScalars.map(\.value)
        qualified = server + [0x2E] + tool
        agent = subject.agent.unicodeScalars.map(\.value)
        method = fold(subject.method).unicodeScalars.map(\.value)
        isToolCall = subject.method == "tools/call"
    }

    static func folded(_ subject: CallSubject) -> SubjectNames { SubjectNames(subject, fold: FoldedText.fold) }
}

/// Why a rule is not about a call.
enum Mismatch {
    case tool, toolName, server, agent, method
    case role(String)
    case annotation(String)
    case condition
    case threat(Int)
    case budget(BudgetRule, spent: Double, amount: Double)

    /// For `explain`.
    var words: String {
        switch self {
        case .tool: "it is about other tools"
        case .toolName: "it is about other tools"
        case .server: "it is about other servers"
        case .agent: "it is about other agents"
        case .method: "it is about other methods"
        case .role(let role): "the agent lacks the role `\(printable(role))`"
        case .annotation(let name): "the tool's `\(printable(name))` is another"
        case .condition: "`when` does not hold"
        case .threat(let least): "the threat score is below \(least)"
        case .budget(let rule, let spent, let amount):
            "the budget `\(printable(rule.key))` has \(rule.words(spent)), and this is \(plain(amount))"
        }
    }
}

/// Whether a rule is about a subject.
enum SubjectFit {
    case exact
    /// Only when case, blanks and invisible characters are set aside: then nobody is asked, and the call is denied.
    case otherSpelling
    case not(Mismatch)
}

/// What a rule says of a call.
enum RuleAnswer {
    case fits(charge: BudgetCharge?)
    case not(Mismatch)
    case unknown(Unknown)
}

/// A rule, ready to be asked.
struct CompiledRule: Sendable {
    let rule: PolicyRule
    private let foldedTools: [NamePattern]
    private let foldedToolNames: [NamePattern]
    private let foldedServers: [NamePattern]
    private let foldedMethods: [NamePattern]
    let reason: String
    let redactedFields: [String]
    /// Whether one test of paths, hosts, commands or texts is all that it depends on besides names.
    var isAboutFacts: Bool {
        if case .facts = rule.when { true } else { false }
    }

    init(_ rule: PolicyRule) {
        self.rule = rule
        foldedTools = rule.tools.map(\.folded)
        foldedToolNames = rule.toolNames.map(\.folded)
        foldedServers = rule.servers.map(\.folded)
        foldedMethods = rule.methods.map(\.folded)
        reason = rule.reason ?? Self.reason(for: rule)
        redactedFields = rule.redact.map { $0.text.hasPrefix("arguments.") ? String($0.text.dropFirst(10)) : $0.text }
    }

    private static func reason(for rule: PolicyRule) -> String {
        let id = printable(rule.id)
        return switch rule.effect {
        case .allow: "allowed by rule `\(id)`"
        case .redact: "allowed by rule `\(id)` without some fields"
        case .approve, .approveStrong: "rule `\(id)` wants a person to be asked"
        case .deny: "denied by rule `\(id)`"
        }
    }

    /// Whether method, server, tool and agent are what the rule is about.
    ///
    /// What closes something, or takes something out, is also about other spellings of the names. What is kept out of a rule is kept
    /// out as written.
    func fit(_ exact: SubjectNames, _ folded: SubjectNames) -> SubjectFit {
        if rule.methods.isEmpty, !exact.isToolCall, !rule.isRestrictive { return .not(.method) }
        let closes = rule.isRestrictive || !redactedFields.isEmpty
        var isExact = true
        func fits(_ patterns: [NamePattern], _ name: [UInt32], _ foldedPatterns: [NamePattern], _ foldedName: [UInt32])
            -> Bool
        {
            if patterns.isEmpty || patterns.contains(where: { $0.matches(name) }) { return true }
            guard closes, foldedPatterns.contains(where: { $0.matches(foldedName) }) else { return false }
            isExact = false
            return true
        }
        if !fits(rule.methods, exact.method, foldedMethods, folded.method) { return .not(.method) }
        if !fits(rule.servers, exact.server, foldedServers, folded.server) { return .not(.server) }
        if rule.notServers.contains(where: { $0.matches(exact.server) }) { return .not(.server) }
        if !fits(rule.tools, exact.qualified, foldedTools, folded.qualified) { return .not(.tool) }
        if rule.notTools.contains(where: { $0.matches(exact.qualified) }) { return .not(.tool) }
        if !fits(rule.toolNames, exact.tool, foldedToolNames, folded.tool) { return .not(.toolName) }
        if rule.notToolNames.contains(where: { $0.matches(exact.tool) }) { return .not(.toolName) }
        if !rule.agents.isEmpty, !rule.agents.contains(where: { $0.matches(exact.agent) }) { return .not(.agent) }
        return isExact ? .exact : .otherSpelling
    }

    /// The rest, for a rule that is about the subject.
    func answer(_ call: ToolCall, _ isExact: Bool, _ work: inout DecisionWork) -> RuleAnswer {
        let answer = answer(call, &work)
        if !isExact, rule.effect < .deny, case .fits = answer { return .unknown(.otherSpelling) }
        return answer
    }

    private func answer(_ call: ToolCall, _ work: inout DecisionWork) -> RuleAnswer {
        for role in rule.roles where !call.agent.judged.roles.contains(role) { return .not(.role(role)) }
        for (name, value) in rule.annotations where ToolAnnotations.value(name, of: call) != value {
            return .not(.annotation(name))
        }
        if let least = rule.minThreatScore {
            guard let score = call.threatScore else { return .unknown(.threatScore) }
            if score < least { return .not(.threat(least)) }
        }
        if let when = rule.when {
            switch when.evaluate(call, &work) {
            case .yes: break
            case .no: return .not(.condition)
            case .unknown(let why): return .unknown(why)
            }
        }
        guard let budget = rule.budget else { return .fits(charge: nil) }
        return answer(budget, call, work)
    }

    private func answer(_ budget: BudgetRule, _ call: ToolCall, _ work: borrowing DecisionWork) -> RuleAnswer {
        var amount = 1.0
        if let field = budget.field {
            let values = field.values(in: call)
            amount = 0
            let isMissing = Unknown.budget("`\(field.text)` is missing, so what this costs cannot be told")
            if values.isEmpty { return .unknown(isMissing) }
            for value in values {
                guard let value, !value.isNull else { return .unknown(isMissing) }
                if case .disputed = value { return .unknown(.lookalike(field)) }
                guard let number = value.number else { return .unknown(.budget("`\(field.text)` is no number")) }
                // A negative amount would give back what was never taken.
                guard number.double.isFinite, number.double >= 0 else {
                    return .unknown(.budget("`\(field.text)` is negative"))
                }
                amount += number.double
            }
        }
        let account = BudgetAccount(key: budget.key, window: budget.window, session: call.session)
        guard let spent = work.moment.budgets.spent(from: account), !spent.isNaN else {
            return .unknown(.budget("what was spent of the budget `\(printable(budget.key))` cannot be told"))
        }
        if !(spent + amount <= budget.limit) { return .not(.budget(budget, spent: spent, amount: amount)) }
        return .fits(charge: BudgetCharge(account: account, amount: amount, limit: budget.limit))
    }
}
