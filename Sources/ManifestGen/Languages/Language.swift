import Synchronization

/// A language whose files are read.
public enum Language: String, CaseIterable, Hashable, Sendable {
    case javascript, python, go, rust, java, kotlin, csharp, swift, ruby, php, shell

    var ordinal: Int { Self.allCases.firstIndex(of: self)! }

    public var title: String {
        switch self {
        case .javascript: "JavaScript and TypeScript"
        case .python: "Python"
        case .go: "Go"
        case .rust: "Rust"
        case .java: "Java"
        case .kotlin: "Kotlin"
        case .csharp: "C#"
        case .swift: "Swift"
        case .ruby: "Ruby"
        case .php: "PHP"
        case .shell: "shell"
        }
    }

    /// How files of the language end.
    var extensions: [String] {
        switch self {
        case .javascript: ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"]
        case .python: ["py", "pyw"]
        case .go: ["go"]
        case .rust: ["rs"]
        case .java: ["java"]
        case .kotlin: ["kt", "kts"]
        case .csharp: ["cs"]
        case .swift: ["swift"]
        case .ruby: ["rb", "ru"]
        case .php: ["php"]
        case .shell: ["sh", "bash", "zsh"]
        }
    }

    /// The language of a path by its ending.
    init?(path: some StringProtocol) {
        let path = Substring(path)
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let ending = String(path[path.utf8.index(after: dot)...])
        guard let language = Self.byExtension[ending] else { return nil }
        self = language
    }

    private static let byExtension: [String: Language] = {
        var table: [String: Language] = [:]
        for language in allCases { for ending in language.extensions { table[ending] = language } }
        return table
    }()

    /// How it is written. Shared: building the tables takes longer than a small file.
    var syntax: CompiledSyntax { Self.syntaxes[ordinal] }

    private static let syntaxes: [CompiledSyntax] = allCases.map { language in
        switch language {
        case .javascript: CompiledSyntax(.javascript)
        case .python: CompiledSyntax(.python)
        case .go: CompiledSyntax(.go)
        case .rust: CompiledSyntax(.rust)
        case .java: CompiledSyntax(.java)
        case .kotlin: CompiledSyntax(.kotlin)
        case .csharp: CompiledSyntax(.csharp)
        case .swift: CompiledSyntax(.swift)
        case .ruby: CompiledSyntax(.ruby)
        case .php: CompiledSyntax(.php)
        case .shell: CompiledSyntax(.shell)
        }
    }

    /// Its rules, read once.
    var parsedRules: RuleParser.Parsed {
        Self.parsed.withLock { known in
            if let rules = known[self] { return rules }
            let rules = RuleParser.parse(self.rules)
            known[self] = rules
            return rules
        }
    }

    private static let parsed = Mutex<[Language: RuleParser.Parsed]>([:])

    /// The rules that its code is judged by, as text.
    var rules: String {
        switch self {
        case .javascript: RuleText.javascript
        case .python: RuleText.python
        case .go: RuleText.go
        case .rust: RuleText.rust
        case .java: RuleText.java
        case .kotlin: RuleText.kotlin
        case .swift: RuleText.swift
        case .csharp: RuleText.csharp
        case .ruby: RuleText.ruby
        case .php: RuleText.php
        case .shell: RuleText.shell
        }
    }
}
