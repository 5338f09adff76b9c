/// Reads Java, Kotlin and Swift: languages with braces whose declarations say types.
///
/// All files of a package share one symbol for what they declare, because none of these languages imports a file.
struct TypedReader {
    var base: SourceReader
    private var program: Program { base.program }
    private let language: Language
    /// Below it lie the names that the files of the package declare.
    private let module: SymbolID
    /// Below it lie names of this file of which only the whole program says whose they are.
    private let here: SymbolID
    /// Packages whose names are known without import, then those taken over by `*`.
    private var packages: [SymbolID]
    private var methods: [Set<NameID>] = []
    /// What each type around the present token extends or conforms to, by simple name.
    private var supers: [[NameID]] = []
    /// By the token of the opening parenthesis.
    private var openings: [Int: (symbol: SymbolID, end: Int)] = [:]
    private var tool: (name: String?, line: Int32)?
    private let isJava: Bool
    /// How many members and calls a chain is followed.
    private static let links = 100
    /// How many tokens a header or a value is looked through for its end.
    private static let reach = 500
    private let isSwift: Bool

    init(_ base: SourceReader, language: Language, anchor: Int) {
        self.base = base
        self.language = language
        isJava = language == .java
        let names = base.program.names
        reserved = WordSet(Self.words[language] ?? [], names)
        callable = WordSet(["open", "get", "set", "repeat", "any"], names)
        typeWords = WordSet(Self.typeKinds, names)
        leading = WordSet(["try", "await", "return"], names)
        selves = WordSet(["this", "self", "Self"], names)
        extensionName = names.intern("extension")
        isSwift = language == .swift
        module = base.program.file(anchor)
        base.program.languages[module] = language
        // What a file does not declare another one may: nothing is dropped before all were read.
        base.program.stars[module, default: []] += []
        here = base.program.file(Self.places + base.index)
        base.program.languages[here] = language
        packages = []
        let known = ["java.lang"] + (language == .kotlin ? ["kotlin", "kotlin.io", "kotlin.collections"] : [])
        if !isSwift { packages = known.map { Self.package($0, base.program, language) } }
    }

    /// Above the numbers of all files.
    private static let places = 1 << 24

    static func package(_ name: String, _ program: Program, _ language: Language) -> SymbolID {
        var symbol = program.modules(language)
        for part in name.split(separator: ".") { symbol = program.member(symbol, String(part)) }
        return symbol
    }

    mutating func read() {
        declareTypes()
        var i = 0
        while i < base.count {
            base.leave(before: i)
            while methods.count > base.classes.count {
                methods.removeLast()
                supers.removeLast()
            }
            i = step(i)
        }
        if !isSwift { program.stars[here] = [module] + packages.reversed() }
    }

    private func text(_ i: Int) -> String { base.isName(i) ? program.names.text(base.name(i)) : "" }
    private func isUpper(_ name: NameID) -> Bool { (0x41...0x5A).contains(program.names.first(name)) }
    private func isMember(_ i: Int) -> Bool {
        base.is(i - 1, .dot) || base.is(i - 1, .optionalDot) || base.is(i - 1, .doubleColon)
    }

    private static let typeKinds: Set<String> = [
        "class", "interface", "enum", "record", "object", "struct", "actor", "protocol",
    ]

    private func typeName(_ i: Int) -> Int? {
        guard base.isName(i), base.isName(i + 1), typeWords.contains(base.name(i)), !isMember(i) else { return nil }
        if base.is(i + 1, .func) || base.is(i + 1, .var) || base.is(i + 1, .let) { return nil }
        return isUpper(base.name(i + 1)) ? i + 1 : nil
    }

    /// Types may be used before they are written, and from everywhere.
    private mutating func declareTypes() {
        for i in 0..<base.count where base.isName(i) {
            if let name = typeName(i) {
                program.declared.insert(program.member(module, base.name(name)))
            } else if !isJava, base.is(i, isSwift ? .func : .fun), base.isName(i + 1), base.is(i + 2, .open), isOuter(i)
            {
                program.declared.insert(program.member(module, base.name(i + 1)))
            }
        }
    }

    /// At the left edge: what stands there belongs to the file.
    private func isOuter(_ i: Int) -> Bool {
        var at = Int(base.tokens[i].start)
        let limit = at - 200
        while at > 0, base.bytes[at - 1] != 0x0A {
            if at <= limit { return false }
            at -= 1
        }
        return base.bytes[at] != 0x20 && base.bytes[at] != 0x09
    }

    // MARK: Steps

    private mutating func step(_ i: Int) -> Int {
        let token = base.tokens[i]
        switch token.kind {
        case .string, .head:
            if base.isTelling(i) { base.textFact(i) }
            return i + 1
        case .symbol:
            if token.is(.openBrace), let close = base.partner(i) {
                base.scopes.push(until: close + 1)
            } else if token.is(.at), base.isName(i + 1) {
                annotation(i)
                return isJava && !base.is(i + 2, .open) ? i + 2 : i + 1
            } else if token.is(.open) {
                if let opening = openings[i] { return enter(i, opening.symbol, opening.end) }
                if !base.isName(i - 1), let close = base.partner(i),
                    base.is(close + 1, .dot) || base.is(close + 1, .optionalDot)
                {
                    _ = chain(i, record: true)
                }
            }
            return i + 1
        case .name: return name(i)
        default: return i + 1
        }
    }

