/// What is found in one scan, before it becomes a report.
struct ThreatFindings {
    struct Found {
        var rule: Int
        var range: Range<Int>
        /// Set for what was found in decoded text, where the range is that of the encoded one.
        var excerpt: String?
        var encoding: String?
    }
    private(set) var counts: [Int32]
    /// Of the text that is scanned now.
    var kept: [Found] = []
    /// Of those before.
    private var keptBefore = 0
    private(set) var total = 0
    private var last = (rule: -1, end: -1)

    static let most = 32
    static let mostOfOneRule = 3

    init(ruleCount: Int) { counts = [Int32](repeating: 0, count: ruleCount) }

    mutating func add(_ rule: Int, _ range: Range<Int>) {
        guard rule >= 0, rule < counts.count else { return }
        // Two patterns of one rule may end at one place.
        if rule == last.rule, range.upperBound == last.end { return }
        last = (rule, range.upperBound)
        let count = counts[rule] &+ 1
        if count > 0 { counts[rule] = count }
        total += 1
        guard count > 0, count <= Self.mostOfOneRule, keptBefore + kept.count < Self.most else { return }
        kept.append(Found(rule: rule, range: range))
    }

    mutating func beginText() { last = (-1, -1) }

    /// Hands over what was kept of a text.
    mutating func takeKept() -> [Found] {
        defer { kept.removeAll(keepingCapacity: true) }
        keptBefore += kept.count
        return kept
    }
}

/// What goes on from one text to the next within a scan, so that nothing is made anew for each.
@safe final class ThreatState {
    let core: UnsafeMutablePointer<ThreatCore>

    init() {
        unsafe core = .allocate(capacity: 1)
        unsafe core.initialize(to: ThreatCore())
    }

    deinit {
        // Nobody has the tables but this scan.
        unsafe core.pointee.reached.deallocate()
        unsafe core.deinitialize(count: 1)
        unsafe core.deallocate()
    }

    var findings: ThreatFindings { unsafe core.pointee.findings }

    /// More is not decoded, in one scan.
    static let decodedLimit = 256 << 10
    /// Encoded text in encoded text.
    static let depthLimit = 2
}

@safe struct ThreatCore {
    let vocabulary = ThreatVocabulary.shared
    var findings = ThreatFindings(ruleCount: ThreatRule.all.count)
    /// For each place of each phrase: the number of the word that reached it last, and where its phrase began.
    let reached: UnsafeMutablePointer<Reached>
    /// Words so far. Texts lie far apart, so that no phrase goes over their borders.
    var words: Int32 = 1_000
    /// Bytes that came out of encoded text.
    var decoded = 0

    struct Reached {
        var word: Int32 = -1_000
        var start: Int32 = 0
    }

    init() {
        unsafe reached = .allocate(capacity: vocabulary.stateCount)
        unsafe reached.initialize(repeating: Reached(), count: vocabulary.stateCount)
    }
}
