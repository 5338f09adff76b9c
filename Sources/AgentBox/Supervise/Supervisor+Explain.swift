import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

// `--explain`: says which files and names Landlock is about to refuse. Read from memory that may change, so it decides nothing.
extension Supervisor {
    func explainOpen(_ name: String, _ caller: Caller) {
        let call = caller.call
        let at = name.hasPrefix("openat") ? 1 : 0
        let flags = name == "creat" ? O_WRONLY | O_CREAT : call.int(at + 1)
        if flags & O_PATH != 0 { return }
        let creates = flags & O_CREAT != 0
        // What is not there is not refused.
        guard let named = named(call.arguments[at], from: at == 1 ? call.int(0) : AT_FDCWD, caller),
            let (real, exists, isFolder) = Self.realPath(named, orItsFolder: creates)
        else { return }
        if real == "/etc/resolv.conf" { return }  // closed on purpose, so that resolvers ask the stub
        let wantsWrite = flags & O_ACCMODE != O_RDONLY || (creates && !exists)
        let wanted: FileAccess =
            !wantsWrite
            ? (isFolder ? .readDirectory : .readFile)
            : flags & O_ACCMODE == O_RDWR ? [.readFile, .writeFile] : .writeFile
        explain(
            name, real, wanted, wantsWrite ? .filesystemWrite : .filesystemRead, suggested: exists ? real : real.parent)
    }

    /// New names, names that go, and files that are shortened.
    func explainName(_ name: String, _ caller: Caller) {
        let call = caller.call
        if name == "truncate" {
            guard let named = named(call.arguments[0], from: AT_FDCWD, caller),
                let (real, _, isFolder) = Self.realPath(named, orItsFolder: false), !isFolder
            else { return }
            return explain(name, real, .writeFile, .filesystemWrite, suggested: real)
        }
        for change in Self.changes(name, call) {
            // The last part itself, which may be a link; `x/..` and `/` are no names.
            guard
                let named = named(
                    call.arguments[change.path], from: change.folder.map { call.int($0) } ?? AT_FDCWD, caller),
                let last = named.lastComponent, last.kind == .regular,
                let (folder, _, _) = Self.realPath(named.parent, orItsFolder: false)
            else { continue }
            let real = folder.appending(last)
            // What is not there is not refused, nor is a name that is taken; only a rename takes its place.
            let exists = (try? OwnedDescriptor.open(real, O_PATH | O_NOFOLLOW)) != nil
            if change.isRemoval ? !exists : exists && !name.hasPrefix("rename") { return }
            explain(
                name, real, change.wanted, change.isRemoval ? .filesystemDelete : .filesystemWrite,
                suggested: change.isRemoval ? removable(real) : folder)
        }
    }

    private struct Change {
        /// Which argument names it, and which one the folder that this begins at.
        let path: Int, folder: Int?
        let wanted: FileAccess
        var isRemoval: Bool { !wanted.isDisjoint(with: [.removeFile, .removeDirectory]) }
    }

    private static func changes(_ name: String, _ call: Notification) -> [Change] {
        switch name {
        case "mkdir": [Change(path: 0, folder: nil, wanted: .makeDirectory)]
        case "mkdirat": [Change(path: 1, folder: 0, wanted: .makeDirectory)]
        case "mknod": [Change(path: 0, folder: nil, wanted: .makeRegular)]
        case "mknodat": [Change(path: 1, folder: 0, wanted: .makeRegular)]
        case "symlink": [Change(path: 1, folder: nil, wanted: .makeSymlink)]
        case "symlinkat": [Change(path: 2, folder: 1, wanted: .makeSymlink)]
        case "link": [Change(path: 1, folder: nil, wanted: .makeRegular)]
        case "linkat": [Change(path: 3, folder: 2, wanted: .makeRegular)]
        case "unlink": [Change(path: 0, folder: nil, wanted: .removeFile)]
        case "rmdir": [Change(path: 0, folder: nil, wanted: .removeDirectory)]
        case "unlinkat":
            [Change(path: 1, folder: 0, wanted: call.int(2) & AT_REMOVEDIR != 0 ? .removeDirectory : .removeFile)]
        case "rename":
            [Change(path: 0, folder: nil, wanted: .removeFile), Change(path: 1, folder: nil, wanted: .makeRegular)]
        case "renameat", "renameat2":
            [Change(path: 1, folder: 0, wanted: .removeFile), Change(path: 3, folder: 2, wanted: .makeRegular)]
        default: []
        }
    }

    private func explain(
        _ act: String, _ real: FilePath, _ wanted: FileAccess, _ permission: Permission, suggested: FilePath
    ) {
        if real.starts(with: "/proc") { return }
        let isAllowed = plan.landlock == nil || held.rights(at: real.bytes).isSuperset(of: wanted)
        if isAllowed || plan.scratch.contains(where: { real.starts(with: $0) }) { return }
        let (key, option) =
            switch permission {
            case .filesystemRead: ("readPaths", "--read-path")
            case .filesystemWrite: ("writePaths", "--write-path")
            default: ("deletePaths", "--delete-path")
            }
        let declared = plan.granted.granted.contains(permission)
        // Devices have a flag of their own.
        let flag = declared && !real.starts(with: "/dev") ? WrittenPath.flag(option, suggested) : nil
        _ = witness.record(
            BoxEvent(
                .deny, permission, act: act, subject: real.string,
                reason: declared ? "not in \(key)" : "not in the manifest", layer: .landlock, flag: flag))
    }

    /// The path that an argument names, as the launcher has to say it.
    private func named(_ argument: UInt64, from folder: CInt, _ caller: Caller) -> FilePath? {
        guard let path = try? caller.path(at: argument).path, !path.isEmpty else { return nil }
        if path.isAbsolute { return path }
        let start = folder == AT_FDCWD ? "/proc/\(caller.thread)/cwd" : "/proc/\(caller.thread)/fd/\(folder)"
        return (FolderCalls.link(start) ?? "/").pushing(path)
    }

    /// The path with its links resolved, on the host, where it is even when the box hides it; for a name that does not exist yet, its
    /// folder's.
    private static func realPath(_ path: FilePath, orItsFolder: Bool)
        -> (path: FilePath, exists: Bool, isFolder: Bool)?
    {
        if let file = try? OwnedDescriptor.open(path, O_PATH) {
            let isFolder = (try? FileStatus(of: file))?.isDirectory == true
            return FolderCalls.path(of: file).map { ($0, true, isFolder) }
        }
        guard orItsFolder, let name = path.lastComponent,
            let folder = try? OwnedDescriptor.open(path.parent, O_PATH)
        else { return nil }
        return FolderCalls.path(of: folder).map { ($0.appending(name), false, false) }
    }
}
