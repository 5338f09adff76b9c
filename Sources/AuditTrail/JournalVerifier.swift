import Glibc
import Signatures

/// Checks a journal's chain, fed in pieces of any size, with memory that does not grow with it. Shares only the line's
/// form with the writer. A line that does not fit is held back, since what comes next tells a cut from an insertion.
///
/// What it cannot show: someone who may write the journal and its head can write both anew from any line on.
struct JournalVerifier {
    /// Findings beyond this are only counted.
    static let findingLimit = 1_000

    /// One line as it was found.
    private struct Line {
        var number: Int
        /// No more of a line than shows that it is none.
        var bytes: [UInt8]
        var checked: CheckedLine?
        var isFinished: Bool
        var isIntact: Bool { isFinished && checked?.isIntact == true }
        var seq: UInt64? { isIntact ? checked?.seq : nil }
    }

    /// What the next event's `prev` may be.
    private struct Links: Equatable {
        var one: SHA256.Digest
        var other: SHA256.Digest
        init(_ one: SHA256.Digest, or other: SHA256.Digest? = nil) {
            self.one = one
            self.other = other ?? one
        }
        func contains(_ digest: SHA256.Digest) -> Bool { digest == one || digest == other }
    }

    private let head: JournalHead?
    private let helper: LineHelper?
    private var signed: SignedHeads?
    private var report = JournalReport()
    /// The beginning of a line whose end has not come.
    private var buffer: [UInt8] = []
    private var waiting: Line?
    /// The number that the next event should have, and what its `prev` may be: unknown after a line that told nothing.
    private var expected: UInt64 = 1
    private var links: Links? = Links(.zero)
    private var runs = JournalRuns()

    /// - Parameter helper: Takes half of the work, where there is a second processor.
    init(head: JournalHead?, signed: SignedHeads? = nil, helper: LineHelper? = nil) {
        self.head = head
        self.signed = signed
        self.helper = helper
        report.hadHead = head != nil
    }

    // MARK: - Lines

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe feed($0) }
    }

    /// - Parameter bytes: Some more of the journal; not kept.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
        var start = 0
        if !buffer.isEmpty {
            let newline = unsafe bytes.newline(from: 0)
            unsafe keep(UnsafeBufferPointer(rebasing: bytes[..<(newline ?? bytes.count)]))
            guard let newline else { return }
            unsafe buffer.withUnsafeBufferPointer { unsafe take($0, CheckedLine($0)) }
            buffer.removeAll(keepingCapacity: true)
            start = newline + 1
        }
        let lines = unsafe CheckedLines.check(UnsafeBufferPointer(rebasing: bytes[start...]), helper)
        for line in lines {
            unsafe take(
                UnsafeBufferPointer(rebasing: bytes[(start + line.range.lowerBound)..<(start + line.range.upperBound)]),
                line.checked)
        }
        let rest = lines.last.map { start + $0.range.upperBound + 1 } ?? start
        unsafe keep(UnsafeBufferPointer(rebasing: bytes[rest...]))
    }

    private mutating func keep(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe buffer.append(contentsOf: bytes.prefix(max(EventLine.limit + 1 - buffer.count, 0)))
    }

    consuming func finish() -> JournalReport {
        if !buffer.isEmpty {
            hold(Line(number: report.lines + 1, bytes: buffer, checked: CheckedLine(buffer[...]), isFinished: false))
        }
        if let last = waiting { step(last, next: nil) }
        let disorders = runs.disorders()
        if let last = disorders.last, last.next == nil {
            advance(to: last.last.event + 1, links: Links(last.last.stated))
        }
        checkEnd()
        pairMoves()
        for disorder in disorders { tell(disorder) }
        return report
    }

    /// A finished line. What fits is accepted at once: nothing that comes after it could say otherwise.
    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ checked: CheckedLine?) {
        if waiting == nil, let checked, fits(checked), unsafe !EventLine.isRecovery(bytes) {
            report.lines += 1
            runs.add(checked, at: report.lines)
            accept(checked, at: report.lines)
            return
        }
        let line = Line(
            number: report.lines + 1, bytes: unsafe Array(bytes.prefix(EventLine.limit + 1)), checked: checked,
            isFinished: true)
        hold(line)
        if let checked, fits(checked) {
            step(line, next: nil)
            waiting = nil
        }
    }

    private func fits(_ line: CheckedLine) -> Bool {
        line.seq == expected && line.isIntact && links?.contains(line.prev) == true
    }

    private mutating func hold(_ line: Line) {
        report.lines += 1
        if line.isIntact, let checked = line.checked { runs.add(checked, at: line.number) }
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
                checked.seq + 1 == expected && next.checked?.prev == checked.stated && links != Links(checked.stated)
            find(isTrueOne ? line.number - 1 : line.number, .inserted(copyOf: checked.seq))
            if isTrueOne { links = Links(checked.stated) }
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
            advance(to: expected + 1, links: line.checked.map { Links($0.stated, or: $0.computed) })
        }
    }

    private mutating func accept(_ line: CheckedLine, at number: Int) {
        if let head, head.link.seq == line.seq, head.link.hash != line.stated {
            find(number, .tailReplaced(event: line.seq))
        }
        if signed?.nextEvent ?? .max <= line.seq, let wrong = signed?.check(line.link) {
            find(number, .signedOtherwise(event: line.seq, time: wrong.time))
        }
        advance(to: line.seq + 1, links: Links(line.stated))
    }

    private mutating func advance(to seq: UInt64, links: Links?) {
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
        guard line.isIntact, unsafe line.bytes.withUnsafeBufferPointer({ unsafe EventLine.isRecovery($0) }) else {
            return false
        }
        return contains(line.bytes, Array("\"detail\":{\"\(key)\":".utf8))
    }

    private mutating func checkRecovery(_ line: Line) {
        if holds(line, "putBack") { report.putBack.append(line.number) }
        guard holds(line, "lost") else { return }
        let mark = Array("\"lost\":{\"seq\":".utf8)
        guard let at = position(of: mark, in: line.bytes) else { return }
        var rest = LineScanner(line.bytes[(at + mark.count)...])
        if let seq = rest.number() { find(line.number, .lost(event: seq)) }
    }

    private mutating func checkEnd() {
        checkSigned()
        guard let head else { return }
        if head.link.seq >= expected {
            find(report.lines, .tailCut(from: expected, to: head.link.seq))
        } else {
            report.beyondHead = expected - 1 - head.link.seq
        }
    }
}

