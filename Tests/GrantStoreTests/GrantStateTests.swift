import Signatures
import StrictJSON
import Testing

@testable import GrantStore

@Suite struct GrantStateTests {
    private static let digest = CallDigest(server: "s", method: "tools/call", tool: "t", arguments: ["a": 1])

    private func question(_ tool: String = "t", critical: Bool = false, session: String = "") -> Approval {
        Approval(
            digest: CallDigest(server: "s", method: "tools/call", tool: tool, arguments: ["a": 1]), server: "s",
            tool: tool,
            summary: "{}", reason: "why", session: session, isCritical: critical, asked: 100, expires: 200)
    }

    // MARK: - Digests

    @Test func aDigestIsOfTheWholeCall() throws {
        func digest(_ tool: String, _ json: String) throws -> CallDigest {
            CallDigest(
                server: "s", method: "tools/call", tool: tool, arguments: try JSONValue(parsing: Array(json.utf8)))
        }
        let whole = try digest("t", #"{"a":1,"b":[1,2]}"#)
        #expect(try whole == digest("t", #"{ "b": [1, 2], "a": 1 }"#))
        for other in [#"{"a":1.0,"b":[1,2]}"#, #"{"a":1,"b":[2,1]}"#, #"{"a":1}"#, #"{"a":"1","b":[1,2]}"#] {
            #expect(try whole != digest("t", other))
        }
        #expect(
            CallDigest(server: "ab", method: "c", tool: "", arguments: nil)
                != CallDigest(server: "a", method: "bc", tool: "", arguments: nil))
        #expect(
            CallDigest(server: "s", method: "m", tool: "t", arguments: nil)
                != CallDigest(server: "s", method: "m", tool: "t", arguments: .null))
    }

    // MARK: - Approvals

    @Test func whatWaitsComesBeforeWhatTimedOut() throws {
        var state = GrantState()
        var ids: [String: String] = [:]
        for (tool, until) in [("dead", 110.0), ("later", 180), ("dying", 140), ("deader", 105), ("answered", 190)] {
            var question = question(tool)
            question.waitsUntil = until
            ids[tool] = try state.ask(question, now: 100)
        }
        try state.answer(try #require(ids["answered"]), allow: true, now: 130)
        #expect(state.open(now: 130).map(\.tool) == ["dying", "later", "deader", "dead"])
        // The same call, made again, waits by the same question.
        var again = question("dead")
        again.waitsUntil = 135
        #expect(try state.ask(again, now: 130) == ids["dead"])
        #expect(state.open(now: 130).map(\.tool) == ["dead", "dying", "later", "deader"])
        #expect(GrantState(fileBytes: state.fileBytes) == state)
    }

    @Test func aStoreOfAnOlderVersionIsRead() throws {
        var state = GrantState()
        _ = try state.ask(question(), now: 100)
        let text = String(decoding: state.fileBytes, as: UTF8.self)
        let old = try JSONValue(parsing: Array(text.replacing(#","waitsUntil":"200.0""#, with: "").utf8))["state"]
        let inner = try #require(old).serialized()
        let file = #"{"version":2,"digest":"\#(SHA256.hex(inner))","state":\#(String(decoding: inner, as: UTF8.self))}"#
        #expect(GrantState(fileBytes: Array(file.utf8)) == state)
    }

    @Test func anAnswerCountsOnceAndForItsCallOnly() throws {
        var state = GrantState()
        let id = try state.ask(question(), now: 100)
        #expect(try state.ask(question(), now: 101) == id)  // the same question
        #expect(try state.ask(question(session: "other"), now: 101) != id)
        #expect(state.take(Self.digest, id: id, isCritical: false, key: nil, now: 110) == .open)
        try state.answer(String(id.prefix(6)), allow: true, now: 120)
        let other = CallDigest(server: "s", method: "tools/call", tool: "t", arguments: ["a": 2])
        #expect(state.take(other, isCritical: false, key: nil, now: 121) == .none)
        #expect(state.take(Self.digest, id: id, isCritical: false, key: nil, now: 121) == .allowed)
        #expect(state.take(Self.digest, id: id, isCritical: false, key: nil, now: 122) == .none)
    }

    @Test func anAnswerIsForTheAgentThatWasAskedAbout() throws {
        var state = GrantState()
        var asked = question()
        asked.agent = "builder"
        let id = try state.ask(asked, now: 100)
        asked.agent = "anonymous"
        #expect(try state.ask(asked, now: 100) != id)
        try state.answer(id, allow: true, now: 110)
        #expect(state.take(Self.digest, agent: "anonymous", isCritical: false, key: nil, now: 120) == .open)
        #expect(state.take(Self.digest, agent: "builder", isCritical: false, key: nil, now: 120) == .allowed)
    }

    @Test func answersAndQuestionsExpire() throws {
        var state = GrantState()
        let id = try state.ask(question(), now: 100)
        #expect(throws: GrantRefusal.expired(id)) { try state.answer(id, allow: true, now: 200) }
        try state.answer(id, allow: true, now: 199)
        #expect(throws: GrantRefusal.answered(id)) { try state.answer(id, allow: false, now: 199) }
        #expect(state.take(Self.digest, isCritical: false, key: nil, now: 200) == .none)
        #expect(throws: GrantRefusal.unknown("ffff")) { try state.answer("ffff", allow: true, now: 199) }
        #expect(throws: GrantRefusal.self) { try state.answer("", allow: true, now: 199) }
    }

    @Test func aClosedQuestionTakesNoAnswer() throws {
        var state = GrantState()
        let id = try state.ask(question(), now: 100)
        state.close(id, now: 110)
        for allows in [true, false] {
            #expect(throws: GrantRefusal.expired(id)) { try state.answer(id, allow: allows, now: 110) }
        }
        #expect(state.take(Self.digest, isCritical: false, key: nil, now: 111) == .none)
        #expect(try state.ask(question(), now: 111) != id)
        // What was answered before stays answered.
        let answered = state.approvals[0].id
        try state.answer(answered, allow: false, now: 112)
        state.close(answered, now: 113)
        #expect(state.take(Self.digest, isCritical: false, key: nil, now: 114) == .denied)
    }

    @Test func aDenialIsTakenOnceToo() throws {
        var state = GrantState()
        let id = try state.ask(question(), now: 100)
        try state.answer(id, allow: false, now: 110)
        #expect(state.take(Self.digest, id: id, isCritical: false, key: nil, now: 111) == .denied)
        #expect(state.take(Self.digest, id: id, isCritical: false, key: nil, now: 111) == .none)
    }

    @Test func questionsAreBounded() throws {
        var state = GrantState()
        for session in 0..<GrantState.approvalLimit / GrantState.sessionLimit {
            for number in 0..<GrantState.sessionLimit {
                _ = try state.ask(question("t\(number)", session: "\(session)"), now: 100)
            }
            #expect(throws: (any Error).self) { try state.ask(question("one more", session: "\(session)"), now: 100) }
        }
        #expect(throws: GrantError.full("open questions")) { try state.ask(question("t", session: "other"), now: 100) }
        _ = try state.ask(question("later"), now: 200)
    }

    @Test("A session that asks without end leaves the others their questions")
    func questionsOfOneSession() throws {
        var state = GrantState()
        for number in 0..<GrantState.sessionLimit { _ = try state.ask(question("t\(number)", session: "a"), now: 100) }
        #expect(throws: GrantError.full("open questions of this session")) {
            try state.ask(question("one more", session: "a"), now: 100)
        }
        _ = try state.ask(question("t0", session: "a"), now: 100)
        _ = try state.ask(question("one more", session: "b"), now: 100)
    }

    @Test func criticalCallsTakeTheSignatureOfThePassphrase() throws {
        var state = GrantState()
        let id = try state.ask(question(critical: true), now: 100)
        #expect(throws: GrantRefusal.noPassphrase) { try state.answer(id, allow: true, now: 110) }
        let key = PassphraseKey(Array("correct horse".utf8), rounds: 10)
        state.set(key)
        let signer = try #require(key.signer(Array("correct horse".utf8)))
        #expect(key.signer(Array("correct Horse".utf8)) == nil)
        #expect(throws: GrantRefusal.needsPassphrase(id)) { try state.answer(id, allow: true, now: 110) }
        try state.answer(id, allow: true, signer: signer, now: 110)

        // What a process of the same user could write into the file does not count.
        var forged = state
        forged.approvals[0].answer = .allow(signature: nil)
        #expect(forged.take(Self.digest, id: id, isCritical: true, key: key, now: 111) != .allowed)
        forged.approvals[0].answer = .allow(signature: [UInt8](repeating: 1, count: 64))
        #expect(forged.take(Self.digest, id: id, isCritical: true, key: key, now: 111) != .allowed)
        var longer = state
        longer.approvals[0].expires = 9_999
        #expect(longer.take(Self.digest, id: id, isCritical: true, key: key, now: 111) != .allowed)
        let another = PassphraseKey(Array("correct horse".utf8), rounds: 10)
        var swapped = state
        #expect(swapped.take(Self.digest, id: id, isCritical: true, key: another, now: 111) != .allowed)
        #expect(swapped.take(Self.digest, id: id, isCritical: true, key: nil, now: 111) != .allowed)

        #expect(state.take(Self.digest, id: id, isCritical: true, key: key, now: 111) == .allowed)
    }

    // MARK: - Grants

    @Test(
        "A grant covers what it names",
        arguments: [
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b/c"]), true),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b"]), true),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/bc"]), false),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b/\u{301}c"]), true),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b\u{301}/c"]), false),
            (GrantedCall(server: "s", tool: "read_file", paths: ["a/b/c"]), false),
            (GrantedCall(server: "s", tool: "read_file", paths: []), false),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b/c", "/etc/x"]), false),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b/../../etc"]), false),
            (GrantedCall(server: "t", tool: "read_file", paths: ["/a/b"]), false),
            (GrantedCall(server: "s", tool: "write_file", paths: ["/a/b"]), false),
            (GrantedCall(server: "s", tool: "read_file", paths: ["/a/b"], isCritical: true), false),
        ])
    func aGrantCoversWhatItNames(call: GrantedCall, isCovered: Bool) throws {
        var state = GrantState()
        try state.add(
            Grant(server: "s", tool: "read_*", paths: ["/a/b"], created: 100, expires: 200, uses: 2), now: 100)
        #expect((state.use(for: call, key: nil, now: 150) != nil) == isCovered)
    }

    @Test func aGrantEnds() throws {
        var state = GrantState()
        let call = GrantedCall(server: "s", tool: "t")
        let grant = try state.add(Grant(server: "*", tool: "t", created: 100, expires: 200, uses: 2), now: 100)
        #expect(state.use(for: call, key: nil, now: 99) == nil)  // before it was given: a clock that went back
        #expect(state.use(for: call, key: nil, now: 150)?.usesLeft == 1)
        #expect(state.use(for: call, key: nil, now: 200) == nil)
        #expect(state.use(for: call, key: nil, now: 199)?.usesLeft == 0)
        #expect(state.use(for: call, key: nil, now: 199) == nil)
        let next = try state.add(Grant(server: "*", tool: "t", created: 100, expires: 200, uses: 2), now: 100)
        #expect(next.id != grant.id && state.revoke(next.id) && !state.revoke(next.id))
        #expect(state.use(for: call, key: nil, now: 150) == nil)
        #expect(throws: GrantRefusal.self) {
            try state.add(Grant(server: "*", tool: "*", created: 1, expires: 1, uses: 1), now: 1)
        }
        #expect(throws: GrantRefusal.self) {
            try state.add(Grant(server: "*", tool: "*", created: 1, expires: 9, uses: 0), now: 1)
        }
        #expect(throws: GrantRefusal.self) {
            try state.add(Grant(server: "*", tool: "*", paths: ["a"], created: 1, expires: 9, uses: 1), now: 1)
        }
    }

    @Test func onlyASignedGrantCoversCriticalCalls() throws {
        var state = GrantState()
        let key = PassphraseKey(Array("correct horse".utf8), rounds: 10)
        state.set(key)
        let signer = try #require(key.signer(Array("correct horse".utf8)))
        try state.add(Grant(server: "*", tool: "pay", created: 100, expires: 200, uses: 5), signer: signer, now: 100)
        var wider = state
        wider.grants[0].tool = "*"
        #expect(wider.use(for: GrantedCall(server: "s", tool: "wipe", isCritical: true), key: key, now: 110) == nil)
        var longer = state
        longer.grants[0].expires = 9_999
        #expect(longer.use(for: GrantedCall(server: "s", tool: "pay", isCritical: true), key: key, now: 300) == nil)
        #expect(state.use(for: GrantedCall(server: "s", tool: "pay", isCritical: true), key: key, now: 110) != nil)
        state.set(PassphraseKey(Array("another horse".utf8), rounds: 10))
        #expect(state.grants.isEmpty)
    }

    // MARK: - Budgets

    @Test func chargesAreAllOrNothing() throws {
        var state = GrantState()
        let one = Charge(account: "a", amount: 60, limit: 100, window: 3_600)
        let two = Charge(account: "b", amount: 2, limit: 1, window: 3_600)
        #expect(try state.charge([one, two], now: 100) == .exceeded(account: "b", spent: 0, limit: 1))
        #expect(state.spent(from: "a", now: 100) == 0)
        #expect(try state.charge([one], now: 100) == .charged)
        #expect(try state.charge([one], now: 100) == .exceeded(account: "a", spent: 60, limit: 100))
        let twenty = Charge(account: "a", amount: 20, limit: 100, window: 3_600)
        #expect(
            try state.charge([twenty, twenty, twenty], now: 100) == .exceeded(account: "a", spent: 100, limit: 100))
        #expect(try state.charge([twenty, twenty], now: 100) == .charged)
        #expect(state.spent(from: "a", now: 3_719) == 100 && state.spent(from: "a", now: 3_720) == 0)
        for amount: Double in [-1, .nan, .infinity, -.infinity] {
            #expect(
                try state.charge(
                    [Charge(account: "c", amount: amount, limit: Double.infinity, window: 3_600)], now: 100)
                    != .charged)
        }
        #expect(try state.charge([Charge(account: "c", amount: 1, limit: .nan, window: 3_600)], now: 100) != .charged)
    }

    @Test("Whatever is charged, no account goes over its limit", arguments: 0..<50) func noAccountGoesOver(seed: Int)
        throws
    {
        var generator = Numbers(seed: UInt64(seed))
        var state = GrantState(), spent: [String: Double] = [:]
        for _ in 0..<200 {
            let charges = (0...generator.next(3)).map { _ in
                Charge(
                    account: "a\(generator.next(3))", amount: Double(generator.next(20)) / 4, limit: 40, window: 3_600)
            }
            if try state.charge(charges, now: 1) == .charged {
                for charge in charges { spent[charge.account, default: 0] += charge.amount }
            }
            for (account, total) in spent { #expect(total <= 40 && state.spent(from: account, now: 1) == total) }
            #expect(GrantState(fileBytes: state.fileBytes) == state)
        }
    }

    // MARK: - Windows

    @Test(
        "No hour holds more than the limit, wherever it begins, and what is an hour and a minute old is free again",
        arguments: 0..<50)
    func anyHour(seed: Int) throws {
        var generator = Numbers(seed: UInt64(seed)), state = GrantState()
        var spent: [(time: Double, amount: Double)] = [], now = 1e9 + Double(seed)
        for step in 0..<400 {
            now += Double(generator.next(4) == 0 ? generator.next(4_000) : generator.next(60)) / 4
            let amount = Double(generator.next(12)) / 4
            let inAnHour = spent.filter { $0.time > now - 3_600 }.reduce(0) { $0 + $1.amount }
            let recent = spent.filter { $0.time > now - 3_660 }.reduce(0) { $0 + $1.amount }
            let charge = Charge(account: "hour a", amount: amount, limit: 10, window: 3_600)
            if step.isMultiple(of: 7) { state = try #require(GrantState(fileBytes: state.fileBytes)) }
            let result = try state.charge([charge], now: now)
            if result == .charged {
                spent.append((now, amount))
                #expect(inAnHour + amount <= 10)
            } else {
                #expect(recent + amount > 10, "it was free")
            }
            #expect((state.accounts["hour a"]?.spent.count ?? 0) <= 61)
        }
        #expect(spent.count > 20)
    }

    @Test(
        "A clock that goes back gives nothing back, and one that was ahead by years closes nothing for ever",
        arguments: 0..<50)
    func clockGoesBack(seed: Int) throws {
        var generator = Numbers(seed: UInt64(seed) + 99), state = GrantState()
        var spent: [(time: Double, amount: Double)] = [], real = 0.0, offset = 2e9
        for _ in 0..<600 {
            real += Double(generator.next(400)) / 4
            if generator.next(20) == 0 { offset -= Double(generator.next(20_000)) }
            if generator.next(200) == 0 { offset -= 1e8 }
            let now = real + offset
            state.settle(now: now)
            let amount = Double(generator.next(12)) / 4
            let inAnHour = spent.filter { $0.time > real - 3_600 }.reduce(0) { $0 + $1.amount }
            #expect(state.spent(from: "a", now: now) >= inAnHour)
            let charge = Charge(account: "a", amount: amount, limit: 10, window: 3_600)
            if try state.charge([charge], now: now) == .charged {
                spent.append((real, amount))
                #expect(inAnHour + amount <= 10)
            }
            #expect((state.accounts["a"]?.spent.count ?? 0) <= 61)
        }
        // Without another step of the clock all is free again after an hour and a minute.
        state.settle(now: real + offset)
        #expect(state.spent(from: "a", now: real + offset + 3_660) == 0)
        #expect(spent.count > 30)
    }

    @Test func aWindowsEndIsNoWayToTwiceTheLimit() throws {
        var state = GrantState()
        let day = Charge(account: "day a", amount: 10, limit: 10, window: 86_400)
        // A minute before midnight in UTC, and a minute after it.
        let midnight = 20_000.0 * 86_400
        #expect(try state.charge([day], now: midnight - 60) == .charged)
        #expect(try state.charge([day], now: midnight + 60) != .charged)
        #expect(try state.charge([day], now: midnight + 86_339) != .charged)
        #expect(try state.charge([day], now: midnight + 86_400 + 24 * 60) == .charged)
        state.prune(now: midnight + 3 * 86_400)
        #expect(state.accounts.isEmpty)
    }

    @Test("As many and as long questions as there may be can be read again")
    func longQuestions() throws {
        var state = GrantState()
        let text = String(repeating: "\u{1}", count: 1_200)
        for number in 0..<GrantState.approvalLimit {
            var long = question("\(number)", session: "\(number % 4)")
            (long.summary, long.reason) = (text, String(text.prefix(300)))
            long.threats = (0..<8).map { _ in String(text.prefix(240)) }
            _ = try state.ask(long, now: 100)
        }
        #expect(state.fileBytes.count > 2 << 20 && state.fileBytes.count < 12 << 20)
        #expect(GrantState(fileBytes: state.fileBytes) == state)
    }

    @Test func accountsAreBounded() throws {
        var state = GrantState()
        func charge(_ name: String) -> Charge { Charge(account: name, amount: 1, limit: 1e9, window: 3_600) }
        let all = (0..<GrantState.accountLimit).map { charge("a\($0)") }
        #expect(try state.charge(all, now: 1e9) == .charged)
        #expect(throws: GrantError.full("budgets")) { try state.charge([charge("one more")], now: 1e9) }
        // Full ones fit the file with room to spare.
        for minute in 1...70 { #expect(try state.charge(all, now: 1e9 + Double(minute) * 60) == .charged) }
        #expect(state.fileBytes.count < 8 << 20)
        #expect(GrantState(fileBytes: state.fileBytes) == state)
        #expect(try state.charge([charge("one more")], now: 1e9 + 80_000) == .charged)
        #expect(state.accounts.count == 1)
    }

    // MARK: - Passphrase

    @Test func triesAreCountedAndLockOut() throws {
        var state = GrantState()
        state.set(PassphraseKey(Array("correct horse".utf8), rounds: 10))
        for _ in 0..<3 { _ = try state.countTry(now: 100) }
        #expect(throws: GrantRefusal.lockedOut(until: 130)) { try state.countTry(now: 129) }
        _ = try state.countTry(now: 130)
        #expect(throws: GrantRefusal.lockedOut(until: 190)) { try state.countTry(now: 189) }
        #expect(GrantState.delay(afterFailures: 1_000) == 3_600)
        state.forgetTries()
        _ = try state.countTry(now: 131)
    }

    /// RFC 7914, section 11, first 32 bytes; and Python's hashlib.pbkdf2_hmac.
    @Test(arguments: [
        ("passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        ("Password", "NaCl", 80_000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
        ("", "", 2, "97398411d6aea43a77acef92226ab8278d4db0668bd1d7a76a725f7680ac45c5"),
        (
            "é longer than the block of the hash, which is sixty-four bytes long, so that it is hashed first", "s",
            1_000, "c86312fddcd25b72eb228897d9f818d8946cee7431b6b175fa880b8c47cb3579"
        ),
    ]) func keysAreDerivedAsOthersDo(password: String, salt: String, rounds: Int, expected: String) {
        #expect(Hex.text(pbkdf2(Array(password.utf8), salt: Array(salt.utf8), rounds: rounds)) == expected)
    }

    @Test func damagedFilesAreNone() throws {
        var state = GrantState()
        state.set(PassphraseKey(Array("correct horse".utf8), rounds: 10))
        _ = try state.ask(question(), now: 100)
        try state.add(Grant(server: "*", tool: "t", created: 100, expires: 200, uses: 2), now: 100)
        let bytes = state.fileBytes
        #expect(GrantState(fileBytes: bytes) == state)
        #expect(GrantState(fileBytes: []) == nil && GrantState(fileBytes: Array("{}".utf8)) == nil)
        var generator = Numbers(seed: 7)
        for _ in 0..<300 {
            var changed = bytes
            let at = generator.next(changed.count - 1)
            changed[at] = changed[at] ^ UInt8(1 + generator.next(254))
            let read = GrantState(fileBytes: changed)
            #expect(read == nil || read == state)  // a blank that became another blank
            #expect(GrantState(fileBytes: Array(bytes.prefix(generator.next(bytes.count - 2)))) == nil)
        }
    }

    @Test(arguments: [
        ("*", "", true), ("a*b", "ab", true), ("a*b", "axxb", true), ("a*b", "axxc", false), ("a?c", "abc", true),
        ("", "a", false), ("*a*a*a*a*b", String(repeating: "a", count: 200), false),
    ])
    func globsMatch(pattern: String, text: String, matches: Bool) { #expect(Glob.matches(pattern, text) == matches) }
}

/// The same numbers at every run.
struct Numbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
    mutating func next(_ most: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % (most + 1)
    }
}
