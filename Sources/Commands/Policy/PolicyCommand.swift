import ArgumentParser

/// `agentbound policy`: the files that say which tool calls may happen.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, change and try tool policies.",
        discussion: """
            A policy says which tool calls may happen: docs/policy.md has its format.

            Example:
              agentbound policy check policy.yaml
              agentbound policy explain policy.yaml --call '{"server": "fs", "tool": "read", "arguments": {"path": "a"}}'
              agentbound policy test policy.yaml calls.yaml
            """,
        subcommands: [
            PolicyCheckCommand.self, PolicyListCommand.self, PolicyAddCommand.self, PolicyRemoveCommand.self,
            PolicyExplainCommand.self, PolicyTestCommand.self, PolicyImportCommand.self,
        ])
}
