import Glibc
import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@testable import AuditTrail

/// What a disk has of a journal and its head when nothing but what was confirmed came there.
private final class FakeDisk: Sendable {
    struct Contents {
        var journal: [UInt8] = []
        var head: [UInt8] = []
        var syncs = 0, writes = 0
    }
    let contents = Mutex(Contents())
    let failsToWrite = Atomic(false)

    var calls: JournalDisk {
        JournalDisk(
            sync: { [self] number in
                guard let found = try? bytes(of: FilePath("/proc/self/fd/\(number)")) else { return -1 }
                contents.withLock {
                    $0.journal = found
                    $0.syncs += 1
                }
                return 0
            },
            writeThrough: { [self] piece, place, number in
                if failsToWrite.load(ordering: .relaxed) { return false }
                let written = unsafe piece.withUnsafeBytes {
                    unsafe pwrite(number, $0.baseAddress, $0.count, off_t(place))
                }
                contents.withLock {
                    if $0.head.isEmpty {
                        $0.head = [UInt8](repeating: 0x0a, count: JournalRing.start + JournalRing.capacity)
                    }
                    $0.head.replaceSubrange(place..<(place + piece.count), with: piece)
                    $0.writes += 1
                }
                return written == piece.count
            })
    }
}

/// The journal that a next start makes of what a disk has, and what a reader says of it.
private func afterLoss(_ journal: [UInt8], _ head: [UInt8]) throws -> (journal: [UInt8], findings: [JournalFinding]) {
    let after = Scratch()
    try write(journal, to: after.journal)
    try write(head, to: after.head)
    try AuditWriter(path: after.journal, session: "after").append(event("on"))
    return (try bytes(of: after.journal), try AuditReader.verify(after.journal).findings)
}

private func events(_ count: Int, _ length: Int = 10) -> [AuditEvent] {
    (0..<count).map { _ in event("host.example:443", detail: String(repeating: "x", count: length)) }
}

@Suite struct RingTests {
    /// Five lines, of which the last four were confirmed in the ring alone.
    private static func five(in scratch: borrowing Scratch) throws -> [[UInt8]] {
        let writer = try AuditWriter(path: scratch.journal, session: "lost")
        for _ in 0..<5 { try writer.appendDurably(contentsOf: events(1)) }
        return split(try bytes(of: scratch.journal))
    }

    @Test("What a loss of power took from the end, at whatever byte, the next writer puts back and tells so")
    func putBack() throws {
        let scratch = Scratch()
        let lines = try Self.five(in: scratch), whole = lines.flatMap { $0 }, head = try bytes(of: scratch.head)
        for end in stride(from: lines[0].count, to: whole.count, by: 13) + [whole.count - 2, whole.count - 1] {
            let intact = lines.count(below: end)
            try write(Array(whole[..<end]), to: scratch.journal)
            try write(head, to: scratch.head)
            let before = try AuditReader.verify(scratch.journal)
            #expect(before.missing == UInt64(lines.count - intact), "cut at \(end)")
            #expect(try AuditWriter(path: scratch.journal, session: "next").append(event("on")) == (intact < 5 ? 7 : 6))
            let found = try bytes(of: scratch.journal), report = try AuditReader.verify(scratch.journal)
            #expect(found.starts(with: whole), "cut at \(end)")
            #expect(report.findings == [] && report.recovered == [] && report.missing == 0, "cut at \(end)")
            let told = String(decoding: split(found)[5], as: UTF8.self)
            if intact < 5 {
                #expect(report.putBack == [6])
                #expect(told.contains(#""detail":{"putBack":{"first":\#(intact + 1),"last":5}}"#))
            }
        }
    }

    @Test("An old head and a new ring, as a disk may have them: the lines come back all the same")
    func oldHead() throws {
        let scratch = Scratch()
        let lines = try Self.five(in: scratch)
        var head = try bytes(of: scratch.head)
        let old = JournalHead(link: CheckedLine(lines[0].dropLast())!.link, size: UInt64(lines[0].count)).bytes
        head.replaceSubrange(..<old.count, with: old)
        try write(lines[0], to: scratch.journal)
        try write(head, to: scratch.head)
        #expect(try AuditWriter(path: scratch.journal, session: "next").append(event("on")) == 7)
        #expect(try bytes(of: scratch.journal).starts(with: lines.flatMap { $0 }))
    }

    @Test(
        "What is not what the journal lost is not put back: another end, a changed copy, no copy, a journal begun anew",
        arguments: ["another end", "zeros and another end", "changed", "none", "anew"])
    func notPutBack(what: String) throws {
        let scratch = Scratch()
        let lines = try Self.five(in: scratch)
        var head = try bytes(of: scratch.head), journal = lines[0] + lines[1]
        switch what {
        case "another end": journal += Array("{\"seq\":9".utf8)
        case "zeros and another end": journal += [0, 0, 0x7b]
        case "changed": head[JournalRing.start + journal.count + 60] ^= 1
        case "none": head = Array(head[..<JournalHead.length])
        default: journal = []
        }
        try write(journal, to: scratch.journal)
        try write(head, to: scratch.head)
        #expect(try AuditReader.verify(scratch.journal).missing == 0)
        try AuditWriter(path: scratch.journal, session: "next").append(event("on"))
        let report = try AuditReader.verify(scratch.journal)
        #expect(report.putBack == [] && report.findings.contains { $0.kind == .lost(event: 5) })
    }

