@testable import ManifestGen

/// Code that a rule is about, in the languages with compiled packages: written from the rule's own pattern.
struct TypedRuleSnippet {
    let rule: Rule
    let language: Language

    // MARK: The pattern

    private enum Piece: Equatable { case name(String), call, element }

    private var isReceiver: Bool { rule.pattern.hasPrefix("?.") }
    private var isGlobal: Bool { rule.pattern.hasPrefix("#") }
    /// What stands before `#`: a Go package, or an artifact that a project depends on.
    private var module: String? {
        guard !isReceiver, !isGlobal, let hash = rule.pattern.firstIndex(of: "#") else { return nil }
        return String(rule.pattern[..<hash]).replacing("*", with: "x")
    }
    var isDependency: Bool { rule.pattern.hasPrefix("dependency:") }

    private var pieces: [Piece] {
        var text = Substring(rule.pattern)
        if isReceiver { text = text.dropFirst(2) }
        if isGlobal { text = text.dropFirst() }
        if let hash = text.firstIndex(of: "#") { text = text[text.index(after: hash)...] }
        var found: [Piece] = []
        var name = ""
        func take() {
            if !name.isEmpty { found.append(.name(name.replacing("*", with: "x"))) }
            name = ""
        }
        for character in text {
            switch character {
            case ".": take()
            case "(": take(); found.append(.call)
            case "[": take(); found.append(.element)
            case ")", "]": continue
            default: name.append(character)
            }
        }
        take()
        if rule.isBelow { found.append(.name(language == .go && found.isEmpty ? "Member" : "member")) }
        return found
    }

    private var firstName: String { names.first ?? "x" }
    private var lastName: String { names.last ?? "x" }
    private var names: [String] { pieces.compactMap { if case .name(let name) = $0 { name } else { nil } } }

    // MARK: Arguments

    private var arguments: String { list(positional, named) }

    private var positional: [String] {
        var found: [Int: String] = [:]
        for (slot, value) in wanted { if let index = slot.index, index < 9 { found[index] = value } }
        guard let last = found.keys.max() else { return [] }
        return (0...last).map { found[$0] ?? "\"text\"" }
    }

    private var named: [(String, String)] {
        wanted.compactMap { slot, value in
            guard let name = slot.name, slot.index == nil || slot.index! >= 9 else { return nil }
            return (name, value)
        }
    }

    private var wanted: [(Rule.Slot, String)] {
        rule.conditions.compactMap { condition in
            switch condition {
            case .argument(let slot, let values, _): (slot, literal(values[0]))
            case .given(let slot, let values): (slot, "\"\(values.first == "other" ? "another" : "other")\"")
            case .contains(let slot, let values, _): (slot, quotedText(values[0]))
            default: nil
            }
        }
    }

    private func list(_ positional: [String], _ named: [(String, String)]) -> String {
        (positional + named.map { language == .kotlin ? "\($0.0) = \($0.1)" : "\($0.0): \($0.1)" })
            .joined(separator: ", ")
    }

    private func quotedText(_ value: String) -> String {
        "\"\(language == .kotlin ? value.replacing("$", with: "\\$") : value)\""
    }

    private func literal(_ value: String) -> String {
        Int(value) != nil || value == "true" || value == "false" ? value : "\"\(value)\""
    }

    private var kind: Use.Kind? {
        for condition in rule.conditions { if case .kind(let kind) = condition { return kind } }
        return nil
    }

    // MARK: Expressions

    private var path: String { language == .rust ? "::" : "." }

    /// The pattern as an expression, `root` standing for what comes before its first name.
    private func expression(_ root: String) -> String {
        var text = root
        var wasCalled = isReceiver || root == "m"
        var isPath = language == .rust && root.isEmpty
        for piece in pieces {
            switch piece {
            case .name(let name):
                if text.isEmpty {
                    text = name
                } else {
                    text += (isPath && !wasCalled ? path : ".") + name
                }
            case .call:
                text += "(\"text\")"
                wasCalled = true
                isPath = false
            case .element:
                text += "[\"KEY\"]"
                wasCalled = true
            }
        }
        return text
    }

    private func statement(_ root: String) -> String {
        var target = expression(root)
        // `new` stands before the first type that is called.
        if language == .java, !isReceiver {
            let beforeCall = pieces.prefix { $0 != .call }
            let isMade = pieces.contains(.call) || kind != .reference
            if isMade, case .name(let name)? = beforeCall.last, name.first?.isUppercase ?? false {
                target = "new " + target
            }
        }
        if kind == .assignment { return "\(target) = \"value\"" }
        if target.hasSuffix("]") || target.hasSuffix(")") { return "use(\(target))" }
        if language == .go, !named.isEmpty { return "use(\(target){\(list([], named))})" }
        return "\(target)(\(arguments))"
    }

    // MARK: Files

    private var importedName: String? {
        for condition in rule.conditions { if case .imports(let name) = condition { return name } }
        return nil
    }

