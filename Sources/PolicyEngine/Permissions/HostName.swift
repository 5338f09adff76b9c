@_spi(_Unicode) import Swift  // normalisation to NFC, which the standard library has but does not export yet

/// Why a text is no host name.
public enum HostNameError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty, emptyLabel, percentEncoded
    /// A character that no label may hold, as written.
    case character(String)
    case hyphenAtEdge(String)
    /// Over 63 bytes in A-label form.
    case labelTooLong(String)
    /// Over 253 bytes in A-label form.
    case tooLong

    public var description: String {
        switch self {
        case .empty: "the host name is empty"
        case .emptyLabel: "the host name has an empty part between two dots"
        case .percentEncoded: "a host name is written plainly, without %-encoding"
        case .character(let text): "`\(printable(text))` cannot stand in a host name"
        case .hyphenAtEdge(let label): "`\(printable(label))` begins or ends with a hyphen"
        case .labelTooLong(let label): "`\(printable(label, limit: 24))` is longer than 63 bytes"
        case .tooLong: "the host name is longer than 253 bytes"
        }
    }
}

/// Host names in the one form that is compared: lower case, each label as an A-label, no trailing dot. Source: RFC 5890.
public enum HostName {
    /// - Returns: The canonical form of `text`, which is no address.
    public static func canonical(_ text: some StringProtocol) throws(HostNameError) -> String {
        var rest = Substring(text)
        if rest.utf8.last == UInt8(ascii: ".") { rest = rest.dropLast() }
        if rest.isEmpty { throw text.isEmpty ? .empty : .emptyLabel }
        if rest.utf8.contains(UInt8(ascii: "%")) { throw .percentEncoded }
        var labels: [String] = []
        for label in rest.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(try canonicalLabel(String(label)))
        }
        let name = labels.joined(separator: ".")
        if name.utf8.count > 253 { throw .tooLong }
        return name
    }

    /// Whether `name` is below `parent`, at a label boundary. Both are canonical.
    public static func isBelow(_ name: some StringProtocol, _ parent: some StringProtocol) -> Bool {
        let head = name.utf8.count - parent.utf8.count - 1
        return head > 0 && name.utf8.dropFirst(head).elementsEqual(".\(parent)".utf8)
    }

    private static func canonicalLabel(_ label: String) throws(HostNameError) -> String {
        if label.isEmpty { throw .emptyLabel }
        // Longer than any label can be, so that normalising stays cheap.
        if label.utf8.count > 1_024 { throw .labelTooLong(label) }
        var scalars: [Unicode.Scalar] = []
        for scalar in label.lowercased()._nfc {
            if !isAllowed(scalar) { throw .character(String(scalar)) }
            scalars.append(scalar)
        }
        if scalars.first == "-" || scalars.last == "-" { throw .hyphenAtEdge(label) }
        if isMark(scalars[0]) { throw .character(label) }
        var ascii = String(String.UnicodeScalarView(scalars))
        if !scalars.allSatisfy(\.isASCII) {
            guard let encoded = Punycode.encode(scalars) else { throw .labelTooLong(label) }
            ascii = "xn--" + encoded
        }
        if ascii.utf8.count > 63 { throw .labelTooLong(label) }
        return ascii
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return scalar == "-" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
            return !compatibilityForms.contains { $0.contains(scalar.value) }
        default: return false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    /// Letters and digits that registries replace by plain ones before a name exists, so a rule with them would match nothing.
    private static let compatibilityForms: [ClosedRange<UInt32>] = [
        0x2070...0x209f, 0x2100...0x218f, 0x2460...0x24ff, 0x3130...0x318f, 0x3200...0x33ff, 0xf900...0xfaff,
        0xfb00...0xfdff, 0xfe30...0xffef, 0x1d400...0x1d7ff, 0x1ee00...0x1eeff, 0x1f100...0x1f2ff, 0x2f800...0x2fa1f,
    ]
}

/// Unicode text in the letters, digits and hyphen of a host name. Source: RFC 3492.
enum Punycode {
    /// - Returns: What follows `xn--`, or `nil` when the numbers outgrow 32 bits.
    static func encode(_ scalars: [Unicode.Scalar]) -> String? {
        let basic = scalars.filter(\.isASCII)
        var output = String(String.UnicodeScalarView(basic))
        if !basic.isEmpty { output += "-" }
        var point: UInt32 = 128
        var delta: UInt32 = 0
        var bias = 72
        var handled = basic.count
        while handled < scalars.count {
            guard let next = scalars.lazy.map(\.value).filter({ $0 >= point }).min() else { return nil }
            let (step, tooFar) = (next - point).multipliedReportingOverflow(by: UInt32(handled + 1))
            let (sum, overflow) = delta.addingReportingOverflow(step)
            if tooFar || overflow { return nil }
            delta = sum
            point = next
            for scalar in scalars {
                if scalar.value < point { delta += 1 }
                if scalar.value != point { continue }
                output += digits(of: Int(delta), bias: bias)
                bias = adapted(Int(delta), points: handled + 1, isFirst: handled == basic.count)
                delta = 0
                handled += 1
            }
            delta += 1
            point += 1
        }
        return output
    }

    /// `delta` as a little-endian number whose digits have thresholds set by `bias`.
    private static func digits(of delta: Int, bias: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        var text = ""
        var rest = delta
        var k = 36
        while true {
            let threshold = min(max(k - bias, 1), 26)
            if rest < threshold { return text + String(alphabet[rest]) }
            text.append(alphabet[threshold + (rest - threshold) % (36 - threshold)])
            rest = (rest - threshold) / (36 - threshold)
            k += 36
        }
    }

    private static func adapted(_ delta: Int, points: Int, isFirst: Bool) -> Int {
        var rest = isFirst ? delta / 700 : delta / 2
        rest += rest / points
        var k = 0
        while rest > 35 * 26 / 2 {
            rest /= 35
            k += 36
        }
        return k + 36 * rest / (rest + 38)
    }
}
