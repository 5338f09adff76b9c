import ArgumentParser
import PolicyEngine
import StrictJSON

struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report everything that is wrong with policies.",
        discussion: """
            Exit code: 66 when a file is missing or unreadable, else 65 when one is malformed, else 1 when --strict is given
            and there are warnings, else 0.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github
    }

    @Argument(help: ArgumentHelp("Policy files, or `-`.", valueName: "file"))
    var files: [String]

    @Option(
        name: .customLong("from"),
        help: "What the policies are, where that cannot be told: native, agentperms, agsec, mcp-gate or agent-sudo.")
    var from: PolicyFormat?

    @Flag(help: "Treat warnings as errors.")
    var strict = false

    @Option(help: "How to write the report.")
    var format = Format.text

    @Flag(help: "The same as --format json.")
    var json = false

    func run() throws {
        var report = PolicyReport(isStrict: strict)
        for name in files {
            do throws(Refusal) { report.add(try PolicyFile.read(name, format: from)) } catch {
                report.addUnreadable(name, error.message)
            }
        }
        let text =
            switch json ? .json : format {
            case .text: report.text
            case .json: report.json.text(pretty: true)
            case .sarif: report.sarif.text(pretty: true)
            case .github: report.github
            }
        if !text.isEmpty { try writeOutput(text) }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
