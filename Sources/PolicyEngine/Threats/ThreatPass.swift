import CByteClasses
import SecretText

/// One pass over one text that has been folded, or is ASCII. 64 bytes at a time say where words and signs are; only where a word
/// begins as a pattern does, or at a sign, is anything compared, and nothing is compared twice over any length: linear in the text.
@safe struct ThreatPass {
    let text: UnsafeBufferPointer<UInt8>
    /// The scan's, which outlives the pass.
    let core: UnsafeMutablePointer<ThreatCore>
    let vocabulary: ThreatVocabulary
    /// How often what is scanned was decoded.
    let depth: Int
    /// Where the last run that may be encoded ended, and the last escapes.
    var runEnd = 0, escapesEnd = 0, tokenEnd = 0, pathEnd = 0

    init(_ text: UnsafeBufferPointer<UInt8>, _ core: UnsafeMutablePointer<ThreatCore>, depth: Int = 0) {
        unsafe self.text = text
        unsafe self.core = core
        vocabulary = unsafe core.pointee.vocabulary
        self.depth = depth
    }

    var count: Int { unsafe text.count }
    var rules: UnsafePointer<BuiltRules> { unsafe vocabulary.rules }

    /// The byte, or 0 outside the text.
    @inline(__always) func byte(_ index: Int) -> UInt8 {
        unsafe index >= 0 && index < text.count ? text[index] : 0
    }

    mutating func run() {
        unsafe core.pointee.findings.beginText()
        // The vocabulary's tables are kept for ever; the text is the caller's during the call.
        let bitmap = unsafe vocabulary.bitmap
        var carry: UInt64 = 0, at = 0
        var words = unsafe core.pointee.words &+ 1_000
        while at < count {
            let classes = at + 80 <= count ? unsafe ab_classify(text.baseAddress! + at) : tail(at)
            let starts = (classes.words & ~((classes.words << 1) | carry)) | classes.wide
            carry = classes.words >> 63
            var left = starts
            while left != 0 {
                let bit = left.trailingZeroBitCount
                left &= left &- 1
                let place = at + bit
                let four =
                    place + 4 <= count
                    ? unsafe UnsafeRawPointer(text.baseAddress! + place).loadUnaligned(as: UInt32.self)
                    : lastFour(place)
                let key = ThreatVocabulary.key(four)
                let hash = ThreatVocabulary.hash(key)
                if unsafe bitmap[hash >> 6] >> UInt64(hash & 63) & 1 != 0 {
                    let below = starts & ((1 << UInt64(bit)) &- 1)
                    startWord(place, key, words &+ Int32(truncatingIfNeeded: below.nonzeroBitCount))
                }
            }
            words = words &+ Int32(truncatingIfNeeded: starts.nonzeroBitCount)
            if classes.special != 0 {
                left = classes.special
                unsafe core.pointee.words = words
                while left != 0 {
                    let place = at + left.trailingZeroBitCount
                    left &= left &- 1
                    takeSign(place)
                }
                // What was decoded there has counted on.
                words = unsafe core.pointee.words
            }
            if depth < ThreatState.depthLimit, Self.hasFullBlock(classes.runs) {
                unsafe core.pointee.words = words
                lookForRuns(at, classes.runs)
                words = unsafe core.pointee.words
            }
            at += 64
        }
        unsafe core.pointee.words = words
    }

    @inline(__always) private static func hasFullBlock(_ runs: UInt64) -> Bool {
        runs & 0xffff == 0xffff || runs >> 16 & 0xffff == 0xffff || runs >> 32 & 0xffff == 0xffff
            || runs >> 48 == 0xffff
    }

