public import LinuxSystem
import ManifestModel
public import PolicyEngine
public import SystemPackage

/// Everything the launcher will do, settled before it does any of it. Printed by `--dry-run`, held by snapshots.
public struct BoxPlan: Hashable, Sendable {
    public var isolation: Isolation
    public var child: ChildPlan
    /// `nil` on a kernel without Landlock (a gap).
    public var landlock: LandlockPlan?
    /// What decides about system calls; `nil` in a test-only plan.
    var calls: FilterTable?
    /// The same, call by call. It is not needed before the child confines itself, and takes a while to list.
    public var filter: SyscallFilter? { calls?.filter() }
    public var mediation: Mediation
    /// What the supervisor opens and makes for the box, where Landlock could not keep denied names closed.
    public var mediated: [PathRule]
    /// Whether links with denied names are looked for while the server starts already: what they lead to is closed too.
    public var searchesLinks: Bool
    /// Whether every process of the box is traced: held to the command list, and killed with the launcher.
    public var isTraced: Bool
    /// The programs that may run, by file; empty when no exec but the first is allowed.
    public var programs: [FilePath]
    public var gaps: [Gap]
    /// Whether paused callers can be kept from being interrupted (Linux 5.19).
    public var waitKillable: Bool
    /// What the supervisor decides by.
    public var granted: EffectivePermissions
    /// Where the box may do as it likes: its own temporary files.
    public var scratch: [FilePath]
    /// The control group to make for it; `nil` where no limit asks for one, or none can be had.
    public var group: GroupPlan?

    /// A control group of the box's own, and what its processes may use together.
    public struct GroupPlan: Hashable, Sendable {
        public var parent: FilePath
        public var memory: UInt64?
        public var processes: UInt64?
    }

    public struct LandlockPlan: Hashable, Sendable {
        public var abi: Int
        public var scopeSignals: Bool
        public var rules: [PathRule]
    }

    /// Access below a place, and why it is granted.
    public struct PathRule: Hashable, Sendable {
        public var path: FilePath
        public var access: FileAccess
        public var reason: String
        public init(_ path: FilePath, _ access: FileAccess, _ reason: String) {
            self.path = path
            self.access = access
            self.reason = reason
        }
    }

