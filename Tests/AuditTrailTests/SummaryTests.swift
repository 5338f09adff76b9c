import StrictJSON
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct SummaryTests {
    private func call(
        _ server: String, _ tool: String, _ decision: AuditEvent.Decision,
        _ change: (inout ToolEvent) -> Void = { _ in }
    ) -> AuditEvent {
        var call = ToolEvent(
            server: server, tool: tool, agent: "builder", decision: decision, rule: "project/r1", reason: "why")
        change(&call)
        return AuditEvent(call)
    }

    private func summary(_ events: [AuditEvent]) throws -> AuditSummary {
        let scratch = Scratch()
        try AuditWriter(path: scratch.journal, session: "s").append(contentsOf: events)
        var summary = AuditSummary()
        try AuditReader.forEachLine(scratch.journal) { _, line in
            if let event = EventFields(line) { summary.add(event) } else { summary.unreadable += 1 }
        }
        return summary
    }

    @Test(
        "Fields are what a JSON reader finds",
        arguments: ["plain", "with \"quotes\" and \\", "\u{1b}[2J line\nbreak", "Grüße, 世界", ""])
    func fields(text: String) throws {
        let scratch = Scratch()
        let event = AuditEvent(.tool, text, .deny, rule: text, reason: text, detail: [.init("x", .string(text))])
        try AuditWriter(path: scratch.journal, session: "s\"\\").append(event)
        let line = split(try bytes(of: scratch.journal))[0].dropLast()
        let fields = try #require(EventFields(line)), record = try #require(AuditRecord(line))
        #expect(fields.seq == 1 && fields.timeText == record.time && fields.session == record.session)
        #expect(fields.subject == record.subject && fields.rule == record.rule && fields.reason == record.reason)
        #expect(
            fields.kind == record.kind && fields.decision == record.decision && fields.detail == record.value["detail"])
        for count in 0..<line.count { _ = EventFields(line.prefix(count)) }
    }

    @Test("What writers say of their own record is summed up, whatever numbers stand there")
    func shortfalls() throws {
        func told(_ rule: String, _ detail: [(String, JSONValue)], subject: String = "journal") -> AuditEvent {
            AuditEvent(
                .lifecycle, subject, .error, rule: rule, reason: "", detail: detail.map { JSONMember($0.0, $0.1) })
        }
        let summary = try summary([
            told(
                "unrecorded",
                [("passed", 2), ("refused", 3), ("others", 1), ("from", .string("a")), ("to", .string("b"))]
            ),
            told("refused-after-all", [("first", 5), ("last", 9), ("refused", 2)]),
            told("unrecorded", [("passed", .integer(Int64.max)), ("refused", .integer(Int64.min))]),
            told("unrecorded", [("passed", 7)], subject: "server"),
        ])
        #expect(summary.unrecordedCount == 5 + 1 << 32 && summary.refusedAfterAllCount == 2)
        #expect(summary.shortfalls.map(\.seq) == [1, 2, 3])
        #expect(summary.shortfalls[0].kind == .unrecorded(passed: 2, refused: 3, others: 1, from: "a", to: "b"))
        #expect(summary.shortfalls[1].kind == .refusedAfterAll(count: 2, first: 5, last: 9))
    }

    @Test("Calls are counted by server, tool, agent, rule and decision, box events by the session's server")
    func counts() throws {
        let summary = try summary([
            AuditEvent(.lifecycle, "files", .info, rule: "start", reason: ""),
            call("files", "read", .allow) { $0.microseconds = 1_000 },
            call("files", "read", .deny) { $0.threat = 7 },
            call("mail", "send", .allow) { ($0.effect, $0.agent, $0.microseconds) = ("approve", "other", 3_000) },
            AuditEvent(.box, "evil.example:443", .deny, rule: "network.client", reason: "not granted").during([
                (7, "read")
            ]),
            AuditEvent(.box, "evil.example:443", .deny, rule: "network.client", reason: "not granted").during([
                (7, "read"), ("a", "list"),
            ]),
            AuditEvent(.box, "/srv", .allow, rule: "filesystem.read", reason: ""),
            AuditEvent(.consent, "files", .allow, rule: "consent", reason: "agreed"),
            AuditEvent(.lifecycle, "server", .info, rule: "end", reason: ""),
        ])
        #expect(summary.all.total == 9 && summary.all.allowed == 4 && summary.all.denied == 3 && summary.all.asked == 0)
        #expect(summary.servers["files"]?.denied == 3 && summary.servers["mail"]?.allowed == 1)
        #expect(summary.tools["files.read"]?.total == 2 && summary.agents["builder"]?.total == 2)
        #expect(summary.rules["project/r1"]?.total == 3 && summary.sessions == 1 && summary.sessionTimes.count == 1)
        #expect(summary.callTimes.mean == 2_000 && summary.callTimes.greatest == 3_000)
        #expect(summary.threats.map(\.score) == [7] && summary.approvals.count == 2)
        #expect(summary.deniedCalls.count == 1)
        let denial = try #require(summary.boxDenials.values.first)
        #expect(summary.boxDenials.count == 1 && denial.count == 2 && denial.server == "files")
        #expect(denial.call == "#7 read, #a list")
    }

    @Test("A question counts once, and lines that are no calls count as none")
    func askedOnce() throws {
        let summary = try summary([
            call("a", "pay", .info) { ($0.effect, $0.reason) = ("approve", ToolEvent.asked + "money") },
            call("a", "pay", .allow) { ($0.effect, $0.reason) = ("approve", "allowed by a person") },
            call("a", "pay", .info) { ($0.effect, $0.reason) = ("approve-strong", ToolEvent.asked + "money") },
            call("a", "pay", .info) {
                ($0.effect, $0.reason) = ("approve-strong", "withdrawn before anybody answered")
            },
            AuditEvent(.tool, "client", .deny, rule: "malformed", reason: "this is no JSON"),
            AuditEvent(.tool, "server", .deny, rule: "unexpected", reason: "a response to nothing that was asked"),
        ])
        #expect(summary.all.asked == 2 && summary.calls.asked == 2 && summary.tools["a.pay"]?.asked == 2)
        #expect(summary.calls.total == 4 && summary.calls.allowed == 1 && summary.calls.denied == 0)
        #expect(Array(summary.tools.keys) == ["a.pay"] && summary.deniedCalls.isEmpty)
        #expect(summary.approvals.count == 4 && summary.rules["malformed"]?.denied == 1)
    }

    @Test("A server that invents names fills no memory")
    func bounded() throws {
        let summary = try summary((0..<3_000).map { call("files", "t\($0)", .deny) { $0.threat = 1 } })
        #expect(summary.tools.count == AuditSummary.limit + 1 && summary.deniedCalls.count == AuditSummary.limit + 1)
        #expect(
            summary.tools[AuditSummary.others]?.total == 1_000 && summary.threats.count < 2 * AuditSummary.listLimit)
        #expect(summary.threatCount == 3_000)
    }

    @Test(
        "A moment survives its text",
        arguments: [0, 1, 951_782_400_000_000, 1_772_323_199_000_001, 253_402_300_799_999_999])
    func moments(microseconds: Int64) {
        let moment = Timestamp(microseconds: microseconds)
        #expect(Timestamp(moment.description) == moment)
        #expect(Timestamp("2026-02-30T00:00:00.000000Z") == nil && Timestamp("") == nil)
    }
}
