import PolicyEngine
import Yams

extension OverrideNode {
    /// Reads YAML without what makes one text mean several things: anchors, aliases, tags of one's own, merge keys,
    /// duplicate keys, more than one document.
    init(yaml bytes: [UInt8]) throws(OverrideSyntaxError) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .init(1, 1, "the text is not UTF-8") }
        if let line = YAMLDepth.tooDeep(bytes) { throw .init(line, 1, "it is nested too deeply") }
        do {
            let parser = try Parser(yaml: text)
            var reader = YAMLTree()
            // Anchors live as long as the parser.
            self = try withExtendedLifetime(parser) {
                try parser.singleRoot().map { try reader.convert($0) } ?? OverrideNode(line: 1, column: 1, .object([]))
            }
        } catch let error as OverrideSyntaxError {
            throw error
        } catch let error as YamlError {
            throw OverrideSyntaxError(error)
        } catch {
            throw .init(1, 1, "it is no YAML")
        }
    }
}

/// One walk over a composed tree, in the order of the text.
private struct YAMLTree {
    /// The place of the last scalar. An alias shows as a step back, since it is a copy that keeps its anchor's place.
    private var last = (line: 0, column: 0)

    mutating func convert(_ node: Node) throws -> OverrideNode {
        let place = (line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
        if node.anchor != nil {
            throw OverrideSyntaxError(place.line, place.column, "anchors (`&name`) are not read here")
        }
        let content: OverrideNode.Content
        switch node {
        case .scalar(let scalar):
            content = try convert(scalar, node.tag.description, at: place)
        case .sequence(let items):
            try check(node.tag.description, ["seq"], at: place)
            content = .list(try items.map { try convert($0) })
        case .mapping(let pairs):
            try check(node.tag.description, ["map"], at: place)
            content = .object(try pairs.map { try member($0.key, $0.value) })
        case .alias:
            throw OverrideSyntaxError(place.line, place.column, Self.aliasMessage)
        }
        return OverrideNode(line: place.line, column: place.column, content)
    }

    private mutating func member(_ key: Node, _ value: Node) throws -> OverrideNode.Member {
        let name = try convert(key)
        guard let text = key.scalar?.string else {
            throw OverrideSyntaxError(name.line, name.column, "a key is a plain word")
        }
        return .init(key: text, line: name.line, column: name.column, node: try convert(value))
    }

    private mutating func convert(
        _ scalar: Node.Scalar, _ tag: String, at place: (line: Int, column: Int)
    ) throws -> OverrideNode.Content {
        if place <= last { throw OverrideSyntaxError(place.line, place.column, Self.aliasMessage) }
        last = place
        let kind = try check(tag, ["str", "null", "bool", "int", "float", "timestamp", "merge", "value"], at: place)
        return switch kind {
        case "null": .null
        case "bool": .bool(["true", "yes", "on", "y"].contains(scalar.string.lowercased()))
        case "int", "float": .number(scalar.string)
        default: .text(scalar.string)
        }
    }

    /// - Returns: The tag's short name.
    @discardableResult
    private func check(_ tag: String, _ known: [String], at place: (line: Int, column: Int)) throws -> String {
        let name = tag.split(separator: ":").last.map(String.init) ?? tag
        if tag == "tag:yaml.org,2002:" + name, known.contains(name) { return name }
        throw OverrideSyntaxError(place.line, place.column, "tags such as `!name` are not read here")
    }

    static let aliasMessage = "aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
}

/// The reader calls itself for each level, so depth is bounded before it starts.
private enum YAMLDepth {
    /// - Returns: The line that nests deeper than any override file does.
    static func tooDeep(_ bytes: [UInt8]) -> Int? {
        var flow = 0
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            // A block level needs a column of its own: a space, or one of the marks `-` and `?`.
            if line.prefix(while: { " -?\t\r".utf8.contains($0) }).count > 200 { return index + 1 }
            for byte in line {
                if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") { flow += 1 }
                if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { flow = max(0, flow - 1) }
                if flow > 64 { return index + 1 }
            }
        }
        return nil
    }
}

extension OverrideSyntaxError {
    fileprivate init(_ line: Int, _ column: Int, _ message: String) {
        self.init(problems: [.init(line: line, column: column, message)])
    }

    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            self.init(mark.line, mark.column, problem)
        case .composer(_, let problem, let mark, _):
            self.init(mark.line, mark.column, problem.contains("alias") ? YAMLTree.aliasMessage : problem)
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                context.mark.line, context.mark.column,
                "the key \(keys.sorted().joined(separator: ", ")) stands here twice")
        case .reader(let problem, _, _, _): self.init(1, 1, problem)
        default: self.init(1, 1, "it is no YAML")
        }
    }
}
