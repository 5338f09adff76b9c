/// A set of symbols. Symbols are numbered without gaps, so looking one up is looking into an array.
struct SymbolSet {
    private var bits: [Bool] = []

    mutating func insert(_ symbol: SymbolID) {
        let index = Int(symbol)
        guard index >= 0 else { return }
        if index >= bits.count {
            bits += repeatElement(false, count: max(index + 1, bits.count * 5 / 4 + 4_096) - bits.count)
        }
        bits[index] = true
    }

    func contains(_ symbol: SymbolID) -> Bool { symbol >= 0 && Int(symbol) < bits.count && bits[Int(symbol)] }
}

/// Symbols by symbol, likewise.
struct SymbolMap {
    private var values: [SymbolID] = []

    subscript(symbol: SymbolID) -> SymbolID? {
        get {
            guard symbol >= 0, Int(symbol) < values.count else { return nil }
            let value = values[Int(symbol)]
            return value < 0 ? nil : value
        }
        set {
            let index = Int(symbol)
            guard index >= 0 else { return }
            if index >= values.count {
                values += repeatElement(-1, count: max(index + 1, values.count * 5 / 4 + 4_096) - values.count)
            }
            values[index] = newValue ?? -1
        }
    }

    mutating func removeAll() { values.removeAll(keepingCapacity: true) }
}

/// Parameters of the program's functions, by their symbols.
struct ParameterMap {
    private var values: [SymbolID: (function: SymbolID, index: Int32, name: NameID)] = [:]

    subscript(symbol: SymbolID) -> (function: SymbolID, index: Int, name: NameID)? {
        get { values[symbol].map { ($0.function, Int($0.index), $0.name) } }
        set { values[symbol] = newValue.map { ($0.function, Int32(clamping: $0.index), $0.name) } }
    }
}