    private mutating func name(_ i: Int) -> Int {
        if isMember(i) { return i + 1 }
        if base.is(i, .import) { return isSwift ? swiftImport(i) : importLine(i) }
        if base.is(i, .package), !isSwift, base.isOnNewLine(i) {
            var k = i + 1
            while base.isName(k) || base.is(k, .dot), base.tokens[k].line == base.tokens[i].line { k += 1 }
            return k
        }
        if let name = typeName(i) { return type(i, name) }
        if isSwift, base.name(i) == extensionName, base.isName(i + 1) { return type(i, i + 1) }
        if language == .kotlin, base.is(i, .fun) { return function(i) }
        if isSwift, base.is(i, .func) || (base.is(i, .`init`) && base.is(i + 1, .open) && !base.classes.isEmpty) {
            return function(i)
        }
        if isJava {
            if base.is(i, .new) {
                _ = chain(i, record: true)
                return i + 1
            }
            if base.is(i - 1, .new) { return i + 1 }
            if let declared = javaDeclaration(i) { return declared }
        } else if base.is(i, .val) || base.is(i, .var) || base.is(i, .let), base.isName(i + 1) {
            return variable(i)
        }
        if isReserved(i) { return i + 1 }
        // `label: value`, and Kotlin's `name = value` in arguments.
        let isLabel =
            (isSwift && base.is(i + 1, .colon) || language == .kotlin && base.is(i + 1, .assign))
            && (base.is(i - 1, .open) || base.is(i - 1, .comma))
        if isLabel { return i + 1 }
        _ = chain(i, record: true)
        return i + 1
    }

    private static let commonWords: Set<String> = [
        "return", "if", "else", "for", "while", "do", "switch", "case", "try", "catch", "throw", "throws", "is", "as",
        "public", "private", "protected", "internal", "static", "final", "override", "default", "break", "continue",
        "true", "false", "import", "var", "enum", "class",
    ]
    /// Words that are no names of values.
    private static let words: [Language: Set<String>] = [
        .java: commonWords.union([
            "finally", "instanceof", "abstract", "void", "int", "long", "boolean", "double", "float", "char", "byte",
            "short", "null", "sealed", "synchronized", "extends", "implements", "yield", "assert", "transient",
            "volatile", "native", "goto", "const", "strictfp",
        ]),
        .kotlin: commonWords.union([
            "finally", "in", "when", "abstract", "suspend", "val", "fun", "null", "open", "data", "sealed", "lateinit",
            "companion", "by", "constructor", "init", "get", "set", "inline", "operator", "infix", "tailrec",
            "reified", "crossinline", "noinline", "vararg", "typealias",
        ]),
        .swift: commonWords.union([
            "await", "async", "guard", "defer", "in", "where", "let", "func", "nil", "open", "inout", "some", "any",
            "mutating", "nonmutating", "nonisolated", "fileprivate", "repeat", "init", "deinit", "get", "set",
            "rethrows", "lazy", "weak", "unowned", "indirect", "convenience", "required", "dynamic", "typealias",
            "subscript", "fallthrough", "willSet", "didSet",
        ]),
    ]
    private let reserved: WordSet
    /// Reserved words that are names as well, when they are called.
    private let callable: WordSet
    private let typeWords: WordSet
    /// What stands before an expression.
    private let leading: WordSet
    /// What the type around is called by.
    private let selves: WordSet
    private let extensionName: NameID

    private func isReserved(_ i: Int) -> Bool {
        guard base.isName(i), reserved.contains(base.name(i)) else { return false }
        // Some of them are names as well, when they are called.
        return !(base.is(i + 1, .open) && callable.contains(base.name(i)))
    }

    // MARK: Imports

    private mutating func swiftImport(_ i: Int) -> Int {
        var k = i + 1
        if base.isName(k), base.isName(k + 1), base.tokens[k + 1].line == base.tokens[i].line { k += 1 }
        guard base.isName(k) else { return i + 1 }
        let symbol = load(text(k), k)
        _ = symbol
        k += 1
        while base.is(k, .dot), base.isName(k + 1) { k += 2 }
        return k
    }

    private mutating func load(_ name: String, _ i: Int, isBare: Bool = true) -> SymbolID {
        let symbol = program.member(base.file, "import:" + name)
        program.declared.insert(symbol)
        base.importFact(name, i, isBare: isBare)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        return symbol
    }

    /// `import a.b.C;`, `import static a.b.C.d;`, `import a.b.*`, `import a.b.c as d`
    private mutating func importLine(_ i: Int) -> Int {
        var k = i + 1
        let line = base.tokens[i].line
        if base.is(k, .static) { k += 1 }
        var parts: [Int] = []
        var isAll = false
        while k < base.count, base.tokens[k].line == line {
            if base.isName(k), !base.is(k, .as) {
                parts.append(k)
            } else if base.is(k, .star) {
                isAll = true
            } else if !base.is(k, .dot) {
                break
            }
            k += 1
        }
        guard let last = parts.last else { return k }
        var bound = base.name(last)
        if base.is(k, .as), base.isName(k + 1) {
            bound = base.name(k + 1)
            k += 2
        }
        let upper = parts.firstIndex { isUpper(base.name($0)) }
        let count = upper ?? (isAll ? parts.count : parts.count - 1)
        let name = parts[..<count].map { text($0) }.joined(separator: ".")
        guard !name.isEmpty else { return k }
        var symbol = load(name, last, isBare: false)
        base.facts.imports[base.facts.imports.count - 1].isTypeOnly = false
        for part in parts[count...] { symbol = program.member(symbol, base.name(part)) }
        if isAll {
            let place = parts.map { base.name($0) }
            var outside = program.modules(language)
            for part in place { outside = program.member(outside, part) }
            if packages.count < 100 { packages.append(outside) }
        } else {
            base.scopes.bind(bound, symbol)
        }
        return k
    }

