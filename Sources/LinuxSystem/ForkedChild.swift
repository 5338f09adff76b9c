internal import CChildLaunch
internal import CLinuxShims
internal import Glibc
internal import Synchronization
public import SystemPackage

/// A process that makes its namespaces while its launcher still plans, and then waits to be told what to become. It dies with
/// the thread that makes this value. PR_SET_PDEATHSIG(2const)
///
/// The order of calls: ``init(_:)``, ``furnish(base:place:)`` or not, ``furnish(_:)``,
/// ``confine(_:ruleset:)``, ``complete(filter:waitKillable:)``, ``awaitReady()``, ``handOver(hasListener:)``. When one of them throws, the child is gone;
/// ``discard()`` gives it up at any point before.
@safe public final class ForkedChild {
    public let origin: ChildOrigin
    private let report: SharedDescriptor
    private let initStatus: SharedDescriptor?
    private let arena: SharedArena
    // Points into the arena, which lives as long.
    private let plan: UnsafeMutablePointer<child_plan>
    /// What was forked, -1 once it is gone or handed over; and the server-to-be as the launcher sees it, 0 while it is not known.
    private var pids: (forked: CInt, server: CInt)
    private var listener: child_report?
    /// The mounts that it makes already, and over which folder.
    private var base: (steps: [MountStep], place: FilePath)?

    /// Forks, and does not wait for the child.
    public init(_ origin: ChildOrigin) throws(LaunchError) {
        self.origin = origin
        var ours: CInt = -1, childs: CInt = -1
        guard unsafe child_report_pair(&ours, &childs) == 0 else {
            throw LaunchError(step: .fork, errno: Errno(rawValue: Glibc.errno))
        }
        report = SharedDescriptor(rawValue: ours)
        let reportOfChild = SharedDescriptor(rawValue: childs)
        let hasInit = origin.namespaces & CLONE_NEWPID != 0
        let status = hasInit ? try LaunchError.during(.fork, makeStreamPair) : nil
        let initProgram = hasInit ? try LaunchError.during(.initProgram, Self.initImage) : nil
        initStatus = status?.ours
        arena = try LaunchError.during(.fork) { () throws(SyscallError) in try SharedArena() }
        unsafe plan = arena.make(child_plan.self)
        var raw = unsafe child_origin()
        unsafe raw.namespaces = UInt64(origin.namespaces)
        unsafe raw.uid = origin.user.map { UInt64($0.uid) } ?? .max
        unsafe raw.gid = origin.user.map { UInt64($0.gid) } ?? .max
        unsafe raw.drop_groups = origin.dropGroups ? 1 : 0
        unsafe raw.keep_privileges = origin.keepsPrivileges ? 1 : 0
        unsafe raw.new_user_namespace = origin.namespaces & CLONE_NEWUSER != 0 ? 1 : 0
        unsafe raw.map_uid = geteuid()
        unsafe raw.map_gid = getegid()
        unsafe raw.report_fd = childs
        unsafe raw.launchers_fd = ours
        unsafe raw.init_fd = initProgram?.rawValue ?? -1
        unsafe raw.launchers_status_fd = status?.ours.rawValue ?? -1
        unsafe raw.status_fd = status?.others.rawValue ?? -1
        unsafe raw.stream_fds = (origin.streams?.input ?? -1, origin.streams?.output ?? -1, origin.streams?.error ?? -1)
        unsafe raw.plan = UnsafePointer(plan)
        // The child has a copy of all memory but the plan's. Its descriptors are closed here when this ends: else its end of
        // file would never come.
        let forked = try withExtendedLifetime((reportOfChild, status?.others, initProgram)) { () throws(LaunchError) in
            try LaunchError.during(.fork) { () throws(SyscallError) in
                try syscall("clone") { unsafe child_fork(&raw) }
            }
        }
        pids = (forked, 0)
    }

    /// Tells the child the mounts that its root will begin with, whatever the plan comes to. Does not wait.
    public func furnish(base steps: [MountStep], place: FilePath) throws(LaunchError) {
        if steps.isEmpty { return }
        base = (steps, place)
        unsafe arena.fillBase(plan, steps, place: place)
        try say(GO_BASE)
    }

