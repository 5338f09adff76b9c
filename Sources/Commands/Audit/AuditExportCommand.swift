public import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage

/// `agentbound audit export`
public struct AuditExportCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write events as JSON, JSON Lines or CSV.",
        discussion: """
            JSON Lines are the journal's own lines: their hashes can be checked. CSV follows RFC 4180; a value that a spreadsheet
            would take for a formula has an apostrophe before it.
            Exit codes: 0; 64 usage; 66 no journal; 74 unreadable, or the output takes no more.
            Example: agentbound audit export --format csv --since 7d > week.csv
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case json, jsonl, csv }

    @OptionGroup var journal: JournalOption
    @OptionGroup var filters: FilterOptions
    @Option(help: "json, jsonl or csv.") var format = Format.jsonl

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let output = try OwnedDescriptor.copy(of: 1)
        var exporter = AuditExporter(format: format)
        var failure: SyscallError?
        func drain(above limit: Int) {
            guard exporter.bytes.count > limit, failure == nil else { return }
            do throws(SyscallError) { try output.writeAll(exporter.bytes) } catch { failure = error }
            exporter.bytes.removeAll(keepingCapacity: true)
        }
        let unreadable = try readingJournal(path) { () throws(AuditError) in
            try AuditQuery.forEach(path, filters.filter) { event, server in
                if failure == nil { exporter.add(event, server: server) }
                drain(above: 1 << 18)
            }
        }
        exporter.end()
        drain(above: 0)
        // Half an export would pass for a whole one.
        if let failure { throw failure }
        if unreadable > 0 {
            StandardError.write(
                "agentbound: \(unreadable) lines are no events, and are left out\n  next: `agentbound audit verify` says which\n",
                patience: 1_000)
        }
    }
}

/// Events in another form, a piece at a time.
struct AuditExporter {
    let format: AuditExportCommand.Format
    var bytes: [UInt8] = []
    private var count = 0

    static let columns = [
        "seq", "time", "session", "kind", "server", "subject", "decision", "effect", "rule", "reason", "method", "tool",
        "agent", "request", "arguments", "threat", "microseconds", "call", "detail", "hash",
    ]

    init(format: AuditExportCommand.Format) {
        self.format = format
        if format == .csv { append(Self.columns) }
    }

    mutating func add(_ event: EventFields, server: (JSONValue?) -> String) {
        switch format {
        case .jsonl:
            bytes += Array(event.text.utf8)
            bytes.append(0x0a)
        case .json:
            bytes += Array((count == 0 ? "[\n" : ",\n").utf8)
            bytes += Array(event.text.utf8)
        case .csv:
            let detail = event.detail
            func fact(_ key: String) -> String { detail[key].map { $0.string ?? $0.text() } ?? "" }
            append([
                String(event.seq), event.timeText, event.session, event.kind?.rawValue ?? "", server(detail),
                event.subject,
                event.decision?.rawValue ?? "", fact("effect"), event.rule, event.reason, fact("method"), fact("tool"),
                fact("agent"), fact("request"), fact("arguments"), fact("threat"), fact("microseconds"), fact("call"),
                detail.text(), String(event.text.suffix(66).prefix(64)),
            ])
        }
        count += 1
    }

    mutating func end() {
        if format == .json { bytes += Array((count == 0 ? "[]\n" : "\n]\n").utf8) }
    }

    private mutating func append(_ fields: [String]) {
        bytes += Array(fields.map(Self.field).joined(separator: ",").utf8)
        bytes += [0x0d, 0x0a]
    }

    /// RFC 4180, section 2. What begins as a formula does is text in no spreadsheet without the apostrophe, and what would move a
    /// terminal's cursor is written as `\u{…}`: people look at such files with `less`, too.
    static func field(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first,
            "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
        {
            text = "'" + text
        }
        text = text.terminalSafe
        let isSpecial = text.utf8.contains { $0 == 0x22 || $0 == 0x2c }
        return isSpecial ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
}
