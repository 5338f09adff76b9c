import PolicyEngine
import Testing

@Suite("Addresses have one canonical form")
struct IPAddressTests {
    @Test(
        "Every spelling of an address is read as the C library reads it",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"),
            ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("0x7f.1", "127.0.0.1"), ("0177.1", "127.0.0.1"),
            ("0X7F.0.0.1", "127.0.0.1"),
            ("010.0.0.1", "8.0.0.1"),  // a leading zero is octal, not ten
            ("0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("1.2.65535", "1.2.255.255"),
            ("1.16777215", "1.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"), ("1::", "1::"),
            // the first of two equal runs
            ("2001:DB8::00A1", "2001:db8::a1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // the longer run
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),  // one zero group is not shortened
            ("::ffff:127.0.0.1", "::ffff:127.0.0.1"), ("::ffff:7f00:1", "::ffff:127.0.0.1"),
            ("::1.2.3.4", "::102:304"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
            ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ])
    func spellings(text: String, canonical: String) throws {
        #expect("\(try IPAddress(parsing: text))" == canonical)
    }

    @Test(
        "What is no address is refused with its reason",
        arguments: [
            ("", IPAddressError.empty),
            ("256.0.0.1", .badNumber("256")), ("1.2.3.256", .badNumber("256")), ("1.2.65536", .badNumber("65536")),
            ("1.16777216", .badNumber("16777216")), ("4294967296", .badNumber("4294967296")),
            ("08.0.0.1", .badNumber("08")),  // no octal digit
            ("0x", .badNumber("0x")), ("0xg.1", .badNumber("0xg")), ("1..2", .badNumber("")), (".1", .badNumber("")),
            ("1.2.3.4.", .wrongPartCount), ("1.2.3.4.5", .wrongPartCount), ("1.2.3.4 ", .badNumber("4 ")),
            ("+1.2.3.4", .badNumber("+1")), ("-1", .badNumber("-1")),
            ("99999999999999999999", .badNumber("99999999999999999999")),
            ("fe80::1%eth0", .scopeIdentifier), ("fe80::1%1", .scopeIdentifier),
            ("1:2:3:4:5:6:7", .wrongPartCount), ("1:2:3:4:5:6:7:8:9", .wrongPartCount),
            ("1:2:3:4:5:6:7:8::", .wrongPartCount),  // `::` stands for one group at least
            (":::", .malformed), ("1::2::3", .malformed), (":1", .malformed), ("1:", .malformed),
            ("12345::", .badNumber("12345")), ("g::", .badNumber("g")),
            ("::1.2.3", .wrongPartCount), ("::1.2.3.04", .badNumber("04")), ("::ffff:0x7f.0.0.1", .badNumber("0x7f")),
            ("1.2.3.4::", .wrongPartCount), ("::1\u{0}", .badNumber("1\u{0}")), ("１.2.3.4", .badNumber("１")),
        ])
    func refusals(text: String, reason: IPAddressError) {
        #expect(throws: reason) { try IPAddress(parsing: text) }
    }

    @Test("Printing and reading again gives the same address", arguments: [1, 2, 3, 4] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        for _ in 0..<2_000 {
            // Sparse bits, so that runs of zero groups are common.
            let high = random.next() & random.next() & random.next()
            let low = random.next() & random.next() & random.next()
            for address in [
                IPAddress.v6(high & ~0xffff, low), .v6(0, low), .v6(0, low >> 16), .v4(UInt32(truncatingIfNeeded: low)),
            ] {
                #expect(try IPAddress(parsing: "\(address)") == address)
                #expect(address.canonical.canonical == address.canonical)
            }
        }
    }

    @Test("Random text never traps the reader", arguments: [11, 12] as [UInt64])
    func junk(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let alphabet = Array("0123456789abcdefx:.%[]/ ")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...18, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            if let address = try? IPAddress(parsing: text) {
                #expect(throws: Never.self) { try IPAddress(parsing: "\(address)") }
            }
            _ = try? HostRule(parsing: text)
        }
    }

