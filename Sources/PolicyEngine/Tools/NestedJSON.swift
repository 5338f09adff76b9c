import StrictJSON

/// An object or a list that a text of the arguments is made of. Some servers read it as one: the Python SDK's FastMCP does, where its
/// function wants no text.
enum NestedJSON {
    case value(JSONElement)
    /// What stands in quotes, in a text that is meant as JSON and that we would not take for it: other readers do not mind a key that
    /// stands there twice, or `NaN`.
    case strings([String])
    case tooMany

    private static let most = (depth: 128, values: 4_000_000)

    static func read(_ text: String) -> NestedJSON? {
        guard begins(text.utf8) else { return nil }
        let bytes = Array(text.utf8)
        do throws(JSONFault) {
            return .value(try JSONTape(bytes, in: 0..<bytes.count, maxDepth: most.depth, maxValues: most.values).root)
        } catch {
            if error.kind == .tooLarge || error.kind == .tooDeep { return .tooMany }
            return .strings(strings(bytes))
        }
    }

    /// `{"`, `["`, `[{`, `[[`, or `[` with a number or a word of JSON and a comma; with blanks or without.
    static func begins(_ text: some Sequence<UInt8>) -> Bool {
        var first: UInt8 = 0
        var word: [UInt8] = []
        var hasEnded = false
        for byte in text {
            if byte <= 0x20 {
                hasEnded = hasEnded || !word.isEmpty
                continue
            }
            switch (first, byte) {
            case (0, UInt8(ascii: "{")), (0, UInt8(ascii: "[")): first = byte
            case (UInt8(ascii: "{"), UInt8(ascii: "\"")): return true
            case (UInt8(ascii: "["), UInt8(ascii: "\"")), (UInt8(ascii: "["), UInt8(ascii: "[")),
                (UInt8(ascii: "["), UInt8(ascii: "{")):
                return word.isEmpty
            case (UInt8(ascii: "["), UInt8(ascii: ",")): return isValue(word)
            case (UInt8(ascii: "["), UInt8(ascii: "0")...UInt8(ascii: "9")),
                (UInt8(ascii: "["), UInt8(ascii: "a")...UInt8(ascii: "z")),
                (UInt8(ascii: "["), UInt8(ascii: "A")...UInt8(ascii: "Z")),
                (UInt8(ascii: "["), UInt8(ascii: "-")), (UInt8(ascii: "["), UInt8(ascii: "+")),
                (UInt8(ascii: "["), UInt8(ascii: ".")):
                if hasEnded { return false }
                // A number may have any length; what follows its first digit says no more about it.
                if word.count < 16 { word.append(byte) }
            default: return false
            }
        }
        return false
    }

    /// A number as it begins, or a word: Python's reader knows three more.
    private static func isValue(_ word: [UInt8]) -> Bool {
        guard let first = word.first else { return false }
        let isNumber =
            (0x30...0x39).contains(first) || word.count > 1 && first == 0x2D && (0x30...0x39).contains(word[1])
        return isNumber || words.contains { $0.elementsEqual(word) }
    }
    private static let words = ["true", "false", "null", "NaN", "Infinity", "-Infinity"].map(\.utf8)

    private static func strings(_ bytes: [UInt8]) -> [String] {
        var texts: [String] = []
        var start: Int?
        var hasEscapes = false
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\\"), start != nil {
                hasEscapes = true
                at += 2
                continue
            }
            if bytes[at] == UInt8(ascii: "\"") {
                if let from = start {
                    let text =
                        hasEscapes ? (try? JSONTape(bytes, in: from..<(at + 1)))?.root.string : nil
                    texts.append(text ?? String(decoding: bytes[(from + 1)..<at], as: UTF8.self))
                    start = nil
                } else {
                    start = at
                    hasEscapes = false
                }
            }
            at += 1
        }
        return texts
    }
}
