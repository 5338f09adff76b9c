import StrictJSON

extension ForeignReader {
    static let gateKeys = ["name", "version", "description", "default_effect", "rules"]
    static let gateRuleKeys = [
        "id", "effect", "tools", "agents", "require_roles", "when", "redact_fields", "budget", "min_threat_score",
        "reason", "obligations", "description",
    ]
    static var gateEffects: [String] { Array(effects.keys) }
    private static let effects = ["allow": "allow", "deny": "deny", "require_approval": "approve", "redact": "redact"]

    /// mcp-gate: ordered rules, the first that matches.
    mutating func mcpGate(_ root: OverrideNode) -> OverrideNode {
        let object = object(root, Self.gateKeys, "a policy of mcp-gate")
        var effects = Self.effects
        // Without a rule there are no fields that it would take out.
        effects["redact"] = "allow"
        let fallback = word(object["default_effect"], "default_effect", effects) ?? "deny"
        var rules: [OverrideNode] = []
        if let node = object["rules"] {
            if case .list(let items) = node.content {
                for (index, item) in items.enumerated() { rules.append(gateRule(item, index)) }
            } else {
                fail(node, "`rules` is a list, not \(node.kindName)")
            }
        }
        let name = text(object["name"], "name").flatMap { $0.isEmpty ? nil : $0 } ?? "mcp-gate"
        return root.made([
            ("version", OverrideNode(line: root.line, column: root.column, .number("1"))), ("name", root.made(name)),
            ("default", root.made(fallback)), ("otherMethods", root.made("allow")),
            ("rules", rules.isEmpty ? nil : root.made(rules)),
        ])
    }

    private mutating func gateRule(_ node: OverrideNode, _ index: Int) -> OverrideNode {
        let object = object(node, Self.gateRuleKeys, "a rule")
        if object["effect"] == nil { fail(node, "the rule's `effect` is missing") }
        let effect = word(object["effect"], "effect", Self.effects) ?? "deny"
        func patterns(_ key: String) -> OverrideNode? {
            guard let list = object[key] else { return nil }
            let items = texts(list, key, mayBeEmpty: false)
            return items.isEmpty ? nil : list.made(items.map { $0.made(Self.pattern($0.text ?? "")) })
        }
        let id = text(object["id"], "id").flatMap { $0.isEmpty ? nil : $0 } ?? "rule-\(index)"
        let fields = texts(object["redact_fields"], "redact_fields").map { $0.made(Self.argument($0.text ?? "")) }
        if effect == "redact", fields.isEmpty { fail(node, "`effect: redact` needs `redact_fields`") }
        var budget: OverrideNode?
        if let given = object["budget"] {
            let parts = self.object(given, ["key", "field", "limit"], "a budget")
            if let key = text(parts["key"], "key"), let field = text(parts["field"], "field"),
                let limit = number(parts["limit"], "limit")
            {
                budget = given.made([
                    ("key", given.made(key)), ("field", given.made(Self.argument(field))), ("limit", limit),
                    ("window", given.made("session")),
                ])
            } else {
                fail(given, "a budget has `key`, `field` and `limit`")
            }
        }
        let reason = text(object["reason"], "reason").flatMap { $0.isEmpty ? nil : node.made($0) }
        let when = object["when"].flatMap { $0.content == .null ? nil : gateCondition($0, depth: 0) }
        let score = number(object["min_threat_score"], "min_threat_score")
        let threat = effect == "deny" || effect == "approve" ? score.map { threatCondition($0) } : nil
        let conditions = [when, threat].compactMap { $0 }
        let roles = texts(object["require_roles"], "require_roles")
        return node.made([
            ("id", node.made(id)), ("effect", node.made(effect)), ("toolNames", patterns("tools")),
            ("agents", patterns("agents")),
            ("methods", node.made(["tools/call"])), ("roles", roles.isEmpty ? nil : node.made(roles)),
            ("when", conditions.count > 1 ? node.made([("all", node.made(conditions))]) : conditions.first),
            ("budget", budget), ("minThreatScore", threat == nil ? score : nil),
            ("redact", effect == "deny" || fields.isEmpty ? nil : node.made(fields)), ("reason", reason),
            ("obligations", object["obligations"]),
        ])
    }

    /// What has the score to our scanner, or to theirs by one sign: for rules that close something.
    private func threatCondition(_ score: OverrideNode) -> OverrideNode {
        let ours = score.made([
            ("field", score.made("threatScore")), ("op", score.made("ge")), ("value", score),
        ])
        guard case .number(let text) = score.content, let least = Double(text) else { return ours }
        let signs = GateSigns.expressions(reaching: least)
        if signs.isEmpty { return ours }
        return score.made([("any", score.made([ours, score.made([("anyText", score.made(signs))])]))])
    }

    /// A dotted path of theirs, below the arguments; numbers are keys there, and no elements.
    static func argument(_ field: String) -> String {
        field.split(separator: ".", omittingEmptySubsequences: false).reduce("arguments") { path, part in
            let isPlain = !part.isEmpty && !part.contains { "[]\"".contains($0) }
            return isPlain ? path + "." + part : path + "[" + JSONValue.string(String(part)).text() + "]"
        }
    }

