import AuditTrail
import Glibc
import LinuxSystem
import Synchronization
public import SystemPackage

/// Approvals, grants and budgets in the state folder: one file, replaced as a whole under a lock, so that any number of gateways and
/// commands see one state, and a crash leaves the old one or the new one.
///
/// What is kept is as safe as the user's own files: another user cannot change it, a process of the same user can. Answers to critical
/// calls are signed for that reason.
public final class GrantStore: Sendable {
    public let folder: FilePath
    public var file: FilePath { folder.appending(Self.name) }

    private static let name = "grants.json"
    /// Held while the file is read or replaced. It has the serial number of the last change, so that a file that is gone, or was put back
    /// to an older one, shows.
    private static let lockName = "grants.lock"

    private struct Held: ~Copyable, Sendable {
        var directory: OwnedDescriptor
        var lock: OwnedDescriptor
        var cache: (state: GrantState, mark: Mark)?
    }

    /// By what a file is known to be the one that was read.
    private struct Mark: Hashable, Sendable {
        var inode: UInt64, seconds: Int, nanoseconds: Int, size: Int
        var serial: UInt64
    }

    private let held: Mutex<Held>

    /// Opens the store, making its folder.
    /// - Throws: ``GrantError``: refused when others could write there.
    public init(folder: FilePath) throws(GrantError) {
        self.folder = folder
        held = Mutex(try Self.open(folder))
    }

    /// The user's store, `$XDG_STATE_HOME/agentbound/grants`.
    public convenience init(stateHome: String?, home: String?) throws(GrantError) {
        let folder: FilePath
        do { folder = try StateFolder.path(stateHome: stateHome, home: home).appending("grants") } catch {
            throw .storage(error)
        }
        try self.init(folder: folder)
    }

    private static func open(_ folder: FilePath) throws(GrantError) -> Held {
        do {
            let directory = try StateFolder.open(folder)
            let lock = try StateFolder.open(lockName, in: directory, path: folder.appending(lockName), O_RDWR | O_CREAT)
            return Held(directory: directory, lock: lock, cache: nil)
        } catch { throw .storage(error) }
    }

    // MARK: - Transactions

