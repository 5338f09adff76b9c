import AuditTrail
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("Signed heads while a gateway runs")
struct HeadSignerTests {
    private let home: TemporaryFolder
    private var state: FilePath { FilePath(home.path) }
    private var journal: FilePath { state.appending("journal.jsonl") }
    private var heads: String { (try? String(contentsOfFile: home.path + "/journal.signed", encoding: .utf8)) ?? "" }

    init() throws {
        home = try TemporaryFolder("agentbound-signer")
        try setMode(0o700, of: home.path)
    }

    @Test("What was recorded is signed without waiting for the end, so that a tail cut off later shows")
    func signs() throws {
        _ = try AuditKey.make(state)
        let key = try #require(try AuditKey.readPublic(AuditKey.publicPath(state)))
        let writer = try AuditWriter(path: journal, session: "s")
        let signer = try #require(HeadSigner(writer, state: state, delay: .milliseconds(20)))
        func record(_ count: Int) throws {
            for number in 0..<count {
                try writer.append(AuditEvent(.tool, "t", .allow, rule: "r", reason: "\(number)"))
                signer.recorded()
            }
        }
        func signedUpTo() throws -> UInt64? {
            try AuditReader.verify(journal, signedBy: [key]).signed?.newest?.seq
        }
        try record(100)
        #expect(try eventually { try signedUpTo() == 100 })
        #expect(heads.split(separator: "\n").count < 100, "not one for each record")
        // And what comes after that, too.
        try record(3)
        #expect(try eventually { try signedUpTo() == 103 })
        // The tail goes, with its head: nobody else could tell.
        let lines = try String(contentsOfFile: journal.string, encoding: .utf8).split(separator: "\n")
        try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(
            to: URL(fileURLWithPath: journal.string))
        try FileManager.default.removeItem(atPath: home.path + "/journal.head")
        #expect(try !AuditReader.verify(journal, signedBy: [key]).isIntact)
    }

    @Test("Without a key, or with one that others can read, there is none")
    func noKey() throws {
        let writer = try AuditWriter(path: journal, session: "s")
        #expect(HeadSigner(writer, state: state) == nil)
        _ = try AuditKey.make(state)
        try setMode(0o644, of: AuditKey.privatePath(state).string)
        #expect(HeadSigner(writer, state: state) == nil)
    }

    @Test("A journal that cannot be signed any more goes on all the same")
    func goesOn() throws {
        _ = try AuditKey.make(state)
        let writer = try AuditWriter(path: journal, session: "s")
        let signer = try #require(HeadSigner(writer, state: state, delay: .milliseconds(1)))
        try FileManager.default.removeItem(atPath: AuditKey.privatePath(state).string)
        for number in 0..<50 {
            try writer.append(AuditEvent(.tool, "t", .allow, rule: "r", reason: "\(number)"))
            signer.recorded()
            usleep(500)
        }
        #expect(heads.isEmpty)
    }
}
