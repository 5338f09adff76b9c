@testable import ManifestGen

/// ``RuleSnippet`` for C#, Ruby and PHP: code that a rule is about, written from the rule's own pattern.
struct MoreSnippet {
    let rule: Rule
    let language: Language

    /// The parts of the pattern: `["Net", "HTTP", "()", "get"]`.
    private var parts: [String] {
        var text = Substring(rule.pattern)
        if text.hasPrefix("?.") { text = text.dropFirst(2) }
        if text.hasPrefix("#") { text = text.dropFirst() }
        var parts: [String] = []
        var current = ""
        for character in text {
            switch character {
            case ".", "(", "[":
                if !current.isEmpty { parts.append(current) }
                current = ""
                if character != "." { parts.append(character == "(" ? "()" : "[]") }
            case ")", "]": continue
            default: current.append(character)
            }
        }
        if !current.isEmpty { parts.append(current) }
        if rule.isBelow, language == .php, parts.count == 1, !rule.pattern.hasPrefix("#") { parts.append("Member") }
        if rule.isBelow { parts.append("member") }
        return parts.map { $0.replacing("*", with: "X") }
    }

    private var isReceiver: Bool { rule.pattern.hasPrefix("?.") }

    private func expression(_ root: String) -> String {
        switch language {
        case .csharp: return csharp(root)
        case .ruby: return ruby(root)
        default: return php(root)
        }
    }

    private func csharp(_ root: String) -> String {
        var text = root
        for part in parts {
            switch part {
            case "()": text += "(\"x\")"
            case "[]": text += "[\"KEY\"]"
            default: text += (text.isEmpty ? "" : ".") + part
            }
        }
        return text
    }

    private func ruby(_ root: String) -> String {
        var text = root
        for part in parts {
            let isConstant = part.first!.isUppercase
            switch part {
            case "()":
                text +=
                    text.split(whereSeparator: { $0 == "." || $0 == ":" }).last!.first!.isUppercase
                    ? ".new(\"x\")" : "(\"x\")"
            case "[]": text += "[\"KEY\"]"
            default: text += (text.isEmpty ? "" : isConstant ? "::" : ".") + part
            }
        }
        return text
    }

    private func php(_ root: String) -> String {
        var text = root
        var isClass = !rule.pattern.hasPrefix("#")
        var isValue = !root.isEmpty
        for (i, part) in parts.enumerated() {
            switch part {
            case "()":
                if isValue { text += "(\"x\")" } else { text = "(new \(text)(\"x\"))" }
                isValue = true
            case "[]": text += "[\"KEY\"]"
            default:
                if isValue {
                    text += "->" + part
                } else if i == 0 {
                    text = (isClass ? "\\" : "") + part
                } else if part.first!.isUppercase && isClass || isClass && i == 1 && parts.count == 2 {
                    text += "\\" + part
                } else {
                    text += "::" + part
                    isClass = false
                    isValue = true
                }
            }
        }
        return text
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
            case .given(let slot, _): set(slot, "\"other\"")
            case .contains(let slot, let values, _): set(slot, values[0] == "true" ? "true" : "\"\(values[0])\"")
            default: break
            }
        }
        var list: [String] = []
        for index in 0..<((positional.keys.max() ?? -1) + 1) { list.append(positional[index] ?? "\"text\"") }
        list += named.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return list.joined(separator: ", ")
    }

    private func literal(_ value: String) -> String {
        Int(value) != nil || value == "true" || value == "false" ? value : "\"\(value)\""
    }

    private var kind: Use.Kind? {
        for condition in rule.conditions { if case .kind(let kind) = condition { return kind } }
        return nil
    }

    private func statement(_ root: String) -> String {
        let end = language == .ruby ? "" : ";"
        if rule.pattern == "#Kernel.`" { return "`ls`" }
        let target = expression(root)
        if kind == .assignment { return "\(target) = \"value\"\(end)" }
        if target.hasSuffix("]") {
            if let key = rule.conditions.lazy.compactMap(Self.key).first {
                return "f(\(target.replacing("KEY", with: key)))\(end)"
            }
            return "f(\(target))\(end)"
        }
        if target.hasSuffix(")") { return "f(\(target))\(end)" }
        if language == .ruby, parts.last!.first!.isUppercase { return "\(target).new(\(arguments))" }
        if language == .php, parts.last!.first!.isUppercase, !target.contains("::"), !target.contains("->") {
            return "new \(target)(\(arguments));"
        }
        return "\(target)(\(arguments))\(end)"
    }

    private static func key(_ condition: Rule.Condition) -> String? {
        if case .argument(_, let values, _) = condition { return values[0] }
        return nil
    }

    private var imports: String {
        var lines = ""
        for condition in rule.conditions { if case .imports(let name) = condition { lines += "using \(name);\n" } }
        return lines
    }

    /// Must match.
    var matching: String {
        switch language {
        case .csharp:
            return isReceiver
                ? "\(imports)class C { void M(object u) { \(statement("u")) } }\n" : imports + statement("") + "\n"
        case .ruby: return isReceiver ? "def m(u)\n  \(statement("u"))\nend\n" : statement("") + "\n"
        default: return "<?php\nfunction m($u) { \(statement(isReceiver ? "$u" : "")) }\n"
        }
    }

    /// Must not match: the same words in comments and in texts.
    var other: String {
        let words = statement(isReceiver ? "u" : "")
        let quoted = words.replacing("\"", with: "'")
        switch language {
        case .csharp:
            return
                "// \(words)\n/* \(words) */\nvar x = \"\"\"\(words)\n\"\"\";\nvar y = @\"\(words.replacing("\"", with: "\"\""))\";\n"
        case .ruby: return "# \(words)\n=begin\n\(words)\n=end\nx = <<~'TEXT'\n  \(words)\nTEXT\ny = %q{\(words)}\n"
        default:
            return
                "\(words)<?php\n// \(words)\n# \(words)\n/* \(words) */\n$x = <<<'TEXT'\n\(words)\nTEXT;\n$y = \"\(quoted.replacing("$", with: "\\$"))\";\n?>\(words)"
        }
    }

    var draft: (_ code: String) -> Draft {
        { code in
            switch language {
            case .csharp: MemoryTree(["a.csproj": Self.project, "Program.cs": code]).draft
            case .ruby: MemoryTree(["main.rb": code]).draft
            default: MemoryTree(["main.php": code]).draft
            }
        }
    }

    static let project =
        "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>"
}
