import Glibc
import LinuxSystem
import SystemPackage

/// A copy of what was appended to a journal last, in `NAME.head` behind the head itself: the byte at place p of the journal stands at p modulo
/// ``capacity``. That file does not grow, so a disk confirms a line there in a third to two thirds of the time that it takes for the
/// journal, whose new size has to go through the file system's own. What a loss of power takes from the journal's end, the next writer puts back from here.
enum JournalRing {
    /// Where it begins in the file: on a page of its own, for the head is written without waiting.
    static let start = 4_096
    /// Bytes.
    static let capacity = 256 << 10

    /// Whether `head` has one, or has it now: of line breaks that the disk has, for a block that was never written changes the file once more.
    /// - Parameter head: Under the journal's lock.
    static func isMade(in head: borrowing OwnedDescriptor, path: FilePath) throws(AuditError) -> Bool {
        let number = head.rawValue, end = start + capacity
        if try fileStatus(head, path).size >= end { return true }
        let blank = [UInt8](repeating: 0x0a, count: end - JournalHead.length)
        // The array outlives the call.
        let written = unsafe blank.withUnsafeBytes {
            unsafe pwrite(number, $0.baseAddress, $0.count, off_t(JournalHead.length))
        }
        return written == blank.count && fsync(number) == 0
    }

    /// The places of a piece of the journal, which is no longer than the ring, in the head file.
    static func pieces(of range: Range<Int>) -> [(journal: Range<Int>, file: Int)] {
        let turn = (range.lowerBound / capacity + 1) * capacity
        return [range.lowerBound..<min(turn, range.upperBound), min(turn, range.upperBound)..<range.upperBound]
            .filter { !$0.isEmpty }.map { ($0, start + $0.lowerBound % capacity) }
    }

    /// The lines that the ring has of the journal from a place on, if they continue `link`.
    /// - Returns: Whole and intact lines, each with its newline, and the link of the last one; `nil` when there is none.
    private static func lines(
        after link: ChainLink, at place: Int, in head: borrowing OwnedDescriptor, path: FilePath
    ) throws(AuditError) -> (bytes: [UInt8], last: ChainLink)? {
        var beginning = EventLine.seqStart
        beginning.append(decimal: link.seq + 1)
        beginning.append(UInt8(ascii: ","))
        // Nearly always that tells that there is nothing.
        let first = try read(place..<(place + beginning.count), in: head, path: path)
        guard first == beginning else { return nil }
        let bytes = try read(place..<(place + capacity), in: head, path: path)
        var last = link, end = 0
        while let newline = bytes[end...].firstIndex(of: 0x0a), let line = CheckedLine(bytes[end..<newline]),
            line.isIntact,
            line.seq == last.seq + 1, line.prev == last.hash
        {
            last = line.link
            end = newline + 1
        }
        return end == 0 ? nil : (Array(bytes[..<end]), last)
    }

    /// What the ring has and a journal lacks.
    struct Missing: Hashable, Sendable {
        /// What belongs at `place` of the journal, and to its end.
        var bytes: [UInt8]
        var place: Int
        /// Of the last line.
        var link: ChainLink
    }

    /// What a journal of `size` bytes lacks, where what stands behind its last intact line is the beginning of it. There may be zeros instead of
    /// the rest: a file system may know of a write before its bytes are there.
    static func missing(
        behind tail: JournalTail, size: Int, in head: borrowing OwnedDescriptor, path: FilePath
    ) throws(AuditError) -> Missing? {
        // A journal that is begun anew is begun anew.
        guard tail.link.seq > 0 else { return nil }
        // The last line may have lost its newline alone.
        let lacksBreak = tail.isUnfinished && tail.remainder.isEmpty
        let end = size - tail.remainder.count
        guard let lost = try lines(after: tail.link, at: end + (lacksBreak ? 1 : 0), in: head, path: path) else {
            return nil
        }
        let written = tail.remainder.prefix { $0 != 0 }
        guard lost.bytes.starts(with: written), tail.remainder[written.endIndex...].allSatisfy({ $0 == 0 }) else {
            return nil
        }
        let bytes = (lacksBreak ? [0x0a] : []) + lost.bytes[written.count...]
        return Missing(bytes: bytes, place: end + written.count, link: lost.last)
    }

    private static func read(
        _ range: Range<Int>, in head: borrowing OwnedDescriptor, path: FilePath
    ) throws(AuditError) -> [UInt8] {
        var bytes: [UInt8] = []
        for (piece, place) in pieces(of: range) {
            bytes += try readBytes(head, from: place, count: piece.count, path: path)
        }
        return bytes
    }
}
