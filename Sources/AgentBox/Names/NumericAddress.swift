import Glibc
import PolicyEngine

/// Addresses as configuration files write them.
enum NumericAddress {
    /// - Parameter text: Dotted decimal with four parts, or IPv6 with or without a `%scope`, which is dropped.
    /// - Returns: `nil` for anything else; no octal, no short forms. Source: inet_pton(3).
    static func parse(_ text: Substring) -> IPAddress? {
        let plain = String(text.prefix { $0 != "%" })
        guard plain.utf8.count <= 45, !plain.utf8.contains(0) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        // inet_pton writes 4 or 16 bytes, and the array has 16.
        if unsafe inet_pton(AF_INET, plain, &bytes) == 1 { return .v4(UInt32(number(bytes.prefix(4)))) }
        if unsafe inet_pton(AF_INET6, plain, &bytes) == 1 {
            return .v6(number(bytes.prefix(8)), number(bytes.suffix(8)))
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension IPAddress {
    /// An IPv4 address that is written as ::ffff:a.b.c.d, in its plain form: the kernel makes both the same connection.
    var unmapped: IPAddress {
        if case .v6(0, let low) = self, low >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: low)) }
        return self
    }
}
