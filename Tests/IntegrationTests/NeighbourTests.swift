import Foundation
import Glibc
import TestSupport
import Testing

/// What takes more than one process making one call: two boxes, other users' sockets, files that are exchanged.
@Suite("Neighbours", .enabled(if: Products.launcherExists))
struct NeighbourTests {
    @Test("E11: a box cannot touch the server of another box", arguments: Setting.all)
    func twoBoxes(setting: Setting) throws {
        let one = try setting.boxed()
        let other = try setting.boxed()
        let server = try RunningProgram(
            one.command([Products.victim, "peer"]), environment: one.environment,
            folder: one.scene.folder.path + "/work")
        #expect(server.says("\n"))
        let words = server.outputSoFar.split(separator: " ")
        // In a pid namespace the server only knows its own number: look for it by its command line.
        let pid = try #require(serverPid(of: one.scene))
        for (act, plain) in [
            (["kill", pid], EPERM), (["proc_read", pid, "environ"], EACCES), (["proc_read", pid, "mem"], EACCES),
            (["read_memory", pid, String(words[1])], EPERM), (["ptrace_seize", pid], EPERM),
        ] {
            let code = try other.run(act).code
            let hidden = act[0] == "kill" ? ESRCH : act[0] == "proc_read" ? ENOENT : EPERM
            #expect(code == (setting.mode == .plain ? plain : hidden), "\(act)")
        }
        #expect(server.outputSoFar.split(separator: "\n").count == 1, "a signal arrived")
        server.closeInput()
        #expect(server.finish().code == 0)
    }

    @Test(
        "J2: a server that runs as nobody reaches no socket that is root's alone",
        .enabled(if: getuid() == 0, "only root starts as somebody else"),
        arguments: Isolation.allCases)
    func credentials(mode: Isolation) throws {
        let scene = try Scene(as: .root)
        let socket = scene.folder.path + "/work/roots"
        let listener = try Listener(.stream(socket))
        defer { listener.stop() }
        for (mode0, wanted) in [(0o600, EACCES), (0o666, 0)] {
            try setMode(mode0, of: socket)
            let boxed = Boxed(
                scene: scene, grants: .network.with(["--allow-socket", socket, "--user", "nobody"]), mode: mode)
            let ended = try boxed.run(["unix_connect", socket])
            #expect(ended.code == wanted, "\(mode0): \(ended.errors)")
        }
    }

    @Test("A6: what is granted stays the folder that it was when the box started", arguments: Setting.all)
    func replacedGrant(setting: Setting) throws {
        let scene = try Scene(as: setting.account)
        let boxed = Boxed(
            scene: scene, grants: .deleting.with(["--read-path", "{common}/old-folder"]), mode: setting.mode)
        let series = try boxed.series()
        let work = scene.folder.path + "/work"
        #expect(series.act(["list_folder", work + "/old-folder"], in: work) == 0)
        // The server puts a link to the secrets in its place.
        let moved = series.act(["rename", work + "/old-folder", work + "/away"], in: work)
        #expect(moved == 0 || moved == EBUSY, "\(series.errors)")
        _ = series.act(["create_symlink", scene.folder.path + "/secret", work + "/old-folder"], in: work)
        let read = series.act(["open_read", work + "/old-folder/key"], in: work)
        #expect(read == (moved == EBUSY || setting.mode == .namespaces ? ENOENT : EACCES), "\(series.errors)")
    }

    @Test("A5: a link that was granted means what it led to at the start", arguments: Setting.all)
    func retargetedGrant(setting: Setting) throws {
        let scene = try Scene(as: setting.account)
        let link = scene.folder.path + "/work/link"
        let files = FileManager.default
        try files.createSymbolicLink(atPath: link, withDestinationPath: scene.folder.path + "/project")
        let boxed = Boxed(
            scene: scene,
            grants: .writing.with(["--read-path", "{scene}/project/main.c", "--read-path", "{common}/link/main.c"]),
            mode: setting.mode)
        let series = try boxed.series()
        let work = scene.folder.path + "/work"
        #expect(series.act(["open_read", link + "/main.c"], in: work) == 0, "\(series.errors)")
        try files.removeItem(atPath: link)
        try files.createSymbolicLink(atPath: link, withDestinationPath: scene.folder.path + "/secret")
        #expect(series.act(["open_read", link + "/key"], in: work) == (setting.mode == .plain ? EACCES : ENOENT))
    }

