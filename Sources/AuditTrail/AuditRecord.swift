public import StrictJSON

/// One line of a journal, read back.
public struct AuditRecord: Hashable, Sendable {
    public var seq: Int64
    /// RFC 3339, always 27 characters in UTC: texts compare as the moments do.
    public var time: String
    public var session: String
    public var kind: AuditEvent.Kind
    public var subject: String
    public var decision: AuditEvent.Decision
    public var rule: String
    public var reason: String
    /// The whole line.
    public var value: JSONValue

    /// - Parameter line: Without its newline.
    /// - Returns: `nil` when it is no event.
    public init?(_ line: ArraySlice<UInt8>) {
        guard let value = try? JSONValue(parsing: Array(line)), let seq = value["seq"]?.int64,
            let time = value["time"]?.string, let session = value["session"]?.string,
            let kind = value["kind"]?.string.flatMap(AuditEvent.Kind.init),
            let subject = value["subject"]?.string,
            let decision = value["decision"]?.string.flatMap(AuditEvent.Decision.init),
            let rule = value["rule"]?.string, let reason = value["reason"]?.string
        else { return nil }
        self.seq = seq
        self.time = time
        self.session = session
        self.kind = kind
        self.subject = subject
        self.decision = decision
        self.rule = rule
        self.reason = reason
        self.value = value
    }
}
