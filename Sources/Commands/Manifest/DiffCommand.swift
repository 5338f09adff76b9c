import AuditTrail
import ArgumentParser
import ManifestModel
import StrictJSON

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a new version of a manifest asks for more or less.",
        discussion: """
            Scopes are compared as they are written; where the new one is not plainly narrower, it counts as wider.

            Exit code: 66 when a file is missing or unreadable, else 65 when one is malformed, else 1 when the new manifest
            asks for more, else 0.

            Example:
              agentbound diff manifest.json new/manifest.json
            """)

    @Argument(help: "The manifest that was agreed to: a file or a name.", completion: CompletionScript.manifest)
    var old: String

    @Argument(help: "The new one.", completion: CompletionScript.manifest)
    var new: String

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        let diff = try Self.compare(old, new)
        try writeOutput(json ? diff.json.text(pretty: true) : diff.text)
        if diff.asksForMore { throw ExitCode(1) }
    }

    /// - Throws: ``Refusal`` about both, where both cannot be used; a missing file has its exit code.
    static func compare(_ old: String, _ new: String) throws(Refusal) -> ManifestDiff {
        var loaded: [LoadedManifest] = [], refusals: [Refusal] = []
        for name in [old, new] {
            do throws(ManifestFileError) { loaded.append(try LoadedManifest.load(name)) } catch {
                refusals.append(Refusal(error))
            }
        }
        if let refusal = Refusal(refusals) { throw refusal }
        return ManifestDiff(from: loaded[0].manifest, to: loaded[1].manifest)
    }
}

extension ManifestDiff {
    /// One change a line: `+` asks for more, `-` for less, `~` is neither.
    var text: String {
        if isEmpty { return "no difference in what is asked for" }
        var lines = added.map { "+ \($0.rawValue): \($0.facts.summary)" }
        lines += nowRequired.map { "+ \($0.rawValue): was optional, is required" }
        lines += scopes.flatMap { scope in scope.widened.map { "+ \(scope.name): \($0.terminalSafe)" } }
        lines += removed.map { "- \($0.rawValue)" }
        lines += nowOptional.map { "- \($0.rawValue): was required, is optional" }
        lines += scopes.flatMap { scope in scope.narrowed.map { "- \(scope.name): \($0.terminalSafe)" } }
        lines += tools.map { tool in
            func list(_ permissions: [Permission]) -> String {
                permissions.isEmpty ? "nothing" : permissions.map(\.shortName).joined(separator: ", ")
            }
            let name = "~ tool \(tool.name.terminalSafe): "
            switch (tool.before, tool.after) {
            case (nil, let after?): return name + "new, uses \(list(after))"
            case (_, nil): return name + "removed"
            case (let before?, let after?): return name + "used \(list(before)), uses \(list(after))"
            }
        }
        lines.append(asksForMore ? "the new manifest asks for more" : "the new manifest asks for no more")
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        func names(_ permissions: [Permission]) -> JSONValue { .strings(permissions.map(\.rawValue)) }
        return [
            "asksForMore": .bool(asksForMore),
            "added": names(added), "removed": names(removed), "nowRequired": names(nowRequired),
            "nowOptional": names(nowOptional),
            "scopes": .array(
                scopes.map {
                    ["scope": .string($0.name), "widened": .strings($0.widened), "narrowed": .strings($0.narrowed)]
                }),
            "tools": .array(
                tools.map {
                    [
                        "tool": .string($0.name), "before": $0.before.map(names) ?? .null,
                        "after": $0.after.map(names) ?? .null,
                    ]
                }),
        ]
    }
}
