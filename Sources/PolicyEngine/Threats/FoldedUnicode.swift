/// Text as it reads: without what cannot be seen, and with ASCII letters in the place of those that look like them. On the way it
/// finds what is hidden. One pass, and never longer than the text.
@safe struct FoldedUnicode {
    private let input: UnsafeBufferPointer<UInt8>
    private let twoBytes: UnsafePointer<LookAlikes.Fold>
    /// None for patterns, whose tables are not there yet: then nobody looks at what is found.
    private let rules: UnsafePointer<BuiltRules>?
    /// The end of the last invisible, styled, tag, selector or mark character, and how many came in a row.
    private var invisible = Row(), styled = Row(), tags = Row(), selectors = Row(), marks = Row(), flag = Row()
    private var lookAlikes = 0, firstLookAlike = 0, otherCyrillic = 0

    private struct Row {
        var end = -1
        var count = 0
        mutating func add(_ from: Int, _ to: Int) -> Int {
            count = from == end ? count + 1 : 1
            end = to
            return count
        }
    }

    init(_ input: UnsafeBufferPointer<UInt8>, _ vocabulary: ThreatVocabulary) {
        unsafe self.input = input
        unsafe twoBytes = vocabulary.twoBytes
        unsafe rules = vocabulary.rules
    }

    /// For patterns.
    private init(_ input: UnsafeBufferPointer<UInt8>, _ table: UnsafePointer<LookAlikes.Fold>) {
        unsafe self.input = input
        unsafe twoBytes = table
        unsafe rules = nil
    }

