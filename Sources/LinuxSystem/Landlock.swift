internal import CLinuxShims
internal import Glibc
public import SystemPackage

/// What a Landlock rule allows below a path. Names and numbers: linux/landlock.h, ABI 1 to 5.
public struct FileAccess: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let execute = FileAccess(rawValue: 1 << 0)
    public static let writeFile = FileAccess(rawValue: 1 << 1)
    public static let readFile = FileAccess(rawValue: 1 << 2)
    public static let readDirectory = FileAccess(rawValue: 1 << 3)
    public static let removeDirectory = FileAccess(rawValue: 1 << 4)
    public static let removeFile = FileAccess(rawValue: 1 << 5)
    public static let makeDirectory = FileAccess(rawValue: 1 << 7)
    public static let makeRegular = FileAccess(rawValue: 1 << 8)
    public static let makeSocket = FileAccess(rawValue: 1 << 9)
    public static let makeFifo = FileAccess(rawValue: 1 << 10)
    public static let makeSymlink = FileAccess(rawValue: 1 << 12)
    public static let refer = FileAccess(rawValue: 1 << 13)
    public static let truncate = FileAccess(rawValue: 1 << 14)
    public static let ioctlDevice = FileAccess(rawValue: 1 << 15)

    /// The rights that make sense on something that is not a folder; the kernel refuses the others there.
    public static let onFiles: FileAccess = [.execute, .writeFile, .readFile, .truncate, .ioctlDevice]

    /// All that a kernel of this ABI can hold back.
    public static func handled(abi: Int) -> FileAccess {
        switch abi {
        case ..<1: []
        case 1: FileAccess(rawValue: (1 << 13) - 1)
        case 2: FileAccess(rawValue: (1 << 14) - 1)
        case 3, 4: FileAccess(rawValue: (1 << 15) - 1)
        default: FileAccess(rawValue: (1 << 16) - 1)
        }
    }
}

/// A Landlock ruleset under construction: everything that the kernel can hold is denied, rules open places.
public struct Landlock: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor
    private let handled: FileAccess

    /// - Parameters:
    ///   - abi: What the kernel supports, at least 1.
    ///   - scopes: Whether signals and abstract sockets stay inside (ABI 6).
    ///   - tcp: Whether all TCP connect and bind calls of the process itself are denied (ABI 4).
    /// - Throws: ``SyscallError`` of landlock_create_ruleset(2).
    public init(abi: Int, denyTCP tcp: Bool, scopeSignals: Bool, scopeSockets: Bool) throws(SyscallError) {
        handled = FileAccess.handled(abi: abi)
        let files = handled.rawValue
        let net: UInt64 = abi >= 4 && tcp ? 3 : 0
        let scopes: UInt64 = abi >= 6 ? (scopeSockets ? 1 : 0) | (scopeSignals ? 2 : 0) : 0
        descriptor = OwnedDescriptor(
            rawValue: try syscall("landlock_create_ruleset") { ab_landlock_create(files, net, scopes, CInt(abi)) })
    }

    /// The ruleset, for the process that will be restricted by it.
    public consuming func takeDescriptor() -> OwnedDescriptor { descriptor }

    /// Allows `access` at and below what `place` names now; the rule stays with that file or folder, whatever the name does later.
    /// - Throws: ``SyscallError`` of open(2) or landlock_add_rule(2).
    public borrowing func allow(_ access: FileAccess, at place: FilePath) throws(SyscallError) {
        let descriptor = try OwnedDescriptor.open(place, O_PATH)
        try allow(access, at: descriptor, path: place)
    }

    /// The same for a place that is already open.
    public borrowing func allow(_ access: FileAccess, at place: borrowing OwnedDescriptor, path: FilePath)
        throws(SyscallError)
    {
        var wanted = access.intersection(handled)
        if try !FileStatus(of: place).isDirectory { wanted.formIntersection(.onFiles) }
        if wanted.isEmpty { return }
        let ruleset = descriptor.rawValue, number = place.rawValue, bits = wanted.rawValue
        try syscall("landlock_add_rule", path) { ab_landlock_add_path(ruleset, number, bits) }
    }
}
