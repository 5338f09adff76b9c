internal import CChildLaunch
internal import CLinuxShims
internal import Glibc
public import SystemPackage

/// Where a launch stopped. Names follow `enum child_step`.
public enum LaunchStep: Int32, Hashable, Sendable {
    case parentDeath = 1, session, idMap, loopback, stubSockets, mount, root, forkServer, keyring, limits, groups, user
    case capabilities, noNewPrivileges, directory, landlockRule, landlock, seccomp, descriptors, wait, exec, initProgram
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

/// A server that waits just before exec, with everything that holds it in place.
public struct WaitingChild: Sendable {
    /// The process that was forked: the server, or the init of its namespace.
    public let pid: CInt
    /// The server's pid as the launcher sees it.
    public let serverPid: CInt
    /// Answers the notified calls; `nil` in a plan without filter.
    public let listener: SharedDescriptor?
    /// The name stub's sockets inside the network namespace.
    public let stub: StubSockets?
    /// With a namespace: the server's wait status comes here, from init.
    public let initStatus: SharedDescriptor?
    private let report: SharedDescriptor

    public struct StubSockets: Sendable {
        public let udp: SharedDescriptor
        public let tcp: SharedDescriptor
        public init(udp: SharedDescriptor, tcp: SharedDescriptor) {
            self.udp = udp
            self.tcp = tcp
        }
    }

    /// Forks and waits until the child has prepared itself. The calling thread becomes the child's parent: the child is
    /// killed when that thread ends. PR_SET_PDEATHSIG(2const)
    /// - Parameters:
    ///   - ruleset: The Landlock ruleset's descriptor, or `nil` for a plan without.
    ///   - filter: Compiled instructions, or empty for a plan without.
    /// - Throws: ``LaunchError``. The child is gone then.
    public static func start(
        _ plan: ChildPlan, ruleset: CInt?, filter: [BPFInstruction], waitKillable: Bool
    ) throws(LaunchError) -> WaitingChild {
        var ours: CInt = -1, childs: CInt = -1
        guard unsafe child_report_pair(&ours, &childs) == 0 else {
            throw LaunchError(step: .fork, errno: Errno(rawValue: Glibc.errno))
        }
        let report = SharedDescriptor(rawValue: ours), reportOfChild = OwnedDescriptor(rawValue: childs)
        let hasInit = plan.namespaces & CLONE_NEWPID != 0
        let status = hasInit ? try LaunchError.during(.fork, makePipe) : nil
        let initProgram = hasInit ? try LaunchError.during(.initProgram, initImage) : nil

        let arena = CArena()
        var raw = unsafe child_plan()
        unsafe arena.fill(&raw, from: plan, filter: filter, waitKillable: waitKillable)
        unsafe raw.ruleset_fd = ruleset ?? -1
        unsafe raw.report_fd = reportOfChild.rawValue
        unsafe raw.init_fd = initProgram?.rawValue ?? -1
        unsafe raw.status_fd = status?.writing.rawValue ?? -1
        // The arena outlives the call, and the child has its own copy of the memory.
        let pid = unsafe child_start(&raw)
        let forkErrno = Glibc.errno
        withExtendedLifetime((arena, initProgram, status)) {}
        _ = consume reportOfChild  // else its end of file would never come
        if pid < 0 { throw LaunchError(step: .fork, errno: Errno(rawValue: forkErrno)) }
        return try handOver(pid, report, status?.reading, hasListener: filter.notifies)
    }

    /// Takes the listener (and the stub's sockets) out of the child, which waits for that.
    private static func handOver(
        _ pid: CInt, _ report: SharedDescriptor, _ initStatus: SharedDescriptor?, hasListener: Bool
    ) throws(LaunchError) -> WaitingChild {
        do throws(LaunchError) {
            var stub: StubSockets?
            while true {
                let (message, sender) = try receive(report)
                switch UInt32(message.message) {
                case CHILD_SOCKETS.rawValue:
                    stub = try LaunchError.during(.handOver) { () throws(SyscallError) in
                        let process = try PidDescriptor(of: sender)
                        return StubSockets(
                            udp: SharedDescriptor(try process.copy(message.first)),
                            tcp: SharedDescriptor(try process.copy(message.second)))
                    }
                    try LaunchError.during(.handOver) { () throws(SyscallError) in try report.writeAll([1]) }
                case CHILD_LISTENER.rawValue:
                    let listener =
                        !hasListener
                        ? nil
                        : try LaunchError.during(.handOver) { () throws(SyscallError) in
                            SharedDescriptor(try PidDescriptor(of: sender).copy(message.first))
                        }
                    return WaitingChild(
                        pid: pid, serverPid: sender, listener: listener, stub: stub, initStatus: initStatus,
                        report: report)
                default:
                    throw failure(message)
                }
            }
        } catch {
            kill(pid, SIGKILL)
            _ = waitpid(pid, nil, waitAll)
            throw error
        }
    }

    /// Lets the server exec. The listener must be served from now on: exec may be a notified call.
    public func letGo() throws(LaunchError) {
        try LaunchError.during(.handOver) { () throws(SyscallError) in try report.writeAll([1]) }
    }

    /// Waits until exec has happened, or the process is gone, which waiting for it will show.
    /// - Throws: ``LaunchError`` when exec failed.
    public func awaitExec() throws(LaunchError) {
        // The child's end closes at exec: an end of file.
        guard let (message, _) = try? Self.receive(report) else { return }
        throw Self.failure(message)
    }

    private static func failure(_ message: child_report) -> LaunchError {
        LaunchError(
            step: LaunchStep(rawValue: message.first) ?? .fork, errno: Errno(rawValue: message.second),
            index: Int(message.index))
    }

    private static func receive(_ report: SharedDescriptor) throws(LaunchError) -> (child_report, CInt) {
        var message = child_report(), sender: pid_t = 0
        let got = try LaunchError.during(.handOver) { () throws(SyscallError) in
            try syscall("recvmsg") { unsafe child_receive(report.rawValue, &message, &sender) }
        }
        if got == 0 { throw LaunchError(step: .handOver, errno: .noSuchProcess) }
        return (message, sender)
    }

    private static func initImage() throws(SyscallError) -> SharedDescriptor {
        var image = [UInt8](repeating: 0, count: 8_192)
        let size = Int(unsafe child_init_image(&image, UInt64(image.count)))
        precondition(size <= image.count, "the init program outgrew its buffer")
        let closeOnExec: UInt32 = 1  // MFD_CLOEXEC
        let file = SharedDescriptor(
            rawValue: try syscall("memfd_create") { unsafe ab_memfd_create("agentbound-init", closeOnExec) })
        try file.writeAll(Array(image[..<size]))
        return file
    }
}
