import Glibc
import LinuxSystem
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct StateFolderTests {
    private func refusal(_ path: FilePath) -> AuditError? {
        do {
            _ = try AuditWriter(path: path, session: "s")
            return nil
        } catch { return error }
    }

    @Test(
        "The state folder follows the XDG variables, and only absolute ones",
        arguments: [
            ("/s", "/h", "/s/agentbound"), (nil, "/h", "/h/.local/state/agentbound"),
            ("", "/h", "/h/.local/state/agentbound"),
            ("rel", "/h", "/h/.local/state/agentbound"), (nil, nil, nil), (nil, "", nil), ("rel", "rel", nil),
        ] as [(String?, String?, FilePath?)])
    func place(stateHome: String?, home: String?, path: FilePath?) {
        #expect((try? StateFolder.path(stateHome: stateHome, home: home)) == path)
    }

    @Test("G15: a journal that is a symbolic link, a folder, a FIFO or a device is refused at once")
    func kinds() throws {
        let scratch = Scratch()
        try write([], to: scratch.path.appending("target"))
        try #require(unsafe symlink("target", scratch.journal.string) == 0)
        #expect(refusal(scratch.journal) == .untrusted(scratch.journal, .symbolicLink))
        #expect(try bytes(of: scratch.path.appending("target")).isEmpty)
        let fifo = scratch.path.appending("fifo.jsonl")
        try #require(unsafe mkfifo(fifo.string, 0o600) == 0)
        #expect(refusal(fifo) == .untrusted(fifo, .notARegularFile))
        #expect(refusal("/dev/full") != nil)
        #expect(refusal("relative.jsonl") == .untrusted("relative.jsonl", .relative))
    }

    @Test("A head file that is a symbolic link is refused as well")
    func headLink() throws {
        let scratch = Scratch()
        try #require(unsafe symlink("/etc/passwd", scratch.head.string) == 0)
        #expect(refusal(scratch.journal) == .untrusted(scratch.head, .symbolicLink))
    }

    @Test(
        "A file or a folder that others may write is refused; a sticky folder such as /tmp is not",
        arguments: [
            (0o777, true), (0o770, true), (0o1777, false), (0o755, false),
        ] as [(mode_t, Bool)])
    func writable(mode: mode_t, isRefused: Bool) throws {
        let scratch = Scratch()
        let folder = scratch.path.appending("shared")
        try #require(unsafe mkdir(folder.string, 0o700) == 0)
        try #require(unsafe chmod(folder.string, mode) == 0)
        // The group of one's own is trusted, so the group's bit is tried with another group, where that is possible.
        if mode == 0o770, unsafe chown(folder.string, getuid(), 12345) != 0 { return }
        try #require(unsafe chmod(folder.string, mode) == 0)
        #expect((refusal(folder.appending("below/journal.jsonl")) != nil) == isRefused)
    }

    @Test("G15: a journal that others may write is refused")
    func writableFile() throws {
        let scratch = Scratch()
        try write([], to: scratch.journal)
        try #require(unsafe chmod(scratch.journal.string, 0o666) == 0)
        #expect(refusal(scratch.journal) == .untrusted(scratch.journal, .writableByOthers(mode: 0o666)))
    }

    @Test(
        "Somebody else's link on the way is refused, one's own is followed",
        .enabled(if: getuid() == 0, "only root makes somebody else's files"))
    func links() throws {
        let scratch = Scratch()
        try #require(unsafe mkdir(scratch.path.appending("real").string, 0o700) == 0)
        let link = scratch.path.appending("link")
        try #require(unsafe symlink("real", link.string) == 0)
        #expect(refusal(link.appending("journal.jsonl")) == nil)
        try #require(unsafe lchown(link.string, 12345, 12345) == 0)
        #expect(refusal(link.appending("journal.jsonl")) == .untrusted(link, .symbolicLink))
    }

    @Test("Somebody else's journal is refused", .enabled(if: getuid() == 0, "only root makes somebody else's files"))
    func owner() throws {
        let scratch = Scratch()
        try write([], to: scratch.journal)
        try #require(unsafe chown(scratch.journal.string, 12345, 12345) == 0)
        #expect(refusal(scratch.journal) == .untrusted(scratch.journal, .ownedBy(12345)))
    }

    @Test(
        "A state folder that cannot be written throws with the path and the errno",
        .enabled(if: getuid() != 0, "root writes everywhere"))
    func readOnly() throws {
        let scratch = Scratch()
        try #require(unsafe chmod(scratch.path.string, 0o500) == 0)
        guard case .system(let error)? = refusal(scratch.path.appending("audit/journal.jsonl")) else {
            Issue.record("not refused by the system")
            return
        }
        #expect(error.errno == .permissionDenied && error.path == scratch.path.appending("audit"))
    }
}
