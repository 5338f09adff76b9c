extension YAMLScalar {
    /// What PyYAML's safe loader makes of a scalar.
    public enum PyYAMLValue: Hashable, Sendable {
        case null
        case bool(Bool)
        /// In decimal digits, or `.inf`, `-.inf`, `.nan`.
        case number(String)
        case text
        case date
        /// What it has no value for, and numbers that are too large to be told here.
        case nothing
    }

    /// YAML 1.1: `yes` is true, `010` is 8, `1_000` is 1000, `1:30` is 90, `1e3` is text.
    /// Source: resolver.py and constructor.py of PyYAML 6.
    public var pyYAML: PyYAMLValue {
        if style == .quoted { return .text }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return .bool(true)
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .number(".nan")
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(".inf")
        case "-.inf", "-.Inf", "-.INF": return .number("-.inf")
        case "=": return .nothing
        default: break
        }
        let isNegative = text.hasPrefix("-")
        let unsigned = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        if let value = Self.float(unsigned, isSigned: unsigned.count != text.count) {
            return .number("\(isNegative ? -value : value)")
        }
        if let digits = Self.integer(unsigned) {
            guard let digits else { return .nothing }
            return .number(isNegative && digits != "0" ? "-" + digits : digits)
        }
        return Self.isDate(text) ? .date : .text
    }

    /// - Returns: `nil` for no integer; no digits for one that is too large.
    private static func integer(_ text: Substring) -> String?? {
        let digits = text.filter { $0 != "_" }
        func value(_ digits: Substring, _ radix: Int, _ allowed: String) -> String?? {
            guard text.utf8.count > 1, digits.utf8.allSatisfy(allowed.utf8.contains) else { return nil }
            if digits.isEmpty { return text.hasPrefix("0b") || text.hasPrefix("0x") ? .some(nil) : "0" }
            return .some(Int64(digits, radix: radix).map(String.init))
        }
        if text.hasPrefix("0b") { return text.utf8.count > 2 ? value(digits.dropFirst(2), 2, "01") : nil }
        if text.hasPrefix("0x") {
            return text.utf8.count > 2 ? value(digits.dropFirst(2), 16, "0123456789abcdefABCDEF") : nil
        }
        if text == "0" { return "0" }
        if text.hasPrefix("0") { return value(digits.dropFirst(), 8, "01234567") }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let first = parts.first?.utf8.first, (0x31...0x39).contains(first), isDigits(parts[0]) else { return nil }
        if parts.count == 1 { return .some(digits) }
        guard parts.dropFirst().allSatisfy(isSixtieth) else { return nil }
        var sum: Int64? = 0
        for part in parts {
            let (product, isLarge) = (sum ?? 0).multipliedReportingOverflow(by: 60)
            let (next, isLarger) = product.addingReportingOverflow(Int64(part.filter { $0 != "_" }) ?? .max)
            sum = sum == nil || isLarge || isLarger ? nil : next
        }
        return .some(sum.map(String.init))
    }

    /// With a point; the exponent has a sign.
    private static func float(_ text: Substring, isSigned: Bool) -> Double? {
        guard let point = text.firstIndex(of: ".") else { return nil }
        let whole = text[..<point]
        var fraction = text[text.index(after: point)...]
        var exponent: Substring = ""
        if let e = fraction.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            exponent = fraction[fraction.index(after: e)...]
            fraction = fraction[..<e]
            guard let sign = exponent.first, sign == "-" || sign == "+", exponent.dropFirst().utf8.allSatisfy(isDigit),
                exponent.utf8.count > 1
            else { return nil }
        }
        guard fraction.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") }) else { return nil }
        let digits = "." + fraction.filter { $0 != "_" } + "0" + (exponent.isEmpty ? "" : "e" + exponent)
        if whole.isEmpty {
            // `.5`, without a sign.
            return !isSigned && fraction.utf8.first.map(isDigit) == true ? Double("0" + digits) : nil
        }
        let parts = whole.split(separator: ":", omittingEmptySubsequences: false)
        guard let first = parts.first, isDigits(first), parts.dropFirst().allSatisfy(isSixtieth),
            parts.count == 1 || exponent.isEmpty
        else { return nil }
        let sum = parts.dropLast().reduce(0) { ($0 + (Double($1.filter { $0 != "_" }) ?? 0)) * 60 }
        return Double((parts.last ?? "").filter { $0 != "_" } + digits).map { sum + $0 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    /// Digits and `_`, of which a digit is the first.
    private static func isDigits(_ text: Substring) -> Bool {
        text.utf8.first.map(isDigit) == true && text.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "_") }
    }
    private static func isSixtieth(_ text: Substring) -> Bool {
        (1...2).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit) && (Int(text) ?? 60) < 60
    }

    /// `2024-01-31`, or with a time behind `T` or blanks.
    private static func isDate(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits(_ counts: ClosedRange<Int>) -> Int? {
            let count = rest.prefix(while: isDigit).prefix(counts.upperBound).count
            rest = rest.dropFirst(count)
            return counts.contains(count) ? count : nil
        }
        func take(_ signs: String) -> Bool {
            guard let next = rest.first, signs.utf8.contains(next) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard digits(4...4) != nil, take("-"), let month = digits(1...2), take("-"), let day = digits(1...2) else {
            return false
        }
        if rest.isEmpty { return month == 2 && day == 2 }
        if !take("Tt") {
            guard take(" \t") else { return false }
            while take(" \t") {}
        }
        guard digits(1...2) != nil, take(":"), digits(2...2) != nil, take(":"), digits(2...2) != nil else {
            return false
        }
        if take(".") { rest = rest.drop(while: isDigit) }
        while take(" \t") {}
        if rest.isEmpty || take("Z") { return rest.isEmpty }
        guard take("+-"), digits(1...2) != nil else { return false }
        return rest.isEmpty || take(":") && digits(2...2) != nil && rest.isEmpty
    }
}
