import Glibc
import LinuxSystem
public import Signatures
import Synchronization
public import SystemPackage

/// Appends events to the journal that all launchers of a user share. Safe to use from any thread.
///
/// A call returns when the kernel has the line: it then survives the death of this process, not yet a loss of power
/// (see ``flush()``). When a call throws, nothing may be allowed on its account: no record, no permission. What could not be
/// written is counted, and the next event that can be is preceded by one that tells of it.
/// - Note: The caller ignores SIGXFSZ, or a file-size limit ends the process instead of throwing.
public final class AuditWriter: Sendable {
    /// The run that the events belong to.
    public let session: String
    public let path: FilePath
    private let state: Mutex<State>
    /// How many writes are known to be on the disk. Held while the disk is at work.
    private let synced = Mutex<UInt64>(0)
    private let disk: JournalDisk

    private struct State: ~Copyable, Sendable {
        var journal: Journal
        var unrecorded: UnrecordedEvents?
        var refused: [RefusedEvents] = []

        /// What is to be told before the next event.
        var owed: [AuditEvent] { refused.map(\.event) + (unrecorded.map { [$0.event] } ?? []) }
    }

    /// Opens the journal, making it (0600) where missing. Damage found at its end, as a crash or
    /// a hand leaves it, is put on record in the journal itself.
    /// - Parameters:
    ///   - path: Absolute; ``StateFolder/journal(stateHome:home:)`` gives the usual one.
    ///   - makesFolders: Whether missing folders on the way are made (0700). For the usual place they are; in a path that
    ///     somebody typed a missing folder is more likely a mistake.
    ///   - session: A name for this run of at most 64 bytes; ``newSession()`` makes one.
    /// - Throws: ``AuditError``: also when somebody else could write there.
    public convenience init(path: FilePath, makesFolders: Bool = true, session: String) throws(AuditError) {
        try self.init(path: path, makesFolders: makesFolders, session: session, disk: JournalDisk())
    }

    init(
        path: FilePath, makesFolders: Bool = true, session: String, disk: JournalDisk
    ) throws(AuditError) {
        var journal = try Journal(path: path, makesFolders: makesFolders, session: session)
        try journal.check()
        self.path = path
        self.session = session
        self.disk = disk
        state = Mutex(State(journal: journal))
    }

    /// Opens a journal that is there; makes none.
    public convenience init(existing path: FilePath, session: String) throws(AuditError) {
        do { _ = try FileStatus(of: path) } catch { throw .system(error) }
        try self.init(path: path, makesFolders: false, session: session)
    }

    /// Writes one event.
    /// - Returns: Its number in the journal.
    /// - Note: Blocks while another launcher appends, which takes it about as long as this one.
    @discardableResult
    public func append(_ event: AuditEvent) throws(AuditError) -> UInt64 {
        try append(contentsOf: CollectionOfOne(event))
    }

    /// Writes events in one go, which costs little more than one: one lock, one write(2), one head.
    /// - Parameter happensAnyway: Whether what they allow happens also when they cannot be written.
    /// - Throws: Then none of them is in the journal.
    /// - Returns: The number of the last one in the journal.
    @discardableResult
    public func append(
        contentsOf events: some Collection<AuditEvent>, happensAnyway: Bool = false
    ) throws(AuditError) -> UInt64 {
        try state.withLock { state throws(AuditError) in
            do throws(AuditError) {
                let owed = state.owed
                if owed.isEmpty { return try state.journal.append(events) }
                let number = try state.journal.append(owed + events)
                (state.unrecorded, state.refused) = (nil, [])
                return number
            } catch {
                var unrecorded = state.unrecorded ?? UnrecordedEvents()
                unrecorded.add(events, because: error, happensAnyway: happensAnyway)
                state.unrecorded = unrecorded
                throw error
            }
        }
    }

    /// Writes events and waits until the disk has them: for what is allowed only then.
    /// - Parameter happensAnyway: As for ``append(contentsOf:happensAnyway:)``.
    /// - Throws: Then the caller refuses what they allow, unless it happens anyway. Where they stand in the journal all the same, since only
    ///   the disk did not confirm them, the next event that can be written says that they were refused.
    public func appendDurably(
        contentsOf events: some Collection<AuditEvent>, happensAnyway: Bool = false
    ) throws(AuditError) {
        let last = try append(contentsOf: events, happensAnyway: happensAnyway)
        do throws(AuditError) { try flush() } catch {
            if !happensAnyway, let refused = RefusedEvents(events, last: last, because: error) {
                state.withLock { $0.refused.append(refused) }
            }
            throw error
        }
    }

    /// Waits until all that was appended before is on the disk, which takes a tenth of a millisecond and more. Appends go on meanwhile,
    /// and callers that come while the disk is at work share the next turn (group commit).
    public func flush() throws(AuditError) {
        let goal = state.withLock { $0.journal.writes }
        try synced.withLock { synced throws(AuditError) in
            while synced < goal {
                let sync = try state.withLock { state throws(AuditError) in try state.journal.nextSync() }
                do throws(SyscallError) { try sync.run(disk) } catch {
                    state.withLock { $0.journal.syncFailed() }
                    // The journal itself may still be synced.
                    if sync.ring != nil { continue }
                    throw AuditError.system(SyscallError(call: error.call, errno: error.errno, path: path))
                }
                synced = sync.writes
            }
        }
    }

    /// Signs where the journal ends now, so that a cut or rewritten tail shows to whoever has the public key: at the end of
    /// a session, and now and then in a long one. Takes a tenth of a millisecond, during which no other launcher appends.
    /// - Returns: What was signed; `nil` for an empty journal.
    @discardableResult
    public func sign(with key: Ed25519.SigningKey) throws(AuditError) -> SignedHead? {
        try state.withLock { state throws(AuditError) in try state.journal.sign(key) }
    }

    /// A name for a run: the moment in UTC and 32 random bits, so that names sort by time. `20260228T235959Z-89abcdef`
    public static func newSession(at time: Timestamp = .now()) -> String {
        let digits = time.description.prefix(19).filter { $0 != "-" && $0 != ":" }
        let random = (0..<4).map { _ in UInt8.random(in: 0...255) }
        return "\(digits)Z-\(Hex.text(random))"
    }
}
