import PolicyEngine
import YAMLText

extension OverrideNode {
    /// Reads strict YAML; a text that is empty but for comments is an empty object.
    init(yaml bytes: [UInt8]) throws(OverrideSyntaxError) {
        do {
            let root = try YAMLReader.read(bytes)
            self = root.map { OverrideNode($0) } ?? OverrideNode(line: 1, column: 1, .object([]))
        } catch {
            throw OverrideSyntaxError(problems: [.init(line: error.line, column: error.column, error.message)])
        }
    }

    private init(_ node: YAMLNode) {
        let content: Content =
            switch node.content {
            case .scalar(let scalar): Self.content(of: scalar)
            case .sequence(let items): .list(items.map { OverrideNode($0) })
            case .mapping(let members):
                .object(
                    members.map { .init(key: $0.key, line: $0.line, column: $0.column, node: OverrideNode($0.node)) })
            }
        self.init(line: node.line, column: node.column, content)
    }

    private static func content(of scalar: YAMLScalar) -> Content {
        switch scalar.kind {
        case .null: .null
        case .bool: .bool(scalar.text.lowercased() == "true")
        case .integer, .float: .number(scalar.text)
        case .text: .text(scalar.text)
        }
    }
}
