extension IPAddress {
    /// What kind of place an address leads to. Source: IANA special-purpose address registries, RFC 6890.
    public enum Class: String, Hashable, Sendable, CaseIterable {
        case loopback, `private`, linkLocal, multicast, broadcast, documentation, reserved
        /// A cloud's instance service, which hands credentials to whoever asks.
        case metadata
        case `public`

        /// As messages write it: `link-local`.
        public var words: String { self == .linkLocal ? "link-local" : rawValue }
    }

    /// Judged on ``destination``, so that no spelling and no tunnel prefix changes the answer.
    public var classification: Class {
        let address = destination
        if Self.metadataServices.contains(address) { return .metadata }
        for row in Self.specialBlocks where address.lies(in: row.base, prefix: row.prefix) { return row.kind }
        if case .v6 = address { return address.lies(in: .v6(0x2000 << 48, 0), prefix: 3) ? .public : .reserved }
        return .public
    }

    /// Whether it is an ordinary address of the internet, which `*` covers.
    public var isPublic: Bool { classification == .public }

    /// Instance services of the large clouds, some of them at addresses that look ordinary.
    static let metadataServices: Set<IPAddress> = Set(
        [
            "169.254.169.254",  // AWS, Azure, Google, DigitalOcean, Oracle, OpenStack
            "169.254.170.2", "169.254.170.23",  // AWS container and pod credentials
            "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",  // AWS and Google over IPv6
            "100.100.100.200",  // Alibaba
            "192.0.0.192",  // Oracle
            "169.254.0.23", "169.254.10.10",  // Tencent
            "168.63.129.16",  // Azure's host service, in public space
        ].map(literal))

    /// First match wins, so exceptions stand before the block round them.
    private static let specialBlocks: [(base: IPAddress, prefix: Int, kind: Class)] = [
        block("127.0.0.0", 8, .loopback), block("::1", 128, .loopback),
        block("10.0.0.0", 8, .private), block("172.16.0.0", 12, .private), block("192.168.0.0", 16, .private),
        block("100.64.0.0", 10, .private),  // shared by a provider's customers, RFC 6598
        block("fc00::", 7, .private), block("fec0::", 10, .private),
        block("64:ff9b:1::", 48, .private),  // NAT64 of the local network: what is inside cannot be told, RFC 8215
        block("169.254.0.0", 16, .linkLocal), block("fe80::", 10, .linkLocal),
        block("224.0.0.0", 4, .multicast), block("ff00::", 8, .multicast),
        block("255.255.255.255", 32, .broadcast),
        block("192.0.2.0", 24, .documentation), block("198.51.100.0", 24, .documentation),
        block("203.0.113.0", 24, .documentation), block("2001:db8::", 32, .documentation),
        block("3fff::", 20, .documentation),
        block("0.0.0.0", 8, .reserved), block("192.0.0.0", 24, .reserved), block("192.88.99.0", 24, .reserved),
        block("198.18.0.0", 15, .reserved), block("240.0.0.0", 4, .reserved),
        block("2001::", 23, .reserved),  // protocol assignments, Teredo among them: it wraps an IPv4 address
    ]

    private static func block(_ text: String, _ prefix: Int, _ kind: Class) -> (
        base: IPAddress, prefix: Int, kind: Class
    ) {
        (literal(text), prefix, kind)
    }

    /// An address of the tables above; a test reads them all.
    private static func literal(_ text: String) -> IPAddress {
        guard let address = try? IPAddress(parsing: text) else { preconditionFailure("table row `\(text)`") }
        return address
    }
}
