public import SystemPackage

/// The denied paths of a box, prepared for many questions: the last component of a name decides which patterns are
/// looked at, and nearly always none is.
public struct DenialFinder: Sendable {
    private let permissions: EffectivePermissions
    private let patterns: [PathPattern]
    /// Patterns whose last component is fixed, by that component.
    private var byName: [String: [Int]] = [:]
    /// The others, by the pattern of that component.
    private var wild: [PathPattern: [Int]] = [:]
    /// No path with fewer components is closed.
    private var leastDepth = Int.max

    public init(_ permissions: EffectivePermissions) {
        self.permissions = permissions
        patterns = permissions.denied.map { PathPattern($0.pattern) }
        for (index, denied) in permissions.denied.enumerated() {
            let last = denied.pattern.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
            if last.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
                wild[PathPattern("/" + last), default: []].append(index)
            } else {
                byName[last, default: []].append(index)
            }
            leastDepth = min(leastDepth, patterns[index].leastDepth)
        }
    }

    public var isEmpty: Bool { patterns.isEmpty }

    /// The entry that closes the name `name` in `folder` itself to `access`. Folders above are not looked at: a search
    /// from the top has passed them.
    public func denial(of name: String, in folder: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath?
    {
        var candidates = byName[name] ?? []
        if !wild.isEmpty {
            let single = [Array(name.utf8)[...]]
            for (last, indices) in wild where last.matches(single) { candidates += indices }
        }
        if candidates.isEmpty { return nil }
        let path = folder.appending(name)
        let parts = PathPattern.components(of: path)
        return candidates.sorted().lazy.map { (permissions.denied[$0], patterns[$0]) }.first { entry, pattern in
            permissions.applies(entry, to: path, for: access) && pattern.matches(parts)
        }?.0
    }

    /// The entry that closes `path`, or a folder that it is in, to `access`.
    public func denial(of path: FilePath, for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        denial(of: Array(path.string.utf8), for: access)
    }

    /// The same for a path as the kernel has it: a real one, in bytes. Asked for every open of a box.
    public func denial(of path: [UInt8], for access: EffectivePermissions.PathAccess) -> DeniedPath? {
        let parts = path[...].split(separator: UInt8(ascii: "/"))
        if leastDepth == 0 { return permissions.denial(of: Self.path(path), for: access) }  // one closes everything
        guard parts.count >= leastDepth else { return nil }
        for count in leastDepth...parts.count {
            let last = parts[count - 1]
            var candidates = byName[String(decoding: last, as: UTF8.self)] ?? []
            for (name, indices) in wild where name.matches([last]) { candidates += indices }
            if candidates.isEmpty { continue }
            let upTo = Array(parts[..<count])
            let closing = candidates.sorted().first { index in
                patterns[index].matches(upTo)
                    && permissions.applies(permissions.denied[index], to: Self.path(path), for: access)
            }
            if let closing { return permissions.denied[closing] }
        }
        return nil
    }

    /// The entry that a link at this path would lead elsewhere.
    public func entry(through path: [UInt8]) -> DeniedPath? {
        let parts = path[...].split(separator: UInt8(ascii: "/"))
        return patterns.indices.first { index in
            patterns[index].leads(through: parts)
                && permissions.applies(permissions.denied[index], to: Self.path(path), for: .write)
        }.map { permissions.denied[$0] }
    }

    /// Whether an entry that closes a link's name closes what the link leads to as well: not where that was named itself.
    public func closes(_ entry: DeniedPath, behindLink target: FilePath) -> Bool {
        permissions.applies(entry, to: target, for: entry.access == .write ? .write : .read)
    }

    private static func path(_ bytes: [UInt8]) -> FilePath { FilePath(String(decoding: bytes, as: UTF8.self)) }
}
