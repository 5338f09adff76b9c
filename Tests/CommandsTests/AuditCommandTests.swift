import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

@Suite struct AuditCommandTests {
    private func withJournal(_ body: (FilePath) throws -> Void) throws {
        var template = Array("/tmp/audit-command-XXXXXX".utf8CString)
        // mkdtemp fills in the six letters.
        let folder = unsafe template.withUnsafeMutableBufferPointer {
            unsafe FilePath(platformString: mkdtemp($0.baseAddress!)!)
        }
        let path = folder.appending("journal.jsonl")
        defer {
            for name in ["journal.jsonl", "journal.head"] { unsafe unlink(folder.appending(name).string) }
            unsafe rmdir(folder.string)
        }
        for session in ["one", "two"] {
            let writer = try AuditWriter(path: path, session: session)
            try writer.append(AuditEvent(.lifecycle, "start", .info, rule: "start", reason: ""))
            try writer.append(
                AuditEvent(.box, "host\u{1b}[2J:443", .deny, rule: "network.client", reason: "not\ngranted"))
        }
        try body(path)
    }

    private func exitCode(_ arguments: [String]) throws -> Int32 {
        do {
            var command = try AuditCommand.parseAsRoot(["verify"] + arguments)
            try command.run()
            return 0
        } catch let code as ExitCode {
            return code.rawValue
        } catch let refusal as Refusal { return refusal.exitCode }
    }

    @Test("verify: 0 intact, 1 changed, 66 no journal, 74 unreadable")
    func exitCodes() throws {
        try withJournal { path in
            #expect(try exitCode(["--file", path.string]) == 0)
            var bytes = try readFile(path)
            bytes[30] ^= 1
            try OwnedDescriptor.open(path, O_WRONLY).writeAll(bytes)
            #expect(try exitCode(["--file", path.string, "--json"]) == 1)
            #expect(try exitCode(["--file", path.string + ".none"]) == 66)
            #expect(try exitCode(["--file", path.removingLastComponent().string]) == 74)  // a folder
        }
    }

    @Test("An event that was changed is named when it is shown, and only then")
    func changed() throws {
        try withJournal { path in
            #expect(try AuditListing.collect(path, AuditFilter(), limit: nil).changed == [])
            var text = String(decoding: try readFile(path), as: UTF8.self)
            text.replaceSubrange(try #require(text.firstRange(of: "host")), with: "hast")
            try OwnedDescriptor.open(path, O_WRONLY).writeAll(Array(text.utf8))
            let found = try AuditListing.collect(path, AuditFilter(), limit: nil)
            #expect(found.records.map(\.seq) == [1, 2, 3, 4] && found.changed == [2] && found.unreadable == 0)
            #expect(try AuditListing.collect(path, AuditFilter(), limit: 2).changed == [])
            #expect(try AuditListing.collect(path, AuditFilter(decision: .deny), limit: 2).changed == [2])
            let report = try AuditReader.verify(path)
            #expect(AuditVerdict.text(report, path).contains("1 finding in 4 lines"))
        }
    }

    @Test(
        "Filters narrow the list, and the limit keeps the last",
        arguments: [
            (AuditFilter(), nil, [1, 2, 3, 4]), (AuditFilter(session: "two"), nil, [3, 4]), (AuditFilter(), 1, [4]),
            (AuditFilter(), 0, []),
            (AuditFilter(kind: .lifecycle), nil, [1, 3]), (AuditFilter(decision: .deny), 1, [4]),
            (AuditFilter(since: "2999-01-01"), nil, []), (AuditFilter(since: "2000-01-01"), 9, [1, 2, 3, 4]),
        ] as [(AuditFilter, Int?, [Int64])])
    private func filters(filter: AuditFilter, limit: Int?, events: [Int64]) throws {
        try withJournal { path in
            let (records, unreadable, _) = try AuditListing.collect(path, filter, limit: limit)
            #expect(records.map(\.seq) == events && unreadable == 0)
        }
    }

    @Test("A line for people shows what the server chose without obeying it, and colours only when asked to")
    func safeLine() throws {
        try withJournal { path in
            let record = try AuditListing.collect(path, AuditFilter(), limit: 1).records[0]
            let plain = AuditListing.line(record, AuditColours(isOn: false))
            #expect(plain.hasSuffix("deny   box        host\\u{1b}[2J:443  (network.client: not\\u{a}granted)"))
            #expect(AuditListing.line(record, AuditColours(isOn: true)).contains("\u{1b}[31mdeny \u{1b}[0m"))
        }
    }

    @Test(
        "Moments are dates, times or ages; anything else is refused",
        arguments: [
            ("2026-02-28", "2026-02-28"), ("2026-02-28T23:00Z", "2026-02-28T23:00"),
            ("2026-02-28T23:00:01", "2026-02-28T23:00:01"),
            ("1h", "1970-01-01T00:00:00.000000Z"), ("60s", "1970-01-01T00:59:00.000000Z"), ("-1h", nil), ("h", nil),
            ("", nil),
            ("yesterday", nil), ("2026-2-28", nil), ("2026-13-45", nil), ("2026-02-31", nil), ("2026-02-29", nil),
            ("2024-02-29", "2024-02-29"), ("2026-02-28T25:00Z", nil), ("2026-02-28T23:60", nil),
            ("2026-02-28T23:59:60Z", nil), ("2026-02-28T23:00:01.25Z", "2026-02-28T23:00:01.25"),
            ("2026-02-28T23:00+02:00", nil), ("0000-00-00", nil), ("+1h", nil), ("1w", nil),
            ("7d", "1969-12-25T01:00:00.000000Z"), ("2026-02-28 23:00", nil), ("99999999999999999999d", nil),
            ("é", nil),
        ] as [(String, String?)])
    func moments(text: String, moment: String?) {
        #expect(AuditFilter.moment(text, now: Timestamp(microseconds: 3_600_000_000)) == moment)
    }

    @Test("The JSON report names each finding with its line")
    func json() throws {
        var report = JournalReport()
        report.lines = 3
        report.findings = [JournalFinding(line: 2, kind: .cut(from: 2, to: 4))]
        let json = AuditVerdict.json(report, "/j")
        #expect(json["intact"] == false)
        #expect(json["findings"]?.array?.first?["line"] == 2 && json["findings"]?.array?.first?["kind"] == "cut")
        #expect(AuditVerdict.text(report, "/j").contains("events 2 to 4 are missing before line 2: cut out"))
    }
}