    /// Pure: the same request gives the same plan.
    public init(_ request: BoxRequest) {
        let kernel = request.host.kernel, granted = request.granted
        let isolated = request.isolation == .namespaces
        let off = request.options.withoutLayers
        let ownProcesses = isolated && !granted.granted.contains(.process)
        let client = granted.granted.contains(.networkClient), server = granted.granted.contains(.networkServer)

        self.isolation = request.isolation
        self.granted = granted.closing(request.host.denied)
        waitKillable = kernel.waitKillable
        scratch = isolated ? RootPlan.scratch(request) : [request.host.scratch]
        group =
            off.contains(.limits)
            ? nil
            : request.host.groupParent.map {
                GroupPlan(parent: $0, memory: granted.limits.memory, processes: granted.limits.processes)
            }

        var mediation = Mediation()
        mediation.tcpSockets = isolated && (client || server)
        mediation.datagrams = !isolated && client
        mediation.removals = granted.writePaths.contains { path in
            !granted.deletePaths.contains { path.starts(with: $0) }
        }
        mediation.metadata = !isolated
        mediation.refuseExec = granted.commands.isEmpty
        mediation.reportExec = !granted.commands.isEmpty
        mediation.signals = !ownProcesses && kernel.landlockABI < 6 && !granted.granted.contains(.process)
        mediation.terminals = !isolated && request.usesTerminals
        mediation.observeFiles = request.options.explainFiles
        let all = PathRules(request).rules
        var rules = MediatedRules(all, reads: [], writes: [])
        if kernel.canSupervise && !off.contains(.supervisor) {
            let changed = MediatedRules.roots(granted.writePaths + granted.deletePaths, granted, for: .write)
            let read = MediatedRules.roots(granted.readPaths, granted, for: .read)
            rules = MediatedRules(all, reads: read, writes: changed)
            mediation.opens = !read.isEmpty ? .all : !changed.isEmpty ? .changes : .none
            if !changed.isEmpty {
                mediation.names = true
                mediation.removals = true
                mediation.metadata = true
            }
        }
        mediated = rules.mediated
        searchesLinks = !rules.mediated.isEmpty && !request.host.unsearched.isEmpty
        // With nobody to judge, Landlock holds removals and the list of programs that is then just the server's own.
        if !kernel.canSupervise {
            mediation.tcpSockets = false
            mediation.datagrams = false
            mediation.removals = false
            mediation.refuseExec = false
            mediation.reportExec = false
            mediation.terminals = false
            mediation.observeFiles = false
        }
        self.mediation = mediation

        let needsTracer = (!mediation.refuseExec || !ownProcesses) && !off.contains(.tracer)
        isTraced = needsTracer && kernel.canTrace
        programs = mediation.refuseExec ? [] : [request.launch.program] + request.commands.map(\.program)

        calls =
            off.contains(.filter)
            ? nil
            : FilterTable(
                mediation: mediation, ownProcesses: ownProcesses, ownNetwork: isolated, landlockABI: kernel.landlockABI,
                bluetooth: granted.granted.contains(.bluetooth), isJudged: kernel.canSupervise,
                isOpen: off.contains(.supervisor))
        landlock =
            kernel.landlockABI < 1 || off.contains(.landlock)
            ? nil
            : LandlockPlan(
                abi: kernel.landlockABI, scopeSignals: !granted.granted.contains(.process),
                rules: rules.kept)
        child = ChildPlan()
        gaps = []
        child = childPlan(request, ownProcesses: ownProcesses, network: client && kernel.canSupervise)
        gaps = Self.gaps(request, needsTracer: needsTracer)
    }

    /// What the box's first process is forked with: all that a plan settles about it before anything is looked up.
    /// - Parameters:
    ///   - ownProcesses: The box may not see processes outside it (no system.process).
    ///   - isPrivileged: Namespaces need no user namespace (CAP_SYS_ADMIN).
    public static func origin(
        _ isolation: Isolation, ownProcesses: Bool, isPrivileged: Bool, user: UserIdentity?
    ) -> ChildOrigin {
        var origin = ChildOrigin(namespaces: 0, user: user, dropGroups: isPrivileged)
        guard isolation == .namespaces else { return origin }
        origin.namespaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
        if ownProcesses { origin.namespaces |= CLONE_NEWPID }
        if !isPrivileged { origin.namespaces |= CLONE_NEWUSER }
        return origin
    }

    private func childPlan(_ request: BoxRequest, ownProcesses: Bool, network: Bool) -> ChildPlan {
        let host = request.host
        var child = ChildPlan()
        child.directory = host.directory
        child.program = request.launch.program
        child.arguments = request.launch.argv
        child.environment = Self.environment(request, temporary: scratch[0])
        let off = request.options.withoutLayers
        child.keepsPrivileges = off.contains(.capabilities)
        child.keepsDescriptors = off.contains(.descriptors)
        let isolation: Isolation = off.contains(.namespaces) ? .plain : request.isolation
        let origin = Self.origin(
            isolation, ownProcesses: ownProcesses, isPrivileged: host.isPrivileged, user: request.options.user)
        child.user = origin.user
        child.streams = request.options.streams
        child.dropGroups = origin.dropGroups
        child.namespaces = origin.namespaces
        if !off.contains(.limits) {
            child.limits = Self.limits(request.granted.limits, group, ownUser: origin.namespaces & CLONE_NEWUSER != 0)
        }
        guard isolation == .namespaces else { return child }
        child.stubSockets = network
        child.ipv6 = host.hasIPv6
        let root = RootPlan(request, ownProcesses: ownProcesses)
        child.mounts = root.steps
        let known = FileAccess.handled(abi: host.kernel.landlockABI)
        child.innerRules = landlock == nil ? [] : root.rules.map { .init($0.path, $0.access.intersection(known)) }
        child.rootPlace = RootPlan.place(request, ownProcesses: ownProcesses)
        return child
    }

