@_spi(_Unicode) import Swift
import Testing

@testable import PolicyEngine

@Suite struct FoldedTextTests {
    /// The table of ranges is a copy of what the standard library knows. A newer Unicode may add to it.
    @Test func charactersThatNobodySeesAreThoseOfUnicode() {
        let differing = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).filter { scalar in
            let properties = scalar.properties
            let isInvisible = properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
            return FoldedText.isInvisible(scalar) != isInvisible
        }
        #expect(differing.isEmpty, "\(differing.map { String($0.value, radix: 16) })")
    }

    @Test(arguments: [
        ("plain.txt", "plain.txt"), ("  UPPER ", "upper"), ("a\u{200B}b", "ab"), ("E\u{301}", "é"),
        ("\u{FEFF}\u{AD} x\u{0}", "x"),
        ("\u{200B}\u{2060}", ""), ("ＡＢ", "ａｂ"),
    ])
    func foldedForms(_ text: String, _ expected: String) {
        #expect(Array(FoldedText.fold(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    /// A character that a composition ends with would have to be looked at with what stands before it.
    @Test func whatStandsAloneIsNeverComposed() {
        let all = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        let seconds = Set(all.flatMap { String($0)._nfd.dropFirst() })
        let wrong = all.filter(FoldedText.standsAlone).filter { scalar in
            seconds.contains(scalar) || scalar.properties.canonicalCombiningClass != .notReordered
                || !String(scalar)._nfc.elementsEqual([scalar])
        }
        #expect(wrong.isEmpty, "\(wrong.map { String($0.value, radix: 16) })")
    }

    @Test func composedInPartsIsComposedAsAWhole() {
        var generator = SeededGenerator(state: 7)
        let pieces = [
            "a", "e", " ", "я", "й", "и", "\u{306}", "\u{301}", "\u{316}", "가", "\u{1100}", "\u{1161}", "\u{11A8}", "か",
            "\u{3099}", "क", "\u{93C}", "Ω", "\u{212B}", "\u{345}",
        ]
        for length in [1, 2, 3, 5, 8, 40, 400, 2_000] {
            for _ in 0..<200 {
                let text = (0..<length).map { _ in pieces.randomElement(using: &generator)! }.joined()
                let whole = Array(text._nfc)
                let composed = String(decoding: FoldedText.composed(text), as: UTF8.self)
                #expect(Array(composed.unicodeScalars) == whole)
            }
        }
    }

    /// More accents than any letter has cost no more than other text.
    @Test func hundredsOfAccentsStayAsTheyAre() {
        let text = "cafe" + String(repeating: "\u{301}", count: 5_000) + "e\u{301}"
        let composed = String(decoding: FoldedText.composed(text), as: UTF8.self)
        #expect(
            composed.unicodeScalars.starts(with: "café\u{301}".unicodeScalars) && composed.unicodeScalars.last == "é")
        #expect(composed.unicodeScalars.count > 5_000)
    }
}
