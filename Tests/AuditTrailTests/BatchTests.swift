import Glibc
import LinuxSystem
import SecretText
import StrictJSON
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct BatchTests {
    @Test("A batch is in the journal as single events would be, and the next one continues it")
    func batch() throws {
        let scratch = Scratch()
        let writer = try AuditWriter(path: scratch.journal, session: "batch")
        #expect(try writer.append(contentsOf: (1...300).map { event("\($0)") }) == 300)
        #expect(try writer.append(event("single")) == 301)
        #expect(try writer.append(contentsOf: []) == 301)
        #expect(try AuditWriter(path: scratch.journal, session: "other").append(contentsOf: [event("next")]) == 302)
        let report = try AuditReader.verify(scratch.journal)
        #expect(report.findings == [] && report.lines == 302 && report.beyondHead == 0 && report.hadHead)
        let subjects = split(try bytes(of: scratch.journal)).map { AuditRecord($0.dropLast())?.subject }
        #expect(subjects == (1...300).map { "\($0)" } + ["single", "next"])
    }

    @Test("Batches of threads and writers keep one chain, and a flush of each of them returns")
    func threads() async throws {
        let scratch = Scratch()
        let path = scratch.journal
        let shared = try AuditWriter(path: path, session: "shared")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask {
                    let writer = task % 2 == 0 ? shared : try AuditWriter(path: path, session: "own-\(task)")
                    for number in 0..<20 {
                        try writer.append(contentsOf: (0...number).map { event("\(task)/\($0)") })
                        try writer.flush()
                    }
                }
            }
            try await group.waitForAll()
        }
        let report = try AuditReader.verify(path)
        #expect(report.findings == [] && report.lines == 6 * 210)
    }

    @Test("Of a batch that does not fit the disk nothing stays, and the chain goes on when there is room again")
    func fullDisk() async throws {
        let scratch = Scratch()
        _ = try lines(3, in: scratch)
        let path = scratch.journal.string, size = try bytes(of: scratch.journal).count
        await #expect(processExitsWith: .success) { [path = path as String, size = size as Int] in
            signal(SIGXFSZ, SIG_IGN)
            let writer = try AuditWriter(path: FilePath(path), session: "full")
            let batch = (0..<10).map { event("\($0)") }
            for room in [1500, 100, 0] {  // some lines fit; part of one fits; nothing fits
                var limit = rlimit(rlim_cur: rlim_t(size + room), rlim_max: rlim_t.max)
                try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)  // RLIMIT_FSIZE
                #expect(throws: AuditError.self) { try writer.append(contentsOf: batch) }
                #expect(try bytes(of: FilePath(path)).count == size)
            }
            var limit = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
            try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)
            #expect(try writer.append(contentsOf: batch) == 14, "and one that tells what is missing")
        }
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test("In a long journal, which two threads check, damage is named by its line, wherever it is")
    func long() throws {
        let scratch = Scratch()
        let writer = try AuditWriter(path: scratch.journal, session: "m")
        let events = (0..<2000).map { _ in AuditEvent(.box, "host:443", .deny, rule: "", reason: "") }
        for _ in 0..<100 { try writer.append(contentsOf: events) }
        // Lines differ in length by the digits of their number alone.
        // The first newline's place is a line's length less the newline, which is its length without the number's digits.
        let fixed = try #require(bytes(of: scratch.journal, first: 8192).firstIndex(of: 0x0a))
        func start(_ line: Int) -> Int {
            var start = (line - 1) * fixed, power = 1
            while power <= line - 1 {
                start += line - power
                power *= 10
            }
            return start
        }
        let file = try OwnedDescriptor.open(scratch.journal, O_RDWR)
        func at(_ line: Int) -> [UInt8] {
            (try? readBytes(file, from: start(line), count: start(line + 1) - start(line), path: scratch.journal)) ?? []
        }
        func put(_ bytes: [UInt8], _ line: Int) {
            _ = unsafe bytes.withUnsafeBytes {
                unsafe pwrite(file.rawValue, $0.baseAddress, $0.count, off_t(start(line)))
            }
        }
        func verify() throws -> JournalReport { try AuditReader.verify(scratch.journal) }
        let report = try verify()
        #expect(report.findings == [] && report.lines == 200_000 && report.lastEvent == 200_000)
        // Changed in several places, swapped, and the tail cut, all at once.
        let changed = [1, 5_243, 99_999, 100_001, 199_990]
        for line in changed {
            var bytes = at(line)
            bytes[40] ^= 1
            put(bytes, line)
        }
        let swapped = (at(160_000), at(160_001))
        put(swapped.1 + swapped.0, 160_000)
        #expect(ftruncate(file.rawValue, off_t(start(199_998))) == 0)
        var expected = changed.map { JournalFinding(line: $0, kind: .changed(event: UInt64($0))) }
        expected.insert(JournalFinding(line: 160_000, kind: .moved(event: 160_001, before: 160_002)), at: 4)
        expected.append(JournalFinding(line: 199_997, kind: .tailCut(from: 199_998, to: 200_000)))
        #expect(try verify().findings == expected)
    }

    @Test("What the quick look calls harmless, the scanner leaves alone")
    func quickLook() {
        let parts = [
            "token", "--token", "-token", "auth", "oauth", "Authorization", "pass", "word", "pass-word", "API_KEY", "=",
            ": ", " ", "  ", "'",
            "-", "_", "--", "AKIA", "ASIAABCDEFGHIJKLMNOP", "ghp_", "sk-", "xoxb-", "eyJ",
            "eyJhbGciOiJI.eyJhbGciOiJI.abcdef", "Bearer", "bearer ",
            "basic", "://", "http://", "user:pw@", "-----BEGIN ", "PRIVATE KEY-----", "abcdefghijklmnopqrstuvwxyz",
            "0123456789ABCDEF", "x", "e",
            "hf_", "AIza", "glpat-", "cookie", "secret", "s3cr3t", "/", ",", ";",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<60_000 {
            var text = (0..<Int.random(in: 1...7, using: &random)).map { _ in parts.randomElement(using: &random)! }
                .joined()
            let isPlain = text.withUTF8 { unsafe SecretRemoval.isPlain($0) }
            if isPlain { #expect(Redaction.redact(text) == text, "\(text)") }
        }
    }
}

private func bytes(of path: FilePath, first count: Int) throws -> [UInt8] {
    try readBytes(OwnedDescriptor.open(path, O_RDONLY), from: 0, count: count, path: path)
}
