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
        guard begins(text) else { return nil }
        let bytes = Array(text.utf8)
        do throws(JSONFault) {
            return .value(try JSONTape(bytes, in: 0..<bytes.count, maxDepth: most.depth, maxValues: most.values).root)
        } catch {
            if error.kind == .tooLarge || error.kind == .tooDeep { return .tooMany }
            return .strings(strings(bytes))
        }
    }

    /// `{"`, `["`, `[{` or `[[`, with blanks or without.
    private static func begins(_ text: String) -> Bool {
        var first: UInt8 = 0
        for byte in text.utf8 where byte > 0x20 {
            switch (first, byte) {
            case (0, UInt8(ascii: "{")), (0, UInt8(ascii: "[")): first = byte
            case (UInt8(ascii: "{"), UInt8(ascii: "\"")), (UInt8(ascii: "["), UInt8(ascii: "\"")): return true
            case (UInt8(ascii: "["), UInt8(ascii: "[")), (UInt8(ascii: "["), UInt8(ascii: "{")): return true
            default: return false
            }
        }
        return false
    }

    private static func strings(_ bytes: [UInt8]) -> [String] {
        var texts: [String] = []
        var start: Int?
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\\"), start != nil {
                at += 2
                continue
            }
            if bytes[at] == UInt8(ascii: "\"") {
                if let from = start {
                    let quoted = Array(bytes[from...at])
                    let text = (try? JSONTape(quoted, in: 0..<quoted.count))?.root.string
                    texts.append(text ?? String(decoding: bytes[(from + 1)..<at], as: UTF8.self))
                    start = nil
                } else {
                    start = at
                }
            }
            at += 1
        }
        return texts
    }
}
