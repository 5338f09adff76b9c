/// Reads C#: types with members, statements at the top of a file, attributes, and types that `using` makes known.
///
/// All files of a project share one symbol for what they declare, because C# imports no files.
struct CSharpReader {
    var base: SourceReader
    private var program: Program { base.program }
    /// Below it lie the types of the program.
    private let module: SymbolID
    private let types: Set<String>
    /// Namespaces whose types are known here, and the beginnings of names that rules ask for in them.
    private var namespaces: [(symbol: SymbolID, beginnings: [String])] = []
    /// Types whose members are known without them: `using static`.
    private var statics: [SymbolID] = []
    /// Methods of each type around the present token.
    private var methods: [Set<NameID>] = []
    private var supers: [[NameID]] = []
    /// By the token of the opening parenthesis: where the function's body ends, and the tool that it is.
    private var openings: [Int: (symbol: SymbolID, end: Int)] = [:]
    private var tools: [Int: String] = [:]
    private static let reach = 600
    private var looks: Looks
    private let reservedWords: WordSet, plainWords: WordSet, modifierWords: WordSet, typeStarts: WordSet

    init(
        _ base: SourceReader, anchor: Int, usings: [String], aliases: [(name: String, target: String)],
        types: Set<String>
    ) {
        self.base = base
        self.types = types
        looks = Looks(tokens: base.count)
        let names = base.program.names
        reservedWords = WordSet(Self.reserved, names)
        plainWords = WordSet(Self.plain, names)
        modifierWords = WordSet(Self.modifiers, names)
        typeStarts = WordSet(Self.typeWords, names)
        module = base.program.file(anchor)
        base.program.languages[module] = .csharp
        for name in usings { take(name) }
        for (name, target) in aliases {
            let symbol = CSharpReading.symbol(target, base.program)
            if name.isEmpty {
                statics.append(symbol)
            } else {
                self.base.scopes.bind(base.program.names.intern(name), symbol)
            }
        }
    }

    private mutating func take(_ name: String) {
        guard namespaces.count < 200 else { return }
        namespaces.append((CSharpReading.symbol(name, program), CSharpReading.beginnings[name] ?? []))
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
    }

    // MARK: Words

    private func text(_ i: Int) -> String { base.isName(i) ? program.names.text(base.name(i)) : "" }
    private func isUpper(_ name: NameID) -> Bool { (0x41...0x5A).contains(program.names.first(name)) }
    private func isMember(_ i: Int) -> Bool {
        base.is(i - 1, .dot) || base.is(i - 1, .optionalDot) || base.is(i - 1, .thinArrow)
            || base.is(i - 1, .doubleColon) && text(i - 2) != "global"
    }
    private func isReserved(_ i: Int) -> Bool { base.isName(i) && reservedWords.contains(base.name(i)) }
    private func isPlain(_ i: Int) -> Bool { base.isName(i) && plainWords.contains(base.name(i)) }

    private static let typeWords: Set<String> = ["class", "interface", "enum", "record", "struct"]
    private static let modifiers: Set<String> = [
        "public", "private", "protected", "internal", "static", "readonly", "const", "virtual", "override", "abstract",
        "async", "sealed", "partial", "extern", "new", "unsafe", "volatile", "required", "event", "ref", "fixed",
        "file",
        "implicit", "explicit", "scoped", "in", "out", "params", "this", "await", "using",
    ]
    private static let plain: Set<String> = [
        "var", "string", "int", "long", "bool", "object", "double", "float", "decimal", "char", "byte", "short", "uint",
        "ulong",
        "dynamic", "void", "nint", "sbyte", "ushort", "nuint",
    ]
    private static let reserved: Set<String> = plain.union([
        "return", "if", "else", "for", "foreach", "while", "do", "switch", "case", "try", "catch", "finally", "throw",
        "await",
        "async", "in", "is", "as", "public", "private", "protected", "internal", "static", "sealed", "abstract",
        "override",
        "virtual", "default", "break", "continue", "where", "null", "true", "false", "partial", "readonly", "const",
        "new",
        "out", "ref", "params", "lock", "yield", "get", "set", "init", "value", "when", "with", "and", "or", "not",
        "checked",
        "unchecked", "unsafe", "fixed", "stackalloc", "goto", "operator", "implicit", "explicit", "event", "delegate",
        "namespace", "required", "extern", "volatile", "scoped", "global", "sizeof", "from", "select", "let", "orderby",
        "group", "join",
    ])

    private func typeName(_ i: Int) -> Int? {
        guard base.isName(i), !isMember(i), typeStarts.contains(base.name(i)) else { return nil }
        var k = i + 1
        if text(i) == "record", text(k) == "struct" || text(k) == "class" { k += 1 }
        return base.isName(k) && isUpper(base.name(k)) ? k : nil
    }

