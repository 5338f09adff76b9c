extension YAMLScalar {
    /// What the core schema takes a scalar for. The raw values are the names of the tags. Source: YAML 1.2.2, 10.3.
    public enum Kind: String, Hashable, Sendable {
        case null, bool
        case integer = "int"
        case float
        case text = "str"
    }

    /// Quoted scalars are text. So are the plain words of YAML 1.1 that 1.2 gave up: `yes`, `off`, `22:30`, `1_000`.
    public var kind: Kind {
        if style == .quoted { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
        case ".nan", ".NaN", ".NAN": return .float
        default: return Self.numberKind(Array(text.utf8)) ?? .text
        }
    }

    private static func numberKind(_ text: [UInt8]) -> Kind? {
        if text.starts(with: "0o".utf8) { return isDigits(text[2...], "01234567") ? .integer : nil }
        if text.starts(with: "0x".utf8) { return isDigits(text[2...], "0123456789abcdefABCDEF") ? .integer : nil }
        let unsigned = withoutSign(text[...])
        if isDigits(unsigned) { return .integer }
        if [".inf", ".Inf", ".INF"].contains(where: { $0.utf8.elementsEqual(unsigned) }) { return .float }
        // Digits with one point anywhere among them, then an exponent.
        let parts = unsigned.split(maxSplits: 1, omittingEmptySubsequences: false) { "eE".utf8.contains($0) }
        if parts.count == 2, !isDigits(withoutSign(parts[1])) { return nil }
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        return isDigits(mantissa.joined()) ? .float : nil
    }

    private static func withoutSign(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.first.map { "+-".utf8.contains($0) } == true ? text.dropFirst() : text
    }

    private static func isDigits(_ text: some Sequence<UInt8>, _ digits: String = "0123456789") -> Bool {
        var any = false
        for byte in text {
            if !digits.utf8.contains(byte) { return false }
            any = true
        }
        return any
    }
}
