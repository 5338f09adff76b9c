/// Which value each name has at the place that is being read. Entering and leaving cost what was bound, not what is known.
struct Scopes {
    private var values: [SymbolID] = []
    private var undo: [(name: NameID, value: SymbolID)] = []
    private var marks: [(undo: Int, end: Int)] = []

    /// No local binding: the name belongs to the file, or to the language.
    static let unbound: SymbolID = -1

    var depth: Int { marks.count }
    /// The token after the innermost scope.
    var innermostEnd: Int? { marks.last?.end }

    mutating func push(until end: Int) { marks.append((undo.count, end)) }

    mutating func pop() {
        let mark = marks.removeLast()
        while undo.count > mark.undo {
            let entry = undo.removeLast()
            values[Int(entry.name)] = entry.value
        }
    }

    /// Leaves all scopes that end at or before the token `index`.
    mutating func leave(before index: Int) {
        while let last = marks.last, last.end <= index { pop() }
    }

    mutating func bind(_ name: NameID, _ value: SymbolID) {
        if Int(name) >= values.count {
            values += repeatElement(Self.unbound, count: Int(name) + 1_024 - values.count)
        }
        undo.append((name, values[Int(name)]))
        values[Int(name)] = value
    }

    /// Changes a binding where it is; `false` when the name is not bound here.
    mutating func assign(_ name: NameID, _ value: SymbolID) -> Bool {
        guard Int(name) < values.count, values[Int(name)] != Self.unbound else { return false }
        if values[Int(name)] == SymbolTable.unknown { values[Int(name)] = value }
        return true
    }

    func value(_ name: NameID) -> SymbolID { Int(name) < values.count ? values[Int(name)] : Self.unbound }

    mutating func reset() {
        while !marks.isEmpty { pop() }
        while let entry = undo.popLast() { values[Int(entry.name)] = entry.value }
    }
}