    /// The classes of the last bytes, with nothing behind them.
    private func tail(_ at: Int) -> ab_byte_classes {
        let length = min(64, count - at)
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 80) { copy in
            unsafe copy.initialize(repeating: UInt8(ascii: " "))
            for index in 0..<min(80, count - at) { unsafe copy[index] = text[at + index] }
            var classes = unsafe ab_classify(copy.baseAddress!)
            if length < 64 {
                let mask: UInt64 = (1 << UInt64(length)) - 1
                classes.words &= mask
                classes.wide &= mask
                classes.special &= mask
                classes.runs &= mask
            }
            return classes
        }
    }

    private func lastFour(_ place: Int) -> UInt32 {
        UInt32(byte(place)) | UInt32(byte(place + 1)) << 8 | UInt32(byte(place + 2)) << 16 | UInt32(byte(place + 3))
            << 24
    }

    func add(_ rule: Int, _ from: Int, _ to: Int) {
        unsafe core.pointee.findings.add(rule, max(0, from)..<min(count, max(from, to)))
    }

    // MARK: - Words

    private mutating func startWord(_ place: Int, _ key: UInt32, _ number: Int32) {
        guard let run = vocabulary.run(key) else { return }
        for index in run.first..<run.first &+ run.count {
            // The run's indices are those of entries.
            let entry = unsafe vocabulary.entries + Int(vocabulary.order[Int(index)])
            let fifth = unsafe entry.pointee.fifth
            if fifth != 0, lowered(byte(place + 4)) != fifth { continue }
            guard let end = unsafe end(of: entry, at: place) else { continue }
            switch unsafe entry.pointee.kind {
            case .word(let first, let count): advance(Int(first), Int(count), place, end, number)
            case .text(let rule): unsafe add(Int(rule), place - Int(entry.pointee.before), end)
            case .url: takeURL(place, end)
            case .token(let shape): takeToken(place, Int(shape))
            case .webToken: takeWebToken(place)
            case .privateKey: takePrivateKey(place)
            }
        }
    }

    /// Where the pattern that was met at `place` ends, if all of it stands there.
    @inline(__always)
    private func end(of entry: UnsafePointer<ThreatVocabulary.Entry>, at place: Int) -> Int? {
        // All indices are within the entry's own bytes of the pool.
        let pool = unsafe vocabulary.pool + Int(entry.pointee.first)
        let before = unsafe Int(entry.pointee.before), length = unsafe Int(entry.pointee.count)
        for offset in 0..<before {
            let wanted = unsafe pool[offset]
            let found = byte(place - before + offset)
            guard wanted == 0x20 ? ThreatVocabulary.isLoose(found) : lowered(found) == wanted else { return nil }
        }
        let known = unsafe Int(entry.pointee.known)
        var at = place + known, offset = before + known
        while offset < length {
            let wanted = unsafe pool[offset]
            offset += 1
            if wanted != 0x20 {
                guard at < count, lowered(byte(at)) == wanted else { return nil }
                at += 1
                continue
            }
            guard ThreatVocabulary.isLoose(byte(at)) else { return nil }
            at += 1
            let next = offset < length ? unsafe pool[offset] : 0
            var more = 0
            while more < 3, next != 0, byte(at) != next, ThreatVocabulary.isLoose(byte(at)) {
                at += 1
                more += 1
            }
        }
        let isOpen = unsafe entry.pointee.isOpen, last = unsafe pool[length - 1]
        if !isOpen, ThreatVocabulary.isWord(last), ThreatVocabulary.isWord(byte(at)), byte(at - 1) < 0x80 {
            return nil
        }
        return at
    }

    /// A word of phrases: each phrase that waits for it goes on.
    @inline(__always)
    private func advance(_ first: Int, _ count: Int, _ place: Int, _ end: Int, _ number: Int32) {
        for index in first..<first + count {
            // The word's own steps; each has a place in the scan's state.
            let step = unsafe vocabulary.steps + index
            let reached = unsafe core.pointee.reached + Int(step.pointee.state)
            var start = Int32(truncatingIfNeeded: place)
            if unsafe !step.pointee.isFirst {
                // Words between: none when they are neighbours.
                guard unsafe number &- reached[-1].word &- 1 <= Int32(step.pointee.gap) else { continue }
                start = unsafe reached[-1].start
            }
            if unsafe step.pointee.isLast { unsafe add(Int(step.pointee.rule), Int(start), endOfWord(end)) }
            unsafe reached.pointee = ThreatCore.Reached(word: number, start: start)
        }
    }

    /// Where the word ends that a pattern ends in.
    private func endOfWord(_ end: Int) -> Int {
        var at = end
        while at < end + 16, ThreatVocabulary.isWord(byte(at)) { at += 1 }
        return at
    }

    // MARK: - Secrets

    private mutating func takeToken(_ place: Int, _ number: Int) {
        // The number is that of a shape.
        let shape = unsafe vocabulary.shapes + number
        // One token may look like many that begin within it.
        guard place >= tokenEnd else { return }
        let mask: UInt32 = unsafe shape.pointee.length == 3 ? 0xff_ffff : .max
        guard unsafe lastFour(place) & mask == shape.pointee.start else { return }
        let start = unsafe place + shape.pointee.length
        let minimum = unsafe shape.pointee.minimum, alphabet = unsafe shape.pointee.alphabet
        var end = start
        while end < start + minimum, alphabet.contains(byte(end)) { end += 1 }
        tokenEnd = end
        if end == start + minimum { add(unsafe rules.pointee.token, place, start) }
    }

    /// `eyJ….eyJ….`: no further than tokens are long.
    private func takeWebToken(_ place: Int) {
        guard byte(place) == UInt8(ascii: "e"), byte(place + 1) == UInt8(ascii: "y"),
            byte(place + 2) == UInt8(ascii: "J")
        else {
            return
        }
        var end = place
        while end < place + 512, TokenAlphabet.base64URL.contains(byte(end)) { end += 1 }
        if end - place >= 12, byte(end) == UInt8(ascii: "."), byte(end + 1) == UInt8(ascii: "e"),
            byte(end + 2) == UInt8(ascii: "y")
        {
            add(unsafe rules.pointee.webToken, place, place + 3)
        }
    }

    private func takePrivateKey(_ place: Int) {
        // `-----BEGIN RSA PRIVATE KEY-----`
        var at = place + 5
        while at < place + 32, byte(at) != UInt8(ascii: "-"), byte(at) != 0 {
            if matches("PRIVATE KEY", at) { return add(unsafe rules.pointee.privateKey, place - 5, at + 11) }
            at += 1
        }
    }

    func matches(_ word: StaticString, _ place: Int) -> Bool {
        guard place >= 0, place + word.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<word.utf8CodeUnitCount {
            // Within the string's bytes.
            if unsafe lowered(text[place + offset]) != lowered(word.utf8Start[offset]) { return false }
        }
        return true
    }
}
