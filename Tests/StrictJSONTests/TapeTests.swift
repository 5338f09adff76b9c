import StrictJSON
import TestSupport
import Testing

@Suite("The tape, held against the reader")
struct TapeTests {
    /// Both refuse, or both give the same value.
    private func compare(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits(), _ note: @autoclosure () -> String = "")
    {
        let tree = try? JSONReader.read(bytes, limits: limits).value
        let tape = try? JSONTape(bytes, in: 0..<bytes.count, maxDepth: limits.maxDepth)
        if tree != tape?.root.value {
            Issue.record("\(String(decoding: bytes, as: UTF8.self).debugDescription) \(bytes) \(note())")
        }
    }

    @Test(
        "What is refused is refused",
        arguments: [
            "", " ", "{", "[", "\"", "\"\\", "\"\\u", "\"\\u12", "nul", "nulla", "truex", "tru", "-", "01", "1.", "1e",
            "1e+", ".5", "+1", "1e999", "-1e999", "1x", "1.2.3", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
            "{\"a\":1,}", "{,}", "{1:2}", "[1}", "{\"a\":1]", "]", "{} {}", "1 2", "// x\n1", "[\"\\x\"]",
            "[\"\\ud83d\"]", "[\"\\ude00\\ud83d\"]", "[\"\\ud83d\\u0041\"]", "[\"a\nb\"]", "[\"a\u{1}b\"]", "\u{FEFF}1",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"\u{e9}\":1,\"e\u{301}\":2}", "{\"K\":1,\"\u{212A}\":2}",
            "{\"b\":1,\"c\":{\"a\":1,\"a\":2}}", "'a'", "{a:1}", "NaN", "[\"\\/\\b\",\"\\u00zz\"]",
        ])
    func refused(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: JSONErrors.self) { try JSONTape(bytes) }
        #expect(throws: JSONFault.self) { try JSONTape(bytes, in: 0..<bytes.count) }
        compare(bytes)
    }

    @Test(
        "Invalid UTF-8 is refused wherever in a word of eight bytes it stands",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF],
            [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        ] as [[UInt8]])
    func invalidUTF8(bad: [UInt8]) {
        for before in 0..<20 {
            for after in [0, 1, 9] {
                let text =
                    [0x22] + [UInt8](repeating: 0x61, count: before) + bad
                    + [UInt8](repeating: 0x62, count: after) + [0x22]
                compare(text)
                #expect(throws: JSONFault.self) { try JSONTape(text, in: 0..<text.count) }
            }
        }
    }

    @Test("Every byte at every place of a word is judged as the reader judges it")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            for before in 0..<17 {
                for next in [0x61, 0x22, 0x20, 0x80, 0xFF] as [UInt8] {
                    compare([0x22] + [UInt8](repeating: 0x7A, count: before) + [byte, next, 0x61, 0x22])
                }
            }
        }
    }

    @Test("Duplicate keys are found among many")
    func manyKeys() throws {
        let keys = (0..<5_000).map { "\"k\($0)\":0" }
        compare(Array("{\(keys.joined(separator: ","))}".utf8))
        for duplicate in ["k0", "k4999", "\\u006b77", "k\\u0037"] {
            let text = Array("{\(keys.joined(separator: ",")),\"\(duplicate)\":1}".utf8)
            #expect(throws: JSONFault.self) { try JSONTape(text, in: 0..<text.count) }
        }
    }

    @Test("Depth is bounded as the reader's is, and costs no stack")
    func depth() throws {
        for levels in [1, 63, 64, 65, 100_000] {
            compare(Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8))
            compare(
                Array((String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)).utf8))
        }
        let deep = Array((String(repeating: "[", count: 500_000) + String(repeating: "]", count: 500_000)).utf8)
        #expect((try? JSONTape(deep, in: 0..<deep.count, maxDepth: 1_000_000)) != nil)
    }

    @Test("A bound on values is kept")
    func values() {
        let text = Array("[1,2,3]".utf8)
        #expect((try? JSONTape(text, in: 0..<text.count, maxValues: 4)) != nil)
        #expect(throws: JSONFault(kind: .tooLarge, offset: 5)) { try JSONTape(text, in: 0..<text.count, maxValues: 3) }
    }

    @Test("A part of a longer text is read in place, and never past its end")
    func part() throws {
        let text = Array("junk{\"a\":[1,\"x\\ny\"]}\"123".utf8)
        let tape = try JSONTape(text, in: 4..<(text.count - 4))
        #expect(tape.root["a"]?.elements.last?.string == "x\ny")
        #expect(tape.root["a"]?.range == 9..<19)
        #expect(Array(tape.root["a"]!.rawBytes) == Array("[1,\"x\\ny\"]".utf8))
        #expect(throws: JSONFault.self) { try JSONTape(text, in: 4..<(text.count - 5)) }
        #expect(throws: JSONFault.self) { try JSONTape(Array("12 3".utf8), in: 1..<1) }
        #expect(try JSONTape(Array("12345".utf8), in: 1..<3).root.number?.text == "23")
    }

    @Test("Values are found without making text of them")
    func lookups() throws {
        let tape = try JSONTape(
            Array(#"{"method":"tools\/call","grö":"ß","n":-1.5e3,"t":true,"\u0061":"b\u0000c"}"#.utf8))
        let root = tape.root
        #expect(root["method"]?.isString("tools/call") == true)
        #expect(root["method"]?.isString("tools/cal") == false)
        #expect(root["method"]?.isVerbatim == false)
        #expect(root["grö"]?.stringBytes == Array("ß".utf8))
        #expect(root["gro\u{308}"]?.string == "ß")  // canonically the same, as everywhere in this reader
        #expect(root["n"]?.number?.text == "-1.5e3")
        #expect(root["t"]?.bool == true)
        #expect(root["a"]?.string == "b\0c")
        #expect(root["missing"] == nil)
        #expect(root["method"]?["x"] == nil)
        #expect(root.members.map(\.key) == ["method", "grö", "n", "t", "a"])
    }

    @Test("Errors are in the reader's words, with their places")
    func words() {
        #expect {
            try JSONTape(Array("{\"a\":1,\n \"a\":2}".utf8))
        } throws: { error in
            (error as? JSONErrors)?.description == "2:2: duplicate key `a`, first at 1:2"
        }
        #expect(JSONFault(kind: .duplicateKey, offset: 3).message.contains("twice"))
    }

    @Test("Texts that are made up, and texts with bytes changed, are read as the reader reads them")
    func mutations() {
        var random = Dice(seed: 0x5EED_0005)
        let limits = JSONLimits(maxDepth: 8)
        let spice =
            Array("{}[]\",:\\u0123456789abcdefDd+-.eE \t\r\ntrufalsn/#*'\u{1}\u{7f}é😀\u{301}".utf8) + [
                0x80, 0xC3, 0xED, 0xFF,
            ]
        for round in 0..<6_000 {
            var text: [UInt8] = []
            random.value(into: &text, depth: 0)
            compare(text, limits, "round \(round)")
            for _ in 0..<6 {
                var changed = text
                for _ in 0...random.below(3) where !changed.isEmpty {
                    let place = random.below(changed.count)
                    switch random.below(4) {
                    case 0: changed.remove(at: place)
                    case 1: changed.insert(spice[random.below(spice.count)], at: place)
                    case 2: changed[place] = spice[random.below(spice.count)]
                    default: changed.swapAt(place, random.below(changed.count))
                    }
                }
                compare(changed, limits, "round \(round)")
            }
        }
    }
}