    private mutating func declareTypes() {
        for i in 0..<base.count where base.isName(i) {
            if let name = typeName(i) { program.declared.insert(program.member(module, base.name(name))) }
        }
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
            } else if token.is(.open) {
                if let opening = openings[i] { return enter(i, opening.symbol, opening.end) }
                if !base.isName(i - 1) || isReserved(i - 1), let close = base.partner(i),
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
        if base.is(i, .using), !base.is(i + 1, .open), let end = usingLine(i) { return end }
        if text(i) == "namespace" {
            var k = i + 1
            while base.isName(k) || base.is(k, .dot) { k += 1 }
            return k
        }
        if let name = typeName(i) { return type(i, name) }
        if text(i) == "DllImport" || text(i) == "LibraryImport", base.is(i - 1, .openSquare) || base.is(i - 1, .comma) {
            base.doubt(.nativeCode, i, until: base.is(i + 1, .open) ? base.partner(i + 1) : nil)
            return i + 1
        }
        if text(i) == "nameof" || text(i) == "typeof", base.is(i + 1, .open) { return base.after(i + 1) }
        if base.is(i, .new) {
            _ = chain(i, record: true)
            // The type's name is done; arguments and members in braces follow.
            return base.isName(i + 1) ? qualified(i + 1).1 : i + 1
        }
        if let declared = declaration(i) { return declared }
        if isReserved(i) || text(i) == "this" && !base.is(i + 1, .dot) { return i + 1 }
        // `name: value` in arguments, `Name = value` in braces behind `new`.
        if base.is(i + 1, .colon), base.is(i - 1, .open) || base.is(i - 1, .comma) { return i + 1 }
        if base.is(i + 1, .assign), isInitializer(i) { return i + 1 }
        _ = chain(i, record: true)
        return i + 1
    }

    /// Whether `Name = value` stands right behind `{` or `,` of an initializer.
    private func isInitializer(_ i: Int) -> Bool {
        guard isUpper(base.name(i)), base.is(i - 1, .openBrace) || base.is(i - 1, .comma) else { return false }
        if base.is(i - 1, .comma) { return true }
        return base.isName(i - 2) || base.is(i - 2, .close) || base.is(i - 2, .greater) || base.is(i - 2, .closeSquare)
    }

    // MARK: Using

    /// `using A.B;`, `using X = A.B.C;`, `using static A.B;`; `nil` for a statement that declares a variable.
    private mutating func usingLine(_ i: Int) -> Int? {
        var k = i + 1
        let isStatic = base.is(k, .static)
        if isStatic { k += 1 }
        let first = k
        var bound: NameID?
        if base.isName(k), base.is(k + 1, .assign), base.isName(k + 2), base.functions.isEmpty {
            bound = base.name(k)
            k += 2
        }
        if text(k) == "global", base.is(k + 1, .doubleColon) { k += 2 }
        var parts: [String] = []
        while base.isName(k), parts.count < 24 {
            parts.append(text(k))
            guard base.is(k + 1, .dot) else {
                k += 1
                break
            }
            k += 2
        }
        guard base.is(k, .semicolon) || bound != nil && base.is(k, .less), !parts.isEmpty else { return nil }
        let name = parts.joined(separator: ".")
        let symbol = CSharpReading.symbol(name, program)
        if let bound {
            base.scopes.bind(
                bound, types.contains(parts[parts.count - 1]) ? program.member(module, parts[parts.count - 1]) : symbol)
            let fact = program.member(base.file, "import:" + name)
            program.declared.insert(fact)
            base.importFact(name, first)
            base.facts.imports[base.facts.imports.count - 1].symbol = fact
        } else if isStatic {
            if statics.count < 20 { statics.append(symbol) }
        } else {
            take(name)
            let fact = program.member(base.file, "import:" + name)
            program.declared.insert(fact)
            base.importFact(name, first)
            base.facts.imports[base.facts.imports.count - 1].symbol = fact
        }
        return k
    }

    // MARK: Types

