import AuditTrail
/// The command line of `gate`.
struct GateArguments: Hashable, Sendable {
    var gate = GateSettings()
    var command: [String] = []
    var auditFile: String?
    var keepsAudit = true
    var isQuiet = false
    var grace: Duration = .seconds(5)
    var wantsHelp = false

    /// The flags of `run` that `gate` has as well.
    static let shared = ["--quiet", "--audit", "--no-audit", "--grace", "--help"]
    static var flags: [RunArguments.Flag] {
        let names = GateSettings.flags.map(\.name) + shared
        return names.compactMap { name in RunArguments.flags.first { $0.name == name } }
    }

    /// - Parameter arguments: What follows `gate`.
    init(_ arguments: [String]) throws(UsageError) {
        let parsed = try RunArguments(arguments, only: GateSettings.flags.map(\.name) + Self.shared)
        if let manifest = parsed.manifest {
            throw UsageError(
                "`\(manifest.terminalSafe)`: `gate` takes no manifest; write `--` before the server's command")
        }
        gate = parsed.gate
        command = parsed.command
        auditFile = parsed.auditFile
        keepsAudit = parsed.keepsAudit
        isQuiet = parsed.isQuiet
        grace = parsed.grace
        wantsHelp = parsed.wantsHelp
    }

    static var help: String {
        """
        Put a policy between an MCP client and a server: only the calls pass that it allows. The server itself runs without a
        box; `agentbound run --policy FILE` does both.

        Usage: agentbound gate --policy FILE [OPTION...] -- COMMAND [ARG...]

        Example: agentbound gate --policy policy.yaml --name files -- node server.js

        Options, before `--`:
        \(RunHelp.lines(flags.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.help) }))

        Rules name tools as SERVER.TOOL: without --name the server is called what the program is, `node` for `/usr/bin/node`.

        Exit code: the server's own; 128+N when signal N ended it; 126 not executable, 127 not found, 125 when agentbound
        refused or failed before the server started.

        """
    }
}
