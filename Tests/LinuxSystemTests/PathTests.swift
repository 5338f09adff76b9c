import Foundation
import Glibc
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@Suite("Paths")
struct PathTests {
    @Test(
        "The parent is what removing the last component leaves",
        arguments: ["/", "/a", "/a/b", "/a/b/..", "a", "a/b", "", ".", "..", "../a", "/ä/ö", "/a b/c.d"])
    func parent(text: String) {
        let path = FilePath(text)
        #expect(path.parent == path.removingLastComponent())
        var moved = path, removed = path
        #expect(moved.moveUp() == removed.removeLastComponent())
        #expect(moved == removed)
    }

    @Test("Names that are no text keep their bytes")
    func bytes() {
        let folder: [UInt8] = Array("/tmp/".utf8) + [0xff, 0xfe]
        #expect(FilePath(bytes: folder + Array("/x".utf8)).parent == FilePath(bytes: folder))
    }

    @Test("The kernel tells a missing path, one that is there and one with links apart")
    func linkless() throws {
        let folder = try TemporaryFolder()
        let root = FilePath(folder.path)
        try "".write(toFile: folder.path + "/file", atomically: false, encoding: .utf8)
        for (name, target) in [("link", "file"), ("up", "."), ("dangling", "nothing")] {
            #expect(unsafe symlink(target, folder.path + "/" + name) == 0)
        }
        #expect(FolderCalls.linkless(root.appending("file")) == .exists)
        #expect(FolderCalls.linkless(root.appending("other")) == .missing)
        #expect(FolderCalls.linkless(root.appending("file/below")) == .missing)
        for name in ["link", "up/file", "up/other", "dangling"] {
            #expect(FolderCalls.linkless(root.appending(FilePath(name).components)) == .hasLinks, "\(name)")
        }
    }
}

@Suite("Threads")
struct SystemThreadTests {
    @Test("A thread that starts on another processor may run on all of them")
    func elsewhere() async throws {
        let mine = try allowedProcessors(of: getpid())
        let its = await withCheckedContinuation { (continuation: CheckedContinuation<String?, Never>) in
            do {
                try SystemThread.start("elsewhere", elsewhere: true) {
                    continuation.resume(returning: try? allowedProcessors(of: SystemThread.current))
                }
            } catch { continuation.resume(returning: nil) }
        }
        #expect(its == mine)
    }

    private func allowedProcessors(of thread: CInt) throws -> String {
        let lines = String(decoding: try readFile(FilePath("/proc/self/task/\(thread)/status")), as: UTF8.self).split(
            separator: "\n")
        return String(try #require(lines.first { $0.hasPrefix("Cpus_allowed:") }))
    }
}
