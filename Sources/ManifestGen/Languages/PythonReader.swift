/// Reads Python: imports, classes, functions, `with` and assignments, by the indentation of lines.
struct PythonReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// The dotted name of the package that the file belongs to, for relative imports.
    private let module: [String]
    private let isPackage: Bool
    /// Blocks around the present line: what they are, and how far the line that opened them is indented.
    private var blocks: [(column: Int, isFunction: Bool, isClass: Bool, isTypeChecking: Bool)] = []
    private var decorators: [(symbol: SymbolID, arguments: [Argument], named: [String: Argument])] = []

    init(_ base: SourceReader, module: [String], isPackage: Bool) {
        self.base = base
        self.module = module
        self.isPackage = isPackage
    }

    mutating func read() {
        var i = 0
        while i < base.count {
            base.checkTime(at: i)
            let end = lineEnd(i)
            closeBlocks(column: column(i))
            line(i, end)
            i = end
        }
        while !blocks.isEmpty { closeBlock() }
    }

    /// The token after a logical line: brackets and backslashes join lines, semicolons part them.
    private func lineEnd(_ start: Int) -> Int {
        var k = start
        while k < base.count {
            let token = base.tokens[k]
            if token.is(.semicolon) { return k + 1 }
            var next = k + 1
            if token.is(.open) || token.is(.openSquare) || token.is(.openBrace) || token.kind == .head {
                next = base.after(k)
            }
            if next >= base.count { return base.count }
            let last = base.tokens[next - 1]
            if base.tokens[next].line > lastLine(next - 1), !last.is(.backslash) { return next }
            k = next
        }
        return base.count
    }

    /// The line on which a token ends.
    private func lastLine(_ i: Int) -> Int32 {
        let token = base.tokens[i]
        guard token.kind == .string || token.kind == .tail, token.opening >= 3 || token.closing >= 3 else {
            return token.line
        }
        var line = token.line
        for k in Int(token.start)..<Int(token.end) where base.bytes[k] == 0x0A { line += 1 }
        return line
    }

    private func column(_ i: Int) -> Int {
        var k = Int(base.tokens[i].start)
        let end = k
        while k > 0, base.bytes[k - 1] != 0x0A { k -= 1 }
        // A statement behind a semicolon or a colon belongs to the line's block.
        var column = 0
        while k < end, base.bytes[k] == 0x20 || base.bytes[k] == 0x09 {
            column += base.bytes[k] == 0x09 ? 8 - column % 8 : 1
            k += 1
        }
        return column
    }

    private mutating func closeBlocks(column: Int) {
        while let last = blocks.last, last.column >= column { closeBlock() }
    }

    private mutating func closeBlock() {
        let block = blocks.removeLast()
        if block.isFunction {
            base.functions.removeLast()
            base.scopes.pop()
        }
        if block.isClass { base.classes.removeLast() }
    }

    private var isTypeChecking: Bool { blocks.contains { $0.isTypeChecking } }

    // MARK: Lines

    private mutating func line(_ start: Int, _ end: Int) {
        var i = start
        if base.is(i, .at) {
            let (value, _) = chain(i + 1, end, record: true)
            var k = i + 1
            while k < end, base.isName(k) || base.is(k, .dot) { k += 1 }
            if base.is(k, .open), let close = base.partner(k) {
                let (list, named) = arguments(k, close)
                decorators.append((value, list, named))
            } else {
                decorators.append((program.call(value), [], [:]))
            }
            return uses(i + 1, end)
        }
        if base.is(i, .del) {
            let (value, _) = chain(i + 1, end, record: false)
            let key: [Argument] =
                base.isString(end - 2) && base.is(end - 1, .closeSquare) ? [.literal(base.text(end - 2))] : []
            return base.use(value, .removal, i + 1, key)
        }
        guard base.isName(i), let word = Word(rawValue: base.name(i)) else { return expression(i, end) }
        if word == .async, base.is(i + 1, .def) || base.is(i + 1, .with) || base.is(i + 1, .for) { i += 1 }
        switch Word(rawValue: base.name(i)) {
        case .import: return imports(i + 1, end)
        case .from: return fromImport(i, end)
        case .def: return function(i, end)
        case .class: return type(i, end)
        case .with: withStatement(i, end)
        case .for: forStatement(i, end)
        case .except:
            uses(i + 1, end)
            inlineBody(i, end)
        case .if, .elif, .while, .try, .else, .finally, .match, .case:
            if base.is(i, .if), base.is(i + 1, .typeChecking) || base.is(i + 3, .typeChecking) {
                blocks.append((column(start), false, false, true))
                return
            }
            if base.is(i, .match) || base.is(i, .case), !base.is(end - 1, .colon) { return expression(i, end) }
            uses(i + 1, end)
            inlineBody(i, end)
        case .return:
            if let function = base.functions.last?.symbol {
                let result = program.call(function)
                program.alias(result, to: chain(i + 1, end, record: false).0)
                if program.constants[result] == nil, let text = literalValue(i + 1, end) {
                    program.constants[result] = text
                }
            }
            uses(i + 1, end)
        case .global, .nonlocal, .pass, .break, .continue: return
        case .delete: uses(i + 1, end)
        default:
            expression(i, end)
        }
    }

    /// `if x: import y` on one line.
    private mutating func inlineBody(_ i: Int, _ end: Int) {
        var k = i
        var depth = 0
        while k < end {
            if base.tokens[k].is(.open) || base.tokens[k].is(.openSquare) || base.tokens[k].is(.openBrace) {
                k = base.after(k); continue
            }
            if base.is(k, .lambda) { depth += 1 }
            if base.is(k, .colon) {
                if depth == 0 { break }
                depth -= 1
            }
            k += 1
        }
        guard k + 1 < end else { return }
        if base.is(k + 1, .import) {
            imports(k + 2, end)
        } else if base.is(k + 1, .from) {
            fromImport(k + 1, end)
        } else {
            assignments(k + 1, end)
        }
    }

    private mutating func expression(_ i: Int, _ end: Int) {
        assignments(i, end)
        uses(i, end)
    }

    /// `a = b = value`, `x: T = value`, `self.x = value`, `a, b = value`
    private mutating func assignments(_ i: Int, _ end: Int) {
        var targets: [Int] = [i]
        var annotation: Int?
        var k = i
        var value: Int?
        while k < end {
            let token = base.tokens[k]
            if token.is(.open) || token.is(.openSquare) || token.is(.openBrace) || token.kind == .head {
                k = base.after(k); continue
            }
            if token.is(.lambda) { break }
            if token.is(.colon), annotation == nil, value == nil { annotation = k + 1 }
            if token.is(.assign) {
                if value != nil { targets.append(value!) }
                value = k + 1
            }
            k += 1
        }
        guard value != nil || annotation != nil else { return }
        var symbol = value.map { chain($0, end, record: false).0 } ?? SymbolTable.unknown
        if symbol == SymbolTable.unknown, let annotation, let type = typeSymbol(annotation) {
            symbol = program.call(type)
        }
        let literal = value.flatMap { literalValue($0, end) }
        for target in targets { assign(target, symbol, literal) }
    }

    private mutating func literalValue(_ i: Int, _ end: Int) -> Argument? {
        var last = end
        if base.is(last - 1, .semicolon) { last -= 1 }
        let found = argument(i, last)
        switch found {
        case .literal, .template, .list: return found
        default:
            // `os.environ.get("X", "default")`, `x or "default"`
            if last - 2 > i, base.isString(last - 1), base.is(last - 2, Word.or) {
                return .literal(base.text(last - 1))
            }
            return nil
        }
    }

    private mutating func assign(_ i: Int, _ value: SymbolID, _ literal: Argument?) {
        guard base.isName(i) else { return }
        if base.is(i + 1, .comma) { return bindNames(i, value: SymbolTable.unknown) }
        if base.is(i + 1, .dot), base.isName(i + 2), !base.is(i + 3, .dot), !base.is(i + 3, .open),
            !base.is(i + 3, .openSquare)
        {
            let owner = lookup(base.name(i))
            let member = program.member(owner, base.name(i + 2))
            guard member >= SymbolTable.first else { return }
            program.alias(member, to: value)
            if let literal, program.constants[member] == nil { program.constants[member] = literal }
            if program.symbols.root(member).root == SymbolTable.files { program.declared.insert(member) }
            base.use(member, .assignment, i)
            return
        }
        if base.is(i + 1, .openSquare) {
            // `os.environ["X"] = value` is found by the chain; here the plain `env["X"] = ...`.
            let (target, _) = chain(i, base.count, record: false)
            base.use(target, .assignment, i)
            return
        }
        if base.is(i + 1, .dot) {
            let (target, _) = chain(i, base.count, record: false)
            base.use(target, .assignment, i, assignedKey(i))
            return
        }
        bind(base.name(i), value, literal)
    }

    private func assignedKey(_ i: Int) -> [Argument] {
        var k = i
        while base.isName(k) || base.is(k, .dot) { k += 1 }
        return base.is(k, .openSquare) && base.isString(k + 1) ? [.literal(base.text(k + 1))] : []
    }

    private mutating func bind(_ name: NameID, _ value: SymbolID, _ literal: Argument? = nil) {
        if base.functions.isEmpty, base.classes.isEmpty {
            let symbol = program.member(base.file, name)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
            if let literal, program.constants[symbol] == nil { program.constants[symbol] = literal }
        } else if base.functions.isEmpty || (base.classes.last.map { _ in blocks.last?.isClass ?? false } ?? false) {
            guard let type = base.classes.last?.symbol else { return }
            let symbol = program.member(program.call(type), name)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
            if let literal, program.constants[symbol] == nil { program.constants[symbol] = literal }
        } else {
            if let literal, value == SymbolTable.unknown, let function = base.functions.last?.symbol {
                let symbol = program.member(function, name)
                program.declared.insert(symbol)
                if program.constants[symbol] == nil { program.constants[symbol] = literal }
                if base.scopes.value(name) == Scopes.unbound || base.scopes.value(name) == SymbolTable.unknown {
                    base.scopes.bind(name, symbol)
                }
                return
            }
            if value == SymbolTable.unknown, base.scopes.value(name) > SymbolTable.unknown { return }
            base.scopes.bind(name, value)
        }
    }

    private mutating func bindNames(_ i: Int, value: SymbolID) {
        var k = i
        while base.isName(k) {
            if !base.is(k + 1, .dot) { bind(base.name(k), value) }
            guard base.is(k + 1, .comma) else { return }
            k += 2
        }
    }

    private mutating func withStatement(_ i: Int, _ end: Int) {
        uses(i + 1, end)
        var k = i + 1
        if base.is(k, .open), let close = base.partner(k), base.is(close + 1, .colon) { k += 1 }
        while k < end {
            let (value, last) = chain(k, end, record: false)
            var at = max(last, k + 1)
            while at < end, !base.is(at, .as), !base.is(at, .comma), !base.is(at, .colon) {
                at = base.is(at, .open) ? base.after(at) : at + 1
            }
            if base.is(at, .as), base.isName(at + 1) {
                bind(base.name(at + 1), value)
                at += 2
            }
            guard base.is(at, .comma) else { break }
            k = at + 1
        }
    }

    private mutating func forStatement(_ i: Int, _ end: Int) {
        var k = i + 1
        while k < end, !base.is(k, .in) { k += 1 }
        let (value, _) = chain(k + 1, end, record: false)
        if base.is(i + 2, .in), base.isName(i + 1) {
            bind(base.name(i + 1), program.element(value))
        } else {
            bindNames(i + 1, value: SymbolTable.unknown)
        }
        uses(i + 1, end)
    }

    // MARK: Imports

    private mutating func load(_ name: String, _ i: Int, isBare: Bool = false) -> SymbolID {
        let symbol = program.member(base.file, "import:" + name)
        program.declared.insert(symbol)
        base.importFact(name, i, isTypeOnly: isTypeChecking, isBare: isBare)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        return symbol
    }

    private mutating func bindImport(_ name: NameID, _ value: SymbolID) {
        let symbol = program.member(base.file, name)
        program.declared.insert(symbol)
        if base.functions.isEmpty { program.alias(symbol, to: value) } else { base.scopes.bind(name, value) }
    }

    private mutating func imports(_ start: Int, _ end: Int) {
        var k = start
        while k < end, base.isName(k) {
            let first = k
            var name = program.names.text(base.name(k))
            k += 1
            while base.is(k, .dot), base.isName(k + 1) {
                name += "." + program.names.text(base.name(k + 1))
                k += 2
            }
            if base.is(k, .as), base.isName(k + 1) {
                bindImport(base.name(k + 1), load(name, first))
                k += 2
            } else if name.utf8.contains(UInt8(ascii: ".")) {
                // `import a.b` binds a; a.b is found below it.
                _ = load(name, first)
                bindImport(base.name(first), load(program.names.text(base.name(first)), first))
            } else {
                bindImport(base.name(first), load(name, first))
            }
            guard base.is(k, .comma) else { return }
            k += 1
        }
    }

    private mutating func fromImport(_ i: Int, _ end: Int) {
        var k = i + 1
        var name = ""
        while base.is(k, .dot) || base.is(k, .spread) {
            name += base.is(k, .dot) ? "." : "..."
            k += 1
        }
        while base.isName(k), !base.is(k, .import) {
            name += program.names.text(base.name(k))
            k += 1
            if base.is(k, .dot) {
                name += "."
                k += 1
            }
        }
        guard base.is(k, .import) else { return expression(i, end) }
        k += 1
        if base.is(k, .open) { k += 1 }
        let module = load(name, i)
        while k < end {
            if base.is(k, .star) {
                program.stars[base.file, default: []].append(module)
                return
            }
            guard base.isName(k) else { return }
            // What is imported may be a module of its own.
            let separator = name.isEmpty || name.hasSuffix(".") ? "" : "."
            let item = program.names.text(base.name(k))
            base.importFact(name + separator + item, k, isTypeOnly: isTypeChecking)
            let value = program.member(module, base.name(k))
            base.facts.imports[base.facts.imports.count - 1].symbol = value
            if base.is(k + 1, .as), base.isName(k + 2) {
                bindImport(base.name(k + 2), value)
                k += 3
            } else {
                bindImport(base.name(k), value)
                k += 1
            }
            if base.is(k, .comma) { k += 1 }
        }
    }

    // MARK: Functions and classes

    private mutating func function(_ i: Int, _ end: Int) {
        guard base.isName(i + 1) else { return }
        let name = base.name(i + 1)
        var owner = base.file
        let isMethod = blocks.last?.isClass ?? false
        if isMethod, let type = base.classes.last?.symbol {
            owner = program.call(type)
        } else if let outer = base.functions.last?.symbol {
            owner = outer
        }
        let symbol = program.member(owner, name)
        program.declared.insert(symbol)
        if isMethod, let type = base.classes.last?.symbol {
            let unbound = program.member(type, name)
            program.declared.insert(unbound)
            program.alias(unbound, to: symbol)
        } else if owner != base.file {
            base.scopes.bind(name, symbol)
        }
        registerTools(symbol, name, i)
        guard let open = (i + 1..<min(end, i + 40)).first(where: { base.is($0, .open) }), let close = base.partner(open)
        else { return }
        uses(open + 1, close)
        base.scopes.push(until: Int.max)
        parameters(open, close, symbol, isMethod: isMethod)
        if base.is(close + 1, .thinArrow), let type = typeSymbol(close + 2) {
            program.alias(program.call(symbol), to: program.call(type))
        }
        base.functions.append((symbol, Int.max))
        blocks.append((column(i), true, false, false))
        var colon = close + 1
        while colon < end, !base.is(colon, .colon) { colon += 1 }
        if colon + 1 < end { assignments(colon + 1, end); uses(colon + 1, end) }
    }

    private mutating func registerTools(_ symbol: SymbolID, _ name: NameID, _ i: Int) {
        for decorator in decorators {
            // `@mcp.tool()`: the last part before the call.
            var at = decorator.symbol
            if at >= SymbolTable.first, program.symbols.nodes[Int(at)].name == Word.callMark.rawValue {
                at = program.symbols.nodes[Int(at)].parent
            }
            guard at >= SymbolTable.first, program.symbols.nodes[Int(at)].name == Word.tool.rawValue else { continue }
            var tool = program.names.text(name)
            if case .literal(let given)? = decorator.named["name"] ?? decorator.arguments.first { tool = given }
            program.tools.append(
                ToolFact(name: tool, handler: symbol, file: Int32(base.index), line: base.tokens[i].line))
        }
        decorators = []
    }

    private mutating func parameters(_ open: Int, _ close: Int, _ function: SymbolID, isMethod: Bool) {
        var k = open + 1
        // `self` and `cls` are not written by callers.
        var position = isMethod ? -1 : 0
        while k < close {
            while base.is(k, .star) || base.is(k, .doubleStar) { k += 1 }
            if base.isName(k) {
                let name = base.name(k)
                if position < 0 {
                    let type = base.classes.last!.symbol
                    base.scopes.bind(name, base.is(k, .cls) ? type : program.call(type))
                } else if base.is(k + 1, .colon), let type = typeSymbol(k + 2) {
                    base.scopes.bind(name, program.call(type))
                } else {
                    let symbol = program.member(function, "#\(position)")
                    program.parameters[symbol] = (function, position, name)
                    program.declared.insert(symbol)
                    base.scopes.bind(name, symbol)
                }
                position += 1
            }
            k = next(k, close)
        }
    }

    private func next(_ i: Int, _ close: Int) -> Int {
        var k = i
        while k < close, !base.is(k, .comma) {
            k = base.is(k, .open) || base.is(k, .openSquare) || base.is(k, .openBrace) ? base.after(k) : k + 1
        }
        return k + 1
    }

    private mutating func type(_ i: Int, _ end: Int) {
        guard base.isName(i + 1) else { return }
        let owner = base.functions.last?.symbol ?? base.file
        let symbol = program.member(owner, base.name(i + 1))
        program.declared.insert(symbol)
        if owner != base.file { base.scopes.bind(base.name(i + 1), symbol) }
        decorators = []
        if base.is(i + 2, .open), let close = base.partner(i + 2) {
            var k = i + 3
            while k < close {
                if base.isName(k), !base.is(k + 1, .assign) {
                    let (value, _) = chain(k, close, record: false)
                    if value >= SymbolTable.first {
                        if program.bases[program.call(symbol)] == nil {
                            program.bases[program.call(symbol)] = program.call(value)
                        }
                        base.use(value, .base, k)
                    }
                }
                k = next(k, close)
            }
        }
        base.classes.append((symbol, Int.max))
        blocks.append((column(i), false, true, false))
    }

    private mutating func typeSymbol(_ i: Int) -> SymbolID? {
        if base.isString(i) { return nil }
        guard base.isName(i) else { return nil }
        if let word = Word(rawValue: base.name(i)), [.optional, .annotated, .awaitable].contains(word),
            base.is(i + 1, .openSquare)
        {
            return typeSymbol(i + 2)
        }
        var symbol = lookup(base.name(i))
        var k = i + 1
        while base.is(k, .dot), base.isName(k + 1) {
            symbol = program.member(symbol, base.name(k + 1))
            k += 2
        }
        if base.is(k, .openSquare) {
            let last = program.names.text(base.name(k - 1))
            if last == "Optional" || last == "Annotated" { return typeSymbol(k + 1) }
            return nil
        }
        guard symbol >= SymbolTable.first, (0x41...0x5A).contains(program.names.first(base.name(k - 1))) else {
            return nil
        }
        switch program.names.text(base.name(k - 1)) {
        case "Any", "None", "Dict", "List", "Callable": return nil
        default: return symbol
        }
    }

    // MARK: Expressions

    private func lookup(_ name: NameID) -> SymbolID {
        let local = base.scopes.value(name)
        return local != Scopes.unbound ? local : program.member(base.file, name)
    }

    /// Records all chains between two tokens.
    private mutating func uses(_ start: Int, _ end: Int) {
        var k = start
        while k < end {
            let token = base.tokens[k]
            if token.kind == .string || token.kind == .head {
                if base.isTelling(k) { base.textFact(k) }
                // `"...".join(x)`: members of a literal are its own.
                k += 1
                continue
            }
            if token.is(.open), startsChain(k) { _ = chain(k, end, record: true) }
            if token.kind == .name, k == 0 || !base.is(k - 1, .dot) {
                if base.is(k + 1, .walrus) {
                    bind(token.value, chain(k + 2, end, record: false).0)
                }
                let isKeyword = base.is(k + 1, .assign) && (base.is(k - 1, .open) || base.is(k - 1, .comma))
                if !isKeyword, !isReserved(token) { _ = chain(k, end, record: true) }
            }
            k += 1
        }
    }

    /// `(a / b).c()`: a bracket that is no call, with a member behind it.
    private func startsChain(_ i: Int) -> Bool {
        guard let close = base.partner(i), base.is(close + 1, .dot) else { return false }
        guard i > 0, !base.isOnNewLine(i) else { return true }
        let last = base.tokens[i - 1]
        return !(last.is(.close) || last.is(.closeSquare) || (last.kind == .name && !isReserved(last)))
    }

    private func isReserved(_ token: Token) -> Bool {
        guard let word = Word(rawValue: token.value) else { return false }
        switch word {
        case .if, .else, .for, .in, .and, .or, .not, .is, .lambda, .await, .return, .yield, .from, .as, .raise, .assert,
            .none, .with, .async, .while, .elif:
            return true
        default: return false
        }
    }

    private mutating func chain(_ start: Int, _ end: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < end, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while base.is(i, .await) || base.is(i, .not) { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        let token = base.tokens[i]
        var value: SymbolID
        var k = i + 1
        if token.kind == .name, !isReserved(token) {
            value = lookup(token.value)
        } else if token.is(.open), let close = base.partner(i) {
            value = chain(i + 1, close, record: false, depth: depth + 1).0
            k = close + 1
            if !base.is(k, .dot) { return (value, k) }
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var key: [Argument] = []
        while k < base.count {
            if base.is(k, .dot), base.isName(k + 1) {
                let name = base.name(k + 1)
                if value == SymbolTable.unknown {
                    if program.receiverNames.contains(name), base.is(k + 2, .open) {
                        value = program.member(base.receiver, name)
                    }
                } else {
                    value = program.member(value, name)
                }
                k += 2
                wasCalled = false
            } else if base.is(k, .open), let close = base.partner(k) {
                if record { call(value, k, close, at: i) }
                if isTransparent(value), close > k + 1 {
                    value = chain(k + 1, close, record: false, depth: depth + 1).0
                } else {
                    value = program.call(value)
                }
                k = close + 1
                wasCalled = true
            } else if base.is(k, .openSquare), !base.isOnNewLine(k) || depth > 0 || true, let close = base.partner(k) {
                if base.isString(k + 1), base.is(k + 2, .closeSquare) { key = [.literal(base.text(k + 1))] }
                value = program.element(value)
                k = close + 1
                wasCalled = false
            } else {
                break
            }
        }
        if record, !wasCalled, value >= SymbolTable.first {
            let isAssigned = base.is(k, .assign) && base.is(k - 1, .closeSquare)
            base.use(value, isAssigned ? .assignment : .reference, i, key)
        }
        // `folder / "name"` is a path as well.
        if base.is(k, .slash), !record { return (value, k) }
        if !record, value == SymbolTable.unknown, base.is(k, Word.or) {
            return chain(k + 1, end, record: false, depth: depth + 1)
        }
        return (value, k)
    }

    private func isTransparent(_ value: SymbolID) -> Bool {
        guard value >= SymbolTable.first else { return false }
        return program.symbols.nodes[Int(value)].name == Word.partial.rawValue
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, at i: Int) {
        guard value >= SymbolTable.first else { return }
        let (list, named) = arguments(open, close)
        base.use(value, .call, i, list, named: named)
        // `uvicorn.run("package.module:app")`, `importlib.import_module("package.module")`
        guard case .literal(let text)? = list.first else {
            if program.names.text(program.symbols.nodes[Int(value)].name) == "import_module" {
                base.doubt(.dynamicImport, i, until: close)
            }
            return
        }
        let name = program.names.text(program.symbols.nodes[Int(value)].name)
        if name == "import_module" || name == "__import__" { base.importFact(text, i, isBare: true) }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), name == "run" || name == "Config" || name == "serve"
        {
            let module = String(text[..<colon])
            if module.utf8.allSatisfy({
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2E
            }), !module.isEmpty {
                base.importFact(module, i)
            }
        }
    }

    private mutating func arguments(_ open: Int, _ close: Int) -> ([Argument], [String: Argument]) {
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, list.count + named.count < 16 {
            let end = next(k, close) - 1
            if base.isName(k), base.is(k + 1, .assign) {
                named[program.names.text(base.name(k))] = argument(k + 2, end)
            } else {
                list.append(argument(k, end))
            }
            k = end + 1
        }
        return (list, named)
    }

    private mutating func argument(_ start: Int, _ end: Int) -> Argument {
        guard start < end, start < base.count else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string:
            if end == start + 1 { return .literal(base.text(start)) }
            // Strings side by side are one.
            if let row = base.row(start, end) { return .literal(row) }
            return .template(prefix: base.text(start), text: base.text(start))
        case .head: return base.template(start, end)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .name:
            if token.is(.pythonTrue) || token.is(.pythonFalse) { return .flag(token.is(.pythonTrue)) }
            if isReserved(token), !token.is(.await) { return .other }
            let (value, last) = chain(start, end, record: false)
            if last >= end || base.is(last, .slash) { return value >= SymbolTable.first ? .symbol(value) : .other }
            if base.is(last, Word.or) { return argument(last + 1, end) }
            return .other
        case .symbol where token.is(.openSquare) || token.is(.open):
            guard let close = base.partner(start), close == end - 1 else {
                // `["git"] + args`
                if token.is(.openSquare), let close = base.partner(start),
                    case .list(let items) = argument(start, close + 1)
                {
                    return .list(items + [.other])
                }
                return .other
            }
            var items: [Argument] = []
            var k = start + 1
            while k < close, items.count < 12 {
                let last = next(k, close) - 1
                items.append(argument(k, last))
                k = last + 1
            }
            return .list(items)
        default: return .other
        }
    }
}
