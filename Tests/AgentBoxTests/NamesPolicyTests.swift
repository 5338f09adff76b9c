import PolicyEngine
import Testing

@testable import AgentBox

/// Rules of a box that may reach api.example.com, everything below wild.example, localhost and hosts-file names.
let stubTestRules = NameRules(
    mayResolve: {
        ["api.example.com", "localhost", "db", "inner.example.com"].contains($0) || $0.hasSuffix(".wild.example")
    },
    namesExactly: { !$0.hasSuffix(".wild.example") },
    mayAnswer: { address, name in
        switch address {
        case .v4(let number):
            number >> 24 != 127 && number >> 24 != 10 && number >> 16 != 0xA9FE || name == "localhost" || name == "db"
        case .v6(let high, let low): high >> 57 != 0x7E && (high, low) != (0, 1) || name == "localhost"
        }
    })

@Suite("What the stub does with a question")
struct NamesPolicyTests {
    static let policy = NamePolicy(rules: stubTestRules, hosts: HostsFile(Array("10.0.0.9 db\n10.0.0.8 secret\n".utf8)))

    static func step(_ name: String, type: UInt16 = 1, recordClass: UInt16 = 1) throws -> NamePolicy.Step {
        policy.step(for: try DNSQuestion.parse(dnsQuery(name, type: type, recordClass: recordClass)))
    }

    @Test(
        "Granted names are asked, others refused",
        arguments: [
            ("api.example.com", .ask), ("API.EXAMPLE.COM", .ask), ("a.wild.example", .ask), ("a.b.wild.example", .ask),
            ("example.com", .refuse(.notGranted)), ("xapi.example.com", .refuse(.notGranted)),
            ("api.example.com.evil.org", .refuse(.notGranted)),  // a search list's doing, or an attempt
            ("secret", .refuse(.notGranted)),  // in the hosts file, but not granted
            ("db", .local([.v4(0x0A00_0009)])), ("localhost", .local([.v4(0x7F00_0001), .v6(0, 1)])),
            ("4.3.2.1.in-addr.arpa", .refuse(.notGranted)), ("", .refuse(.notAHostName)),
            ("api example.com", .refuse(.notAHostName)),
        ] as [(String, NamePolicy.Step)])
    func names(name: String, step: NamePolicy.Step) throws {
        #expect(try Self.step(name) == step)
    }

    @Test(
        "Only addresses are asked for: other types of a granted name are empty (ATTACKS B20)",
        arguments: [
            (16, .empty), (10, .empty), (255, .empty), (65, .empty), (64, .empty), (12, .empty), (5, .empty),
            (28, .ask),
        ] as [(UInt16, NamePolicy.Step)])
    func types(type: UInt16, step: NamePolicy.Step) throws {
        #expect(try Self.step("api.example.com", type: type) == step)
        #expect(try Self.step("evil.example", type: type) == .refuse(.notGranted))
    }

    @Test("Other classes are refused", arguments: [3, 4, 254, 255] as [UInt16])
    func classes(recordClass: UInt16) throws {
        #expect(try Self.step("api.example.com", recordClass: recordClass) == .refuse(.wrongClass))
    }

    @Test(
        "Below a wildcard a name may have 120 bytes and 10 labels (ATTACKS B20)",
        arguments: [
            // 120
            (String(repeating: "a", count: 60) + "." + String(repeating: "b", count: 46) + ".wild.example", .ask),
            (
                String(repeating: "a", count: 60) + "." + String(repeating: "b", count: 47) + ".wild.example",
                .refuse(.tooLong)
            ),
            ("1.2.3.4.5.6.7.8.wild.example", .ask), ("1.2.3.4.5.6.7.8.9.wild.example", .refuse(.tooLong)),
        ] as [(String, NamePolicy.Step)])
    func lengths(name: String, step: NamePolicy.Step) throws {
        #expect(try Self.step(name) == step)
    }

    @Test(
        "Private, loopback and metadata addresses are kept back, mapped spellings always (ATTACKS B16, B17)",
        arguments: [
            (.v4(0x0808_0808), true), (.v4(0x0A00_0001), false), (.v4(0x7F00_0001), false), (.v4(0xA9FE_A9FE), false),
            (.v6(0x2606_4700 << 32, 1), true), (.v6(0, 1), false), (.v6(0xFD00_0EC2 << 32, 0x254), false),
            (.v6(0, 0x0000_FFFF_0808_0808), false),
        ] as [(IPAddress, Bool)])
    func addresses(address: IPAddress, kept: Bool) {
        let judged = Self.policy.judge([address], address: { $0 }, for: "api.example.com")
        #expect(judged.kept.isEmpty != kept)
        #expect(judged.dropped.isEmpty == kept)
    }

    @Test("Host rules name a host exactly, or by a wildcard")
    func exactness() {
        var hosts = HostRules()
        hosts.allowed = [HostRule(.name("api.example.com")), HostRule(.below("wild.example")), HostRule(.anyPublic)]
        let rules = NameRules(hosts)
        #expect(rules.namesExactly("api.example.com"))
        #expect(!rules.namesExactly("wild.example") && !rules.namesExactly("a.wild.example"))
    }

    @Test("The rate limit lets a burst pass, then a steady rate")
    func rate() {
        var bucket = TokenBucket(perSecond: 50, burst: 200)
        #expect((0..<300).filter { _ in bucket.take(now: .seconds(5)) }.count == 200)
        #expect((0..<100).filter { _ in bucket.take(now: .seconds(6)) }.count == 50)
        let backwards = bucket.take(now: .seconds(1))
        #expect(!backwards)
        #expect((0..<9).filter { _ in bucket.take(now: .seconds(6)) }.isEmpty)  // nor is there anything for coming back
        #expect((0..<900).filter { _ in bucket.take(now: .seconds(600)) }.count == 200)
    }
}
