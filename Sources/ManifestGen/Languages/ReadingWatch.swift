import Glibc

/// How long one file may be computed on. Readers look ahead, and a file that was made for it could have them look over and over again.
///
/// What counts is the time that this thread computes: on a busy machine a file is not read to a lesser part.
struct ReadingWatch {
    private let nanoseconds: Int64
    private let begun = now(CLOCK_THREAD_CPUTIME_ID)
    private let earliest: Int64
    private var steps = 0

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
        earliest = Self.now(CLOCK_MONOTONIC) + nanoseconds
    }

    /// Whether the time is up; asked at every step, it looks at a clock at every 32nd. The one on the wall costs no
    /// system call (vdso(7)) and runs at least as fast, so the thread's own is asked only when that one is over.
    mutating func isOver() -> Bool {
        steps += 1
        return steps & 31 == 0 && Self.now(CLOCK_MONOTONIC) > earliest
            && Self.now(CLOCK_THREAD_CPUTIME_ID) - begun > nanoseconds
    }

    private static func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
