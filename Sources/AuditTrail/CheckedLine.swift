import Glibc
import Signatures

/// What a line says of its place in the chain, and whether its own hash fits.
struct CheckedLine: Hashable, Sendable {
    var seq: UInt64
    var prev: SHA256.Digest
    /// The hash that the line states.
    var stated: SHA256.Digest
    /// The hash that its bytes have.
    var computed: SHA256.Digest
    var isIntact: Bool { stated == computed }
    var link: ChainLink { ChainLink(seq: seq, hash: stated) }

    /// - Parameter line: Without its newline.
    /// - Returns: `nil` when it does not have the form of a line.
    init?(_ line: ArraySlice<UInt8>) {
        let checked = unsafe line.withUnsafeBufferPointer { unsafe CheckedLine($0) }
        guard let checked else { return nil }
        self = checked
    }

    /// Without an allocation: a journal may have millions of lines.
    init?(_ line: UnsafeBufferPointer<UInt8>) {
        let seqStart = EventLine.seqStart.count, chain = line.count - EventLine.chainLength
        guard line.count < EventLine.limit, chain > seqStart, unsafe line.has(EventLine.seqStart, at: 0),
            unsafe line.has(EventLine.prevStart, at: chain)
        else { return nil }
        // All places are computed from the end, and the fixed length was compared with the line's.
        let prevStart = chain + EventLine.prevStart.count
        let statedStart = prevStart + 64 + EventLine.hashStart.count
        guard unsafe line.has(EventLine.hashStart, at: prevStart + 64),
            unsafe line.has(EventLine.end, at: statedStart + 64),
            // No journal gets that long, and every number has a next one.
            let seq = unsafe line.number(from: seqStart, below: chain + 1), seq <= UInt64(Int64.max),
            let prev = unsafe SHA256.Digest(
                hexDigits: UnsafeBufferPointer(rebasing: line[prevStart..<(prevStart + 64)])),
            let stated = unsafe SHA256.Digest(
                hexDigits: UnsafeBufferPointer(rebasing: line[statedStart..<(statedStart + 64)]))
        else { return nil }
        self.seq = seq
        self.prev = prev
        self.stated = stated
        var hash = SHA256()
        // With the quote that closes `prev`.
        unsafe hash.update(buffer: UnsafeBufferPointer(rebasing: line[..<(prevStart + 65)]))
        hash.update(byte: UInt8(ascii: "}"))
        computed = hash.finish()
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether `part` stands at `start`; the caller knows that the buffer is long enough.
    @inline(__always)
    func has(_ part: [UInt8], at start: Int) -> Bool {
        unsafe part.withUnsafeBufferPointer { unsafe memcmp($0.baseAddress!, baseAddress! + start, $0.count) == 0 }
    }

    /// A whole number without sign and leading zeros, which a comma ends before `limit`.
    @inline(__always)
    func number(from start: Int, below limit: Int) -> UInt64? {
        var value: UInt64 = 0, at = start
        while at < limit {
            let byte = unsafe self[at]
            guard (0x30...0x39).contains(byte) else {
                let isFirstZero = unsafe self[start] == 0x30 && at > start + 1
                return byte == UInt8(ascii: ",") && at > start && !isFirstZero ? value : nil
            }
            let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (next, isTooMuchToo) = tens.addingReportingOverflow(UInt64(byte - 0x30))
            if isTooMuch || isTooMuchToo { return nil }
            value = next
            at += 1
        }
        return nil
    }

    /// Where the next line break is, at or after `start`.
    @inline(__always)
    func newline(from start: Int) -> Int? {
        guard start < count else { return nil }
        // The rest of the buffer, which outlives the call.
        guard let found = unsafe memchr(baseAddress! + start, 0x0a, count - start) else { return nil }
        return unsafe UnsafeRawPointer(baseAddress!).distance(to: found)
    }
}
