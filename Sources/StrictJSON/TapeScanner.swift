/// One pass over a text that checks it as ``JSONReader`` does and notes where each value stands. Stops at the first error.
///
/// Iterative: its depth is bounded by the limit, not by the thread's stack.
@safe struct TapeScanner {
    /// A value or a key, 16 bytes.
    struct Entry: Sendable {
        /// Where its bytes begin and end, quotes and brackets included.
        var start: UInt32
        var end: UInt32
        /// The index of the entry behind it and all that is inside it.
        var next: UInt32
        var kind: JSONElement.Kind
        var trait: Trait
    }

    enum Trait: UInt8, Sendable {
        /// ASCII without escapes (strings), or nothing to say.
        case plain
        /// No escapes, but more than ASCII.
        case unicode
        case escaped
    }

    private struct Level {
        /// The container's own entry.
        let index: Int
        let isObject: Bool
        var members = 0
        /// Whether each key is plain.
        var plainKeys = true
    }

    // Both belong to the caller of `scan`, whose buffer outlives this value.
    private let base: UnsafePointer<UInt8>
    private let end: Int
    private let maxDepth: Int
    private let maxValues: Int
    private var at: Int
    private(set) var entries: [Entry] = []
    private var levels: [Level] = []

    /// Reads the one value that `range` of the buffer holds.
    static func scan(
        _ buffer: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, maxDepth: Int, maxValues: Int
    ) throws(JSONFault) -> [Entry] {
        guard let base = buffer.baseAddress, !range.isEmpty else {
            throw JSONFault(kind: .syntax, offset: range.lowerBound)
        }
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
        guard range.upperBound < Int(UInt32.max) else { throw JSONFault(kind: .tooLarge, offset: range.lowerBound) }
        var scanner = unsafe TapeScanner(base, range, maxDepth, maxValues)
        try scanner.run()
        return scanner.entries
    }