    // MARK: Types

    private mutating func type(_ i: Int, _ nameAt: Int) -> Int {
        let symbol = program.member(module, base.name(nameAt))
        // An extension adds to a type that may be the system's.
        if text(i) != "extension" { program.declared.insert(symbol) }
        var k = nameAt + 1
        let header = k
        var angle = 0
        var takesBase = false
        var above: [NameID] = []
        while k < base.count, k < nameAt + Self.reach, !base.is(k, .openBrace) {
            if base.is(k, .semicolon) { return k }
            if base.is(k, .class) || base.is(k, .func) || base.is(k, .fun) { break }
            if language == .kotlin, angle == 0, k > header, base.isOnNewLine(k), !takesBase, !base.is(k, .colon),
                !base.is(k, .open)
            {
                break
            }
            if base.is(k, .less) { angle += 1 }
            if base.is(k, .greater) { angle -= 1 }
            if base.is(k, .extends) || base.is(k, .implements) || (!isJava && base.is(k, .colon)) {
                takesBase = true
            } else if takesBase, angle == 0, base.isName(k), !isMember(k), !isReserved(k), isUpper(base.name(k)) {
                let (value, _) = qualified(k)
                if above.count < 8 { above.append(base.name(k)) }
                if value >= SymbolTable.first {
                    if program.bases[program.call(symbol)] == nil {
                        program.bases[program.call(symbol)] = program.call(value)
                    }
                    base.use(value, .base, k)
                }
            }
            k = base.is(k, .open) ? base.after(k) : k + 1
        }
        guard base.is(k, .openBrace), let close = base.partner(k) else { return nameAt + 1 }
        if let outer = base.classes.last { program.alias(program.member(outer.symbol, base.name(nameAt)), to: symbol) }
        base.scopes.push(until: close + 1)
        base.classes.append((symbol, close + 1))
        methods.append([])
        supers.append(above)
        // Constructor parameters are members.
        if base.is(header, .open), let end = base.partner(header) { members(header + 1, end, symbol) }
        members(k + 1, close, symbol)
        return header
    }

    /// Fields and methods that stand right in a type's body, known before the body is read.
    private mutating func members(_ start: Int, _ end: Int, _ type: SymbolID) {
        var k = start
        var statement = start
        while k < end {
            let token = base.tokens[k]
            if token.is(.semicolon) || token.is(.comma) && !isJava {
                statement = k + 1
            } else if token.is(.openBrace) || token.is(.open) || token.is(.openSquare) {
                if isJava, token.is(.open), let close = base.partner(k), base.isName(k - 1),
                    base.is(close + 1, .openBrace) || text(close + 1) == "throws" || base.is(close + 1, .semicolon),
                    !base.is(k - 2, .new), !base.is(k - 2, .assign), !isMember(k - 1), !base.is(k - 2, .at)
                {
                    javaMethod(k, close, type)
                }
                k = base.after(k)
                if token.is(.openBrace) { statement = k }
                continue
            } else if isJava {
                if token.kind == .name, k == statement || base.isName(k - 1) || base.is(k - 1, .close),
                    let found = javaVariable(k)
                {
                    field(
                        found.name, type, declaredType(k),
                        valueAt: base.is(found.name + 1, .assign) ? found.name + 2 : nil)
                    k = found.name + 1
                    // The value runs to the semicolon.
                    while k < end, !base.is(k, .semicolon) {
                        let isBracket = base.is(k, .open) || base.is(k, .openBrace) || base.is(k, .openSquare)
                        k = isBracket ? base.after(k) : k + 1
                    }
                    continue
                }
            } else if token.is(.val) || token.is(.var) || token.is(.let), base.isName(k + 1) {
                let (given, value) = variableParts(k)
                field(k + 1, type, given, valueAt: value)
            } else if token.is(.fun) || token.is(.func), base.isName(k + 1) {
                methods[methods.count - 1].insert(base.name(k + 1))
                program.declared.insert(program.member(program.call(type), base.name(k + 1)))
                // The body of an expression function has no members of the type.
                k += 2
                continue
            }
            k += 1
        }
    }

    private mutating func field(_ nameAt: Int, _ type: SymbolID, _ given: SymbolID?, valueAt: Int?) {
        let name = base.name(nameAt)
        let symbol = program.member(program.call(type), name)
        program.declared.insert(symbol)
        program.alias(program.member(type, name), to: symbol)
        if let given, given >= SymbolTable.first {
            program.alias(symbol, to: program.call(given))
        } else if let valueAt {
            program.alias(symbol, to: chain(valueAt, record: false).0)
        }
        if let valueAt { constant(symbol, valueAt) }
        base.scopes.bind(name, symbol)
    }

