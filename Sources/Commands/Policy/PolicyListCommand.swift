import ArgumentParser
import AuditTrail
import PolicyEngine
import StrictJSON

struct PolicyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rules of policies in the order in which they are asked.",
        discussion: "Exit codes: 0; 65 a file is malformed; 66 it is missing.")

    @Argument(help: ArgumentHelp("Policy files, or `-`.", valueName: "file"))
    var files: [String]

    @OptionGroup var reading: PolicyReadOptions

    func run() throws {
        let policy = try PolicyFile.load(files, format: reading.format)
        try writeOutput(
            reading.json ? Self.json(policy).text(pretty: true) : policy.layers.map(Self.text).joined(separator: "\n"))
    }

    static func text(_ layer: PolicyLayer) -> String {
        let head = "\(layer.name.terminalSafe): \(layer.order.rawValue), default \(layer.defaultEffect.rawValue)"
        return
            ([head]
            + layer.orderedRules.map { "  \($0.effect.rawValue)  \($0.id.terminalSafe)  \(about($0).terminalSafe)" })
            .joined(separator: "\n")
    }

    /// What a rule is about, in a line.
    private static func about(_ rule: PolicyRule) -> String {
        var parts: [String] = []
        func add(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { parts.append("\(name) \(texts.joined(separator: " "))") }
        }
        add("tools", rule.tools.map(\.text) + rule.toolNames.map { "*." + $0.text })
        add("not", rule.notTools.map(\.text) + rule.notToolNames.map { "*." + $0.text })
        add("servers", rule.servers.map(\.text))
        add("agents", rule.agents.map(\.text))
        add("roles", rule.roles)
        add("methods", rule.methods.map(\.text))
        if rule.when != nil { parts.append("when ...") }
        if let budget = rule.budget { parts.append("budget \(budget.key) \(budget.limit) a \(budget.window.rawValue)") }
        if let least = rule.minThreatScore { parts.append("threat score from \(least)") }
        return parts.isEmpty ? "every call" : parts.joined(separator: ", ")
    }

    static func json(_ policy: ToolPolicy) -> JSONValue {
        .array(
            policy.layers.map { layer in
                [
                    "name": .string(layer.name), "order": .string(layer.order.rawValue),
                    "default": .string(layer.defaultEffect.rawValue),
                    "rules": .array(
                        layer.orderedRules.map { rule in
                            [
                                "id": .string(rule.id), "effect": .string(rule.effect.rawValue),
                                "line": .integer(rule.line),
                                "about": .string(about(rule)), "reason": rule.reason.map { .string($0) } ?? .null,
                            ]
                        }),
                ]
            })
    }
}