    private mutating func gateCondition(_ node: OverrideNode, depth: Int) -> OverrideNode {
        guard case .object(let members) = node.content, depth < 32 else {
            fail(node, "a condition is an object, not \(node.kindName)")
            return never(node)
        }
        let object = Dictionary(members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
        let kinds = ["all", "any", "not", "field"].filter { object[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first, let inner = object[kind] else {
            fail(node, "a condition has one of `all`, `any`, `not` and `field`")
            return never(node)
        }
        let known = kind == "field" ? ["field", "op", "value"] : [kind]
        _ = self.object(node, known, "a condition")
        switch kind {
        case "not": return node.made([("not", gateCondition(inner, depth: depth + 1))])
        case "field": return gateTest(node, object)
        default:
            guard case .list(let parts) = inner.content else {
                fail(inner, "`\(kind)` is a list of conditions")
                return never(node)
            }
            // All of nothing is true, any of nothing is not.
            if parts.isEmpty { return kind == "any" ? never(node) : node.made([("not", never(node))]) }
            return node.made([(kind, inner.made(parts.map { gateCondition($0, depth: depth + 1) }))])
        }
    }

    func never(_ node: OverrideNode) -> OverrideNode {
        node.made([("field", node.made("tool")), ("op", node.made("exists")), ("value", node.made(false))])
    }

    private static let operators = [
        "eq": "eq", "ne": "ne", "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "in": "in", "not_in": "notIn",
        "contains": "contains", "startswith": "startsWith", "endswith": "endsWith", "regex": "regex",
        "exists": "exists",
    ]

    private mutating func gateTest(_ node: OverrideNode, _ object: [String: OverrideNode]) -> OverrideNode {
        guard let field = text(object["field"], "field"), let op = word(object["op"], "op", Self.operators) else {
            fail(node, "a condition has `field` and `op`")
            return never(node)
        }
        let path = node.made(Self.argument(field))
        let exists = node.made([("field", path), ("op", node.made("exists"))])
        if op == "exists" { return exists }
        let test = comparison(
            node, path, op, object["value"] ?? OverrideNode(line: node.line, column: node.column, .null))
        // What is missing fits nothing there; null and other types they convert, and we do not.
        return node.made([("all", node.made([exists, test]))])
    }

    /// A comparison with a value as Python would take it; where ours needs another, or none will do.
    ///
    /// Texts are compared as they are written there, so that `/srv/../etc` begins with `/srv/`.
    mutating func comparison(_ node: OverrideNode, _ path: OverrideNode, _ op: String, _ value: OverrideNode)
        -> OverrideNode
    {
        func test(_ op: String, _ value: OverrideNode) -> OverrideNode {
            let spelling = Self.isAboutSpelling(op, value) ? nil : node.made("straight")
            return node.made([("field", path), ("op", node.made(op)), ("value", value), ("as", spelling)])
        }
        switch op {
        case "lt", "le", "gt", "ge":
            guard case .bool = value.content else {
                guard let number = number(value, "value") else { return never(node) }
                return test(op, number)
            }
            return never(node)
        case "in", "notIn":
            guard case .list(let items) = value.content else {
                fail(value, "`\(op)` compares with a list here, not with \(value.kindName)")
                return never(node)
            }
            // Nothing is in an empty list.
            if items.isEmpty { return op == "in" ? never(node) : node.made([("not", never(node))]) }
            return test(op, value)
        case "ne":
            // Null is another value there.
            if value.content == .null { return test(op, value) }
            return node.made([("any", node.made([test("eq", null(node)), test(op, value)]))])
        case "startsWith", "endsWith":
            guard let text = text(value, "value") else { return never(node) }
            return test(op, value.made(text))
        case "regex":
            guard let text = text(value, "value") else { return never(node) }
            do throws(PatternProblem) {
                let pattern = try PythonPattern(text)
                let exact = test(op, value.made(pattern.expression))
                guard let wider = pattern.withoutBoundaries else { return exact }
                // A word ends elsewhere where letters are not only ASCII's: what hangs on that cannot be evaluated.
                let isASCII = test(op, value.made(#"\A[\x00-\x7f]*\z"#))
                let unknown = test("lt", OverrideNode(line: node.line, column: node.column, .number("0")))
                return node.made([
                    (
                        "any",
                        node.made([
                            node.made([("all", node.made([isASCII, exact]))]),
                            node.made([
                                (
                                    "all",
                                    node.made([
                                        node.made([("not", isASCII)]), test(op, value.made(wider)), unknown,
                                    ])
                                )
                            ]),
                        ])
                    )
                ])
            } catch {
                fail(value, "`\(printable(text))`: \(error)")
                return never(node)
            }
        default: return test(op, value)
        }
    }

    /// Whether the author asks how something is written, such as for `..`, or compares no texts.
    private static func isAboutSpelling(_ op: String, _ value: OverrideNode) -> Bool {
        let texts = ([value] + value.items).compactMap(\.text)
        if texts.isEmpty || texts.contains(where: { !StraightText.readings(of: $0).isEmpty }) { return true }
        guard ["contains", "endsWith", "regex"].contains(op) else { return false }
        return texts.contains { text in ["..", #"\.\."#, #"\.{"#, "[.]", "//", "%"].contains(where: text.utf8Contains) }
    }

    private func null(_ node: OverrideNode) -> OverrideNode {
        OverrideNode(line: node.line, column: node.column, .null)
    }
}
