import CSodium

/// Ed25519 (RFC 8032), of libsodium: keys as PEM, as OpenSSL writes and reads them.
public enum Ed25519 {
    public static let signatureLength = 64

    /// The private half. Not printable on purpose.
    public struct SigningKey: Sendable {
        /// 32 bytes.
        private let seed: [UInt8]
        /// The seed and the public key, 64 bytes: what libsodium signs with.
        private let secret: [UInt8]
        public let publicKey: VerifyingKey

        /// A new key, of the system's random bytes.
        public init() {
            self.init(seed: randomBytes(32))!
        }

        /// - Parameter seed: 32 bytes; `nil` for any other number.
        public init?(seed: [UInt8]) {
            guard seed.count == 32 else { return nil }
            var secret = [UInt8](repeating: 0, count: 64)
            var key = [UInt8](repeating: 0, count: 32)
            // The arrays have the lengths that libsodium states for them.
            guard unsafe crypto_sign_seed_keypair(&key, &secret, seed) == 0 else { return nil }
            self.seed = seed
            self.secret = secret
            publicKey = VerifyingKey(bytes: key)!
        }

        /// - Returns: 64 bytes.
        public func signature(of message: [UInt8]) -> [UInt8] {
            var signature = [UInt8](repeating: 0, count: signatureLength)
            // As above; signing with a valid key cannot fail.
            _ = unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
            return signature
        }

        /// PKCS #8, as `openssl genpkey -algorithm ed25519` writes it.
        public var pem: String { PEM.text("PRIVATE KEY", privatePrefix + seed) }

        public init?(pem: String) {
            guard let bytes = PEM.bytes("PRIVATE KEY", pem), bytes.starts(with: privatePrefix) else { return nil }
            self.init(seed: Array(bytes.dropFirst(privatePrefix.count)))
        }
    }

    /// The public half.
    public struct VerifyingKey: Hashable, Sendable {
        /// 32 bytes.
        public let bytes: [UInt8]

        public init?(bytes: [UInt8]) {
            guard bytes.count == 32 else { return nil }
            self.bytes = bytes
        }

        /// Whether the private half signed the message. Signatures in other than their one form, and keys of small order, are refused.
        public func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
            guard signature.count == signatureLength else { return false }
            // The lengths were checked.
            return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
        }

        /// A short name for the key: the first 16 hexadecimal digits of its SHA-256.
        public var id: String { String(SHA256.hex(bytes).prefix(16)) }

        /// SubjectPublicKeyInfo, as `openssl pkey -pubout` writes it.
        public var pem: String { PEM.text("PUBLIC KEY", publicPrefix + bytes) }

        public init?(pem: String) {
            guard let bytes = PEM.bytes("PUBLIC KEY", pem), bytes.starts(with: publicPrefix) else { return nil }
            self.init(bytes: Array(bytes.dropFirst(publicPrefix.count)))
        }
    }
}

// The fixed DER before an Ed25519 key. RFC 8410, sections 4 and 7.
private let privatePrefix: [UInt8] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]
private let publicPrefix: [UInt8] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]
