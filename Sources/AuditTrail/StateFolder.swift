import Glibc
public import LinuxSystem
public import SystemPackage

/// Where agentbound keeps what outlives a run, and how files there are opened so that nobody else can change them.
public enum StateFolder {
    /// `$XDG_STATE_HOME/agentbound`, or `~/.local/state/agentbound`. Source: XDG Base Directory Specification 0.8.
    /// - Parameters: the two variables' values; one that is no absolute path counts as missing.
    public static func path(stateHome: String?, home: String?) throws(AuditError) -> FilePath {
        if let stateHome, stateHome.hasPrefix("/") { return FilePath(stateHome).appending("agentbound") }
        guard let home, home.hasPrefix("/") else { throw .noStateFolder }
        return FilePath(home).appending(".local/state/agentbound")
    }

    /// The journal that all launchers of a user share.
    public static func journal(stateHome: String?, home: String?) throws(AuditError) -> FilePath {
        try path(stateHome: stateHome, home: home).appending("audit/journal.jsonl")
    }

    /// The journal at `path`, and all that is kept beside it, whether it is there yet or not.
    public static func files(ofJournal path: FilePath) -> [FilePath] {
        let names = [Journal.headName(path), Journal.signedName(path)].map { path.parent.appending($0) }
        return [path] + names + [index(ofJournal: path)]
    }

    /// The journal's index, which can be made anew.
    public static func index(ofJournal path: FilePath) -> FilePath { path.parent.appending(Journal.indexName(path)) }

    /// Opens a folder, making what is missing of its path with mode 0700.
    /// - Returns: A descriptor of the real folder, for openat(2).
    /// - Throws: ``AuditError``: refused when the path leads through a symbolic link of another user, or when a folder
    ///   on the real path can be written by others (a sticky one excepted, as /tmp).
    public static func open(_ path: FilePath, create: Bool = true) throws(AuditError) -> OwnedDescriptor {
        guard path.isAbsolute else { throw .untrusted(path, .relative) }
        var prefix = FilePath("/")
        for component in path.components {
            prefix.append(component)
            try checkLink(prefix, create: create)
        }
        let real = try resolve(path)
        var parent = FilePath("/")
        try checkFolder(parent)
        for component in real.components {
            parent.append(component)
            try checkFolder(parent)
        }
        return try system { () throws(SyscallError) in
            try OwnedDescriptor.open(real, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
    }

    /// Opens a regular file in `folder` that only this user can write.
    /// - Parameters:
    ///   - path: The same file, for errors.
    ///   - flags: Those of open(2); close-on-exec, no-follow and never-waiting are added. A new file's mode is 0600.
    /// - Throws: ``AuditError``: refused when it is a link, no regular file, somebody else's or writable by others.
    public static func open(
        _ name: String, in folder: borrowing OwnedDescriptor, path: FilePath, _ flags: CInt
    ) throws(AuditError) -> OwnedDescriptor {
        let directory = folder.rawValue
        // Without waiting: opening a FIFO would otherwise hang.
        let all = flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let number: CInt
        do {
            // The name outlives the call.
            number = try syscall("open", path) {
                unsafe name.withCString { unsafe openat(directory, $0, all, 0o600 as mode_t) }
            }
        } catch {
            if error.errno == .tooManySymbolicLinkLevels { throw .untrusted(path, .symbolicLink) }
            if error.errno == .noSuchAddressOrDevice { throw .untrusted(path, .notARegularFile) }
            throw .system(error)
        }
        let file = OwnedDescriptor(rawValue: number)
        let status = try fileStatus(file, path)
        guard status.isRegular else { throw .untrusted(path, .notARegularFile) }
        guard status.owner == geteuid() else { throw .untrusted(path, .ownedBy(status.owner)) }
        guard status.mode & 0o022 == 0 else {
            throw .untrusted(path, .writableByOthers(mode: status.mode & 0o7777))
        }
        // Reading where the journal ends must not write its inode anew at every start; only a file's owner may ask for it.
        _ = fcntl(number, F_SETFL, flags | O_NONBLOCK | O_NOATIME)
        return file
    }

    // MARK: - Checks

    /// Makes a folder with mode 0700, whatever the umask: what that takes away is given back.
    public static func make(_ path: FilePath) throws(SyscallError) {
        // The path outlives both calls.
        try syscall("mkdir", path) { unsafe path.withPlatformString { unsafe mkdir($0, 0o700) } }
        try syscall("chmod", path) { unsafe path.withPlatformString { unsafe chmod($0, 0o700) } }
    }

    private static func checkLink(_ path: FilePath, create: Bool) throws(AuditError) {
        var status = stat()
        do {
            // The status is our own variable, written by the kernel during the call.
            try syscall("lstat", path) { unsafe path.withPlatformString { unsafe lstat($0, &status) } }
        } catch {
            guard error.errno == .noSuchFileOrDirectory, create else { throw .system(error) }
            do { try make(path) } catch {
                // Another launcher made it just now.
                guard error.errno == .fileExists else { throw .system(error) }
            }
            return
        }
        if status.st_mode & S_IFMT == S_IFLNK, !isTrusted(status.st_uid) { throw .untrusted(path, .symbolicLink) }
    }

    private static func checkFolder(_ path: FilePath) throws(AuditError) {
        var status = stat()
        do {
            // As above.
            try syscall("lstat", path) { unsafe path.withPlatformString { unsafe lstat($0, &status) } }
        } catch { throw .system(error) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .untrusted(path, .notAFolder) }
        guard isTrusted(status.st_uid) else { throw .untrusted(path, .ownedBy(status.st_uid)) }
        let isSticky = status.st_mode & S_ISVTX != 0
        // A group of one's own, numbered as oneself, is how several distributions set up accounts (umask 002).
        let isOwnGroup = status.st_gid == geteuid() && status.st_gid == getegid()
        let forbidden: mode_t = isSticky ? 0 : isOwnGroup ? 0o002 : 0o022
        guard status.st_mode & forbidden == 0 else {
            throw .untrusted(path, .writableByOthers(mode: status.st_mode & 0o7777))
        }
    }

    /// Root can write everywhere anyway.
    private static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

    private static func resolve(_ path: FilePath) throws(AuditError) -> FilePath {
        // realpath allocates the answer, which is copied and freed here.
        guard let resolved = unsafe path.withPlatformString({ unsafe realpath($0, nil) }) else {
            throw .system(SyscallError(call: "realpath", errno: Errno(rawValue: errno), path: path))
        }
        defer { unsafe free(resolved) }
        return unsafe FilePath(platformString: resolved)
    }
}

/// Puts a system call's error into this module's type.
func system<T: ~Copyable>(_ body: () throws(SyscallError) -> T) throws(AuditError) -> T {
    do { return try body() } catch { throw .system(error) }
}

/// What statx(2) says of an open file, without its times: see ``FileStatus``.
func fileStatus(_ file: borrowing OwnedDescriptor, _ path: FilePath) throws(AuditError) -> FileStatus {
    do { return try FileStatus(of: file) } catch {
        throw .system(SyscallError(call: error.call, errno: error.errno, path: path))
    }
}
