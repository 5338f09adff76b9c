/// Bytes on their way out, in order; what is allowed is passed on without being copied.
public struct OutputQueue: Sendable {
    private struct Part {
        var bytes: [UInt8]
        var range: Range<Int>
        /// Parts of one piece of input that stand side by side become one.
        let piece: UInt64
    }
    private static let small = 2_048, most = 64 << 10
    private var parts: [Part] = []
    private var first = 0
    /// Bytes that wait.
    public private(set) var count = 0
    /// Whether the next message begins a line.
    private(set) var isAtLineStart = true

    public var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: [UInt8], _ range: Range<Int>, piece: UInt64) {
        if range.isEmpty { return }
        count += range.count
        isAtLineStart = bytes[range.upperBound - 1] == 0x0A
        let last = parts.count - 1
        if range.count <= Self.small, last >= first, parts[last].piece == 0, parts[last].bytes.count < Self.most {
            // Copied: a write for each would cost more.
            parts[last].bytes.append(contentsOf: bytes[range])
            parts[last].range = parts[last].range.lowerBound..<parts[last].bytes.count
        } else if piece != 0, parts.count > first, parts[parts.count - 1].piece == piece,
            parts[parts.count - 1].range.upperBound == range.lowerBound
        {
            parts[parts.count - 1].range = parts[parts.count - 1].range.lowerBound..<range.upperBound
        } else {
            let isSmall = range.count <= Self.small
            parts.append(
                isSmall
                    ? Part(bytes: Array(bytes[range]), range: 0..<range.count, piece: 0)
                    : Part(bytes: bytes, range: range, piece: piece))
        }
    }

    /// A message of the gateway's own, which ends with a line feed.
    mutating func append(_ line: [UInt8]) {
        if !isAtLineStart { append([0x0A], 0..<1, piece: 0) }
        append(line, 0..<line.count, piece: 0)
    }

    /// The next bytes in one piece, or `nil`.
    public var next: (bytes: [UInt8], range: Range<Int>)? {
        first < parts.count ? (parts[first].bytes, parts[first].range) : nil
    }

    /// Takes `done` bytes away from the front of ``next``.
    public mutating func remove(_ done: Int) {
        guard done > 0, first < parts.count else { return }
        count -= done
        let rest = parts[first].range.lowerBound + done..<parts[first].range.upperBound
        parts[first].range = rest
        if !rest.isEmpty { return }
        parts[first].bytes = []  // a queue that never empties must not keep what has gone
        first += 1
        if first == parts.count {
            parts.removeAll(keepingCapacity: parts.capacity <= 1_024)
            first = 0
        } else if first >= 512 {
            parts.removeFirst(first)
            first = 0
        }
    }

    /// Drops everything: nobody reads it any more.
    public mutating func removeAll() {
        parts = []
        first = 0
        count = 0
    }

    /// All that waits, in one array.
    public mutating func takeAll() -> [UInt8] {
        var all: [UInt8] = []
        while let (bytes, range) = next {
            all += bytes[range]
            remove(range.count)
        }
        return all
    }
}
