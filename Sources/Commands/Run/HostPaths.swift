import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// Path resolution on the real file system.
struct HostPaths: PathLookup {
    func find(_ path: FilePath) throws(Errno) -> FoundFile {
        do throws(SyscallError) {
            let file = try OwnedDescriptor.open(path, O_PATH)
            let status = try FileStatus(of: file)
            guard let real = FolderCalls.path(of: file) else {
                throw SyscallError(call: "open", errno: .noSuchFileOrDirectory)
            }
            let executable = status.isRegular && status.mode & 0o111 != 0
            return FoundFile(path: real, kind: kind(status), isExecutable: executable)
        } catch { throw error.errno }
    }

    /// The protocol's own goes through generic collections; making their types took a third of a millisecond.
    func real(_ path: FilePath) -> FilePath {
        if let found = try? find(path) { return found.path }
        let bytes = path.bytes
        var head = path
        while head.moveUp() {
            guard let found = try? find(head) else { continue }
            let rest = bytes.dropFirst(head.bytes.count)
            return again(FilePath(bytes: found.path.bytes + [UInt8(ascii: "/")] + rest))
        }
        return path.lexicallyNormalized()
    }

    func names(in folder: FilePath) -> [String] { (FolderCalls.list(folder) ?? []).map(\.name) }

    func homes(user: UInt32) -> HomeFolders {
        HomeFolders(passwd: (try? readFile("/etc/passwd", limit: Accounts.mostBytes)) ?? [], user: user) {
            (try? Self.real($0)) ?? $0
        }
    }

    private func kind(_ status: FileStatus) -> FoundFile.Kind {
        switch status.mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFSOCK: .socket
        case S_IFCHR: .characterDevice
        case S_IFBLK: .blockDevice
        case S_IFIFO: .pipe
        default: .file
        }
    }

    static func real(_ path: FilePath) throws(Errno) -> FilePath { try HostPaths().find(path).path }
}

/// The clock that birth times are taken from.
enum BirthClock {
    /// Nanoseconds since 1970, as of the last tick.
    static var now: Int64 {
        var clock = timespec()
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &clock)
        return Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
    }
}

/// This process's own variables, as bytes.
enum ProcessEnvironment {
    static var strings: [[UInt8]] {
        // /proc gives them as they were at the start, in one read, and no pointer has to be walked.
        let bytes = (try? readFile("/proc/self/environ", limit: 4 << 20)) ?? []
        return bytes.split(separator: 0).map(Array.init)
    }

    static subscript(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: value)
    }
}

/// Users by name, read from /etc/passwd: the C library's look-ups load plug-ins, which a static program must not.
enum Accounts {
    static let mostBytes = 4 << 20

    static func user(_ name: String) throws(Refusal) -> UserIdentity {
        if geteuid() != 0 {
            throw Refusal(.usage, "--user: only root can start a server as another user", next: "leave --user out")
        }
        let lines = ((try? readFile("/etc/passwd", limit: mostBytes)) ?? []).split(separator: UInt8(ascii: "\n"))
        for line in lines {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count >= 4, fields[0] == name || fields[2] == name else { continue }
            if let uid = UInt32(fields[2]), let gid = UInt32(fields[3]) { return UserIdentity(uid: uid, gid: gid) }
        }
        throw Refusal(.usage, "--user: there is no user `\(name.terminalSafe)`", next: "`getent passwd` lists them")
    }
}
