import ArgumentParser
import PolicyEngine

/// The options that ``RunArguments`` reads, declared once more for the generators of completions and of the manual.
/// A test compares the two; words come from the tables.
struct RunOptions: ParsableArguments {
    @Argument(
        help: "The manifest's file, or the name of one that comes with agentbound.",
        completion: CompletionScript.manifest)
    var manifest: String?

    @Option(help: help("--read-path"), completion: .file()) var readPath: [String] = []
    @Option(help: help("--write-path"), completion: .file()) var writePath: [String] = []
    @Option(help: help("--delete-path"), completion: .file()) var deletePath: [String] = []
    @Option(help: help("--deny-path"), completion: .file()) var denyPath: [String] = []
    @Option(help: help("--allow-protected"), completion: .file()) var allowProtected: [String] = []
    @Option(help: help("--allow-host")) var allowHost: [String] = []
    @Option(help: help("--deny-host")) var denyHost: [String] = []
    @Option(help: help("--listen-port")) var listenPort: [String] = []
    @Option(help: help("--allow-socket"), completion: .file()) var allowSocket: [String] = []
    @Option(help: help("--env")) var env: [String] = []
    @Option(help: help("--env-file"), completion: .file()) var envFile: [String] = []
    @Option(help: help("--secret")) var secret: [String] = []
    @Option(help: help("--allow-command"), completion: .file()) var allowCommand: [String] = []
    @Option(help: help("--device"), completion: .file()) var device: [String] = []
    @Option(help: help("--limit"), completion: .list(["memory=", "processes=", "files=", "cpu=", "fileSize="]))
    var limit: [String] = []
    @Option(help: help("--dns")) var dns: [String] = []
    @Option(help: help("--deny"), completion: .list(Explanation.permissionNames)) var deny: [String] = []
    @Flag(help: help("--grant-optional")) var grantOptional = false
    @Flag(help: help("--accept-scopes")) var acceptScopes = false

    @Option(name: .customLong("manifest"), help: help("--manifest"), completion: CompletionScript.manifest)
    var manifestOption: String?
    @Option(help: help("--overrides"), completion: .file(extensions: ["json", "yaml", "yml"])) var overrides: [String] =
        []
    @Option(help: help("--isolation"), completion: .list(["auto", "namespaces", "plain"])) var isolation: String?
    @Flag(help: help("--yes")) var yes = false
    @Flag(help: help("--explain")) var explain = false
    @Flag(help: help("--accept-gaps")) var acceptGaps = false
    @Flag(help: help("--prepare")) var prepare = false
    @Flag(help: help("--no-prepare")) var noPrepare = false
    @Flag(help: help("--dry-run")) var dryRun = false
    @Flag(help: help("--json")) var json = false
    @Flag(help: help("--quiet")) var quiet = false
    @Option(help: help("--status-fd")) var statusFd: String?
    @Option(help: help("--audit"), completion: .file()) var audit: String?
    @Flag(help: help("--no-audit")) var noAudit = false
    @Option(help: help("--user")) var user: String?
    @Option(help: help("--grace")) var grace: String?

    @OptionGroup var gate: GateOptions

    fileprivate static func help(_ flag: String) -> ArgumentHelp {
        if let row = OverrideFlags.all.first(where: { $0.flag == flag }) {
            return ArgumentHelp("\(row.help).", valueName: row.value)
        }
        if let row = OverrideFlags.switches.first(where: { $0.flag == flag }) { return ArgumentHelp("\(row.help).") }
        let row = RunArguments.flags.first { $0.name == flag }
        return ArgumentHelp("\(row?.help ?? "").", valueName: row?.value)
    }
}

/// The options of ``GateSettings``, declared once more as those of ``RunOptions`` are.
struct GateOptions: ParsableArguments {
    @Option(help: RunOptions.help("--policy"), completion: .file(extensions: ["yaml", "yml", "json"]))
    var policy: [String] = []
    @Option(help: RunOptions.help("--from"), completion: .list(PolicyFormat.allCases.map(\.rawValue)))
    var from: String?
    @Option(help: RunOptions.help("--name")) var name: String?
    @Option(help: RunOptions.help("--agent-key"), completion: .file(extensions: ["pub", "key"])) var agentKey:
        [String] = []
    @Option(help: RunOptions.help("--max-age")) var maxAge: String?
    @Flag(help: RunOptions.help("--accept-mcp-gate")) var acceptMcpGate = false
    @Option(help: RunOptions.help("--fail"), completion: .list(["closed", "open"])) var fail: String?
    @Option(help: RunOptions.help("--max-message")) var maxMessage: String?
    @Option(help: RunOptions.help("--max-pending")) var maxPending: String?
    @Option(help: RunOptions.help("--max-calls")) var maxCalls: String?
}

/// `gate` as the generators see it; the command itself is ``GateCommand``.
struct GateDeclaration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate", abstract: "Put a policy between a client and a server, without a box.",
        discussion: "Example: agentbound gate --policy policy.yaml -- node server.js")
    @OptionGroup var options: GateOptions
    @Flag(help: RunOptions.help("--quiet")) var quiet = false
    @Option(help: RunOptions.help("--audit"), completion: .file()) var audit: String?
    @Flag(help: RunOptions.help("--no-audit")) var noAudit = false
    @Option(help: RunOptions.help("--grace")) var grace: String?
    @Argument(parsing: .postTerminator, help: "The server's command, after `--`.") var command: [String] = []
}

/// `run` as the generators see it; the command itself is ``RunCommand``.
struct RunDeclaration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start a server in its box.",
        discussion: "Example: agentbound run manifest.json --read-path ./docs -- node server.js")
    @OptionGroup var options: RunOptions
    @Argument(parsing: .postTerminator, help: "The server's command, after `--`.") var command: [String] = []
}

/// `approve` as the generators see it; the command itself is ``ApproveCommand``.
struct ApproveDeclaration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Show what a server asks for, and keep your answer.",
        discussion: "Example: agentbound approve manifest.json --read-path ./docs -- node server.js")
    @OptionGroup var options: RunOptions
    @Flag(help: "List what was agreed to.") var list = false
    @Option(help: ArgumentHelp("Take one agreement back.", valueName: "KEY")) var revoke: String?
    @Argument(parsing: .postTerminator, help: "The server's command, after `--`.") var command: [String] = []
}

/// `inspect` as the generators see it; the command itself is ``InspectCommand``.
struct InspectDeclaration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a server would hold, and what holds it on this kernel.",
        discussion: "Example: agentbound inspect manifest.json --read-path ./docs -- node server.js")
    @OptionGroup var options: RunOptions
    @Argument(parsing: .postTerminator, help: "The server's command, after `--`.") var command: [String] = []
}
