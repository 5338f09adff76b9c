import Glibc
import LinuxSystem

/// The executable's entry: `run` is dispatched before the argument parser, since its start is part of every server's start.
public enum Program {
    /// Runs the command that the process's arguments name, and exits with its code.
    public static func main() -> Never {
        SystemThread.setUpHeap()
        let arguments = Self.arguments
        if arguments.first == "run" { exit(RunCommand.main(Array(arguments.dropFirst()))) }
        if arguments.first == "gate" { exit(GateCommand.main(Array(arguments.dropFirst()))) }
        exit(Root.run(arguments))
    }

    /// What ``CommandLine/arguments`` has behind the program's name, without the generic types that it makes on the way.
    private static var arguments: [String] {
        var texts: [String] = []
        var index = 1
        // The system's own array, which nobody writes; it ends with nil.
        while index < CommandLine.argc, let text = unsafe CommandLine.unsafeArgv[index] {
            unsafe texts.append(String(cString: text))
            index += 1
        }
        return texts
    }
}