    /// Whether the plan goes on from what the child was told so far.
    public func fits(_ plan: ChildPlan) -> Bool {
        guard origin == plan.origin, pids.forked >= 0 else { return false }
        guard let base else { return true }
        return plan.rootPlace == base.place && plan.mounts.starts(with: base.steps)
    }

    /// Tells the child which root and which network to make. Does not wait.
    public func furnish(_ plan: ChildPlan) throws(LaunchError) {
        unsafe arena.fillRoot(self.plan, from: plan, after: base?.steps.count)
        try say(GO_ROOT)
    }

    /// Waits until the server-to-be exists.
    /// - Returns: What was forked (the server-to-be or its namespace's init), and the server-to-be, as seen from here.
    public func awaitReady() throws(LaunchError) -> (forked: CInt, server: CInt) {
        while pids.server == 0 { try receive() }
        return pids
    }

    /// Tells the child what confines it, but for its filter, and what it becomes. Does not wait.
    /// - Parameter ruleset: The Landlock ruleset's descriptor, or `nil` for a plan without.
    public func confine(_ plan: ChildPlan, ruleset: CInt?) throws(LaunchError) {
        unsafe arena.fillServer(self.plan, from: plan)
        try say(GO_CONFINE, ruleset ?? -1)
    }

    /// Tells the child its filter. Does not wait.
    /// - Parameter filter: Compiled instructions, or empty for a plan without.
    public func complete(filter: [BPFInstruction], waitKillable: Bool) throws(LaunchError) {
        unsafe arena.fillFilter(self.plan, filter, waitKillable: waitKillable)
        try say(GO_FILTER)
    }

    /// Takes the listener and the stub's sockets out of the child, which waits for that, confined.
    public func handOver(hasListener: Bool) throws(LaunchError) -> WaitingChild {
        while listener == nil { try receive() }
        let numbers = listener!
        do {
            return try LaunchError.during(.handOver) { () throws(SyscallError) in
                let process = try PidDescriptor(of: pids.server)
                let listener = hasListener ? SharedDescriptor(try process.copy(numbers.first)) : nil
                let stub =
                    numbers.second < 0
                    ? nil
                    : WaitingChild.StubSockets(
                        udp: SharedDescriptor(try process.copy(numbers.second)),
                        tcp: SharedDescriptor(try process.copy(numbers.third)))
                defer { pids.forked = -1 }  // not ours to end any more
                return WaitingChild(
                    pid: pids.forked, serverPid: pids.server, listener: listener, stub: stub, initStatus: initStatus,
                    server: SharedDescriptor(process.takeDescriptor()), report: report)
            }
        } catch {
            discard()
            throw error
        }
    }

    /// Ends the child and waits until it is gone.
    public func discard() {
        if pids.forked < 0 { return }
        kill(pids.forked, SIGKILL)
        _ = waitpid(pids.forked, nil, waitAll)
        pids.forked = -1
    }

    /// Takes the next message and keeps what it brings.
    private func receive() throws(LaunchError) {
        var message = child_report(), sender: pid_t = 0
        do throws(LaunchError) {
            let got = try LaunchError.during(.handOver) { () throws(SyscallError) in
                try syscall("recvmsg") { unsafe child_receive(report.rawValue, &message, &sender) }
            }
            // The last one that could have written is gone.
            if got == 0 { throw LaunchError(step: .handOver, errno: .noSuchProcess) }
        } catch {
            discard()
            throw error
        }
        switch UInt32(message.message) {
        case CHILD_READY.rawValue: pids.server = sender
        case CHILD_LISTENER.rawValue: listener = message
        case CHILD_FAILED.rawValue:
            discard()
            throw LaunchError(message)
        default: break
        }
    }

    /// A child that is gone has said why, and receiving its message tells.
    private func say(_ word: child_go, _ descriptor: CInt = -1) throws(LaunchError) {
        do throws(SyscallError) {
            try syscall("sendmsg") { child_say(report.rawValue, CChar(word.rawValue), descriptor) }
        } catch {
            if error.errno == .brokenPipe || error.errno == .connectionReset { return }
            discard()
            throw LaunchError(step: .handOver, errno: error.errno)
        }
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
