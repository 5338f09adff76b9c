/// Reads JavaScript and TypeScript: ES modules, CommonJS and what compilers make of the one for the other.
struct JavaScriptReader {
    var base: SourceReader
    private var program: Program { base.program }
    private let isTypeScript: Bool
    /// Parameters of the function whose body starts at a token.
    private var bodies: [Int: [(NameID, SymbolID)]] = [:]
    private var functionBodies: [Int: SymbolID] = [:]
    private var classBodies: [Int: SymbolID] = [:]

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
    }

    /// Looks at the token `i`.
    /// - Returns: The next token to look at.
    private mutating func statement(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string:
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .head:
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .symbol:
            if token.is(.open) { return parenthesis(i) }
            if token.is(.openBrace) { enterBrace(i) }
            return i + 1
        case .name: return word(i)
        default: return i + 1
        }
    }

    private mutating func enterBrace(_ i: Int) {
        guard let end = base.partner(i) else { return }
        base.scopes.push(until: end + 1)
        if let parameters = bodies.removeValue(forKey: i) {
            for (name, value) in parameters { base.scopes.bind(name, value) }
        }
        if let function = functionBodies.removeValue(forKey: i) { base.functions.append((function, end + 1)) }
        if let type = classBodies.removeValue(forKey: i) { base.classes.append((type, end + 1)) }
    }

    /// `(`: parameters of an arrow function, or the start of a chain such as `(await import("x")).y()`.
    private mutating func parenthesis(_ i: Int) -> Int {
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
    private mutating func defaults(_ open: Int, _ close: Int) {
        for k in open..<close where base.is(k, .assign) { _ = chain(k + 1, record: true) }
    }

    private func isOperatorWord(_ token: Token) -> Bool {
        guard let word = Word(rawValue: token.value) else { return false }
        switch word {
        case .return, .await, .typeof, .void, .delete, .throw, .case, .in, .of, .yield, .new, .if, .while, .for,
            .switch,
            .else, .do, .instanceof, .default:
            return true
        default: return false
        }
    }

    /// The first token of the body when `=>` follows the parameter list, with or without a return type.
    private func arrowBody(after close: Int) -> Int? {
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
    private mutating func pendingFunction(before i: Int) -> SymbolID? {
        var k = i - 1
        if base.is(k, .async) { k -= 1 }
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

    /// The symbol of a name declared here: the file's own at the top, else one below the function.
    private mutating func declare(_ name: NameID, _ i: Int) -> SymbolID {
        let owner = base.functions.last?.symbol ?? base.file
        let symbol = program.member(base.scopes.depth == 0 ? base.file : owner, name)
        program.declared.insert(symbol)
        if base.scopes.depth > 0 { base.scopes.bind(name, symbol) }
        return symbol
    }

    /// - Parameter body: The first token of the body: a brace, or an expression.
    private mutating func enterFunction(parameters open: Int, body: Int, symbol: SymbolID?) {
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
    private func expressionEnd(_ i: Int) -> Int {
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

    private mutating func parameterList(_ open: Int, function: SymbolID?) -> [(NameID, SymbolID)] {
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

    private func parameter(_ function: SymbolID, _ position: Int, _ name: NameID) -> SymbolID {
        let symbol = program.member(function, "#\(position)")
        program.parameters[symbol] = (function, position, name)
        program.declared.insert(symbol)
        return symbol
    }

    /// All names that a destructuring pattern binds.
    private func patternNames(_ open: Int) -> [NameID] {
        guard let close = base.partner(open) else { return [] }
        var names: [NameID] = []
        for k in open + 1..<close where base.isName(k) && !base.is(k + 1, .colon) && !base.is(k - 1, .assign) {
            names.append(base.name(k))
        }
        return names
    }

    /// The symbol of a type annotation, when it is a plain or promised name that is not the language's own.
    private mutating func typeSymbol(_ i: Int) -> SymbolID? {
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

    private func couldBeDeclaredLater(_ name: NameID) -> Bool {
        let first = program.names.first(name)
        guard (0x41...0x5A).contains(first) else { return false }
        switch program.names.text(name) {
        case "Record", "Array", "Map", "Set", "Date", "Error", "Buffer", "Function", "Object", "String", "Uint8Array":
            return false
        default: return true
        }
    }

    // MARK: Names

    private mutating func word(_ i: Int) -> Int {
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
            if let function = base.functions.last?.symbol, !base.isOnNewLine(i + 1) {
                let (value, _) = chain(i + 1, record: false)
                program.alias(program.call(function), to: value)
                if value == SymbolTable.unknown { returnedText(function, i + 1) }
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
    private mutating func testBlock(_ i: Int) -> Int? {
        guard base.is(i + 1, .open), let close = base.partner(i + 1), base.is(close + 1, .openBrace), close - i < 40
        else {
            return nil
        }
        let isTest = (i + 2..<close).contains { k in
            base.isString(k) && (base.is(k - 1, Sign("===")) || base.is(k - 1, .equal)) && base.text(k) == "test"
                && base.isName(k - 2) && program.names.text(base.name(k - 2)) == "NODE_ENV"
        }
        let hasAlternative = (i + 2..<close).contains { base.is($0, .orOr) }
        guard isTest, !hasAlternative else { return nil }
        for k in i + 2..<close where base.isName(k) && !base.is(k - 1, .dot) { _ = chain(k, record: true) }
        return base.after(close + 1)
    }

    private mutating func memberOrPlain(_ i: Int, _ word: Word) -> Int {
        if word == .if, let end = testBlock(i) { return end }
        // A word may be a method's name: `delete(id) {`, `async get(x) {`; but `if (x) {` is one only in a class.
        let isStatement: Bool
        switch word {
        case .if, .for, .while, .switch, .with, .else, .do, .try: isStatement = true
        default: isStatement = false
        }
        if !isStatement || isInClassBody, isMethod(i) { return method(i) }
        return i + 1
    }

    /// `as Type`: types are no uses. Goes over names and dots only.
    private func skipType(_ i: Int) -> Int {
        var k = i
        while base.isName(k) {
            if base.is(k + 1, .dot) { k += 2 } else { return k + 1 }
        }
        return k
    }

    private var isInClassBody: Bool {
        guard let type = base.classes.last else { return false }
        return base.functions.last.map { $0.end > type.end } ?? true
    }

    /// `name(...) {` or `name(...): Type {` in a class body or an object.
    private func isMethod(_ i: Int) -> Bool {
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

    private func isModifier(_ token: Token) -> Bool {
        guard let word = Word(rawValue: token.value) else { return false }
        switch word {
        case .async, .public, .private, .protected, .static, .get, .set, .override, .readonly, .abstract: return true
        default: return false
        }
    }

    private func methodBody(_ close: Int) -> Int? {
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

    private mutating func method(_ i: Int) -> Int {
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

    private mutating func plainName(_ i: Int) -> Int {
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
        _ = chain(i, record: true)
        return i + 1
    }

    /// `client: Type = value;` in a class body.
    private mutating func field(_ i: Int) -> Int {
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

    private mutating func assignment(_ i: Int) {
        let (value, _) = chain(i + 2, record: false)
        let name = base.name(i)
        if !base.scopes.assign(name, value), value != SymbolTable.unknown {
            program.alias(program.member(base.file, name), to: value)
        }
    }

    // MARK: Modules

    private func moduleSymbol(_ specifier: String) -> SymbolID {
        // What a name of the program stands for is set when the file it leads to is known.
        program.member(base.file, "import:" + specifier)
    }

    private mutating func load(_ specifier: String, _ i: Int, isTypeOnly: Bool = false, isBare: Bool = false)
        -> SymbolID
    {
        let symbol = moduleSymbol(specifier)
        program.declared.insert(symbol)
        base.importFact(specifier, i, isTypeOnly: isTypeOnly, isBare: isBare)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        return symbol
    }

    private mutating func bindImport(_ name: NameID, _ value: SymbolID) {
        let symbol = program.member(base.file, name)
        program.declared.insert(symbol)
        program.alias(symbol, to: value)
        if base.scopes.depth > 0 { base.scopes.bind(name, value) }
    }

    private mutating func importStatement(_ i: Int) -> Int {
        var k = i + 1
        if base.isString(k) {
            _ = load(base.text(k), k, isBare: true)
            return k + 1
        }
        var isTypeOnly = false
        if base.is(k, .type), !base.is(k + 1, .from) || base.is(k + 2, .from), !base.is(k + 1, .comma),
            !base.is(k + 1, .assign)
        {
            isTypeOnly = true
            k += 1
        }
        // `import x = require("y")`
        if base.isName(k), base.is(k + 1, .assign) {
            let (value, end) = chain(k + 2, record: true)
            bindImport(base.name(k), value)
            return end
        }
        var end = k
        let limit = min(base.count, k + 4_000)
        while end < limit, !base.isString(end), !base.is(end, .semicolon) { end += 1 }
        guard base.isString(end) else { return i + 1 }
        let module = load(base.text(end), end, isTypeOnly: isTypeOnly)
        while k < end {
            if base.is(k, .star), base.is(k + 1, .as), base.isName(k + 2) {
                bindImport(base.name(k + 2), module)
                k += 3
            } else if base.is(k, .openBrace) {
                importNames(k, module)
                k = base.after(k)
            } else if base.isName(k), !base.is(k, .from) || base.is(k + 1, .from) {
                bindImport(base.name(k), program.member(module, Word.default.rawValue))
                k += 1
            } else {
                k += 1
            }
        }
        return end + 1
    }

    private mutating func importNames(_ open: Int, _ module: SymbolID) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            if base.is(k, .type), base.isName(k + 1), !base.is(k + 1, .as) || base.is(k + 2, .as) {
                // Only a type: bound, since annotations use it, and no reason to think that anything runs.
                k += 1
            }
            guard base.isName(k) else { k += 1; continue }
            let value = program.member(module, base.name(k))
            if base.is(k + 1, .as), base.isName(k + 2) {
                bindImport(base.name(k + 2), value)
                k += 3
            } else {
                bindImport(base.name(k), value)
                k += 1
            }
        }
    }

    private mutating func exportStatement(_ i: Int) -> Int {
        let k = i + 1
        if base.is(k, .star) {
            var end = k + 1
            let name = base.is(end, .as) && base.isName(end + 1) ? base.name(end + 1) : nil
            while end < min(base.count, k + 6), !base.isString(end) { end += 1 }
            guard base.isString(end) else { return k + 1 }
            let module = load(base.text(end), end)
            if let name { bindImport(name, module) } else { program.stars[base.file, default: []].append(module) }
            return end + 1
        }
        if base.is(k, .openBrace) || (base.is(k, .type) && base.is(k + 1, .openBrace)) {
            let open = base.is(k, .openBrace) ? k : k + 1
            let close = base.after(open)
            var module: SymbolID?
            if base.is(close, .from), base.isString(close + 1) {
                module = load(base.text(close + 1), close + 1, isTypeOnly: open != k)
            }
            exportNames(open, module)
            return module == nil ? close : close + 2
        }
        if base.is(k, .default) {
            let symbol = program.member(base.file, Word.default.rawValue)
            program.declared.insert(symbol)
            var at = k + 1
            if base.is(at, .async) { at += 1 }
            if (base.is(at, .function) || base.is(at, .class)), base.isName(at + 1), !base.is(at + 1, .extends) {
                program.alias(symbol, to: program.member(base.file, base.name(at + 1)))
            } else if !base.is(at, .function), !base.is(at, .class) {
                let (value, _) = chain(k + 1, record: false)
                program.alias(symbol, to: value)
            }
            return k + 1
        }
        return k
    }

    private mutating func exportNames(_ open: Int, _ module: SymbolID?) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            guard base.isName(k) else { k += 1; continue }
            let source = program.member(module ?? base.file, base.name(k))
            var exported = base.name(k)
            if base.is(k + 1, .as), base.isName(k + 2) {
                exported = base.name(k + 2)
                k += 2
            }
            let symbol = program.member(base.file, exported)
            if symbol != source {
                program.declared.insert(symbol)
                program.alias(symbol, to: source)
            }
            k += 1
        }
    }

    /// `module.exports = x`, `exports.name = x`, `module.exports.name = x`.
    private mutating func commonExport(_ i: Int, _ word: Word) -> Int {
        var k = i + 1
        if word == .module {
            guard base.is(k, .dot), base.is(k + 1, .exports) else { return plainName(i) }
            k += 2
        } else if base.is(k, .assign) || !base.is(k, .dot) {
            return plainName(i)
        }
        if base.is(k, .assign) {
            let (value, _) = chain(k + 1, record: false)
            let symbol = program.member(base.file, Word.default.rawValue)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
            if base.isName(k + 1) || base.is(k + 1, .require) { program.stars[base.file, default: []].append(value) }
            if base.is(k + 1, .openBrace) { objectExports(k + 1) }
            return k + 1
        }
        guard base.is(k, .dot), base.isName(k + 1), base.is(k + 2, .assign) else { return i + 1 }
        let symbol = program.member(base.file, base.name(k + 1))
        let (value, _) = chain(k + 3, record: false)
        if value != symbol {
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
        }
        return k + 3
    }

    private mutating func objectExports(_ open: Int) {
        guard let close = base.partner(open) else { return }
        var k = open + 1
        while k < close {
            if base.isName(k), base.is(k + 1, .colon) {
                let (value, _) = chain(k + 2, record: false)
                let symbol = program.member(base.file, base.name(k))
                if value != symbol {
                    program.declared.insert(symbol)
                    program.alias(symbol, to: value)
                }
            }
            k = expressionEnd(k) + 1
        }
    }

    // MARK: Declarations

    private mutating func declaration(_ i: Int) -> Int {
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
                for name in patternNames(k) { bindLocal(name, SymbolTable.unknown) }
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
            if base.scopes.depth > 0, value == SymbolTable.unknown {
                program.declared.insert(symbol)
                base.scopes.bind(name, symbol)
            }
            if program.constants[symbol] == nil { program.constants[symbol] = argument }
        }
        return k + 1
    }

    /// A literal, or the literal that stands behind `||` or `??`.
    private mutating func constant(_ i: Int) -> Argument? {
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
            return nil
        default: return nil
        }
    }

    private func isFunction(_ i: Int) -> Bool {
        var k = i
        if base.is(k, .async) { k += 1 }
        if base.is(k, .function) { return true }
        if base.is(k, .open), let close = base.partner(k) { return arrowBody(after: close) != nil }
        return base.isName(k) && base.is(k + 1, .arrow)
    }

    /// The token after the type that starts at `i`: a type ends with its line unless an operator goes on with it.
    private func typeEnd(_ i: Int) -> Int {
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

    private mutating func bindLocal(_ name: NameID, _ value: SymbolID) {
        if base.scopes.depth == 0 {
            let symbol = program.member(base.file, name)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
        } else {
            base.scopes.bind(name, value)
        }
    }

    /// `const {a, b: c, d = 1} = value`
    private mutating func destructure(_ open: Int, _ value: SymbolID) {
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

    private mutating func functionDeclaration(_ i: Int, symbol given: SymbolID? = nil) -> Int {
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

    private mutating func classDeclaration(_ i: Int) -> Int {
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

    private mutating func typeDeclaration(_ i: Int, _ word: Word) -> Int {
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
    private func typeArguments(_ i: Int) -> Int? {
        guard let end = typeArgumentsEnd(i), base.is(end, .open) else { return nil }
        return end
    }

    /// The token after `<...>`.
    private func typeArgumentsEnd(_ i: Int) -> Int? {
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

    /// A function that gives back a text stands for it.
    private mutating func returnedText(_ function: SymbolID, _ i: Int) {
        let result = program.call(function)
        guard i < base.count, base.tokens[i].kind == .string || base.tokens[i].kind == .head else { return }
        guard program.constants[result] == nil else { return }
        program.constants[result] = argument(i, expressionEnd(i))
    }

    // MARK: Chains

    private func lookup(_ name: NameID) -> SymbolID {
        let local = base.scopes.value(name)
        if local != Scopes.unbound { return local }
        return program.member(base.file, name)
    }

    /// Follows `a.b(c).d` from token `i`; with `record`, takes note of what is used on the way.
    /// - Returns: What the chain stands for, and the token after it.
    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
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
            guard let close = base.partner(i), arrowBody(after: close) == nil else { return (SymbolTable.unknown, k) }
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
            let isAssigned = base.is(k, .assign) || base.is(k, Sign("||=")) || base.is(k, Sign("??="))
            if isAssigned {
                assignMember(value, k + 1)
                base.use(value, .assignment, i)
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
    private mutating func assignMember(_ symbol: SymbolID, _ i: Int) {
        let root = program.symbols.root(symbol).root
        guard root == SymbolTable.files, program.symbols.nodes[Int(symbol)].parent != base.file else { return }
        if base.isString(i) { program.constants[symbol] = .literal(base.text(i)) }
        let (value, _) = chain(i, record: false)
        program.alias(symbol, to: value)
    }

    private func memberOrReceiver(_ value: SymbolID, _ name: NameID, calledAt: Int) -> SymbolID {
        if value != SymbolTable.unknown { return program.member(value, name) }
        if base.is(calledAt, .open), program.receiverNames.contains(name) {
            return program.member(base.receiver, name)
        }
        return value
    }

    /// Calls that give back what they were given: `promisify(exec)`, `__importStar(require("fs"))`.
    private func transparent(_ value: SymbolID) -> NameID? {
        guard value >= SymbolTable.first else { return nil }
        let name = program.symbols.nodes[Int(value)].name
        switch Word(rawValue: name) {
        case .promisify, .importDefault, .importStar, .interopWildcard, .interopDefault, .toESM: return name
        default: return nil
        }
    }

    /// `require(...)`, `import(...)`
    private mutating func loaded(_ i: Int, record: Bool, depth: Int) -> (SymbolID, Int) {
        let open = i + 1
        guard let close = base.partner(open) else { return (SymbolTable.unknown, open + 1) }
        var value = SymbolTable.unknown
        if base.isString(open + 1), base.is(open + 2, .close) || base.is(open + 2, .comma) {
            let name = base.text(open + 1)
            value = moduleSymbol(name)
            // Evaluated more than once, noted once.
            if !base.facts.imports.contains(where: { $0.symbol == value && $0.offset == base.tokens[open + 1].start }) {
                let isBare =
                    !(base.is(close + 1, .dot) || base.is(i - 1, .assign) || base.is(i - 1, .await)
                    || base.is(i - 1, .open))
                _ = load(name, open + 1, isBare: isBare)
            }
        } else if record {
            var fact = ImportFact(text: "", offset: base.tokens[i].start, line: base.tokens[i].line, isComputed: true)
            if case .template(let prefix, _) = argument(open + 1, close) { fact.text = prefix }
            base.facts.imports.append(fact)
            base.doubt(.dynamicImport, i, until: close)
        }
        var k = close + 1
        // `(await import("x")).y` is handled by the bracket around it.
        while base.is(k, .dot) || base.is(k, .optionalDot), base.isName(k + 1), base.name(k + 1) != Word.then.rawValue {
            value = program.member(value, base.name(k + 1))
            k += 2
            if base.is(k, .open) {
                if record { call(value, k, at: i) }
                value =
                    transparent(value) == nil ? program.call(value) : chain(k + 1, record: false, depth: depth + 1).0
                k = base.after(k)
            }
        }
        if base.is(k, .open), value != SymbolTable.unknown {
            if record { call(value, k, at: i) }
            value = program.call(value)
            k = base.after(k)
        }
        if record, value != SymbolTable.unknown { base.use(value, .reference, i) }
        return (value, k)
    }

    private mutating func call(_ value: SymbolID, _ open: Int, at i: Int) {
        guard value >= SymbolTable.first, let close = base.partner(open) else { return }
        let (arguments, named) = self.arguments(open, close)
        base.use(value, .call, i, arguments, named: named)
        if let name = Tools.registration(program, value), case .literal(let tool)? = arguments.first ?? named["name"] {
            register(tool, name, open, close, i)
        } else if let name = Tools.registration(program, value), name == "addTool",
            case .literal(let tool)? = named["name"]
        {
            register(tool, name, open, close, i)
        }
    }

    private mutating func register(_ tool: String, _ kind: String, _ open: Int, _ close: Int, _ i: Int) {
        let symbol = program.member(base.file, "tool:" + tool)
        program.declared.insert(symbol)
        program.tools.append(
            ToolFact(name: tool, handler: symbol, file: Int32(base.index), line: base.tokens[i].line))
        base.functions.append((symbol, close))
    }

    // MARK: Arguments

    private mutating func arguments(_ open: Int, _ close: Int) -> ([Argument], [String: Argument]) {
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

    private mutating func object(_ open: Int, _ close: Int, _ named: inout [String: Argument]) {
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
    private mutating func argument(_ start: Int, _ end: Int) -> Argument {
        guard start < end, start < base.count else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string where end == start + 1: return .literal(base.text(start))
        case .string where base.is(start + 1, .plus):
            return .template(prefix: base.text(start), text: base.text(start))
        case .head:
            var text = ""
            var k = start
            while k < min(end, base.count) {
                if base.tokens[k].kind == .head || base.tokens[k].kind == .middle || base.tokens[k].kind == .tail {
                    text += base.text(k)
                }
                if base.tokens[k].kind == .tail, Int(base.tokens[k].partner) == start { break }
                k += 1
            }
            return .template(prefix: base.text(start), text: text)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .name:
            if token.is(.true) || token.is(.false) { return .flag(token.is(.true)) }
            if token.is(.async) || token.is(.function) { return .other }
            let (value, last) = chain(start, record: false)
            if last >= end { return value >= SymbolTable.first ? .symbol(value) : .other }
            if base.is(last, .orOr) || base.is(last, .coalesce) { return argument(last + 1, end) }
            return .other
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
