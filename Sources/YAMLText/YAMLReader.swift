/// What a YAML text may cost its reader.
public struct YAMLLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    public var maxBytes: Int
    /// Sequences and mappings inside each other. At most 512: each level is a stack frame of the reader.
    public var maxDepth: Int
    /// Values of all kinds, keys included.
    public var maxNodes: Int

    public init(maxBytes: Int = 1 << 20, maxDepth: Int = 64, maxNodes: Int = 100_000) {
        self.maxBytes = maxBytes
        self.maxDepth = min(maxDepth, 512)
        self.maxNodes = maxNodes
    }
}

/// One strict YAML reader for files that people write.
///
/// It refuses what makes one text mean several things, to readers or to people: more than one document, anchors and
/// aliases, tags other than the core ones, merge keys, duplicate keys (canonically equivalent Unicode counts as the
/// same), keys that are no scalars, invalid UTF-8, control characters, and line breaks other than LF and CR LF.
/// One byte order mark at the start is skipped.
public enum YAMLReader {
    /// Reads one document.
    /// - Returns: Its root, or `nil` when the text is empty but for comments.
    /// - Throws: The first error.
    public static func read(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        if bytes.count > limits.maxBytes { throw YAMLError(1, 1, "the text is larger than \(limits.maxBytes) bytes") }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        try SourceCheck.check(text)
        var tree = YAMLTree(events: try EventStream(text), limits: limits)
        return try tree.root()
    }
}

/// Builds the tree from libyaml's events.
private struct YAMLTree: ~Copyable {
    private var events: EventStream
    private let limits: YAMLLimits
    private var nodes = 0

    init(events: consuming EventStream, limits: YAMLLimits) {
        self.events = events
        self.limits = limits
    }

    mutating func root() throws(YAMLError) -> YAMLNode? {
        _ = try events.next()  // the stream's start
        if case .streamEnd = try events.next().kind { return nil }
        let root = try node(events.next(), depth: 0)
        _ = try events.next()  // the document's end
        let rest = try events.next()
        guard case .streamEnd = rest.kind else { throw rest.error("a second document; only one is read here") }
        return root
    }

    private mutating func node(_ event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
        nodes += 1
        if nodes > limits.maxNodes { throw event.error("more than \(limits.maxNodes) values") }
        if event.hasAnchor { throw event.error("anchors (`&name`) are not read here") }
        let content: YAMLNode.Content
        switch event.kind {
        case .scalar(let scalar, let width):
            content = .scalar(try tagged(scalar, width, event))
        case .sequenceStart:
            try checkCollection(event, tag: "seq", depth)
            var items: [YAMLNode] = []
            while true {
                let next = try events.next()
                if case .end = next.kind { break }
                items.append(try node(next, depth: depth + 1))
            }
            content = .sequence(items)
        case .mappingStart:
            try checkCollection(event, tag: "map", depth)
            content = .mapping(try members(depth: depth + 1))
        case .alias:
            throw event.error(Self.aliasMessage)
        case .streamStart, .streamEnd, .documentStart, .end:
            throw event.error("a value is missing")
        }
        return YAMLNode(line: event.line, column: event.column, content: content)
    }

    private mutating func members(depth: Int) throws(YAMLError) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var seen: Set<String> = []
        while true {
            let event = try events.next()
            if case .end = event.kind { return members }
            let key = try node(event, depth: depth)
            guard case .scalar(let scalar) = key.content, scalar.kind != .null else {
                throw event.error("a key is a plain word")
            }
            if scalar == YAMLScalar("<<", .plain) { throw event.error("merge keys (`<<`) are not read here") }
            if !seen.insert(scalar.text).inserted {
                throw event.error("the key \(quoted(scalar.text)) stands here twice")
            }
            let value = try node(events.next(), depth: depth)
            members.append(.init(scalar: scalar, line: key.line, column: key.column, node: value))
        }
    }

    private func checkCollection(_ event: Event, tag: String, _ depth: Int) throws(YAMLError) {
        if depth >= limits.maxDepth { throw event.error("it is nested more than \(limits.maxDepth) levels deep") }
        if let found = event.tag, found != Self.coreTags + tag { throw event.error(Self.tagMessage) }
    }

    /// A tag decides what the scalar is, as long as its text can be that.
    private func tagged(_ scalar: YAMLScalar, _ width: Int, _ event: Event) throws(YAMLError) -> YAMLScalar {
        guard let tag = event.tag else {
            // libyaml drops a lone `!`, which makes the scalar text; it shows as a scalar wider than its text.
            if scalar.kind != .text, width != scalar.text.unicodeScalars.count { throw event.error(Self.tagMessage) }
            return scalar
        }
        let plain = YAMLScalar(scalar.text, .plain)
        switch tag {
        case Self.coreTags + "str": return YAMLScalar(scalar.text, .quoted)
        case Self.coreTags + "float" where plain.kind == .integer: return plain
        case Self.coreTags + plain.kind.rawValue: return plain
        default:
            throw event.error(YAMLScalar.Kind.tags.contains(tag) ? "this is no value for its tag" : Self.tagMessage)
        }
    }

    fileprivate static let coreTags = "tag:yaml.org,2002:"
    private static let tagMessage = "tags such as `!name` are not read here"
    static let aliasMessage = EventStream.aliasMessage

    /// Control characters can come from escapes, and messages go to terminals.
    private func quoted(_ key: String) -> String {
        let safe = key.unicodeScalars.allSatisfy { SourceCheck.isPlainlyVisible($0) }
        return safe && key.count <= 64 ? "`\(key)`" : "(\(key.unicodeScalars.count) characters)"
    }
}

extension YAMLScalar.Kind {
    fileprivate static let tags: Set<String> = Set(
        [Self.null, .bool, .integer, .float, .text].map { YAMLTree.coreTags + $0.rawValue })
}
