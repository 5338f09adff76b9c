import Glibc
import LinuxSystem
import Synchronization
import SystemPackage

/// The process behind a notified call, seen through its memory, /proc and pidfds. All that is read is a copy. Memory and
/// descriptors are this caller's or an error; what was learnt from /proc is only when ``isWaiting`` says so afterwards.
struct Caller: Sendable {
    let call: Notification
    let listener: NotificationListener
    let root: BoxRoot

    var thread: CInt { call.thread }
    var isWaiting: Bool { listener.isWaiting(call) }

    /// A copy of the caller's descriptor: the same open file, whatever the number means later.
    func descriptor(_ number: CInt) throws(SyscallError) -> OwnedDescriptor {
        let file = try PidDescriptor(ofThread: thread).copy(number)
        // A thread number that was used again would have given another process's file.
        if !isWaiting { throw SyscallError(call: "seccomp", errno: .noSuchProcess) }
        return file
    }

    /// A copy of the caller's memory.
    /// - Throws: EFAULT; ESRCH when the caller is gone.
    func memory(at pointer: UInt64, count: Int) throws(SyscallError) -> [UInt8] {
        try listener.read(call, at: pointer, count: count)
    }

    /// A path argument that may be empty.
    /// - Throws: EFAULT, ENAMETOOLONG; ESRCH when the caller is gone.
    func rawPath(at pointer: UInt64) throws(SyscallError) -> CallerPath {
        CallerPath(bytes: try listener.path(call, at: pointer))
    }

    /// The address argument of connect, bind or sendto.
    /// - Throws: EINVAL for a length that no address has, EFAULT for memory that cannot be read.
    func address(at pointer: UInt64, length: CInt) throws(SyscallError) -> [UInt8] {
        guard length >= 0, length <= 128 else { throw SyscallError(call: "sockaddr", errno: .invalidArgument) }
        return try memory(at: pointer, count: Int(length))
    }

    /// A path argument.
    /// - Throws: EFAULT, ENAMETOOLONG, and ENOENT for an empty one, as the kernel does.
    func path(at pointer: UInt64) throws(SyscallError) -> CallerPath {
        let path = try rawPath(at: pointer)
        if path.bytes.isEmpty { throw SyscallError(call: "path", errno: .noSuchFileOrDirectory) }
        return path
    }

