import StrictJSON

/// A text that is no JSON or no YAML.
public struct OverrideSyntaxError: Error {
    public let problems: [OverrideDocumentProblem]
    public init(problems: [OverrideDocumentProblem]) { self.problems = problems }
}

extension OverrideNode {
    /// Reads strict JSON.
    public init(json bytes: [UInt8]) throws(OverrideSyntaxError) {
        do {
            self.init(try JSONReader.read(bytes), LineIndex(bytes))
        } catch {
            throw OverrideSyntaxError(
                problems: error.errors.map { .init(line: $0.position.line, column: $0.position.column, $0.message) })
        }
    }

    private init(_ node: JSONNode, _ lines: LineIndex) {
        let place = lines.position(at: node.offset)
        let content: Content =
            switch node.content {
            case .null, .unreadable: .null
            case .bool(let value): .bool(value)
            case .number(let number): .number(number.text)
            case .string(let text): .text(text)
            case .array(let nodes): .list(nodes.map { OverrideNode($0, lines) })
            case .object(let members):
                .object(
                    members.map { member in
                        let at = lines.position(at: member.keyOffset)
                        return Member(
                            key: member.key, line: at.line, column: at.column, node: OverrideNode(member.node, lines))
                    })
            }
        self.init(line: place.line, column: place.column, content)
    }
}
