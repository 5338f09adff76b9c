public import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import Signatures
import StrictJSON
import SystemPackage

/// `agentbound identity`: who an agent is, proven by a token.
public struct IdentityCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Make and check the tokens by which agents prove who they are.",
        discussion: """
            Example: agentbound identity keygen agents.key
                     agentbound identity token --key agents.key --agent builder --role deploy --server files
            """,
        subcommands: [
            IdentityKeygenCommand.self, IdentityTokenCommand.self, IdentityShowCommand.self, IdentityVerifyCommand.self,
        ])

    public init() {}
}

enum IdentityScheme: String, CaseIterable, ExpressibleByArgument {
    case ed25519
    case hmacSHA256 = "hmac-sha256"
}

/// `agentbound identity keygen`
public struct IdentityKeygenCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make a key: for Ed25519 a private file (0600) and a public one beside it.",
        discussion: """
            The gateway needs FILE.pub alone. An HMAC key is one secret that both sides hold: whoever checks can also issue.
            Exit codes: 0; 64 usage; 74 FILE exists or cannot be written.
            Example: agentbound identity keygen agents.key
            """)

    @Argument(help: "Where the key goes; never over a file that is there.") var file: String
    @Option(help: "ed25519 or hmac-sha256.") var scheme = IdentityScheme.ed25519

    public init() {}

    public func run() throws {
        let key: IssuingKey = scheme == .ed25519 ? .ed25519(.init()) : .hmacSHA256(.init())
        if case .ed25519(let pair) = key { try KeyFile.create(file + ".pub", pair.publicKey.pem, mode: 0o644) }
        do throws(Refusal) { try KeyFile.create(file, key.pem, mode: 0o600) } catch {
            // A public key without its private half is of no use to anybody.
            if scheme == .ed25519 { _ = unsafe unlink(file + ".pub") }
            throw error
        }
        try writeOutput("key \(key.verifying.id) (\(scheme.rawValue)): \(file.terminalSafe)")
    }
}

/// `agentbound identity token`
public struct IdentityTokenCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Issue a token for an agent.",
        discussion: """
            Exit codes: 0; 64 usage; 65 no key in the file; 66 no such file; 77 others can read it.
            Example: agentbound identity token --key agents.key --agent builder --role deploy --server files --for 1h
            """)

    @Option(help: "The private key's file; - reads it from standard input.", completion: .file()) var key: String
    @Option(help: "The agent's name.") var agent: String
    @Option(name: .customLong("role"), help: "A role of the agent. Repeatable.") var roles: [String] = []
    @Option(name: .customLong("server"), help: "A server that the token is for, by name. Repeatable.") var servers:
        [String] = []
    @Option(name: .customLong("for"), help: "How long it is valid: 90s, 15m, 8h, 7d; 30d at most.") var lifetime = "1h"

    public init() {}

    public func validate() throws {
        if servers.isEmpty { throw ValidationError("--server is missing: a token is for named servers") }
        for name in [agent] + roles + servers where !AgentToken.isName(name) {
            throw ValidationError("names are 1 to \(AgentToken.idLimit) printable ASCII characters")
        }
        if roles.count > AgentToken.roleLimit { throw ValidationError("at most \(AgentToken.roleLimit) roles") }
        guard let seconds = DurationText.seconds(lifetime), seconds > 0, seconds <= 30 * 86_400 else {
            throw ValidationError(
                "--for takes a time, \(DurationText.forms), at most 30d; not `\(lifetime.terminalSafe)`")
        }
    }

    public func run() throws {
        guard let key = IssuingKey(pem: try KeyFile.read(key, isSecret: true)) else {
            throw Refusal(.malformed, "\(key.terminalSafe) holds no private key", next: "`agentbound identity keygen`")
        }
        let now = Int64(time(nil))
        let token = AgentToken(
            agent: agent, roles: roles, audience: servers, issuedAt: now,
            expires: now + (DurationText.seconds(lifetime) ?? 0))
        try writeOutput(token.signed(with: key))
    }
}