    private mutating func constant(_ symbol: SymbolID, _ i: Int) {
        guard program.constants[symbol] == nil else { return }
        switch argument(i, valueEnd(i)) {
        case .literal(let text): program.constants[symbol] = .literal(text)
        case .template(let prefix, let text): program.constants[symbol] = .template(prefix: prefix, text: text)
        case .list(let items): program.constants[symbol] = .list(items)
        case .choice(let items): program.constants[symbol] = .choice(items)
        default: break
        }
    }

    /// `command.add("git")`: a list that is put together word by word.
    private mutating func addition(_ i: Int, _ open: Int, _ list: [Argument]) {
        guard open == i + 3, list.count == 1, ["add", "append"].contains(text(open - 1)) else { return }
        let name = base.name(i), bound = base.scopes.value(name)
        guard bound != Scopes.unbound, let function = base.functions.last?.symbol else { return }
        let symbol = program.member(function, name)
        if bound != symbol {
            // What a list's type says of it holds for all lists: this one gets a name of its own.
            program.declared.insert(symbol)
            program.alias(symbol, to: bound)
            if program.constants[symbol] == nil { program.constants[symbol] = program.constants[bound] }
            base.scopes.bind(name, symbol)
        }
        switch program.constants[symbol] {
        case nil: program.constants[symbol] = .list(list)
        case .list(let items)? where items.count < 24: program.constants[symbol] = .list(items + list)
        default: break
        }
    }

    /// The token after a value: where its line, statement or bracket ends.
    private func valueEnd(_ i: Int) -> Int {
        var k = i
        while k < base.count, k < i + Self.reach {
            let token = base.tokens[k]
            if token.is(.semicolon) || token.is(.close) || token.is(.closeBrace) || token.is(.comma) { return k }
            if k > i, !isJava, base.isOnNewLine(k), token.kind != .symbol || token.is(.at) { return k }
            // A value has no other assignment in it, and no declaration.
            if k > i, token.is(.assign) || token.is(.fun) || token.is(.func) || token.is(.let) || token.is(.val) {
                return k
            }
            if token.kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            let isBracket = token.is(.open) || token.is(.openBrace) || token.is(.openSquare)
            if isBracket, base.partner(k) == nil { return k }
            k = isBracket ? base.after(k) : k + 1
        }
        return k
    }

    // MARK: Functions

    private mutating func javaMethod(_ open: Int, _ close: Int, _ type: SymbolID) {
        let name = base.name(open - 1)
        let symbol = program.member(program.call(type), name)
        program.declared.insert(symbol)
        program.alias(program.member(type, name), to: symbol)
        methods[methods.count - 1].insert(name)
        var body = close + 1
        while body < base.count, body < close + 200, !base.is(body, .openBrace), !base.is(body, .semicolon) {
            body += 1
        }
        guard base.is(body, .openBrace) else { return }
        openings[open] = (symbol, base.after(body))
        // The type that it gives back stands before the name.
        let k = open - 2
        if base.isName(k), isUpper(base.name(k)), !isMember(k) {
            let value = lookup(k)
            if value >= SymbolTable.first, text(k) != "String" {
                program.alias(program.call(symbol), to: program.call(value))
            }
        }
    }

    private mutating func enter(_ open: Int, _ symbol: SymbolID, _ end: Int) -> Int {
        base.scopes.push(until: end)
        base.functions.append((symbol, end))
        implement(symbol)
        if let tool {
            program.tools.append(
                ToolFact(
                    name: tool.name ?? text(open - 1), handler: symbol, file: Int32(base.index), line: tool.line))
            self.tool = nil
        }
        guard let close = base.partner(open) else { return open + 1 }
        var k = open + 1, position = 0
        while k < close {
            let next = self.next(k, close)
            parameter(k, next - 1, position, symbol)
            position += 1
            k = next
        }
        return close + 1
    }

    /// Who calls a method of an interface may reach each implementation of it.
    private func implement(_ method: SymbolID) {
        guard let type = base.classes.last?.symbol, let above = supers.last else { return }
        let node = program.symbols.nodes[Int(method)]
        guard node.parent == program.call(type) else { return }
        for name in above {
            let caller = program.member(program.call(program.member(module, name)), node.name)
            program.edges.insert(.init(caller: caller, callee: method))
        }
    }

    private mutating func parameter(_ start: Int, _ end: Int, _ position: Int, _ function: SymbolID) {
        var given: SymbolID?
        var nameAt: Int?
        if isJava {
            var k = start
            while k < end {
                if base.is(k, .at) {
                    k += 2
                    if base.is(k, .open) { k = base.after(k) }
                    continue
                }
                if let found = javaVariable(k) {
                    nameAt = found.name
                    given = declaredType(k)
                    break
                }
                // `int port`: the last name is the parameter's.
                if base.isName(k), k + 1 >= end { nameAt = k }
                k += 1
            }
        } else {
            var k = start
            while k < end, !base.is(k, .colon) {
                k = base.is(k, .open) ? base.after(k) : k + 1
            }
            if base.isName(k - 1) { nameAt = k - 1 }
            given = typeAt(k + 1)
        }
        guard let nameAt else { return }
        let name = base.name(nameAt)
        if let given, given >= SymbolTable.first {
            base.scopes.bind(name, program.call(given))
        } else {
            let symbol = program.member(function, "#\(position)")
            program.parameters[symbol] = (function, position, base.isName(start) && isSwift ? base.name(start) : name)
            program.declared.insert(symbol)
            base.scopes.bind(name, symbol)
        }
    }