    /// The state as it is now.
    public func read() throws(GrantError) -> GrantState {
        do { return try transact { $0 } } catch let error as GrantError { throw error } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Reads, changes and keeps the state as one step that no other process is in the middle of. What the body throws changes nothing.
    /// - Returns: What the body returns, once the change is on the disk.
    /// - Throws: ``GrantError``, or what the body throws.
    /// - Note: Several calls are best charged in one transaction: each waits for the disk twice.
    @discardableResult
    public func transact<T>(_ body: (inout GrantState) throws -> T) throws -> T {
        try held.withLock { held in
            try Self.lock(&held, folder)
            defer { _ = flock(held.lock.rawValue, LOCK_UN) }
            let before = try load(&held)
            var state = before
            let result = try body(&state)
            if state != before {
                state.serial = before.serial + 1
                try write(state, &held)
            }
            return result
        }
    }

    private static func lock(_ held: inout Held, _ folder: FilePath) throws(GrantError) {
        while true {
            let number = held.lock.rawValue
            do {
                try syscall("flock", folder) { flock(number, LOCK_EX) }
                var status = stat()
                // The status is our own variable.
                try syscall("fstat", folder) { unsafe fstat(number, &status) }
                if status.st_nlink > 0 { return }
            } catch { throw .storage(.system(error)) }
            // Somebody moved the folder away: a lock there would hold nobody.
            held = try open(folder)
        }
    }

    // MARK: - The file

    private func load(_ held: inout Held) throws(GrantError) -> GrantState {
        let serial = try readSerial(held.lock)
        let file: OwnedDescriptor
        do { file = try StateFolder.open(Self.name, in: held.directory, path: self.file, O_RDONLY) } catch {
            guard case .system(let failure) = error, failure.errno == .noSuchFileOrDirectory else {
                throw .storage(error)
            }
            guard serial == 0 else { throw .lost(self.file) }
            return GrantState()
        }
        var status = stat()
        let number = file.rawValue
        do {
            // The status is our own variable.
            try syscall("fstat", self.file) { unsafe fstat(number, &status) }
            let mark = Mark(
                inode: UInt64(status.st_ino), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec,
                size: Int(status.st_size), serial: serial)
            if let cache = held.cache, cache.mark == mark { return cache.state }
            let bytes = try file.readAll(limit: GrantState.sizeLimit)
            guard bytes.count <= GrantState.sizeLimit, let state = GrantState(fileBytes: bytes) else {
                throw GrantError.damaged(self.file)
            }
            guard state.serial >= serial else { throw GrantError.lost(self.file) }
            held.cache = (state, mark)
            return state
        } catch let error as GrantError {
            throw error
        } catch let error as SyscallError {
            throw .storage(.system(error))
        } catch { preconditionFailure("\(error)") }
    }

    /// Beside, synced, renamed, and the folder synced: a reader sees the old one or the new one, and the new one stays.
    private func write(_ state: GrantState, _ held: inout Held) throws(GrantError) {
        held.cache = nil
        let bytes = state.fileBytes
        // What is larger could be written, and never be read again.
        guard bytes.count <= GrantState.sizeLimit else { throw .full("grants and questions for one file") }
        let temporary = ".\(Self.name).new"
        let path = folder.appending(temporary)
        let directory = held.directory.rawValue
        // Left behind by a crash; under the lock nobody else has one.
        _ = unsafe temporary.withCString { unsafe unlinkat(directory, $0, 0) }
        let file: OwnedDescriptor
        do { file = try StateFolder.open(temporary, in: held.directory, path: path, O_WRONLY | O_CREAT | O_EXCL) } catch
        {
            throw .storage(error)
        }
        let number = file.rawValue
        do {
            try file.writeAll(bytes)
            try syscall("fsync", path) { fsync(number) }
            // Both names outlive the call.
            try syscall("rename", path) {
                unsafe temporary.withCString { old in
                    unsafe Self.name.withCString { new in unsafe renameat(directory, old, directory, new) }
                }
            }
            try syscall("fsync", folder) { fsync(directory) }
        } catch {
            _ = unsafe temporary.withCString { unsafe unlinkat(directory, $0, 0) }
            throw .storage(.system(error))
        }
        try writeSerial(state.serial, held.lock)
    }

    private func readSerial(_ lock: borrowing OwnedDescriptor) throws(GrantError) -> UInt64 {
        var bytes = [UInt8](repeating: 0, count: 20)
        let number = lock.rawValue
        let count: Int
        do {
            // pread writes at most what the array holds.
            count = try syscall("pread", folder) { unsafe pread(number, &bytes, bytes.count, 0) }
        } catch { throw .storage(.system(error)) }
        if count == 0 { return 0 }
        guard count == 20, let serial = UInt64(String(decoding: bytes, as: UTF8.self)) else {
            throw .damaged(folder.appending(Self.lockName))
        }
        return serial
    }

    /// Twenty digits, always as many, so that one write replaces the last.
    private func writeSerial(_ serial: UInt64, _ lock: borrowing OwnedDescriptor) throws(GrantError) {
        let digits = String(serial)
        let bytes = Array((String(repeating: "0", count: 20 - digits.count) + digits).utf8)
        let number = lock.rawValue
        do {
            // The array outlives the call.
            try syscall("pwrite", folder) { unsafe pwrite(number, bytes, bytes.count, 0) }
        } catch { throw .storage(.system(error)) }
    }

    // MARK: - Passphrase

    /// Sets the first passphrase, or another one with the old one's signer.
    public func setPassphrase(
        _ passphrase: [UInt8], rounds: Int = PassphraseKey.leastRounds, old: ApprovalSigner? = nil
    ) throws {
        guard passphrase.count >= PassphraseKey.shortestPassphrase else { throw GrantRefusal.shortPassphrase }
        let key = PassphraseKey(passphrase, rounds: rounds)
        try transact { state in
            if let current = state.passphrase, old?.publicKey != current.publicKey { throw GrantRefusal.passphraseSet }
            state.set(key)
        }
    }

    /// Turns the passphrase into what signs answers. Slow on purpose.
    /// - Throws: ``GrantRefusal/wrongPassphrase``, ``GrantRefusal/lockedOut(until:)``, ``GrantError``.
    public func unlock(_ passphrase: [UInt8], now: Double) throws -> ApprovalSigner {
        let key = try transact { try $0.countTry(now: now) }
        guard let signer = key.signer(passphrase) else { throw GrantRefusal.wrongPassphrase }
        try transact { state in if state.passphrase == key { state.forgetTries() } }
        return signer
    }
}
