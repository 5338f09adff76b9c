extension JSONParser {
    /// Reads a string, from its opening quote to past its closing one.
    /// - Returns: The unescaped text, and whether it had no error.
    mutating func string() throws(Stop) -> (text: String, clean: Bool) {
        let open = at
        at += 1
        let start = at
        while at < bytes.count {  // nearly every string is plain ASCII
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return (String(decoding: bytes[start..<(at - 1)], as: UTF8.self), true)
            }
            if byte == UInt8(ascii: "\\") || byte < 0x20 || byte >= 0x80 { break }
            at += 1
        }
        return try stringWithEscapes(open, Array(bytes[start..<at]))
    }

    private mutating func stringWithEscapes(_ open: Int, _ plain: [UInt8]) throws(Stop) -> (text: String, clean: Bool) {
        let before = faults.count
        var text = plain
        var sawBadUTF8 = false
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return (String(decoding: text, as: UTF8.self), faults.count == before)
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0x0A, 0x0D:
                try stop("a string may not run over the end of its line; it opened", other: open)
            case 0..<0x20:
                try fault(
                    "a raw control character is not allowed in a string; write it as \\u\(Self.hex(bytes[at]))",
                    .encoding)
                at += 1
            case 0x20..<0x80:
                text.append(bytes[at])
                at += 1
            default:
                if let length = utf8Length(at: at) {
                    text += bytes[at..<(at + length)]
                    at += length
                } else {
                    // One report for each string: in a Latin-1 text every accent would be one.
                    if !sawBadUTF8 { try fault("this is not valid UTF-8", .encoding) }
                    sawBadUTF8 = true
                    at += 1
                }
            }
        }
        try stop("the text ends inside a string that opened", other: open)
    }

    private mutating func escape(into text: inout [UInt8]) throws(Stop) {
        let start = at
        at += 1
        guard at < bytes.count else { return }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = try unicodeEscape(from: start), let units = UTF8.encode(scalar) else { return }
            text += units
        default:
            at = start + 1
            try fault("`\\` must be followed by one of `\"\\/bfnrtu`", at: start)
        }
    }

    /// Reads the four digits after `\u`, and the second half of a surrogate pair.
    private mutating func unicodeEscape(from start: Int) throws(Stop) -> Unicode.Scalar? {
        guard let unit = hexUnit() else {
            try fault("`\\u` must be followed by four hexadecimal digits", at: start)
            return nil
        }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let afterFirst = at
        if unit < 0xDC00, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
            at += 2
            if let low = hexUnit(), (0xDC00...0xDFFF).contains(low) {
                return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
            }
        }
        at = afterFirst
        try fault("a lone surrogate is no character; surrogates come in pairs", .encoding, at: start)
        return nil
    }

    private mutating func hexUnit() -> UInt16? {
        guard at + 4 <= bytes.count else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[at..<(at + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        at += 4
        return unit
    }

    /// Passes over `'...'`, which stands where a string should.
    mutating func singleQuoted() throws(Stop) {
        try fault("strings stand in double quotes")
        let open = at
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "'") {
            if bytes[at] == 0x0A { try stop("a string may not run over the end of its line; it opened", other: open) }
            at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard at < bytes.count else {
            at = bytes.count
            try stop("the text ends inside a string that opened", other: open)
        }
        at += 1
    }

    /// How many bytes the well-formed sequence at `start` has, or `nil` where there is none.
    /// Source: Unicode 16, table 3-7 (no overlong forms, no surrogates, nothing above U+10FFFF).
    func utf8Length(at start: Int) -> Int? {
        let (length, second): (Int, ClosedRange<UInt8>)
        switch bytes[start] {
        case 0..<0x80: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard start + length <= bytes.count, second.contains(bytes[start + 1]) else { return nil }
        for byte in bytes[(start + 2)..<max(start + 2, start + length)] where byte & 0xC0 != 0x80 { return nil }
        return length
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
