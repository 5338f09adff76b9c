import StrictJSON
import Testing

@testable import PolicyEngine

/// Reads a policy in JSON that has nothing wrong with it.
func policyLayer(_ json: String, name: String = "test") throws -> PolicyLayer {
    let document = PolicyDocument(try OverrideNode(json: Array(json.utf8)), name: name)
    try #require(document.problems.isEmpty, "\(document.problems)")
    return document.layer
}

func policy(_ jsons: String...) throws -> ToolPolicy { ToolPolicy(layers: try jsons.map { try policyLayer($0) }) }

/// Everything that is wrong with a policy, as `line:column: message`.
func policyProblems(_ json: String) throws -> [String] {
    PolicyDocument(try OverrideNode(json: Array(json.utf8)), name: "test").problems.map(\.description)
}

/// A policy of one rule over all tools.
func oneRule(_ rule: String, default fallback: String = "deny") throws -> ToolPolicy {
    try policy(#"{"version": 1, "default": "\#(fallback)", "rules": [{"id": "r", \#(rule)}]}"#)
}

func toolCall(
    _ tool: String = "fs.read", _ arguments: String? = "{}", agent: AgentIdentity = .anonymous,
    method: String = "tools/call",
    session: String = "s", threatScore: Int? = nil, annotations: JSONValue? = nil
) throws -> ToolCall {
    let parts = tool.split(separator: ".", maxSplits: 1).map(String.init)
    let tape = try arguments.map { try JSONTape(Array($0.utf8), limits: JSONLimits(maxBytes: 16 << 20, maxDepth: 512)) }
    return ToolCall(
        method: method, server: parts[0], tool: parts.count > 1 ? parts[1] : "", arguments: tape?.root,
        annotations: annotations,
        agent: agent, session: session, threatScore: threatScore)
}

let atHome = PolicyMoment(now: 1_000_000, home: "/home/u", workingDirectory: "/work")

extension ToolPolicy {
    func effect(_ call: ToolCall, at moment: PolicyMoment = atHome) -> ToolEffect { decide(call, at: moment).effect }
}
