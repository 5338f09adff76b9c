import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import Synchronization
import SystemPackage

// New names in grants in which something stays closed: judged like opens, by the real folder and the name.
extension Supervisor {
    /// mkdir, mknod, symlink, link and truncate. Every doubt is left to the kernel, where Landlock refuses it.
    func makeName(_ name: String, _ caller: Caller) -> Verdict {
        let call = caller.call
        let isAt = name.hasSuffix("at")
        func place(_ path: Int) -> Caller.Place? { newPlace(call.arguments[path], from: isAt ? path - 1 : nil, caller) }
        switch name {
        case "mkdir", "mkdirat":
            let mode = UInt32(truncatingIfNeeded: call.arguments[isAt ? 2 : 1]) & 0o1777
            return make(name, place(isAt ? 1 : 0), .makeDirectory, caller) { (place) throws(SyscallError) in
                try NameCalls.makeFolder(place.name, in: place.folder, mode: mode)
            }
        case "mknod", "mknodat":
            let mode = UInt32(truncatingIfNeeded: call.arguments[isAt ? 2 : 1])
            let kinds: [UInt32: FileAccess] = [
                0: .makeRegular, S_IFREG: .makeRegular, S_IFIFO: .makeFifo, S_IFSOCK: .makeSocket,
            ]
            guard let right = kinds[mode & S_IFMT], mode & 0o6000 == 0 else { return .leaveToKernel }
            return make(name, place(isAt ? 1 : 0), right, caller) { (place) throws(SyscallError) in
                try NameCalls.makeNode(place.name, in: place.folder, mode: mode)
            }
        case "symlink", "symlinkat":
            guard let target = try? caller.path(at: call.arguments[0]).bytes,
                let place = newPlace(call.arguments[isAt ? 2 : 1], from: isAt ? 1 : nil, caller), !place.wantsFolder
            else { return .leaveToKernel }
            return make(name, place, .makeSymlink, caller, isLink: true) { (place) throws(SyscallError) in
                try NameCalls.makeLink(place.name, in: place.folder, to: target)
            }
        case "truncate":
            return truncate(caller)
        default:
            return link(name, caller)
        }
    }

    /// The name that is to be made; `nil` where the kernel is to say what is wrong with it, above all that it is there.
    private func newPlace(_ path: UInt64, from folder: Int?, _ caller: Caller) -> Caller.Place? {
        guard let path = try? caller.path(at: path),
            let place = try? caller.openParent(path, from: folder.map { caller.call.int($0) } ?? AT_FDCWD),
            place.kind == .regular, (try? FileStatus(of: place.name, in: place.folder)) == nil
        else { return nil }
        return place
    }

    private func make(
        _ act: String, _ place: Caller.Place?, _ right: FileAccess, _ caller: Caller, isLink: Bool = false,
        _ body: (Caller.Place) throws(SyscallError) -> Void
    ) -> Verdict {
        guard let place else { return .leaveToKernel }
        switch held.holder(of: place.bytes, for: right) {
        case .kernel: return .leaveToKernel
        case .closed(let entry): return refuse(act, place.path, entry, writes: true)
        case .supervisor: break
        }
        // A link `.git` would lead `.git/hooks` to a folder that is not closed.
        if isLink, let entry = held.entry(through: place.path) { return refuse(act, place.path, entry, writes: true) }
        if right == .makeRegular, let entry = held.entry(behindFile: place.path) {
            return refuse(act, place.path, entry, writes: true)
        }
        return asCaller(caller) { () throws(SyscallError) in
            try body(place)
            return .value(0)
        }
    }

