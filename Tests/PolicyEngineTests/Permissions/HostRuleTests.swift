import PolicyEngine
import Testing

@Suite("Host entries have one meaning each")
struct HostRuleTests {
    @Test(
        "B13: an entry is read into its canonical form",
        arguments: [
            ("example.com", "example.com"), ("EXAMPLE.Com.", "example.com"), ("example.com:443", "example.com:443"),
            ("*.example.com", "*.example.com"), ("*.example.com:8443", "*.example.com:8443"), ("*", "*"),
            ("*:443", "*:443"),
            ("localhost:5432", "localhost:5432"), ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
            ("münchen.de", "xn--mnchen-3ya.de"), ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
            ("mu\u{308}nchen.de", "xn--mnchen-3ya.de"),  // decomposed: u and a combining mark
            ("bücher.example", "xn--bcher-kva.example"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai"), ("ليهمابتكلموشعربي", "xn--mgbcah9ar9a4efegftvvn"),
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("10.0.0.1", "10.0.0.1"), ("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.0/8:443", "10.0.0.0/8:443"),
            ("10.0.0.1/32", "10.0.0.1"),
            ("0x7f.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("127.0.0.1.", "127.0.0.1"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("0.0.0.0", "127.0.0.1"), ("::", "::1"),  // as destinations both lead to loopback
            ("::1", "::1"), ("[::1]:443", "[::1]:443"), ("[::1]", "::1"), ("fd00::/8", "fd00::/8"),
            ("[fd00::/8]:53", "[fd00::/8]:53"),
            ("::ffff:10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("64:ff9b::7f00:1", "127.0.0.1"),
            ("a.b.c.d", "a.b.c.d"),  // four labels of letters are a name
            ("0x7f.example", "0x7f.example"),
        ])
    func canonicalForms(text: String, expected: String) throws {
        let rule = try HostRule(parsing: text)
        #expect("\(rule)" == expected)
        #expect(try HostRule(parsing: "\(rule)") == rule)
    }

    @Test(
        "B13: a malformed entry is refused with its reason",
        arguments: [
            ("", HostRuleError.empty), (":443", .empty),
            ("https://example.com", .url), ("example.com/path", .url), ("user@example.com", .url),
            ("example.com?x", .url),
            ("exa mple.com", .control), ("example.com\u{0}.evil.com", .control), ("example.com\n", .control),
            ("ex%61mple.com", .name(.percentEncoded)), ("example..com", .name(.emptyLabel)),
            (".example.com", .name(.emptyLabel)),
            (".", .name(.emptyLabel)), ("example.com..", .name(.emptyLabel)),
            ("-a.com", .name(.hyphenAtEdge("-a"))), ("a-.com", .name(.hyphenAtEdge("a-"))),
            ("under_score.com", .name(.character("_"))), ("exa,mple.com", .name(.character(","))),
            ("ｅxample.com", .name(.character("ｅ"))),  // full-width: registries replace it, so it would match nothing
            ("a\u{200d}b.com", .name(.character("\u{200d}"))), ("ex\u{202e}a.com", .name(.character("\u{202e}"))),
            ("a。com", .name(.character("。"))), ("☃.net", .name(.character("☃"))),
            ("*example.com", .wildcardPlace), ("a.*.com", .wildcardPlace), ("*.*.com", .wildcardPlace),
            ("**", .wildcardPlace),
            ("example.*", .wildcardPlace), ("*.10.0.0.1", .wildcardPlace),
            ("example.com:0", .port("0")), ("example.com:65536", .port("65536")), ("example.com:", .port("")),
            ("example.com:-1", .port("-1")), ("example.com:+80", .port("+80")), ("example.com:080", .port("080")),
            ("example.com:80-90", .port("80-90")), ("example.com:https", .port("https")), ("*:", .port("")),
            ("[::1", .unclosedBracket), ("[::1]x", .unclosedBracket), ("[10.0.0.1]:80", .address(.malformed)),
            ("[example.com]", .address(.malformed)),
            ("10.0.0.1/8", .hostBitsSet("10.0.0.0/8")), ("fd00::1/8", .hostBitsSet("fd00::/8")),
            ("10.0.0.0/33", .prefix("33")), ("::/129", .prefix("129")), ("10.0.0.0/08", .prefix("08")),
            ("10.0.0.0/-1", .prefix("-1")),
            ("1.2.3.256", .address(.badNumber("256"))),  // a last label of digits is no name
            ("example.123", .address(.badNumber("example"))), ("fe80::1%eth0", .address(.scopeIdentifier)),
        ])
    func refusals(text: String, reason: HostRuleError) {
        #expect(throws: reason) { try HostRule(parsing: text) }
        #expect(!reason.description.isEmpty)
    }

    @Test("Labels and names have the lengths of the domain name system")
    func lengths() throws {
        let label = String(repeating: "a", count: 63)
        _ = try HostName.canonical(label)
        #expect(throws: HostNameError.labelTooLong(label + "a")) { try HostName.canonical(label + "a") }
        let name = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(try HostName.canonical(name).utf8.count == 253)
        #expect(throws: HostNameError.tooLong) { try HostName.canonical(name + "b") }
        // 59 characters, but more bytes as an A-label.
        #expect(throws: HostNameError.self) { try HostName.canonical(String(repeating: "ü", count: 60)) }
        #expect(throws: HostNameError.self) { try HostName.canonical(String(repeating: "ü", count: 100_000)) }
    }

    @Test(
        "B14: a warning is given where strangers share a suffix",
        arguments: [
            ("*.com", true), ("*.co.uk", true), ("*.github.io", true), ("*.example.com", false), ("example.com", false),
            ("*.internal.example.co.uk", false), ("0.0.0.0/0", true), ("metadata.google.internal", true), ("*", false),
        ])
    func warnings(text: String, warned: Bool) throws {
        #expect((try HostRule(parsing: text).warning != nil) == warned)
    }
}

@Suite("Host rules decide")
struct HostRulesTests {
    static func rules(_ allowed: [String], denied: [String] = []) throws -> HostRules {
        HostRules(allowed: try allowed.map(HostRule.init(parsing:)), denied: try denied.map(HostRule.init(parsing:)))
    }

    @Test(
        "B15, B23: a connection is decided on address, port and the names that led there",
        arguments: [
            (["*"], [], "8.8.8.8", 443, [], true),
            (["*"], [], "127.0.0.1", 443, [], false), (["*"], [], "0.0.0.0", 80, [], false),
            (["*"], [], "::", 80, [], false),
            (["*"], [], "::ffff:127.0.0.1", 80, [], false), (["*"], [], "10.0.0.1", 80, [], false),
            (["*"], [], "169.254.169.254", 80, [], false), (["*"], [], "fd00:ec2::254", 80, [], false),
            (["*"], [], "168.63.129.16", 80, [], false), (["*"], [], "64:ff9b::a9fe:a9fe", 80, [], false),
            (["*:443"], [], "8.8.8.8", 80, [], false),
            (["example.com:443"], [], "8.8.8.8", 443, ["example.com"], true),
            (["example.com:443"], [], "8.8.8.8", 80, ["example.com"], false),  // another port
            (["example.com"], [], "8.8.8.8", 443, [], false),  // nobody resolved it
            (["example.com"], [], "8.8.8.8", 443, ["other.com"], false),
            (["example.com"], [], "127.0.0.1", 443, ["example.com"], false),  // rebinding
            (["example.com"], [], "10.1.1.1", 443, ["example.com"], false),
            (["example.com"], [], "169.254.169.254", 80, ["example.com"], false),
            // the address is granted itself
            (["example.com", "10.0.0.0/8"], [], "10.1.1.1", 443, ["example.com"], true),
            (["example.com", "10.0.0.0/8:80"], [], "10.1.1.1", 443, ["example.com"], false),  // on that port only
            (["*.example.com"], [], "8.8.8.8", 1, ["a.b.example.com"], true),
            (["*.example.com"], [], "8.8.8.8", 1, ["example.com"], false),
            (["*.example.com"], [], "8.8.8.8", 1, ["evilexample.com"], false),
            (["10.0.0.0/8"], [], "10.2.3.4", 1, [], true), (["10.0.0.0/8"], [], "::ffff:10.2.3.4", 1, [], true),
            (["10.0.0.0/8"], [], "2002:0a02:0304::1", 1, [], true), (["10.0.0.0/8"], [], "11.0.0.0", 1, [], false),
            (["169.254.169.254"], [], "169.254.169.254", 80, [], true),
            (["localhost:5432"], [], "127.0.0.1", 5432, [], true), (["localhost:5432"], [], "::1", 5432, [], true),
            (["localhost:5432"], [], "127.9.9.9", 5432, [], true), (["localhost:5432"], [], "0.0.0.0", 5432, [], true),
            (["localhost:5432"], [], "127.0.0.1", 5433, [], false),
            (["localhost"], [], "10.0.0.1", 1, ["localhost"], false),
            (["127.0.0.1:80"], [], "::1", 80, [], false), (["127.0.0.1:80"], [], "0.0.0.0", 80, [], true),
            (["64:ff9b::/96"], [], "64:ff9b::808:808", 1, [], true),
            (["64:ff9b::/96"], [], "64:ff9b::7f00:1", 1, [], false),  // loopback in NAT64 clothes
            (["*"], ["8.8.8.8"], "8.8.8.8", 1, [], false), (["*"], ["8.8.8.8"], "::ffff:8.8.8.8", 1, [], false),
            (["*"], ["8.8.8.0/24"], "64:ff9b::808:808", 1, [], false),
            (["*"], ["8.8.8.8:53"], "8.8.8.8", 443, [], true),
            (["localhost"], ["127.0.0.1"], "0.0.0.0", 1, [], false),
            (["0.0.0.0/0"], ["localhost"], "127.0.0.1", 1, [], false),
            (["*"], ["*"], "8.8.8.8", 1, [], false), (["10.0.0.1"], ["*"], "10.0.0.1", 1, [], false),
            (["*"], ["evil.com"], "8.8.8.8", 1, ["evil.com", "good.com"], false),  // a shared address: deny wins
            (["*"], ["*.evil.com"], "8.8.8.8", 1, ["a.evil.com"], false),
            (["*"], ["evil.com:80"], "8.8.8.8", 443, ["evil.com"], true),
            // an empty list is none, never all
            ([], [], "8.8.8.8", 443, [], false), ([], [], "8.8.8.8", 443, ["example.com"], false),
        ] as [([String], [String], String, UInt16, Set<String>, Bool)])
    func connections(
        allowed: [String], denied: [String], address: String, port: UInt16, names: Set<String>, expected: Bool
    ) throws {
        let decision = try Self.rules(allowed, denied: denied).decide(
            try IPAddress(parsing: address), port: port, names: names)
        #expect(decision.isAllowed == expected, "\(decision)")
    }

    @Test(
        "B14: a name is looked up only when an entry covers it",
        arguments: [
            (["example.com"], [], "example.com", true), (["example.com"], [], "www.example.com", false),
            (["*.example.com"], [], "www.example.com", true), (["*.example.com"], [], "example.com", false),
            (["*.example.com"], [], "evilexample.com", false), (["*"], [], "anything.org", true),
            (["*"], [], "metadata.google.internal", false), (["*.internal"], [], "metadata.google.internal", false),
            (["metadata.google.internal"], [], "metadata.google.internal", true),
            (["10.0.0.0/8"], [], "example.com", false), (["*"], ["evil.com"], "evil.com", false),
            (["*"], ["evil.com"], "www.evil.com", true), (["*"], ["*.evil.com"], "www.evil.com", false),
            (["*"], ["evil.com:80"], "evil.com", true),  // other ports of it are open
            (["*"], ["*"], "example.com", false), ([], [], "example.com", false),
        ])
    func names(allowed: [String], denied: [String], name: String, expected: Bool) throws {
        #expect(try Self.rules(allowed, denied: denied).mayResolve(name) == expected)
    }

    @Test(
        "An answer that leads into the machine or its network is not handed on",
        arguments: [
            (["example.com"], [], "8.8.8.8", true), (["example.com"], [], "127.0.0.1", false),
            (["example.com"], [], "10.0.0.1", false),
            (["example.com"], [], "169.254.169.254", false), (["example.com"], [], "::ffff:10.0.0.1", false),
            (["example.com"], [], "0.0.0.0", false), (["example.com"], [], "fe80::1", false),
            (["example.com", "10.0.0.0/8"], [], "10.0.0.1", true),
            (["example.com", "10.0.0.0/8:5432"], [], "10.0.0.1", true),
            (["example.com", "localhost"], [], "127.0.0.1", true), (["*"], [], "10.0.0.1", false),
            (["example.com"], ["8.8.8.0/24"], "8.8.8.8", false), (["other.com"], [], "8.8.8.8", false),
        ])
    func answers(allowed: [String], denied: [String], address: String, expected: Bool) throws {
        let rules = try Self.rules(allowed, denied: denied)
        #expect(rules.mayAnswer(try IPAddress(parsing: address), for: "example.com") == expected)
    }

    @Test("A denied entry closes its address whatever else is allowed, in every form", arguments: [21, 22] as [UInt64])
    func denyWins(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        for _ in 0..<2_000 {
            let bits = UInt32(truncatingIfNeeded: random.next())
            let address = IPAddress.v4(bits)
            let prefix = Int.random(in: 0...32, using: &random)
            var rules = try Self.rules(["*", "0.0.0.0/0", "::/0", "localhost", "a.com", "*.b.com"])
            rules.denied = [HostRule(.block(address.masked(to: prefix), prefix: prefix))]
            let forms: [IPAddress] = [
                address, .v6(0, 0xffff_0000_0000 | UInt64(bits)), .v6(0x0064_ff9b << 32, UInt64(bits)),
                .v6(0x2002 << 48 | UInt64(bits) << 16, random.next()),
            ]
            for form in forms { #expect(!rules.decide(form, port: 80, names: ["a.com", "x.b.com"]).isAllowed) }
        }
    }

    @Test("No address that is not public is reached through names and stars alone", arguments: [31] as [UInt64])
    func onlyPublic(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let rules = try Self.rules(["*", "a.com", "*.b.com"])
        for _ in 0..<5_000 {
            let address: IPAddress =
                Bool.random(using: &random)
                ? .v4(UInt32(truncatingIfNeeded: random.next())) : .v6(random.next() & random.next(), random.next())
            #expect(rules.decide(address, port: 443, names: ["a.com"]).isAllowed == address.isPublic)
        }
    }
}
