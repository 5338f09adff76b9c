import LinuxSystem
import PolicyEngine
import SystemPackage
import Testing

@testable import AgentBox

/// A small generator (SplitMix64): the same seed gives the same cases on every machine.
struct Seeded: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct AddressTests {
    @Test("Every sequence of bytes has an answer that fits its family and length", arguments: [1, 2, 3] as [UInt64])
    func total(seed: UInt64) {
        var random = Seeded(seed)
        for length in 0...128 {
            for family: UInt16 in [0, 1, 2, 10, 16, 17, 31, 38, 40, 0x0200, 0x0a00, .max] {
                var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
                if length >= 1 { bytes[0] = UInt8(family & 0xff) }
                if length >= 2 { bytes[1] = UInt8(family >> 8) }
                switch (SocketAddress(bytes), family) {
                case (.other(0), _) where length < 2: break
                case (.unspecified, 0), (.path, 1), (.abstract, 1): break
                case (.internet(let endpoint), 2):
                    #expect(length >= 16)
                    if case .v6 = endpoint.address { Issue.record("an IPv4 address became an IPv6 one") }
                    #expect(SocketAddress(SocketAddress.bytes(endpoint, family: 2)) == .internet(endpoint))
                case (.internet(let endpoint), 10):
                    #expect(length >= 24)  // SIN6_LEN_RFC2133
                    #expect(SocketAddress(SocketAddress.bytes(endpoint, family: 10)) == .internet(endpoint))
                case (.netlink, 16): #expect(length >= 12)
                case (.other(let other), _): #expect(other == family && ![0, 1].contains(family))
                case (let decoded, _): Issue.record("family \(family), \(length) bytes: \(decoded)")
                }
            }
        }
    }

    @Test(
        "Addresses are read as the kernel lays them out",
        arguments: [
            (
                [2, 0, 0x1f, 0x90, 127, 0, 0, 1] + zeros(8),
                SocketAddress.internet(.init(address: .v4(0x7f00_0001), port: 8080))
            ),
            ([2, 0, 0x1f, 0x90, 127, 0, 0, 1] + zeros(7), .other(family: 2)),  // one byte short
            (
                // flow and scope do not count
                [10, 0, 0, 80, 9, 9, 9, 9] + zeros(10) + [0xff, 0xff, 10, 0, 0, 1] + [1, 0, 0, 0],
                .internet(.init(address: .v6(0, 0xffff_0a00_0001), port: 80))
            ),
            ([10, 0] + zeros(21), .other(family: 10)),
            ([1, 0], .abstract),  // unnamed
            ([1, 0, 0] + Array("x".utf8), .abstract),
            ([1, 0] + Array("/run/a".utf8) + [0, 65], .path("/run/a")),  // what follows the zero is not part of it
            ([1, 0] + Array("/run/a".utf8), .path("/run/a")),  // no closing zero
            ([1, 0, 0xff, 0xfe], .path(FilePath(bytes: [0xff, 0xfe] as [UInt8]))),  // names are bytes
            ([16, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0], .netlink(pid: 1, groups: 2)),
            ([0], .other(family: 0)), ([], .other(family: 0)),
            ([0, 10] + zeros(26), .other(family: 0x0a00)),  // the family is little-endian
        ] as [([UInt8], SocketAddress)])
    func table(bytes: [UInt8], address: SocketAddress) {
        #expect(SocketAddress(bytes) == address)
    }

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    @Test("An IPv4 address for an IPv6 socket is written as a mapped one")
    func mapped() {
        let bytes = SocketAddress.bytes(Endpoint(address: .v4(0x0102_0304), port: 443), family: 10)
        #expect(bytes.count == 28)
        #expect(SocketAddress(bytes) == .internet(Endpoint(address: .v6(0, 0xffff_0102_0304), port: 443)))
    }

    @Test(
        "A loopback address is one in every spelling",
        arguments: [
            (IPAddress.v4(0x7f00_0001), true), (.v4(0x7fff_fffe), true), (.v6(0, 1), true),
            (.v6(0, 0xffff_7f00_0001), true),
            (.v4(0), true), (.v6(0, 0), true),  // Linux leads both to loopback
            (.v4(0x0808_0808), false), (.v6(0x2001_0db8_0000_0000, 1), false),
        ])
    func loopback(address: IPAddress, isLoopback: Bool) {
        #expect(Endpoint(address: address, port: 1).isLoopback == isLoopback)
    }
}