    private init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ maxDepth: Int, _ maxValues: Int) {
        unsafe self.base = base
        at = range.lowerBound
        end = range.upperBound
        self.maxDepth = maxDepth
        self.maxValues = maxValues
        entries.reserveCapacity(min(64, range.count))
    }

    /// The byte at `offset`, which the caller has compared with ``end``.
    @inline(__always)
    private func byte(_ offset: Int) -> UInt8 { unsafe base[offset] }

    @inline(__always)
    private mutating func skipSpace() {
        while at < end {
            let found = byte(at)
            guard found <= 0x20, found == 0x20 || found == 0x0A || found == 0x0D || found == 0x09 else { return }
            at += 1
        }
    }

    private func fault(_ kind: JSONError.Kind = .syntax, at offset: Int? = nil) -> JSONFault {
        JSONFault(kind: kind, offset: offset ?? at)
    }

    private mutating func run() throws(JSONFault) {
        skipSpace()
        try value()
        while let level = levels.last {
            skipSpace()
            guard at < end else { throw fault() }
            let found = byte(at)
            if found == (level.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                at += 1
                try close()
                continue
            }
            if level.members > 0 {
                guard found == UInt8(ascii: ",") else { throw fault() }
                at += 1
                skipSpace()
            }
            levels[levels.count - 1].members += 1
            if level.isObject {
                guard at < end, byte(at) == UInt8(ascii: "\"") else { throw fault() }
                try string()
                if entries[entries.count - 1].trait != .plain { levels[levels.count - 1].plainKeys = false }
                skipSpace()
                guard at < end, byte(at) == UInt8(ascii: ":") else { throw fault() }
                at += 1
                skipSpace()
            }
            try value()
        }
        skipSpace()
        if at < end { throw fault() }
    }

    /// Reads a scalar, or opens a container.
    @inline(__always)
    private mutating func value() throws(JSONFault) {
        guard at < end else { throw fault() }
        guard entries.count < maxValues else { throw fault(.tooLarge) }
        switch byte(at) {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try open(.object)
        case UInt8(ascii: "["): try open(.array)
        case UInt8(ascii: "t"): try word("true", .bool)
        case UInt8(ascii: "f"): try word("false", .bool)
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        default: throw fault()
        }
    }

    private mutating func open(_ kind: JSONElement.Kind) throws(JSONFault) {
        guard levels.count < maxDepth else { throw fault(.tooDeep) }
        levels.append(Level(index: entries.count, isObject: kind == .object))
        entries.append(Entry(start: UInt32(at), end: 0, next: 0, kind: kind, trait: .plain))
        at += 1
    }

    private mutating func close() throws(JSONFault) {
        let level = levels.removeLast()
        entries[level.index].end = UInt32(at)
        entries[level.index].next = UInt32(entries.count)
        if level.members > 1 && level.isObject { try checkKeys(level) }
    }

    @inline(__always)
    private mutating func add(_ kind: JSONElement.Kind, _ start: Int, _ trait: Trait = .plain) {
        entries.append(
            Entry(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at),
                next: UInt32(truncatingIfNeeded: entries.count + 1), kind: kind, trait: trait))
    }

    // MARK: - Words and numbers

    private mutating func word(_ text: StaticString, _ kind: JSONElement.Kind) throws(JSONFault) {
        let start = at, count = text.utf8CodeUnitCount
        guard at + count <= end else { throw fault() }
        for index in 0..<count where unsafe byte(at + index) != text.utf8Start[index] { throw fault() }
        at += count
        if at < end, JSONParser.isWord(byte(at)) { throw fault(at: start) }
        add(kind, start)
    }

    private mutating func digits() -> Int {
        let start = at
        while at < end, byte(at) &- UInt8(ascii: "0") < 10 { at += 1 }
        return at - start
    }

    /// RFC 8259, section 6.
    private mutating func number() throws(JSONFault) {
        let start = at
        if byte(at) == UInt8(ascii: "-") { at += 1 }
        let first = at
        let whole = digits()
        guard whole > 0, whole == 1 || byte(first) != UInt8(ascii: "0") else { throw fault(.number, at: start) }
        var mayOverflow = whole > 300
        if at < end {
            if byte(at) == UInt8(ascii: ".") {
                at += 1
                if digits() == 0 { throw fault(.number, at: start) }
            }
            if at < end, byte(at) | 0x20 == UInt8(ascii: "e") {
                at += 1
                if at < end, byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-") { at += 1 }
                if digits() == 0 { throw fault(.number, at: start) }
                mayOverflow = true
            }
            if at < end {
                let after = byte(at)
                if JSONParser.isWord(after) || after == UInt8(ascii: "+") || after == UInt8(ascii: "-")
                    || after == UInt8(ascii: ".")
                {
                    throw fault(.number, at: start)
                }
            }
        }
        if mayOverflow {
            let text = unsafe String(
                decoding: UnsafeBufferPointer(start: base + start, count: at - start), as: UTF8.self)
            guard Double(text)?.isFinite == true else { throw fault(.number, at: start) }
        }
        add(.number, start)
    }

    // MARK: - Strings

    /// What makes a word of eight bytes more than plain text: a quote, a backslash, a control character, or a byte beyond ASCII.
    /// A borrow may mark a byte above one that is marked rightly; the lowest mark is right, and it is the one that is used.
    @inline(__always)
    private static func marks(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101, highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* 0x22), slash = word ^ (ones &* 0x5C)
        return ((word &- (ones &* 0x20)) | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | word) & highs
    }

    private mutating func string() throws(JSONFault) {
        let start = at
        var trait = Trait.plain
        at += 1
        while true {
            // Whole words first, then what is left of the text byte by byte.
            while at &+ 8 <= end {
                let word = unsafe UInt64(
                    littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
                let marks = Self.marks(word)
                if marks == 0 {
                    at &+= 8
                    continue
                }
                at &+= marks.trailingZeroBitCount >> 3
                break
            }
            guard at < end else { throw fault() }
            let found = byte(at)
            switch found {
            case UInt8(ascii: "\""):
                at += 1
                add(.string, start, trait)
                return
            case UInt8(ascii: "\\"):
                try escape()
                trait = .escaped
            case 0..<0x20: throw fault(found == 0x0A || found == 0x0D ? .syntax : .encoding)
            case 0x20..<0x80: at += 1
            default:
                try unicode()
                if trait == .plain { trait = .unicode }
            }
        }
    }

    private mutating func escape() throws(JSONFault) {
        guard at + 1 < end else { throw fault() }
        switch byte(at + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            guard let unit = hexUnit(at + 2) else { throw fault() }
            if unit & 0xF800 == 0xD800 {
                // The first half of a pair, with the second right behind it.
                guard unit < 0xDC00, at + 7 < end, byte(at + 6) == UInt8(ascii: "\\"),
                    byte(at + 7) == UInt8(ascii: "u"), let low = hexUnit(at + 8), low & 0xFC00 == 0xDC00
                else { throw fault(.encoding) }
                at += 12
            } else {
                at += 6
            }
        default: throw fault()
        }
    }

    private func hexUnit(_ offset: Int) -> UInt32? {
        guard offset + 4 <= end else { return nil }
        var unit: UInt32 = 0
        for index in offset..<(offset + 4) {
            guard let digit = hexValue(byte(index)) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Passes over characters beyond ASCII. Unicode 16, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
    private mutating func unicode() throws(JSONFault) {
        while at < end {
            let first = byte(at)
            if first < 0x80 { return }
            let length: Int, second: ClosedRange<UInt8>
            switch first {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: throw fault(.encoding)
            }
            guard at + length <= end, second.contains(byte(at + 1)) else { throw fault(.encoding) }
            if length > 2, byte(at + 2) & 0xC0 != 0x80 { throw fault(.encoding) }
            if length > 3, byte(at + 3) & 0xC0 != 0x80 { throw fault(.encoding) }
            at += length
        }
    }

    // MARK: - Keys

    private func checkKeys(_ level: Level) throws(JSONFault) {
        if !level.plainKeys { return try checkText(level) }
        if level.members > 12 { return try checkHashes(level) }
        var second = Int(entries[level.index + 1].next)
        second = Int(entries[second].next)
        while second < entries.count {
            let key = entries[second]
            var first = level.index + 1
            while first < second {
                if same(entries[first], key) { throw fault(.duplicateKey, at: Int(key.start)) }
                first = Int(entries[first + 1].next)
            }
            second = Int(entries[second + 1].next)
        }
    }

    /// Whether two plain keys are the same bytes.
    @inline(__always)
    private func same(_ a: Entry, _ b: Entry) -> Bool {
        let count = a.end - a.start
        guard b.end - b.start == count else { return false }
        for index in 1..<Int(count) where byte(Int(a.start) + index) != byte(Int(b.start) + index) { return false }
        return true
    }

    /// Many plain keys: an open hash table of entries. The hash is seeded for each process.
    private func checkHashes(_ level: Level) throws(JSONFault) {
        var capacity = 32
        while capacity < level.members + level.members / 3 { capacity *= 2 }
        // Half of each hash beside the entry's index: entries lie far apart, and are looked at only where hashes are alike.
        var table = [UInt64](repeating: 0, count: capacity)
        var index = level.index + 1
        while index < entries.count {
            let key = entries[index]
            var hasher = Hasher()
            // The key lies within the text.
            unsafe hasher.combine(
                bytes: UnsafeRawBufferPointer(start: base + Int(key.start), count: Int(key.end - key.start)))
            let hash = hasher.finalize(), mark = UInt64(truncatingIfNeeded: hash) >> 32
            var place = hash & (capacity - 1)
            while table[place] != 0 {
                if table[place] >> 32 == mark, same(entries[Int(table[place] & 0xffff_ffff)], key) {
                    throw fault(.duplicateKey, at: Int(key.start))
                }
                place = (place + 1) & (capacity - 1)
            }
            table[place] = mark << 32 | UInt64(index)
            index = Int(entries[index + 1].next)
        }
    }

    /// Keys with escapes or beyond ASCII: as text, where canonically equivalent forms are the same.
    private func checkText(_ level: Level) throws(JSONFault) {
        var seen = Set<String>(minimumCapacity: level.members)
        var index = level.index + 1
        while index < entries.count {
            let key = entries[index]
            // The key lies within the text.
            let text = unsafe unescaped(
                UnsafeBufferPointer(start: base + Int(key.start) + 1, count: Int(key.end - key.start) - 2),
                hasEscapes: key.trait == .escaped)
            guard seen.insert(text).inserted else { throw fault(.duplicateKey, at: Int(key.start)) }
            index = Int(entries[index + 1].next)
        }
    }
}

@inline(__always)
func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
}

/// The text between the quotes of a string that was checked.
func unescaped(_ body: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) -> String {
    if !hasEscapes { return unsafe String(decoding: body, as: UTF8.self) }
    return String(decoding: unsafe unescapedBytes(body), as: UTF8.self)
}

/// The same as UTF-8.
func unescapedBytes(_ body: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count)
    var at = 0
    func unit() -> UInt32 {
        var unit: UInt32 = 0
        for index in (at + 2)..<(at + 6) { unit = unit << 4 | UInt32(hexValue(unsafe body[index]) ?? 0) }
        return unit
    }
    while at < body.count {
        // Everything up to the next backslash as it is.
        let plain = at
        while at < body.count, unsafe body[at] != UInt8(ascii: "\\") { at += 1 }
        if at > plain { unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: body[plain..<at])) }
        guard at + 1 < body.count else { break }
        let letter = unsafe body[at + 1]
        if letter == UInt8(ascii: "u") {
            var value = unit()
            at += 6
            if value & 0xFC00 == 0xD800 {
                value = 0x10000 + (value - 0xD800) << 10 + (unit() - 0xDC00)
                at += 6
            }
            if let scalar = Unicode.Scalar(value), let units = UTF8.encode(scalar) { bytes += units }
            continue
        }
        let plainLetter: UInt8 =
            switch letter {
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: letter
            }
        bytes.append(plainLetter)
        at += 2
    }
    return bytes
}
