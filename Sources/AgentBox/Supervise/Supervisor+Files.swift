import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import Synchronization
import SystemPackage

// Renames and removals (write without delete), and metadata in plain mode: on folders and files that the supervisor
// opened itself. Landlock, without the rights to remove, holds whatever would get past it.
extension Supervisor {
    func mayWrite(_ path: FilePath) -> Bool { isOpen(path, plan.granted.writePaths, .write) || isScratch(path) }
    private func mayDelete(_ path: FilePath) -> Bool {
        isOpen(path, plan.granted.deletePaths, .delete) || isScratch(path)
    }
    private func isOpen(_ path: FilePath, _ grants: [FilePath], _ access: EffectivePermissions.PathAccess) -> Bool {
        grants.contains { path.starts(with: $0) } && held.denial(of: path, for: access) == nil
    }
    func isScratch(_ path: FilePath) -> Bool { plan.scratch.contains { path.starts(with: $0) && path != $0 } }

    // MARK: names

    func removal(_ name: String, _ caller: Caller) throws(SyscallError) -> Verdict {
        let call = caller.call
        switch name {
        case "unlink": return try remove(caller, name, call.arguments[0], from: AT_FDCWD, flags: 0)
        case "rmdir": return try remove(caller, name, call.arguments[0], from: AT_FDCWD, flags: AT_REMOVEDIR)
        case "unlinkat": return try remove(caller, name, call.arguments[1], from: call.int(0), flags: call.int(2))
        case "rename":
            return try rename(caller, (call.arguments[0], AT_FDCWD), (call.arguments[1], AT_FDCWD), flags: 0)
        default:
            let flags = name == "renameat2" ? UInt32(truncatingIfNeeded: call.arguments[4]) : 0
            return try rename(caller, (call.arguments[1], call.int(0)), (call.arguments[3], call.int(2)), flags: flags)
        }
    }

    private func remove(_ caller: Caller, _ name: String, _ path: UInt64, from folder: CInt, flags: CInt)
        throws(SyscallError)
        -> Verdict
    {
        guard flags & ~AT_REMOVEDIR == 0 else { throw SyscallError(call: name, errno: .invalidArgument) }
        let place = try caller.openParent(try caller.path(at: path), from: folder)
        let folderOnly = flags & AT_REMOVEDIR != 0
        switch place.kind {
        case .regular: break
        case .currentDirectory: return .deny(folderOnly ? .invalidArgument : .isDirectory)
        case .parentDirectory: return .deny(folderOnly ? .directoryNotEmpty : .isDirectory)
        }
        let status = try FileStatus(of: place.name, in: place.folder)
        if place.wantsFolder && !folderOnly { return .deny(status.isDirectory ? .isDirectory : .notDirectory) }
        guard try mayLose(place, status) else { return denyDeletion(name, place.path) }
        guard caller.isWaiting else { return .deny(.noSuchProcess) }
        return .onBehalf { () throws(SyscallError) in
            try FolderCalls.unlink(place.name, in: place.folder, flags: flags)
        }
    }

    /// Whether a name may cease to exist.
    private func mayLose(_ place: Caller.Place, _ status: FileStatus) throws(SyscallError) -> Bool {
        if mayDelete(place.path) { return true }
        guard mayWrite(place.path) else { return false }
        let folder = try FileStatus(of: place.folder).identity
        return state.withLock { $0.history.wasBornInside(place.name, in: folder, status) }
    }

