import AuditTrail

/// A document about a journal, before it is Markdown or HTML. Texts are untrusted: each form escapes all of them.
struct ActivityReport {
    struct Table {
        var columns: [String]
        /// Which columns hold numbers.
        var numbers: Set<Int> = []
        var rows: [[String]]
        /// Allowed, denied, asked and the rest of a row, where it is about counts: HTML shows a bar.
        var shares: [[Int]] = []
    }

    struct Section {
        var title: String
        var text: String = ""
        var table: Table?
    }

    static let rowLimit = 100

    var title = "What the agents did"
    var facts: [(name: String, value: String)]
    var isIntact: Bool
    /// The integrity statement, sentence by sentence.
    var integrity: [String]
    var figures: [(name: String, value: Int, isBad: Bool)]
    var sections: [Section]

    init(journal: String, made: String, integrity: JournalReport, summary: AuditSummary, narrowed: String) {
        facts = [("Journal", journal)]
        if summary.all.total > 0 { facts.append(("Events", "\(summary.all.first) to \(summary.all.last)")) }
        if !narrowed.isEmpty { facts.append(("Only", narrowed)) }
        facts.append(("Written", "\(made) by agentbound \(Version.number)"))
        isIntact = integrity.isIntact
        self.integrity = Self.statement(integrity)
        let calls = summary.calls, box = summary.kinds["box"] ?? AuditSummary.Counts()
        figures = [
            ("sessions", summary.sessions, false), ("tool calls", calls.total - calls.facts, false),
            ("calls denied", calls.denied, calls.denied > 0), ("asked about", calls.asked, false),
            ("box denials", box.denied, box.denied > 0),
            ("calls with a threat score", summary.threatCount, summary.threatCount > 0),
            ("calls not recorded", Int(summary.unrecordedCount), summary.unrecordedCount > 0),
            ("allowed, refused after all", Int(summary.refusedAfterAllCount), summary.refusedAfterAllCount > 0),
        ]
        sections = [
            Self.shortfalls(summary.shortfalls),
            Self.activity("Servers", "server", summary.servers), Self.activity("Agents", "agent", summary.agents),
            Self.activity("Tools", "tool", summary.tools),
            Self.refusals(
                "Denied calls", "Calls that the tool policy, or a person, refused.", summary.deniedCalls,
                withCall: false),
            Self.refusals(
                "Denied by the box",
                "What the box refused, with the tool calls in flight at the last time, where there was a gateway.",
                summary.boxDenials, withCall: true),
            Self.mentions(
                "Approvals and consent", "What people were asked, and what came of it.", summary.approvals,
                summary.approvalCount, hasScore: false),
            Self.mentions(
                "Threats", "Calls that the threat scanner gave a score. A score is a hint, no verdict.",
                summary.threats.sorted { ($1.score, $0.seq) < ($0.score, $1.seq) }, summary.threatCount, hasScore: true),
            Section(
                title: "What this cannot show",
                text: """
                    The journal holds what agentbound decided: not what a server did within its grants, not what a granted host did with \
                    data that it was sent, and not servers that were started without agentbound. Arguments are kept as digests only. \
                    Repeated denials are limited before they are written. Whoever has this account and its key can write the journal \
                    anew and sign it; a signed head that was kept elsewhere shows that.
                    """),
        ]
    }

    private static func statement(_ report: JournalReport) -> [String] {
        var lines: [String] = []
        let count = report.findings.count + report.furtherFindings
        lines.append(
            report.isIntact
                ? "The hash chain holds over all \(report.lines) lines, up to event \(report.lastEvent)."
                : "\(count) \(count == 1 ? "place does" : "places do") not fit the hash chain, in \(report.lines) lines."
        )
        lines += report.findings.prefix(20).map { "\($0)" + "." }
        if count > 20 { lines.append("And \(count - 20) more: `agentbound audit verify`.") }
        if let newest = report.signed?.newest {
            lines.append("Signed up to event \(newest.seq) at \(newest.time) with key \(newest.key).")
        } else {
            lines.append("Nothing is signed: a journal that was written anew from its beginning would look the same.")
        }
        if !report.hadHead { lines.append("There is no head file: a cut tail could not be seen by it.") }
        return lines
    }

    private static func shortfalls(_ list: [AuditSummary.Shortfall]) -> Section {
        Section(
            title: "What could not be recorded",
            text: """
                Requests that are not in the journal, and requests that stand in it as allowed and were refused after all. Its writers say \
                so themselves, as soon as they can write again.
                """,
            table: list.isEmpty
                ? nil
                : Table(
                    columns: ["event", "time", "what"], numbers: [0],
                    rows: list.suffix(rowLimit).map { [String($0.seq), moment($0.time), $0.words] }))
    }

    private static func activity(_ title: String, _ name: String, _ table: [String: AuditSummary.Counts]) -> Section {
        let ranked = AuditStats.ranked(table)
        return Section(
            title: title, text: rest(ranked.count),
            table: ranked.isEmpty
                ? nil
                : Table(
                    columns: [name, "events", "allowed", "denied", "asked", "errors", "last"],
                    numbers: [1, 2, 3, 4, 5],
                    rows: ranked.prefix(rowLimit).map { entry in
                        let counts = entry.counts
                        let numbers = [counts.total, counts.allowed, counts.denied, counts.asked, counts.errors]
                        return [entry.name] + numbers.map(String.init) + [moment(counts.last)]
                    },
                    shares: ranked.prefix(rowLimit).map {
                        [$0.counts.allowed, $0.counts.denied, $0.counts.errors, $0.counts.facts]
                    }))
    }

    private static func refusals(
        _ title: String, _ text: String, _ table: [String: AuditSummary.Refused], withCall: Bool
    ) -> Section {
        let ranked = AuditStats.refused(table)
        var columns = ["times", "what", "server", "rule", "why", "last"]
        if withCall { columns.append("during") }
        return Section(
            title: title, text: [text, rest(ranked.count)].filter { !$0.isEmpty }.joined(separator: " "),
            table: ranked.isEmpty
                ? nil
                : Table(
                    columns: columns, numbers: [0],
                    rows: ranked.prefix(rowLimit).map {
                        [String($0.count), $0.subject, $0.server, $0.rule, $0.reason, moment($0.last)]
                            + (withCall ? [$0.call] : [])
                    }))
    }

    private static func mentions(
        _ title: String, _ text: String, _ list: [AuditSummary.Mention], _ count: Int, hasScore: Bool
    ) -> Section {
        var columns = ["event", "time", "what", "server", "decision", "rule", "why"]
        if hasScore { columns.insert("score", at: 0) }
        return Section(
            title: title, text: count > list.count || count > rowLimit ? "\(text) The last of \(count)." : text,
            table: list.isEmpty
                ? nil
                : Table(
                    columns: columns, numbers: hasScore ? [0, 1] : [0],
                    rows: list.suffix(rowLimit).map {
                        (hasScore ? [String($0.score)] : [])
                            + [String($0.seq), moment($0.time), $0.subject, $0.server, $0.decision, $0.rule, $0.reason]
                    }))
    }

    private static func rest(_ count: Int) -> String {
        count > rowLimit ? "The first \(rowLimit) of \(count); `agentbound audit stats --json` has all." : ""
    }

    /// `2026-02-28 23:59:59`
    private static func moment(_ time: String) -> String { String(time.prefix(19)).replacing("T", with: " ") }
}
