/// Reads Go: imports, declarations of types, functions and methods, and the short ways to bind names.
struct GoReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// Above the names that the files of the package declare.
    private let package: SymbolID
    private var bodies: [Int: [(NameID, SymbolID)]] = [:]
    private var functionBodies: [Int: SymbolID] = [:]
    /// The brace that begins the body of the present `if`, `for` or `switch`: no literal begins there.
    private var headerBrace = -1
    /// Tools that a name stands for: `tool := mcp.NewTool("name")`.
    private var tools: [NameID: String] = [:]
    /// Symbols of function literals that a tool is handled by, by the token `func`.
    private var handlers: [Int: SymbolID] = [:]
    /// The texts of the C files beside, for a file that imports them.
    let nativeFiles: () -> [[UInt8]]

    init(_ base: SourceReader, package: SymbolID, nativeFiles: @escaping () -> [[UInt8]] = { [] }) {
        self.base = base
        self.nativeFiles = nativeFiles
        self.package = package
        program.languages[package] = .go
        // Names of other files of the package are not known yet: nothing of it may be dropped before all were read.
        program.stars[package, default: []] += []
        program.stars[base.file, default: []] += []
    }

    mutating func read() {
        var i = 0
        while i < base.count {
            base.leave(before: i)
            i = max(statement(i), i + 1)
        }
    }

    private mutating func statement(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string:
            if base.isTelling(i) { base.textFact(i) }
        case .symbol:
            if token.is(.openBrace) { enterBrace(i) }
            if token.is(.open), i > 0, !isOperand(i - 1), let end = base.partner(i), base.is(end + 1, .dot) {
                _ = chain(i, record: true)
            }
        case .name: return word(i)
        default: break
        }
        return i + 1
    }

    private func isOperand(_ i: Int) -> Bool {
        base.isName(i) && !base.is(i, .return) || base.is(i, .close) || base.is(i, .closeSquare)
            || base.is(i, .closeBrace)
    }

    private mutating func enterBrace(_ i: Int) {
        guard let end = base.partner(i) else { return }
        base.scopes.push(until: end + 1)
        for (name, value) in bodies.removeValue(forKey: i) ?? [] { base.scopes.bind(name, value) }
        if let function = functionBodies.removeValue(forKey: i) { base.functions.append((function, end + 1)) }
    }

    // MARK: Words

    private mutating func word(_ i: Int) -> Int {
        if base.is(i - 1, .dot) { return i + 1 }
        switch Word(rawValue: base.name(i)) {
        case .package: return i + 2
        case .import: return imports(i + 1)
        case .func: return function(i)
        case .type:
            if base.is(i + 1, .open), let end = base.partner(i + 1) {
                var k = i + 2
                while k < end { k = typeDeclaration(k) }
                return end
            }
            return max(typeDeclaration(i + 1), i + 1)
        case .var, .const:
            if base.is(i + 1, .open), let end = base.partner(i + 1) {
                for k in i + 2..<end where base.isName(k) && base.isOnNewLine(k) && isDirect(k, i + 1) {
                    variables(k)
                }
            } else {
                variables(i + 1)
            }
            return i + 1
        case .if, .for, .switch, .select:
            var k = i + 1
            while k < base.count, !base.is(k, .openBrace) {
                k = base.is(k, .open) || base.is(k, .openSquare) ? base.after(k) : k + 1
            }
            headerBrace = k
            if k < base.count { base.scopes.push(until: base.after(k)) }
            return i + 1
        case .return:
            if let function = base.functions.last?.symbol {
                let (value, _) = chain(i + 1, record: false)
                program.alias(program.call(function), to: value)
                if program.constants[program.call(function)] == nil {
                    let found = argument(i + 1, expressionEnd(i + 1))
                    if isConstant(found) { program.constants[program.call(function)] = found }
                }
                if let name = toolName(i + 1, lineEnd(i + 1)) { tool(name, handler: function, i) }
            }
            return i + 1
        case .struct, .interface, .map, .chan, .range, .go, .defer, .case, .default, .else, .break, .continue:
            return i + 1
        default: break
        }
        if !base.is(i + 1, .dot) || isStart(i) { bindings(i) }
        // The key of a literal is a field's name.
        if base.is(i + 1, .colon), base.is(i - 1, .comma) || base.is(i - 1, .openBrace) { return i + 1 }
        _ = chain(i, record: true)
        return i + 1
    }

    /// Whether `k` lies in the bracket that opens at `open`, and in none inside of it.
    private func isDirect(_ k: Int, _ open: Int) -> Bool {
        var depth = 0
        var at = k - 1
        let limit = max(open, k - 400)
        while at > limit {
            let token = base.tokens[at]
            if token.partner >= 0, Int(token.partner) < at {
                at = Int(token.partner)
            } else if token.is(.open) || token.is(.openBrace) || token.is(.openSquare) {
                depth += 1
            }
            if depth > 0 { return false }
            at -= 1
        }
        return true
    }

    private func isStart(_ i: Int) -> Bool {
        if i == 0 || base.isOnNewLine(i) { return true }
        let last = base.tokens[i - 1]
        return last.is(.openBrace) || last.is(.semicolon) || last.is(.colon) || last.is(.if) || last.is(.for)
            || last.is(.switch) || last.is(.case)
    }

    // MARK: Imports

    private mutating func imports(_ i: Int) -> Int {
        guard base.is(i, .open), let end = base.partner(i) else { return load(i) }
        var k = i + 1
        while k < end { k = max(load(k), k + 1) }
        return end + 1
    }

    /// `"path"`, `name "path"`, `. "path"`, `_ "path"`
    private mutating func load(_ i: Int) -> Int {
        var k = i
        if !base.isString(k) { k += 1 }
        guard base.isString(k) else { return i + 1 }
        let path = base.text(k)
        if path == "C" { preamble(k) }
        let symbol = program.member(base.file, "import:" + path)
        program.declared.insert(symbol)
        let isBare = k > i && base.isName(i) && program.names.text(base.name(i)) == "_"
        base.importFact(path, k, isBare: isBare)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        if isBare { return k + 1 }
        if k > i {
            if base.is(i, .dot) {
                program.stars[package, default: []].append(symbol)
            } else if base.isName(i) {
                base.scopes.bind(base.name(i), symbol)
            }
        } else {
            for name in Self.names(of: path) {
                let id = program.names.intern(name)
                if base.scopes.value(id) == Scopes.unbound { base.scopes.bind(id, symbol) }
            }
        }
        return k + 1
    }

    /// What a package may be called whose clause is not at hand: the last part of its path, as paths are written.
    static func names(of path: String) -> [String] {
        let plain = GoReading.plain(path)
        let last = PathText.name(plain.hasSuffix("*") ? path : plain)
        guard last.contains("-") || last.contains(".") else { return [last] }
        let parts = last.split(whereSeparator: { $0 == "-" || $0 == "." }).map { String($0) }
        var found = [parts.joined(), parts.joined(separator: "_")]
        for part in parts where !["go", "golang", "sdk", "lib"].contains(part) { found.append(part) }
        return found
    }

    // MARK: Declarations

    /// `Name struct {...}`, `Name = other.Type`, `Name[T any] ...`
    private mutating func typeDeclaration(_ i: Int) -> Int {
        guard base.isName(i) else { return i + 1 }
        let symbol = declare(base.name(i))
        var k = i + 1
        if base.is(k, .openSquare), base.isName(k + 1), base.isName(k + 2) || base.is(k + 2, .comma) {
            k = base.after(k)
        }
        if base.is(k, .assign) {
            k += 1
            let (value, end) = type(k)
            if value >= SymbolTable.first, base.isName(k) {
                program.alias(symbol, to: path(k))
                program.alias(program.call(symbol), to: value)
            }
            return end
        }
        if base.is(k, .struct), base.is(k + 1, .openBrace), let end = base.partner(k + 1) {
            fields(k + 2, end, program.call(symbol))
            return end + 1
        }
        let (value, end) = type(k)
        if value >= SymbolTable.first, program.bases[program.call(symbol)] == nil {
            program.bases[program.call(symbol)] = value
        }
        return end
    }

    private mutating func fields(_ start: Int, _ end: Int, _ owner: SymbolID) {
        var k = start
        while k < end {
            guard base.isName(k) || base.is(k, .star) else {
                if base.isString(k), base.isTelling(k) { base.textFact(k) }
                k = base.is(k, .openBrace) || base.is(k, .open) || base.is(k, .openSquare) ? base.after(k) : k + 1
                continue
            }
            if base.is(k, .star) || base.is(k + 1, .dot) || base.isOnNewLine(k + 1) || base.isString(k + 1)
                || k + 1 == end
            {
                // Embedded: its members are the owner's.
                let (value, next) = type(k)
                if value >= SymbolTable.first {
                    if program.bases[owner] == nil { program.bases[owner] = value }
                    program.alias(program.member(owner, base.name(max(next - 1, k))), to: value)
                }
                k = max(next, k + 1)
                continue
            }
            var names = [base.name(k)]
            k += 1
            while base.is(k, .comma), base.isName(k + 1) {
                names.append(base.name(k + 1))
                k += 2
            }
            if base.is(k, .struct), base.is(k + 1, .openBrace), let close = base.partner(k + 1) {
                for name in names { fields(k + 2, close, program.member(owner, name)) }
                k = close + 1
                continue
            }
            let (value, next) = type(k)
            for name in names where value >= SymbolTable.first { program.alias(program.member(owner, name), to: value) }
            k = max(next, k + 1)
        }
    }

    /// `a, b T = x, y` after `var` or `const`.
    private mutating func variables(_ i: Int) {
        guard base.isName(i) else { return }
        var names = [base.name(i)]
        var k = i + 1
        while base.is(k, .comma), base.isName(k + 1) {
            names.append(base.name(k + 1))
            k += 2
        }
        var typed = SymbolTable.unknown
        if !base.is(k, .assign), !base.isOnNewLine(k) { (typed, k) = type(k) }
        if base.is(k, .assign) { return assign(names, k + 1, typed: typed) }
        for name in names { bind(name, typed, nil) }
    }

    /// `a, b := x, y` and `a.b = x`
    private mutating func bindings(_ i: Int) {
        guard isStart(i) else { return }
        var names: [NameID] = []
        var k = i
        while base.isName(k) {
            names.append(base.name(k))
            k += 1
            guard base.is(k, .comma) else { break }
            k += 1
        }
        if base.is(k, .walrus) {
            if base.is(k + 1, .range) {
                let value = program.element(chain(k + 2, record: false).0)
                for (index, name) in names.enumerated() {
                    base.scopes.bind(name, index == 1 ? value : SymbolTable.unknown)
                }
                return
            }
            return assign(names, k + 1, typed: SymbolTable.unknown)
        }
        if base.is(k, .assign), !names.isEmpty { return assign(names, k + 1, typed: SymbolTable.unknown, isNew: false) }
        // A field.
        guard names.count == 1, base.is(k, .dot) else { return }
        var value = lookup(names[0])
        while base.is(k, .dot), base.isName(k + 1) {
            value = program.member(value, base.name(k + 1))
            k += 2
        }
        guard base.is(k, .assign), value >= SymbolTable.first else { return }
        let (given, _) = chain(k + 1, record: false)
        let (root, _) = program.symbols.root(value)
        if root == SymbolTable.files { program.alias(value, to: given) }
        base.use(value, .assignment, i, [argument(k + 1, expressionEnd(k + 1))])
    }

    private mutating func assign(_ names: [NameID], _ start: Int, typed: SymbolID, isNew: Bool = true) {
        var k = start
        for (index, name) in names.enumerated() {
            guard k >= 0, k < base.count else {
                bind(name, index == 0 ? typed : SymbolTable.unknown, nil, isNew: isNew)
                continue
            }
            let end = expressionEnd(k)
            let (value, _) = chain(k, record: false)
            let given = argument(k, end)
            if let tool = toolName(k, end) { tools[name] = tool }
            bind(name, typed >= SymbolTable.first ? typed : value, isConstant(given) ? given : nil, isNew: isNew)
            k = base.is(end, .comma) ? end + 1 : -1
        }
    }

    private func isConstant(_ argument: Argument) -> Bool {
        switch argument {
        case .literal, .template, .list, .number: true
        default: false
        }
    }

    private mutating func bind(_ name: NameID, _ value: SymbolID, _ constant: Argument?, isNew: Bool = true) {
        if base.functions.isEmpty, base.scopes.depth == 0 {
            let symbol = declare(name)
            program.alias(symbol, to: value)
            if let constant, program.constants[symbol] == nil { program.constants[symbol] = constant }
            return
        }
        if !isNew {
            if base.scopes.value(name) == Scopes.unbound {
                let symbol = program.member(package, name)
                program.alias(symbol, to: value)
            } else {
                _ = base.scopes.assign(name, value)
            }
            return
        }
        if value == SymbolTable.unknown, let constant, let function = base.functions.last?.symbol {
            let symbol = program.member(function, name)
            program.declared.insert(symbol)
            if program.constants[symbol] == nil { program.constants[symbol] = constant }
            return base.scopes.bind(name, symbol)
        }
        base.scopes.bind(name, value)
    }

    /// A name of the package; inside of a function, one below it.
    private mutating func declare(_ name: NameID) -> SymbolID {
        let owner = base.scopes.depth == 0 ? package : base.functions.last?.symbol ?? package
        let symbol = program.member(owner, name)
        program.declared.insert(symbol)
        if owner != package { base.scopes.bind(name, symbol) }
        return symbol
    }

    // MARK: Functions

    private mutating func function(_ i: Int) -> Int {
        var k = i + 1
        var symbol: SymbolID?
        var list: [(NameID, SymbolID)] = []
        let isDeclaration = base.functions.isEmpty && base.scopes.depth == 0
        if isDeclaration, base.is(k, .open), base.isName(base.after(k)), base.is(base.after(k) + 1, .open) {
            // A method.
            list = parameters(k, function: nil)
            let (receiver, _) = receiver(k)
            k = base.after(k)
            symbol = program.member(receiver, base.name(k))
            if let symbol { program.declared.insert(symbol) }
            k += 1
        } else if base.isName(k), !base.is(k, .func) {
            symbol = program.member(package, base.name(k))
            if let symbol { program.declared.insert(symbol) }
            k += 1
            if base.is(k, .openSquare) { k = base.after(k) }
        } else {
            symbol = handlers[i]
        }
        guard base.is(k, .open) else { return i + 1 }
        list += parameters(k, function: symbol)
        k = base.after(k)
        if base.is(k, .open) {
            if let symbol, let value = firstResult(k) { program.alias(program.call(symbol), to: value) }
            list += parameters(k, function: nil).filter { $0.1 >= SymbolTable.first }
            k = base.after(k)
        } else if !base.is(k, .openBrace), !base.isOnNewLine(k) {
            let (value, end) = type(k)
            if let symbol, value >= SymbolTable.first { program.alias(program.call(symbol), to: value) }
            if end > k { k = end }
        }
        guard base.is(k, .openBrace) else { return i + 1 }
        bodies[k] = list
        if let symbol { functionBodies[k] = symbol }
        return k
    }

    private mutating func receiver(_ open: Int) -> (SymbolID, Int) {
        var k = open + 1
        if base.isName(k), !base.is(k + 1, .close), !base.is(k + 1, .openSquare) { k += 1 }
        return type(k)
    }

    private mutating func firstResult(_ open: Int) -> SymbolID? {
        var k = open + 1
        // `(result T, err error)`
        if base.isName(k), base.isName(k + 1) || base.is(k + 1, .star) || base.is(k + 1, .openSquare) { k += 1 }
        let (value, _) = type(k)
        return value >= SymbolTable.first ? value : nil
    }

    private mutating func parameters(_ open: Int, function: SymbolID?) -> [(NameID, SymbolID)] {
        guard let close = base.partner(open) else { return [] }
        var result: [(NameID, SymbolID)] = []
        var waiting: [(NameID, Int)] = []
        var k = open + 1
        var position = 0
        while k < close {
            let start = k
            if base.isName(k), base.is(k + 1, .comma) || k + 1 == close {
                waiting.append((base.name(k), position))
                k += 1
            } else if base.isName(k), !base.is(k + 1, .dot) {
                waiting.append((base.name(k), position))
                let (value, next) = type(k + 1)
                for (name, index) in waiting {
                    if value >= SymbolTable.first {
                        result.append((name, value))
                    } else if let function {
                        let symbol = program.member(function, "#\(index)")
                        program.parameters[symbol] = (function, index, name)
                        program.declared.insert(symbol)
                        result.append((name, symbol))
                    } else {
                        result.append((name, SymbolTable.unknown))
                    }
                }
                waiting = []
                k = next
            }
            while k < close, !base.is(k, .comma) {
                k = base.is(k, .open) || base.is(k, .openBrace) || base.is(k, .openSquare) ? base.after(k) : k + 1
            }
            k = max(k + 1, start + 1)
            position += 1
        }
        return result
    }

    // MARK: Types

    private static let ownTypes: Set<String> = [
        "string", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
        "byte", "rune", "bool", "float32", "float64", "complex64", "complex128", "error", "any", "comparable",
    ]

    /// What a value of the type written at `i` is, and the token after the type. Unknown for the language's own types.
    private mutating func type(_ i: Int, depth: Int = 0) -> (SymbolID, Int) {
        guard i < base.count, depth < 24 else { return (SymbolTable.unknown, i) }
        let token = base.tokens[i]
        if token.is(.star) || token.is(.doubleStar) || token.is(.spread) || token.is(Sign("<", "-")) {
            return type(i + 1, depth: depth + 1)
        }
        if token.is(.openSquare) {
            let (value, end) = type(base.after(i), depth: depth + 1)
            return (listed(value), end)
        }
        if token.is(.open) {
            let (value, _) = type(i + 1, depth: depth + 1)
            return (value, base.after(i))
        }
        guard token.kind == .name else { return (SymbolTable.unknown, i) }
        switch Word(rawValue: token.value) {
        case .map:
            let (value, end) = type(base.is(i + 1, .openSquare) ? base.after(i + 1) : i + 1, depth: depth + 1)
            return (listed(value), end)
        case .chan: return (SymbolTable.unknown, type(i + 1, depth: depth + 1).1)
        case .struct, .interface:
            return (SymbolTable.unknown, base.is(i + 1, .openBrace) ? base.after(i + 1) : i + 1)
        case .func:
            guard base.is(i + 1, .open) else { return (SymbolTable.unknown, i + 1) }
            let end = base.after(i + 1)
            let hasResult =
                base.is(end, .open) || base.is(end, .star) || base.is(end, .openSquare)
                || base.isName(end) && !base.isOnNewLine(end)
            return (SymbolTable.unknown, hasResult ? type(end, depth: depth + 1).1 : end)
        default: break
        }
        let symbol = path(i)
        var k = i + 1
        while base.is(k, .dot), base.isName(k + 1) { k += 2 }
        if base.is(k, .openSquare), !base.isOnNewLine(k), base.tokens[k].start == base.tokens[k - 1].end {
            k = base.after(k)
        }
        if k == i + 1, Self.ownTypes.contains(program.names.text(token.value)) { return (SymbolTable.unknown, k) }
        return (symbol >= SymbolTable.first ? program.call(symbol) : symbol, k)
    }

    /// A list or a map whose elements are `value`.
    private func listed(_ value: SymbolID) -> SymbolID {
        guard value >= SymbolTable.first else { return SymbolTable.unknown }
        let list = program.member(value, "[]of")
        program.alias(program.element(list), to: value)
        return list
    }

    /// The symbol of `name.name` without calls.
    private func path(_ i: Int) -> SymbolID {
        var symbol = lookup(base.name(i))
        var k = i + 1
        while base.is(k, .dot), base.isName(k + 1) {
            symbol = program.member(symbol, base.name(k + 1))
            k += 2
        }
        return symbol
    }

    // MARK: Expressions

    private func lookup(_ name: NameID) -> SymbolID {
        let local = base.scopes.value(name)
        return local != Scopes.unbound ? local : program.member(package, name)
    }

    /// Follows `a.b(c).d[e]{...}` from its first token to a symbol.
    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start) }
        var i = start
        while base.is(i, .ampersand) || base.is(i, .star) || base.is(i, Sign("<", "-")) { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        var value: SymbolID
        var k = i + 1
        var isPath = false
        let token = base.tokens[i]
        if token.is(.open), let close = base.partner(i) {
            value = chain(i + 1, record: false, depth: depth + 1).0
            k = close + 1
        } else if token.is(.openSquare) || token.is(.map) {
            let (list, end) = type(i)
            return (list, base.is(end, .openBrace) ? base.after(end) : end)
        } else if token.kind == .name {
            if token.is(.func) || token.is(.struct) || token.is(.interface) || token.is(.range) {
                return (SymbolTable.unknown, k)
            }
            if token.is(.new), base.is(k, .open) {
                let (made, _) = type(k + 1)
                return (made, base.after(k))
            }
            if base.is(k, .open), program.names.text(token.value) == "make" {
                return (type(k + 1).0, base.after(k))
            }
            value = lookup(token.value)
            isPath = true
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var isElement = false
        var steps = 0
        while k < base.count {
            // What is that deep in a chain is nothing that a rule names.
            steps += 1
            if steps > 100 { value = SymbolTable.unknown }
            if base.is(k, .dot), base.isName(k + 1) {
                let name = base.name(k + 1)
                if value == SymbolTable.unknown {
                    if program.receiverNames.contains(name), base.is(k + 2, .open) {
                        value = program.member(base.receiver, name)
                    }
                } else {
                    value = program.member(value, name)
                }
                wasCalled = false
                isElement = false
                k += 2
            } else if base.is(k, .dot), base.is(k + 1, .open), let close = base.partner(k + 1) {
                // `x.(T)`; what `x.(type)` is depends.
                value = base.is(k + 2, .type) ? SymbolTable.unknown : type(k + 2).0
                isPath = false
                wasCalled = true
                k = close + 1
            } else if base.is(k, .open), let close = base.partner(k) {
                if record { call(value, k, close, i) }
                value = value == SymbolTable.unknown ? value : program.call(value)
                isPath = false
                wasCalled = true
                isElement = false
                k = close + 1
            } else if base.is(k, .openSquare), let close = base.partner(k) {
                // A generic function's type arguments, or an element.
                if base.is(close + 1, .open), isPath {
                    k = close + 1
                    continue
                }
                value = value == SymbolTable.unknown ? value : program.element(value)
                isPath = false
                wasCalled = false
                isElement = true
                k = close + 1
            } else if base.is(k, .openBrace), isPath, k != headerBrace, !base.isOnNewLine(k), isComposite(k),
                let close = base.partner(k)
            {
                if record { call(value, k, close, i) }
                value = value == SymbolTable.unknown ? value : program.call(value)
                isPath = false
                wasCalled = true
                k = close + 1
            } else {
                break
            }
        }
        if record, !wasCalled, value >= SymbolTable.first {
            base.use(value, base.is(k, .assign) && isElement ? .assignment : .reference, i)
        }
        return (value, k)
    }

    /// `T{}` and `T{a: 1}`, but not the body that follows the type of a result.
    private func isComposite(_ brace: Int) -> Bool {
        bodies[brace] == nil
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, _ i: Int) {
        if Tools.registration(program, value) != nil { registration(open, close) }
        guard value >= SymbolTable.first else { return }
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, list.count + named.count < 16 {
            let end = min(expressionEnd(k), close)
            if base.is(open, .openBrace), base.isName(k), base.is(k + 1, .colon) {
                named[program.names.text(base.name(k))] = argument(k + 2, end)
            } else {
                list.append(argument(k, end))
            }
            k = end + 1
        }
        // `exec.Command("sh", "-c", text)`: what is given beside the program, as one list.
        base.use(value, .call, i, list, named: named)
    }

    /// The token after the expression that starts at `i`: a comma, a bracket that closes, or the next line.
    private func expressionEnd(_ i: Int) -> Int {
        var k = i
        var isFirst = true
        let limit = min(base.count, i + 4_000)
        while k < limit {
            let token = base.tokens[k]
            if !isFirst, base.isOnNewLine(k), !continues(k - 1) { return k }
            isFirst = false
            if token.is(.open) || token.is(.openSquare) || token.is(.openBrace) {
                if token.is(.openBrace), k == headerBrace { return k }
                k = base.after(k)
                continue
            }
            if token.is(.comma) || token.is(.semicolon) || token.is(.close) || token.is(.closeSquare)
                || token.is(.closeBrace)
            {
                return k
            }
            k += 1
        }
        return k
    }

    private func lineEnd(_ i: Int) -> Int {
        var end = expressionEnd(i)
        while base.is(end, .comma) { end = expressionEnd(end + 1) }
        return end
    }

    /// Whether a line cannot end after the token.
    private func continues(_ i: Int) -> Bool {
        let token = base.tokens[i]
        guard token.kind == .symbol else { return false }
        return !(token.is(.close) || token.is(.closeSquare) || token.is(.closeBrace))
    }

    private mutating func argument(_ start: Int, _ end: Int) -> Argument {
        guard start < end, start < base.count else { return .other }
        let token = base.tokens[start]
        if end == start + 1 {
            if token.kind == .string { return .literal(base.text(start)) }
            if token.kind == .number { return .number(base.source(token.start, token.end)) }
            if token.is(.true) || token.is(.false) { return .flag(token.is(.true)) }
        }
        if token.is(.openSquare) {
            let (_, brace) = type(start)
            guard base.is(brace, .openBrace), let close = base.partner(brace) else { return .other }
            var items: [Argument] = []
            var k = brace + 1
            while k < close, items.count < 12 {
                let last = min(expressionEnd(k), close)
                items.append(argument(k, last))
                k = last + 1
            }
            return .list(items)
        }
        // Strings that are put together, flags that are.
        if (start..<end).contains(where: { base.is($0, .plus) || base.is($0, .bar) }), token.kind != .symbol {
            var text = ""
            for k in start..<end {
                text += base.isString(k) ? base.text(k) : base.isName(k) ? " " + program.names.text(base.name(k)) : ""
            }
            return .template(prefix: token.kind == .string ? base.text(start) : "", text: text)
        }
        guard token.kind == .name || token.is(.ampersand) || token.is(.star) else {
            return token.kind == .string ? .template(prefix: base.text(start), text: base.text(start)) : .other
        }
        // `fmt.Sprintf("https://host/%s", x)`
        if base.is(start + 1, .dot), base.isName(start + 2), base.is(start + 3, .open), base.isString(start + 4),
            program.names.text(base.name(start + 2)) == "Sprintf"
        {
            let text = base.text(start + 4)
            let prefix = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
            return .template(prefix: String(prefix), text: text)
        }
        let (value, last) = chain(start, record: false)
        return last >= end && value >= SymbolTable.first ? .symbol(value) : .other
    }

    // MARK: Tools

    /// The name in `mcp.NewTool("name", ...)` or `mcp.Tool{Name: "name"}` that begins at `i`.
    private func toolName(_ i: Int, _ end: Int) -> String? {
        var k = i
        while base.is(k, .ampersand) || base.isName(k) || base.is(k, .dot) {
            if base.isName(k), base.is(k + 1, .open), base.isString(k + 2),
                program.names.text(base.name(k)) == "NewTool"
            {
                return base.text(k + 2)
            }
            if base.isName(k), base.is(k + 1, .openBrace),
                ["Tool", "ServerTool"].contains(program.names.text(base.name(k))),
                let close = base.partner(k + 1)
            {
                for at in k + 2..<min(close, k + 40) {
                    if base.is(at + 1, .colon), base.isString(at + 2), base.isName(at),
                        program.names.text(base.name(at)) == "Name"
                    {
                        return base.text(at + 2)
                    }
                }
                return nil
            }
            k += 1
            if k >= end { return nil }
        }
        return nil
    }

    /// `s.AddTool(tool, handler)`, `mcp.AddTool(server, &mcp.Tool{...}, handler)`
    private mutating func registration(_ open: Int, _ close: Int) {
        var name: String?
        var last = open + 1
        var k = open + 1
        var count = 0
        while k < close, count < 8 {
            let end = min(expressionEnd(k), close)
            if name == nil {
                name = toolName(k, end)
                if name == nil, base.isName(k), end == k + 1 { name = tools[base.name(k)] }
            }
            last = k
            count += 1
            k = end + 1
        }
        guard let name, count > 1 else { return }
        if base.is(last, .func) {
            let symbol = program.member(base.file, "func:\(last)")
            program.declared.insert(symbol)
            handlers[last] = symbol
            return tool(name, handler: symbol, open)
        }
        var (handler, _) = chain(last, record: false)
        // `handler(client)` gives back the function that handles: what it does stands in it.
        if handler >= SymbolTable.first, program.symbols.nodes[Int(handler)].name == Word.callMark.rawValue {
            handler = program.symbols.nodes[Int(handler)].parent
        }
        guard handler >= SymbolTable.first else { return }
        // What the handler is may be known only when all files were read: a function in between has it as its callee.
        let symbol = program.member(base.file, "tool:\(open)")
        program.declared.insert(symbol)
        base.functions.append((symbol, base.count + 1))
        base.use(handler, .reference, last)
        base.functions.removeLast()
        tool(name, handler: symbol, open)
    }

    private mutating func tool(_ name: String, handler: SymbolID, _ i: Int) {
        program.tools.append(
            ToolFact(name: name, handler: handler, file: Int32(base.index), line: base.tokens[i].line))
    }
}
