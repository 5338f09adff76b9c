import StrictJSON
import Testing

@Suite("Writing JSON")
struct WriterTests {
    @Test("Members stay in their order, without white space")
    func compact() {
        let value: JSONValue = ["b": 1, "a": [true, .null, "x"], "empty": [], "none": [:]]
        #expect(value.text() == #"{"b":1,"a":[true,null,"x"],"empty":[],"none":{}}"#)
    }

    @Test("Pretty output has one element a line and two blanks a level")
    func pretty() {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": ["d": []]]
        #expect(
            value.text(pretty: true) == """
                {
                  "a": [
                    1,
                    2
                  ],
                  "b": {},
                  "c": {
                    "d": []
                  }
                }
                """)
    }

    @Test(
        "Strings are escaped so that they stay one string on one line and steer no terminal",
        arguments: [
            ("a\"b\\c", #""a\"b\\c""#),
            ("\n\r\t\u{0}\u{1b}]0;x\u{7}", #""\n\r\t\u0000\u001b]0;x\u0007""#),
            ("\u{7f}\u{9b}31m", #""\u007f\u009b31m""#),  // C1: an escape sequence in one character
            ("\u{202e}\u{2066}\u{2028}\u{feff}", #""\u202e\u2066\u2028\ufeff""#),
            ("grüße/😀", "\"grüße/😀\""),
        ])
    func escaping(text: String, expected: String) throws {
        let bytes = JSONValue.string(text).serialized()
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(try JSONValue(parsing: bytes) == .string(text))
    }

    @Test("Keys are escaped like strings")
    func keys() {
        #expect(JSONValue.object([JSONMember("a\n\"", .null)]).text() == #"{"a\n\"":null}"#)
    }

    @Test("Numbers are written exactly; what JSON cannot write is no number")
    func numbers() {
        #expect(JSONValue.integer(UInt64.max).text() == "18446744073709551615")
        #expect(JSONNumber(0.1)?.text == "0.1")
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        for value in [1e22, -1.5e-9, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude, 1e16] {
            let read = JSONNumber(value).flatMap { try? JSONValue(parsing: Array($0.text.utf8)) }
            #expect(read == JSONNumber(value).map { .number($0) })
        }
    }
}
