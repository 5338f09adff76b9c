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
    /// For each symbol the one just below its root that it lies below, and the one just below that: names may be deep.
    private var tops: [SymbolID]
    private var seconds: [SymbolID]
    private var slots: [Int32]

    init() {
        nodes = (0..<5).map { _ in Node(parent: -1, name: -1) }
        tops = (0..<5).map { $0 }
        seconds = [SymbolID](repeating: -1, count: 5)
        slots = [Int32](repeating: -1, count: 8_192)
    }

    var count: Int { nodes.count }

    /// Where to look first, among as many slots as there are.
    private func slot(_ parent: SymbolID, _ name: NameID) -> Int {
        let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: name))
        // Neighbouring parents and names must not become neighbouring slots: two rounds, as in splitmix64.
        var mixed = (key ^ key >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: ((mixed >> 32) &* UInt64(slots.count)) >> 32)
    }

    /// The symbol called `name` below `parent`; made when it is not there.
    mutating func child(_ parent: SymbolID, _ name: NameID) -> SymbolID {
        var slot = slot(parent, name)
        while slots[slot] >= 0 {
            let node = nodes[Int(slots[slot])]
            if node.parent == parent, node.name == name { return slots[slot] }
            slot = slot + 1 == slots.count ? 0 : slot + 1
        }
        let id = SymbolID(nodes.count)
        nodes.append(Node(parent: parent, name: name))
        let isTop = parent < Self.first
        tops.append(isTop ? id : tops[Int(parent)])
        seconds.append(isTop ? -1 : seconds[Int(parent)] < 0 ? id : seconds[Int(parent)])
        slots[slot] = id
        if nodes.count * 4 > slots.count * 3 { grow() }
        return id
    }

    /// The symbol called `name` below `parent`, if anything made it.
    func find(_ parent: SymbolID, _ name: NameID) -> SymbolID? {
        var slot = slot(parent, name)
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
            var slot = slot(nodes[id].parent, nodes[id].name)
            while slots[slot] >= 0 { slot = slot + 1 == slots.count ? 0 : slot + 1 }
            slots[slot] = Int32(id)
        }
    }

    /// The root above `id`, and the symbol just below it: a file, or a language's tree.
    func root(_ id: SymbolID) -> (root: SymbolID, top: SymbolID) {
        guard id >= Self.first else { return (id, id) }
        let top = tops[Int(id)]
        return (nodes[Int(top)].parent, top)
    }

    /// The member of a file, or of a language's tree, that `id` is or lies below.
    func member(above id: SymbolID) -> SymbolID? {
        guard id >= Self.first, seconds[Int(id)] >= 0 else { return nil }
        return seconds[Int(id)]
    }
}
