/// All that is known about the code of one package while it is read: names, symbols, what stands for what.
final class Program {
    let names = NameTable(words: Word.texts)
    /// Names that the reader of JavaScript compares at every call and object.
    private(set) lazy var javascript = JavaScriptNames(names)
    var symbols = SymbolTable()
    /// What a symbol is another name for.
    private(set) var aliases = SymbolMap()
    /// Classes of the program: instance symbol to the instance symbol of what it extends.
    var bases = SparseMap<SymbolID>()
    /// Symbols that the program itself declares: what they are is known to be nothing from outside.
    var declared = SymbolSet()
    /// Text constants.
    var constants = SparseMap<Argument>()
    /// `export * from`, `from x import *`: file symbol to modules.
    var stars: [SymbolID: [SymbolID]] = [:]
    /// Parameters: symbol to the function and the position.
    var parameters = ParameterMap()
    /// Calls between functions of the program: caller, callee.
    var edges: Set<Edge> = []
    var tools: [ToolFact] = []
    /// Parts of functions that do what one tool is for, by the tool's name.
    var toolHandlers: [String: [SymbolID]] = [:]
    /// The function that such a part stands in: what it does beside its parts, it does for every tool.
    var toolFrames: [SymbolID: SymbolID] = [:]
    /// Symbols below which rules hold for everything.
    var libraries = SymbolSet()
    /// Method names that rules ask for on values of unknown type.
    var receiverNames: Set<NameID> = []
    /// Names that the language of a file knows without import and that rules ask for.
    var globalNames: Set<NameID> = []
    /// The language of each file, by the file's symbol.
    var languages: [SymbolID: Language] = [:]
    private var canonicals = SymbolMap()

    struct Edge: Hashable {
        var caller: SymbolID
        var callee: SymbolID
    }

    func file(_ index: Int) -> SymbolID { symbols.child(SymbolTable.files, NameID(index)) }
    /// Packages of different languages may have one name, so each language has a tree of its own.
    func modules(_ language: Language) -> SymbolID { symbols.child(SymbolTable.modules, NameID(language.ordinal)) }
    func globals(_ language: Language) -> SymbolID { symbols.child(SymbolTable.globals, NameID(language.ordinal)) }
    func receivers(_ language: Language) -> SymbolID { symbols.child(SymbolTable.receiver, NameID(language.ordinal)) }
    func module(_ name: String, _ language: Language) -> SymbolID {
        symbols.child(modules(language), names.intern(name))
    }
    func member(_ parent: SymbolID, _ name: NameID) -> SymbolID {
        parent == SymbolTable.unknown ? parent : symbols.child(parent, name)
    }
    func member(_ parent: SymbolID, _ name: String) -> SymbolID { member(parent, names.intern(name)) }
    func call(_ symbol: SymbolID) -> SymbolID { member(symbol, Word.callMark.rawValue) }
    func element(_ symbol: SymbolID) -> SymbolID { member(symbol, Word.elementMark.rawValue) }

    /// Says that `symbol` is another name for `target`. The first one that is known stays.
    func alias(_ symbol: SymbolID, to target: SymbolID) {
        guard symbol != target, symbol >= SymbolTable.first, target >= SymbolTable.first else { return }
        if aliases[symbol] == nil { aliases[symbol] = target }
    }

    func constant(_ symbol: SymbolID) -> Argument? {
        var at = symbol
        for _ in 0..<24 {
            if let known = constants[at] { return known }
            if let target = aliases[at] {
                at = target
                continue
            }
            // What a function of another file gives back: the function's own name is followed first.
            guard at >= SymbolTable.first else { return nil }
            let node = symbols.nodes[Int(at)]
            guard node.parent >= SymbolTable.first, let parent = aliases[node.parent] else { break }
            at = symbols.child(parent, node.name)
        }
        return constants[canonical(symbol)]
    }

    /// Call when all files were read, before ``canonical(_:)``.
    func seal() { canonicals.removeAll() }

    /// What a symbol stands for in the end: aliases, re-exports and base classes followed.
    func canonical(_ symbol: SymbolID, depth: Int = 0) -> SymbolID {
        guard symbol >= SymbolTable.first, depth < 48 else { return symbol }
        if let known = canonicals[symbol] { return known }
        let result = resolve(symbol, depth)
        if depth < 24 { canonicals[symbol] = result }
        return result
    }

