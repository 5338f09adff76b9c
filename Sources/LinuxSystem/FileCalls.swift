internal import CLinuxShims
internal import Glibc
public import SystemPackage

extension FilePath {
    /// A path of the kernel's, whatever its bytes; what stands behind a zero byte is left out.
    public init(bytes: some Collection<UInt8>) {
        let characters = bytes.map { CChar(truncatingIfNeeded: $0) } + [0]
        // The array ends with a zero.
        self = unsafe characters.withUnsafeBufferPointer { unsafe FilePath(platformString: $0.baseAddress!) }
    }

    /// The path's bytes, which need not be text.
    public var bytes: [UInt8] {
        // The path lives for the call, and ends with a zero.
        unsafe withPlatformString { text in
            unsafe UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
        }
    }

    /// The folder that it lies in, as written: `/` for the root itself, empty for a bare name.
    ///
    /// What `removingLastComponent()` gives, from the bytes: that goes through generic collections, and making their
    /// types at the first use was a tenth of a millisecond of every start.
    public var parent: FilePath {
        // The path lives for the call, and ends with a zero.
        unsafe withPlatformString { text in
            guard let slash = unsafe strrchr(text, CInt(UInt8(ascii: "/"))) else { return FilePath() }
            let length = unsafe max(1, UnsafePointer(slash) - text)
            return unsafe FilePath(platformString: Array(UnsafeBufferPointer(start: text, count: length)) + [0])
        }
    }

    /// Becomes its parent.
    /// - Returns: Whether there was one.
    @discardableResult
    public mutating func moveUp() -> Bool {
        if isEmpty || self == "/" { return false }
        self = parent
        return true
    }
}

/// Calls on names in folders that are held open, so that nothing can change between looking and doing.
public enum FolderCalls {
    /// Opens `path` as a process with `root` as its root would, without ever leaving it. openat2(2), RESOLVE_IN_ROOT
    /// Links below /proc that lead out of the tree are refused by the same flag.
    public static func open(_ path: FilePath, inRoot root: SharedDescriptor, flags: CInt) throws(SyscallError)
        -> OwnedDescriptor
    {
        let directory = root.rawValue, inRoot = UInt64(AB_RESOLVE_IN_ROOT)
        let wanted = UInt64(UInt32(bitPattern: flags | O_CLOEXEC))
        return OwnedDescriptor(
            rawValue: try syscall("openat2") {
                unsafe path.withPlatformString { unsafe ab_openat2(directory, $0, wanted, 0, inRoot) }
            })
    }

    /// Opens `path` as a handle (O_PATH) where the kernel knows the way to it by heart: nothing is read, mounted or waited for.
    /// openat2(2), RESOLVE_CACHED; Linux 5.12
    /// - Returns: `nil` also where it would have to look, and on older kernels.
    public static func known(_ path: FilePath) -> OwnedDescriptor? {
        let flags = UInt64(UInt32(bitPattern: O_PATH | O_CLOEXEC)), cached = UInt64(AB_RESOLVE_CACHED)
        // The path lives for the call.
        let file = unsafe path.withPlatformString { unsafe ab_openat2(AT_FDCWD, $0, flags, 0, cached) }
        return file == -1 ? nil : OwnedDescriptor(rawValue: file)
    }

    /// What the kernel says of a path before it has followed any link.
    public enum Linkless { case exists, missing, hasLinks }

    /// Looks a path up without following links. openat2(2), RESOLVE_NO_SYMLINKS
    /// - Returns: ``Linkless/missing`` when a part was not there before any link was met; ``Linkless/hasLinks`` for a link
    ///   and for every other failure.
    public static func linkless(_ path: FilePath) -> Linkless {
        let flags = UInt64(UInt32(bitPattern: O_PATH | O_CLOEXEC)), noLinks = UInt64(AB_RESOLVE_NO_SYMLINKS)
        // The path lives for the call.
        let file = unsafe path.withPlatformString { unsafe ab_openat2(AT_FDCWD, $0, flags, 0, noLinks) }
        if file == -1 { return errno == ENOENT || errno == ENOTDIR ? .missing : .hasLinks }
        close(file)
        return .exists
    }

    public static func rename(
        _ name: FilePath, in folder: SharedDescriptor, to newName: FilePath, in newFolder: SharedDescriptor,
        flags: UInt32
    ) throws(SyscallError) {
        try syscall("renameat2") {
            unsafe name.withPlatformString { from in
                unsafe newName.withPlatformString { to in
                    unsafe ab_renameat2(folder.rawValue, from, newFolder.rawValue, to, flags)
                }
            }
        }
    }

    /// - Parameter flags: AT_REMOVEDIR for a folder.
    public static func unlink(_ name: FilePath, in folder: SharedDescriptor, flags: CInt) throws(SyscallError) {
        try syscall("unlinkat") { unsafe name.withPlatformString { unsafe unlinkat(folder.rawValue, $0, flags) } }
    }

    /// What one entry of a folder is, as the folder itself says. readdir(3)
    public struct Entry: Hashable, Sendable {
        public enum Kind: Hashable, Sendable { case folder, link, other }
        public let name: String
        public let kind: Kind
        /// The name's bytes where they are no text.
        let odd: [UInt8]?

        /// Where it lies.
        public func path(in folder: FilePath) -> FilePath {
            odd.map { FilePath(bytes: folder.bytes + [UInt8(ascii: "/")] + $0) } ?? folder.appending(name)
        }
    }

