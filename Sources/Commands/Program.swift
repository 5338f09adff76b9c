#if canImport(Glibc)
import Glibc
#endif

/// The executable's entry: `run` is dispatched before the argument parser, since its start is part of every server's start.
public enum Program {
    /// Runs the command that the process's arguments name, and exits with its code.
    public static func main() -> Never {
        exit(0)
    }
}
