import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import LinuxSystem

@Suite("Control groups")
struct ControlGroupTests {
    private static let unified = "30 20 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"

    @Test(
        "A process's own group is found below where version 2 is mounted",
        arguments: [
            (unified, "0::/user.slice/a.scope\n", "/sys/fs/cgroup/user.slice/a.scope"),
            (unified, "0::/\n", "/sys/fs/cgroup"),
            // Beside version 1, as systemd's hybrid layout has it.
            (
                "31 20 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n32 20 0:29 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n",
                "8:pids:/x\n0::/y\n", "/sys/fs/cgroup/unified/y"
            ),
            // A container that has a part of the tree mounted, and its own name for the whole.
            ("30 20 0:27 /docker/1 /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "0::/docker/1/a\n", "/sys/fs/cgroup/a"),
            ("30 20 0:27 /docker/1 /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "0::/docker/2\n", nil),
            ("30 20 0:27 /../.. /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "0::/\n", nil),
            (unified, "0::/../outside\n", nil),
            ("", "0::/\n", nil), (unified, "1:cpu:/\n", nil), (unified, "", nil), ("- cgroup2\n", "0::/\n", nil),
        ])
    func place(mounts: String, groups: String, own: String?) {
        #expect(ControlGroup.Place(mounts: mounts, groups: groups)?.own == own.map { FilePath($0) })
    }

    private static let parent = ControlGroup.parent(for: [])

    @Test(
        "A group is born, kills who is left in it, and vanishes; one of a launcher that is gone is removed by the next",
        .enabled(if: parent != nil, "no control group of version 2 can be made here"))
    func lifeOfAGroup() throws {
        let parent = try #require(Self.parent)
        // The number of a process that has ended, as far as numbers last.
        let gone = try RunningProgram(["true"])
        _ = gone.finish()
        let abandoned = parent.string + "/agentbound-\(gone.id)"
        #expect(unsafe mkdir(abandoned, 0o755) == 0)
        let sleeper = try RunningProgram(["sleep", "1000"])
        var path = ""
        do {
            let group = try ControlGroup(in: parent), other = try ControlGroup(in: parent)
            path = group.path.string
            #expect(other.path != group.path)
            #expect(unsafe access(abandoned, F_OK) == -1)
            try group.add(sleeper.id)
            #expect(try String(contentsOfFile: "/proc/\(sleeper.id)/cgroup", encoding: .utf8).contains("agentbound-"))
            #expect(group.events() == ControlGroup.Events())
        }
        #expect(sleeper.finish().ending == .killed(SIGKILL))
        #expect(unsafe access(path, F_OK) == -1)
    }

    @Test("Where there is no group, making one says so")
    func noParent() {
        #expect(throws: SyscallError.self) { try ControlGroup(in: "/proc/self/nowhere") }
    }
}
