import ManifestModel

/// The rules of the languages that a package is written in, ready to be asked about symbols.
struct RuleBook {
    private enum Part { case name(NameID), any, prefix(String) }
    private struct Wild {
        var parts: [Part]
        var rule: Int
    }

    private(set) var rules: [Rule] = []
    private var exact: [SymbolID: [Int]] = [:]
    private var below: [SymbolID: [Int]] = [:]
    private var wild: [SymbolID: [Wild]] = [:]
    /// Rules for packages by how they are called, `*-sdk`, below the symbol of their language's modules.
    private var guesses: [SymbolID: [(glob: [UInt8], rule: Int)]] = [:]
    /// What holds for a type that no rule knows and that is called as clients of services are, by the language's modules.
    private var clients: [SymbolID: [Int]] = [:]

    /// Adds the rules of `language`, and the names that its readers must look out for.
    mutating func load(_ language: Language, into program: Program) {
        let parsed = language.parsedRules
        for (symbol, type) in parsed.types {
            let from = Self.symbol(symbol, language, program).symbol, to = Self.symbol(type, language, program).symbol
            program.alias(from, to: to)
        }
        for rule in parsed.rules { add(rule, language, program) }
    }

    private mutating func add(_ rule: Rule, _ language: Language, _ program: Program) {
        let index = rules.count
        rules.append(rule)
        if ClientNames.rules.contains(rule.pattern), ClientNames.languages.contains(language) {
            clients[program.modules(language), default: []].append(index)
        }
        if let hash = rule.pattern.utf8.firstIndex(of: UInt8(ascii: "#")) {
            let module = rule.pattern[..<hash]
            if module.contains("*"), !module.hasSuffix("/*") || rule.isExemption {
                guesses[program.modules(language), default: []].append((Array(module.utf8), index))
                return
            }
        }
        let (symbol, parts) = Self.symbol(rule.pattern, language, program)
        if !parts.isEmpty {
            wild[symbol, default: []].append(Wild(parts: parts, rule: index))
        } else if rule.isBelow {
            below[symbol, default: []].append(index)
            if !rule.isExemption { program.libraries.insert(symbol) }
        } else {
            exact[symbol, default: []].append(index)
        }
    }

    /// The symbol of a pattern up to its first wildcard, and the parts from there.
    private static func symbol(_ pattern: String, _ language: Language, _ program: Program) -> (
        symbol: SymbolID, parts: [Part]
    ) {
        var rest = Substring(pattern)
        var symbol: SymbolID
        if rest.hasPrefix("?.") {
            rest = rest.dropFirst(2)
            symbol = program.receivers(language)
            program.receiverNames.insert(program.names.intern(String(rest.prefix { $0 != "." && $0 != "(" })))
        } else if rest.hasPrefix("#") {
            rest = rest.dropFirst()
            symbol = program.globals(language)
            program.globalNames.insert(
                program.names.intern(String(rest.prefix { $0 != "." && $0 != "(" && $0 != "[" })))
        } else if let hash = rest.utf8.firstIndex(of: UInt8(ascii: "#")) {
            symbol = program.module(String(rest[..<hash]), language)
            rest = rest[rest.utf8.index(after: hash)...]
        } else {
            symbol = program.modules(language)
        }
        var parts: [Part] = []
        for piece in pieces(rest) {
            let part: Part =
                piece == "*"
                ? .any : piece.hasSuffix("*") ? .prefix(String(piece.dropLast())) : .name(program.names.intern(piece))
            if parts.isEmpty, case .name(let name) = part {
                symbol = program.symbols.child(symbol, name)
            } else {
                parts.append(part)
            }
        }
        return (symbol, parts)
    }

    /// `a.b().c[]` as `a`, `b`, `()`, `c`, `[]`.
    private static func pieces(_ text: Substring) -> [String] {
        var pieces: [String] = []
        var current = ""
        var i = text.startIndex
        while i < text.endIndex {
            let c = text[i]
            if c == "." || c == "(" || c == "[" {
                if !current.isEmpty { pieces.append(current) }
                current = ""
                if c != "." {
                    pieces.append(c == "(" ? "()" : "[]")
                    i = text.index(after: i)
                }
            } else {
                current.append(c)
            }
            i = text.index(after: i)
        }
        if !current.isEmpty { pieces.append(current) }
        return pieces
    }