    // Landlock and mounts judge names, and this file has two: docs/threat-model.md.
    @Test("A8: a granted name of a file that has another name outside is that file", arguments: Setting.all)
    func secondName(setting: Setting) throws {
        let boxed = try setting.boxed(.writing.with(["--read-path", "{common}", "--write-path", "{common}"]))
        let root = boxed.scene.folder.path
        try FileManager.default.linkItem(atPath: root + "/secret/key", toPath: root + "/work/twin")
        #expect(try run([Products.victim, "open_read", root + "/secret/key"]).code == 0)
        #expect(try boxed.run(["open_read", root + "/secret/key"]).code == (setting.mode == .plain ? EACCES : ENOENT))
        #expect(try boxed.run(["open_write", root + "/work/twin"]).code == 0)
    }

    @Test(
        "C13: a program that belongs to root and runs as root runs as the server",
        .enabled(if: getuid() == 0, "only root has programs of root"),
        arguments: Isolation.allCases)
    func setId(mode: Isolation) throws {
        let scene = try Scene(as: .nobody)
        let program = scene.folder.path + "/tools/listed"
        #expect(try run(["chown", "root:root", program]).code == 0)
        #expect(try run(["chmod", "4755", program]).code == 0)
        let act = ["exec_command", program, "effective_root"]
        #expect(try run(scene.account.prefix + [Products.victim] + act).code == 0)
        let ended = try Boxed(scene: scene, grants: .listed, mode: mode).run(act)
        #expect(ended.code == EPERM, "\(ended.errors)")
    }

    @Test("C11: a program that the server may replace is not put on the list", arguments: Setting.all)
    func replaceable(setting: Setting) throws {
        let boxed = try setting.boxed(.listed.with(["--write-path", "{tools}"]))
        let ended = try boxed.run(["succeed"])
        #expect(ended.code == refusedToStart)
        #expect(ended.errors.contains("/tools/listed is where the server may write"), "\(ended.errors)")
    }

    @Test("C9: a program of the server's own in PATH is not found in place of the listed one", arguments: Setting.all)
    func path(setting: Setting) throws {
        let boxed = try setting.boxed(.listed.with(["--read-path", "{common}", "--write-path", "{common}"]))
        let work = boxed.scene.folder.path + "/work"
        try FileManager.default.copyItem(atPath: Products.victim, toPath: work + "/evil")
        try setMode(0o755, of: work + "/evil")
        for folder in [work, ".", ""] {
            var environment = boxed.environment
            environment["PATH"] = folder + ":" + (environment["PATH"] ?? "")
            let act = [Products.victim, "exec_found", "evil"]
            #expect(try run(["env", "PATH=\(environment["PATH"]!)"] + act, folder: work).code == 0)
            let ended = try run(boxed.command(act), environment: environment, folder: work)
            #expect(ended.code == ENOENT || ended.code == EACCES, "\(folder): \(ended.errors)")
            let inside = try run(
                boxed.command([Products.victim, "environment"]), environment: environment, folder: work)
            let path = inside.text.split(separator: "\n").first { $0.hasPrefix("PATH=") } ?? ""
            #expect(
                !path.dropFirst(5).split(separator: ":", omittingEmptySubsequences: false).contains {
                    !$0.hasPrefix("/")
                })
            #expect(!path.contains(work), "\(path)")
        }
    }

    /// The number, outside, of the victim that was started as `peer` in this scene's box.
    private func serverPid(of scene: Scene) -> String? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.first { id in
            guard Int(id) != nil, let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline"),
                String(decoding: line, as: UTF8.self) == "\(Products.victim)\0peer\0",
                let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")
            else { return false }
            return folder == scene.folder.path + "/work"
        }
    }
}