    private func rename(
        _ caller: Caller, _ from: (UInt64, CInt), _ to: (UInt64, CInt), flags: UInt32
    ) throws(SyscallError) -> Verdict {
        let exchange = flags & 2 != 0, whiteout = flags & 4 != 0
        if whiteout { return .deny(.notPermitted) }
        let old = try caller.openParent(try caller.path(at: from.0), from: from.1)
        let new = try caller.openParent(try caller.path(at: to.0), from: to.1)
        guard old.kind == .regular, new.kind == .regular else { return .deny(.resourceBusy) }
        let oldStatus = try FileStatus(of: old.name, in: old.folder)
        if (old.wantsFolder || new.wantsFolder) && !oldStatus.isDirectory { return .deny(.notDirectory) }
        guard mayWrite(old.path) || mayDelete(old.path) else { return denyDeletion("rename", old.path) }
        guard mayWrite(new.path) else {
            if let entry = held.denial(of: new.path, for: .write) {
                return refuse("rename", new.path, entry, writes: true)
            }
            let declared = plan.granted.granted.contains(.filesystemWrite)
            return deny(
                .filesystemWrite, "rename", new.path.string, declared ? "not in writePaths" : "not in the manifest",
                flag: declared ? WrittenPath.flag("--write-path", new.path.parent) : nil)
        }
        let newStatus = exchange ? try FileStatus(of: new.name, in: new.folder) : nil
        for (from, to, status) in [(old, new, oldStatus)] + (newStatus.map { [(new, old, $0)] } ?? []) {
            let place = FilePath("/proc/self/fd/\(from.folder.rawValue)").pushing(from.name)
            guard mayMove(from.path, to.path, status, in: place) else {
                return deny(
                    .filesystemWrite, "rename", "\(from.path) to \(to.path)",
                    "something in it is closed at one of the two places", flag: nil)
            }
            if status.isRegular, let entry = held.entry(behindFile: to.path) {
                return refuse("rename", to.path, entry, writes: true)
            }
            // Nothing may become readable by another place, as Landlock has it.
            let isOld = state.withLock { !$0.history.isYoung(status) }
            if isOld, !isScratch(from.path), held.opens(from.path, to.path) { return .deny(.improperLink) }
        }
        // In an exchange both names go on, but a folder takes all names below it along.
        let lost =
            newStatus.map { [(old, oldStatus), (new, $0)].filter { $0.1.isDirectory } } ?? [(old, oldStatus)]
        for (place, status) in lost where try !mayLose(place, status) { return denyDeletion("rename", place.path) }
        if try !remembersReplacement(of: new) { return .deny(.noMemory) }
        if exchange, try !remembersReplacement(of: old) { return .deny(.noMemory) }
        guard caller.isWaiting else { return .deny(.noSuchProcess) }
        return .onBehalf { () throws(SyscallError) in
            try FolderCalls.rename(old.name, in: old.folder, to: new.name, in: new.folder, flags: flags)
        }
    }

    /// When an old file is about to be replaced, its name stays protected although the file behind it will be young.
    private func remembersReplacement(of place: Caller.Place) throws(SyscallError) -> Bool {
        guard !mayDelete(place.path), let status = try? FileStatus(of: place.name, in: place.folder) else {
            return true
        }
        let folder = try FileStatus(of: place.folder).identity
        return state.withLock { state in
            state.history.wasBornInside(place.name, in: folder, status) || state.history.replace(place.name, in: folder)
        }
    }

    private func denyDeletion(_ act: String, _ path: FilePath) -> Verdict {
        if let entry = held.denial(of: path, for: .write) { return refuse(act, path, entry, writes: true) }
        let declared = plan.granted.granted.contains(.filesystemDelete)
        // What may be written may go, unless it is older than the box.
        let reason =
            mayWrite(path)
            ? "existed before, and \(declared ? "not in deletePaths" : "delete is not in the manifest")"
            : declared ? "not in deletePaths" : "not in the manifest"
        return deny(
            .filesystemDelete, act, path.string, reason,
            flag: declared ? WrittenPath.flag("--delete-path", removable(path)) : nil)
    }

    /// What to grant so that a name may go. With namespaces what is granted by itself is mounted, and stays.
    func removable(_ path: FilePath) -> FilePath { plan.isolation == .namespaces ? path.parent : path }

    // MARK: metadata

    func metadata(_ name: String, _ caller: Caller) throws(SyscallError) -> Verdict {
        let call = caller.call
        let file = SharedDescriptor(try target(of: name, caller))
        let path = FolderCalls.path(of: file) ?? "?"
        guard mayWrite(path) else {
            if let entry = held.denial(of: path, for: .write),
                plan.granted.writePaths.contains(where: { path.starts(with: $0) })
            {
                return refuse(name, path, entry, writes: true)
            }
            let declared = plan.granted.granted.contains(.filesystemWrite)
            return deny(
                .filesystemWrite, name, path.string, declared ? "not in writePaths" : "not in the manifest",
                flag: declared ? WrittenPath.flag("--write-path", path) : nil)
        }
        guard caller.isWaiting else { return .deny(.noSuchProcess) }
        let at = Self.takesFolder(name) ? 1 : 0  // where the arguments after the path begin, less one
        let change = try change(name, caller, at: at)
        if hides(file, path, change) {
            return deny(
                .filesystemWrite, name, path.string, "links with protected names in it could not be found any more",
                flag: nil)
        }
        return .onBehalf { () throws(SyscallError) in
            switch change {
            case .mode(let mode): try MetadataCalls.chmod(file, mode: mode)
            case .owner(let uid, let gid): try MetadataCalls.chown(file, uid: uid, gid: gid)
            case .times(let times): try MetadataCalls.setTimes(file, times)
            case .set(let key, let value): try MetadataCalls.setAttribute(file, key, value, flags: call.int(4))
            case .remove(let key): try MetadataCalls.removeAttribute(file, key)
            }
        }
    }

    private enum Change {
        case mode(UInt32), owner(UInt32, UInt32), times([Int64]), set(String, [UInt8]), remove(String)
    }

