import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import LinuxSystem

@Suite struct DescriptorTests {
    @Test("Descriptors are close-on-exec from the start")
    func closeOnExec() throws {
        let file = try OwnedDescriptor.open("/dev/null", O_RDONLY)
        let pipe = try makePipe()
        for number in [file.rawValue, pipe.reading.rawValue, pipe.writing.rawValue] {
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test("Reading stops one byte behind the limit", arguments: [(0, 1), (9, 10), (10, 10), (4_096, 10)])
    func limit(limit: Int, count: Int) throws {
        let folder = try TemporaryFolder()
        try "0123456789".write(toFile: folder.path + "/f", atomically: true, encoding: .utf8)
        #expect(try readFile(FilePath(folder.path + "/f"), limit: limit).count == count)
    }

    @Test("A failure names call, errno and path")
    func failure() {
        let error = #expect(throws: SyscallError.self) { try readFile("/nonexistent/file") }
        #expect(error == SyscallError(call: "open", errno: .noSuchFileOrDirectory, path: "/nonexistent/file"))
    }

    @Test(
        "A path below a root never leaves it",
        arguments: ["/etc/../../../x/secret", "../secret", "/proc/self/root/etc/passwd", "link"])
    func inRoot(path: FilePath) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: "/etc/passwd")
        let root = SharedDescriptor(try OwnedDescriptor.open(FilePath(folder.path), O_PATH))
        #expect(throws: SyscallError.self) { _ = try FolderCalls.open(path, inRoot: root, flags: O_PATH) }
    }

    @Test("Memory is handed on only while the call waits: the number may be another process's by now")
    func memoryOfTheDead() throws {
        // No call waits on a descriptor that is no listener, and this process's memory is there to be read.
        let listener = NotificationListener(SharedDescriptor(try OwnedDescriptor.open("/dev/null", O_RDWR)))
        let gone = Notification(id: 1, thread: getpid(), number: 0, arguments: [])
        let text = Array("another's secret".utf8) + [0]
        unsafe text.withUnsafeBufferPointer { bytes in
            let address = UInt64(UInt(bitPattern: bytes.baseAddress))
            #expect(CallerMemory.read(getpid(), address, count: text.count) == text)
            let dead = SyscallError(call: "seccomp", errno: .noSuchProcess)
            #expect(throws: dead) { try listener.read(gone, at: address, count: text.count) }
            #expect(throws: dead) { try listener.path(gone, at: address) }
            #expect(throws: dead) { try listener.path(gone, at: 1) }
            #expect(throws: dead) { try listener.write(gone, at: address, text) }
        }
    }

    @Test("Memory is read whole or not at all")
    func memory() {
        #expect(CallerMemory.read(getpid(), 0, count: 0) == [])
        for address in [0, 1, UInt64.max, .max - 4_095, 1 << 63] as [UInt64] {
            #expect(CallerMemory.read(getpid(), address, count: 8) == nil)
            #expect(throws: SyscallError(call: "path", errno: .badAddress)) { try CallerMemory.path(getpid(), address) }
        }
    }
}
