import Glibc
import LinuxSystem
public import Signatures
public import SystemPackage

/// The key pair that a user's journals are signed with: `keys/audit.key` (0600) and `keys/audit.pub` in the state folder.
public enum AuditKey {
    /// - Parameter state: ``StateFolder/path(stateHome:home:)``.
    public static func publicPath(_ state: FilePath) -> FilePath { state.appending("keys/audit.pub") }
    public static func privatePath(_ state: FilePath) -> FilePath { state.appending("keys/audit.key") }

    /// The private key, where there is one.
    /// - Throws: ``AuditError``: also for a file that is not what it should be. A key that others could have made signs nothing.
    public static func existing(_ state: FilePath) throws(AuditError) -> Ed25519.SigningKey? {
        // The usual answer is that there is none, and costs one call.
        if unsafe access(privatePath(state).string, F_OK) != 0 && errno == ENOENT { return nil }
        return try read(state)
    }

    /// The private key, made now where there is none.
    public static func make(_ state: FilePath) throws(AuditError) -> Ed25519.SigningKey {
        if let key = try existing(state) { return key }
        let path = privatePath(state)
        let folder = try StateFolder.open(path.parent)
        let key = Ed25519.SigningKey()
        // Written beside and linked: another process finds a whole key or none, and the first of two stays.
        let draft = "audit.key.\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        try write(key.pem, draft, in: folder, path)
        let directory = folder.rawValue
        // Both names outlive the calls.
        let linked = unsafe linkat(directory, draft, directory, "audit.key", 0)
        let problem = errno
        _ = unsafe unlinkat(directory, draft, 0)
        guard linked == 0 || problem == EEXIST else {
            throw .system(SyscallError(call: "linkat", errno: Errno(rawValue: problem), path: path))
        }
        let kept = try read(state)
        try write(kept.publicKey.pem, "audit.pub", in: folder, publicPath(state))
        return kept
    }

    /// A public key from a file that somebody named.
    /// - Returns: `nil` when it holds none.
    public static func readPublic(_ path: FilePath) throws(AuditError) -> Ed25519.VerifyingKey? {
        let bytes: [UInt8]
        do { bytes = try readFile(path, limit: 4_096) } catch { throw .system(error) }
        return Ed25519.VerifyingKey(pem: String(decoding: bytes, as: UTF8.self))
    }

    private static func read(_ state: FilePath) throws(AuditError) -> Ed25519.SigningKey {
        let path = privatePath(state)
        let folder = try StateFolder.open(path.parent, create: false)
        let file = try StateFolder.open("audit.key", in: folder, path: path, O_RDONLY)
        let mode = try fileStatus(file, path).mode
        // What others can read is no secret any more.
        guard mode & 0o077 == 0 else { throw .untrusted(path, .readableByOthers(mode: mode & 0o7777)) }
        let bytes = try system { () throws(SyscallError) in try file.readAll(limit: 4_096) }
        guard let key = Ed25519.SigningKey(pem: String(decoding: bytes, as: UTF8.self)) else { throw .damagedKey(path) }
        return key
    }

    private static func write(
        _ text: String, _ name: String, in folder: borrowing OwnedDescriptor, _ path: FilePath
    ) throws(AuditError) {
        let file = try StateFolder.open(name, in: folder, path: path, O_WRONLY | O_CREAT | O_TRUNC)
        try system { () throws(SyscallError) in try file.writeAll(Array(text.utf8)) }
        _ = fsync(file.rawValue)
    }
}
