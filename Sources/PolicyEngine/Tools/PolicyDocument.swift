import LinearRegex
import StrictJSON

/// The meaning of a policy file in our own format: see docs/policy.md.
///
/// Everything that is wrong is found in one reading. A layer with problems must not be used.
public struct PolicyDocument {
    public private(set) var layer: PolicyLayer
    /// In the order of the file.
    public var problems: [OverrideDocumentProblem] { found.sorted { ($0.line, $0.column) < ($1.line, $1.column) } }
    /// What is no error, and still not what somebody meant.
    public private(set) var warnings: [OverrideDocumentProblem] = []
    var found: [OverrideDocumentProblem] = []
    private var classes: [String: ToolEffect] = [:]
    private var ids: [String: Int] = [:]

    static let mostRules = 10_000
    static let keys = [
        "version", "name", "order", "default", "otherMethods", "classes", "servers", "rules", "approvals", "redaction",
    ]

    /// - Parameter name: What the layer is called where the file does not say.
    public init(_ root: OverrideNode, name: String) {
        layer = PolicyLayer(name: name)
        read(root)
        if found.isEmpty { warnUnreachable() }
    }

    private mutating func read(_ root: OverrideNode) {
        guard let object = object(root, Self.keys, "a policy") else { return }
        if let version = object["version"] {
            if version.content != .number("1") { fail(version, "`version` has to be 1") }
        } else {
            fail(root, "`version: 1` is missing")
        }
        if let node = object["name"], let name = text(node, "name") { layer.name = name }
        if let node = object["order"], let order: PolicyOrder = choice(node, "order") { layer.order = order }
        let effects: [ToolEffect] = [.allow, .deny, .approve, .approveStrong]
        if let node = object["default"], let effect = self.effect(node, effects, key: "default") {
            layer.defaultEffect = effect
        }
        layer.otherMethods = layer.defaultEffect
        if let node = object["otherMethods"], let effect = self.effect(node, effects, key: "otherMethods") {
            layer.otherMethods = effect
        }
        if let node = object["classes"] { readClasses(node) }
        if layer.order == .classifyThenMap, object["classes"] == nil {
            fail(root, "`order: classify-then-map` needs `classes`, which gives each class its effect")
        }
        var restrictions: [PolicyRule] = []
        var openings: [PolicyRule] = []
        if let node = object["servers"] { (restrictions, openings) = readServers(node) }
        var rules: [PolicyRule] = []
        if let node = object["rules"] {
            if case .list(let nodes) = node.content {
                if nodes.count > Self.mostRules { fail(node, "more than \(Self.mostRules) rules") }
                rules = nodes.prefix(Self.mostRules).enumerated().compactMap { readRule($1, $0 + 1) }
            } else {
                fail(node, "`rules` is a list, not \(node.kindName)")
            }
        }
        layer.rules = restrictions + rules + openings
        if let node = object["approvals"] { readApprovals(node) }
        if let node = object["redaction"] { readRedaction(node) }
    }

    private mutating func readClasses(_ node: OverrideNode) {
        guard case .object(let members) = node.content else {
            return fail(node, "`classes` is an object of classes and effects, not \(node.kindName)")
        }
        if layer.order != .classifyThenMap { fail(node, "`classes` are for `order: classify-then-map`") }
        if members.isEmpty { fail(node, "`classes` is empty") }
        for member in members {
            if let effect = effect(member.node, [.allow, .approve, .approveStrong, .deny]) {
                classes[member.key] = effect
            }
        }
    }

    private mutating func readApprovals(_ node: OverrideNode) {
        guard let object = object(node, ["timeout", "onTimeout"], "`approvals`") else { return }
        if let node = object["timeout"] {
            if let seconds = Self.seconds(node), seconds > 0, seconds <= 86_400 {
                layer.approvals.timeout = seconds
            } else {
                fail(node, "a time is a number of seconds, or \(DurationText.forms); at most a day")
            }
        }
        if let node = object["onTimeout"] { layer.approvals.onTimeout = effect(node, [.deny, .allow]) }
    }

    private static func seconds(_ node: OverrideNode) -> Double? {
        switch node.content {
        case .number(let text): return Double(text)
        case .text(let text): return DurationText.seconds(text).map(Double.init)
        default: return nil
        }
    }