    /// Kotlin's `fun`, Swift's `func` and `init`.
    private mutating func function(_ i: Int) -> Int {
        var k = i
        while k < base.count, k < i + 200, !base.is(k, .open) {
            if base.is(k, .openBrace) || base.is(k, .closeBrace) { return i + 1 }
            k += 1
        }
        guard base.is(k, .open), let close = base.partner(k) else { return i + 1 }
        let nameAt = k - 1
        guard base.isName(nameAt) || base.is(nameAt, .greater) else { return i + 1 }
        let name = base.isName(nameAt) ? base.name(nameAt) : base.name(i)
        let isMethod = !base.classes.isEmpty && base.functions.last.map { $0.end > base.classes.last!.end } ?? true
        let owner = isMethod ? program.call(base.classes.last!.symbol) : base.functions.last?.symbol ?? module
        let symbol = program.member(owner, name)
        program.declared.insert(symbol)
        if isMethod { program.alias(program.member(base.classes.last!.symbol, name), to: symbol) }
        if !isMethod, owner != module { base.scopes.bind(name, symbol) }
        var body = close + 1
        let limit = min(base.count, body + Self.reach)
        while body < limit, !base.is(body, .openBrace), !base.is(body, .assign), !base.is(body, .closeBrace) {
            if base.is(body, .fun) || base.is(body, .func) || base.is(body, .import) { return close + 1 }
            if base.is(body, .colon) || base.is(body, .thinArrow), let type = typeAt(body + 1) {
                program.alias(program.call(symbol), to: program.call(type))
            }
            body += 1
        }
        guard base.is(body, .openBrace) || base.is(body, .assign) else { return close + 1 }
        let end = base.is(body, .assign) ? valueEnd(body + 1) : base.after(body)
        if base.is(body, .assign) {
            program.alias(program.call(symbol), to: chain(body + 1, record: false).0)
        }
        return enter(k, symbol, max(end, close + 1))
    }

    private mutating func annotation(_ i: Int) {
        guard ["Tool", "McpTool", "LLMDescription"].contains(text(i + 1)) else { return useAnnotation(i) }
        var name: String?
        if base.is(i + 2, .open), let close = base.partner(i + 2) {
            for k in i + 3..<min(max(close, i + 3), i + 400)
            where text(k) == "name" && base.is(k + 1, .assign) && base.isString(k + 2) {
                name = base.text(k + 2)
            }
        }
        tool = (name, base.tokens[i].line)
        useAnnotation(i)
    }

    private mutating func useAnnotation(_ i: Int) {
        guard !isSwift else { return }
        var given: [Argument] = []
        if base.is(i + 2, .open), base.isString(i + 3) { given = [.literal(base.text(i + 3))] }
        base.use(lookup(i + 1), .reference, i + 1, given)
    }

    // MARK: Variables

    /// `Type name` followed by what ends a declaration.
    private func javaVariable(_ i: Int) -> (name: Int, end: Int)? {
        guard base.isName(i), !isMember(i) else { return nil }
        let isVar = base.is(i, .var)
        guard isVar || isUpper(base.name(i)) || base.is(i + 1, .dot) else { return nil }
        var k = i + 1
        while base.is(k, .dot), base.isName(k + 1) { k += 2 }
        if base.is(k, .less) {
            var depth = 0
            var steps = 0
            while k < base.count, steps < 60 {
                let token = base.tokens[k]
                guard token.kind == .symbol || token.kind == .name else { return nil }
                if token.kind == .symbol {
                    let byte = base.bytes[Int(token.start)]
                    if byte == 0x3C {
                        depth += 1
                    } else if byte == 0x3E {
                        depth -= Int(token.end - token.start)
                    } else if !token.is(.dot), !token.is(.comma), !token.is(.question), !token.is(.openSquare),
                        !token.is(.closeSquare), !token.is(.ampersand), !token.is(.at)
                    {
                        return nil
                    }
                }
                k += 1
                steps += 1
                if depth <= 0 { break }
            }
        }
        while base.is(k, .openSquare), base.is(k + 1, .closeSquare) { k += 2 }
        if base.is(k, .spread) { k += 1 }
        guard base.isName(k), k > i, !reserved.contains(base.name(k)) else { return nil }
        guard
            base.is(k + 1, .assign) || base.is(k + 1, .semicolon) || base.is(k + 1, .colon) || base.is(k + 1, .comma)
                || base.is(k + 1, .close) || base.is(k + 1, .andAnd)
        else { return nil }
        return (k, k + 1)
    }

    /// The type at `i`, unless it says nothing.
    private func declaredType(_ i: Int) -> SymbolID? {
        if base.is(i, .var) { return nil }
        return typeAt(i)
    }

    private static let plainTypes: Set<String> = [
        "String", "Integer", "Long", "Boolean", "Object", "Double", "Int", "Any", "Bool", "Unit", "Float", "Void",
        "Character", "Number", "CharSequence", "Self", "Value",
    ]

    private func typeAt(_ i: Int) -> SymbolID? {
        var i = i
        let limit = i + 8
        while i < limit,
            base.is(i, .at) || ["inout", "some", "any", "escaping", "MainActor", "Sendable"].contains(text(i))
        { i += 1 }
        guard base.isName(i), !Self.plainTypes.contains(text(i)) else { return nil }
        let (value, end) = qualified(i)
        guard isUpper(base.name(end - 1)), value >= SymbolTable.first else { return nil }
        if ["Optional", "CompletableFuture", "Mono", "Uni", "Future", "Supplier"].contains(text(end - 1)),
            base.is(end, .less)
        {
            return typeAt(end + 1)
        }
        return value
    }

