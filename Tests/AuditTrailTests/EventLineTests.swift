import Signatures
import StrictJSON
import Testing

@testable import AuditTrail

@Suite struct EventLineTests {
    private func line(_ event: AuditEvent) -> [UInt8] {
        var line: [UInt8] = []
        _ = EventLine.append(
            event, seq: UInt64(Int64.max), time: Timestamp(microseconds: 0), session: "s", prev: .zero,
            to: &line)
        return line
    }

    @Test(
        "G12: nothing in an event can end its line, its string or the reader's terminal line",
        arguments: [
            "a\n{\"seq\":2}", "\"},\"hash\":\"", "\u{1b}]8;;http://x\u{7}", "\u{9b}2J", "\u{202e}gpj.exe",
            "\u{2066}x\u{2069}",
            "zero\u{200b}width", "\u{feff}", "\u{2028}", "\u{e0041}", "\\", "\u{0}", "\r",
        ])
    func escaping(text: String) throws {
        let line = line(
            AuditEvent(.box, text, .deny, rule: text, reason: text, detail: [JSONMember(text, .string(text))]))
        #expect(line.filter { $0 == 0x0a }.count == 1 && line.last == 0x0a)
        #expect(!String(decoding: line.dropLast(), as: UTF8.self).unicodeScalars.contains { $0.isUnsafeToShow })
        let record = try #require(AuditRecord(line.dropLast()))
        #expect(record.subject == text && record.reason == text && record.rule == text)
        #expect(record.value["detail"]?[text]?.string == text)
        #expect(CheckedLine(line.dropLast())?.isIntact == true)
    }

    @Test(
        "A line stays below 8 KiB and readable, whatever is in it",
        arguments: [
            String(repeating: "x", count: 100_000), String(repeating: "\u{1}", count: 100_000),
            String(repeating: "\u{e0041}", count: 20_000), String(repeating: "é\"", count: 50_000),
        ])
    func bounds(text: String) throws {
        let many = JSONValue.array((0..<1000).map { _ in .string(text) })
        let deep = (0..<50).reduce(JSONValue.string(text)) { value, _ in .array([value]) }
        for detail in [
            [JSONMember("a", .string(text)), JSONMember("b", many)], [JSONMember("b", many)], [JSONMember("c", deep)],
            [JSONMember(text, .string(text))], (0..<500).map { JSONMember("k\($0)", .string(text)) },
            [JSONMember("o", .object((0..<500).map { JSONMember("k\($0)", 1) }))],
        ] {
            let line = line(AuditEvent(.box, text, .deny, rule: text, reason: text, detail: detail))
            #expect(line.count <= EventLine.limit)
            let record = try #require(AuditRecord(line.dropLast()))
            #expect(record.subject.hasSuffix(" bytes cut]"))
        }
    }

    @Test("What is cut is counted in bytes of the text")
    func mark() throws {
        let text = String(repeating: "x", count: 5_000)
        let record = try #require(AuditRecord(line(AuditEvent(.box, text, .info, rule: "", reason: "")).dropLast()))
        let kept = record.subject.prefix { $0 == "x" }.count
        #expect(record.subject == String(repeating: "x", count: kept) + "…[\(5_000 - kept) bytes cut]")
    }

    @Test("A key that stands twice is written once: strict readers refuse the second")
    func duplicateKeys() throws {
        let line = line(
            AuditEvent(.box, "x", .info, rule: "", reason: "", detail: [JSONMember("a", 1), JSONMember("a", 2)]))
        #expect(AuditRecord(line.dropLast())?.value["detail"] == ["a": 1])
    }

    @Test("G16: secrets do not reach the line by subject, reason, command line or by the name of a field")
    func redaction() throws {
        let detail: [JSONMember] = [
            JSONMember("argv", .strings(["srv", "--token", "hunter2", "--port", "80", "--api-key=hunter2"])),
            JSONMember("env", ["GITHUB_TOKEN": "hunter2", "pin_password": 4711, "nested": ["secret": ["hunter2"]]]),
        ]
        let event = AuditEvent(
            .box, "https://u:hunter2@h/", .deny, rule: "r", reason: "password=hunter2", detail: detail)
        let text = String(decoding: line(event), as: UTF8.self)
        #expect(!text.contains("hunter2") && !text.contains("4711"))
        #expect(text.contains(#"["srv","--token","[redacted]","--port","80","--api-key=[redacted]"]"#))
    }

    @Test(
        "Times are RFC 3339 in UTC with microseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),  // a leap day
            (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),  // none
            (-1, "1969-12-31T23:59:59.999999Z"),
        ])
    func times(microseconds: Int64, text: String) { #expect(Timestamp(microseconds: microseconds).description == text) }
}
