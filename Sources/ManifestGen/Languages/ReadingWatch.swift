import Glibc

/// How long one file may take. Readers look ahead, and a file that was made for it could have them look over and over again.
struct ReadingWatch {
    private let end: Int64
    private var steps = 0

    /// - Parameter nanoseconds: From now on.
    init(nanoseconds: Int64) { end = Self.now() + nanoseconds }

    /// Whether the time is up; asked at every step, it looks at the clock at every 32nd.
    mutating func isOver() -> Bool {
        steps += 1
        return steps & 31 == 0 && Self.now() > end
    }

    private static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
