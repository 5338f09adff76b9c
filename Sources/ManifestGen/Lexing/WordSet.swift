/// Words that a reader asks for at every name, by their numbers.
struct WordSet {
    private var bits: [Bool] = []

    init(_ words: some Sequence<String>, _ names: NameTable) {
        let ids = words.map { Int(names.intern($0)) }
        bits = [Bool](repeating: false, count: (ids.max() ?? -1) + 1)
        for id in ids { bits[id] = true }
    }

    @inline(__always) func contains(_ name: NameID) -> Bool { Int(name) < bits.count && bits[Int(name)] }
}

/// How far a reader may look ahead: what is far behind a token is looked at for a while, then only what is near, so that a file
/// in which nothing ends takes no longer than one in which all does.
struct Looks {
    private var left: Int

    init(tokens: Int) { left = 6 * tokens + 200_000 }

    /// The reach that is left of `reach`.
    func reach(_ reach: Int) -> Int { left > 0 ? reach : min(reach, 8) }
    mutating func spend(_ tokens: Int) { left -= tokens }
}
