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
    /// Starts the server and stays with it until no process of the box is left. Blocks; the calling thread owns the
    /// server, which dies with it.
    /// - Parameters:
    ///   - started: Called once the server has exec'ed.
    ///   - stopRequest: A descriptor; when it becomes readable or hangs up, the box is ended.
    /// - Throws: ``BoxError``. Nothing is left running then.
    public static func run(
        _ plan: BoxPlan, surroundings: BoxSurroundings, witness: any BoxWitness, stopRequest: CInt? = nil,
        started: (CInt) -> Void = { _ in }
    ) throws(BoxError) -> BoxEnding {
        let prepared: Prepared, child: WaitingChild, box: RunningBox
        do throws(SyscallError) { prepared = try Prepared(plan) } catch { throw .system(error) }
        do throws(LaunchError) { child = try prepared.startChild() } catch { throw .launch(error) }
        do throws(SyscallError) {
            box = try RunningBox(prepared, child, surroundings, witness, stopRequest)
        } catch {
            kill(child.pid, SIGKILL)
            throw .system(error)
        }
        do throws(LaunchError) {
            try child.letGo()
            try child.awaitExec()
        } catch {
            box.endAll()
            _ = box.wait()
            throw .launch(error)
        }
        // From here on nobody of the same user may read the launcher's memory or take its descriptors.
        becomeUndumpable()
        started(child.serverPid)
        return box.wait()
    }
}

/// What is ready before the child exists.
struct Prepared {
    let plan: BoxPlan
    private let ruleset: SharedDescriptor?
    private let filter: [BPFInstruction]
    private let waitKillable: Bool
    /// Programs that may run, as the files they are now.
    let programs: Set<FileIdentity>

    init(_ plan: BoxPlan) throws(SyscallError) {
        self.plan = plan
        filter = plan.filter?.compiled(for: .current) ?? []
        waitKillable = plan.waitKillable
        var programs: Set<FileIdentity> = []
        for path in plan.programs { programs.insert(try FileStatus(of: path).identity) }
        self.programs = programs
        if let landlock = plan.landlock {
            let rules = try Landlock(
                abi: landlock.abi, denyTCP: true, scopeSignals: landlock.scopeSignals, scopeSockets: true)
            for rule in landlock.rules { try rules.allow(rule.access, at: rule.path) }
            ruleset = SharedDescriptor(rules.takeDescriptor())
        } else {
            ruleset = nil
        }
    }

    func startChild() throws(LaunchError) -> WaitingChild {
        try WaitingChild.start(plan.child, ruleset: ruleset?.rawValue, filter: filter, waitKillable: waitKillable)
    }
}
