public import StrictJSON

/// The fields of a journal line where they stand, without reading the line as JSON: for those who look at millions of them.
public struct EventFields: Sendable {
    private let line: ArraySlice<UInt8>
    public let seq: UInt64
    /// RFC 3339, always 27 characters.
    public let time: ArraySlice<UInt8>
    private let sessionBytes, kindBytes, subjectBytes, decisionBytes, ruleBytes, reasonBytes,
        detailBytes: ArraySlice<UInt8>

    /// - Parameter line: Without its newline.
    /// - Returns: `nil` when it does not have the form of an event.
    public init?(_ line: ArraySlice<UInt8>) {
        guard line.count > EventLine.chainLength else { return nil }
        var scanner = LineScanner(line)
        guard scanner.skip(EventLine.seqStart), let seq = scanner.number(), let time = scanner.field(Self.names[0]),
            let session = scanner.field(Self.names[1]), let kind = scanner.field(Self.names[2]),
            let subject = scanner.field(Self.names[3]), let decision = scanner.field(Self.names[4]),
            let rule = scanner.field(Self.names[5]), let reason = scanner.field(Self.names[6]),
            scanner.skip(Self.detailStart), scanner.rest.count > EventLine.chainLength, time.count == 27
        else { return nil }
        self.line = line
        self.seq = seq
        self.time = time
        sessionBytes = session
        kindBytes = kind
        subjectBytes = subject
        decisionBytes = decision
        ruleBytes = rule
        reasonBytes = reason
        detailBytes = scanner.rest.dropLast(EventLine.chainLength)
    }

    private static let names = ["time", "session", "kind", "subject", "decision", "rule", "reason"].map {
        Array(",\"\($0)\":\"".utf8)
    }
    private static let detailStart = Array(",\"detail\":".utf8)

    public var timeText: String { String(decoding: time, as: UTF8.self) }
    public var session: String { Self.text(sessionBytes) }
    public var kind: AuditEvent.Kind? { AuditEvent.Kind(rawValue: Self.text(kindBytes)) }
    public var subject: String { Self.text(subjectBytes) }
    public var decision: AuditEvent.Decision? { AuditEvent.Decision(rawValue: Self.text(decisionBytes)) }
    public var rule: String { Self.text(ruleBytes) }
    public var reason: String { Self.text(reasonBytes) }
    /// The facts of the event, read as JSON now.
    public var detail: JSONValue { (try? JSONValue(parsing: Array(detailBytes))) ?? .object([]) }
    /// The whole line.
    public var text: String { String(decoding: line, as: UTF8.self) }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        return (try? JSONValue(parsing: [0x22] + bytes + [0x22]))?.string ?? String(decoding: bytes, as: UTF8.self)
    }
}

extension LineScanner {
    /// What stands between a field's name and the quote that closes its value, escapes and all.
    mutating func field(_ name: [UInt8]) -> ArraySlice<UInt8>? {
        guard skip(name) else { return nil }
        var at = rest.startIndex
        while at < rest.endIndex, rest[at] != UInt8(ascii: "\"") { at += rest[at] == UInt8(ascii: "\\") ? 2 : 1 }
        guard at < rest.endIndex else { return nil }
        let value = rest[rest.startIndex..<at]
        drop(through: at)
        return value
    }
}
