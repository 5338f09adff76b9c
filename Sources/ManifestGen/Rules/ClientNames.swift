/// How types are called that talk to a service: `JiraClient`, `SeqConnection`; in Go the functions that make them.
enum ClientNames {
    /// The patterns that stand for such a type.
    static let rules: Set<String> = ["elsewhere.Client", "elsewhere#Client"]
    static let languages: Set<Language> = [.java, .kotlin, .go, .rust, .python]

    /// Ends of MCP itself and of tests, and clients of language servers, say nothing of the network.
    private static let others: Set<String> = [
        "McpClient", "McpSyncClient", "McpAsyncClient", "MCPClient", "RoleClient", "LanguageClient", "TestClient",
        "MockClient", "ServerConnection", "NewMCPClient", "NewMcpClient", "NewTestClient", "NewLanguageClient",
    ]

    static func fits(_ name: String, isGo: Bool) -> Bool {
        guard name.hasSuffix("Client") || !isGo && name.hasSuffix("Connection"), name.utf8.count > 8,
            !others.contains(name), name.utf8.count > 10 || name.hasSuffix("Client")
        else { return false }
        return isGo ? name.hasPrefix("New") : (0x41...0x5A).contains(name.utf8.first!)
    }
}
