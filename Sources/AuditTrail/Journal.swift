import Glibc
import LinuxSystem
import Signatures
import StrictJSON
import SystemPackage

/// The open journal with its head file, and where this writer believes it ends. Not for two threads at once.
struct Journal: ~Copyable, Sendable {
    private let path: FilePath
    private let makesFolders: Bool
    private let session: String
    private let file: OwnedDescriptor
    private let head: OwnedDescriptor
    private var link = ChainLink.start
    /// Bytes; `nil` until the end was looked at.
    private var size: Int?
    private var lines: [UInt8] = []
    /// How often this writer wrote: what ``AuditWriter/flush()`` compares.
    private(set) var writes: UInt64 = 0
    /// The place in the journal up to which its file is on the disk, as far as this writer made it so.
    private var fileOnDisk: Int?
    /// What was appended behind all that the disk has, as far as this writer knows; `nil` when it does not know, or it was too much.
    private var recent: [UInt8]?
    /// `nil` until it is wanted.
    private var hasRing: Bool?

    /// Bytes from which the journal itself is synced: the time goes into writing, and the ring would be written besides.
    private static let mostRecent = 64 << 10

    init(path: FilePath, makesFolders: Bool = true, session: String) throws(AuditError) {
        guard path.isAbsolute, let name = path.lastComponent else { throw .untrusted(path, .relative) }
        let parent = path.parent
        let headName = Journal.headName(path)
        let folder = try StateFolder.open(parent, create: makesFolders)
        let file = try StateFolder.open(name.string, in: folder, path: path, O_RDWR | O_CREAT | O_APPEND)
        let head = try StateFolder.open(headName, in: folder, path: parent.appending(headName), O_RDWR | O_CREAT)
        self.path = path
        self.makesFolders = makesFolders
        self.session = session
        self.file = file
        self.head = head
        lines.reserveCapacity(EventLine.limit)
    }

    /// The head file of the journal at `path`: `journal.jsonl` has `journal.head`.
    static func headName(_ path: FilePath) -> String {
        let name = path.lastComponent?.string ?? "journal"
        return beside(name, ".head")
    }

    /// Where the signed heads of the journal at `path` are: `journal.signed`.
    static func signedName(_ path: FilePath) -> String { beside(path.lastComponent?.string ?? "journal", ".signed") }

    /// Where its index is, which can be made anew: `journal.index`.
    static func indexName(_ path: FilePath) -> String { beside(path.lastComponent?.string ?? "journal", ".index") }

