/// Reads a DNS message from front to back; every step is bounded and none can trap.
/// Each step returns `nil` once the message is too short or breaks a rule; the reader is then of no further use.
struct DNSReader {
    private let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint16() -> UInt16? {
        guard let high = byte(), let low = byte() else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    mutating func uint32() -> UInt32? {
        guard let high = uint16(), let low = uint16() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// A name; the offset ends behind it, not behind what a pointer led to.
    /// - Parameter followPointers: Whether compression is accepted. A pointer must lead to before the run of labels
    ///   that it ends, so each jump goes further back and none can loop.
    mutating func name(followPointers: Bool) -> DNSName? {
        var labels: [[UInt8]] = []
        var length = 1
        var end: Int?  // behind the first pointer
        var runStart = offset
        while true {
            guard let head = byte() else { return nil }
            switch head {
            case 0:
                if let end { offset = end }
                return DNSName(labels: labels)
            case 1...63:
                length += Int(head) + 1
                guard length <= 255, let label = take(Int(head)) else { return nil }
                labels.append(Array(label))
            case 0xC0...:
                guard followPointers, let low = byte() else { return nil }
                let target = Int(head & 0x3F) << 8 | Int(low)
                guard target < runStart else { return nil }
                if end == nil { end = offset }
                (offset, runStart) = (target, target)
            default: return nil  // the label types that RFC 6891 withdrew
            }
        }
    }
}
