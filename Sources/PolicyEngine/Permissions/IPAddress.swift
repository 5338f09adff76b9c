/// An IPv4 or IPv6 address in one canonical form: an IPv4 address that is written as IPv6
/// (mapped, compatible, NAT64, 6to4 are judged by the address inside) compares equal to its plain form only where that is stated.
public enum IPAddress: Hashable, Sendable {
    /// Host byte order: 127.0.0.1 is 0x7f00_0001.
    case v4(UInt32)
    /// Big-endian halves: ::1 is (0, 1).
    case v6(UInt64, UInt64)
}
