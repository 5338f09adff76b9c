import ArgumentParser
import AuditTrail
import Glibc
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
            output or to the file of -o, the report to standard error; with --format the result goes to standard output alone.

            Exit code: 66 when the package cannot be read, else 65 when there is no source code that can be read in it or
            only a part of it was seen, else 1 when --check finds a difference, else 0.

            Example:
              agentbound generate ./server -o manifest.json
              agentbound generate ./server --explain network.client
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

    @Option(help: "How to write the result: text, json (manifest and findings) or sarif (findings).")
    var format = Format.text

    @Option(help: ArgumentHelp("Compare this manifest with the code.", valueName: "file"))
    var check: String?

    @Option(help: ArgumentHelp("List all evidence for one permission.", valueName: "permission"))
    var explain: String?

    func validate() throws {
        if check != nil, explain != nil { throw ValidationError("--check and --explain exclude each other") }
        if check != nil, output != nil {
            throw ValidationError("--check writes no manifest, so -o has no use beside it")
        }
        if let description, description.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw ValidationError("the description may not hold control characters")
        }
    }

    func run() throws {
        let asked = try explain.map(Self.permission)
        let declared = try check.map { try LoadedManifest.load($0).manifest }
        let draft = try SourceReading.draft(of: source, description: description)
        if draft.files == 0 { throw SourceReading.nothing(in: source, draft) }
        if let asked { return try finish(draft, Evidence(permission: asked, draft: draft)) }
        if let declared, let check {
            return try finish(draft, ManifestCheck(name: check, declared: declared, draft: draft))
        }
        try write(draft)
        if format == .text {
            // A line between manifest and report where both are read in one terminal.
            let gap = OutputFile.named(output) == nil && isatty(STDOUT_FILENO) == 1 ? "\n" : ""
            StandardError.write(gap + DraftReport(draft: draft).text + "\n", patience: 1_000)
        }
        if let code = draft.exitCode { throw ExitCode(code) }
    }

    private func write(_ draft: Draft) throws {
        if let output = OutputFile.named(output) {
            try OutputFile.write(draft.manifest.serialized(), to: output)
            if format == .text { return }
        }
        switch format {
        case .text: try writeOutput(draft.manifest.json.text(pretty: true))
        case .json: try writeOutput(draft.json.text(pretty: true))
        case .sarif: try writeOutput(DraftReport(draft: draft).sarif.text(pretty: true))
        }
    }

    private func finish(_ draft: Draft, _ answer: some DraftAnswer) throws {
        switch format {
        case .text: try writeOutput(answer.text)
        case .json: try writeOutput(answer.json.text(pretty: true))
        case .sarif: try writeOutput(DraftReport(draft: draft, only: answer.permissions).sarif.text(pretty: true))
        }
        if let code = draft.exitCode {
            StandardError.write(DraftReport(draft: draft).completeness + "\n", patience: 1_000)
            throw ExitCode(code)
        }
        if answer.exitCode != 0 { throw ExitCode(answer.exitCode) }
    }

    private static func permission(_ name: String) throws -> Permission {
        if let found = Permission.allCases.first(where: { $0.rawValue == name || $0.shortName == name }) {
            return found
        }
        let near =
            Nearest.name(to: name, among: Permission.allCases.map(\.shortName)).map { "; did you mean `\($0)`?" } ?? ""
        throw Refusal(
            .usage, "there is no permission `\(name.terminalSafe)`\(near)", next: "`agentbound permissions` lists them")
    }
}

/// What an option asks for in place of the manifest.
protocol DraftAnswer {
    var text: String { get }
    var json: JSONValue { get }
    var permissions: Set<Permission> { get }
    var exitCode: Int32 { get }
}
