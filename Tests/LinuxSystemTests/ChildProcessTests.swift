import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import LinuxSystem

/// Real children, without a plan of the box: each step's failure is told, nothing is left behind.
@Suite(.serialized) struct ChildProcessTests {
    /// Allows everything but one call, so that there is a listener to hand over.
    private static let filter = SyscallFilter(
        rules: ["sethostname": CallRule(.notify)], unknown: .allow
    ).compiled(for: .current)

    private static func plan(_ argv: [String], _ change: (inout ChildPlan) -> Void = { _ in }) -> ChildPlan {
        var plan = ChildPlan()
        plan.program = FilePath(argv[0])
        plan.arguments = argv
        plan.dropGroups = geteuid() == 0
        change(&plan)
        return plan
    }

    /// Starts the child, lets it go and waits for it.
    private static func run(_ plan: ChildPlan, filter: [BPFInstruction] = filter) throws -> Int32 {
        try onThread {
            let child = try WaitingChild.start(plan, ruleset: nil, filter: filter, waitKillable: false)
            try child.letGo()
            do { try child.awaitExec() } catch {
                child.wait()
                throw error
            }
            return child.wait()
        }
    }

    private static func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
        let done = DispatchSemaphore(value: 0)
        let box = Outcome<R>()
        Thread.detachNewThread {
            box.set(Result { try body() })
            done.signal()
        }
        done.wait()
        return try box.get()
    }

    private static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test(
        "A launch that fails says in which step and why",
        arguments: [
            (plan(["/nonexistent"]), LaunchStep.exec, Errno.noSuchFileOrDirectory),
            (plan(["/etc/passwd"]), .exec, .permissionDenied),  // no x bit
            (plan(["/bin/true"]) { $0.directory = "/nonexistent" }, .directory, .noSuchFileOrDirectory),
            (plan(["/bin/true"]) { $0.directory = "/etc/passwd" }, .directory, .notDirectory),
            (plan(["/bin/true"]) { $0.limits = [.init(99, soft: 1, hard: 1)] }, .limits, .invalidArgument),
        ])
    func failures(plan: ChildPlan, step: LaunchStep, errno: Errno) throws {
        let error = #expect(throws: LaunchError.self) { try Self.run(plan) }
        #expect(error?.step == step && error?.errno == errno)
    }

    @Test(
        "A root that cannot be built says which of its steps failed", .enabled(if: geteuid() == 0),
        arguments: [
            (MountStep.bind(source: "/nonexistent", target: "x", [], identity: nil), Errno.noSuchFileOrDirectory),
            (
                .bind(source: "/etc", target: "x", [], identity: FileIdentity(device: 1, inode: 1)),
                Errno(rawValue: ESTALE)
            ),
            (.bind(source: "/etc", target: "missing", [], identity: nil), .noSuchFileOrDirectory),
            (.tmpfs("missing", options: ""), .noSuchFileOrDirectory),
            (.tmpfs("x", options: "no-such-option"), .invalidArgument),
            (.file("missing/file", text: ""), .noSuchFileOrDirectory),
        ])
    func mounts(step: MountStep, errno: Errno) throws {
        let plan = Self.plan(["/bin/true"]) {
            $0.namespaces = CLONE_NEWNS | CLONE_NEWPID
            $0.mounts = [.directory("x"), step]
        }
        let error = #expect(throws: LaunchError.self) { try Self.run(plan) }
        #expect(error == LaunchError(step: .mount, errno: errno, index: 1))
    }

    @Test("A filter that the kernel refuses is told")
    func badFilter() throws {
        let error = #expect(throws: LaunchError.self) {
            try Self.run(Self.plan(["/bin/true"]), filter: [BPFInstruction(0x99, 0)])
        }
        #expect(error?.step == .seccomp)
    }

    @Test("F16, F22: two hundred launches hand over two hundred listeners and leave no descriptor and no zombie")
    func many() throws {
        let before = try Self.descriptors()
        for _ in 0..<200 {
            let status = try Self.onThread {
                let child = try WaitingChild.start(
                    Self.plan(["/bin/true"]), ruleset: nil, filter: Self.filter, waitKillable: false)
                let hasListener = child.listener.map { NotificationListener($0) } != nil
                try child.letGo()
                try child.awaitExec()
                let status = child.wait()
                return hasListener ? status : -1
            }
            #expect(status == 0)
        }
        for _ in 0..<20 { _ = try? Self.run(Self.plan(["/nonexistent"])) }
        // Other suites open files meanwhile, and the last threads that forked are still on their way out.
        #expect(try eventually { try Self.descriptors() <= before + 2 })
        // Children of a thread that ended become another thread's, other suites' too, which reap theirs in a moment.
        #expect(
            try eventually {
                let children = try String(
                    contentsOfFile: "/proc/self/task/\(SystemThread.current)/children", encoding: .utf8)
                return children.split(separator: " ").allSatisfy {
                    (try? String(contentsOfFile: "/proc/\($0)/stat", encoding: .utf8))?.contains(") Z ") != true
                }
            })
    }

    @Test("A child killed while it waits ends the launch with an end of file, not with a hang")
    func killedWhileWaiting() throws {
        let status = try Self.onThread {
            let child = try WaitingChild.start(
                Self.plan(["/bin/true"]), ruleset: nil, filter: Self.filter, waitKillable: false)
            kill(child.pid, SIGKILL)
            try? child.letGo()
            try? child.awaitExec()
            return child.wait()
        }
        #expect(status == SIGKILL)
    }

    @Test("The server has its arguments and environment to the byte, no capability, one filter, and usual signals")
    func state() throws {
        let folder = try TemporaryFolder()
        let script = """
            cat /proc/self/status > \(folder.path)/status
            tr '\\0' '\\n' < /proc/$$/cmdline > \(folder.path)/arguments
            tr '\\0' '\\n' < /proc/$$/environ > \(folder.path)/environment
            ls /proc/self/fd > \(folder.path)/descriptors
            """
        let plan = Self.plan(["/bin/sh", "-c", script, "", "a b", "ü"]) {
            $0.environment = ["A=1", "EMPTY=", "B=x=y z"]
        }
        #expect(try Self.run(plan) == 0)
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        }
        #expect(try text("environment") == "A=1\nEMPTY=\nB=x=y z\n")
        #expect(try text("arguments") == "/bin/sh\n-c\n\(script)\n\na b\nü\n")
        let status = try text("status")
        for line in [
            "CapEff:\t0000000000000000", "CapPrm:\t0000000000000000", "CapAmb:\t0000000000000000", "NoNewPrivs:\t1",
            "Seccomp:\t2",
            "Seccomp_filters:\t1", "SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000",
        ] { #expect(status.contains(line), "\(line)") }
        if geteuid() == 0 {
            #expect(status.contains("CapBnd:\t0000000000000000"))
            #expect(status.contains("Groups:\t \n"))
        }
        #expect(try text("descriptors").split(separator: "\n").count <= 4)  // 0, 1, 2 and what ls opens
    }

    @Test("The init of a pid namespace holds nothing of the launcher", .enabled(if: geteuid() == 0))
    func initProgram() throws {
        let (maps, environment, name, descriptors) = try Self.onThread {
            let plan = Self.plan(["/bin/sleep", "20"]) { $0.namespaces = CLONE_NEWPID }
            let child = try WaitingChild.start(plan, ruleset: nil, filter: Self.filter, waitKillable: false)
            try child.letGo()
            try child.awaitExec()
            defer {
                kill(child.pid, SIGKILL)
                child.wait()
            }
            let process = "/proc/\(child.pid)/"
            func named() -> String { (try? String(contentsOfFile: process + "comm", encoding: .utf8)) ?? "" }
            return (
                try String(contentsOfFile: process + "maps", encoding: .utf8),
                try readFile(FilePath(process + "environ")), named(),
                try FileManager.default.contentsOfDirectory(atPath: process + "fd")
            )
        }
        #expect(maps.split(separator: "\n").count <= 6, "\(maps)")
        #expect(!maps.contains("[heap]"))
        #expect(environment.isEmpty)
        #expect(descriptors == ["0"], "\(name)")
    }
}

private final class Outcome<R: Sendable>: @unchecked Sendable {
    // Written once before the semaphore is signalled, read once after.
    private var result: Result<R, any Error>?
    func set(_ value: Result<R, any Error>) { result = value }
    func get() throws -> R { try result!.get() }
}
