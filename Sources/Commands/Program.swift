import Glibc
import LinuxSystem

/// The executable's entry: `run` is dispatched before the argument parser, since its start is part of every server's start.
public enum Program {
    /// Runs the command that the process's arguments name, and exits with its code.
    public static func main() -> Never {
        SystemThread.setUpHeap()
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "run" { exit(RunCommand.main(Array(arguments.dropFirst()))) }
        exit(Root.run(Array(arguments)))
    }
}
