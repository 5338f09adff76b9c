import LinearRegex
import StrictJSON

// The small readers: each tells what is wrong, and gives nothing then.
extension PolicyDocument {
    mutating func fail(_ node: OverrideNode, _ message: String) {
        found.append(.init(line: node.line, column: node.column, message))
    }

    /// The members of an object that has no other keys than these.
    mutating func object(_ node: OverrideNode, _ keys: [String], _ what: String) -> [String: OverrideNode]? {
        guard case .object(let members) = node.content else {
            fail(node, "\(what) is an object, not \(node.kindName)")
            return nil
        }
        var values: [String: OverrideNode] = [:]
        for member in members {
            if !keys.contains(member.key) {
                found.append(
                    .init(
                        line: member.line, column: member.column,
                        "\(what) has no key `\(printable(member.key))`" + Self.hint(member.key, keys)))
            } else if values.updateValue(member.node, forKey: member.key) != nil {
                found.append(
                    .init(line: member.line, column: member.column, "the key `\(member.key)` stands here twice"))
            }
        }
        return values
    }

    /// `; did you mean ...` where something is near, also in the spelling of other formats.
    static func hint(_ word: String, _ known: [String]) -> String {
        let joined = word.split(separator: "_").enumerated().map {
            $0 == 0 ? String($1) : $1.prefix(1).uppercased() + $1.dropFirst()
        }
        .joined()
        let others = [
            "requireRoles": "roles", "redactFields": "redact", "statements": "rules", "sid": "id", "actions": "tools",
            "conditions": "when", "defaultEffect": "default", "path": "anyPath", "paths": "anyPath",
        ]
        let near = others[joined].flatMap { known.contains($0) ? $0 : nil } ?? closest(to: joined, among: known)
        return near.map { "; did you mean `\($0)`?" } ?? ""
    }

    func unknown(_ what: String, _ word: String, _ known: [String]) -> String {
        "there is no \(what) `\(printable(word))`"
            + (closest(to: word, among: known.sorted()).map { "; did you mean `\($0)`?" } ?? "; there is "
                + known.sorted().joined(separator: ", "))
    }

    mutating func text(_ node: OverrideNode, _ key: String) -> String? {
        guard case .text(let text) = node.content else {
            fail(node, "`\(key)` is a string, not \(node.kindName)")
            return nil
        }
        if text.isEmpty { fail(node, "`\(key)` is empty") }
        if text.utf8.count > 4_096 { fail(node, "`\(key)` is longer than 4096 bytes") }
        return text
    }

    mutating func bool(_ node: OverrideNode, _ key: String) -> Bool {
        if case .bool(let value) = node.content { return value }
        fail(node, "`\(key)` is true or false, not \(node.kindName)")
        return false
    }

    mutating func whole(_ node: OverrideNode, _ key: String, _ range: ClosedRange<Int>) -> Int? {
        if case .number(let text) = node.content, let number = Int(text), range.contains(number) { return number }
        fail(node, "`\(key)` is a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    mutating func choice<Value: CaseIterable & RawRepresentable<String>>(_ node: OverrideNode, _ key: String) -> Value?
    {
        guard let text = text(node, key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        fail(node, unknown(key, text, Value.allCases.map(\.rawValue)))
        return nil
    }

    mutating func effect(_ node: OverrideNode, _ allowed: [ToolEffect], key: String = "effect") -> ToolEffect? {
        guard let text = text(node, key) else { return nil }
        if let effect = ToolEffect(rawValue: text), allowed.contains(effect) { return effect }
        let others = ["require_approval": "approve", "review": "approve", "ask": "approve", "block": "deny"]
        if let other = others[text] {
            fail(node, "there is no effect `\(text)`; did you mean `\(other)`?")
        } else {
            fail(node, unknown("effect", text, allowed.map(\.rawValue)))
        }
        return nil
    }

    /// A list of strings, or one string.
    mutating func texts(_ node: OverrideNode, _ key: String) -> [(text: String, node: OverrideNode)] {
        switch node.content {
        case .text: return text(node, key).map { [($0, node)] } ?? []
        case .list(let items):
            if items.isEmpty {
                fail(
                    node, "`\(key)` is an empty list, which fits nothing; leave the key out where it should not matter")
            }
            return items.compactMap { item in text(item, "an entry of \(key)").map { ($0, item) } }
        default:
            fail(node, "`\(key)` is a list of strings, not \(node.kindName)")
            return []
        }
    }

    mutating func patterns(_ node: OverrideNode?, _ key: String) -> [NamePattern] {
        guard let node else { return [] }
        return texts(node, key).compactMap { item in
            do { return try NamePattern(item.text) } catch {
                fail(item.node, "`\(printable(item.text))` is no pattern: \(error)")
                return nil
            }
        }
    }

    mutating func field(_ node: OverrideNode) -> FieldPath? {
        guard let text = text(node, "field") else { return nil }
        do { return try FieldPath(text) } catch {
            fail(node, error.description)
            return nil
        }
    }

    mutating func facts(_ node: OverrideNode, _ fact: CallFact, _ key: String) -> FactList {
        let items = texts(node, key)
        var wrong: [(Int, String)] = []
        let list = FactList(fact, items.map(\.text)) { wrong.append(($0, $1)) }
        for (index, problem) in wrong { fail(items[index].node, "`\(printable(items[index].text))`: \(problem)") }
        return list
    }

    static func json(_ node: OverrideNode) -> JSONValue? { node.json }
}
