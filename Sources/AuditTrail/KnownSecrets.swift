import Synchronization

/// Values that this process was given as secrets: they are taken out of all that it writes, whatever they look like.
public enum KnownSecrets {
    /// Shorter values are found in too many words to be taken out of them.
    public static let shortest = 6

    private static let values = Mutex<[[UInt8]]>([])
    private static let count = Atomic<Int>(0)

    /// Whether ``hide(_:)`` has nothing to look for.
    static var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

    /// Adds a value, and each of its lines: text is written a line at a time. Never taken back.
    public static func add(_ value: String) {
        let lines = value.split(whereSeparator: \.isNewline).map { Array($0.utf8) }
        values.withLock { values in
            for text in [Array(value.utf8)] + lines where text.count >= shortest && !values.contains(text) {
                values.append(text)
            }
            // The longest first: a line of a value must not spoil the value.
            values.sort { $0.count > $1.count }
            count.store(values.count, ordering: .releasing)
        }
    }

    /// `text` with ``Redaction/mark`` in the place of each value.
    public static func hide(_ text: String) -> String {
        if isEmpty { return text }
        let known = values.withLock { $0 }
        var bytes = Array(text.utf8), isChanged = false
        for value in known {
            let found = bytes.ranges(of: value)
            if found.isEmpty { continue }
            isChanged = true
            for range in found.reversed() { bytes.replaceSubrange(range, with: Array(Redaction.mark.utf8)) }
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }
}
