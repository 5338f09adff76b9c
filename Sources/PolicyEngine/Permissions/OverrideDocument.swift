/// A value of an override file with its place, from JSON or YAML alike.
public struct OverrideNode: Hashable, Sendable {
    public var line: Int
    public var column: Int
    public var content: Content

    public enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        /// As written.
        case number(String)
        case text(String)
        case list([OverrideNode])
        case object([Member])
    }

    public struct Member: Hashable, Sendable {
        public var key: String
        public var line: Int
        public var column: Int
        public var node: OverrideNode
        public init(key: String, line: Int, column: Int, node: OverrideNode) {
            self.key = key
            self.line = line
            self.column = column
            self.node = node
        }
    }

    public init(line: Int, column: Int, _ content: Content) {
        self.line = line
        self.column = column
        self.content = content
    }

    var kindName: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .text: "a string"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// One thing that is wrong with an override file.
public struct OverrideDocumentProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public var line: Int
    public var column: Int
    public var message: String
    /// Which file of several, where there are several.
    public var file: String?
    public init(line: Int, column: Int, _ message: String, file: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }
    public var description: String { "\(line):\(column): \(message)" }
}

/// The meaning of an override file: an object of ``OverrideKey``s, each with a list of strings.
///
/// Ports may be numbers, `limits`, `envVars` and `secrets` may be objects, `dns` may be a string. Nothing else is taken for something.
public struct OverrideDocument {
    public private(set) var overrides = Overrides()
    public private(set) var problems: [OverrideDocumentProblem] = []
    private let origin: (_ line: Int, _ column: Int) -> OverrideOrigin

    /// - Parameter origin: What an entry at this place is called in messages.
    public init(_ root: OverrideNode, origin: @escaping (_ line: Int, _ column: Int) -> OverrideOrigin) {
        self.origin = origin
        read(root)
    }

    private mutating func read(_ root: OverrideNode) {
        guard case .object(let members) = root.content else {
            return fail(root, "an override file is an object of keys such as readPaths, not \(root.kindName)")
        }
        var seen: Set<String> = []
        for member in members {
            guard let key = OverrideKey(rawValue: member.key) else {
                problems.append(.init(line: member.line, column: member.column, Self.unknownKey(member.key)))
                continue
            }
            if !seen.insert(member.key).inserted {
                problems.append(
                    .init(line: member.line, column: member.column, "the key \(member.key) stands here twice"))
                continue
            }
            read(member.node, key)
        }
    }

    private static func unknownKey(_ key: String) -> String {
        let near = closest(to: key, among: OverrideKey.allCases.map(\.rawValue))
        let flag = OverrideFlags.all.first { $0.flag == key || $0.flag == "--" + key }?.key.rawValue
        let hint = (flag ?? near).map { "; did you mean `\($0)`?" } ?? ""
        return "there is no key `\(printable(key))`\(hint)"
    }

    private mutating func read(_ node: OverrideNode, _ key: OverrideKey) {
        switch (node.content, key) {
        case (.list(let items), _):
            if items.isEmpty { overrides.emptyLists[key] = origin(node.line, node.column) }
            for item in items { readItem(item, key) }
        case (.object(let members), .limits), (.object(let members), .envVars), (.object(let members), .secrets):
            if members.isEmpty { overrides.emptyLists[key] = origin(node.line, node.column) }
            readPairs(members, key)
        case (.text, .dns): readItem(node, key)
        default:
            fail(node, "\(key.rawValue) takes a list of strings\(Self.alternative(key)), not \(node.kindName)")
        }
    }

    private static func alternative(_ key: OverrideKey) -> String {
        switch key {
        case .limits, .envVars, .secrets: " or an object of names and values"
        case .dns: " or a string"
        default: ""
        }
    }

    private mutating func readItem(_ node: OverrideNode, _ key: OverrideKey) {
        switch (node.content, key) {
        case (.text(let text), _): add(key, text, node)
        case (.number(let text), .listenPorts): add(key, text, node)
        default: fail(node, "an entry of \(key.rawValue) is a string, not \(node.kindName)")
        }
    }

    private mutating func readPairs(_ members: [OverrideNode.Member], _ key: OverrideKey) {
        var seen: Set<String> = []
        for member in members {
            if !seen.insert(member.key).inserted {
                problems.append(
                    .init(
                        line: member.line, column: member.column, "the key \(printable(member.key)) stands here twice"))
                continue
            }
            switch (member.node.content, key) {
            case (.text(let text), _), (.number(let text), .limits): add(key, "\(member.key)=\(text)", member.node)
            default:
                fail(
                    member.node,
                    "the value of \(printable(member.key)) is a string\(key == .limits ? " or a number" : ""), not \(member.node.kindName)"
                )
            }
        }
    }

    private mutating func add(_ key: OverrideKey, _ value: String, _ node: OverrideNode) {
        overrides.entries.append(.init(key, value, from: origin(node.line, node.column)))
    }

    private mutating func fail(_ node: OverrideNode, _ message: String) {
        problems.append(.init(line: node.line, column: node.column, message))
    }
}
