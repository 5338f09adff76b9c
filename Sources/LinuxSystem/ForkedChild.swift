internal import CChildLaunch
internal import CLinuxShims
internal import Glibc
internal import Synchronization
public import SystemPackage

/// A process that makes its namespaces while its launcher still plans, and then waits to be told what to become.
///
/// The order of calls: ``init(_:)``, ``furnish(base:place:)`` or not, ``furnish(_:)``,
/// ``confine(_:ruleset:filter:waitKillable:)``, ``awaitReady()``, ``handOver(hasListener:)``. When one of them throws, the child is gone;
/// ``discard()`` gives it up at any point before.
@safe public final class ForkedChild {
    public let origin: ChildOrigin
    private let report: SharedDescriptor
    private let initStatus: SharedDescriptor?
    private let thread: ForkThread
    private let arena: SharedArena
    // Points into the arena, which lives as long.
    private let plan: UnsafeMutablePointer<child_plan>
    /// What was forked, and the server-to-be as the launcher sees it; 0 while they are not known, -1 once the child is
    /// gone or handed over.
    private var pids = (forked: CInt(0), server: CInt(0))

    /// CHILD_LISTENER, which may come before the forking thread has said what it forked.
    private var listener: child_report?
    /// The mounts that it makes already, and over which folder.
    private var base: (steps: [MountStep], place: FilePath)?

    /// Forks on a thread of its own, and does not wait for it.
    public init(_ origin: ChildOrigin) throws(LaunchError) {
        self.origin = origin
        var ours: CInt = -1, childs: CInt = -1
        guard unsafe child_report_pair(&ours, &childs) == 0 else {
            throw LaunchError(step: .fork, errno: Errno(rawValue: Glibc.errno))
        }
        report = SharedDescriptor(rawValue: ours)
        let reportOfChild = SharedDescriptor(rawValue: childs)
        let hasInit = origin.namespaces & CLONE_NEWPID != 0
        let status = hasInit ? try LaunchError.during(.fork, makePipe) : nil
        let initProgram = hasInit ? try LaunchError.during(.initProgram, Self.initImage) : nil
        initStatus = status?.reading
        arena = try LaunchError.during(.fork) { () throws(SyscallError) in try SharedArena() }
        unsafe plan = arena.make(child_plan.self)
        var raw = unsafe child_origin()
        unsafe raw.namespaces = UInt64(origin.namespaces)
        unsafe raw.uid = origin.user.map { UInt64($0.uid) } ?? .max
        unsafe raw.gid = origin.user.map { UInt64($0.gid) } ?? .max
        unsafe raw.drop_groups = origin.dropGroups ? 1 : 0
        unsafe raw.new_user_namespace = origin.namespaces & CLONE_NEWUSER != 0 ? 1 : 0
        unsafe raw.map_uid = geteuid()
        unsafe raw.map_gid = getegid()
        unsafe raw.report_fd = childs
        unsafe raw.launchers_fd = ours
        unsafe raw.init_fd = initProgram?.rawValue ?? -1
        unsafe raw.status_fd = status?.writing.rawValue ?? -1
        unsafe raw.streams_fd = origin.streams ?? -1
        unsafe raw.plan = UnsafePointer(plan)
        let half = unsafe ChildsHalf(raw, [reportOfChild, status?.writing, initProgram].compactMap { $0 })
        thread = try LaunchError.during(.fork) { () throws(SyscallError) in try ForkThread(fork: half.fork) }
    }

    /// What the forking thread needs, and lets go of once it has forked: else the child's end of file would never come.
    @safe private final class ChildsHalf: @unchecked Sendable {
        // Written before the thread starts and used by it alone.
        private var origin: child_origin
        private var descriptors: [SharedDescriptor]

        init(_ origin: child_origin, _ descriptors: [SharedDescriptor]) {
            unsafe self.origin = origin
            self.descriptors = descriptors
        }

        @Sendable func fork() {
            // The child has a copy of all memory but the plan's.
            unsafe child_fork(&origin)
            descriptors = []
        }
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
        while pids.forked == 0 || pids.server == 0 { try receive() }
        return pids
    }

    /// Tells the child what confines it and what it becomes. Does not wait.
    /// - Parameters:
    ///   - ruleset: The Landlock ruleset's descriptor, or `nil` for a plan without.
    ///   - filter: Compiled instructions, or empty for a plan without.
    public func confine(
        _ plan: ChildPlan, ruleset: CInt?, filter: [BPFInstruction], waitKillable: Bool
    ) throws(LaunchError) {
        unsafe arena.fillServer(self.plan, from: plan, filter: filter, waitKillable: waitKillable)
        try say(GO_CONFINE, ruleset ?? -1)
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
                    server: SharedDescriptor(process.takeDescriptor()), report: report, thread: thread)
            }
        } catch {
            discard()
            throw error
        }
    }

    /// Ends the child and waits until it is gone.
    public func discard() {
        while pids.forked == 0 { guard (try? receive()) != nil else { return } }
        if pids.forked < 0 { return }
        kill(pids.forked, SIGKILL)
        _ = waitpid(pids.forked, nil, waitAll)
        pids.forked = -1
        thread.end()
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
            if pids.forked > 0 { discard() } else { thread.end() }
            throw error
        }
        switch UInt32(message.message) {
        case CHILD_FORKED.rawValue: pids.forked = message.first
        case CHILD_READY.rawValue: pids.server = sender
        case CHILD_LISTENER.rawValue: listener = message
        case CHILD_FAILED.rawValue:
            let failure = LaunchError(message)
            // Nothing was forked; or the child was faster to fail than its parent to say that it exists.
            if failure.step == .fork {
                pids.forked = -1
                thread.end()
            } else {
                discard()
            }
            throw failure
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
