import PolicyEngine
import TestSupport
import Testing

@testable import AgentBox

/// A query as a resolver writes it: id 0x1234, recursion desired.
func dnsQuery(_ name: [UInt8], type: UInt16 = 1, recordClass: UInt16 = 1, additional: [UInt8] = []) -> [UInt8] {
    [0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, additional.isEmpty ? 0 : 1] + name
        + [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(recordClass >> 8), UInt8(recordClass & 0xFF)] + additional
}

func dnsQuery(_ name: String, type: UInt16 = 1, recordClass: UInt16 = 1, additional: [UInt8] = []) -> [UInt8] {
    dnsQuery(
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0], type: type,
        recordClass: recordClass, additional: additional)
}

/// An EDNS OPT record: root, type 41, size 1232, no flags, a cookie option of 8 bytes.
let cookieOption: [UInt8] = [0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]

@Suite("DNS messages")
struct NamesCodecTests {
    @Test("A question is read with its spelling kept, with and without EDNS", arguments: [[], cookieOption])
    func reading(additional: [UInt8]) throws {
        let question = try DNSQuestion.parse(dnsQuery("aPi.ExAmple.com", type: 28, additional: additional))
        #expect(question.id == 0x1234 && question.recursionDesired)
        #expect(question.type == .aaaa && question.recordClass == 1)
        #expect(question.name.shown == "aPi.ExAmple.com")
        #expect(question.name.canonical == "api.example.com")
    }

    @Test(
        "What is no single plain question is refused with the right code",
        arguments: [
            ([], .notAQuery),
            (Array(dnsQuery("a.b").prefix(11)), .notAQuery),  // no whole header
            (withByte(dnsQuery("a.b"), 2, 0x81), .notAQuery),  // an answer
            (withByte(dnsQuery("a.b"), 2, 0x29), .unknownOperation(id: 0x1234)),  // opcode 5: update
            (withByte(dnsQuery("a.b"), 5, 0), .malformed(id: 0x1234)),  // no question
            (withByte(dnsQuery("a.b"), 5, 2), .malformed(id: 0x1234)),  // two
            (withByte(dnsQuery("a.b"), 7, 1), .malformed(id: 0x1234)),  // an answer record
            (withByte(dnsQuery("a.b"), 9, 1), .malformed(id: 0x1234)),  // an authority record
            (withByte(dnsQuery("a.b"), 4, 0xFF), .malformed(id: 0x1234)),  // 65,281 questions
            (Array(dnsQuery("a.b").dropLast()), .malformed(id: 0x1234)),  // class cut
            (dnsQuery("a.b") + [0], .malformed(id: 0x1234)),  // bytes behind the end
            (dnsQuery([0xC0, 12]), .malformed(id: 0x1234)),  // a pointer to itself
            (dnsQuery([0xC0, 0]), .malformed(id: 0x1234)),  // a pointer into the header
            (dnsQuery([5, 97]), .malformed(id: 0x1234)),  // a label that ends behind the message
            // a withdrawn label type
            (dnsQuery([0x40] + [UInt8](repeating: 97, count: 64) + [0]), .malformed(id: 0x1234)),
            // 257 bytes; 255 are the limit
            (dnsQuery([UInt8](repeating: 1, count: 256) + [0]), .malformed(id: 0x1234)),
            // TXT where OPT may be
            (dnsQuery("a.b", additional: [0, 0, 16, 0, 1, 0, 0, 0, 0, 0, 0]), .malformed(id: 0x1234)),
            // an option longer than the message
            (dnsQuery("a.b", additional: withByte(cookieOption, 10, 200)), .malformed(id: 0x1234)),
            (dnsQuery("a.b") + [UInt8](repeating: 0, count: 600), .malformed(id: 0x1234)),
        ] as [([UInt8], DNSFault)])
    func refusing(message: [UInt8], fault: DNSFault) {
        #expect(throws: fault) { try DNSQuestion.parse(message) }
    }

    @Test("Silence, FORMERR and NOTIMP are the answers to what is no question")
    func answeringFaults() {
        #expect(DNSMessage.answer(to: .notAQuery) == nil)
        #expect(DNSMessage.answer(to: .malformed(id: 0x1234)) == [0x12, 0x34, 0x80, 0x81, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(DNSMessage.answer(to: .unknownOperation(id: 1)) == [0, 1, 0x80, 0x84, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(
        "Only plain host names have a canonical form",
        arguments: [
            ("API.Example.com.", "api.example.com"), ("_srv.a-b.c", "_srv.a-b.c"),
            ("", nil), (".", nil), ("a..b", nil), ("a b", nil), ("a\u{0}b", nil), ("b\u{FC}cher.de", nil),
            ("a%2eb", nil),
            (String(repeating: "a", count: 64), nil),  // one over the label limit
        ] as [(String, String?)])
    func canonicalForm(text: String, canonical: String?) {
        #expect(DNSName(text)?.canonical == canonical)
    }

