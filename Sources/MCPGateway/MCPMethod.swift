/// One method of the protocol, in either era: what the gateway has to know of it.
///
/// Revisions up to 2025-11-25 are the legacy era (a session that opens with `initialize`), 2026-07-28 is the modern one.
public struct MCPMethod: Hashable, Sendable {
    public enum Direction: String, Sendable { case toServer, toClient, both }
    public enum Era: String, Sendable { case legacy, modern, both }
    public enum Kind: String, Sendable { case request, notification }

    /// What policies are asked about it.
    public enum Subject: String, Sendable {
        /// Nothing: it keeps the connection going, and neither acts nor reads anything by itself.
        case none
        /// The member `name` of its parameters; the arguments are `arguments`.
        case name
        /// The member `uri` of its parameters.
        case uri
        /// The method as such, with all of its parameters.
        case method
    }

    /// A list in its result, whose entries are taken out when a policy would refuse them anyway.
    public struct List: Hashable, Sendable {
        /// The result's member that holds the entries.
        public let member: String
        /// The entry's member that names it.
        public let key: String
        /// The method that an entry is for.
        public let method: String
        /// Whether its name is all that a client sends with it: a resource is asked for by its address alone.
        var namesAll: Bool { key == "uri" }
    }

    public let name: String
    public let direction: Direction
    public let era: Era
    public let kind: Kind
    public let subject: Subject
    public let list: List?

    /// The one that policies are mostly about.
    public static let callTool = "tools/call"

    private init(
        _ name: String, _ direction: Direction, _ era: Era, _ kind: Kind, _ subject: Subject = .none, list: List? = nil
    ) {
        self.name = name
        self.direction = direction
        self.era = era
        self.kind = kind
        self.subject = subject
        self.list = list
    }

    /// All that is known. What is not here, a policy decides by its name.
    public static let table: [MCPMethod] = [
        .init(callTool, .toServer, .both, .request, .name),
        .init("resources/read", .toServer, .both, .request, .uri),
        .init("prompts/get", .toServer, .both, .request, .name),
        .init("resources/subscribe", .toServer, .legacy, .request, .uri),
        .init("completion/complete", .toServer, .both, .request, .method),
        .init(
            "tools/list", .toServer, .both, .request, list: List(member: "tools", key: "name", method: callTool)),
        .init(
            "resources/list", .toServer, .both, .request,
            list: List(member: "resources", key: "uri", method: "resources/read")),
        .init(
            "prompts/list", .toServer, .both, .request,
            list: List(member: "prompts", key: "name", method: "prompts/get")),
        .init("resources/templates/list", .toServer, .both, .request),
        .init("resources/unsubscribe", .toServer, .legacy, .request),
        .init("subscriptions/listen", .toServer, .modern, .request),
        .init("initialize", .toServer, .legacy, .request),
        .init("server/discover", .toServer, .modern, .request),
        .init("logging/setLevel", .toServer, .legacy, .request),
        .init("ping", .both, .legacy, .request),
        .init("tasks/get", .both, .both, .request),
        .init("tasks/result", .both, .legacy, .request),
        .init("tasks/list", .both, .legacy, .request),
        .init("tasks/cancel", .both, .both, .request),

        .init("sampling/createMessage", .toClient, .legacy, .request, .method),
        .init("elicitation/create", .toClient, .legacy, .request, .method),
        .init("roots/list", .toClient, .legacy, .request, .method),

        .init("notifications/initialized", .toServer, .legacy, .notification),
        .init("notifications/roots/list_changed", .toServer, .legacy, .notification),
        .init("notifications/cancelled", .both, .both, .notification),
        .init("notifications/progress", .both, .both, .notification),
        .init("notifications/tasks/status", .both, .both, .notification),
        .init("notifications/message", .toClient, .both, .notification),
        .init("notifications/tools/list_changed", .toClient, .both, .notification),
        .init("notifications/resources/list_changed", .toClient, .both, .notification),
        .init("notifications/resources/updated", .toClient, .both, .notification),
        .init("notifications/prompts/list_changed", .toClient, .both, .notification),
        .init("notifications/elicitation/complete", .toClient, .legacy, .notification),
        .init("notifications/subscriptions/acknowledged", .toClient, .modern, .notification),
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    private static let bySpelling = Dictionary(
        table.map { (spelling($0.name), $0.name) }, uniquingKeysWith: { one, _ in one })

    /// What is left of a name where neither case nor punctuation counts.
    private static func spelling(_ name: String) -> [UInt8] {
        name.utf8.lazy.map { $0 | 0x20 }.filter { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// The method that a name looks like without being it. A server that takes names loosely would do what a policy for the exact
    /// name never saw.
    static func imitated(by name: String) -> String? {
        byName[name] == nil && name.utf8.count < 200 ? bySpelling[spelling(name)] : nil
    }

    /// The entry for a message, or `nil` where the table has none for that name, way and kind.
    static func find(_ name: String, _ way: GatewayWay, isRequest: Bool) -> MCPMethod? {
        guard let method = byName[name] else { return nil }
        guard (method.kind == .request) == isRequest else { return nil }
        switch method.direction {
        case .both: return method
        case .toServer: return way == .toServer ? method : nil
        case .toClient: return way == .toClient ? method : nil
        }
    }
}

/// Which way a message goes.
public enum GatewayWay: String, Hashable, Sendable { case toServer, toClient }