    private func file(_ body: String, declarations: String = "", imports: [String] = []) -> String {
        var head = ""
        switch language {
        case .go:
            head = "package main\n" + imports.map { "import m \"\($0)\"\n" }.joined()
            if let name = importedName { head += "import q \"\(name)\"\n" }
            return "\(head)\(declarations)\nfunc main() {\n\(body)\n}\n"
        case .rust:
            if let name = importedName { head = "use \(name)::Thing;\n" }
            return "\(head)\(declarations)\nfn main() {\n\(body);\n}\n"
        case .java:
            if let name = importedName { head = "import a.\(name).Thing;\n" }
            return "\(head)\(declarations)\nclass Sample {\n  void run(Object u) {\n    \(body);\n  }\n}\n"
        case .kotlin:
            if let name = importedName { head = "import a.\(name).Thing\n" }
            return "\(head)\(declarations)\nfun main(u: Any) {\n  \(body)\n}\n"
        default:
            if let name = importedName { head = "import \(name)\n" }
            return "\(head)\(declarations)\nfunc main(_ u: Any) {\n  \(body)\n}\n"
        }
    }

    private var root: String {
        isReceiver ? (language == .go ? "h.u" : "u") : module != nil ? "m" : ""
    }
    private var modules: [String] { isDependency ? [] : module.map { [$0] } ?? [] }

    /// Must match.
    var matching: String {
        if isDependency { return file("") }
        if isReceiver, language == .go {
            return file("h := holder{}\n\(statement(root))", declarations: "type holder struct{ u interface{} }")
        }
        if isReceiver, language == .rust { return file("let u = match 1 { _ => made() };\n\(statement(root))") }
        return file(statement(root), imports: modules)
    }

    /// Must not match: the same words in a comment and in a string. What stands in the body of a function.
    private var quotedBody: String {
        let words = statement(root)
        let plain = words.replacing("\"", with: "'").replacing("\\", with: "")
        let text =
            switch language {
            case .go: "x := `\(plain)`"
            case .rust: "let x = r#\"\(words)\"#"
            case .java: "String x = \"\(plain)\""
            case .kotlin: "val x = \"\"\"\(plain.replacing("$", with: ""))\"\"\""
            default: "let x = #\"\(plain)\"#"
            }
        return "// \(words)\n/* \(words) */\n\(text)"
    }

    /// Many of them in one file.
    static func quoted(_ snippets: [TypedRuleSnippet]) -> String {
        snippets.first?.file(snippets.map { "  " + $0.quotedBody + "\n" }.joined()) ?? ""
    }

    /// Must not match: the program declares what the pattern begins with, or the method that it asks for.
    var own: String {
        if isReceiver { return ownMethod }
        switch language {
        case .go:
            let methods = Set(names).sorted().map { "func (o own) \($0)() own { return o }\n" }.joined()
            return file("m := own{}\n\(statement("m"))", declarations: "type own struct{}\n\(methods)")
        case .rust: return file(statement(""), declarations: "mod \(firstName) {\n  pub fn nothing() {}\n}")
        case .java, .kotlin:
            // The type of the rule by its simple name, which the same package declares.
            let type = names.firstIndex { $0.first?.isUppercase ?? false }
            guard let type else {
                let name = lastName
                return language == .java
                    ? file("\(name)(\(arguments))", declarations: "class Other { static void \(name)() {} }")
                    : file("\(name)(\(arguments))", declarations: "fun \(name)() {}")
            }
            let member = names.count > type + 1 ? ".\(lastName)(\(arguments))" : ""
            let made = language == .java ? "new \(names[type])()\(member)" : "\(names[type])()\(member)"
            let method = language == .java ? "void \(lastName)() {}" : "fun \(lastName)() {}"
            return file(made, declarations: "class \(names[type]) { \(method) }")
        default:
            guard firstName.first!.isUppercase else {
                return file(statement(""), declarations: "func \(firstName)() {}")
            }
            let inner = names.dropFirst().dropLast().map { "static let \($0) = \(firstName)()" }
            let declaration =
                "struct \(firstName) {\n  \(inner.joined(separator: "\n  "))\n  func \(lastName)() {}\n}"
            return file(statement(""), declarations: declaration)
        }
    }

    private var ownMethod: String {
        let name = firstName
        switch language {
        case .go:
            return file(
                "var o own\no.\(name)(\(arguments))",
                declarations: "type own struct{}\nfunc (o own) \(name)() {}")
        case .rust:
            return file(
                "let o: Own = make();\no.\(name)(\(arguments))",
                declarations: "struct Own;\nimpl Own {\n  fn \(name)(&self) {}\n}")
        case .java:
            return file(
                "Own o = make();\no.\(name)(\(arguments))", declarations: "class Own {\n  void \(name)() {}\n}")
        case .kotlin:
            return file(
                "val o: Own = make()\n  o.\(name)(\(arguments))", declarations: "class Own {\n  fun \(name)() {}\n}")
        default:
            return file(
                "let o: Own = make()\n  o.\(name)(\(arguments))", declarations: "struct Own {\n  func \(name)() {}\n}")
        }
    }

    /// The project around the code.
    var metadata: [String: String] {
        guard isDependency, let module else { return [:] }
        let name = module.dropFirst("dependency:".count)
        return [
            "pom.xml": """
            <project><artifactId>sample</artifactId><dependencies><dependency>
            <groupId>g</groupId><artifactId>\(name)</artifactId>
            </dependency></dependencies></project>
            """
        ]
    }
}