    private func resolve(_ symbol: SymbolID, _ depth: Int) -> SymbolID {
        if let target = aliases[symbol] { return canonical(target, depth: depth + 1) }
        let node = symbols.nodes[Int(symbol)]
        guard node.parent >= SymbolTable.first else { return symbol }
        if symbols.nodes[Int(node.parent)].parent == SymbolTable.files {
            return declared.contains(symbol) ? symbol : undeclared(symbol, node, depth)
        }
        let parent = canonical(node.parent, depth: depth + 1)
        // A module's default export is the module, as far as permissions go.
        if node.name == Word.default.rawValue, symbols.root(parent).top == modules(.javascript) { return parent }
        let own = parent == node.parent ? symbol : symbols.child(parent, node.name)
        if own != symbol, let target = aliases[own] { return canonical(target, depth: depth + 1) }
        if own != symbol, symbols.nodes[Int(parent)].parent == SymbolTable.files, !declared.contains(own) {
            return undeclared(own, symbols.nodes[Int(own)], depth)
        }
        return inherited(parent, node.name, own, depth) ?? own
    }

    /// A name that its file does not declare: taken over by `*`, or the language's own.
    private func undeclared(_ symbol: SymbolID, _ node: SymbolTable.Node, _ depth: Int) -> SymbolID {
        let globals = self.globals(languages[node.parent] ?? .javascript)
        var library: SymbolID?
        for module in stars[node.parent] ?? [] {
            let module = canonical(module, depth: depth + 1)
            if module == node.parent { continue }
            if symbols.nodes[Int(module)].parent == SymbolTable.files {
                let found = canonical(symbols.child(module, node.name), depth: depth + 1)
                // What that file does not declare either is no export of it.
                if symbols.root(found).root != SymbolTable.globals { return found }
            } else if let known = symbols.find(module, node.name) {
                return canonical(known, depth: depth + 1)
            } else if library == nil, !isTyped(node.parent) || isLibrary(module) {
                library = module
            }
        }
        // Rust: the first name of a path that nothing took over is a crate's.
        if languages[node.parent] == .rust,
            let crate = symbols.find(node.parent, names.intern("use:" + names.text(node.name)))
        {
            return canonical(crate, depth: depth + 1)
        }
        if let library, isTyped(node.parent) || !globalNames.contains(node.name) {
            return canonical(symbols.child(library, node.name), depth: depth + 1)
        }
        return symbols.child(globals, node.name)
    }

    /// Whether packages are taken over whole as a matter of style, so that an unknown name need not come from one of them.
    private func isTyped(_ file: SymbolID) -> Bool { languages[file] == .java || languages[file] == .kotlin }

    private func isLibrary(_ module: SymbolID) -> Bool {
        var at = module
        while at >= SymbolTable.first {
            if libraries.contains(at) { return true }
            at = symbols.nodes[Int(at)].parent
        }
        return false
    }

    private func inherited(_ parent: SymbolID, _ name: NameID, _ own: SymbolID, _ depth: Int) -> SymbolID? {
        guard !declared.contains(own), let base = bases[parent] else { return nil }
        return canonical(symbols.child(base, name), depth: depth + 1)
    }

    /// The parts of a symbol from its top: `["fs", "promises", "readFile"]`.
    func path(_ symbol: SymbolID) -> [NameID] {
        var parts: [NameID] = []
        var at = symbol
        while at >= SymbolTable.first {
            parts.append(symbols.nodes[Int(at)].name)
            at = symbols.nodes[Int(at)].parent
        }
        return parts.reversed()
    }

    /// As a message shows it: `fs.promises.readFile`.
    func text(_ symbol: SymbolID) -> String {
        let (root, _) = symbols.root(symbol)
        var parts = path(symbol)
        _ = root
        if !parts.isEmpty { parts.removeFirst() }  // the file's number, or the language's
        var result = ""
        for part in parts {
            if part == Word.callMark.rawValue || part == Word.elementMark.rawValue {
                result += names.text(part)
            } else {
                result += (result.isEmpty ? "" : ".") + names.text(part)
            }
        }
        return result
    }
}
