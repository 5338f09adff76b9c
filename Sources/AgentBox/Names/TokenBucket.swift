/// Lets a steady rate pass, and short bursts above it.
struct TokenBucket {
    let perSecond: Double
    let burst: Double
    private var tokens: Double
    private var updated: Duration?

    init(perSecond: Double, burst: Double) {
        (self.perSecond, self.burst) = (perSecond, burst)
        tokens = burst
    }

    /// - Returns: Whether there was a token; it is then used up.
    mutating func take(now: Duration) -> Bool {
        let since = updated ?? now
        if now > since { tokens = min(burst, tokens + (now - since) / .seconds(1) * perSecond) }
        updated = max(since, now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
