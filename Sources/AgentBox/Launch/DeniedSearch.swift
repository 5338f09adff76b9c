import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// A search for denied names, breadth first, not through links; what is denied as a whole is not searched below.
struct DeniedSearch {
    /// What stops a search: in grants with more entries than this some may be missed. It takes 1 µs an entry.
    static let mostEntries = 500_000
    /// What stops one for links, which counts folders and links alone.
    static let mostLinks = 1_000_000

    private(set) var found: [HostFacts.DeniedEntry] = []
    /// Where something may have been missed: whole grants, or folders that cannot be listed. Not more than a few.
    private(set) var unsearched: [FilePath] = []
    /// Whether there was more than could be looked at.
    var isCut: Bool { budget < 0 }
    private let finder: DenialFinder
    /// The grants, none inside another.
    private let roots: [FilePath]
    private let writable: [FilePath]
    /// Entries that may still be looked at.
    private var budget: Int
    private let linksOnly: Bool
    private static let mostUnsearched = 8
    /// The kernel's own files, which are no one's secrets by name, and many.
    private static let skipped: Set<FilePath> = ["/proc", "/sys"]

    /// - Parameters:
    ///   - budget: How many entries of all grants together may be looked at.
    ///   - linksOnly: Only links with denied names are wanted, for what they lead to.
    init(_ granted: EffectivePermissions, budget: Int, linksOnly: Bool = false) {
        self.linksOnly = linksOnly
        finder = DenialFinder(granted)
        var roots: [FilePath] = []
        for path in (granted.readPaths + granted.writePaths + granted.deletePaths).sorted(by: { $0.string < $1.string })
        where !roots.contains(where: { path.starts(with: $0) }) { roots.append(path) }
        self.roots = roots
        writable = granted.writePaths + granted.deletePaths
        self.budget = budget
    }

    mutating func run() {
        if finder.isEmpty { return }
        for root in roots { lookBelow(root) }
        // A file that is found by its own name and behind a link is closed to all that either says.
        let closed = Dictionary(found.map { ($0.path, $0) }) { $0.rule.access == .all ? $0 : $1 }
        found = closed.values.sorted { $0.path.string < $1.path.string }
    }

    private mutating func lookBelow(_ root: FilePath) {
        if Self.skipped.contains(where: { root.starts(with: $0) }) { return }
        var folders = [root][...]
        while let folder = folders.popFirst() {
            guard let entries = FolderCalls.list(folder, limit: budget + 1, foldersAndLinks: linksOnly) else {
                if canBeEntered(folder) { miss(folder) }
                continue
            }
            budget -= entries.count
            if isCut { return miss(root) }
            let isWritable = writable.contains { folder.starts(with: $0) }
            for entry in entries {
                let closed =
                    finder.denial(of: entry.name, in: folder, for: .read)
                    ?? (isWritable ? finder.denial(of: entry.name, in: folder, for: .write) : nil)
                if entry.kind == .link {
                    if let closed { lookBehind(entry.path(in: folder), closed) }
                    continue
                }
                let path = entry.kind == .folder || closed != nil ? entry.path(in: folder) : folder
                if let closed { found.append(.init(path: path, isFolder: entry.kind == .folder, rule: closed)) }
                // What is closed for writing only may hold what is closed for reading too.
                if entry.kind == .folder && closed?.access != .all && !Self.skipped.contains(path) {
                    folders.append(path)
                }
            }
        }
    }

    /// A protected name may be a link, as hooks that several checkouts share: then what it leads to is closed, where that is
    /// granted. A link to a whole grant, or out of it, closes nothing.
    private mutating func lookBehind(_ link: FilePath, _ rule: DeniedPath) {
        // Another link in the place of one of these would lead elsewhere, and open at the next start what this one leads to.
        for passed in links(behind: link) {
            let kept = DeniedPath(pattern: rule.pattern, access: .write, origin: rule.origin)
            found.append(.init(path: passed, isFolder: false, rule: kept, isBehindLink: true, isUncovered: true))
        }
        guard let file = try? OwnedDescriptor.open(link, O_PATH), let status = try? FileStatus(of: file),
            let real = FolderCalls.path(of: file), roots.contains(where: { real.starts(with: $0) && real != $0 }),
            finder.closes(rule, behindLink: real)
        else { return }
        found.append(.init(path: real, isFolder: status.isDirectory, rule: rule, isBehindLink: true))
    }

    /// The links inside the grants that the way to a link's target leads through. path_resolution(7)
    private func links(behind link: FilePath) -> [FilePath] {
        var passed: [FilePath] = []
        var place = link.parent
        var rest = [FilePath.Component]()
        func follow(_ target: FilePath) {
            if target.isAbsolute { place = "/" }
            rest += target.components.reversed()
        }
        guard let target = FolderCalls.target(of: link) else { return [] }
        follow(target)
        while let part = rest.popLast(), passed.count < 40 {
            if part.kind == .parentDirectory { place.moveUp() }
            if part.kind != .regular { continue }
            let next = place.appending(part)
            guard let target = FolderCalls.target(of: next) else {
                place = next
                continue
            }
            if roots.contains(where: { next.starts(with: $0) }) { passed.append(next) }
            follow(target)
        }
        return passed
    }

    private mutating func miss(_ folder: FilePath) {
        if unsearched.count < Self.mostUnsearched { unsearched.append(folder) }
    }

    /// A folder that cannot be listed still opens to those who know the names in it. Nothing can be missed in a file, in a
    /// folder that nobody here may enter, or in one that is gone.
    private func canBeEntered(_ folder: FilePath) -> Bool {
        guard (try? FileStatus(of: folder))?.isDirectory == true else { return false }
        return unsafe folder.withPlatformString { unsafe faccessat(AT_FDCWD, $0, X_OK, AT_EACCESS) } == 0
    }
}
