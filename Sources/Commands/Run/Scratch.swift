import AgentBox
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// The box's own folder for temporary files in plain mode, or for the sockets of its buses; gone when the box is.
///
/// It lies in a folder of the launcher's user, `/tmp/agentbound-UID`, and is locked for as long as its launcher lives. What a
/// launcher leaves behind that was killed is seen by its lock, and removed by the next one that needs such a folder.
struct Scratch {
    let path: FilePath
    /// Nobody takes the folder for one left behind while this is open. flock(2)
    private let lock: SharedDescriptor

    /// Longer paths than that leave servers too little for the names of their sockets, which have 107 bytes. unix(7)
    private static let longestPlace = 50
    /// Folders that are looked at for being left behind.
    private static let mostSeen = 256

    /// - Parameters:
    ///   - user: Whom it is to belong to, where that is not the launcher.
    ///   - followsTMPDIR: Whether it may lie where the launcher's `TMPDIR` says. Not what must be no place of the server's.
    init(user: UserIdentity?, followsTMPDIR: Bool = true) throws(Refusal) {
        let places = followsTMPDIR ? Self.places(user) : [Self.common]
        // Where somebody else took the name, what is left behind will not be found.
        let made = Self.made(in: places) ?? Self.make(Self.common.appending("agentbound-XXXXXX"))
        guard let made else {
            throw Refusal(
                .system, "cannot make a folder in /tmp: \(Errno(rawValue: errno))", next: "make /tmp writable")
        }
        (path, lock) = made
        if let user { _ = unsafe chown(path.string, user.uid, user.gid) }
    }

    /// Removes what the server left there.
    func remove() { FolderCalls.removeTree(path) }

    /// What a plan shows for a folder that is not made.
    static var sample: FilePath { places(nil)[0].appending("agentbound-\(geteuid())").appending("XXXXXX") }

    // MARK: - Where

    private static let common: FilePath = "/tmp"

    /// The launcher's `TMPDIR` where it is safe and short enough, then `/tmp`. A server with a user of its own might not get into
    /// the launcher's.
    private static func places(_ user: UserIdentity?) -> [FilePath] {
        guard user == nil, let named = ProcessEnvironment["TMPDIR"].map({ FilePath($0) }), named.isAbsolute,
            let folder = try? OwnedDescriptor.open(named, O_PATH | O_DIRECTORY),
            let status = try? FileStatus(of: folder),
            let real = FolderCalls.path(of: folder), real.bytes.count <= longestPlace,
            // Whoever else may write there could put a folder of his in the place of this one.
            status.owner == 0 || status.owner == geteuid(), status.mode & 0o022 == 0 || status.mode & S_ISVTX != 0
        else { return [common] }
        return [real, common]
    }

    /// The launcher's own folder in `place`: nobody else can have put anything there.
    /// - Returns: `nil` where it cannot be had.
    private static func own(in place: FilePath) -> FilePath? {
        let path = place.appending("agentbound-\(geteuid())")
        _ = unsafe path.withPlatformString { unsafe mkdir($0, 0o711) }
        guard let folder = try? OwnedDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
            let status = try? FileStatus(of: folder), status.owner == geteuid()
        else { return nil }
        // A server with a user of its own goes through it. What the umask took away is given back.
        if status.mode & 0o7777 != 0o711, fchmod(folder.rawValue, 0o711) == -1 { return nil }
        return FolderCalls.path(of: folder)
    }

    private static func made(in places: [FilePath]) -> (FilePath, SharedDescriptor)? {
        for place in places {
            guard let own = own(in: place) else { continue }
            removeLeftBehind(in: own)
            if let made = make(own.appending("XXXXXX")) { return made }
        }
        return nil
    }

    /// - Parameter template: Ends with six X.
    private static func make(_ template: FilePath) -> (FilePath, SharedDescriptor)? {
        for _ in 0..<16 {
            var name = template.bytes.map { CChar(bitPattern: $0) } + [0]
            // mkdtemp writes into the array's last six letters.
            let made: FilePath? = unsafe name.withUnsafeMutableBufferPointer { buffer in
                unsafe mkdtemp(buffer.baseAddress!).map { unsafe FilePath(platformString: $0) }
            }
            guard let made else { return nil }
            // Another launcher may just have found it without a lock, and removed it.
            guard let folder = lock(made), let here = try? FileStatus(of: made, followLink: false),
                here.identity == (try? FileStatus(of: folder))?.identity
            else { continue }
            return (made, folder)
        }
        return nil
    }

    /// - Returns: `nil` when somebody has it locked, or it is not there. Where folders cannot be locked it is not locked, nor can
    ///   anybody else.
    private static func lock(_ path: FilePath, mustHold: Bool = false) -> SharedDescriptor? {
        guard let folder = try? OwnedDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) else { return nil }
        let number = folder.rawValue
        do throws(SyscallError) { try syscall("flock") { flock(number, LOCK_EX | LOCK_NB) } } catch {
            if mustHold || error.errno == .wouldBlock { return nil }
        }
        return SharedDescriptor(folder)
    }

    // MARK: - What was left behind

    /// Removes the folders that no launcher holds any more. The start does not wait for it, and what is not removed when the
    /// launcher ends is left to the next one.
    private static func removeLeftBehind(in own: FilePath) {
        let entries = FolderCalls.list(own, limit: mostSeen) ?? []
        let left = entries.filter { $0.kind == .folder }.compactMap { entry -> (FilePath, SharedDescriptor)? in
            let path = entry.path(in: own)
            return lock(path, mustHold: true).map { (path, $0) }
        }
        if left.isEmpty { return }
        try? SystemThread.start("box-sweep") {
            SignalDescriptor.blockAll()
            for (path, lock) in left { withExtendedLifetime(lock) { FolderCalls.removeTree(path) } }
        }
    }
}
