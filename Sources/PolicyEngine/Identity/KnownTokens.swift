/// What tokens proved when they were last seen, so that the next request with the same one costs a look-up and no signature.
///
/// Bounded: beyond ``limit`` it starts anew. A token is looked at again when it has ended, and when the clock went back.
public struct KnownTokens: Sendable {
    public static let limit = 64

    private struct Outcome: Sendable {
        var agent: Result<AgentIdentity, IdentityProblem>
        /// Seconds since 1970: when it was found, and up to when that is so.
        var from: Int64, until: Int64
    }

    private let verifier: IdentityVerifier
    private var outcomes: [String: Outcome] = [:]
    /// Signatures that were checked.
    public private(set) var checks = 0

    public init(_ verifier: IdentityVerifier) { self.verifier = verifier }

    /// - Parameter now: Seconds since 1970.
    /// - Throws: As ``IdentityVerifier/verify(_:now:)``.
    public mutating func agent(_ token: String, now: Int64) throws(IdentityProblem) -> AgentIdentity {
        // What is too long is no key for a look-up either.
        guard token.utf8.count <= IdentityVerifier.tokenLimit else { throw .malformed("too long") }
        if let known = outcomes[token], now >= known.from, now < known.until { return try known.agent.get() }
        checks += 1
        let outcome: Outcome
        do throws(IdentityProblem) {
            let proven = try verifier.read(token, now: now)
            outcome = Outcome(agent: .success(proven.identity), from: now, until: verifier.end(of: proven))
        } catch {
            // What begins later may be good in a second; nothing else gets better with time.
            outcome = Outcome(agent: .failure(error), from: now, until: error == .fromTheFuture ? now : .max)
        }
        if outcomes.count >= Self.limit { outcomes.removeAll(keepingCapacity: true) }
        outcomes[token] = outcome
        return try outcome.agent.get()
    }
}
