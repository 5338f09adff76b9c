import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// The parts that keep a started server in its box: supervisor, tracer, name stub, life cycle.
struct RunningBox {
    private let child: WaitingChild
    private let tracer: Tracer?

    init(
        _ prepared: Prepared, _ child: WaitingChild, _ surroundings: BoxSurroundings, _ witness: any BoxWitness,
        _ stopRequest: CInt?
    ) throws(SyscallError) {
        let plan = prepared.plan
        self.child = child
        let tree = ProcessTree()
        if plan.isTraced {
            let tracer = Tracer(server: child.serverPid, tree: tree, programs: prepared.programs, witness: witness)
            try tracer.attach()
            self.tracer = tracer
        } else {
            tracer = nil
        }
        let server = SharedDescriptor(try PidDescriptor(of: child.serverPid).takeDescriptor())
        let names = NameTable()
        let stub = try Self.startNames(plan, child, server, surroundings, names, witness)
        if let listener = child.listener {
            let supervisor = Supervisor(
                plan: plan, listener: NotificationListener(listener), server: child.serverPid, tree: tree, names: names,
                stub: stub, start: surroundings.start, witness: witness)
            try SystemThread.start("box-supervisor") {
                // A supervisor that cannot go on must not leave the box to itself.
                guard CallerIdentity.assume(plan.child.user), (try? supervisor.run()) != nil else { abort() }
            }
        }
        let end: @Sendable () -> Void = { [pid = child.pid] in
            kill(pid, SIGKILL)  // the namespace's init, and so everything in it; or the server
            for other in tree.all { kill(other, SIGKILL) }
        }
        if surroundings.watchedInput != nil || !surroundings.passedSignals.isEmpty || stopRequest != nil {
            let watcher = try Watcher(surroundings, server: server, stopRequest: stopRequest, end: end)
            try SystemThread.start("box-life") { watcher.run() }
        }
    }

    /// The stub's thread, where the box may look names up.
    /// - Returns: Where look-ups are to be led on the host: all of them in plain mode. With a network of its own a box has the
    ///   stub inside for datagrams, but its TCP sockets belong to the host's network.
    private static func startNames(
        _ plan: BoxPlan, _ child: WaitingChild, _ server: SharedDescriptor, _ surroundings: BoxSurroundings,
        _ table: NameTable,
        _ witness: any BoxWitness
    ) throws(SyscallError) -> Endpoint? {
        guard plan.granted.granted.contains(.networkClient), plan.filter != nil else { return nil }
        let inside = child.stub.map { (udp: dup($0.udp.rawValue), tcp: dup($0.tcp.rawValue)) }
        let outside = try NameListener.loopback()
        let endpoint = outside.endpoint
        let handOver = ListenerNumbers(inside: inside, outside: outside)
        let upstreams = plan.granted.nameServer.map { [$0] } ?? surroundings.nameServers
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

    func endAll() {
        kill(child.pid, SIGKILL)
        tracer?.endAll()
    }

    /// Blocks until the server has ended and nothing is left of the box.
    func wait() -> BoxEnding {
        let traced = tracer?.run()
        if let status = child.initStatus {
            // Init writes how the server ended once it has reaped everything else, and has only itself left to end. It is
            // waited for all the same: in a container nobody else might.
            var report: Int32 = 0
            let got = unsafe read(status.rawValue, &report, 4)
            var ignored: Int32 = 0
            while unsafe waitpid(child.pid, &ignored, waitAll) == -1 && errno == EINTR {}
            return got == 4 ? BoxEnding(status: report) : .killed(signal: SIGKILL)
        }
        if let traced { return traced }
        var status: Int32 = 0
        while unsafe waitpid(child.pid, &status, waitAll) == -1 {
            if errno != EINTR { return .killed(signal: SIGKILL) }
        }
        return BoxEnding(status: status)
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