    private func link(_ name: String, _ caller: Caller) -> Verdict {
        let call = caller.call
        let isAt = name == "linkat"
        let flags = isAt ? call.int(4) : 0
        guard flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH) == 0,
            let new = newPlace(call.arguments[isAt ? 3 : 1], from: isAt ? 2 : nil, caller), !new.wantsFolder,
            let opened = try? linked(call.arguments[isAt ? 1 : 0], isAt ? call.int(0) : AT_FDCWD, flags, caller),
            case let file = SharedDescriptor(opened), let status = try? FileStatus(of: file),
            let old = FolderCalls.pathBytes(of: file)
        else { return .leaveToKernel }
        let isMine = if case .kernel = held.holder(of: new.bytes, for: .makeRegular) { false } else { true }
        if status.isDirectory { return isMine ? .deny(.notPermitted) : .leaveToKernel }
        if status.links > 0 {
            // Another name of something closed would open it.
            if case .closed(let entry) = held.holder(of: old, for: [.readFile, .writeFile]) {
                return refuse(name, FilePath(bytes: old), entry, writes: true)
            }
            let rights = held.rights(at: old)
            // Nothing may be gained by a second name. Landlock says EXDEV, and programs copy instead.
            guard rights.contains([.writeFile, .refer]),
                held.rights(at: new.bytes).intersection(.onFiles).isSubset(of: rights)
            else { return isMine ? .deny(.improperLink) : .leaveToKernel }
        } else {
            // A file without a name, O_TMPFILE: the box's own.
            guard state.withLock({ $0.history.isYoung(status) }) else { return .leaveToKernel }
        }
        return make(name, new, .makeRegular, caller, isLink: status.isSymlink) { (place) throws(SyscallError) in
            try NameCalls.link(file, as: place.name, in: place.folder)
        }
    }

    private func linked(_ path: UInt64, _ folder: CInt, _ flags: CInt, _ caller: Caller) throws(SyscallError)
        -> OwnedDescriptor
    {
        let path = try caller.rawPath(at: path)
        if path.bytes.isEmpty && flags & AT_EMPTY_PATH != 0 { return try caller.descriptor(folder) }
        return try caller.open(path.path, from: folder, followLink: flags & AT_SYMLINK_FOLLOW != 0)
    }

    private func truncate(_ caller: Caller) -> Verdict {
        guard let path = try? caller.path(at: caller.call.arguments[0]), let opened = try? caller.open(path.path),
            case let file = SharedDescriptor(opened), let real = FolderCalls.pathBytes(of: file)
        else { return .leaveToKernel }
        switch held.holder(of: real, for: .writeFile) {
        case .kernel: return .leaveToKernel
        case .closed(let entry): return refuse("truncate", FilePath(bytes: real), entry, writes: true)
        case .supervisor: break
        }
        guard caller.isWaiting else { return .deny(.noSuchProcess) }
        let length = Int64(bitPattern: caller.call.arguments[1])
        return .onBehalf { () throws(SyscallError) in try NameCalls.truncate(file, length: length) }
    }

    // MARK: moving

    /// The most entries of a folder that is moved; all are looked at.
    private static let mostMoved = 100_000

    /// Whether everything below a folder may have its new path: a name that is closed at one of the two places and open at
    /// the other could be planted, or opened, by moving the folder that it is in.
    func mayMove(_ old: FilePath, _ new: FilePath, _ status: FileStatus, in root: FilePath) -> Bool {
        guard held.areAlike(old, new, isLink: status.isSymlink) else { return false }
        guard status.isDirectory else { return true }
        var left = Self.mostMoved
        var folders = [FilePath()]
        while let folder = folders.popLast() {
            let here = root.pushing(folder)
            guard let entries = FolderCalls.list(here, limit: left + 1) else { return false }
            left -= entries.count
            guard left >= 0 else { return false }
            for entry in entries {
                let inside = folder.appending(entry.name)
                let (from, to) = (old.pushing(inside), new.pushing(inside))
                guard held.areAlike(from, to, isLink: entry.kind == .link), isScratch(old) || !held.opens(from, to)
                else { return false }
                if entry.kind == .other, held.entry(behindFile: to) != nil, held.entry(behindFile: from) == nil {
                    return false
                }
                // What it leads to is closed only where it leads there.
                if entry.kind == .link, held.denial(of: from, for: .write) != nil { return false }
                if entry.kind == .folder { folders.append(inside) }
            }
        }
        return true
    }
}
