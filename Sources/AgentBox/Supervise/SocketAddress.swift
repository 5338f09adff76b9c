import LinuxSystem
import PolicyEngine
import SystemPackage

extension Endpoint {
    /// Whether a connection to it stays on this machine, whatever the spelling.
    var isLoopback: Bool { address.classification == .loopback }
}

extension SocketKind {
    /// Whether a socket of this family can be told that address: IPv4 travels in IPv6, not the other way round.
    func takes(_ address: IPAddress) -> Bool {
        if case .v6 = address { return family == Self.inet6Family }
        return isInternet
    }
}

/// A socket address as a caller wrote it, decoded from a copy. Layouts: ip(7), ipv6(7), unix(7), netlink(7).
enum SocketAddress: Hashable, Sendable {
    case unspecified
    case internet(Endpoint)
    /// A path, not yet resolved.
    case path(FilePath)
    /// An abstract or unnamed unix address.
    case abstract
    case netlink(pid: UInt32, groups: UInt32)
    /// Another family, or bytes that do not make an address of theirs.
    case other(family: UInt16)

    /// Pure and total: every sequence of bytes has an answer.
    init(_ bytes: [UInt8]) {
        guard bytes.count >= 2 else { self = .other(family: 0); return }
        func word(_ at: Int) -> UInt32 { bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        func big(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        let family = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        switch CInt(family) {
        case 0: self = .unspecified
        case SocketKind.inetFamily where bytes.count >= 16:
            self = .internet(Endpoint(address: .v4(UInt32(big(4..<8))), port: UInt16(big(2..<4))))
        case SocketKind.inet6Family where bytes.count >= 24:
            self = .internet(Endpoint(address: .v6(big(8..<16), big(16..<24)), port: UInt16(big(2..<4))))
        case SocketKind.unixFamily:
            let name = bytes[2...].prefix { $0 != 0 }
            self = name.isEmpty ? .abstract : .path(FilePath(bytes: name))
        case SocketKind.netlinkFamily where bytes.count >= 12: self = .netlink(pid: word(4), groups: word(8))
        default: self = .other(family: family)
        }
    }

    /// The kernel's form of an internet address, in the family that the socket has.
    /// - Precondition: A socket of that family takes the address (``SocketKind/takes(_:)``).
    static func bytes(_ endpoint: Endpoint, family: CInt) -> [UInt8] {
        func big(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let head = [UInt8(family), 0] + big(UInt64(endpoint.port), 2)
        if family == SocketKind.inetFamily, case .v4(let address) = endpoint.address {
            return head + big(UInt64(address), 4) + [UInt8](repeating: 0, count: 8)
        }
        precondition(family == SocketKind.inet6Family, "an IPv6 address has no form in another family")
        let (upper, lower): (UInt64, UInt64)
        switch endpoint.address {
        case .v4(let address): (upper, lower) = (0, 0xffff_0000_0000 | UInt64(address))
        case .v6(let a, let b): (upper, lower) = (a, b)
        }
        return head + [0, 0, 0, 0] + big(upper, 8) + big(lower, 8) + [0, 0, 0, 0]
    }

    /// A unix address for a path that the supervisor chose.
    static func bytes(path: String) -> [UInt8] { [UInt8(SocketKind.unixFamily), 0] + Array(path.utf8) + [0] }
}
