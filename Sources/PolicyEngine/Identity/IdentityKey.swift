public import Signatures

/// What tokens are checked with. The scheme belongs to the key: a token does not choose it.
public enum IdentityKey: Sendable {
    case ed25519(Ed25519.VerifyingKey)
    case hmacSHA256(HMACSHA256)

    /// - Parameter pem: A public Ed25519 key, or an HMAC-SHA256 key as `agentbound identity keygen` writes it.
    /// - Returns: `nil` for anything else; also for a private Ed25519 key, which has no place at a gateway.
    public init?(pem: String) {
        if let key = Ed25519.VerifyingKey(pem: pem) {
            self = .ed25519(key)
        } else if let key = HMACSHA256(pem: pem) {
            self = .hmacSHA256(key)
        } else {
            return nil
        }
    }

    public var id: String {
        switch self {
        case .ed25519(let key): key.id
        case .hmacSHA256(let key): key.id
        }
    }

    /// Its name in JSON web tokens. RFC 7518 and 8037
    var algorithm: String {
        switch self {
        case .ed25519: "EdDSA"
        case .hmacSHA256: "HS256"
        }
    }

    /// Its name in mcp-gate's tokens.
    var gateScheme: String {
        switch self {
        case .ed25519: "ed25519"
        case .hmacSHA256: "hmac-sha256"
        }
    }

    func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key): key.isSignature(signature, of: message)
        case .hmacSHA256(let key): key.isCode(signature, of: message)
        }
    }
}

/// What tokens are made with.
public enum IssuingKey: Sendable {
    case ed25519(Ed25519.SigningKey)
    case hmacSHA256(HMACSHA256)

    public init?(pem: String) {
        if let key = Ed25519.SigningKey(pem: pem) {
            self = .ed25519(key)
        } else if let key = HMACSHA256(pem: pem) {
            self = .hmacSHA256(key)
        } else {
            return nil
        }
    }

    public var pem: String {
        switch self {
        case .ed25519(let key): key.pem
        case .hmacSHA256(let key): key.pem
        }
    }

    /// What the gateway needs.
    public var verifying: IdentityKey {
        switch self {
        case .ed25519(let key): .ed25519(key.publicKey)
        case .hmacSHA256(let key): .hmacSHA256(key)
        }
    }

    func signature(of message: [UInt8]) -> [UInt8] {
        switch self {
        case .ed25519(let key): key.signature(of: message)
        case .hmacSHA256(let key): key.code(of: message)
        }
    }
}