    /// The entries of a folder, unsorted, without `.` and `..`; `nil` when it cannot be read.
    /// - Parameters:
    ///   - limit: Not more than so many of them.
    ///   - foldersAndLinks: Only these, which in most folders are few.
    public static func list(_ folder: FilePath, limit: Int = .max, foldersAndLinks: Bool = false) -> [Entry]? {
        guard let stream = unsafe folder.withPlatformString({ unsafe opendir($0) }) else { return nil }
        defer { unsafe closedir(stream) }
        var entries: [Entry] = []
        while entries.count < limit, let found = unsafe readdir(stream) {
            let type = Int(unsafe found.pointee.d_type)
            if foldersAndLinks, type != Int(DT_DIR), type != Int(DT_LNK), type != Int(DT_UNKNOWN) { continue }
            // The name ends with a zero byte inside the record.
            let (name, odd) = unsafe withUnsafePointer(to: &found.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { text -> (String, [UInt8]?) in
                    if let name = unsafe String(validatingCString: text) { return (name, nil) }
                    let bytes = unsafe UnsafeBufferPointer(start: text, count: strlen(text))
                    return unsafe (String(cString: text), bytes.map { UInt8(bitPattern: $0) })
                }
            }
            if name == "." || name == ".." { continue }
            var kind: Entry.Kind =
                switch type {
                case Int(DT_DIR): .folder
                case Int(DT_LNK): .link
                default: .other
                }
            if type == Int(DT_UNKNOWN) {  // some file systems do not say
                let status = try? FileStatus(
                    of: Entry(name: name, kind: .other, odd: odd).path(in: folder), followLink: false)
                kind = status?.isDirectory == true ? .folder : status?.isSymlink == true ? .link : .other
            }
            entries.append(Entry(name: name, kind: kind, odd: odd))
        }
        return entries
    }

    /// The path that an open file has now, as its own mount namespace names it. proc_pid_fd(5)
    public static func path(of file: borrowing OwnedDescriptor) -> FilePath? { link("/proc/self/fd/\(file.rawValue)") }
    public static func path(of file: SharedDescriptor) -> FilePath? { link("/proc/self/fd/\(file.rawValue)") }

    /// The same as the kernel writes it. Names of files are bytes, and need not be text.
    public static func pathBytes(of file: SharedDescriptor) -> [UInt8]? {
        unsafe read(link: "/proc/self/fd/\(file.rawValue)", in: AT_FDCWD).flatMap {
            $0.first == UInt8(ascii: "/") ? $0 : nil
        }
    }

    /// What a link below /proc leads to; `nil` for something that has no path, or has been removed.
    public static func link(_ name: String) -> FilePath? {
        guard let bytes = unsafe read(link: name, in: AT_FDCWD), bytes.first == UInt8(ascii: "/") else { return nil }
        return FilePath(bytes: bytes)
    }

    /// What the link with this name says, as written; `nil` when it is none.
    public static func target(of name: FilePath, in folder: SharedDescriptor) -> FilePath? {
        unsafe name.withPlatformString { unsafe read(link: $0, in: folder.rawValue) }.map { FilePath(bytes: $0) }
    }
    public static func target(of link: FilePath) -> FilePath? {
        unsafe link.withPlatformString { unsafe read(link: $0, in: AT_FDCWD) }.map { FilePath(bytes: $0) }
    }

    private static func read(link name: UnsafePointer<CChar>, in folder: CInt) -> [UInt8]? {
        let most = 4_096
        // readlinkat writes at most that many bytes, and says how many.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: most) { place, length in
            // The name ends with a zero.
            let got = unsafe readlinkat(
                folder, name, UnsafeMutableRawPointer(place.baseAddress!).assumingMemoryBound(to: CChar.self), most)
            length = max(0, got)
        }
        return bytes.isEmpty || bytes.count == most ? nil : bytes
    }
}

/// Calls that change a file's metadata through a descriptor opened with O_PATH: by its name below /proc/self/fd, which
/// leads to that very file.
public enum MetadataCalls {
    private static func name(_ file: SharedDescriptor) -> String { "/proc/self/fd/\(file.rawValue)" }

    public static func chmod(_ file: SharedDescriptor, mode: UInt32) throws(SyscallError) {
        let name = name(file)
        try syscall("chmod") { unsafe Glibc.chmod(name, mode) }
    }

    public static func chown(_ file: SharedDescriptor, uid: UInt32, gid: UInt32) throws(SyscallError) {
        try syscall("fchownat") { unsafe fchownat(file.rawValue, "", uid, gid, AT_EMPTY_PATH) }
    }

    /// - Parameter times: Seconds and nanoseconds of access, then of modification; nanoseconds may be ``now`` or UTIME_OMIT.
    public static func setTimes(_ file: SharedDescriptor, _ times: [Int64]) throws(SyscallError) {
        precondition(times.count == 4)
        try syscall("utimensat") { unsafe ab_utimens(file.rawValue, times) }
    }

    /// UTIME_NOW of utimensat(2), in the place of nanoseconds.
    public static let now: Int64 = 0x3fff_ffff

    public static func setAttribute(
        _ file: SharedDescriptor, _ attribute: String, _ value: [UInt8], flags: CInt
    ) throws(SyscallError) {
        let name = name(file)
        try syscall("setxattr") { unsafe ab_setxattr(name, attribute, value, value.count, flags) }
    }

    public static func removeAttribute(_ file: SharedDescriptor, _ attribute: String) throws(SyscallError) {
        let name = name(file)
        try syscall("removexattr") { unsafe ab_removexattr(name, attribute) }
    }
}

/// inotify(7) on a caller's behalf.
public enum WatchCalls {
    /// - Returns: The watch's number.
    public static func add(_ file: SharedDescriptor, to watches: SharedDescriptor, mask: UInt32) throws(SyscallError)
        -> CInt
    {
        // Leads to the very file that was looked at, a link itself included.
        let name = "/proc/self/fd/\(file.rawValue)"
        return try syscall("inotify_add_watch") { unsafe inotify_add_watch(watches.rawValue, name, mask) }
    }
}
