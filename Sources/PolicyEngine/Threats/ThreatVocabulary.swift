import SecretText

/// The rules, made ready for one pass over a text. Built once.
///
/// Everything starts at a word: four bytes from there, without case, say in a bit map whether any pattern may start, and in a table
/// which ones. What has no word (`../`, `%2e`) starts at a sign; see ``ThreatPass``.
///
/// Its tables are made once and never freed, so a pass reads them without counting references.
@safe struct ThreatVocabulary: @unchecked Sendable {
    // Never changed once made.
    static let shared = ThreatVocabulary()

    /// Small, so that those of common words stay near the processor.
    struct Entry: Sendable {
        enum Kind: Sendable {
            /// A word of phrases: `steps[first..<first + count]`.
            case word(first: Int32, count: Int32)
            /// A whole pattern of this rule.
            case text(rule: Int32)
            case url
            case token(shape: Int32)
            case webToken
            case privateKey
        }
        var kind: Kind
        /// Where its bytes stand in ``pool``: in lower case; a blank in a text stands for ``isLoose(_:)``.
        var first: Int32
        var count: Int16
        /// How many of them stand before the word that was met.
        var before: Int16
        /// How many letters the four bytes have settled that it was found by.
        var known: UInt8
        /// Whether more letters may follow.
        var isOpen: Bool
        /// The fifth byte from the word on, to look at first; 0 where there is none to go by.
        var fifth: UInt8
    }

    /// One place of a word in a phrase.
    struct Step: Sendable {
        /// Where the phrase's progress is kept; the step before is one lower.
        var state: Int32
        var rule: Int32
        /// How many other words may stand between.
        var gap: Int16
        var isFirst: Bool
        var isLast: Bool
    }

    let bitmap: UnsafePointer<UInt64>
    /// Open addressing, a power of two: the key, and a run of ``order``.
    let keys: UnsafePointer<UInt32>
    let runs: UnsafePointer<Run>
    /// Indices of ``entries``, one run a key.
    let order: UnsafePointer<Int32>
    let entries: UnsafePointer<Entry>
    let pool: UnsafePointer<UInt8>
    let steps: UnsafePointer<Step>
    let stateCount: Int
    let rules: UnsafePointer<BuiltRules>
    let shapes: UnsafePointer<Shape>
    /// What each character stands for in base64, both alphabets; 64 for what is none, `=` counts as zero.
    let sextets: UnsafePointer<UInt8>
    let twoBytes: UnsafePointer<LookAlikes.Fold>

    struct Run {
        var first: Int32
        var count: Int32
    }

    /// A ``TokenShape`` without its prefix, which is in ``pool`` in lower case.
    struct Shape {
        var length: Int
        var minimum: Int
        var alphabet: TokenAlphabet
        /// The first four bytes, as they must be written; the fourth is 0 where the prefix has three.
        var start: UInt32
    }

    /// Where case does not count; good enough for a first look.
    @inline(__always) static func key(_ bytes: UInt32) -> UInt32 { bytes & 0xdfdf_dfdf }
    @inline(__always) static func hash(_ key: UInt32) -> Int { Int((key &* 0x9e37_79b1) >> 16) }
    static let slotCount = 1 << 14

