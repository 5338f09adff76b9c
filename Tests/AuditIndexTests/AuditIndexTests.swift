import AuditIndex
import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage
import Testing

@Suite struct AuditIndexTests {
    private func withJournal(_ body: (FilePath) throws -> Void) throws {
        var template = Array("/tmp/audit-index-XXXXXX".utf8CString)
        // mkdtemp fills in the six letters.
        let folder = unsafe template.withUnsafeMutableBufferPointer {
            unsafe FilePath(platformString: mkdtemp($0.baseAddress!)!)
        }
        let path = folder.appending("journal.jsonl")
        defer {
            for ending in ["jsonl", "head", "index", "index-journal"] {
                unsafe unlink(folder.appending("journal.\(ending)").string)
            }
            unsafe rmdir(folder.string)
        }
        try write(100, to: path)
        try body(path)
    }

    private func write(_ count: Int, to path: FilePath, session: String = "one") throws {
        let writer = try AuditWriter(path: path, session: session)
        try writer.append(AuditEvent(.lifecycle, "files", .info, rule: "start", reason: ""))
        try writer.append(
            contentsOf: (1...count).map { number in
                if number % 10 == 0 { return AuditEvent(.box, "host:443", .deny, rule: "network.client", reason: "") }
                return AuditEvent(
                    ToolEvent(
                        server: number % 2 == 0 ? "files" : "mail", tool: "t\(number % 4)", agent: "a\(number % 3)",
                        decision: number % 5 == 0 ? .deny : .allow, rule: "r", reason: ""))
            })
    }

    private func numbers(_ path: FilePath, last: Int = 1_000_000, _ change: (inout IndexQuery) -> Void = { _ in })
        -> [UInt64]?
    {
        var query = IndexQuery()
        change(&query)
        return AuditIndex.lines(path, query, last: last)?.compactMap { EventFields($0[...])?.seq }
    }

    /// The same answers, from the journal itself.
    private func scanned(_ path: FilePath, _ fits: (EventFields) -> Bool) throws -> [UInt64] {
        var found: [UInt64] = []
        try AuditReader.forEachLine(path) { _, line in
            if let event = EventFields(line), fits(event) { found.append(event.seq) }
        }
        return found
    }

    @Test("It answers as the journal does, for each filter and the last few")
    func answers() throws {
        try withJournal { path in
            #expect(numbers(path) == Array(1...101))
            #expect(numbers(path, last: 3) == [99, 100, 101] && numbers(path, last: 0) == [])
            func same(_ change: (inout IndexQuery) -> Void, _ fits: (EventFields) -> Bool) throws {
                let answer = numbers(path, change), truth = try scanned(path, fits)
                #expect(answer == truth && !truth.isEmpty)
            }
            try same({ $0.decision = .deny }) { $0.decision == .deny }
            try same({ $0.kind = .box }) { $0.kind == .box }
            try same({ $0.tool = "t1" }) { $0.detail["tool"] == "t1" }
            try same({ $0.tool = "files.t2" }) { $0.subject == "files.t2" }
            try same({ $0.agent = "a2" }) { $0.detail["agent"] == "a2" }
            // Box events belong to their session's server.
            try same({ $0.server = "files" }) { $0.kind != .tool || $0.detail["server"] == "files" }
            #expect(numbers(path) { $0.session = "on" }?.count == 101 && numbers(path) { $0.session = "x" } == [])
            #expect(
                numbers(path) { $0.since = "2000-01-01" }?.count == 101
                    && numbers(path) { $0.until = "2000-01-01" } == [])
            #expect(numbers(path) { $0.server = "' OR 1=1 --" } == [])
        }
    }

    @Test("It takes in what was written since, also while writers go on")
    func grows() throws {
        try withJournal { path in
            #expect(numbers(path)?.count == 101)
            try write(50, to: path, session: "two")
            #expect(numbers(path)?.count == 152)
            #expect(numbers(path) { $0.session = "two" }?.count == 51)
        }
    }

    @Test("Damaged, missing, or of another journal, it is made anew")
    func anew() throws {
        try withJournal { path in
            let index = path.removingLastComponent().appending("journal.index")
            #expect(numbers(path)?.count == 101)
            try #require(unsafe unlink(index.string) == 0)
            #expect(numbers(path)?.count == 101)
            try OwnedDescriptor.open(index, O_WRONLY | O_TRUNC).writeAll(Array("not a database".utf8))
            #expect(numbers(path)?.count == 101)
            var bytes = try readFile(index, limit: 1 << 24)
            for place in stride(from: 200, to: bytes.count, by: 37) { bytes[place] ^= 0x5a }
            try OwnedDescriptor.open(index, O_WRONLY).writeAll(bytes)
            #expect(numbers(path)?.count == 101)
            // Another journal in the same place, longer than the first.
            try #require(unsafe unlink(path.string) == 0)
            _ = unsafe unlink(path.removingLastComponent().appending("journal.head").string)
            try write(200, to: path, session: "other")
            #expect(numbers(path)?.count == 201)
            // And a shorter one.
            try #require(unsafe unlink(path.string) == 0)
            _ = unsafe unlink(path.removingLastComponent().appending("journal.head").string)
            try write(5, to: path, session: "third")
            #expect(numbers(path) == Array(1...6))
        }
    }

    @Test(
        "A line that was changed in the journal after it was indexed is not answered with: the caller reads the journal itself"
    )
    func changed() throws {
        try withJournal { path in
            #expect(numbers(path)?.count == 101)
            var bytes = try readFile(path, limit: 1 << 24)
            bytes[bytes.count / 2] ^= 1
            try OwnedDescriptor.open(path, O_WRONLY).writeAll(bytes)
            #expect(numbers(path) == nil)
        }
    }

    @Test("In a folder that others can write there is no index")
    func untrusted() throws {
        try withJournal { path in
            try #require(unsafe chmod(path.removingLastComponent().string, 0o777) == 0)
            #expect(numbers(path) == nil)
        }
    }
}
