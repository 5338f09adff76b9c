public import SystemPackage

/// What denied patterns describe behind a link that stands for a folder on their way: where `.git` is a link to `git-dir`,
/// `**/.git/hooks` is `git-dir/hooks`.
public struct LinkedDenials: Sendable {
    private let denied: [DeniedPath]
    private let patterns: [PathPattern]
    /// Patterns by the names of folders in them, other than the last.
    private var byName: [String: [Int]] = [:]
    /// Those that a link of another name can stand for as well, with a name that its path has to have somewhere, if there is one.
    private var others: [(index: Int, name: [UInt8]?)] = []

    /// - Parameter grants: An entry whose `**` begins at one of them is there for each of them, so that it goes on behind a link
    ///   from one to the other anyway.
    public init(_ denied: [DeniedPath], grants: [FilePath]) {
        self.denied = denied
        patterns = denied.map { PathPattern($0.pattern) }
        for (index, pattern) in patterns.enumerated() {
            for name in Set(pattern.folderNames) { byName[name, default: []].append(index) }
            let isEverywhere = grants.contains { $0 == pattern.base }
            if pattern.goesOnBehindAnyLink || pattern.hasDepth && !isEverywhere {
                others.append((index, isEverywhere ? pattern.nameBehindDepth : nil))
            }
        }
    }

    /// Whether a link of this name can stand for a folder of some pattern. Nearly always it cannot.
    public func concern(_ name: String, in folder: FilePath) -> Bool {
        if byName[name] != nil { return true }
        if others.isEmpty { return false }
        let parts = PathPattern.components(of: folder)
        return others.contains { other in other.name.map { name in parts.contains { $0.elementsEqual(name) } } ?? true }
    }

    /// The entries as they are behind the link, each with a pattern below `target`.
    /// - Parameter target: The real path that the link leads to.
    public func denials(behind link: FilePath, leadingTo target: FilePath) -> [DeniedPath] {
        let parts = PathPattern.components(of: link),
            candidates = link.lastComponent.flatMap { byName[$0.string] } ?? []
        let base = target.string == "/" ? "" : target.string, place = PathPattern.components(of: target)
        return Set(candidates + others.map(\.index)).sorted().flatMap { index in
            patterns[index].rests(behind: parts, leadingTo: place).map {
                DeniedPath(pattern: "\(base)/\($0)", access: denied[index].access, origin: denied[index].origin)
            }
        }
    }
}
