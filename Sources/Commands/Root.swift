import ArgumentParser
import AuditTrail
import LinuxSystem

/// Every command, as help, completions and the manual list them. `run`, `approve` and `inspect` share one command line,
/// which ``RunArguments`` reads; all others are read by the argument parser.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agentbound",
        abstract: "Run MCP servers with only the rights that a reviewed manifest grants.",
        discussion: """
            Examples:
              agentbound inspect time -- mcp-server-time    what it would hold
              agentbound approve time -- mcp-server-time    agree to that
              agentbound run time -- mcp-server-time        start it, boxed
              agentbound audit list --decision deny         what was refused

            `agentbound manual` has all exit codes.
            """,
        version: Version.number,
        groupedSubcommands: [
            CommandGroup(
                name: "Start servers",
                subcommands: [
                    RunDeclaration.self, GateDeclaration.self, ApproveDeclaration.self, InspectDeclaration.self,
                ]),
            CommandGroup(
                name: "Review manifests",
                subcommands: [
                    GenerateCommand.self, ValidateCommand.self, DiffCommand.self, PermissionsCommand.self,
                ]),
            CommandGroup(name: "Rule over tool calls", subcommands: [PolicyCommand.self, ReplayCommand.self]),
            CommandGroup(name: "Answer for calls", subcommands: [ApprovalsCommand.self, GrantCommand.self]),
            CommandGroup(
                name: "Look into things",
                subcommands: [AuditCommand.self, DoctorCommand.self, ExplainCommand.self, ManualCommand.self]),
            CommandGroup(
                name: "Know who acts, and show it",
                subcommands: [IdentityCommand.self, ReportCommand.self, ControlsCommand.self]),
        ])

    static let commandNames = configuration.subcommands.map { $0.configuration.commandName ?? "" }

    /// - Returns: The exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            try dispatch(arguments)
            return 0
        } catch {
            return Failure.report(error, command: path(arguments))
        }
    }

    /// The command that `arguments` name, with its subcommands: what `help` takes.
    static func path(_ arguments: [String]) -> String? {
        var names: [String] = []
        var commands = configuration.subcommands
        for word in arguments {
            guard let command = commands.first(where: { $0.configuration.commandName == word }) else { break }
            names.append(word)
            commands = command.configuration.subcommands
        }
        return names.isEmpty ? nil : names.joined(separator: " ")
    }

    private static func dispatch(_ arguments: [String]) throws {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "approve": try ApproveCommand.run(rest)
        case "inspect": try InspectCommand.run(rest)
        case "--version": try writeOutput(Version.line(on: .current()))
        case "help": try help(rest)
        case CompletionScript.namesFlag: try writeOutput(CompletionScript.names.joined(separator: "\n"))
        case "--generate-completion-script" where rest.count < 2:
            guard let shell = rest.first.map({ CompletionShell(rawValue: $0) }) ?? .autodetected() else {
                return try parse(arguments)
            }
            try writeOutput(CompletionScript.text(for: shell))
        case let name? where !name.hasPrefix("-"):
            try requireCommand(name)
            try parse(arguments)
        default: try parse(arguments)
        }
    }

    private static func parse(_ arguments: [String]) throws {
        var command = try parseAsRoot(arguments)
        try command.run()
    }

    private static func help(_ names: [String]) throws {
        guard let name = names.first else { return try writeOutput(helpMessage()) }
        try requireCommand(name)
        switch name {
        case "run": try writeOutput(RunHelp.text)
        case "gate": try writeOutput(GateArguments.help)
        case "approve": try writeOutput(RunHelp.approve)
        case "inspect": try writeOutput(RunHelp.inspect)
        default: try parse(names + ["--help"])
        }
    }

    private static func requireCommand(_ name: String) throws(Refusal) {
        if commandNames.contains(name) { return }
        let near = Nearest.name(to: name, among: commandNames).map { "; did you mean `\($0)`?" } ?? ""
        throw Refusal(.usage, "there is no command `\(name.terminalSafe)`\(near)", next: "`agentbound help` lists them")
    }
}
