import SecretText
public import StrictJSON

/// Looks for signs of attacks in what goes to a tool, what comes from one, and what a tool says of itself. Time grows with the length
/// of the text alone, whatever the text.
public struct ThreatScanner: Sendable {
    /// So many places are kept; what is beyond them is counted.
    public static let hitLimit = ThreatFindings.most

    public init() {}

    /// - Parameters:
    ///   - text: UTF-8, not escaped. Other bytes do no harm.
    ///   - path: Where the text stands, for the hits.
    public func scan(_ text: UnsafeBufferPointer<UInt8>, path: String = "") -> ThreatReport {
        var scan = ThreatScan()
        unsafe scan.add(text, path: path)
        return scan.report
    }

    public func scan(_ text: String, path: String = "") -> ThreatReport {
        var scan = ThreatScan()
        scan.add(text, path: path)
        return scan.report
    }

    /// Every text in a value, keys too.
    public func scan(_ element: JSONElement, path: String = "arguments") -> ThreatReport {
        var scan = ThreatScan()
        scan.add(element, path: path)
        return scan.report
    }
}

/// A report that grows text by text: for a caller that has the pieces of a call or a result one by one.
public struct ThreatScan {
    private let state = ThreatState()
    private var hits: [ThreatHit] = []

    public init() {}

    /// What was found so far.
    public var report: ThreatReport {
        var report = ThreatReport()
        report.hits = hits
        for (number, count) in state.findings.counts.enumerated() where count > 0 {
            report.counts[ThreatRule.all[number].id] = Int(count)
            report.score += ThreatRule.all[number].weight
        }
        return report
    }

    // MARK: - Texts

    public mutating func add(_ text: UnsafeBufferPointer<UInt8>, path: @autoclosure () -> String) {
        if text.count < 2 { return }
        unsafe Self.scan(text, state.core, depth: 0)
        if unsafe state.core.pointee.findings.kept.isEmpty { return }
        let path = path()
        for found in unsafe state.core.pointee.findings.takeKept() {
            let rule = ThreatRule.all[found.rule]
            hits.append(
                ThreatHit(
                    rule: rule.id, category: rule.category, weight: rule.weight, meaning: rule.meaning, path: path,
                    range: found.range,
                    excerpt: unsafe found.excerpt ?? Self.excerpt(text, found.range, rule: found.rule),
                    encoding: found.encoding))
        }
    }

    public mutating func add(_ text: String, path: @autoclosure () -> String) {
        var text = text
        // The buffer is the text's own, for as long as the closure runs.
        text.withUTF8 { unsafe add($0, path: path()) }
    }

    public mutating func add(_ element: JSONElement, path: String) {
        var place = Place(start: path)
        add(element, &place)
    }

    /// Where a text stands in a value. Made a text only for what is found there.
    private struct Place {
        enum Step {
            case key(JSONElement)
            case index(Int)
        }
        let start: String
        var steps: [Step] = []

        var text: String {
            let names = steps.map { step in
                switch step {
                case .key(let key): key.string ?? ""
                case .index(let number): String(number)
                }
            }
            // A key may be as long as a message.
            return ([start] + names).map { visible($0, limit: 64) }.joined(separator: ".")
        }
    }

    private mutating func add(_ element: JSONElement, _ place: inout Place) {
        switch element.kind {
        case .string:
            // The buffer is the message's own, for as long as the closure runs.
            unsafe element.withStringBytes { unsafe add($0, path: place.text) }
        case .array:
            let depth = place.steps.count
            place.steps.append(.index(0))
            var number = 0
            element.forEachElement { child in
                place.steps[depth] = .index(number)
                add(child, &place)
                number += 1
            }
            place.steps.removeLast()
        case .object:
            element.forEachMember { key, child in
                place.steps.append(.key(key))
                // As above.
                unsafe key.withStringBytes { unsafe add($0, path: place.text + " (key)") }
                add(child, &place)
                place.steps.removeLast()
            }
        case .null, .bool, .number: break
        }
    }

    // MARK: - One text

    /// Finds what is in the text; the places are bytes of it.
    static func scan(_ text: UnsafeBufferPointer<UInt8>, _ core: UnsafeMutablePointer<ThreatCore>, depth: Int) {
        guard text.count >= 2 else { return }
        if unsafe isASCII(text) {
            var pass = unsafe ThreatPass(text, core, depth: depth)
            return pass.run()
        }
        // All that is written lies within the room that `run` asks for; the buffer lives for the closure.
        let room = text.count + 16
        let folded = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: room)
        defer { unsafe folded.deallocate() }
        var fold = unsafe FoldedUnicode(text, core.pointee.vocabulary)
        let (count, _) = unsafe fold.run(into: folded, upTo: [], &core.pointee.findings)
        let kept = unsafe core.pointee.findings.kept.count
        var pass = unsafe ThreatPass(UnsafeBufferPointer(rebasing: folded[..<count]), core, depth: depth)
        pass.run()
        guard unsafe core.pointee.findings.kept.count > kept else { return }
        // Back to places in the text as it came: fold again, up to the last of them.
        let places = unsafe Set(
            core.pointee.findings.kept[kept...].flatMap { [$0.range.lowerBound, $0.range.upperBound] }
        )
        .sorted()
        var again = unsafe FoldedUnicode(text, core.pointee.vocabulary)
        var none = ThreatFindings(ruleCount: 0)
        let (_, offsets) = unsafe again.run(into: folded, upTo: places, &none)
        let table = Dictionary(uniqueKeysWithValues: zip(places, offsets))
        for index in unsafe kept..<core.pointee.findings.kept.count {
            let range = unsafe core.pointee.findings.kept[index].range
            let from = table[range.lowerBound] ?? 0
            unsafe core.pointee.findings.kept[index].range = from..<max(from, table[range.upperBound] ?? from)
        }
    }

    private static func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        let count = text.count
        guard let base = text.baseAddress else { return true }
        let bytes = unsafe UnsafeRawPointer(base)
        // All loads end within the text.
        while at + 32 <= count {
            let all =
                unsafe bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                | bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
                | bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self)
                | bytes.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self)
            if all & 0x8080_8080_8080_8080 != 0 { return false }
            at += 32
        }
        while at < count {
            if unsafe text[at] >= 0x80 { return false }
            at += 1
        }
        return true
    }

    // MARK: - Excerpts

    /// Only the place itself: what stands round it may be a secret that is known by what stands before that.
    static func excerpt(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, rule: Int) -> String {
        let category = ThreatRule.all[rule].id
        let from = min(range.lowerBound, text.count), to = min(range.upperBound, text.count, from + 160)
        let piece = unsafe String(decoding: text[from..<max(from, to)], as: UTF8.self)
        if category == "se.token" || category == "se.web-token" { return visible(piece, limit: 12) + "…" }
        return visible(SecretRemoval.remove(from: piece) ?? piece, limit: 96)
    }

    /// Without what cannot be seen.
    private static func visible(_ text: String, limit: Int) -> String {
        var out = "", count = 0
        for scalar in text.unicodeScalars {
            if count >= limit { return out + "…" }
            switch scalar.value {
            case 0..<0x20, 0x7f..<0xa0, 0xad, 0x34f, 0x61c, 0x180b...0x180f, 0x200b...0x200f, 0x2028...0x202e,
                0x2060...0x206f,
                0xfe00...0xfe0f, 0xfeff, 0xfff9...0xfffd, 0xe0000...0xe01ef:
                out += "\\u{\(String(scalar.value, radix: 16))}"
                count += 8
            default:
                out.unicodeScalars.append(scalar)
                count += 1
            }
        }
        return out
    }
}
