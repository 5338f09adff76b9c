import Glibc
import LinuxSystem
import PolicyEngine
import TestSupport
import Testing

@testable import AgentBox

@Suite("The name stub", .serialized)
struct NamesStubTests {
    typealias Summary = StubHarness.Summary
    static let refused = UInt8(NameStub.refusal.rawValue)
    static let public1: [UInt8] = [93, 184, 216, 34]

    @Test("A granted name is answered in the spelling of the question, and pinned")
    func granted() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"], ttl: 60)])
        #expect(try harness.ask("aPi.eXample.COM") == Summary(name: "aPi.eXample.COM", [Self.public1], ttl: 60))
        #expect(harness.table.names(for: .v4(0x5DB8_D822)) == ["api.example.com"])
        #expect(harness.events.isEmpty)
    }

    @Test("Each family is asked and answered by itself")
    func families() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34", "2606:4700::1"])])
        let six: [UInt8] = [0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        #expect(try harness.ask("api.example.com", type: 28)?.addresses == [six])
        #expect(try harness.ask("api.example.com", type: 1)?.addresses == [Self.public1])
    }

    @Test(
        "The time to live lies between a second and five minutes",
        arguments: [(0, 1), (60, 60), (86_400, 300)] as [(UInt32, UInt32)])
    func clamping(upstream: UInt32, answered: UInt32) throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"], ttl: upstream)])
        #expect(try harness.ask("api.example.com")?.ttl == answered)
    }

    @Test(
        "A name that is not granted is refused without any upstream packet (ATTACKS B19)",
        arguments: [
            "c2VjcmV0LWtleQ.evil.example", "example.com", "xn--api-example.com", "localhost.evil.example",
            "4.3.2.1.in-addr.arpa",
        ])
    func notGranted(name: String) throws {
        let harness = try StubHarness([name: .addresses(["93.184.216.34"])])
        #expect(try harness.ask(name) == Summary(code: Self.refused, name: name))
        // The control: the same server is reached for a granted name, and that question is the only one it has seen.
        _ = try harness.ask("api.example.com")
        #expect(harness.server.questions.map(\.name) == ["api.example.com"])
        #expect(harness.events == [.refused(name: name, .notGranted)])
        #expect(harness.table.names(for: .v4(0x5DB8_D822)) == [])
    }

    @Test("Nothing of the question but its name goes upstream, in lower case, with new ids and ports (ATTACKS B20)")
    func rebuilt() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])])
        let expected = Array(dnsQuery("api.example.com")[4...])
        for _ in 0..<8 { _ = try harness.ask(dnsQuery("aPI.eXaMPLE.cOM", additional: cookieOption)) }
        let seen = harness.server.questions
        #expect(seen.count == 8)
        #expect(seen.allSatisfy { Array($0.message[4...]) == expected && $0.message[2] == 1 && $0.message[3] == 0 })
        #expect(Set(seen.map(\.id)).count > 4 && !seen.map(\.id).contains(0x1234))
        #expect(Set(seen.map(\.port)).count > 4)
    }

    @Test(
        "Other record types of a granted name are empty and never asked (ATTACKS B20)",
        arguments: [10, 12, 16, 65, 255] as [UInt16])
    func otherTypes(type: UInt16) throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])])
        #expect(try harness.ask("api.example.com", type: type) == Summary(name: "api.example.com"))
        #expect(harness.server.questions.isEmpty)
    }

    @Test("A long name below a wildcard is refused unasked (ATTACKS B20)")
    func longName() throws {
        let harness = try StubHarness()
        let name = (0..<3).map { _ in String(repeating: "x", count: 50) }.joined(separator: ".") + ".wild.example"
        #expect(try harness.ask(name)?.code == Self.refused)
        #expect(harness.server.questions.isEmpty)
        #expect(harness.events == [.refused(name: name, .tooLong)])
    }

    @Test(
        "A granted name that leads to private, loopback or metadata addresses is answered empty (ATTACKS B16, B17)",
        arguments: [
            ("10.0.0.1", 1), ("127.0.0.1", 1), ("169.254.169.254", 1), ("::1", 28), ("fd00:ec2::254", 28),
            ("::ffff:127.0.0.1", 28),
        ] as [(String, UInt16)])
    func rebinding(address: String, type: UInt16) throws {
        let harness = try StubHarness(["api.example.com": .addresses([address])])
        #expect(try harness.ask("api.example.com", type: type) == Summary(name: "api.example.com"))
        guard case .addressesDropped("api.example.com", let dropped, left: 0) = harness.events.first else {
            Issue.record("no record of it: \(harness.events)")
            return
        }
        #expect(dropped.allSatisfy { harness.table.names(for: $0) == [] })
    }

    @Test("A first answer that is public does not help a second that is private (ATTACKS B16)")
    func secondAnswer() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"], ttl: 0)])
        #expect(try harness.ask("api.example.com")?.addresses == [Self.public1])
        harness.server.set("api.example.com", .addresses(["127.0.0.1", "93.184.216.35"], ttl: 0))
        #expect(try harness.ask("api.example.com")?.addresses == [[93, 184, 216, 35]])
        #expect(harness.table.names(for: .v4(0x7F00_0001)) == [])
        #expect(harness.events == [.addressesDropped(name: "api.example.com", [.v4(0x7F00_0001)], left: 1)])
    }

    @Test("An alias is followed, and the alias itself is not handed out")
    func alias() throws {
        let harness = try StubHarness([
            "api.example.com": .alias("cdn.example.net", ttl: 20),
            "cdn.example.net": .addresses(["93.184.216.34"], ttl: 600),
        ])
        #expect(try harness.ask("api.example.com") == Summary(name: "api.example.com", [Self.public1], ttl: 20))
        #expect(harness.table.names(for: .v4(0x5DB8_D822)) == ["api.example.com"])
        harness.server.set("cdn.example.net", .addresses(["10.1.1.1"]))  // a private address behind an alias
        #expect(try harness.ask("api.example.com")?.addresses == [])
        harness.server.set("cdn.example.net", .alias("api.example.com"))  // a loop
        #expect(try harness.ask("api.example.com") == Summary(name: "api.example.com"))
    }

    @Test("localhost and names of the hosts file are answered here, when granted")
    func local() throws {
        let harness = try StubHarness(hosts: "10.0.0.9 db\n10.0.0.8 secret\n127.0.0.1 inner.example.com\n")
        #expect(try harness.ask("localhost")?.addresses == [[127, 0, 0, 1]])
        #expect(try harness.ask("localhost", type: 28)?.addresses == [[UInt8](repeating: 0, count: 15) + [1]])
        #expect(try harness.ask("DB")?.addresses == [[10, 0, 0, 9]])
        #expect(try harness.ask("secret")?.code == Self.refused)
        // granted by name, not to loopback
        #expect(try harness.ask("inner.example.com") == Summary(name: "inner.example.com"))
        #expect(harness.server.questions.isEmpty)
        #expect(harness.table.names(for: .v4(0x0A00_0009)) == ["db"])
        #expect(harness.table.names(for: .v4(0x0A00_0008)) == [])
    }

    @Test("The answer comes after the pin", arguments: [NameSocket.Kind.datagram, .stream])
    func pinnedFirst(kind: NameSocket.Kind) throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])])
        let client = try harness.client(kind)
        let message = dnsQuery("api.example.com")
        _ = try client.send(kind == .stream ? framed(message) : message)
        // The client looks between any two turns: as soon as it has the answer, the pin is there.
        let held = try harness.wait { () -> Bool? in
            try client.receive(limit: 600).map { _ in harness.table.names(for: .v4(0x5DB8_D822)) == ["api.example.com"]
            }
        }
        #expect(held == true)
    }

    @Test(
        "What upstream says about absence and failure is passed on",
        arguments: [
            (.code(3), 3), (.code(2), 2), (.code(5), 2), (.addresses([]), 0),
        ] as [(TestNameServer.Answer, UInt8)])
    func upstreamCodes(answer: TestNameServer.Answer, code: UInt8) throws {
        let harness = try StubHarness(["api.example.com": answer])
        #expect(try harness.ask("api.example.com") == Summary(code: code, name: "api.example.com"))
    }

    @Test("A cut answer is asked for again over TCP")
    func truncated() throws {
        let many = (1...25).map { "93.184.216.\($0)" }
        let harness = try StubHarness(["api.example.com": .truncated(many)])
        #expect(try harness.ask("api.example.com")?.addresses.count == 25)
        #expect(harness.server.questions.map(\.overTCP) == [false, true])
    }

    @Test(
        "Garbage and forged answers are passed over",
        arguments: [
            .garbageFirst(["93.184.216.34"]), .forgedFirst(["93.184.216.34"], forged: "6.6.6.6"),
        ] as [TestNameServer.Answer])
    func forged(answer: TestNameServer.Answer) throws {
        let harness = try StubHarness(["api.example.com": answer])
        #expect(try harness.ask("api.example.com")?.addresses == [Self.public1])
        #expect(harness.table.names(for: .v4(0x0606_0606)) == [])
    }

    @Test("A server that refuses or stays silent is passed over for the next")
    func nextServer() throws {
        let silent = TestNameServer(["api.example.com": .silence])
        defer { silent.stop() }
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])], deadBefore: [1, silent.port])
        let client = try harness.client()
        _ = try client.send(dnsQuery("api.example.com"))
        _ = harness.wait { silent.questions.isEmpty ? nil : true }
        harness.ahead += .seconds(2)
        #expect(try harness.wait(for: { try client.receive(limit: 600) }) != nil)
        #expect(harness.server.questions.count == 1)
    }

    @Test("When no server answers the box hears so, after every one was asked twice")
    func noServer() throws {
        let harness = try StubHarness(["api.example.com": .silence])
        let client = try harness.client()
        _ = try client.send(dnsQuery("api.example.com"))
        for attempt in 1...2 {
            _ = harness.wait { harness.server.questions.count == attempt ? true : nil }
            #expect(try client.receive(limit: 600) == nil)
            harness.ahead += .seconds(2)
        }
        let answer = try harness.wait { try client.receive(limit: 600)?.bytes }
        #expect(answer.map(Summary.init) == Summary(code: 2, name: "api.example.com"))
        #expect(harness.stub.nextDeadline == nil)
    }

    @Test("Repeated questions share one upstream packet; each gets its own spelling back")
    func shared() throws {
        let harness = try StubHarness(["api.example.com": .silence])
        let clients = try [harness.client(), harness.client()]
        _ = try clients[0].send(dnsQuery("api.example.com"))
        _ = try clients[1].send(dnsQuery("API.example.com"))
        _ = harness.wait { harness.server.questions.isEmpty ? nil : true }
        harness.turn()
        harness.server.set("api.example.com", .addresses(["93.184.216.34"]))
        harness.ahead += .seconds(2)
        let names = try clients.map { client in
            try harness.wait { try client.receive(limit: 600)?.bytes }.map(Summary.init)?.name
        }
        #expect(names == ["api.example.com", "API.example.com"])
        #expect(harness.server.questions.count == 2)  // one that was lost, one repeat
    }

    // MARK: Abuse (ATTACKS B22)

    @Test("Malformed datagrams get FORMERR or silence, and the stub goes on (ATTACKS B22)")
    func malformed() throws {
        let harness = try StubHarness()
        #expect(try harness.ask(withByte(dnsQuery("a.b"), 5, 2))?[3] == 0x81)  // two questions
        #expect(try harness.ask(withByte(dnsQuery("a.b"), 5, 0))?[3] == 0x81)
        #expect(try harness.ask(dnsQuery([0xC0, 12]))?[3] == 0x81)  // a compression loop
        #expect(try harness.ask(dnsQuery("a.b") + [UInt8](repeating: 0, count: 60_000))?[3] == 0x81)
        #expect(try harness.ask([1, 2, 3], within: .milliseconds(100)) == nil)
        #expect(try harness.ask(withByte(dnsQuery("a.b"), 2, 0x81), within: .milliseconds(100)) == nil)  // an answer
        #expect(try harness.ask("localhost")?.addresses.count == 1)
    }

    @Test("Questions in one TCP stream are answered in order, however they are cut")
    func stream() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])])
        let client = try harness.client(.stream)
        let messages = [dnsQuery("api.example.com"), dnsQuery("localhost"), dnsQuery("evil.example")]
        for byte in messages.map(framed).joined() {
            _ = try client.send([byte])
            harness.turn()
        }
        var received: [UInt8] = []
        _ = try harness.wait { () -> Bool? in
            received += try client.read(limit: 4_096) ?? []
            return received.count >= 49 + 43 + 30 + 6 ? true : nil
        }
        var answers: [Summary] = []
        while received.count > 2 {
            let length = Int(received[0]) << 8 | Int(received[1])
            answers.append(Summary(Array(received[2..<2 + length])))
            received.removeFirst(2 + length)
        }
        #expect(answers.map(\.name) == ["api.example.com", "localhost", "evil.example"])
        #expect(answers.map(\.code) == [0, 0, Self.refused])
    }

    @Test("Two questions in one segment are both answered, as glibc with use-vc sends them")
    func twoAtOnce() throws {
        let harness = try StubHarness(["api.example.com": .addresses(["93.184.216.34"])])
        let client = try harness.client(.stream)
        _ = try client.send(framed(dnsQuery("api.example.com")) + framed(dnsQuery("api.example.com", type: 28)))
        var received: [UInt8] = []
        _ = try harness.wait { () -> Bool? in
            received += try client.read(limit: 4_096) ?? []
            return received.count >= 49 + 33 + 4 ? true : nil
        }
        #expect(received.count == 49 + 33 + 4)  // the second has no address
        #expect(harness.server.questions.map(\.type) == [1, 28])
    }

    @Test(
        "A TCP frame beyond 512 bytes, or one that is no question, closes the connection",
        arguments: [
            [0xFF, 0xFF], [0x02, 0x01], [0, 0], [0, 3, 1, 2, 3],
        ] as [[UInt8]])
    func badFrames(bytes: [UInt8]) throws {
        let harness = try StubHarness()
        let client = try harness.client(.stream)
        _ = try client.send(bytes)
        #expect(try harness.wait { try client.read(limit: 100) } == [])
    }

    @Test("A slow TCP client is closed after ten seconds, even if it keeps sending (ATTACKS B22)")
    func slow() throws {
        let harness = try StubHarness()
        let client = try harness.client(.stream)
        for byte in [0, 100, 1, 2, 3] as [UInt8] {
            _ = try client.send([byte])
            for _ in 0..<3 { harness.turn() }
            #expect(try client.read(limit: 100) == nil)
            harness.ahead += .milliseconds(1_900)
        }
        harness.ahead += .seconds(1)
        #expect(try harness.wait { try client.read(limit: 100) } == [])
        #expect(harness.stub.nextDeadline == nil)
    }

    @Test("TCP clients are bounded, and the newest is served")
    func manyClients() throws {
        let harness = try StubHarness()
        let idle = try (0..<100).map { _ in
            let client = try harness.client(.stream)
            harness.turn()
            return client
        }
        #expect(harness.stub.pollDescriptors().count <= 2 + NameStub.maximumClients)
        let client = try harness.client(.stream)
        let message = dnsQuery("localhost")
        _ = try client.send(framed(message))
        #expect(try harness.wait { try client.read(limit: 600) }?.isEmpty == false)
        #expect(try idle[0].read(limit: 1) == [])
    }

    @Test("A flood of new names is limited, and a refused one costs no upstream packet")
    func flood() throws {
        let harness = try StubHarness()
        let client = try harness.client()
        var answered = 0
        for index in 0..<400 {
            _ = try client.send(dnsQuery("n\(index).wild.example"))
            harness.turn()
            while try client.receive(limit: 600) != nil { answered += 1 }
        }
        _ = try harness.wait { () -> Bool? in
            while try client.receive(limit: 600) != nil { answered += 1 }
            return answered == 400 ? true : nil
        }
        #expect(answered == 400)
        let asked = harness.server.questions.count
        #expect((200..<400).contains(asked))
        #expect(harness.events.count == 400 - asked)
        #expect(try harness.ask("localhost")?.code == 0)  // what needs no server is still answered
    }

    @Test("A flood of refusals is counted, not told one by one")
    func refusalFlood() throws {
        let harness = try StubHarness()
        let client = try harness.client()
        var answered = 0
        for _ in 0..<900 {
            _ = try client.send(dnsQuery("evil.example"))
            harness.turn()
            while try client.receive(limit: 600) != nil { answered += 1 }
        }
        _ = try harness.wait { () -> Bool? in
            while try client.receive(limit: 600) != nil { answered += 1 }
            return answered == 900 ? true : nil
        }
        harness.ahead += .seconds(60)
        _ = try harness.ask("evil.example")
        #expect(harness.events.count < 700)
        let counted = harness.events.reduce(0) { sum, event in
            if case .untold(let more) = event { sum + more } else { sum + 1 }
        }
        #expect(counted == 901)
    }

    @Test("Questions in flight are bounded, and the box hears of the rest")
    func inFlight() throws {
        var answers: [String: TestNameServer.Answer] = [:]
        for index in 0..<300 { answers["n\(index).wild.example"] = .silence }
        let harness = try StubHarness(answers)
        let client = try harness.client()
        for index in 0..<300 {
            _ = try client.send(dnsQuery("n\(index).wild.example"))
            harness.turn()
        }
        #expect(harness.stub.pollDescriptors().count <= 2 + NameStub.maximumExchanges)
        // On a busy machine a datagram may arrive some turns after it was sent.
        let last = NameEvent.refused(name: "n299.wild.example", .tooMany)
        #expect(harness.wait { harness.events.contains(last) ? true : nil } == true)
        harness.ahead += .seconds(60)
        _ = harness.wait {
            harness.stub.nextDeadline == nil
                ? true
                : {
                    harness.ahead += .seconds(2)
                    return nil
                }()
        }
        #expect(harness.stub.nextDeadline == nil)
        #expect(harness.stub.pollDescriptors().count == 2)  // all sockets are closed again
    }

    @Test("A client that goes away while it waits is forgotten, and keeps nothing busy")
    func gone() throws {
        let harness = try StubHarness(["api.example.com": .silence])
        do {
            let client = try harness.client(.stream)
            let message = dnsQuery("api.example.com")
            _ = try client.send(framed(message))
            _ = harness.wait { harness.server.questions.isEmpty ? nil : true }
        }
        // Nothing is ready: no turn reports the hang-up again and again.
        var all = harness.stub.pollDescriptors()
        #expect(unsafe poll(&all, nfds_t(all.count), 50) == 0)
        harness.ahead += .seconds(2)
        harness.turn()
        harness.ahead += .seconds(2)
        harness.turn()
        _ = harness.wait { harness.stub.nextDeadline == nil ? true : nil }
        #expect(harness.stub.nextDeadline == nil)
    }
}

/// A message as TCP carries it.
private func framed(_ message: [UInt8]) -> [UInt8] {
    [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
}
