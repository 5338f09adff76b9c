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
            With a public key also whether the journal is the one that was signed. This user's own key is used without being named.
            Exit codes: 0 intact; 1 findings; 65 no key or head in a file; 66 no journal or file; 74 unreadable.
            Example: agentbound audit verify --pubkey audit.pub --head head.json
            """)

    @OptionGroup var journal: JournalOption
    @Option(name: .customLong("pubkey"), help: "A public key that signed the journal. Repeatable.", completion: .file())
    var keys: [String] = []
    @Option(
        name: .customLong("head"), help: "A signed head that was kept elsewhere: the journal must still hold it.",
        completion: .file())
    var head: String?
    @Flag(help: "One JSON object.") var json = false

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let isNamed = !keys.isEmpty
        let keys = try AuditKeys.verifying(keys)
        let known = try head.map { try AuditKeys.head($0, keys) }
        let report = try readingJournal(path) { () throws(AuditError) in
            try AuditReader.verify(path, signedBy: keys, mustBeSigned: isNamed, holding: known)
        }
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
        for line in report.putBack.prefix(20) {
            lines.append(
                "note: line \(line) tells which events before it were missing, by a loss of power or a hand, and were put back"
            )
        }
        if report.missing > 0 {
            lines.append(
                "note: \(count(Int(report.missing), "event")) at the end can be put back, and will be by the next start that writes to this journal"
            )
        }
        if !report.hadHead {
            lines.append("note: there is no head file beside the journal: a cut tail could not be seen")
        }
        if report.beyondHead > 0 {
            lines.append(
                "note: \(report.beyondHead) events are newer than the head file: a launcher ended while it wrote")
        }
        if let signed = report.signed {
            if let newest = signed.newest {
                let since = report.lastEvent - newest.seq
                lines.append(
                    "signed: up to event \(newest.seq), at \(newest.time), key \(newest.key)"
                        + (since > 0 ? "; \(since) newer events are held by the chain alone" : ""))
            } else if report.isIntact {
                lines.append("note: nothing is signed with this user's key: `agentbound audit head --sign`")
            }
            if signed.otherKeys > 0 { lines.append("note: \(signed.otherKeys) heads were signed with other keys") }
            if signed.unreadable > 0 {
                lines.append("note: \(signed.unreadable) lines among the signed heads are none: a crash, or a hand")
            }
        } else {
            lines.append(
                "note: no key: a tail that was cut or written anew together with the head file could not be seen")
        }
        let name = path.string.terminalSafe
        let size = count(report.lines, "line")
        lines.append(
            report.isIntact
                ? "intact: \(name): \(size), last event \(report.lastEvent)"
                : "not intact: \(name): \(count(report.findings.count + report.furtherFindings, "finding")) in \(size)"
        )
        return lines.joined(separator: "\n")
    }

    private static func count(_ number: Int, _ what: String) -> String {
        "\(number) \(what)\(number == 1 ? "" : "s")"
    }

    static func json(_ report: JournalReport, _ path: FilePath) -> JSONValue {
        [
            "journal": .string(path.string), "intact": .bool(report.isIntact), "lines": .integer(report.lines),
            "lastEvent": .integer(report.lastEvent), "headFile": .bool(report.hadHead),
            "beyondHead": .integer(report.beyondHead), "recoveredLines": .array(report.recovered.map { .integer($0) }),
            "putBackLines": .array(report.putBack.map { .integer($0) }), "missingEvents": .integer(report.missing),
            "findings": .array(
                report.findings.map {
                    ["line": .integer($0.line), "kind": .string($0.name), "message": .string("\($0)")]
                }),
            "furtherFindings": .integer(report.furtherFindings),
            "signed": report.signed.map { signed -> JSONValue in
                [
                    "upToEvent": signed.newest.map { .integer($0.seq) } ?? .null,
                    "time": signed.newest.map { .string($0.time) } ?? .null,
                    "key": signed.newest.map { .string($0.key) } ?? .null, "otherKeys": .integer(signed.otherKeys),
                    "unreadable": .integer(signed.unreadable),
                ]
            } ?? .null,
        ]
    }
}