    /// Whether the next search could not list a folder where something is closed: by its mode, or by a list that changes it.
    private func hides(_ file: SharedDescriptor, _ path: FilePath, _ change: Change) -> Bool {
        guard !held.isOutside(path.bytes), (try? FileStatus(of: file))?.isDirectory == true else { return false }
        return switch change {
        case .mode(let mode): mode & 0o500 != 0o500
        case .set(let key, _): key.hasPrefix("system.posix_acl")
        default: false
        }
    }

    private static func takesFolder(_ name: String) -> Bool { name.hasSuffix("at") || name == "fchmodat2" }

    /// The file that the call is about: by descriptor, or by path.
    private func target(of name: String, _ caller: Caller) throws(SyscallError) -> OwnedDescriptor {
        let call = caller.call
        let byDescriptor = ["fchmod", "fchown", "fsetxattr", "fremovexattr"].contains(name)
        let emptyPath = name == "utimensat" && call.arguments[1] == 0
        if byDescriptor || emptyPath { return try caller.descriptor(call.int(0)) }
        guard Self.takesFolder(name) else {
            return try caller.open(caller.path(at: call.arguments[0]).path, followLink: !name.hasPrefix("l"))
        }
        let flags = name == "fchownat" ? call.int(4) : name == "fchmodat" || name == "futimesat" ? 0 : call.int(3)
        let path = try caller.rawPath(at: call.arguments[1])
        if path.bytes.isEmpty {
            guard flags & AT_EMPTY_PATH != 0 else { throw SyscallError(call: name, errno: .noSuchFileOrDirectory) }
            return try caller.descriptor(call.int(0))
        }
        return try caller.open(path.path, from: call.int(0), followLink: flags & AT_SYMLINK_NOFOLLOW == 0)
    }

    private func change(_ name: String, _ caller: Caller, at: Int) throws(SyscallError) -> Change {
        let call = caller.call
        func word(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: call.arguments[at + index]) }
        if FilterTable.modes.contains(name) {
            let mode = word(1) & 0o7777
            // A set-id file would lend the user's rights to whoever runs it.
            if mode & 0o6000 != 0 { throw SyscallError(call: name, errno: .notPermitted) }
            return .mode(mode)
        }
        if FilterTable.owners.contains(name) { return .owner(word(1), word(2)) }
        if FilterTable.times.contains(name) { return .times(try times(name, caller, call.arguments[at + 1])) }
        guard !name.hasSuffix("xattrat") else { throw SyscallError(call: name, errno: Errno(rawValue: ENOSYS)) }
        let key = try caller.path(at: call.arguments[1]).text
        if name.contains("remove") { return .remove(key) }
        let size = call.arguments[3]
        // XATTR_SIZE_MAX
        guard size <= 65_536 else { throw SyscallError(call: name, errno: Errno(rawValue: E2BIG)) }
        return .set(key, try caller.memory(at: call.arguments[2], count: Int(size)))
    }

    /// Access and modification time in nanoseconds' form, whichever of the four layouts the call has.
    private func times(_ name: String, _ caller: Caller, _ pointer: UInt64) throws(SyscallError) -> [Int64] {
        if pointer == 0 { return [0, MetadataCalls.now, 0, MetadataCalls.now] }
        let count = name == "utime" ? 16 : 32
        let bytes = try caller.memory(at: pointer, count: count)
        let words = stride(from: 0, to: count, by: 8).map { at in
            Int64(bitPattern: bytes[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
        switch name {
        case "utime": return [words[0], 0, words[1], 0]
        case "utimensat": return words
        default: return [words[0], words[1] &* 1_000, words[2], words[3] &* 1_000]  // microseconds
        }
    }

    // MARK: watching

    /// inotify_add_watch in plain mode: Landlock lets anybody watch what it would not let them read.
    func watch(_ caller: Caller) throws(SyscallError) -> Verdict {
        let call = caller.call
        let mask = UInt32(truncatingIfNeeded: call.arguments[2]), dontFollow: UInt32 = 0x0200_0000
        let file = SharedDescriptor(
            try caller.open(caller.path(at: call.arguments[1]).path, followLink: mask & dontFollow == 0))
        let path = FolderCalls.path(of: file) ?? "?"
        guard mayRead(path) else {
            let declared = plan.granted.granted.contains(.filesystemRead)
            return deny(
                .filesystemRead, "inotify_add_watch", path.string,
                declared ? "not in readPaths" : "not in the manifest",
                flag: declared ? WrittenPath.flag("--read-path", path) : nil)
        }
        let watches = SharedDescriptor(try caller.descriptor(call.int(0)))
        return .value(Int64(try WatchCalls.add(file, to: watches, mask: mask & ~dontFollow)))
    }

    /// By the rules that opens are held to.
    private func mayRead(_ path: FilePath) -> Bool {
        plan.landlock == nil || !held.rights(at: path.bytes).isDisjoint(with: MediatedRules.reading)
            || plan.scratch.contains { path.starts(with: $0) }
    }
}
