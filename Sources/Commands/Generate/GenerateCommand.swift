import ArgumentParser
import AuditTrail
import LinuxSystem
import ManifestGen
import ManifestModel
import StrictJSON
import SystemPackage

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Draft a manifest from a server's source code.",
        discussion: """
            Reads a folder or a package (.tgz, .tar.gz, .zip, .whl) and runs nothing of it. The manifest goes to standard
            output or to the file of -o, the report to standard error.

            Exit code: 66 when the package cannot be read, 65 when no source code is found in it or only a part of it
            could be looked at, else 1 when --check finds a difference, else 0.

            Example:
              agentbound generate ./server -o manifest.json
              agentbound generate ./server --check manifest.json
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif
    }

    @Argument(help: ArgumentHelp("The server's source folder, or a package file.", valueName: "dir"))
    var source: String

    @Option(
        name: [.short, .customLong("output")], help: ArgumentHelp("Write the manifest to this file.", valueName: "file")
    )
    var output: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("What the server does, in place of the package's own words.", valueName: "text"))
    var description: String?

    @Option(help: "How to write the result: text, json (manifest and findings), sarif (findings).")
    var format = Format.text

    @Option(help: ArgumentHelp("Compare this manifest with the code.", valueName: "file"))
    var check: String?

    @Option(help: ArgumentHelp("List all evidence for this permission.", valueName: "permission"))
    var explain: String?

    func run() throws {
        let draft = try GeneratedDraft.make(of: source, description: description)
        try writeOutput(draft.json.text(pretty: true))
    }
}

enum GeneratedDraft {
    static func make(of source: String, description: String?) throws -> Draft {
        let tree: FolderTree
        do throws(SyscallError) { tree = try FolderTree(FilePath(source)) } catch {
            throw Refusal(
                .input, "cannot read `\(source.terminalSafe)`: \(error.errno)", next: "give a folder or a package file")
        }
        return ManifestGenerator.draft(of: tree, description: description)
    }
}

extension Draft {
    var json: JSONValue {
        [
            "manifest": manifest.json,
            "findings": .array(findings.map(\.json)),
            "unresolved": .array(unresolved.map(\.json)),
            "files": .integer(files),
        ]
    }
}

extension Finding {
    var json: JSONValue {
        [
            "permission": .string(permission.rawValue), "file": .string(file), "line": .integer(line),
            "column": .integer(column),
            "call": .string(call), "rationale": .string(rationale), "confidence": .string(confidence.rawValue),
            "tools": .strings(tools),
        ]
    }
}

extension OpenQuestion {
    var json: JSONValue {
        [
            "kind": .string(kind), "file": .string(file), "line": .integer(line), "column": .integer(column),
            "text": .string(text), "explanation": .string(explanation),
        ]
    }
}
