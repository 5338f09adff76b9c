import LinearRegex
import Testing

@Suite struct LinearRegexTests {
    @Test(arguments: [("a+b", "xaab", true), ("^b", "ab", false), ("é.", "caféx", true), ("", "", true)])
    func patternsAreSearchedAnywhere(pattern: String, text: String, matches: Bool) throws {
        #expect(try LinearRegex(pattern).matches(text) == matches)
    }

    @Test func caseIsIgnoredWhenAsked() throws {
        #expect(try LinearRegex("BEGIN", ignoresCase: true).matches("begin"))
        #expect(try !LinearRegex("BEGIN").matches("begin"))
    }

    @Test(arguments: ["(", "a{1000000}", "(?=x)", "(a)\\1"]) func whatIsNotLinearIsRefused(pattern: String) {
        #expect(throws: PatternError.self) { try LinearRegex(pattern) }
    }

    @Test func theFirstMatchIsGivenInBytes() throws {
        var text = "żółw 42"
        let regex = try LinearRegex("[0-9]+")
        // The buffer is the text's own, for as long as the closure runs.
        #expect(text.withUTF8 { unsafe regex.firstMatch(in: $0) } == 8..<10)
    }

    @Test func aSetTellsWhichPatternsMatch() throws {
        var text = "xab"
        let set = try LinearRegexSet(["a", "c", "ab$"])
        // The buffer is the text's own, for as long as the closure runs.
        #expect(text.withUTF8 { unsafe set.matches(in: $0) } == [0, 2])
    }
}
