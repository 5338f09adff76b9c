internal import CLinuxShims
internal import Glibc
public import SystemPackage

/// Which file a name stands for: device and inode. Two names with the same identity are one file.
public struct FileIdentity: Hashable, Sendable {
    public let device: UInt64
    public let inode: UInt64
    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// What statx(2) says of a file, but for its times. With fstat(2), which asks for them as well, Linux 6.13 gives the next write a time of its own
/// instead of the clock tick's, and a file whose time changed is one more block to write.
public struct FileStatus: Hashable, Sendable {
    public let identity: FileIdentity
    public let mode: UInt32
    public let size: UInt64
    public let links: UInt64
    public let owner: UInt32
    /// Nanoseconds since 1970, or `nil` where the file system keeps no birth time.
    public let birth: Int64?

    public var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    public var isRegular: Bool { mode & S_IFMT == S_IFREG }
    public var isSocket: Bool { mode & S_IFMT == S_IFSOCK }
    public var isSymlink: Bool { mode & S_IFMT == S_IFLNK }
    public var isCharacterDevice: Bool { mode & S_IFMT == S_IFCHR }

    private init(_ raw: ab_status) {
        identity = FileIdentity(device: raw.device, inode: raw.inode)
        mode = UInt32(raw.mode)
        size = raw.size
        links = raw.links
        owner = raw.uid
        birth = raw.birth_seconds == 0 ? nil : raw.birth_seconds * 1_000_000_000 + Int64(raw.birth_nanoseconds)
    }

    /// - Throws: ``SyscallError`` of statx(2).
    public init(of descriptor: borrowing OwnedDescriptor) throws(SyscallError) {
        try self.init(open: descriptor.rawValue)
    }

    public init(of descriptor: SharedDescriptor) throws(SyscallError) { try self.init(open: descriptor.rawValue) }

    /// Looks at what `path` leads to, or at a link itself.
    public init(of path: FilePath, followLink: Bool = true) throws(SyscallError) {
        try self.init(at: AT_FDCWD, path, followLink ? 0 : AT_SYMLINK_NOFOLLOW)
    }

    /// Looks at the name `name` in the folder `directory`, not following a link.
    public init(of name: FilePath, in directory: SharedDescriptor) throws(SyscallError) {
        try self.init(at: directory.rawValue, name, AT_SYMLINK_NOFOLLOW)
    }

    /// The birth time of a file that is made now: none made later has an earlier one. It has the clock's tick.
    public static func birthOfNow() -> Int64 {
        var clock = timespec()
        // The call fills the one value.
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &clock)
        return Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
    }

    private init(open descriptor: CInt) throws(SyscallError) {
        var raw = ab_status()
        try syscall("statx") { unsafe ab_status_at(descriptor, "", AT_EMPTY_PATH, &raw) }
        self.init(raw)
    }

    private init(at directory: CInt, _ name: FilePath, _ flags: CInt) throws(SyscallError) {
        var raw = ab_status()
        try syscall("statx", name) {
            unsafe name.withPlatformString { unsafe ab_status_at(directory, $0, flags, &raw) }
        }
        self.init(raw)
    }
}
