import AgentBox
import Glibc
import TestSupport
import Testing

/// An act that one layer alone, or first, stands against.
struct AblationCase: CustomTestStringConvertible, Sendable {
    let layer: BoxLayer, mode: Isolation
    let title: String, act: [String]
    /// With every layer, and without this one.
    let held: CInt, through: CInt
    let needs: Need?

    init(
        _ layer: BoxLayer, _ mode: Isolation, _ title: String, _ act: String..., held: CInt, without through: CInt = 0,
        needs: Need? = nil
    ) {
        self.layer = layer
        self.mode = mode
        self.title = title
        self.act = act
        self.held = held
        self.through = through
        self.needs = needs
    }

    var testDescription: String { "\(title), \(mode.rawValue), without \(layer.rawValue)" }

    static let all: [AblationCase] = [
        .init(.landlock, .plain, "A1 read", "open_read", "{secret}/key", held: EACCES),
        .init(.landlock, .plain, "A1 create", "create", "{secret}/new", held: EACCES),
        .init(.landlock, .plain, "A3 symlink", "open_by_symlink", "{work}/link", "{secret}/key", held: EACCES),
        .init(.landlock, .plain, "A11 write", "open_write", "{read}/a.txt", held: EACCES),
        .init(.landlock, .plain, "E8 signal", "kill", "{peer}", held: EPERM),

        .init(.filter, .plain, "E3 unix datagram", "unix_send_datagram", "{sockets}/datagram", held: EPROTONOSUPPORT),
        .init(.filter, .plain, "A12 chmod", "chmod", "{secret}/key", held: EACCES),
        .init(.filter, .plain, "E12 shared memory", "shmget", held: EPERM),
        .init(.filter, .plain, "F9 own listener", "own_listener", held: EPERM),
        .init(
            .filter, .plain, "A14 lease, held by Landlock too", "lease", "{work}/old.txt", held: EPERM, without: EACCES),
        .init(.filter, .plain, "B5 datagram", "udp_sendto", "127.0.0.1", "{udp}", held: EACCES),
        .init(.filter, .namespaces, "F5 user namespace", "unshare", "0x10000000", held: EPERM),

        // The supervisor alone: what it mediates goes to the kernel, where something else may still hold it.
        .init(.supervisor, .plain, "E1 unix socket", "unix_connect", "{sockets}/stream", held: EACCES),
        .init(.supervisor, .plain, "A12 chmod", "chmod", "{secret}/key", held: EACCES),
        .init(.supervisor, .plain, "A13 watch", "watch", "{secret}", held: EACCES),
        .init(
            .supervisor, .plain, "B1 connect, held by Landlock too", "connect", "127.0.0.1", "{bad}", held: EACCES,
            without: EACCES),
        .init(
            .supervisor, .plain, "A10 unlink, held by Landlock too", "unlink", "{work}/other.txt", held: EACCES,
            without: EACCES),
        .init(
            .supervisor, .plain, "C2 exec of a copy, held by Landlock too", "exec_copy", "{tools}/listed",
            "{work}/copy", held: EACCES, without: EACCES),

        .init(.capabilities, .plain, "A27 set-id programs", "privilege_gain", held: EPERM, needs: .root),
        .init(.capabilities, .plain, "D17 bounding set", "hold_capability", held: EPERM, needs: .root),
        .init(.environment, .plain, "D1 variable", "read_variable", "SECRET_TOKEN", held: ENOENT),
        .init(.descriptors, .plain, "D7 descriptor left open", "open_descriptors", held: EBADF),
        .init(.limits, .plain, "D14 core file", "core_dump", held: EPERM),

        .init(.tracer, .plain, "C4 loader", "exec_by_loader", "{tools}/unlisted", held: EINTR),

        .init(.namespaces, .namespaces, "A13 stat", "stat", "{secret}/key", held: ENOENT),
        .init(
            .namespaces, .namespaces, "A12 chmod, held by the supervisor too", "chmod", "{secret}/key", held: ENOENT,
            without: EACCES),
        .init(
            .namespaces, .namespaces, "A12 chmod of what may only be read, held by the supervisor", "chmod",
            "{read}/a.txt", held: EACCES, without: EACCES),
    ]
}