    private mutating func type(_ i: Int, _ nameAt: Int) -> Int {
        let symbol = program.member(module, base.name(nameAt))
        program.declared.insert(symbol)
        var k = nameAt + 1
        if base.is(k, .less) { k = afterGenerics(k) }
        var primary: Int?
        if base.is(k, .open) {
            primary = k
            k = base.after(k)
        }
        var above: [NameID] = []
        var takesBase = base.is(k, .colon)
        while k < base.count, k < nameAt + Self.reach, !base.is(k, .openBrace), !base.is(k, .semicolon),
            typeName(k) == nil
        {
            if text(k) == "where" { takesBase = false }
            if takesBase, base.isName(k), !isMember(k), !isReserved(k), isUpper(base.name(k)) {
                let (value, end) = qualified(k)
                if above.count < 8 { above.append(base.name(k)) }
                if value >= SymbolTable.first {
                    if program.bases[program.call(symbol)] == nil {
                        program.bases[program.call(symbol)] = program.call(value)
                    }
                    base.use(value, .base, k)
                }
                k = base.is(end, .less) ? afterGenerics(end) : end
                continue
            }
            k = base.is(k, .open) ? base.after(k) : k + 1
        }
        guard base.is(k, .openBrace), let close = base.partner(k) else { return nameAt + 1 }
        base.scopes.push(until: close + 1)
        base.classes.append((symbol, close + 1))
        methods.append([])
        supers.append(above)
        if let primary, let end = base.partner(primary) { primaryParameters(primary, end, symbol) }
        if text(i) != "enum" { members(k + 1, close, symbol, base.name(nameAt)) }
        return nameAt + 1
    }

    /// Parameters behind a type's name are known in the whole type.
    private mutating func primaryParameters(_ open: Int, _ close: Int, _ type: SymbolID) {
        var k = open + 1
        while k < close {
            let end = next(k, close)
            let start = skipModifiers(k, end)
            let at = typeEnd(start)
            if at > start, base.isName(at), at < end { field(at, type, typeAt(start), valueAt: nil) }
            k = end
        }
    }

    /// The token after `[Attributes]` and modifiers.
    private func skipModifiers(_ start: Int, _ end: Int, tool: inout String?) -> Int {
        var k = start
        while k < end {
            if base.is(k, .openSquare) {
                if let name = toolName(k) { tool = name }
                k = base.after(k)
            } else if base.isName(k), modifierWords.contains(base.name(k)) {
                k += 1
            } else {
                return k
            }
        }
        return k
    }

    private func skipModifiers(_ start: Int, _ end: Int) -> Int {
        var tool: String?
        return skipModifiers(start, end, tool: &tool)
    }

    /// What `[McpServerTool(Name = "x")]` says; an empty text when the method's name is the tool's.
    private func toolName(_ open: Int) -> String? {
        guard let close = base.partner(open) else { return nil }
        var k = open + 1
        while k < close, k < open + Self.reach {
            let word = text(k)
            if word == "McpServerTool" || word == "McpServerToolAttribute" || word == "McpTool" {
                guard base.is(k + 1, .open), let end = base.partner(k + 1) else { return "" }
                for n in k + 2..<max(end, k + 2)
                where text(n) == "Name" && base.is(n + 1, .assign) && base.isString(n + 2) {
                    return base.text(n + 2)
                }
                return base.isString(k + 2) ? base.text(k + 2) : ""
            }
            k = base.is(k, .open) ? base.after(k) : k + 1
        }
        return nil
    }

    /// Fields, properties and methods that stand right in a type's body, known before the body is read.
    private mutating func members(_ start: Int, _ end: Int, _ type: SymbolID, _ typeName: NameID) {
        var k = start
        var count = 0
        while k < end, count < 20_000 {
            count += 1
            var tool: String?
            let at = skipModifiers(k, end, tool: &tool)
            guard at < end else { return }
            if self.typeName(at) != nil {
                k = statementEnd(at, end)
                continue
            }
            let nameAt: Int
            if base.isName(at), base.name(at) == typeName, base.is(at + 1, .open) {
                nameAt = at  // a constructor
            } else {
                let after = typeEnd(at)
                guard after > at, base.isName(after) else {
                    k = statementEnd(max(at, k), end)
                    continue
                }
                // `Task IFace.Name(`
                var name = after
                while base.is(name + 1, .dot), base.isName(name + 2) { name += 2 }
                nameAt = name
            }
            var open = nameAt + 1
            if base.is(open, .less) { open = afterGenerics(open) }
            if base.is(open, .open), let close = base.partner(open) {
                k = method(at, nameAt, open, close, end, type, tool)
            } else if base.is(open, .assign) || base.is(open, .semicolon) || base.is(open, .openBrace)
                || base.is(open, .arrow) || base.is(open, .comma)
            {
                k = property(at, nameAt, open, end, type)
            } else {
                k = statementEnd(open, end)
            }
        }
    }