    private init() {
        var building = Building()
        for (number, rule) in ThreatRule.all.enumerated() {
            for pattern in rule.patterns {
                switch pattern {
                case .words(let words): building.addPhrase(words, rule: number)
                case .text(let text): building.addText(text, .text(rule: Int32(number)))
                }
            }
        }
        for scheme in ["http://*", "https://*", "ftp://*", "wss://*"] { building.addText(scheme, .url) }
        for (number, shape) in TokenShape.all.enumerated() {
            building.addText(String(decoding: shape.prefix, as: UTF8.self) + "*", .token(shape: Int32(number)))
        }
        building.addText("eyJ*", .webToken)
        building.addText("-----BEGIN*", .privateKey)
        building.addWords()

        var bitmap = [UInt64](repeating: 0, count: 1_024)
        var keys = [UInt32](repeating: 0, count: Self.slotCount)
        var runs = [Run](repeating: Run(first: 0, count: 0), count: Self.slotCount)
        var order: [Int32] = []
        building.pairs.sort()
        var next = 0, keyCount = 0
        while next < building.pairs.count {
            let key = UInt32(truncatingIfNeeded: building.pairs[next] >> 32)
            let first = order.count
            var last: UInt64?
            while next < building.pairs.count, UInt32(truncatingIfNeeded: building.pairs[next] >> 32) == key {
                // One entry may have the same key twice: case and the like do not count in keys.
                if building.pairs[next] != last { order.append(Int32(truncatingIfNeeded: building.pairs[next])) }
                last = building.pairs[next]
                next += 1
            }
            let hash = Self.hash(key)
            bitmap[hash >> 6] |= 1 << UInt64(hash & 63)
            var slot = hash & (Self.slotCount - 1)
            while runs[slot].count != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
            keys[slot] = key
            runs[slot] = Run(first: Int32(first), count: Int32(order.count - first))
            keyCount += 1
        }
        precondition(keyCount < Self.slotCount / 2, "the table of first letters is too full")
        unsafe self.bitmap = kept(bitmap)
        unsafe self.keys = kept(keys)
        unsafe self.runs = kept(runs)
        unsafe self.order = kept(order)
        unsafe entries = kept(building.entries)
        unsafe pool = kept(building.pool)
        unsafe steps = kept(building.steps)
        stateCount = building.stateCount
        unsafe rules = kept([BuiltRules()])
        unsafe shapes = kept(
            TokenShape.all.map { shape in
                let start = shape.prefix.prefix(4).enumerated().reduce(UInt32(0)) {
                    $0 | UInt32($1.element) << UInt32(8 * $1.offset)
                }
                return Shape(length: shape.prefix.count, minimum: shape.minimum, alphabet: shape.alphabet, start: start)
            })
        unsafe sextets = kept(Self.base64)
        unsafe twoBytes = kept(LookAlikes.twoBytes)
    }

    /// The entries that may start with these four bytes, as a run of ``order``.
    @inline(__always) func run(_ key: UInt32) -> Run? {
        var slot = Self.hash(key) & (Self.slotCount - 1)
        // Slots are below the tables' size, and at least half of them are empty.
        while unsafe runs[slot].count != 0 {
            if unsafe keys[slot] == key { return unsafe runs[slot] }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return nil
    }

    private static let base64: [UInt8] = {
        var table = [UInt8](repeating: 64, count: 256)
        for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(letter)] = UInt8(value)
        }
        table[Int(UInt8(ascii: "-"))] = 62
        table[Int(UInt8(ascii: "_"))] = 63
        table[Int(UInt8(ascii: "="))] = 0
        return table
    }()

    /// What a blank of a pattern stands for.
    @inline(__always) static func isLoose(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
        default: false
        }
    }
    static let loose: [UInt8] = [0x20, 0x09, 0x0a, 0x0d, UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")]

    /// Letters, and all beyond ASCII.
    @inline(__always) static func isWord(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }
}

/// A copy that lives as long as the process.
func kept<T>(_ array: [T]) -> UnsafePointer<T> {
    let copy = UnsafeMutablePointer<T>.allocate(capacity: max(1, array.count))
    unsafe copy.initialize(from: array, count: array.count)
    return unsafe UnsafePointer(copy)
}

/// The tables while they grow.
private struct Building {
    var entries: [ThreatVocabulary.Entry] = []
    var pool: [UInt8] = []
    var steps: [ThreatVocabulary.Step] = []
    var stateCount = 0
    /// A key in the upper half, an index of ``entries`` in the lower.
    var pairs: [UInt64] = []
    private var words: [[UInt8]: [ThreatVocabulary.Step]] = [:]
    private static let star = UInt8(ascii: "*")

