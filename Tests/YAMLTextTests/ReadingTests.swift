import Testing
import YAMLText

/// A tree as one line: `{key: value}`, `[item]`, quoted scalars in quotes.
func outline(_ node: YAMLNode?) -> String {
    switch node?.content {
    case nil: "nothing"
    case .scalar(let scalar): scalar.style == .quoted ? "'\(scalar.text)'" : scalar.text
    case .sequence(let items): "[" + items.map(outline).joined(separator: ", ") + "]"
    case .mapping(let members): "{" + members.map { "\($0.key): \(outline($0.node))" }.joined(separator: ", ") + "}"
    }
}

@Suite("Reading YAML")
struct ReadingTests {
    @Test(
        "A document becomes a tree",
        arguments: [
            ("", "nothing"),
            ("# only a comment\n", "nothing"),
            ("---\n...\n", ""),  // one empty value is not the same as no document
            ("%YAML 1.2\n---\na: 1\n", "{a: 1}"),
            ("\u{FEFF}a: 1\n", "{a: 1}"),
            ("a:\n  - b\n  - c # why\nd: e", "{a: [b, c], d: e}"),
            ("a:\n- b\n", "{a: [b]}"),  // a sequence may stand below its key without more spaces
            ("{a: [b, 'c'], \"d\": {e: f}}", "{a: [b, 'c'], d: {e: f}}"),
            ("a: [\n  b,\n  c,\n]\n", "{a: [b, c]}"),
            ("a: b\r\nc:\r\n  - d\r\n", "{a: b, c: [d]}"),
            ("a:\tb\n", "{a: b}"),  // a tab may separate, it may not indent
            ("a: one\n  two\n\n  three\n", "{a: one two\nthree}"),
            ("a: \"one\n  two\\\n  three\"\n", "{a: 'one twothree'}"),
            ("a: |\n  one\n  two\nb: >-\n  three\n  four\n", "{a: 'one\ntwo\n', b: 'three four'}"),
            ("'it''s': \"\\x41\\u00e9\\U0001F600\\t\"", "{it's: 'Aé😀\t'}"),
            ("? a\n: b\n", "{a: b}"),
            ("a: !!str 80\nb: !!int \"80\"\nc: !!float 1\nd: !!null\n", "{a: '80', b: 80, c: 1, d: }"),
            ("!!map {a: !!seq [b]}", "{a: [b]}"),
            ("a: https://example.org:80/#part\n", "{a: https://example.org:80/#part}"),
            ("a: \"*.example.org\"\n", "{a: '*.example.org'}"),
        ])
    func tree(text: String, expected: String) throws {
        #expect(outline(try YAMLReader.read(Array(text.utf8))) == expected)
    }

    @Test(
        "Lines and columns count from 1, in Unicode scalars, with and without a byte order mark",
        arguments: ["", "\u{FEFF}"])
    func places(mark: String) throws {
        let root = try #require(try YAMLReader.read(Array((mark + "ab: [c,\r\n  é😀, 'd']\nef: !!str g\n").utf8)))
        guard case .mapping(let members) = root.content, case .sequence(let items) = members[0].node.content else {
            Issue.record("\(root)")
            return
        }
        let places = items.map { [$0.line, $0.column] } + [members[1].node].map { [$0.line, $0.column] }
        #expect(places == [[1, 6], [2, 3], [2, 7], [3, 5]])
        #expect([members[1].line, members[1].column, root.line, root.column] == [3, 1, 1, 1])
    }

    @Test(
        "Plain scalars are typed as the core schema of YAML 1.2 does",
        arguments: [
            ("null", YAMLScalar.Kind.null), ("~", .null), ("", .null), ("NULL", .null), ("nULL", .text),
            ("true", .bool), ("False", .bool), ("tRUE", .text),
            ("yes", .text), ("no", .text), ("on", .text), ("Off", .text), ("y", .text),  // booleans in YAML 1.1
            ("0", .integer), ("-17", .integer), ("+5432", .integer), ("007", .integer), ("0x1F", .integer),
            ("0o17", .integer),
            ("0x", .text), ("0o8", .text), ("-0x1", .text), ("-", .text), ("+", .text),
            ("1_000", .text), ("22:30", .text), ("0b1", .text), ("2001-01-01", .text),  // numbers and times in YAML 1.1
            ("1.5", .float), ("1.", .float), (".5", .float), ("1e3", .float), ("-1.5E-3", .float), ("-.inf", .float),
            (".NaN", .float),
            (".", .text), ("e3", .text), ("1e", .text), ("1e+", .text), ("1.2.3", .text), (".e1", .text),
            ("127.0.0.1", .text),
            ("٣", .text), ("1\u{301}", .text),  // a digit of another script; a digit that carries an accent
        ])
    func kinds(text: String, kind: YAMLScalar.Kind) {
        #expect(YAMLScalar(text, .plain).kind == kind)
        #expect(YAMLScalar(text, .quoted).kind == .text)
    }
}