    private mutating func property(_ at: Int, _ nameAt: Int, _ next: Int, _ end: Int, _ type: SymbolID) -> Int {
        var value: Int? = base.is(next, .assign) || base.is(next, .arrow) ? next + 1 : nil
        var stop = statementEnd(next, end)
        if base.is(next, .openBrace) {
            stop = base.after(next)
            if base.is(stop, .assign) {
                value = stop + 1
                stop = statementEnd(stop, end)
            }
        }
        field(nameAt, type, typeAt(at), valueAt: value)
        // `A a = 1, b = 2;`
        if base.is(next, .comma), base.isName(next + 1) { field(next + 1, type, typeAt(at), valueAt: nil) }
        return stop
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
        let value = argument(i, valueEnd(i))
        switch value {
        case .literal, .template, .list: program.constants[symbol] = value
        default: break
        }
    }

    private mutating func method(
        _ at: Int, _ nameAt: Int, _ open: Int, _ close: Int, _ end: Int, _ type: SymbolID, _ tool: String?
    ) -> Int {
        let name = base.name(nameAt)
        let symbol = program.member(program.call(type), name)
        program.declared.insert(symbol)
        program.alias(program.member(type, name), to: symbol)
        methods[methods.count - 1].insert(name)
        if at != nameAt, let given = typeAt(at) { program.alias(program.call(symbol), to: program.call(given)) }
        guard let (bodyEnd, _) = body(close + 1, end) else { return statementEnd(close + 1, end) }
        openings[open] = (symbol, bodyEnd)
        if let tool { tools[open] = tool.isEmpty ? Self.snakeCase(text(nameAt)) : tool }
        return bodyEnd
    }

    /// Where the body behind a parameter list ends, whether it has braces or an arrow.
    private mutating func body(_ start: Int, _ end: Int) -> (end: Int, isBlock: Bool)? {
        var k = start
        let limit = min(end, start + looks.reach(Self.reach))
        defer { looks.spend(k - start) }
        while k < limit {
            if base.is(k, .openBrace) { return (base.after(k), true) }
            if base.is(k, .arrow) { return (min(valueEnd(k + 1, isStatement: true) + 1, end), false) }
            if base.is(k, .semicolon) || base.is(k, .closeBrace) { return nil }
            guard
                base.isName(k) || base.is(k, .colon) || base.is(k, .open) || base.is(k, .comma) || base.is(k, .less)
                    || base.is(k, .greater) || base.is(k, .dot) || base.is(k, .question)
            else { return nil }
            k = base.is(k, .open) ? base.after(k) : k + 1
        }
        return nil
    }

    /// The token after the statement or member that `i` is in.
    private func statementEnd(_ i: Int, _ end: Int) -> Int {
        var k = i
        while k < end {
            if base.is(k, .semicolon) { return k + 1 }
            if base.is(k, .openBrace) {
                let after = base.after(k)
                if !base.is(after, .assign), !base.is(after, .dot), !base.is(after, .semicolon), !base.is(after, .close)
                {
                    return after
                }
                k = after
                continue
            }
            if base.tokens[k].kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = base.is(k, .open) || base.is(k, .openSquare) ? base.after(k) : k + 1
        }
        return end
    }

