public import ArgumentParser
import AuditTrail
import Glibc
import GrantStore
import PolicyEngine
import StrictJSON
import SystemPackage

/// `agentbound grant`: calls that need not be asked about for a while.
public struct GrantCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Let calls through for a while that a person would be asked about.",
        discussion: """
            Example: agentbound grant add --server files --tool 'write_*' --path ./drafts --for 30m --uses 20
            """,
        subcommands: [GrantAddCommand.self, GrantListCommand.self, GrantRevokeCommand.self])
    public init() {}
}

/// `agentbound grant add`
public struct GrantAddCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give a grant.",
        discussion: """
            A grant answers where a policy says `approve`; what a policy denies stays denied.
            Example: agentbound grant add --tool create_issue --for 1h --uses 5
            """)
    @Option(help: "Which server, as a glob.") var server = "*"
    @Option(help: "Which tool, as a glob.") var tool: String
    @Option(
        name: .customLong("path"), help: "Only calls whose paths all lie in this folder or are this file; repeatable.")
    var paths: [String] = []
    @Option(help: "Only calls of this agent, as a glob over its proven id.") var agent = "*"
    @Option(help: "For how many minutes; otherwise 60.") var minutes: Int?
    @Option(name: .customLong("for"), help: "For how long: 90s, 15m, 8h, 7d; 30d at most.") var lifetime: String?
    @Option(help: "For how many calls.") var uses: Int = 1
    @Flag(help: "Also for critical calls; takes the passphrase.") var critical = false
    @Flag(help: "Do not ask; not enough with --critical.") var yes = false
    public init() {}

    public func run() throws {
        let seconds = try self.seconds
        guard (1...100_000).contains(uses) else {
            throw Refusal(.usage, "a grant is for 1 to 100,000 calls", next: "`agentbound grant add --help`")
        }
        for (option, pattern) in [("server", server), ("tool", tool), ("agent", agent)] where pattern.isEmpty {
            throw Refusal(.usage, "an empty --\(option) is nobody's name", next: "`--\(option) '*'` for all of them")
        }
        let real = try paths.map { path throws(Refusal) -> String in
            guard let real = try? HostPaths.real(FilePath(path)) else {
                throw Refusal(
                    .input, "there is no \(path.terminalSafe)", next: "a grant names a folder or file that is there")
            }
            return real.string
        }
        let now = GrantAccess.now
        let grant = Grant(
            server: server, tool: tool, paths: real, agent: agent, created: now, expires: now + seconds,
            uses: uses,
            giver: "user \(getuid())")
        let store = try GrantAccess.store()
        if !yes {
            guard ConsentTerminal.isThere else {
                throw Refusal(
                    .consent, "nobody can be asked: standard input and standard error are not both a terminal",
                    next: "run it in a terminal, or add --yes")
            }
            guard
                ConsentTerminal.agrees(
                    to: ApprovalText.lines(grant, now: now).dropID + "\n", question: "Give this grant?")
            else {
                throw Refusal(.consent, "not agreed to; nothing was granted", next: nil)
            }
        }
        let signer = critical ? try GrantAccess.unlock(store) : nil
        let given = try GrantAccess.words { try store.transact { try $0.add(grant, signer: signer, now: now) } }
        try writeOutput(ApprovalText.lines(given, now: now))
    }

    private var seconds: Double {
        get throws(Refusal) {
            let next = "`agentbound grant add --help`"
            guard minutes == nil || lifetime == nil else {
                throw Refusal(.usage, "--for and --minutes say the same: give one of them", next: next)
            }
            // Within the range before it is multiplied.
            let seconds = lifetime.map(DurationText.seconds) ?? min(Int64(minutes ?? 60), 43_201) * 60
            guard let seconds, seconds > 0, seconds <= 43_200 * 60 else {
                throw Refusal(
                    .usage, "a grant is for 1 to 43,200 minutes: --minutes N, or --for with \(DurationText.forms)",
                    next: next)
            }
            return Double(seconds)
        }
    }
}

extension String {
    /// A grant's line before it has an id.
    fileprivate var dropID: String { String(drop { $0 == " " }) }
}

/// `agentbound grant list`
public struct GrantListCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the grants that are left.",
        discussion: """
            Example: agentbound grant list
            """)
    @Flag(help: "One JSON array.") var json = false
    public init() {}

    public func run() throws {
        let store = try GrantAccess.store()
        let now = GrantAccess.now
        let left = try GrantAccess.words { try store.read() }.grants.filter { $0.expires > now }
        if json { return try writeOutput(JSONValue.array(left.map(ApprovalListing.json)).text(pretty: true)) }
        try writeOutput(
            left.isEmpty ? "nothing is granted" : left.map { ApprovalText.lines($0, now: now) }.joined(separator: "\n"))
    }
}

/// `agentbound grant revoke`
public struct GrantRevokeCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Take a grant back.",
        discussion: """
            Example: agentbound grant revoke 3f2a
            """)
    @Argument(help: "The grant's id, or how it begins.") var id: String?
    @Flag(help: "All of them.") var all = false
    public init() {}

    public func run() throws {
        guard all != (id != nil) else {
            throw Refusal(.usage, "revoke takes one id, or --all", next: "`agentbound grant list` shows the ids")
        }
        let store = try GrantAccess.store()
        let count = try GrantAccess.words {
            try store.transact { state in
                if let id { return state.revoke(id) ? 1 : 0 }
                let ids = state.grants.map(\.id)
                for id in ids { _ = state.revoke(id) }
                return ids.count
            }
        }
        guard count > 0 || all else {
            throw Refusal(
                .unknown, "there is no grant `\(id!.terminalSafe)`", next: "`agentbound grant list` shows the ids")
        }
        try writeOutput(all ? "revoked: \(count)" : "revoked: \(id!.terminalSafe)")
    }
}
