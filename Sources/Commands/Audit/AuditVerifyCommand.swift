public import ArgumentParser
import AuditTrail
import Glibc
import StrictJSON
import SystemPackage

/// `agentbound audit verify`
public struct AuditVerifyCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the journal's chain and say which lines were changed, cut out, moved or inserted.",
        discussion: """
            Exit codes: 0 intact; 1 findings; 66 no journal; 74 unreadable.
            Example: agentbound audit verify --json
            """)

    @OptionGroup var journal: JournalOption
    @Flag(help: "One JSON object.") var json = false

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let report = try readingJournal(path) { () throws(AuditError) in try AuditReader.verify(path) }
        try writeOutput(
            json ? AuditVerdict.json(report, path).text(pretty: true) : AuditVerdict.text(report, path))
        if !report.isIntact { throw ExitCode(1) }
    }
}

/// A report in words and as JSON.
enum AuditVerdict {
    static func text(_ report: JournalReport, _ path: FilePath) -> String {
        var lines = report.findings.map { "\($0)" }
        if report.furtherFindings > 0 { lines.append("and \(report.furtherFindings) more") }
        for line in report.recovered.prefix(20) {
            lines.append("note: line \(line) was left unfinished by a crash; the next launcher put that on record")
        }
        if !report.hadHead {
            lines.append("note: there is no head file beside the journal: a cut tail could not be seen")
        }
        if report.beyondHead > 0 {
            lines.append(
                "note: \(report.beyondHead) events are newer than the head file: a launcher ended while it wrote")
        }
        let name = path.string.terminalSafe
        lines.append(
            report.isIntact
                ? "intact: \(name): \(report.lines) lines, last event \(report.lastEvent)"
                : "not intact: \(name): \(report.findings.count + report.furtherFindings) findings in \(report.lines) lines"
        )
        return lines.joined(separator: "\n")
    }

    static func json(_ report: JournalReport, _ path: FilePath) -> JSONValue {
        [
            "journal": .string(path.string), "intact": .bool(report.isIntact), "lines": .integer(report.lines),
            "lastEvent": .integer(report.lastEvent), "headFile": .bool(report.hadHead),
            "beyondHead": .integer(report.beyondHead), "recoveredLines": .array(report.recovered.map { .integer($0) }),
            "findings": .array(
                report.findings.map {
                    ["line": .integer($0.line), "kind": .string($0.name), "message": .string("\($0)")]
                }),
            "furtherFindings": .integer(report.furtherFindings),
        ]
    }
}
