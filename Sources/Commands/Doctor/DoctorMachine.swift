public import SystemPackage

/// What doctor reports besides the kernel's features.
public struct MachineFacts: Hashable, Sendable {
    public enum Listener: Hashable, Sendable {
        case works, notTried
        /// We run below a filter with a listener already.
        case busy
        case refused(String)
    }

    /// A folder that agentbound writes to.
    public struct Folder: Hashable, Sendable {
        public var purpose: String
        public var path: FilePath
        /// Whether it, or the nearest folder above it that is there, can be written.
        public var isWritable: Bool
        /// Why nothing is kept there although it can be written: then nothing starts.
        public var distrust: Distrust?
    }

    /// What somebody else could do to a folder.
    public struct Distrust: Hashable, Sendable {
        public var why: String
        public var fix: String
    }

    public var listener: Listener
    public var isRoot: Bool
    /// Where control groups with memory and process limits can be made; `nil` when nowhere.
    public var delegatedCgroup: FilePath?
    /// Soft limits; `nil` is none.
    public var processes: UInt64?
    public var openFiles: UInt64?
    /// fs.inotify.max_user_watches
    public var inotifyWatches: Int?
    /// Shared libraries that this executable needs beyond the C library.
    public var sharedLibraries: [String]
    /// `nil`: HOME is missing, so there are none.
    public var folders: [Folder]
    public var hasHome: Bool

    public init(
        listener: Listener, isRoot: Bool, delegatedCgroup: FilePath?, processes: UInt64?, openFiles: UInt64?,
        inotifyWatches: Int?, sharedLibraries: [String], folders: [Folder], hasHome: Bool
    ) {
        self.listener = listener
        self.isRoot = isRoot
        self.delegatedCgroup = delegatedCgroup
        self.processes = processes
        self.openFiles = openFiles
        self.inotifyWatches = inotifyWatches
        self.sharedLibraries = sharedLibraries
        self.folders = folders
        self.hasHome = hasHome
    }
}

extension DoctorReport {
    static func user(_ machine: MachineFacts) -> Line {
        if !machine.hasHome {
            return Line("user", .warn, "user", "HOME is not set, so consent and audit have no place", fix: "set HOME")
        }
        if machine.isRoot {
            return Line(
                "user", .warn, "user",
                "running as root: limits on processes do not bind, and more of the machine is in reach",
                fix: "run as an ordinary user, or name one with --user")
        }
        return Line("user", .ok, "user", "an ordinary user")
    }

    static func cgroup(_ machine: MachineFacts) -> Line {
        if let path = machine.delegatedCgroup {
            return Line("cgroup", .ok, "cgroup", "boxes can have a control group of their own below \(path)")
        }
        return Line(
            "cgroup", .warn, "cgroup",
            "none can be made: memory is limited for each process, not for the whole box",
            fix: machine.isRoot
                ? "a container needs a writable /sys/fs/cgroup of version 2 whose memory and pids controllers are free"
                : "start it below the user's systemd: `systemd-run --user --scope agentbound ...`")
    }

    static func limits(_ machine: MachineFacts) -> [Line] {
        func line(_ id: String, _ title: String, _ value: UInt64?, least: UInt64, _ fix: String) -> Line {
            guard let value, value < least else {
                return Line(id, .ok, title, value.map { "\($0)" } ?? "no limit")
            }
            return Line(id, .warn, title, "\(value), below \(least)", fix: fix)
        }
        return [
            line("limit.processes", "processes", machine.processes, least: 256, "raise `ulimit -u`"),
            line("limit.files", "open files", machine.openFiles, least: 256, "raise `ulimit -n`"),
            line(
                "limit.inotify", "file watches", machine.inotifyWatches.map { UInt64(max(0, $0)) }, least: 8192,
                "`sudo sysctl fs.inotify.max_user_watches=65536`: servers that watch folders need them"),
        ]
    }

    static func build(_ machine: MachineFacts) -> Line {
        let swift = machine.sharedLibraries.filter { $0.hasPrefix("libswift") || $0.hasPrefix("libFoundation") }
        if swift.isEmpty { return Line("build", .ok, "build", "the Swift library is linked in") }
        return Line(
            "build", .warn, "build", "the Swift library is loaded at each start: \(swift.count) shared libraries",
            fix: "`make build` links it in, which starts several milliseconds sooner")
    }

    static func folder(_ folder: MachineFacts.Folder) -> Line {
        if let distrust = folder.distrust {
            return Line("folder.\(folder.purpose)", .fail, folder.purpose, distrust.why, fix: distrust.fix)
        }
        return Line(
            "folder.\(folder.purpose)", folder.isWritable ? .ok : .warn, folder.purpose,
            folder.isWritable ? "\(folder.path)" : "\(folder.path) cannot be written",
            fix: folder.isWritable
                ? nil : "make it writable for this user, or name another with XDG_\(folder.purpose.uppercased())_HOME")
    }
}
