import ArgumentParser
import PolicyEngine

/// How a command that takes policies reads them, and what it writes.
struct PolicyReadOptions: ParsableArguments {
    @Option(
        name: .customLong("from"),
        help: "What the policies are, where that cannot be told: native, agentperms, agsec, mcp-gate or agent-sudo.")
    var format: PolicyFormat?

    @Flag(help: "Write JSON.")
    var json = false
}
