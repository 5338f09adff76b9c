import Glibc
import LinuxSystem
public import Signatures
public import SystemPackage

/// Reads journals: line by line, with memory that does not grow with them. Launchers may go on appending meanwhile;
/// what they add after the start is not seen.
public enum AuditReader {
    /// Checks the chain of the journal at `path`, and its end when a head file stands beside it.
    /// - Parameters:
    ///   - keys: Whose signed heads are held against the journal; none: signatures are not looked at.
    ///   - mustBeSigned: Whether it is a finding when nothing is signed with them.
    ///   - known: A signed head that was kept elsewhere, and that the journal must still hold.
    /// - Throws: ``AuditError/system(_:)`` when the journal cannot be read (`noSuchFileOrDirectory`: there is none).
    public static func verify(
        _ path: FilePath, signedBy keys: [Ed25519.VerifyingKey] = [], mustBeSigned: Bool = true,
        holding known: SignedHead? = nil
    ) throws(AuditError) -> JournalReport {
        let file = try open(path)
        // Under the lock the head and the size belong together: launchers write both before they let go of it.
        let isLocked = flock(file.rawValue, LOCK_SH) == 0
        let headBytes = try readHead(path)
        let size = Int(try fileStatus(file, path).size)
        let missing = try missingEvents(file, size: size, path: path)
        let signedBytes = keys.isEmpty ? [] : try readSigned(path)
        if isLocked { _ = flock(file.rawValue, LOCK_UN) }
        let head = headBytes.flatMap(JournalHead.init(bytes:))
        let helper = size > 1 << 20 ? LineHelper() : nil
        defer { helper?.end() }
        var verifier = JournalVerifier(
            head: head,
            signed: keys.isEmpty
                ? nil
                : SignedHeads(
                    signedBytes + (known?.line ?? []), keys: keys, mustBeSigned: mustBeSigned),
            helper: helper)
        try unsafe stream(file, size: size, path: path) { unsafe verifier.feed($0) }
        var report = verifier.finish()
        report.missing = missing
        // Both empty: opened, and nothing written yet.
        if let headBytes, head == nil, !(headBytes.isEmpty && size == 0) {
            report.findings.append(JournalFinding(line: report.lines, kind: .headUnreadable))
        }
        return report
    }

    /// Hands each line without its newline to `body`, in order, with its number from 1.
    /// Of a line that is longer than any event only the first 8 KiB are kept.
    public static func forEachLine(_ path: FilePath, _ body: (Int, ArraySlice<UInt8>) -> Void) throws(AuditError) {
        var number = 0
        _ = try forEachLine(path, from: 0, keepsUnfinished: true) { _, line in
            number += 1
            body(number, line[...])
        }
    }

    /// Hands each finished line, without its newline, to `body`, with the place of its first byte.
    /// - Parameter start: The place of a line's first byte.
    /// - Returns: The place behind the last finished line.
    public static func forEachLine(
        _ path: FilePath, from start: Int, keepsUnfinished: Bool = false, _ body: (Int, [UInt8]) -> Void
    ) throws(AuditError) -> Int {
        let file = try open(path)
        let size = Int(try fileStatus(file, path).size)
        var line: [UInt8] = [], begin = start, at = start
        try unsafe stream(file, from: start, size: size, path: path) { bytes in
            var first = 0
            while let newline = unsafe bytes.newline(from: first) {
                unsafe line.append(contentsOf: bytes[first..<newline].prefix(EventLine.limit - line.count))
                body(begin, line)
                line.removeAll(keepingCapacity: true)
                first = newline + 1
                begin = at + first
            }
            unsafe line.append(contentsOf: bytes[first...].prefix(EventLine.limit - line.count))
            at += bytes.count
        }
        if keepsUnfinished, !line.isEmpty { body(begin, line) }
        return begin
    }

    /// The line that begins at a place, without its newline; `nil` when none begins and ends there.
    public static func line(_ path: FilePath, at start: Int) throws(AuditError) -> [UInt8]? {
        let file = try open(path)
        let from = max(start - 1, 0)
        let bytes = try readBytes(file, from: from, count: EventLine.limit + 1, path: path)
        if start > 0, bytes.first != 0x0a { return nil }
        let line = bytes.dropFirst(start - from)
        return line.firstIndex(of: 0x0a).map { Array(line[..<$0]) }
    }

    /// Whether a line's own hash fits.
    public static func isIntact(_ line: [UInt8]) -> Bool { CheckedLine(line[...])?.isIntact == true }

    private static func open(_ path: FilePath) throws(AuditError) -> OwnedDescriptor {
        let file = try system { () throws(SyscallError) in
            try OwnedDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        }
        guard try fileStatus(file, path).isRegular else { throw .untrusted(path, .notARegularFile) }
        return file
    }

    /// The last signed head of the journal at `path`, of any key.
    public static func lastSigned(_ path: FilePath) throws(AuditError) -> SignedHead? {
        try readSigned(path).split(separator: 0x0a).reversed().lazy.compactMap { SignedHead(line: $0) }.first
    }

    /// - Returns: Nothing when there is no such file; of a very long one the end.
    private static func readSigned(_ path: FilePath) throws(AuditError) -> [UInt8] {
        let place = path.parent.appending(Journal.signedName(path))
        let file: OwnedDescriptor
        do throws(SyscallError) { file = try OwnedDescriptor.open(place, O_RDONLY | O_NONBLOCK | O_NOCTTY) } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw .system(error)
        }
        let size = Int(try fileStatus(file, place).size), start = max(size - SignedHeads.limit, 0)
        let bytes = try readBytes(file, from: start, count: size - start, path: place)
        // A line that began before is no line.
        return start == 0 ? bytes : Array(bytes[(bytes.firstIndex(of: 0x0a) ?? 0)...])
    }

    /// - Returns: `nil` when there is no head file.
    private static func readHead(_ path: FilePath) throws(AuditError) -> [UInt8]? {
        guard let head = try openHead(path) else { return nil }
        return try readBytes(head, from: 0, count: JournalHead.length, path: path)
    }

    /// - Returns: How many events the next writer will put back at the journal's end.
    private static func missingEvents(
        _ file: borrowing OwnedDescriptor, size: Int, path: FilePath
    ) throws(AuditError) -> UInt64 {
        guard let head = try openHead(path), let tail = try? JournalTail.read(file, size: size, path: path),
            let missing = try JournalRing.missing(behind: tail, size: size, in: head, path: path)
        else { return 0 }
        return missing.link.seq - tail.link.seq
    }

    /// - Returns: `nil` when there is none.
    private static func openHead(_ path: FilePath) throws(AuditError) -> OwnedDescriptor? {
        let head = path.parent.appending(Journal.headName(path))
        do throws(SyscallError) { return try OwnedDescriptor.open(head, O_RDONLY | O_NONBLOCK | O_NOCTTY) } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw .system(error)
        }
    }

    /// Reads the file in pieces of 2 MiB, all into one buffer.
    private static func stream(
        _ file: borrowing OwnedDescriptor, from start: Int = 0, size: Int, path: FilePath,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(AuditError) {
        let number = file.rawValue
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(max(size, 1), 1 << 21))
        defer { unsafe buffer.deallocate() }
        var at = start
        while at < size {
            let got: Int
            let count = min(size - at, buffer.count), from = at
            // Never more than the buffer holds.
            do {
                got = try syscall("read", path) { unsafe pread(number, buffer.baseAddress, count, off_t(from)) }
            } catch {
                throw .system(error)
            }
            if got == 0 { return }
            unsafe body(UnsafeBufferPointer(rebasing: buffer[..<got]))
            at += got
        }
    }
}
