/// A YAML value that knows where it stood in its source.
///
/// Lines and columns count from 1; columns count Unicode scalars. A value with a tag begins at its tag.
public struct YAMLNode: Hashable, Sendable {
    public let line: Int
    public let column: Int
    public let content: Content

    public enum Content: Hashable, Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the order of the text. No two keys are the same.
        case mapping([Member])
    }

    public struct Member: Hashable, Sendable {
        public let scalar: YAMLScalar
        public var key: String { scalar.text }
        /// Where the key stands.
        public let line: Int
        public let column: Int
        public let node: YAMLNode
    }
}

/// A text, a number, a word: anything that has no parts.
public struct YAMLScalar: Hashable, Sendable {
    /// After escapes, quotes and folded lines were undone.
    public let text: String
    public let style: Style

    public enum Style: Hashable, Sendable {
        /// Without quotes: what it means depends on its text.
        case plain
        /// In single or double quotes, after `|` or `>`, or tagged `!!str`: always text.
        case quoted
    }

    public init(_ text: String, _ style: Style) {
        self.text = text
        self.style = style
    }
}

/// The one thing that stopped the reader, and where.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int
    /// One clause, without the place.
    public let message: String

    init(_ line: Int, _ column: Int, _ message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String { "\(line):\(column): \(message)" }
}
