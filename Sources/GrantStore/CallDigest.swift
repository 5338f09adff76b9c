import Signatures
public import StrictJSON

/// What an approval is bound to: the whole call, to the last byte of its arguments. 64 hexadecimal digits.
public struct CallDigest: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// SHA-256 over the parts, each with its length before it. Arguments are written in one form: keys in the order of their bytes, no
    /// blanks, numbers as they came (`1` and `1.0` are two calls).
    public init(server: String, method: String, tool: String, arguments: JSONValue?) {
        var bytes = Array("agentbound call 1".utf8)
        for part in [server, method, tool] { bytes += Array("\(part.utf8.count):".utf8) + Array(part.utf8) }
        bytes += arguments.map { [1] + Self.sorted($0).serialized() } ?? [0]
        description = SHA256.hex(bytes)
    }

    /// One that was written down; `nil` when it is none.
    public init?(_ text: String) {
        guard text.utf8.count == 64, Hex.bytes(text) != nil else { return nil }
        description = text
    }

    static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(sorted))
        case .object(let members):
            .object(
                members.map { JSONMember($0.key, sorted($0.value)) }
                    .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        default: value
        }
    }
}
