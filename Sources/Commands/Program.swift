import Glibc
import LinuxSystem

/// The executable's entry: `run` is dispatched before the argument parser, since its start is part of every server's start.
public enum Program {
    /// Runs the command that the process's arguments name, and exits with its code.
    public static func main() -> Never {
        SystemThread.setUpHeap()
        guard let arguments = Self.arguments else { exit(Self.refuseBytes()) }
        if arguments.first == "run" { exit(RunCommand.main(Array(arguments.dropFirst()))) }
        if arguments.first == "gate" { exit(GateCommand.main(Array(arguments.dropFirst()))) }
        exit(Root.run(arguments))
    }

    /// What ``CommandLine/arguments`` has behind the program's name, without the generic types that it makes on the way.
    /// - Returns: `nil` when one is no UTF-8. Repaired, it would be another path than the one that was to be granted or closed.
    private static var arguments: [String]? {
        var texts: [String] = []
        var index = 1
        // The system's own array, which nobody writes; it ends with nil.
        while index < CommandLine.argc, let bytes = unsafe CommandLine.unsafeArgv[index] {
            guard let text = unsafe String(validatingCString: bytes) else { return nil }
            texts.append(text)
            index += 1
        }
        return texts
    }

    private static func refuseBytes() -> CInt {
        let words = CommandLine.arguments.dropFirst()  // repaired
        let wrong = words.firstIndex { $0.unicodeScalars.contains("\u{FFFD}") } ?? 1
        let refusal = Refusal(
            .usage, "argument \(wrong), `\(CommandLine.arguments[wrong])`, is not UTF-8",
            next: "write it in UTF-8; a file with such a name can be given by the folder that it is in")
        StandardError.write(refusal.text)
        return ["run", "gate"].contains(words.first) ? refusal.runExitCode : refusal.exitCode
    }
}
