/// A dotted name's number in a ``SymbolTable``.
typealias SymbolID = Int32

/// Full names as a tree: each symbol is a name below another one. A call of a symbol is a symbol below it named `()`, an
/// element `[]`; so what `Path(x).open` means is a symbol too: `pathlib` `Path` `()` `open`.
struct SymbolTable {
    struct Node {
        var parent: SymbolID
        var name: NameID
    }

    /// What nothing is known about.
    static let unknown: SymbolID = 0
    /// Above all modules and packages from outside.
    static let modules: SymbolID = 1
    /// Above what a language knows without import.
    static let globals: SymbolID = 2
    /// Above the files of the program: each is a symbol whose name is its index.
    static let files: SymbolID = 3
    /// Above members of unknown values.
    static let receiver: SymbolID = 4
    /// Above parameters: function symbol, then index.
    static let first: SymbolID = 5

    private(set) var nodes: [Node]
    /// How many symbols stand above each.
    private var depths: [UInt8]
    /// No name that a rule speaks of has so many parts; a chain of a hundred thousand calls would otherwise be walked up anew
    /// for each of them.
    private static let deepest: UInt8 = 64
    private var slots: [Int32]
    /// The last ones that were found, each at a place of its own: code speaks of the same few names again and again, and
    /// the table of all is too large for a processor's caches.
    private var recent: [(key: UInt64, id: SymbolID)]

    init() {
        nodes = (0..<5).map { _ in Node(parent: -1, name: -1) }
        depths = [UInt8](repeating: 0, count: 5)
        slots = [Int32](repeating: -1, count: 8_192)
        recent = Array(repeating: (.max, -1), count: 4_096)
    }

    var count: Int { nodes.count }

    private func key(_ parent: SymbolID, _ name: NameID) -> UInt64 {
        UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: name))
    }

    /// Neighbouring parents and names must not become neighbouring slots: two rounds, as in splitmix64.
    private func mixed(_ key: UInt64) -> UInt64 {
        let mixed = (key ^ key >> 30) &* 0xBF58_476D_1CE4_E5B9
        return (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    }

    /// Where to look first, among as many slots as there are.
    private func slot(_ mixed: UInt64) -> Int {
        Int(truncatingIfNeeded: ((mixed >> 32) &* UInt64(slots.count)) >> 32)
    }

    /// The symbol called `name` below `parent`; made when it is not there. ``unknown`` below what is unknown or too deep.
    mutating func child(_ parent: SymbolID, _ name: NameID) -> SymbolID {
        let key = key(parent, name), mixed = mixed(key)
        let place = Int(truncatingIfNeeded: mixed & 4_095)
        if recent[place].key == key { return recent[place].id }
        var slot = slot(mixed)
        while slots[slot] >= 0 {
            let node = nodes[Int(slots[slot])]
            if node.parent == parent, node.name == name {
                recent[place] = (key, slots[slot])
                return slots[slot]
            }
            slot = slot + 1 == slots.count ? 0 : slot + 1
        }
        guard parent > Self.unknown, depths[Int(parent)] < Self.deepest else { return Self.unknown }
        let id = SymbolID(nodes.count)
        nodes.append(Node(parent: parent, name: name))
        depths.append(depths[Int(parent)] + 1)
        slots[slot] = id
        recent[place] = (key, id)
        if nodes.count * 4 > slots.count * 3 { grow() }
        return id
    }

    /// The symbol called `name` below `parent`, if anything made it.
    func find(_ parent: SymbolID, _ name: NameID) -> SymbolID? {
        var slot = slot(mixed(key(parent, name)))
        while slots[slot] >= 0 {
            let node = nodes[Int(slots[slot])]
            if node.parent == parent, node.name == name { return slots[slot] }
            slot = slot + 1 == slots.count ? 0 : slot + 1
        }
        return nil
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 3 / 2)
        for id in Int(Self.first)..<nodes.count {
            var slot = slot(mixed(key(nodes[id].parent, nodes[id].name)))
            while slots[slot] >= 0 { slot = slot + 1 == slots.count ? 0 : slot + 1 }
            slots[slot] = Int32(id)
        }
    }

    /// The root above `id`, and the symbol just below it: a file, or a language's tree.
    func root(_ id: SymbolID) -> (root: SymbolID, top: SymbolID) {
        var at = id
        while at >= Self.first {
            let parent = nodes[Int(at)].parent
            if parent < Self.first { return (parent, at) }
            at = parent
        }
        return (at, at)
    }

    /// The member of a file, or of a language's tree, that `id` is or lies below.
    func member(above id: SymbolID) -> SymbolID? {
        var at = id
        while at >= Self.first {
            let parent = nodes[Int(at)].parent
            if parent < Self.first { return nil }
            if nodes[Int(parent)].parent < Self.first { return at }
            at = parent
        }
        return nil
    }
}
