/// Variables: what a name stands for from here on.
extension JavaScriptReader {
    mutating func assignment(_ i: Int) {
        let (value, _) = chain(i + 2, record: false)
        let name = base.name(i)
        if value == SymbolTable.unknown, let text = constant(i + 2) { return assignText(name, text) }
        noteStartable(name, i + 2)
        if !base.scopes.assign(name, value), value != SymbolTable.unknown {
            program.alias(program.member(base.file, name), to: value)
        }
    }

    /// `command = "open"` in one branch and `command = "xdg-open"` in another: it may be either.
    mutating func assignText(_ name: NameID, _ text: Argument) {
        let bound = base.scopes.value(name)
        if bound == Scopes.unbound { return addConstant(program.member(base.file, name), text) }
        if bound == SymbolTable.unknown {
            let symbol = program.member(base.functions.last?.symbol ?? base.file, name)
            program.declared.insert(symbol)
            program.constants[symbol] = text
            _ = base.scopes.assign(name, symbol)
        } else if program.constants[bound] != nil {
            addConstant(bound, text)
        }
    }

    /// `command += " --flag"`: the text goes on.
    mutating func appending(_ i: Int) {
        let symbol = lookup(base.name(i))
        guard symbol >= SymbolTable.first, let known = program.constants[symbol],
            let added = constant(i + 2)
        else { return }
        let more: String
        switch added {
        case .literal(let text), .template(_, let text), .filled(_, .template(_, let text)): more = text
        default: more = Argument.hole
        }
        switch known {
        case .literal(let text) where text.utf8.count < 4_096:
            program.constants[symbol] = .template(prefix: text, text: text + more)
        case .template(let prefix, let text) where text.utf8.count < 4_096:
            program.constants[symbol] = .template(prefix: prefix, text: text + more)
        default: return
        }
    }

    /// A second text for the same name makes it a choice between the two.
    mutating func addConstant(_ symbol: SymbolID, _ text: Argument) {
        switch program.constants[symbol] {
        case nil: program.constants[symbol] = text
        case .choice(let known)? where known.count < 12 && !known.contains(text):
            program.constants[symbol] = .choice(known + [text])
        case .choice?: return
        case let known? where known != text: program.constants[symbol] = .choice([known, text])
        default: return
        }
    }

    mutating func declaration(_ i: Int) -> Int {
        var k = i + 1
        if base.is(k, .enumWord) { return k + 1 }
        if base.is(k, .openBrace) || base.is(k, .openSquare) {
            let close = base.after(k)
            var at = close
            if base.is(at, .colon) { while at < min(base.count, close + 60), !base.is(at, .assign) { at += 1 } }
            guard base.is(at, .assign) else {
                for name in patternNames(k) { bindLocal(name, SymbolTable.unknown) }
                return close
            }
            let (value, _) = chain(at + 1, record: false)
            if base.is(k, .openBrace) {
                destructure(k, value)
            } else {
                for name in patternNames(k) { bindLocal(name, program.element(value)) }
            }
            return at + 1
        }
        guard base.isName(k) else { return k }
        let name = base.name(k)
        var annotation: SymbolID?
        let nameAt = k
        k += 1
        if base.is(k, .bang) { k += 1 }
        if base.is(k, .colon) {
            annotation = typeSymbol(k + 1)
            k = typeEnd(k + 1)
        }
        if base.is(k, .of) {  // for (const name of list)
            let (value, _) = chain(k + 1, record: false)
            bindLocal(name, program.element(value))
            return k + 1
        }
        guard base.is(k, .assign) else {
            bindLocal(name, annotation.map { program.call($0) } ?? SymbolTable.unknown)
            return k
        }
        if isFunction(k + 1) {
            let symbol = declare(name, nameAt)
            if base.is(k + 1, .function) || (base.is(k + 1, .async) && base.is(k + 2, .function)) {
                return functionDeclaration(base.is(k + 1, .async) ? k + 2 : k + 1, symbol: symbol)
            }
            return k + 1
        }
        let (value, _) = chain(k + 1, record: false)
        bindLocal(name, value == SymbolTable.unknown ? annotation.map { program.call($0) } ?? value : value)
        if let argument = constant(k + 1) {
            let symbol = program.member(
                base.scopes.depth == 0 ? base.file : base.functions.last?.symbol ?? base.file, name)
            if base.scopes.depth > 0 {
                program.declared.insert(symbol)
                program.alias(symbol, to: value)
                base.scopes.bind(name, symbol)
            }
            if program.constants[symbol] == nil { program.constants[symbol] = argument }
        }
        if base.is(k + 1, .openBrace) || base.is(k + 1, .openSquare) { groupTexts(k + 1, name) }
        noteStartable(name, k + 1)
        return k + 1
    }

