public import Signatures

/// A place in the journal that was signed: the event with this number had this hash, and the journal was this long.
///
/// One line of `NAME.signed`, in one form:
///
///     {"seq":1,"size":400,"hash":"…","time":"…","key":"…","signature":"…"}
///
/// The signature (Ed25519) is over ``context`` and the line without `,"signature":"…"`: the bytes before it and the closing brace.
public struct SignedHead: Hashable, Sendable {
    /// Before every text that is signed here, so that no signature made for anything else fits.
    static let context = Array("agentbound audit head 1\n".utf8)
    static let limit = 512

    public let seq: UInt64
    /// Bytes of the journal, this event included.
    public let size: UInt64
    public let hash: SHA256.Digest
    /// RFC 3339.
    public let time: String
    /// Which key signed: ``Ed25519/VerifyingKey/id``.
    public let key: String
    let signature: [UInt8]

    init(link: ChainLink, size: UInt64, time: Timestamp, key: Ed25519.SigningKey) {
        seq = link.seq
        self.size = size
        hash = link.hash
        self.time = time.description
        self.key = key.publicKey.id
        signature = key.signature(
            of: Self.message(seq: link.seq, size: size, hash: link.hash, time: self.time, key: self.key))
    }

    /// The whole line, with its newline.
    public var line: [UInt8] {
        var line = Self.text(seq: seq, size: size, hash: hash, time: time, key: key)
        line.append(",\"signature\":\"")
        Hex.append(signature, to: &line)
        line.append("\"}\n")
        return line
    }

    /// - Parameter line: With or without its newline.
    /// - Returns: `nil` when it is not exactly what ``line`` writes. Nothing is said about the signature.
    public init?(line: some Collection<UInt8>) {
        var bytes = Array(line.prefix(Self.limit))
        if bytes.last != 0x0a { bytes.append(0x0a) }
        var fields = LineScanner(bytes[...])
        guard fields.skip(EventLine.seqStart), let seq = fields.number(), fields.skip(Array(",\"size\":".utf8)),
            let size = fields.number(), fields.skip(Array(",\"hash\":\"".utf8)), let hash = fields.hash(),
            fields.skip(Array("\",\"time\":\"".utf8)), let time = fields.text(27),
            fields.skip(Array("\",\"key\":\"".utf8)), let key = fields.text(16),
            fields.skip(Array("\",\"signature\":\"".utf8)), let digits = fields.text(128),
            let signature = Hex.bytes(digits)
        else { return nil }
        self.seq = seq
        self.size = size
        self.hash = hash
        self.time = time
        self.key = key
        self.signature = signature
        if self.line != bytes { return nil }
    }

    public func isSigned(by key: Ed25519.VerifyingKey) -> Bool {
        key.isSignature(
            signature, of: Self.message(seq: seq, size: size, hash: hash, time: time, key: self.key))
    }

    private static func message(seq: UInt64, size: UInt64, hash: SHA256.Digest, time: String, key: String) -> [UInt8] {
        var text = context + Self.text(seq: seq, size: size, hash: hash, time: time, key: key)
        text.append("}")
        return text
    }

    private static func text(seq: UInt64, size: UInt64, hash: SHA256.Digest, time: String, key: String) -> [UInt8] {
        var text: [UInt8] = []
        text.append("{\"seq\":")
        text.append(decimal: seq)
        text.append(",\"size\":")
        text.append(decimal: size)
        text.append(",\"hash\":\"")
        hash.appendHex(to: &text)
        text.append("\",\"time\":\"")
        text += Array(time.utf8)
        text.append("\",\"key\":\"")
        text += Array(key.utf8)
        text.append("\"")
        return text
    }
}
