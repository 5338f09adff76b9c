import Glibc
import Signatures
import StrictJSON
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct VerifierTests {
    @Test("What the writer wrote is intact, however it is cut into pieces", arguments: [1, 7, 4096])
    func piecesOfAnySize(size: Int) throws {
        let scratch = Scratch()
        let all = try lines(20, in: scratch).flatMap { $0 }
        var verifier = JournalVerifier(head: nil)
        for start in stride(from: 0, to: all.count, by: size) {
            verifier.feed(all[start..<min(start + size, all.count)])
        }
        let report = verifier.finish()
        #expect(report.findings.isEmpty)
        #expect(report.lines == 20 && report.lastEvent == 20)
    }

    @Test(
        "Every change of a single byte is found, and the first finding names its line",
        arguments: [0x01, 0x20, 0x80] as [UInt8])
    func everyByte(flip: UInt8) throws {
        let scratch = Scratch()
        let intact = try lines(4, in: scratch)
        let head = JournalHead(bytes: try bytes(of: scratch.head))
        #expect(head != nil)
        let all = intact.flatMap { $0 }
        var line = 1
        for index in all.indices {
            var changed = all
            changed[index] ^= flip
            var verifier = JournalVerifier(head: head)
            verifier.feed(changed[...])
            let first = verifier.finish().findings.first
            #expect(first?.line == line, "byte \(index): \(String(describing: first))")
            if all[index] == 0x0a { line += 1 }
        }
    }

    @Test("A byte that becomes a line break is found in its line")
    func brokenLines() throws {
        let scratch = Scratch()
        let intact = try lines(3, in: scratch)
        let start = intact[0].count
        for index in start..<(start + intact[1].count - 1) {
            var changed = intact.flatMap { $0 }
            changed[index] = 0x0a
            var verifier = JournalVerifier(head: nil)
            verifier.feed(changed[...])
            #expect(verifier.finish().findings.first?.line == 2)
        }
    }

    @Test("Lines that were cut, swapped, copied, inserted or put elsewhere are named")
    func wholeLines() throws {
        let scratch = Scratch()
        let intact = try lines(8, in: scratch)
        func finding(_ change: (inout [[UInt8]]) -> Void) throws -> [JournalFinding] {
            var changed = intact
            change(&changed)
            return try findings(changed, in: scratch)
        }
        #expect(try finding { _ in } == [])
        #expect(try finding { $0.remove(at: 3) } == [JournalFinding(line: 4, kind: .cut(from: 4, to: 4))])
        #expect(try finding { $0.removeSubrange(2...4) } == [JournalFinding(line: 3, kind: .cut(from: 3, to: 5))])
        #expect(try finding { $0.removeFirst(2) } == [JournalFinding(line: 1, kind: .cut(from: 1, to: 2))])
        #expect(try finding { $0.swapAt(2, 3) } == [JournalFinding(line: 3, kind: .moved(event: 4, before: 5))])
        #expect(
            try finding { $0.swapAt(1, 5) } == [
                JournalFinding(line: 2, kind: .misplaced(event: 6, expected: 2)),
                JournalFinding(line: 6, kind: .misplaced(event: 2, expected: 6)),
            ])
        #expect(try finding { $0.swapAt(6, 7) } == [JournalFinding(line: 7, kind: .moved(event: 8, before: nil))])
        #expect(try finding { $0.insert($0[2], at: 3) } == [JournalFinding(line: 4, kind: .inserted(copyOf: 3))])
        #expect(try finding { $0.insert($0[1], at: 6) } == [JournalFinding(line: 7, kind: .inserted(copyOf: 2))])
        #expect(
            try finding { $0.insert(Array("{}\n".utf8), at: 4) } == [
                JournalFinding(line: 5, kind: .inserted(copyOf: nil))
            ])
        #expect(try finding { $0.insert([0x0a], at: 4) } == [JournalFinding(line: 5, kind: .inserted(copyOf: nil))])
        #expect(
            try finding { $0.insert(contentsOf: $0[1...3], at: 5) }.first
                == JournalFinding(line: 6, kind: .repeated(event: 2)))
    }

    @Test(
        "A block of lines that stands elsewhere is one finding, with what belongs where",
        arguments: [
            // The block 3...5 stands behind event 8, or 6...8 before event 3, which is the same; and 3...5 before event 1.
            ([1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11, 12], [(3...5, 6...8, 9)]),
            ([1, 2, 6, 7, 8, 9, 3, 4, 5, 10, 11, 12], [(7...9, 3...5, 3)]),
            ([3, 4, 5, 1, 2, 6, 7, 8, 9, 10, 11, 12], [(4...5, 1...2, 1)]),
            // Two blocks have changed places over a longer one, which stayed.
            ([1, 9, 10, 4, 5, 6, 7, 8, 2, 3, 11, 12], [(2...3, 9...10, 11), (9...10, 2...3, 4)]),
            // The end of the journal stands at its beginning.
            ([11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [(1...2, 11...12, nil)]),
            ([1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 4, 5], [(11...12, 4...5, 4)]),
            // Two moves that have nothing to do with one another.
            ([3, 4, 1, 2, 5, 6, 9, 10, 7, 8, 11, 12], [(1...2, 3...4, 5), (7...8, 9...10, 11)]),
            ([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], []),
        ] as [([Int], [(ClosedRange<Int>, ClosedRange<Int>, Int?)])])
    func movedBlocks(order: [Int], blocks: [(ClosedRange<Int>, ClosedRange<Int>, Int?)]) throws {
        let scratch = Scratch()
        let intact = try lines(12, in: scratch)
        let found = try findings(order.map { intact[$0 - 1] }, in: scratch)
        #expect(!found.isEmpty)
        if blocks.isEmpty {
            // No block among them: eleven lines were moved.
            #expect(
                found.allSatisfy { if case .moved = $0.kind { true } else { false } } && found.count == 11, "\(found)")
            return
        }
        #expect(
            found
                == blocks.map { lines, events, before in
                    JournalFinding(
                        line: lines.lowerBound,
                        kind: .movedLines(
                            to: lines.upperBound, events: UInt64(events.lowerBound)...UInt64(events.upperBound),
                            before: before))
                })
    }

    @Test(
        "What a moved block does not explain is told beside it, and no move is told where events are missing or double")
    func movedAndMore() throws {
        let scratch = Scratch()
        let intact = try lines(12, in: scratch)
        func told(_ order: [Int], changing change: (inout [[UInt8]]) -> Void = { _ in }) throws -> [JournalFinding] {
            var changed = order.map { intact[$0 - 1] }
            change(&changed)
            return try findings(changed, in: scratch)
        }
        let block = JournalFinding(line: 3, kind: .movedLines(to: 4, events: 5...6, before: 7))
        #expect(
            try told([1, 2, 5, 6, 3, 4, 9, 10, 11, 12]) == [block, JournalFinding(line: 7, kind: .cut(from: 7, to: 8))])
        #expect(
            try told([1, 2, 5, 6, 3, 4, 7, 8]) == [block, JournalFinding(line: 8, kind: .tailCut(from: 9, to: 12))])
        #expect(
            try told([1, 2, 5, 6, 3, 4, 7, 8, 9, 10, 11, 12]) { $0[8][40] ^= 1 } == [
                block, JournalFinding(line: 9, kind: .changed(event: 9)),
            ])
        #expect(
            try told([1, 2, 5, 6, 3, 4, 7, 8, 9, 10, 11, 12]) { $0.insert(Array("{}\n".utf8), at: 3) }
                .contains { $0.kind == .inserted(copyOf: nil) && $0.line == 4 })
        func isMove(_ finding: JournalFinding) -> Bool { if case .movedLines = finding.kind { true } else { false } }
        for order in [[1, 2, 6, 7, 3, 4, 8, 9, 10, 11, 12], [1, 2, 5, 6, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]] {
            let found = try told(order)
            #expect(!found.isEmpty && !found.contains(where: isMove), "\(order): \(found)")
        }
        // A line of the block that was written anew continues the one before it, and is continued by none.
        let found = try told([1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11, 12]) { changed in
            let prev = CheckedLine(changed[6].dropLast())!.prev
            changed[6] = []
            _ = EventLine.append(event("forged"), seq: 4, time: .now(), session: "test", prev: prev, to: &changed[6])
        }
        #expect(!found.isEmpty && !found.contains(where: isMove), "\(found)")
    }

    @Test("Every order of a few lines has findings, and only whole journals none")
    func everyOrder() throws {
        let scratch = Scratch()
        let intact = try lines(6, in: scratch)
        var order = Array(0..<6)
        func permute(_ count: Int) throws {
            if count == 1 {
                var verifier = JournalVerifier(head: nil)
                verifier.feed(order.flatMap { intact[$0] }[...])
                let report = verifier.finish()
                #expect(report.findings.isEmpty == (order == Array(0..<6)), "\(order)")
                // Nothing is missing: all that could be said is that lines stand elsewhere.
                if report.findings.contains(where: { if case .movedLines = $0.kind { true } else { false } }) {
                    #expect(report.lastEvent == 6 || order.last != 5, "\(order)")
                }
                return
            }
            for index in 0..<count {
                try permute(count - 1)
                order.swapAt(count % 2 == 0 ? index : 0, count - 1)
            }
        }
        try permute(6)
    }

    @Test("A line written anew with a hash that fits is found by the line after it")
    func rewritten() throws {
        let scratch = Scratch()
        var changed = try lines(5, in: scratch)
        let prev = CheckedLine(changed[2].dropLast())!.prev
        changed[2] = []
        _ = EventLine.append(
            event("harmless.example:443"), seq: 3, time: .now(), session: "test", prev: prev, to: &changed[2])
        #expect(try findings(changed, in: scratch) == [JournalFinding(line: 3, kind: .rewritten)])
    }

    @Test("A number that has no next one is none of an event")
    func endOfNumbers() throws {
        for number in [UInt64.max, UInt64.max - 1, UInt64(Int64.max) + 1] {
            let scratch = Scratch()
            var changed = try lines(3, in: scratch)
            var forged: [UInt8] = []
            let last = CheckedLine(changed[2].dropLast())!.stated
            _ = EventLine.append(event("x"), seq: number, time: .now(), session: "test", prev: last, to: &forged)
            changed.append(forged)
            #expect(try findings(changed, in: scratch) == [JournalFinding(line: 4, kind: .changed(event: 4))])
        }
    }

    @Test("A forged line that continues the chain is told from the true one by the line after both")
    func forgedInsertion() throws {
        let scratch = Scratch()
        var changed = try lines(5, in: scratch)
        var forged: [UInt8] = []
        let last = CheckedLine(changed[2].dropLast())!.stated
        _ = EventLine.append(event("forged:1"), seq: 4, time: .now(), session: "test", prev: last, to: &forged)
        changed.insert(forged, at: 3)
        #expect(try findings(changed, in: scratch) == [JournalFinding(line: 4, kind: .inserted(copyOf: 4))])
    }

    @Test("A cut tail is seen with the head file, and the report says when there is none")
    func cutTail() throws {
        let scratch = Scratch()
        let intact = try lines(6, in: scratch)
        #expect(
            try findings(Array(intact.prefix(4)), in: scratch) == [
                JournalFinding(line: 4, kind: .tailCut(from: 5, to: 6))
            ])
        #expect(try findings([], in: scratch) == [JournalFinding(line: 0, kind: .tailCut(from: 1, to: 6))])
        var half = intact
        half[5] = Array(half[5].prefix(30))
        #expect(try findings(half, in: scratch).first == JournalFinding(line: 6, kind: .unfinished))
        try #require(unsafe unlink(scratch.head.string) == 0)
        #expect(try findings(Array(intact.prefix(4)), in: scratch) == [])
        #expect(try AuditReader.verify(scratch.journal).hadHead == false)
    }

    @Test("A tail that was written anew does not fit the head file")
    func replacedTail() throws {
        let scratch = Scratch()
        var changed = try lines(3, in: scratch)
        let prev = CheckedLine(changed[2].dropLast())!.prev
        changed[2] = []
        _ = EventLine.append(event("other"), seq: 3, time: .now(), session: "test", prev: prev, to: &changed[2])
        #expect(try findings(changed, in: scratch) == [JournalFinding(line: 3, kind: .tailReplaced(event: 3))])
    }

    @Test("A damaged head file is a finding, a journal without one event and with an empty head is not")
    func heads() throws {
        let scratch = Scratch()
        _ = try AuditWriter(path: scratch.journal, session: "test")
        #expect(try AuditReader.verify(scratch.journal).findings == [])
        let intact = try lines(2, in: scratch)
        try write(Array("not a head".utf8), to: scratch.head)
        #expect(try findings(intact, in: scratch) == [JournalFinding(line: 2, kind: .headUnreadable)])
    }

    @Test("A line of many megabytes costs no memory and is one finding")
    func longLine() throws {
        let scratch = Scratch()
        var changed = try lines(3, in: scratch)
        changed.insert([UInt8](repeating: UInt8(ascii: "a"), count: 1 << 23) + [0x0a], at: 1)
        #expect(try findings(changed, in: scratch) == [JournalFinding(line: 2, kind: .inserted(copyOf: nil))])
    }

    @Test("The hash is what a shell computes from the line without it")
    func canonicalForm() throws {
        // printf '%s}' '{"seq":1,…,"prev":"00…"' | sha256sum, done by hand here: the bytes before `,"hash"` and a brace.
        let scratch = Scratch()
        let line = try String(decoding: #require(try lines(1, in: scratch).first).dropLast(), as: UTF8.self)
        let parts = line.split(separator: ",\"hash\":\"", maxSplits: 1)
        #expect(parts.count == 2 && parts[1].dropLast(2) == SHA256.hex(Array((parts[0] + "}").utf8)))
    }
}