    /// The rules that a canonical symbol falls under, without looking at conditions.
    func rules(for symbol: SymbolID, _ program: Program) -> [Int] {
        var found = exact[symbol] ?? []
        var general: [Int] = []
        var at = symbol
        var path: [NameID] = []
        while at >= SymbolTable.first {
            if let rules = below[at] { general += rules }
            if let patterns = wild[at] {
                for pattern in patterns
                where Self.matches(pattern.parts, path.reversed(), isBelow: rules[pattern.rule].isBelow, program) {
                    if rules[pattern.rule].isBelow { general.append(pattern.rule) } else { found.append(pattern.rule) }
                }
            }
            let node = program.symbols.nodes[Int(at)]
            if let scope = Self.npmScope(of: node, program), let rules = below[scope] { general += rules }
            path.append(node.name)
            at = node.parent
        }
        // `none` for a symbol takes back what its library implies.
        if found.contains(where: { rules[$0].isExemption }) { return found.filter { !rules[$0].isExemption } }
        if general.contains(where: { rules[$0].isExemption }) { return found }
        if found.isEmpty, general.isEmpty { return guessed(symbol, program) }
        return found + general
    }

    /// What the name of a package that no rule knows lets expect.
    private func guessed(_ symbol: SymbolID, _ program: Program) -> [Int] {
        var at = symbol
        while at >= SymbolTable.first {
            let node = program.symbols.nodes[Int(at)]
            if let globs = guesses[node.parent] {
                let name = Array(program.names.text(node.name).utf8)
                guard let found = globs.first(where: { Self.fits($0.glob[...], name[...]) })?.rule else {
                    return client(symbol, program)
                }
                return rules[found].isExemption ? [] : [found]
            }
            at = node.parent
        }
        return client(symbol, program)
    }

    /// What a type's name lets expect, or in Go a function's.
    private func client(_ symbol: SymbolID, _ program: Program) -> [Int] {
        let (root, top) = program.symbols.root(symbol)
        guard root == SymbolTable.modules, let found = clients[top] else { return [] }
        let isGo = top == program.modules(.go)
        var at = symbol
        while at >= SymbolTable.first {
            let node = program.symbols.nodes[Int(at)]
            if ClientNames.fits(program.names.text(node.name), isGo: isGo) { return found }
            at = node.parent
        }
        return []
    }

    /// Whether a name fits a pattern in which `*` is any text without a slash.
    private static func fits(_ glob: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
        guard let first = glob.first else { return name.isEmpty }
        if first != UInt8(ascii: "*") { return name.first == first && fits(glob.dropFirst(), name.dropFirst()) }
        var rest = name
        while true {
            if fits(glob.dropFirst(), rest) { return true }
            guard let next = rest.first, next != UInt8(ascii: "/") else { return false }
            rest = rest.dropFirst()
        }
    }

    /// `@scope/*` for a package `@scope/name`.
    private static func npmScope(of node: SymbolTable.Node, _ program: Program) -> SymbolID? {
        guard node.parent >= SymbolTable.first, program.symbols.nodes[Int(node.parent)].parent == SymbolTable.modules,
            program.names.first(node.name) == UInt8(ascii: "@")
        else { return nil }
        let scope = program.names.text(node.name).prefix { $0 != "/" }
        return program.symbols.find(node.parent, program.names.intern(scope + "/*"))
    }

    private static func matches(_ parts: [Part], _ path: [NameID], isBelow: Bool, _ program: Program) -> Bool {
        guard isBelow ? path.count >= parts.count : path.count == parts.count else { return false }
        for (part, name) in zip(parts, path) {
            switch part {
            case .any: if name == Word.callMark.rawValue || name == Word.elementMark.rawValue { return false }
            case .name(let wanted): if wanted != name { return false }
            case .prefix(let prefix): if !program.names.text(name).hasPrefix(prefix) { return false }
            }
        }
        return true
    }
}
