public import ArgumentParser
import Glibc
import LinuxSystem

/// `agentbound doctor`: what this machine can enforce, and what to do about the rest.
public struct DoctorCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show what this machine can enforce, and how to fix what it cannot.",
        discussion: """
            Example: agentbound doctor --json

            Exits with 0 when boxes can start, with warnings too, and with 69 when they cannot.
            """)

    @Flag(help: "Print one JSON object.")
    public var json = false

    public init() {}

    public mutating func run() throws {
        let report = DoctorReport(features: .current(quick: false), machine: .current())
        // The environment does not change while doctor runs.
        let noColour = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        let text = json ? report.json : report.text(colour: isatty(STDOUT_FILENO) == 1 && !noColour)
        // A duplicate of our own, so that a closed or full standard output is an error and not silence.
        let output = OwnedDescriptor(rawValue: try syscall("dup") { dup(STDOUT_FILENO) })
        try output.writeAll(Array(text.utf8))
        throw ExitCode(report.exitCode)
    }
}
