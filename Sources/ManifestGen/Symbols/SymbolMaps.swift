/// A set of symbols. Symbols are numbered without gaps, so looking one up is looking into an array.
struct SymbolSet {
    private var words: [UInt64] = []

    mutating func insert(_ symbol: SymbolID) {
        guard symbol >= 0 else { return }
        let word = Int(symbol) >> 6
        if word >= words.count {
            words += repeatElement(0, count: max(word + 1, words.count * 5 / 4 + 64) - words.count)
        }
        words[word] |= 1 &<< UInt64(symbol & 63)
    }

    mutating func remove(_ symbol: SymbolID) {
        guard contains(symbol) else { return }
        words[Int(symbol) >> 6] &= ~(1 &<< UInt64(symbol & 63))
    }

    func contains(_ symbol: SymbolID) -> Bool {
        symbol >= 0 && Int(symbol) >> 6 < words.count && words[Int(symbol) >> 6] & 1 &<< UInt64(symbol & 63) != 0
    }
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

/// What is known of few symbols. Most are noted soon after they were made, so that they come in order and stand in two plain
/// arrays; and most that are asked for have no value, which a bit says.
struct SparseMap<Value> {
    private var known = SymbolSet()
    private var keys: [SymbolID] = []
    private var values: [Value] = []
    private var late: [SymbolID: Value] = [:]
    private(set) var count = 0

    subscript(symbol: SymbolID) -> Value? {
        get {
            guard known.contains(symbol) else { return nil }
            return place(symbol).map { values[$0] } ?? late[symbol]
        }
        set {
            guard symbol >= 0 else { return }
            let isKnown = known.contains(symbol)
            guard let newValue else {
                if isKnown { count -= 1 }
                known.remove(symbol)
                late[symbol] = nil
                return
            }
            if !isKnown { count += 1 }
            known.insert(symbol)
            if symbol > keys.last ?? -1 {
                keys.append(symbol)
                values.append(newValue)
            } else if let place = place(symbol) {
                values[place] = newValue
            } else {
                late[symbol] = newValue
            }
        }
    }

    private func place(_ symbol: SymbolID) -> Int? {
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < symbol { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == symbol ? low : nil
    }
}

/// Parameters of the program's functions, by their symbols.
struct ParameterMap {
    private var values = SparseMap<(function: SymbolID, index: Int32, name: NameID)>()

    subscript(symbol: SymbolID) -> (function: SymbolID, index: Int, name: NameID)? {
        get { values[symbol].map { ($0.function, Int($0.index), $0.name) } }
        set { values[symbol] = newValue.map { ($0.function, Int32(clamping: $0.index), $0.name) } }
    }
}
