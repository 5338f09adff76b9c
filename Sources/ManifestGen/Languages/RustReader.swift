/// Reads Rust: modules, `use`, types and their `impl`s, functions and what `let` binds.
struct RustReader {
    var base: SourceReader
    private var program: Program { base.program }
    private var bodies: [Int: [(NameID, SymbolID)]] = [:]
    private var functionBodies: [Int: SymbolID] = [:]
    private var typeBodies: [Int: SymbolID] = [:]
    /// The tool's name that an attribute gives the next function; empty when it is the function's own.
    private var pendingTool: String?
    /// The tool that an attribute makes of the next type.
    private var pendingToolType: String?

    private static let scopeSign = Sign(":", ":")

    init(_ base: SourceReader) {
        self.base = base
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
            if token.is(.hash) { return attribute(i) }
            if token.is(.openBrace) { enterBrace(i) }
            if token.is(.open), i > 0, !base.isName(i - 1), !base.is(i - 1, .close), !base.is(i - 1, .greater),
                let end = base.partner(i),
                base.is(end + 1, .dot) || base.is(end + 1, .optionalDot)
            {
                _ = chain(i, record: true)
            }
        case .name: return word(i)
        default: break
        }
        return i + 1
    }

    private mutating func enterBrace(_ i: Int) {
        guard let end = base.partner(i) else { return }
        base.scopes.push(until: end + 1)
        for (name, value) in bodies.removeValue(forKey: i) ?? [] { base.scopes.bind(name, value) }
        if let function = functionBodies.removeValue(forKey: i) { base.functions.append((function, end + 1)) }
        if let type = typeBodies.removeValue(forKey: i) { base.classes.append((type, end + 1)) }
    }

    // MARK: Attributes

    private mutating func attribute(_ i: Int) -> Int {
        let open = base.is(i + 1, .bang) ? i + 2 : i + 1
        guard base.is(open, .openSquare), let end = base.partner(open) else { return i + 1 }
        let first = base.isName(open + 1) ? program.names.text(base.name(open + 1)) : ""
        let last = base.isName(end - 1) ? program.names.text(base.name(end - 1)) : ""
        let isTest =
            first == "cfg" && base.is(open + 2, .open) && base.is(open + 3, .test) || first == "bench"
            || last == "test" || first == "tokio" && base.is(open + 3, .test)
        if isTest { return open == i + 1 ? item(after: end) : end + 1 }
        if first == "arg" || first == "clap" || first == "structopt" {
            for k in open + 2..<max(end, open + 2)
            where base.isName(k) && !base.is(k - 1, .dot) && !base.is(k + 1, .bang)
                && program.names.text(base.name(k)) == "env"
            {
                let symbol = program.member(program.member(program.modules(.rust), "clap"), "env")
                base.use(symbol, .call, k, base.isString(k + 2) ? [.literal(base.text(k + 2))] : [])
            }
        }
        if first == "path", base.isString(open + 3) {
            // `#[path = "x.rs"] mod name;`
            if base.is(end + 1, .mod), base.isName(end + 2) {
                module(end + 2, import: "path:" + base.text(open + 3))
                return end + 3
            }
        }
        if first == "tool" || first == "mcp_tool" || last == "tool" || first == "rmcp" {
            var name = ""
            for k in open + 2..<max(end, open + 2)
            where base.isName(k) && base.is(k + 1, .assign) && base.isString(k + 2)
                && program.names.text(base.name(k)) == "name"
            {
                name = base.text(k + 2)
            }
            if first == "mcp_tool" || base.is(open + 3, Sign(":", ":")) { pendingToolType = name }
            pendingTool = name
        }
        return end + 1
    }

    /// The token after the item that follows the attribute which ends at `end`.
    private func item(after end: Int) -> Int {
        var k = end + 1
        while k < base.count {
            if base.is(k, .openBrace) { return base.after(k) }
            if base.is(k, .semicolon) || base.is(k, .comma) { return k + 1 }
            if base.is(k, .closeBrace) { return k }
            k = base.is(k, .open) || base.is(k, .openSquare) ? base.after(k) : k + 1
        }
        return k
    }

    // MARK: Words

    private mutating func word(_ i: Int) -> Int {
        if base.is(i - 1, .dot) || base.is(i - 1, .optionalDot) || base.is(i - 1, Self.scopeSign) { return i + 1 }
        switch Word(rawValue: base.name(i)) {
        case .use:
            var end = i + 1
            while end < base.count, !base.is(end, .semicolon) {
                end = base.is(end, .openBrace) ? base.after(end) : end + 1
            }
            useTree(i + 1, end, SymbolTable.unknown, isTop: true, depth: 0)
            return end + 1
        case .mod:
            guard base.isName(i + 1) else { return i + 1 }
            if base.is(i + 2, .semicolon) {
                module(i + 1, import: "mod:" + program.names.text(base.name(i + 1)))
            } else if base.is(i + 2, .openBrace), base.scopes.depth == 0 {
                // What a module inside of the file declares is found among the file's own names.
                program.alias(member(base.name(i + 1)), to: base.file)
            }
            return i + 2
        case .fn: return function(i)
        case .struct, .enumWord, .union, .trait:
            guard base.isName(i + 1), !base.is(i, .union) || base.is(i + 2, .openBrace) else { break }
            return type(i)
        case .type:
            guard base.isName(i + 1), base.is(i + 2, .assign) else { return i + 1 }
            let symbol = member(base.name(i + 1))
            let (value, end) = typeValue(i + 3)
            program.alias(program.call(symbol), to: value)
            return max(end, i + 1)
        case .impl: return implementation(i)
        case .let, .static, .const:
            bindings(i + 1)
            return i + 1
        case .for:
            var k = i + 1
            while k < min(base.count, i + 20), !base.is(k, .in), !base.is(k, .openBrace) { k += 1 }
            if base.is(k, .in) {
                let (value, _) = chain(k + 1, record: false)
                if k == i + 2 {
                    bind(base.name(i + 1), value == SymbolTable.unknown ? value : program.element(value), nil)
                } else {
                    for at in i + 1..<k where base.isName(at) { bind(base.name(at), SymbolTable.unknown, nil) }
                }
                return k + 1
            }
            return i + 1
        case .return:
            result(i + 1)
            return i + 1
        case .macroRules: return base.is(i + 3, .openBrace) ? base.after(i + 3) : i + 1
        case .pub, .async, .await, .if, .else, .match, .while, .in, .ref, .mut, .as, .where, .unsafe, .dyn, .break,
            .continue, .true, .false:
            return i + 1
        default: break
        }
        // The key of a literal is a field's name.
        if base.is(i + 1, .colon), base.is(i - 1, .comma) || base.is(i - 1, .openBrace) { return i + 1 }
        assignment(i)
        return max(chain(i, record: true).visited, i + 1)
    }

    private func member(_ name: NameID) -> SymbolID {
        let symbol = program.member(base.file, name)
        program.declared.insert(symbol)
        return symbol
    }

    private mutating func module(_ i: Int, import text: String) {
        let symbol = member(base.name(i))
        base.importFact(text, i)
        base.facts.imports[base.facts.imports.count - 1].symbol = symbol
    }

    // MARK: Paths

    private mutating func load(_ text: String, _ i: Int) -> SymbolID {
        let symbol = program.member(base.file, "use:" + text)
        if !program.declared.contains(symbol) {
            program.declared.insert(symbol)
            base.importFact(text, i)
            base.facts.imports[base.facts.imports.count - 1].symbol = symbol
        }
        return symbol
    }

    /// `a::b::{c, d as e, f::*}`
    private mutating func useTree(_ start: Int, _ end: Int, _ above: SymbolID, isTop: Bool, depth: Int) {
        guard depth < 24 else { return }
        var k = start
        var value = above
        var isFirst = isTop
        if base.is(k, Self.scopeSign) { k += 1 }
        while k < end {
            if base.is(k, .openBrace), let close = base.partner(k) {
                var at = k + 1
                while at < close {
                    var last = at
                    while last < close, !base.is(last, .comma) {
                        last = base.is(last, .openBrace) ? base.after(last) : last + 1
                    }
                    useTree(at, last, value, isTop: isFirst, depth: depth + 1)
                    at = last + 1
                }
                return
            }
            if base.is(k, .star) {
                if value >= SymbolTable.first { program.stars[base.file, default: []].append(value) }
                return
            }
            guard base.isName(k) else { return }
            let name = base.name(k)
            let isLast = !base.is(k + 1, Self.scopeSign)
            if base.is(k, .self) {
                if isFirst { value = base.file }
            } else if isFirst {
                value = root(k)
            } else if base.is(k, Word.super_) {
                value = program.member(base.file, "use:super")
            } else {
                value = program.member(value, name)
            }
            if isLast {
                if base.is(k + 1, .as), base.isName(k + 2) {
                    bindUse(base.name(k + 2), value)
                } else if !base.is(k, .self) {
                    bindUse(name, value)
                } else if above >= SymbolTable.first {
                    bindUse(program.symbols.nodes[Int(above)].name, above)
                }
                return
            }
            isFirst = false
            k += 2
        }
    }

    private mutating func bindUse(_ name: NameID, _ value: SymbolID) {
        var name = name
        // `use std::fs::{self}`: the name is that of the module.
        let text = program.names.text(name)
        if text.hasPrefix("use:") { name = program.names.intern(String(text.dropFirst(4))) }
        if base.scopes.depth > 0 { return base.scopes.bind(name, value) }
        let symbol = member(name)
        program.alias(symbol, to: value)
    }

    /// What the first name of a path stands for.
    private mutating func root(_ i: Int) -> SymbolID {
        if base.is(i, .crate) { return load("crate", i) }
        if base.is(i, Word.super_) { return load("super", i) }
        if base.is(i, .self) { return base.file }
        let own = program.member(base.file, base.name(i))
        if program.declared.contains(own) { return own }
        let first = program.names.first(base.name(i))
        if (0x41...0x5A).contains(first) { return own }
        let crate = load(program.names.text(base.name(i)), i)
        // `use super::*` may have brought a module of that name.
        return program.stars[base.file]?.isEmpty == false ? own : crate
    }

    private mutating func lookup(_ i: Int) -> SymbolID {
        let name = base.name(i)
        let local = base.scopes.value(name)
        if local != Scopes.unbound { return local }
        if base.is(i, .self) {
            return base.is(i + 1, Self.scopeSign)
                ? base.file : base.classes.last.map { program.call($0.symbol) } ?? SymbolTable.unknown
        }
        if program.names.text(name) == "Self" { return base.classes.last?.symbol ?? SymbolTable.unknown }
        if base.is(i + 1, Self.scopeSign) || base.is(i, .crate) || base.is(i, Word.super_) { return root(i) }
        return program.member(base.file, name)
    }

    // MARK: Declarations

    private mutating func type(_ i: Int) -> Int {
        let symbol = member(base.name(i + 1))
        if let tool = pendingToolType, !tool.isEmpty {
            let proxy = program.member(base.file, "tool:\(i)")
            program.declared.insert(proxy)
            base.functions.append((proxy, base.count + 1))
            for name in ["run_tool", "call_tool", "run", "call"] {
                base.use(program.member(program.call(symbol), name), .reference, i)
                base.use(program.member(symbol, name), .reference, i)
            }
            base.functions.removeLast()
            program.tools.append(
                ToolFact(name: tool, handler: proxy, file: Int32(base.index), line: base.tokens[i].line))
        }
        pendingTool = nil
        pendingToolType = nil
        var k = i + 2
        if base.is(k, .less) { k = afterAngles(k) }
        while k < base.count, !base.is(k, .openBrace), !base.is(k, .semicolon), !base.is(k, .open) { k += 1 }
        if base.is(i, .trait) {
            if base.is(k, .openBrace) { typeBodies[k] = symbol }
            return k
        }
        guard base.is(i, .struct), base.is(k, .openBrace), let end = base.partner(k) else { return k }
        var at = k + 1
        while at < end {
            if base.isName(at), base.is(at + 1, .colon) {
                let (value, next) = typeValue(at + 2)
                program.alias(program.member(program.call(symbol), base.name(at)), to: value)
                at = max(next, at + 1)
            } else {
                at = base.is(at, .hash) || !(base.is(at, .open) || base.is(at, .openSquare)) ? at + 1 : base.after(at)
            }
        }
        // The types of fields are uses as well, and attributes stand between them.
        return k
    }

    private mutating func implementation(_ i: Int) -> Int {
        var k = i + 1
        if base.is(k, .less) { k = afterAngles(k) }
        var (value, end) = typeValue(k)
        k = max(end, k + 1)
        if base.is(k, .for) {
            (value, end) = typeValue(k + 1)
            k = max(end, k + 1)
        }
        while k < base.count, !base.is(k, .openBrace), !base.is(k, .semicolon) { k += 1 }
        if base.is(k, .openBrace), value >= SymbolTable.first,
            program.symbols.nodes[Int(value)].name == Word.callMark.rawValue
        {
            typeBodies[k] = program.symbols.nodes[Int(value)].parent
        }
        return k
    }

    private mutating func function(_ i: Int) -> Int {
        guard base.isName(i + 1) else { return i + 1 }
        let name = base.name(i + 1)
        var k = i + 2
        if base.is(k, .less) { k = afterAngles(k) }
        guard base.is(k, .open), let close = base.partner(k) else { return i + 1 }
        var owner = base.functions.last?.symbol ?? base.file
        var isMethod = false
        if let type = base.classes.last, base.functions.last.map({ $0.end > type.end }) ?? true {
            isMethod = (k + 1..<min(close, k + 6)).contains { base.is($0, .self) }
            owner = isMethod ? program.call(type.symbol) : type.symbol
        }
        let symbol = program.member(owner, name)
        program.declared.insert(symbol)
        if isMethod {
            let unbound = program.member(base.classes.last!.symbol, name)
            program.alias(unbound, to: symbol)
        } else if base.functions.last?.symbol == owner {
            base.scopes.bind(name, symbol)
        }
        if let tool = pendingTool {
            program.tools.append(
                ToolFact(
                    name: tool.isEmpty ? program.names.text(name) : tool, handler: symbol, file: Int32(base.index),
                    line: base.tokens[i].line))
        }
        pendingTool = nil
        pendingToolType = nil
        let list = parameters(k, close, symbol, isMethod: isMethod)
        k = close + 1
        if base.is(k, .thinArrow) {
            let (value, end) = typeValue(k + 1)
            program.alias(program.call(symbol), to: value)
            k = max(end, k + 1)
        }
        while k < base.count, !base.is(k, .openBrace), !base.is(k, .semicolon), !base.is(k, .closeBrace) { k += 1 }
        if base.is(k, .openBrace) {
            bodies[k] = list
            functionBodies[k] = symbol
        }
        return k
    }

    private mutating func parameters(_ open: Int, _ close: Int, _ function: SymbolID, isMethod: Bool) -> [(
        NameID, SymbolID
    )] {
        var result: [(NameID, SymbolID)] = []
        var k = open + 1
        var position = isMethod ? -1 : 0
        while k < close {
            while base.is(k, .mut) || base.is(k, .ampersand) || base.is(k, .hash) {
                k = base.is(k, .hash) && base.is(k + 1, .openSquare) ? base.after(k + 1) : k + 1
            }
            if base.isName(k), base.is(k + 1, .colon), !base.is(k, .self) {
                let name = base.name(k)
                let (value, _) = typeValue(k + 2)
                if value >= SymbolTable.first {
                    result.append((name, value))
                } else {
                    let symbol = program.member(function, "#\(position)")
                    program.parameters[symbol] = (function, position, name)
                    program.declared.insert(symbol)
                    result.append((name, symbol))
                }
            }
            position += 1
            var depth = 0
            while k < close {
                if base.is(k, .less) { depth += 1 } else if base.is(k, .greater) { depth -= 1 }
                if base.is(k, .comma), depth <= 0 { break }
                k = base.is(k, .open) || base.is(k, .openSquare) || base.is(k, .openBrace) ? base.after(k) : k + 1
            }
            k += 1
        }
        return result
    }

    // MARK: Types

    /// Types that are as good as what they hold.
    private static let wrappers: Set<String> = [
        "Arc", "Rc", "Box", "Option", "Result", "Mutex", "RwLock", "RefCell", "Cell", "Cow", "Pin", "OnceCell",
        "OnceLock",
        "LazyLock", "Lazy", "Weak", "ArcSwap", "State", "Extension", "Data", "ServiceResult",
    ]
    private static let ownTypes: Set<String> = [
        "str", "String", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
        "isize", "f32", "f64", "AsRef", "Into", "Fn", "FnMut", "FnOnce", "Send", "Sync", "ToString", "Display",
        "HashMap", "HashSet", "BTreeMap", "BTreeSet", "OsStr", "OsString", "Future", "ToOwned", "Iterator",
        "IntoIterator",
    ]

    /// What a value of the type at `i` is, and the token after the type.
    private mutating func typeValue(_ i: Int, depth: Int = 0) -> (SymbolID, Int) {
        var k = i
        while base.is(k, .ampersand) || base.is(k, .andAnd) || base.is(k, .mut) || base.is(k, .dyn) || base.is(k, .impl)
            || base.is(k, .star) || base.is(k, .const) || base.is(k, Sign("'"))
        {
            // A lifetime is a quote and a name.
            k += base.is(k, Sign("'")) ? 2 : 1
        }
        guard k < base.count, depth < 24 else { return (SymbolTable.unknown, k) }
        if base.is(k, .open) || base.is(k, .openSquare) {
            let value = base.is(k, .openSquare) ? typeValue(k + 1, depth: depth + 1).0 : SymbolTable.unknown
            return (listed(value), base.after(k))
        }
        guard base.isName(k) else { return (SymbolTable.unknown, k) }
        var symbol = lookup(k)
        var last = k
        k += 1
        while base.is(k, Self.scopeSign), base.isName(k + 1) {
            symbol = program.member(symbol, base.name(k + 1))
            last = k + 1
            k += 2
        }
        let text = program.names.text(base.name(last))
        if base.is(k, .less) {
            let end = afterAngles(k)
            if Self.wrappers.contains(text) { return (typeValue(k + 1, depth: depth + 1).0, end) }
            if text == "Vec" { return (listed(typeValue(k + 1, depth: depth + 1).0), end) }
            k = end
        }
        if Self.ownTypes.contains(text) { return (SymbolTable.unknown, k) }
        // A type parameter is one letter.
        if last == k - 1, text.utf8.count == 1 { return (SymbolTable.unknown, k) }
        return (symbol >= SymbolTable.first ? program.call(symbol) : symbol, k)
    }

    private func listed(_ value: SymbolID) -> SymbolID {
        guard value >= SymbolTable.first else { return SymbolTable.unknown }
        let list = program.member(value, "[]of")
        program.alias(program.element(list), to: value)
        return list
    }

    /// The token after `<...>`.
    private func afterAngles(_ open: Int) -> Int {
        var depth = 0
        var k = open
        let limit = min(base.count, open + 400)
        while k < limit {
            let token = base.tokens[k]
            if token.is(.less) { depth += 1 }
            if token.is(.greater) { depth -= 1 }
            if token.is(Sign(">", "=")) { depth -= 1 }
            if depth <= 0 { return k + 1 }
            if token.is(.semicolon) || token.is(.openBrace) { return k }
            k = token.is(.open) || token.is(.openSquare) ? base.after(k) : k + 1
        }
        return k
    }

    // MARK: Bindings

    /// `x: T = value`, `Some(x) = value` after `let`, `const` and `static`.
    private mutating func bindings(_ i: Int) {
        var k = i
        while base.is(k, .mut) || base.is(k, .ref) { k += 1 }
        var names: [NameID] = []
        var typed = SymbolTable.unknown
        var isWhole = false
        if base.isName(k), base.is(k + 1, .colon) || base.is(k + 1, .assign) || base.is(k + 1, .semicolon) {
            names = [base.name(k)]
            isWhole = true
            k += 1
            if base.is(k, .colon) { (typed, k) = typeValue(k + 1) }
        } else {
            let first = k
            while k < min(base.count, i + 60), !base.is(k, .assign), !base.is(k, .semicolon),
                !base.is(k, .openBrace) || k == first
            {
                k += 1
            }
            for at in first..<min(k, base.count)
            where base.isName(at) && !base.is(at + 1, .open) && !base.is(at + 1, Self.scopeSign)
                && !base.is(at + 1, .openBrace) && !base.is(at, .mut)
            {
                names.append(base.name(at))
            }
        }
        guard base.is(k, .assign) else {
            for name in names { bind(name, typed, nil) }
            return
        }
        let (value, _) = chain(k + 1, record: false)
        let end = expressionEnd(k + 1)
        let given = isWhole ? argument(k + 1, end) : .other
        var constant: Argument?
        switch given {
        case .literal, .template, .list, .number: constant = given
        default: if isWhole, base.is(k + 1, .if) || base.is(k + 1, .match) { constant = branches(k + 1, end) }
        }
        for (index, name) in names.enumerated() {
            bind(name, index > 0 ? SymbolTable.unknown : typed >= SymbolTable.first ? typed : value, constant)
        }
    }

    /// `if a { b } else { "c".to_string() }`: the texts that branches end with.
    private func branches(_ i: Int, _ end: Int) -> Argument? {
        var found: [Argument] = []
        var k = i
        while k < min(end, i + 400), found.count < 8 {
            if base.isString(k), !base.is(k - 1, .open), !base.is(k - 1, .comma) || base.is(i, .match) {
                var last = k + 1
                while base.is(last, .dot), base.isName(last + 1), base.is(last + 2, .open) {
                    last = base.after(last + 2)
                }
                let isArm = base.is(k - 1, .openBrace) || base.is(k - 1, .arrow) || base.is(k - 1, .semicolon)
                if isArm, base.is(last, .closeBrace) || base.is(last, .comma) { found.append(.literal(base.text(k))) }
            }
            k += 1
        }
        return found.isEmpty ? nil : .choice(found)
    }

    private mutating func bind(_ name: NameID, _ value: SymbolID, _ constant: Argument?) {
        if base.functions.isEmpty {
            let owner = base.classes.last?.symbol ?? base.file
            let symbol = program.member(owner, name)
            program.declared.insert(symbol)
            program.alias(symbol, to: value)
            if let constant, program.constants[symbol] == nil { program.constants[symbol] = constant }
            return
        }
        var isList = false
        if case .list? = constant { isList = true }
        if value == SymbolTable.unknown || isList, let constant, let function = base.functions.last?.symbol {
            let symbol = program.member(function, name)
            program.declared.insert(symbol)
            if program.constants[symbol] == nil { program.constants[symbol] = constant }
            return base.scopes.bind(name, symbol)
        }
        base.scopes.bind(name, value)
    }

    /// `self.x = value`
    private mutating func assignment(_ i: Int) {
        guard base.is(i, .self), base.is(i + 1, .dot), base.isName(i + 2), base.is(i + 3, .assign) else { return }
        let member = program.member(lookup(i), base.name(i + 2))
        program.alias(member, to: chain(i + 4, record: false).0)
    }

    private mutating func result(_ i: Int) {
        guard let function = base.functions.last?.symbol else { return }
        program.alias(program.call(function), to: chain(i, record: false).0)
    }

    // MARK: Expressions

    /// Methods that give back what they are called on, or what is in it.
    private static let transparent: Set<String> = [
        "unwrap", "expect", "clone", "lock", "as_ref", "as_mut", "borrow", "borrow_mut", "map_err", "context", "cloned",
        "with_context", "unwrap_or_else", "unwrap_or_default", "unwrap_or", "ok_or", "ok_or_else", "ok", "to_owned",
        "as_deref", "as_deref_mut", "into_inner", "inspect_err", "iter", "into_iter", "iter_mut", "wrap_err",
    ]

    /// Follows `a::b(c).d?.e` from its first token to a symbol; `visited` is the token after the path at its start.
    private mutating func chain(_ start: Int, record: Bool, depth: Int = 0) -> (value: SymbolID, visited: Int) {
        let (value, _, visited) = follow(start, record: record, depth: depth)
        return (value, visited)
    }

    private mutating func follow(_ start: Int, record: Bool, depth: Int) -> (value: SymbolID, end: Int, visited: Int) {
        guard depth < 24, start < base.count else { return (SymbolTable.unknown, start, start) }
        var i = start
        while base.is(i, .ampersand) || base.is(i, .andAnd) || base.is(i, .star) || base.is(i, .mut)
            || base.is(i, .bang)
        { i += 1 }
        guard i < base.count else { return (SymbolTable.unknown, i, i) }
        var value: SymbolID
        var k = i + 1
        if base.is(i, .open), let close = base.partner(i) {
            value = chain(i + 1, record: false, depth: depth + 1).value
            k = close + 1
        } else if base.isName(i) {
            switch Word(rawValue: base.name(i)) {
            case .match, .if, .unsafe, .async: return (SymbolTable.unknown, k, k)
            default: break
            }
            value = lookup(i)
        } else {
            return (SymbolTable.unknown, k, k)
        }
        var visited = k
        var wasCalled = false
        var isPath = true
        var lastName = i
        var steps = 0
        while k < base.count {
            // What is that deep in a chain is nothing that a rule names.
            steps += 1
            if steps > 100 { value = SymbolTable.unknown }
            if base.is(k, Self.scopeSign), base.isName(k + 1), isPath {
                value = base.is(k + 1, Word.super_) ? load("super", k + 1) : program.member(value, base.name(k + 1))
                lastName = k + 1
                k += 2
                visited = k
                wasCalled = false
            } else if base.is(k, Self.scopeSign), base.is(k + 1, .less) {
                k = afterAngles(k + 1)
            } else if base.is(k, .question) {
                k += 1
            } else if base.is(k, .dot) || base.is(k, .optionalDot), base.is(k + 1, .await) {
                k += 2
            } else if base.is(k, .dot) || base.is(k, .optionalDot), base.isName(k + 1) {
                let name = base.name(k + 1)
                isPath = false
                lastName = k + 1
                if base.is(k + 2, .open), Self.transparent.contains(program.names.text(name)) {
                    if record { fallback(k + 1) }
                    k = base.after(k + 2)
                    wasCalled = true
                    continue
                }
                if value == SymbolTable.unknown {
                    if program.receiverNames.contains(name), base.is(k + 2, .open) {
                        value = program.member(base.receiver, name)
                    }
                } else {
                    value = program.member(value, name)
                }
                wasCalled = false
                k += 2
            } else if base.is(k, .bang), isPath,
                base.is(k + 1, .open) || base.is(k + 1, .openSquare) || base.is(k + 1, .openBrace),
                let close = base.partner(k + 1)
            {
                // A macro.
                if record, base.functions.isEmpty, base.classes.isEmpty { declaredModules(k + 1, close) }
                if record { call(value, k + 1, close, i) }
                value = value == SymbolTable.unknown ? value : program.call(value)
                wasCalled = true
                isPath = false
                k = close + 1
            } else if base.is(k, .open), let close = base.partner(k) {
                if record { call(value, k, close, lastName) }
                value = called(value, lastName)
                wasCalled = true
                isPath = false
                k = close + 1
            } else if base.is(k, .openSquare), !base.isOnNewLine(k), let close = base.partner(k) {
                value = value == SymbolTable.unknown ? value : program.element(value)
                isPath = false
                k = close + 1
            } else if base.is(k, .openBrace), isPath, isTypeName(lastName),
                base.isName(k + 1) || base.is(k + 1, .closeBrace),
                base.is(k + 2, .colon) || base.is(k + 2, .comma) || base.is(k + 2, .closeBrace)
            {
                value = value == SymbolTable.unknown ? value : program.call(value)
                wasCalled = true
                isPath = false
                if record { base.use(value, .reference, i) }
                break
            } else {
                break
            }
        }
        if record, !wasCalled { base.use(value, .reference, i) }
        return (value, k, visited)
    }

    /// `.unwrap_or("name")`, `.unwrap_or_else(|_| "name".into())`: what is taken when nothing is set.
    private mutating func fallback(_ i: Int) {
        guard program.names.text(base.name(i)).hasPrefix("unwrap_or"), let close = base.partner(i + 1) else { return }
        for at in i + 2..<max(min(close, i + 10), i + 2) where base.isString(at) {
            return base.use(
                program.member(base.receiver, base.name(i)), .call, i, [.literal(base.text(at))])
        }
    }

    /// A macro among the items of a file may declare modules: names in it that files beside are called by.
    private mutating func declaredModules(_ open: Int, _ close: Int) {
        for i in open + 1..<min(max(close, open + 1), open + 400) where base.isName(i) {
            base.importFact("maybe:" + program.names.text(base.name(i)), i)
        }
    }

    /// `T::new()` is a T.
    private func called(_ value: SymbolID, _ name: Int) -> SymbolID {
        guard value >= SymbolTable.first else { return SymbolTable.unknown }
        if base.is(name, .new) || base.is(name, .default), base.is(name - 1, Self.scopeSign) {
            return program.call(program.symbols.nodes[Int(value)].parent)
        }
        return program.call(value)
    }

    private func isTypeName(_ i: Int) -> Bool {
        base.isName(i) && (0x41...0x5A).contains(program.names.first(base.name(i)))
    }

    private mutating func call(_ value: SymbolID, _ open: Int, _ close: Int, _ i: Int) {
        guard value >= SymbolTable.first else { return }
        var list: [Argument] = []
        var k = open + 1
        while k < close, list.count < 16 {
            let end = min(expressionEnd(k), close)
            list.append(argument(k, end))
            k = end + 1
        }
        if program.names.text(base.name(i)) == "new", base.is(i - 1, Self.scopeSign), base.isName(i - 2),
            program.names.text(base.name(i - 2)) == "Command"
        {
            let words = commandWords(i - 2, close)
            if !words.isEmpty { list.append(.list(words)) }
        }
        base.use(value, .call, i, list)
    }

    // MARK: Commands

    /// The words that a command is given after `Command::new("program")`: in the same chain, and by the variable that holds it.
    private func commandWords(_ type: Int, _ close: Int) -> [Argument] {
        var words: [Argument] = []
        var end = chainWords(close + 1, &words)
        var start = type
        while base.is(start - 1, Self.scopeSign), base.isName(start - 2) { start -= 2 }
        guard base.is(start - 1, .assign), base.isName(start - 2) else { return words }
        let variable = base.name(start - 2)
        let limit = min(base.scopes.innermostEnd ?? base.count, end + 600)
        while end < limit, words.count < 24 {
            if base.isName(end), base.name(end) == variable, base.is(end + 1, .dot) {
                end = chainWords(end + 1, &words)
            } else {
                end += 1
            }
        }
        return words
    }

    /// Adds what `.arg("x").args(["y", "z"])` says from `i` on.
    /// - Returns: The token after the chain.
    private func chainWords(_ i: Int, _ words: inout [Argument]) -> Int {
        var k = i
        while base.is(k, .dot) || base.is(k, .question) {
            if base.is(k, .question) || base.is(k + 1, .await) { k += base.is(k, .question) ? 1 : 2; continue }
            guard base.isName(k + 1) else { return k + 1 }
            guard base.is(k + 2, .open), let end = base.partner(k + 2) else { k += 2; continue }
            if ["arg", "args"].contains(program.names.text(base.name(k + 1))) {
                for at in k + 3..<min(max(end, k + 3), k + 60) where base.isString(at) && words.count < 24 {
                    words.append(.literal(base.text(at)))
                }
            }
            k = end + 1
        }
        return max(k, i + 1)
    }

    private func expressionEnd(_ i: Int) -> Int {
        var k = i
        let limit = min(base.count, i + 400)
        while k < limit {
            let token = base.tokens[k]
            if token.is(.open) || token.is(.openSquare) || token.is(.openBrace) {
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

    private mutating func argument(_ start: Int, _ end: Int) -> Argument {
        var i = start
        while i < end, base.is(i, .ampersand) || base.is(i, .mut) { i += 1 }
        guard i < end, i < base.count else { return .other }
        let token = base.tokens[i]
        if token.kind == .string {
            // `"x".to_string()` is the string.
            return .literal(base.text(i))
        }
        if end == i + 1 {
            if token.kind == .number { return .number(base.source(token.start, token.end)) }
            if token.is(.true) || token.is(.false) { return .flag(token.is(.true)) }
        }
        var open: Int?
        if token.is(.openSquare) { open = i }
        if base.isName(i), base.is(i + 1, .bang), base.is(i + 2, .openSquare), program.names.text(base.name(i)) == "vec"
        {
            open = i + 2
        }
        if let open, let close = base.partner(open) {
            var items: [Argument] = []
            var k = open + 1
            while k < close, items.count < 12 {
                let last = min(expressionEnd(k), close)
                items.append(argument(k, last))
                k = last + 1
            }
            return .list(items)
        }
        guard base.isName(i) else { return .other }
        if base.is(i + 1, .bang), base.is(i + 2, .open), base.isString(i + 3),
            program.names.text(base.name(i)) == "format"
        {
            let text = base.text(i + 3)
            let prefix = text.split(separator: "{", maxSplits: 1, omittingEmptySubsequences: false)[0]
            return .template(prefix: String(prefix), text: text)
        }
        if base.is(i + 1, Self.scopeSign), base.is(i + 3, .open), base.isString(i + 4),
            base.is(i + 2, .from) || program.names.text(base.name(i)) == "String"
        {
            return .literal(base.text(i + 4))
        }
        let (value, last, _) = follow(i, record: false, depth: 0)
        return last >= end && value >= SymbolTable.first ? .symbol(value) : .other
    }
}
