import Glibc
import LinuxSystem
import SystemPackage

/// What stands at the end of a journal: the line to continue from, and what follows it.
struct JournalTail: Hashable, Sendable {
    /// The last intact event.
    var link = ChainLink.start
    /// Bytes after it that are no intact line.
    var remainder: [UInt8] = []
    /// The last byte is no newline.
    var isUnfinished = false

    /// Whether the remainder is a line that was never finished, as a crash leaves it.
    var isTorn: Bool { isUnfinished && !remainder.contains(0x0a) }

    /// - Parameters:
    ///   - bytes: The end of the file.
    ///   - isWhole: They are all of the file, so a tail without any line is a beginning.
    /// - Returns: `nil` when there is no intact line to continue from.
    init?(_ bytes: [UInt8], isWhole: Bool) {
        isUnfinished = bytes.last.map { $0 != 0x0a } ?? false
        // A finished line before the first newline may begin outside of `bytes`.
        var end = bytes.count
        while end > 0 {
            let lineEnd = bytes[end - 1] == 0x0a ? end - 1 : end
            let newline = bytes[..<lineEnd].lastIndex(of: 0x0a)
            let start = newline.map { $0 + 1 } ?? 0
            if newline != nil || isWhole, let line = CheckedLine(bytes[start..<lineEnd]), line.isIntact {
                link = line.link
                remainder = Array(bytes[end...])
                return
            }
            end = start
        }
        // Of a journal whose first line was never finished there is its beginning. Another file is not ours to write to.
        let beginning = #"{"seq":"#.utf8
        guard isWhole, bytes.starts(with: beginning) || beginning.starts(with: bytes) else { return nil }
        remainder = bytes
    }

    /// Reads no more than 64 KiB from the end, however long the journal is.
    /// - Parameter size: The file's size in bytes.
    static func read(_ file: borrowing OwnedDescriptor, size: Int, path: FilePath) throws(AuditError) -> JournalTail {
        for window in [EventLine.limit + 1, 65_536] {
            let start = max(size - window, 0)
            let bytes = try readBytes(file, from: start, count: size - start, path: path)
            if let tail = JournalTail(bytes, isWhole: start == 0) { return tail }
        }
        throw .damaged(path)
    }
}

/// pread(2) until `count` bytes or the file's end have come.
func readBytes(
    _ file: borrowing OwnedDescriptor, from start: Int, count: Int, path: FilePath
) throws(AuditError) -> [UInt8] {
    let number = file.rawValue
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
        let from = done
        let got: Int
        do {
            // Never past the array's end: it has `count` bytes, and `from` is below that.
            got = try syscall("read", path) {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(number, $0.baseAddress! + from, count - from, off_t(start + from))
                }
            }
        } catch { throw .system(error) }
        if got == 0 { break }
        done += got
    }
    bytes.removeLast(count - done)
    return bytes
}
