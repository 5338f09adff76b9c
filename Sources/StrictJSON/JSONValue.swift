/// A JSON value. Objects keep their members in the order in which they were given, so output is stable.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One `"key": value` of an object.
public struct JSONMember: Hashable, Sendable {
    public var key: String
    public var value: JSONValue

    public init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// The first member with this key, or `nil` for a missing key and for anything but an object.
    /// - Note: Looks through the members one by one.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a string, else `nil`.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of `true` or `false`, else `nil`.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A number that was written as an integer and fits, else `nil`.
    public var int64: Int64? {
        if case .number(let number) = self { number.int64 } else { nil }
    }

    /// The elements of an array, else `nil`.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object, else `nil`.
    public var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONValue {
    /// A whole number of any width, kept exactly.
    public static func integer<T: BinaryInteger>(_ value: T) -> JSONValue { .number(JSONNumber(value)) }

    /// An array of strings.
    public static func strings(_ texts: some Sequence<String>) -> JSONValue { .array(texts.map { .string($0) }) }
}

// Literals, so that what a command prints reads like what it prints: ["name": "time", "granted": true].
// Not `nil`: in an optional value it would quietly turn "leave it out" into a null.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .string(value) }
}
extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self = .integer(value) }
}
extension JSONValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}
extension JSONValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Keeps the order of the literal; keys are not checked against each other.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0, $1) })
    }
}
