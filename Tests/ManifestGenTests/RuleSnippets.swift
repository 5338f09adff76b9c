@testable import ManifestGen

/// Code that a rule is about, written from the rule's own pattern: a snippet that it must match, and one with the same words
/// that it must not.
struct RuleSnippet {
    let rule: Rule
    let language: Language

    private var isPython: Bool { language == .python }

    /// The parts of the pattern with wildcards filled in, and the module in front.
    private var module: String? {
        guard !rule.pattern.hasPrefix("?."), !rule.pattern.hasPrefix("#") else { return nil }
        if let hash = rule.pattern.firstIndex(of: "#") { return filled(String(rule.pattern[..<hash])) }
        return filled(isPython ? String(rule.pattern.prefix { $0 != "." && $0 != "(" }) : rule.pattern)
    }

    private var rest: String {
        if rule.pattern.hasPrefix("?.") { return String(rule.pattern.dropFirst(2)) }
        if let hash = rule.pattern.firstIndex(of: "#") {
            return String(rule.pattern[rule.pattern.index(after: hash)...])
        }
        guard isPython, let dot = rule.pattern.firstIndex(of: ".") else { return "" }
        return String(rule.pattern[rule.pattern.index(after: dot)...])
    }

    private func filled(_ text: String) -> String { text.replacing("*", with: "x") }

    /// `m.a("x").b`, with the members written as the language reads them.
    private func expression(_ root: String) -> String {
        var result = root
        var current = ""
        func flush(_ text: inout String) {
            guard !current.isEmpty else { return }
            let part = filled(current)
            if part.contains(where: { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "$" }) {
                text += "[\"\(part)\"]"
            } else {
                text += text.isEmpty ? part : ".\(part)"
            }
            current = ""
        }
        var text = rest
        if rule.isBelow { text += text.isEmpty ? "member" : ".member" }
        for character in text {
            switch character {
            case ".": flush(&result)
            case "(": flush(&result); result += "("
            case ")": result += ")"
            case "[": flush(&result); result += "[\"KEY"
            case "]": result += "\"]"
            default: current.append(character)
            }
        }
        flush(&result)
        return result
    }

    private var arguments: String {
        var positional: [Int: String] = [:]
        var named: [String: String] = [:]
        func set(_ slot: Rule.Slot, _ value: String) {
            if let index = slot.index, index < 9 {
                positional[index] = value
            } else if let name = slot.name {
                named[name] = value
            }
        }
        for condition in rule.conditions {
            switch condition {
            case .argument(let slot, let values, _): set(slot, literal(values[0]))
            case .given(let slot, let values): set(slot, "\"\(values[0] == "other" ? "another" : "other")\"")
            case .contains(let slot, let values, _): set(slot, "\"\(values[0])\"")
            default: break
            }
        }
        var list: [String] = []
        let last = positional.keys.max() ?? -1
        if last >= 0 { for index in 0...last { list.append(positional[index] ?? "\"text\"") } }
        if isPython {
            list += named.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        } else if !named.isEmpty {
            let object = named.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
            list.append("{\(object)}")
        }
        return list.joined(separator: ", ")
    }

    private func literal(_ value: String) -> String {
        if Int(value) != nil { return value }
        if value == "true" || value == "false" { return isPython ? (value == "true" ? "True" : "False") : value }
        return "\"\(value)\""
    }

    private var kind: Use.Kind? {
        for condition in rule.conditions { if case .kind(let kind) = condition { return kind } }
        return nil
    }

    private var imports: String {
        var lines = ""
        for condition in rule.conditions {
            if case .imports(let name) = condition {
                lines += isPython ? "import \(name)\n\(name).x\n" : "import * as q from \"\(name)\"; q.x;\n"
            }
        }
        return lines
    }

    private var statement: (String) -> String {
        { root in
            let target = expression(root)
            switch kind {
            case .assignment: return "\(target) = \"value\""
            case .removal: return (isPython ? "del " : "delete ") + target
            case .base: return isPython ? "class Sub(\(target)):\n    pass" : "class Sub extends \(target) {}"
            default:
                let isValue = target.hasSuffix("]") || target.hasSuffix(")")
                if rule.scope?.0 == .environment, rule.isBelow { return isPython ? target : "use(\(target))" }
                return isValue ? (isPython ? "use(\(target))" : "use(\(target))") : "\(target)(\(arguments))"
            }
        }
    }

    /// Must match.
    var matching: String {
        if rule.pattern.hasPrefix("?.") {
            return isPython
                ? "\(imports)def f(u):\n    \(statement("u"))\n" : "\(imports)function f(u) { \(statement("u")) }\n"
        }
        guard let module else { return imports + statement("") + "\n" }
        return isPython
            ? "import \(importable)\n\(imports)\(statement(module))\n"
            : "import * as m from \"\(module)\";\n\(imports)\(statement("m"))\n"
    }

    /// What Python's `import` names: the module alone.
    private var importable: String { module! }

    /// Must not match: the same words in a comment, in a string, and on something of the program's own.
    var other: String {
        let words = statement(module == nil ? "u" : isPython ? module! : "m").replacing("\n", with: " ")
        let quoted = words.replacing("\"", with: "'")
        return isPython
            ? "# \(words)\nx = \"\"\"\(quoted)\"\"\"\ny = 'nothing'\n"
            : "// \(words)\n/* \(words) */\nconst x = `\(quoted)`;\nconst y = \"nothing\";\n"
    }
}
