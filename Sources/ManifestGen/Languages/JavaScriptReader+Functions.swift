/// Functions of JavaScript: parameter lists, bodies, arrows.
extension JavaScriptReader {
    /// `(`: parameters of an arrow function, or the start of a chain such as `(await import("x")).y()`.
    mutating func parenthesis(_ i: Int) -> Int {
        guard let end = base.partner(i) else { return i + 1 }
        if let body = arrowBody(after: end) {
            enterFunction(parameters: i, body: body, symbol: pendingFunction(before: i))
            defaults(i, end)
            return body
        }
        let isCall =
            i > 0
            && (base.tokens[i - 1].kind == .name && !isOperatorWord(base.tokens[i - 1]) || base.is(i - 1, .close)
                || base.is(i - 1, .closeSquare) || base.is(i - 1, .greater) || base.is(i - 1, .optionalDot))
        if !isCall, base.is(end + 1, .dot) || base.is(end + 1, .optionalDot) || base.is(end + 1, .open) {
            _ = chain(i, record: true)
        }
        return i + 1
    }

    /// Uses in the default values of parameters. Types are none.
    mutating func defaults(_ open: Int, _ close: Int) {
        for k in open..<close where base.is(k, .assign) { _ = chain(k + 1, record: true) }
    }

    /// The first token of the body when `=>` follows the parameter list, with or without a return type.
    func arrowBody(after close: Int) -> Int? {
        if base.is(close + 1, .arrow) { return close + 2 }
        guard isTypeScript, base.is(close + 1, .colon) else { return nil }
        var k = close + 2
        let limit = min(base.count, k + 40)
        while k < limit {
            let token = base.tokens[k]
            if token.is(.arrow) { return k + 1 }
            if token.is(.openBrace) || token.is(.open) || token.is(.openSquare) { k = base.after(k); continue }
            let isType =
                token.kind == .name || token.kind == .string || token.is(.dot) || token.is(.less) || token.is(.greater)
                || token.is(.bar) || token.is(.comma) || token.is(.ampersand)
            if !isType { return nil }
            k += 1
        }
        return nil
    }

    /// `const f = (a) => ...`, `f = async (a) => ...`, `key: (a) => ...`: the function's symbol.
    mutating func pendingFunction(before i: Int) -> SymbolID? {
        var k = i - 1
        if base.is(k, .async) { k -= 1 }
        if let symbol = calledAtOnce(i) { return symbol }
        guard base.is(k, .assign), base.isName(k - 1) else { return nil }
        if base.is(k - 2, .const) || base.is(k - 2, .let) || base.is(k - 2, .var) {
            return declare(base.name(k - 1), i)
        }
        // A field of a class: `handle = async () => {...}`
        if let type = base.classes.last?.symbol, base.functions.last.map({ $0.end > base.classes.last!.end }) ?? true {
            let symbol = program.member(program.call(type), base.name(k - 1))
            program.declared.insert(symbol)
            return symbol
        }
        return nil
    }

    /// `const a = (() => {...})()`: a function of its own, whose result has the name.
    func calledAtOnce(_ i: Int) -> SymbolID? {
        let open = base.is(i - 1, .async) ? i - 2 : i - 1
        guard base.is(open, .open), let close = base.partner(open), base.is(close + 1, .open) else { return nil }
        let isValue = base.is(open - 1, .assign) || base.is(open - 1, .await) || base.is(open - 1, .return)
        guard isValue else { return nil }
        let symbol = program.member(base.file, "at:\(base.tokens[i].start)")
        program.declared.insert(symbol)
        return symbol
    }

    /// The symbol of a name declared here: the file's own at the top, else one below the function.
    mutating func declare(_ name: NameID, _ i: Int) -> SymbolID {
        let owner = base.functions.last?.symbol ?? base.file
        let symbol = program.member(base.scopes.depth == 0 ? base.file : owner, name)
        program.declared.insert(symbol)
        if base.scopes.depth > 0 { base.scopes.bind(name, symbol) }
        return symbol
    }

    /// - Parameter body: The first token of the body: a brace, or an expression.
    mutating func enterFunction(parameters open: Int, body: Int, symbol: SymbolID?) {
        let list = parameterList(open, function: symbol)
        if base.is(body, .openBrace) {
            bodies[body] = list
            if let symbol { functionBodies[body] = symbol }
        } else {
            let end = expressionEnd(body)
            base.scopes.push(until: end)
            for (name, value) in list { base.scopes.bind(name, value) }
            if let symbol {
                base.functions.append((symbol, end))
                let (value, _) = chain(body, record: false)
                program.alias(program.call(symbol), to: value)
            }
        }
    }

