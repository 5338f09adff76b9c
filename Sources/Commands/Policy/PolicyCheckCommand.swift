import ArgumentParser
import PolicyEngine

struct PolicyCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report everything that is wrong with policies.",
        discussion: """
            Exit code: 66 when a file is missing or unreadable, else 65 when one is malformed, else 1 when --strict is given
            and there are warnings, else 0.
            """)

    @Argument(help: ArgumentHelp("Policy files, or `-`.", valueName: "file"))
    var files: [String]

    @Option(
        name: .customLong("from"),
        help: "What the policies are, where that cannot be told: native, agentperms, agsec, mcp-gate or agent-sudo.")
    var from: PolicyFormat?

    @OptionGroup var report: CheckReportOptions

    func run() throws {
        var found = PolicyReport(isStrict: report.strict)
        for name in files {
            do throws(Refusal) { found.add(try PolicyFile.read(name, format: from)) } catch {
                found.addUnreadable(name, error.message)
            }
        }
        try report.write(found)
    }
}