/// A seeded source of JSON texts, good and bad.
private struct Dice {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        // xorshift64*
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 2_685_821_657_736_338_717) >> 33) % bound
    }

    mutating func value(into text: inout [UInt8], depth: Int) {
        let kinds = depth > 8 ? 6 : 9
        space(&text)
        switch below(kinds) {
        case 0: text += "null".utf8
        case 1: text += (below(2) == 0 ? "true" : "false").utf8
        case 2, 3: number(&text)
        case 4, 5: string(&text)
        case 6:
            text.append(0x5B)
            let count = below(5)
            for index in 0..<count {
                if index > 0 { text.append(0x2C) }
                value(into: &text, depth: depth + 1)
            }
            text.append(0x5D)
        default:
            text.append(0x7B)
            let count = below(below(10) == 0 ? 30 : 5)
            for index in 0..<count {
                if index > 0 { text.append(0x2C) }
                space(&text)
                string(&text)
                text.append(0x3A)
                value(into: &text, depth: depth + 1)
            }
            text.append(0x7D)
        }
        space(&text)
    }

    private mutating func space(_ text: inout [UInt8]) {
        if below(6) == 0 { text.append([0x20, 0x09, 0x0A, 0x0D][below(4)]) }
    }

    private mutating func number(_ text: inout [UInt8]) {
        let forms = [
            "0", "-0", "1", "-12", "3.25", "1e5", "2E-7", "1e308", "1e309", "123456789012345678901234567890", "0.0e+0",
        ]
        text += forms[below(forms.count)].utf8
    }

    private mutating func string(_ text: inout [UInt8]) {
        let parts = [
            "a", "b", "method", "\\u0061", "\\n", "\\\"", "\\\\", "é", "e\u{301}", "\\u00e9", "😀", "\\ud83d\\ude00",
            "K",
            "\u{212A}", "plain text that is longer than a word", "\\/", "\\u0000", "\u{7f}",
        ]
        text.append(0x22)
        for _ in 0..<below(4) { text += parts[below(parts.count)].utf8 }
        text.append(0x22)
    }
}
