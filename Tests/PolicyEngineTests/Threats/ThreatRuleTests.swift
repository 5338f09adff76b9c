import Testing

@testable import PolicyEngine

@Suite struct ThreatRuleTests {
    @Test func idsAreUniqueAndTellTheCategory() {
        #expect(Set(ThreatRule.all.map(\.id)).count == ThreatRule.all.count)
        let prefixes: [ThreatCategory: String] = [
            .promptInjection: "pi.", .commandInjection: "ci.", .secretExfiltration: "se.", .pathTraversal: "pt.",
            .suspiciousURL: "su.", .hiddenText: "hu.", .encodedText: "en.",
        ]
        for rule in ThreatRule.all {
            #expect(rule.id.hasPrefix(prefixes[rule.category] ?? "?"))
            #expect((1...5).contains(rule.weight) && !rule.meaning.isEmpty)
        }
    }

    /// A text that no pattern finds again is a rule that does nothing.
    @Test func everyTextOfTheTableIsFound() {
        for rule in ThreatRule.all {
            for case .text(let pattern) in rule.patterns {
                let text = "x " + (pattern.hasSuffix("*") ? String(pattern.dropLast()) : pattern) + " 1"
                #expect(ThreatScanner().scan(text).counts[rule.id] != nil, "\(pattern)")
            }
        }
    }

    @Test func everyPhraseOfTheTableIsFound() {
        for rule in ThreatRule.all {
            for case .words(let phrase) in rule.patterns {
                let words = phrase.split(separator: " ").filter { !$0.hasPrefix("<") }.map { part in
                    let first = part.split(separator: "|")[0]
                    return String(first.hasSuffix("*") ? first.dropLast() : first)
                }
                #expect(ThreatScanner().scan(words.joined(separator: " ")).counts[rule.id] != nil, "\(phrase)")
            }
        }
    }
}