    @Test(
        "An IPv4 address inside an IPv6 one is found",
        arguments: [
            ("::ffff:10.0.0.1", "10.0.0.1"), ("::10.0.0.1", "10.0.0.1"), ("::ffff:0:10.0.0.1", "10.0.0.1"),
            ("64:ff9b::169.254.169.254", "169.254.169.254"), ("2002:7f00:1::5", "127.0.0.1"),
            ("::", "::"), ("::1", "::1"), ("2001:db8::1", "2001:db8::1"), ("64:ff9b:1::7f00:1", "64:ff9b:1::7f00:1"),
        ])
    func inside(text: String, expected: String) throws {
        #expect("\(try IPAddress(parsing: text).canonical)" == expected)
    }

    @Test(
        "Each address is put in its class",
        arguments: [
            ("127.0.0.1", IPAddress.Class.loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
            ("::ffff:127.0.0.1", .loopback),
            ("0.0.0.0", .loopback), ("::", .loopback),  // Linux leads both to loopback
            ("::ffff:0.0.0.0", .loopback), ("64:ff9b::7f00:1", .loopback), ("2002:7f00:1::", .loopback),
            ("::127.0.0.1", .loopback),
            ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
            ("100.64.0.1", .private), ("100.127.255.255", .private), ("fd12::1", .private), ("fc00::", .private),
            ("fec0::1", .private),
            ("64:ff9b:1::808:808", .private),
            ("169.254.1.1", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("224.0.0.251", .multicast), ("239.255.255.255", .multicast), ("ff02::fb", .multicast),
            ("255.255.255.255", .broadcast),
            ("192.0.2.1", .documentation), ("198.51.100.7", .documentation), ("203.0.113.9", .documentation),
            ("2001:db8::1", .documentation), ("3fff::1", .documentation),
            ("0.1.2.3", .reserved), ("192.0.0.1", .reserved), ("198.18.0.1", .reserved), ("198.19.255.255", .reserved),
            ("240.0.0.1", .reserved), ("100::1", .reserved), ("2001::1", .reserved), ("5f00::1", .reserved),
            ("4000::", .reserved),
            ("169.254.169.254", .metadata), ("::ffff:169.254.169.254", .metadata), ("fd00:ec2::254", .metadata),
            ("100.100.100.200", .metadata), ("192.0.0.192", .metadata), ("168.63.129.16", .metadata),
            ("169.254.170.2", .metadata),
            ("8.8.8.8", .public), ("172.15.255.255", .public), ("172.32.0.0", .public), ("100.63.255.255", .public),
            ("100.128.0.0", .public), ("11.0.0.0", .public), ("126.255.255.255", .public), ("128.0.0.0", .public),
            ("2606:4700::1111", .public), ("64:ff9b::808:808", .public), ("2002:808:808::", .public),
            ("::ffff:8.8.8.8", .public),
        ])
    func classes(text: String, expected: IPAddress.Class) throws {
        let address = try IPAddress(parsing: text)
        #expect(address.classification == expected)
        #expect(address.isPublic == (expected == .public))
    }

    @Test(
        "A block holds the addresses that share its prefix",
        arguments: [
            ("10.1.2.3", "10.0.0.0", 8, true), ("11.0.0.0", "10.0.0.0", 8, false), ("1.2.3.4", "0.0.0.0", 0, true),
            ("255.255.255.255", "0.0.0.0", 0, true), ("1.2.3.4", "1.2.3.4", 32, true),
            ("1.2.3.5", "1.2.3.4", 32, false),
            ("2001:db8::1", "2001:db8::", 32, true), ("2001:db9::1", "2001:db8::", 32, false),
            ("ffff::", "::", 0, true),
            ("::ffff", "::fffe", 127, true), ("::1:0", "::", 112, false), ("1:2:3:4::", "1:2:3:4:8000::", 64, true),
            ("1:2:3:4::", "1:2:3:4:8000::", 65, false),
            ("1.2.3.4", "::", 0, false),  // another family
        ])
    func containment(text: String, base: String, prefix: Int, inside: Bool) throws {
        #expect(try IPAddress(parsing: text).lies(in: try IPAddress(parsing: base), prefix: prefix) == inside)
    }
}
