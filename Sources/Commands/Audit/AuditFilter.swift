import AuditTrail

/// Which events `audit list` shows.
struct AuditFilter: Hashable, Sendable {
    var session: String?
    var kind: AuditEvent.Kind?
    var decision: AuditEvent.Decision?
    /// The start of an RFC 3339 time: `2026-02-28` or `2026-02-28T23:00Z`, compared as text from the left.
    var since: String?

    func matches(_ record: AuditRecord) -> Bool {
        if let session, !record.session.hasPrefix(session) { return false }
        if let kind, record.kind != kind { return false }
        if let decision, record.decision != decision { return false }
        if let since, record.time < since { return false }
        return true
    }

    /// Brings what a person writes for a moment into the form in which times compare as texts.
    /// - Parameters:
    ///   - text: A UTC date or time, or an age: `90s`, `15m`, `2h`, `7d`.
    ///   - now: What an age is counted from.
    /// - Returns: `nil` when it is neither.
    static func moment(_ text: String, now: Timestamp) -> String? {
        if let seconds = Lifetime.seconds(text) {
            return Timestamp(microseconds: now.microseconds - seconds * 1_000_000).description
        }
        let shape = "0000-00-00T00:00:00.000000"
        let digits = text.hasSuffix("Z") ? text.dropLast() : text[...]
        guard [10, 16, 19, 26].contains(digits.count) || (digits.count > 20 && digits.count < 26),
            zip(digits, shape).allSatisfy({ $1 == "0" ? "0"..."9" ~= $0 : $0 == $1 })
        else { return nil }
        return String(digits)
    }
}
