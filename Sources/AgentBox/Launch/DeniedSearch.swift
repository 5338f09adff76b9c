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
    private let granted: EffectivePermissions
    private var finder: DenialFinder
    /// Made when the first link is met.
    private var linked: LinkedDenials?
    /// Entries as they are behind links that stand for folders on their way.
    private var behindLinks: [DeniedPath] = []
    private let budgetOfARound: Int
    /// The grants, none inside another.
    private let roots: [FilePath]
    private let writable: [FilePath]
    /// Entries that may still be looked at.
    private var budget: Int
    private let linksOnly: Bool
    private static let mostUnsearched = 8
    /// How often the search begins anew with what it found behind links: there may be links on the way to that, too.
    private static let mostRounds = 4
    private static let mostBehindLinks = 1_000
    /// The kernel's own files, which are no one's secrets by name, and many.
    private static let skipped: Set<FilePath> = ["/proc", "/sys"]

    /// - Parameters:
    ///   - budget: How many entries of all grants together may be looked at.
    ///   - linksOnly: Only links with denied names are wanted, for what they lead to.
    init(_ granted: EffectivePermissions, budget: Int, linksOnly: Bool = false) {
        self.linksOnly = linksOnly
        self.granted = granted
        finder = DenialFinder(granted)
        var roots: [FilePath] = []
        for path in (granted.readPaths + granted.writePaths + granted.deletePaths).sorted(by: { $0.string < $1.string })
        where !roots.contains(where: { path.starts(with: $0) }) { roots.append(path) }
        self.roots = roots
        writable = granted.writePaths + granted.deletePaths
        self.budget = budget
        budgetOfARound = budget
    }

    mutating func run() {
        if finder.isEmpty { return }
        for round in 1...Self.mostRounds {
            let before = behindLinks.count
            for root in roots { lookBelow(root) }
            if behindLinks.count == before || isCut { break }
            if round == Self.mostRounds || behindLinks.count > Self.mostBehindLinks {
                budget = -1
                for root in roots { miss(root) }
                break
            }
            var more = granted
            more.denied += behindLinks
            (finder, linked, found, unsearched, budget) = (DenialFinder(more), nil, [], [], budgetOfARound)
        }
        found += behindLinks.map(entry)
        // A file that is found by its own name and behind a link is closed to all that either says.
        let closed = Dictionary(found.map { ($0.path, $0) }) { one, other in
            var both = one.rule.access == .all ? one : other
            both.isBehindLink = one.isBehindLink || other.isBehindLink
            both.isUncovered = one.isUncovered || other.isUncovered
            return both
        }
        found = closed.values.sorted { $0.path.string < $1.path.string }
    }

    /// A pattern can be covered where it is a path, and something is there.
    private func entry(_ rule: DeniedPath) -> HostFacts.DeniedEntry {
        let path = FilePath(rule.pattern)
        let status = try? FileStatus(of: path, followLink: false)
        let isReal = status?.isSymlink == false && Self.isReal(path)
        return .init(
            path: path, isFolder: status?.isDirectory == true, rule: rule, isBehindLink: true, isUncovered: !isReal)
    }

    private static func isReal(_ path: FilePath) -> Bool {
        guard let file = try? OwnedDescriptor.open(path, O_PATH) else { return false }
        return FolderCalls.path(of: file) == path
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
                    lookThrough(entry, in: folder)
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
    /// granted, also before it is there. A link to a whole grant, or out of it, closes nothing.
    private mutating func lookBehind(_ link: FilePath, _ rule: DeniedPath) {
        guard let (target, passed) = destination(of: link) else { return }
        keep(passed, rule)
        guard roots.contains(where: { target.starts(with: $0) && target != $0 }),
            finder.closes(rule, behindLink: target)
        else { return }
        let status = try? FileStatus(of: target)
        found.append(
            .init(
                path: target, isFolder: status?.isDirectory == true, rule: rule, isBehindLink: true,
                isUncovered: status == nil))
    }

    /// A folder on the way to a protected name may be a link: then that name is closed where the link leads to.
    private mutating func lookThrough(_ entry: FolderCalls.Entry, in folder: FilePath) {
        let linked = self.linked ?? LinkedDenials(granted.denied + behindLinks, grants: roots)
        self.linked = linked
        guard linked.concern(entry.name, in: folder) else { return }
        let link = entry.path(in: folder)
        guard let (target, passed) = destination(of: link),
            roots.contains(where: { target.starts(with: $0) || $0.starts(with: target) })
        else { return }
        for rule in linked.denials(behind: link, leadingTo: target) {
            keep(passed, rule)
            if !behindLinks.contains(rule) { behindLinks.append(rule) }
        }
    }

    /// Another link in the place of one of these would lead elsewhere, and open at the next start what this one leads to.
    private mutating func keep(_ passed: [FilePath], _ rule: DeniedPath) {
        let kept = DeniedPath(pattern: rule.pattern, access: .write, origin: rule.origin)
        for link in passed {
            found.append(.init(path: link, isFolder: false, rule: kept, isBehindLink: true, isUncovered: true))
        }
    }

    /// Where a link leads, whether something is there or not, and the links inside the grants that the way leads through.
    /// path_resolution(7)
    /// - Returns: `nil` after too many links.
    private func destination(of link: FilePath) -> (target: FilePath, passed: [FilePath])? {
        guard let first = FolderCalls.target(of: link) else { return nil }
        var passed: [FilePath] = [], place = link.parent, rest: [FilePath.Component] = [], followed = 0
        func follow(_ target: FilePath) {
            if target.isAbsolute { place = "/" }
            rest += target.components.reversed()
            followed += 1
        }
        follow(first)
        while let part = rest.popLast() {
            if part.kind == .parentDirectory { place.moveUp() }
            if part.kind != .regular { continue }
            let next = place.appending(part)
            guard let target = FolderCalls.target(of: next) else {
                place = next
                continue
            }
            if followed == 40 { return nil }
            if roots.contains(where: { next.starts(with: $0) }) { passed.append(next) }
            follow(target)
        }
        return (place, passed)
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
