public import SystemPackage

extension DeniedPath {
    /// Whether it closes `path`, or a folder that it is in, to some access.
    public func matches(_ path: FilePath) -> Bool { PathPattern(pattern).matches(path) }
}

extension EffectivePermissions {
    /// What a path is wanted for.
    public enum PathAccess: String, Hashable, Sendable { case read, write, delete }

    /// The entry of ``denied`` that closes `path` to `access`, if one does.
    /// - Parameter path: A real path.
    public func denial(of path: FilePath, for access: PathAccess) -> DeniedPath? {
        let parts = PathPattern.components(of: path)
        return denied.first { applies($0, to: path, for: access) && PathPattern($0.pattern).matches(parts) }
    }

    /// Whether an entry that matches `path` closes it to `access`: a protected path that was named is open.
    public func applies(_ entry: DeniedPath, to path: FilePath, for access: PathAccess) -> Bool {
        if access == .read && entry.access == .write { return false }
        if entry.origin == .operator || entry.origin.isOwn { return true }
        return !(access == .read ? namedForReading : namedForWriting).contains { path.lies(in: $0) }
    }

    /// Whether the grants allow reading `path`: a real, absolute path. Other paths are never allowed.
    public func mayRead(_ path: FilePath) -> Bool { allows(path, .read) }

    /// Whether the grants allow creating or changing `path`.
    public func mayWrite(_ path: FilePath) -> Bool { allows(path, .write) }

    /// Whether the grants allow removing `path`, or taking its name away, when it existed before the box.
    public func mayDelete(_ path: FilePath) -> Bool { allows(path, .delete) }

    private func allows(_ path: FilePath, _ access: PathAccess) -> Bool {
        guard path.isResolved else { return false }
        let grants =
            switch access {
            case .read: readPaths
            case .write: writePaths
            case .delete: deletePaths
            }
        return grants.contains { path.lies(in: $0) } && denial(of: path, for: access) == nil
    }

    /// Whether the server may listen on `address` and `port`.
    /// - Parameter isEphemeral: Whether the kernel chose the port, or would.
    public func mayListen(on address: IPAddress, port: UInt16, isEphemeral: Bool = false) -> Bool {
        listen.contains { $0.allows(address, port: port, isEphemeral: isEphemeral) }
    }
}
