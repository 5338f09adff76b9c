import Foundation
import Glibc
import TestSupport
import Testing

/// What the launcher is started with and in, however odd.
@Suite("Odd starts", .enabled(if: Products.launcherExists))
struct StartTests {
    @Test(
        "D6: of a variable that is there twice the first counts, and what is no variable is dropped",
        arguments: Setting.all)
    func environment(setting: Setting) throws {
        let boxed = try setting.boxed(
            .writing.adding(["system.env.read"], ["WANTED", "WANTED2", "WANTED3"].flatMap { ["--env", $0] }))
        let command = try boxed.command([Products.victim, "environment"])
        let prefix = setting.account.prefix
        func odd(_ program: [String]) throws -> [Substring] {
            let ended = try run(
                prefix + ["sh", "-c", "exec \"$0\" odd_environment \"$@\"", Products.victim] + program,
                environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
            return ended.output.split(separator: UInt8(ascii: "\n")).map { Substring(decoding: $0, as: UTF8.self) }
        }
        let outside = try odd([Products.victim, "environment"])
        #expect(outside.filter { $0.hasPrefix("WANTED=") }.count == 2 && outside.contains("NOVALUE"))
        let launcher = Array(command.dropFirst(prefix.count))
        let inside = try odd([launcher[0]] + launcher.dropFirst())
        #expect(inside.filter { $0.hasPrefix("WANTED=") } == ["WANTED=first"], "\(inside.map { $0.prefix(80) })")
        #expect(inside.first { $0.hasPrefix("WANTED3=x") }?.utf8.count == 99_999)
        #expect(
            !inside.contains { line in ["=", "NOVALUE", "WANTED2=", "1ODD", "A-B"].contains { line.hasPrefix($0) } })
    }

    // What is too broad is known by its name, so that names must not have two forms.
    @Test(
        "A script in the home folder brings itself and not its folder, however it is named", arguments: Setting.all,
        ["./s.py", "../home/s.py", "work/../s.py"])
    func scriptInHome(setting: Setting, name: String) throws {
        let boxed = try setting.boxed(Grants([], []))
        let home = boxed.scene.folder.path + "/home"
        try FileManager.default.createDirectory(atPath: home + "/work", withIntermediateDirectories: true)
        _ = try boxed.scene.write("home/key", "a key\n")
        _ = try boxed.scene.write(
            "home/s.py",
            """
            try: print(open("\(home)/key").read())
            except OSError as error: raise SystemExit(error.errno)
            """)
        var environment = boxed.environment
        environment["HOME"] = home
        let act = ["/usr/bin/python3", "-s", name]
        #expect(try run(setting.account.prefix + act, environment: environment, folder: home).code == 0)
        let ended = try run(boxed.command(act, extra: Boxed.grace), environment: environment, folder: home)
        #expect([EACCES, ENOENT].contains(ended.code), "\(ended.errors)")
        #expect(ended.errors.contains("holds more than this program"), "\(ended.errors)")
    }

    // The launcher's links below /proc once were to be made in the box, by its own number.
    @Test(
        "A script that is named by way of /proc/self/cwd starts", arguments: Setting.all,
        [
            ["/usr/bin/python3", "-s", "/proc/self/cwd/own.py"], ["/bin/sh", "/proc/self/cwd/own.sh"],
            ["/proc/self/cwd/own.sh"],
        ])
    func scriptBelowProc(setting: Setting, command: [String]) throws {
        let boxed = try setting.boxed()
        _ = try boxed.scene.write("work/own.py", "print('started')\n")
        let script = try boxed.scene.write("work/own.sh", "#!/bin/sh\necho started\n")
        try setMode(0o755, of: script)
        let ended = try boxed.start(command)
        #expect(ended.text == "started\n", "\(ended.errors)")
        #expect(!ended.errors.contains("going on without them"))
    }

    @Test(
        "`sh -c` with what the shell does itself ends and prints as it does outside", arguments: Setting.all,
        [
            "exit 7", ":", "umask", "type cd", "wait", "echo 'a\\tb'", "test 1 = 2", "false", "exec", "/bin/echo a",
            "no-such",
        ])
    func shellItself(setting: Setting, text: String) throws {
        let boxed = try setting.boxed(Grants([], []))
        for shell in ["sh", "bash"] {
            let bare = try run(
                setting.account.prefix + [shell, "-c", text], environment: boxed.environment, folder: "/")
            let ended = try boxed.start([shell, "-c", text], folder: "/")
            #expect(ended.code == bare.code && ended.text == bare.text, "\(shell): \(ended.errors)")
        }
    }

