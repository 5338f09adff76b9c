internal import CLinuxShims
internal import Glibc
public import SystemPackage

/// A system call of the box that waits for an answer. seccomp_unotify(2)
public struct Notification: Hashable, Sendable {
    public let id: UInt64
    /// The calling thread.
    public let thread: CInt
    public let number: Int32
    /// Raw registers: the kernel reads most of them as 32 bits.
    public let arguments: [UInt64]

    public init(id: UInt64, thread: CInt, number: Int32, arguments: [UInt64]) {
        self.id = id
        self.thread = thread
        self.number = number
        self.arguments = arguments
    }

    /// The lower half, as the kernel reads an int.
    public func int(_ index: Int) -> CInt { CInt(truncatingIfNeeded: arguments[index]) }
}

/// The supervisor's end of a filter.
public struct NotificationListener: Sendable {
    private let descriptor: SharedDescriptor
    public init(_ descriptor: SharedDescriptor) {
        self.descriptor = descriptor
        // The caller waits, so its processor is free and warm; a kernel that does not know this wakes another one.
        _ = ab_notify_wake_here(descriptor.rawValue)
    }

    /// Waits for the next paused call.
    /// - Returns: `nil` once no process is left under the filter.
    /// - Throws: ``SyscallError`` naming the call, for reasons that no boxed process can cause.
    public func next() throws(SyscallError) -> Notification? {
        while true {
            var wait = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            try syscall("poll") { unsafe poll(&wait, 1, -1) }
            if wait.revents & Int16(POLLIN) == 0 { return nil }  // POLLHUP: the filter has no process any more
            var raw = ab_notification()
            if unsafe ab_notify_receive(descriptor.rawValue, &raw) == 0 {
                let arguments = [
                    raw.arguments.0, raw.arguments.1, raw.arguments.2, raw.arguments.3, raw.arguments.4,
                    raw.arguments.5,
                ]
                return Notification(id: raw.id, thread: CInt(raw.pid), number: raw.number, arguments: arguments)
            }
            let code = Errno(rawValue: Glibc.errno)
            // ENOENT: the caller died or was interrupted between the two calls.
            if code != .noSuchFileOrDirectory && code != .interrupted && code != .resourceTemporarilyUnavailable {
                throw SyscallError(call: "ioctl SECCOMP_IOCTL_NOTIF_RECV", errno: code)
            }
        }
    }

    /// Whether the call still waits. What was read about the caller before is only then about that caller.
    public func isWaiting(_ call: Notification) -> Bool { ab_notify_valid(descriptor.rawValue, call.id) == 0 }

    /// Answers with a value or an errno. The caller may be gone: then there is nobody to tell.
    public func reply(_ call: Notification, value: Int64 = 0, failure: Errno? = nil) {
        _ = ab_notify_reply(descriptor.rawValue, call.id, failure == nil ? value : 0, failure?.rawValue ?? 0, 0)
    }

    /// Lets the kernel make the call as it stands. Only for what other layers hold: its memory may have changed since.
    public func leaveToKernel(_ call: Notification) { _ = ab_notify_reply(descriptor.rawValue, call.id, 0, 0, 1) }

    /// Answers with a descriptor, which the caller gets a copy of; this copy is closed before.
    ///
    /// In two steps, which wakes the caller twice. In one (SECCOMP_ADDFD_FLAG_SEND), where a signal reaches this thread at that very
    /// moment, the kernel takes the descriptor back but not the answer, and the caller is told 0: kernel/seccomp.c,
    /// seccomp_notify_addfd, seen on Linux 6.18.
    public func inject(_ file: consuming SharedDescriptor, into call: Notification, closeOnExec: Bool) {
        while true {
            let number = ab_notify_inject(descriptor.rawValue, call.id, file.rawValue, closeOnExec ? 1 : 0)
            let code = Errno(rawValue: Glibc.errno)
            if number == -1 && code == .interrupted { continue }
            // Whoever closes a pipe's last end, or a file with a lock, finds it closed.
            _ = consume file
            // Its table is full, or it is gone.
            if number == -1 { reply(call, failure: code) } else { reply(call, value: Int64(number)) }
            return
        }
    }
}

/// The caller's memory. A thread number may have been used again, and then other memory is behind it: here what was read
/// is only handed on when the call still waits afterwards, so nobody has to remember to ask. seccomp_unotify(2)
extension NotificationListener {
    /// A copy, which may be old a moment later: copy once, decide on the copy.
    /// - Throws: EFAULT when not all of it can be read, ESRCH when the call does not wait any more.
    public func read(_ call: Notification, at address: UInt64, count: Int) throws(SyscallError) -> [UInt8] {
        let bytes = CallerMemory.read(call.thread, address, count: count)
        try checkWaiting(call)
        guard let bytes else { throw SyscallError(call: "process_vm_readv", errno: .badAddress) }
        return bytes
    }

    /// A path's bytes, without the closing zero: names need not be UTF-8.
    /// - Throws: EFAULT when it cannot be read, ENAMETOOLONG when it does not end within PATH_MAX, ESRCH as above.
    public func path(_ call: Notification, at address: UInt64) throws(SyscallError) -> [UInt8] {
        let bytes = Result { () throws(SyscallError) in try CallerMemory.path(call.thread, address) }
        try checkWaiting(call)
        return try bytes.get()
    }

    /// - Throws: EFAULT when not all of it was written; ESRCH when the call did not wait any more, with nothing written.
    public func write(_ call: Notification, at address: UInt64, _ bytes: [UInt8]) throws(SyscallError) {
        try checkWaiting(call)
        guard CallerMemory.write(call.thread, address, bytes) else {
            throw SyscallError(call: "process_vm_writev", errno: .badAddress)
        }
    }

    private func checkWaiting(_ call: Notification) throws(SyscallError) {
        guard isWaiting(call) else { throw SyscallError(call: "seccomp", errno: .noSuchProcess) }
    }
}

/// Reads and writes another thread's memory, whoever that is by now.
enum CallerMemory {
    /// - Returns: Exactly `count` bytes, or `nil` when they cannot all be read.
    static func read(_ thread: CInt, _ address: UInt64, count: Int) -> [UInt8]? {
        if count == 0 { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        // The array has room for `count` bytes.
        let got = unsafe ab_read_memory(thread, address, &bytes, count)
        return got == count ? bytes : nil
    }

    /// A path's bytes, without the closing zero: names need not be UTF-8.
    /// - Throws: EFAULT when it cannot be read, ENAMETOOLONG when it does not end within PATH_MAX.
    static func path(_ thread: CInt, _ address: UInt64) throws(SyscallError) -> [UInt8] {
        var bytes: [UInt8] = []
        var at = address
        while bytes.count < 4_096 {
            // A read that crosses into a page that is not there fails as a whole, so no more than a page's rest is taken at
            // once; and most paths are short.
            let chunk = min(Int(4_096 - at % 4_096), bytes.isEmpty ? 256 : 4_096 - bytes.count)
            guard let part = read(thread, at, count: chunk) else {
                throw SyscallError(call: "path", errno: .badAddress)
            }
            if let end = part.firstIndex(of: 0) { return bytes + part[..<end] }
            bytes += part
            at &+= UInt64(chunk)
        }
        throw SyscallError(call: "path", errno: .fileNameTooLong)
    }

    /// - Returns: Whether all of `bytes` were written.
    static func write(_ thread: CInt, _ address: UInt64, _ bytes: [UInt8]) -> Bool {
        unsafe ab_write_memory(thread, address, bytes, bytes.count) == bytes.count
    }
}
