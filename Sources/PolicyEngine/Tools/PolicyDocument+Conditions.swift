import LinearRegex
import StrictJSON

extension PolicyDocument {
    /// `anyPath` and its like, with what they mean.
    static let factKeys: [(key: String, fact: CallFact, kind: FactTest.Kind)] = [
        ("anyPath", .path, .any), ("allPaths", .path, .all), ("outsidePaths", .path, .outside),
        ("anyHost", .host, .any),
        ("allHosts", .host, .all), ("outsideHosts", .host, .outside), ("anyCommand", .command, .any),
        ("allCommands", .command, .all), ("outsideCommands", .command, .outside), ("anyText", .text, .any),
    ]

    static let conditionKeys =
        ["all", "any", "not", "field", "op", "value", "as", "of", "ifMissing", "ifWrongType", "except"]
        + factKeys.map(\.key)

    /// Reads a tree of conditions.
    mutating func condition(_ node: OverrideNode, _ effect: ToolEffect, isNegated: Bool = false, depth: Int = 1)
        -> PolicyCondition?
    {
        guard let object = object(node, Self.conditionKeys, "a condition") else { return nil }
        if depth > 32 {
            fail(node, "conditions more than 32 levels deep")
            return nil
        }
        let kinds = object.keys.filter {
            ["all", "any", "not", "field"].contains($0) || Self.factKeys.map(\.key).contains($0)
        }
        guard kinds.count == 1, let kind = kinds.first, let inner = object[kind] else {
            fail(node, "a condition has one of `all`, `any`, `not`, `field`, `anyPath` and their like")
            return nil
        }
        let mine: Set<String> =
            kind == "field" ? ["field", "op", "value", "as", "of", "ifMissing", "ifWrongType"] : [kind, "except"]
        for key in object.keys.sorted() where !mine.contains(key) {
            fail(object[key] ?? node, "`\(key)` does not go with `\(kind)`")
        }
        switch kind {
        case "all", "any":
            guard case .list(let nodes) = inner.content, !nodes.isEmpty else {
                fail(inner, "`\(kind)` is a list of conditions that is not empty")
                return nil
            }
            let parts = nodes.compactMap { condition($0, effect, isNegated: isNegated, depth: depth + 1) }
            return kind == "all" ? .all(parts) : .any(parts)
        case "not": return condition(inner, effect, isNegated: !isNegated, depth: depth + 1).map { .not($0) }
        case "field": return test(node, object, effect).map { .field($0) }
        default: return factTest(inner, kind, object, effect, isNegated)
        }
    }

    private mutating func factTest(
        _ node: OverrideNode, _ key: String, _ object: [String: OverrideNode], _ effect: ToolEffect, _ isNegated: Bool
    ) -> PolicyCondition? {
        guard let row = Self.factKeys.first(where: { $0.key == key }) else { return nil }
        var test = FactTest(fact: row.fact, kind: row.kind, list: facts(node, row.fact, key))
        let hasExceptions = row.kind != .any && (row.fact == .path || row.fact == .host)
        if hasExceptions { test.exceptKey = "except" }
        if let except = object["except"] {
            if !hasExceptions {
                fail(except, "`except` goes with `allPaths`, `outsidePaths`, `allHosts` and `outsideHosts`")
            }
            test.except = Set(texts(except, "except").map(\.text))
        }
        // "May be in the list" is no reason to let through, "surely is" none to deny.
        let saysSurely = (row.kind == .all) != isNegated
        if effect < .approve, !saysSurely {
            fail(
                node,
                "`\(key)` cannot let a call through, since other arguments may be anything; use `\(Self.other(row, .all))`"
            )
        } else if effect == .deny, saysSurely {
            fail(
                node,
                "`\(key)` cannot deny, since another spelling would pass; use `\(Self.other(row, .any))` or `\(Self.other(row, .outside))`"
            )
        }
        return .facts(test)
    }

    private static func other(_ row: (key: String, fact: CallFact, kind: FactTest.Kind), _ kind: FactTest.Kind)
        -> String
    {
        factKeys.first { $0.fact == row.fact && $0.kind == kind }?.key ?? "field"
    }

    private mutating func test(_ node: OverrideNode, _ object: [String: OverrideNode], _ effect: ToolEffect)
        -> FieldTest?
    {
        let field = object["field"].flatMap { self.field($0) }
        if let field, field.root == .annotations || field.root == .description, effect < .approve {
            fail(node, Self.annotationsWiden)
        }
        guard let opNode = object["op"] else {
            fail(node, "the condition's `op` is missing")
            return nil
        }
        guard let op: FieldTest.Operator = choice(opNode, "op"), let field else { return nil }
        guard let given = object["value"] ?? (op == .exists ? node.made(true) : nil) else {
            fail(node, "the condition's `value` is missing")
            return nil
        }
        guard let value = Self.json(given) else {
            fail(given, "this is no value to compare with: no call has such a number")
            return nil
        }
        var test = FieldTest(field: field, op: op, value: value)
        if let node = object["as"], let spelling: FieldTest.Spelling = choice(node, "as") { test.spelling = spelling }
        if let node = object["of"], let quantifier: FieldTest.Quantifier = choice(node, "of") {
            test.quantifier = quantifier
        }
        if let node = object["ifMissing"], let answer = answer(node, "ifMissing") { test.ifMissing = answer }
        if let node = object["ifWrongType"], let answer = answer(node, "ifWrongType") { test.ifWrongType = answer }
        if object["of"] != nil, !field.steps.contains(.everyElement) {
            fail(object["of"] ?? node, "`of` goes with a field of `[*]`")
        }
        check(value, &test, object["value"] ?? node)
        return test
    }

    private mutating func answer(_ node: OverrideNode, _ key: String) -> FieldTest.Answer? {
        switch node.content {
        case .bool(let value): return value ? .yes : .no
        case .text("deny"): return .deny
        default:
            fail(node, "`\(key)` is true, false or deny")
            return nil
        }
    }

    /// Whether the value is one that the operator compares with.
    private mutating func check(_ value: JSONValue, _ test: inout FieldTest, _ node: OverrideNode) {
        let op = test.op.rawValue
        switch test.op {
        case .eq, .ne, .contains: break
        case .lt, .le, .gt, .ge:
            guard case .number = value else {
                return fail(node, "`\(op)` compares with a number, not \(node.kindName)")
            }
        case .in, .notIn:
            guard case .array(let values) = value else {
                return fail(node, "`\(op)` compares with a list, not \(node.kindName)")
            }
            if values.isEmpty { fail(node, "`\(op)` with an empty list") }
            if values.contains(where: { $0.array != nil || $0.members != nil }) { fail(node, "a list of plain values") }
        case .exists:
            guard value.bool != nil else { return fail(node, "`exists` is true or false") }
        case .startsWith, .endsWith, .regex, .glob:
            guard let text = value.string else {
                return fail(node, "`\(op)` compares with a string, not \(node.kindName)")
            }
            do {
                if test.op == .regex { test.expression = try LinearRegex(text) }
                if test.op == .glob { test.expression = try LinearRegex(NamePattern(text).expression) }
            } catch {
                fail(node, "`\(printable(text))` cannot be used: \(error)")
            }
        }
        if test.spelling == .text, let text = value.string, FoldedText.fold(text) != text, test.op != .regex {
            fail(node, "`as: text` compares small letters; write `\(printable(FoldedText.fold(text)))`")
        }
        if test.spelling == .path, let text = value.string, !text.hasPrefix("/"), [.eq, .startsWith].contains(test.op) {
            fail(node, "`as: path` compares absolute paths; this one does not begin with `/`")
        }
    }
}
