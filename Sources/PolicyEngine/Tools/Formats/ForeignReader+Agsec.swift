extension ForeignReader {
    /// agsec: statements of all files, of which the strictest counts; the old `rules:` are one policy more, first match.
    /// - Parameter areOfFolder: Whether problems have to say which file they are in.
    mutating func agsec(_ files: [(name: String, root: OverrideNode)], areOfFolder: Bool = false) -> OverrideNode {
        let start = files.first?.root ?? OverrideNode(line: 1, column: 1, .object([]))
        var statements: [OverrideNode] = []
        var defaults: [String] = []
        var old: [(priority: Int, rule: OverrideNode)] = []
        for (file, root) in files {
            self.file = areOfFolder ? file : nil
            let name = [".yaml", ".yml"].first { file.hasSuffix($0) }.map { String(file.dropLast($0.count)) } ?? file
            let object = object(
                root, ["version", "default", "description", "name", "statements", "rules"], "a policy of agsec")
            if let list = object["statements"] {
                // A file without a default says deny.
                defaults.append(
                    word(
                        object["default"], "default",
                        ["allow": "allow", "deny": "deny", "block": "deny", "review": "approve"]) ?? "deny")
                if case .list(let items) = list.content {
                    for (index, item) in items.enumerated() { statements += statement(item, "\(name):\(index + 1)") }
                } else {
                    fail(list, "`statements` is a list, not \(list.kindName)")
                }
                if let rules = object["rules"] { fail(rules, "a file has `statements` or `rules`, and not both") }
            } else if let list = object["rules"] {
                if case .list(let items) = list.content {
                    for (index, item) in items.enumerated() {
                        old += oldRule(item, "\(name):\(index + 1)")
                    }
                } else {
                    fail(list, "`rules` is a list, not \(list.kindName)")
                }
            } else {
                fail(root, "a policy of agsec has `statements` or `rules`")
            }
        }
        self.file = nil
        // The strictest of the files' defaults; old rules alone let through what they do not name.
        let fallback = defaults.contains("deny") ? "deny" : defaults.contains("approve") ? "approve" : "allow"
        let ordered = old.enumerated().sorted { ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset) }
            .map(\.element.rule)
        let isOld = defaults.isEmpty
        if !isOld, !old.isEmpty {
            fail(
                start,
                "files with `statements` and files with the old `rules` in one folder: an old allow would beat a new deny; put them into two policies"
            )
        }
        let rules = isOld ? ordered : statements
        return start.made([
            ("version", OverrideNode(line: start.line, column: start.column, .number("1"))),
            ("name", start.made("agsec")),
            ("order", start.made(isOld ? "first-match" : "deny-overrides")),
            ("default", start.made(isOld ? "allow" : fallback)),
            ("otherMethods", start.made("allow")), ("rules", rules.isEmpty ? nil : start.made(rules)),
        ])
    }

    private mutating func statement(_ node: OverrideNode, _ fallback: String) -> [OverrideNode] {
        let object = object(
            node, ["sid", "effect", "actions", "conditions", "match", "reason", "description"], "a statement")
        if object["effect"] == nil { fail(node, "the statement's `effect` is missing") }
        let effects = ["allow": "allow", "deny": "deny", "block": "deny", "review": "approve"]
        let effect = word(object["effect"], "effect", effects, anyCase: true) ?? "deny"
        var actions = texts(object["actions"], "actions", mayBeEmpty: false)
        if actions.isEmpty { actions = [node.made("*")] }
        let id = text(object["sid"], "sid").flatMap { $0.isEmpty ? nil : $0 } ?? fallback
        let when = conditions(object, missingIsNull: true)
        return rules(node, id, effect, actions.map { Self.pattern($0.text ?? "") }, object, when)
    }

    private mutating func oldRule(_ node: OverrideNode, _ id: String) -> [(priority: Int, rule: OverrideNode)] {
        let object = object(
            node, ["action", "status", "conditions", "match", "priority", "reason", "description"], "a rule")
        guard let action = text(object["action"], "action"),
            let effect = word(object["status"], "status", ["allow": "allow", "block": "deny", "review": "approve"])
        else {
            fail(node, "a rule has `action` and `status`")
            return []
        }
        let priority = text(object["priority"], "priority").map { Int($0) }
        if priority == .some(nil) { fail(object["priority"] ?? node, "`priority` is a whole number") }
        let when = conditions(object, missingIsNull: false)
        return rules(node, id, effect, [action == "*" ? "*" : Self.escaped(action)], object, when).map {
            (priority.flatMap { $0 } ?? 0, $0)
        }
    }

    /// One rule for tool calls, and one for the hooks of clients, whose actions are no tools of a server.
    private mutating func rules(
        _ node: OverrideNode, _ id: String, _ effect: String, _ actions: [String], _ object: [String: OverrideNode],
        _ when: OverrideNode?
    ) -> [OverrideNode] {
        let reason = text(object["reason"], "reason").flatMap { $0.isEmpty ? nil : node.made($0) }
        func rule(_ id: String, _ method: String, _ tools: [String]) -> OverrideNode? {
            if tools.isEmpty { return nil }
            return node.made([
                ("id", node.made(unused(id))), ("effect", node.made(effect)), ("methods", node.made([method])),
                ("tools", node.made(tools)), ("when", when), ("reason", reason),
            ])
        }
        let calls = rule(id, "tools/call", Array(Set(actions.flatMap { Self.behind("mcp.", $0) })).sorted())
        return [calls, rule(id + "@hook", "hook", actions)].compactMap { $0 }
    }

    /// What has to fit the rest of a text that begins with `prefix`, for the whole to fit the pattern.
    static func behind(_ prefix: String, _ pattern: String) -> [String] {
        guard let first = prefix.first else { return pattern.isEmpty ? [] : [pattern] }
        guard let head = pattern.first else { return [] }
        let rest = String(prefix.dropFirst())
        switch head {
        case "*":
            // The star takes the character, or nothing.
            return behind(rest, pattern) + behind(prefix, String(pattern.dropFirst()))
        case "?": return behind(rest, String(pattern.dropFirst()))
        case "[":
            guard let close = pattern.dropFirst(pattern.hasPrefix("[!") ? 3 : 2).firstIndex(of: "]"),
                let set = try? NamePattern(String(pattern[...close])), set.matches(String(first))
            else { return [] }
            return behind(rest, String(pattern[pattern.index(after: close)...]))
        default: return head == first ? behind(rest, String(pattern.dropFirst())) : []
        }
    }

    private static let operators = [
        "==": "eq", "!=": "ne", ">": "gt", "<": "lt", ">=": "ge", "<=": "le", "in": "in", "not_in": "notIn",
        "contains": "contains", "starts_with": "startsWith", "ends_with": "endsWith", "regex": "regex",
        "exists": "exists",
        "not_exists": "not_exists",
    ]

    /// - Parameter missingIsNull: Whether a plain `null` fits what is missing; in the old rules nothing does.
    private mutating func conditions(_ object: [String: OverrideNode], missingIsNull: Bool) -> OverrideNode? {
        let match = word(object["match"], "match", ["all": "all", "any": "any"]) ?? "all"
        let node = object["conditions"]
        guard let node, node.content != .null else { return nil }
        guard case .object(let members) = node.content else {
            fail(node, "`conditions` is an object, not \(node.kindName)")
            return nil
        }
        if members.isEmpty { return nil }
        return node.made([(match, node.made(members.map { condition($0, missingIsNull: missingIsNull) }))])
    }

    private mutating func condition(_ member: OverrideNode.Member, missingIsNull: Bool) -> OverrideNode {
        let node = member.node
        let parts = member.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var path = Self.argument((parts.first == "params" ? Array(parts.dropFirst()) : parts).joined(separator: "."))
        if parts.first == "params", parts.count == 1 { path = "arguments" }
        // Of the context there is only the session here; all else is missing, and fits nothing but `not_exists`.
        if parts == ["context", "session_id"] { path = "session" }
        let isMissing = parts.first == "context" && path != "session"
        let field = node.made(path)
        let present = node.made([
            ("field", field), ("op", node.made("ne")),
            ("value", OverrideNode(line: node.line, column: node.column, .null)),
            ("ifMissing", node.made(false)),
        ])
        guard case .object = node.content else {
            // A plain value is compared with.
            if node.content == .null {
                return missingIsNull ? node.made([("not", isMissing ? never(node) : present)]) : never(node)
            }
            if isMissing { return never(node) }
            return node.made([("all", node.made([present, comparison(node, field, "eq", node)]))])
        }
        let object = object(node, ["op", "value"], "a condition")
        guard let op = word(object["op"], "op", Self.operators) else {
            if object["op"] == nil { fail(node, "a condition has an `op`") }
            return never(node)
        }
        if isMissing { return op == "not_exists" ? node.made([("not", never(node))]) : never(node) }
        if op == "exists" { return present }
        if op == "not_exists" { return node.made([("not", present)]) }
        let value = object["value"] ?? OverrideNode(line: node.line, column: node.column, .null)
        if ["lt", "le", "gt", "ge"].contains(op) {
            guard case .number = value.content else {
                fail(value, "`\(op)` compares with a number here, not with \(value.kindName)")
                return never(node)
            }
        }
        // What is missing or null fits nothing there.
        return node.made([("all", node.made([present, comparison(node, field, op, value)]))])
    }
}