    private static func beside(_ name: String, _ ending: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return name + ending }
        var beside = String(name[..<dot])  // `+` of a substring makes generic types at every start
        beside += ending
        return beside
    }

    /// Writes events at the journal's end, after whatever other launchers have written: all of them or, with an error, none.
    /// - Returns: The number of the last one.
    mutating func append(_ events: some Collection<AuditEvent>) throws(AuditError) -> UInt64 {
        let found = try lockAndMeasure()
        defer { unlock() }
        if found != size { try catchUp(to: found) }
        return try write(events)
    }

    /// Signs where the journal ends now, and keeps that in the file beside it; nothing when that was signed already.
    /// - Returns: What was signed last.
    mutating func sign(_ key: Ed25519.SigningKey) throws(AuditError) -> SignedHead? {
        let found = try lockAndMeasure()
        defer { unlock() }
        if found != size { try catchUp(to: found) }
        guard link.seq > 0, let size else { return nil }
        let name = Journal.signedName(path), place = path.parent.appending(name)
        let folder = try StateFolder.open(path.parent, create: false)
        let signed = try StateFolder.open(name, in: folder, path: place, O_RDWR | O_CREAT | O_APPEND)
        let length = Int(try fileStatus(signed, place).size)
        let tail = try readBytes(
            signed, from: max(length - SignedHead.limit, 0), count: min(length, SignedHead.limit), path: place)
        let last = tail.split(separator: 0x0a).last.flatMap { SignedHead(line: $0) }
        if let last, last.seq == link.seq, last.hash == link.hash, last.key == key.publicKey.id { return last }
        let head = SignedHead(link: link, size: UInt64(size), time: .now(), key: key)
        // A line that a crash left unfinished ends here; it is reported as unreadable.
        let bytes = (tail.isEmpty || tail.last == 0x0a ? [] : [0x0a]) + head.line
        try system { () throws(SyscallError) in try signed.writeAll(bytes) }
        return head
    }

    // MARK: - The disk

    /// What makes all that was appended so far durable. It is counted as done: where it fails, ``syncFailed()``.
    mutating func nextSync() throws(AuditError) -> JournalSync {
        if let fileOnDisk, let size, let bytes = recent, !bytes.isEmpty, size - fileOnDisk <= JournalRing.capacity,
            try canUseRing()
        {
            recent = []
            return JournalSync(file: try copy(of: head.rawValue), writes: writes, ring: (bytes, size - bytes.count))
        }
        let sync = JournalSync(file: try copy(of: file.rawValue), writes: writes, ring: nil)
        fileOnDisk = size
        recent = size == nil ? nil : []
        return sync
    }

    /// From now on the journal itself is synced.
    mutating func syncFailed() {
        (fileOnDisk, recent) = (nil, nil)
        hasRing = false
    }

    private mutating func canUseRing() throws(AuditError) -> Bool {
        if hasRing == nil {
            try lock()
            defer { unlock() }
            hasRing = try JournalRing.isMade(in: head, path: path)
        }
        // A head that somebody removed helps nobody.
        guard hasRing == true else { return false }
        return try fileStatus(head, path).links > 0
    }

    private func copy(of number: CInt) throws(AuditError) -> OwnedDescriptor {
        // F_DUPFD_CLOEXEC takes one integer.
        try system { () throws(SyscallError) in
            OwnedDescriptor(rawValue: try syscall("fcntl", path) { fcntl(number, F_DUPFD_CLOEXEC, 0) })
        }
    }

    /// Looks at the end once and accounts for damage there, so that a broken journal shows before anything starts.
    mutating func check() throws(AuditError) {
        let found = try lockAndMeasure()
        defer { unlock() }
        if found != size { try catchUp(to: found) }
    }

    // MARK: - The lock

    /// - Returns: The journal's size.
    private mutating func lockAndMeasure() throws(AuditError) -> Int {
        while true {
            try lock()
            let status = try fileStatus(file, path)
            if status.links > 0 { return Int(status.size) }
            // Somebody removed the journal: what is written to it now, nobody would ever read. Closing unlocks.
            let writes = writes
            self = try Journal(path: path, makesFolders: makesFolders, session: session)
            self.writes = writes
        }
    }

    private func lock() throws(AuditError) {
        let number = file.rawValue
        do { try syscall("flock", path) { flock(number, LOCK_EX) } } catch { throw .system(error) }
    }

    private func unlock() { _ = flock(file.rawValue, LOCK_UN) }

    // MARK: - The end

    /// Finds the end again when it is not where this writer left it, and puts on record what is wrong there.
    private mutating func catchUp(to found: Int) throws(AuditError) {
        let recent = try recent(upTo: found)
        self.recent = nil
        let expected: ChainLink?
        if let size { expected = size > found ? link : nil } else { expected = try readHead() }
        let tail = try JournalTail.read(file, size: found, path: path)
        link = tail.link
        size = found
        let putBack = try putBack(after: tail)
        if putBack == nil {
            if tail.isUnfinished { try finishLine() }
            if !tail.remainder.isEmpty {
                try write(
                    CollectionOfOne(
                        recovery(
                            tail.isTorn ? "the line before was never finished" : "the bytes before are no intact lines",
                            JournalFormat.remainder(tail.remainder, isTorn: tail.isTorn))))
            }
        }
        let reached = putBack ?? tail.link
        if let expected, expected.seq > reached.seq || (expected.seq == reached.seq && expected != reached) {
            try write(
                CollectionOfOne(recovery("the journal ended later than it does now", JournalFormat.lost(expected))))
        }
        // With what others wrote: it goes to the ring as well, whether they put it there or not.
        if size == found { self.recent = recent }
    }

    /// What the disk may lack, up to where the journal ends now; `nil` when that is too much or not known.
    private func recent(upTo found: Int) throws(AuditError) -> [UInt8]? {
        guard let recent, let size, found > size, recent.count + found - size <= Self.mostRecent else { return nil }
        let others = try readBytes(file, from: size, count: found - size, path: path)
        return others.count == found - size ? recent + others : nil
    }

    /// Writes again what the ring has and the journal lost, and puts that on record.
    /// - Returns: The last one that the journal has again; `nil` when there was nothing.
    private mutating func putBack(after tail: JournalTail) throws(AuditError) -> ChainLink? {
        guard let found = size, let missing = try JournalRing.missing(behind: tail, size: found, in: head, path: path)
        else {
            return nil
        }
        if missing.place < found {
            let number = file.rawValue
            do { try syscall("ftruncate", path) { ftruncate(number, off_t(missing.place)) } } catch {
                throw .system(error)
            }
            size = missing.place
        }
        lines = missing.bytes
        try writeLines()
        link = missing.link
        try write(
            CollectionOfOne(
                recovery(
                    "events were missing at the end, as a loss of power leaves it, and were put back",
                    JournalFormat.putBack(tail.link.seq + 1, missing.link.seq))))
        return missing.link
    }

    private func recovery(_ reason: String, _ detail: JSONMember) -> AuditEvent {
        AuditEvent(
            .lifecycle, JournalFormat.recoverySubject, .error, rule: JournalFormat.recoveryRule, reason: reason,
            detail: [detail])
    }

    private func readHead() throws(AuditError) -> ChainLink? {
        let bytes = try readBytes(head, from: 0, count: JournalHead.length, path: path)
        return JournalHead(bytes: bytes)?.link
    }

    private mutating func finishLine() throws(AuditError) {
        lines = [0x0a]
        try writeLines()
    }

    // MARK: - Writing

    @discardableResult
    private mutating func write(_ events: some Collection<AuditEvent>) throws(AuditError) -> UInt64 {
        var next = link
        lines.removeAll(keepingCapacity: lines.capacity <= 1 << 20)
        for event in events {
            next.seq += 1
            next.hash = EventLine.append(
                event, seq: next.seq, time: .now(), session: session, prev: next.hash, to: &lines)
        }
        guard !lines.isEmpty else { return next.seq }
        let before = (link: link, size: size)
        try writeLines()
        link = next
        do { try writeHead() } catch {
            // All of them or none: what was written in part goes again, as below.
            if let size = before.size { _ = ftruncate(file.rawValue, off_t(size)) }
            (link, size) = (before.link, nil)
            throw error
        }
        return next.seq
    }

    /// One write(2) for all lines: `O_APPEND` and the lock keep them in one piece.
    private mutating func writeLines() throws(AuditError) {
        let number = file.rawValue
        let before = size ?? 0
        size = nil  // unknown, until all of it is written
        writes += 1
        let written: Int
        do {
            // The array is not changed during the call.
            written = try syscall("write", path) {
                unsafe lines.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            }
        } catch { throw .system(error) }
        guard written == lines.count else {
            // No second try: past RLIMIT_FSIZE that would raise SIGXFSZ. Nobody has seen the piece, so it can go again;
            // where it cannot (an append-only file), the next writer accounts for it.
            _ = ftruncate(number, off_t(before))
            throw .system(SyscallError(call: "write", errno: .noSpace, path: path))
        }
        size = before + written
        if let count = recent?.count {
            if count + written <= Self.mostRecent { recent?.append(contentsOf: lines) } else { recent = nil }
        }
    }

    private func writeHead() throws(AuditError) {
        let number = head.rawValue
        let bytes = JournalHead(link: link, size: UInt64(size ?? 0)).bytes
        do {
            // The array outlives the call.
            try syscall("pwrite", path) {
                unsafe bytes.withUnsafeBytes { unsafe pwrite(number, $0.baseAddress, $0.count, 0) }
            }
        } catch { throw .system(error) }
    }
}