    private mutating func readRedaction(_ node: OverrideNode) {
        guard let object = object(node, ["secrets", "emails", "apiKeys"], "`redaction`") else { return }
        if let node = object["secrets"] { layer.redaction.secrets = bool(node, "secrets") }
        if let node = object["emails"] { layer.redaction.emails = bool(node, "emails") }
        if let node = object["apiKeys"] { layer.redaction.apiKeys = bool(node, "apiKeys") }
    }

    // MARK: Rules

    public static let ruleKeys = [
        "id", "effect", "class", "tools", "notTools", "toolNames", "notToolNames", "servers", "notServers", "agents",
        "roles",
        "methods", "annotations", "when", "budget", "minThreatScore", "redact", "reason", "obligations",
    ]

    /// Reasons stand in lines of others: what a YAML block writes below each other is one sentence there.
    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private mutating func readRule(_ node: OverrideNode, _ number: Int) -> PolicyRule? {
        guard let object = object(node, Self.ruleKeys, "a rule") else { return nil }
        var rule = PolicyRule(id: "rule-\(number)", effect: .deny, line: node.line)
        rule.column = node.column
        if let node = object["id"], let id = text(node, "id") { rule.id = id }
        claim(rule.id, object["id"] ?? node)
        if layer.order == .classifyThenMap {
            if let effect = object["effect"] {
                fail(effect, "with `order: classify-then-map` a rule has a `class`, no `effect`")
            }
            if let node = object["class"], let name = text(node, "class") {
                rule.className = name
                if let effect = classes[name] {
                    rule.effect = effect
                } else {
                    fail(node, unknown("class", name, Array(classes.keys)))
                }
            } else if object["class"] == nil {
                fail(node, "the rule's `class` is missing")
            }
        } else {
            if let name = object["class"] { fail(name, "`class` is for `order: classify-then-map`") }
            if let node = object["effect"] {
                if let effect = effect(node, ToolEffect.allCases) { rule.effect = effect }
            } else {
                fail(node, "the rule's `effect` is missing")
            }
        }
        rule.tools = patterns(object["tools"], "tools")
        rule.notTools = patterns(object["notTools"], "notTools")
        rule.toolNames = patterns(object["toolNames"], "toolNames")
        rule.notToolNames = patterns(object["notToolNames"], "notToolNames")
        rule.servers = patterns(object["servers"], "servers")
        rule.notServers = patterns(object["notServers"], "notServers")
        rule.agents = patterns(object["agents"], "agents")
        rule.methods = patterns(object["methods"], "methods")
        for key in ["tools", "notTools"] { warnUnfit(object[key], key) }
        if let node = object["roles"] { rule.roles = texts(node, "roles").map(\.text) }
        if let node = object["annotations"] { rule.annotations = readAnnotations(node, rule.effect) }
        if let node = object["when"] { rule.when = condition(node, rule.effect) }
        if let node = object["budget"] { rule.budget = readBudget(node) }
        if let node = object["minThreatScore"] { rule.minThreatScore = whole(node, "minThreatScore", 0...1_000_000) }
        if let node = object["redact"] { rule.redact = readRedactedFields(node) }
        if rule.effect == .redact, rule.redact.isEmpty, object["redact"] == nil {
            fail(node, "a rule with `effect: redact` says which fields: `redact: [field]`")
        }
        if rule.effect == .deny, let node = object["redact"] {
            fail(node, "nothing is left to redact of a call that is denied")
        }
        if let node = object["reason"] { rule.reason = text(node, "reason").map(Self.oneLine) }
        if let node = object["obligations"] {
            if case .object(let members)? = Self.json(node) {
                rule.obligations = members
            } else {
                fail(node, "`obligations` is an object")
            }
        }
        return rule
    }

    /// Takes an id for a rule.
    mutating func claim(_ id: String, _ node: OverrideNode) {
        if let line = ids[id] { fail(node, "the id `\(printable(id))` was given in line \(line) already") }
        ids[id] = node.line
    }

    private mutating func readAnnotations(_ node: OverrideNode, _ effect: ToolEffect) -> [(
        name: String, value: JSONValue
    )] {
        guard case .object(let members) = node.content else {
            fail(node, "`annotations` is an object, not \(node.kindName)")
            return []
        }
        if effect < .approve { fail(node, Self.annotationsWiden) }
        if members.isEmpty { fail(node, "`annotations` is empty") }
        return members.compactMap { member in
            guard let value = Self.json(member.node) else {
                fail(member.node, "this is no value to compare with")
                return nil
            }
            return (member.key, value)
        }
    }