    /// The SDK's name for a method: `GetWeatherAsync` is `get_weather`.
    private static func snakeCase(_ name: String) -> String {
        var bytes = Array(name.utf8)
        let suffix = Array("Async".utf8)
        if bytes.count > suffix.count, bytes.suffix(suffix.count).elementsEqual(suffix) {
            bytes.removeLast(suffix.count)
        }
        var result: [UInt8] = []
        for (i, byte) in bytes.enumerated() {
            let isCapital = (0x41...0x5A).contains(byte)
            if isCapital, i > 0 {
                let after = i + 1 < bytes.count && (0x61...0x7A).contains(bytes[i + 1])
                let before = (0x61...0x7A).contains(bytes[i - 1]) || (0x30...0x39).contains(bytes[i - 1])
                if before || after, result.last != 0x5F { result.append(0x5F) }
            }
            result.append(isCapital ? byte | 0x20 : byte)
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: Functions

    private mutating func enter(_ open: Int, _ symbol: SymbolID, _ end: Int) -> Int {
        base.scopes.push(until: end)
        base.functions.append((symbol, end))
        implement(symbol)
        if let tool = tools[open] {
            program.tools.append(
                ToolFact(name: tool, handler: symbol, file: Int32(base.index), line: base.tokens[open].line))
        }
        guard let close = base.partner(open) else { return open + 1 }
        var k = open + 1, position = 0
        while k < close {
            let end = next(k, close)
            parameter(k, end - 1, position, symbol)
            position += 1
            k = end
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
        let at = skipModifiers(start, end)
        let nameAt = typeEnd(at)
        guard nameAt > at, base.isName(nameAt), nameAt < end + 1 else { return }
        let name = base.name(nameAt)
        if let given = typeAt(at) {
            base.scopes.bind(name, program.call(given))
        } else {
            let symbol = program.member(function, "#\(position)")
            program.parameters[symbol] = (function, position, name)
            program.declared.insert(symbol)
            base.scopes.bind(name, symbol)
        }
    }

    // MARK: Declarations

    /// The token after a type: dotted names, type arguments, brackets, `?`, tuples. `i` when there is none.
    private func typeEnd(_ i: Int) -> Int {
        var k = i
        if base.is(k, .open), let close = base.partner(k) {
            k = close + 1
        } else {
            guard base.isName(k) else { return i }
            if text(k) == "global", base.is(k + 1, .doubleColon) { k += 2 }
            let isPlain = self.isPlain(k)
            guard isPlain || isUpper(base.name(k)) || base.is(k + 1, .dot) else { return i }
            guard isPlain || !isReserved(k) else { return i }
            k += 1
            while base.is(k, .dot), base.isName(k + 1) { k += 2 }
            if base.is(k, .less) {
                let end = afterGenerics(k)
                if end == k { return i }
                k = end
                while base.is(k, .dot), base.isName(k + 1) { k += 2 }
            }
        }
        while true {
            if base.is(k, .question) || base.is(k, .star) {
                k += 1
            } else if base.is(k, .openSquare), let close = base.partner(k),
                (k + 1..<close).allSatisfy({ base.is($0, .comma) })
            {
                k = close + 1
            } else {
                return k
            }
        }
    }

    /// `Type name = ...;`, `Type name)`, `Type Name(...) {`: a variable, a parameter of a lambda, a function in a function.
    private mutating func declaration(_ i: Int) -> Int? {
        let isPlain = self.isPlain(i)
        guard isPlain || isUpper(base.name(i)) || base.is(i + 1, .dot), isPlain || !isReserved(i) else { return nil }
        let nameAt = typeEnd(i)
        guard nameAt > i, base.isName(nameAt), !isReserved(nameAt),
            base.tokens[nameAt].line == base.tokens[nameAt - 1].line
        else { return nil }
        var k = nameAt + 1
        if base.is(k, .less) { k = afterGenerics(k) }
        if base.is(k, .open), let close = base.partner(k), !openings.keys.contains(k) {
            guard let (end, _) = body(close + 1, base.count) else { return nil }
            return localFunction(i, nameAt, k, end)
        }
        if openings.keys.contains(k) { return nameAt + 1 }
        let isPattern = text(i - 1) == "is" || text(i - 1) == "case" || text(i - 1) == "out" || text(i - 1) == "not"
        guard
            base.is(k, .assign) || base.is(k, .semicolon) || base.is(k, .comma) || base.is(k, .close) || base.is(k, .in)
                || isPattern || base.is(k, .openBrace) || base.is(k, .arrow)
        else { return nil }
        if isInBody(of: nameAt) { return nameAt + 1 }  // a field: it was bound when the type was entered
        let value = base.is(k, .assign) ? k + 1 : nil
        bindLocal(base.name(nameAt), typeAt(i), value)
        return nameAt + 1
    }

    /// Right in a type's body, not in a function of it.
    private func isInBody(of i: Int) -> Bool {
        guard let type = base.classes.last else { return false }
        if let function = base.functions.last, function.end <= type.end { return false }
        return (base.scopes.innermostEnd ?? type.end) >= type.end
    }

    private mutating func localFunction(_ i: Int, _ nameAt: Int, _ open: Int, _ end: Int) -> Int {
        let name = base.name(nameAt)
        let owner = base.functions.last?.symbol ?? module
        let symbol = program.member(owner, name)
        program.declared.insert(symbol)
        if owner != module { base.scopes.bind(name, symbol) }
        if let given = typeAt(i) { program.alias(program.call(symbol), to: program.call(given)) }
        openings[open] = (symbol, end)
        return nameAt + 1
    }

    private mutating func bindLocal(_ name: NameID, _ given: SymbolID?, _ value: Int?) {
        var symbol = given.map { program.call($0) } ?? SymbolTable.unknown
        if symbol == SymbolTable.unknown, let value {
            let literal = argument(value, valueEnd(value))
            switch literal {
            case .literal, .template, .list:
                let own = program.member(base.functions.last?.symbol ?? base.file, name)
                program.declared.insert(own)
                if program.constants[own] == nil { program.constants[own] = literal }
                return base.scopes.bind(name, own)
            default: symbol = chain(value, record: false).0
            }
        }
        base.scopes.bind(name, symbol)
    }

    /// Types that stand for what is in them.
    private static let shells: Set<String> = [
        "Task", "ValueTask", "Lazy", "Nullable", "IOptions", "Func", "IEnumerable", "List", "IAsyncEnumerable",
    ]
    private static let untyped: Set<String> = [
        "String", "Object", "Boolean", "Int32", "Int64", "Double", "CancellationToken", "JsonElement", "Guid",
        "DateTime", "TimeSpan",
    ]

    private func typeAt(_ i: Int, depth: Int = 0) -> SymbolID? {
        guard depth < 8, base.isName(i), !isReserved(i) || text(i) == "global", !Self.untyped.contains(text(i)) else {
            return nil
        }
        let (value, end) = qualified(i)
        let last = text(end - 1)
        if Self.shells.contains(last), base.is(end, .less) {
            if ["Func", "IEnumerable", "List", "IAsyncEnumerable"].contains(last) { return nil }
            return typeAt(end + 1, depth: depth + 1)
        }
        guard value >= SymbolTable.first, isUpper(base.name(end - 1)) else { return nil }
        // An array of them is none of them.
        if base.is(end, .openSquare), base.is(end + 1, .closeSquare) { return nil }
        return value
    }

    private func qualified(_ i: Int) -> (SymbolID, Int) {
        var i = i
        if text(i) == "global", base.is(i + 1, .doubleColon), base.isName(i + 2) { i += 2 }
        var value = lookup(i)
        var k = i + 1
        if base.is(k, .dot), !program.declared.contains(value), base.scopes.value(base.name(i)) == Scopes.unbound,
            let outside = program.symbols.find(program.modules(.csharp), base.name(i))
        {
            value = outside
        }
        while base.is(k, .dot), base.isName(k + 1) {
            value = program.member(value, base.name(k + 1))
            k += 2
        }
        return (value, k)
    }

    // MARK: Expressions

    /// What a name stands for at token `i`.
    private func lookup(_ i: Int) -> SymbolID {
        let name = base.name(i)
        if base.is(i + 1, .open) || base.is(i + 1, .less) {
            for level in methods.indices.reversed().prefix(24) where methods[level].contains(name) {
                guard level < base.classes.count else { continue }
                return program.member(program.call(base.classes[level].symbol), name)
            }
        }
        let local = base.scopes.value(name)
        // A property may be called as its type is: `Type Type`.
        if local != Scopes.unbound { return local }
        let own = program.member(module, name)
        let word = text(i)
        if program.declared.contains(own) || types.contains(word) { return own }
        for space in namespaces.reversed() {
            if let known = program.symbols.find(space.symbol, name) { return known }
            if !space.beginnings.isEmpty, space.beginnings.contains(where: { word.hasPrefix($0) }) {
                return program.member(space.symbol, name)
            }
        }
        for type in statics {
            if let known = program.symbols.find(type, name) { return known }
        }
        if word.utf8.first == UInt8(ascii: "_"), let type = base.classes.last?.symbol {
            return program.member(program.call(type), name)
        }
        if isClient(word) { return CSharpReading.symbol("elsewhere.Client", program) }
        return isUpper(name) ? own : SymbolTable.unknown
    }

    /// A type from a package that no rule knows, called as clients of services are: `SeqConnection`, `IJiraClient`.
    private func isClient(_ word: String) -> Bool {
        guard word.hasSuffix("Client") || word.hasSuffix("Connection"), word.utf8.count > 10,
            (0x41...0x5A).contains(word.utf8.first!)
        else { return false }
        return !["IDbConnection", "DbConnection", "IMcpClient", "McpClient", "IConnection"].contains(word)
    }

    /// Members that give back what they are members of.
    private static let transparent: Set<String> = ["ConfigureAwait", "GetAwaiter", "GetResult", "AsTask", "Unwrap"]
    private static let resolvers: Set<String> = [
        "GetRequiredService", "GetService", "CreateInstance", "Resolve", "GetRequiredKeyedService",
    ]

    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (SymbolID, Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start + 1) }
        var i = start
        while base.is(i, .await) || base.is(i, .bang) || base.is(i, .throw) { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i) }
        var value: SymbolID
        var k = i + 1
        if base.is(i, .new), base.isName(i + 1) {
            (value, k) = qualified(i + 1)
            k = base.is(k, .less) ? afterGenerics(k) : k
            if base.is(k, .openBrace), let close = base.partner(k) {
                if record, value >= SymbolTable.first { base.use(value, .call, i, [], named: initializer(k, close)) }
                value = program.call(value)
                k = close + 1
            }
        } else if base.isName(i), text(i) == "this" || text(i) == "base" {
            guard let type = base.classes.last?.symbol else { return (SymbolTable.unknown, k) }
            value = program.call(type)
        } else if base.isName(i) {
            if isReserved(i), text(i) != "global" { return (SymbolTable.unknown, k) }
            if text(i) == "global", base.is(k, .doubleColon), base.isName(k + 1) {
                i += 2
                k += 2
            }
            value = lookup(i)
            // A full name: `System.IO.File.Delete(...)`.
            if !program.declared.contains(value), base.is(k, .dot), base.scopes.value(base.name(i)) == Scopes.unbound,
                let outside = program.symbols.find(program.modules(.csharp), base.name(i))
            {
                value = outside
            }
        } else if base.is(i, .open), let close = base.partner(i) {
            let next = close + 1
            // `(Type)value`
            if base.isName(i + 1), isUpper(base.name(i + 1)), typeEnd(i + 1) == close,
                base.isName(next) || base.is(next, .open),
                !isReserved(next), let type = typeAt(i + 1)
            {
                return (program.call(type), next)
            }
            value = chain(i + 1, record: false, depth: depth + 1).0
            k = next
        } else {
            return (SymbolTable.unknown, k)
        }
        var wasCalled = false
        var key: [Argument] = []
        while k < base.count {
            if base.is(k, .bang), base.is(k + 1, .dot) || base.is(k + 1, .openSquare) || base.is(k + 1, .optionalDot) {
                k += 1
            } else if base.is(k, .dot) || base.is(k, .optionalDot), base.isName(k + 1) {
                let name = base.name(k + 1)
                let word = text(k + 1)
                if Self.transparent.contains(word) || word == "Result" && wasCalled {
                    k += 2
                    if base.is(k, .open) { k = base.after(k) }
                    continue
                }
                if Self.resolvers.contains(word), base.is(k + 2, .less) {
                    let end = afterGenerics(k + 2)
                    if let type = typeAt(k + 3), base.is(end, .open) {
                        value = program.call(type)
                        k = base.after(end)
                        wasCalled = true
                        continue
                    }
                }
                if value == SymbolTable.unknown {
                    let after = base.is(k + 2, .less) ? afterGenerics(k + 2) : k + 2
                    if program.receiverNames.contains(name), base.is(after, .open) || base.is(after, .assign) {
                        value = program.member(base.receiver, name)
                    }
                } else {
                    value = program.member(value, name)
                }
                k += 2
                wasCalled = false
            } else if base.is(k, .less), let end = genericCall(k) {
                k = end
            } else if base.is(k, .open), let close = base.partner(k) {
                var named: [String: Argument] = [:]
                if base.is(close + 1, .openBrace), base.is(i, .new), let end = base.partner(close + 1) {
                    named = initializer(close + 1, end)
                    if record { call(value, k, close, at: i, named) }
                    value = program.call(value)
                    k = end + 1
                } else {
                    if record { call(value, k, close, at: i, named) }
                    value = program.call(value)
                    k = close + 1
                }
                wasCalled = true
            } else if base.is(k, .openSquare) || base.is(k, .question) && base.is(k + 1, .openSquare),
                let close = base.partner(base.is(k, .question) ? k + 1 : k)
            {
                if close - 1 > k { key = [argument(base.is(k, .question) ? k + 2 : k + 1, close)] }
                value = program.element(value)
                let isUsed = base.is(close + 1, .dot) || base.is(close + 1, .optionalDot) || base.is(close + 1, .bang)
                if record, value >= SymbolTable.first, isUsed { base.use(value, .reference, i, key) }
                k = close + 1
                wasCalled = false
            } else {
                break
            }
        }
        if !record, text(k) == "as", let type = typeAt(k + 1) { return (program.call(type), k) }
        if record, !wasCalled, value >= SymbolTable.first {
            if base.is(k, .assign) || base.is(k, Sign("+", "=")) {
                base.use(value, .assignment, i, key.isEmpty ? [argument(k + 1, valueEnd(k + 1))] : key)
            } else {
                base.use(value, .reference, i, key)
            }
        }
        return (value, k)
    }

