import Glibc

/// The clock of the name stub: it never jumps when somebody sets the time of day.
public enum MonotonicTime {
    /// Time since an arbitrary start, the same for all threads. Source: clock_gettime(2).
    public static func now() -> Duration {
        var time = timespec()
        // Fails only for a clock that the kernel does not know, and every kernel knows this one.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
