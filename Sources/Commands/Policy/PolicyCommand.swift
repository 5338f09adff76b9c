import ArgumentParser

/// `agentbound policy`: the files that say which tool calls may happen.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, change and try tool policies.",
        discussion: """
            A policy says which tool calls may happen; the first rule that fits a call decides it. A small one:

              version: 1
              default: deny
              rules:
                - {id: reading, effect: allow, tools: ["files.read*"]}
                - {id: removing, effect: approve, tools: ["files.delete*"], reason: look}

            The whole format: policy.md, in docs/ of the sources and share/doc/agentbound of an installation.

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
