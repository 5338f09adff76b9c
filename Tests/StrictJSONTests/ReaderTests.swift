import StrictJSON
import Testing

/// Every error as `line:column kind`.
private func faults(_ text: String, limits: JSONLimits = JSONLimits()) -> [String] {
    faults(Array(text.utf8), limits: limits)
}

private func faults(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> [String] {
    JSONReader.recover(bytes, limits: limits).errors.map { "\($0.position) \($0.kind)" }
}

@Suite("Reading JSON")
struct ReaderTests {
    @Test(
        "Valid texts come back as they were written",
        arguments: [
            "null", "true", "[]", "{}", "0", "-0", "1.50", "1e3", "-12.5E-2", #""""#, "[1,2,[3]]",
            #"{"b":1,"a":{"c":[null,false]}}"#,
            "9223372036854775808",  // beyond Int64: kept as text
            "1e-999",  // too small is zero, not an error
        ])
    func roundTrip(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).text() == text)
    }

    @Test("White space of all four kinds is passed over")
    func whiteSpace() throws {
        #expect(try JSONValue(parsing: Array(" \t\r\n[ 1 ,\n2 ] \n".utf8)) == [1, 2])
    }

    @Test(
        "Escapes are undone",
        arguments: [
            (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud83d\ude00""#, "😀"),
            (#""\u0000""#, "\0"),
            ("\"grüße 😀\"", "grüße 😀"),
        ])
    func escapes(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .string(expected))
    }

    @Test(
        "G2: what readers disagree on is refused, with its place",
        arguments: [
            (#"{"a":1,"a":2}"#, ["1:8 duplicateKey"]),
            (#"{"a":1,"\u0061":2}"#, ["1:8 duplicateKey"]),  // the same after unescaping
            ("{\"\u{e9}\":1,\"e\u{301}\":2}", ["1:8 duplicateKey"]),  // the same to a reader that normalises
            ("\u{FEFF}{}", ["1:1 encoding"]),
            (#"["\ud83d"]"#, ["1:3 encoding"]),
            (#"["\ude00\ud83d"]"#, ["1:3 encoding", "1:9 encoding"]),  // the halves swapped
            ("[\"\u{1}\"]", ["1:3 encoding"]),
            ("[\"\t\"]", ["1:3 encoding"]),
            ("// x\n[1]", ["1:1 syntax"]),
            ("[1 /* x */, 2]", ["1:4 syntax"]),
            ("/*/ [1]", ["1:1 syntax", "1:8 syntax"]),  // `/*/` opens a comment and does not close it
            ("# x\n[1]", ["1:1 syntax"]),
            ("[1,]", ["1:3 syntax"]),
            (#"{"a":1,}"#, ["1:7 syntax"]),
            ("[,1]", ["1:2 syntax"]),
            ("[NaN]", ["1:2 syntax"]),
            ("[-Infinity]", ["1:2 number"]),
            ("[True]", ["1:2 syntax"]),
            ("[01]", ["1:2 number"]),
            ("[-01]", ["1:2 number"]),
            ("[1.]", ["1:2 number"]),
            ("[.5]", ["1:2 number"]),
            ("[+1]", ["1:2 number"]),
            ("[1e]", ["1:2 number"]),
            ("[0x10]", ["1:2 number"]),
            ("[1e999]", ["1:2 number"]),
            ("[-1e999]", ["1:2 number"]),
            ("['a']", ["1:2 syntax"]),
            ("{a:1}", ["1:2 syntax"]),
            ("[1 2]", ["1:4 syntax"]),
            (#"{"a" 1}"#, ["1:6 syntax"]),
            (#"{"a":1 "b":2}"#, ["1:8 syntax"]),
            (#"["\x"]"#, ["1:3 syntax"]),
            (#"["\u12"]"#, ["1:3 syntax"]),
            ("[\"a\nb\"]", ["1:4 syntax"]),
            ("{} {}", ["1:4 syntax"]),
            ("", ["1:1 syntax"]),
            (" \n ", ["2:2 syntax"]),
            ("[1", ["1:3 syntax"]),
            (#"{"a""#, ["1:5 syntax"]),
            ("\"abc", ["1:5 syntax"]),
            ("\"abc\\", ["1:6 syntax"]),
            ("[1}", ["1:3 syntax"]),
            ("]", ["1:1 syntax"]),
        ])
    func refused(text: String, expected: [String]) {
        #expect(faults(text) == expected)
        #expect(throws: JSONErrors.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test(
        "G4: bytes that are no UTF-8 are refused",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        #expect(faults(Array("[\"".utf8) + bytes + Array("\"]".utf8)) == ["1:3 encoding"])
    }

    @Test(
        "G4: UTF-16 and UTF-32 are named, not called a syntax error",
        arguments: [
            [0xFF, 0xFE, 0x7B, 0x00], [0xFE, 0xFF, 0x00, 0x7B], [0x7B, 0x00, 0x7D, 0x00], [0x00, 0x7B],
        ] as [[UInt8]])
    func otherEncodings(bytes: [UInt8]) {
        #expect(faults(bytes) == ["1:1 encoding"])
    }

    @Test("All errors of a text are reported, in its order")
    func allErrors() {
        let text = """
            {
              "a": 01,
              'b': "\\ud800",
              "c": [1, 2,],
              "a": tru, // no
              "ü": 1, "ü": 2,
            }
            """
        #expect(
            faults(text) == [
                "2:8 number", "3:3 syntax", "3:9 encoding", "4:13 syntax", "5:3 duplicateKey", "5:8 syntax",
                "5:13 syntax",
                "6:11 duplicateKey", "6:17 syntax",
            ])
    }

    @Test(
        "Every duplicate is named with the place of the first, in objects of any size", arguments: [2, 11, 12, 13, 500])
    func duplicates(count: Int) {
        let members = (0..<count).map { "\"k\($0)\":0" } + ["\"k0\":1", "\"k\(count - 1)\":1"]
        let errors = JSONReader.recover(Array("{\(members.joined(separator: ","))}".utf8)).errors
        #expect(errors.map(\.kind) == [.duplicateKey, .duplicateKey])
        #expect(errors.first?.message == "duplicate key `k0`, first at 1:2")
    }

    @Test("Columns count characters, not bytes, also far into a long line")
    func columns() {
        let filler = String(repeating: "é", count: 3000)
        #expect(faults("[\"\(filler)\", 01]") == ["1:3006 number"])
        #expect(faults("[\n\"\(filler)\",\n  01]") == ["3:3 number"])
    }

    @Test("Nodes and keys know where they stood")
    func positions() throws {
        let bytes = Array("{\n  \"ä\": [1,\n 2]}".utf8)
        let node = try JSONReader.read(bytes)
        let lines = LineIndex(bytes)
        guard case .object(let members) = node.content, case .array(let elements) = members[0].node.content else {
            Issue.record("not the tree that was written")
            return
        }
        #expect(lines.position(at: members[0].keyOffset) == JSONPosition(line: 2, column: 3))
        #expect(lines.position(at: elements[1].offset) == JSONPosition(line: 3, column: 2))
    }

    @Test("Numbers keep their text; only whole ones that fit are integers")
    func numbers() throws {
        let numbers = try JSONValue(parsing: Array("[1, 1.0, 9223372036854775807, 9223372036854775808, -0]".utf8))
        #expect(numbers.array?.map(\.int64) == [1, nil, .max, nil, 0])
        guard case .number(let big) = numbers.array?[3] else { return }
        #expect(big.double == 9.223372036854775808e18)
    }

    @Test("What was unreadable is marked in the recovered tree, and the rest is kept")
    func recovered() {
        let (node, errors) = JSONReader.recover(Array(#"{"a":01,"b":"x","b":"y"}"#.utf8))
        #expect(errors.count == 2)
        guard case .object(let members) = node?.content else {
            Issue.record("no tree")
            return
        }
        #expect(members.map(\.key) == ["a", "b", "b"])
        #expect(members[0].node.content == .unreadable)
    }
}
