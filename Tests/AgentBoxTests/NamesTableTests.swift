import PolicyEngine
import Testing

@testable import AgentBox

@Suite("Pinned names")
struct NamesTableTests {
    static let address = IPAddress.v4(0x5DB8_D822)

    @Test(
        "A pin outlives its DNS time by a grace, up to a limit",
        arguments: [
            (1, 599, true), (1, 600, false),  // at least ten minutes
            (3_600, 3_599, true), (3_600, 3_600, false),
            (UInt32.max, 86_399, true), (UInt32.max, 86_400, false),  // at most a day
        ] as [(UInt32, Int, Bool)])
    func lifetime(ttl: UInt32, after: Int, held: Bool) {
        let table = NameTable()
        table.pin([Self.address], to: "a.example", ttl: ttl, now: .seconds(1_000))
        #expect(table.names(for: Self.address, now: .seconds(1_000 + after)) == (held ? ["a.example"] : []))
    }

    @Test("A second answer lengthens a pin and never shortens it")
    func renewing() {
        let table = NameTable()
        table.pin([Self.address], to: "a.example", ttl: 3_600, now: .zero)
        table.pin([Self.address], to: "a.example", ttl: 1, now: .seconds(60))
        #expect(table.names(for: Self.address, now: .seconds(3_599)) == ["a.example"])
        table.pin([Self.address], to: "a.example", ttl: 1, now: .seconds(3_590))
        #expect(table.names(for: Self.address, now: .seconds(4_000)) == ["a.example"])
    }

    @Test("An address is known in both spellings of IPv4, and no further")
    func spellings() {
        let table = NameTable()
        let mapped = IPAddress.v6(0, 0x0000_FFFF_5DB8_D822)
        table.pin([Self.address], to: "a.example", ttl: 1, now: .zero)
        #expect(table.names(for: mapped, now: .zero) == ["a.example"])
        table.pin([mapped], to: "b.example", ttl: 1, now: .zero)
        #expect(table.names(for: Self.address, now: .zero) == ["a.example", "b.example"])
        // v4-compatible: another address to the kernel
        #expect(table.names(for: .v6(0, 0x5DB8_D822), now: .zero) == [])
    }

    @Test("What the hosts file says stays, whatever else comes")
    func seeds() {
        var limits = NameTable.Limits()
        limits.names = 8
        let table = NameTable(limits: limits)
        table.seed([.v4(1)], to: "printer")
        for index in 0..<1_000 { table.pin([.v4(UInt32(index) + 10)], to: "h\(index).example.com", ttl: 1, now: .zero) }
        #expect(table.names(for: .v4(1), now: .seconds(1_000_000)) == ["printer"])
        #expect(table.size.names <= 8)
    }

    @Test("A flood of names under one domain pushes out its own, not another's")
    func fairness() {
        let table = NameTable()
        table.pin([.v4(7)], to: "api.other.org", ttl: 1, now: .zero)
        table.pin([.v4(8)], to: "single", ttl: 1, now: .zero)
        for index in 0..<4_500 {
            table.pin([.v4(0x0800_0000 + UInt32(index))], to: "h\(index).flood.com", ttl: 1, now: .milliseconds(index))
        }
        #expect((4_032...4_096).contains(table.size.names))
        #expect(table.names(for: .v4(7), now: .seconds(5)) == ["api.other.org"])
        #expect(table.names(for: .v4(8), now: .seconds(5)) == ["single"])
        // the newest is in
        #expect(table.names(for: .v4(0x0800_0000 + 4_499), now: .seconds(5)) == ["h4499.flood.com"])
        #expect(table.names(for: .v4(0x0800_0000), now: .seconds(5)) == [])  // the oldest went
    }

    @Test("A flood of addresses stays within bounds, for one name and for all")
    func addressBounds() {
        var limits = NameTable.Limits()
        limits.addresses = 100
        limits.addressesPerName = 16
        let table = NameTable(limits: limits)
        for index in 0..<50 {
            table.pin(
                (0..<40).map { .v4(UInt32(index * 100 + $0)) }, to: "n\(index % 9).example", ttl: 1,
                now: .seconds(index))
            #expect(table.size.addresses <= 100)
        }
        // 16 of the last answer's 40 addresses, in its order.
        #expect(table.names(for: .v4(4_900), now: .seconds(50)) == ["n4.example"])
        #expect(table.names(for: .v4(4_916), now: .seconds(50)) == [])
    }

