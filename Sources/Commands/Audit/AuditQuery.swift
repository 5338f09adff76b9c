import ArgumentParser
import AuditTrail
import LinuxSystem
import StrictJSON
import SystemPackage

/// The filters that `audit list`, `stats` and `export` and `report` share.
struct FilterOptions: ParsableArguments {
    @Option(help: "Only this session, or those whose name begins so.") var session: String?
    @Option(help: "Only this kind: box, tool, consent or lifecycle.") var kind: AuditEvent.Kind?
    @Option(help: "Only this decision: allow, deny, info or error.") var decision: AuditEvent.Decision?
    @Option(
        help:
            "Only from this moment: 2026-02-28, 2026-02-28T23:00Z (UTC, also without the Z), or an age as 15m, 2h, 7d.")
    var since: String?
    @Option(help: "Only before this moment.") var until: String?
    @Option(help: "Only this server.") var server: String?
    @Option(help: "Only this tool: its name, or server.tool.") var tool: String?
    @Option(help: "Only this agent.") var agent: String?

    init() {}

    func validate() throws {
        for (name, text) in [("--since", since), ("--until", until)] {
            if let text, AuditFilter.moment(text, now: .now()) == nil {
                throw ValidationError("\(name) takes \(AuditFilter.momentForms); not `\(text.terminalSafe)`")
            }
        }
    }

    var filter: AuditFilter {
        AuditFilter(
            session: session, kind: kind, decision: decision,
            since: since.flatMap { AuditFilter.moment($0, now: .now()) },
            until: until.flatMap { AuditFilter.moment($0, now: .now()) }, server: server, tool: tool, agent: agent)
    }
}

/// A pass over a journal, a line at a time.
enum AuditQuery {
    /// Hands over each event that matches, in order, and knows which server a session was about.
    /// - Returns: How many lines are no events.
    static func forEach(
        _ path: FilePath, _ filter: AuditFilter, _ body: (EventFields, _ server: (JSONValue?) -> String) -> Void
    ) throws(AuditError) -> Int {
        var unreadable = 0
        var servers: [String: String] = [:]
        try AuditReader.forEachLine(path) { _, line in
            guard let event = EventFields(line) else {
                unreadable += 1
                return
            }
            if event.kind == .lifecycle, event.rule == "start", servers.count < 100_000 {
                servers[event.session] = event.subject
            }
            let server: (JSONValue?) -> String = { detail in
                detail?["server"]?.string ?? servers[event.session] ?? ""
            }
            if filter.matches(event, server: server) { body(event, server) }
        }
        return unreadable
    }

    static func summary(_ path: FilePath, _ filter: AuditFilter) throws(AuditError) -> AuditSummary {
        var summary = AuditSummary()
        let unreadable = try forEach(path, filter) { event, server in summary.add(event, server: server(nil)) }
        summary.unreadable += unreadable
        return summary
    }
}
