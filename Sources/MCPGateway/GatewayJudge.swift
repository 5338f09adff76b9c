public import PolicyEngine
public import StrictJSON

/// Decides about calls. Called from one thread.
///
/// The gateway knows calls and rulings, not policies: whoever starts it joins it to policy, approvals and audit trail.
public protocol GatewayJudge: Sendable {
    /// Decides everything that was read in one go.
    /// - Returns: A ruling for each, in their order. What they rest on is on record, durably, when this returns: what passes
    ///   goes on its way right after. A wrong number of rulings refuses them all.
    func judge(_ calls: [GatewayCall]) -> [GatewayRuling]

    /// Whether the call could pass; with any arguments at all where it has none. What lists are trimmed by.
    func mayPass(_ call: ToolCall) -> Bool

    /// Whether ``mayPass(_:)`` ever answers no.
    var trimsLists: Bool { get }

    /// Looks at results and errors before the client gets them; only when ``reviewsAnswers``.
    func review(_ answers: [GatewayAnswer]) -> [GatewayRuling]
    var reviewsAnswers: Bool { get }
    /// Whether something may be taken out of what the server says: then what stands beside results, errors and a notification's parameters
    /// is dropped, since nobody looks at it.
    var redactsAnswers: Bool { get }
    /// Looks at the parameters of a notification that no call stands for, such as a log message; only when ``redactsAnswers``.
    /// - Returns: What goes on in their place; `nil` when nothing is to be taken out.
    func redact(_ parameters: JSONElement) -> [UInt8]?

    /// What a person said to the question of a ruling ``GatewayRuling/ask(ticket:question:)``, through the client.
    /// - Returns: `nil` when somebody else had answered already: that ruling is on its way to ``GatewaySession/settle(ticket:_:)``.
    func answered(ticket: UInt64, accepts: Bool) -> GatewayRuling?

    /// A call that was asked about is gone: cancelled, or the client is.
    func withdrawn(ticket: UInt64)

    /// What happened that no call stands for.
    func note(_ notes: [GatewayNote])
}

extension GatewayJudge {
    public func mayPass(_ call: ToolCall) -> Bool { true }
    public var trimsLists: Bool { false }
    public func review(_ answers: [GatewayAnswer]) -> [GatewayRuling] { answers.map { _ in .pass } }
    public var reviewsAnswers: Bool { false }
    public var redactsAnswers: Bool { false }
    public func redact(_ parameters: JSONElement) -> [UInt8]? { nil }
    public func answered(ticket: UInt64, accepts: Bool) -> GatewayRuling? { .refuse("nobody was asked") }
    public func withdrawn(ticket: UInt64) {}
    public func note(_ notes: [GatewayNote]) {}
}

/// One message that is to be decided about.
public struct GatewayCall: Sendable {
    public let call: ToolCall
    /// The how-manieth judged message of this session, from 1: `tools/call #7 fetch`.
    public let number: UInt64
    public let way: GatewayWay
    /// As JSON; `nil` for a notification.
    public let id: String?
    /// The parameters as a whole.
    public let parameters: JSONElement?
}

/// One result on its way to the client.
public struct GatewayAnswer: Sendable {
    /// The method that it answers, and what was asked for; nothing when that cannot be known.
    public let method: String
    public let tool: String
    /// The number of the call; 0 for what was not judged.
    public let number: UInt64
    /// The result, or the error.
    public internal(set) var result: JSONElement
}

public enum GatewayRuling: Hashable, Sendable {
    /// Byte for byte.
    case pass
    /// With these bytes, a JSON value, instead of the call's arguments (or the answer's result).
    case rewrite([UInt8])
    /// With a text for whoever asked: why, and what would allow it.
    case refuse(String)
    /// Waits until the ruling is ``GatewaySession/settle(ticket:_:)``d. Tickets are the judge's own, each used once.
    /// - Parameter question: What the client is to ask a person where it can; `nil`: somebody else asks.
    case ask(ticket: UInt64, question: String?)
}

/// Something that went wrong on the wire, for the record and for standard error.
public struct GatewayNote: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// A line that is no message, or one that readers would not agree on.
        case malformed
        /// Longer than the limit.
        case tooLarge = "too-large"
        /// Too many calls at once, or in a second.
        case limit
        /// A response to nothing that was asked.
        case unexpected
        /// A token that proves nothing.
        case token
        /// A token where no key says whose count.
        case tokenIgnored = "token-ignored"
        /// The server ended with calls open.
        case ended
        /// Standard error that nobody read.
        case dropped
    }
    public let kind: Kind
    public let way: GatewayWay
    public let text: String

    public init(_ kind: Kind, _ way: GatewayWay, _ text: String) {
        self.kind = kind
        self.way = way
        self.text = text
    }
}
