import CSodium

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
        salt = Sodium.random(16)
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
        return Sodium.isEqual(signer.publicKey, publicKey) ? signer : nil
    }

    /// Whether the passphrase's owner signed the text.
    func isSignature(_ signature: [UInt8], of text: [UInt8]) -> Bool {
        guard signature.count == 64, publicKey.count == 32 else { return false }
        // The lengths were checked.
        return unsafe crypto_sign_verify_detached(signature, text, UInt64(text.count), publicKey) == 0
    }
}

/// The passphrase's key while it is used. Never written anywhere.
public struct ApprovalSigner: Sendable {
    private let secret: [UInt8]
    let publicKey: [UInt8]

    init(_ passphrase: [UInt8], salt: [UInt8], rounds: Int) {
        let seed = pbkdf2(passphrase, salt: salt, rounds: rounds)
        var secret = [UInt8](repeating: 0, count: 64), key = [UInt8](repeating: 0, count: 32)
        // The arrays have the lengths that libsodium states.
        _ = unsafe crypto_sign_seed_keypair(&key, &secret, seed)
        self.secret = secret
        publicKey = key
    }

    func sign(_ text: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        // As above.
        _ = unsafe crypto_sign_detached(&signature, nil, text, UInt64(text.count), secret)
        return signature
    }
}

/// PBKDF2 with HMAC-SHA256 (RFC 8018, 5.2), one block of 32 bytes. The keyed state is made once and copied for each round.
func pbkdf2(_ password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
    var keyed = crypto_auth_hmacsha256_state()
    _ = unsafe crypto_auth_hmacsha256_init(&keyed, password, password.count)
    func code(_ message: [UInt8], into output: inout [UInt8]) {
        var state = keyed
        // Output is 32 bytes, and the message as long as is said.
        _ = unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = unsafe crypto_auth_hmacsha256_final(&state, &output)
    }
    var last = [UInt8](repeating: 0, count: 32), next = last
    code(salt + [0, 0, 0, 1], into: &last)
    var sum = last
    for _ in 1..<max(1, rounds) {
        code(last, into: &next)
        swap(&last, &next)
        for index in 0..<32 { sum[index] ^= last[index] }
    }
    return sum
}
