/// A JSON text that was checked whole, once, and is then read in place: for messages of which most bytes are only passed on.
///
/// What it refuses is what ``JSONReader`` refuses.
public struct JSONTape: Sendable {
    /// The whole text.
    public let bytes: [UInt8]
    private let node: JSONNode

    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONErrors) {
        node = try JSONReader.read(bytes, limits: limits)
        self.bytes = bytes
    }

    public var root: JSONElement { JSONElement(node: node) }
}

/// One value of a ``JSONTape``.
public struct JSONElement: Sendable {
    let node: JSONNode

    public enum Kind: Sendable { case null, bool, number, string, array, object }

    public var kind: Kind {
        switch node.content {
        case .null, .unreadable: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// The text of a string, else `nil`.
    public var string: String? { if case .string(let text) = node.content { text } else { nil } }
    public var bool: Bool? { if case .bool(let value) = node.content { value } else { nil } }
    public var number: JSONNumber? { if case .number(let number) = node.content { number } else { nil } }

    /// The member with this key, or `nil`; also for anything but an object.
    public subscript(key: String) -> JSONElement? {
        guard case .object(let members) = node.content else { return nil }
        return members.first { $0.key == key }.map { JSONElement(node: $0.node) }
    }

    /// The members of an object, in their order; else none.
    public var members: [(key: String, value: JSONElement)] {
        guard case .object(let members) = node.content else { return [] }
        return members.map { ($0.key, JSONElement(node: $0.node)) }
    }

    /// The elements of an array, in their order; else none.
    public var elements: [JSONElement] {
        guard case .array(let nodes) = node.content else { return [] }
        return nodes.map { JSONElement(node: $0) }
    }

    /// A tree of its own, without the text.
    public var value: JSONValue { node.value }
}
