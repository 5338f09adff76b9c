import Foundation
import TestSupport
import Testing

/// A small ext4 on a loop device, whose disk can be taken away.
private final class Disk {
    let folder: TemporaryFolder
    private var image: String { folder.path + "/image" }
    var mount: String { folder.path + "/disk" }

    static let isAvailable =
        geteuid() == 0 && FileManager.default.isWritableFile(atPath: "/dev/loop-control")
        && ["/usr/sbin/mkfs.ext4", "/sbin/mkfs.ext4"].contains { FileManager.default.isExecutableFile(atPath: $0) }

    init() throws {
        folder = try TemporaryFolder("agentbound-power")
        try setMode(0o755, of: folder.path)
        try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: false)
        try Self.run(["truncate", "-s", "32M", image])
        try Self.run(["mkfs.ext4", "-q", "-F", image])
        try attach()
    }

    deinit { _ = try? TestSupport.run(["umount", "-l", mount], environment: TestEnvironment.plain) }

    func attach() throws { try Self.run(["mount", "-o", "loop", image, mount]) }
    func detach() throws {
        #expect(try eventually { try TestSupport.run(["umount", mount], environment: Self.environment).code == 0 })
    }

    /// What the disk does not have by now is gone: EXT4_IOC_SHUTDOWN without a flush of the file system's own journal.
    func losePower() throws {
        let ioctl =
            "import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))"
        try Self.run(["/usr/bin/python3", "-c", ioctl, mount])
    }

    private static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    private static func run(_ words: [String]) throws {
        let done = try TestSupport.run(words, environment: environment)
        try #require(done.code == 0, "\(words): \(done.errors)")
    }
}

@Suite(
    "A journal on a disk that loses its power",
    .enabled(if: Products.launcherExists, "agentbound is not built"),
    .enabled(if: Disk.isAvailable, "needs root, a loop device and mkfs.ext4"), .serialized)
struct PowerLossTests {
    private static let server = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/gateway/server.py").path

    private func gate(_ disk: Disk) throws -> RunningProgram {
        let policy = disk.folder.path + "/policy.json"
        try Data(#"{"version": 1, "default": "allow"}"#.utf8).write(to: URL(fileURLWithPath: policy))
        return try RunningProgram(
            [
                Products.agentbound, "gate", "--policy", policy, "--audit", disk.mount + "/journal.jsonl", "--",
                "/usr/bin/python3", Self.server,
            ], environment: TestEnvironment.plain)
    }

    private func call(_ id: Int, of program: RunningProgram) throws {
        program.send(
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"look","arguments":{"n":\#(id)}}}"#
                + "\n")
        try #require(program.says("\"id\": \(id),"), "\(program.errorsSoFar)")
    }

    private func journal(_ disk: Disk) throws -> [Substring] {
        try String(contentsOfFile: disk.mount + "/journal.jsonl", encoding: .utf8).split(separator: "\n")
    }

    private func verify(_ disk: Disk) throws -> Finished {
        try run(
            [Products.agentbound, "audit", "verify", "--file", disk.mount + "/journal.jsonl"],
            environment: TestEnvironment.plain)
    }

    @Test(
        "Every call that was answered is on record after it, put back by the next start; before that the file lacks most of them"
    )
    func calls() throws {
        let disk = try Disk()
        let program = try gate(disk)
        for id in 1...60 { try call(id, of: program) }
        try disk.losePower()
        program.send(signal: SIGKILL)
        _ = program.finish()
        try disk.detach()
        try disk.attach()
        func recorded() throws -> [Int] {
            try journal(disk).compactMap { line in
                line.firstRange(of: /"request":(\d+)/).map { Int(line[$0].dropFirst(10))! }
            }
        }
        #expect(try recorded().count < 60, "nothing was lost, so nothing is tested")
        let before = try verify(disk)
        #expect(before.text.contains("at the end can be put back"), "\(before.text)")

        let next = try gate(disk)
        try call(61, of: next)
        next.closeInput()
        #expect(next.finish().code == 0)
        #expect(try recorded() == Array(1...61))
        let after = try verify(disk)
        #expect(
            after.code == 0 && after.text.contains("by a loss of power or a hand, and were put back"), "\(after.text)")
        try disk.detach()
    }
}
