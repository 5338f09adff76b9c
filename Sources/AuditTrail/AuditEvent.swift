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
        /// Something went wrong, and what it was meant to hold was refused.
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
    /// Facts for machines, in the order given.
    public var detail: [AuditField]

    public init(
        _ kind: Kind, _ subject: String, _ decision: Decision, rule: String, reason: String, detail: [AuditField] = []
    ) {
        self.kind = kind
        self.subject = subject
        self.decision = decision
        self.rule = rule
        self.reason = reason
        self.detail = detail
    }
}

/// A named value of an event's `detail`.
public struct AuditField: Hashable, Sendable {
    public var name: String
    public var value: AuditValue
    public init(_ name: String, _ value: AuditValue) {
        self.name = name
        self.value = value
    }
}

/// A value of an event's `detail`. Whole numbers only: their JSON form is the same everywhere.
public indirect enum AuditValue: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    case list([AuditValue])
    case object([AuditField])
}

extension AuditValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .flag(value) }
    /// A list of texts, such as a command line.
    public static func texts(_ values: [String]) -> AuditValue { .list(values.map(AuditValue.text)) }
}
