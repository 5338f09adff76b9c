import AuditTrail
import PolicyEngine
import Synchronization

/// Checks agents' tokens by the clock, each once.
final class AgentTokens: Sendable {
    private let known: Mutex<KnownTokens>

    /// - Parameter server: The name that a token has to be for.
    init(_ keys: [IdentityKey], server: String) {
        known = Mutex(KnownTokens(IdentityVerifier(keys: keys, server: server)))
    }

    func agent(_ token: String) throws(IdentityProblem) -> AgentIdentity {
        let now = Timestamp.now().microseconds / 1_000_000
        return try known.withLock { known throws(IdentityProblem) in try known.agent(token, now: now) }
    }
}
