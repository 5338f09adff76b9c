public import AuditTrail
import Glibc
public import LinuxSystem
import ManifestModel
public import PolicyEngine
import SystemPackage

/// Why a box did not start.
public enum BoxError: Error, Hashable, Sendable {
    /// Restrictions that nothing here can hold, and that nobody accepted.
    case gaps([Gap])
    /// The child could not be prepared, or could not exec.
    case launch(LaunchError)
    /// A call of the launcher's own failed.
    case system(SyscallError)
    /// Nothing stands between the box and a bus: what the proxy said, or what went wrong.
    case busProxy(String)
    /// The start could not be written down.
    case notRecorded(AuditError)

    static func launching<R>(_ body: () throws(LaunchError) -> R) throws(BoxError) -> R {
        do throws(LaunchError) { return try body() } catch { throw .launch(error) }
    }
}

/// What a box needs from outside while it runs.
public struct BoxSurroundings: Sendable {
    /// Where the name stub asks, when the permissions name nobody.
    public var nameServers: [Endpoint] = []
    /// The host's own names.
    public var hosts = HostsFile()
    /// Nanoseconds since 1970 when the launch began: names older than that need *delete* to vanish.
    public var start: Int64
    /// The client's end of standard input: when it is closed and drained the server is asked to end.
    public var watchedInput: CInt?
    /// Signals to pass on to the server; the calling thread has them blocked.
    public var passedSignals: [CInt] = []
    /// How long the server has to end by itself, and then again to obey SIGTERM.
    public var grace: Duration = .seconds(5)

    public init(start: Int64) { self.start = start }
}

/// One server in its box.
public enum Box {
    /// Starts the server and stays with it until no process of the box is left. Blocks; the box dies with the calling
    /// thread's process, and with the thread where it is traced.
    /// - Parameters:
    ///   - forked: A process that was forked while the plan was made. When there is none, or it does not fit the plan,
    ///     another one is forked.
    ///   - stopRequest: A descriptor; when it becomes readable or hangs up, the box is ended.
    ///   - record: Called when all is planned and nothing runs yet; when it throws, nothing will.
    ///   - started: Called once the server has exec'ed.
    ///   - ended: Called when no process of the box runs any more, while the kernel still clears up after them.
    /// - Throws: ``BoxError``. Nothing is left running then.
    public static func run(
        _ plan: BoxPlan, forked: ForkedChild? = nil, surroundings: BoxSurroundings, witness: any BoxWitness,
        stopRequest: CInt? = nil, record: () throws(AuditError) -> Void = {}, started: (CInt) -> Void = { _ in },
        ended: (BoxEnding) -> Void = { _ in }
    ) throws(BoxError) -> BoxEnding {
        let child = try BoxError.launching { () throws(LaunchError) in try fork(plan.child, forked) }
        // The child builds its root while the rest is prepared here.
        try BoxError.launching { () throws(LaunchError) in try child.furnish(plan.child) }
        let ruleset: SharedDescriptor?
        do throws(SyscallError) { ruleset = try plan.landlock.map(Self.ruleset) } catch {
            child.discard()
            throw .system(error)
        }
        try BoxError.launching { () throws(LaunchError) in
            try child.confine(plan.child, ruleset: ruleset?.rawValue)
        }
        let prepared: Prepared
        do throws(SyscallError) { prepared = try Prepared(plan) } catch {
            child.discard()
            throw .system(error)
        }
        let group: ControlGroup?
        do throws(SyscallError) {
            group = try plan.group.map { plan throws(SyscallError) in
                try ControlGroup(in: plan.parent, memory: plan.memory, processes: plan.processes)
            }
        } catch {
            child.discard()
            throw .system(error)
        }
        let pids = try BoxError.launching { () throws(LaunchError) in
            try child.complete(filter: prepared.filter, waitKillable: plan.waitKillable)
            return try child.awaitReady()
        }
        let guarded: GuardedChild
        do throws(SyscallError) {
            try group?.add(pids.server)
            guarded = try GuardedChild(prepared, pids, surroundings, witness, stopRequest)
        } catch {
            // A child that is gone has said why, which is more than that it is gone.
            if error.errno == .noSuchProcess {
                _ = try BoxError.launching { () throws(LaunchError) in
                    try child.handOver(hasListener: prepared.filter.notifies)
                }
            }
            child.discard()
            throw .system(error)
        }
        // The child is at work on itself meanwhile, and nothing but that.
        do throws(AuditError) { try record() } catch {
            child.discard()
            throw .notRecorded(error)
        }
        let waiting = try BoxError.launching { () throws(LaunchError) in
            try child.handOver(hasListener: prepared.filter.notifies)
        }
        let box: RunningBox
        do throws(SyscallError) { box = try RunningBox(guarded, waiting, surroundings, witness) } catch {
            guarded.endAll()
            waiting.wait()
            throw .system(error)
        }
        // From here on nobody of the same user may read the launcher's memory or take its descriptors.
        becomeUndumpable()
        do throws(LaunchError) {
            try waiting.letGo()
            try waiting.awaitExec()
        } catch {
            guarded.endAll()
            box.wait()
            waiting.initPID.map { _ = reapChild($0) }
            throw .launch(error)
        }
        guarded.start.happened()
        started(waiting.serverPid)
        let initPID = waiting.initPID
        let ending = box.wait { ending in
            for limit in LimitReached.all(ending, plan.granted.limits, group?.events()) {
                _ = witness.record(limit.event)
            }
            ended(ending)
        }
        // It takes the kernel a third of a millisecond to end init and its namespaces; what held the box is put away meanwhile.
        initPID.map { _ = reapChild($0) }
        return ending
    }

    private static func fork(_ plan: ChildPlan, _ forked: ForkedChild?) throws(LaunchError) -> ForkedChild {
        if let forked {
            if forked.fits(plan) { return forked }
            forked.discard()
        }
        return try ForkedChild(plan.origin)
    }

    private static func ruleset(_ plan: BoxPlan.LandlockPlan) throws(SyscallError) -> SharedDescriptor {
        let rules = try Landlock(abi: plan.abi, denyTCP: true, scopeSignals: plan.scopeSignals, scopeSockets: true)
        for rule in plan.rules { try rules.allow(rule.access, at: rule.path) }
        return SharedDescriptor(rules.takeDescriptor())
    }
}

/// What is ready before the child is under its filter.
struct Prepared {
    let plan: BoxPlan
    let filter: [BPFInstruction]
    /// The calls that it hands to the supervisor, by number.
    let judged: [Int32: String]
    /// Programs that may run, as the files they are now.
    let programs: Set<FileIdentity>
    /// Those and their loaders: what Landlock lets start.
    let startable: Set<FileIdentity>

    init(_ plan: BoxPlan) throws(SyscallError) {
        self.plan = plan
        let calls = plan.filter
        filter = calls?.compiled(for: .current) ?? []
        var judged: [Int32: String] = [:]
        for (name, rule) in calls?.rules ?? [:] {
            let isNotified = rule.otherwise == .notify || rule.exceptions.contains { $0.action == .notify }
            if isNotified, let number = Architecture.current.number(of: name) { judged[Int32(number)] = name }
        }
        self.judged = judged
        var programs: Set<FileIdentity> = []
        for path in plan.programs { programs.insert(try FileStatus(of: path).identity) }
        self.programs = programs
        if plan.mediation.reportExec, let rules = plan.landlock?.rules {
            for rule in rules where rule.access.contains(.execute) {
                programs.insert(try FileStatus(of: rule.path).identity)
            }
        }
        startable = programs
    }
}
