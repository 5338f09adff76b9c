import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Every rule")
struct RuleTests {
    /// Languages whose rules can be written out as snippets.
    static let languages: [Language] = [.javascript, .python]

    @Test("Every rule matches the call that it names", arguments: languages)
    func matches(language: Language) {
        for rule in RuleParser.parse(language.rules).rules where !rule.isExemption {
            let snippet = RuleSnippet(rule: rule, language: language)
            let asked = draft(language, snippet.matching).asked
            #expect(asked.isSuperset(of: rule.permissions), "\(rule.pattern): \(snippet.matching)")
        }
    }

    @Test("No rule matches comments and strings", arguments: languages)
    func leavesAlone(language: Language) {
        for rule in RuleParser.parse(language.rules).rules {
            let snippet = RuleSnippet(rule: rule, language: language)
            let found = draft(language, snippet.other)
            #expect(found.asked.isEmpty, "\(rule.pattern): \(snippet.other)")
        }
    }

    @Test("What a rule takes back is asked for by nothing", arguments: languages)
    func exemptions(language: Language) {
        for rule in RuleParser.parse(language.rules).rules where rule.isExemption && !rule.pattern.hasPrefix("#") {
            let snippet = RuleSnippet(rule: rule, language: language)
            let others = RuleParser.parse(language.rules).rules.contains {
                $0.pattern == rule.pattern && !$0.isExemption && !$0.isBelow
            }
            if others { continue }
            #expect(draft(language, snippet.matching).asked.isEmpty, "\(rule.pattern): \(snippet.matching)")
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
        for (name, facts) in Programs.table {
            #expect(!facts.permissions.isEmpty && !facts.words.isEmpty, "\(name)")
            let found = draft(.javascript, "import {spawn} from 'child_process'; spawn('\(name)', []);")
            #expect(found.needed.isSuperset(of: facts.permissions), "\(name)")
        }
    }
}