extension JournalVerifier {
    private mutating func checkSigned() {
        guard let told = signed?.finish(lastEvent: expected - 1) else { return }
        report.signed = told
        if let beyond = told.beyond {
            find(report.lines, .signedTailCut(from: expected, to: beyond.seq, time: beyond.time))
        }
        for line in told.badSignatures { find(line, .badSignature) }
        if told.newest == nil, told.isMissed { find(report.lines, .notSigned) }
    }

    /// One finding for each block of lines that stands elsewhere, in the place of those that tell of gaps and repetitions. Where
    /// single lines were moved or swapped these say so already.
    private mutating func tell(_ disorder: JournalRuns.Disorder) {
        let end = disorder.next?.line ?? report.lines
        func isAboutOrder(_ finding: JournalFinding) -> Bool {
            guard disorder.lines.lowerBound...end ~= finding.line else { return false }
            return switch finding.kind {
            case .cut, .repeated, .misplaced, .moved, .inserted(copyOf: _?): true
            default: false
            }
        }
        let told = report.findings.filter(isAboutOrder)
        if report.furtherFindings > 0 || told.allSatisfy({ $0.kind.isMoveOfOneLine }) { return }
        let place = report.findings.firstIndex(where: isAboutOrder)!
        report.findings.removeAll(where: isAboutOrder)
        var better = disorder.moved.map { run, before in
            JournalFinding(
                line: run.lines.lowerBound,
                kind: run.count == 1
                    ? .moved(event: run.events.lowerBound, before: before)
                    : .movedLines(to: run.lines.upperBound, events: run.events, before: before))
        }
        if let next = disorder.next, next.event > disorder.last.event + 1 {
            better.append(
                JournalFinding(line: next.line, kind: .cut(from: disorder.last.event + 1, to: next.event - 1)))
        }
        report.findings.insert(contentsOf: better, at: place)
    }

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

extension JournalFinding.Kind {
    fileprivate var isMoveOfOneLine: Bool {
        switch self {
        case .moved, .misplaced: true
        default: false
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
