import Signatures
import StrictJSON

/// What the journal's writer and its verifier must agree on besides the line itself (``EventLine``).
enum JournalFormat {
    /// The subject and rule of events by which a writer accounts for damage that it found.
    static let recoverySubject = "journal"
    static let recoveryRule = "journal-recovery"
    /// The rule of events that tell what could not be written before them.
    static let unrecordedRule = "unrecorded"
    /// The rule of events that tell what was recorded as allowed and refused after all.
    static let refusedRule = "refused-after-all"
    /// What stands behind the session in a recovery event's line.
    static let recoveryMark = Array(
        "\"kind\":\"lifecycle\",\"subject\":\"journal\",\"decision\":\"error\",\"rule\":\"journal-recovery\"".utf8)

    /// Bytes after the last intact line: of a line that was never finished, or of lines that do not check.
    static func remainder(_ bytes: some Collection<UInt8>, isTorn: Bool) -> JSONMember {
        JSONMember(isTorn ? "torn" : "damaged", ["bytes": .integer(bytes.count), "sha256": .string(SHA256.hex(bytes))])
    }

    /// Events that had been written and are gone: the last of them.
    static func lost(_ link: ChainLink) -> JSONMember {
        JSONMember(
            "lost", ["seq": .integer(link.seq), "hash": .string(link.hash.hex)])
    }

    /// Events that the journal had lost, and has again.
    static func putBack(_ first: UInt64, _ last: UInt64) -> JSONMember {
        JSONMember("putBack", ["first": .integer(first), "last": .integer(last)])
    }
}

/// A place in the chain: an event's number and its hash (zeros before the first event).
struct ChainLink: Hashable, Sendable {
    var seq: UInt64
    var hash: SHA256.Digest
    static let start = ChainLink(seq: 0, hash: .zero)
}

/// The last event, and the journal's size with it: what shows that a tail was cut off. Kept beside the journal in
/// `NAME.head`, always the same number of bytes, so that one pwrite(2) replaces it; a ``JournalRing`` may follow it there.
struct JournalHead: Hashable, Sendable {
    static let length = 160
    var link: ChainLink
    /// Bytes.
    var size: UInt64

    var bytes: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(Self.length)
        text.append("{\"seq\":")
        text.append(decimal: link.seq)
        text.append(",\"size\":")
        text.append(decimal: size)
        text.append(",\"hash\":\"")
        link.hash.appendHex(to: &text)
        text.append("\"}")
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

    /// A whole number without sign and leading zeros, of 63 bits at most: every number has a next one.
    mutating func number() -> UInt64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, digits.count == 1 || digits.first != 0x30 else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self)).map(UInt64.init)
    }

    /// As many bytes of printable ASCII without quotes and backslashes.
    mutating func text(_ count: Int) -> String? {
        let bytes = rest.prefix(count)
        guard bytes.count == count, bytes.allSatisfy({ (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Goes past the byte at `index`.
    mutating func drop(through index: Int) { rest = rest[(index + 1)...] }

    /// 64 lower-case hexadecimal digits.
    mutating func hash() -> SHA256.Digest? {
        guard let digest = SHA256.Digest(hex: rest.prefix(64)) else { return nil }
        rest = rest.dropFirst(64)
        return digest
    }
}
