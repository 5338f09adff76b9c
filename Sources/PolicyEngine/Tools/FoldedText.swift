@_spi(_Unicode) import Swift  // normalisation to NFC, which the standard library has but does not export yet

/// Texts in the one form in which rules that close something compare them.
enum FoldedText {
    /// Small letters, composed, without characters that nobody sees, without blanks around it.
    static func fold(_ text: String) -> String {
        if isPlain(text) { return text }
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return trimmed(text.lowercased()) }
        return trimmed(String(decoding: composed(text.lowercased()), as: UTF8.self))
    }

    /// Composed (NFC), without characters that nobody sees, in UTF-8.
    static func composed(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        // Where the last character stands that is not composed with what is before it; and since when something was, that it may be
        // composed with.
        var last = 0, open: Int?, isTooLong = false
        func close(_ from: Int) {
            let part = String(decoding: bytes[from...], as: UTF8.self)
            bytes.removeSubrange(from...)
            for scalar in part._nfc { append(scalar, to: &bytes) }
        }
        for scalar in text.unicodeScalars where !isInvisible(scalar) {
            let isAlone = standsAlone(scalar)
            if let from = open,
                isAlone ? scalar == " " || bytes.count - from > longestPart : bytes.count - last > longestPart
            {
                close(from)
                open = nil
                isTooLong = !isAlone
            }
            if isAlone {
                last = bytes.count
                isTooLong = false
            } else if open == nil, !isTooLong {
                open = last
            }
            append(scalar, to: &bytes)
        }
        if let from = open { close(from) }
        return bytes
    }

    /// Bytes that are composed at once. What follows them without a character that stands alone, dozens of accents on one letter, is no
    /// word of anybody's, and stays as it is.
    private static let longestPart = 256

    @inline(__always) private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        if scalar.value < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            bytes.append(contentsOf: UTF8.encode(scalar)!)
        }
    }

    /// Letters and signs that are composed already, and never with what stands before them (NFC_Quick_Check=Yes, ccc=0). Not all of those
    /// there are: the ranges that most texts are written in.
    static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x391...0x3ce, 0x400...0x482, 0x48a...0x52f, 0x5d0...0x5ea, 0x621...0x64a, 0x905...0x939,
            0xe01...0xe30, 0x1e00...0x1eff, 0x2010...0x20cf, 0x2190...0x2328, 0x3002...0x3029, 0x3041...0x3098,
            0x309b...0x30ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xac00...0xd7a3, 0xff01...0xff9f, 0x1f300...0x1f64f,
            0x20000...0x2a6df:
            true
        default: false
        }
    }

    /// Whether folding would change nothing: the ordinary name.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !(0x41...0x5A).contains($0) }
    }

    /// Default_Ignorable_Code_Point, or of the general category Cf (Unicode 16): asking the standard library for the two takes 80 ns a
    /// character.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0xad: false
        case 0xad, 0x34f, 0x600...0x605, 0x61c, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x115f...0x1160, 0x17b4...0x17b5,
            0x180b...0x180f, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f, 0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0,
            0xfff0...0xfffb, 0x110bd, 0x110cd, 0x13430...0x1343f, 0x1bca0...0x1bca3, 0x1d173...0x1d17a,
            0xe0000...0xe0fff:
            true
        default: false
        }
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isBlank: (Unicode.Scalar) -> Bool = {
            isInvisible($0) || $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