    @Test(
        "`python -m` finds a package in the working directory, and of what else lies there no more than names",
        arguments: Setting.all, ["package", "package.part"])
    func pythonModule(setting: Setting, module: String) throws {
        let boxed = try setting.boxed(Grants([], []))
        let root = boxed.scene.folder.path + "/server"
        try FileManager.default.createDirectory(atPath: root + "/package", withIntermediateDirectories: true)
        _ = try boxed.scene.write("server/key", "a key\n")
        _ = try boxed.scene.write("server/package/__init__.py", "")
        for name in ["__main__", "part"] {
            _ = try boxed.scene.write(
                "server/package/\(name).py",
                """
                import os
                print("started")
                try: print(open("key").read())
                except OSError as error: print(error.errno)
                try: print(len(os.listdir("..")))
                except OSError as error: print(error.errno)
                """)
        }
        let ended = try boxed.start(["/usr/bin/python3", "-s", "-m", module], extra: ["--explain"], folder: root)
        let lines = ended.text.split(separator: "\n")
        #expect(lines == ["started", setting.mode == .plain ? "13" : "2", "13"], "\(ended.errors)")
        #expect(!ended.errors.contains("\(root) "), "\(ended.errors)")
    }

    @Test("A server that is named by `..` starts where folders are granted too", arguments: Setting.all)
    func besideTheFolder(setting: Setting) throws {
        let boxed = try setting.boxed(.writing)
        let root = boxed.scene.folder.path
        try FileManager.default.createDirectory(atPath: root + "/server", withIntermediateDirectories: true)
        _ = try boxed.scene.write("server/s.py", "import other\n")
        _ = try boxed.scene.write("server/other.py", "print('here')\n")
        let ended = try run(
            boxed.command(["/usr/bin/python3", "-s", "../server/s.py"], extra: Boxed.grace),
            environment: boxed.environment, folder: root + "/work")
        #expect(ended.text == "here\n", "\(ended.errors)")
    }