    private func qualified(_ i: Int) -> (SymbolID, Int) {
        var value = lookup(i)
        var k = i + 1
        if value == SymbolTable.unknown, !isUpper(base.name(i)), base.is(k, .dot) {
            value = program.member(program.modules(language), base.name(i))
        }
        while base.is(k, .dot), base.isName(k + 1) {
            value = program.member(value, base.name(k + 1))
            k += 2
        }
        return (value, k)
    }

    private mutating func javaDeclaration(_ i: Int) -> Int? {
        guard let found = javaVariable(i), !isReserved(i) || base.is(i, .var) else { return nil }
        // Fields were bound when their type was entered.
        let isField =
            base.classes.last.map { type in base.functions.last.map { $0.end > type.end } ?? true } ?? false
            && !base.scopes.isInBlock(of: base.classes.last?.end ?? 0)
        if isField { return found.name + 1 }
        let name = base.name(found.name)
        let value = base.is(found.name + 1, .assign) ? found.name + 2 : nil
        bindLocal(name, declaredType(i), value)
        return found.name + 1
    }

    private mutating func bindLocal(_ name: NameID, _ given: SymbolID?, _ value: Int?) {
        var symbol = given.map { program.call($0) } ?? SymbolTable.unknown
        if symbol == SymbolTable.unknown, let value {
            let literal = argument(value, valueEnd(value))
            switch literal {
            case .literal, .template, .list:
                let owner = base.functions.last?.symbol ?? base.file
                let own = program.member(owner, name)
                program.declared.insert(own)
                if program.constants[own] == nil { program.constants[own] = literal }
                program.alias(own, to: chain(value, record: false).0)
                return base.scopes.bind(name, own)
            default: symbol = chain(value, record: false).0
            }
        }
        base.scopes.bind(name, symbol)
    }

    /// The type and the value after `val name`.
    private func variableParts(_ i: Int) -> (SymbolID?, Int?) {
        var k = i + 2
        var given: SymbolID?
        if base.is(k, .colon) {
            given = typeAt(k + 1)
            k += 1
            while k < base.count, k < i + 200, !base.is(k, .assign) {
                if base.is(k, .comma) || base.is(k, .close) || base.is(k, .openBrace) || base.is(k, .semicolon) {
                    break
                }
                if k > i + 3, base.isOnNewLine(k) { break }
                k = base.is(k, .openSquare) || base.is(k, .open) ? base.after(k) : k + 1
            }
        }
        if base.is(k, .assign) || text(k) == "by" { return (given, k + 1) }
        return (given, nil)
    }

    private mutating func variable(_ i: Int) -> Int {
        let isField =
            base.classes.last.map { type in base.functions.last.map { $0.end > type.end } ?? true } ?? false
            && !base.scopes.isInBlock(of: base.classes.last?.end ?? 0)
        if isField { return i + 2 }
        let (given, value) = variableParts(i)
        // `if let x {` narrows what is there.
        if isSwift, given == nil, value == nil { return i + 2 }
        if base.functions.isEmpty, base.classes.isEmpty, isOuter(i) {
            let symbol = program.member(module, base.name(i + 1))
            program.declared.insert(symbol)
            if let given {
                program.alias(symbol, to: program.call(given))
            } else if let value {
                program.alias(symbol, to: chain(value, record: false).0)
            }
            if let value { constant(symbol, value) }
            return i + 2
        }
        bindLocal(base.name(i + 1), given, value)
        return i + 2
    }

    // MARK: Expressions

