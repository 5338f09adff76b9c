import Glibc

/// Waits for descriptors. Falling asleep and being woken takes some 40 µs on a virtual machine, four times for each call
/// that a gateway passes on. So where what is waited for has lately come sooner than that, it is looked for again and
/// again for as long, and the processor is left to whoever else wants it; otherwise the thread just sleeps.
struct PromptWait {
    /// Nanoseconds, about those of a sleep with its waking.
    private static let limit: Int64 = 60_000
    /// How long the last waits took, in nanoseconds; the newest counts for a quarter.
    private(set) var usual: Int64 = limit
    private let now: () -> Int64

    init(now: @escaping () -> Int64 = PromptWait.monotonic) { self.now = now }

    /// Whether the next wait begins with looking.
    var isProbablyShort: Bool { usual < Self.limit }

    /// As poll(2), without an end.
    mutating func callAsFunction(_ entries: inout [pollfd]) {
        let begun = now()
        var time = begun
        var found = false
        while !found, isProbablyShort, time - begun < Self.limit {
            // The array holds as many entries as the call is told of.
            found = unsafe poll(&entries, nfds_t(entries.count), 0) != 0
            if !found { sched_yield() }
            time = now()
        }
        if !found {
            unsafe poll(&entries, nfds_t(entries.count), -1)
            time = now()
        }
        // One long wait is no reason to sleep through the next ones, many are.
        usual += (min(time - begun, 4 * Self.limit) - usual) / 4
    }

    private static func monotonic() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
