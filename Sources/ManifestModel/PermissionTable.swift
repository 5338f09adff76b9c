/// What is known about one permission. `permissions`, the JSON Schema, the help and the docs all read it from here.
public struct PermissionFacts: Hashable, Sendable {
    /// What a server with it may do, in a few words.
    public let summary: String
    /// Which layers of the box hold it, or that none can.
    public let heldBy: String
    /// The scopes that narrow it.
    public let scopes: [ScopeKey]
}

extension Permission {
    /// The permission's row of the table.
    public var facts: PermissionFacts {
        switch self {
        case .filesystemRead:
            PermissionFacts(
                summary: "read files and list folders", heldBy: "Landlock, namespaces",
                scopes: [.readPaths, .denyPaths])
        case .filesystemWrite:
            PermissionFacts(
                summary: "create, change and atomically replace files", heldBy: "Landlock, supervisor",
                scopes: [.writePaths, .denyPaths])
        case .filesystemDelete:
            PermissionFacts(
                summary: "remove or move away files that existed before the start", heldBy: "Landlock, supervisor",
                scopes: [.deletePaths, .denyPaths])
        case .environmentRead:
            PermissionFacts(
                summary: "see environment variables beyond the base set", heldBy: "the environment it is started with",
                scopes: [.envVars])
        case .environmentWrite:
            PermissionFacts(
                summary: "change its own environment",
                heldBy: "nothing: it happens inside the process and reaches nobody else",
                scopes: [])
        case .exec:
            PermissionFacts(
                summary: "start other programs", heldBy: "Landlock, tracer; supervisor when not granted",
                scopes: [.allowedCommands])
        case .process:
            PermissionFacts(
                summary: "see and signal processes outside of the box", heldBy: "pid namespace, Landlock, seccomp",
                scopes: [])
        case .networkClient:
            PermissionFacts(
                summary: "connect to other hosts and look up their names",
                heldBy: "Landlock, supervisor, DNS stub, network namespace",
                scopes: [.allowedHosts, .deniedHosts, .allowedSockets, .dns])
        case .networkServer:
            PermissionFacts(
                summary: "listen for connections", heldBy: "Landlock, supervisor, network namespace",
                scopes: [.listenPorts])
        case .bluetooth:
            PermissionFacts(summary: "use Bluetooth", heldBy: "seccomp (AF_BLUETOOTH)", scopes: [.devices])
        case .camera:
            PermissionFacts(
                summary: "use the camera", heldBy: "Landlock (device nodes), supervisor (PipeWire)", scopes: [.devices])
        case .microphone:
            PermissionFacts(
                summary: "record sound", heldBy: "Landlock (device nodes), supervisor (PipeWire, PulseAudio)",
                scopes: [.devices])
        case .speaker:
            PermissionFacts(
                summary: "play sound", heldBy: "Landlock (device nodes), supervisor (PipeWire, PulseAudio)",
                scopes: [.devices])
        case .screenCapture:
            PermissionFacts(
                summary: "see the screen", heldBy: "supervisor (X11 and Wayland sockets, all or nothing)", scopes: [])
        case .location:
            PermissionFacts(
                summary: "ask where the machine is", heldBy: "supervisor (session bus by proxy)", scopes: [])
        case .notifications:
            PermissionFacts(summary: "show notifications", heldBy: "supervisor (session bus by proxy)", scopes: [])
        case .clipboardRead:
            PermissionFacts(
                summary: "read the clipboard", heldBy: "supervisor (X11 and Wayland sockets, all or nothing)",
                scopes: [])
        case .clipboardWrite:
            PermissionFacts(
                summary: "change the clipboard", heldBy: "supervisor (X11 and Wayland sockets, all or nothing)",
                scopes: [])
        }
    }
}
