extension JSONParser {
    /// Reads everything that looks like one number and judges it as a whole, so that one slip is one error.
    mutating func number() throws(Stop) -> JSONNode.Content {
        let start = at
        while at < bytes.count, Self.isWord(bytes[at]) || Self.isNumberPunctuation(bytes[at]) { at += 1 }
        let token = bytes[start..<at]
        if let complaint = Self.complaint(about: token) {
            try fault(complaint, .number, at: start)
            return .unreadable
        }
        return .number(JSONNumber(checked: String(decoding: token, as: UTF8.self)))
    }

    private static func isNumberPunctuation(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    /// What is wrong with a number, by the grammar of RFC 8259, section 6; `nil` when nothing is.
    private static func complaint(about token: ArraySlice<UInt8>) -> String? {
        var rest = token
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "+") { return "a number may not start with `+`" }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        if rest.first == UInt8(ascii: ".") { return "a number needs a digit before its `.`" }
        let leading = rest.first
        let whole = digits()
        if whole == 0 { return "`-` must be followed by a digit" }
        if whole > 1, leading == UInt8(ascii: "0") { return "a number may not start with a zero" }
        var mayOverflow = whole > 300
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if digits() == 0 { return "a number needs a digit after its `.`" }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            if digits() == 0 { return "a number needs a digit in its exponent" }
            mayOverflow = true
        }
        if !rest.isEmpty { return "this is no number" }
        if mayOverflow, !(Double(String(decoding: token, as: UTF8.self))?.isFinite ?? false) {
            return "the number is too large for a double"
        }
        return nil
    }
}
