public import SystemPackage

/// The denied paths of a box, prepared for many questions: the last component of a name decides which patterns are
/// looked at, and nearly always none is.
public struct DenialFinder: Sendable {
    private let permissions: EffectivePermissions
    private let patterns: [PathPattern]
    /// Patterns whose last component is fixed, by that component.
    private var byName: [String: [Int]] = [:]
    /// The others.
    private var wild: [(last: PathPattern, index: Int)] = []

    public init(_ permissions: EffectivePermissions) {
        self.permissions = permissions
        patterns = permissions.denied.map { PathPattern($0.pattern) }
        for (index, denied) in permissions.denied.enumerated() {
            let last = denied.pattern.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
            if last.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
                wild.append((PathPattern("/" + last), index))
            } else {
                byName[last, default: []].append(index)
            }
        }
    }

    public var isEmpty: Bool { patterns.isEmpty }

    /// The entry that closes the name `name` in `folder` itself to `access`. Folders above are not looked at: a search
    /// from the top has passed them.
    public func denial(of name: String, in folder: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath?
    {
        denial(of: name, in: folder, on: nil, for: access)
    }

    /// The entry that closes `path`, or a folder that it is in, to `access`.
    public func denial(of path: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        var folder = FilePath("/")
        for component in path.components {
            if let found = denial(of: component.string, in: folder, on: path, for: access) { return found }
            folder.append(component)
        }
        return nil
    }

    /// Whether an entry that closes a link's name closes what the link leads to as well: not where that was named itself.
    public func closes(_ entry: DeniedPath, behindLink target: FilePath) -> Bool {
        permissions.applies(entry, to: target, for: entry.access == .write ? .write : .read)
    }

    /// - Parameter wanted: What the question is about, when `name` is only a folder on the way: a path that was named
    ///   stays open inside a protected folder that was not.
    private func denial(
        of name: String, in folder: FilePath, on wanted: FilePath?, for access: EffectivePermissions.PathAccess
    ) -> DeniedPath? {
        var candidates = byName[name] ?? []
        if !wild.isEmpty {
            let single = [Array(name.utf8)[...]]
            for (last, index) in wild where last.matches(single) { candidates.append(index) }
        }
        if candidates.isEmpty { return nil }
        let path = folder.appending(name)
        let parts = PathPattern.components(of: path)
        return candidates.sorted().lazy.map { (permissions.denied[$0], patterns[$0]) }.first { entry, pattern in
            permissions.applies(entry, to: wanted ?? path, for: access) && pattern.matches(parts)
        }?.0
    }
}
