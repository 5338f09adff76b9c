import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

// Opens of a box in whose grants something stays closed. The path is copied once and followed here; what it leads to is
// judged by its real path, and the caller gets a descriptor for that very file. Landlock gives the box no right of its own
// to these grants, so every doubt is left to the kernel: it answers as it would have, and lets nothing more through. That
// is why `leaveToKernel` is safe here although the caller can change the path after it was read.
//
// All that makes, moves or removes names in these grants is done by this one thread, so that the box cannot change them
// between a look and an act.
extension Supervisor {
    func open(_ name: String, _ caller: Caller) -> Step {
        let request = OpenRequest(name, caller.call)
        if !request.isOrdinary { return leaveOpen(name, caller) }
        guard var path = try? caller.path(at: request.path) else { return leaveOpen(name, caller) }
        var folder = request.folder
        // Each turn follows one link that leads to nothing yet; the kernel follows 40. path_resolution(7)
        for _ in 0..<40 {
            switch find(path, from: folder, request, caller) {
            case .file(let file, let real):
                return open(file, real, request, name, caller) ?? leaveOpen(name, caller)
            case .nothing(let place):
                switch create(place, request, name, caller) {
                case .done(let step): return step
                case .kernels: return leaveOpen(name, caller)
                case .exists: continue  // somebody outside was faster
                }
            case .linkToNothing(let target):
                path = CallerPath(bytes: Array(target.string.utf8))
                folder = AT_FDCWD
            case .other: return leaveOpen(name, caller)
            }
        }
        return leaveOpen(name, caller)
    }

    private func leaveOpen(_ name: String, _ caller: Caller) -> Step {
        if plan.mediation.observeFiles { explainOpen(name, caller) }
        return .now(.leaveToKernel)
    }

    private enum Found {
        /// A file with the path that it has now.
        case file(SharedDescriptor, [UInt8])
        /// A folder without that name.
        case nothing(Caller.Place)
        case linkToNothing(FilePath)
        case other
    }

    private func find(_ path: CallerPath, from folder: CInt, _ request: OpenRequest, _ caller: Caller) -> Found {
        let endsWithSlash = path.bytes.last == UInt8(ascii: "/")
        if endsWithSlash && request.creates { return .other }
        let follows = endsWithSlash || !(request.isExclusive || request.flags & O_NOFOLLOW != 0)
        do throws(SyscallError) {
            let file = SharedDescriptor(
                try caller.open(path.path, from: folder, followLink: follows, folderOnly: endsWithSlash))
            return FolderCalls.pathBytes(of: file).map { .file(file, $0) } ?? .other
        } catch {
            guard error.errno == .noSuchFileOrDirectory,
                request.creates || !held.isOutside(path.bytes),
                let place = try? caller.openParent(path, from: folder), place.kind == .regular
            else { return .other }
            guard (try? FileStatus(of: place.name, in: place.folder)) != nil else { return .nothing(place) }
            guard request.creates, follows, let target = FolderCalls.target(of: place.name, in: place.folder) else {
                return .other
            }
            return .linkToNothing(place.path.parent.pushing(target))
        }
    }

    /// - Returns: `nil` where the kernel is to answer.
    private func open(
        _ file: SharedDescriptor, _ real: [UInt8], _ request: OpenRequest, _ name: String, _ caller: Caller
    ) -> Step? {
        // What the programs' own files are, most of all: nothing more has to be known of them. A removed file's path has a mark.
        if real.last != UInt8(ascii: ")"), held.isOutside(real) { return nil }
        guard let status = try? FileStatus(of: file), !request.isExclusive else { return nil }
        let kind = status.mode & S_IFMT
        // A link that is not to be followed, a device, a folder to be written to: the errno is the kernel's to say.
        if kind == S_IFLNK || kind == S_IFCHR || kind == S_IFBLK { return nil }
        if status.isDirectory && !request.isTemporary && (request.writes || request.creates) { return nil }
        let wanted: FileAccess =
            request.isTemporary
            ? request.wanted.union(.makeRegular) : status.isDirectory ? .readDirectory : request.wanted
        switch held.holder(of: Self.withoutDeletion(real, status), for: wanted) {
        case .kernel: return nil
        case .closed(let entry): return .now(refuse(name, FilePath(bytes: real), entry, writes: request.writes))
        case .supervisor: break
        }
        let flags = request.flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
        let closeOnExec = request.flags & O_CLOEXEC != 0
        if request.writes && !caller.isWaiting { return .now(.deny(.noSuchProcess)) }
        if request.isTemporary {
            // As for a file with a name.
            if request.mode & 0o6000 != 0 { return .now(.deny(.notPermitted)) }
            return .now(
                asCaller(caller) { () throws(SyscallError) in
                    .inject(
                        try NameCalls.reopen(file, flags: flags, mode: request.mode), closeOnExec: closeOnExec)
                })
        }
        let wait: @Sendable () -> Verdict = {
            do throws(SyscallError) {
                return .inject(try NameCalls.reopen(file, flags: flags), closeOnExec: closeOnExec)
            } catch { return .deny(error.errno) }
        }
        // A pipe waits for its other end: that is for a worker.
        if kind == S_IFIFO && flags & O_NONBLOCK == 0 { return .later(wait) }
        guard status.isRegular else { return .now(wait()) }
        // Whoever holds a lease on a file outside is asked to give it up, and has time for that.
        do throws(SyscallError) {
            let opened = try NameCalls.reopen(file, flags: flags | O_NONBLOCK)
            if flags & O_NONBLOCK == 0 { NameCalls.makeBlocking(opened, flags: flags) }
            return .now(.inject(opened, closeOnExec: closeOnExec))
        } catch  where error.errno == .wouldBlock && flags & O_NONBLOCK == 0 {
            return .later(wait)
        } catch { return .now(.deny(error.errno)) }
    }

