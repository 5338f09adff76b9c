public import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import SystemPackage

/// `agentbound audit`: what was allowed and refused, and whether the journal still says so.
public struct AuditCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show and check the journal of decisions.",
        discussion: """
            Example: agentbound audit list --decision deny --limit 20
            """,
        subcommands: [
            AuditListCommand.self, AuditShowCommand.self, AuditVerifyCommand.self, AuditStatsCommand.self,
            AuditExportCommand.self, AuditReportCommand.self, AuditHeadCommand.self, AuditKeygenCommand.self,
        ])

    public init() {}
}

/// Which journal to read.
struct JournalOption: ParsableArguments {
    @Option(name: .customLong("file"), help: "The journal; otherwise the one that all runs of this user share.")
    var file: String?

    /// - Throws: ``Refusal`` when there is no state folder to look in.
    func path() throws(Refusal) -> FilePath {
        if let file {
            let path = FilePath(file)
            if path.isAbsolute { return path }
            // A file name without folder has the head file beside it, as any other.
            return FilePath(".").pushing(path)
        }
        do throws(AuditError) {
            return try StateFolder.journal(
                stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: ProcessEnvironment["HOME"])
        } catch { throw Refusal(.input, "cannot find the journal: \(error)", next: "name it with `--file`") }
    }
}

/// Turns a journal that cannot be read into words and an exit code: 66 there is none, 74 it is unreadable.
func readingJournal<T>(_ path: FilePath, _ body: () throws(AuditError) -> T) throws(Refusal) -> T {
    do throws(AuditError) { return try body() } catch {
        if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory || failure.errno == .notDirectory
        {
            throw Refusal(
                .input, "no journal at \(path.string.terminalSafe)",
                next: "`agentbound run` writes one; `--file` names another")
        }
        throw Refusal(.audit, "cannot read the journal: \(error)", next: "check who owns it and its mode")
    }
}
