/// Servers that offer a list of tools and tell them apart by name: `setRequestHandler`.
extension JavaScriptReader {
    private static let handlers: Set<String> = [
        "handler", "execute", "run", "callback", "func", "fn", "call", "invoke", "handle", "action", "cb",
    ]
    private static let subjects: Set<String> = ["name", "toolName", "tool_name", "tool"]

    /// `{ name: "x", inputSchema: {...} }` is how MCP writes down a tool, wherever it stands.
    mutating func toolDefinition(_ open: Int) {
        guard base.isName(open + 1) || base.isString(open + 1), let close = base.partner(open) else { return }
        var tool: String?
        var hasSchema = false, hasHandler = false
        var k = open + 1, members = 0
        while k < close, members < 24 {
            if base.isName(k) || base.isString(k) {
                let key = base.isString(k) ? base.text(k) : program.names.text(base.name(k))
                if key == "inputSchema" { hasSchema = true }
                if Self.handlers.contains(key) { hasHandler = true }
                if key == "name", base.is(k + 1, .colon) { tool = toolName(k + 2) }
            }
            members += 1
            k = expressionEnd(k) + 1
        }
        guard hasSchema, let tool else { return }
        program.tools.append(ToolFact(name: tool, handler: -1, file: Int32(base.index), line: base.tokens[open].line))
        if hasHandler { part(of: [tool], until: close) }
    }

    private mutating func toolName(_ i: Int) -> String? {
        if base.isString(i) { return base.text(i) }
        guard base.isName(i) else { return nil }
        if case .literal(let text)? = program.constants[chain(i, record: false).0] { return text }
        return nil
    }

    /// What stands between here and the token `end` is what one tool does.
    private mutating func part(of tools: [String], until end: Int) {
        guard let first = tools.first else { return }
        let symbol = program.member(base.file, "tool:" + first)
        program.declared.insert(symbol)
        toolParts.insert(symbol)
        for tool in tools where !program.toolHandlers[tool, default: []].contains(symbol) {
            program.toolHandlers[tool, default: []].append(symbol)
        }
        if base.function >= 0, base.function != symbol {
            program.toolFrames[symbol] = base.function
            program.edges.insert(.init(caller: base.function, callee: symbol))
        }
        base.functions.append((symbol, end))
    }

    /// `server.setRequestHandler(CallToolRequestSchema, async (request) => {...})`: a function without a name of its own.
    mutating func requestHandler(_ open: Int, _ close: Int) {
        let symbol = program.member(base.file, "at:\(base.tokens[open].start)")
        program.declared.insert(symbol)
        toolParts.insert(symbol)
        base.functions.append((symbol, close))
    }

    private func isSubject(_ i: Int) -> Bool {
        base.isName(i) && Self.subjects.contains(program.names.text(base.name(i)))
    }

    /// `switch (request.params.name) {`
    mutating func toolSwitch(_ i: Int) {
        guard base.is(i + 1, .open), let close = base.partner(i + 1), base.is(close + 1, .openBrace) else { return }
        switches.append((isSubject(close - 1), base.after(close + 1)))
    }

    /// `case "x":` of such a switch: its statements, to the next case.
    mutating func toolCase(_ i: Int) {
        while let last = switches.last, last.end <= i { switches.removeLast() }
        guard let around = switches.last, around.isTool else { return }
        // Further labels of the same statements were seen with the first one.
        if labels.contains(i) { return }
        var tools: [String] = []
        var k = i
        while base.is(k, .case) {
            labels.insert(k)
            var colon = k + 1
            while colon < min(base.count, k + 12), !base.is(colon, .colon) { colon += 1 }
            if let tool = toolName(k + 1) { tools.append(tool) }
            k = colon + 1
        }
        guard !tools.isEmpty else { return }
        var end = k
        while end < around.end - 1, !base.is(end, .case), !base.is(end, .default) {
            let token = base.tokens[end]
            let isGroup = token.is(.open) || token.is(.openBrace) || token.is(.openSquare) || token.kind == .head
            end = isGroup ? base.after(end) : end + 1
        }
        part(of: tools, until: end)
    }

    /// `if (name === "x") {...}`
    mutating func toolBranch(_ i: Int) {
        guard base.is(i + 1, .open), let close = base.partner(i + 1), close - i < 24, base.is(close + 1, .openBrace)
        else { return }
        var tools: [String] = []
        for k in i + 2..<close where base.is(k, Sign("===")) || base.is(k, .equal) {
            if isSubject(k - 1), let tool = toolName(k + 1) { tools.append(tool) }
        }
        if !tools.isEmpty { part(of: tools, until: base.after(close + 1)) }
    }
}
