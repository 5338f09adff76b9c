import Foundation
import TestSupport
import Testing

/// Nobody outlives the box: not when the client goes, not when the server goes, not when the launcher is killed.
@Suite("The end of a box", .serialized)
struct ProcessTreeTests {
    @Test("Outside a box a daemon does outlive its parent", arguments: Account.available)
    func control(account: Account) throws {
        let scene = try Scene(as: account)
        let file = scene.folder.path + "/work/beat"
        let server = try RunningProgram(account.prefix + [Products.victim, "daemonise", file, "polite"])
        #expect(server.says("ready"))
        server.closeInput()
        #expect(server.finish().ending == .exited(0))
        #expect(Self.beats(file))
        // It ends by itself when it can no longer open its file.
        try FileManager.default.removeItem(atPath: scene.folder.path + "/work")
    }

    @Test(
        "F11: when the server ends, what it left behind ends", .enabled(if: Products.launcherExists),
        arguments: Setting.all)
    func serverEnds(setting: Setting) throws {
        let (server, file, scene) = try start(setting, "polite")
        #expect(Self.beats(file))
        server.closeInput()
        #expect(server.finish().ending == .exited(0))
        #expect(Self.isStill(file))
        withExtendedLifetime(scene) {}  // its folder is the daemon's
    }

    @Test(
        "When the client goes, a server deaf to everything is ended with its daemon",
        .enabled(if: Products.launcherExists), arguments: Setting.all)
    func clientGoes(setting: Setting) throws {
        let (server, file, scene) = try start(setting, "stubborn")
        #expect(Self.beats(file))
        server.closeInput()
        #expect(server.finish().ending == .exited(128 + SIGKILL))
        #expect(Self.isStill(file))
        withExtendedLifetime(scene) {}  // its folder is the daemon's
    }

    @Test(
        "F11: when the launcher is killed, every descendant ends", .enabled(if: Products.launcherExists),
        arguments: Setting.all)
    func launcherKilled(setting: Setting) throws {
        let (launcher, file, scene) = try start(setting, "stubborn")
        #expect(Self.beats(file))
        launcher.send(signal: SIGKILL)
        #expect(launcher.finish().ending == .killed(SIGKILL))
        #expect(eventually { Self.isStill(file) })
        withExtendedLifetime(scene) {}
    }

    @Test(
        "A signal to the launcher reaches the server, and its end is the server's",
        .enabled(if: Products.launcherExists),
        arguments: Setting.all, [SIGTERM, SIGINT, SIGHUP])
    func signalForwarded(setting: Setting, signal: CInt) throws {
        let boxed = try setting.boxed()
        let server = try RunningProgram(
            boxed.command([Products.victim, "echo"]), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        server.send("here\n")
        #expect(server.says("here"))
        server.send(signal: signal)
        #expect(server.finish().ending == .exited(128 + signal))
    }

    @Test(
        "A daemon that outlived a killed launcher could not have used a mediated call",
        .enabled(if: Products.launcherExists), arguments: Setting.all)
    func nothingLeftBehind(setting: Setting) throws {
        let (launcher, _, scene) = try start(setting, "stubborn")
        launcher.send(signal: SIGKILL)
        _ = launcher.finish()
        // The path of the file is in the command line of every process of this box and of no other.
        let mark = scene.folder.path + "/work/beat"
        #expect(eventually { processes(mentioning: mark).isEmpty }, "\(processes(mentioning: mark))")
    }

    @Test(
        "F10: who waits for the supervisor to die wins nothing, and dies with it",
        .enabled(if: Products.launcherExists),
        arguments: Setting.all)
    func listenerOfItsOwn(setting: Setting) throws {
        let boxed = try setting.boxed()
        let scene = boxed.scene, socket = scene.folder.path + "/secret/stream"
        // Outside, the first turn has a listener, and the socket is reached.
        let control = scene.folder.path + "/work/control"
        let outside = try RunningProgram(setting.account.prefix + [Products.victim, "outlive", control, socket])
        #expect(eventually { Self.text(control) == "0 0\n" }, "\(Self.text(control))")
        outside.send(signal: SIGKILL)
        _ = outside.finish()
        #expect(eventually { scene.reached > 0 })  // counted by another thread

        let reached = scene.reached, log = scene.folder.path + "/work/log"
        let launcher = try RunningProgram(
            boxed.command([Products.victim, "outlive", log, socket]), environment: boxed.environment,
            folder: scene.folder.path + "/work")
        #expect(launcher.says("ready"))
        #expect(eventually { Self.text(log).split(separator: "\n").count > 20 })
        launcher.send(signal: SIGKILL)
        #expect(launcher.finish().ending == .killed(SIGKILL))
        #expect(eventually { processes(mentioning: log).isEmpty })
        let turns = Self.text(log).split(separator: "\n").map { $0.split(separator: " ").compactMap { CInt($0) } }
        #expect(turns.allSatisfy { $0.first == EPERM }, "\(turns.suffix(3))")
        // ENOSYS: a notified call whose supervisor is gone.
        let refused = [setting.mode == .namespaces ? ENOENT : EACCES, ENOSYS]
        #expect(turns.allSatisfy { $0.count < 2 || refused.contains($0[1]) }, "\(turns.suffix(3))")
        #expect(scene.reached == reached)
    }

    private static func text(_ file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }

    private func start(_ setting: Setting, _ manner: String) throws -> (RunningProgram, file: String, Scene) {
        let boxed = try setting.boxed()
        let file = boxed.scene.folder.path + "/work/beat"
        let server = try RunningProgram(
            boxed.command([Products.victim, "daemonise", file, manner], extra: ["--grace", "1"]),
            environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        guard server.says("ready") else {
            Issue.record("it never started: \(server.finish(within: 0).errors)")
            return (server, file, boxed.scene)
        }
        return (server, file, boxed.scene)
    }

    /// Whether the daemon is alive: it adds to its file ten times a second.
    static func beats(_ file: String, within limit: TimeInterval = patience) -> Bool {
        func size() -> Int { (try? Data(contentsOf: URL(fileURLWithPath: file)).count) ?? 0 }
        let before = size()
        return eventually(within: limit) { size() > before }
    }

    /// Whether it has added nothing for a second.
    static func isStill(_ file: String) -> Bool { !beats(file, within: 1) }

    private func processes(mentioning mark: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.filter { id in
            guard Int(id) != nil, let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else {
                return false
            }
            return String(decoding: line, as: UTF8.self).contains(mark)
        }
    }
}
