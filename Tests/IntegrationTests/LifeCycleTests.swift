import Foundation
import TestSupport
import Testing

/// What one run needs: a mode and an account.
struct Setting: CustomTestStringConvertible, Sendable {
    let mode: Isolation, account: Account
    var testDescription: String { "\(mode.rawValue) as \(account.rawValue)" }
    static let all = Isolation.allCases.flatMap { mode in
        Account.available.map { Setting(mode: mode, account: $0) }
    }

    func boxed(_ grants: Grants = .writing) throws -> Boxed {
        Boxed(scene: try Scene(as: account), grants: grants, mode: mode)
    }
}

@Suite("A server's streams, exit code and inheritance", .serialized, .enabled(if: Products.launcherExists))
struct PassThroughTests {
    @Test("The server's exit code passes through", arguments: Setting.all, [0, 3, 124, 255])
    func exitCode(setting: Setting, code: Int) throws {
        #expect(try setting.boxed().run(["exit", "\(code)"]).ending == .exited(CInt(code)))
    }

    @Test("A server that died of a signal shows as 128 + n", arguments: Setting.all, [SIGTERM, SIGKILL, SIGSEGV])
    func signals(setting: Setting, signal: CInt) throws {
        #expect(try setting.boxed().run(["die", "\(signal)"]).ending == .exited(128 + signal))
    }

    @Test(
        "A signal at any moment of a start ends it as the signal does, and neither hangs nor looks like a refusal",
        arguments: Setting.all, [SIGINT, SIGTERM])
    func signalWhileStarting(setting: Setting, signal: CInt) throws {
        let boxed = try setting.boxed()
        let command = try boxed.command(["sleep", "60"])
        for step in 0..<40 {
            let program = try RunningProgram(command, environment: boxed.environment)
            usleep(UInt32(step) * 800)
            program.send(signal: signal)
            let ended = program.finish()
            #expect(ended.code == 128 + signal, "\(step * 800) microseconds after the start: \(ended.errors)")
        }
    }

