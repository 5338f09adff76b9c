import StrictJSON

/// What the journal's writer and its verifier must agree on besides the line itself (``EventLine``).
enum JournalFormat {
    /// The subject and rule of events by which a writer accounts for damage that it found.
    static let recoverySubject = "journal"
    static let recoveryRule = "journal-recovery"
    /// Part of a recovery event's line. A quote inside a value is escaped, so no other event's text can hold it.
    static let recoveryMark = Array(
        "\"kind\":\"lifecycle\",\"subject\":\"journal\",\"decision\":\"error\",\"rule\":\"journal-recovery\"".utf8)

    /// Bytes after the last intact line: of a line that was never finished, or of lines that do not check.
    static func remainder(_ bytes: some Collection<UInt8>, isTorn: Bool) -> JSONMember {
        JSONMember(isTorn ? "torn" : "damaged", ["bytes": .integer(bytes.count), "sha256": .string(SHA256.hex(bytes))])
    }

    /// Events that had been written and are gone: the last of them.
    static func lost(_ link: ChainLink) -> JSONMember {
        JSONMember(
            "lost", ["seq": .integer(link.seq), "hash": .string(String(decoding: link.hash, as: UTF8.self))])
    }
}

/// A place in the chain: an event's number and its hash (64 hexadecimal digits; zeros before the first event).
struct ChainLink: Hashable, Sendable {
    var seq: UInt64
    var hash: [UInt8]
    static let start = ChainLink(seq: 0, hash: EventLine.genesis)
}

/// The last event, and the journal's size with it: what shows that a tail was cut off. Kept beside the journal in
/// `NAME.head`, always the same number of bytes, so that one pwrite(2) replaces it.
struct JournalHead: Hashable, Sendable {
    static let length = 160
    var link: ChainLink
    /// Bytes.
    var size: UInt64

    var bytes: [UInt8] {
        var text = Array(
            "{\"seq\":\(link.seq),\"size\":\(size),\"hash\":\"\(String(decoding: link.hash, as: UTF8.self))\"}".utf8)
        text += [UInt8](repeating: 0x20, count: Self.length - 1 - text.count)
        text.append(0x0a)
        return text
    }

    init(link: ChainLink, size: UInt64) {
        self.link = link
        self.size = size
    }

    /// - Returns: `nil` when the bytes are not exactly what `bytes` writes.
    init?(bytes: [UInt8]) {
        var fields = LineScanner(bytes[...])
        guard fields.skip(EventLine.seqStart), let seq = fields.number(), fields.skip(Array(",\"size\":".utf8)),
            let size = fields.number(), fields.skip(Array(",\"hash\":\"".utf8)), let hash = fields.hash()
        else { return nil }
        self.init(link: ChainLink(seq: seq, hash: hash), size: size)
        guard self.bytes == bytes else { return nil }
    }
}

/// Reads the fixed parts of lines from front to back.
struct LineScanner {
    private(set) var rest: ArraySlice<UInt8>
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Whether the next bytes are `expected`; if so, goes past them.
    mutating func skip(_ expected: [UInt8]) -> Bool {
        guard rest.starts(with: expected) else { return false }
        rest = rest.dropFirst(expected.count)
        return true
    }

    /// A whole number without sign and leading zeros.
    mutating func number() -> UInt64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30 else { return nil }
        rest = rest.dropFirst(digits.count)
        return UInt64(String(decoding: digits, as: UTF8.self))
    }

    /// 64 lower-case hexadecimal digits.
    mutating func hash() -> [UInt8]? {
        let digits = rest.prefix(64)
        guard digits.count == 64, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(64)
        return Array(digits)
    }
}

/// What a line says of its place in the chain, and whether its own hash fits.
struct CheckedLine: Hashable, Sendable {
    var seq: UInt64
    var prev: [UInt8]
    /// The hash that the line states.
    var stated: [UInt8]
    /// The hash that its bytes have.
    var computed: [UInt8]
    var isIntact: Bool { stated == computed }
    var link: ChainLink { ChainLink(seq: seq, hash: stated) }

    /// - Parameter line: Without its newline.
    /// - Returns: `nil` when it does not have the form of a line.
    init?(_ line: ArraySlice<UInt8>) {
        var start = LineScanner(line)
        guard line.count < EventLine.limit, start.skip(EventLine.seqStart), let seq = start.number(),
            start.rest.count >= EventLine.chainLength, start.rest.first == UInt8(ascii: ",")
        else { return nil }
        var chain = LineScanner(line.suffix(EventLine.chainLength))
        guard chain.skip(EventLine.prevStart), let prev = chain.hash(), chain.skip(EventLine.hashStart),
            let stated = chain.hash(), chain.skip(EventLine.end)
        else { return nil }
        self.seq = seq
        self.prev = prev
        self.stated = stated
        var hash = SHA256()
        hash.update(line.dropLast(EventLine.hashStart.count - 1 + 64 + EventLine.end.count))
        hash.update([UInt8(ascii: "}")])
        computed = hexDigits(hash.finish())
    }
}