    @Test(
        "Whatever was confirmed is there after a loss of power: several writers, batches of all sizes, ten turns of the ring"
    )
    func lossOfPower() throws {
        let scratch = Scratch()
        let disk = FakeDisk()
        var random = SystemRandomNumberGenerator()
        func writer(_ name: String) throws -> AuditWriter {
            try AuditWriter(path: scratch.journal, session: name, disk: disk.calls)
        }
        var one = try writer("one"), confirmed: [UInt8] = []
        let other = try writer("other")
        for round in 0..<1_500 {
            switch round % 300 {
            case 7: try other.appendDurably(contentsOf: events(1))
            case 50..<53: try other.append(contentsOf: events(2))
            case 120: one = try writer("one-\(round)")
            case 200: try one.appendDurably(contentsOf: events(40, 900))
            default: break
            }
            if round % 5 == 0 { try one.append(contentsOf: events(1)) }
            try one.appendDurably(
                contentsOf: events(Int.random(in: 1...3, using: &random), Int.random(in: 0...900, using: &random)))
            confirmed = try bytes(of: scratch.journal)
            guard round % 7 == 0 else { continue }
            // The disk may have more of the journal than it said, up to any byte, and within a block a size for which the bytes did not come.
            let (journal, head) = disk.contents.withLock { ($0.journal, $0.head) }
            let more = Int.random(in: journal.count...confirmed.count, using: &random)
            let zeros = [UInt8](
                repeating: 0, count: round % 2 * Int.random(in: 0...min(4_096, confirmed.count - more), using: &random))
            let after = try afterLoss(Array(confirmed[..<more]) + zeros, head)
            #expect(after.journal.starts(with: confirmed), "round \(round), \(journal.count) and \(more)")
            #expect(after.findings == [])
        }
        #expect(confirmed.count > 10 * JournalRing.capacity / 4)
        let (syncs, writes) = disk.contents.withLock { ($0.syncs, $0.writes) }
        #expect(writes > 1_200 && syncs < 200, "\(writes) writes, \(syncs) syncs")
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test(
        "Two gateways that take turns both write to the ring, with what the other wrote, and a third that never waits in between"
    )
    func turns() throws {
        let scratch = Scratch()
        let disk = FakeDisk()
        func writer(_ name: String) throws -> AuditWriter {
            try AuditWriter(path: scratch.journal, session: name, disk: disk.calls)
        }
        let (one, other, third) = (try writer("one"), try writer("other"), try writer("third"))
        for _ in 0..<100 {
            try one.appendDurably(contentsOf: events(1))
            try third.append(contentsOf: events(2))
            try other.appendDurably(contentsOf: events(1))
            let (journal, head) = disk.contents.withLock { ($0.journal, $0.head) }
            #expect(try afterLoss(journal, head).journal.starts(with: try bytes(of: scratch.journal)))
        }
        let (syncs, writes) = disk.contents.withLock { ($0.syncs, $0.writes) }
        #expect(syncs == 2 && writes >= 198, "\(writes) writes, \(syncs) syncs")
    }

    @Test("Where the ring cannot be written, or its file is gone, the journal itself is synced")
    func fallback() throws {
        let scratch = Scratch()
        let disk = FakeDisk()
        func counts() -> [Int] { disk.contents.withLock { [$0.syncs, $0.writes] } }
        let writer = try AuditWriter(path: scratch.journal, session: "s", disk: disk.calls)
        for _ in 0..<3 { try writer.appendDurably(contentsOf: events(1)) }
        #expect(counts() == [1, 2])
        disk.failsToWrite.store(true, ordering: .relaxed)
        for _ in 0..<2 { try writer.appendDurably(contentsOf: events(1)) }
        #expect(counts() == [3, 2])
        disk.failsToWrite.store(false, ordering: .relaxed)

        let second = try AuditWriter(path: scratch.journal, session: "t", disk: disk.calls)
        for _ in 0..<3 { try second.appendDurably(contentsOf: events(1)) }
        #expect(counts() == [4, 4])
        try #require(unsafe unlink(scratch.head.string) == 0)
        for _ in 0..<2 { try second.appendDurably(contentsOf: events(1)) }
        #expect(counts() == [6, 4])
    }
}

extension [[UInt8]] {
    /// How many lines are whole in the first bytes; a newline may lack.
    fileprivate func count(below end: Int) -> Int {
        var sum = 0
        return prefix { line in
            sum += line.count
            return sum - 1 <= end
        }.count
    }
}
