public import StrictJSON

/// One call of a tool, or another request that a gateway decided, as the journal keeps it: kind `tool`, subject `server.tool`;
/// of what names no tool `server method`.
/// What the arguments were is kept as a digest only.
public struct ToolEvent: Hashable, Sendable {
    public var method: String
    public var server: String
    /// A tool's name, a resource's URI, a prompt's name; may be empty.
    public var tool: String
    /// Who asked, as far as it was proven.
    public var agent: String
    public var decision: AuditEvent.Decision
    /// The policy's own word, where it is finer than the decision: `approve`, `redact`.
    public var effect: String?
    /// What decided, as a stable word: layer and rule.
    public var rule: String
    public var reason: String
    /// SHA-256 of the arguments, as 64 hexadecimal digits.
    public var arguments: String?
    /// The request's id, a number or a text.
    public var request: JSONValue?
    /// What the threat scanner made of it.
    public var threat: Int?
    /// How long the answer took, once it came.
    public var microseconds: Int?
    /// What else is worth keeping.
    public var more: [JSONMember] = []

    /// What the reason of a question to a person begins with. What becomes of it is an event of its own.
    public static let asked = "asked: "

    public init(
        method: String = "tools/call", server: String, tool: String, agent: String = "anonymous",
        decision: AuditEvent.Decision, effect: String? = nil, rule: String, reason: String
    ) {
        self.method = method
        self.server = server
        self.tool = tool
        self.agent = agent
        self.decision = decision
        self.effect = effect
        self.rule = rule
        self.reason = reason
    }
}

extension AuditEvent {
    public init(_ call: ToolEvent) {
        var detail: [JSONMember] = [
            .init("method", .string(call.method)), .init("server", .string(call.server)),
            .init("tool", .string(call.tool)), .init("agent", .string(call.agent)),
        ]
        if let effect = call.effect { detail.append(.init("effect", .string(effect))) }
        if let request = call.request { detail.append(.init("request", request)) }
        if let arguments = call.arguments { detail.append(.init("arguments", .string(arguments))) }
        if let threat = call.threat { detail.append(.init("threat", .integer(threat))) }
        if let time = call.microseconds { detail.append(.init("microseconds", .integer(time))) }
        detail += call.more
        var subject = call.server
        subject += call.tool.isEmpty ? " " : "."
        subject += call.tool.isEmpty ? call.method : call.tool
        self.init(.tool, subject, call.decision, rule: call.rule, reason: call.reason, detail: detail)
    }

    /// The same event, with the tool calls that were in flight when it happened: `{"request": 7, "tool": "fetch"}`. More than one
    /// may be; then any of them may have caused it.
    public func during(_ calls: [(request: JSONValue, tool: String)]) -> AuditEvent {
        guard !calls.isEmpty else { return self }
        var event = self
        let told = calls.prefix(8).map { call -> JSONValue in ["request": call.request, "tool": .string(call.tool)] }
        event.detail.append(.init("call", told.count == 1 ? told[0] : .array(told)))
        return event
    }
}
