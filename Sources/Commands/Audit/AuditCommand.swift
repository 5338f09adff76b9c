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
        subcommands: [AuditListCommand.self, AuditShowCommand.self, AuditVerifyCommand.self])

    public init() {}
}

/// Which journal to read.
struct JournalOption: ParsableArguments {
    @Option(name: .customLong("file"), help: "The journal; otherwise the one that all runs of this user share.")
    var file: String?

    /// - Throws: `ExitCode` 66 after a message when there is no state folder to look in.
    func path() throws -> FilePath {
        if let file {
            let path = FilePath(file)
            if path.isAbsolute { return path }
            // A file name without folder has the head file beside it, as any other.
            return FilePath(".").pushing(path)
        }
        do {
            return try StateFolder.journal(
                stateHome: AuditTerminal.environment("XDG_STATE_HOME"), home: AuditTerminal.environment("HOME"))
        } catch {
            AuditTerminal.complain("cannot find the journal: \(error)\n  next: name it with `--file`")
            throw ExitCode(66)
        }
    }
}

/// What the audit commands take from their surroundings, and where they write.
enum AuditTerminal {
    /// A variable of this process's environment.
    static func environment(_ name: String) -> String? {
        // The value is copied at once; nothing here changes the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Says what went wrong on standard error, as one message.
    static func complain(_ message: String) { write("agentbound: \(message)\n", on: STDERR_FILENO) }

    /// Writes text, also when the other end takes it in pieces.
    /// - Returns: Whether somebody still listens.
    @discardableResult
    static func write(_ text: String, on descriptor: CInt = STDOUT_FILENO) -> Bool {
        (try? FileDescriptor(rawValue: descriptor).writeAll(Array(text.utf8))) != nil
    }
}

/// Turns a journal that cannot be read into a message and an exit code: 66 there is none, 74 it is unreadable.
func readingJournal<T>(_ path: FilePath, _ body: () throws(AuditError) -> T) throws -> T {
    do { return try body() } catch {
        if case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory || failure.errno == .notDirectory
        {
            AuditTerminal.complain(
                "no journal at \(path.string.terminalSafe)\n  next: `agentbound run` writes one; `--file` names another"
            )
            throw ExitCode(66)
        }
        AuditTerminal.complain("cannot read the journal: \(error)\n  next: check who owns it and its mode")
        throw ExitCode(74)
    }
}
