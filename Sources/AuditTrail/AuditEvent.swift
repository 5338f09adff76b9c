public import StrictJSON

/// One thing that was decided, as a launcher reports it. The writer adds number, time, session and the chain.
/// Values may hold untrusted text of any length: the writer redacts, escapes and bounds them.
public struct AuditEvent: Hashable, Sendable {
    /// What the event is about.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Something the box decided: a file, a host, a program.
        case box
        /// A tool call that the gateway decided.
        case tool
        /// What a person agreed to.
        case consent
        /// Starts, ends, and what the journal says of itself.
        case lifecycle
    }

    public enum Decision: String, CaseIterable, Hashable, Sendable {
        case allow, deny
        /// Nothing was decided: a fact.
        case info
        /// Something went wrong. What it was meant to hold was refused, unless the reason says that it passed.
        case error
    }

    public var kind: Kind
    /// What was asked for: a path, `host:port`, a command line, a tool's name.
    public var subject: String
    public var decision: Decision
    /// The rule or call that decided, as a stable word: `network.client`, `connect`.
    public var rule: String
    /// Why, in words for people.
    public var reason: String
    /// Facts for machines, in the order given. A key that stands twice is written once.
    public var detail: [JSONMember]

    public init(
        _ kind: Kind, _ subject: String, _ decision: Decision, rule: String, reason: String, detail: [JSONMember] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.decision = decision
        self.rule = rule
        self.reason = reason
        self.detail = detail
    }
}
