/// What is known about one permission. `permissions`, `inspect`, consent, the JSON Schema, the help and the docs all read it
/// from here.
public struct PermissionFacts: Hashable, Sendable {
    /// What a server with it may do, in a few words.
    public let summary: String
    /// Which layers of the box hold it, or that none can.
    public let heldBy: String
    /// The scopes that narrow it.
    public let scopes: [ScopeKey]
    /// What comes with it that nothing can keep back, as a person is told before they agree; `nil` where there is no such thing.
    public let whole: String?

    init(summary: String, heldBy: String, scopes: [ScopeKey], whole: String? = nil) {
        self.summary = summary
        self.heldBy = heldBy
        self.scopes = scopes
        self.whole = whole
    }

    fileprivate static let display =
        "a display knows no halves: whoever may use the clipboard may also see the screen, and with X11 read every key that is typed and type into any window, which is a way out of the box; with Wayland the compositor decides how much of that"
    fileprivate static let sound =
        "a sound server knows no halves: whoever may record may also play, hear what others play and, with PipeWire, use cameras; PulseAudio loads modules for its clients, which is a way out of the box. With --device there is no sound server, and only that device"
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
                scopes: [],
                whole: "every process of the same user is in reach, to be seen and signalled")
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
            PermissionFacts(
                summary: "use Bluetooth", heldBy: "seccomp (AF_BLUETOOTH)", scopes: [.devices],
                whole: "every Bluetooth device in reach of this machine")
        case .camera:
            PermissionFacts(
                summary: "use the camera", heldBy: "Landlock (device nodes)", scopes: [.devices])
        case .microphone:
            PermissionFacts(
                summary: "record sound", heldBy: "Landlock (device nodes), supervisor (PipeWire, PulseAudio)",
                scopes: [.devices], whole: PermissionFacts.sound)
        case .speaker:
            PermissionFacts(
                summary: "play sound", heldBy: "Landlock (device nodes), supervisor (PipeWire, PulseAudio)",
                scopes: [.devices], whole: PermissionFacts.sound)
        case .screenCapture:
            PermissionFacts(
                summary: "see the screen", heldBy: "supervisor (X11 and Wayland sockets)", scopes: [],
                whole: PermissionFacts.display)
        case .location:
            PermissionFacts(
                summary: "ask where the machine is",
                heldBy: "supervisor (bus sockets), xdg-dbus-proxy (GeoClue and the location portal alone)", scopes: [],
                whole: "how exact an answer is, the location service decides")
        case .notifications:
            PermissionFacts(
                summary: "show notifications",
                heldBy: "supervisor (bus sockets), xdg-dbus-proxy (org.freedesktop.Notifications alone)", scopes: [],
                whole: "a notification may look like another program's, and take the place of one")
        case .clipboardRead:
            PermissionFacts(
                summary: "read the clipboard", heldBy: "supervisor (X11 and Wayland sockets)", scopes: [],
                whole: PermissionFacts.display)
        case .clipboardWrite:
            PermissionFacts(
                summary: "change the clipboard", heldBy: "supervisor (X11 and Wayland sockets)", scopes: [],
                whole: PermissionFacts.display)
        }
    }
}
