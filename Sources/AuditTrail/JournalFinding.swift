/// Something that is wrong with a journal, and where.
public struct JournalFinding: Hashable, Sendable {
    /// What was done to the journal, as far as the chain shows it.
    public enum Kind: Hashable, Sendable {
        /// The line's bytes are not those that were hashed; `event` is the number that belongs there.
        case changed(event: UInt64)
        /// The line checks, but the next one continues another: it was written anew, or both were.
        case rewritten
        /// Events are missing before the line.
        case cut(from: UInt64, to: UInt64)
        /// The line is no event of the chain; `copyOf` is the number it carries, when it is intact.
        case inserted(copyOf: UInt64?)
        /// The line holds `event` in the place of `expected`; the two were swapped, or one was moved.
        case misplaced(event: UInt64, expected: UInt64)
        /// The line holds an event that is missing before line `before`, or at the end: it was moved there, or swapped.
        case moved(event: UInt64, before: Int?)
        /// The lines up to `to` hold events that belong before line `before`, or at the end: nothing is missing and all continue one
        /// another there by their hashes. They were moved there, or what lies between was moved past them.
        case movedLines(to: Int, events: ClosedRange<UInt64>, before: Int?)
        /// The line goes back: from here on events stand that stood before.
        case repeated(event: UInt64)
        /// The journal breaks off within the line, and no launcher has accounted for it.
        case unfinished
        /// Events up to this one were written, and are missing at the end.
        case tailCut(from: UInt64, to: UInt64)
        /// The head file names another event under this number: the end was replaced.
        case tailReplaced(event: UInt64)
        /// A launcher found, when it wrote the line, that events up to this number were gone.
        case lost(event: UInt64)
        /// The head file cannot be read as one.
        case headUnreadable
        /// The event is not the one that was signed under this number.
        case signedOtherwise(event: UInt64, time: String)
        /// A signature names this event, and the journal ends before it.
        case signedTailCut(from: UInt64, to: UInt64, time: String)
        /// A signed head whose signature does not fit; the line is that of the file of signed heads.
        case badSignature
        /// A public key was given, and nothing is signed with it.
        case notSigned
    }

    /// Counted from 1; for findings at the end, the last line.
    public var line: Int
    public var kind: Kind

    public init(line: Int, kind: Kind) {
        self.line = line
        self.kind = kind
    }
}

extension JournalFinding: CustomStringConvertible {
    /// A stable word for machines.
    public var name: String {
        switch kind {
        case .changed: "changed"
        case .rewritten: "rewritten"
        case .cut: "cut"
        case .inserted: "inserted"
        case .misplaced: "misplaced"
        case .moved, .movedLines: "moved"
        case .repeated: "repeated"
        case .unfinished: "unfinished"
        case .tailCut: "tail-cut"
        case .tailReplaced: "tail-replaced"
        case .lost: "lost"
        case .headUnreadable: "head-unreadable"
        case .signedOtherwise: "signed-otherwise"
        case .signedTailCut: "signed-tail-cut"
        case .badSignature: "bad-signature"
        case .notSigned: "not-signed"
        }
    }

    public var description: String {
        switch kind {
        case .changed(let event): "line \(line) was changed (event \(event))"
        case .rewritten: "line \(line) was rewritten: line \(line + 1) continues another text"
        case .cut(let from, let to): "\(events(from, to)) missing before line \(line): cut out"
        case .inserted(nil): "line \(line) was inserted: it is no event"
        case .inserted(let event?): "line \(line) was inserted: event \(event) does not belong there"
        case .misplaced(let event, let expected):
            "line \(line) holds event \(event) in the place of event \(expected): swapped or moved"
        case .movedLines(let last, let events, let before):
            "lines \(line) to \(last) hold events \(events.lowerBound) to \(events.upperBound), which belong \(before.map { "before line \($0)" } ?? "at the end"): moved or swapped as a block"
        case .moved(let event, let before):
            "line \(line) holds event \(event), which belongs \(before.map { "before line \($0)" } ?? "at the end"): moved or swapped"
        case .repeated(let event): "line \(line) goes back to event \(event): lines from there on were inserted"
        case .unfinished: "line \(line) is unfinished: a crash, or a cut"
        case .tailCut(let from, let to): "\(events(from, to)) missing after line \(line): the tail was cut"
        case .tailReplaced(let event):
            "line \(line): event \(event) is not the one that was written: the tail was replaced"
        case .lost(let event):
            "line \(line): a launcher found that the journal had ended later, with event \(event)"
        case .headUnreadable: "the head file is damaged: whether the tail was cut cannot be told"
        case .signedOtherwise(let event, let time):
            "line \(line): event \(event) is not the one that was signed at \(time): the journal was written anew before it or there"
        case .signedTailCut(let from, let to, let time):
            "\(events(from, to)) missing after line \(line), though signed at \(time): the tail was cut"
        case .badSignature: "line \(line) of the signed heads: not a signature of the key"
        case .notSigned: "no signed head of this key: what was written anew or cut cannot be told"
        }
    }

    private func events(_ from: UInt64, _ to: UInt64) -> String {
        from == to ? "event \(from) is" : "events \(from) to \(to) are"
    }
}

/// What a verifier found out about a journal.
public struct JournalReport: Hashable, Sendable {
    public var lines = 0
    /// The number of the last event in the chain.
    public var lastEvent: UInt64 = 0
    /// At most ``JournalVerifier/findingLimit``, in the order of the journal.
    public var findings: [JournalFinding] = []
    /// How many more there were.
    public var furtherFindings = 0
    /// Lines that a crash left unfinished and that a later launcher accounted for: no finding.
    public var recovered: [Int] = []
    /// Lines by which a launcher told that it put back what a loss of power had taken from the end before them: no finding.
    public var putBack: [Int] = []
    /// How many events are missing at the end that the head file still has, and the next launcher puts back.
    public var missing: UInt64 = 0
    /// Whether a head file said where the journal ends. Without one a cut tail cannot be seen.
    public var hadHead = false
    /// How many events stand after the one that the head file names: a launcher ended between two writes.
    public var beyondHead: UInt64 = 0

    /// What the signed heads say, where a key was at hand.
    public var signed: SignedReport?

    public var isIntact: Bool { findings.isEmpty }
    public init() {}
}
