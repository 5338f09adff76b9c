import Glibc
public import LinuxSystem
public import PolicyEngine
import Synchronization
public import SystemPackage

/// xdg-dbus-proxy between a box and the buses that it may use: one process, outside the box, with the server's ids and in
/// a box of its own. It ends with the launcher, however that ends, and does not outlive ``end()``.
public final class BusProxy: Sendable {
    private let child: WaitingChild
    /// Keeps the thread that forked it: a tracer waits for all that its own thread has forked, and the proxy is none of the box.
    private let parent: SharedDescriptor
    /// The proxy ends when this is closed. xdg-dbus-proxy(1), --fd
    private let life: SharedDescriptor

    /// What it may have open: a box that connects again and again must not use up what the bus allows its user. Each client
    /// of the proxy takes two.
    private static let mostFiles: UInt64 = 64
    /// Bytes of messages that it holds while a client does not read.
    private static let mostMemory: UInt64 = 256 << 20
    /// Milliseconds until its sockets must be there; it takes some ten, and a busy machine more.
    private static let patience: CInt = 60_000

    /// Starts it, and waits until its sockets are there.
    /// - Parameters:
    ///   - folder: Where they are to be: no place of the server's.
    ///   - user: Whom the server runs as, where that is not the launcher.
    ///   - base: Where programs find their libraries.
    /// - Throws: ``BoxError``. Nothing is left running then.
    public init(
        _ buses: [BusGrant], folder: FilePath, user: UserIdentity?, kernel: KernelFeatures, base: RuntimeBase
    ) throws(BoxError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .system(SyscallError(call: "socketpair", errno: Errno(rawValue: errno)))
        }
        life = SharedDescriptor(rawValue: ends[0])
        let streams = Mutex<SharedDescriptor?>(SharedDescriptor(rawValue: ends[1]))
        (child, parent) = try Self.onThreadOfItsOwn { () throws(BoxError) in
            // Closed here once the proxy has it: else its end would not be seen.
            let streams = streams.withLock { $0.take() }!
            return try Self.start(buses, folder, user, kernel, base, streams: streams.rawValue)
        }
        do throws(LaunchError) {
            try child.letGo()
            try child.awaitExec()
        } catch {
            end()
            throw .launch(error)
        }
        if let why = Self.complaint(life.rawValue) {
            end()
            throw .busProxy(why)
        }
        // Nobody reads what it says from now on; were that kept, a full buffer would stop it.
        shutdown(life.rawValue, CInt(SHUT_RD))
    }

    /// Ends it and waits until it is gone.
    public func end() {
        kill(child.pid, SIGKILL)
        child.wait()
    }

    /// - Returns: What `body` returns, and a descriptor; the thread stays while that is open. PR_SET_PDEATHSIG(2const)
    private static func onThreadOfItsOwn(
        _ body: @escaping @Sendable () throws(BoxError) -> WaitingChild
    ) throws(BoxError) -> (WaitingChild, SharedDescriptor) {
        final class Outcome: Sendable {
            let result = Mutex<Result<WaitingChild, BoxError>?>(nil)
        }
        let outcome = Outcome()
        let done: (reading: SharedDescriptor, writing: SharedDescriptor)
        let held: (reading: SharedDescriptor, writing: SharedDescriptor)
        do throws(SyscallError) {
            (done, held) = (try makePipe(), try makePipe())
            try SpareThread("box-proxy").run { [writing = done.writing, reading = held.reading] in
                let result = Result { () throws(BoxError) in try body() }
                outcome.result.withLock { $0 = result }
                try? writing.writeAll([1])
                var byte: UInt8 = 0
                // One byte at most, which never comes.
                _ = unsafe read(reading.rawValue, &byte, 1)
            }
        } catch { throw .system(error) }
        var byte: UInt8 = 0
        // One byte, written when the result is there.
        _ = unsafe read(done.reading.rawValue, &byte, 1)
        return (try outcome.result.withLock { $0! }.get(), held.writing)
    }

    /// - Parameter streams: Becomes all its standard streams.
    private static func start(
        _ buses: [BusGrant], _ folder: FilePath, _ user: UserIdentity?, _ kernel: KernelFeatures, _ base: RuntimeBase,
        streams: CInt
    ) throws(BoxError) -> WaitingChild {
        let launch: LaunchChain
        do throws(LaunchChainError) {
            launch = try LaunchChain(
                argv: [buses[0].proxy.string], path: [], folder: "/", environment: [:], files: HostFiles())
        } catch { throw .busProxy("\(error.explanation.problem)") }
        let ruleset: SharedDescriptor?
        do throws(SyscallError) {
            ruleset = try Self.ruleset(launch, buses, folder, kernel, base)
        } catch { throw .system(error) }
        let plan = Self.plan(launch, buses, folder, user, streams: streams)
        let filter = FilterTable(
            mediation: Mediation(), ownProcesses: false, ownNetwork: false, landlockABI: kernel.landlockABI,
            bluetooth: false, isJudged: true, isOpen: true
        ).filter().compiled(for: .current)
        return try BoxError.launching { () throws(LaunchError) in
            try WaitingChild.start(plan, ruleset: ruleset?.rawValue, filter: filter, waitKillable: false)
        }
    }

    /// Its command line: every bus with its socket and its rules. `--fd=0` comes first, where options of no bus stand.
    static func arguments(_ buses: [BusGrant], folder: FilePath) -> [String] {
        ["--fd=0"]
            + buses.flatMap { bus in
                [bus.address, folder.appending(bus.socketName).string]
                    + BusRules.options(bus.service, for: bus.permissions)
            }
    }

    private static func plan(
        _ launch: LaunchChain, _ buses: [BusGrant], _ folder: FilePath, _ user: UserIdentity?, streams: CInt
    ) -> ChildPlan {
        var plan = ChildPlan()
        plan.user = user
        plan.dropGroups = Capabilities.canAdminister
        plan.streams = ChildStreams(streams)
        plan.program = launch.program
        plan.arguments = launch.argv + arguments(buses, folder: folder)
        // No plug-ins of GLib's but those that it has built in.
        plan.environment = ["GIO_USE_VFS=local", "PATH=/usr/bin:/bin"]
        plan.limits = [
            .init(4, soft: 0, hard: 0), .init(2, soft: mostMemory, hard: mostMemory),
            .init(7, soft: mostFiles, hard: mostFiles),
        ]
        return plan
    }

    /// It reads the runtime base, executes itself and makes its sockets; all TCP and other files are closed to it.
    private static func ruleset(
        _ launch: LaunchChain, _ buses: [BusGrant], _ folder: FilePath, _ kernel: KernelFeatures, _ base: RuntimeBase
    ) throws(SyscallError) -> SharedDescriptor? {
        if kernel.landlockABI < 1 { return nil }
        let hasAbstract = buses.contains { $0.address.hasPrefix("unix:abstract=") }
        let rules = try Landlock(
            abi: kernel.landlockABI, denyTCP: true, scopeSignals: true, scopeSockets: !hasAbstract)
        for path in base.paths {
            try rules.allow(path.access == .read ? PathRules.read : PathRules.device, at: path.path)
        }
        for path in launch.readable { try rules.allow(PathRules.read, at: path.path) }
        for path in launch.executable { try rules.allow([.execute, .readFile], at: path) }
        try rules.allow([.makeSocket, .removeFile], at: folder)
        return SharedDescriptor(rules.takeDescriptor())
    }

    /// - Returns: What it said when it did not get its sockets; `nil` when it has them, which it tells with one letter.
    private static func complaint(_ life: CInt) -> String? {
        var said: [UInt8] = []
        while true {
            var ready = pollfd(fd: life, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&ready, 1, patience) == 1 else { return "it did not answer" }
            var bytes = [UInt8](repeating: 0, count: 1_024)
            // recv writes at most what the array holds.
            let got = unsafe recv(life, &bytes, bytes.count, 0)
            if got <= 0 { return said.isEmpty ? "it ended at once" : String(decoding: said.prefix(300), as: UTF8.self) }
            said += bytes[..<got]
            let last = said.suffix(2)
            if last.last == UInt8(ascii: "x"), said.count == 1 || last.first == UInt8(ascii: "\n") { return nil }
        }
    }
}
