import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// A server-to-be with what has to be in place before it runs: the tracer, and who ends it.
struct GuardedChild {
    let prepared: Prepared
    let tracer: Tracer?
    let tree = ProcessTree()
    let start = ServerStart()
    /// Will serve the listener; `nil` in a plan without one.
    let supervising: SpareThread?
    private let forked: CInt

    init(
        _ prepared: Prepared, _ pids: (forked: CInt, server: CInt), _ surroundings: BoxSurroundings,
        _ witness: any BoxWitness, _ stopRequest: CInt?
    ) throws(SyscallError) {
        self.prepared = prepared
        forked = pids.forked
        supervising = prepared.filter.notifies ? try SpareThread("box-supervisor") : nil
        if prepared.plan.isTraced {
            let tracer = Tracer(server: pids.server, tree: tree, programs: prepared.programs, witness: witness)
            try tracer.attach()
            self.tracer = tracer
        } else {
            tracer = nil
        }
        if surroundings.watchedInput != nil || !surroundings.passedSignals.isEmpty || stopRequest != nil {
            let server = SharedDescriptor(try PidDescriptor(of: pids.server).takeDescriptor())
            let end: @Sendable () -> Void = { [tree, forked = pids.forked] in
                kill(forked, SIGKILL)  // the namespace's init, and so everything in it; or the server
                for other in tree.all { kill(other, SIGKILL) }
            }
            let grace = surroundings.grace
            let watcher = try Watcher(
                surroundings, server: server, start: start, stopRequest: stopRequest, end: end,
                late: { _ = witness.record(.late(after: grace)) })
            try SystemThread.start("box-life") { watcher.run() }
        }
    }

    func endAll() {
        kill(forked, SIGKILL)
        tracer?.endAll()
    }
}

/// The parts that keep a started server in its box: supervisor, tracer, name stub, life cycle.
struct RunningBox {
    private let child: WaitingChild
    private let tracer: Tracer?

    init(
        _ guarded: GuardedChild, _ child: WaitingChild, _ surroundings: BoxSurroundings, _ witness: any BoxWitness
    ) throws(SyscallError) {
        let plan = guarded.prepared.plan
        self.child = child
        tracer = guarded.tracer
        let names = NameTable()
        let stub = try Self.startNames(plan, child, surroundings, names, witness)
        if let listener = child.listener {
            let supervisor = Supervisor(
                plan: plan, judged: guarded.prepared.judged, startable: guarded.prepared.startable,
                listener: NotificationListener(listener),
                server: child.serverPid, tree: guarded.tree,
                names: names, stub: stub, start: surroundings.start, witness: witness)
            if plan.searchesLinks {
                // As the launcher: the server's user may not see into every folder, and where it can reach is what counts.
                let held = supervisor.held
                try SystemThread.start("box-search") { held.searchLinks() }
            }
            guarded.supervising?.run {
                // A supervisor that cannot go on must not leave the box to itself.
                guard CallerIdentity.assume(plan.child.user), (try? supervisor.run()) != nil else { abort() }
            }
        }
    }

    /// The stub's thread, where the box may look names up.
    /// - Returns: Where look-ups are to be led on the host: all of them in plain mode. With a network of its own a box has the
    ///   stub inside for datagrams, but its TCP sockets belong to the host's network.
    private static func startNames(
        _ plan: BoxPlan, _ child: WaitingChild, _ surroundings: BoxSurroundings, _ table: NameTable,
        _ witness: any BoxWitness
    ) throws(SyscallError) -> Endpoint? {
        guard plan.granted.granted.contains(.networkClient), plan.calls != nil else { return nil }
        let inside = child.stub.map { (udp: dup($0.udp.rawValue), tcp: dup($0.tcp.rawValue)) }
        let outside = try NameListener.loopback()
        let endpoint = outside.endpoint
        let handOver = ListenerNumbers(inside: inside, outside: outside)
        let upstreams = plan.granted.nameServer.map { [$0] } ?? surroundings.nameServers
        let server = child.server
        try SystemThread.start("box-names") {
            guard CallerIdentity.assume(plan.child.user), let listeners = handOver.listeners() else { abort() }
            let stub = NameStub(
                rules: NameRules(plan.granted.hosts), table: table, upstreams: upstreams, hosts: surroundings.hosts,
                listeners: listeners
            ) { event in
                for denial in Self.denials(event) { _ = witness.record(denial) }
            }
            while true {
                // The server's pidfd tells when nobody is left to answer.
                var ready = stub.pollDescriptors() + [pollfd(fd: server.rawValue, events: Int16(POLLIN), revents: 0)]
                let wait = stub.nextDeadline.map { max(0, ($0 - MonotonicTime.now()) / .milliseconds(1)) + 1 } ?? -1
                // The array holds as many entries as the call is told of.
                unsafe poll(&ready, nfds_t(ready.count), CInt(min(wait, 60_000)))
                if ready.removeLast().revents != 0 { return }
                stub.handle(ready: ready, now: MonotonicTime.now())
            }
        }
        return endpoint
    }

    /// What the stub refused, for the record.
    static func denials(_ event: NameEvent) -> [BoxEvent] {
        switch event {
        case .refused(let name, .notGranted):
            [
                BoxEvent(
                    .deny, .networkClient, act: "name", subject: name, reason: "not in allowedHosts",
                    flag: "--allow-host \(name)")
            ]
        case .refused(let name, let why):
            [BoxEvent(.deny, .networkClient, act: "name", subject: name, reason: "\(why)")]
        case .addressesDropped(let name, let addresses, _):
            addresses.map {
                BoxEvent(
                    .deny, .networkClient, act: "name", subject: "\(name) -> \($0)",
                    reason: "a granted name led to a \($0.classification.words) address", flag: "--allow-host \($0)")
            }
        case .untold(let count):
            [
                BoxEvent(
                    .deny, .networkClient, act: "name", subject: "\(count) more names",
                    reason: "too many to record one by one")
            ]
        }
    }

    /// Blocks until the server has ended and nothing is left of the box, but for the init of its namespace: see ``WaitingChild/initPID``.
    @discardableResult
    func wait(_ ended: (BoxEnding) -> Void = { _ in }) -> BoxEnding {
        let traced = tracer?.run()
        guard let status = child.initStatus else {
            let ending = traced ?? BoxEnding(status: child.wait())
            ended(ending)
            return ending
        }
        // Init writes how the server ended once it has reaped everything else, and has only itself left to end.
        var report: Int32 = 0
        let got = try? syscall("read") { unsafe read(status.rawValue, &report, 4) }
        let ending: BoxEnding = got == 4 ? BoxEnding(status: report) : .killed(signal: SIGKILL)
        ended(ending)
        return ending
    }
}

/// Descriptors on their way to the thread that will own them: a listener is no value to share.
private struct ListenerNumbers: @unchecked Sendable {
    // Handed to one thread once, and not touched here afterwards.
    let inside: (udp: CInt, tcp: CInt)?
    let outside: NameListener

    func listeners() -> [NameListener]? {
        guard let inside else { return [outside] }
        let udp = OwnedDescriptor(rawValue: inside.udp), tcp = OwnedDescriptor(rawValue: inside.tcp)
        guard let listener = try? NameListener(udp: udp, tcp: tcp) else { return nil }
        return [listener, outside]
    }
}