    @Test(
        "B13: a label that holds a dot, a NUL or a control byte is no host name and is shown escaped",
        arguments: [
            ([3, 97, 46, 98, 0], "a\\046b"), ([2, 97, 0, 0], "a\\000"), ([2, 27, 91, 0], "\\027\\091"),
            ([1, 0xFF, 0], "\\255"),
            ([0], "."),  // the root
        ] as [([UInt8], String)])
    func oddLabels(name: [UInt8], shown: String) throws {
        let question = try DNSQuestion.parse(dnsQuery(name))
        #expect(question.name.canonical == nil)
        #expect(question.name.shown == shown)
    }

    @Test("Names are equal without regard to case, and only then")
    func equality() {
        #expect(DNSName("A.b") == DNSName("a.B"))
        #expect(DNSName("a.b")?.hashValue == DNSName("A.B")?.hashValue)
        #expect(DNSName(labels: [[97, 46, 98]]) != DNSName("a.b"))
        #expect(DNSName("[") == nil)
        // `@` and a backquote differ in the case bit only
        #expect(DNSName(labels: [[0x40]]) != DNSName(labels: [[0x60]]))
    }

    @Test("The upstream question is written anew: lower case, recursion, nothing else")
    func rebuilding() throws {
        let question = try DNSQuestion.parse(dnsQuery("SeCReT.a", additional: cookieOption))
        #expect(
            DNSMessage.upstreamQuery(name: question.name, type: .aaaa, id: 0xBEEF)
                == [0xBE, 0xEF, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 6] + Array("secret".utf8) + [1, 97, 0, 0, 28, 0, 1])
    }

    @Test("An answer repeats the question and carries its family's addresses")
    func answering() throws {
        let question = try DNSQuestion.parse(dnsQuery("A.b"))
        let answer = DNSMessage.answer(to: question, .noError, addresses: [.v6(0, 1), .v4(0x0102_0304)], ttl: 300)
        #expect(
            answer == [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 65, 1, 98, 0, 0, 1, 0, 1]
                + [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 1, 2, 3, 4])
    }

    @Test(
        "An answer never exceeds 512 bytes, whatever the name and the number of addresses",
        arguments: [1, 28] as [UInt16], [1, 100, 250])
    func fitting(type: UInt16, length: Int) throws {
        let labels: [[UInt8]] = stride(from: 0, to: length, by: 50).map {
            [UInt8](repeating: 97, count: max(1, min(49, length - $0 - 1)))
        }
        let name: [UInt8] = labels.flatMap { (label: [UInt8]) -> [UInt8] in [UInt8(label.count)] + label } + [0]
        let question = try DNSQuestion.parse(dnsQuery(name, type: type))
        let many: [IPAddress] = (1...200).map { type == 1 ? .v4($0) : .v6(0x2000 << 48, UInt64($0)) }
        let answer = DNSMessage.answer(to: question, .noError, addresses: many, ttl: 1)
        #expect(answer.count <= 512)
        #expect(Int(answer[7]) == DNSMessage.capacity(for: question) && answer[7] >= 8)
    }

    // MARK: Replies

    static let asked = DNSName("a.b")!

    @Test("Aliases are followed to the addresses, and the shortest time counts")
    func aliases() {
        // a.b is c (compressed: `c` + pointer to `b` at 14); c.b has an address; an address of another name is beside
        // it.
        let alias = record([0xC0, 12], type: 5, ttl: 30, [1, 99, 0xC0, 14])
        let target = record([1, 67, 0xC0, 14], type: 1, ttl: 900, [1, 2, 3, 4])
        let stranger = record([1, 120, 0], type: 1, ttl: 9, [6, 6, 6, 6])
        let reply = DNSMessage.parseReply(reply([stranger, target, alias]), name: Self.asked, type: .a, id: 7)
        #expect(reply?.outcome == .addresses([.init(address: .v4(0x0102_0304), ttl: 30)]))
    }

    @Test("An alias that leads to itself ends with no address")
    func aliasLoop() {
        let loop = record([0xC0, 12], type: 5, ttl: 30, [0xC0, 12])
        #expect(DNSMessage.parseReply(reply([loop]), name: Self.asked, type: .a, id: 7)?.outcome == .addresses([]))
    }

    @Test("What is no reply to the question is not taken for one")
    func strangers() {
        let good = reply([record([0xC0, 12], type: 1, ttl: 1, [1, 1, 1, 1])])
        #expect(DNSMessage.parseReply(good, name: Self.asked, type: .a, id: 7) != nil)
        #expect(DNSMessage.parseReply(good, name: Self.asked, type: .a, id: 8) == nil)
        #expect(DNSMessage.parseReply(good, name: Self.asked, type: .aaaa, id: 7) == nil)
        #expect(DNSMessage.parseReply(good, name: DNSName("a.c")!, type: .a, id: 7) == nil)
        #expect(DNSMessage.parseReply(withByte(good, 2, 1), name: Self.asked, type: .a, id: 7) == nil)  // a question
        // of two questions
        #expect(DNSMessage.parseReply(withByte(good, 5, 2), name: Self.asked, type: .a, id: 7) == nil)
    }

    @Test(
        "A broken or refusing reply fails, a cut one says so, an absent name is absent",
        arguments: [
            // an address of three bytes
            (withByte(reply([record([0xC0, 12], type: 1, ttl: 1, [1, 1, 1])]), 0, 0), .failed),
            (Array(reply([record([0xC0, 12], type: 1, ttl: 1, [1, 1, 1, 1])]).dropLast()), .failed),
            (reply([record([0xC0, 12], type: 5, ttl: 1, [0xC0, 33])]), .failed),  // an alias that points at itself
            (reply([record([0xC0, 12], type: 5, ttl: 1, [1, 99, 0, 0])]), .failed),  // bytes behind the alias
            (reply([record([0xC0, 60], type: 1, ttl: 1, [1, 1, 1, 1])]), .failed),  // a pointer forwards
            (withByte(reply([]), 3, 0x82), .failed), (withByte(reply([]), 3, 0x85), .failed),
            (withByte(reply([]), 3, 0x83), .noSuchName), (withByte(reply([]), 2, 0x83), .truncated),
            (reply([]), .addresses([])),
            (reply([record([0xC0, 12], type: 16, ttl: 1, [1, 97])]), .addresses([])),  // TXT is stepped over
            // class CHAOS
            (reply([withByte(record([0xC0, 12], type: 1, ttl: 1, [1, 1, 1, 1]), 5, 3)]), .addresses([])),
        ] as [([UInt8], DNSReply.Outcome)])
    func outcomes(message: [UInt8], outcome: DNSReply.Outcome) {
        #expect(DNSMessage.parseReply(message, name: Self.asked, type: .a, id: 7)?.outcome == outcome)
    }

    @Test("Eighty thousand mutated messages neither trap nor stall the codec", arguments: 0..<4)
    func mutations(seed: UInt64) {
        var random = SeededBytes(state: seed)
        let alias = record([0xC0, 12], type: 5, ttl: 30, [1, 99, 0xC0, 14])
        let target = record([1, 99, 0xC0, 14], type: 1, ttl: 900, [1, 2, 3, 4])
        let samples = [
            dnsQuery("api.example.com", additional: cookieOption), dnsQuery("a.b", type: 28),
            reply([alias, target]), reply((0..<20).map { _ in alias } + [target]),
        ]
        var read = 0
        let time = processorTime {
            for _ in 0..<20_000 {
                var bytes = samples.randomElement(using: &random)!
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0:
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                    case 1:
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = [0xC0, 0, 12, 63, 255].randomElement(
                            using: &random)!
                    case 2: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                    default: bytes += bytes.prefix(64)
                    }
                }
                if let question = try? DNSQuestion.parse(bytes) {
                    read += 1
                    let answer = DNSMessage.answer(to: question, .noError, addresses: [.v4(1), .v6(1, 1)], ttl: 1)
                    if answer.count > 512 { Issue.record("\(bytes)") }
                    if let canonical = question.name.canonical, DNSName(canonical) != question.name {
                        Issue.record("\(bytes)")
                    }
                }
                if let reply = DNSMessage.parseReply(bytes, name: Self.asked, type: .a, id: 7) {
                    read += 1
                    if case .addresses(let found) = reply.outcome, found.count > DNSReply.maximumRecords {
                        Issue.record("\(bytes)")
                    }
                }
            }
        }
        #expect(read > 1_000)  // else the mutations never get past the header
        #expect(time < .seconds(120))
    }

    @Test("The worst reply of 64 KiB, pointers behind pointers, is read in bounded time")
    func pointerChain() {
        // Each pointer leads to the one before it: 8,000 jumps for every record if nothing limits them.
        var message = reply([], count: 0xFFFF)
        while message.count < 16_000 {
            let target = max(12, message.count - 2)
            message += [0xC0 | UInt8(target >> 8), UInt8(target & 0xFF)]
        }
        while message.count + 12 < 65_000 {
            message += [0xFE, 0x7E, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0]
        }
        let time = processorTime { _ = DNSMessage.parseReply(message, name: Self.asked, type: .a, id: 7) }
        #expect(time < .seconds(10))
    }
}

/// The message with one byte replaced.
func withByte(_ bytes: [UInt8], _ index: Int, _ value: UInt8) -> [UInt8] {
    var changed = bytes
    changed[index] = value
    return changed
}

private func record(_ owner: [UInt8], type: UInt8, ttl: UInt16, _ data: [UInt8]) -> [UInt8] {
    owner + [0, type, 0, 1, 0, 0, UInt8(ttl >> 8), UInt8(ttl & 0xFF), 0, UInt8(data.count)] + data
}

/// A reply with id 7 to the question for the addresses of a.b; its first record stands at offset 21.
private func reply(_ records: [[UInt8]], count: UInt16? = nil) -> [UInt8] {
    let count = count ?? UInt16(records.count)
    return [0, 7, 0x81, 0x80, 0, 1, UInt8(count >> 8), UInt8(count & 0xFF), 0, 0, 0, 0, 1, 97, 1, 98, 0, 0, 1, 0, 1]
        + records.joined()
}

/// A small generator with a seed, so that a failure can be repeated. Source: Steele, Lea, Flood 2014.
struct SeededBytes: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
