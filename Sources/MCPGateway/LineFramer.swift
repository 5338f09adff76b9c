internal import Glibc

/// Cuts a stream into lines. A line that lies within one piece of the stream is not copied; one over the limit is counted
/// and not kept.
struct LineFramer {
    enum Line {
        /// `range` of `bytes` with its line end, which the last line of a stream may lack. Lines of the same piece share `bytes`
        /// and `piece`.
        case line([UInt8], Range<Int>, piece: UInt64)
        /// How it began and ended, and how many bytes it had.
        case tooLong(head: [UInt8], tail: [UInt8], count: Int)

        /// Bytes that are kept of it.
        var heldCount: Int {
            switch self {
            case .line(_, let range, _): range.count
            case .tooLong(let head, let tail, _): head.count + tail.count
            }
        }
    }

    /// Bytes of a line at most, line end included.
    let limit: Int
    private var held: [UInt8] = []
    private var piece: UInt64 = 0
    private var skipped: (head: [UInt8], tail: [UInt8], count: Int)?
    private static let headCount = 1_024, tailCount = 256

    init(limit: Int) { self.limit = max(1, limit) }

    /// Bytes that wait for the end of their line.
    var heldCount: Int { held.count }

    mutating func take(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        piece += 1
        let own = piece
        var start = 0
        while start < bytes.count {
            let end = Self.lineEnd(bytes, from: start)
            let stop = end ?? bytes.count
            if skipped != nil || held.count + stop - start > limit {
                skip(bytes[start..<stop])
                if end != nil, let line = finishSkipped() { lines.append(line) }
            } else if end == nil {
                makeRoom(for: stop - start)
                held.append(contentsOf: bytes[start..<stop])
            } else if held.isEmpty {
                lines.append(.line(bytes, start..<stop, piece: own))
            } else {
                held.append(contentsOf: bytes[start..<stop])
                piece += 1
                lines.append(.line(held, 0..<held.count, piece: piece))
                held = []
            }
            start = stop
        }
        return lines
    }

    /// A line of megabytes comes in hundreds of pieces. Room that is not written to yet costs nothing, copies do.
    private mutating func makeRoom(for count: Int) {
        let needed = held.count + count
        if needed > held.capacity, needed > 256 << 10 { held.reserveCapacity(min(limit, 4 * needed)) }
    }

    /// What the stream ended with.
    mutating func finish() -> Line? {
        if let line = finishSkipped() { return line }
        guard !held.isEmpty else { return nil }
        piece += 1
        defer { held = [] }
        return .line(held, 0..<held.count, piece: piece)
    }

    private mutating func skip(_ part: ArraySlice<UInt8>) {
        var line = skipped ?? ([], [], 0)
        if skipped == nil {
            line = (Array(held.prefix(Self.headCount)), Array(held.suffix(Self.tailCount)), held.count)
            held = []
        }
        if line.head.count < Self.headCount { line.head += part.prefix(Self.headCount - line.head.count) }
        line.tail = (line.tail + part.suffix(Self.tailCount)).suffix(Self.tailCount)
        line.count += part.count
        skipped = line
    }

    private mutating func finishSkipped() -> Line? {
        guard let line = skipped else { return nil }
        skipped = nil
        return .tooLong(head: line.head, tail: line.tail, count: line.count)
    }

    /// The index behind the next line feed.
    private static func lineEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        // Both pointers are into the array, which lives for the call.
        unsafe bytes.withUnsafeBytes { buffer -> Int? in
            let base = buffer.baseAddress!
            guard let found = unsafe memchr(base + start, 0x0A, buffer.count - start) else { return nil }
            return unsafe UnsafeRawPointer(found) - base + 1
        }
    }
}
