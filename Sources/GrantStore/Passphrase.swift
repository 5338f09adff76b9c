import Signatures

/// From a passphrase to a key that signs: PBKDF2 makes it slow to guess, and what is kept is a public key, so that the store holds
/// nothing that could approve a call.
public struct PassphraseKey: Hashable, Sendable {
    /// What OWASP's password storage sheet asks for with HMAC-SHA256 (2023).
    public static let leastRounds = 600_000
    public static let shortestPassphrase = 8

    public let salt: [UInt8]
    public let rounds: Int
    /// Ed25519, 32 bytes.
    public let publicKey: [UInt8]

    /// A new salt for a new passphrase.
    public init(_ passphrase: [UInt8], rounds: Int = leastRounds) {
        salt = randomBytes(16)
        self.rounds = max(1, rounds)
        publicKey = ApprovalSigner(passphrase, salt: salt, rounds: self.rounds).publicKey
    }

    init(salt: [UInt8], rounds: Int, publicKey: [UInt8]) {
        self.salt = salt
        self.rounds = rounds
        self.publicKey = publicKey
    }

    /// - Returns: `nil` when it is another passphrase.
    func signer(_ passphrase: [UInt8]) -> ApprovalSigner? {
        let signer = ApprovalSigner(passphrase, salt: salt, rounds: rounds)
        return isEqualInConstantTime(signer.publicKey, publicKey) ? signer : nil
    }

    /// Whether the passphrase's owner signed the text.
    func isSignature(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        Ed25519.VerifyingKey(bytes: publicKey)?.isSignature(signature, of: text) ?? false
    }
}

/// The passphrase's key while it is used. Never written anywhere.
public struct ApprovalSigner: Sendable {
    private let key: Ed25519.SigningKey
    var publicKey: [UInt8] { key.publicKey.bytes }

    init(_ passphrase: [UInt8], salt: [UInt8], rounds: Int) {
        // As many bytes as a seed has.
        key = Ed25519.SigningKey(seed: pbkdf2(passphrase, salt: salt, rounds: rounds))!
    }

    func sign(_ text: [UInt8]) -> [UInt8] { key.signature(of: text) }
}
