import ArgumentParser
import Glibc

/// Every command but `run`, through the argument parser.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentbound",
        abstract: "Run MCP servers with only the rights that a reviewed manifest grants.",
        subcommands: [ValidateCommand.self, PermissionsCommand.self, DiffCommand.self, DoctorCommand.self])

    /// - Returns: The exit code.
    static func run(_ arguments: [String]) -> Int32 {
        Root.main(arguments)
        return 0
    }
}
