import Glibc
import LinuxSystem
public import SystemPackage

/// The questions that following a command asks of a file system. Answers are `nil` when there is no answer, for
/// whatever reason: a file that cannot be read is no part of a program.
public protocol FileSystemView: Sendable {
    /// What lies at `path`; a link is not followed.
    func entry(at path: FilePath) -> FileEntry?
    /// The text of a symbolic link.
    func target(ofLink path: FilePath) -> FilePath?
    /// Up to `count` bytes from `offset`; links are followed.
    func bytes(of file: FilePath, from offset: Int, count: Int) -> [UInt8]?
    /// Names in a folder, sorted, without `.` and `..`, each with whether it is a link.
    func list(_ folder: FilePath) -> [FolderEntry]?
    /// Follows all links of an absolute path as the kernel does; `nil` when a part is missing.
    func resolve(_ path: FilePath) -> ResolvedPath?
}

/// What one path names.
public struct FileEntry: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case file, folder, link, other }
    public var kind: Kind
    /// Whether the caller may execute it.
    public var isExecutable: Bool
    /// Seconds since 1970 of the last change to its contents.
    public var modified: Int

    public init(kind: Kind, isExecutable: Bool, modified: Int) {
        self.kind = kind
        self.isExecutable = isExecutable
        self.modified = modified
    }
}

public struct FolderEntry: Hashable, Sendable {
    public var name: String
    public var isLink: Bool

    public init(name: String, isLink: Bool) {
        self.name = name
        self.isLink = isLink
    }
}

/// The file system that this process sees.
public struct HostFiles: FileSystemView {
    public init() {}

    public func entry(at path: FilePath) -> FileEntry? {
        var status = stat()
        // The path lives for the call, the buffer is ours.
        guard unsafe path.withPlatformString({ unsafe lstat($0, &status) }) == 0 else { return nil }
        let kind: FileEntry.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        // access(2) knows about file systems mounted noexec, which the mode bits do not.
        let mayExecute = unsafe kind == .file && path.withPlatformString { unsafe access($0, X_OK) } == 0
        return FileEntry(kind: kind, isExecutable: mayExecute, modified: Int(status.st_mtim.tv_sec))
    }

    /// Most paths hold no link, or are not there, which the kernel tells quicker than going through the parts does.
    public func resolve(_ path: FilePath) -> ResolvedPath? {
        switch FolderCalls.linkless(path) {
        case .exists:
            entry(at: path).map {
                // Without links `..` is what it seems. It must not stay: what is too broad to be granted is known by its name.
                let hasDots = unsafe path.withPlatformString { unsafe strstr($0, "/.") } != nil
                return ResolvedPath(path: hasDots ? path.lexicallyNormalized() : path, entry: $0, links: [])
            }
        case .missing: nil
        case .hasLinks: resolveByParts(path)
        }
    }

    public func target(ofLink path: FilePath) -> FilePath? {
        // One byte more than a path can have tells a cut answer from a whole one.
        let text = unsafe [UInt8](unsafeUninitializedCapacity: 4097) { buffer, count in
            let got = unsafe path.withPlatformString {
                unsafe readlink(
                    $0, UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self), 4097)
            }
            count = max(got, 0)
        }
        return text.isEmpty || text.count > 4096 ? nil : FilePath(String(decoding: text, as: UTF8.self))
    }

    public func bytes(of file: FilePath, from offset: Int, count: Int) -> [UInt8]? {
        // A FIFO would make open wait, a device could do anything.
        guard let source = try? OwnedDescriptor.open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY) else { return nil }
        var status = stat()
        guard unsafe fstat(source.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let number = source.rawValue
        var whole: [UInt8] = []
        while whole.count < count {
            let done = whole.count
            let part = unsafe [UInt8](unsafeUninitializedCapacity: count - done) { buffer, filled in
                filled = max(0, unsafe pread(number, buffer.baseAddress, count - done, off_t(offset + done)))
            }
            if part.isEmpty { break }
            whole += part
        }
        return whole
    }

    public func list(_ folder: FilePath) -> [FolderEntry]? {
        FolderCalls.list(folder)?.map { FolderEntry(name: $0.name, isLink: $0.kind == .link) }.sorted {
            $0.name < $1.name
        }
    }
}

/// A path without links, and the links that led to it.
public struct ResolvedPath: Hashable, Sendable {
    public var path: FilePath
    public var entry: FileEntry
    public var links: [SymbolicLink]
}

extension FileSystemView {
    /// Follows all links of an absolute path as the kernel does.
    public func resolve(_ path: FilePath) -> ResolvedPath? { resolveByParts(path) }

    /// One part after the other, noting the links.
    /// - Returns: `nil` when a part is missing, or after 40 links: path_resolution(7).
    func resolveByParts(_ path: FilePath) -> ResolvedPath? {
        var rest = Array(path.components.reversed())
        var real = FilePath("/")
        // Of the real path, as long as it is known.
        var last: FileEntry?
        var links: [SymbolicLink] = []
        while let part = rest.popLast() {
            if part.kind == .currentDirectory { continue }
            if part.kind == .parentDirectory {
                real.moveUp()
                last = nil
                continue
            }
            let next = real.appending(part)
            guard let found = entry(at: next) else { return nil }
            guard found.kind == .link else {
                if found.kind != .folder, !rest.isEmpty { return nil }
                real = next
                last = found
                continue
            }
            guard links.count < 40, let target = target(ofLink: next) else { return nil }
            links.append(SymbolicLink(path: next, target: target))
            if target.isAbsolute { (real, last) = ("/", nil) }
            rest += target.components.reversed()
        }
        guard let entry = last ?? entry(at: real) else { return nil }
        return ResolvedPath(path: real, entry: entry, links: links)
    }

    func isFolder(_ path: FilePath) -> Bool { resolve(path)?.entry.kind == .folder }
    func isFile(_ path: FilePath) -> Bool { resolve(path)?.entry.kind == .file }

    /// A small text file, or `nil` when it is missing or larger than `limit` bytes.
    func text(of file: FilePath, limit: Int = 1 << 18) -> String? {
        guard let bytes = bytes(of: file, from: 0, count: limit + 1), bytes.count <= limit else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
