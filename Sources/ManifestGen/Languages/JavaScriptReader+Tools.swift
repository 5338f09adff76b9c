/// Names by number, as comparing numbers costs less than comparing texts.
struct JavaScriptNames {
    let inputSchema: NameID
    let setRequestHandler: NameID
    /// Prose, which stands for nothing.
    let description: NameID
    /// Keys of the function that does what a tool is for, beside the tool's name.
    let handlers: Set<NameID>
    /// What a handler looks at to tell the tools apart.
    let subjects: Set<NameID>
    /// Functions that start a worker or a program.
    let starters: Set<NameID>

    init(_ names: NameTable) {
        inputSchema = names.intern("inputSchema")
        description = names.intern("description")
        setRequestHandler = names.intern("setRequestHandler")
        handlers = Set(
            ["handler", "execute", "run", "callback", "func", "fn", "call", "invoke", "handle", "action", "cb"].map {
                names.intern($0)
            })
        subjects = Set(["name", "toolName", "tool_name", "tool"].map { names.intern($0) })
        starters = Set(
            [
                "Worker", "SharedWorker", "fork", "setupPrimary", "setupMaster", "spawn", "spawnSync", "exec",
                "execSync",
                "execFile", "execFileSync", "execa", "execaNode", "execaSync", "Command", "Piscina", "Tinypool",
                "StaticPool", "pool",
            ].map { names.intern($0) })
    }
}

/// Servers that offer a list of tools and tell them apart by name: `setRequestHandler`.
extension JavaScriptReader {
    /// `{ name: "x", inputSchema: {...} }` is how MCP writes down a tool, wherever it stands.
    mutating func toolDefinition(_ open: Int) {
        // Bodies of functions and of `if` are no objects.
        guard !base.is(open - 1, .close), !base.is(open - 1, .arrow), base.isName(open + 1) || base.isString(open + 1),
            let close = base.partner(open)
        else { return }
        let words = program.javascript
        var tool: String?
        var hasSchema = false, hasHandler = false
        var k = open + 1, members = 0
        while k < close, members < 24 {
            if base.isName(k) || base.isString(k) {
                let key = base.isString(k) ? program.names.intern(base.text(k)) : base.name(k)
                if key == words.inputSchema { hasSchema = true }
                if words.handlers.contains(key) { hasHandler = true }
                if key == Word.name.rawValue, base.is(k + 1, .colon) { tool = toolName(k + 2) }
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
        base.isName(i) && program.javascript.subjects.contains(base.name(i))
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
        for k in i + 2..<close where base.is(k, Sign("=", "=", "=")) || base.is(k, .equal) {
            if isSubject(k - 1), let tool = toolName(k + 1) { tools.append(tool) }
        }
        if !tools.isEmpty { part(of: tools, until: base.after(close + 1)) }
    }
}