    static let annotationsWiden =
        "a server says of its tools what it likes, so only rules that deny or ask may look at annotations and descriptions"

    private mutating func readBudget(_ node: OverrideNode) -> BudgetRule? {
        guard let object = object(node, ["key", "field", "limit", "window"], "a budget") else { return nil }
        guard let keyNode = object["key"], let limitNode = object["limit"] else {
            fail(node, "a budget has a `key` and a `limit`")
            return nil
        }
        let key = text(keyNode, "key")
        var limit: Double?
        if case .number(let text) = limitNode.content, let number = Double(text), number.isFinite, number >= 0 {
            limit = number
        } else {
            fail(limitNode, "`limit` is a number, not negative")
        }
        let field = object["field"].flatMap { self.field($0) }
        var window = BudgetWindow.session
        if let node = object["window"], let chosen: BudgetWindow = choice(node, "window") { window = chosen }
        guard let key, let limit else { return nil }
        return BudgetRule(key: key, field: field, limit: limit, window: window)
    }

    private mutating func readRedactedFields(_ node: OverrideNode) -> [FieldPath] {
        texts(node, "redact").compactMap { item in
            let full = item.text.hasPrefix("arguments.") ? item.text : "arguments." + item.text
            do { return try FieldPath(full) } catch {
                fail(item.node, "\(error)")
                return nil
            }
        }
    }

    // MARK: Warnings

    /// Patterns for `server.tool` that have no place for the dot.
    private mutating func warnUnfit(_ node: OverrideNode?, _ key: String) {
        guard let node else { return }
        for item in [node] + node.items {
            guard let text = item.text, let pattern = try? NamePattern(text), !pattern.mayContain(".") else { continue }
            let other = key == "tools" ? "toolNames" : "notToolNames"
            warnings.append(
                .init(
                    line: item.line, column: item.column,
                    "`\(printable(text))` fits no `server.tool`; write `*.\(printable(text))` or use `\(other)`"))
        }
    }

    /// Rules that an earlier one leaves nothing for.
    private mutating func warnUnreachable() {
        let ordered = layer.orderedRules
        let plain = ordered.indices.filter {
            let rule = ordered[$0]
            return rule.when == nil && rule.budget == nil && rule.minThreatScore == nil && rule.roles.isEmpty
                && rule.annotations.isEmpty && rule.notTools.isEmpty && rule.notServers.isEmpty
                && rule.notToolNames.isEmpty
        }.prefix(256)
        for (index, rule) in ordered.enumerated() {
            func taker(ofToolCalls: Bool) -> PolicyRule? {
                plain.first { $0 < index && Self.covers(ordered[$0], rule, ofToolCalls: ofToolCalls) }.map {
                    ordered[$0]
                }
            }
            let what: String, taken: PolicyRule
            if let taker = taker(ofToolCalls: false) {
                (what, taken) = ("never decides", taker)
            } else if rule.methods.isEmpty, let taker = taker(ofToolCalls: true) {
                (what, taken) = ("never decides about a tool call", taker)
            } else {
                continue
            }
            let why =
                taken.effect == rule.effect
                ? "says the same of all its calls" : "answers all its calls with \(taken.effect.rawValue)"
            warnings.append(
                .init(
                    line: max(rule.line, 1), column: rule.column,
                    "the rule `\(printable(rule.id))` \(what): `\(printable(taken.id))` (line \(taken.line)) comes first and \(why)"
                ))
        }
    }

    /// - Parameter ofToolCalls: Whether other requests do not count.
    private static func covers(_ a: PolicyRule, _ b: PolicyRule, ofToolCalls: Bool) -> Bool {
        func cover(_ wide: [NamePattern], _ narrow: [NamePattern]) -> Bool {
            wide.isEmpty || !narrow.isEmpty && narrow.allSatisfy { pattern in wide.contains { $0.covers(pattern) } }
        }
        let methods: (PolicyRule) -> [NamePattern] = { rule in
            rule.methods.isEmpty && (ofToolCalls || !rule.isRestrictive)
                ? (try? [NamePattern("tools/call")]) ?? [] : rule.methods
        }
        return cover(a.tools, b.tools) && cover(a.toolNames, b.toolNames) && cover(a.servers, b.servers)
            && cover(a.agents, b.agents) && cover(methods(a), methods(b))
    }
}
