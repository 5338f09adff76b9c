/// Calls and their arguments.
extension JavaScriptReader {
    mutating func call(_ value: SymbolID, _ open: Int, at i: Int) {
        guard value >= SymbolTable.first, let close = base.partner(open) else { return }
        let (arguments, named) = self.arguments(open, close)
        base.use(value, .call, i, arguments, named: named)
        let name = program.symbols.nodes[Int(value)].name
        if program.javascript.starters.contains(name) { started(open, close) }
        if name == program.javascript.setRequestHandler { requestHandler(open, close) }
        if let name = Tools.registration(program, value), case .literal(let tool)? = arguments.first ?? named["name"] {
            register(tool, name, open, close, i)
        } else if let name = Tools.registration(program, value), name == "addTool",
            case .literal(let tool)? = named["name"]
        {
            register(tool, name, open, close, i)
        }
    }

    mutating func register(_ tool: String, _ kind: String, _ open: Int, _ close: Int, _ i: Int) {
        let symbol = program.member(base.file, "tool:" + tool)
        program.declared.insert(symbol)
        program.tools.append(
            ToolFact(name: tool, handler: symbol, file: Int32(base.index), line: base.tokens[i].line))
        base.functions.append((symbol, close))
    }

    mutating func arguments(_ open: Int, _ close: Int) -> ([Argument], [String: Argument]) {
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, list.count < 6 {
            let end = min(expressionEnd(k), close)
            if base.is(k, .openBrace), let last = base.partner(k) { object(k, last, &named) }
            list.append(argument(k, end))
            k = end + 1
        }
        return (list, named)
    }

    mutating func object(_ open: Int, _ close: Int, _ named: inout [String: Argument]) {
        var k = open + 1
        var members = 0
        while k < close, members < 12 {
            let end = min(expressionEnd(k), close)
            if base.isName(k) || base.isString(k), base.is(k + 1, .colon) {
                named[base.isString(k) ? base.text(k) : program.names.text(base.name(k))] = argument(k + 2, end)
            } else if base.isName(k), end == k + 1 {
                named[program.names.text(base.name(k))] = argument(k, end)
            }
            members += 1
            k = end + 1
        }
    }

    /// The expression between two tokens.
    mutating func argument(_ start: Int, _ end: Int) -> Argument {
        guard start < end, start < base.count else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string where end == start + 1: return .literal(base.text(start))
        case .string where base.is(start + 1, .plus):
            return .template(prefix: base.text(start), text: base.text(start) + Argument.hole)
        case .head:
            return template(start, end)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .name:
            if token.is(.true) || token.is(.false) { return .flag(token.is(.true)) }
            if token.is(.async) || token.is(.function) { return .other }
            let (value, last) = chain(start, record: false)
            if last >= end { return value >= SymbolTable.first ? .symbol(value) : .other }
            if base.is(last, .orOr) || base.is(last, .coalesce) { return argument(last + 1, end) }
            return alternatives(start, end)
        case .symbol where token.is(.openSquare):
            var items: [Argument] = []
            var k = start + 1
            let close = base.partner(start) ?? end
            while k < close, items.count < 12 {
                let last = min(expressionEnd(k), close)
                items.append(argument(k, last))
                k = last + 1
            }
            return .list(items)
        default: return .other
        }
    }
}

/// Texts that are put together, and those that depend on something.
extension JavaScriptReader {
    /// A template from its head on. Holes in which the name of a constant stands are filled.
    mutating func template(_ start: Int, _ end: Int) -> Argument {
        var prefix = "", text = ""
        var isPrefix = true
        var first: SymbolID?
        var k = start
        while k < min(end, base.count) {
            let token = base.tokens[k]
            guard token.kind == .head || token.kind == .middle || token.kind == .tail else { k += 1; continue }
            text += base.text(k)
            if isPrefix { prefix = text }
            if token.kind == .tail, Int(token.partner) == start { break }
            if token.kind == .tail { k += 1; continue }
            if base.isName(k + 1), k + 2 < base.count,
                base.tokens[k + 2].kind == .middle || base.tokens[k + 2].kind == .tail,
                case .literal(let value)? = program.constants[lookup(base.name(k + 1))], value.utf8.count < 1_024
            {
                text += value
                if isPrefix { prefix = text }
            } else {
                // `${program} --flag`, `"${program}" --flag`
                if isPrefix, text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x22 || $0 == 0x27 }), base.isName(k + 1) {
                    let value = chain(k + 1, record: false).0
                    if value >= SymbolTable.first { first = value }
                }
                isPrefix = false
                text += Argument.hole
            }
            k += 1
        }
        let result = Argument.template(prefix: prefix, text: text)
        return first.map { .filled($0, result) } ?? result
    }

    /// `darwin ? "open" : "xdg-open"`, also with more of them.
    mutating func alternatives(_ start: Int, _ end: Int) -> Argument {
        guard end - start < 64, let mark = (start..<end).first(where: { base.is($0, .question) }) else { return .other }
        var found: [Argument] = []
        var k = mark
        while k + 1 < end {
            let token = base.tokens[k]
            if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) { k = base.after(k); continue }
            if token.is(.question) || token.is(.colon) {
                let next = base.tokens[k + 1]
                if next.kind == .string {
                    found.append(.literal(base.text(k + 1)))
                } else if next.kind == .head {
                    found.append(template(k + 1, end))
                    k = base.after(k + 1)
                    continue
                }
            }
            k += 1
        }
        return found.isEmpty ? .other : found.count == 1 ? .choice(found + [.other]) : .choice(found)
    }
}
