/// A JSON value that knows where it stood in its source.
public struct JSONNode: Hashable, Sendable {
    /// Where the value starts, in bytes. ``LineIndex`` turns it into line and column.
    public let offset: Int
    public let content: Content

    public enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        case number(JSONNumber)
        case string(String)
        case array([JSONNode])
        case object([Member])
        /// Stands where an error was; only in trees from ``JSONReader/recover(_:limits:)``.
        case unreadable
    }

    public struct Member: Hashable, Sendable {
        public let key: String
        public let keyOffset: Int
        public let node: JSONNode
    }

    init(_ offset: Int, _ content: Content) {
        self.offset = offset
        self.content = content
    }

    /// The same value without positions. What was unreadable becomes null.
    public var value: JSONValue {
        switch content {
        case .null, .unreadable: .null
        case .bool(let value): .bool(value)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        case .array(let nodes): .array(nodes.map(\.value))
        case .object(let members): .object(members.map { JSONMember($0.key, $0.node.value) })
        }
    }

    /// What kind of value it is, for messages: "a string", "an array".
    public var kindName: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        case .unreadable: "an unreadable value"
        }
    }
}
