import LinuxSystem
import PolicyEngine
import SystemPackage

/// Which of a box's path rules Landlock keeps, and which rights the supervisor exercises for the box.
///
/// Landlock cannot close something inside what it opens. So where a denied name can lie inside a grant, Landlock gets no
/// right there at all: opens and new names are carried out by the supervisor, and whatever gets past it meets Landlock.
struct MediatedRules {
    private(set) var kept: [BoxPlan.PathRule] = []
    private(set) var mediated: [BoxPlan.PathRule] = []

    static let reading = PathRules.read
    static let writing = PathRules.write.union(PathRules.delete)

    /// The kernel's own files and devices belong to whoever opens them: a supervisor's `/proc/self` is not the caller's.
    static let direct: [FilePath] = ["/proc", "/sys", "/dev"]

    /// - Parameters:
    ///   - reads: Folders in which reading is mediated, with all that any rule opens in them or around them.
    ///   - writes: The same for changes.
    init(_ rules: [BoxPlan.PathRule], reads: [FilePath], writes: [FilePath]) {
        for rule in rules {
            var moved: FileAccess = []
            // To start a program takes the right to read it as well, and the kernel starts it for the caller.
            if Self.meets(rule.path, reads) && !rule.access.contains(.execute) {
                moved.formUnion(rule.access.intersection(Self.reading))
            }
            if Self.meets(rule.path, writes) { moved.formUnion(rule.access.intersection(Self.writing)) }
            var stays = rule
            stays.access.subtract(moved)
            if !stays.access.isEmpty { kept.append(stays) }
            if moved.isEmpty { continue }
            mediated.append(.init(rule.path, moved, rule.reason))
            for place in Self.direct where place.starts(with: rule.path) {
                kept.append(.init(place, moved, rule.reason))
            }
        }
    }

    private static func meets(_ path: FilePath, _ folders: [FilePath]) -> Bool {
        !direct.contains { path.starts(with: $0) }
            && folders.contains { path.starts(with: $0) || $0.starts(with: path) }
    }

    /// The granted folders in which something can be closed.
    static func roots(
        _ folders: [FilePath], _ granted: EffectivePermissions, for access: EffectivePermissions.PathAccess
    )
        -> [FilePath]
    {
        let patterns = granted.denied.map { ($0, PathPattern($0.pattern)) }
        return folders.filter { folder in
            !direct.contains { folder.starts(with: $0) }
                && patterns.contains { granted.applies($0.0, to: folder, for: access) && $0.1.canLie(in: folder) }
        }
    }
}
