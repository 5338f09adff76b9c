import Glibc

/// Seconds of processor time that this thread had.
func cpuSeconds() -> Double {
    var time = timespec()
    // The structure is ours for the length of the call.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
