import Glibc
import LinuxSystem
import TestSupport
import Testing

/// Limits as a server meets them: held, and told in words when they end it.
@Suite("Limits that are reached", .serialized, .enabled(if: Products.launcherExists))
struct LimitReachedTests {
    private func run(_ setting: Setting, _ flags: [String], _ command: [String]) throws -> Finished {
        // The client is gone at once, and the machine may be busy.
        let boxed = try setting.boxed(Grants.writing.with(flags + ["--grace", "100"]))
        return try TestSupport.run(
            boxed.command(boxed.scene.resolve(command)), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
    }

    @Test(
        "A server that computes for longer than its limit is killed, and the last line says why", arguments: Setting.all
    )
    func cpu(setting: Setting) throws {
        let ended = try run(setting, ["--limit", "cpu=1s"], ["sh", "-c", "while :; do :; done"])
        #expect(ended.ending == .exited(128 + SIGXCPU))
        let words =
            "the server was killed: it used more processor time than cpu=1s; --limit cpu=2s would give it more\n"
        #expect(ended.errors.hasSuffix("agentbound: \(words)"), "\(ended.errors)")
    }

    @Test("A server that does not mind SIGXCPU is killed a second later", arguments: Setting.all)
    func stubbornCPU(setting: Setting) throws {
        let ended = try run(setting, ["--limit", "cpu=1s"], ["sh", "-c", "trap '' XCPU; while :; do :; done"])
        #expect(ended.ending == .exited(128 + SIGKILL))
    }

    @Test("A server that writes too large a file is killed, and the last line says why", arguments: Setting.all)
    func fileSize(setting: Setting) throws {
        let ended = try run(
            setting, ["--limit", "fileSize=1M"], ["dd", "if=/dev/zero", "of={work}/big", "bs=64K", "count=64"])
        #expect(ended.ending == .exited(128 + SIGXFSZ), "\(ended.errors)")
        let words =
            "the server was killed: it wrote a larger file than fileSize=1M; --limit fileSize=2M would give it more\n"
        #expect(ended.errors.hasSuffix("agentbound: \(words)"), "\(ended.errors)")
    }

    @Test(
        "A server that does not end when it is asked to is killed, and the last line says why", arguments: Setting.all)
    func grace(setting: Setting) throws {
        let boxed = try setting.boxed(Grants.writing.with(["--grace", "0.2"]))
        let server = try RunningProgram(
            boxed.command(["sh", "-c", "trap '' TERM; echo ready; while :; do :; done"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(server.says("ready"))
        server.closeInput()
        let ended = server.finish()
        #expect(ended.ending == .exited(128 + SIGKILL))
        #expect(
            ended.errors.contains("the server was killed: it had not ended 0.2 s after it was asked to"),
            "\(ended.errors)")
    }

    @Test("What nobody limited has its defaults, which never give more than the launcher has", arguments: Setting.all)
    func defaults(setting: Setting) throws {
        let boxed = try setting.boxed()
        let usual = try TestSupport.run(
            ["prlimit", "--nofile=500:600"] + boxed.command(["sh", "-c", "ulimit -c; ulimit -Sn; ulimit -Hn"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(usual.text == "0\n500\n600\n", "\(usual.errors)")
        // Asked for, but more than there is: what there is.
        let ended = try TestSupport.run(
            ["prlimit", "--nofile=500:600"]
                + boxed.command(["sh", "-c", "ulimit -Sn; ulimit -Hn"], extra: ["--limit", "files=700"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(ended.text == "600\n600\n", "\(ended.errors)")
    }

    /// In a user namespace the kernel counts the box alone, elsewhere all processes of the user.
    @Test(
        "With namespaces an ordinary user's other processes do not count against the box",
        arguments: Account.available.filter { !$0.isRoot })
    func countsTheBox(account: Account) throws {
        let others = try (0..<30).map { _ in try RunningProgram(account.prefix + ["sleep", "1000"]) }
        defer { for other in others { kill(other.id, SIGKILL) } }
        for (mode, code) in [(Isolation.namespaces, CInt(0)), (.plain, EAGAIN)] {
            let setting = Setting(mode: mode, account: account)
            let ended = try run(setting, ["--limit", "processes=20"], [Products.victim, "many_processes", "10"])
            #expect(ended.code == code, "\(mode): \(ended.errors)")
        }
    }

    @Test("Limits that hold less than they say are told at the start", arguments: Setting.all)
    func whatIsNotHeld(setting: Setting) throws {
        if Self.hasGroups { return }
        let flags = ["--limit", "processes=1000", "--limit", "memory=1G"]
        let ended = try run(setting, flags, [Products.victim, "many_processes", "10"])
        #expect(ended.errors.contains("note: memory=1073741824 is held for each process, not for the box"))
        #expect(ended.errors.contains("note: processes=1000 is not held: root") == setting.account.isRoot)
        // What the note says is so: root's processes are not counted, those of others are.
        let few = try run(setting, ["--limit", "processes=1"], [Products.victim, "many_processes", "10"])
        #expect((few.code == 0) == few.errors.contains("processes=1 is not held"), "\(few.errors)")
        #expect(try run(setting, [], ["true"]).errors.contains("not held") == false)
    }

    private static let hasGroups = ControlGroup.parent(for: ["memory", "pids"]) != nil

    /// scripts/vm/test.sh tries the same where there is one.
    @Test(
        "Memory of the whole box is limited by its group, and the last line says so",
        .enabled(if: hasGroups, "no control group with memory and pids can be made here"), arguments: Setting.all)
    func memory(setting: Setting) throws {
        let ended = try run(
            setting, ["--limit", "memory=64M"], [Products.victim, "much_shared_memory", "268435456"])
        #expect(ended.ending == .exited(128 + SIGKILL))
        #expect(ended.errors.contains("the server was killed: it used more than memory=64M"), "\(ended.errors)")
    }
}
