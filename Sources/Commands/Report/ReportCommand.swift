public import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import SystemPackage

enum ReportFormat: String, CaseIterable, ExpressibleByArgument { case md, html }

/// What `agentbound report` and `agentbound audit report` have in common.
struct ReportOptions: ParsableArguments {
    @OptionGroup var journal: JournalOption
    @OptionGroup var filters: FilterOptions
    @Option(help: "md or html: one file that needs no network and no script.") var format = ReportFormat.md
    @Option(name: .customLong("pubkey"), help: "A public key that signed the journal. Repeatable.", completion: .file())
    var keys: [String] = []
    @Option(name: .shortAndLong, help: "A file; otherwise standard output.", completion: .file()) var output: String?

    /// - Returns: Whether the journal is intact.
    func write() throws -> Bool {
        let path = try journal.path()
        let isNamed = !keys.isEmpty
        let keys = try AuditKeys.verifying(keys)
        let integrity = try readingJournal(path) { () throws(AuditError) in
            try AuditReader.verify(path, signedBy: keys, mustBeSigned: isNamed)
        }
        let summary = try readingJournal(path) { () throws(AuditError) in try AuditQuery.summary(path, filters.filter) }
        let report = ActivityReport(
            journal: path.string, made: Timestamp.now().description, integrity: integrity, summary: summary,
            narrowed: filters.words)
        let text = format == .md ? ReportMarkdown.text(report) : ReportHTML.text(report)
        if let output = OutputFile.named(output) {
            try OutputFile.write(Array(text.utf8), to: output)
        } else {
            try writeOutput(text)
        }
        return integrity.isIntact
    }
}

extension FilterOptions {
    /// What a report leaves out, for its reader.
    var words: String {
        let parts: [(String, String?)] = [
            ("session", session), ("kind", kind?.rawValue), ("decision", decision?.rawValue), ("since", since),
            ("until", until), ("server", server), ("tool", tool), ("agent", agent),
        ]
        return parts.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }
}

/// `agentbound report`
public struct ReportCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write what happened as a document: integrity, activity, denials, threats, approvals.",
        discussion: """
            Exit codes: 0; 1 written, but the journal is not intact; 64 usage; 66 no journal; 74 unreadable, or not written.
            Example: agentbound report --format html --since 7d -o week.html
            """)

    @OptionGroup var options: ReportOptions

    public init() {}

    public func run() throws { if try !options.write() { throw ExitCode(1) } }
}

/// `agentbound audit report`: the same.
public struct AuditReportCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write what happened as a document, as `agentbound report` does.",
        discussion: """
            Exit codes: 0; 1 written, but the journal is not intact; 64 usage; 66 no journal; 74 unreadable, or not written.
            Example: agentbound audit report --format md --server files
            """)

    @OptionGroup var options: ReportOptions

    public init() {}

    public func run() throws { if try !options.write() { throw ExitCode(1) } }
}
