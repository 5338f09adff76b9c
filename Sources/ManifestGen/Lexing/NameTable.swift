/// An identifier's number; equal numbers are equal names.
typealias NameID = Int32

/// Gives each distinct name one number, so that names are compared as integers and stored once.
final class NameTable {
    private var names: Names

    /// - Parameter words: Names that get the numbers 0, 1, 2... in this order.
    init(words: [String]) {
        names = Names()
        for word in words { _ = intern(word) }
    }

    var count: Int { names.ranges.count }

    func intern(_ text: String) -> NameID {
        let bytes = Array(text.utf8)
        return intern(bytes, 0, bytes.count)
    }

    /// The name that stands in `bytes[start..<end]`.
    func intern(_ bytes: [UInt8], _ start: Int, _ end: Int) -> NameID { names.intern(bytes, start, end) }

    /// The name as text; bytes that are no UTF-8 are replaced.
    func text(_ id: NameID) -> String { names.text(id) }

    func first(_ id: NameID) -> UInt8 { names.first(id) }
}

/// The table itself: a value, so that one look into it is one access.
private struct Names {
    private var storage: [UInt8] = []
    private(set) var ranges: [(start: Int32, end: Int32)] = []
    private var slots = [Int32](repeating: -1, count: 4_096)
    private var mask = 4_095

    mutating func intern(_ bytes: [UInt8], _ start: Int, _ end: Int) -> NameID {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var i = start
        while i < end {
            hash = (hash ^ UInt64(bytes[i])) &* 0x100_0000_01b3
            i += 1
        }
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & mask
        while true {
            let found = slots[slot]
            if found < 0 { break }
            if equals(found, bytes, start, end) { return found }
            slot = (slot + 1) & mask
        }
        let id = NameID(ranges.count)
        let from = Int32(storage.count)
        storage += bytes[start..<end]
        ranges.append((from, Int32(storage.count)))
        slots[slot] = id
        if ranges.count * 2 > slots.count { grow() }
        return id
    }

    private func equals(_ id: NameID, _ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let range = ranges[Int(id)]
        guard Int(range.end - range.start) == end - start else { return false }
        var i = start
        var j = Int(range.start)
        while i < end {
            if bytes[i] != storage[j] { return false }
            i += 1
            j += 1
        }
        return true
    }

    private mutating func grow() {
        mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: mask + 1)
        for (id, range) in ranges.enumerated() {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for i in Int(range.start)..<Int(range.end) { hash = (hash ^ UInt64(storage[i])) &* 0x100_0000_01b3 }
            var slot = Int(truncatingIfNeeded: hash ^ (hash >> 29)) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(id)
        }
    }

    func text(_ id: NameID) -> String {
        let range = ranges[Int(id)]
        return String(decoding: storage[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }

    func first(_ id: NameID) -> UInt8 {
        let range = ranges[Int(id)]
        return range.start < range.end ? storage[Int(range.start)] : 0
    }
}
