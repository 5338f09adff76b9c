/// One of the 18 rights that a manifest can ask for. Source: AgentBound, arXiv 2510.21236, table of access permissions.
public enum Permission: String, CaseIterable, Hashable, Sendable, Comparable {
    case filesystemRead = "mcp.ac.filesystem.read"
    case filesystemWrite = "mcp.ac.filesystem.write"
    case filesystemDelete = "mcp.ac.filesystem.delete"
    case environmentRead = "mcp.ac.system.env.read"
    case environmentWrite = "mcp.ac.system.env.write"
    case exec = "mcp.ac.system.exec"
    case process = "mcp.ac.system.process"
    case networkClient = "mcp.ac.network.client"
    case networkServer = "mcp.ac.network.server"
    case bluetooth = "mcp.ac.network.bluetooth"
    case camera = "mcp.ac.peripheral.camera"
    case microphone = "mcp.ac.peripheral.microphone"
    case speaker = "mcp.ac.peripheral.speaker"
    case screenCapture = "mcp.ac.peripheral.screen.capture"
    case location = "mcp.ac.location"
    case notifications = "mcp.ac.notifications.post"
    case clipboardRead = "mcp.ac.clipboard.read"
    case clipboardWrite = "mcp.ac.clipboard.write"

    /// The name without its `mcp.ac.` prefix, as messages write it: `filesystem.read`.
    public var shortName: String { String(rawValue.dropFirst("mcp.ac.".count)) }

    /// In the order of the vocabulary.
    public static func < (a: Permission, b: Permission) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
}
