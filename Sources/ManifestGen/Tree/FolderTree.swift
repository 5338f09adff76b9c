import Glibc
public import LinuxSystem
public import SystemPackage

/// A folder's files. Each folder is opened below its parent without following links, so the walk cannot leave the tree
/// or go round in it.
public struct FolderTree: SourceTree {
    public private(set) var paths: [String] = []
    public private(set) var omissions = Omissions()
    private let root: SharedDescriptor
    private let limits: TreeLimits
    private var readBytes = 0

    /// - Throws: ``SyscallError`` when the folder itself cannot be opened.
    public init(_ folder: FilePath, limits: TreeLimits = TreeLimits(), progress: ((Int) -> Void)? = nil)
        throws(SyscallError)
    {
        root = SharedDescriptor(try OwnedDescriptor.open(folder, O_RDONLY | O_DIRECTORY))
        self.limits = limits
        walk(progress)
        paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func walk(_ progress: ((Int) -> Void)?) {
        var pending: [(path: String, depth: Int)] = [("", 0)]
        while let (path, depth) = pending.popLast() {
            guard let entries = list(path) else {
                omissions.unreadableFolders.append(path.isEmpty ? "." : path)
                continue
            }
            for entry in entries {
                let child = path.isEmpty ? entry.name : path + "/" + entry.name
                switch entry.kind {
                case .link: omissions.links += 1
                case .folder:
                    if IgnoredFolders.names.contains(entry.name) { continue }
                    if depth + 1 > limits.depth {
                        omissions.tooDeepFolders += 1
                    } else {
                        pending.append((child, depth + 1))
                    }
                case .file:
                    if paths.count >= limits.files { omissions.filesBeyondLimit += 1 } else { paths.append(child) }
                    if paths.count % 1_000 == 0 { progress?(paths.count) }
                case .other: continue
                }
            }
        }
    }

    private enum Kind { case file, folder, link, other }

    /// Opens `path` below the root, no part of it being a link.
    private func open(_ path: String, _ flags: CInt) -> CInt {
        // openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS
        var number = root.rawValue
        var isOwned = false
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let how = (isLast ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC
            // The name lives for the call.
            let next = unsafe openat(number, String(part), how)
            if isOwned { close(number) }
            if next == -1 { return -1 }
            number = next
            isOwned = true
        }
        return parts.isEmpty ? dup(number) : number
    }

    private func list(_ path: String) -> [(name: String, kind: Kind)]? {
        let number: CInt
        if path.isEmpty {
            // A descriptor of its own: the position in a folder is shared by duplicates.
            number = unsafe openat(root.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        } else {
            number = open(path, O_RDONLY | O_DIRECTORY)
        }
        guard number != -1 else { return nil }
        guard let stream = unsafe fdopendir(number) else {
            close(number)
            return nil
        }
        defer { unsafe closedir(stream) }
        var entries: [(String, Kind)] = []
        // An entry stays valid until the next readdir(3); its name is copied before.
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            entries.append((name, kind(unsafe entry.pointee.d_type, number, name)))
        }
        return entries
    }

    private func kind(_ type: UInt8, _ folder: CInt, _ name: String) -> Kind {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN):  // some file systems do not say
            var status = stat()
            // The structure is ours for the length of the call.
            guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return .file
            case S_IFDIR: return .folder
            case S_IFLNK: return .link
            default: return .other
            }
        default: return .other
        }
    }

    public mutating func read(_ index: Int) -> [UInt8]? {
        let path = paths[index]
        let number = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard number != -1 else {
            omissions.unreadableFiles.append(path)
            return nil
        }
        let file = OwnedDescriptor(rawValue: number)
        guard readBytes < limits.totalBytes else {
            omissions.bytesBeyondLimit += 1
            return nil
        }
        guard let bytes = contents(file) else {
            omissions.unreadableFiles.append(path)
            return nil
        }
        guard bytes.count <= limits.fileBytes else {
            omissions.tooLargeFiles.append(path)
            return nil
        }
        readBytes += bytes.count
        return bytes
    }

    /// The whole file with one read of the size that fstat(2) names, when it says the truth.
    private func contents(_ file: borrowing OwnedDescriptor) -> [UInt8]? {
        guard let status = try? FileStatus(of: file), status.isRegular else { return nil }
        let size = Int(min(status.size, UInt64(limits.fileBytes + 1)))
        let number = file.rawValue
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            var done = 0
            while done < size {
                // Within the buffer's bounds.
                let got = unsafe Glibc.read(number, buffer.baseAddress! + done, size - done)
                if got <= 0 { break }
                done += got
            }
            count = done
        }
        return bytes
    }
}
