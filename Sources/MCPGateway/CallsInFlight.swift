public import StrictJSON
internal import Synchronization

/// A call that the server is at work on.
public struct CallInFlight: Hashable, Sendable {
    /// The request's id: a number or a text.
    public let request: JSONValue
    public let method: String
    public let tool: String

    public init(request: JSONValue, method: String, tool: String) {
        self.request = request
        self.method = method
        self.tool = tool
    }
}

/// Which tool calls the server is at work on, for whoever writes down what it does meanwhile. Safe to use from any thread.
public final class CallsInFlight: Sendable {
    private let calls = Mutex<[CallInFlight]>([])

    public init() {}

    /// Oldest first.
    public var now: [CallInFlight] { calls.withLock { $0 } }

    func set(_ calls: [CallInFlight]) { self.calls.withLock { $0 = calls } }
}
