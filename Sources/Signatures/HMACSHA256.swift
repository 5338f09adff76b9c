import CNettle
import CSodium

/// HMAC-SHA256 (RFC 2104), of Nettle.
public struct HMACSHA256: Sendable {
    /// A shorter key could be guessed from one message and its code.
    public static let shortestKey = 32
    private let key: [UInt8]

    /// A new key of 32 random bytes.
    public init() {
        key = randomBytes(32)
    }

    /// - Returns: `nil` for a key below ``shortestKey`` bytes.
    public init?(key: [UInt8]) {
        guard key.count >= Self.shortestKey else { return nil }
        self.key = key
    }

    /// - Returns: 32 bytes.
    public func code(of message: [UInt8]) -> [UInt8] {
        var context = hmac_sha256_ctx()
        var code = [UInt8](repeating: 0, count: 32)
        // The context and the arrays are our own for the length of the calls.
        unsafe nettle_hmac_sha256_set_key(&context, key.count, key)
        unsafe nettle_hmac_sha256_update(&context, message.count, message)
        unsafe ab_hmac_sha256_digest(&context, &code)
        return code
    }

    /// Whether `code` belongs to the message; how long the comparison takes says nothing about the code.
    public func isCode(_ code: [UInt8], of message: [UInt8]) -> Bool {
        isEqualInConstantTime(code, self.code(of: message))
    }

    /// A short name for the key, which tells nothing about it: the first 16 hexadecimal digits of a code made with it.
    public var id: String { String(Hex.text(code(of: Array("agentbound key id".utf8))).prefix(16)) }

    public var pem: String { PEM.text(Self.label, key) }

    public init?(pem: String) {
        guard let bytes = PEM.bytes(Self.label, pem) else { return nil }
        self.init(key: bytes)
    }

    private static let label = "AGENTBOUND HMAC-SHA256 KEY"
}

/// Whether two texts are equal, in a time that depends on their length alone.
public func isEqualInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    // Both have the length that is compared.
    guard a.count == b.count else { return false }
    return unsafe sodium_memcmp(a, b, a.count) == 0
}
