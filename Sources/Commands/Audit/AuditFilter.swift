import AuditIndex
import AuditTrail
import PolicyEngine
import StrictJSON

/// Which events a command is about.
struct AuditFilter: Hashable, Sendable {
    var session: String?
    var kind: AuditEvent.Kind?
    var decision: AuditEvent.Decision?
    /// The start of an RFC 3339 time: `2026-02-28` or `2026-02-28T23:00Z`, compared as text from the left.
    var since: String?
    /// The same; events that begin with it are out.
    var until: String?
    var server: String?
    /// A tool's name alone, or `server.tool`.
    var tool: String?
    var agent: String?

    var query: IndexQuery {
        var query = IndexQuery()
        (query.session, query.kind, query.decision) = (session, kind, decision)
        (query.since, query.until) = (since, until)
        (query.server, query.tool, query.agent) = (server, tool, agent)
        return query
    }

    func matches(_ record: AuditRecord) -> Bool {
        if let session, !record.session.hasPrefix(session) { return false }
        if let kind, record.kind != kind { return false }
        if let decision, record.decision != decision { return false }
        if let since, record.time < since { return false }
        if let until, record.time >= until { return false }
        if server == nil && tool == nil && agent == nil { return true }
        let detail = record.value["detail"]
        return matches(detail, subject: record.subject, server: detail?["server"]?.string ?? "")
    }

    /// The same for a line that was not read as JSON: cheap tests first.
    /// - Parameter server: The server that the event belongs to, of its own account or its session's.
    func matches(_ event: EventFields, server found: (JSONValue?) -> String) -> Bool {
        if let since, event.timeText < since { return false }
        if let until, event.timeText >= until { return false }
        if let session, !event.session.hasPrefix(session) { return false }
        if let kind, event.kind != kind { return false }
        if let decision, event.decision != decision { return false }
        if server == nil && tool == nil && agent == nil { return true }
        let detail = event.kind == .tool ? event.detail : nil
        return matches(detail, subject: event.subject, server: found(detail))
    }

    private func matches(_ detail: JSONValue?, subject: String, server found: String) -> Bool {
        if let server, found != server { return false }
        if let tool, detail?["tool"]?.string != tool && !(detail?["tool"] != nil && subject == tool) { return false }
        if let agent, detail?["agent"]?.string != agent { return false }
        return true
    }

    /// Brings what a person writes for a moment into the form in which times compare as texts.
    /// - Parameters:
    ///   - text: A UTC date or time that exists, with or without its `Z`, or an age as ``DurationText`` has it.
    ///   - now: What an age is counted from.
    /// - Returns: `nil` when it is neither.
    static func moment(_ text: String, now: Timestamp) -> String? {
        if let seconds = DurationText.seconds(text) {
            return Timestamp(microseconds: now.microseconds - seconds * 1_000_000).description
        }
        let shape = "0000-00-00T00:00:00.000000"
        let digits = text.hasSuffix("Z") ? text.dropLast() : text[...]
        guard [10, 16, 19, 26].contains(digits.count) || (digits.count > 20 && digits.count < 26),
            zip(digits, shape).allSatisfy({ $1 == "0" ? "0"..."9" ~= $0 : $0 == $1 }),
            // 31 February and hour 25 have the shape of a moment, and are none.
            Timestamp("\(digits)\("1970-01-01T00:00:00.000000".dropFirst(digits.count))Z") != nil
        else { return nil }
        return String(digits)
    }

    /// For messages.
    static let momentForms =
        "a date or time in UTC that exists, `2026-02-28`, `2026-02-28T23:00Z` or `2026-02-28T23:00:59Z`, or an age, \(DurationText.forms)"
}
