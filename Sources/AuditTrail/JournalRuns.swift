import Signatures

/// The journal as runs of lines that continue one another, in the order in which they stand: what shows that lines were only
/// put elsewhere. Lines that do not check belong to none.
struct JournalRuns {
    /// More runs than this are no order that could be told in words.
    static let most = 1_000

    /// Lines that follow one another in the chain.
    struct Run: Hashable {
        /// In the journal.
        var lines: ClosedRange<Int>
        var events: ClosedRange<UInt64>
        /// What the first event continues, and what the next one has to.
        var prev: SHA256.Digest
        var stated: SHA256.Digest

        var count: UInt64 { events.upperBound - events.lowerBound + 1 }
        func isContinued(by other: Run) -> Bool {
            other.events.lowerBound == events.upperBound + 1 && other.prev == stated
        }
    }

    private(set) var runs: [Run] = []
    private var isTooMany = false

    /// - Parameter line: The next intact line.
    mutating func add(_ line: CheckedLine, at number: Int) {
        if let last = runs.indices.last, line.seq == runs[last].events.upperBound &+ 1, line.prev == runs[last].stated {
            runs[last].lines = runs[last].lines.lowerBound...number
            runs[last].events = runs[last].events.lowerBound...line.seq
            runs[last].stated = line.stated
        } else if runs.count < Self.most {
            runs.append(Run(lines: number...number, events: line.seq...line.seq, prev: line.prev, stated: line.stated))
        } else {
            isTooMany = true
        }
    }

    /// Runs that hold all events of a part of the chain, each once and each continuing the one before it by its hash, in
    /// another order.
    struct Disorder: Hashable {
        /// From the first line that stands wrongly to the last.
        var lines: ClosedRange<Int>
        /// The next line of an event, and its number; `nil` at the journal's end.
        var next: (line: Int, event: UInt64)?
        var last: (event: UInt64, stated: SHA256.Digest)
        /// The fewest lines that have to be put elsewhere, and before which line each; `nil` is the end.
        var moved: [(run: Run, before: Int?)]
        static func == (one: Disorder, other: Disorder) -> Bool { one.lines == other.lines }
        func hash(into hasher: inout Hasher) { hasher.combine(lines) }
    }

    /// Every part in which lines were only put elsewhere.
    func disorders() -> [Disorder] {
        if isTooMany { return [] }
        var found: [Disorder] = []
        var before: Run?
        var index = 0
        while index < runs.count {
            guard !continues(before, runs[index]), let part = part(from: index, after: before) else {
                before = runs[index]
                index += 1
                continue
            }
            found.append(part.disorder)
            before = part.sorted.last
            index += part.sorted.count
        }
        return found
    }

    private func continues(_ before: Run?, _ run: Run) -> Bool {
        before?.isContinued(by: run) ?? (run.events.lowerBound == 1 && run.prev == .zero)
    }

    /// The shortest part that begins with the run at `start` and is only in another order.
    private func part(from start: Int, after before: Run?) -> (disorder: Disorder, sorted: [Run])? {
        let first = (before?.events.upperBound ?? 0) + 1
        var covered: UInt64 = 0, highest: UInt64 = 0
        for end in start..<runs.count {
            // An event of before, or one that stands here twice: no other order of what was.
            guard runs[end].events.lowerBound >= first else { return nil }
            covered += runs[end].count
            highest = max(highest, runs[end].events.upperBound)
            if covered > highest - first + 1 { return nil }
            guard covered == highest - first + 1 else { continue }
            let part = runs[start...end], sorted = part.sorted { $0.events.lowerBound < $1.events.lowerBound }
            var last = before
            for run in sorted {
                guard continues(last, run) else { return nil }
                last = run
            }
            let next = runs.indices.contains(end + 1) ? runs[end + 1] : nil
            // What comes next continues the part, or there is a gap before it: else this is another damage.
            if let next, !sorted.last!.isContinued(by: next), next.events.lowerBound <= highest + 1 { return nil }
            return (Self.disorder(Array(part), sorted, next), sorted)
        }
        return nil
    }

    private static func disorder(_ part: [Run], _ sorted: [Run], _ next: Run?) -> Disorder {
        let kept = heaviestOrder(part)
        let moved = part.indices.filter { !kept.contains($0) }.map { index -> (run: Run, before: Int?) in
            let follower = sorted.first { $0.events.lowerBound == part[index].events.upperBound + 1 } ?? next
            return (part[index], follower?.lines.lowerBound)
        }
        return Disorder(
            lines: part[0].lines.lowerBound...part[part.count - 1].lines.upperBound,
            next: next.map { ($0.lines.lowerBound, $0.events.lowerBound) },
            last: (sorted.last!.events.upperBound, sorted.last!.stated), moved: moved)
    }

    /// The runs in ascending order with the most lines together; of equal ones those that stand later.
    private static func heaviestOrder(_ part: [Run]) -> Set<Int> {
        var best = part.map(\.count), follower = [Int?](repeating: nil, count: part.count)
        for index in part.indices.reversed() {
            for later in part.indices[(index + 1)...]
            where part[later].events.lowerBound > part[index].events.upperBound
                && best[later] + part[index].count > best[index]
            {
                best[index] = best[later] + part[index].count
                follower[index] = later
            }
        }
        var kept: Set<Int> = []
        var next = part.indices.reversed().max { best[$0] < best[$1] }
        while let index = next {
            kept.insert(index)
            next = follower[index]
        }
        return kept
    }
}
