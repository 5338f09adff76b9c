@_spi(_Unicode) import Swift  // normalisation to NFC, which the standard library has but does not export yet

/// Texts in the one form in which rules that close something compare them.
enum FoldedText {
    /// Small letters, composed, without characters that nobody sees, without blanks around it.
    static func fold(_ text: String) -> String {
        if isPlain(text) { return text }
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return trimmed(text.lowercased()) }
        var scalars = String.UnicodeScalarView()
        for scalar in text.lowercased()._nfc where !isInvisible(scalar) { scalars.append(scalar) }
        return trimmed(String(scalars))
    }

    /// Whether folding would change nothing: the ordinary name.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !(0x41...0x5A).contains($0) }
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let isBlank: (Unicode.Scalar) -> Bool = {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control || isInvisible($0)
        }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