    /// The kernel marks the path of a file that has lost its name.
    private static func withoutDeletion(_ path: [UInt8], _ status: FileStatus) -> [UInt8] {
        let mark = Array(" (deleted)".utf8)
        return status.links == 0 && path.suffix(mark.count).elementsEqual(mark) ? path.dropLast(mark.count) : path
    }

    private enum Creation {
        case done(Step)
        case kernels
        case exists
    }

    private func create(_ place: Caller.Place, _ request: OpenRequest, _ name: String, _ caller: Caller) -> Creation {
        guard request.creates else {
            // That it is not there has been seen; left to the kernel it could appear, and be refused.
            if case .kernel = held.holder(of: place.bytes, for: request.wanted) { return .kernels }
            return .done(.now(.deny(.noSuchFileOrDirectory)))
        }
        switch held.holder(of: place.bytes, for: request.wanted.union(.makeRegular)) {
        case .kernel: return .kernels
        case .closed(let entry): return .done(.now(refuse(name, place.path, entry, writes: true)))
        case .supervisor: break
        }
        if let entry = held.entry(behindFile: place.path) {
            return .done(.now(refuse(name, place.path, entry, writes: true)))
        }
        // A set-id file would lend the user's rights to whoever runs it.
        if request.mode & 0o6000 != 0 { return .done(.now(.deny(.notPermitted))) }
        do throws(SyscallError) {
            let mask = try ProcessStatus(of: caller.thread).umask
            guard caller.isWaiting else { return .done(.now(.deny(.noSuchProcess))) }
            let before = umask(mask)  // this thread's own
            defer { umask(before) }
            let file = try NameCalls.create(place.name, in: place.folder, flags: request.flags, mode: request.mode)
            return .done(.now(.inject(file, closeOnExec: request.flags & O_CLOEXEC != 0)))
        } catch  where error.errno == .fileExists && !request.isExclusive {
            return .exists
        } catch {
            return .done(.now(.deny(error.errno)))
        }
    }

    /// Makes something with the caller's umask.
    func asCaller(_ caller: Caller, _ body: () throws(SyscallError) -> Verdict) -> Verdict {
        do throws(SyscallError) {
            let mask = try ProcessStatus(of: caller.thread).umask
            guard caller.isWaiting else { return .deny(.noSuchProcess) }
            let before = umask(mask)  // this thread's own
            defer { umask(before) }
            return try body()
        } catch { return .deny(error.errno) }
    }

    /// Refuses what stays closed inside a grant, and says what would open it.
    func refuse(_ act: String, _ path: FilePath, _ entry: DeniedPath, writes: Bool) -> Verdict {
        let reason =
            switch entry.origin {
            case .operator: "in denyPaths (\(entry.pattern))"
            case .protected: "protected (\(entry.pattern))"
            case .journal, .startFile, .stateFolder:
                "\(entry.origin.ownWords)\(entry.pattern == path.string ? "" : " (\(entry.pattern))"), which nothing opens for writing"
            case .unsearched: "links with protected names are still looked for in \(entry.pattern), or are too many"
            }
        return deny(
            writes ? .filesystemWrite : .filesystemRead, act, path.string, reason,
            flag: entry.origin == .protected
                ? WrittenPath.flag("--allow-protected", path, allowsWildcards: false) : nil)
    }
}

/// What an open asks for, as its registers say.
struct OpenRequest {
    let path: UInt64
    /// A descriptor, or AT_FDCWD.
    let folder: CInt
    let flags: CInt
    let mode: UInt32

    private static let temporary: CInt = 0o20_000_000  // __O_TMPFILE, which comes with O_DIRECTORY

    init(_ name: String, _ call: Notification) {
        let at = name == "openat" ? 1 : 0
        path = call.arguments[at]
        folder = at == 1 ? call.int(0) : AT_FDCWD
        flags = name == "creat" ? O_CREAT | O_WRONLY | O_TRUNC : call.int(at + 1)
        mode = UInt32(truncatingIfNeeded: call.arguments[name == "creat" ? 1 : at + 2]) & 0o7777
    }

    var creates: Bool { flags & O_CREAT != 0 }
    var isExclusive: Bool { creates && flags & O_EXCL != 0 }
    var isTemporary: Bool { flags & Self.temporary != 0 }
    var writes: Bool { flags & O_ACCMODE != O_RDONLY || flags & O_TRUNC != 0 }

    /// Whether it is for the supervisor at all: handles and odd flags are the kernel's.
    var isOrdinary: Bool {
        if flags & O_PATH != 0 || flags & O_ACCMODE == O_ACCMODE { return false }
        if isTemporary { return flags & O_DIRECTORY != 0 && flags & O_ACCMODE != O_RDONLY && !creates }
        return !(creates && flags & O_DIRECTORY != 0)
    }

    /// The rights to what is there already.
    var wanted: FileAccess {
        switch flags & O_ACCMODE {
        case O_RDONLY: flags & O_TRUNC != 0 ? [.readFile, .writeFile] : .readFile
        case O_WRONLY: .writeFile
        default: [.readFile, .writeFile]
        }
    }
}
