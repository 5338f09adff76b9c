import Glibc
public import SystemPackage

/// A control group of version 2 around one box: what its processes use together is limited, and they can be killed at once.
/// Removed when its owner goes away. cgroups(7), Documentation/admin-guide/cgroup-v2.rst
public final class ControlGroup: Sendable {
    public let path: FilePath

    /// What happened in a group.
    public struct Events: Hashable, Sendable {
        /// Processes that the kernel killed for memory.
        public var killedForMemory: UInt64 = 0
        /// Forks that were refused.
        public var refusedForks: UInt64 = 0
        public init() {}
    }

    private static let prefix = "agentbound-"
    private static let most = 1_000

    /// Makes a group below `parent`, and removes what launchers that are gone have left there.
    /// - Parameters:
    ///   - memory: Bytes, for all processes together; nothing of it goes to swap.
    ///   - processes: Processes and threads together.
    public init(in parent: FilePath, memory: UInt64? = nil, processes: UInt64? = nil) throws(SyscallError) {
        Self.removeAbandoned(in: parent)
        var made: FilePath?
        for number in 0..<Self.most {  // a program that embeds boxes may have several
            let path = parent.appending("\(Self.prefix)\(getpid())" + (number == 0 ? "" : "-\(number)"))
            do throws(SyscallError) {
                try syscall("mkdir", path) { unsafe path.withPlatformString { unsafe mkdir($0, 0o755) } }
                made = path
                break
            } catch { if error.errno != .fileExists { throw error } }
        }
        guard let made else { throw SyscallError(call: "mkdir", errno: .fileExists, path: parent) }
        path = made
        if let memory {
            try write("memory.max", "\(memory)")
            // A kernel without swap accounting has no such file.
            do throws(SyscallError) { try write("memory.swap.max", "0") } catch {
                if error.errno != .noSuchFileOrDirectory { throw error }
            }
        }
        if let processes { try write("pids.max", "\(processes)") }
    }

    deinit { remove() }

    /// Moves a process here: what it starts from now on is born here.
    public func add(_ pid: CInt) throws(SyscallError) { try write("cgroup.procs", "\(pid)") }

    public func events() -> Events {
        var events = Events()
        events.killedForMemory = Self.number("oom_kill", in: path.appending("memory.events"))
        events.refusedForks = Self.number("max", in: path.appending("pids.events"))
        return events
    }

    /// Kills what is left, and waits a second at most until it is gone.
    private func remove() {
        try? write("cgroup.kill", "1")  // Linux 5.14
        for _ in 0..<200 {
            if unsafe path.withPlatformString({ unsafe rmdir($0) }) == 0 || errno != EBUSY { return }
            _ = usleep(5_000)
        }
    }

    private func write(_ file: String, _ text: String) throws(SyscallError) {
        let file = path.appending(file)
        let descriptor = try OwnedDescriptor.open(file, O_WRONLY)
        do throws(SyscallError) { try descriptor.writeAll(Array(text.utf8)) } catch {
            throw SyscallError(call: error.call, errno: error.errno, path: file)
        }
    }

    /// The value behind a word at the beginning of a line; 0 when there is none.
    static func number(_ word: String, in file: FilePath) -> UInt64 {
        let text = String(decoding: (try? readFile(file, limit: 4_096)) ?? [], as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == word { return UInt64(words[1]) ?? 0 }
        }
        return 0
    }

    /// A launcher that was killed could not remove its group. A group that still has processes stays: it cannot be removed.
    private static func removeAbandoned(in parent: FilePath) {
        for entry in FolderCalls.list(parent) ?? [] where entry.name.hasPrefix(prefix) {
            guard let pid = CInt(entry.name.dropFirst(prefix.count).prefix { $0 != "-" }), kill(pid, 0) == -1,
                errno == ESRCH
            else { continue }
            _ = unsafe parent.appending(entry.name).withPlatformString { unsafe rmdir($0) }
        }
    }

    // MARK: where

    /// The nearest group at or above this process's own in which it may make one with these controllers.
    ///
    /// A group with processes of its own cannot hand controllers on, but one above it may: systemd gives a user's
    /// services and scopes a parent that belongs to the user.
    public static func parent(for controllers: [String]) -> FilePath? {
        guard let mounts = try? readFile("/proc/self/mountinfo", limit: 1 << 20),
            let groups = try? readFile("/proc/self/cgroup", limit: 4_096),
            let place = Place(
                mounts: String(decoding: mounts, as: UTF8.self), groups: String(decoding: groups, as: UTF8.self))
        else { return nil }
        var path = place.own
        while true {
            if isWritable(path), isWritable(path.appending("cgroup.procs")),
                has(controllers, path) || enable(controllers, path)
            {
                return path
            }
            guard path != place.mount, path.moveUp() else { return nil }
        }
    }

    /// Where version 2 is mounted, and which folder below that is this process's own group.
    struct Place: Hashable {
        let mount: FilePath, own: FilePath

        /// - Parameters:
        ///   - mounts: /proc/self/mountinfo
        ///   - groups: /proc/self/cgroup
        init?(mounts: String, groups: String) {
            guard let line = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return nil }
            let group = FilePath(String(line.dropFirst(3)))
            for mount in mounts.split(separator: "\n") {
                let words = mount.split(separator: " ")
                guard words.count > 6, let dash = words.firstIndex(of: "-"), words.count > dash + 1,
                    words[dash + 1] == "cgroup2"
                else { continue }
                // Field 4 is which group is mounted, field 5 where.
                var below = group
                guard below.removePrefix(FilePath(String(words[3]))) else { continue }
                let place = FilePath(String(words[4]))
                if below.components.contains(where: { $0.kind == .parentDirectory }) { continue }
                self.mount = place
                own = place.appending(below.components)
                return
            }
            return nil
        }
    }

    private static func has(_ controllers: [String], _ path: FilePath) -> Bool {
        let text = String(
            decoding: (try? readFile(path.appending("cgroup.subtree_control"), limit: 4_096)) ?? [], as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace)
        return controllers.allSatisfy { words.contains(Substring($0)) }
    }

    /// Has the root of all groups hand controllers on, which it can beside processes of its own. Any other that is ours has
    /// at least this process: for `memory` it is refused, and after `pids` no process may enter what is made below.
    private static func enable(_ controllers: [String], _ path: FilePath) -> Bool {
        // Only the root has no type.
        guard unsafe path.appending("cgroup.type").withPlatformString({ unsafe access($0, F_OK) }) == -1,
            let file = try? OwnedDescriptor.open(path.appending("cgroup.subtree_control"), O_WRONLY)
        else { return false }
        return (try? file.writeAll(Array(controllers.map { "+\($0)" }.joined(separator: " ").utf8))) != nil
    }

    private static func isWritable(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, W_OK) } == 0
    }
}