    @Test("A launcher that is killed at any moment of a start leaves nobody behind", arguments: Setting.all)
    func killedWhileStarting(setting: Setting) throws {
        let boxed = try setting.boxed()
        let command = try boxed.command(["sleep", "60"])
        for step in 0..<150 {
            let program = try RunningProgram(command, environment: boxed.environment)
            usleep(UInt32(step) * 100)
            program.send(signal: SIGKILL)
            _ = program.finish()
        }
        var left: [String] = []
        #expect(
            eventually {
                left =
                    (try? run(["pgrep", "-f", boxed.scene.folder.path]).text.split(separator: "\n").map(String.init))
                    ?? []
                return left.isEmpty
            }, "\(left) are left")
        for process in left.compactMap({ pid_t($0) }) { kill(process, SIGKILL) }
    }

    @Test("A command that is missing answers 127, one that is no program 126", arguments: Setting.all)
    func shellCodes(setting: Setting) throws {
        let boxed = try setting.boxed()
        for (command, code) in [("{read}/missing", 127), ("no-such-command", 127), ("{read}/a.txt", 126)] {
            let ended = try run(
                boxed.command(boxed.scene.resolve([command])), environment: boxed.environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(ended.ending == .exited(CInt(code)), "\(command): \(ended.errors)")
            #expect(!ended.errors.isEmpty)
            try expectNothingButARefusal(ended)
        }
    }

    @Test(
        "G18: a launcher that refuses answers 125 and says why as one line of JSON", arguments: Setting.all,
        [
            ["--no-such-flag"],
            ["--read-path", "/nonexistent/folder"],
            ["--allow-host", "example.com"],  // the manifest declares no network.client
            ["--deny", "filesystem.reed"],
        ])
    func refusal(setting: Setting, flags: [String]) throws {
        let boxed = try setting.boxed()
        let status = boxed.scene.folder.path + "/work/status"
        let command = try boxed.command([Products.victim, "speak", "started"], extra: ["--status-fd", "9"] + flags)
        let ended = try run(
            ["sh", "-c", "exec 9>\"$0\"; exec \"$@\"", status] + command, environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.ending == .exited(125), "\(ended.errors)")
        try expectNothingButARefusal(ended)
        let lines = try String(contentsOfFile: status, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 1)
        let said = try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8))
        #expect(said is [String: Any])
    }

    @Test(
        "G18: a status descriptor that leads nowhere is refused before anything is opened, and nothing is written over")
    func statusNowhere() throws {
        for number in [3, 6, 7, 8, 9, 63] {
            let boxed = try Setting.all[0].boxed()
            let command = try boxed.command(
                [Products.victim, "speak", "started"], extra: ["--status-fd", "\(number)"])
            let ended = try run(
                ["sh", "-c", "exec \"$@\" \(number)\(number % 2 == 0 ? ">&-" : "</etc/hostname")", "sh"] + command,
                environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
            #expect(ended.ending == .exited(125), "\(ended.errors)")
            #expect(ended.errors.contains("descriptor \(number) of --status-fd is not open for writing"))
            try expectNothingButARefusal(ended)
        }
    }

    @Test("G18: a refusal on standard output itself leaves that open for the client's answer")
    func statusOnOutput() throws {
        let boxed = try Setting.all[0].boxed()
        let command = try boxed.command(["/nonexistent/server"], extra: ["--status-fd", "1"])
        let hello = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"# + "\n"
        let ended = try run(
            ["sh", "-c", "printf '%s' \"$0\" | \"$@\"", hello] + command, environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.text.contains(#""event":"refused""#), "\(ended.text)\(ended.errors)")
        #expect(ended.text.contains(#""id":1"#), "\(ended.text)\(ended.errors)")
    }

    @Test(
        "A grant that cannot be searched for protected files is no gap: they are closed by name", arguments: Setting.all
    )
    func unsearchedGrant(setting: Setting) throws {
        let boxed = try setting.boxed()
        let closed = boxed.scene.folder.path + "/work/closed"
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: false)
        let secret = closed + "/.env"
        try Data("SECRET".utf8).write(to: URL(fileURLWithPath: secret))
        if let owner = setting.account.owner { #expect(try run(["chown", "-R", owner, closed]).code == 0) }
        try setMode(0o300, of: closed)
        #expect(try run(setting.account.prefix + [Products.victim, "open_read", secret]).code == 0)
        let ended = try boxed.run(["open_read", secret])
        #expect(ended.code == EACCES, "\(ended.errors)")
        #expect(!ended.errors.contains("gap-unsearched-grant"), "\(ended.errors)")
        try setMode(0o700, of: closed)
    }

    @Test("Standard output carries the server's bytes and nothing else", arguments: Setting.all)
    func output(setting: Setting) throws {
        #expect(try setting.boxed().run(["speak", "{\"jsonrpc\": \"2.0\"}"]).text == "{\"jsonrpc\": \"2.0\"}")
        // A denial is explained on standard error only.
        #expect(try setting.boxed().run(["open_read", "{secret}/key"]).output.isEmpty)
    }

    @Test("A million bytes pass both ways unchanged", arguments: Setting.all)
    func echo(setting: Setting) throws {
        let boxed = try setting.boxed()
        let text = String(
            (0..<20_000).map { "{\"line\": \($0), \"padding\": \"\u{e9}\u{1F600}xxxxxxxxxxxxxxxx\"}\n" }.joined())
        let ended = try run(
            boxed.command([Products.victim, "echo"]), input: text, environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.ending == .exited(0), "\(ended.errors)")
        #expect(ended.output == Data(text.utf8))
    }

    @Test("B24, C12, D4, D5: the environment holds the base set and what was named", arguments: Setting.all)
    func environment(setting: Setting) throws {
        let boxed = try setting.boxed(.writing.adding(["system.env.read"], ["--env", "WANTED"]))
        var given = boxed.environment
        for name in hostile + ["WANTED", "UNASKED"] { given[name] = "value" }
        given["LC_ALL"] = "C"
        let ended = try run(
            boxed.command([Products.victim, "environment"]), environment: given,
            folder: boxed.scene.folder.path + "/work")
        let names = Set(ended.text.split(separator: "\n").map { String($0.prefix { $0 != "=" }) })
        let base: Set = [
            "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TERM", "TMPDIR", "WANTED",
        ]
        #expect(ended.ending == .exited(0), "\(ended.errors)")
        #expect(names.isSubset(of: base), "\(names.subtracting(base))")
        #expect(names.isSuperset(of: ["PATH", "WANTED"]))
    }

    private let hostile = [
        "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "NODE_OPTIONS", "PYTHONPATH", "PYTHONSTARTUP", "BASH_ENV", "ENV",
        "GIT_SSH_COMMAND", "SSH_AUTH_SOCK", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "DOCKER_HOST",
        "AWS_SECRET_ACCESS_KEY", "WAYLAND_DISPLAY", "KUBECONFIG", "GOOGLE_APPLICATION_CREDENTIALS", "SSH_ASKPASS",
        "EDITOR", "BASH_FUNC_ls%%", "LUA_INIT", "PYTHONHOME", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "IFS", "PS4",
        "PROMPT_COMMAND", "PERL5OPT", "RUBYOPT", "JAVA_TOOL_OPTIONS",
    ]

    @Test("D7: descriptors from 3 on are closed", arguments: Setting.all)
    func descriptors(setting: Setting) throws {
        let boxed = try setting.boxed()
        let leak = ["sh", "-c", "exec 3</etc 7</etc/hostname 9>/dev/null; exec \"$@\"", "sh"]
        let folder = boxed.scene.folder.path + "/work"
        #expect(try run(leak + [Products.victim, "open_descriptors"]).code == 0, "the control found nothing open")
        let command = try boxed.command([Products.victim, "open_descriptors"], extra: Boxed.grace)
        #expect(try run(leak + command, environment: boxed.environment, folder: folder).code == EBADF)
    }

    @Test(
        "D8: a standard stream closed by the client is nobody's next file", arguments: Setting.all,
        ["<&-", ">&-", "2>&-"])
    func closedStreams(setting: Setting, closed: String) throws {
        let boxed = try setting.boxed()
        let command = try boxed.command([Products.victim, "open_descriptors"], extra: Boxed.grace)
        let ended = try run(
            ["sh", "-c", "exec \"$@\" \(closed)", "sh"] + command, environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.code == EBADF, "\(ended.errors)")
    }

    // While it is prepared the child keeps off the launcher's processor.
    @Test(
        "The server may run on the processors that its launcher may run on", arguments: Setting.all,
        [[], ["taskset", "1"]])
    func processors(setting: Setting, fewer: [String]) throws {
        let boxed = try setting.boxed()
        let ask = ["grep", "Cpus_allowed:", "/proc/self/status"]
        let inside = try run(
            fewer + boxed.command(ask, extra: Boxed.grace), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        let outside = try run(fewer + ask)
        #expect(inside.text == outside.text && outside.text.contains("Cpus_allowed"), "\(inside.errors)")
    }

    // The umask is the user's own way of sharing files, and kept.
    @Test("D15: signal mask, ignored signals and session are fresh, the umask is the user's", arguments: Setting.all)
    func inheritance(setting: Setting) throws {
        let boxed = try setting.boxed()
        let odd = ["sh", "-c", "umask 0; exec \"$@\"", "sh", "env", "--block-signal=USR1", "--ignore-signal=HUP"]
        let outside = try run(odd + [Products.victim, "inheritance"]).text
        #expect(outside.contains("blocked \(SIGUSR1)") && outside.contains("ignored \(SIGHUP)"))
        #expect(outside.contains("umask 000"))
        let inside = try run(
            odd + boxed.command([Products.victim, "inheritance"]), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(!inside.text.contains("blocked"), "\(inside.text)")
        #expect(!inside.text.contains("ignored"), "\(inside.text)")
        #expect(inside.text.contains("umask 000"), "\(inside.text)")
        #expect(inside.text.contains("session own"), "\(inside.text)")
        #expect(inside.text.contains("terminal none"), "\(inside.text)")
    }

    @Test("A denial is explained in one line that names permission, subject, layer and flag", arguments: Setting.all)
    func explanation(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let ended = try boxed.run(["connect", "127.0.0.1", "{bad}"])
        let port = boxed.scene.resolve(["{bad}"])[0]
        let line = ended.errors.split(separator: "\n").first { $0.hasPrefix("agentbound: denied network.client") }
        #expect(line != nil, "\(ended.errors)")
        #expect(
            line?.contains("127.0.0.1:\(port)") == true && line?.contains("--allow-host") == true, "\(ended.errors)")
    }

    @Test(
        "A server that fills standard error, which nobody reads, stalls neither itself nor the launcher",
        arguments: Setting.all)
    func fullErrors(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let act = try boxed.command([Products.victim, "flood_errors", "10.1.2.3", "9"])
        let ended = try run(
            unread(boxed) + act, environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(ended.ending == .exited(3))
        // Nor does it stall a launcher that refuses to start and says why.
        let refused = try run(
            unread(boxed, full: true) + boxed.command(act, extra: ["--no-such-flag"]), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(refused.ending == .exited(125))
    }

    /// Runs what follows with a standard error that is never read: the shell's own end of a FIFO.
    private func unread(_ boxed: Boxed, full: Bool = false) throws -> [String] {
        let path = boxed.scene.folder.path + "/errors\(full ? "-full" : "")"
        #expect(try run(["mkfifo", path]).code == 0)
        let fill = full ? "head -c 65536 /dev/zero >&9; " : ""
        return ["sh", "-c", "exec 9<>\"$0\"; \(fill)exec \"$@\" 2>&9", path]
    }

    /// A launcher that starts no server may say so to the client, as one JSON-RPC error, and nothing else.
    private func expectNothingButARefusal(_ ended: Finished) throws {
        if ended.output.isEmpty { return }
        let said = try JSONSerialization.jsonObject(with: ended.output) as? [String: Any]
        #expect(said?["error"] != nil, "\(ended.text)")
    }
}
