/// Chains of members and calls: what an expression stands for.
extension JavaScriptReader {
    /// Follows `a.b(c).d` from token `i`; with `record`, takes note of what is used on the way.
    /// - Returns: What the chain stands for, and the token after it.
    mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while base.is(i, .await) || base.is(i, .new) || base.is(i, .bang) || base.is(i, .void) { i += 1 }
        let isNew = i > 0 && i > start && base.is(i - 1, .new) || (i > 0 && base.is(i - 1, .new))
        guard i < base.count else { return (SymbolTable.unknown, i) }
        let token = base.tokens[i]
        var value: SymbolID
        var k = i + 1
        switch token.kind {
        case .name:
            if token.is(.this) {
                value = base.classes.last.map { program.call($0.symbol) } ?? SymbolTable.unknown
            } else if token.is(.require) || token.is(.import), base.is(k, .open) {
                return loaded(i, record: record, depth: depth)
            } else if token.is(.import), base.is(k, .dot) {
                return (SymbolTable.unknown, k + 2)
            } else if token.is(.function) || token.is(.class) || token.is(.async) {
                return (SymbolTable.unknown, k)
            } else if token.is(.super_) {
                value = base.classes.last.flatMap { program.bases[program.call($0.symbol)] } ?? SymbolTable.unknown
            } else {
                value = lookup(token.value)
            }
        case .symbol where token.is(.open):
            guard let close = base.partner(i) else { return (SymbolTable.unknown, k) }
            if arrowBody(after: close) != nil { return (calledAtOnce(i) ?? SymbolTable.unknown, k) }
            // `(0, module.call)(...)`, as compilers write it: the last one counts.
            let inner = base.is(i + 2, .comma) && base.tokens[i + 1].kind == .number ? i + 3 : i + 1
            value = chain(inner, record: false, depth: depth + 1).0
            k = close + 1
        default: return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        while k < base.count {
            let next = base.tokens[k]
            if next.is(.dot) || next.is(.optionalDot) {
                if base.isName(k + 1) {
                    let name = base.name(k + 1)
                    if name == Word.then.rawValue, base.is(k + 2, .open) { break }
                    value = memberOrReceiver(value, name, calledAt: k + 2)
                    k += 2
                    wasCalled = false
                } else if base.is(k + 1, .open) || base.is(k + 1, .openSquare) {
                    k += 1
                } else if base.is(k + 1, .hash), base.isName(k + 2) {
                    value = program.member(value, base.name(k + 2))
                    k += 3
                } else {
                    break
                }
            } else if next.is(.open) {
                if record { call(value, k, at: i) }
                if let name = transparent(value), let close = base.partner(k), close > k + 1 {
                    _ = name
                    value = chain(k + 1, record: false, depth: depth + 1).0
                } else {
                    value = program.call(value)
                }
                k = base.after(k)
                wasCalled = true
                if value == SymbolTable.unknown, !(base.is(k, .dot) || base.is(k, .optionalDot)) { break }
            } else if next.is(.openSquare), !base.isOnNewLine(k) {
                if base.isString(k + 1), base.is(k + 2, .closeSquare) {
                    value = program.member(value, base.text(k + 1))
                } else {
                    value = program.element(value)
                }
                k = base.after(k)
                wasCalled = false
            } else if next.is(.bang), !base.isOnNewLine(k),
                base.is(k + 1, .dot) || base.is(k + 1, .open) || base.is(k + 1, .openSquare)
            {
                k += 1
            } else if next.is(.less), !base.isOnNewLine(k), let open = typeArguments(k) {
                k = open
            } else if next.kind == .head || next.kind == .string, next.opening == 1,
                base.bytes[Int(next.start)] == 0x60,
                !base.isOnNewLine(k)
            {
                if record, base.matters(value) {  // a tagged template
                    base.use(value, .call, i, [argument(k, base.after(k))])
                }
                value = program.call(value)
                k = base.after(k)
                wasCalled = true
            } else {
                break
            }
        }
        if isNew, !wasCalled, value != SymbolTable.unknown { value = program.call(value) }
        if record, !wasCalled, value >= SymbolTable.first {
            let isAssigned = base.is(k, .assign) || base.is(k, Sign("|", "|", "=")) || base.is(k, Sign("?", "?", "="))
            // `let a = process.env.A; a = b` changes the variable, not what it was given first.
            let isPlain = k == i + 1
            if isAssigned {
                if !isPlain {
                    assignMember(value, k + 1)
                    base.use(value, .assignment, i)
                }
            } else {
                base.use(value, .reference, i)
            }
        }
        // `a || b`, `a ?? b`: what is known of the two.
        if !record, value == SymbolTable.unknown, base.is(k, .orOr) || base.is(k, .coalesce) {
            return chain(k + 1, record: false, depth: depth + 1)
        }
        return (value, k)
    }

    /// `this.client = value`, `Foo.shared = value`
    mutating func assignMember(_ symbol: SymbolID, _ i: Int) {
        let root = program.symbols.root(symbol).root
        guard root == SymbolTable.files, program.symbols.nodes[Int(symbol)].parent != base.file else { return }
        if base.isString(i) { program.constants[symbol] = .literal(base.text(i)) }
        let (value, _) = chain(i, record: false)
        program.alias(symbol, to: value)
    }

    func memberOrReceiver(_ value: SymbolID, _ name: NameID, calledAt: Int) -> SymbolID {
        if value != SymbolTable.unknown { return program.member(value, name) }
        if base.is(calledAt, .open), program.receiverNames.contains(name) {
            return program.member(base.receiver, name)
        }
        return value
    }

    /// Calls that give back what they were given: `promisify(exec)`, `__importStar(require("fs"))`.
    func transparent(_ value: SymbolID) -> NameID? {
        guard value >= SymbolTable.first else { return nil }
        let name = program.symbols.nodes[Int(value)].name
        switch Word(rawValue: name) {
        case .promisify, .importDefault, .importStar, .interopWildcard, .interopDefault, .toESM: return name
        default: return nil
        }
    }
}
