internal import CLinuxShims
internal import Glibc
internal import SystemPackage

/// A process that cannot be mistaken for another, even after its number is used again. pidfd_open(2)
public struct PidDescriptor: ~Copyable, Sendable {
    public let descriptor: OwnedDescriptor

    public init(of pid: CInt) throws(SyscallError) {
        descriptor = OwnedDescriptor(rawValue: try syscall("pidfd_open") { ab_pidfd_open(pid, 0) })
    }

    /// A thread; its own table of descriptors is used. Before Linux 6.9 the whole process stands for it, which is the
    /// same table: the filter lets no thread have one of its own.
    public init(ofThread thread: CInt) throws(SyscallError) {
        let asThread: UInt32 = 0o200  // PIDFD_THREAD, which is O_EXCL
        var number = ab_pidfd_open(thread, asThread)
        if number == -1 && Glibc.errno == EINVAL {
            number = ab_pidfd_open(try ProcessStatus(of: thread).process, 0)
        }
        let opened = number
        descriptor = OwnedDescriptor(rawValue: try syscall("pidfd_open") { opened })
    }

    public consuming func takeDescriptor() -> OwnedDescriptor { descriptor }

    /// A copy of the process's descriptor `number`: the same open file. pidfd_getfd(2)
    public borrowing func copy(_ number: CInt) throws(SyscallError) -> OwnedDescriptor {
        let process = descriptor.rawValue
        return OwnedDescriptor(rawValue: try syscall("pidfd_getfd") { ab_pidfd_getfd(process, number) })
    }

    public borrowing func send(_ signal: CInt) throws(SyscallError) {
        let process = descriptor.rawValue
        try syscall("pidfd_send_signal") { ab_pidfd_send_signal(process, signal) }
    }
}

/// What /proc/PID/status says of a thread, as far as the supervisor needs it. proc_pid_status(5)
public struct ProcessStatus: Hashable, Sendable {
    /// The process that the thread belongs to.
    public var process: CInt = 0
    public var umask: UInt32 = 0o022

    public init(of thread: CInt) throws(SyscallError) {
        let text = try readFile(FilePath("/proc/\(thread)/status"), limit: 8_192)
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: "\t"))
            guard parts.count == 2 else { continue }
            let value = String(decoding: parts[1], as: UTF8.self)
            switch String(decoding: parts[0], as: UTF8.self) {
            case "Tgid:": process = CInt(value) ?? 0
            case "Umask:": umask = UInt32(value, radix: 8) ?? 0o022
            default: break
            }
        }
    }
}

/// Two connected stream sockets.
func makeStreamPair() throws(SyscallError) -> (ours: SharedDescriptor, others: SharedDescriptor) {
    var ends: [CInt] = [-1, -1]
    // The call fills the two places that the array has.
    try syscall("socketpair") {
        unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
    }
    return (SharedDescriptor(rawValue: ends[0]), SharedDescriptor(rawValue: ends[1]))
}

/// A pipe, both ends close-on-exec.
/// - Returns: The end to read from, then the end to write to.
public func makePipe() throws(SyscallError) -> (reading: SharedDescriptor, writing: SharedDescriptor) {
    var ends: [CInt] = [-1, -1]
    // The call fills the two places that the array has.
    try syscall("pipe2") { unsafe ab_pipe(&ends) }
    return (SharedDescriptor(rawValue: ends[0]), SharedDescriptor(rawValue: ends[1]))
}
