import StrictJSON

/// What a policy makes of one attack, over all tools that it could be tried with.
public struct AttackOutcome: Hashable, Sendable {
    public enum Verdict: String, CaseIterable, Hashable, Sendable, Comparable {
        /// No such tool may be called at all, so nothing was looked at.
        case unreachable
        /// Refused for what it asks: with other arguments the tool may be called.
        case held
        /// A person is asked.
        case asked
        case passes

        public static func < (a: Verdict, b: Verdict) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    public let attack: PolicyAttack
    public let verdict: Verdict
    /// The tool with which it came farthest: `server.tool`.
    public let tool: String
    public let decision: ToolDecision
}

extension ToolPolicy {
    /// Tries the pack: each attack with the tool that it is known for, with every tool that the policy names and that does such
    /// things by its name, and with the known tool at every such server that the policy names.
    /// - Parameter tools: More tools to try, `server.tool`.
    public func replay(
        _ pack: [PolicyAttack] = PolicyAttack.pack, tools: [String] = [], at moment: PolicyMoment
    ) -> [AttackOutcome] {
        let named = Set(namedTools + tools).sorted(), servers = Set(namedServers).sorted()
        return pack.map { attack in
            let own = "\(attack.server).\(attack.tool)"
            let more = named.filter { name in
                let tool = name.lowercased().split(separator: ".").last.map(String.init) ?? name
                return tools.contains(name) || attack.target.words.contains { tool.contains($0) }
            }
            let elsewhere = servers.filter { server in attack.target.words.contains { server.lowercased().contains($0) }
            }
            .map { "\($0).\(attack.tool)" }
            return ([own] + more + elsewhere).map { outcome(attack, tool: $0, moment) }.max { $0.verdict < $1.verdict }!
        }
    }

    private func outcome(_ attack: PolicyAttack, tool: String, _ moment: PolicyMoment) -> AttackOutcome {
        let decision = decide(call(tool, attack.arguments), at: moment)
        let verdict: AttackOutcome.Verdict =
            switch decision.effect {
            case .allow, .redact: .passes
            case .approve, .approveStrong: .asked
            case .deny: mayPass(call(tool, nil)) ? .held : .unreachable
            }
        return AttackOutcome(attack: attack, verdict: verdict, tool: tool, decision: decision)
    }

    private func call(_ name: String, _ arguments: String?) -> ToolCall {
        let parts = name.split(separator: ".", maxSplits: 1)
        let tape = arguments.flatMap { try? JSONTape(Array($0.utf8)) }
        var call = ToolCall(
            server: parts.count == 2 ? String(parts[0]) : "", tool: String(parts.last ?? ""), arguments: tape?.root,
            session: "replay")
        call.threatScore = tape.map { ThreatScanner().scan($0.root).score } ?? 0
        return call
    }

    /// Tools that rules name without a wildcard: `server.tool`.
    private var namedTools: [String] {
        layers.flatMap(\.rules).flatMap { rule -> [String] in
            let servers = rule.servers.map(\.text).filter(Self.isPlain)
            let whole = rule.tools.map(\.text).filter { Self.isPlain($0) && $0.contains(".") }
            let names = rule.toolNames.map(\.text).filter(Self.isPlain)
            return whole + (servers.isEmpty ? ["any"] : servers).flatMap { server in names.map { "\(server).\($0)" } }
        }
    }

    /// Servers that rules name, by themselves or as in `files.*`.
    private var namedServers: [String] {
        layers.flatMap(\.rules).flatMap { rule in
            rule.servers.map(\.text)
                + rule.tools.compactMap {
                    let parts = $0.text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
                    return parts.count == 2 ? String(parts[0]) : nil
                }
        }.filter { !$0.isEmpty && Self.isPlain($0) }
    }

    private static func isPlain(_ text: String) -> Bool { !text.utf8.contains { "*?[".utf8.contains($0) } }
}
