import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Every rule")
struct RuleTests {
    /// Languages whose rules can be written out as snippets.
    static let languages: [Language] = [.javascript, .python]

    /// What is asked for by each of many snippets, which are files of one package. Reading the rules takes longer than using them.
    private func asked(_ language: Language, _ snippets: [String]) -> [Set<Permission>] {
        var result: [Set<Permission>] = []
        for start in stride(from: 0, to: snippets.count, by: 100) {
            let batch = Array(snippets[start..<min(start + 100, snippets.count)])
            var files: [String: String] = [:]
            let ending = language == .python ? "py" : "ts"
            for (index, text) in batch.enumerated() { files["sample\(index).\(ending)"] = text }
            if language == .python {
                let scripts = batch.indices.map { "s\($0) = \"sample\($0):main\"\n" }.joined()
                files["pyproject.toml"] = "[project]\nname = \"sample\"\n[project.scripts]\n" + scripts
            } else {
                let bins = batch.indices.map { "\"s\($0)\": \"sample\($0).ts\"" }.joined(separator: ", ")
                files["package.json"] = "{\"name\": \"sample\", \"bin\": {\(bins)}}"
            }
            var found = [Set<Permission>](repeating: [], count: batch.count)
            let places = Dictionary(uniqueKeysWithValues: batch.indices.map { ("sample\($0).\(ending)", $0) })
            let draft = ManifestGenerator.draft(of: MemoryTree(files))
            #expect(draft.files == batch.count)
            for finding in draft.findings { found[places[finding.file]!].insert(finding.permission) }
            result += found
        }
        return result
    }

    @Test("Every rule matches the call that it names", arguments: languages)
    func matches(language: Language) {
        let rules = RuleParser.parse(language.rules).rules.filter { !$0.isExemption }
        let snippets = rules.map { RuleSnippet(rule: $0, language: language).matching }
        for (index, asked) in asked(language, snippets).enumerated() {
            let rule = rules[index]
            #expect(asked.isSuperset(of: rule.permissions), "\(rule.pattern): \(snippets[index])")
        }
    }

    @Test("No rule matches comments and strings", arguments: languages)
    func leavesAlone(language: Language) {
        let rules = RuleParser.parse(language.rules).rules
        let snippets = rules.map { RuleSnippet(rule: $0, language: language).other }
        for (index, asked) in asked(language, snippets).enumerated() {
            #expect(asked.isEmpty, "\(rules[index].pattern): \(snippets[index])")
        }
    }

    @Test("What a rule takes back is asked for by nothing", arguments: languages)
    func exemptions(language: Language) {
        let all = RuleParser.parse(language.rules).rules
        let rules = all.filter { rule in
            rule.isExemption && !rule.pattern.hasPrefix("#")
                && !all.contains { $0.pattern == rule.pattern && !$0.isExemption && !$0.isBelow }
        }
        let snippets = rules.map { RuleSnippet(rule: $0, language: language).matching }
        for (index, asked) in asked(language, snippets).enumerated() {
            #expect(asked.isEmpty, "\(rules[index].pattern): \(snippets[index])")
        }
    }

    @Test("No rule stands twice", arguments: languages)
    func once(language: Language) {
        var seen: Set<String> = []
        for rule in RuleParser.parse(language.rules).rules {
            let key = "\(rule.pattern) \(rule.isBelow) \(rule.permissions) \(rule.conditions)"
            #expect(seen.insert(key).inserted, "\(key)")
        }
    }

    static let typed: [Language] = [.go, .rust, .java, .kotlin, .swift]

    @Test("Every rule of a compiled language matches the call that it names", arguments: typed)
    func typedMatches(language: Language) {
        for rule in RuleParser.parse(language.rules).rules where !rule.isExemption {
            let snippet = TypedRuleSnippet(rule: rule, language: language)
            let asked = draft(language, snippet.matching, also: snippet.metadata).asked
            #expect(asked.isSuperset(of: rule.permissions), "\(rule.pattern): \(snippet.matching)")
        }
    }

    @Test("No rule of a compiled language matches comments, strings and what the program declares", arguments: typed)
    func typedLeavesAlone(language: Language) {
        let snippets = RuleParser.parse(language.rules).rules
            .map { TypedRuleSnippet(rule: $0, language: language) }.filter { !$0.isDependency }
        for start in stride(from: 0, to: snippets.count, by: 50) {
            let code = TypedRuleSnippet.quoted(Array(snippets[start..<min(start + 50, snippets.count)]))
            #expect(draft(language, code).asked.isEmpty, "\(code)")
        }
        for snippet in snippets {
            let own = draft(language, snippet.own)
            #expect(own.asked.isEmpty, "\(snippet.rule.pattern): \(snippet.own)")
        }
    }

    @Test("No rule of a compiled language stands twice", arguments: typed)
    func typedOnce(language: Language) {
        var seen: Set<String> = []
        for rule in RuleParser.parse(language.rules).rules {
            let key = "\(rule.pattern) \(rule.isBelow) \(rule.permissions) \(rule.conditions)"
            #expect(seen.insert(key).inserted, "\(key)")
        }
    }

    @Test("Every program in the table stands for something")
    func programs() {
        #expect(Programs.table.count > 300)
        let programs = Programs.table.sorted { $0.key < $1.key }
        let snippets = programs.map { "import {spawn} from 'child_process'; spawn('\($0.key)', []);" }
        for (index, found) in asked(.javascript, snippets).enumerated() {
            let facts = programs[index].value
            #expect(!facts.permissions.isEmpty && !facts.words.isEmpty, "\(programs[index].key)")
            #expect(found.isSuperset(of: facts.permissions), "\(programs[index].key)")
        }
    }
}
