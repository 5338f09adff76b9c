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
            ("\u{e0041}\u{200b}\u{1f600}", #""\udb40\udc41\u200b\#u{1f600}""#),
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

    @Test("What was written is read back the same, whatever it holds", arguments: 1...50 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let value = randomValue(depth: 5, &generator)
        #expect(try JSONValue(parsing: value.serialized()) == value)
        #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
    }

    private func randomValue(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        let count = Int.random(in: 0...4, using: &generator)
        switch Int.random(in: depth == 0 ? 2...5 : 0...5, using: &generator) {
        case 0: return .array((0..<count).map { _ in randomValue(depth: depth - 1, &generator) })
        case 1:
            // The number keeps the keys apart.
            let keys = (0..<count).map { "\($0)" + randomText(&generator) }
            return .object(keys.map { JSONMember($0, randomValue(depth: depth - 1, &generator)) })
        case 2: return .string(randomText(&generator))
        case 3: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 4: return JSONNumber(Double(bitPattern: generator.next())).map { .number($0) } ?? .null
        default: return .bool(.random(using: &generator))
        }
    }

    private func randomText(_ generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let limit: UInt32 = Bool.random(using: &generator) ? 0x100 : 0x11_0000  // half need escapes
            text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) ?? "?")
        }
        return text
    }
}

/// SplitMix64: the same values on every run, so a failure can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
