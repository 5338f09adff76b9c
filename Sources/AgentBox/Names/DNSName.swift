/// A domain name as it stood in a message: its labels, outermost last, spelling kept.
public struct DNSName: Sendable {
    /// Each 1 to 63 bytes, any byte; with their length bytes and the closing zero at most 255.
    public let labels: [[UInt8]]

    /// - Returns: `nil` when the labels break the limits of RFC 1035.
    public init?(labels: [[UInt8]]) {
        guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        guard labels.reduce(1, { $0 + $1.count + 1 }) <= 255 else { return nil }
        self.labels = labels
    }

    /// A name from text such as `api.example.com`, with or without the closing dot.
    /// - Returns: `nil` for anything but letters, digits, `-` and `_` in labels of legal length.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count < 255, bytes.allSatisfy({ $0 == UInt8(ascii: ".") || Self.isPlain($0) }) else { return nil }
        self.init(labels: parts.map { Array($0) })
    }

    /// The name that policy compares: lower case, no closing dot.
    /// - Returns: `nil` for the root and for names with any byte but letters, digits, `-` and `_`: a dot, a NUL or
    ///   a control byte inside a label would read as another name once it is text.
    public var canonical: String? {
        guard !labels.isEmpty, labels.allSatisfy({ $0.allSatisfy(Self.isPlain) }) else { return nil }
        var text: [UInt8] = []
        for label in labels {
            if !text.isEmpty { text.append(UInt8(ascii: ".")) }
            for byte in label { text.append(Self.lowered(byte)) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The name for records and messages: odd bytes as `\DDD`, so that nothing in it can act on a terminal.
    public var shown: String {
        if labels.isEmpty { return "." }
        return labels.map { label in
            label.map { Self.isPlain($0) ? String(UnicodeScalar($0)) : Self.escaped($0) }.joined()
        }.joined(separator: ".")
    }

    /// The name as it goes into a message: no compression, spelling kept.
    public var wire: [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }

    /// The same name in lower case.
    var lowercased: DNSName { DNSName(checked: labels.map { $0.map(Self.lowered) }) }

    private init(checked labels: [[UInt8]]) { self.labels = labels }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func escaped(_ byte: UInt8) -> String {
        let digits = String(byte)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

/// Names are equal without regard to ASCII case. RFC 4343
extension DNSName: Hashable {
    public static func == (left: DNSName, right: DNSName) -> Bool {
        left.labels.count == right.labels.count
            && zip(left.labels, right.labels).allSatisfy { $0.elementsEqual($1) { lowered($0) == lowered($1) } }
    }

    public func hash(into hasher: inout Hasher) {
        for label in labels {
            hasher.combine(label.count)
            for byte in label { hasher.combine(Self.lowered(byte)) }
        }
    }
}