    private func afterGenerics(_ i: Int) -> Int {
        guard base.is(i, .less) else { return i }
        var k = i, depth = 0
        while k < base.count, k < i + 60 {
            let token = base.tokens[k]
            guard token.kind == .name || token.kind == .symbol else { return i }
            if token.kind == .symbol {
                let byte = base.firstByte(k)
                if byte == 0x3C {
                    depth += 1
                } else if byte == 0x3E {
                    depth -= Int(token.end - token.start)
                } else if !token.is(.dot), !token.is(.comma), !token.is(.question), !token.is(.openSquare),
                    !token.is(.closeSquare),
                    !token.is(.open), !token.is(.close), !token.is(.doubleColon)
                {
                    return i
                }
            }
            k += 1
            if depth <= 0 { return k }
        }
        return i
    }

    /// `Name<T>(`, `Name<T>.`
    private func genericCall(_ i: Int) -> Int? {
        guard base.isName(i + 1) || base.is(i + 1, .open) else { return nil }
        let end = afterGenerics(i)
        return end > i && (base.is(end, .open) || base.is(end, .dot)) ? end : nil
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, at i: Int, _ members: [String: Argument]) {
        var (list, named) = arguments(open, close)
        for (name, value) in members { named[name] = value }
        guard value >= SymbolTable.first else { return }
        base.use(value, .call, i, list, named: named)
        // A method that a library adds to a type: `services.AddHttpClient()`.
        let node = program.symbols.nodes[Int(value)]
        if node.parent >= SymbolTable.first, node.parent != base.receiver, program.receiverNames.contains(node.name),
            node.parent != module, !program.declared.contains(value),
            program.symbols.root(value).root != SymbolTable.files
        {
            base.use(program.member(base.receiver, node.name), .call, i, list, named: named)
        }
    }

