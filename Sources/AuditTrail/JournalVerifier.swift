/// Checks a journal's chain, fed in pieces of any size, with memory that does not grow with it. Shares only the line's
/// form with the writer. One line is held back, since what comes next tells a cut from an insertion.
///
/// What it cannot show: someone who may write the journal and its head can write both anew from any line on.
struct JournalVerifier {
    /// Findings beyond this are only counted.
    static let findingLimit = 1_000

    /// One line as it was found.
    private struct Line {
        var number: Int
        var bytes: [UInt8]
        var checked: CheckedLine?
        var isFinished: Bool
        var isIntact: Bool { isFinished && checked?.isIntact == true }
        var seq: UInt64? { isIntact ? checked?.seq : nil }
    }

    private let head: JournalHead?
    private var report = JournalReport()
    private var buffer: [UInt8] = []
    private var waiting: Line?
    /// The number that the next event should have, and what its `prev` may be: unknown after a line that told nothing.
    private var expected: UInt64 = 1
    private var links: [[UInt8]]? = [EventLine.genesis]

    init(head: JournalHead?) {
        self.head = head
        report.hadHead = head != nil
    }

    // MARK: - Lines

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let newline = rest.firstIndex(of: 0x0a) {
            keep(rest[..<newline])
            take(Line(number: report.lines + 1, bytes: buffer, checked: CheckedLine(buffer[...]), isFinished: true))
            buffer.removeAll(keepingCapacity: true)
            rest = rest[(newline + 1)...]
        }
        keep(rest)
    }

    /// No more of a line than shows that it is none.
    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        buffer += bytes.prefix(max(EventLine.limit + 1 - buffer.count, 0))
    }

    consuming func finish() -> JournalReport {
        if !buffer.isEmpty {
            take(Line(number: report.lines + 1, bytes: buffer, checked: CheckedLine(buffer[...]), isFinished: false))
        }
        if let last = waiting { step(last, next: nil) }
        checkEnd()
        pairMoves()
        return report
    }

    private mutating func take(_ line: Line) {
        report.lines += 1
        if let current = waiting { step(current, next: line) }
        waiting = line
    }

    // MARK: - One step along the chain

    private mutating func step(_ line: Line, next: Line?) {
        guard line.isIntact, let checked = line.checked else { return stepOverBroken(line, next: next) }
        if checked.seq == expected {
            if let links, !links.contains(checked.prev) {
                // The first line has no line before it that could have been rewritten.
                line.number == 1 ? find(1, .changed(event: expected)) : find(line.number - 1, .rewritten)
            }
            accept(checked, at: line.number)
        } else if let next, next.seq == expected {
            // Two lines carry one number: the true one is the one that the next line continues.
            let isTrueOne =
                checked.seq + 1 == expected && next.checked?.prev == checked.stated && links != [checked.stated]
            find(isTrueOne ? line.number - 1 : line.number, .inserted(copyOf: checked.seq))
            if isTrueOne { links = [checked.stated] }
            return
        } else if next?.seq == expected + 1 {
            find(line.number, .misplaced(event: checked.seq, expected: expected))
            advance(to: expected + 1, links: nil)
        } else {
            let from = expected
            find(
                line.number, checked.seq > from ? .cut(from: from, to: checked.seq - 1) : .repeated(event: checked.seq))
            accept(checked, at: line.number)
        }
        checkRecovery(line)
    }

    private mutating func stepOverBroken(_ line: Line, next: Line?) {
        if let next, accounts(next, for: line) {
            report.recovered.append(line.number)
        } else if !line.isFinished {
            find(line.number, .unfinished)
        } else if let next, next.seq == expected {
            // A launcher that met a damaged end goes on from the last intact line, with the same number.
            find(line.number, holds(next, "damaged") ? .changed(event: expected) : .inserted(copyOf: nil))
        } else {
            find(line.number, .changed(event: expected))
            // Whichever of its hashes is the true one, the next line continues it.
            advance(to: expected + 1, links: line.checked.map { [$0.stated, $0.computed] })
        }
    }

    private mutating func accept(_ line: CheckedLine, at number: Int) {
        if let head, head.link.seq == line.seq, head.link.hash != line.stated {
            find(number, .tailReplaced(event: line.seq))
        }
        advance(to: line.seq + 1, links: [line.stated])
    }

    private mutating func advance(to seq: UInt64, links: [[UInt8]]?) {
        expected = seq
        self.links = links
        report.lastEvent = seq - 1
    }

    private mutating func find(_ line: Int, _ kind: JournalFinding.Kind) {
        if report.findings.count < Self.findingLimit {
            report.findings.append(JournalFinding(line: line, kind: kind))
        } else {
            report.furtherFindings += 1
        }
    }

    // MARK: - Recovery events and the end

    /// Whether `next` is the event by which a launcher put the unfinished `line` on record, bytes and all.
    private func accounts(_ next: Line, for line: Line) -> Bool {
        guard next.seq == expected, holds(next, "torn") else { return false }
        let told = "\"torn\":{\"bytes\":\(line.bytes.count),\"sha256\":\"\(SHA256.hex(line.bytes))\"}"
        return contains(next.bytes, Array(told.utf8))
    }

    private func holds(_ line: Line, _ key: String) -> Bool {
        line.isIntact && contains(line.bytes, JournalFormat.recoveryMark)
            && contains(line.bytes, Array("\"detail\":{\"\(key)\":".utf8))
    }

    private mutating func checkRecovery(_ line: Line) {
        guard holds(line, "lost") else { return }
        let mark = Array("\"lost\":{\"seq\":".utf8)
        guard let at = position(of: mark, in: line.bytes) else { return }
        var rest = LineScanner(line.bytes[(at + mark.count)...])
        if let seq = rest.number() { find(line.number, .lost(event: seq)) }
    }

    private mutating func checkEnd() {
        guard let head else { return }
        if head.link.seq >= expected {
            find(report.lines, .tailCut(from: expected, to: head.link.seq))
        } else {
            report.beyondHead = expected - 1 - head.link.seq
        }
    }
}

extension JournalVerifier {
    /// An event that is missing in one place and stands in another was moved: one finding, not two.
    private mutating func pairMoves() {
        for index in report.findings.indices.reversed() {
            guard case .inserted(let event?) = report.findings[index].kind,
                let gap = report.findings.firstIndex(where: { $0.isGap(of: event) })
            else { continue }
            let isTail = report.findings[gap].kind == .tailCut(from: event, to: event)
            report.findings[index].kind = .moved(event: event, before: isTail ? nil : report.findings[gap].line)
            report.findings.remove(at: gap)
        }
    }
}

extension JournalFinding {
    fileprivate func isGap(of event: UInt64) -> Bool {
        kind == .cut(from: event, to: event) || kind == .tailCut(from: event, to: event)
    }
}

private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool { position(of: part, in: bytes) != nil }

private func position(of part: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= part.count else { return nil }
    return (0...(bytes.count - part.count)).first {
        bytes[$0] == part[0] && bytes[$0..<($0 + part.count)].elementsEqual(part)
    }
}
