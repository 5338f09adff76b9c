import SecretText

/// Text in another spelling: base64, hexadecimal digits, escapes. What decodes to text is scanned as text.
extension ThreatPass {
    /// Runs long enough to hold a few words of base64.
    private static let shortestRun = 24

    /// - Parameter runs: Which of the 64 bytes may be part of a run. One of 31 fills an aligned block of 16.
    mutating func lookForRuns(_ at: Int, _ runs: UInt64) {
        if runs == 0 { return }
        for block in 0..<4 where (runs >> UInt64(16 * block)) & 0xffff == 0xffff {
            let place = at + 16 * block
            guard place >= runEnd else { continue }
            var from = place, to = place
            while from > runEnd, sextet(from - 1) < 64 { from -= 1 }
            while to < count, sextet(to) < 64 { to += 1 }
            runEnd = max(to, place + 1)
            if to - from >= Self.shortestRun { takeRun(from, to) }
        }
    }

    /// What the character stands for in base64, or 64.
    @inline(__always) private func sextet(_ at: Int) -> UInt8 {
        // A byte is below the table's size.
        unsafe vocabulary.sextets[Int(byte(at))]
    }

    private mutating func takeRun(_ from: Int, _ end: Int) {
        var to = end
        while to > from, byte(to - 1) == UInt8(ascii: "=") { to -= 1 }
        if takeHexadecimal(from, to) { return }
        // The run may have a word in front: then it is another of the four alignments that fits.
        for start in from..<min(from + (to - from <= 4_096 ? 4 : 1), to) {
            // Every sixth group of four: a stretch that is long enough has one of those.
            var group = start + 20
            while group + 4 <= to {
                guard isTextGroup(group) else {
                    group += 24
                    continue
                }
                var first = group, last = group + 4
                while first - 4 >= max(start, group - 20), isTextGroup(first - 4) { first -= 4 }
                while last + 4 <= to, isTextGroup(last) { last += 4 }
                // What is left over at the run's end is text too, for want of a fourth character.
                if takeBase64(first, to - last >= 4 ? last : to - last == 1 ? last : to) { return }
                group = last + 20
            }
        }
    }

    /// Whether four characters stand for three bytes below 0x80.
    @inline(__always) private func isTextGroup(_ at: Int) -> Bool {
        let first = sextet(at), second = sextet(at + 1), third = sextet(at + 2)
        return first & 0x20 | second & 0x08 | third & 0x02 == 0
    }

