import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import SystemPackage

/// The one place where a command's error becomes words and an exit code. (`run` has its own end: ``Refusal/runExitCode``.)
enum Failure {
    /// - Parameter command: The name of the command, for the next step.
    /// - Returns: The exit code; the words are on standard error, help that was asked for is on standard output.
    static func report(_ error: any Error, command: String?) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if let refusal = refusal(for: error) { return say(refusal) }
        // The parser's own: help and the like end well, all else is a command line that it cannot read.
        if Root.exitCode(for: error) == .success {
            do throws(SyscallError) { try writeOutput(Root.fullMessage(for: error)) } catch {
                return report(error, command: command)
            }
            return 0
        }
        let words = Root.message(for: error).split(separator: "\n").joined(separator: "; ")
        let help = command.map { "agentbound help \($0)" } ?? "agentbound help"
        return say(Refusal(.usage, words.terminalSafe, next: "`\(help)`"))
    }

    static func refusal(for error: any Error) -> Refusal? {
        switch error {
        case let error as Refusal: error
        case let error as ManifestFileError: Refusal(error)
        case let error as UsageError: Refusal(error)
        case let error as SyscallError: output(error)
        case AuditError.noStateFolder:
            Refusal(.input, "there is no state folder: \(AuditError.noStateFolder)", next: "set HOME")
        case AuditError.untrusted(let path, let why):
            Refusal(.audit, "cannot use the state folder: \(AuditError.untrusted(path, why))", next: why.remedy(path))
        case let error as AuditError:
            Refusal(.audit, "cannot use the state folder: \(error)", next: "check its owner and mode")
        default: nil
        }
    }

    /// A command's result could not be written.
    private static func output(_ error: SyscallError) -> Refusal {
        let why = "\(error)".terminalSafe
        // Who closed the pipe (`| head`) needs no message.
        if error.errno == .brokenPipe { return Refusal(.output, "", next: nil) }
        return Refusal(
            .output, "cannot write to standard output: \(why)", next: "check that it is open and its disk has room")
    }

    private static func say(_ refusal: Refusal) -> Int32 {
        if !refusal.message.isEmpty {
            try? OwnedDescriptor.copy(of: 2).writeAll(Array(refusal.text.utf8))
        }
        return refusal.exitCode
    }
}
