import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import LinuxSystem

/// Children that are forked before their plan is known.
@Suite(.serialized) struct ForkedChildTests {
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

    /// Also true of a process that has ended and was not reaped.
    private static func isThere(_ pid: CInt) -> Bool { FileManager.default.fileExists(atPath: "/proc/\(pid)") }

    private static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    @Test(
        "A child that was told nothing, its base, its root or its end goes away when it is given up", arguments: 0...3)
    func discarded(told: Int) throws {
        let before = try Self.descriptors()
        for _ in 0..<20 {
            let plan = Self.plan(["/bin/true"]) {
                if geteuid() == 0 { $0.namespaces = CLONE_NEWNS | CLONE_NEWPID }
                $0.mounts = [.directory("x"), .directory("y")]
            }
            let child = try ForkedChild(plan.origin)
            let pids = try child.awaitReady()
            if told > 0 { try child.furnish(base: [.directory("x")], place: plan.rootPlace) }
            if told > 1 { try child.furnish(plan) }
            if told > 2 {
                try child.confine(plan, ruleset: nil)
                try child.complete(filter: Self.filter, waitKillable: false)
            }
            #expect(Self.isThere(pids.forked))
            child.discard()
            #expect(!Self.isThere(pids.forked))
            #expect(kill(pids.server, 0) == -1)
            child.discard()  // nothing is left to end, nor another process of the same number
            #expect(!child.fits(plan))
        }
        // Other suites open files meanwhile, and the last threads that forked are still on their way out.
        #expect(try eventually { try Self.descriptors() <= before + 2 })
    }

    @Test("Nothing is lost when everything is said at once")
    func order() throws {
        for _ in 0..<300 {
            let plan = Self.plan(["/bin/true"])
            let child = try ForkedChild(plan.origin)
            try child.furnish(plan)
            try child.confine(plan, ruleset: nil)
            try child.complete(filter: Self.filter, waitKillable: false)
            _ = try child.awaitReady()
            let waiting = try child.handOver(hasListener: true)
            #expect(waiting.listener != nil)
            try waiting.letGo()
            try waiting.awaitExec()
            #expect(waiting.wait() == 0)
        }
    }

    @Test("A plan fits what was forked when its origin is the same and its mounts go on from the base")
    func fits() throws {
        let plan = Self.plan(["/bin/true"]) {
            $0.mounts = [.directory("a"), .directory("b")]
            $0.rootPlace = "/proc"
        }
        let child = try ForkedChild(plan.origin)
        defer { child.discard() }
        var other = plan
        other.user = UserIdentity(uid: 1, gid: 1)
        #expect(child.fits(plan) && !child.fits(other))
        try child.furnish(base: [.directory("a")], place: "/proc")
        #expect(child.fits(plan))
        other = plan
        other.mounts = [.directory("b"), .directory("a")]
        #expect(!child.fits(other))
        other = plan
        other.rootPlace = "/mnt"
        #expect(!child.fits(other))
    }

    @Test("A failure in the mounts after the base has the step's place in the whole list", .enabled(if: geteuid() == 0))
    func place() throws {
        let missing = MountStep.bind(source: "/nonexistent", target: "x", [], identity: nil)
        let plan = Self.plan(["/bin/true"]) {
            $0.namespaces = CLONE_NEWNS | CLONE_NEWPID
            $0.mounts = [.directory("x"), .directory("y"), missing]
        }
        let child = try ForkedChild(plan.origin)
        try child.furnish(base: [.directory("x"), .directory("y")], place: plan.rootPlace)
        try child.furnish(plan)
        let error = #expect(throws: LaunchError.self) {
            try child.confine(plan, ruleset: nil)
            try child.complete(filter: [], waitKillable: false)
            _ = try child.awaitReady()
            _ = try child.handOver(hasListener: false)
        }
        #expect(error == LaunchError(step: .mount, errno: .noSuchFileOrDirectory, index: 2))
    }
}
