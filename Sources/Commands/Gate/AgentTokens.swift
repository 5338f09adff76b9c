import AuditTrail
import PolicyEngine
import Synchronization

/// Checks agents' tokens by the clock, each once.
final class AgentTokens: Sendable {
    private let known: Mutex<KnownTokens>

    /// A day.
    static let maximumAge: Int64 = 86_400

    /// - Parameters:
    ///   - server: The name that a token has to be for.
    ///   - maximumAge: Seconds since it was issued.
    ///   - acceptsGateTokens: Whether mcp-gate's count, too.
    init(_ keys: [IdentityKey], server: String, maximumAge: Int64, acceptsGateTokens: Bool) {
        known = Mutex(
            KnownTokens(
                IdentityVerifier(
                    keys: keys, server: server, maximumAge: maximumAge, acceptsGateTokens: acceptsGateTokens)))
    }

    func agent(_ token: String) throws(IdentityProblem) -> AgentIdentity {
        let now = Timestamp.now().microseconds / 1_000_000
        return try known.withLock { known throws(IdentityProblem) in try known.agent(token, now: now) }
    }
}
