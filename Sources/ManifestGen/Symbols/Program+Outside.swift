extension Program {
    /// What a symbol of a file just read stands for, where that lies outside of the program and no file that is still to be
    /// read can change it; `nil` otherwise.
    func outside(_ symbol: SymbolID, depth: Int = 0) -> SymbolID? {
        guard symbol >= SymbolTable.first, depth < 24 else { return nil }
        if let target = aliases[symbol] { return outside(target, depth: depth + 1) }
        let node = symbols.nodes[Int(symbol)]
        guard node.parent >= SymbolTable.first else { return node.parent == SymbolTable.files ? nil : symbol }
        if symbols.nodes[Int(node.parent)].parent == SymbolTable.files {
            guard !declared.contains(symbol), stars[node.parent] == nil else { return nil }
            return symbols.child(globals(languages[node.parent] ?? .javascript), node.name)
        }
        guard let parent = outside(node.parent, depth: depth + 1), bases[parent] == nil, bases[node.parent] == nil
        else {
            return nil
        }
        if node.name == Word.default.rawValue, symbols.root(parent).top == modules(.javascript) { return parent }
        if parent == node.parent { return symbol }
        let own = symbols.child(parent, node.name)
        return aliases[own] == nil ? own : outside(own, depth: depth + 1)
    }

    /// Whether something may yet be learned of a use that stays within the program: it leads to another file, something on
    /// its way stands for something else, it is a function's, or its method's name is one that rules ask for.
    /// - Parameter functions: The file's functions that do anything.
    func isOpen(_ use: Use, in file: SymbolID, functions: Set<SymbolID>) -> Bool {
        if declared.contains(use.symbol), aliases[use.symbol] == nil {
            return use.kind == .call || functions.contains(use.symbol)
        }
        if use.kind == .call, receiverNames.contains(symbols.nodes[Int(use.symbol)].name) { return true }
        var at = use.symbol
        while at >= SymbolTable.first {
            if aliases[at] != nil || bases[at] != nil { return true }
            let parent = symbols.nodes[Int(at)].parent
            if parent == file { return !declared.contains(at) }
            at = parent
        }
        return true
    }
}
