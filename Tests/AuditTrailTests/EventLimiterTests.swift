import Testing

@testable import AuditTrail

@Suite struct EventLimiterTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("The first pass, the rest is counted and told with the next that passes")
    func burst() {
        var limiter = EventLimiter<String>(burst: 2, perSecond: 1)
        #expect(limiter.admit("a", at: 5) == .pass(suppressed: 0))
        #expect(limiter.admit("a", at: 5) == .pass(suppressed: 0))
        for _ in 0..<1_000_000 { _ = limiter.admit("a", at: 6) }
        #expect(limiter.admit("b", at: 6) == .pass(suppressed: 0))  // another key is not affected
        #expect(limiter.admit("a", at: 6 + Self.second) == .pass(suppressed: 1_000_000))
        #expect(limiter.admit("a", at: 6 + Self.second) == .suppress)
        #expect(limiter.drain().map(\.suppressed) == [1])
        #expect(limiter.drain().isEmpty)
    }

    @Test("A clock that stands still or goes back gives nothing away")
    func oddClock() {
        var limiter = EventLimiter<Int>(burst: 1, perSecond: 1000)
        #expect(limiter.admit(1, at: 10 * Self.second) == .pass(suppressed: 0))
        #expect(limiter.admit(1, at: 0) == .suppress)
        #expect(limiter.admit(1, at: 10 * Self.second) == .suppress)
    }

    @Test("Keys beyond the capacity share one bucket, so inventing keys gains nothing")
    func manyKeys() {
        var limiter = EventLimiter<Int>(burst: 3, perSecond: 0, capacity: 2)
        let passed = (0..<1000).filter { limiter.admit($0, at: 1) != .suppress }
        #expect(passed == [0, 1, 2, 3, 4])
        #expect(limiter.drain().contains { $0.key == nil && $0.suppressed == 995 })
    }

    @Test("After a long silence no more than the burst passes")
    func refill() {
        var limiter = EventLimiter<Int>(burst: 2, perSecond: 10)
        _ = limiter.admit(1, at: 0)
        let passed = (0..<10).filter { _ in limiter.admit(1, at: 1000 * Self.second) != .suppress }
        #expect(passed.count == 2)
    }
}
