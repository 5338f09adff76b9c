import ArgumentParser
import ManifestModel
import PolicyEngine
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
              agentbound permissions --protected
            """)

    @Flag(help: "Write JSON.")
    var json = false

    @Flag(help: "Write the JSON Schema of a manifest instead.")
    var schema = false

    @Flag(help: "List what stays closed inside every grant until --allow-protected lifts it.")
    var protected = false

    func run() throws {
        let text =
            schema
            ? ManifestSchema.json.text(pretty: true)
            : protected
                ? (json ? Self.protectedJSON.text(pretty: true) : Self.protectedText)
                : json ? Self.json.text(pretty: true) : Self.text
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

    static var protectedText: String {
        var text = "", why = ""
        for row in ProtectedPaths.table {
            if row.why != why { text += "\(row.why), closed to \(row.access == .all ? "everything" : "writing")\n" }
            why = row.why
            text += "    \(row.pattern)\n"
        }
        return text + "lift one with --allow-protected 'ENTRY', or open one path with --allow-protected PATH"
    }

    static var protectedJSON: JSONValue {
        .array(
            ProtectedPaths.table.map {
                [
                    "entry": .string($0.pattern), "closes": .string($0.access == .all ? "everything" : "writing"),
                    "why": .string($0.why),
                ]
            })
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