    /// `{ FileName = "git", Arguments = a }`
    private mutating func initializer(_ open: Int, _ close: Int) -> [String: Argument] {
        var named: [String: Argument] = [:]
        var k = open + 1
        while k < close, named.count < 24 {
            let end = next(k, close) - 1
            if base.isName(k), base.is(k + 1, .assign) { named[text(k)] = argument(k + 2, end) }
            k = end + 1
        }
        return named
    }

    /// The token after the comma that ends what begins at `i`.
    private func next(_ i: Int, _ close: Int) -> Int {
        var k = i
        while k < close, !base.is(k, .comma) {
            if base.is(k, .less), base.isName(k - 1) {
                let end = afterGenerics(k)
                if end > k, end <= close {
                    k = end
                    continue
                }
            }
            if base.tokens[k].kind == .head, let tail = base.partner(k) { k = tail + 1; continue }
            k = base.is(k, .open) || base.is(k, .openSquare) || base.is(k, .openBrace) ? base.after(k) : k + 1
        }
        return k + 1
    }

    /// Where a value ends: at a semicolon, a comma, or the bracket that it stands in.
    private mutating func valueEnd(_ i: Int, isStatement: Bool = false) -> Int {
        var k = i
        let limit = min(base.count, i + looks.reach(Self.reach * (isStatement ? 4 : 1)))
        defer { looks.spend(k - i) }
        while k < limit {
            let token = base.tokens[k]
            if token.is(.semicolon) || token.is(.close) || token.is(.closeBrace) || token.is(.closeSquare) { return k }
            if token.is(.comma), !isStatement { return k }
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
            let isNamed = base.isName(k) && base.is(k + 1, .colon)
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
        case .string: return base.sum(start, end, .plus)
        case .head: return base.template(start, end)
        case .number where end == start + 1: return .number(base.source(token.start, token.end))
        case .symbol where token.is(.openSquare) || token.is(.openBrace):
            guard let close = base.partner(start), close == end - 1 else { return .other }
            return .list(items(start, close, depth))
        case .name:
            let word = text(start)
            if word == "true" || word == "false" { return .flag(word == "true") }
            if word == "await" || word == "ref" || word == "in" { return argument(start + 1, end, depth: depth + 1) }
            if base.is(start, .new) {
                if let inner = made(start, end, depth) { return inner }
            }
            let (value, last) = chain(start, record: false)
            // `a ?? "b"`
            if base.is(last, .coalesce) || base.is(last, .bang), last + 1 < end {
                let other = argument(last + 1, end, depth: depth + 1)
                if case .literal = other, value < SymbolTable.first { return other }
            }
            guard value >= SymbolTable.first else { return .other }
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

    /// `new[] { a }`, `new string[] { a }`, `new List<string> { a }`, `new Uri("a")`
    private mutating func made(_ start: Int, _ end: Int, _ depth: Int) -> Argument? {
        var k = start + 1
        let type = text(k)
        while base.isName(k) || base.is(k, .dot) { k += 1 }
        if base.is(k, .less) { k = afterGenerics(k) }
        if base.is(k, .openSquare) { k = base.after(k) }
        if base.is(k, .open), ["Uri", "HttpRequestMessage", "FileInfo", "DirectoryInfo"].contains(type),
            let close = base.partner(k)
        {
            for n in items(k, close, depth) {
                switch n {
                case .literal, .template: return n
                default: continue
                }
            }
            return nil
        }
        if base.is(k, .open), base.partner(k) == k + 1 { k += 2 }
        guard base.is(k, .openBrace), let close = base.partner(k), close == end - 1 else { return nil }
        if base.isName(k + 1), base.is(k + 2, .assign) { return nil }
        return .list(items(k, close, depth))
    }
}
