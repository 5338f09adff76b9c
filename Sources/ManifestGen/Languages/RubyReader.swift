/// Reads Ruby: classes and modules, methods, `require`, and calls with and without brackets.
///
/// What lies outside is known by its constant (`Net::HTTP` is `Net` `HTTP`), because `require` binds no name.
struct RubyReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// Below it lie the constants and the methods that the program declares.
    private let module: SymbolID
    private let types: Set<String>
    /// The `end` of each word that has one, by token.
    private var ends: [Int: Int] = [:]
    /// Methods of each class around the present token.
    private var methods: [Set<NameID>] = []
    /// Of each class: the tool that it is, when it is one.
    private var tools: [(isTool: Bool, name: String?)] = []
    private static let reach = 400
    private var looks: Looks
    /// Tokens that are all names, up to the end of the call that they are in.
    private var plain = 0..<0
    private let reservedWords: WordSet, modifierWords: WordSet, stopWords: WordSet, blockWords: WordSet

    init(_ base: SourceReader, anchor: Int, types: Set<String>) {
        self.base = base
        self.types = types
        looks = Looks(tokens: base.count)
        let names = base.program.names
        reservedWords = WordSet(Self.reserved, names)
        modifierWords = WordSet(Self.modifiers, names)
        stopWords = WordSet(["if", "unless", "while", "until", "rescue", "and", "or", "do", "then"], names)
        blockWords = WordSet(
            ["class", "module", "begin", "case", "def", "for", "while", "until", "if", "unless", "do", "end"], names)
        module = base.program.file(anchor)
        base.program.languages[module] = .ruby
        base.program.languages[base.file] = .ruby
    }

    mutating func read() {
        pair()
        var i = 0
        while i < base.count {
            base.leave(before: i)
            while methods.count > base.classes.count {
                methods.removeLast()
                tools.removeLast()
            }
            if text(i) == "__END__", base.isOnNewLine(i) { return }
            i = max(step(i), i + 1)
        }
    }

    // MARK: Words

    private func text(_ i: Int) -> String { base.isName(i) ? program.names.text(base.name(i)) : "" }
    private func isUpper(_ i: Int) -> Bool {
        base.isName(i) && (0x41...0x5A).contains(program.names.first(base.name(i)))
    }
    private func isMember(_ i: Int) -> Bool {
        base.is(i - 1, .dot) || base.is(i - 1, .doubleColon) && base.isName(i - 2)
    }
    /// `name:` of a hash or an argument, `:name`.
    private func isSymbol(_ i: Int) -> Bool {
        base.is(i - 1, .colon) && isTight(i) && !(base.isName(i - 2) && isTight(i - 1))
    }
    private func isLabel(_ i: Int) -> Bool { base.is(i + 1, .colon) && isTight(i + 1) && !base.is(i + 1, .doubleColon) }
    /// Whether nothing stands between a token and the one before it.
    private func isTight(_ i: Int) -> Bool { i > 0 && i < base.count && base.tokens[i].start == base.tokens[i - 1].end }

    private static let reserved: Set<String> = [
        "if", "elsif", "else", "unless", "while", "until", "for", "in", "do", "end", "begin", "rescue", "ensure",
        "return", "case",
        "when", "then", "and", "or", "not", "nil", "true", "false", "next", "break", "redo", "retry", "yield", "super",
        "alias",
        "defined?", "undef", "class", "module", "def", "private", "public", "protected", "attr_reader", "attr_accessor",
        "attr_writer",
        "__method__", "module_function", "private_class_method", "private_constant",
    ]
    /// Constants of the language that a class of the program in a module may have as its name, without being meant elsewhere.
    private static let core: Set<String> = [
        "File", "Dir", "IO", "Process", "Kernel", "ENV", "FileUtils", "Net", "Open3", "Pathname", "Tempfile", "URI",
        "YAML", "JSON", "CSV",
        "Logger", "Socket", "TCPSocket", "TCPServer", "Find", "Marshal", "Etc",
    ]
    private static let modifiers: Set<String> = [
        "if", "unless", "while", "until", "rescue", "and", "or", "do", "then", "end", "in",
    ]

    /// Words that begin something which `end` ends.
    private mutating func pair() {
        var open: [(token: Int, isLoop: Bool)] = []
        for i in 0..<base.count {
            let token = base.tokens[i]
            guard token.kind == .name, blockWords.contains(token.value), !isMember(i), !isSymbol(i) else { continue }
            let word = text(i)
            switch word {
            case "class", "module", "begin", "case":
                if isLabel(i) { continue }
                open.append((i, false))
            case "def":
                if !isEndless(i) { open.append((i, false)) }
            case "for": if isStart(i) { open.append((i, true)) }
            case "while", "until": if isStart(i) { open.append((i, true)) }
            case "if", "unless":
                if isStart(i), !isLabel(i) { open.append((i, false)) }
            case "do":
                if isLabel(i) { continue }
                // `while a do`
                if let last = open.last, last.isLoop, base.tokens[last.token].line == token.line {
                    open[open.count - 1].isLoop = false
                } else {
                    open.append((i, false))
                }
            case "end":
                if isLabel(i) { continue }
                if let last = open.popLast() { ends[last.token] = i }
            default: continue
            }
        }
    }

    /// Whether a value can begin here, so that `if` is no modifier.
    private func isStart(_ i: Int) -> Bool {
        if i == 0 || base.isOnNewLine(i) { return true }
        let last = base.tokens[i - 1]
        switch last.kind {
        case .symbol: return !(last.is(.close) || last.is(.closeSquare) || last.is(.closeBrace))
        case .name:
            return ["return", "then", "else", "do", "and", "or", "not", "begin", "ensure"].contains(text(i - 1))
        case .head, .middle: return true
        default: return false
        }
    }

    /// `def a = b`, `def a(c) = b`
    private func isEndless(_ i: Int) -> Bool {
        var k = i + 1
        while base.isName(k), base.is(k + 1, .dot) { k += 2 }
        guard base.isName(k) else { return false }
        if base.is(k + 1, .assign), !isTight(k + 1) { return true }
        guard base.is(k + 1, .open), let close = base.partner(k + 1) else { return false }
        return base.is(close + 1, .assign)
    }

    private func end(of i: Int) -> Int { ends[i].map { $0 + 1 } ?? base.count }

    // MARK: Steps

    private mutating func step(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string, .head:
            let isCommand = base.firstByte(i) == 0x60 || isPercent(i, 0x78)
            if isCommand {
                base.use(program.member(program.member(program.globals(.ruby), "Kernel"), "`"), .call, i, [string(i)])
            }
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .symbol:
            if token.is(.openBrace), let close = base.partner(i) {
                base.scopes.push(until: close + 1)
                blockParameters(i)
            } else if token.is(.open), !base.isName(i - 1), let close = base.partner(i), base.is(close + 1, .dot) {
                _ = chain(i, record: true)
            } else if token.is(.doubleColon), isUpper(i + 1), !base.isName(i - 1) {
                _ = chain(i + 1, record: true)
                return i + 2
            }
            return i + 1
        case .name: return name(i)
        default: return i + 1
        }
    }

    private func isPercent(_ i: Int, _ letter: UInt8) -> Bool {
        let start = Int(base.tokens[i].start)
        return base.firstByte(i) == 0x25 && start + 1 < base.bytes.count && base.bytes[start + 1] == letter
    }

    private mutating func name(_ i: Int) -> Int {
        if isMember(i) || isSymbol(i) { return i + 1 }
        let word = text(i)
        switch word {
        case "class", "module":
            if isLabel(i) { return i + 1 }
            return type(i)
        case "def": return function(i)
        case "require", "require_relative", "load", "autoload":
            if load(i, word) { return i + 1 }
        case "do":
            base.scopes.push(until: end(of: i))
            blockParameters(i)
            return i + 1
        case "attr_reader", "attr_accessor":
            readers(i)
            return i + 1
        case "rescue":
            rescue(i)
            return i + 1
        case "Zeitwerk": everything(i)
        case "tool_name":
            if base.isString(i + 1) || base.is(i + 1, .open) && base.isString(i + 2), !tools.isEmpty {
                tools[tools.count - 1].name = base.text(base.isString(i + 1) ? i + 1 : i + 2)
            }
        default: break
        }
        if isLabel(i), !base.is(i - 1, .question) { return i + 1 }
        if reservedWords.contains(base.name(i)) { return i + 1 }
        if let value = assigned(i) {
            if word.utf8.first != 0x40, !isUpper(i) { bind(i, value); return i + 1 }
            _ = chain(i, record: true)
            bind(i, value)
            return i + 1
        }
        _ = chain(i, record: true)
        return i + 1
    }

    /// `|a, b|` behind `{` or `do`.
    private mutating func blockParameters(_ i: Int) {
        guard base.is(i + 1, .bar) else { return }
        var k = i + 2
        // What the block is given is an element of what the method was called on.
        while k < base.count, k < i + 40, !base.is(k, .bar) {
            if base.isName(k) {
                base.scopes.bind(base.name(k), k == i + 2 && base.is(k + 1, .bar) ? given(i) : SymbolTable.unknown)
            }
            k += 1
        }
    }

    /// `File.open(x) { |f| }`: some methods hand to the block what they give back without one.
    private mutating func given(_ i: Int) -> SymbolID {
        var k = i - 1
        if base.is(k, .close) {
            let open = Int(base.tokens[k].partner)
            guard open >= 0, open < k else { return SymbolTable.unknown }
            k = open - 1
        } else if !base.isName(k) {
            // A call without brackets: the line's first chain.
            var first = k
            let line = base.tokens[i].line
            while first > 0, base.tokens[first - 1].line == line, k - first < 40 { first -= 1 }
            if let value = assigned(first) { first = value }
            return base.isName(first) ? chain(first, record: false).0 : SymbolTable.unknown
        }
        guard base.isName(k),
            ["open", "new", "start", "create", "for", "connection", "with", "transaction", "popen", "tap"].contains(
                text(k))
        else {
            return SymbolTable.unknown
        }
        var first = k
        while first > 1, base.is(first - 1, .dot) || base.is(first - 1, .doubleColon), base.isName(first - 2),
            k - first < 40
        { first -= 2 }
        return chain(first, record: false).0
    }

    private mutating func rescue(_ i: Int) {
        var k = i + 1
        while k < base.count, k < i + 40, base.tokens[k].line == base.tokens[i].line {
            if base.is(k, .arrow), base.isName(k + 1) { return base.scopes.bind(base.name(k + 1), SymbolTable.unknown) }
            k += 1
        }
    }

    // MARK: Require

    private mutating func load(_ i: Int, _ word: String) -> Bool {
        var k = i + 1
        if base.is(k, .open) { k += 1 }
        if word == "autoload" {
            while k < min(base.count, i + 8), !base.isString(k) { k += 1 }
            guard base.isString(k) else { return false }
        }
        guard base.isString(k) || k < base.count && base.tokens[k].kind == .head else {
            // `require file`, `require File.expand_path("../x", __dir__)`
            guard base.isName(k), base.tokens[k].line == base.tokens[i].line else { return false }
            for n in k..<min(k + 12, base.count) where base.isString(n) && base.tokens[n].line == base.tokens[i].line {
                let text = base.text(n)
                if text == "bundler/setup" { return true }
                base.importFact(
                    text.hasPrefix("../")
                        ? String(text.dropFirst(3)).hasPrefix("..")
                            ? String(text.dropFirst(3)) : "./" + text.dropFirst(3) : "./" + text, i)
                base.facts.imports[base.facts.imports.count - 1].isComputed = true
                return true
            }
            everything(i)
            base.doubt(.dynamicImport, i, until: k)
            return true
        }
        var name = base.text(k)
        if base.tokens[k].kind == .head {
            everything(i)
            return true
        }
        if word == "require_relative" || word == "load" && !name.hasPrefix("/") {
            name = name.hasPrefix("../") ? name : "./" + name
        }
        let symbol = program.member(base.file, "import:" + name)
        program.declared.insert(symbol)
        base.importFact(name, i)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        return true
    }

    private mutating func everything(_ i: Int) { base.importFact("*", i) }

    // MARK: Types

    private mutating func type(_ i: Int) -> Int {
        // `class << self`
        guard isUpper(i + 1) || base.is(i + 1, .doubleColon) else {
            return i + 1
        }
        var k = i + 1
        if base.is(k, .doubleColon) { k += 1 }
        while base.is(k + 1, .doubleColon), base.isName(k + 2) { k += 2 }
        let name = base.name(k)
        let isOutside = Self.core.contains(text(k)) && program.globalNames.contains(name)
        let symbol: SymbolID
        if isOutside, base.classes.isEmpty, k == i + 1 {
            // The language's own class is opened once more.
            symbol = program.member(program.globals(.ruby), name)
        } else {
            symbol =
                isOutside
                ? program.member(base.classes.last?.symbol ?? module, "::" + text(k)) : program.member(module, name)
            program.declared.insert(symbol)
            if isOutside { base.scopes.bind(name, symbol) }
        }
        var isTool = false
        if base.is(k + 1, .less), isUpper(k + 2) || base.is(k + 2, .doubleColon) {
            let first = base.is(k + 2, .doubleColon) ? k + 3 : k + 2
            let (value, last) = chain(first, record: false)
            isTool = ["Tool", "ApplicationTool", "BaseTool"].contains(text(last - 1))
            if value >= SymbolTable.first {
                if program.bases[program.call(symbol)] == nil {
                    program.bases[program.call(symbol)] = program.call(value)
                }
                base.use(value, .base, first)
            }
        }
        let end = self.end(of: i)
        base.scopes.push(until: end)
        base.classes.append((symbol, end))
        tools.append((isTool, nil))
        methods.append(methodNames(i, end))
        return k + 1
    }

    /// Methods that stand in a class, whatever stands around them in it.
    private func methodNames(_ start: Int, _ end: Int) -> Set<NameID> {
        var names: Set<NameID> = []
        guard ends[start] != nil, base.classes.count < 64 else { return names }
        var k = start
        while k < end, names.count < 2_000 {
            if base.is(k, .def) {
                var at = k + 1
                if base.is(at + 1, .dot) { at += 2 }
                if base.isName(at) { names.insert(base.name(at)) }
                k = ends[k] ?? k + 1
            } else if k > start, text(k) == "class" || text(k) == "module", let inner = ends[k], isUpper(k + 1),
                !isMember(k)
            {
                k = inner
            } else {
                k += 1
            }
        }
        return names
    }

    private mutating func readers(_ i: Int) {
        guard let type = base.classes.last?.symbol else { return }
        var k = i + 1
        while k + 1 < base.count, base.is(k, .colon), base.isName(k + 1), k < i + 200 {
            let symbol = program.member(program.call(type), base.name(k + 1))
            program.declared.insert(symbol)
            program.alias(symbol, to: program.member(program.call(type), "@" + text(k + 1)))
            guard base.is(k + 2, .comma) else { return }
            k += 3
        }
    }

    private mutating func function(_ i: Int) -> Int {
        var k = i + 1
        if base.is(k + 1, .dot) { k += 2 }
        guard base.isName(k) else { return i + 1 }
        let name = base.name(k)
        let type = base.classes.last?.symbol
        let symbol = type.map { program.member(program.call($0), name) } ?? program.member(module, name)
        program.declared.insert(symbol)
        if let type { program.alias(program.member(type, name), to: symbol) }
        if let type, text(k) == "initialize" {
            // What `new` hands on goes to `initialize`.
            program.edges.insert(.init(caller: program.member(type, "new"), callee: symbol))
        }
        var end = self.end(of: i)
        if ends[i] == nil { end = isEndless(i) ? lineEnd(i) : min(i + Self.reach, base.count) }
        base.scopes.push(until: end)
        base.functions.append((symbol, end))
        if let last = tools.last, last.isTool, text(k) == "call" || text(k) == "execute", let type {
            let own = program.names.text(program.symbols.nodes[Int(type)].name)
            program.tools.append(
                ToolFact(
                    name: last.name ?? Self.snakeCase(own), handler: symbol, file: Int32(base.index),
                    line: base.tokens[i].line))
        }
        var at = k + 1
        let isBracketed = base.is(at, .open)
        let close =
            isBracketed
            ? base.partner(at) ?? at : at < base.count && base.tokens[at].line == base.tokens[k].line ? lineEnd(at) : at
        if isBracketed { at += 1 }
        var position = 0
        while at < close {
            while base.is(at, .star) || base.is(at, .doubleStar) || base.is(at, .ampersand) { at += 1 }
            if base.isName(at) {
                let parameter = program.member(symbol, "#\(position)")
                program.parameters[parameter] = (symbol, position, base.name(at))
                program.declared.insert(parameter)
                base.scopes.bind(base.name(at), parameter)
            }
            position += 1
            at = next(at, close)
        }
        return isBracketed ? close + 1 : k + 1
    }

    private static func snakeCase(_ name: String) -> String {
        var result: [UInt8] = []
        for byte in name.utf8 {
            let isCapital = (0x41...0x5A).contains(byte)
            if isCapital, let last = result.last, last != 0x5F { result.append(0x5F) }
            result.append(isCapital ? byte | 0x20 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The token on the next line.
    private mutating func lineEnd(_ i: Int) -> Int {
        var k = i + 1
        while k < base.count, k < i + looks.reach(Self.reach), base.tokens[k].line == base.tokens[i].line { k += 1 }
        looks.spend(k - i)
        return k
    }

    // MARK: Variables

    /// Where the value of `x = ...` or `x ||= ...` begins.
    private func assigned(_ i: Int) -> Int? {
        guard base.isName(i) else { return nil }
        return base.is(i + 1, .assign) || base.is(i + 1, Sign("|", "|", "=")) ? i + 2 : nil
    }

    private mutating func bind(_ i: Int, _ value: Int) {
        let name = base.name(i)
        let isInstance = program.names.first(name) == 0x40 || isUpper(i)
        let literal = argument(value, valueEnd(value))
        let symbol = chain(value, record: false).0
        if isInstance {
            let own: SymbolID
            if isUpper(i) {
                own = program.member(module, name)
            } else {
                own = program.member(base.classes.last.map { program.call($0.symbol) } ?? base.file, name)
            }
            program.declared.insert(own)
            program.alias(own, to: symbol)
            constant(own, literal)
            return
        }
        switch literal {
        case .literal, .template, .list:
            let own = program.member(base.functions.last?.symbol ?? base.file, name)
            program.declared.insert(own)
            constant(own, literal)
            base.scopes.bind(name, own)
        default:
            if symbol < SymbolTable.first, base.scopes.value(name) >= SymbolTable.first { return }
            base.scopes.bind(name, symbol)
        }
    }

    private func constant(_ symbol: SymbolID, _ value: Argument) {
        guard program.constants[symbol] == nil else { return }
        switch value {
        case .literal, .template, .list: program.constants[symbol] = value
        default: break
        }
    }

    // MARK: Expressions

    private func lookup(_ i: Int) -> SymbolID {
        let name = base.name(i)
        let bound = base.scopes.value(name)
        if bound != Scopes.unbound { return bound }
        if isUpper(i) {
            let own = program.member(module, name)
            let word = text(i)
            if types.contains(word) {
                if !Self.core.contains(word) { program.declared.insert(own) }
                return own
            }
            // `Octokit` is no constant of the program; `API_URL` may be.
            let isCamel = word.utf8.contains { (0x61...0x7A).contains($0) }
            return isCamel && !program.declared.contains(own) ? program.member(program.globals(.ruby), name) : own
        }
        let first = program.names.first(name)
        if first == 0x40 {
            return program.member(base.classes.last.map { program.call($0.symbol) } ?? base.file, name)
        }
        if first == 0x24 { return program.member(program.globals(.ruby), name) }
        for level in methods.indices.reversed().prefix(24) where methods[level].contains(name) {
            guard level < base.classes.count else { continue }
            return program.member(program.call(base.classes[level].symbol), name)
        }
        if base.classes.isEmpty || program.globalNames.contains(name) { return program.member(module, name) }
        return program.member(program.call(base.classes.last!.symbol), name)
    }

    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while base.is(i, .bang) || base.is(i, .ampersand) || text(i) == "await" { i += 1 }
        if base.is(i, .doubleColon) { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        var value: SymbolID
        var k = i + 1
        if text(i) == "self" {
            guard let type = base.classes.last?.symbol else { return (SymbolTable.unknown, k) }
            value = program.call(type)
        } else if base.isName(i) {
            if reservedWords.contains(base.name(i)) || isLabel(i) { return (SymbolTable.unknown, k) }
            value = lookup(i)
        } else if base.is(i, .open), let close = base.partner(i) {
            value = chain(i + 1, record: false, depth: depth + 1).0
            k = close + 1
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var key: [Argument] = []
        while k < base.count {
            if base.is(k, .ampersand), base.is(k + 1, .dot), isTight(k + 1) { k += 1 }
            if base.is(k, .dot), base.isName(k + 1), k + 1 < base.count, !base.is(k - 1, .dot) {
                value = member(value, k + 1)
                k += 2
                wasCalled = false
            } else if base.is(k, .doubleColon), base.isName(k + 1), isTight(k) {
                if isUpper(k + 1), !base.is(k + 2, .open), value >= SymbolTable.first, isOwn(value),
                    types.contains(text(k + 1)),
                    !Self.core.contains(text(k + 1))
                {
                    value = program.member(module, base.name(k + 1))
                } else {
                    value = member(value, k + 1)
                }
                k += 2
                wasCalled = false
            } else if base.is(k, .open), isTight(k) || base.isName(k - 1) && !wasCalled, let close = base.partner(k),
                base.isName(k - 1)
            {
                if record { call(value, k + 1, close, at: i) }
                value = program.call(value)
                k = afterBlock(close + 1)
                wasCalled = true
            } else if base.is(k, .openSquare), isTight(k), let close = base.partner(k) {
                key = close > k + 1 ? [argument(k + 1, close)] : []
                value = program.element(value)
                if record, value >= SymbolTable.first, base.is(close + 1, .dot) || base.is(close + 1, .ampersand) {
                    base.use(value, .reference, i, key)
                }
                k = close + 1
                wasCalled = false
            } else if base.isName(k - 1), !wasCalled, isCommandArgument(k) {
                let end = commandEnd(k)
                if record { call(value, k, end, at: i) }
                value = program.call(value)
                k = end
                wasCalled = true
            } else if base.isName(k - 1), !wasCalled, base.is(k, .openBrace) || text(k) == "do", afterBlock(k) != k,
                !isUpper(k - 1)
            {
                if record, value >= SymbolTable.first { base.use(value, .call, i) }
                value = program.call(value)
                k = afterBlock(k)
                wasCalled = true
            } else if base.isName(k - 1), !wasCalled, k - 1 > i, !isUpper(k - 1), !base.is(k, .assign) {
                // A method without arguments.
                if record, value >= SymbolTable.first { base.use(value, .call, i) }
                value = program.call(value)
                wasCalled = true
                if !(base.is(k, .dot) || base.is(k, .openSquare) || base.is(k, .ampersand) || base.is(k, .doubleColon))
                {
                    break
                }
            } else {
                break
            }
        }
        if record, !wasCalled, value >= SymbolTable.first {
            if base.is(k, .assign) || base.is(k, Sign("|", "|", "=")) {
                base.use(value, .assignment, i, key.isEmpty ? [argument(k + 1, valueEnd(k + 1))] : key)
            } else {
                let isMethod = base.isName(k - 1) && !isUpper(k - 1) && program.names.first(base.name(k - 1)) != 0x40
                base.use(value, isMethod ? .call : .reference, i, key)
            }
        }
        if !record, value < SymbolTable.first, base.is(k, .orOr) {
            return chain(k + 1, record: false, depth: depth + 1)
        }
        return (value, k)
    }

    private func member(_ value: SymbolID, _ i: Int) -> SymbolID {
        let name = base.name(i)
        // `new` gives back what the class makes.
        if base.is(i, .new), value >= SymbolTable.first { return value }
        if value == SymbolTable.unknown {
            return program.receiverNames.contains(name) ? program.member(base.receiver, name) : value
        }
        return program.member(value, name)
    }

    private func isOwn(_ value: SymbolID) -> Bool {
        program.declared.contains(value) || types.contains(program.names.text(program.symbols.nodes[Int(value)].name))
    }

    /// The token after a block in braces or between `do` and `end`; `i` when there is none, or nothing goes on behind it.
    private func afterBlock(_ i: Int) -> Int {
        var after = i
        if base.is(i, .openBrace), let close = base.partner(i) { after = close + 1 }
        if text(i) == "do", let end = ends[i] { after = end + 1 }
        return base.is(after, .dot) || base.is(after, .ampersand) && base.is(after + 1, .dot) ? after : i
    }

    /// Whether `k` begins an argument of the name before it: `puts x`, `system "ls"`.
    private func isCommandArgument(_ k: Int) -> Bool {
        guard k < base.count, base.tokens[k].line == base.tokens[k - 1].line, !isTight(k) else { return false }
        if isUpper(k - 1), !base.is(k - 2, .dot) { return false }
        let bound = base.scopes.value(base.name(k - 1))
        if bound != Scopes.unbound, !base.is(k - 2, .dot) { return false }
        let token = base.tokens[k]
        switch token.kind {
        case .string, .head, .number, .regex: return true
        case .name: return !modifierWords.contains(base.name(k)) && text(k) != "do"
        case .symbol:
            // A sign that has a blank before and none behind belongs to what follows.
            guard k + 1 < base.count, isTight(k + 1) else { return false }
            return token.is(.colon) || token.is(.openSquare) || token.is(.star) || token.is(.doubleStar)
                || token.is(.ampersand)
                || token.is(.doubleColon) || token.is(.bang) || token.is(.thinArrow)
        default: return false
        }
    }

    /// The token after the last argument of a call without brackets.
    private mutating func commandEnd(_ start: Int) -> Int {
        // Within names side by side the end is the same for each.
        if plain.contains(start) { return plain.upperBound }
        var k = start
        var isPlain = true
        let limit = min(base.count, start + looks.reach(Self.reach))
        defer {
            looks.spend(k - start)
            if isPlain, k > start { plain = start..<k }
        }
        while k < limit {
            let token = base.tokens[k]
            if token.kind != .name { isPlain = false }
            if token.is(.semicolon) || token.is(.close) || token.is(.closeSquare) || token.is(.closeBrace) { return k }
            if token.kind == .middle || token.kind == .tail { return k }
            if k > start, token.line != base.tokens[k - 1].line, base.isOnNewLine(k) {
                let last = base.tokens[k - 1]
                let goesOn =
                    last.is(.comma) || last.is(.backslash) || last.is(.dot) || last.is(.plus) || last.is(.orOr)
                    || last.is(.andAnd)
                    || last.is(.arrow) || token.is(.dot) || last.is(.assign)
                    || base.tokens[k - 1].end < token.start && lastLine(k - 1) == token.line
                if !goesOn { return k }
            }
            if k > start, token.kind == .name, stopWords.contains(token.value), !isMember(k), !isSymbol(k), !isLabel(k)
            {
                return k
            }
            if token.kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = token.is(.open) || token.is(.openSquare) || token.is(.openBrace) ? base.after(k) : k + 1
        }
        return k
    }

    private func lastLine(_ i: Int) -> Int32 {
        let token = base.tokens[i]
        guard token.kind == .string || token.kind == .tail else { return token.line }
        var line = token.line
        for k in Int(token.start)..<min(Int(token.end), Int(token.start) + 4_096) where base.bytes[k] == 0x0A {
            line += 1
        }
        return line
    }

    private mutating func call(_ value: SymbolID, _ start: Int, _ end: Int, at i: Int) {
        let (list, named) = arguments(start, end)
        guard value >= SymbolTable.first else { return }
        base.use(value, .call, i, list, named: named)
        let name = program.names.text(program.symbols.nodes[Int(value)].name)
        if name == "define_tool", case .literal(let tool)? = named["name"] ?? list.first {
            program.tools.append(ToolFact(name: tool, handler: -1, file: Int32(base.index), line: base.tokens[i].line))
        }
    }

    private func next(_ i: Int, _ close: Int) -> Int {
        var k = i
        while k < close, !base.is(k, .comma) {
            if base.tokens[k].kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = base.is(k, .open) || base.is(k, .openSquare) || base.is(k, .openBrace) ? base.after(k) : k + 1
        }
        return k + 1
    }

    private mutating func valueEnd(_ i: Int) -> Int { commandEnd(i) }

    private mutating func arguments(_ start: Int, _ end: Int) -> ([Argument], [String: Argument]) {
        if end == plain.upperBound, plain.contains(start) { return ([argument(start, end)], [:]) }
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = start
        while k < end, list.count < 16 {
            let last = min(next(k, end) - 1, end)
            if base.isName(k), isLabel(k) {
                named[text(k)] = argument(k + 2, last)
            } else {
                while base.is(k, .star) || base.is(k, .ampersand) { k += 1 }
                list.append(argument(k, last))
            }
            k = last + 1
        }
        return (list, named)
    }

    private mutating func argument(_ start: Int, _ end: Int, depth: Int = 0) -> Argument {
        guard start < end, start < base.count, depth < 8 else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string:
            if isPercent(start, 0x77) || isPercent(start, 0x69) || isPercent(start, 0x57) {
                return .list(
                    base.text(start).split(whereSeparator: { $0 == " " || $0.isNewline }).prefix(12).map {
                        .literal(String($0))
                    })
            }
            let value = string(start)
            if end == start + 1 { return value }
            if case .literal(let text) = value {
                // Strings side by side are one.
                if end - start < 20, let row = base.row(start, end) { return .literal(row) }
                return .template(prefix: text, text: text)
            }
            return value
        case .head: return string(start)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .symbol where token.is(.openSquare):
            guard let close = base.partner(start), close == end - 1 else { return .other }
            var items: [Argument] = []
            var k = start + 1
            while k < close, items.count < 12 {
                let last = next(k, close) - 1
                items.append(argument(k, last, depth: depth + 1))
                k = last + 1
            }
            return .list(items)
        case .symbol where token.is(.colon):
            return base.isName(start + 1) && end == start + 2 ? .literal(text(start + 1)) : .other
        case .name:
            let word = text(start)
            if word == "true" || word == "false" { return .flag(word == "true") }
            if word == "URI", base.is(start + 1, .open) || base.is(start + 2, .open) || text(start + 2) == "parse" {
                let open = base.is(start + 1, .open) ? start + 1 : start + 3
                if base.is(open, .open), let close = base.partner(open) {
                    return argument(open + 1, close, depth: depth + 1)
                }
            }
            let (value, last) = chain(start, record: false)
            if value < SymbolTable.first, base.is(last, .orOr) { return argument(last + 1, end, depth: depth + 1) }
            guard value >= SymbolTable.first else { return .other }
            return last >= end || base.is(last, .orOr) ? .symbol(value) : .other
        default: return .other
        }
    }

    /// What a string says, with holes or without, or the here-document that it announces.
    private func string(_ i: Int) -> Argument {
        let token = base.tokens[i]
        if token.flags & Token.heredoc != 0, token.partner > 0 {
            let text = base.text(Int(token.partner))
            return base.tokens[Int(token.partner)].flags & Token.computed != 0
                ? .template(prefix: text, text: text) : .literal(text)
        }
        if token.kind == .string {
            return token.flags & Token.computed != 0
                ? .template(prefix: base.text(i), text: base.text(i)) : .literal(base.text(i))
        }
        return base.template(i, (base.partner(i) ?? i) + 1)
    }
}