    /// `const players = [{cmd: "aplay"}, {cmd: "mpg123"}]`, `const paths = {tool: "/usr/bin/tool"}`: texts by their places.
    private mutating func groupTexts(_ open: Int, _ name: NameID) {
        let owner = base.scopes.depth == 0 ? base.file : base.functions.last?.symbol ?? base.file
        let symbol = program.member(owner, name)
        let before = program.constants.count
        if base.is(open, .openBrace) { objectTexts(open, symbol) } else { elementTexts(open, symbol) }
        if base.scopes.depth > 0, program.constants.count > before, base.scopes.value(name) == SymbolTable.unknown {
            program.declared.insert(symbol)
            base.scopes.bind(name, symbol)
        }
    }

    mutating func objectTexts(_ open: Int, _ symbol: SymbolID, depth: Int = 0) {
        guard depth < 3, let close = base.partner(open) else { return }
        var k = open + 1, members = 0
        while k < close, members < 40 {
            let isMember =
                base.isName(k) && base.name(k) != program.javascript.description || base.isString(k)
            if isMember, base.is(k + 1, .colon), k + 2 < close,
                base.isString(k + 2) || base.tokens[k + 2].kind == .head || base.is(k + 2, .openBrace)
                    || base.is(k + 2, .openSquare)
            {
                let name = base.isString(k) ? program.names.intern(base.text(k)) : base.name(k)
                let member = program.member(symbol, name)
                if base.is(k + 2, .openBrace) {
                    objectTexts(k + 2, member, depth: depth + 1)
                } else if base.isString(k + 2) || base.tokens[k + 2].kind == .head, let text = constant(k + 2) {
                    addConstant(member, text)
                } else if base.is(k + 2, .openSquare) {
                    elementTexts(k + 2, member, depth: depth + 1)
                }
            }
            members += 1
            k = expressionEnd(k) + 1
        }
    }

    private mutating func elementTexts(_ open: Int, _ symbol: SymbolID, depth: Int = 0) {
        guard depth < 3, let close = base.partner(open) else { return }
        var k = open + 1, members = 0
        while k < close, members < 12 {
            if base.is(k, .openBrace) {
                objectTexts(k, program.element(symbol), depth: depth + 1)
            } else if base.isString(k), base.is(k + 1, .comma) || k + 1 == close {
                addConstant(program.element(symbol), .literal(base.text(k)))
            }
            members += 1
            k = expressionEnd(k) + 1
        }
    }

    /// A literal, or the literal that stands behind `||` or `??`.
    mutating func constant(_ i: Int) -> Argument? {
        switch base.tokens.indices.contains(i) ? base.tokens[i].kind : .symbol {
        case .string, .head:
            let argument = self.argument(i, expressionEnd(i))
            return argument == .other ? nil : argument
        case .symbol where base.is(i, .openSquare): return argument(i, base.after(i))
        case .name:
            let end = expressionEnd(i)
            if end - 2 > i, base.isString(end - 1), base.is(end - 2, .orOr) || base.is(end - 2, .coalesce) {
                return .literal(base.text(end - 1))
            }
            let choice = alternatives(i, end)
            if choice != .other { return choice }
            return nil
        default: return nil
        }
    }

    mutating func bindLocal(_ name: NameID, _ value: SymbolID) {
        if base.scopes.depth == 0 {
            let symbol = program.member(base.file, name)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
        } else {
            base.scopes.bind(name, value)
        }
    }

    /// `const {a, b: c, d = 1} = value`
    mutating func destructure(_ open: Int, _ value: SymbolID) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            if base.is(k, .spread), base.isName(k + 1) {
                bindLocal(base.name(k + 1), value)
                k += 2
                continue
            }
            guard base.isName(k) else { k = k + 1; continue }
            let member = program.member(value, base.name(k))
            if member >= SymbolTable.first { base.use(member, .reference, k) }
            if base.is(k + 1, .colon), base.isName(k + 2) {
                bindLocal(base.name(k + 2), member)
            } else if base.is(k + 1, .colon), base.is(k + 2, .openBrace) {
                destructure(k + 2, member)
            } else {
                bindLocal(base.name(k), member)
            }
            k = expressionEnd(k) + 1
        }
    }

    func lookup(_ name: NameID) -> SymbolID {
        let local = base.scopes.value(name)
        if local != Scopes.unbound { return local }
        return program.member(base.file, name)
    }
}
