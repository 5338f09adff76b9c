/// Reads PHP: classes, functions, `use`, and what stands between `<?php` and `?>`.
struct PHPReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// Below it lie classes and functions of the program.
    private let module: SymbolID
    private let types: Set<String>
    private let namespaces: Set<String>
    /// Functions that `use function` names.
    private var functions: [NameID: SymbolID] = [:]
    private var openings: [Int: (symbol: SymbolID, end: Int)] = [:]
    private var supers: [[NameID]] = []
    private var tool: (name: String, line: Int32)?
    private static let reach = 600
    private var looks: Looks
    private let reservedWords: WordSet

    init(_ base: SourceReader, anchor: Int, types: Set<String>, namespaces: Set<String>) {
        self.base = base
        looks = Looks(tokens: base.count)
        reservedWords = WordSet(Self.reserved, base.program.names)
        self.types = types
        self.namespaces = namespaces
        module = base.program.file(anchor)
        base.program.languages[module] = .php
    }

    mutating func read() {
        var i = 0
        while i < base.count {
            base.leave(before: i)
            while supers.count > base.classes.count { supers.removeLast() }
            i = max(step(i), i + 1)
        }
    }

    private func text(_ i: Int) -> String { base.isName(i) ? program.names.text(base.name(i)) : "" }
    private func isReserved(_ i: Int) -> Bool { base.isName(i) && reservedWords.contains(base.name(i)) }
    private func isVariable(_ i: Int) -> Bool { base.isName(i) && program.names.first(base.name(i)) == 0x24 }
    private func isMember(_ i: Int) -> Bool { base.is(i - 1, .thinArrow) || base.is(i - 1, .doubleColon) }

    private static let reserved: Set<String> = [
        "return", "if", "else", "elseif", "for", "foreach", "while", "do", "switch", "case", "try", "catch", "finally",
        "throw",
        "echo", "print", "as", "instanceof", "public", "private", "protected", "static", "final", "abstract", "const",
        "var",
        "default", "break", "continue", "null", "true", "false", "and", "or", "xor", "global", "unset", "isset",
        "empty", "list",
        "array", "clone", "yield", "from", "extends", "implements", "readonly", "insteadof", "goto", "declare", "endif",
        "endforeach",
        "endwhile", "endfor", "endswitch", "match", "mixed", "int", "string", "bool", "float", "void", "never",
        "iterable", "callable",
        "self", "parent", "new", "fn", "function", "class", "interface", "trait", "enum", "namespace", "use", "exit",
        "die",
    ]

    // MARK: Steps

    private mutating func step(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string, .head:
            if base.firstByte(i) == 0x60 { backticks(i) }
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .symbol:
            if token.is(.openBrace), let close = base.partner(i) {
                base.scopes.push(until: close + 1)
            } else if token.is(.open), let opening = openings[i] {
                return enter(i, opening.symbol, opening.end)
            } else if token.is(.hash), base.is(i + 1, .openSquare) {
                attribute(i + 1)
            } else if token.is(.backslash), base.isName(i + 1), !base.isName(i - 1) {
                _ = chain(i, record: true)
                return qualifiedEnd(i)
            } else if token.is(.open), let close = base.partner(i), base.is(close + 1, .thinArrow), !base.isName(i - 1)
            {
                _ = chain(i, record: true)
            }
            return i + 1
        case .name: return name(i)
        default: return i + 1
        }
    }

    private mutating func backticks(_ i: Int) {
        let given: Argument =
            base.tokens[i].kind == .head || base.tokens[i].flags & Token.computed != 0
            ? .template(prefix: base.text(i), text: base.text(i)) : .literal(base.text(i))
        base.use(program.member(program.globals(.php), "shell_exec"), .call, i, [given])
    }

    private mutating func name(_ i: Int) -> Int {
        if isMember(i) { return i + 1 }
        switch text(i) {
        case "namespace" where base.isName(i + 1):
            return qualifiedEnd(i + 1)
        case "use":
            if base.is(i + 1, .open) { return i + 1 }  // of a closure
            return use(i)
        case "class" where !base.is(i + 1, .doubleColon), "interface", "trait", "enum":
            if base.is(i + 1, .open) || base.is(i + 1, .comma) || base.is(i + 1, .assign) { return i + 1 }
            return type(i)
        case "function", "fn": return function(i)
        case "require", "require_once", "include", "include_once":
            include(i)
            return i + 1
        case "catch":
            if base.is(i + 1, .open), let close = base.partner(i + 1), isVariable(close - 1) {
                base.scopes.bind(base.name(close - 1), typeAt(i + 2).map { program.call($0) } ?? SymbolTable.unknown)
            }
            return i + 1
        case "new":
            _ = chain(i, record: true)
            return text(i + 1) == "class" ? i + 1 : max(qualifiedEnd(i + 1), i + 1)
        case "eval" where base.is(i + 1, .open):
            base.doubt(.evaluation, i, until: base.partner(i + 1))
            return i + 1
        default: break
        }
        if text(i).utf8.first == 0x24 {
            let value = assigned(i)
            if base.isName(i - 1) || base.is(i - 1, .backslash) || isVariable(i - 1) {
                _ = chain(i, record: true); return i + 1
            }
            _ = chain(i, record: true)
            if let value { bind(i, value) }
            return i + 1
        }
        if isReserved(i), !base.is(i + 1, .doubleColon) { return i + 1 }
        if base.is(i + 1, .colon), base.is(i - 1, .open) || base.is(i - 1, .comma), !base.is(i + 1, .doubleColon) {
            return i + 1
        }
        _ = chain(i, record: true)
        return base.is(i + 1, .backslash) ? qualifiedEnd(i) : i + 1
    }

    /// The token after a name with backslashes.
    private func qualifiedEnd(_ i: Int) -> Int {
        var k = i
        if base.is(k, .backslash) { k += 1 }
        guard base.isName(k) else { return i + 1 }
        k += 1
        while base.is(k, .backslash), base.isName(k + 1) { k += 2 }
        return k
    }

    /// `A\B\C`, without a backslash in front.
    private func qualifiedText(_ i: Int) -> (String, isFull: Bool, end: Int) {
        var k = i
        let isFull = base.is(k, .backslash)
        if isFull { k += 1 }
        guard base.isName(k) else { return ("", isFull, i + 1) }
        var name = text(k)
        k += 1
        while base.is(k, .backslash), base.isName(k + 1), name.utf8.count < 1_000 {
            name += "\\" + text(k + 1)
            k += 2
        }
        return (name, isFull, k)
    }

    // MARK: Use and include

    /// `use A\B;`, `use A\B as C;`, `use A\{B, C as D};`, `use function a\f;`; in a class it takes a trait over.
    private mutating func use(_ i: Int) -> Int {
        var k = i + 1
        let kind = text(k)
        if kind == "function" || kind == "const" { k += 1 }
        if !base.classes.isEmpty {
            let (value, end) = classSymbol(k)
            if let type = base.classes.last?.symbol, value >= SymbolTable.first,
                program.bases[program.call(type)] == nil
            {
                program.bases[program.call(type)] = program.call(value)
            }
            return end
        }
        var steps = 0
        while base.isName(k) || base.is(k, .backslash), steps < 200 {
            steps += 1
            let (name, _, end) = qualifiedText(k)
            if base.is(end, .backslash), base.is(end + 1, .openBrace), let close = base.partner(end + 1) {
                var n = end + 2
                while n < close {
                    var inner = kind
                    if text(n) == "function" || text(n) == "const" {
                        inner = text(n)
                        n += 1
                    }
                    let (last, _, after) = qualifiedText(n)
                    let alias = base.is(after, .as) && base.isName(after + 1) ? after + 1 : nil
                    take(name + "\\" + last, alias.map { base.name($0) } ?? base.name(after - 1), n, inner)
                    n = (alias.map { $0 + 1 } ?? after) + 1
                }
                return close + 1
            }
            var at = end
            var bound = base.isName(end - 1) ? base.name(end - 1) : 0
            if base.is(at, .as), base.isName(at + 1) {
                bound = base.name(at + 1)
                at += 2
            }
            take(name, bound, k, kind)
            guard base.is(at, .comma) else { return at }
            k = at + 1
        }
        return k
    }

    private mutating func take(_ name: String, _ bound: NameID, _ i: Int, _ kind: String) {
        guard !name.isEmpty, kind != "const" else { return }
        let symbol = external(name)
        if kind == "function" {
            functions[bound] = symbol
        } else {
            base.scopes.bind(bound, symbol)
        }
        if program.symbols.root(symbol).root == SymbolTable.modules {
            let fact = program.member(base.file, "import:" + name)
            program.declared.insert(fact)
            base.importFact(name, i)
            base.facts.imports[base.facts.imports.count - 1].symbol = fact
        }
    }

    /// What a full class name stands for: a class of the program, or one from outside.
    private func external(_ name: String) -> SymbolID {
        let parts = PathText.split(name, UInt8(ascii: "\\"))
        guard let last = parts.last else { return SymbolTable.unknown }
        let space = parts.dropLast().joined(separator: "\\")
        if types.contains(String(last)), parts.count == 1 || namespaces.contains(space) {
            return program.member(module, String(last))
        }
        // A namespace of the program, of which a class is named further on.
        if parts.count > 1, namespaces.contains(name) { return SymbolTable.unknown }
        return PHPReading.symbol(name, program)
    }

    private mutating func include(_ i: Int) {
        var k = i + 1
        var text = ""
        var ups = 0
        var isComputed = false
        while k < base.count, k < i + 60, !base.is(k, .semicolon) {
            let token = base.tokens[k]
            switch token.kind {
            case .string:
                text += base.text(k)
                if token.flags & Token.computed != 0 { isComputed = true }
            case .head: isComputed = true
            case .name:
                let word = self.text(k)
                if word == "dirname" {
                    ups += 1
                    // `dirname(__FILE__)` is the folder itself.
                    if self.text(k + 2) == "__FILE__" { ups -= 1 }
                } else if word == "__DIR__" || word == "__FILE__" || word == "DIRECTORY_SEPARATOR" {
                    if word == "DIRECTORY_SEPARATOR" { text += "/" }
                } else {
                    isComputed = true
                }
            case .number:
                if let levels = Int(base.source(token.start, token.end)), levels > 1, levels < 20 { ups += levels - 1 }
            default: break
            }
            k += 1
        }
        if text.contains("vendor/") || text.hasSuffix("autoload.php") { return }
        if isComputed || text.isEmpty {
            base.doubt(.dynamicImport, i, until: k)
            guard text.hasSuffix(".php") else { return }
        }
        var path = text.hasPrefix("/") ? String(text.dropFirst()) : text
        for _ in 0..<ups { path = "../" + path }
        base.importFact("./" + path, i)
        if isComputed { base.facts.imports[base.facts.imports.count - 1].isComputed = true }
    }

    // MARK: Types

    private mutating func type(_ i: Int) -> Int {
        var k = i + 1
        let symbol: SymbolID
        if base.isName(k), !["extends", "implements"].contains(text(k)) {
            symbol = program.member(module, base.name(k))
            k += 1
        } else {
            symbol = program.member(base.file, "class:\(i)")
            if base.is(k, .open) { k = base.after(k) }
        }
        program.declared.insert(symbol)
        var above: [NameID] = []
        while k < base.count, k < i + Self.reach, !base.is(k, .openBrace), !base.is(k, .semicolon) {
            if base.isName(k) || base.is(k, .backslash), !["extends", "implements", "string", "int"].contains(text(k)) {
                let (value, end) = classSymbol(k)
                if value >= SymbolTable.first {
                    if program.bases[program.call(symbol)] == nil {
                        program.bases[program.call(symbol)] = program.call(value)
                    }
                    base.use(value, .base, k)
                }
                if base.isName(end - 1), above.count < 8 { above.append(base.name(end - 1)) }
                k = end
                continue
            }
            k = base.is(k, .open) ? base.after(k) : k + 1
        }
        guard base.is(k, .openBrace), let close = base.partner(k) else { return k }
        base.scopes.push(until: close + 1)
        base.classes.append((symbol, close + 1))
        supers.append(above)
        members(k + 1, close, symbol)
        return i + 1 < k ? k : i + 1
    }

    /// Properties, constants and methods, known before bodies are read.
    private mutating func members(_ start: Int, _ end: Int, _ type: SymbolID) {
        var k = start
        while k < end {
            let token = base.tokens[k]
            if token.is(.openBrace) || token.is(.open) || token.is(.openSquare) {
                k = base.after(k)
                continue
            }
            if text(k) == "function" {
                var name = k + 1
                if base.is(name, .ampersand) { name += 1 }
                guard base.isName(name) else {
                    k += 1
                    continue
                }
                let symbol = program.member(program.call(type), base.name(name))
                program.declared.insert(symbol)
                program.alias(program.member(type, base.name(name)), to: symbol)
                if base.is(name + 1, .open), let close = base.partner(name + 1) {
                    if text(name) == "__construct" { promoted(name + 1, close, type) }
                    if base.is(close + 1, .colon), let given = typeAt(close + 2) {
                        program.alias(program.call(symbol), to: program.call(given))
                    }
                    k = close + 1
                    continue
                }
            } else if isVariable(k), !base.is(k - 1, .thinArrow) {
                field(k, type, base.is(k + 1, .assign) ? k + 2 : nil)
                k += 1
                while k < end, !base.is(k, .semicolon), !base.is(k, .openBrace) {
                    k = base.is(k, .open) || base.is(k, .openSquare) ? base.after(k) : k + 1
                }
                continue
            } else if base.is(k, .const) {
                for n in k + 1..<min(k + 4, end) where base.isName(n) && base.is(n + 1, .assign) {
                    let symbol = program.member(type, base.name(n))
                    program.declared.insert(symbol)
                    constant(symbol, n + 2)
                }
            }
            k += 1
        }
    }

    private mutating func promoted(_ open: Int, _ close: Int, _ type: SymbolID) {
        var k = open + 1
        while k < close {
            let end = next(k, close)
            var isPromoted = false
            for n in k..<min(end, k + 40) {
                if ["public", "private", "protected", "readonly"].contains(text(n)) { isPromoted = true }
                if isVariable(n) {
                    if isPromoted { field(n, type, nil) }
                    break
                }
            }
            k = end
        }
    }

    /// The name of a property, without the sign that its declaration has in front.
    private func bare(_ i: Int) -> NameID { program.names.intern(String(text(i).dropFirst())) }

    private mutating func field(_ i: Int, _ type: SymbolID, _ value: Int?) {
        let symbol = program.member(program.call(type), bare(i))
        program.declared.insert(symbol)
        program.alias(program.member(type, base.name(i)), to: symbol)
        if let given = typeBefore(i) { program.alias(symbol, to: program.call(given)) }
        if let value { constant(symbol, value) }
    }

    private mutating func constant(_ symbol: SymbolID, _ i: Int) {
        guard program.constants[symbol] == nil else { return }
        let value = argument(i, valueEnd(i))
        switch value {
        case .literal, .template, .list: program.constants[symbol] = value
        default: break
        }
    }

    /// The type that stands before a variable: `?A\B $x`.
    private func typeBefore(_ i: Int) -> SymbolID? {
        var k = i - 1
        while base.is(k, .ampersand) || base.is(k, .spread) { k -= 1 }
        guard base.isName(k), !isReserved(k) else { return nil }
        while base.isName(k), base.is(k - 1, .backslash) {
            k -= base.isName(k - 2) ? 2 : 1
            if base.is(k, .backslash) { break }
        }
        return typeAt(k)
    }

    private func typeAt(_ i: Int) -> SymbolID? {
        var i = i
        while base.is(i, .question) || base.is(i, .open) { i += 1 }
        guard base.isName(i) || base.is(i, .backslash) else { return nil }
        if text(i) == "self" || text(i) == "static" { return base.classes.last?.symbol }
        if isReserved(i) { return base.is(i + 1, .bar) ? typeAt(i + 2) : nil }
        let value = classSymbol(i).0
        return value >= SymbolTable.first ? value : nil
    }

    /// What a class name stands for at token `i`, and the token after it.
    private func classSymbol(_ i: Int) -> (SymbolID, Int) {
        let (name, isFull, end) = qualifiedText(i)
        guard !name.isEmpty else { return (SymbolTable.unknown, i + 1) }
        switch name {
        case "self", "static": return (base.classes.last?.symbol ?? SymbolTable.unknown, end)
        case "parent":
            guard let type = base.classes.last?.symbol, let above = program.bases[program.call(type)] else {
                return (SymbolTable.unknown, end)
            }
            return (program.symbols.nodes[Int(above)].parent, end)
        default: break
        }
        if isFull { return (external(name), end) }
        let parts = PathText.split(name, UInt8(ascii: "\\"))
        let first = program.names.intern(String(parts[0]))
        let bound = base.scopes.value(first)
        if bound != Scopes.unbound, parts.count == 1 || bound >= SymbolTable.first {
            var value = bound
            for part in parts.dropFirst() { value = program.member(value, String(part)) }
            return (value, end)
        }
        if parts.count > 1 { return (external(name), end) }
        return (program.member(module, first), end)
    }

    // MARK: Functions

    private mutating func function(_ i: Int) -> Int {
        var k = i + 1
        if base.is(k, .ampersand) { k += 1 }
        var nameAt: Int?
        if base.isName(k) {
            nameAt = k
            k += 1
        }
        guard base.is(k, .open), let close = base.partner(k) else { return i + 1 }
        let symbol: SymbolID
        if let nameAt {
            let isMethod =
                base.classes.last.map { type in base.functions.last.map { $0.end > type.end } ?? true } ?? false
            symbol =
                isMethod
                ? program.member(program.call(base.classes.last!.symbol), base.name(nameAt))
                : program.member(module, base.name(nameAt))
            program.declared.insert(symbol)
            if isMethod { implement(symbol) }
            if let tool {
                let name = tool.name.isEmpty ? text(nameAt) == "__invoke" ? className() : text(nameAt) : tool.name
                program.tools.append(ToolFact(name: name, handler: symbol, file: Int32(base.index), line: tool.line))
                self.tool = nil
            }
        } else {
            symbol = base.function
        }
        var body = close + 1
        let limit = min(base.count, body + looks.reach(Self.reach))
        defer { looks.spend(body - close) }
        while body < limit, !base.is(body, .openBrace), !base.is(body, .semicolon), !base.is(body, .arrow) {
            body = base.is(body, .open) ? base.after(body) : body + 1
        }
        guard body < limit, !base.is(body, .semicolon) else { return close + 1 }
        let end = base.is(body, .arrow) ? valueEnd(body + 1) : base.after(body)
        openings[k] = (symbol, max(end, close + 1))
        return k
    }

    private func className() -> String {
        base.classes.last.map { program.names.text(program.symbols.nodes[Int($0.symbol)].name) } ?? "tool"
    }

    private mutating func enter(_ open: Int, _ symbol: SymbolID, _ end: Int) -> Int {
        base.scopes.push(until: end)
        if symbol >= SymbolTable.first { base.functions.append((symbol, end)) }
        guard let close = base.partner(open) else { return open + 1 }
        var k = open + 1, position = 0
        while k < close {
            let next = self.next(k, close)
            for n in k..<min(next, k + 60) where isVariable(n) {
                if let given = typeBefore(n) {
                    base.scopes.bind(base.name(n), program.call(given))
                } else if symbol >= SymbolTable.first {
                    let parameter = program.member(symbol, "#\(position)")
                    program.parameters[parameter] = (symbol, position, bare(n))
                    program.declared.insert(parameter)
                    base.scopes.bind(base.name(n), parameter)
                } else {
                    base.scopes.bind(base.name(n), SymbolTable.unknown)
                }
                break
            }
            position += 1
            k = next
        }
        return open + 1
    }

    /// Who calls a method of an interface may reach each implementation of it.
    private mutating func implement(_ method: SymbolID) {
        guard let above = supers.last else { return }
        let name = program.symbols.nodes[Int(method)].name
        for type in above {
            program.edges.insert(
                .init(caller: program.member(program.call(program.member(module, type)), name), callee: method))
        }
    }

    /// `#[McpTool(name: 'x')]`
    private mutating func attribute(_ open: Int) {
        guard let close = base.partner(open) else { return }
        for k in open + 1..<min(max(close, open + 1), open + 400)
        where text(k) == "McpTool" || text(k) == "Tool" || text(k) == "AsTool" {
            var name = ""
            if base.is(k + 1, .open), let end = base.partner(k + 1) {
                if base.isString(k + 2) { name = base.text(k + 2) }
                for n in k + 2..<max(end, k + 2)
                where text(n) == "name" && base.is(n + 1, .colon) && base.isString(n + 2) {
                    name = base.text(n + 2)
                }
            }
            tool = (name, base.tokens[k].line)
            return
        }
    }

    // MARK: Variables

    /// Where the value of `$x = ...` or `$this->x = ...` begins.
    private func assigned(_ i: Int) -> Int? {
        var k = i + 1
        if base.is(k, .thinArrow), base.isName(k + 1) { k += 2 }
        return base.is(k, .assign) || base.is(k, Sign("?", "?", "=")) ? k + 1 : nil
    }

    private mutating func bind(_ i: Int, _ value: Int) {
        if base.is(i + 1, .thinArrow) {
            guard text(i) == "$this", let type = base.classes.last?.symbol else { return }
            let symbol = program.member(program.call(type), base.name(i + 2))
            program.declared.insert(symbol)
            program.alias(symbol, to: chain(value, record: false).0)
            constant(symbol, value)
            return
        }
        let symbol = chain(value, record: false).0
        if symbol < SymbolTable.first {
            let literal = argument(value, valueEnd(value))
            switch literal {
            case .literal, .template, .list:
                let own = program.member(base.functions.last?.symbol ?? base.file, base.name(i))
                program.declared.insert(own)
                if program.constants[own] == nil { program.constants[own] = literal }
                return base.scopes.bind(base.name(i), own)
            default: break
            }
            // A value that nothing is known of leaves a variable what it was.
            if base.scopes.value(base.name(i)) >= SymbolTable.first { return }
        }
        base.scopes.bind(base.name(i), symbol)
    }

    // MARK: Expressions

    private func lookup(_ i: Int) -> SymbolID {
        let name = base.name(i)
        if program.names.first(name) == 0x24 {
            let bound = base.scopes.value(name)
            if bound != Scopes.unbound { return bound }
            return program.globalNames.contains(name)
                ? program.member(program.globals(.php), name) : SymbolTable.unknown
        }
        if base.is(i + 1, .open) {
            if let known = functions[name] { return known }
            return program.member(module, name)
        }
        return classSymbol(i).0
    }

    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while base.is(i, .at) || base.is(i, .bang) || base.is(i, .await) || text(i) == "clone" { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        var value: SymbolID
        var k = i + 1
        if text(i) == "new" {
            if base.isName(i + 1) || base.is(i + 1, .backslash), !isVariable(i + 1), text(i + 1) != "class" {
                (value, k) = classSymbol(i + 1)
                if !base.is(k, .open) {
                    if record { base.use(value, .call, i) }
                    value = program.call(value)
                }
            } else {
                return (SymbolTable.unknown, k)
            }
        } else if text(i) == "parent", let type = base.classes.last?.symbol {
            value = program.bases[program.call(type)] ?? SymbolTable.unknown
        } else if text(i) == "$this" {
            guard let type = base.classes.last?.symbol else { return (SymbolTable.unknown, k) }
            value = program.call(type)
        } else if base.is(i, .backslash) || base.isName(i) && base.is(k, .backslash) {
            let (name, isFull, end) = qualifiedText(i)
            k = end
            if base.is(k, .open), isFull, !name.utf8.contains(0x5C) {
                value = program.member(module, name)
            } else {
                value = classSymbol(i).0
            }
        } else if base.isName(i) {
            if isReserved(i), !base.is(k, .doubleColon) { return (SymbolTable.unknown, k) }
            value = lookup(i)
        } else if base.is(i, .open), let close = base.partner(i) {
            value = chain(i + 1, record: false, depth: depth + 1).0
            k = close + 1
            // A cast, `(string) $x`, is what it casts to.
            if base.isName(i + 1), close == i + 2, !isVariable(i + 1) { return (SymbolTable.unknown, k) }
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var key: [Argument] = []
        while k < base.count {
            if base.is(k, .question), base.is(k + 1, .thinArrow) { k += 1 }
            if base.is(k, .thinArrow) || base.is(k, .doubleColon), base.isName(k + 1) {
                let name = base.name(k + 1)
                if value == SymbolTable.unknown {
                    if base.is(k + 2, .open), program.receiverNames.contains(name) {
                        value = program.member(base.receiver, name)
                    }
                } else {
                    value = program.member(value, name)
                }
                k += 2
                wasCalled = false
            } else if base.is(k, .open), let close = base.partner(k) {
                if record { call(value, k, close, at: i) }
                value = program.call(value)
                k = close + 1
                wasCalled = true
            } else if base.is(k, .openSquare), let close = base.partner(k) {
                if close - 1 > k { key = [argument(k + 1, close)] }
                value = program.element(value)
                if record, value >= SymbolTable.first, base.is(close + 1, .thinArrow) {
                    base.use(value, .reference, i, key)
                }
                k = close + 1
                wasCalled = false
            } else {
                break
            }
        }
        if record, !wasCalled, value >= SymbolTable.first {
            if base.is(k, .assign) {
                base.use(value, .assignment, i, key.isEmpty ? [argument(k + 1, valueEnd(k + 1))] : key)
            } else {
                base.use(value, .reference, i, key)
            }
        }
        return (value, k)
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, at i: Int) {
        guard value >= SymbolTable.first else { return }
        let (list, named) = arguments(open, close)
        base.use(value, .call, i, list, named: named)
    }

    private func next(_ i: Int, _ close: Int) -> Int {
        var k = i
        while k < close, !base.is(k, .comma) {
            if base.tokens[k].kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = base.is(k, .open) || base.is(k, .openSquare) || base.is(k, .openBrace) ? base.after(k) : k + 1
        }
        return k + 1
    }

    private mutating func valueEnd(_ i: Int) -> Int {
        var k = i
        let limit = min(base.count, i + looks.reach(Self.reach))
        defer { looks.spend(k - i) }
        while k < limit {
            let token = base.tokens[k]
            if token.is(.semicolon) || token.is(.close) || token.is(.closeBrace) || token.is(.closeSquare)
                || token.is(.comma)
            {
                return k
            }
            if token.kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = token.is(.open) || token.is(.openBrace) || token.is(.openSquare) ? base.after(k) : k + 1
        }
        return k
    }

    private mutating func arguments(_ open: Int, _ close: Int) -> ([Argument], [String: Argument]) {
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, list.count < 16 {
            let end = next(k, close) - 1
            let isNamed = base.isName(k) && !isVariable(k) && base.is(k + 1, .colon)
            let value = argument(isNamed ? k + 2 : k, end)
            if isNamed { named[text(k)] = value }
            list.append(value)
            k = end + 1
        }
        return (list, named)
    }

    private mutating func argument(_ start: Int, _ end: Int, depth: Int = 0) -> Argument {
        guard start < end, start < base.count, depth < 8 else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string:
            let (text, isComputed) = string(start)
            if end == start + 1 { return isComputed ? .template(prefix: text, text: text) : .literal(text) }
            guard base.is(start + 1, .dot) else { return .other }
            return isComputed ? .template(prefix: text, text: text) : base.sum(start, end, .dot)
        case .head: return base.template(start, end)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .symbol where token.is(.openSquare):
            guard let close = base.partner(start), close == end - 1 else { return .other }
            return .list(items(start, close, depth))
        case .symbol where token.is(.backslash) || token.is(.at):
            return symbol(start, end, depth)
        case .name:
            let word = text(start)
            if word == "true" || word == "false" { return .flag(word == "true") }
            if word == "array", base.is(start + 1, .open), let close = base.partner(start + 1) {
                return .list(items(start + 1, close, depth))
            }
            return symbol(start, end, depth)
        default: return .other
        }
    }

    private mutating func symbol(_ start: Int, _ end: Int, _ depth: Int) -> Argument {
        let (value, last) = chain(start, record: false)
        // `$x ?? 'b'`, `getenv('X') ?: 'b'`
        if base.is(last, .coalesce) || base.is(last, Sign("?", ":")), last + 1 < end, value < SymbolTable.first {
            let other = argument(last + 1, end, depth: depth + 1)
            if case .literal = other { return other }
        }
        guard value >= SymbolTable.first else { return .other }
        return last >= end || base.is(last, .coalesce) ? .symbol(value) : .other
    }

    /// The text of a string, or of the here-document that it announces.
    private func string(_ i: Int) -> (String, isComputed: Bool) {
        let token = base.tokens[i]
        let at = token.flags & Token.heredoc != 0 && token.partner > 0 ? Int(token.partner) : i
        return (base.text(at), base.tokens[at].flags & Token.computed != 0)
    }

    private mutating func items(_ open: Int, _ close: Int, _ depth: Int) -> [Argument] {
        var items: [Argument] = []
        var k = open + 1
        while k < close, items.count < 12 {
            let last = next(k, close) - 1
            var start = k
            // `'key' => value`
            for n in k..<min(last, k + 4) where base.is(n, .arrow) { start = n + 1 }
            items.append(argument(start, last, depth: depth + 1))
            k = last + 1
        }
        return items
    }
}