    /// Adds `a|b <3 c*`. By bytes: this runs at the start of a gateway, and characters take many times as long.
    mutating func addPhrase(_ phrase: String, rule: Int) {
        var gap: Int16 = 0
        let parts = phrase.utf8.split(separator: UInt8(ascii: " "))
        let last = parts.lastIndex { $0.first != UInt8(ascii: "<") }
        var isFirst = true
        for (index, part) in parts.enumerated() {
            if part.first == UInt8(ascii: "<") {
                gap = part.dropFirst().reduce(0) { $0 * 10 + Int16($1) - 0x30 }
                precondition((0...20).contains(gap), "no number in \(phrase)")
                continue
            }
            let step = ThreatVocabulary.Step(
                state: Int32(stateCount), rule: Int32(rule), gap: gap, isFirst: isFirst, isLast: index == last)
            for word in part.split(separator: UInt8(ascii: "|")) { words[Array(word), default: []].append(step) }
            stateCount += 1
            isFirst = false
            gap = 0
        }
    }

    mutating func addWords() {
        for (word, places) in words {
            let first = steps.count
            // The later place of a phrase first: one word must not take two steps.
            steps += places.sorted { $0.state > $1.state }
            add(word, .word(first: Int32(first), count: Int32(places.count)), anchorsAnywhere: false)
        }
    }

    mutating func addText(_ text: String, _ kind: ThreatVocabulary.Entry.Kind) {
        add(Array(text.utf8), kind, anchorsAnywhere: true)
    }

    private mutating func add(_ pattern: [UInt8], _ kind: ThreatVocabulary.Entry.Kind, anchorsAnywhere: Bool) {
        let isOpen = pattern.last == Self.star
        var bytes = isOpen ? pattern.dropLast() : pattern
        if bytes.contains(where: { $0 >= 0x80 }) { bytes = FoldedUnicode.fold(bytes) }
        for index in bytes.indices { bytes[index] = lowered(bytes[index]) }
        for start in bytes.indices where start == 0 || anchorsAnywhere {
            guard ThreatVocabulary.isWord(bytes[start]), start == 0 || !ThreatVocabulary.isWord(bytes[start - 1]),
                addKeys(bytes[start...].prefix(4), isOpen: isOpen)
            else { continue }
            entries.append(
                .init(
                    kind: kind, first: Int32(pool.count), count: Int16(bytes.count), before: Int16(start),
                    known: UInt8(bytes[start...].prefix(4).prefix { (0x61...0x7a).contains($0) }.count),
                    isOpen: isOpen,
                    fifth: bytes.count > start + 4 && !bytes[start..<start + 5].contains(0x20) ? bytes[start + 4] : 0))
            pool += bytes
            return
        }
        preconditionFailure(
            "nothing to find `\(String(decoding: pattern, as: UTF8.self))` by: it needs three letters, or two and a sign"
        )
    }

    /// Adds every four bytes that a pattern's first four may be, for the entry that comes next.
    /// - Returns: `false` when there are too many.
    private mutating func addKeys(_ start: ArraySlice<UInt8>, isOpen: Bool) -> Bool {
        guard start.count >= 3 else { return false }
        addKeys(start, packed: 0, count: 0, isOpen: isOpen)
        return true
    }

    private mutating func addKeys(_ rest: ArraySlice<UInt8>, packed: UInt32, count: Int, isOpen: Bool) {
        func with(_ byte: UInt8, at place: Int, _ packed: UInt32) -> UInt32 {
            packed | UInt32(byte) << UInt32(8 * place)
        }
        if count == 4 {
            pairs.append(UInt64(ThreatVocabulary.key(packed)) << 32 | UInt64(entries.count))
        } else if let byte = rest.first, byte == 0x20 {
            // One or two blanks of any kind.
            for one in ThreatVocabulary.loose {
                let next = with(one, at: count, packed)
                addKeys(rest.dropFirst(), packed: next, count: count + 1, isOpen: isOpen)
                guard count < 3 else { continue }
                for two in ThreatVocabulary.loose {
                    addKeys(rest.dropFirst(), packed: with(two, at: count + 1, next), count: count + 2, isOpen: isOpen)
                }
            }
        } else if let byte = rest.first {
            addKeys(rest.dropFirst(), packed: with(byte, at: count, packed), count: count + 1, isOpen: isOpen)
        } else {
            // Three bytes: whatever may follow them.
            for byte in UInt8(0)...(isOpen ? 0xff : 0x7f) where isOpen || !ThreatVocabulary.isWord(byte) {
                addKeys(rest, packed: with(byte, at: count, packed), count: count + 1, isOpen: isOpen)
            }
        }
    }
}

@inline(__always)
func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
