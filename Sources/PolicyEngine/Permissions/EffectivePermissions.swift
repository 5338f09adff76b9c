public import ManifestModel
public import SystemPackage

/// What one box may do: manifest, overrides and defaults, resolved to real paths, addresses and names.
/// A value: the same inputs give the same permissions, and the box holds exactly these.
public struct EffectivePermissions: Hashable, Sendable {
    /// The declared permissions that were not dropped with `--deny`.
    public var granted: Set<Permission> = []
    /// Real, absolute paths; a folder stands for all below it.
    public var readPaths: [FilePath] = []
    public var writePaths: [FilePath] = []
    public var deletePaths: [FilePath] = []
    /// What was granted by way of links, as it was named. Links lead to no rights; a box with mounts of its own has them too.
    public var namedByLinks: [FilePath] = []
    /// What is refused inside the grants, at any depth: the operator's `denyPaths` and the protected list.
    public var denied: [DeniedPath] = []
    /// Granted paths on the protected list, each named by an override: they and what is below them stay open to reading
    /// in spite of the protected (not the operator's) entries of ``denied``.
    public var namedForReading: [FilePath] = []
    /// The same for changing and removing.
    public var namedForWriting: [FilePath] = []
    /// Entries of the protected list that an override lifted as a whole.
    public var liftedEntries: [String] = []
    public var hosts = HostRules()
    public var listen: [ListenRule] = []
    /// Unix sockets that may be connected to, by real path.
    public var sockets: [FilePath] = []
    /// Displays, sound servers and bus proxies that may be connected to.
    public var services: [ServiceGrant] = []
    /// Buses that a proxy has to be started for; its socket is in ``services`` once it runs (``reachingBuses(in:)``).
    public var buses: [BusGrant] = []
    /// Names and values that the server starts with, already reduced to what may pass.
    public var environment: [EnvironmentVariable] = []
    /// Variables whose values are fetched only when the server starts, and are in no plan.
    public var secrets: [SecretVariable] = []
    /// Programs that may be started besides the server itself, by real path. Empty without `system.exec`.
    public var commands: [FilePath] = []
    public var devices: [FilePath] = []
    public var limits = ResourceLimits()
    /// Where the name stub asks; `nil` means the host's own resolvers.
    public var nameServer: Endpoint?

    public init() {}
}

/// A path that stays closed inside what is granted.
public struct DeniedPath: Hashable, Sendable {
    /// An absolute path, or an absolute pattern with `*`, `**` and `?`.
    public var pattern: String
    /// Which kinds of access it closes. The operator's own `denyPaths` close all.
    public var access: Access
    /// Who closed it: the operator by name, the protected list, or this program for itself.
    public var origin: Origin

    public enum Access: String, Hashable, Sendable { case all, write }
    public enum Origin: String, Hashable, Sendable {
        case `operator`, protected
        /// It could not be told what is closed there.
        case unsearched
        /// The record of this run.
        case journal
        /// A file that this run was started with: manifest, overrides, variables, policy, keys.
        case startFile = "start file"
        /// agentbound's own folder.
        case stateFolder = "state folder"

        /// Whether no flag opens it: what records a run, or decides about it or the next one.
        public var isOwn: Bool {
            switch self {
            case .journal, .startFile, .stateFolder: true
            case .operator, .protected, .unsearched: false
            }
        }

        /// What it is, where it is our own.
        public var ownWords: String {
            switch self {
            case .journal: "the journal of this run"
            case .startFile: "a file that this run was started with"
            case .stateFolder: "agentbound's own folder"
            case .operator, .protected, .unsearched: ""
            }
        }
    }

    public init(pattern: String, access: Access, origin: Origin) {
        self.pattern = pattern
        self.access = access
        self.origin = origin
    }
}

public struct EnvironmentVariable: Hashable, Sendable {
    public var name: String
    public var value: String
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A variable, and where its value is to be had.
public struct SecretVariable: Hashable, Sendable {
    public var name: String
    public var source: Source

    public enum Source: Hashable, Sendable {
        /// A file's contents, by real path.
        case file(FilePath)
        /// What a command prints; a shell runs it, outside the box.
        case command(String)
    }

    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

/// A local address and port that the server may listen on.
public struct ListenRule: Hashable, Sendable {
    /// `nil`: any local address.
    public var address: IPAddress?
    /// 0 grants ports that the kernel chooses.
    public var port: UInt16
    public init(address: IPAddress? = nil, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// An IP address with a port.
public struct Endpoint: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16
    public init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}

/// Limits on what the whole box uses; `nil` leaves the built-in default.
public struct ResourceLimits: Hashable, Sendable {
    /// Bytes of address space or, with a delegated cgroup, of memory.
    public var memory: UInt64?
    public var processes: UInt64?
    public var files: UInt64?
    /// Seconds of processor time for each process.
    public var cpu: UInt64?
    /// Bytes.
    public var fileSize: UInt64?
    public init() {}
}
