import Foundation
import Glibc
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// What `-o FILE` does to what is there already.
@Suite("Files that a command writes")
struct OutputFileTests {
    private let folder: TemporaryFolder
    private var file: String { folder.path + "/m.json" }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, to name: String) throws { try OutputFile.write(Array(text.utf8), to: name) }
    private func make(_ command: [String]) throws { try #require(try run(command).code == 0) }
    private func text(_ name: String) throws -> String { try String(contentsOfFile: name, encoding: .utf8) }
    private func mode(_ name: String) throws -> UInt32 { try FileStatus(of: .init(name), followLink: false).mode }

    @Test("A file is made as others are, and one that was there keeps its mode; nothing else is left in the folder")
    func regular() throws {
        try write("first", to: file)
        #expect(try text(file) == "first")
        try make(["chmod", "600", file])
        try write("second", to: file)
        #expect(try text(file) == "second")
        #expect(try mode(file) == S_IFREG | 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.json"])
    }

    @Test("A link stays a link, and what it leads to is written")
    func link() throws {
        try write("first", to: file)
        let link = folder.path + "/link"
        try make(["ln", "-s", "m.json", link])
        try write("second", to: link)
        #expect(try text(file) == "second")
        #expect(try FileStatus(of: .init(link), followLink: false).isSymlink)
    }

    @Test("A pipe takes the bytes and stays a pipe; so would a device, which root could otherwise replace")
    func pipe() throws {
        let pipe = folder.path + "/pipe"
        try make(["mkfifo", "-m", "600", pipe])
        // Open for both, so that nobody waits for the other side.
        let end = unsafe open(pipe, O_RDWR | O_NONBLOCK)
        defer { close(end) }
        try write("through", to: pipe)
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe read(end, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self) == "through")
        #expect(try mode(pipe) == S_IFIFO | 0o600)
        // Root's device is a copy: a defect here would otherwise take the machine's.
        let device = geteuid() == 0 ? folder.path + "/null" : "/dev/null"
        if geteuid() == 0 { try make(["mknod", device, "c", "1", "3"]) }
        try write("nowhere", to: device)
        #expect(try FileStatus(of: .init(device)).isCharacterDevice)
    }

    @Test("What cannot be written is said, and nothing is left behind", arguments: ["", "/gone/m.json"])
    func refused(end: String) throws {
        #expect(throws: Refusal.self) { try write("x", to: folder.path + end) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
