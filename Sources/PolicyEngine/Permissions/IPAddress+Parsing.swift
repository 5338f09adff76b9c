/// Why a text is no address.
public enum IPAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty
    /// A number that is out of its range, or has a digit that its base does not have.
    case badNumber(String)
    case wrongPartCount
    /// `fe80::1%eth0`: a scope belongs to one machine's interfaces, a rule does not.
    case scopeIdentifier
    case malformed

    public var description: String {
        switch self {
        case .empty: "the address is empty"
        case .badNumber(let part): "`\(printable(part))` is no number that fits at its place in an address"
        case .wrongPartCount: "an IPv4 address has one to four parts, an IPv6 address eight groups or one `::`"
        case .scopeIdentifier: "an address with a scope (`%eth0`) cannot be used in a rule; leave the scope out"
        case .malformed: "it is no IPv4 or IPv6 address"
        }
    }
}

extension IPAddress {
    /// Reads any spelling that programs hand to the C library: IPv4 in one to four parts, each decimal, octal (`0177`) or
    /// hexadecimal (`0x7f`), the last part filling the rest (inet_aton(3)); IPv6 with `::` and a dotted tail, without brackets.
    ///
    /// A spelling with leading zeros is octal, as the C library reads it, so that a rule and a connection never differ.
    public init(parsing text: some StringProtocol) throws(IPAddressError) {
        let bytes = Array(text.utf8)
        if bytes.isEmpty { throw .empty }
        if bytes.contains(UInt8(ascii: "%")) { throw .scopeIdentifier }
        self = bytes.contains(UInt8(ascii: ":")) ? try Self.readIPv6(bytes[...]) : .v4(try Self.readIPv4(bytes[...]))
    }

    /// Whether a host text must be an IPv4 address, since its last part is a number; no top-level domain is one.
    /// Source: the WHATWG URL standard, "ends in a number".
    static func looksLikeIPv4(_ text: some StringProtocol) -> Bool {
        guard let last = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).last,
            let first = last.first, isDigit(first)
        else { return false }
        if last.allSatisfy(isDigit) { return true }
        let hex = last.dropFirst(2)
        return first == UInt8(ascii: "0") && last.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
            && hex.allSatisfy { hexValue($0) != nil }
    }

    private static func readIPv4(_ bytes: ArraySlice<UInt8>) throws(IPAddressError) -> UInt32 {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if parts.count > 4 { throw .wrongPartCount }
        var address: UInt64 = 0
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            // The last part fills all bytes that are left: 127.1 is 127.0.0.1.
            let width = isLast ? 8 * (4 - index) : 8
            guard let value = readNumber(part), value < 1 << UInt64(width) else {
                throw .badNumber(String(decoding: part, as: UTF8.self))
            }
            address = address << UInt64(width) | value
        }
        return UInt32(address)
    }

    /// A C number: `0x` hexadecimal, a leading zero octal, else decimal; at most 32 bits.
    private static func readNumber(_ part: ArraySlice<UInt8>) -> UInt64? {
        var digits = part
        var base: UInt64 = 10
        if part.first == UInt8(ascii: "0"), part.count > 1 {
            digits = digits.dropFirst()
            base = 8
            if digits.first! | 0x20 == UInt8(ascii: "x") {
                digits = digits.dropFirst()
                base = 16
            }
        }
        if digits.isEmpty { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard let next = hexValue(digit), next < base else { return nil }
            value = value * base + next
            if value > UInt32.max { return nil }
        }
        return value
    }

    private static func readIPv6(_ bytes: ArraySlice<UInt8>) throws(IPAddressError) -> IPAddress {
        var text = bytes
        var tail: [UInt16] = []
        if text.contains(UInt8(ascii: ".")) {  // a dotted tail stands for the last two groups
            let start = text.lastIndex(of: UInt8(ascii: ":"))! + 1
            let bits = try readDottedTail(text[start...])
            tail = [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            text = text[..<start]
            // `1:2:` lost its last group's colon to the tail, `::` did not.
            if !text.suffix(2).elementsEqual("::".utf8) { text = text.dropLast() }
        }
        guard let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) else {
            let groups = try readGroups(text) + tail
            return try assemble(groups, expected: 8)
        }
        let front = try readGroups(text[..<gap])
        let back = try readGroups(text[(gap + 2)...]) + tail
        let missing = 8 - front.count - back.count
        if missing < 1 { throw .wrongPartCount }
        return try assemble(front + Array(repeating: 0, count: missing) + back, expected: 8)
    }

    /// Four plain decimals: inside IPv6 no other spelling is known (inet_pton(3)).
    private static func readDottedTail(_ bytes: ArraySlice<UInt8>) throws(IPAddressError) -> UInt32 {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if parts.count != 4 { throw .wrongPartCount }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy(isDigit),
                part.count == 1 || part.first != UInt8(ascii: "0"),
                let value = readNumber(part), value < 256
            else { throw .badNumber(String(decoding: part, as: UTF8.self)) }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    private static func readGroups(_ bytes: ArraySlice<UInt8>) throws(IPAddressError) -> [UInt16] {
        if bytes.isEmpty { return [] }
        var groups: [UInt16] = []
        for part in bytes.split(separator: colon, omittingEmptySubsequences: false) {
            if part.isEmpty { throw .malformed }
            guard part.count <= 4, part.allSatisfy({ hexValue($0) != nil }) else {
                throw .badNumber(String(decoding: part, as: UTF8.self))
            }
            groups.append(part.reduce(0) { $0 << 4 | UInt16(hexValue($1)!) })
        }
        return groups
    }

    private static func assemble(_ groups: [UInt16], expected: Int) throws(IPAddressError) -> IPAddress {
        if groups.count != expected { throw .wrongPartCount }
        func half(_ part: ArraySlice<UInt16>) -> UInt64 { part.reduce(0) { $0 << 16 | UInt64($1) } }
        return .v6(half(groups[..<4]), half(groups[4...]))
    }

    private static let colon = UInt8(ascii: ":")
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func hexValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
}