    static func fold(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: bytes.count + 16)
        // All buffers outlive the call, and the output has the room that `run` asks for.
        let count = unsafe LookAlikes.twoBytes.withUnsafeBufferPointer { table in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    var folded = unsafe FoldedUnicode(input, table.baseAddress!)
                    var none = ThreatFindings(ruleCount: 0)
                    return unsafe folded.run(into: output, upTo: [], &none).count
                }
            }
        }
        return Array(output.prefix(count))
    }

    /// - Parameters:
    ///   - output: 16 bytes longer than the input.
    ///   - places: Ascending offsets of the output; their offsets in the input are in the answer.
    mutating func run(
        into output: UnsafeMutableBufferPointer<UInt8>, upTo places: [Int], _ findings: inout ThreatFindings
    ) -> (count: Int, places: [Int]) {
        var at = 0, end = 0, next = 0
        var found: [Int] = []
        let count = unsafe input.count
        do {
            scan: while at < count {
                while next < places.count, end >= places[next] {
                    found.append(max(0, at - (end - places[next])))
                    next += 1
                }
                if !places.isEmpty, next == places.count { break scan }
                let first = unsafe input[at]
                if first < 0x80 {
                    // Eight at a time; what is written beyond the ASCII ones is written over.
                    if at + 8 <= count {
                        let source = unsafe UnsafeRawPointer(input.baseAddress! + at)
                        let eight = unsafe source.loadUnaligned(as: UInt64.self)
                        unsafe UnsafeMutableRawPointer(output.baseAddress! + end).storeBytes(of: eight, as: UInt64.self)
                        let plain = (eight & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
                        at += plain
                        end += plain
                    } else {
                        unsafe output[end] = first
                        at += 1
                        end += 1
                    }
                    continue
                }
                if first < 0xe0, at + 2 <= count {
                    let second = unsafe input[at + 1]
                    let number = (Int(first & 0x1f) << 6 | Int(second & 0x3f)) - 0x80
                    let fold = number >= 0 ? unsafe twoBytes[number] : .init()
                    if fold.kind == .plain || fold.kind == .cyrillic {
                        if fold.letter != 0 {
                            unsafe output[end] = fold.letter
                            end += 1
                        } else {
                            var scalar = UInt32(number + 0x80)
                            if fold.kind == .cyrillic {
                                otherCyrillic += 1
                                if scalar < 0x430 { scalar += scalar < 0x410 ? 0x50 : 0x20 }
                            }
                            unsafe output[end] = UInt8(0xc0 | scalar >> 6)
                            unsafe output[end + 1] = UInt8(0x80 | scalar & 0x3f)
                            end += 2
                        }
                    } else {
                        unsafe take(fold, UInt32(number + 0x80), at, 2, output, &end, &findings)
                    }
                    at += 2
                } else if first < 0xf0, at + 3 <= count {
                    let second = unsafe input[at + 1], third = unsafe input[at + 2]
                    let scalar = UInt32(first & 0xf) << 12 | UInt32(second & 0x3f) << 6 | UInt32(third & 0x3f)
                    if scalar > 0x3000, scalar < 0xe000, scalar != 0x3164 {
                        unsafe output[end] = first
                        unsafe output[end + 1] = second
                        unsafe output[end + 2] = third
                        end += 3
                    } else {
                        let fold =
                            scalar == 0x3000
                            ? .init(letter: 0x20)
                            : scalar == 0x3164
                                ? .init(kind: .invisible) : LookAlikes.threeBytes(scalar)
                        unsafe take(fold, scalar, at, 3, output, &end, &findings)
                    }
                    at += 3
                } else if first >= 0xf0, at + 4 <= count {
                    let scalar =
                        unsafe UInt32(first & 7) << 18 | UInt32(input[at + 1] & 0x3f) << 12
                        | UInt32(input[at + 2] & 0x3f) << 6 | UInt32(input[at + 3] & 0x3f)
                    unsafe take(LookAlikes.fourBytes(scalar), scalar, at, 4, output, &end, &findings)
                    at += 4
                } else {
                    // Cut off in the middle of a character.
                    unsafe output[end] = 0x20
                    at += 1
                    end += 1
                }
            }
        }
        while next < places.count {
            found.append(min(count, at))
            next += 1
        }
        if places.isEmpty, lookAlikes >= 3, otherCyrillic == 0 {
            add(\.lookalikeWord, &findings, firstLookAlike..<min(count, firstLookAlike + 2))
        }
        return (end, found)
    }

    /// One character that is not just copied.
    private mutating func take(
        _ fold: LookAlikes.Fold, _ scalar: UInt32, _ at: Int, _ length: Int,
        _ output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int, _ findings: inout ThreatFindings
    ) {
        let range = at..<at + length
        switch fold.kind {
        case .mark:
            if marks.add(at, range.upperBound) == 4 { add(\.stackedMarks, &findings, range) }
            return
        case .invisible:
            takeInvisible(scalar, range, &findings)
            return
        case .lookAlike:
            if scalar < 0x800 {
                if lookAlikes == 0 { firstLookAlike = at }
                if (0x400...0x52f).contains(scalar) { lookAlikes += 1 }
                let before = isASCIILetter(at - 1), after = isASCIILetter(at + length)
                if before && (after || isASCIILetter(at - 2)) || after && isASCIILetter(at + length + 1) {
                    add(\.mixedScript, &findings, range)
                }
            } else if styled.add(at, range.upperBound) == 4 {
                add(\.styledLetters, &findings, range)
            }
        case .plain, .cyrillic: break
        }
        if scalar >= 0xe0000, scalar <= 0xe01ef {
            unsafe takeHiddenByte(scalar, range, output, &end, &findings)
            return
        }
        if tags.end == at || selectors.end == at {
            // What was hidden ends here, as a word.
            unsafe output[end] = 0x20
            end += 1
        }
        if fold.letter != 0 {
            unsafe output[end] = fold.letter
            end += 1
        } else {
            if scalar == 0x1f3f4 { flag = Row(end: range.upperBound, count: 0) }
            for index in range {
                unsafe output[end] = input[index]
                end += 1
            }
        }
    }

    private mutating func takeInvisible(_ scalar: UInt32, _ range: Range<Int>, _ findings: inout ThreatFindings) {
        let at = range.lowerBound
        switch scalar {
        case 0x202d, 0x202e: add(\.override, &findings, range)
        case 0x202a...0x202c, 0x2066...0x2069: add(\.embedding, &findings, range)
        case 0xfe00...0xfe0f:
            if selectors.add(at, range.upperBound) == 3 { add(\.selectors, &findings, range) }
        case 0x200e, 0x200f, 0x61c: break
        default:
            let count = invisible.add(at, range.upperBound)
            if count == 4 { add(\.zeroWidthRun, &findings, range) }
            if isASCIILetter(at - 1) || count > 1, isASCIILetter(range.upperBound) {
                add(\.zeroWidthInWord, &findings, range)
            } else if scalar != 0x200c, scalar != 0x200d, !(scalar == 0xfeff && at == 0) {
                add(\.zeroWidth, &findings, range)
            }
        }
    }

    /// A tag or a selector of the supplement: what it stands for is read as text.
    private mutating func takeHiddenByte(
        _ scalar: UInt32, _ range: Range<Int>, _ output: UnsafeMutableBufferPointer<UInt8>, _ end: inout Int,
        _ findings: inout ThreatFindings
    ) {
        let at = range.lowerBound
        let byte: UInt32
        let count: Int
        if scalar < 0xe0080 {
            // The flags of England, Scotland, Wales and the like.
            if flag.end == at, flag.count < 7 {
                flag = Row(end: range.upperBound, count: flag.count + 1)
                return
            }
            add(\.tags, &findings, range)
            count = tags.add(at, range.upperBound)
            byte = scalar - 0xe0000
        } else {
            guard scalar >= 0xe0100 else { return }
            count = selectors.add(at, range.upperBound)
            if count == 2 { add(\.selectors, &findings, range) }
            byte = scalar - 0xe0100 + 16
        }
        if count == 1 {
            unsafe output[end] = 0x20
            end += 1
        }
        if (0x20..<0x7f).contains(byte) {
            unsafe output[end] = UInt8(byte)
            end += 1
        }
    }

    @inline(__always)
    private func add(_ rule: KeyPath<BuiltRules, Int>, _ findings: inout ThreatFindings, _ range: Range<Int>) {
        if let rules = unsafe rules { unsafe findings.add(rules.pointee[keyPath: rule], range) }
    }

    @inline(__always) private func isASCIILetter(_ index: Int) -> Bool {
        guard unsafe index >= 0 && index < input.count else { return false }
        return unsafe (input[index] | 0x20) &- 0x61 < 26
    }
}
