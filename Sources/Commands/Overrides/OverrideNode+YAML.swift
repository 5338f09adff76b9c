import PolicyEngine
import YAMLText

/// What the scalars of a YAML text are read as.
enum YAMLReading {
    /// YAML 1.2, as everything of ours.
    case core
    /// YAML 1.1, as the engines that are written in Python read it.
    case pyYAML
    /// Words, whatever they look like: Agent_Sudo's own reader, which takes quotes for a part of them.
    case words

    init(_ format: PolicyFormat) {
        switch format {
        case .native: self = .core
        case .agentperms, .agsec, .mcpGate: self = .pyYAML
        case .agentSudo: self = .words
        }
    }
}

extension OverrideNode {
    /// Reads strict YAML; a text that is empty but for comments is an empty object.
    init(yaml bytes: [UInt8], as reading: YAMLReading = .core) throws(OverrideSyntaxError) {
        var tree = YAMLConversion(reading: reading)
        do {
            let root = try YAMLReader.read(bytes)
            self = root.map { tree.node($0) } ?? OverrideNode(line: 1, column: 1, .object([]))
        } catch {
            throw OverrideSyntaxError(problems: [.init(line: error.line, column: error.column, error.message)])
        }
        if !tree.problems.isEmpty { throw OverrideSyntaxError(problems: tree.problems) }
    }

    /// Scalars of ours that people and readers of YAML 1.1 take for something else.
    static func ambiguities(yaml bytes: [UInt8]) -> [OverrideDocumentProblem] {
        guard let root = try? YAMLReader.read(bytes) else { return [] }
        var found: [OverrideDocumentProblem] = []
        func visit(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let scalar):
                if let meanings = scalar.meanings {
                    found.append(
                        .init(
                            line: node.line, column: node.column,
                            "`\(scalar.text)` is \(meanings.here) here, and \(meanings.there) to readers of YAML 1.1; write \(scalar.kind == .text ? "it in quotes" : "the number in another way")"
                        ))
                }
            case .sequence(let items): for item in items { visit(item) }
            case .mapping(let members): for member in members { visit(member.node) }
            }
        }
        visit(root)
        return found
    }
}

extension YAMLScalar {
    /// What the plain scalar is here and in YAML 1.1, where that is a value of another kind or another number.
    fileprivate var meanings: (here: String, there: String)? {
        switch (kind, pyYAML) {
        case (.text, .bool(let value)): return ("a text", "\(value)")
        case (.text, .number(let number)): return ("a text", number)
        case (.integer, .number(let number)), (.float, .number(let number)):
            guard let here = Double(text), let there = Double(number), here != there else { return nil }
            return (Int64(exactly: here).map(String.init) ?? "\(here)", number)
        default: return nil
        }
    }
}

private struct YAMLConversion {
    let reading: YAMLReading
    var problems: [OverrideDocumentProblem] = []

    mutating func node(_ node: YAMLNode) -> OverrideNode {
        let content: OverrideNode.Content
        switch node.content {
        case .scalar(let scalar): content = self.content(scalar, node.line, node.column)
        case .sequence(let items): content = .list(items.map { self.node($0) })
        case .mapping(let members):
            content = .object(
                members.map { member in
                    if reading == .pyYAML, member.scalar.pyYAML != .text {
                        fail(
                            member.line, member.column,
                            "the key `\(member.key)` is no text to PyYAML: write it in quotes")
                    }
                    return .init(
                        key: member.key, line: member.line, column: member.column, node: self.node(member.node))
                })
        }
        return OverrideNode(line: node.line, column: node.column, content)
    }

    private mutating func content(_ scalar: YAMLScalar, _ line: Int, _ column: Int) -> OverrideNode.Content {
        switch reading {
        case .core:
            switch scalar.kind {
            case .null: return .null
            case .bool: return .bool(scalar.text.lowercased() == "true")
            case .integer, .float: return .number(scalar.text)
            case .text: return .text(scalar.text)
            }
        case .pyYAML:
            switch scalar.pyYAML {
            case .null: return .null
            case .bool(let value): return .bool(value)
            case .number(let number): return .number(number)
            case .text: return .text(scalar.text)
            case .date:
                fail(
                    line, column,
                    "`\(scalar.text)` is a date to PyYAML, which is the same as no text: write it in quotes")
            case .nothing: fail(line, column, "`\(scalar.text)` is no value to PyYAML: write it in quotes")
            }
            return .null
        case .words:
            if scalar.style == .quoted {
                fail(line, column, "Agent_Sudo takes the quotes for a part of the name: write it without")
            }
            // A key with nothing behind it has no entries.
            return scalar.text.isEmpty ? .null : .text(scalar.text)
        }
    }

    private mutating func fail(_ line: Int, _ column: Int, _ message: String) {
        problems.append(.init(line: line, column: column, message))
    }
}
