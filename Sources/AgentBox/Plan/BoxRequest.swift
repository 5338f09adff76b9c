public import LinuxSystem
public import PolicyEngine
public import SystemPackage

/// How a box is separated from the rest of the machine.
public enum Isolation: String, Hashable, Sendable, CaseIterable {
    /// Mounts, processes, network and IPC of its own: what is not granted is hidden as well as refused.
    case namespaces
    /// Landlock, filter and supervisor alone: what is not granted is refused, some of it stays visible.
    case plain
}

/// What the operator chose besides permissions.
public struct BoxOptions: Hashable, Sendable {
    /// Report refused files too, at the cost of a notification for each open.
    public var explainFiles = false
    /// Ids to run as; only root can change them.
    public var user: UserIdentity?
    /// What becomes the server's standard streams; `nil`: it has the launcher's.
    public var streams: ChildStreams?
    /// Layers that a test switches off, to prove that other tests rest on them. Never set by a command.
    public var withoutLayers: Set<BoxLayer> = []
    public init() {}
}

/// The layers of a box, as records and tests name them.
public enum BoxLayer: String, Hashable, Sendable, CaseIterable {
    case landlock, filter, supervisor, tracer, namespaces
    /// Giving up capabilities, groups and what set-id programs could gain.
    case capabilities
    /// Keeping back the launcher's variables.
    case environment
    /// Closing what the client left open.
    case descriptors
    case limits
}

/// What the plan needs to know of this machine, gathered before it is made.
public struct HostFacts: Hashable, Sendable {
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    /// Whether namespaces can be made without a user namespace (CAP_SYS_ADMIN).
    public var isPrivileged = false
    /// Where the server starts.
    public var directory: FilePath = "/"
    public var home: FilePath = "/"
    /// The box's own folder for temporary files, on the host.
    public var scratch: FilePath = "/tmp"
    /// A folder that nothing granted comes from: the box's root is built over it, out of sight of the host.
    public var spareFolder: FilePath = "/mnt"
    /// The box's own runtime files: small texts that take the place of the host's.
    public var accounts = Accounts()
    /// Whether pseudo-terminals can be had: /dev/ptmx is there.
    public var hasTerminals = false
    /// Whether the host has an IPv6 address that is not loopback.
    public var hasIPv6 = false
    /// Which file each granted path was when it was resolved.
    public var identities: [FilePath: FileIdentity] = [:]
    /// The links by which granted paths were named.
    public var links: [SymbolicLink] = []
    /// Paths that are not folders, among those that the plan mounts.
    public var files: Set<FilePath> = []
    /// What exists of the denied and protected paths inside grants, with its access.
    public var denied: [DeniedEntry] = []
    /// Grants, or folders in them, that were not searched for such paths to their end.
    public var unsearched: [FilePath] = []
    /// Where a control group for the box can be made; looked for only where a limit asks for it.
    public var groupParent: FilePath?
    public var kernel: KernelFeatures

    public struct Accounts: Hashable, Sendable {
        public var passwd = ""
        public var group = ""
        public init() {}
    }
    public struct DeniedEntry: Hashable, Sendable {
        public var path: FilePath
        public var isFolder: Bool
        public var rule: DeniedPath
        /// Whether it was found because a denied name is a link to it.
        public var isBehindLink: Bool
        /// Whether the supervisor alone closes it, without a mount over it: a link on the way, a name that is no text,
        /// or something inside it was named and stays open.
        public var isUncovered: Bool
        public init(
            path: FilePath, isFolder: Bool, rule: DeniedPath, isBehindLink: Bool = false, isUncovered: Bool = false
        ) {
            self.path = path
            self.isFolder = isFolder
            self.rule = rule
            self.isBehindLink = isBehindLink
            self.isUncovered = isUncovered
        }
    }
    public init(kernel: KernelFeatures) { self.kernel = kernel }
}

/// Everything that decides what a box looks like.
public struct BoxRequest: Hashable, Sendable {
    public var granted: EffectivePermissions
    public var launch: LaunchChain
    /// Closures of the programs that `allowedCommands` names.
    public var commands: [LaunchChain]
    let root: BaseRoot
    public var host: HostFacts
    public var isolation: Isolation
    public var options: BoxOptions

    public init(
        granted: EffectivePermissions, launch: LaunchChain, commands: [LaunchChain], base: RuntimeBase, host: HostFacts,
        isolation: Isolation, options: BoxOptions = BoxOptions()
    ) {
        self.init(
            granted: granted, launch: launch, commands: commands, root: BaseRoot(base), host: host,
            isolation: isolation, options: options)
    }

    /// - Parameter root: The base, with what was worked out of it for the child already.
    public init(
        granted: EffectivePermissions, launch: LaunchChain, commands: [LaunchChain], root: BaseRoot, host: HostFacts,
        isolation: Isolation, options: BoxOptions = BoxOptions()
    ) {
        self.granted = granted
        self.launch = launch
        self.commands = commands
        self.root = root
        self.host = host
        self.isolation = isolation
        self.options = options
    }

    var base: RuntimeBase { root.base }

    /// Programs that may be started may be given terminals; without any there is nobody to talk to on one.
    var usesTerminals: Bool { host.hasTerminals && !granted.commands.isEmpty }
}
