/// The methods of both protocol eras that a gateway knows.
public enum MCPMethod {
    /// The one that policies are mostly about.
    public static let callTool = "tools/call"
}
