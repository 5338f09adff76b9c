/// What is refused before libyaml sees the text, because it reports such things without a place or takes too long.
enum SourceCheck {
    static func check(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        try checkCharacters(bytes)
        try checkDirectives(bytes)
    }

    private static func checkCharacters(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        var (line, column) = (1, 1)
        var afterReturn = false
        while true {
            let scalar: Unicode.Scalar
            switch decoder.decode(&rest) {
            case .scalarValue(let value): scalar = value
            case .error: throw YAMLError(line, column, "the text is not UTF-8")
            case .emptyInput:
                if afterReturn { throw YAMLError(line, column - 1, returnMessage) }
                return
            }
            if afterReturn, scalar != "\n" { throw YAMLError(line, column - 1, returnMessage) }
            afterReturn = scalar == "\r"
            if scalar == "\n" {
                (line, column) = (line + 1, 1)
            } else if isPlainlyVisible(scalar) || scalar == "\t" || scalar == "\r" {
                column += 1
            } else {
                throw YAMLError(line, column, "the character U+\(hexadecimal(scalar)) is not allowed here")
            }
        }
    }

    /// No control characters; no NEL, LS and PS, which YAML 1.1 takes for line breaks and editors do not show as
    /// such; no byte order mark within the text; no noncharacters of the first plane. Source: YAML 1.2.2, 5.1 and 5.4.
    static func isPlainlyVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    /// libyaml compares each `%TAG` with all before it: a text full of them would take minutes.
    private static func checkDirectives(_ bytes: ArraySlice<UInt8>) throws(YAMLError) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if let line = lines.firstIndex(where: { $0.starts(with: "%TAG".utf8) }) {
            throw YAMLError(line + 1, 1, "tag directives (`%TAG`) are not read here")
        }
    }

    private static let returnMessage = "a carriage return without a line feed"

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
