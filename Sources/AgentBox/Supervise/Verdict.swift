import LinuxSystem
import SystemPackage

/// What the kernel is told about a notified call.
enum Verdict: Sendable {
    /// The call fails with this errno; nothing was done.
    case deny(Errno)
    /// The supervisor made the call and this is its result.
    case value(Int64)
    /// The supervisor opened it, and the caller gets a copy.
    case inject(SharedDescriptor, closeOnExec: Bool)
    /// No grant: the arguments may have changed since they were read. Only for what Landlock or the filter holds.
    case leaveToKernel

    /// A call made on the caller's behalf: its errno, or success.
    static func outcome(_ failure: Errno?) -> Verdict { failure.map { .deny($0) } ?? .value(0) }

    /// Makes a call on the caller's behalf; a thrown errno becomes the caller's.
    static func onBehalf(_ body: () throws(SyscallError) -> Void) -> Verdict {
        do { try body() } catch { return .deny(error.errno) }
        return .value(0)
    }
}
