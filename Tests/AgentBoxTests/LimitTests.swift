import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage
import Testing

@testable import AgentBox

@Suite("Limits")
struct LimitTests {
    private static let core: CInt = 4, processes: CInt = 6, files: CInt = 7

    private func plan(
        _ isolation: Isolation, isPrivileged: Bool = false, group: Bool = false, _ limits: String...
    ) throws -> BoxPlan {
        var granted = OrdinaryManifest.read.granted
        for limit in limits { try granted.limits.add(limit) }
        var request = PlanScene.request(granted, on: .linux618, isolation)
        request.host.isPrivileged = isPrivileged
        if group { request.host.groupParent = "/sys/fs/cgroup/user" }
        return BoxPlan(request)
    }

    @Test("Without a word no core file is left, descriptors are bounded, and processes where the box's own are counted")
    func defaults() throws {
        let files = ChildPlan.Limit(Self.files, soft: .max, hard: 65_536),
            core = ChildPlan.Limit(Self.core, soft: 0, hard: 0)
        #expect(try plan(.plain).child.limits == [core, files])
        #expect(try plan(.namespaces, isPrivileged: true).child.limits == [core, files])
        let processes = ChildPlan.Limit(Self.processes, soft: 4_096, hard: 4_096)
        #expect(try plan(.namespaces).child.limits == [core, processes, files])
        #expect(try plan(.plain).group == nil)
    }

    @Test("A group takes what is counted for the whole box, and memory is limited for each process besides")
    func group() throws {
        let plan = try plan(.plain, group: true, "memory=1M", "processes=9", "cpu=3s")
        #expect(plan.group == .init(parent: "/sys/fs/cgroup/user", memory: 1 << 20, processes: 9))
        #expect(!plan.child.limits.contains { $0.resource == Self.processes })
        #expect(plan.child.limits.contains(.init(2, soft: 1 << 20, hard: 1 << 20)))
        // SIGXCPU first, which says why.
        #expect(plan.child.limits.contains(.init(0, soft: 3, hard: 4)))
    }

    private static let limits: ResourceLimits = {
        var limits = ResourceLimits()
        limits.memory = 256 << 20
        limits.processes = 8
        limits.cpu = 60
        limits.fileSize = 1_000
        return limits
    }()
    private static func events(killed: UInt64 = 0, refused: UInt64 = 0) -> ControlGroup.Events {
        var events = ControlGroup.Events()
        events.killedForMemory = killed
        events.refusedForks = refused
        return events
    }

    @Test(
        "A limit that was reached is told in words, with what gives more",
        arguments: [
            (
                BoxEnding.killed(signal: SIGKILL), events(killed: 1),
                "the server was killed: it used more than memory=256M", "--limit memory=512M"
            ),
            (
                .exited(code: 3), events(killed: 2),
                "2 processes of the box killed: together they used more than memory=256M", "--limit memory=512M"
            ),
            (
                .exited(code: 0), events(refused: 5),
                "the server could start no more processes or threads than processes=8", "--limit processes=16"
            ),
            (
                .killed(signal: SIGXCPU), nil, "the server was killed: it used more processor time than cpu=60s",
                "--limit cpu=120s"
            ),
            (
                .killed(signal: SIGXFSZ), nil, "the server was killed: it wrote a larger file than fileSize=1000",
                "--limit fileSize=2000"
            ),
        ] as [(BoxEnding, ControlGroup.Events?, String, String)])
    func words(ending: BoxEnding, events: ControlGroup.Events?, words: String, flag: String) {
        let reached = LimitReached.all(ending, Self.limits, events)
        #expect(reached.map(\.words) == [words] && reached.map(\.flag) == [flag])
        // Who set no limit is not told of one.
        #expect(LimitReached.all(ending, ResourceLimits(), events).isEmpty)
    }

    @Test(
        "An end of its own is no limit's",
        arguments: [BoxEnding.exited(code: 137), .killed(signal: SIGKILL), .killed(signal: SIGTERM)])
    func otherEnds(ending: BoxEnding) {
        #expect(LimitReached.all(ending, Self.limits, Self.events()).isEmpty)
    }
}
