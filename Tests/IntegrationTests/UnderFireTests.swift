import Foundation
import Glibc
import TestSupport
import Testing

/// The launcher short of what it needs, stopped, and under fire from outside: it never lets a call through that it would
/// refuse, and what it cannot do it says.
@Suite("The launcher under fire", .serialized, .enabled(if: Products.launcherExists))
struct UnderFireTests {
    private func run(_ boxed: Boxed, before: [String], _ act: [String]) throws -> Finished {
        try TestSupport.run(
            before + boxed.command([Products.victim] + boxed.scene.resolve(act)), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
    }

    /// What is refused with everything at hand is never let through, and what is said is not the server's.
    private func expectHeld(_ ended: Finished, _ words: String) {
        #expect(ended.ending != .timedOut, "\(words): hangs")
        #expect(ended.code != 0, "\(words): let through: \(ended.errors)")
    }

    @Test("K32: a launcher that may open few files starts a box that holds, or none", arguments: Setting.all)
    func fewDescriptors(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        var codes: Set<CInt?> = []
        for count in [3, 5, 8, 10, 12, 14, 16, 18, 20, 24, 32, 64] {
            let ended = try run(
                boxed, before: ["prlimit", "--nofile=\(count):\(count)"], ["connect", "127.0.0.1", "{bad}"])
            expectHeld(ended, "\(count) descriptors")
            if ended.code == 125 { #expect(ended.errors.contains("agentbound: "), "\(count): \(ended.errors)") }
            codes.insert(ended.code)
        }
        #expect(codes.isSuperset(of: [125, EACCES]), "\(codes)")
    }

    @Test(
        "K33: a launcher that gets little memory starts a box that holds, or none, and takes it along",
        arguments: Setting.all, ["as", "data"])
    func littleMemory(setting: Setting, limit: String) throws {
        let boxed = try setting.boxed(.network)
        var codes: Set<CInt?> = []
        for megabytes in [1, 4, 8, 16, 32, 64, 128, 256, 384, 512, 1_024] {
            let bytes = megabytes << 20
            let ended = try run(
                boxed, before: ["prlimit", "--\(limit)=\(bytes):\(bytes)"], ["flood", "{bad}", "{bad}"])
            expectHeld(ended, "\(megabytes) MB of \(limit)")
            codes.insert(ended.code)
        }
        #expect(codes.contains(EACCES), "\(codes)")
    }

    @Test("K34: a launcher that is stopped keeps calls waiting, and goes on where it was", arguments: Setting.all)
    func stopped(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let server = try RunningProgram(
            boxed.command([Products.victim] + boxed.scene.resolve(["reach_always", "{good}", "100000000"])),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(server.says("100\n"))
        for _ in 0..<5 {
            server.send(signal: SIGSTOP)
            let path = "/proc/\(server.id)/stat"
            #expect(eventually { (try? String(contentsOfFile: path, encoding: .utf8))?.contains(") T ") == true })
            // What was under way may end; from then on nothing does.
            Thread.sleep(forTimeInterval: 0.1)
            let said = server.outputSoFar
            Thread.sleep(forTimeInterval: 0.2)
            #expect(server.outputSoFar == said)
            server.send(signal: SIGCONT)
            Thread.sleep(forTimeInterval: 0.02)
        }
        let said = server.outputSoFar
        #expect(eventually { server.outputSoFar.count > said.count })
        server.send(signal: SIGTERM)
        #expect(server.finish().ending == .exited(128 + SIGTERM))
    }

    @Test("K34: a launcher that is killed while it is stopped takes the box along", arguments: Setting.all)
    func killedWhileStopped(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let file = boxed.scene.folder.path + "/work/beat"
        let server = try RunningProgram(
            boxed.command([Products.victim, "daemonise", file, "polite"], extra: ["--grace", "60"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(server.says("ready"))
        server.send(signal: SIGSTOP)
        server.send(signal: SIGKILL)
        #expect(server.finish().ending == .killed(SIGKILL))
        #expect(eventually { ProcessTreeTests.isStill(file) })
    }

    @Test("K35: signals at the launcher neither end it nor hold up what the server does", arguments: Setting.all)
    func signalStorm(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        // The server gets what is passed on, and does not mind.
        let server = try RunningProgram(
            ["env", "--ignore-signal=PIPE"]
                + boxed.command([Products.victim] + boxed.scene.resolve(["reach_always", "{good}", "2000"])),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(server.says("100\n"))
        for turn in 0..<20_000 where server.isRunning {
            server.send(signal: [SIGCHLD, SIGURG, SIGWINCH, SIGPIPE, SIGCONT][turn % 5])
        }
        let ended = server.finish()
        #expect(ended.ending == .exited(0), "\(ended.errors)")
    }

    /// A signal in the moment in which a descriptor is handed over must not leave the server with another one, or none.
    @Test(
        "K38: every file and pipe that is opened for the server under signals is that one",
        arguments: Setting.all, [[SIGURG, SIGCHLD], [SIGSTOP, SIGCONT]])
    func opensUnderSignals(setting: Setting, signals: [CInt]) throws {
        let boxed = try setting.boxed(MediatedTests.grants)
        let program = """
            import os, sys
            os.mkfifo("pipe")
            for turn in range(1, 4001):
                name, flags = (("old.txt", os.O_RDONLY), ("pipe", os.O_RDWR))[turn % 2]
                file = os.open(name, flags)
                assert file > 2 and os.fstat(file).st_ino == os.stat(name).st_ino, (turn, file)
                os.close(file)
                if turn % 100 == 0: print(turn, flush=True)
            """
        let server = try RunningProgram(
            boxed.command(["/usr/bin/python3", "-Ic", program], extra: ["--grace", "100"]),
            environment: boxed.environment, folder: boxed.scene.folder.path + "/work")
        #expect(server.says("100\n"))
        let end = Date() + patience
        while server.isRunning && Date() < end {
            for signal in signals {
                server.send(signal: signal)
                if signals.contains(SIGSTOP) { usleep(200) }
            }
        }
        let ended = server.finish()
        #expect(ended.ending == .exited(0), "\(ended.errors.suffix(500))")
    }

    @Test("K36: a start that cannot be written down does not happen", arguments: Setting.all)
    func noRecordOfTheStart(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        var command = try boxed.command([Products.victim, "speak", "started"])
        command.removeAll { $0 == "--no-audit" }
        for audit in ["/dev/full", "/dev/null", "/proc/self/nothing", boxed.scene.folder.path + "/read"] {
            let place = command.firstIndex(of: "--")!
            let ended = try TestSupport.run(
                command[..<place] + ["--audit", audit] + command[place...], environment: boxed.environment,
                folder: boxed.scene.folder.path + "/work")
            #expect(ended.ending == .exited(125), "\(audit): \(ended.errors)")
            #expect(ended.text.isEmpty)
        }
    }

    /// Threads of the launcher; its descriptors are nobody else's to see.
    private func threads(_ program: RunningProgram) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.id)/task").count) ?? 0
    }

    @Test(
        "F14: workers whose callers are killed while they wait are called off, and let go of what they held",
        arguments: Setting.all)
    func calledOff(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        let work = boxed.scene.folder.path + "/work"
        let server = try RunningProgram(
            boxed.command([Products.victim, "series"]), environment: boxed.environment, folder: work)
        // Together more callers than there are workers: stuck ones would leave none.
        for turn in 1...6 {
            let act = boxed.scene.resolve(["exhaust_descriptors", "{good}", "{bad}"])
            server.send(([work] + act).joined(separator: "\t") + "\n")
            #expect(eventually { server.outputSoFar.split(separator: "\n").count == turn })
        }
        #expect(server.outputSoFar == String(repeating: "=0\n", count: 6), "\(server.errorsSoFar.suffix(300))")
        #expect(eventually { threads(server) < 12 }, "\(threads(server)) threads are left")
        server.closeInput()
        #expect(server.finish().ending == .exited(0))
    }

    @Test(
        "K36: when the journal's disk is full, what would be allowed is refused, and the box goes on",
        arguments: Setting.all)
    func fullDisk(setting: Setting) throws {
        let boxed = try setting.boxed(.network)
        var command = try boxed.command([Products.victim] + boxed.scene.resolve(["reach_always", "{good}", "100000"]))
        // A journal in a folder that only its owner writes.
        let folder = try TemporaryFolder("agentbound-journal")
        try setMode(0o700, of: folder.path)
        if let owner = setting.account.owner { _ = try TestSupport.run(["chown", owner, folder.path]) }
        let place = command.firstIndex(of: "--no-audit")!
        command.replaceSubrange(place...place, with: ["--audit", folder.path + "/journal"])
        // A limit on files is a full disk for whoever writes one.
        let ended = try TestSupport.run(
            ["prlimit", "--fsize=20000:20000"] + command, environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
        #expect(ended.ending != .timedOut && ended.code != 0, "\(ended.errors)")
        #expect(ended.text.hasPrefix("0\n"), "nothing was allowed before: \(ended.errors)")
        #expect(ended.code == EIO, "\(ended.code ?? -1): \(ended.errors)")
        #expect(ended.errors.contains("could not be written to the journal: is its disk full?\n"), "\(ended.errors)")
    }
}
