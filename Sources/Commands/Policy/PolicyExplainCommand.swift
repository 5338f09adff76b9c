import ArgumentParser
import AuditTrail
import PolicyEngine
import StrictJSON

struct PolicyExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which rule decides a call, and why the earlier ones do not.",
        discussion: """
            The call is an object with server, tool, arguments, and if they matter method, agent, roles, session, client,
            threatScore, annotations and description; or an MCP message as a client sends it, with --server. It is read from
            standard input when --call is not given.

            Exit codes: 0, whatever the decision; 64 usage; 65 malformed; 66 a file is missing.

            Example:
              agentbound policy explain policy.yaml --call '{"server": "fs", "tool": "read", "arguments": {"path": "a"}}'
            """)

    @Argument(help: ArgumentHelp("Policy files; several are joined by the strictest answer.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("The call.", valueName: "json"))
    var call: String?

    @OptionGroup var options: PolicyCallOptions

    func run() throws {
        let policy = try PolicyFile.load(files, format: options.reading.format)
        let bytes = try call.map { Array($0.utf8) } ?? PolicyFile.contents("-", "the call")
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, limits: JSONLimits(maxBytes: PolicyFile.limit, maxDepth: 512))
        } catch {
            throw Refusal(
                .malformed, "the call is no JSON: \(error.description)",
                next: "`agentbound policy explain --help`")
        }
        let input = try CallInput(value, server: options.server)
        let explanation = policy.explain(input.call, at: try options.moment())
        try writeOutput(options.reading.json ? explanation.json.text(pretty: true) : explanation.text)
    }
}

extension PolicyExplanation {
    /// Each rule that was asked, one a line, and the answer.
    var text: String {
        var lines: [String] = []
        for layer in layers {
            lines.append("\(layer.name.terminalSafe):")
            for rule in layer.rules {
                let place = rule.line > 0 ? " (line \(rule.line))" : ""
                lines.append(
                    "  \(rule.outcome.rawValue)  \(rule.effect.rawValue) \(rule.id.terminalSafe)\(place): \(rule.words.terminalSafe)"
                )
            }
            lines.append("  => \(layer.decision.effect.rawValue): \(layer.decision.reason.terminalSafe)")
        }
        if layers.count > 1 {
            lines.append("\(decision.effect.rawValue), by \(decision.layer.terminalSafe), the strictest")
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "decision": decision.json,
            "layers": .array(
                layers.map { layer in
                    [
                        "name": .string(layer.name), "decision": layer.decision.json,
                        "rules": .array(
                            layer.rules.map { rule in
                                [
                                    "id": .string(rule.id), "effect": .string(rule.effect.rawValue),
                                    "line": .integer(rule.line),
                                    "outcome": .string(rule.outcome.rawValue), "why": .string(rule.words),
                                ]
                            }),
                    ]
                }),
        ]
    }
}
