import Glibc
import LinuxSystem
import SystemPackage

/// The process behind a notified call, seen through /proc and pidfds. All that is read is a copy; ``isWaiting`` says
/// afterwards whether it still was about this caller.
struct Caller: Sendable {
    let call: Notification
    let listener: NotificationListener

    var thread: CInt { call.thread }
    var isWaiting: Bool { listener.isWaiting(call) }

    /// A copy of the caller's descriptor: the same open file, whatever the number means later.
    func descriptor(_ number: CInt) throws(SyscallError) -> OwnedDescriptor {
        let file = try PidDescriptor(ofThread: thread).copy(number)
        // A thread number that was used again would have given another process's file.
        if !isWaiting { throw SyscallError(call: "seccomp", errno: .noSuchProcess) }
        return file
    }

    /// The address argument of connect, bind or sendto.
    /// - Throws: EINVAL for a length that no address has, EFAULT for memory that cannot be read.
    func address(at pointer: UInt64, length: CInt) throws(SyscallError) -> [UInt8] {
        guard length >= 0, length <= 128 else { throw SyscallError(call: "sockaddr", errno: .invalidArgument) }
        guard let bytes = CallerMemory.read(thread, pointer, count: Int(length)) else {
            throw SyscallError(call: "sockaddr", errno: .badAddress)
        }
        return bytes
    }

    func path(at pointer: UInt64) throws(SyscallError) -> String {
        guard let path = CallerMemory.path(thread, pointer) else {
            throw SyscallError(call: "path", errno: .badAddress)
        }
        if path.isEmpty { throw SyscallError(call: "path", errno: .noSuchFileOrDirectory) }
        return path
    }

    /// The caller's root folder, opened.
    private func root() throws(SyscallError) -> OwnedDescriptor {
        try OwnedDescriptor.open(FilePath("/proc/\(thread)/root"), O_PATH)
    }

    /// The path as one from the caller's root, without resolving anything.
    private func absolute(_ path: String, from folder: CInt) throws(SyscallError) -> String {
        if path.first == "/" { return path }
        let base = folder == AT_FDCWD ? "/proc/\(thread)/cwd" : "/proc/\(thread)/fd/\(folder)"
        guard let start = FolderCalls.link(base) else {
            throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory)
        }
        return start.string + "/" + path
    }

    /// Opens what a path of the caller leads to, as a handle that can only be looked at (O_PATH).
    /// - Parameter folder: The descriptor argument, or AT_FDCWD.
    func open(_ path: String, from folder: CInt = AT_FDCWD, followLink: Bool = true) throws(SyscallError) -> OwnedDescriptor {
        let flags = O_PATH | (followLink ? 0 : O_NOFOLLOW)
        return try FolderCalls.open(absolute(path, from: folder), inRoot: root(), flags: flags)
    }

    /// Opens the folder that a name lies in.
    /// - Returns: The folder, and the last component.
    /// - Throws: EINVAL, EBUSY or ENOTEMPTY for paths that end in `.`, `/` or `..`, as unlink(2) and rename(2) do.
    func openParent(_ path: String, from folder: CInt) throws(SyscallError) -> Place {
        var text = Substring(try absolute(path, from: folder))
        while text.count > 1 && text.last == "/" { text.removeLast() }
        guard let slash = text.lastIndex(of: "/") else { throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory) }
        let name = String(text[text.index(after: slash)...])
        if name.isEmpty || name == "." || name == ".." { throw SyscallError(call: "openat2", errno: .resourceBusy) }
        let above = String(text[...slash])
        let parent = try FolderCalls.open(above, inRoot: root(), flags: O_PATH | O_DIRECTORY)
        guard let real = FolderCalls.path(of: parent) else {
            throw SyscallError(call: "openat2", errno: .noSuchFileOrDirectory)
        }
        return Place(folder: SharedDescriptor(parent), name: name, path: real.appending(name))
    }

    /// A name in a folder that is held open.
    struct Place: Sendable {
        let folder: SharedDescriptor
        let name: String
        /// The name's full path, links resolved but for the last component.
        let path: FilePath
    }
}
