import Signatures
import StrictJSON

/// Why a token proves nothing.
public enum IdentityProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    /// No key of this name, or a scheme that is not the key's.
    case unknownKey, wrongScheme
    case badSignature
    case expired, fromTheFuture, tooOld
    /// It is for other servers.
    case wrongAudience

    public var description: String {
        switch self {
        // No colon after the word: what follows one is taken for a secret where it is recorded.
        case .malformed(let what): "not a usable token, \(what)"
        case .unknownKey: "signed with a key that is not known here"
        case .wrongScheme: "its scheme is not the key's"
        case .badSignature: "the signature does not fit"
        case .expired: "expired"
        case .fromTheFuture: "issued in the future"
        case .tooOld: "issued too long ago"
        case .wrongAudience: "issued for another server"
        }
    }
}

/// Turns a token into who it proves. A value without clock and files: the caller brings both.
public struct IdentityVerifier: Sendable {
    public static let tokenLimit = 8_192

    private let keys: [IdentityKey]
    private let server: String
    private let maximumAge: Int64
    private let skew: Int64
    private let acceptsGateTokens: Bool

    /// - Parameters:
    ///   - server: The name that a token's audience must hold.
    ///   - maximumAge: Seconds since a token was issued, whatever expiry it states.
    ///   - skew: Seconds by which clocks may differ.
    ///   - acceptsGateTokens: Whether mcp-gate's tokens count, too. They name no server and no expiry: an hour is theirs.
    public init(
        keys: [IdentityKey], server: String, maximumAge: Int64 = 86_400, skew: Int64 = 60,
        acceptsGateTokens: Bool = false
    ) {
        self.keys = keys
        self.server = server
        self.maximumAge = maximumAge
        self.skew = skew
        self.acceptsGateTokens = acceptsGateTokens
    }

    /// - Parameter now: Seconds since 1970.
    /// - Throws: Why the token proves nothing. Then the caller is anonymous, or refused; never half of either.
    public func verify(_ token: String, now: Int64) throws(IdentityProblem) -> AgentIdentity {
        try read(token, now: now).identity
    }

    /// The same, with all that the token says.
    public func read(_ token: String, now: Int64) throws(IdentityProblem) -> AgentToken {
        guard token.utf8.count <= Self.tokenLimit else { throw .malformed("too long") }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("not three parts") }
        if acceptsGateTokens, ["ed25519", "hmac-sha256"].contains(parts[1]) {
            return try readGate(payload: parts[0], scheme: parts[1], signature: parts[2], now: now)
        }
        let key = try key(for: object(parts[0]))
        guard let signature = Base64.urlBytes(parts[2]) else { throw .malformed("the signature is no base64url") }
        guard key.isSignature(signature, of: Array("\(parts[0]).\(parts[1])".utf8)) else { throw .badSignature }
        // Nothing of what is said is looked at before it is known who said it.
        let claims = try object(parts[1])
        let agent = try AgentToken(claims: claims)
        if let start = claims["nbf"] {
            guard let start = start.int64 else { throw .malformed("`nbf` is no whole number") }
            if start > now + skew { throw .fromTheFuture }
        }
        try checkTime(agent, maximumAge, now)
        guard agent.audience.contains(server) else { throw .wrongAudience }
        return agent
    }

    /// When a token that was good stops being so: seconds since 1970.
    public func end(of token: AgentToken) -> Int64 {
        let oldest = maximumAge.addingReportingOverflow(token.issuedAt)
        let end = min(token.expires, oldest.overflow ? .max : oldest.partialValue)
        return end + min(skew, .max - end)
    }

    private func checkTime(_ token: AgentToken, _ maximumAge: Int64, _ now: Int64) throws(IdentityProblem) {
        if token.issuedAt > now + skew { throw .fromTheFuture }
        if now >= token.expires + skew { throw .expired }
        if now - token.issuedAt > maximumAge + skew { throw .tooOld }
    }

    private func object(_ part: Substring) throws(IdentityProblem) -> JSONValue {
        guard let bytes = Base64.urlBytes(part), let value = try? JSONValue(parsing: bytes), value.members != nil else {
            throw .malformed("a part is no JSON object in base64url")
        }
        return value
    }

    /// The key that a header names. What the header says of the algorithm is compared, never followed; and a header with
    /// anything that we do not know asks for something that we would not do.
    private func key(for header: JSONValue) throws(IdentityProblem) -> IdentityKey {
        let known: Set<String> = ["alg", "kid", "typ"]
        guard let members = header.members, members.allSatisfy({ known.contains($0.key) }) else {
            throw .malformed("a header that is not known")
        }
        if let type = header["typ"], type.string?.lowercased() != "jwt" { throw .malformed("another type of token") }
        let found: IdentityKey?
        if let name = header["kid"] {
            found = keys.first { .string($0.id) == name }
        } else {
            found = keys.count == 1 ? keys[0] : nil
        }
        guard let found else { throw .unknownKey }
        guard header["alg"]?.string == found.algorithm else { throw .wrongScheme }
        return found
    }

    /// `hex(JSON).scheme.hex(signature)`, the signature over the JSON's bytes.
    private func readGate(
        payload: Substring, scheme: Substring, signature: Substring, now: Int64
    ) throws(IdentityProblem) -> AgentToken {
        guard let bytes = Hex.bytes(payload), let signature = Hex.bytes(signature) else {
            throw .malformed("no digits")
        }
        let fitting = keys.filter { $0.gateScheme == scheme }
        guard !fitting.isEmpty else { throw .wrongScheme }
        guard fitting.contains(where: { $0.isSignature(signature, of: bytes) }) else { throw .badSignature }
        guard let value = try? JSONValue(parsing: bytes), case .number(let issued)? = value["issued_at"],
            issued.double >= 0, issued.double < 1e11
        else { throw .malformed("no `issued_at`") }
        let start = Int64(issued.double)
        let claims: JSONValue = .object(
            [
                value["agent_id"].map { JSONMember("sub", $0) }, value["roles"].map { JSONMember("roles", $0) },
                JSONMember("iat", .integer(start)), JSONMember("exp", .integer(start + 3_600)),
            ].compactMap(\.self))
        let agent = try AgentToken(claims: claims)
        try checkTime(agent, min(maximumAge, 3_600), now)
        return agent
    }
}
