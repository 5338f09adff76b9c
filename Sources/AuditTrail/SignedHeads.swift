import Signatures

/// The signed heads of a journal while a verifier goes along it.
///
/// A signature is only checked where it decides something: of a head that does not fit, and of the newest ones, up to the first
/// good one. The chain holds all before that.
struct SignedHeads {
    /// Bytes of the file that are looked at, from its end: some fifty thousand heads.
    static let limit = 16 << 20

    private struct Entry {
        var head: SignedHead
        /// Line in the bytes given.
        var line: Int
        var fits = false
    }

    private let keys: [Ed25519.VerifyingKey]
    /// In the order of the events.
    private var entries: [Entry] = []
    private var at = 0
    private(set) var report = SignedReport()

    /// - Parameter mustBeSigned: Otherwise a journal that was never signed with the keys is no finding.
    init(_ bytes: [UInt8], keys: [Ed25519.VerifyingKey], mustBeSigned: Bool = true) {
        self.keys = keys
        for (index, line) in bytes.split(separator: 0x0a).enumerated() {
            guard let head = SignedHead(line: line) else {
                report.unreadable += 1
                continue
            }
            if keys.contains(where: { $0.id == head.key }) {
                entries.append(Entry(head: head, line: index + 1))
            } else {
                report.otherKeys += 1
            }
        }
        report.isMissed = mustBeSigned || !entries.isEmpty
        entries.sort { $0.head.seq < $1.head.seq }
    }

    /// The event of the next head; beyond all events when there is none.
    var nextEvent: UInt64 { at < entries.count ? entries[at].head.seq : .max }

    /// Compares the heads up to this event.
    /// - Returns: A signed head of this event that names another hash.
    mutating func check(_ link: ChainLink) -> SignedHead? {
        var wrong: SignedHead?
        while at < entries.count, entries[at].head.seq <= link.seq {
            if entries[at].head.seq == link.seq {
                entries[at].fits = entries[at].head.hash == link.hash
                if !entries[at].fits, isSigned(entries[at].head) { wrong = entries[at].head }
            }
            at += 1
        }
        return wrong
    }

    /// After the last event.
    mutating func finish(lastEvent: UInt64) -> SignedReport {
        report.beyond = entries[at...].last { $0.head.seq > lastEvent && isSigned($0.head) }?.head
        for entry in entries[..<at].reversed() where entry.fits {
            if isSigned(entry.head) {
                report.newest = entry.head
                break
            }
            report.badSignatures.append(entry.line)
            if report.badSignatures.count == JournalVerifier.findingLimit { break }
        }
        return report
    }

    private func isSigned(_ head: SignedHead) -> Bool { keys.contains { $0.id == head.key && head.isSigned(by: $0) } }
}

/// What the signed heads say of a journal.
public struct SignedReport: Hashable, Sendable {
    /// The newest head that fits the journal and whose signature is good: all up to there is what was signed.
    public var newest: SignedHead?
    /// Whether it is a finding when there is none.
    var isMissed = true
    /// A good signature of an event that the journal does not have.
    var beyond: SignedHead?
    /// Lines of the file of signed heads.
    var badSignatures: [Int] = []
    /// Lines that are no heads, as a crash leaves one.
    public var unreadable = 0
    /// Heads that were signed with other keys.
    public var otherKeys = 0
}