    /// - Returns: Whether it was text.
    private mutating func takeBase64(_ from: Int, _ to: Int) -> Bool {
        guard to - from >= Self.shortestRun else { return false }
        var bytes: [UInt8] = []
        bytes.reserveCapacity((to - from) * 3 / 4)
        var held: UInt32 = 0, bits = 0
        for at in from..<to {
            held = held << 6 | UInt32(sextet(at))
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> UInt32(bits)))
            }
        }
        return scanDecoded(bytes, from..<to, "base64")
    }

    private mutating func takeHexadecimal(_ from: Int, _ to: Int) -> Bool {
        guard to - from >= 32 else { return false }
        var bytes: [UInt8] = []
        var at = from
        while at + 2 <= to, let high = hex(byte(at)), let low = hex(byte(at + 1)) {
            // The first that is no text ends it: digests are decoded no further.
            guard high < 8 else { return false }
            bytes.append(high << 4 | low)
            at += 2
        }
        guard at - from >= 32, at >= to - 1 else { return false }
        return scanDecoded(bytes, from..<to, "hex")
    }

    /// `%69%67`, `\x69`, `\u0069`, `&#105;`: six of them, close together.
    mutating func takeEscapes(_ place: Int) {
        guard depth < ThreatState.depthLimit, place >= escapesEnd else { return }
        // Most stand alone.
        guard let (_, second) = escape(place), [0, 1, 2, 3].contains(where: { escape(second + $0) != nil }) else {
            return
        }
        var bytes: [UInt8] = []
        var at = place, escapes = 0, plain = 0, end = place
        while at < count {
            if let (value, next) = escape(at) {
                if value.isASCII { bytes.append(UInt8(value.value)) } else { bytes += UTF8.encode(value)! }
                escapes += 1
                plain = 0
                at = next
                end = next
            } else {
                plain += 1
                guard plain <= 3 else { break }
                bytes.append(byte(at))
                at += 1
            }
        }
        escapesEnd = end
        guard escapes >= 6, escapes * 2 >= bytes.count - plain else { return }
        _ = scanDecoded(Array(bytes.dropLast(plain)), place..<end, "escapes")
    }

    private func escape(_ at: Int) -> (Unicode.Scalar, Int)? {
        switch byte(at) {
        case UInt8(ascii: "%"):
            guard let high = hex(byte(at + 1)), let low = hex(byte(at + 2)), high < 8 else { return nil }
            return (Unicode.Scalar(high << 4 | low), at + 3)
        case UInt8(ascii: "\\"):
            let digits: Int
            switch byte(at + 1) {
            case UInt8(ascii: "x"): digits = 2
            case UInt8(ascii: "u"): digits = 4
            default: return nil
            }
            var value: UInt32 = 0
            for offset in 0..<digits {
                guard let digit = hex(byte(at + 2 + offset)) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            return Unicode.Scalar(value).map { ($0, at + 2 + digits) }
        case UInt8(ascii: "&"):
            guard byte(at + 1) == UInt8(ascii: "#") else { return nil }
            let isHex = byte(at + 2) | 0x20 == UInt8(ascii: "x")
            var next = at + (isHex ? 3 : 2), value: UInt32 = 0
            let start = next
            while next < start + 7, let digit = hex(byte(next)), isHex || digit < 10 {
                value = value * (isHex ? 16 : 10) + UInt32(digit)
                next += 1
            }
            guard next > start, let scalar = Unicode.Scalar(value) else { return nil }
            return (scalar, byte(next) == UInt8(ascii: ";") ? next + 1 : next)
        default: return nil
        }
    }

    /// Scans what was decoded, when it reads as text.
    /// - Returns: Whether it did.
    private mutating func scanDecoded(_ bytes: [UInt8], _ outer: Range<Int>, _ encoding: String) -> Bool {
        var bytes = bytes
        // UTF-16, as PowerShell takes it.
        if bytes.count >= 8, bytes[1] == 0, bytes[3] == 0, bytes[5] == 0 { bytes.removeAll { $0 == 0 } }
        let odd = bytes.count { $0 < 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 || $0 == 0x7f }
        let letters = bytes.count { ThreatVocabulary.isWord($0) || $0 == 0x20 }
        guard bytes.count >= 6, odd == 0, letters * 2 >= bytes.count else { return false }
        unsafe core.pointee.decoded += bytes.count
        guard unsafe core.pointee.decoded <= ThreatState.decodedLimit else {
            unsafe add(rules.pointee.unread, outer.lowerBound, outer.upperBound)
            return true
        }
        let before = unsafe (total: core.pointee.findings.total, kept: core.pointee.findings.kept.count)
        // The array outlives the pass.
        unsafe bytes.withUnsafeBufferPointer { inner in
            unsafe ThreatScan.scan(inner, core, depth: depth + 1)
            for index in unsafe before.kept..<core.pointee.findings.kept.count {
                let found = unsafe core.pointee.findings.kept[index]
                if found.excerpt == nil {
                    unsafe core.pointee.findings.kept[index].excerpt = ThreatScan.excerpt(
                        inner, found.range, rule: found.rule)
                    unsafe core.pointee.findings.kept[index].encoding = encoding
                }
                unsafe core.pointee.findings.kept[index].range = outer
            }
        }
        if unsafe core.pointee.findings.total > before.total {
            unsafe add(rules.pointee.decoded, outer.lowerBound, outer.upperBound)
        }
        return true
    }
}
