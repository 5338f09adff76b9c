/// Reads JavaScript and TypeScript: ES modules, CommonJS and what compilers make of the one for the other.
struct JavaScriptReader {
    var base: SourceReader
    var program: Program { base.program }
    let isTypeScript: Bool
    /// Parameters of the function whose body starts at a token.
    var bodies: [Int: [(NameID, SymbolID)]] = [:]
    var functionBodies: [Int: SymbolID] = [:]
    var classBodies: [Int: SymbolID] = [:]
    /// Names that stand for files which may be started as programs or workers.
    var startable: [NameID: String] = [:]
    /// Parts of functions that stand for one tool each: they give nothing back.
    var toolParts: Set<SymbolID> = []
    /// Switches around the present token: whether they tell tools apart, and the token after them.
    var switches: [(isTool: Bool, end: Int)] = []
    var labels: Set<Int> = []

    init(_ base: SourceReader, isTypeScript: Bool) {
        self.base = base
        self.isTypeScript = isTypeScript
    }

    mutating func read() {
        var i = 0
        while i < base.count {
            base.leave(before: i)
            i = max(statement(i), i + 1)
        }
        if base.facts.imports.contains(where: \.isComputed) { loadedFolders() }
    }

    /// Looks at the token `i`.
    /// - Returns: The next token to look at.
    mutating func statement(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string:
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .head, .middle, .tail:
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .symbol:
            if token.is(.open) { return parenthesis(i) }
            if token.is(.openBrace) {
                enterBrace(i)
                toolDefinition(i)
            }
            return i + 1
        case .name: return word(i)
        default: return i + 1
        }
    }

    mutating func enterBrace(_ i: Int) {
        guard let end = base.partner(i) else { return }
        base.scopes.push(until: end + 1)
        if let parameters = bodies.removeValue(forKey: i) {
            for (name, value) in parameters { base.scopes.bind(name, value) }
        }
        if let function = functionBodies.removeValue(forKey: i) { base.functions.append((function, end + 1)) }
        if let type = classBodies.removeValue(forKey: i) { base.classes.append((type, end + 1)) }
    }

    func isOperatorWord(_ token: Token) -> Bool {
        guard let word = Word(rawValue: token.value) else { return false }
        switch word {
        case .return, .await, .typeof, .void, .delete, .throw, .case, .in, .of, .yield, .new, .if, .while, .for,
            .switch,
            .else, .do, .instanceof, .default:
            return true
        default: return false
        }
    }

    mutating func word(_ i: Int) -> Int {
        let previous = i > 0 ? base.tokens[i - 1] : nil
        if let previous, previous.is(.dot) || previous.is(.optionalDot) { return i + 1 }
        guard let word = Word(rawValue: base.name(i)) else { return plainName(i) }
        switch word {
        case .import:
            if base.is(i + 1, .open) { _ = chain(i, record: true); return i + 1 }
            if base.is(i + 1, .dot) { return i + 1 }
            return importStatement(i)
        case .export: return exportStatement(i)
        case .const, .let, .var: return declaration(i)
        case .function: return functionDeclaration(i)
        case .class: return classDeclaration(i)
        case .interface, .type: return typeDeclaration(i, word)
        case .return:
            if let function = base.functions.last(where: { !toolParts.contains($0.symbol) })?.symbol,
                !base.isOnNewLine(i + 1)
            {
                let (value, _) = chain(i + 1, record: false)
                program.alias(program.call(function), to: value)
                returnedText(function, i + 1, value)
            }
            return i + 1
        case .delete:
            let (value, end) = chain(i + 1, record: false)
            if program.symbols.root(value).root != SymbolTable.unknown { base.use(value, .removal, i + 1); return end }
            return i + 1
        case .new, .await, .typeof, .void, .throw, .case, .in, .of, .yield, .if, .else, .for, .while, .do, .switch,
            .try,
            .finally, .async, .default, .extends, .instanceof, .break, .continue, .public, .private, .protected,
            .readonly, .abstract, .declare, .override, .implements, .as, .satisfies, .keyof, .is, .enumWord, .super_:
            if word == .as || word == .satisfies { return skipType(i + 1) }
            return memberOrPlain(i, word)
        case .static, .get, .set, .accessor: return memberOrPlain(i, word)
        case .catch:
            if base.is(i + 1, .open), let end = base.partner(i + 1), base.is(end + 1, .openBrace) {
                bodies[end + 1] = parameterList(i + 1, function: nil)
            }
            return i + 1
        case .module, .exports: return commonExport(i, word)
        default: return plainName(i)
        }
    }

    /// `if (process.env.NODE_ENV === "test") {...}` ships and never runs: the token after its block.
    mutating func testBlock(_ i: Int) -> Int? {
        guard base.is(i + 1, .open), let close = base.partner(i + 1), base.is(close + 1, .openBrace), close - i < 40
        else {
            return nil
        }
        let isTest = (i + 2..<close).contains { k in
            base.isString(k) && (base.is(k - 1, Sign("=", "=", "=")) || base.is(k - 1, .equal))
                && base.text(k) == "test"
                && base.isName(k - 2) && program.names.text(base.name(k - 2)) == "NODE_ENV"
        }
        let hasAlternative = (i + 2..<close).contains { base.is($0, .orOr) }
        guard isTest, !hasAlternative else { return nil }
        for k in i + 2..<close where base.isName(k) && !base.is(k - 1, .dot) { _ = chain(k, record: true) }
        return base.after(close + 1)
    }

    mutating func memberOrPlain(_ i: Int, _ word: Word) -> Int {
        if word == .if, let end = testBlock(i) { return end }
        if word == .if { toolBranch(i) }
        if word == .case { toolCase(i) }
        if word == .switch { toolSwitch(i) }
        // A word may be a method's name: `delete(id) {`, `async get(x) {`; but `if (x) {` is one only in a class.
        let isStatement: Bool
        switch word {
        case .if, .for, .while, .switch, .with, .else, .do, .try: isStatement = true
        default: isStatement = false
        }
        if !isStatement || isInClassBody, isMethod(i) { return method(i) }
        return i + 1
    }

    mutating func plainName(_ i: Int) -> Int {
        if isMethod(i) { return method(i) }
        // A key of an object, a label, a parameter with a type: no use.
        if base.is(i + 1, .colon), i > 0, base.is(i - 1, .openBrace) || base.is(i - 1, .comma) {
            return i + 1
        }
        if base.is(i + 1, .arrow) {  // x => ...
            let symbol = pendingFunction(before: i)
            let body = i + 2
            let value = symbol.map { parameter($0, 0, base.name(i)) } ?? SymbolTable.unknown
            if base.is(body, .openBrace) {
                bodies[body] = [(base.name(i), value)]
                if let symbol { functionBodies[body] = symbol }
            } else {
                let end = expressionEnd(body)
                base.scopes.push(until: end)
                base.scopes.bind(base.name(i), value)
                if let symbol { base.functions.append((symbol, end)) }
            }
            return body
        }
        if isInClassBody,
            base.is(i + 1, .colon) || base.is(i + 1, .assign) || base.is(i + 1, .bang) || base.is(i + 1, .question)
        {
            return field(i)
        }
        if base.is(i + 1, .assign) { assignment(i) }
        if base.is(i + 1, Sign("+", "=")) { appending(i) }
        _ = chain(i, record: true)
        return i + 1
    }
}
