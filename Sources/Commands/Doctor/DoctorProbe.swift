import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import SystemPackage

extension MachineFacts {
    /// This machine, this user, this executable. Starts one short child process.
    public static func current() -> MachineFacts {
        let folders = stateFolders()
        return MachineFacts(
            listener: listener(), isRoot: geteuid() == 0, delegatedCgroup: delegatedCgroup(),
            processes: softLimit(__rlimit_resource_t(__RLIMIT_NPROC.rawValue)),
            openFiles: softLimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue)),
            inotifyWatches: KernelFeatures.inotifyWatches(), sharedLibraries: sharedLibraries(),
            folders: folders, hasHome: environment("HOME") != nil)
    }

    private static func listener() -> Listener {
        switch KernelFeatures.tryListener() {
        case nil: .works
        case let error? where error.errno == .resourceBusy: .busy
        case let error?: .refused("\(error)")
        }
    }

    private static func softLimit(_ limit: __rlimit_resource_t) -> UInt64? {
        var value = rlimit()
        // The buffer is ours, and getrlimit(2) fails only for a resource that it does not know.
        guard unsafe getrlimit(limit, &value) == 0, value.rlim_cur != rlim_t.max else { return nil }
        return UInt64(value.rlim_cur)
    }

    /// Tried by making one.
    private static func delegatedCgroup() -> FilePath? {
        guard let parent = ControlGroup.parent(for: ["memory", "pids"]),
            (try? ControlGroup(in: parent, memory: 1 << 30, processes: 64)) != nil
        else { return nil }
        return parent
    }

    private static func sharedLibraries() -> [String] {
        guard let bytes = try? readFile("/proc/self/maps") else { return [] }
        let names = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line -> String? in
            guard let start = line.firstIndex(of: "/") else { return nil }
            let name = FilePath(String(line[start...])).lastComponent?.string ?? ""
            return name.contains(".so") ? name : nil
        }
        return Set(names).sorted()
    }

    /// XDG base directory specification: absolute paths count, others are as good as unset.
    private static func stateFolders() -> [Folder] {
        guard let home = environment("HOME") else { return [] }
        return [("config", ".config"), ("state", ".local/state"), ("cache", ".cache")].map { purpose, usual in
            let named = environment("XDG_\(purpose.uppercased())_HOME").flatMap {
                $0.hasPrefix("/") ? FilePath($0) : nil
            }
            let path = (named ?? FilePath(home).appending(FilePath(usual).components)).appending("agentbound")
            var nearest = path
            while !isThere(nearest), nearest.moveUp() {}
            var folder = Folder(purpose: purpose, path: path, isWritable: isWritable(nearest))
            // The journal's; a start is refused for it.
            if purpose == "state", folder.isWritable { folder.distrust = distrust(nearest) }
            return folder
        }
    }

    private static func distrust(_ folder: FilePath) -> MachineFacts.Distrust? {
        do throws(AuditError) {
            _ = try StateFolder.open(folder, create: false)
            return nil
        } catch {
            guard case .untrusted(let path, let why) = error else { return nil }
            return .init(why: "\(error)", fix: "\(why.remedy(path)), or name another folder with XDG_STATE_HOME")
        }
    }

    private static func environment(_ name: String) -> String? {
        // Nothing changes the environment while doctor runs.
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    private static func isThere(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) } == 0
    }
    private static func isWritable(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, W_OK) } == 0
    }
}
