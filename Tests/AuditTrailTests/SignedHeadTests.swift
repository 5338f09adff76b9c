import Glibc
import LinuxSystem
import Signatures
import SystemPackage
import Testing

@testable import AuditTrail

@Suite struct SignedHeadTests {
    private let key = Ed25519.SigningKey()

    /// A journal of ten events that was signed after the fourth and the eighth.
    private func journal(_ scratch: borrowing Scratch) throws -> [[UInt8]] {
        let writer = try AuditWriter(path: scratch.journal, session: "test")
        for number in 1...10 {
            try writer.append(event("\(number)"))
            if number % 4 == 0 { try writer.sign(with: key) }
        }
        return split(try bytes(of: scratch.journal))
    }

    private func verify(_ scratch: borrowing Scratch, _ lines: [[UInt8]]? = nil) throws -> JournalReport {
        if let lines { try write(Array(lines.joined()), to: scratch.journal) }
        return try AuditReader.verify(scratch.journal, signedBy: [key.publicKey])
    }

    /// The lines from `first` on, written anew as a thief without the key would: the chain fits, and so does the head.
    private func rewritten(_ lines: [[UInt8]], from first: Int, to last: Int, _ scratch: borrowing Scratch) throws
        -> [[UInt8]]
    {
        var lines = Array(lines.prefix(last))
        var link = first > 1 ? CheckedLine(lines[first - 2].dropLast())!.link : .start
        for number in first...last {
            lines[number - 1] = []
            link.seq += 1
            link.hash = EventLine.append(
                event("forged"), seq: link.seq, time: .now(), session: "test", prev: link.hash, to: &lines[number - 1])
        }
        try write(JournalHead(link: link, size: UInt64(lines.joined().count)).bytes, to: scratch.head)
        return lines
    }

    @Test("A signed journal is intact, and the report says up to where it was signed")
    func intact() throws {
        let scratch = Scratch()
        _ = try journal(scratch)
        let report = try verify(scratch)
        #expect(report.findings == [] && report.signed?.newest?.seq == 8 && report.signed?.otherKeys == 0)
        #expect(try AuditReader.lastSigned(scratch.journal)?.seq == 8)
        // Signing again without an event writes nothing.
        let writer = try AuditWriter(path: scratch.journal, session: "next")
        #expect(try writer.sign(with: key)?.seq == 10)
        #expect(try writer.sign(with: key)?.seq == 10)
        #expect(split(try bytes(of: scratch.path.appending("journal.signed"))).count == 3)
    }

