import AuditTrail
import MCPGateway
import PolicyEngine

/// What `gate` and `run --policy` have in common on their command lines.
struct GateSettings: Hashable, Sendable {
    var policyFiles: [String] = []
    /// What they are; otherwise that is recognised.
    var format: PolicyFormat?
    /// The server's name, as policies have it.
    var name: String?
    /// What agents' tokens are checked with.
    var keyFiles: [String] = []
    /// Seconds since a token was issued, whatever expiry it states.
    var maximumAge = AgentTokens.maximumAge
    var acceptsGateTokens = false
    /// Let calls pass that cannot be decided about or recorded.
    var failsOpen = false
    var maxMessage = 64 << 20
    var maxPending = 4_096
    var maxCalls = 0

    struct Flag: Sendable {
        let name: String
        /// `nil`: the flag stands alone.
        let value: String?
        let help: String
        let set: @Sendable (inout GateSettings, String) throws(UsageError) -> Void
    }

    static let flags: [Flag] = [
        .init(
            name: "--policy", value: "FILE", help: "Let only those calls pass that this policy allows; may be repeated"
        ) {
            s, v throws(UsageError) in s.policyFiles.append(v)
        },
        .init(
            name: "--from", value: "FORMAT",
            help: "What the policies are, where that cannot be told: \(PolicyFormat.names)"
        ) { s, v throws(UsageError) in
            guard let format = PolicyFormat(rawValue: v) else {
                throw UsageError("--from takes \(PolicyFormat.names); not `\(v.terminalSafe)`")
            }
            s.format = format
        },
        .init(
            name: "--name", value: "NAME",
            help: "The server's name in the policy (default: the manifest's; with gate the program's)"
        ) { s, v throws(UsageError) in
            if v.isEmpty { throw UsageError("--name is empty: policies have a name for each server") }
            s.name = v
        },
        .init(
            name: "--agent-key", value: "FILE",
            help: "Whose tokens (AGENTBOUND_AGENT_TOKEN, `_meta`) prove who the agent is; may be repeated"
        ) { s, v throws(UsageError) in
            s.keyFiles.append(v)
        },
        .init(
            name: "--max-age", value: "TIME", help: "How old a token may be, whatever expiry it states (default 24h)"
        ) { s, v throws(UsageError) in
            guard let seconds = DurationText.seconds(v) else {
                throw UsageError("--max-age takes a time, \(DurationText.forms); not `\(v.terminalSafe)`")
            }
            s.maximumAge = seconds
        },
        .init(
            name: "--accept-mcp-gate", value: nil, help: "Also take mcp-gate's tokens, which are for any server"
        ) { s, _ throws(UsageError) in
            s.acceptsGateTokens = true
        },
        .init(
            name: "--fail", value: "closed|open",
            help: "What happens to calls that cannot be decided about or recorded (default closed)"
        ) { s, v throws(UsageError) in
            guard v == "closed" || v == "open" else {
                throw UsageError("--fail takes closed or open, not `\(v.terminalSafe)`")
            }
            s.failsOpen = v == "open"
        },
        .init(name: "--max-message", value: "SIZE", help: "Bytes of one message at most (default 64M)") {
            s, v throws(UsageError) in s.maxMessage = try size(v)
        },
        .init(
            name: "--max-pending", value: "N",
            help: "Requests that wait for an answer at most; then the client has to wait (default 4096)"
        ) {
            s, v throws(UsageError) in s.maxPending = try count("--max-pending", v)
        },
        .init(name: "--max-calls", value: "N", help: "Calls a second at most (default: as many as come)") {
            s, v throws(UsageError) in s.maxCalls = try count("--max-calls", v)
        },
    ]

    var isUsed: Bool { !policyFiles.isEmpty }

    /// - Throws: When something is set that has no meaning without a policy.
    func check() throws(UsageError) {
        if isUsed || self == GateSettings() { return }
        throw UsageError(
            "--name, --from, --fail, those for tokens and the limits are about a policy, and there is none: add --policy FILE"
        )
    }

    private static func count(_ flag: String, _ text: String) throws(UsageError) -> Int {
        guard let number = Int(text), number > 0, number <= 1_000_000 else {
            throw UsageError("\(flag) takes a number from 1 to 1000000, not `\(text.terminalSafe)`")
        }
        return number
    }

    /// `1000`, `64k`, `10M`, `1G`
    private static func size(_ text: String) throws(UsageError) -> Int {
        let units: [Character: Int] = ["k": 1 << 10, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[$0] }
        let number = Int(unit == nil ? text : String(text.dropLast()))
        guard let number, number > 0, number <= 1 << 31, number * (unit ?? 1) <= 2 << 30, number * (unit ?? 1) >= 1_024
        else {
            throw UsageError("--max-message takes a size from 1k to 2G, not `\(text.terminalSafe)`")
        }
        return number * (unit ?? 1)
    }

    func options(server: String, session: String) -> GatewayOptions {
        var options = GatewayOptions(server: name ?? server, session: session)
        options.maxMessage = maxMessage
        options.maxPending = maxPending
        options.maxCallsPerSecond = maxCalls
        return options
    }
}
