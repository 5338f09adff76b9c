/// What a new version of a manifest asks for, compared with the old one.
public struct ManifestDiff: Hashable, Sendable {
    /// Named now, not at all before.
    public let added: [Permission]
    /// Named before, not any more.
    public let removed: [Permission]
    /// Optional before, required now.
    public let nowRequired: [Permission]
    /// Required before, optional now.
    public let nowOptional: [Permission]
    public let scopes: [ScopeChange]
    public let tools: [ToolChange]

    public struct ScopeChange: Hashable, Sendable {
        /// `readPaths`, or `limits.memory`.
        public let name: String
        /// Entries that open something that was closed.
        public let widened: [String]
        /// Entries that close something that was open.
        public let narrowed: [String]
    }

    public struct ToolChange: Hashable, Sendable {
        public let name: String
        /// `nil`: there was no such tool.
        public let before: [Permission]?
        /// `nil`: there is no such tool any more.
        public let after: [Permission]?
    }

    /// Whether somebody who agreed to the old one has to be asked again.
    public var asksForMore: Bool {
        !added.isEmpty || !nowRequired.isEmpty || scopes.contains { !$0.widened.isEmpty }
    }

    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && nowRequired.isEmpty && nowOptional.isEmpty && scopes.isEmpty
            && tools.isEmpty
    }

    /// Pure. Scopes are compared as they are written; where it is not clear that the new one is narrower, it counts as wider.
    public init(from old: AgentManifest, to new: AgentManifest) {
        added = new.declared.subtracting(old.declared).sorted()
        removed = old.declared.subtracting(new.declared).sorted()
        let kept = old.declared.intersection(new.declared)
        nowRequired = kept.filter { !old.permissions.contains($0) && new.permissions.contains($0) }.sorted()
        nowOptional = kept.filter { old.permissions.contains($0) && !new.permissions.contains($0) }.sorted()
        scopes =
            ScopeKey.allCases.compactMap { ScopeChange($0, old, new) }
            + LimitKey.allCases.compactMap { ScopeChange($0, old, new) }
        tools = ToolChange.all(old.tools, new.tools)
    }
}

extension ManifestDiff.ToolChange {
    fileprivate static func all(_ old: [ManifestTool], _ new: [ManifestTool]) -> [Self] {
        let before = Dictionary(old.map { ($0.name, $0.permissions) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.name, $0.permissions) }) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            let same = before[name].map(Set.init) == after[name].map(Set.init)
            return same ? nil : Self(name: name, before: before[name]?.sorted(), after: after[name]?.sorted())
        }
    }
}

extension ManifestDiff.ScopeChange {
    /// - Returns: `nil` when the scope means the same in both.
    fileprivate init?(_ key: ScopeKey, _ old: AgentManifest, _ new: AgentManifest) {
        guard key != .limits else { return nil }
        // A permission that is new or gone is reported as such; its scopes would only say the same again.
        let bearers = Set(key.permissions)
        guard !old.declared.isDisjoint(with: bearers), !new.declared.isDisjoint(with: bearers) else { return nil }
        let before = old.entries(key)
        let after = new.entries(key)
        let appeared = after.filter { entry in !before.contains { key.covers($0, entry) } }
        let vanished = before.filter { entry in !after.contains { key.covers($0, entry) } }
        if appeared.isEmpty && vanished.isEmpty { return nil }
        name = key.rawValue
        widened = key.isDenial ? vanished : appeared
        narrowed = key.isDenial ? appeared : vanished
    }

    fileprivate init?(_ key: LimitKey, _ old: AgentManifest, _ new: AgentManifest) {
        let before = old.scopes.limits[key]
        let after = new.scopes.limits[key]
        if before == after { return nil }
        name = "limits.\(key.rawValue)"
        let change = "\(before ?? "built-in default") -> \(after ?? "built-in default")"
        // Without a number on both sides it is not known to be less.
        let isLess = before.flatMap(key.amount).flatMap { old in after.flatMap(key.amount).map { $0 <= old } } ?? false
        widened = isLess ? [] : [change]
        narrowed = isLess ? [change] : []
    }
}

extension AgentManifest {
    /// What a scope key comes to when it is left out, see docs/manifest.md.
    fileprivate func entries(_ key: ScopeKey) -> [String] {
        switch key {
        case .dns: [scopes.dns ?? "the host's name servers"]
        case .readPaths, .writePaths: scopes[key] ?? ["."]
        case .deletePaths: scopes[key] ?? entries(.writePaths)
        case .allowedHosts: scopes[key] ?? ["*"]
        default: scopes[key] ?? []
        }
    }
}

extension ScopeKey {
    /// Whether an entry opens (or closes) all that another one does.
    func covers(_ wide: String, _ narrow: String) -> Bool {
        if wide == narrow { return true }
        switch self {
        case .readPaths, .writePaths, .deletePaths, .denyPaths: return Self.isFolder(wide, around: narrow)
        case .allowedHosts, .deniedHosts: return Self.hosts(wide, include: narrow)
        default: return false
        }
    }

    /// By component, and only where both are plain: `..` and patterns are not guessed at.
    private static func isFolder(_ folder: String, around path: String) -> Bool {
        // A `?` at the end only says that the path may be missing.
        func components(_ path: String) -> [Substring] {
            (path.hasSuffix("?") ? path.dropLast() : path[...]).split(separator: "/").filter { $0 != "." }
        }
        let (outer, inner) = (components(folder), components(path))
        guard folder.hasPrefix("/") == path.hasPrefix("/"), !(outer + inner).contains("..") else { return false }
        guard !outer.contains(where: { $0.contains("*") || $0.contains("?") }) else { return false }
        // What `~` and `$VAR` stand for is not below the working directory.
        if outer.first != inner.first, let first = inner.first, first.hasPrefix("~") || first.hasPrefix("$") {
            return false
        }
        return inner.starts(with: outer)
    }

    private static func hosts(_ wide: String, include narrow: String) -> Bool {
        let (wide, narrow) = (wide.lowercased(), narrow.lowercased())
        if wide == narrow { return true }
        if narrow.hasPrefix(wide + ":"), !wide.contains(":") { return true }
        // `*` is any public host by name; whether an address is public is not for here to say.
        if wide == "*" { return isPublicName(narrow) }
        guard wide.hasPrefix("*."), let dot = wide.firstIndex(of: ".") else { return false }
        let name = wide.contains(":") ? narrow[...] : narrow.prefix { $0 != ":" }
        return name.hasSuffix(wide[dot...])
    }

    private static func isPublicName(_ host: String) -> Bool {
        let name = host.prefix { $0 != ":" }
        let last = name.split(separator: ".").last ?? ""
        return name.contains(".") && last.contains { $0.isLetter }
            && !["local", "internal", "localhost"].contains(last)
    }
}
