internal import Synchronization

/// Which tool calls the server is at work on, for whoever writes down what it does meanwhile. Safe to use from any thread.
public final class CallsInFlight: Sendable {
    private let calls = Mutex<[String]>([])

    public init() {}

    /// `tools/call #7 fetch`, oldest first.
    public var now: [String] { calls.withLock { $0 } }

    func set(_ calls: [String]) { self.calls.withLock { $0 = calls } }
}
