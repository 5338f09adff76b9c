public import Foundation

/// Seconds that tests wait for what must happen. It only bounds a hang: a machine may be busy, and a shorter wait shows nothing.
public let patience: TimeInterval = 120

/// What this thread has computed for. For tests that a text costs no more than its size; a busy machine does not count.
public func processorTime() -> Duration {
    var time = timespec()
    // The buffer is a local variable, of the type that the call fills.
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}

/// What `work` computes for on this thread.
public func processorTime(of work: () throws -> Void) rethrows -> Duration {
    let before = processorTime()
    try work()
    return processorTime() - before
}
