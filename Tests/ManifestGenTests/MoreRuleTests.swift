import Testing

@testable import ManifestGen

@Suite("Every rule for C#, Ruby and PHP")
struct MoreRuleTests {
    static let languages: [Language] = [.csharp, .ruby, .php]

    @Test("Every rule matches the call that it names", arguments: languages)
    func matches(language: Language) {
        for rule in language.parsedRules.rules where !rule.isExemption {
            let snippet = MoreSnippet(rule: rule, language: language)
            let asked = snippet.draft(snippet.matching).asked
            #expect(asked.isSuperset(of: rule.permissions), "\(rule.pattern): \(snippet.matching)")
        }
    }

    @Test("No rule matches comments and strings", arguments: languages)
    func leavesAlone(language: Language) {
        for rule in language.parsedRules.rules where !rule.pattern.hasSuffix("`") {
            let snippet = MoreSnippet(rule: rule, language: language)
            let found = snippet.draft(snippet.other)
            #expect(found.asked.isEmpty && found.files == 1, "\(rule.pattern): \(snippet.other)")
        }
    }

    @Test("What a rule takes back is asked for by nothing", arguments: languages)
    func exemptions(language: Language) {
        let rules = language.parsedRules.rules
        for rule in rules where rule.isExemption {
            let snippet = MoreSnippet(rule: rule, language: language)
            #expect(snippet.draft(snippet.matching).asked.isEmpty, "\(rule.pattern): \(snippet.matching)")
        }
    }

    @Test("No rule stands twice", arguments: languages + [.shell])
    func once(language: Language) {
        var seen: Set<String> = []
        for rule in language.parsedRules.rules {
            let key = "\(rule.pattern) \(rule.isBelow) \(rule.permissions) \(rule.conditions)"
            #expect(seen.insert(key).inserted, "\(key)")
        }
    }
}
