import CSodium

/// Base 64 (RFC 4648), of libsodium: strict, so that a value has one text.
public enum Base64 {
    /// The alphabet for URLs, without padding: as in JSON web tokens.
    public static func urlText(_ bytes: [UInt8]) -> String { text(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING) }

    public static func urlBytes(_ text: some StringProtocol) -> [UInt8]? {
        bytes(Array(text.utf8), sodium_base64_VARIANT_URLSAFE_NO_PADDING)
    }

    static func text(_ bytes: [UInt8]) -> String { text(bytes, sodium_base64_VARIANT_ORIGINAL) }

    static func bytes(_ text: [UInt8]) -> [UInt8]? { bytes(text, sodium_base64_VARIANT_ORIGINAL) }

    private static func text(_ bytes: [UInt8], _ variant: CInt) -> String {
        let length = sodium_base64_encoded_len(bytes.count, variant)
        var text = [CChar](repeating: 0, count: length)
        // As long as libsodium says, with the zero at the end.
        _ = unsafe sodium_bin2base64(&text, length, bytes, bytes.count, variant)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func bytes(_ text: [UInt8], _ variant: CInt) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3 + 3)
        var count = 0
        // Never more than three bytes for four characters. Without a pointer for the end, all of the text must be taken.
        let isWhole = unsafe text.withUnsafeBytes { text in
            unsafe sodium_base642bin(
                &bytes, bytes.count, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, nil, &count,
                nil,
                variant) == 0
        }
        return isWhole ? Array(bytes.prefix(count)) : nil
    }
}

/// Keys as text (RFC 7468).
enum PEM {
    static func text(_ label: String, _ bytes: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Base64.text(bytes))\n-----END \(label)-----\n"
    }

    /// - Returns: What the text holds, which must be one block with this label and nothing else.
    static func bytes(_ label: String, _ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " && $0 != "\t" } }
        let name = label.filter { $0 != " " }
        guard lines.count >= 3, lines.first == "-----BEGIN\(name)-----", lines.last == "-----END\(name)-----" else {
            return nil
        }
        return Base64.bytes(Array(lines[1..<(lines.count - 1)].joined().utf8))
    }
}