/// With a layer switched off, what rests on it succeeds: else the tests that rest on it would prove nothing.
@Suite("Layers switched off", .enabled(if: Products.runnerExists))
struct AblationTests {
    struct Box: CustomTestStringConvertible, Sendable {
        let layer: BoxLayer, mode: Isolation, account: Account
        var cases: [AblationCase] {
            AblationCase.all.filter {
                $0.layer == layer && $0.mode == mode && ($0.needs != .root || account.isRoot)
            }
        }
        var testDescription: String { "\(layer.rawValue) in \(mode.rawValue) as \(account.rawValue)" }
        static let all = BoxLayer.allCases.flatMap { layer in
            Isolation.allCases.flatMap { mode in
                Account.available.map { Box(layer: layer, mode: mode, account: $0) }
            }
        }.filter { !$0.cases.isEmpty }
    }

    @Test("Every layer has something that rests on it", arguments: BoxLayer.allCases)
    func layers(layer: BoxLayer) {
        #expect(AblationCase.all.contains { $0.layer == layer && $0.held != 0 && $0.through == 0 })
    }

    @Test("What a layer holds gets through without it, and not with it", arguments: Box.all)
    func ablation(box: Box) throws {
        for isOff in [false, true] {
            let scene = try Scene(rows: box.cases.count, hasPeer: true, as: box.account)
            // The client leaves a descriptor open and has a variable that is nobody's business.
            let leak = ["sh", "-c", "exec 9</dev/null; exec \"$@\"", "sh"]
            let series = try Series(
                leak + command(box, isOff: isOff, in: scene) + [Products.victim, "series"],
                environment: TestEnvironment.plain.merging(["SECRET_TOKEN": "hidden"]) { $1 },
                folder: scene.folder.path + "/work")
            for (row, attack) in zip(1..., box.cases) {
                let code = series.act(scene.resolve(attack.act, row: row), in: scene.folder.path + "/work")
                #expect(
                    code == (isOff ? attack.through : attack.held),
                    "\(attack.testDescription), \(isOff ? "off" : "on"): \(series.errors.suffix(300))")
            }
        }
    }

    @Test("Without the tracer an orphan outlives a box without namespaces", arguments: Account.available)
    func orphan(account: Account) throws {
        for isOff in [false, true] {
            let scene = try Scene(as: account)
            let file = scene.folder.path + "/work/beat"
            let server = try RunningProgram(
                command(Box(layer: .tracer, mode: .plain, account: account), isOff: isOff, in: scene)
                    + [Products.victim, "daemonise", file, "polite"], folder: scene.folder.path + "/work")
            #expect(server.says("ready"))
            server.closeInput()
            #expect(server.finish().code == 0)
            #expect(isOff ? ProcessTreeTests.beats(file) : ProcessTreeTests.isStill(file))
            withExtendedLifetime(scene) {}  // the orphan ends when its folder is gone
        }
    }

    @Test("Without namespaces a datagram that the box may send arrives", arguments: Account.available)
    func datagram(account: Account) throws {
        for isOff in [false, true] {
            let scene = try Scene(as: account)
            let server = Box(layer: .namespaces, mode: .namespaces, account: account)
            let ended = try run(
                command(server, isOff: isOff, in: scene)
                    + [Products.victim] + scene.resolve(["udp_sendto", "127.0.0.1", "{udp}"]),
                folder: scene.folder.path + "/work")
            #expect(ended.code == (isOff ? 0 : ENETUNREACH), "\(ended.errors)")
            #expect(eventually(within: isOff ? patience : 1) { scene.reached > 0 } == isOff)
        }
    }

    private func command(_ box: Box, isOff: Bool, in scene: Scene) throws -> [String] {
        let permissions = ["filesystem.read", "filesystem.write"], traced = box.layer == .tracer
        let flags = ["--read-path", "{readable}", "--read-path", "{tools}", "--write-path", "{common}"]
        let grants = Grants(permissions, flags + ["--read-path", "{common}", "--grace", "0.2"])
        let boxed = Boxed(
            scene: scene,
            grants: traced ? grants.adding(["system.exec"], ["--allow-command", "{tools}/listed"]) : grants,
            mode: box.mode, without: isOff ? box.layer.rawValue : nil)
        return try boxed.command([])
    }
}
