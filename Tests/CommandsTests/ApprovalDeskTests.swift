import Foundation
import GrantStore
import PolicyEngine
import StrictJSON
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite struct ApprovalDeskTests {
    private let home: TemporaryFolder
    private let store: GrantStore

    init() throws {
        home = try TemporaryFolder("agentbound-desk")
        try setMode(0o700, of: home.path)
        store = try GrantStore(folder: FilePath(home.path).appending("grants"))
    }

    /// What was settled, to wait for.
    private final class Endings: Sendable {
        private let all = Mutex<[UInt64: DeskEnding]>([:])
        func add(_ ticket: UInt64, _ ending: DeskEnding) { all.withLock { $0[ticket] = ending } }
        var now: [UInt64: DeskEnding] { all.withLock { $0 } }
        func of(_ ticket: UInt64) -> DeskEnding? {
            let end = Date().addingTimeInterval(patience)
            while Date() < end {
                if let ending = now[ticket] { return ending }
                usleep(2_000)
            }
            return nil
        }
    }

    private func desk(_ endings: Endings, timeout: Double = 3_600) throws -> ApprovalDesk {
        try ApprovalDesk(store: store, timeout: timeout, notifier: nil) { endings.add($0, $1) }
    }

    private func call(
        _ argument: String = "1", critical: Bool = false, passesUnanswered: Bool = false
    ) throws -> DeskCall {
        DeskCall(
            server: "s", method: "tools/call", tool: "pay",
            arguments: try JSONTape(Array(#"{"amount":\#(argument),"password":"hunter2"}"#.utf8)).root,
            agent: "anonymous",
            session: "x", reason: "money", isCritical: critical, passesUnanswered: passesUnanswered,
            threats: ThreatScanner().scan("; rm -rf /", path: "arguments.note"))
    }

    private func ticket(_ reply: DeskReply) throws -> UInt64 {
        guard case .asked(let ticket, _, _) = reply else { throw CancellationError() }
        return ticket
    }

    private var now: Double { Date().timeIntervalSince1970 }

    @Test("A long text does not push what follows it out of sight")
    func paddedSummary() throws {
        let arguments: JSONValue = [
            "a": .string(String(repeating: "x", count: 100_000)), "b": [.string(String(repeating: "y", count: 5_000))],
            "path": "/etc/shadow",
        ]
        let text = ApprovalText.summary(try JSONTape(arguments.serialized()).root)
        #expect(text.contains("/etc/shadow") && text.contains("more characters"))
        #expect(text.unicodeScalars.count < ApprovalText.summaryLimit)
    }

    @Test("A list tells what waits from what timed out")
    func ages() throws {
        let desk = try desk(Endings(), timeout: 20)
        defer { desk.close() }
        _ = try desk.ask(call())
        let asked = try #require(store.read().approvals.first)
        #expect(asked.waitsUntil == asked.asked + 20)
        #expect(
            ApprovalText.lines(asked, now: asked.asked + 5).hasSuffix(
                "5 s ago; the call waits for another 15 s, an answer counts for another 595 s\n"))
        #expect(
            ApprovalText.lines(asked, now: asked.asked + 50).hasSuffix(
                "50 s ago; timed out 30 s ago, an answer counts for another 550 s if the call is made again\n"))
    }

    @Test func anAnswerFromElsewhereSettles() throws {
        let endings = Endings(), desk = try desk(endings)
        defer { desk.close() }
        let yes = try ticket(desk.ask(call("1"))), no = try ticket(desk.ask(call("2"))),
            open = try ticket(desk.ask(call("3")))
        let asked = try store.read().approvals
        #expect(asked.count == 3 && asked.allSatisfy { !$0.summary.contains("hunter2") && $0.threats.count > 0 })
        try store.transact { try $0.answer(asked[0].id, allow: true, now: now) }
        try store.transact { try $0.answer(asked[1].id, allow: false, now: now) }
        #expect(endings.of(yes)?.allows == true)
        #expect(endings.of(no)?.allows == false)
        #expect(endings.now[open] == nil)
        // Each counts once.
        _ = try ticket(desk.ask(call("1")))
        #expect(try store.read().approvals.filter { $0.answer == nil }.count == 2)
    }

    @Test func anAnswerInTheClientEndsTheQuestionEverywhere() throws {
        let endings = Endings(), desk = try desk(endings)
        defer { desk.close() }
        guard case .asked(let ticket, let id, let question?) = try desk.ask(call()) else { throw CancellationError() }
        #expect(question.hasSuffix("agentbound approvals allow \(id)"))
        #expect(try store.read().approvals.map(\.id) == [id])
        #expect(question.contains("pay") && question.contains("[redacted]") && !question.contains("hunter2"))
        #expect(desk.answered(ticket: ticket, accepts: true)?.allows == true)
        #expect(desk.answered(ticket: ticket, accepts: true) == nil, "a ticket is answered once")
        #expect(try store.read().approvals.isEmpty)
    }

    @Test func aCriticalCallTakesTheKeyTheGatewayStartedWith() throws {
        try store.setPassphrase(Array("correct horse".utf8), rounds: 10)
        let endings = Endings(), desk = try desk(endings)
        defer { desk.close() }
        guard case .asked(let first, _, nil) = try desk.ask(call(critical: true)) else { throw CancellationError() }
        #expect(desk.answered(ticket: first, accepts: true)?.allows == false)  // not by the client

        let second = try ticket(desk.ask(call("2", critical: true)))
        let signer = try store.unlock(Array("correct horse".utf8), now: now)
        let id = try store.read().approvals[0].id
        try store.transact { try $0.answer(id, allow: true, signer: signer, now: now) }
        #expect(endings.of(second)?.allows == true)

        // Another key, put there later, is not believed.
        try store.setPassphrase(Array("the agent's own".utf8), rounds: 10, old: signer)
        let third = try ticket(desk.ask(call("3", critical: true)))
        let other = try store.unlock(Array("the agent's own".utf8), now: now)
        let next = try store.read().approvals[0].id
        try store.transact { try $0.answer(next, allow: true, signer: other, now: now) }
        // One that is settled after it shows that it was looked at.
        let fourth = try ticket(desk.ask(call("4")))
        let last = try store.read().approvals.first { $0.answer == nil }!.id
        try store.transact { try $0.answer(last, allow: true, now: now) }
        #expect(endings.of(fourth)?.allows == true)
        #expect(endings.now[third]?.allows != true)
    }

    @Test(arguments: [(false, false, false), (true, false, true), (true, true, false)])
    func nobodyAnswers(allows: Bool, critical: Bool, expected: Bool) throws {
        let endings = Endings(), desk = try desk(endings, timeout: 0.05)
        defer { desk.close() }
        #expect(
            endings.of(try ticket(desk.ask(call(critical: critical, passesUnanswered: allows))))
                == .timedOut(allows: expected))
    }

    @Test func whatWasLetThroughCannotBeAllowedOnceMore() throws {
        let endings = Endings(), desk = try desk(endings, timeout: 0.05)
        defer { desk.close() }
        let first = try ticket(desk.ask(call(passesUnanswered: true)))
        let id = try store.read().approvals[0].id
        #expect(endings.of(first) == .timedOut(allows: true))
        let late = #expect(throws: GrantRefusal.self) {
            try store.transact { try $0.answer(id, allow: true, now: now) }
        }
        #expect("\(late!)" == "`\(id)` is closed: nobody answered in time")
        // So the same call is asked about anew.
        let second = try ticket(desk.ask(call(passesUnanswered: true)))
        #expect(try store.read().approvals.filter { $0.expires > now }.map(\.id) != [id])
        #expect(endings.of(second) == .timedOut(allows: true))
    }

    @Test func aQuestionStaysOpenForTheSameCallMadeAgain() throws {
        let endings = Endings(), desk = try desk(endings, timeout: 0.3)
        defer { desk.close() }
        let first = try ticket(desk.ask(call(passesUnanswered: true)))
        usleep(200_000)
        let second = try ticket(desk.ask(call(passesUnanswered: true)))
        #expect(endings.of(first) == .timedOut(allows: true))
        let open = try store.read().approvals.filter { $0.expires > now }
        guard endings.now[second] == nil, let open = open.first else { return }  // a machine that was too slow
        try? store.transact { try $0.answer(open.id, allow: false, now: now) }
        #expect(endings.of(second) != nil)
    }

    @Test func anAnswerThatComesLateCountsForTheSameCall() throws {
        let endings = Endings(), desk = try desk(endings, timeout: 0.05)
        defer { desk.close() }
        _ = endings.of(try ticket(desk.ask(call())))
        let id = try store.read().approvals[0].id
        try store.transact { try $0.answer(id, allow: true, now: now) }
        guard case .asked = try desk.ask(call("2")) else { throw CancellationError() }
        guard case .allowed = try desk.ask(call()) else { throw CancellationError() }
        guard case .asked = try desk.ask(call()) else { throw CancellationError() }
    }

    @Test func aGrantNeedsNoQuestion() throws {
        let desk = try desk(Endings())
        try store.transact {
            try $0.add(Grant(server: "*", tool: "p*", created: now - 1, expires: now + 900, uses: 1), now: now)
        }
        guard case .granted(let grant) = try desk.ask(call()) else { throw CancellationError() }
        #expect(grant.usesLeft == 0)
        guard case .asked = try desk.ask(call()) else { throw CancellationError() }
        desk.close()
    }

    @Test func aCallThatIsGoneIsNotAskedAbout() throws {
        let endings = Endings(), desk = try desk(endings)
        defer { desk.close() }
        let ticket = try ticket(desk.ask(call()))
        desk.withdrawn(ticket: ticket)
        #expect(try store.read().approvals.isEmpty)
        #expect(desk.answered(ticket: ticket, accepts: true) == nil)
    }

    @Test func aStoreThatCannotBeReadDenies() throws {
        let endings = Endings(), desk = try desk(endings, timeout: 0.5)
        defer { desk.close() }
        let ticket = try ticket(desk.ask(call()))
        // As another program would write it, in the same way.
        try Data("{}".utf8).write(to: URL(fileURLWithPath: home.path + "/x"))
        try setMode(0o600, of: home.path + "/x")
        #expect(unsafe rename(home.path + "/x", store.file.string) == 0)
        #expect(endings.of(ticket)?.allows == false)
        #expect(throws: GrantError.self) { try desk.ask(call("2")) }
    }

    @Test func aNotificationIsOnlyText() throws {
        let program = home.path + "/notify"
        try "#!/bin/sh\nprintf '%s\\n' \"$@\" > \(home.path)/said.new; mv \(home.path)/said.new \(home.path)/said\n"
            .write(toFile: program, atomically: true, encoding: .utf8)
        try setMode(0o755, of: program)
        let notifier = DesktopNotifier(program: program)
        notifier.tell((title: "--help", body: "<b>$(id)</b> & more"))
        let end = Date().addingTimeInterval(patience)
        var said: String?
        while said == nil, Date() < end {
            said = try? String(contentsOfFile: home.path + "/said", encoding: .utf8)
            usleep(2_000)
        }
        #expect(said?.hasSuffix("--\n--help\n&lt;b&gt;$(id)&lt;/b&gt; &amp; more\n") == true)
        while Date() < end, notifier.reap() > 0 { usleep(2_000) }
        #expect(notifier.reap() == 0)
    }
}