/// Where a token comes from: never the command line, which every process can read.
struct TokenOption: ParsableArguments {
    static let variable = "AGENTBOUND_AGENT_TOKEN"

    @Option(
        name: .customLong("token-file"),
        help: "The token's file; - reads it from standard input. Otherwise $AGENTBOUND_AGENT_TOKEN.",
        completion: .file())
    var file: String?

    func read() throws(Refusal) -> String {
        let text: String
        if let file {
            text = try KeyFile.read(file, isSecret: false)
        } else if let value = ProcessEnvironment[Self.variable] {
            text = value
        } else {
            throw Refusal(
                .input, "there is no token", next: "set \(Self.variable), or name a file with `--token-file`")
        }
        var token = text[...]
        while token.last?.isNewline == true { token.removeLast() }
        return String(token)
    }
}

/// `agentbound identity show`
public struct IdentityShowCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print what a token says, without checking it.",
        discussion: """
            Exit codes: 0; 65 not a token; 66 there is none.
            Example: agentbound identity show --token-file builder.token
            """)

    @OptionGroup var token: TokenOption

    public init() {}

    public func run() throws {
        let parts = try token.read().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]) else {
            throw Refusal(.malformed, "not a token", next: "`agentbound identity token` issues one")
        }
        let value: JSONValue = ["checked": false, "header": header, "claims": claims]
        try writeOutput(value.text(pretty: true))
    }

    private static func object(_ part: Substring) -> JSONValue? {
        Base64.urlBytes(part).flatMap { try? JSONValue(parsing: $0) }
    }
}

/// `agentbound identity verify`
public struct IdentityVerifyCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a token as a gateway does.",
        discussion: """
            Exit codes: 0 it proves an agent; 1 it proves nothing; 65 no key in the file; 66 no such file; 77 others can read a secret.
            Example: agentbound identity verify --pubkey agents.key.pub --server files --token-file builder.token
            """)

    @Option(
        name: .customLong("pubkey"), help: "A public key's file, or an HMAC key's. Repeatable.", completion: .file())
    var keys: [String]
    @Option(help: "The server that the token must be for.") var server: String
    @OptionGroup var token: TokenOption
    @Option(name: .customLong("max-age"), help: "How old it may be, whatever expiry it states: 15m, 8h, 7d.") var age =
        "24h"
    @Flag(name: .customLong("accept-mcp-gate"), help: "Also take mcp-gate's tokens, which are for any server.")
    var gate =
        false
    @Flag(help: "One JSON object.") var json = false

    public init() {}

    public func validate() throws {
        if DurationText.seconds(age) == nil {
            throw ValidationError("--max-age takes a time, \(DurationText.forms); not `\(age.terminalSafe)`")
        }
    }

    public func run() throws {
        let verifier = IdentityVerifier(
            keys: try keys.map { try KeyFile.identityKey($0) }, server: server,
            maximumAge: DurationText.seconds(age) ?? 0, acceptsGateTokens: gate)
        let text = try token.read()
        let read: AgentToken
        do throws(IdentityProblem) { read = try verifier.read(text, now: Int64(time(nil))) } catch {
            let value: JSONValue = ["valid": false, "reason": .string("\(error)")]
            try writeOutput(json ? value.text(pretty: true) : "proves nothing: \(error)".terminalSafe)
            throw ExitCode(1)
        }
        let value: JSONValue = [
            "valid": true, "agent": .string(read.agent), "roles": .strings(read.roles),
            "servers": .strings(read.audience), "issuedAt": .integer(read.issuedAt), "expires": .integer(read.expires),
        ]
        let roles = read.roles.isEmpty ? "none" : read.roles.joined(separator: ", ")
        try writeOutput(json ? value.text(pretty: true) : "\(read.agent), roles: \(roles)")
    }
}