    /// The token after the expression that starts at `i`.
    func expressionEnd(_ i: Int) -> Int {
        var k = i
        while k < base.count {
            let token = base.tokens[k]
            if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) || token.kind == .head {
                k = base.after(k)
                continue
            }
            if token.is(.comma) || token.is(.semicolon) || token.is(.close) || token.is(.closeSquare)
                || token.is(.closeBrace) || token.kind == .middle || token.kind == .tail
            {
                return k
            }
            k += 1
        }
        return k
    }

    mutating func parameterList(_ open: Int, function: SymbolID?) -> [(NameID, SymbolID)] {
        guard let close = base.partner(open) else { return [] }
        var result: [(NameID, SymbolID)] = []
        var k = open + 1
        var position = 0
        while k < close {
            // Decorators and modifiers of constructor parameters.
            var isField = false
            while k < close, base.isName(k), base.isName(k + 1) || base.is(k + 1, .openBrace) {
                isField = true
                k += 1
            }
            if base.is(k, .spread) { k += 1 }
            if base.isName(k) {
                let name = base.name(k)
                var value = SymbolTable.unknown
                var typeAt = k + 1
                if base.is(typeAt, .question) { typeAt += 1 }
                if base.is(typeAt, .colon), let type = typeSymbol(typeAt + 1) {
                    value = program.call(type)
                } else if let function {
                    value = parameter(function, position, name)
                }
                result.append((name, value))
                if isField, let type = base.classes.last?.symbol {
                    program.alias(program.member(program.call(type), name), to: value)
                }
            } else if base.is(k, .openBrace) || base.is(k, .openSquare) {
                for name in patternNames(k) { result.append((name, SymbolTable.unknown)) }
            }
            // To the next comma at this depth.
            var depth = 0
            while k < close {
                let token = base.tokens[k]
                if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) { k = base.after(k); continue }
                if token.is(.less) { depth += 1 } else if token.is(.greater) { depth -= 1 }
                if token.is(.comma), depth <= 0 { break }
                k += 1
            }
            k += 1
            position += 1
        }
        return result
    }

    func parameter(_ function: SymbolID, _ position: Int, _ name: NameID) -> SymbolID {
        let symbol = program.member(function, "#\(position)")
        program.parameters[symbol] = (function, position, name)
        program.declared.insert(symbol)
        return symbol
    }

    /// All names that a destructuring pattern binds.
    func patternNames(_ open: Int) -> [NameID] {
        guard let close = base.partner(open) else { return [] }
        var names: [NameID] = []
        for k in open + 1..<close where base.isName(k) && !base.is(k + 1, .colon) && !base.is(k - 1, .assign) {
            names.append(base.name(k))
        }
        return names
    }

    func isFunction(_ i: Int) -> Bool {
        var k = i
        if base.is(k, .async) { k += 1 }
        if base.is(k, .function) { return true }
        if base.is(k, .open), let close = base.partner(k) { return arrowBody(after: close) != nil }
        return base.isName(k) && base.is(k + 1, .arrow)
    }

    mutating func functionDeclaration(_ i: Int, symbol given: SymbolID? = nil) -> Int {
        var k = i + 1
        if base.is(k, .star) { k += 1 }
        var symbol = given
        if base.isName(k) {
            if symbol == nil { symbol = declare(base.name(k), k) }
            k += 1
        }
        if base.is(k, .less), let open = typeArguments(k) { k = open }
        guard base.is(k, .open), let close = base.partner(k) else { return k }
        if let symbol, base.is(close + 1, .colon), let result = typeSymbol(close + 2) {
            program.alias(program.call(symbol), to: program.call(result))
        }
        guard let body = methodBody(close) else { return k + 1 }
        bodies[body] = parameterList(k, function: symbol)
        if let symbol { functionBodies[body] = symbol }
        defaults(k, close)
        return body
    }

    /// A function that gives back a text stands for it.
    mutating func returnedText(_ function: SymbolID, _ i: Int, _ value: SymbolID) {
        guard i < base.count else { return }
        if base.is(i, .openBrace) { return objectTexts(i, program.call(function)) }
        let kind = base.tokens[i].kind
        if value == SymbolTable.unknown, kind == .string || kind == .head {
            addConstant(program.call(function), argument(i, expressionEnd(i)))
        } else if value >= SymbolTable.first, program.constants[value] != nil, expressionEnd(i) == i + 1 {
            addConstant(program.call(function), .symbol(value))
        }
    }
}
