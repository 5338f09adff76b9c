import Glibc
import LinuxSystem
import StrictJSON
import Synchronization
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct WriterTests {
    @Test("Folders are made 0700, journal and head 0600, and the next writer goes on with the chain")
    func modes() throws {
        let scratch = Scratch()
        let path = scratch.path.appending("state/agentbound/audit/journal.jsonl")
        #expect(try AuditWriter(path: path, session: "a").append(event("one")) == 1)
        #expect(try AuditWriter(path: path, session: "b").append(event("two")) == 2)
        #expect(try AuditReader.verify(path).findings == [])
        func mode(_ path: FilePath) -> mode_t {
            var status = stat()
            return unsafe lstat(path.string, &status) == 0 ? status.st_mode & 0o7777 : 0
        }
        #expect(mode(path) == 0o600 && mode(path.removingLastComponent().appending("journal.head")) == 0o600)
        #expect(mode(path.removingLastComponent()) == 0o700 && mode(scratch.path.appending("state")) == 0o700)
    }

    @Test("Threads with writers of their own and shared ones keep one chain")
    func threads() async throws {
        let scratch = Scratch()
        let path = scratch.journal
        let shared = try AuditWriter(path: path, session: "shared")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask {
                    let writer = task % 2 == 0 ? shared : try AuditWriter(path: path, session: "own-\(task)")
                    for number in 0..<200 { try writer.append(event("\(task)/\(number)")) }
                }
            }
            try await group.waitForAll()
        }
        try shared.flush()
        let report = try AuditReader.verify(path)
        #expect(report.findings == [] && report.lines == 1200 && report.beyondHead == 0)
    }

    @Test("Processes that append at once keep one chain")
    func processes() async throws {
        let scratch = Scratch()
        let path = scratch.journal.string
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        let writer = try AuditWriter(path: FilePath(path), session: "process")
                        for number in 0..<250 { try writer.append(event("\(getpid())/\(number)")) }
                    }
                }
            }
        }
        let report = try AuditReader.verify(scratch.journal)
        #expect(report.findings == [] && report.lines == 1000 && report.beyondHead == 0)
    }

    @Test(
        "A full disk, a file-size limit here, throws, leaves no half line, and the chain goes on when there is room again, with what is missing"
    )
    func fullDisk() async throws {
        let scratch = Scratch()
        let path = scratch.journal.string
        _ = try lines(3, in: scratch)
        let size = try bytes(of: scratch.journal).count
        await #expect(processExitsWith: .success) { [path = path as String, size = size as Int] in
            signal(SIGXFSZ, SIG_IGN)
            let writer = try AuditWriter(path: FilePath(path), session: "full")
            for room in [100, 0] {  // part of a line fits; nothing fits
                var limit = rlimit(rlim_cur: rlim_t(size + room), rlim_max: rlim_t.max)
                try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)  // RLIMIT_FSIZE
                #expect(throws: AuditError.self) { try writer.append(event("does not fit")) }
                #expect(try bytes(of: FilePath(path)).count == size)
            }
            var limit = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
            try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)
            #expect(try writer.append(event("fits")) == 5)
            #expect(try writer.append(event("fits")) == 6)
        }
        #expect(try AuditReader.verify(scratch.journal).findings == [])
        let told = split(try bytes(of: scratch.journal))[3]
        #expect(
            String(decoding: told, as: UTF8.self).contains(#""rule":"unrecorded","reason":"not recorded from "#))
    }

    @Test(
        "What could not be recorded is counted by what became of it, and told by the next event that can be recorded",
        arguments: [
            (false, ": refused 3, other events 1; "),
            (true, ": requests that passed 2, refused 1, other events 1; "),
        ])
    func unrecorded(happensAnyway: Bool, words: String) async throws {
        let scratch = Scratch()
        let path = scratch.journal.string
        await #expect(processExitsWith: .success) {
            [path = path as String, happensAnyway = happensAnyway as Bool, words = words as String] in
            signal(SIGXFSZ, SIG_IGN)
            let writer = try AuditWriter(path: FilePath(path), session: "full")
            var limit = rlimit(rlim_cur: 0, rlim_max: rlim_t.max)
            try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)  // RLIMIT_FSIZE
            let decisions: [AuditEvent.Decision] = [.allow, .deny, .info, .allow]
            for events in [decisions[..<2], decisions[2...]] {
                #expect(throws: AuditError.self) {
                    try writer.append(
                        contentsOf: events.map { AuditEvent(.tool, "s.t", $0, rule: "r", reason: "") },
                        happensAnyway: happensAnyway)
                }
            }
            limit = rlimit(rlim_cur: rlim_t.max, rlim_max: rlim_t.max)
            try #require(unsafe setrlimit(__rlimit_resource_t(1), &limit) == 0)
            #expect(try writer.append(event("end")) == 2)
            let line = String(decoding: try bytes(of: FilePath(path)), as: UTF8.self)
            #expect(
                line.contains(
                    #""subject":"journal","decision":"error","rule":"unrecorded","reason":"not recorded from "#))
            #expect(line.contains(words))
            #expect(line.contains("File too large"))
            #expect(line.contains(#""detail":{"passed":\#(happensAnyway ? 2 : 0),"refused":\#(happensAnyway ? 1 : 3)"#))
        }
    }

    @Test(
        "What the disk did not confirm is recorded as allowed and was refused: the next event that can be written says which",
        arguments: [false, true])
    func refusedAfterAll(happensAnyway: Bool) throws {
        let scratch = Scratch()
        let fails = Atomic(false)
        var disk = JournalDisk()
        disk.sync = { number in
            guard fails.load(ordering: .relaxed) else { return fdatasync(number) }
            errno = EIO
            return -1
        }
        disk.writeThrough = { [write = disk.writeThrough] in !fails.load(ordering: .relaxed) && write($0, $1, $2) }
        let writer = try AuditWriter(path: scratch.journal, session: "faulting", disk: disk)
        func events(_ decisions: [AuditEvent.Decision]) -> [AuditEvent] {
            decisions.map { AuditEvent(.tool, "s.t", $0, rule: "r", reason: "") }
        }
        try writer.appendDurably(contentsOf: events([.allow]), happensAnyway: happensAnyway)
        fails.store(true, ordering: .relaxed)
        for decisions in [[.deny, .allow, .info, .allow], [.deny], [.allow]] as [[AuditEvent.Decision]] {
            #expect(throws: AuditError.self) {
                try writer.appendDurably(contentsOf: events(decisions), happensAnyway: happensAnyway)
            }
        }
        fails.store(false, ordering: .relaxed)
        try writer.appendDurably(contentsOf: events([.allow]), happensAnyway: happensAnyway)
        try writer.appendDurably(contentsOf: events([.allow]), happensAnyway: happensAnyway)
        let lines = split(try bytes(of: scratch.journal)).map { String(decoding: $0, as: UTF8.self) }
        let told = lines.filter { $0.contains(#""subject":"journal","decision":"error","rule":"refused-after-all""#) }
        #expect(lines.count == (happensAnyway ? 9 : 11) && told.count == (happensAnyway ? 0 : 2))
        if !happensAnyway {
            // Events 3 and 5 of the four, then, behind the one that tells of it, event 8.
            #expect(lines[5] == told[0] && lines[8] == told[1], "\(lines)")
            #expect(told[0].contains("refused after all: 2 allowed of events 3 to 5; fdatasync "), "\(told[0])")
            #expect(told[0].contains(#""detail":{"first":3,"last":5,"refused":2}"#))
            #expect(told[1].contains("refused after all: event 8; fdatasync "), "\(told[1])")
        }
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test("Where the head cannot be written, no event is in the journal either")
    func headFails() async throws {
        let scratch = Scratch()
        let path = scratch.journal.string
        await #expect(processExitsWith: .success) { [path = path as String] in
            let writer = try AuditWriter(path: FilePath(path), session: "one")
            try writer.append(event("one"))
            let before = try bytes(of: FilePath(path))
            // The writer's own descriptor of it becomes one that takes nothing.
            let head = try #require(
                (3..<64).first { FolderCalls.link("/proc/self/fd/\($0)")?.string.hasSuffix(".head") == true })
            let kept = dup(CInt(head)), full = unsafe open("/dev/full", O_RDWR)
            try #require(dup2(full, CInt(head)) == head)
            for _ in 0..<2 {
                #expect(throws: AuditError.self) { try writer.append(event("two")) }
                #expect(try bytes(of: FilePath(path)) == before)
            }
            try #require(dup2(kept, CInt(head)) == head)
            // After the one that tells of two that are missing.
            #expect(try writer.append(event("three")) == 3)
        }
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test("A line that a crash left unfinished is kept, put on record, and then no finding", arguments: [1, 30, 200])
    func tornLine(count: Int) throws {
        let scratch = Scratch()
        var torn = try lines(4, in: scratch)
        torn[3] = Array(torn[3].prefix(count))
        try write(torn.flatMap { $0 }, to: scratch.journal)
        // The crash came before the head was written.
        let third = CheckedLine(torn[2].dropLast())!.link
        try write(JournalHead(link: third, size: UInt64(torn[..<3].joined().count)).bytes, to: scratch.head)
        #expect(try AuditReader.verify(scratch.journal).findings == [JournalFinding(line: 4, kind: .unfinished)])
        let writer = try AuditWriter(path: scratch.journal, session: "next")
        try writer.append(event("after"))
        let report = try AuditReader.verify(scratch.journal)
        #expect(report.findings == [] && report.recovered == [4] && report.lastEvent == 5)
        #expect(split(try bytes(of: scratch.journal))[3] == torn[3] + [0x0a])
        // The record holds the bytes to account: a change of the torn line shows.
        var changed = split(try bytes(of: scratch.journal))
        changed[3][0] ^= 1
        #expect(try findings(changed, in: scratch).first?.line == 4)
    }

    @Test("A last line that lacks only its line break is an event")
    func missingNewline() throws {
        let scratch = Scratch()
        let intact = try lines(3, in: scratch)
        try write(Array(intact.joined().dropLast()), to: scratch.journal)
        #expect(try AuditWriter(path: scratch.journal, session: "next").append(event("after")) == 4)
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test("A cut tail stays visible after the next launcher went on")
    func cutThenAppended() throws {
        let scratch = Scratch()
        let intact = try lines(5, in: scratch)
        try write(Array(intact.prefix(2).joined()), to: scratch.journal)
        try AuditWriter(path: scratch.journal, session: "next").append(event("after"))
        #expect(try AuditReader.verify(scratch.journal).findings == [JournalFinding(line: 3, kind: .lost(event: 5))])
    }

    @Test("A tail that is cut under a running launcher is put on record by it")
    func cutWhileRunning() throws {
        let scratch = Scratch()
        let writer = try AuditWriter(path: scratch.journal, session: "running")
        for number in 0..<5 { try writer.append(event("\(number)")) }
        let intact = split(try bytes(of: scratch.journal))
        try write(Array(intact.prefix(2).joined()), to: scratch.journal)
        try writer.append(event("after"))
        #expect(try AuditReader.verify(scratch.journal).findings == [JournalFinding(line: 3, kind: .lost(event: 5))])
    }

    @Test("A changed last line is named, also after the next launcher went on")
    func damagedEnd() throws {
        let scratch = Scratch()
        var changed = try lines(3, in: scratch)
        changed[2][20] ^= 1
        try write(Array(changed.joined()), to: scratch.journal)
        try AuditWriter(path: scratch.journal, session: "next").append(event("after"))
        #expect(
            try AuditReader.verify(scratch.journal).findings.first == JournalFinding(line: 3, kind: .changed(event: 3)))
    }

    @Test("A journal without an intact line near its end is not continued")
    func beyondRepair() throws {
        let scratch = Scratch()
        try write([UInt8](repeating: UInt8(ascii: "x"), count: 200_000), to: scratch.journal)
        #expect(throws: AuditError.damaged(scratch.journal)) { try AuditWriter(path: scratch.journal, session: "s") }
    }

    @Test(
        "A file that is no journal is not written to, however short; a first line that was never finished is one",
        arguments: [
            ("hello\n", false), ("{}\n", false), ("x", false), (#"{"se"#, true), (#"{"seq":1,"ti"#, true), ("", true),
        ])
    func anotherFile(text: String, isJournal: Bool) throws {
        let scratch = Scratch()
        try write(Array(text.utf8), to: scratch.journal)
        if isJournal {
            try AuditWriter(path: scratch.journal, session: "s").append(event("a"))
        } else {
            #expect(throws: AuditError.damaged(scratch.journal)) {
                try AuditWriter(path: scratch.journal, session: "s").append(event("a"))
            }
            #expect(try bytes(of: scratch.journal) == Array(text.utf8))
        }
    }

    @Test("A journal that was removed under a running launcher is begun again, and the loss is on record")
    func removed() throws {
        let scratch = Scratch()
        let writer = try AuditWriter(path: scratch.journal, session: "running")
        try writer.append(event("one"))
        try #require(unsafe unlink(scratch.journal.string) == 0)
        try writer.append(event("two"))
        #expect(try AuditReader.verify(scratch.journal).findings == [JournalFinding(line: 1, kind: .lost(event: 1))])
    }
}
