import CNettle

/// SHA-256 (FIPS 180-4), of Nettle, which uses the processor's own instructions for it where there are any.
public struct SHA256: Sendable {
    /// 32 bytes.
    public struct Digest: Hashable, Sendable {
        // Four numbers instead of an array: no allocation for each.
        private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

        fileprivate init(_ hash: (UnsafeMutablePointer<UInt8>) -> Void) {
            unsafe withUnsafeMutableBytes(of: &words) { bytes in
                // 32 bytes, which is what the hash functions write.
                unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe hash($0.baseAddress!) }
            }
        }

        public static func == (a: Self, b: Self) -> Bool { a.words == b.words }

        public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

        public var bytes: [UInt8] { unsafe withUnsafeBytes(of: words) { unsafe Array($0) } }

        /// 64 lower-case hexadecimal digits.
        public var hex: String { Hex.text(bytes) }

        /// Appends the 64 lower-case hexadecimal digits, in ASCII.
        @inline(__always)
        public func appendHex(to text: inout [UInt8]) {
            unsafe withUnsafeBytes(of: words) { unsafe Hex.append($0, to: &text) }
        }

        /// - Parameter hex: Exactly 64 lower-case hexadecimal digits.
        /// - Returns: `nil` for anything else.
        public init?(hex: some Collection<UInt8>) {
            guard let bytes = hex.withContiguousStorageIfAvailable({ unsafe Digest(hexDigits: $0) }) else {
                self.init(hex: Array(hex))
                return
            }
            guard let bytes else { return nil }
            self = bytes
        }

        @inline(__always)
        public init?(hexDigits digits: UnsafeBufferPointer<UInt8>) {
            guard digits.count == 64 else { return nil }
            let isWhole = unsafe withUnsafeMutableBytes(of: &words) { unsafe Hex.read(digits, into: $0) }
            if !isWhole { return nil }
        }

        /// What stands before the first link of a chain.
        public static let zero = unsafe Digest { _ in }
    }

    private var context = sha256_ctx()

    public init() { unsafe nettle_sha256_init(&context) }

    /// The digest of `bytes`.
    public static func digest(_ bytes: some Collection<UInt8>) -> Digest {
        bytes.withContiguousStorageIfAvailable { unsafe digest(of: $0) } ?? digest(Array(bytes))
    }

    /// The digest of a buffer.
    @inline(__always)
    public static func digest(of bytes: UnsafeBufferPointer<UInt8>) -> Digest {
        var hash = SHA256()
        unsafe hash.update(buffer: bytes)
        return hash.finish()
    }

    /// The digest of `bytes` as 64 lower-case hexadecimal digits.
    public static func hex(_ bytes: some Collection<UInt8>) -> String { digest(bytes).hex }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { unsafe update(buffer: $0) }
        if isDone == nil { update(Array(bytes)) }
    }

    /// Adds one byte to what is hashed.
    public mutating func update(byte: UInt8) {
        // One byte, which outlives the call.
        unsafe withUnsafePointer(to: byte) { unsafe nettle_sha256_update(&context, 1, $0) }
    }

    /// Adds a buffer to what is hashed.
    public mutating func update(buffer: UnsafeBufferPointer<UInt8>) {
        guard let first = buffer.baseAddress else { return }
        // The buffer outlives the call.
        unsafe nettle_sha256_update(&context, buffer.count, first)
    }

    /// The digest of all that was added.
    public consuming func finish() -> Digest {
        var context = self.context
        return unsafe Digest { unsafe ab_sha256_digest(&context, $0) }
    }
}
