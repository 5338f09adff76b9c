import ArgumentParser
import AuditTrail
import PolicyEngine
import StrictJSON

/// `agentbound replay`
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Try policies with attacks, or with calls that were recorded.",
        discussion: """
            Without --trace each attack of the built-in pack is tried with the tool that it is known for, and with the tools that
            the policies name for such things. An attack is `held` when it is refused for what it asks, and `unreachable` when no
            such tool may be called, whatever the arguments. With --trace the calls of a file are decided: one JSON object a line, as for
            `policy explain`, as a client sends them, or as AgentPerms records them.

            Exit codes: 0; 1 an attack passes; 64 usage; 65 malformed; 66 a file is missing.

            Example: agentbound replay policy.yaml --tool files.read_text
            """)

    @Argument(help: ArgumentHelp("Policy files; several are joined by the strictest answer.", valueName: "file"))
    var files: [String]

    @Option(help: ArgumentHelp("Another tool to try the attacks with; may be repeated.", valueName: "server.tool"))
    var tool: [String] = []

    @Option(help: ArgumentHelp("Decide the calls of this file instead.", valueName: "file"))
    var trace: String?

    @OptionGroup var options: PolicyCallOptions

    func run() throws {
        let policy = try PolicyFile.load(files, format: options.reading.format)
        let moment = try options.moment()
        if let trace { return try replay(trace, policy, moment) }
        let outcomes = policy.replay(tools: tool, at: moment)
        try writeOutput(
            options.reading.json ? JSONValue.array(outcomes.map(\.json)).text(pretty: true) : Self.text(outcomes))
        if outcomes.contains(where: { $0.verdict == .passes }) { throw ExitCode(1) }
    }

    static func text(_ outcomes: [AttackOutcome]) -> String {
        let width = outcomes.map(\.attack.id.count).max() ?? 0
        var lines = outcomes.sorted { $0.verdict > $1.verdict }.map { outcome in
            let id = outcome.attack.id + String(repeating: " ", count: width - outcome.attack.id.count)
            let verdict = outcome.verdict.rawValue
            return "\(verdict + String(repeating: " ", count: 11 - verdict.count))  \(id)  \(outcome.attack.what)"
                + ", by \(outcome.tool): \(outcome.decision.rule)".terminalSafe
        }
        func count(_ verdict: AttackOutcome.Verdict) -> Int { outcomes.count { $0.verdict == verdict } }
        lines.append(
            "\(outcomes.count) attacks: \(count(.passes)) pass, \(count(.asked)) are asked about, \(count(.held)) are held for what they ask, \(count(.unreachable)) have no tool that may be called"
        )
        return lines.joined(separator: "\n")
    }

    // MARK: - Recorded calls

    private func replay(_ trace: String, _ policy: ToolPolicy, _ moment: PolicyMoment) throws {
        let calls = try Self.calls(trace, server: options.server)
        let decisions = calls.map { ($0, policy.decide($0, at: moment)) }
        if options.reading.json {
            return try writeOutput(
                JSONValue.array(
                    decisions.map { call, decision in
                        .object(
                            [.init("server", .string(call.server)), .init("tool", .string(call.tool))]
                                + (decision.json.members ?? []))
                    }
                ).text(pretty: true))
        }
        var lines = decisions.enumerated().filter { $1.1.effect != .allow }.map { number, entry in
            let (call, decision) = entry
            return
                "\(number + 1)  \(decision.effect.rawValue)  \(call.server).\(call.tool)  \(decision.rule): \(decision.reason)"
                .terminalSafe
        }
        let counts = ToolEffect.allCases.map { effect in (effect, decisions.count { $0.1.effect == effect }) }
        let words = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")
        lines.append("\(calls.count) calls: \(words.isEmpty ? "none" : words)")
        try writeOutput(lines.joined(separator: "\n"))
    }

    private static func calls(_ name: String, server: String?) throws(Refusal) -> [ToolCall] {
        var calls: [ToolCall] = []
        let bytes = try PolicyFile.contents(name, "the calls")
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy({ $0 <= 0x20 }) {
            func refusal(_ text: String) -> Refusal {
                Refusal(
                    .malformed, "\(name.terminalSafe): line \(index + 1): \(text)", next: "`agentbound replay --help`")
            }
            let value: JSONValue
            do { value = try JSONValue(parsing: Array(line)) } catch {
                throw refusal((error.errors.first?.description ?? "no JSON").terminalSafe)
            }
            do throws(Refusal) {
                calls.append(try CallInput(Self.ours(value), server: server).call)
            } catch { throw refusal(error.message) }
        }
        return calls
    }

    /// A line of AgentPerms' traces says `args`, and when and how it was decided besides.
    private static func ours(_ value: JSONValue) -> JSONValue {
        guard value["args"] != nil, let members = value.members else { return value }
        return .object(
            members.compactMap { member in
                switch member.key {
                case "args": JSONMember("arguments", member.value)
                case "server", "tool": member
                default: nil
                }
            })
    }
}

extension AttackOutcome {
    fileprivate var json: JSONValue {
        [
            "attack": .string(attack.id), "what": .string(attack.what), "verdict": .string(verdict.rawValue),
            "tool": .string(tool), "arguments": (try? JSONValue(parsing: Array(attack.arguments.utf8))) ?? .null,
            "decision": decision.json,
        ]
    }
}
