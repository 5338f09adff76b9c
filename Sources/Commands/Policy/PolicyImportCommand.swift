public import ArgumentParser
import AuditTrail
import Glibc
public import PolicyEngine
import StrictJSON
import SystemPackage

struct PolicyImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Write a policy of AgentPerms, agsec, mcp-gate or Agent_Sudo in our own format.",
        discussion: """
            Those policies also run as they are: every command that takes a policy takes them. Where our decisions differ, they
            are the safer ones: policy-compatibility.md in the documentation.

            Exit codes: 0; 64 usage; 65 malformed; 66 the file is missing; 74 the result cannot be written, or its file is there
            already and --force is not given.

            Example:
              agentbound policy import mcp.policy.yaml -o policy.yaml
            """)

    @Argument(help: ArgumentHelp("The policy: a file, or agsec's folder.", valueName: "file"))
    var file: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it, as JSON when it ends in .json.", valueName: "file"))
    var output: String?

    @Flag(help: "Write over a file that is there already.")
    var force = false

    @Option(
        name: .customLong("from"),
        help: "What the file is, where that cannot be told: agentperms, agsec, mcp-gate or agent-sudo.")
    var format: PolicyFormat?

    func run() throws {
        let read = try PolicyFile.read(file, format: format)
        guard read.problems.isEmpty, let value = read.native.json else { throw PolicyFile.refusal([read]) }
        let isJSON = output?.hasSuffix(".json") == true
        let text = isJSON ? value.text(pretty: true) + "\n" : PolicyYAML.text(value)
        if let output = OutputFile.named(output) {
            if !force, ManifestSearch.kind(FilePath(output), followingLinks: true) == S_IFREG {
                throw Refusal(
                    .output, "`\(output.terminalSafe)` is there already", next: "name another file, or add --force")
            }
            try OutputFile.write(Array(text.utf8), to: output)
        } else {
            try writeOutput(String(text.dropLast()))
        }
    }
}

extension PolicyFormat: ExpressibleByArgument {
    /// All of them. Written out: help is made with it at every start.
    static let names = "native, agentperms, agsec, mcp-gate or agent-sudo"
}
