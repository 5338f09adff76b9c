public import SystemPackage

/// Where a launch stopped. Names follow `enum child_step`.
public enum LaunchStep: Int32, Hashable, Sendable {
    case parentDeath = 1, session, idMap, loopback, stubSockets, mount, root, forkServer, keyring, limits, groups, user
    case capabilities, noNewPrivileges, directory, landlockRule, landlock, seccomp, descriptors, wait, exec, initProgram
    case namespaces
    /// The parent's side: fork itself, or the hand-over of the listener.
    case fork = 100
    case handOver
}

/// A launch that failed: in which step, why, and for steps over a list, which entry.
public struct LaunchError: Error, Hashable, Sendable {
    public let step: LaunchStep
    public let errno: Errno
    public let index: Int
    public init(step: LaunchStep, errno: Errno, index: Int = 0) {
        self.step = step
        self.errno = errno
        self.index = index
    }

    /// Runs a call of the parent's side.
    static func during<R>(_ step: LaunchStep, _ body: () throws(SyscallError) -> R) throws(LaunchError) -> R {
        do { return try body() } catch { throw LaunchError(step: step, errno: error.errno) }
    }
}