    /// What a name stands for at token `i`.
    private func lookup(_ i: Int) -> SymbolID {
        let name = base.name(i)
        let isCalled = base.is(i + 1, .open) || (language == .kotlin && base.is(i + 1, .openBrace))
        if isCalled, !methods.isEmpty {
            for level in methods.indices.reversed().prefix(24) where methods[level].contains(name) {
                guard level < base.classes.count else { continue }
                return program.member(program.call(base.classes[level].symbol), name)
            }
        }
        let local = base.scopes.value(name)
        if local != Scopes.unbound { return local }
        let own = program.member(module, name)
        if program.declared.contains(own) { return own }
        if isSwift { return own }
        if isUpper(name) || !isJava && text(i) != "it" { return program.member(here, name) }
        for package in packages.reversed() {
            if let known = program.symbols.find(package, name) { return known }
        }
        // A field of the class above, maybe.
        if isJava, !isCalled, let type = base.classes.last?.symbol, supers.last?.isEmpty == false {
            return program.member(program.call(type), name)
        }
        return SymbolTable.unknown
    }

    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while i < start + 8,
            base.isName(i) && leading.contains(base.name(i)) || base.is(i, .bang) || isSwift && base.is(i, .question)
        { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        var value: SymbolID
        var k = i + 1
        if base.is(i, .new), base.isName(i + 1) {
            (value, k) = qualified(i + 1)
            k = afterGenerics(k)
        } else if base.isName(i), selves.contains(base.name(i)) {
            guard let type = base.classes.last?.symbol else { return (SymbolTable.unknown, k) }
            value = text(i) == "Self" ? type : program.call(type)
        } else if base.isName(i) {
            if isReserved(i) { return (SymbolTable.unknown, k) }
            value = lookup(i)
            // A full name: `java.nio.file.Files.readString(...)`.
            if value == SymbolTable.unknown || !isSwift && !program.declared.contains(value),
                base.is(k, .dot), !isSwift,
                let outside = program.symbols.find(program.modules(language), base.name(i)),
                base.scopes.value(base.name(i)) == Scopes.unbound
            {
                value = outside
            }
        } else if base.is(i, .open), let close = base.partner(i) {
            let next = close + 1
            // `(Type) value`
            if isJava, base.isName(i + 1), isUpper(base.name(i + 1)), base.isName(next) || base.is(next, .open) {
                return (program.call(qualified(i + 1).0), next)
            }
            value = chain(i + 1, record: false, depth: depth + 1).0
            k = next
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var key: [Argument] = []
        var steps = 0
        while k < base.count {
            // What is that deep in a chain is nothing that a rule names.
            steps += 1
            if steps > Self.links { value = SymbolTable.unknown }
            if base.is(k, .bangBang) || base.is(k, .bang) && isSwift
                || isSwift && base.is(k, .question) && base.is(k + 1, .dot)
            {
                k += 1
            } else if base.is(k, .dot) || base.is(k, .optionalDot) || base.is(k, .doubleColon), base.isName(k + 1) {
                let name = base.name(k + 1)
                if value == SymbolTable.unknown {
                    let isUsed = base.is(k + 2, .open) || base.is(k + 2, .openBrace)
                    if program.receiverNames.contains(name), isUsed { value = program.member(base.receiver, name) }
                } else {
                    value = program.member(value, name)
                }
                k += 2
                wasCalled = false
            } else if base.is(k, .less), let end = genericCall(k) {
                k = end
            } else if base.is(k, .open), isJava || !base.isOnNewLine(k), let close = base.partner(k) {
                if record { call(value, k, close, at: i) }
                value = program.call(value)
                k = close + 1
                wasCalled = true
                if !isJava, base.is(k, .openBrace), !base.isOnNewLine(k) {
                    let after = base.after(k)
                    if base.is(after, .dot) || base.is(after, .optionalDot) { k = after }
                }
            } else if language == .kotlin, base.is(k, .openBrace), !base.isOnNewLine(k), base.isName(k - 1), !wasCalled
            {
                if record { base.use(value, .call, i) }
                value = program.call(value)
                k = base.after(k)
                wasCalled = true
            } else if base.is(k, .openSquare), !base.isOnNewLine(k), let close = base.partner(k) {
                if base.isString(k + 1), close == k + 2 { key = [.literal(base.text(k + 1))] }
                value = program.element(value)
                k = close + 1
                wasCalled = false
            } else {
                break
            }
        }
        if !isJava, base.is(k, .as) {
            var at = k + 1
            while base.is(at, .question) || base.is(at, .bang) { at += 1 }
            if !record, let type = typeAt(at) { return (program.call(type), k) }
        }
        if record, !wasCalled, value >= SymbolTable.first {
            if base.is(k, .assign) {
                var given = key.isEmpty ? [argument(k + 1, valueEnd(k + 1))] : key
                if isSwift, key.isEmpty, let words = processWords(i, k) { given.append(words) }
                base.use(value, .assignment, i, given)
            } else {
                base.use(value, .reference, i, key)
            }
        }
        return (value, k)
    }

    /// The value of `process.arguments`, for an assignment to `process.executableURL` before it.
    private mutating func processWords(_ i: Int, _ assign: Int) -> Argument? {
        guard assign == i + 3, base.is(i + 1, .dot), ["executableURL", "launchPath"].contains(text(i + 2)) else {
            return nil
        }
        var k = assign + 1
        let limit = min(base.scopes.innermostEnd ?? base.count, k + 300)
        while k + 3 < limit {
            if base.isName(k), base.name(k) == base.name(i), base.is(k + 1, .dot), text(k + 2) == "arguments",
                base.is(k + 3, .assign)
            {
                return argument(k + 4, valueEnd(k + 4))
            }
            k += 1
        }
        return nil
    }

    private func afterGenerics(_ i: Int) -> Int {
        guard base.is(i, .less) else { return i }
        var k = i, depth = 0
        while k < base.count, k < i + 60 {
            let token = base.tokens[k]
            if token.kind == .symbol {
                let byte = base.bytes[Int(token.start)]
                if byte == 0x3C { depth += 1 }
                if byte == 0x3E { depth -= Int(token.end - token.start) }
            }
            k += 1
            if depth <= 0 { return k }
        }
        return i
    }

    /// `Name<T>(`
    private func genericCall(_ i: Int) -> Int? {
        guard !isJava, base.isName(i + 1) else { return nil }
        let end = afterGenerics(i)
        return end > i && (base.is(end, .open) || base.is(end, .dot)) ? end : nil
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, at i: Int) {
        let (list, named) = arguments(open, close)
        registerTool(value, open, close, list, named)
        addition(i, open, list)
        guard value >= SymbolTable.first else { return }
        base.use(value, .call, i, list, named: named)
    }

    /// `server.addTool(name = "x") { ... }`, `Tool(name: "x", ...)`
    private mutating func registerTool(
        _ value: SymbolID, _ open: Int, _ close: Int, _ list: [Argument], _ named: [String: Argument]
    ) {
        guard !isJava, base.isName(open - 1) else { return }
        let method = text(open - 1)
        guard isSwift ? method == "Tool" : method == "addTool" else { return }
        guard case .literal(let name)? = named["name"] ?? list.first else { return }
        var handler: SymbolID = -1
        if base.is(close + 1, .openBrace) {
            handler = program.member(module, "tool:" + name)
            program.declared.insert(handler)
            base.functions.append((handler, base.after(close + 1)))
        }
        program.tools.append(
            ToolFact(name: name, handler: handler, file: Int32(base.index), line: base.tokens[open].line))
    }

    private func next(_ i: Int, _ close: Int) -> Int {
        var k = i
        var angle = 0
        while k < close {
            let token = base.tokens[k]
            if token.is(.less), base.isName(k - 1), isUpper(base.name(k - 1)) { angle += 1 }
            if angle > 0, token.kind == .symbol, base.bytes[Int(token.start)] == 0x3E {
                angle -= Int(token.end - token.start)
            }
            if angle <= 0, token.is(.comma) { break }
            if token.kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = token.is(.open) || token.is(.openSquare) || token.is(.openBrace) ? base.after(k) : k + 1
        }
        return k + 1
    }

    private mutating func arguments(_ open: Int, _ close: Int) -> ([Argument], [String: Argument]) {
        var list: [Argument] = []
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, list.count < 16 {
            let end = next(k, close) - 1
            let isNamed = base.isName(k) && (isSwift ? base.is(k + 1, .colon) : !isJava && base.is(k + 1, .assign))
            let value = argument(isNamed ? k + 2 : k, end)
            if isNamed { named[text(k)] = value }
            list.append(value)
            k = end + 1
        }
        return (list, named)
    }

    /// Calls that make a path, an address or a list of texts: what they are given is what they are.
    private static let wrappers: Set<String> = [
        "URL", "URI", "create", "File", "Path", "of", "get", "Paths", "FilePath", "Uri", "toPath", "URLRequest",
        "HttpGet", "HttpPost",
    ]
    private static let lists: Set<String> = ["listOf", "arrayOf", "asList", "mutableListOf"]

    private mutating func argument(_ start: Int, _ end: Int, depth: Int = 0) -> Argument {
        guard start < end, start < base.count, depth < 8 else { return .other }
        let token = base.tokens[start]
        switch token.kind {
        case .string: return base.sum(start, end, .plus)
        case .head: return base.template(start, end)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .symbol where token.is(.openSquare) && isSwift || token.is(.openBrace) && isJava:
            guard let close = base.partner(start) else { return .other }
            return .list(items(start, close, depth))
        case .name:
            let word = text(start)
            if word == "true" || word == "false" { return .flag(word == "true") }
            if ["try", "await"].contains(word) { return argument(start + 1, end, depth: depth + 1) }
            if let inner = wrapped(start, end, depth) { return inner }
            let (value, last) = chain(start, record: false)
            guard value >= SymbolTable.first else { return .other }
            if base.is(last, .coalesce), last + 2 == end, base.isString(last + 1) {
                return .choice([.symbol(value), .literal(base.text(last + 1))])
            }
            return last >= end || base.is(last, .bang) || base.is(last, .coalesce) ? .symbol(value) : .other
        default: return .other
        }
    }

    private mutating func items(_ open: Int, _ close: Int, _ depth: Int) -> [Argument] {
        var items: [Argument] = []
        var k = open + 1
        while k < close, items.count < 12 {
            let last = next(k, close) - 1
            items.append(argument(k, last, depth: depth + 1))
            k = last + 1
        }
        return items
    }

    private mutating func wrapped(_ start: Int, _ end: Int, _ depth: Int) -> Argument? {
        var k = start
        if base.is(k, .new) { k += 1 }
        while base.isName(k), base.is(k + 1, .dot), base.isName(k + 2) { k += 2 }
        if isJava, base.is(start, .new), base.isName(k), base.is(k + 1, .openSquare), base.is(k + 3, .openBrace),
            let close = base.partner(k + 3)
        {
            return .list(items(k + 3, close, depth))
        }
        guard base.isName(k), base.is(k + 1, .open), let close = base.partner(k + 1) else { return nil }
        let name = text(k)
        let isList = Self.lists.contains(name) || name == "of" && text(k - 2) == "List"
        if isList { return .list(items(k + 1, close, depth)) }
        guard Self.wrappers.contains(name), close > k + 2 else { return nil }
        if ["of", "get", "create"].contains(name), !isUpper(base.name(max(start, k - 2))) { return nil }
        let last = next(k + 2, close) - 1
        let isNamed = base.isName(k + 2) && base.is(k + 3, isSwift ? .colon : .assign)
        let inner = argument(isNamed ? k + 4 : k + 2, last, depth: depth + 1)
        guard last == close else { return nil }
        switch inner {
        case .literal, .template: return inner
        // What is made of a parameter is what the caller gives.
        case .symbol(let symbol):
            return program.parameters[symbol] == nil && program.constants[symbol] == nil ? nil : inner
        default: return nil
        }
    }
}

extension Scopes {
    /// Whether a block was entered since the type that ends at `end`.
    fileprivate func isInBlock(of end: Int) -> Bool { (innermostEnd ?? end) < end }
}