    /// The path as one from the caller's root, without resolving anything.
    func absolute(_ path: FilePath, from folder: CInt) throws(SyscallError) -> FilePath {
        if let (number, rest) = Self.ownDescriptor(path), !rest.isEmpty { return try absolute(rest, from: number) }
        if path.isAbsolute { return path }
        let base = folder == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(folder)"
        guard let start = FolderCalls.link(base) else {
            throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory)
        }
        return start.pushing(path)
    }

    /// Opens what a path of the caller leads to, as a handle that can only be looked at (O_PATH).
    /// - Parameter folder: The descriptor argument, or AT_FDCWD.
    func open(
        _ path: FilePath, from folder: CInt = AT_FDCWD, followLink: Bool = true, folderOnly: Bool = false
    ) throws(SyscallError) -> OwnedDescriptor {
        // C libraries name an open file so where the kernel has no call for descriptors. Below /proc no link is followed.
        if followLink, let own = Self.ownDescriptor(path), own.rest.isEmpty { return try descriptor(own.number) }
        let flags = O_PATH | (followLink ? 0 : O_NOFOLLOW) | (folderOnly ? O_DIRECTORY : 0)
        return try FolderCalls.open(absolute(path, from: folder), inRoot: root.descriptor(of: self), flags: flags)
    }

    /// The number in `/proc/self/fd/N`, or AT_FDCWD for what is below `/proc/self/cwd`, and what of the path is below it; `nil` for
    /// any other path.
    private static func ownDescriptor(_ path: FilePath) -> (number: CInt, rest: FilePath)? {
        let text = path.string.utf8
        guard text.starts(with: "/proc/".utf8) || text.starts(with: "/dev/".utf8) else { return nil }
        for (number, name) in ["/dev/stdin", "/dev/stdout", "/dev/stderr"].enumerated()
        where text.elementsEqual(name.utf8) { return (CInt(number), FilePath()) }
        for folder in ["/proc/self/cwd/", "/proc/thread-self/cwd/"] where text.starts(with: folder.utf8) {
            let rest = text.dropFirst(folder.utf8.count)
            return (AT_FDCWD, FilePath(String(Substring(rest.drop { $0 == UInt8(ascii: "/") }))))
        }
        for folder in ["/proc/self/fd/", "/dev/fd/", "/proc/thread-self/fd/"] where text.starts(with: folder.utf8) {
            let below = text.dropFirst(folder.utf8.count)
            let digits = below.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let number = CInt(String(Substring(digits))) else { return nil }
            let rest = below.dropFirst(digits.count)
            if rest.isEmpty { return (number, FilePath()) }
            guard rest.first == UInt8(ascii: "/") else { return nil }
            return (number, FilePath(String(Substring(rest.drop { $0 == UInt8(ascii: "/") }))))
        }
        return nil
    }

    /// Opens the folder that a name lies in.
    /// - Returns: The folder, and the last component.
    func openParent(_ path: CallerPath, from folder: CInt) throws(SyscallError) -> Place {
        if let name = path.bareName { return try place(name, in: folder) }
        let whole = try absolute(path.path, from: folder)
        // the root
        guard let last = whole.lastComponent else { throw SyscallError(call: "openat2", errno: .resourceBusy) }
        let parent = try FolderCalls.open(whole.parent, inRoot: root.descriptor(of: self), flags: O_PATH | O_DIRECTORY)
        guard let real = FolderCalls.path(of: parent) else {
            throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory)
        }
        return Place(
            folder: SharedDescriptor(parent), name: FilePath(root: nil, [last]), path: real.appending(last),
            kind: last.kind,
            wantsFolder: path.bytes.last == UInt8(ascii: "/"))
    }

    /// A bare name lies in the caller's folder, however deep that is: nothing has to be followed.
    private func place(_ name: FilePath.Component, in folder: CInt) throws(SyscallError) -> Place {
        let link = folder == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(folder)"
        let opened = SharedDescriptor(try OwnedDescriptor.open(FilePath(link), O_PATH | O_DIRECTORY))
        guard let real = FolderCalls.path(of: opened) else {
            throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory)
        }
        return Place(
            folder: opened, name: FilePath(root: nil, [name]), path: real.appending(name), kind: .regular,
            wantsFolder: false)
    }

    /// A name in a folder that is held open.
    struct Place: Sendable {
        let folder: SharedDescriptor
        let name: FilePath
        /// The name's full path, links resolved but for the last component.
        let path: FilePath
        var bytes: [UInt8] { path.bytes }
        /// Whether the name is `.` or `..`, which name no entry that could be removed.
        let kind: FilePath.Component.Kind
        /// Whether the path ended with a slash, so that only a folder is meant.
        let wantsFolder: Bool
    }
}

/// A path as a caller wrote it: the bytes, since a slash at the end means something.
struct CallerPath: Hashable, Sendable {
    let bytes: [UInt8]
    var path: FilePath { FilePath(bytes: bytes) }
    /// For records.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The path when it is one name alone.
    var bareName: FilePath.Component? {
        if bytes.isEmpty || bytes.contains(UInt8(ascii: "/")) { return nil }
        guard let name = path.lastComponent, name.kind == .regular else { return nil }
        return name
    }
}

/// The root folder of a box's processes, opened once: none of them has the rights to change it. chroot(2), pivot_root(2)
final class BoxRoot: Sendable {
    private let folder = Mutex<SharedDescriptor?>(nil)

    /// - Throws: ESRCH when the caller was gone before anything was known.
    func descriptor(of caller: Caller) throws(SyscallError) -> SharedDescriptor {
        if let known = folder.withLock({ $0 }) { return known }
        let opened = SharedDescriptor(try OwnedDescriptor.open(FilePath("/proc/\(caller.thread)/root"), O_PATH))
        guard caller.isWaiting else { throw SyscallError(call: "seccomp", errno: .noSuchProcess) }
        folder.withLock { $0 = opened }
        return opened
    }
}
