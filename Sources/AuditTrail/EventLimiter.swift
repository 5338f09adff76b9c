/// Lets the first events of each key through and then a steady few, and counts the rest, so that a server that is
/// refused a million times can fill neither the disk nor a screen. A pure value: the caller brings the time.
public struct EventLimiter<Key: Hashable & Sendable>: Sendable {
    public enum Verdict: Hashable, Sendable {
        /// Report it; `suppressed` events of the same key were kept back since the last one.
        case pass(suppressed: Int)
        /// Keep it back: it is counted.
        case suppress
    }

    private struct Bucket: Sendable {
        var tokens: Double
        var filled: UInt64
        var suppressed = 0
    }

    private let burst: Double
    private let perSecond: Double
    private let capacity: Int
    private var buckets: [Key: Bucket] = [:]
    /// Keys beyond `capacity` share this one: a server that invents new subjects gains nothing by it.
    private var others: Bucket

    /// - Parameters:
    ///   - burst: How many events of one key pass at once; at least 1.
    ///   - perSecond: How many pass each second after that.
    ///   - capacity: How many keys are told apart.
    public init(burst: Int, perSecond: Double, capacity: Int = 1024) {
        self.burst = Double(max(burst, 1))
        self.perSecond = max(perSecond, 0)
        self.capacity = max(capacity, 0)
        others = Bucket(tokens: self.burst, filled: 0)
    }

    /// Decides on one event.
    /// - Parameter now: Nanoseconds of a clock that does not go back.
    public mutating func admit(_ key: Key, at now: UInt64) -> Verdict {
        if buckets[key] == nil {
            guard buckets.count < capacity else { return take(from: &others, at: now) }
            buckets[key] = Bucket(tokens: burst, filled: now)
        }
        return take(from: &buckets[key]!, at: now)
    }

    /// Hands out what was kept back and not yet told, for a closing summary; `nil` stands for the keys beyond `capacity`.
    /// In no particular order.
    public mutating func drain() -> [(key: Key?, suppressed: Int)] {
        var told: [(key: Key?, suppressed: Int)] = []
        for (key, bucket) in buckets where bucket.suppressed > 0 {
            told.append((key, bucket.suppressed))
            buckets[key]!.suppressed = 0
        }
        if others.suppressed > 0 {
            told.append((nil, others.suppressed))
            others.suppressed = 0
        }
        return told
    }

    private func take(from bucket: inout Bucket, at now: UInt64) -> Verdict {
        if now > bucket.filled {
            bucket.tokens = min(burst, bucket.tokens + Double(now - bucket.filled) / 1e9 * perSecond)
            bucket.filled = now
        }
        guard bucket.tokens >= 1 else {
            bucket.suppressed += 1
            return .suppress
        }
        bucket.tokens -= 1
        defer { bucket.suppressed = 0 }
        return .pass(suppressed: bucket.suppressed)
    }
}
