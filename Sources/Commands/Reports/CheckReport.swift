import ArgumentParser
import StrictJSON

/// What a check found, in every way that it can be written. Pure: the formats are views of the same value.
protocol CheckReport {
    var exitCode: Int32 { get }
    var text: String { get }
    var json: JSONValue { get }
    /// SARIF 2.1.0, which code scanners and editors read.
    var sarif: JSONValue { get }
    /// Workflow commands of GitHub Actions, one a line: they become annotations of the changed lines.
    var github: String { get }
}

/// How a check's report is written.
struct CheckReportOptions: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github
    }

    @Flag(help: "Treat warnings as errors.")
    var strict = false

    @Option(help: "How to write the report.")
    var format = Format.text

    @Flag(help: "The same as --format json.")
    var json = false

    /// Writes the report, and ends with its exit code.
    func write(_ report: some CheckReport) throws {
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
