import ArgumentParser
import ManifestModel
import StrictJSON

struct PermissionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "List the permissions that a manifest can ask for.",
        discussion: """
            Each with what it allows, what holds it, and the flags that narrow it.

            Example:
              agentbound permissions
              agentbound permissions --json
              agentbound permissions --schema > manifest.schema.json
            """)

    @Flag(help: "Write JSON.")
    var json = false

    @Flag(help: "Write the JSON Schema of a manifest instead.")
    var schema = false

    func run() throws {
        let text = schema ? ManifestSchema.json.text(pretty: true) : json ? Self.json.text(pretty: true) : Self.text
        try writeOutput(text)
    }

    static var text: String {
        Permission.allCases.map { permission in
            let facts = permission.facts
            let flags = facts.scopes.map(\.flag).joined(separator: " ")
            return """
                \(permission.rawValue)
                    allows:   \(facts.summary)
                    held by:  \(facts.heldBy)
                """ + (flags.isEmpty ? "" : "\n    narrowed: \(flags)")
                    + (facts.whole.map { "\n    whole:    \($0)" } ?? "")
        }.joined(separator: "\n")
    }

    static var json: JSONValue {
        .array(
            Permission.allCases.map { permission in
                let facts = permission.facts
                return [
                    "permission": .string(permission.rawValue), "summary": .string(facts.summary),
                    "heldBy": .string(facts.heldBy), "allOrNothing": facts.whole.map { .string($0) } ?? .null,
                    "scopes": .array(
                        facts.scopes.map {
                            ["key": .string($0.rawValue), "flag": .string($0.flag), "summary": .string($0.summary)]
                        }),
                ]
            })
    }
}