    @Test("Expired names go first")
    func expiredFirst() {
        var limits = NameTable.Limits()
        limits.names = 2
        let table = NameTable(limits: limits)
        table.pin([.v4(1)], to: "long.example", ttl: 5_000, now: .zero)
        table.pin([.v4(2)], to: "short.other", ttl: 1, now: .zero)
        table.pin([.v4(3)], to: "new.example", ttl: 1, now: .seconds(700))
        #expect(table.names(for: .v4(1), now: .seconds(700)) == ["long.example"])
        #expect(table.names(for: .v4(3), now: .seconds(700)) == ["new.example"])
    }

    @Test("Pins are looked up while others are made")
    func threads() async {
        let table = NameTable()
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for index in 0..<500 {
                        table.pin([.v4(UInt32(index))], to: "w\(writer).n\(index).example", ttl: 1, now: .zero)
                    }
                }
                group.addTask { for index in 0..<500 { _ = table.names(for: .v4(UInt32(index)), now: .zero) } }
            }
        }
        #expect(table.names(for: .v4(3), now: .zero).count == 4)
    }
}

@Suite("Resolver configuration files")
struct NamesFileTests {
    static let loopback = Endpoint(address: .v4(0x7F00_0001), port: 53)

    @Test(
        "Name servers are read as resolv.conf(5) says",
        arguments: [
            ("nameserver 10.0.0.1\n", [Endpoint(address: .v4(0x0A00_0001), port: 53)]),
            (
                "# nameserver 1.1.1.1\n;nameserver 1.1.1.1\n\tnameserver\t10.0.0.1 # mine\noptions use-vc\n",
                [Endpoint(address: .v4(0x0A00_0001), port: 53)]
            ),
            ("nameserver fe80::1%eth0", [Endpoint(address: .v6(0xFE80 << 48, 1), port: 53)]),
            (
                "nameserver 1.1.1.1\nnameserver 1.1.1.2\nnameserver 1.1.1.3\nnameserver 1.1.1.4\n",
                (1...3).map { Endpoint(address: .v4(0x0101_0100 + $0), port: 53) }
            ),
            ("", [loopback]), ("search example.com\n", [loopback]),  // none named: this machine's own
            // no addresses
            ("nameserver 010.1.1.1x\nnameserver host\nnameserver\nnameserver 1.1\nnameserver 1.1.1.1\0\n", [loopback]),
        ] as [(String, [Endpoint])])
    func nameServers(text: String, servers: [Endpoint]) {
        #expect(ResolvConf.nameServers(Array(text.utf8)) == servers)
    }

    @Test("Bytes that are no text give the default and no crash")
    func binary() {
        var random = SeededBytes(state: 1)
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(ResolvConf.nameServers(noise) == [Self.loopback])
        #expect(HostsFile(noise).addresses.count < 10)
    }

    @Test("Hosts are read as hosts(5) says: aliases, comments, both families, odd lines skipped")
    func hosts() {
        let text = """
            127.0.0.1 localhost
            ::1\tlocalhost ip6-localhost
            10.0.0.5   DB.Internal db # the database
            ::ffff:10.0.0.6 mapped
            10.0.0.5 db
            nonsense here
            1.2.3.4
            10.0.0.7 bad/name good-name
            """
        #expect(
            HostsFile(Array(text.utf8)).addresses == [
                "localhost": [.v4(0x7F00_0001), .v6(0, 1)], "ip6-localhost": [.v6(0, 1)],
                "db.internal": [.v4(0x0A00_0005)], "db": [.v4(0x0A00_0005)], "mapped": [.v4(0x0A00_0006)],
                "good-name": [.v4(0x0A00_0007)],
            ])
    }

    @Test("A huge hosts file is bounded")
    func hugeHosts() {
        let block = (0..<19_000).map { "10.1.\($0 / 250).\($0 % 250) ads\($0).example all" }.joined(separator: "\n")
        let hosts = HostsFile(Array(block.utf8))
        #expect(hosts.addresses.count == 4_096)
        #expect(hosts.addresses["all"]?.count == 16)
    }
}
