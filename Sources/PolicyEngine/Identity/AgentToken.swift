import StrictJSON
import Signatures

/// What a token says of its bearer. Times are seconds since 1970.
public struct AgentToken: Hashable, Sendable {
    public static let idLimit = 128, roleLimit = 64

    /// The agent's name.
    public var agent: String
    public var roles: [String]
    /// The servers that it is for, by name.
    public var audience: [String]
    public var issuedAt: Int64
    public var expires: Int64

    public init(agent: String, roles: [String] = [], audience: [String], issuedAt: Int64, expires: Int64) {
        self.agent = agent
        self.roles = roles
        self.audience = audience
        self.issuedAt = issuedAt
        self.expires = expires
    }

    /// Whom it proves.
    var identity: AgentIdentity { AgentIdentity(id: agent, roles: Set(roles)) }

    /// A JSON web token (RFC 7519) in the compact form.
    public func signed(with key: IssuingKey) -> String {
        let header: JSONValue = [
            "alg": .string(key.verifying.algorithm), "kid": .string(key.verifying.id), "typ": "JWT",
        ]
        let claims: JSONValue = [
            "sub": .string(agent), "roles": .strings(roles), "aud": .strings(audience), "iat": .integer(issuedAt),
            "exp": .integer(expires),
        ]
        let input = Base64.urlText(header.serialized()) + "." + Base64.urlText(claims.serialized())
        return input + "." + Base64.urlText(key.signature(of: Array(input.utf8)))
    }

    /// Names go into policies, journals and terminals: printable, without blanks at their ends, and not too long.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= idLimit && text.first != " " && text.last != " "
            && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value != 0x7f }
    }

    /// - Throws: What the claims lack.
    init(claims: JSONValue) throws(IdentityProblem) {
        guard let agent = claims["sub"]?.string, Self.isName(agent) else { throw .malformed("no usable `sub`") }
        let roles = try Self.names(claims["roles"], "roles", allowsText: false)
        guard roles.count <= Self.roleLimit else { throw .malformed("too many `roles`") }
        let audience = try Self.names(claims["aud"], "aud", allowsText: true)
        guard let issuedAt = claims["iat"]?.int64, let expires = claims["exp"]?.int64 else {
            throw .malformed("no whole numbers `iat` and `exp`")
        }
        guard issuedAt >= 0, expires > issuedAt, expires < 1 << 40 else { throw .malformed("`exp` is not after `iat`") }
        self.init(agent: agent, roles: roles, audience: audience, issuedAt: issuedAt, expires: expires)
    }

    private static func names(
        _ value: JSONValue?, _ key: String, allowsText: Bool
    ) throws(IdentityProblem) -> [String] {
        guard let value else { return [] }
        if allowsText, let one = value.string, isName(one) { return [one] }
        guard let elements = value.array else { throw .malformed("`\(key)` is no list of names") }
        let names = elements.compactMap { $0.string.flatMap { isName($0) ? $0 : nil } }
        guard names.count == elements.count else { throw .malformed("`\(key)` is no list of names") }
        return names
    }
}
