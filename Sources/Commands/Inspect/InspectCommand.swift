import ArgumentParser
import LinuxSystem
import StrictJSON

/// `agentbound inspect`: what a server would hold, and what holds it on this kernel.
enum InspectCommand {
    /// - Parameter arguments: What follows `inspect`: a command line of `run`, the command left out or not.
    static func run(_ arguments: [String]) throws {
        let parsed: RunArguments
        do throws(UsageError) { parsed = try RunArguments(arguments) } catch {
            throw Refusal(.usage, error.message, next: "`agentbound inspect --help`")
        }
        if parsed.wantsHelp { return try writeOutput(RunHelp.inspect) }
        let next = "agentbound inspect MANIFEST [OPTION...] [-- COMMAND [ARG...]]"
        if parsed.manifest == nil { throw Refusal(.usage, "no manifest was named", next: next) }
        let inspection = try Inspection(parsed)
        try writeOutput(parsed.wantsJSON ? inspection.json.text(pretty: true) : inspection.text)
        if !inspection.gaps.isEmpty && !parsed.acceptsGaps { throw ExitCode(69) }
    }
}