    /// The server's variables: what is granted, what `env` in its own command line changes, and the box's TMPDIR.
    private static func environment(_ request: BoxRequest, temporary: FilePath) -> [String] {
        var values: [String: String] = [:]
        for variable in request.granted.environment { values[variable.name] = variable.value }
        let change = request.launch.environment
        if change.clears { values = [:] }
        for name in change.removed { values[name] = nil }
        for assignment in change.set { values[assignment.name] = assignment.value }
        values["TMPDIR"] = temporary.string
        return values.map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// Numbers: asm-generic/resource.h, the same on x86-64 and arm64.
    /// - Parameter ownUser: The kernel counts the box's processes apart from all others of the user. user_namespaces(7)
    private static func limits(_ limits: ResourceLimits, _ group: GroupPlan?, ownUser: Bool) -> [ChildPlan.Limit] {
        var list = [ChildPlan.Limit(4, soft: 0, hard: 0)]  // RLIMIT_CORE: a core file holds the server's secrets
        func add(_ resource: CInt, _ value: UInt64?) {
            if let value { list.append(ChildPlan.Limit(resource, soft: value, hard: value)) }
        }
        // At the soft limit comes SIGXCPU, which says why; at the hard one SIGKILL.
        if let cpu = limits.cpu { list.append(ChildPlan.Limit(0, soft: cpu, hard: cpu + 1)) }
        add(1, limits.fileSize)
        add(2, limits.memory)  // RLIMIT_DATA: address space (RLIMIT_AS) is reserved in terabytes by node and Java
        // A group counts the box alone. So does the kernel in a user namespace; elsewhere it counts all of the user's.
        if group?.processes == nil { add(6, limits.processes ?? (ownUser ? DefaultLimits.processes : nil)) }
        if limits.files != nil {
            add(7, limits.files)
        } else {
            list.append(ChildPlan.Limit(7, soft: .max, hard: DefaultLimits.files))
        }
        return list
    }

    private static func gaps(_ request: BoxRequest, needsTracer: Bool) -> [Gap] {
        let kernel = request.host.kernel
        var gaps: [Gap] = []
        if kernel.landlockABI < 1 { gaps.append(.files) }
        if !kernel.canSupervise { gaps.append(.supervisor) }
        if needsTracer && !kernel.canTrace { gaps.append(.tracer) }
        // With a supervisor to judge each open nothing has to be found beforehand.
        if kernel.canSupervise && !request.options.withoutLayers.contains(.supervisor) { return gaps }
        gaps += request.host.unsearched.map { .unsearchedGrant($0) }
        if request.isolation == .plain { gaps += request.host.denied.map { .denyInsideGrant($0.path) } }
        return gaps
    }
}

/// What a box may use where nobody says otherwise: far more than servers need (docs/limits.md), far less than a machine has.
enum DefaultLimits {
    /// Open descriptors of one process. Only the hard limit: node and Java raise theirs to that by themselves.
    static let files: UInt64 = 65_536
    /// Processes and threads of the box.
    static let processes: UInt64 = 4_096
}

extension EffectivePermissions {
    /// With what protected links lead to closed as well.
    func closing(_ found: [HostFacts.DeniedEntry]) -> EffectivePermissions {
        var closed = self
        closed.denied += found.filter(\.isBehindLink).map {
            // What is no text in a name may be anything there.
            DeniedPath(
                pattern: $0.path.string.replacing("\u{FFFD}", with: "*"), access: $0.rule.access, origin: $0.rule.origin
            )
        }
        return closed
    }
}
