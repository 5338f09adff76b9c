/// Classes: methods, fields, what a class extends.
extension JavaScriptReader {
    var isInClassBody: Bool {
        guard let type = base.classes.last else { return false }
        return base.functions.last.map { $0.end > type.end } ?? true
    }

    /// `name(...) {` or `name(...): Type {` in a class body or an object.
    func isMethod(_ i: Int) -> Bool {
        guard base.is(i + 1, .open) || base.is(i + 1, .less) else { return false }
        var open = i + 1
        if base.is(open, .less) {
            guard let found = typeArguments(open) else { return false }
            open = found
        }
        guard base.is(open, .open), let close = base.partner(open) else { return false }
        if base.is(close + 1, .openBrace) {
            if i == 0 { return false }
            let p = base.tokens[i - 1]
            return p.is(.openBrace) || p.is(.closeBrace) || p.is(.comma) || p.is(.semicolon) || p.is(.star)
                || p.is(.close)
                || (p.kind == .name && isModifier(p)) || base.isOnNewLine(i)
        }
        return isInClassBody && base.is(close + 1, .colon) && methodBody(close) != nil
    }

    func isModifier(_ token: Token) -> Bool {
        guard let word = Word(rawValue: token.value) else { return false }
        switch word {
        case .async, .public, .private, .protected, .static, .get, .set, .override, .readonly, .abstract: return true
        default: return false
        }
    }

    func methodBody(_ close: Int) -> Int? {
        if base.is(close + 1, .openBrace) { return close + 1 }
        guard base.is(close + 1, .colon) else { return nil }
        var k = close + 2
        let limit = min(base.count, k + 60)
        var isFirst = true
        while k < limit {
            let token = base.tokens[k]
            if token.is(.openBrace) {
                // `(): { a: string } {`: the first brace is the type.
                let next = base.after(k)
                if isFirst, base.is(next, .openBrace) || base.is(next, .openSquare) || base.is(next, .bar) {
                    k = next; continue
                }
                return k
            }
            if token.is(.less) {
                // Braces inside of type arguments are types: `Promise<{ ok: boolean }> {`
                guard let end = typeArgumentsEnd(k) else { return nil }
                k = end
                isFirst = false
                continue
            }
            if token.is(.open) || token.is(.openSquare) { k = base.after(k); continue }
            if token.is(.semicolon) || token.is(.assign) || token.is(.closeBrace) { return nil }
            if !token.is(.bar) && !token.is(.ampersand) { isFirst = false } else { isFirst = true }
            k += 1
        }
        return nil
    }

    mutating func method(_ i: Int) -> Int {
        var open = i + 1
        if base.is(open, .less), let found = typeArguments(open) { open = found }
        guard base.is(open, .open), let close = base.partner(open), let body = methodBody(close) else { return i + 1 }
        var symbol: SymbolID?
        if isInClassBody, let type = base.classes.last?.symbol {
            let isStatic = (max(0, i - 3)..<i).contains { base.is($0, .static) }
            symbol = program.member(isStatic ? type : program.call(type), base.name(i))
            program.declared.insert(symbol!)
            if base.is(close + 1, .colon), let result = typeSymbol(close + 2) {
                program.alias(program.call(symbol!), to: program.call(result))
            }
        }
        bodies[body] = parameterList(open, function: symbol)
        if let symbol { functionBodies[body] = symbol }
        defaults(open, close)
        return body
    }

    /// `client: Type = value;` in a class body.
    mutating func field(_ i: Int) -> Int {
        guard let type = base.classes.last?.symbol else { return i + 1 }
        let symbol = program.member(program.call(type), base.name(i))
        program.declared.insert(symbol)
        program.declared.insert(program.member(type, base.name(i)))
        var k = i + 1
        if base.is(k, .bang) || base.is(k, .question) { k += 1 }
        if base.is(k, .colon) {
            if let annotation = typeSymbol(k + 1) { program.alias(symbol, to: program.call(annotation)) }
            // Types hold no code: on to the value, or the field's end.
            k += 1
            while k < base.count, !base.is(k, .assign), !base.is(k, .semicolon), !base.is(k, .closeBrace) {
                let token = base.tokens[k]
                if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) {
                    k = base.after(k)
                    if base.isOnNewLine(k), !base.is(k, .assign) { break }
                    continue
                }
                if base.isOnNewLine(k), !token.is(.bar), !token.is(.ampersand), k > i + 2 { break }
                k += 1
            }
        }
        if base.is(k, .assign) {
            if base.isString(k + 1) { program.constants[symbol] = .literal(base.text(k + 1)) }
            let (value, _) = chain(k + 1, record: false)
            program.alias(symbol, to: value)
            return base.is(k + 1, .open) || base.is(k + 1, .async) ? k + 1 : k + 1
        }
        return max(k, i + 1)
    }

    mutating func classDeclaration(_ i: Int) -> Int {
        var k = i + 1
        var symbol: SymbolID
        if base.isName(k), !base.is(k, .extends) {
            symbol = declare(base.name(k), k)
            k += 1
        } else {
            symbol = program.member(base.file, Word.default.rawValue)
            program.declared.insert(symbol)
        }
        let limit = min(base.count, k + 200)
        while k < limit, !base.is(k, .openBrace) {
            if base.is(k, .extends) {
                let (value, end) = chain(k + 1, record: true)
                if value >= SymbolTable.first {
                    program.bases[program.call(symbol)] = program.call(value)
                    base.use(value, .base, k + 1)
                }
                k = max(end, k + 1)
                continue
            }
            if base.is(k, .less) { k = typeArgumentsEnd(k) ?? k + 1; continue }
            k += 1
        }
        if base.is(k, .openBrace) { classBodies[k] = symbol }
        return k
    }
}
