public import ArgumentParser
import AuditTrail
import Glibc
import StrictJSON
import SystemPackage

/// `agentbound audit show`
public struct AuditShowCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one event whole, or all events of a session.",
        discussion: """
            Exit codes: 0; 1 nothing of that name; 66 no journal; 74 unreadable.
            Example: agentbound audit show 42
            """)

    @Argument(help: "An event's number, or a session's name or its beginning.") var name: String
    @OptionGroup var journal: JournalOption
    @Flag(help: "One JSON array.") var json = false

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let number = Int64(name)
        var found: [AuditRecord] = []
        var changed: [Int64] = []
        try readingJournal(path) { () throws(AuditError) in
            try AuditReader.forEachLine(path) { _, line in
                guard let record = AuditRecord(line) else { return }
                guard number.map({ $0 == record.seq }) ?? record.session.hasPrefix(name) else { return }
                found.append(record)
                if !AuditReader.isIntact(Array(line)) { changed.append(record.seq) }
            }
        }
        guard !found.isEmpty else {
            throw Refusal(
                .unknown, "nothing named \(name.terminalSafe) in \(path.string.terminalSafe)",
                next: "`agentbound audit list`")
        }
        if json {
            try AuditListing.print(found, as: .json)
        } else if number != nil {
            for record in found { try writeOutput(record.value.text(pretty: true)) }
        } else {
            try AuditListing.print(found, as: .text)
        }
        AuditListing.warn(ofChanged: changed)
    }
}
