/// What was spent in the last hour, or day: amounts by the sixtieth of it that they were spent in.
///
/// An amount counts until its part lies wholly before the window, so for the window's length at least and a sixtieth of it longer at
/// most. No stretch of time as long as the window holds more than the limit, wherever it begins.
struct RollingTotal: Hashable, Sendable {
    static let parts: Int64 = 60

    struct Part: Hashable, Sendable {
        /// How many parts since 1970 lie before it.
        var number: Int64
        var amount: Double
    }

    /// Seconds.
    let window: Double
    /// Oldest first, each number once; ``parts`` and one at most after ``settle(now:)``.
    private(set) var spent: [Part] = []

    init(window: Double) { self.window = window }

    /// - Returns: `nil` for what no total could be.
    init?(window: Double, spent: [Part]) {
        guard window > 0, window.isFinite, spent.count <= Int(Self.parts) + 1,
            spent.allSatisfy({ $0.amount >= 0 && $0.amount.isFinite }),
            zip(spent, spent.dropFirst()).allSatisfy({ $0.number < $1.number })
        else { return nil }
        self.window = window
        self.spent = spent
    }

    /// The part that a moment lies in; all moments beyond any date are one.
    private func number(_ now: Double) -> Int64 {
        Int64(exactly: (now * Double(Self.parts) / window).rounded(.down)) ?? 0
    }

    /// - Parameter now: Seconds since 1970. What is later than that counts: the clock went back.
    func total(now: Double) -> Double {
        let oldest = number(now) - Self.parts
        return spent.reduce(0) { $1.number >= oldest ? $0 + $1.amount : $0 }
    }

    /// Forgets what is over. What was spent later than now counts from now on: a clock that went back gives nothing back, and one
    /// that was wrong for a while closes nothing for ever.
    mutating func settle(now: Double) {
        let current = number(now)
        if let last = spent.last?.number, last > current {
            let ahead = spent.reduce(0) { $1.number >= current ? $0 + $1.amount : $0 }
            spent.removeAll { $0.number >= current }
            spent.append(Part(number: current, amount: ahead))
        }
        if let first = spent.first?.number, first < current - Self.parts {
            spent.removeAll { $0.number < current - Self.parts }
        }
    }

    /// - Parameter amount: Not negative, finite.
    mutating func add(_ amount: Double, now: Double) {
        settle(now: now)
        let current = number(now)
        if spent.last?.number == current {
            spent[spent.count - 1].amount += amount
        } else {
            spent.append(Part(number: current, amount: amount))
        }
    }
}
