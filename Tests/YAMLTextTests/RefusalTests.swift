import Testing
import YAMLText

/// The error that reading `bytes` ends with.
func refusal(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> YAMLError? {
    do {
        _ = try YAMLReader.read(bytes, limits: limits)
        return nil
    } catch { return error }
}

@Suite("What the YAML reader refuses")
struct RefusalTests {
    @Test(
        "A text with two meanings is refused, with its place",
        arguments: [
            ("a: 1\n---\nb: 2\n", "2:1: a second document; only one is read here"),
            ("a: 1\n...\n---\n", "3:1: a second document; only one is read here"),
            ("a: &x 1\n", "1:4: anchors (`&name`) are not read here"),
            ("&x a: 1\n", "1:1: anchors (`&name`) are not read here"),
            ("a: &x [b]\n", "1:4: anchors (`&name`) are not read here"),
            ("a: &x {b: c}\n", "1:4: anchors (`&name`) are not read here"),
            (
                "a:\n  - *x\n",
                "2:5: aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
            ),
            // A pattern, not even an alias to libyaml.
            (
                "a:\n  - *.example.org\n",
                "2:5: aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
            ),
            (
                "*x : b\n",
                "1:1: aliases (`*name`) are not read here; an entry that begins with `*` is written in quotes"
            ),
            ("a: !secret b\n", "1:4: tags such as `!name` are not read here"),
            ("a: ! 12\n", "1:4: tags such as `!name` are not read here"),  // text to YAML, a number to libyaml
            ("a: !\n", "1:4: tags such as `!name` are not read here"),
            ("a: ! [b]\n", "1:4: tags such as `!name` are not read here"),
            ("a: !!binary aGk=\n", "1:4: tags such as `!name` are not read here"),
            ("a: !!set {b}\n", "1:4: tags such as `!name` are not read here"),
            ("a: !!map [b]\n", "1:4: tags such as `!name` are not read here"),
            ("a: !!int b\n", "1:4: this is no value for its tag"),
            ("a: !!bool yes\n", "1:4: this is no value for its tag"),
            ("%TAG ! tag:yaml.org,2002:\n---\na: !int 1\n", "1:1: tag directives (`%TAG`) are not read here"),
            ("a: 1\nb: 2\n\"a\": 3\n", "3:1: the key `a` stands here twice"),
            // no raw escapes in messages
            ("{\"\\e[31m\": 1, \"\\e[31m\": 2}", "1:15: the key (5 characters) stands here twice"),
            ("{é: 1, e\u{301}: 2}", "1:8: the key `e\u{301}` stands here twice"),
            ("<<: {a: 1}\n", "1:1: merge keys (`<<`) are not read here"),
            ("[a]: b\n", "1:1: a key is a plain word"),
            ("? {a: b}\n: c\n", "1:3: a key is a plain word"),
            ("{~: b}\n", "1:2: a key is a plain word"),
            ("a: b\rc: d\n", "1:5: a carriage return without a line feed"),
            ("a: b\r", "1:5: a carriage return without a line feed"),
            ("a: b\u{85}c: d\n", "1:5: the character U+0085 is not allowed here"),
            ("é: b\u{2028}c: d\n", "1:5: the character U+2028 is not allowed here"),
            ("a: b # \u{1B}[2K\n", "1:8: the character U+001B is not allowed here"),
            ("a: \0\n", "1:4: the character U+0000 is not allowed here"),
            ("a: 1\nb: \u{FEFF}c\n", "2:4: the character U+FEFF is not allowed here"),
            ("a: \u{FFFF}\n", "1:4: the character U+FFFF is not allowed here"),
        ])
    func ambiguity(text: String, expected: String) {
        #expect(refusal(Array(text.utf8))?.description == expected)
    }

    @Test(
        "What is no YAML is refused at its place",
        arguments: [
            ("a: [b\n", 2, 1), ("a: b: c\n", 1, 5), ("a: 'b\n", 2, 1), ("a: \"\\q\"\n", 1, 5),
            ("a: \"\\uD800\"\n", 1, 7),
            ("a:\n\t- b\n", 2, 1), ("a: b\n c: d\n", 2, 3), ("a: b\n}\n", 2, 1), ("- a\nb: c\n", 2, 1),
            ("a: @b\n", 1, 4),
            ("%YAML 3.0\n---\na: b\n", 1, 1), ("a: %b\n", 1, 4), ("a: |x\n  b\n", 1, 5), ("{a: b", 2, 1),
        ])
    func syntax(text: String, line: Int, column: Int) {
        let error = refusal(Array(text.utf8))
        #expect(error.map { [$0.line, $0.column] } == [line, column], "\(String(describing: error))")
        #expect(error?.message.isEmpty == false)
    }

    @Test(
        "What is no UTF-8 is refused at its place",
        arguments: [
            ([0xFF, 0xFE, 0x61, 0x00], 1, 1),  // UTF-16, which YAML itself would read
            ([0x61, 0x0A, 0xC3, 0xA9, 0xC3, 0x28], 2, 2),
            ([0x61, 0xC0, 0xAF], 1, 2),  // two bytes for a slash
            ([0x61, 0xED, 0xA0, 0x80], 1, 2),  // half of a pair
            ([0x61, 0xF0, 0x9F, 0x98], 1, 2),  // breaks off
        ] as [([UInt8], Int, Int)])
    func encoding(bytes: [UInt8], line: Int, column: Int) {
        let error = refusal(bytes)
        #expect(error?.message == "the text is not UTF-8")
        #expect(error.map { [$0.line, $0.column] } == [line, column])
    }
}
