public import ArgumentParser
import AuditTrail
import StrictJSON
import SystemPackage

/// `agentbound audit stats`
public struct AuditStatsCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count events by server, tool, agent, rule and decision.",
        discussion: """
            Exit codes: 0; 64 usage; 66 no journal; 74 unreadable.
            Example: agentbound audit stats --since 7d --server files
            """)

    @OptionGroup var journal: JournalOption
    @OptionGroup var filters: FilterOptions
    @Flag(help: "One JSON object.") var json = false

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let summary = try readingJournal(path) { () throws(AuditError) in try AuditQuery.summary(path, filters.filter) }
        try writeOutput(json ? AuditStats.json(summary).text(pretty: true) : AuditStats.text(summary))
    }
}

/// Sums in words and as JSON.
enum AuditStats {
    static func ranked(_ table: [String: AuditSummary.Counts]) -> [(name: String, counts: AuditSummary.Counts)] {
        table.map { ($0.key, $0.value) }.sorted { ($1.1.total, $0.0) < ($0.1.total, $1.0) }
    }

    static func refused(_ table: [String: AuditSummary.Refused]) -> [AuditSummary.Refused] {
        table.values.sorted { ($1.count, $0.subject, $0.rule) < ($0.count, $1.subject, $1.rule) }
    }

    static func duration(_ microseconds: Int64) -> String {
        switch microseconds {
        case ..<1_000: "\(microseconds) µs"
        case ..<10_000_000: "\(microseconds / 1_000) ms"
        case ..<7_200_000_000: "\(microseconds / 1_000_000) s"
        default: "\(microseconds / 3_600_000_000) h"
        }
    }

    static func text(_ summary: AuditSummary) -> String {
        var lines = ["events     \(summary.all.total), of which \(words(summary.all))"]
        if summary.all.total > 0 { lines.append("from       \(summary.all.first)\nto         \(summary.all.last)") }
        lines.append("sessions   \(summary.sessions)\(times(summary.sessionTimes))")
        if summary.callTimes.count > 0 {
            lines.append("answers    \(summary.callTimes.count)\(times(summary.callTimes))")
        }
        if summary.threatCount > 0 { lines.append("threats    \(summary.threatCount) calls with a score") }
        if summary.unrecordedCount > 0 { lines.append("unrecorded \(summary.unrecordedCount) calls") }
        if summary.refusedAfterAllCount > 0 {
            lines.append("refused    \(summary.refusedAfterAllCount) calls after all that are counted as allowed here")
        }
        if summary.unreadable > 0 { lines.append("unreadable \(summary.unreadable) lines: `agentbound audit verify`") }
        for (title, table) in [
            ("kind", summary.kinds), ("server", summary.servers), ("tool", summary.tools), ("agent", summary.agents),
            ("rule", summary.rules),
        ] where !table.isEmpty {
            lines.append("\nby \(title)")
            for (name, counts) in ranked(table).prefix(20) {
                lines.append("  \(counts.total)\t\(name.terminalSafe)\t\(words(counts))")
            }
            if table.count > 20 { lines.append("  and \(table.count - 20) more: --json has them") }
        }
        return lines.joined(separator: "\n")
    }

    private static func times(_ durations: Durations) -> String {
        durations.count == 0 ? "" : ", \(duration(durations.mean)) on average, \(duration(durations.greatest)) at most"
    }

    static func words(_ counts: AuditSummary.Counts) -> String {
        let parts = [
            (counts.allowed, "allowed"), (counts.denied, "denied"), (counts.asked, "asked about"),
            (counts.errors, "errors"),
            (counts.facts, "facts"),
        ]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "none" : told.joined(separator: ", ")
    }

    static func json(_ summary: AuditSummary) -> JSONValue {
        [
            "all": json(summary.all), "sessions": .integer(summary.sessions),
            "unreadable": .integer(summary.unreadable), "unrecorded": .integer(summary.unrecordedCount),
            "refusedAfterAll": .integer(summary.refusedAfterAllCount),
            "threats": .integer(summary.threatCount), "approvals": .integer(summary.approvalCount),
            "sessionTimes": json(summary.sessionTimes), "answerTimes": json(summary.callTimes),
            "kinds": json(summary.kinds), "servers": json(summary.servers), "tools": json(summary.tools),
            "agents": json(summary.agents), "rules": json(summary.rules), "deniedCalls": json(summary.deniedCalls),
            "boxDenials": json(summary.boxDenials),
        ]
    }

    private static func json(_ counts: AuditSummary.Counts) -> JSONValue {
        [
            "total": .integer(counts.total), "allow": .integer(counts.allowed), "deny": .integer(counts.denied),
            "error": .integer(counts.errors), "info": .integer(counts.facts), "asked": .integer(counts.asked),
            "first": .string(counts.first), "last": .string(counts.last),
        ]
    }

    private static func json(_ table: [String: AuditSummary.Counts]) -> JSONValue {
        .object(ranked(table).map { JSONMember($0.name, json($0.counts)) })
    }

    private static func json(_ durations: Durations) -> JSONValue {
        [
            "count": .integer(durations.count), "meanMicroseconds": .integer(durations.mean),
            "greatestMicroseconds": .integer(durations.greatest),
        ]
    }

    private static func json(_ table: [String: AuditSummary.Refused]) -> JSONValue {
        .array(
            refused(table).map {
                [
                    "count": .integer($0.count), "server": .string($0.server), "subject": .string($0.subject),
                    "rule": .string($0.rule), "reason": .string($0.reason), "last": .string($0.last),
                    "call": .string($0.call),
                ]
            })
    }
}

extension AuditSummary.Shortfall {
    /// In one sentence.
    var words: String {
        switch kind {
        case .unrecorded(let passed, let refused, let others, let from, let to):
            let calls = passed + refused
            let events = others == 0 ? "" : "; \(others) other event\(others == 1 ? "" : "s")"
            return
                "\(calls) call\(calls == 1 ? "" : "s") could not be recorded between \(from) and \(to): \(passed) passed, \(refused) refused\(events)"
        case .refusedAfterAll(let count, let first, let last):
            if first == last { return "event \(first) says allowed, and was refused after all" }
            return "\(count) of the events \(first) to \(last) say allowed, and were refused after all"
        }
    }
}
