internal import CLinuxShims
internal import Glibc

/// __WALL and __WNOTHREAD of wait4(2).
public let waitAll: CInt = 0x4000_0000
public let waitOwnThread: CInt = 0x2000_0000

/// The calls of a tracer. ptrace(2)
public enum Tracing {
    /// Follows a process from now on, without stopping it.
    public static func seize(_ pid: CInt, options: UInt64) throws(SyscallError) {
        try syscall("ptrace") { ab_ptrace_seize(pid, options) }
    }

    /// Lets a group-stopped tracee stay stopped until SIGCONT.
    public static func listen(_ pid: CInt) { _ = ab_ptrace_listen(pid) }

    /// Lets a stopped tracee go on. It may have been killed meanwhile: then there is nothing to let go.
    public static func proceed(_ pid: CInt, signal: CInt = 0) { _ = ab_ptrace_continue(pid, signal) }

    /// The number that goes with an event, such as the new process's.
    public static func message(_ pid: CInt) -> UInt64? {
        var message: UInt64 = 0
        return unsafe ab_ptrace_message(pid, &message) == 0 ? message : nil
    }
}

/// Keeps others from reading this process's memory and descriptors. PR_SET_DUMPABLE(2const)
public func becomeUndumpable() { _ = ab_set_dumpable(0) }

/// The way back, once no box runs any more: without it an ordinary user's process cannot read its own environment in /proc.
public func becomeDumpable() { _ = ab_set_dumpable(1) }

/// Bytes that wait in a pipe or socket; `nil` where that cannot be told.
public func waitingBytes(_ descriptor: CInt) -> Int? {
    let count = ab_ioctl_count(descriptor)
    return count < 0 ? nil : Int(count)
}
