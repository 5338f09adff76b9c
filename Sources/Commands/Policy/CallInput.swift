import AuditTrail
import PolicyEngine
import StrictJSON

/// A call as it is written for `policy explain` and `policy test`, and what is expected of it.
struct CallInput: Sendable {
    var call: ToolCall
    var expect: ToolEffect?
    var rule: String?

    static let keys = [
        "method", "server", "tool", "arguments", "annotations", "description", "client", "agent", "roles", "session",
        "threatScore", "expect", "rule",
    ]

    /// Reads an object with the keys of ``keys``, or a JSON-RPC message.
    /// - Parameter server: The server's name where the call does not say.
    init(_ value: JSONValue, server: String?) throws(Refusal) {
        guard let members = value.members else { throw Self.wrong("a call is an object") }
        let isMessage = value["jsonrpc"] != nil || value["params"] != nil
        self.call = try Self.whole(
            isMessage ? Self.call(message: value, server: server) : Self.call(members, value, server: server))
        if let wanted = try Self.text(value, "expect") {
            guard let effect = ToolEffect(rawValue: wanted) else {
                throw Self.wrong("`expect` is one of \(ToolEffect.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            expect = effect
        }
        rule = try Self.text(value, "rule")
    }

    private static func text(_ value: JSONValue, _ key: String) throws(Refusal) -> String? {
        guard let found = value[key] else { return nil }
        guard let text = found.string else { throw wrong("`\(key)` is a string") }
        return text
    }

    private static func call(
        _ members: [JSONMember], _ value: JSONValue, server: String?
    ) throws(Refusal) -> ToolCall {
        for member in members where !Self.keys.contains(member.key) {
            let near = Nearest.name(to: member.key, among: Self.keys).map { "; did you mean `\($0)`?" } ?? ""
            throw Self.wrong("a call has no key `\(member.key.terminalSafe)`\(near)")
        }
        func text(_ key: String) throws(Refusal) -> String? { try Self.text(value, key) }
        var call = ToolCall(server: try text("server") ?? server ?? "", tool: try text("tool") ?? "")
        if let method = try text("method") { call.method = method }
        if let arguments = value["arguments"], arguments != .null { call.arguments = try Self.element(arguments) }
        call.annotations = value["annotations"]
        call.description = try text("description")
        call.client = try text("client")
        call.session = try text("session") ?? ""
        if let agent = try text("agent") { call.agent = AgentIdentity(id: agent) }
        if let roles = value["roles"] {
            let names = (roles.array ?? []).compactMap(\.string)
            guard names.count == roles.array?.count else { throw Self.wrong("`roles` is a list of strings") }
            call.agent = AgentIdentity(id: call.agent.id, roles: Set(names))
        }
        if let score = value["threatScore"] {
            guard let number = score.int64 else { throw Self.wrong("`threatScore` is a whole number") }
            call.threatScore = Int(clamping: number)
        } else {
            // As the gateway does.
            call.threatScore = call.arguments.map { ThreatScanner().scan($0).score } ?? 0
        }
        return call
    }

    private static func call(message value: JSONValue, server: String?) throws(Refusal) -> ToolCall {
        guard let method = value["method"]?.string else { throw wrong("the message has no `method`") }
        let params = value["params"]
        let subject = params?["name"]?.string ?? params?["uri"]?.string ?? ""
        var call = ToolCall(method: method, server: value["server"]?.string ?? server ?? "", tool: subject)
        let carriesArguments = ["tools/call", "prompts/get"].contains(method)
        if let arguments = carriesArguments ? params?["arguments"] : params {
            call.arguments = try element(arguments)
        }
        call.threatScore = call.arguments.map { ThreatScanner().scan($0).score } ?? 0
        return call
    }

    /// Without these a policy decides about a call that nobody can make.
    private static func whole(_ call: ToolCall) throws(Refusal) -> ToolCall {
        if call.server.isEmpty { throw wrong("the call has no `server`; it can be given with `--server`, too") }
        if call.tool.isEmpty, call.method == "tools/call" { throw wrong("the call has no `tool`") }
        return call
    }

    private static func element(_ value: JSONValue) throws(Refusal) -> JSONElement {
        do {
            return try JSONTape(value.serialized(), limits: JSONLimits(maxBytes: 1 << 24, maxDepth: 512)).root
        } catch { throw wrong("the arguments cannot be read: \(error)") }
    }

    private static func wrong(_ message: String) -> Refusal {
        Refusal(.malformed, message, next: #"write {"server": "fs", "tool": "read", "arguments": {}}"#)
    }
}

extension ToolDecision {
    var json: JSONValue {
        [
            "effect": .string(effect.rawValue), "layer": .string(layer), "rule": .string(rule),
            "reason": .string(reason),
            "unevaluable": .bool(isUnevaluable), "redact": .strings(redactedFields),
            "charges": .array(
                charges.map {
                    [
                        "key": .string($0.key), "window": .string($0.account.window.rawValue),
                        "amount": JSONNumber($0.amount).map { .number($0) } ?? .null,
                    ]
                }),
            "obligations": .object(obligations),
        ]
    }
}
