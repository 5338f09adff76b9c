/// An IPv4 or IPv6 address. Two spellings of one address parse to the same value; an IPv4 address that travels inside an
/// IPv6 one stays as it came, and ``canonical`` gives the IPv4 address that it must be judged by.
public enum IPAddress: Hashable, Sendable {
    /// Host byte order: 127.0.0.1 is 0x7f00_0001.
    case v4(UInt32)
    /// Big-endian halves: ::1 is (0, 1).
    case v6(UInt64, UInt64)
}

extension IPAddress {
    /// Bits in a full-length prefix: 32 or 128.
    public var bitCount: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address that decisions are made on: the IPv4 address inside a mapped (`::ffff:0:0/96`), compatible (`::/96`),
    /// translated (`::ffff:0:0:0/96`), NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`) address, else the address itself.
    ///
    /// `::` and `::1` are addresses of their own, not IPv4-compatible ones. Source: RFC 4291, 2765, 6052, 3056.
    public var canonical: IPAddress {
        guard case .v6(let high, let low) = self else { return self }
        let tail = IPAddress.v4(UInt32(truncatingIfNeeded: low))
        switch (high, low >> 32) {
        case (0, 0xffff), (0x0064_ff9b_0000_0000, 0): return tail
        case (0, 0): return low > 1 ? tail : self
        case (0, 0xffff_0000): return tail
        default: break
        }
        if high >> 48 == 0x2002 { return .v4(UInt32(truncatingIfNeeded: high >> 16)) }
        return self
    }

    /// The address that a connection to this one reaches: ``canonical``, and Linux leads 0.0.0.0 and `::` to loopback.
    public var destination: IPAddress {
        switch canonical {
        case .v4(0): .v4(0x7f00_0001)
        case .v6(0, 0): .v6(0, 1)
        case let other: other
        }
    }

    /// Whether this address lies in the block `base`/`prefix`. Addresses of different families never do.
    /// - Parameter prefix: 0 to 32, or 0 to 128.
    public func lies(in base: IPAddress, prefix: Int) -> Bool {
        switch (self, base) {
        case (.v4(let a), .v4(let b)):
            let keep: UInt32 = ~0 << UInt32(max(0, 32 - prefix))  // `<<` by 32 gives 0: the whole space
            return a & keep == b & keep
        case (.v6(let high, let low), .v6(let baseHigh, let baseLow)):
            let keepHigh: UInt64 = ~0 << UInt64(max(0, 64 - prefix))
            let keepLow: UInt64 = ~0 << UInt64(min(64, 128 - prefix))
            return high & keepHigh == baseHigh & keepHigh && low & keepLow == baseLow & keepLow
        default: return false
        }
    }

    /// This address with all bits behind `prefix` cleared.
    public func masked(to prefix: Int) -> IPAddress {
        switch self {
        case .v4(let bits): .v4(bits & (~0 << UInt32(32 - prefix)))
        case .v6(let high, let low):
            .v6(high & (~0 << UInt64(max(0, 64 - prefix))), low & (~0 << UInt64(min(64, 128 - prefix))))
        }
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by value.
    public static func < (a: IPAddress, b: IPAddress) -> Bool {
        switch (a, b) {
        case (.v4(let x), .v4(let y)): x < y
        case (.v4, .v6): true
        case (.v6, .v4): false
        case (.v6(let x, let y), .v6(let z, let w)): (x, y) < (z, w)
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the form of RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups
    /// (the first of equals) shortened, and mapped addresses with a dotted tail.
    public var description: String {
        switch self {
        case .v4(let bits): Self.dotted(bits)
        case .v6(0, let low) where low >> 32 == 0xffff: "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: low))
        case .v6(let high, let low):
            Self.grouped(
                [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) } })
        }
    }

    private static func dotted(_ bits: UInt32) -> String {
        [24, 16, 8, 0].map { String((bits >> $0) & 0xff) }.joined(separator: ".")
    }

    private static func grouped(_ groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = end + 1
        }
        func text(_ part: some Sequence<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return text(groups) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
