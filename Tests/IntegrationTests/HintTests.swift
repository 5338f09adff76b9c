import Foundation
import Glibc
import TestSupport
import Testing

/// What a denial says has to be true, and what it suggests has to work when it is typed.
@Suite("Denials and what they suggest", .enabled(if: Products.launcherExists))
struct HintTests {
    /// The flags that the closing summary asks for, as typed.
    private func suggested(_ ended: Finished) -> [String] {
        guard let part = ended.errors.split(separator: "what they ask for: ").dropFirst().first else { return [] }
        return part.prefix { $0 != "\n" }.split(separator: " ").map(String.init)
    }

    @Test(
        "A program beside the listed ones is refused by name, with the flag that lets it start", arguments: Setting.all)
    func unlisted(setting: Setting) throws {
        let boxed = try setting.boxed(.listed)
        let act = boxed.scene.resolve([Products.victim, "exec", "{tools}/unlisted"])
        let ended = try boxed.start(act)
        #expect(ended.code == EACCES, "\(ended.errors)")
        #expect(
            ended.errors.contains(
                "denied system.exec \(act[2]) (not in allowedCommands) by supervisor; allow with --allow-command \(act[2])\n"
            ), "\(ended.errors)")
        #expect(try boxed.start(act, extra: suggested(ended)).code == 0)
    }

    @Test("A unix socket that is outside is told with its flag, also where it is hidden", arguments: Setting.all)
    func outsideSocket(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let path = boxed.scene.folder.path + "/secret/outside"
        let listener = try Listener(.stream(path))
        defer { listener.stop() }
        // The kernel tells what it knows by heart only.
        #expect(try run(setting.account.prefix + [Products.victim, "unix_connect", path]).code == 0)
        for name in [path, "../secret/outside"] {
            let ended = try boxed.run(["unix_connect", name])
            #expect(ended.code == (setting.mode == .plain ? EACCES : ENOENT), "\(ended.errors)")
            #expect(
                ended.errors.contains(
                    "denied network.client \(path) (not in allowedSockets) by supervisor; allow with --allow-socket \(path)\n"
                ), "\(ended.errors)")
            #expect(try boxed.start([Products.victim, "unix_connect", path], extra: suggested(ended)).code == 0)
        }
        let nowhere = try boxed.run(["unix_connect", path + "-nowhere"])
        #expect(nowhere.code == ENOENT && !nowhere.errors.contains("denied"), "\(nowhere.errors)")
    }

    @Test(
        "A write to the run's own files says what they are, and no denyPaths that nobody wrote", arguments: Setting.all)
    func ownFiles(setting: Setting) throws {
        let boxed = try setting.boxed()
        let work = boxed.scene.folder.path + "/work"
        // A journal lies where nobody else could replace it.
        for folder in [boxed.scene.folder.path, work] { try setMode(0o755, of: folder) }
        let overrides = try boxed.scene.write("work/own.json", "{}")
        let journals = work + "/journals", journal = journals + "/a.jsonl"
        try FileManager.default.createDirectory(
            atPath: journals, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        if let owner = setting.account.owner { #expect(try run(["chown", "-R", owner, journals]).code == 0) }
        let command = try boxed.command(
            ["/bin/sh", "-c", "echo x >>'\(overrides)'; echo x >>'\(journal)'"],
            extra: Boxed.grace + ["--overrides", overrides, "--audit", journal])
        let ended = try run(
            command.filter { $0 != "--no-audit" }, environment: boxed.environment, folder: work)
        for words in [
            "\(overrides) (a file that this run was started with, which nothing opens for writing) by supervisor\n",
            "\(journal) (the journal of this run, which nothing opens for writing) by supervisor\n",
        ] { #expect(ended.errors.contains("denied filesystem.write " + words), "\(ended.errors)") }
        #expect(!ended.errors.contains("denyPaths"))
    }

    @Test(
        "The link by which a file of the run was named stays the way it leads, in a folder where all else may be replaced",
        arguments: Setting.all)
    func ownLinks(setting: Setting) throws {
        let boxed = try setting.boxed(Grants.writing.adding(["filesystem.delete"], ["--delete-path", "{work}"]))
        let work = boxed.scene.folder.path + "/work", named = work + "/own.json"
        let overrides = try boxed.scene.write("overrides.json", "{}")
        func links() throws {
            for name in ["own.json", "other.json"] {
                try? FileManager.default.removeItem(atPath: work + "/" + name)
                try FileManager.default.createSymbolicLink(atPath: work + "/" + name, withDestinationPath: overrides)
                if let owner = setting.account.owner {
                    #expect(try run(["chown", "-h", owner, work + "/" + name]).code == 0)
                }
            }
        }
        for call in ["os.rename('mine.json', '%')", "os.unlink('%')", "os.rename('%', 'away.json')"] {
            let act = [
                "/usr/bin/python3", "-Ic",
                """
                import os, sys
                open('mine.json', 'w').write('{"denyPaths": []}')
                try: \(call.replacingOccurrences(of: "%", with: "own.json"))
                except OSError as error: sys.exit(error.errno)
                """,
            ]
            let other = act.map { $0.replacingOccurrences(of: "own.json", with: "other.json") }
            let flags = ["--overrides", named]
            try links()
            #expect(try run(setting.account.prefix + act, folder: work).code == 0, "outside")
            try links()
            let ended = try boxed.start(act, extra: flags)
            #expect(ended.code == EACCES, "\(call): \(ended.errors)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: named) == overrides)
            let allowed = try boxed.start(other, extra: flags)
            #expect(allowed.code == 0, "\(call): \(allowed.errors)")
        }
    }

    @Test("What was granted by way of links is reached by that name and by its own", arguments: Setting.all)
    func linkedGrants(setting: Setting) throws {
        let boxed = try setting.boxed(Grants(["filesystem.read", "filesystem.write"], []))
        let root = boxed.scene.folder.path
        let files = FileManager.default
        try files.createSymbolicLink(atPath: root + "/one", withDestinationPath: "two")
        try files.createSymbolicLink(atPath: root + "/two", withDestinationPath: root + "/work")
        for place in ["one", "one/old-folder/..", "work"] {
            let act = [
                "/usr/bin/python3", "-Ic", "open('\(root)/\(place)/fresh', 'w').write('x'); open('\(root)/work/fresh')",
            ]
            let ended = try boxed.start(
                act, extra: ["--read-path", root + "/" + place, "--write-path", root + "/" + place], folder: root)
            #expect(ended.code == 0, "\(place): \(ended.errors)")
            try files.removeItem(atPath: root + "/work/fresh")
        }
        // The link gives nothing but the name: its folder stays closed.
        let beside = try boxed.start(
            ["/usr/bin/python3", "-Ic", "import os; os.listdir('\(root)/secret')"],
            extra: ["--read-path", root + "/one"], folder: root)
        #expect(beside.code == 1 && !beside.errors.contains("key"), "\(beside.errors)")
    }

    @Test("What the operator closed is never suggested, and neither is what no flag can say", arguments: Setting.all)
    func nothingToSuggest(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let closed = try boxed.start(
            [Products.victim] + boxed.scene.resolve(["connect", "127.0.0.1", "{good}"]),
            extra: ["--deny-host", "127.0.0.0/8"])
        #expect(closed.errors.contains("(denied by `127.0.0.0/8`) by supervisor\n"), "\(closed.errors)")
        #expect(!closed.errors.contains("--allow-host"), "\(closed.errors)")
        let python = ["/usr/bin/python3", "-Ic"]
        // 0 is any port that the kernel picks, and only where one asks for it.
        let listening = try setting.boxed(.writing.adding(["network.server"], []))
        let bound = python + ["import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()"]
        let any = try listening.start(bound)
        #expect(any.errors.contains("; allow with --listen-port 0\n"), "\(any.errors)")
        #expect(try listening.start(bound, extra: suggested(any)).code == 0)
        let unbound = try listening.start(python + ["import socket; socket.socket().listen()"])
        #expect(unbound.errors.contains("denied network.server tcp, not bound to a port"), "\(unbound.errors)")
        #expect(!unbound.errors.contains("allow with"), "\(unbound.errors)")
    }

    @Test("What is to be made is suggested by its folder, and a device not at all", arguments: Setting.all)
    func madeAnew(setting: Setting) throws {
        let boxed = try setting.boxed(Grants(["filesystem.read", "filesystem.write"], ["--read-path", "{work}"]))
        let make = boxed.scene.resolve(["/usr/bin/python3", "-Ic", "open('{work}/fresh', 'w')"])
        let refused = try boxed.start(make, extra: ["--write-path", boxed.scene.folder.path + "/read", "--explain"])
        #expect(
            refused.errors.contains("allow with --write-path \(boxed.scene.folder.path)/work\n"), "\(refused.errors)")
        #expect(try boxed.start(make, extra: suggested(refused)).code == 0)
        let device = try boxed.start(
            ["/usr/bin/python3", "-Ic", "open('/dev/tty')"], extra: ["--explain"])
        #expect(!device.errors.contains("--read-path /dev"), "\(device.errors)")
    }

    /// Landlock refuses them without a word; what would have failed anyway is not told.
    @Test(
        "New names, names that go and files that are shortened are told with --explain", arguments: Setting.all,
        [
            ("os.mkdir('new')", "filesystem.write", "new"), ("os.mknod('new')", "filesystem.write", "new"),
            ("os.mkfifo('new', dir_fd=os.open('.', os.O_PATH))", "filesystem.write", "new"),
            ("os.symlink('x', 'new')", "filesystem.write", "new"),
            ("os.link('file', 'new')", "filesystem.write", "new"),
            ("os.truncate('file', 1)", "filesystem.write", "file"),
            ("os.creat('new')", "filesystem.write", "new"),
            ("os.unlink('file')", "filesystem.delete", "file"), ("os.rmdir('empty')", "filesystem.delete", "empty"),
            ("os.rename('file', 'new')", "filesystem.delete", "file"),
            ("os.rename('file', 'new')", "filesystem.write", "new"),
        ])
    func namesAreExplained(setting: Setting, told: (act: String, permission: String, name: String)) throws {
        let scene = try Scene(as: setting.account)
        let folder = scene.folder.path + "/work/tree"
        func makeAnew() throws {
            let whose = scene.account.owner
            _ = try run(["rm", "-rf", folder])
            for path in [folder, folder + "/empty"] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            _ = try scene.write("work/tree/file", "text")
            if let whose { _ = try run(["chown", "-R", whose, folder]) }
        }
        let program = [
            "/usr/bin/python3", "-Ic",
            """
            import ctypes, os
            os.chdir('\(folder)')
            def creat(name):
                if ctypes.CDLL(None, use_errno=True).creat(name.encode(), 0o600) < 0: raise OSError(ctypes.get_errno(), name)
            os.creat = creat
            \(told.act)
            """,
        ]
        try makeAnew()
        #expect(try run(setting.account.prefix + program, folder: "/").code == 0)
        try makeAnew()
        let reading = Boxed(
            scene: scene, grants: Grants(["filesystem.read"], ["--read-path", folder]), mode: setting.mode)
        let refused = try reading.start(program, extra: ["--explain"])
        #expect(refused.code == 1)
        let line = "denied \(told.permission) \(folder)/\(told.name) (not in the manifest) by landlock\n"
        #expect(refused.errors.contains(line), "\(refused.errors)")
        #expect(!(try reading.start(program).errors.contains(line)))
        // With the permission in the manifest the line says what to type, and that helps.
        let elsewhere = ["--write-path", scene.folder.path + "/read", "--delete-path", scene.folder.path + "/read"]
        let declaring = Boxed(
            scene: scene,
            grants: Grants(
                ["filesystem.read", "filesystem.write", "filesystem.delete"], ["--read-path", folder] + elsewhere),
            mode: setting.mode)
        var ended = try declaring.start(program, extra: ["--explain"])
        var flags = suggested(ended)
        #expect(ended.code == 1 && !flags.isEmpty, "\(ended.errors)")
        ended = try declaring.start(program, extra: ["--explain"] + flags)
        // A rename needs two grants, the second of which is asked for when the first is there.
        if ended.code == 1 && told.act.contains("rename") {
            flags += suggested(ended)
            ended = try declaring.start(program, extra: flags)
        }
        #expect(ended.code == 0, "\(flags) \(ended.errors)")
    }

    @Test("What fails for another reason is not told as refused", arguments: Setting.all)
    func notRefused(setting: Setting) throws {
        let boxed = try setting.boxed(Grants(["filesystem.read"], ["--read-path", "{work}"]))
        let folder = boxed.scene.folder.path + "/work"
        let program = """
            import os
            os.chdir('\(folder)')
            for act in [
                lambda: os.mkdir('old.txt'), lambda: os.unlink('missing'), lambda: os.rename('missing', 'new'),
                lambda: os.mkdir('missing/x'), lambda: os.truncate('missing', 0), lambda: os.rmdir('..'), lambda: os.mkdir('/'),
            ]:
                try: act()
                except OSError: pass
            """
        let ended = try boxed.start(["/usr/bin/python3", "-Ic", program], extra: ["--explain"])
        #expect(ended.code == 0 && !ended.errors.contains(folder), "\(ended.errors)")
    }

    @Test("An argument that is no UTF-8 is refused, not repaired")
    func bytes() throws {
        let boxed = try Setting.all[0].boxed()
        for (words, code) in [
            ("run", 125), ("gate", 125), ("validate", 64),
        ] as [(String, CInt)] {
            let ended = try run(
                ["sh", "-c", "exec \"$0\" \(words) \"$(printf 'a\\377')\" -- true", Products.agentbound],
                environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
            #expect(
                ended.code == code && ended.errors.contains("argument 2, `a\u{FFFD}`, is not UTF-8"), "\(ended.errors)")
        }
    }

    @Test("What is started is not reported, and a name that is not there is not there", arguments: Setting.all)
    func listed(setting: Setting) throws {
        let boxed = try setting.boxed(.listed)
        for (name, code) in [("{tools}/listed", 0), ("{tools}/missing", ENOENT)] {
            let ended = try boxed.start(boxed.scene.resolve([Products.victim, "exec", name]))
            #expect(ended.code == code && !ended.errors.contains("denied"), "\(ended.errors)")
        }
    }

    @Test("A program starts itself anew by /proc/self/exe, and a link to that", arguments: Setting.all)
    func itself(setting: Setting) throws {
        let boxed = try setting.boxed(.listed)
        let script = """
            import os
            os.symlink('/proc/self/exe', 'again')
            for name in ['/proc/self/exe', 'again']:
                child = os.posix_spawn(name, ['python3', '-Ic', 'print("anew")'], os.environ)
                assert os.waitpid(child, 0)[1] == 0
            """
        let ended = try boxed.start(["/usr/bin/python3", "-Ic", script])
        #expect(ended.code == 0 && ended.text == "anew\nanew\n", "\(ended.errors)")
        let refused = try setting.boxed().start(["/usr/bin/python3", "-Ic", script])
        #expect(refused.code == 1 && refused.errors.contains("denied system.exec /proc/self/exe"), "\(refused.errors)")
    }

    @Test("A listed script starts", arguments: Setting.all)
    func script(setting: Setting) throws {
        let boxed = try setting.boxed(.writing.adding(["system.exec"], ["--allow-command", "{tools}/script"]))
        let act = boxed.scene.resolve([Products.victim, "exec_command", "{tools}/script"])
        let outside = try run(setting.account.prefix + act, environment: boxed.environment, folder: "/")
        let ended = try boxed.start(act)
        #expect(ended.code == outside.code && !ended.errors.contains("denied"), "\(ended.errors)")
    }

    @Test(
        "The dynamic loader is never suggested, and refused where it is listed", arguments: Setting.all,
        [Grants.listed, .writing.adding(["system.exec"], [])])
    func loader(setting: Setting, grants: Grants) throws {
        let boxed = try setting.boxed(grants)
        let ended = try boxed.start(boxed.scene.resolve([Products.victim, "exec_by_loader", "{tools}/unlisted"]))
        #expect(ended.code != 0)
        #expect(ended.errors.contains("denied system.exec /"), "\(ended.errors)")
        #expect(!ended.errors.contains("--allow-command"), "\(ended.errors)")
        let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]
        let loader = try #require(loaders.first { FileManager.default.fileExists(atPath: $0) })
        let refused = try boxed.start([Products.victim, "exit", "0"], extra: ["--allow-command", loader])
        #expect(refused.code == refusedToStart)
        #expect(refused.errors.contains("is the dynamic loader"), "\(refused.errors)")
    }

    @Test(
        "A path that is lifted inside a closed folder is open, and the rest of the folder is not",
        arguments: Setting.all)
    func lifted(setting: Setting) throws {
        let boxed = try setting.boxed(
            Grants(
                ["filesystem.read", "filesystem.write"], ["--read-path", "{project}", "--write-path", "{project}"]))
        func append(_ hook: String) -> [String] {
            boxed.scene.resolve(["/usr/bin/python3", "-Ic", "open('{project}/.git/hooks/\(hook)', 'a').write('x')"])
        }
        let ended = try boxed.start(append("pre-commit"))
        #expect(ended.code == 1 && ended.errors.contains("--allow-protected"), "\(ended.errors)")
        let again = try boxed.start(append("pre-commit"), extra: suggested(ended))
        #expect(again.code == 0, "\(again.errors)")
        #expect(try boxed.start(append("post-commit"), extra: suggested(ended)).code == 1)
    }

    @Test("A suggestion says again what holds by default, which it would take away", arguments: Setting.all)
    func keepsDefaults(setting: Setting) throws {
        let boxed = try setting.boxed(Grants(["filesystem.read"], []))
        let act = boxed.scene.resolve([
            "/usr/bin/python3", "-Ic", "open('old.txt').read(); open('{read}/a.txt').read()",
        ])
        let ended = try boxed.start(act, extra: ["--explain"])
        #expect(ended.code == 1)
        let flags = suggested(ended)
        #expect(
            flags == boxed.scene.resolve(["--read-path", "{work}", "--read-path", "{read}/a.txt"]), "\(ended.errors)")
        #expect(try boxed.start(act, extra: flags).code == 0)
    }
}
