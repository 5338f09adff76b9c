public import SystemPackage

/// Everything the child does between fork and exec, settled before it starts. A value: printed by `--dry-run`, held by snapshots.
public struct ChildPlan: Hashable, Sendable {
    /// CLONE_NEW* flags; 0 starts the server directly, without an init.
    public var namespaces: UInt32 = 0
    /// Make the name stub's sockets on 127.0.0.1:53 of the new network namespace.
    public var stubSockets = false
    public var ipv6 = false
    public var mounts: [MountStep] = []
    /// The folder of the host over which the new root is built: one that no mount comes from.
    public var rootPlace: FilePath = "/proc"
    /// Landlock rules for places that exist only in the new root.
    public var innerRules: [InnerRule] = []
    public var limits: [Limit] = []
    /// `nil`: keep the ids.
    public var user: UserIdentity?
    public var dropGroups = false
    /// What becomes the standard streams; `nil`: they stay the launcher's.
    public var streams: ChildStreams?
    public var directory: FilePath = "/"
    public var program: FilePath = "/"
    public var arguments: [String] = []
    /// `NAME=value`.
    public var environment: [String] = []
    /// Only a test says so: descriptors from 3 on, and privileges, are then the launcher's.
    public var keepsDescriptors = false, keepsPrivileges = false

    public init() {}

    /// What has to be known to fork: see ``ForkedChild``.
    public var origin: ChildOrigin {
        var origin = ChildOrigin(namespaces: namespaces, user: user, dropGroups: dropGroups, streams: streams)
        origin.keepsPrivileges = keepsPrivileges
        return origin
    }

    public struct InnerRule: Hashable, Sendable {
        public var path: FilePath
        public var access: FileAccess
        public init(_ path: FilePath, _ access: FileAccess) {
            self.path = path
            self.access = access
        }
    }

    /// A resource limit of setrlimit(2). Never more than the launcher's own hard limit; a soft limit of `.max` is the
    /// launcher's.
    public struct Limit: Hashable, Sendable {
        public var resource: CInt
        public var soft: UInt64
        public var hard: UInt64
        public init(_ resource: CInt, soft: UInt64, hard: UInt64) {
            self.resource = resource
            self.soft = soft
            self.hard = hard
        }
    }
}

/// The part of a plan that a process is forked with; all else can be told to it later.
public struct ChildOrigin: Hashable, Sendable {
    /// CLONE_NEW* flags.
    public var namespaces: UInt32
    public var user: UserIdentity?
    public var dropGroups: Bool
    /// See ``ChildPlan/keepsPrivileges``.
    public var keepsPrivileges = false
    /// See ``ChildPlan/streams``.
    public var streams: ChildStreams?

    public init(namespaces: UInt32, user: UserIdentity?, dropGroups: Bool, streams: ChildStreams? = nil) {
        self.namespaces = namespaces
        self.user = user
        self.dropGroups = dropGroups
        self.streams = streams
    }
}

/// Descriptors of the launcher's, all above 2, that become a child's standard streams.
public struct ChildStreams: Hashable, Sendable {
    public var input: CInt
    public var output: CInt
    public var error: CInt

    public init(input: CInt, output: CInt, error: CInt) {
        self.input = input
        self.output = output
        self.error = error
    }

    /// One for all three.
    public init(_ all: CInt) { self.init(input: all, output: all, error: all) }
}

public struct UserIdentity: Hashable, Sendable {
    public var uid: UInt32
    public var gid: UInt32
    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}

/// One step in building the box's own root. Targets are relative to it.
public enum MountStep: Hashable, Sendable {
    case directory(String, mode: UInt32 = 0o755)
    case tmpfs(String, options: String)
    /// The tree at `source`, which must still be the file it was when the plan was made.
    case bind(source: FilePath, target: String, MountAttributes, identity: FileIdentity?)
    case proc(String)
    /// Pseudo-terminals of the box's own.
    case terminals(String)
    case symlink(String, to: String)
    case file(String, text: String, mode: UInt32 = 0o444)
}

/// MOUNT_ATTR_* of mount_setattr(2).
public struct MountAttributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public static let readOnly = MountAttributes(rawValue: 1)
    public static let noSetuid = MountAttributes(rawValue: 2)
    public static let noDevices = MountAttributes(rawValue: 4)
    public static let noExec = MountAttributes(rawValue: 8)
}