    @Test(
        "What was written anew before the last signature shows, and what came after it does not",
        arguments: [1, 4, 5, 8, 9])
    func writtenAnew(first: Int) throws {
        let scratch = Scratch()
        let lines = try rewritten(try journal(scratch), from: first, to: 10, scratch)
        let report = try verify(scratch, lines)
        let kinds = report.findings.map(\.name)
        switch first {
        case 1, 4: #expect(kinds == ["signed-otherwise", "signed-otherwise", "not-signed"])
        case 5, 8:
            #expect(
                kinds == ["signed-otherwise"] && report.signed?.newest?.seq == 4 && report.findings.first?.line == 8)
        default: #expect(kinds == [] && report.signed?.newest?.seq == 8)
        }
        // Without the key's help nothing of it could be seen.
        #expect(try AuditReader.verify(scratch.journal).findings == [])
    }

    @Test("A tail that was cut with its head shows", arguments: [0, 3, 7])
    func cut(last: Int) throws {
        let scratch = Scratch()
        let lines = Array(try journal(scratch).prefix(last))
        let link = lines.last.map { CheckedLine($0.dropLast())!.link } ?? .start
        try write(JournalHead(link: link, size: UInt64(lines.joined().count)).bytes, to: scratch.head)
        let report = try verify(scratch, lines)
        let finding = try #require(report.findings.first { $0.name == "signed-tail-cut" })
        guard case .signedTailCut(let from, let to, _) = finding.kind else { return }
        #expect(from == UInt64(last + 1) && to == 8)
    }

    @Test("Signed heads that were cut as well need one that was kept elsewhere")
    func keptElsewhere() throws {
        let scratch = Scratch()
        let lines = Array(try journal(scratch).prefix(5))
        let kept = try #require(try AuditReader.lastSigned(scratch.journal))
        let place = scratch.path.appending("journal.signed")
        try write(split(try bytes(of: place))[0], to: place)
        try write(JournalHead(link: CheckedLine(lines[4].dropLast())!.link, size: 0).bytes, to: scratch.head)
        #expect(try verify(scratch, lines).findings == [])
        let report = try AuditReader.verify(scratch.journal, signedBy: [key.publicKey], holding: kept)
        #expect(report.findings.map(\.name) == ["signed-tail-cut"])
    }

    @Test("Signatures of others, changed ones and torn lines are no signatures")
    func forged() throws {
        let scratch = Scratch()
        _ = try journal(scratch)
        let place = scratch.path.appending("journal.signed")
        let good = try bytes(of: place)
        var changed = good
        let last = good.count - 10
        changed[last] = changed[last] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
        try write(changed, to: place)
        let report = try verify(scratch)
        #expect(report.findings == [JournalFinding(line: 2, kind: .badSignature)] && report.signed?.newest?.seq == 4)
        try write(Array(good.dropLast(50)), to: place)
        #expect(try verify(scratch).signed?.unreadable == 1)
        try AuditWriter(path: scratch.journal, session: "next").sign(with: key)
        #expect(try verify(scratch).signed?.newest?.seq == 10)
        let stranger = try AuditReader.verify(scratch.journal, signedBy: [Ed25519.SigningKey().publicKey])
        #expect(stranger.findings.map(\.name) == ["not-signed"] && stranger.signed?.otherKeys == 2)
        try write([], to: place)
        #expect(try verify(scratch).findings.map(\.name) == ["not-signed"])
    }

    @Test("A head has one form, and its signature fits nothing else")
    func form() throws {
        let head = SignedHead(
            link: ChainLink(seq: 7, hash: SHA256.digest([1])), size: 9, time: Timestamp(microseconds: 5), key: key)
        #expect(SignedHead(line: head.line) == head && SignedHead(line: head.line.dropLast()) == head)
        #expect(head.isSigned(by: key.publicKey) && !head.isSigned(by: Ed25519.SigningKey().publicKey))
        for index in head.line.indices.dropLast() {
            var line = head.line
            line[index] ^= 1
            #expect(SignedHead(line: line).map { $0.isSigned(by: key.publicKey) } != true, "\(index)")
        }
        #expect(!key.publicKey.isSignature(Array(head.line.suffix(64)), of: Array(head.line)))
    }

    @Test("What is new is signed, and nothing twice")
    func again() throws {
        let scratch = Scratch()
        let writer = try AuditWriter(path: scratch.journal, session: "long")
        for number in UInt64(1)...2 {
            try writer.append(event("\(number)"))
            for _ in 0..<3 { #expect(try writer.sign(with: key)?.seq == number) }
        }
        #expect(try bytes(of: scratch.path.appending("journal.signed")).split(separator: 0x0a).count == 2)
        let report = try verify(scratch)
        #expect(report.signed?.newest?.seq == 2 && report.findings == [])
    }

    @Test("The key is made once, 0600, and a key that others can read signs nothing")
    func keyFile() throws {
        let scratch = Scratch()
        #expect(try AuditKey.existing(scratch.path)?.publicKey == nil)
        let made = try AuditKey.make(scratch.path)
        #expect(try AuditKey.make(scratch.path).publicKey == made.publicKey)
        #expect(try AuditKey.existing(scratch.path)?.publicKey == made.publicKey)
        #expect(try AuditKey.readPublic(AuditKey.publicPath(scratch.path)) == made.publicKey)
        let file = AuditKey.privatePath(scratch.path)
        var status = stat()
        try #require(unsafe stat(file.string, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        try #require(unsafe chmod(file.string, 0o640) == 0)
        #expect(throws: AuditError.untrusted(file, .readableByOthers(mode: 0o640))) {
            try AuditKey.existing(scratch.path)
        }
        try #require(unsafe chmod(file.string, 0o600) == 0)
        try write(Array("nonsense".utf8), to: file)
        #expect(throws: AuditError.damagedKey(file)) { try AuditKey.existing(scratch.path) }
    }
}
