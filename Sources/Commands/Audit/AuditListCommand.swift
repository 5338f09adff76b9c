public import ArgumentParser
import AuditIndex
import AuditTrail
import Glibc
import LinuxSystem
import StrictJSON
import SystemPackage

extension AuditEvent.Kind: ExpressibleByArgument {}
extension AuditEvent.Decision: ExpressibleByArgument {}

/// `agentbound audit list`
public struct AuditListCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List events, oldest first.",
        discussion: """
            Exit codes: 0; 64 usage; 66 no journal; 74 unreadable.
            Example: agentbound audit list --decision deny --since 2h
            """)

    @OptionGroup var journal: JournalOption
    @OptionGroup var filters: FilterOptions
    @Option(help: "The last N of them.") var limit: Int?
    @Flag(help: "One JSON array.") var json = false
    @Flag(help: "One JSON object a line, as they stand in the journal.") var jsonl = false

    public init() {}

    public func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit cannot be negative") }
        if json && jsonl { throw ValidationError("--json and --jsonl exclude each other") }
    }

    public func run() throws {
        let path = try journal.path()
        let found = try readingJournal(path) { () throws(AuditError) in
            try AuditListing.collect(path, filters.filter, limit: limit)
        }
        try AuditListing.print(found.records, as: json ? .json : jsonl ? .lines : .text)
        if found.unreadable > 0 {
            let are = found.unreadable == 1 ? "line is no event" : "lines are no events"
            StandardError.write(
                "agentbound: \(found.unreadable) \(are)\n  next: `agentbound audit verify` says which\n",
                patience: 1_000)
        }
        AuditListing.warn(ofChanged: found.changed)
    }
}

/// Events as they are shown.
enum AuditListing {
    enum Form { case text, json, lines }

    /// - Returns: The last `limit` matching events, how many lines could not be read, and which of the events do not have the
    ///   hash that they state.
    static func collect(
        _ path: FilePath, _ filter: AuditFilter, limit: Int?
    ) throws(AuditError) -> (records: [AuditRecord], unreadable: Int, changed: [Int64]) {
        var records: [AuditRecord] = []
        var unreadable = 0
        var changed: [Int64] = []
        // The index gives only lines that have their hash.
        if let lines = indexed(path, filter, limit: limit) { return (lines.compactMap { AuditRecord($0[...]) }, 0, []) }
        // Only what matches is read as JSON, and of that no more than is asked for.
        var lines: [(EventFields)] = []
        unreadable = try AuditQuery.forEach(path, filter) { event, _ in
            lines.append(event)
            // Let go in batches: dropping the first for each new one would copy the rest every time.
            if let limit, lines.count > 1024, lines.count / 2 > limit { lines.removeFirst(lines.count - limit) }
        }
        for event in lines.suffix(limit ?? lines.count) {
            let line = Array(event.text.utf8)
            guard let record = AuditRecord(line[...]) else {
                unreadable += 1
                continue
            }
            records.append(record)
            if !AuditReader.isIntact(line) { changed.append(record.seq) }
        }
        return (records, unreadable, changed)
    }

    /// Says which of the events that are shown somebody changed.
    static func warn(ofChanged events: [Int64]) {
        if events.isEmpty { return }
        let named = events.prefix(10).map(String.init).joined(separator: ", ")
        let more = events.count > 10 ? " and \(events.count - 10) more" : ""
        let are = events.count == 1 ? "event \(named) is not as it was" : "events \(named)\(more) are not as they were"
        StandardError.write(
            "agentbound: \(are) written: the hash does not fit\n  next: `agentbound audit verify` says what is wrong with the journal\n",
            patience: 1_000)
    }

    /// The same through the index, where the journal is long and what is asked for short.
    private static func indexed(_ path: FilePath, _ filter: AuditFilter, limit: Int?) -> [[UInt8]]? {
        guard let limit, limit <= 10_000, let size = try? FileStatus(of: path).size, size > indexedSize else {
            return nil
        }
        let full = path.isAbsolute ? path : (FolderCalls.link("/proc/self/cwd") ?? "/").pushing(path)
        return AuditIndex.lines(full, filter.query, last: limit)
    }

    /// Bytes. Below, reading all of it takes no longer than to be noticed.
    private static let indexedSize = 16 << 20

    /// - Throws: ``SyscallError`` when standard output takes no more: half a list would pass for a whole one.
    static func print(_ records: [AuditRecord], as form: Form) throws(SyscallError) {
        switch form {
        case .json: try writeOutput(JSONValue.array(records.map(\.value)).text(pretty: true))
        case .lines: try print(records) { $0.value.text() }
        case .text:
            let colours = AuditColours(forTerminal: STDOUT_FILENO)
            try print(records) { line($0, colours) }
        }
    }

    /// Some lines in each write: a journal may have millions.
    private static func print(_ records: [AuditRecord], _ line: (AuditRecord) -> String) throws(SyscallError) {
        for start in stride(from: 0, to: records.count, by: 256) {
            let part = records[start..<min(start + 256, records.count)]
            try writeOutput(part.map(line).joined(separator: "\n"))
        }
    }

    /// One event in one line: number, time, decision, kind, what and why.
    static func line(_ record: AuditRecord, _ colours: AuditColours) -> String {
        let decision = record.decision.rawValue.padded(to: 5)
        let tail = [record.rule, record.reason].filter { !$0.isEmpty }.joined(separator: ": ")
        let text =
            "\(record.seq)  \(record.time)  \(colours.paint(decision, record.decision))  "
            + "\(record.kind.rawValue.padded(to: 9))  \(record.subject.terminalSafe)"
        return tail.isEmpty ? text : text + "  (\(tail.terminalSafe))"
    }
}

/// Colours, or none: only on a terminal, and never with NO_COLOR. Source: no-color.org.
struct AuditColours: Hashable, Sendable {
    var isOn: Bool

    init(isOn: Bool) { self.isOn = isOn }

    init(forTerminal descriptor: CInt) {
        isOn =
            isatty(descriptor) == 1 && (ProcessEnvironment["NO_COLOR"] ?? "").isEmpty
            && ProcessEnvironment["TERM"] != "dumb"
    }

    func paint(_ text: String, _ decision: AuditEvent.Decision) -> String {
        guard isOn else { return text }
        let code =
            switch decision {
            case .allow: "32"
            case .deny: "31"
            case .error: "33"
            case .info: "2"
            }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
