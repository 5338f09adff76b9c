public import StrictJSON

/// One request of client or server, as tool policies see it.
public struct ToolCall: Sendable {
    /// `tools/call`, `resources/read`, `sampling/createMessage`, ...
    public var method: String
    /// The server's name: the manifest's, or the one given with `--name`.
    public var server: String
    /// What is asked for: a tool's name, a resource's URI, a prompt's name; empty where a method has no such thing.
    public var tool: String
    /// `params.arguments` of `tools/call` and `prompts/get`, all of `params` otherwise; `nil` when there is none.
    public var arguments: JSONElement?
    /// What the server says of the tool. Never trusted to widen anything.
    public var annotations: JSONValue?
    /// What the tool is good for, as the server says. Never trusted to widen anything either.
    public var description: String?
    /// The client's name for itself.
    public var client: String?
    public var agent: AgentIdentity
    public var session: String
    /// What the threat scanner made of it; `nil` before it ran.
    public var threatScore: Int?

    public init(
        method: String = "tools/call", server: String, tool: String, arguments: JSONElement? = nil,
        annotations: JSONValue? = nil, client: String? = nil, agent: AgentIdentity = .anonymous, session: String = "",
        threatScore: Int? = nil
    ) {
        self.method = method
        self.server = server
        self.tool = tool
        self.arguments = arguments
        self.annotations = annotations
        self.client = client
        self.agent = agent
        self.session = session
        self.threatScore = threatScore
    }
}

/// Who asks, as far as it was proven.
public struct AgentIdentity: Hashable, Sendable {
    public var id: String
    public var roles: Set<String>
    /// Whether a token proved it. What is only claimed stays ``anonymous``.
    public var isProven: Bool

    public init(id: String, roles: Set<String> = [], isProven: Bool = true) {
        self.id = id
        self.roles = roles
        self.isProven = isProven
    }

    /// Who it is to a policy: nobody, until it was proven.
    var judged: AgentIdentity { isProven ? self : .anonymous }

    public static let anonymous = AgentIdentity(id: "anonymous", isProven: false)
}