    @Test(
        "The first request is answered when nothing was started, whatever comes before it",
        arguments: [
            (#"{"jsonrpc":"2.0","method":"notifications/x"}"# + "\n", "\n", #""id":5"#), ("\n", "\n", #""id":5"#),
            ("no JSON\n", "\n", #""id":5"#), ("", "", #""id":5"#), ("[", "]\n", #"[{"jsonrpc":"2.0","id":5"#),
            (#"{"jsonrpc":"2.0","id":{},"method":"x"}"# + "\n", "\n", #""id":5"#),
            (#"{"jsonrpc":"2.0","id":4,"result":{}}"# + "\n", "\n", #""id":5"#),
        ])
    func answered(before: String, after: String, answer: String) throws {
        let ended = try run(
            [Products.agentbound, "run", "/nonexistent.json", "--", "true"],
            input: before + #"{"jsonrpc":"2.0","id":5,"method":"initialize"}"# + after)
        #expect(ended.code == refusedToStart)
        #expect(ended.text.contains(answer) && ended.text.contains("did not start this server"), "\(ended.text)")
    }

    @Test(
        "What is to be printed on a closed standard output is an error",
        arguments: [["--dry-run", "--", "true"], ["--help"]])
    func closedOutput(arguments: [String]) throws {
        let scene = try Scene(as: .root)
        let manifest = try scene.write("manifest.json", #"{"description": "a test", "permissions": []}"#)
        let words = [Products.agentbound, "run", manifest, "--yes"] + arguments
        #expect(try run(words).code == 0)
        let ended = try run(["sh", "-c", "exec \"$@\" >&-", "sh"] + words)
        #expect(ended.code == refusedToStart && ended.errors.contains("cannot write"), "\(ended.errors)")
    }

    @Test("A server hears of a closed standard output as it would outside", arguments: Setting.all)
    func closedServerOutput(setting: Setting) throws {
        let boxed = try setting.boxed(Grants([], []))
        let close = ["sh", "-c", "exec \"$@\" >&-", "sh"]
        let act = ["/bin/echo", "hi"]
        #expect(try run(close + act).code == 1)
        let ended = try run(close + boxed.command(act, extra: Boxed.grace), environment: boxed.environment)
        #expect(ended.code == 1, "\(ended.errors)")
    }

    @Test("D10: a standard stream that is a folder is refused", arguments: Setting.all, ["<", "2<"])
    func folder(setting: Setting, stream: String) throws {
        let boxed = try setting.boxed()
        let act = ["open_by_openat", "/proc/self/fd/\(stream == "<" ? 0 : 2)", "key"]
        let from = ["sh", "-c", "exec \"$@\" \(stream)\"$0\"", boxed.scene.folder.path + "/secret"]
        #expect(try run(from + [Products.victim] + act).code == 0)
        let ended = try run(
            from + boxed.command([Products.victim] + act), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.code == refusedToStart)
    }

    // Standard streams are the client's own, so that nothing is copied on the way: docs/threat-model.md.
    @Test("D9: a file as a standard stream is the server's to change", arguments: Setting.all)
    func sharedFile(setting: Setting) throws {
        let boxed = try setting.boxed()
        let file = try boxed.scene.write("log", "kept so far\n")
        try setMode(0o666, of: file)
        // Not by a name, which would be opened anew.
        for (act, code, left) in [
            (["shorten", "/proc/self/fd/1"], EACCES, "kept so far\n"), (["shorten_output"], 0, ""),
        ] {
            let ended = try run(
                ["sh", "-c", "exec \"$@\" >>\"$0\"", file] + boxed.command([Products.victim] + act),
                environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
            #expect(ended.code == code, "\(ended.errors)")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == left)
        }
    }

    // Below a Landlock domain nobody mounts, so that there are no namespaces either.
    @Test("F21: below as many Landlock domains as there may be nothing starts", arguments: Account.available)
    func domains(account: Account) throws {
        let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: .plain)
        let prefix = account.prefix
        for (count, code) in [("2", 3), ("16", refusedToStart)] {
            let command = try boxed.command([Products.victim, "exit", "3"]).dropFirst(prefix.count)
            #expect(try run(prefix + [Products.victim, "landlocked", count, Products.victim, "exit", "3"]).code == 3)
            let ended = try run(
                prefix + [Products.victim, "landlocked", count] + command, environment: boxed.environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(ended.code == code, "\(count): \(ended.errors)")
            #expect(ended.errors.contains("cannot box") == (code == refusedToStart), "\(ended.errors)")
        }
    }

    // With namespaces the folder is a file system of the box's own, and ends with it.
    @Test("K18: whatever is left in the folder for temporary files goes with the box", arguments: Account.available)
    func litter(account: Account) throws {
        let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: .plain)
        let before = try boxed.scene.untouchable()
        // Five thousand folders, one in the other, take the kernel longer than a client that has gone usually leaves.
        let ended = try run(
            boxed.command([Products.victim] + boxed.scene.resolve(["litter", "{secret}"]), extra: ["--grace", "100"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(ended.code == 0, "\(ended.errors)")
        let place = ended.text.trimmingCharacters(in: .newlines)
        #expect(place.hasPrefix("/tmp/agentbound-"))
        #expect(!FileManager.default.fileExists(atPath: place))
        #expect(before == (try boxed.scene.untouchable()))
    }

    @Test(
        "K18: what a killed launcher left is removed by the next, and nothing of one that lives",
        arguments: Account.available)
    func leftBehind(account: Account) throws {
        let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: .plain)
        // A link that is followed would lead to the folder of one that lives.
        func start() throws -> (RunningProgram, String) {
            let script = "printf x >\"$TMPDIR/file\"; echo \"$TMPDIR\"; read line"
            let program = try RunningProgram(
                boxed.command(["/bin/sh", "-c", script]), environment: boxed.environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(eventually { program.outputSoFar.contains("\n") }, "\(program.errorsSoFar)")
            return (program, program.outputSoFar.trimmingCharacters(in: .newlines))
        }
        func isThere(_ place: String) -> Bool { FileManager.default.fileExists(atPath: place + "/file") }
        let (living, kept) = try start()
        let (killed, left) = try start()
        #expect(left.hasPrefix("/tmp/agentbound-") && left != kept)
        #expect(isThere(left))
        // Others of the same user are not followed.
        let link = URL(fileURLWithPath: left).deletingLastPathComponent().path + "/ZZZZZZ"
        try? FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: kept)
        defer { try? FileManager.default.removeItem(atPath: link) }
        kill(killed.id, SIGKILL)
        let (next, _) = try start()
        #expect(eventually { !FileManager.default.fileExists(atPath: left) })
        #expect(isThere(kept))
        for program in [living, next] { program.closeInput() }
        #expect(eventually { !FileManager.default.fileExists(atPath: kept) })
    }

    @Test(
        "The folder for temporary files lies where TMPDIR says, unless others could replace it",
        arguments: Account.available)
    func temporaryFolder(account: Account) throws {
        let boxed = Boxed(scene: try Scene(as: account), grants: .writing, mode: .plain)
        let place = "/tmp/ab-\(getpid())-\(account.rawValue)"
        try FileManager.default.createDirectory(atPath: place + "/open", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: place) }
        if let owner = account.owner { #expect(try run(["chown", "-R", owner, place]).code == 0) }
        try setMode(0o777, of: place + "/open")
        let long = place + "/" + String(repeating: "l", count: 50)
        for (named, wanted) in [
            (place, place), (place + "/open", "/tmp"), ("relative", "/tmp"), (long, "/tmp"), (place + "/none", "/tmp"),
        ] {
            var environment = boxed.environment
            environment["TMPDIR"] = named
            let ended = try run(
                boxed.command(["/bin/sh", "-c", "printf x >\"$TMPDIR/file\" && echo \"$TMPDIR\""], extra: Boxed.grace),
                environment: environment, folder: boxed.scene.folder.path + "/work")
            #expect(ended.text.hasPrefix(wanted + "/agentbound-"), "\(named): \(ended.text) \(ended.errors)")
        }
    }

    // A pid namespace of the test's own, where numbers can be given out again at will.
    @Test("A first start and a second work under any umask, which the server gets", arguments: Setting.all)
    func umask(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        // The scene is everybody's, and no place for a journal.
        let own = try TemporaryFolder("agentbound-umask")
        try setMode(0o755, of: own.path)
        if let owner = setting.account.owner { _ = try run(["chown", owner, own.path]) }
        let state = own.path + "/state"
        var environment = boxed.environment
        environment["XDG_STATE_HOME"] = state
        let server = try boxed.command(["/usr/bin/python3", "-Ic", "import os; print(oct(os.umask(0)))"])
            .filter { $0 != "--no-audit" }
        for _ in 1...2 {
            let ended = try run(
                ["sh", "-c", "umask 0177; exec \"$@\"", "sh"] + server, environment: environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(ended.code == 0 && ended.text == "0o177\n", "\(ended.errors)")
        }
        let status = try FileManager.default.attributesOfItem(atPath: state)
        #expect(status[.posixPermissions] as? Int == 0o700)
    }

    @Test(
        "K5: a number that a thread of the box had is nobody's, and its next owner is not killed with the box",
        .enabled(
            if: getuid() == 0 && FileManager.default.fileExists(atPath: "/proc/sys/kernel/ns_last_pid"),
            "only root sets the next process number"),
        arguments: Isolation.allCases)
    func formerThread(mode: Isolation) throws {
        let boxed = Boxed(scene: try Scene(as: .root), grants: .listed, mode: mode)
        let work = boxed.scene.folder.path + "/work"
        // The launcher ends when its input does; the number is the server's own view, so plain mode tells it.
        let script = """
            mkfifo in; exec 9<>in
            "$@" <in >out 2>err & launcher=$!
            while ! [ -s out ]; do kill -0 $launcher || exit 3; sleep 0.05; done
            echo $(($(cat out) - 1)) >/proc/sys/kernel/ns_last_pid
            sleep 60 & innocent=$!
            [ $innocent = $(cat out) ] || exit 4
            kill -TERM $launcher; wait $launcher
            sleep 0.2; kill -0 $innocent || exit 5
            """
        let server = boxed.scene.resolve(["{tools}/listed", "exec_in_thread", "{tools}/listed"])
        let ended = try run(
            ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", script, "sh"]
                + boxed.command(server), environment: boxed.environment, folder: work, within: 60)
        // With namespaces the box has numbers of its own, and the one told here may well be in use outside.
        let wanted: Set<CInt> = mode == .plain ? [0] : [0, 4]
        #expect(wanted.contains(ended.code ?? -1), "\(ended.ending) \(ended.errors)")
    }
}
