import AuditTrail
import StrictJSON

/// The messages that the gateway makes itself, as lines. What they say of names, rules and reasons is safe to show: clients print it.
enum GatewayReply {
    /// Refused by policy. Outside of what JSON-RPC and MCP reserve (-32768...-32000).
    static let refused = -31403
    /// Too many at once.
    static let limited = -31429
    /// The server is gone, or what it said cannot be passed on.
    static let unavailable = -31503

    /// - Parameter id: As JSON; `nil` leaves it out, as both schemas have it for an id that is not known.
    static func error(_ id: [UInt8]?, _ code: Int, _ text: String) -> [UInt8] {
        var line = start(id)
        line += ",\"error\":{\"code\":\(code),\"message\":".utf8
        line += JSONValue.string(text.terminalSafe).serialized()
        line += "}}\n".utf8
        return line
    }

    /// A tool's answer that says it did not work, which a model reads and can act on.
    static func toolResult(_ id: [UInt8], _ text: String, isModern: Bool) -> [UInt8] {
        var line = start(id)
        line += ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":".utf8
        line += JSONValue.string(text.terminalSafe).serialized()
        line += "}],\"isError\":true".utf8
        if isModern { line += ",\"resultType\":\"complete\"".utf8 }
        line += "}}\n".utf8
        return line
    }

    /// Asks the client's person for a yes. Legacy: a request of the gateway's own.
    static func elicitation(_ id: [UInt8], _ question: String) -> [UInt8] {
        var line = start(id)
        line += ",\"method\":\"elicitation/create\",\"params\":".utf8
        line += form(question)
        line += "}\n".utf8
        return line
    }

    /// - Parameter parameters: As JSON.
    static func notification(_ name: String, _ parameters: [UInt8]?) -> [UInt8] {
        var line = Array("{\"jsonrpc\":\"2.0\",\"method\":".utf8)
        line += JSONValue.string(name).serialized()
        if let parameters { line += Array(",\"params\":".utf8) + parameters }
        line += "}\n".utf8
        return line
    }

    /// Takes such a request back: somebody else answered, or nobody in time.
    static func cancellation(_ id: [UInt8]) -> [UInt8] {
        notification(
            "notifications/cancelled",
            Array("{\"requestId\":".utf8) + id + Array(",\"reason\":\"the call does not wait for it any more\"}".utf8))
    }

    /// The same in the modern era: an answer that wants the call again, with what the person said.
    static func inputRequired(_ id: [UInt8], _ question: String, state: String) -> [UInt8] {
        var line = start(id)
        line += ",\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{\"agentbound\":".utf8
        line += "{\"method\":\"elicitation/create\",\"params\":".utf8
        line += form(question)
        line += "}},\"requestState\":".utf8
        line += JSONValue.string(state).serialized()
        line += "}}\n".utf8
        return line
    }

    private static func form(_ question: String) -> [UInt8] {
        JSONValue.object([
            JSONMember("mode", "form"), JSONMember("message", .string(question)),
            JSONMember(
                "requestedSchema",
                [
                    "type": "object",
                    "properties": ["allow": ["type": "boolean", "title": "Allow this call", "default": false]],
                    "required": ["allow"],
                ]),
        ]).serialized()
    }

    /// A response of the server's with nothing beside `result` or `error`.
    static func response(_ id: [UInt8]?, _ key: String, _ value: [UInt8]) -> [UInt8] {
        var line = start(id)
        line += ",\"\(key)\":".utf8
        line += value
        line += "}\n".utf8
        return line
    }

    private static func start(_ id: [UInt8]?) -> [UInt8] {
        var line = Array("{\"jsonrpc\":\"2.0\"".utf8)
        if let id {
            line += ",\"id\":".utf8
            line += id
        }
        return line
    }
}
