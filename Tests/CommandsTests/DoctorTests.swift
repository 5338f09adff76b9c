import Foundation
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite struct DoctorTests {
    static let sound = MachineFacts(
        listener: .works, isRoot: false, delegatedCgroup: "/sys/fs/cgroup/user.slice", processes: nil, openFiles: 1024,
        inotifyWatches: 65536, sharedLibraries: ["libc.so.6"],
        folders: [.init(purpose: "state", path: "/home/u/.local/state/agentbound", isWritable: true)], hasHome: true)

    @Test(
        "Kernels that people have start boxes, and what each lacks is a warning",
        arguments: [
            (KernelFeatures.linux618, [String](), Int32(0)),
            (.debian12, ["landlock"], 0),
            (.ubuntu2404, ["landlock", "namespaces"], 0),
            (.container, ["landlock", "pidfd_getfd", "namespaces"], 0),  // what it costs depends on the manifest
        ])
    func kernels(features: KernelFeatures, lacking: [String], code: Int32) {
        let report = DoctorReport(features: features, machine: Self.sound)
        #expect(report.lines.filter { $0.status != .ok }.map(\.id) == lacking)
        #expect(report.exitCode == code)
    }

    @Test("Each line that is not ok says what to do")
    func fixes() {
        var machine = Self.sound
        machine.listener = .busy
        machine.isRoot = true
        machine.delegatedCgroup = nil
        (machine.processes, machine.openFiles, machine.inotifyWatches) = (10, 10, 10)
        machine.sharedLibraries = ["libswiftCore.so"]
        machine.folders[0].isWritable = false
        let bad = KernelFeatures(
            release: "4.19", machine: "riscv64", landlockABI: 0, userNotification: false, waitKillable: false,
            pidfdGetfd: false, namespaces: .refused("user.max_user_namespaces is 0"), ptraceScope: 3)
        let report = DoctorReport(features: bad, machine: machine)
        #expect(report.lines.allSatisfy { $0.status != .ok && $0.fix != nil })
        #expect(report.exitCode == 69)
    }

    @Test(
        "Without Landlock, notification or a free listener no box can start",
        arguments: ["landlock", "notification", "busy"])
    func cannotStart(what: String) {
        var features = KernelFeatures.linux618
        var machine = Self.sound
        switch what {
        case "landlock": features.landlockABI = 0
        case "notification": features.userNotification = false
        default: machine.listener = .busy
        }
        let report = DoctorReport(features: features, machine: machine)
        #expect(report.lines.filter { $0.status == .fail }.count == 1)
        #expect(!report.canStartBoxes)
    }

    @Test("Ubuntu's switch is named with a command that lifts it for agentbound alone")
    func ubuntu() throws {
        let report = DoctorReport(features: .ubuntu2404, machine: Self.sound)
        let fix = try #require(report.lines.first { $0.id == "namespaces" }?.fix)
        #expect(fix.contains("userns,") && fix.contains("sudo apparmor_parser -r /etc/apparmor.d/agentbound"))
        #expect(fix.contains("kernel.apparmor_restrict_unprivileged_userns=0"))
    }

    @Test("A missing Landlock right is named with what stands in for it")
    func abi() {
        let detail = DoctorReport(features: .debian12, machine: Self.sound).lines.first { $0.id == "landlock" }!.detail
        #expect(detail.hasPrefix("ABI 2: no rights for truncation (ABI 3)"))
        #expect(!detail.contains("(ABI 2)"))
    }

    @Test("The text has no colour codes unless asked, and JSON keeps quotes and control characters apart")
    func rendering() {
        var machine = Self.sound
        machine.folders[0].path = "/a\"b\\c\u{1}"
        let report = DoctorReport(features: .linux618, machine: machine)
        #expect(!report.text(colour: false).contains("\u{1B}"))
        #expect(report.text(colour: true).contains("\u{1B}[32mok  \u{1B}[0m"))
        #expect(report.json.contains(#""detail":"/a\"b\\c\u0001""#))
        #expect(report.json.hasPrefix(#"{"canStartBoxes":true,"checks":[{"id":"kernel""#))
    }

    @Test("A state folder that others may write stops every start, and doctor says so")
    func distrusted() throws {
        let folder = try TemporaryFolder("agentbound-doctor")
        let state = folder.path + "/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: false)
        for (mode, code) in [(0o777, 1), (0o700, 0)] as [(Int, CInt)] {
            try setMode(0o755, of: folder.path)
            try setMode(mode, of: state)
            let environment = TestEnvironment.plain.merging(["HOME": folder.path, "XDG_STATE_HOME": state]) { $1 }
            let told = try run([Products.agentbound, "doctor", "--json"], environment: environment).text
            let line = told.split(separator: "{").first { $0.contains(#""folder.state""#) } ?? ""
            #expect(line.contains("fail") == (code == 1) && line.contains("chmod go-w") == (code == 1), "\(told)")
        }
    }

    @Test("This machine can be asked")
    func here() {
        let machine = MachineFacts.current()
        #expect(machine.listener != .notTried)
        #expect(machine.openFiles != 0)
    }
}
