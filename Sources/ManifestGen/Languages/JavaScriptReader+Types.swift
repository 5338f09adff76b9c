/// Types of TypeScript: which class an annotation names, and where a type ends.
extension JavaScriptReader {
    /// The symbol of a type annotation, when it is a plain or promised name that is not the language's own.
    mutating func typeSymbol(_ i: Int) -> SymbolID? {
        guard base.isName(i) else { return nil }
        if let word = Word(rawValue: base.name(i)), [.promise, .readonlyType, .partialType].contains(word),
            base.is(i + 1, .less)
        {
            return typeSymbol(i + 2)
        }
        var symbol = lookup(base.name(i))
        var k = i + 1
        while base.is(k, .dot), base.isName(k + 1) {
            symbol = program.member(symbol, base.name(k + 1))
            k += 2
        }
        if base.is(k, .openSquare) { return nil }
        // A type of the language (string, any, Record) is no class of a library or of the program.
        if program.symbols.nodes[Int(max(symbol, 0))].parent == base.file, !program.declared.contains(symbol),
            !program.globalNames.contains(program.symbols.nodes[Int(symbol)].name), !couldBeDeclaredLater(base.name(i))
        {
            return nil
        }
        return symbol >= SymbolTable.first ? symbol : nil
    }

    func couldBeDeclaredLater(_ name: NameID) -> Bool {
        let first = program.names.first(name)
        guard (0x41...0x5A).contains(first) else { return false }
        switch program.names.text(name) {
        case "Record", "Array", "Map", "Set", "Date", "Error", "Buffer", "Function", "Object", "String", "Uint8Array":
            return false
        default: return true
        }
    }

    /// `as Type`: types are no uses. Goes over names and dots only.
    func skipType(_ i: Int) -> Int {
        var k = i
        while base.isName(k) {
            if base.is(k + 1, .dot) { k += 2 } else { return k + 1 }
        }
        return k
    }

    /// The token after the type that starts at `i`: a type ends with its line unless an operator goes on with it.
    func typeEnd(_ i: Int) -> Int {
        var k = i
        let limit = min(base.count, i + 400)
        var depth = 0
        while k < limit {
            let token = base.tokens[k]
            let isJoined =
                base.is(k, .bar) || base.is(k, .ampersand) || base.is(k - 1, .bar) || base.is(k - 1, .ampersand)
                || base.is(k - 1, .arrow) || base.is(k - 1, .colon) || base.is(k, .assign)
            if k > i, depth <= 0, base.isOnNewLine(k), !isJoined { return k }
            if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) {
                k = base.after(k)
                continue
            }
            if token.is(.less) { depth += 1 } else if token.is(.greater) { depth -= 1 }
            let isEnd =
                token.is(.assign) || token.is(.semicolon) || token.is(.comma) || token.is(.closeBrace)
                || token.is(.close) || token.is(.of) || token.is(.in)
            if depth <= 0, isEnd { return k }
            k += 1
        }
        return k
    }

    mutating func typeDeclaration(_ i: Int, _ word: Word) -> Int {
        guard base.isName(i + 1),
            base.is(i + 2, .openBrace) || base.is(i + 2, .assign) || base.is(i + 2, .less) || base.is(i + 2, .extends)
        else {
            return plainName(i)
        }
        program.declared.insert(program.member(base.file, base.name(i + 1)))
        var k = i + 2
        let limit = min(base.count, k + 4_000)
        if word == .interface {
            while k < limit, !base.is(k, .openBrace) { k += 1 }
            return k < limit ? base.after(k) : i + 2
        }
        // A type alias ends at a semicolon, or where a new line does not go on with it.
        var depth = 0
        while k < limit {
            let token = base.tokens[k]
            if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) {
                k = base.after(k)
            } else {
                if token.is(.less) { depth += 1 } else if token.is(.greater) { depth -= 1 }
                k += 1
            }
            if base.is(k, .semicolon) { return k }
            let goesOn =
                base.is(k, .bar) || base.is(k, .ampersand) || base.is(k - 1, .bar) || base.is(k - 1, .ampersand)
                || base.is(k - 1, .assign) || base.is(k, .question) || base.is(k, .colon)
                || base.is(k - 1, .arrow) || base.is(k, .extends) || depth > 0
            if k < base.count, base.isOnNewLine(k), !goesOn { return k }
        }
        return k
    }

    /// The `(` behind type arguments, `f<A, B>(`; `nil` when this is a comparison.
    func typeArguments(_ i: Int) -> Int? {
        guard let end = typeArgumentsEnd(i), base.is(end, .open) else { return nil }
        return end
    }

    /// The token after `<...>`.
    func typeArgumentsEnd(_ i: Int) -> Int? {
        var depth = 0
        var k = i
        let limit = min(base.count, i + 80)
        while k < limit {
            let token = base.tokens[k]
            if token.is(.less) { depth += 1; k += 1; continue }
            if token.is(.greater) {
                depth -= 1
                k += 1
                if depth == 0 { return k }
                continue
            }
            if token.is(.openBrace) || token.is(.openSquare) || token.is(.open) { k = base.after(k); continue }
            let isType =
                token.kind == .name || token.kind == .string || token.kind == .number || token.is(.comma)
                || token.is(.dot) || token.is(.bar)
                || token.is(.ampersand) || token.is(.arrow) || token.is(.question) || token.is(.colon)
                || token.is(.assign)
            if !isType { return nil }
            k += 1
        }
        return nil
    }
}
