import Testing

@testable import ManifestGen

@Suite("Tokens")
struct LexerTests {
    @Test("A comment is no token")
    func comment() {
        let names = NameTable(words: Word.texts)
        var lexer = Lexer(Array("a // b\n/* c */ d".utf8), Language.javascript.syntax, names)
        lexer.run()
        #expect(lexer.tokens.map { names.text($0.value) } == ["a", "d"])
    }
}
