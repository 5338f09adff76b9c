/// How the operator narrows a manifest: entries from flags and files, in the order they came. They add up, key by key.
public struct Overrides: Hashable, Sendable {
    public var entries: [Entry] = []
    /// Keys that were given as an empty list, which means none, never all.
    public var emptyLists: [OverrideKey: OverrideOrigin] = [:]
    /// `--grant-optional`: the manifest's optional permissions are granted like the others.
    public var grantOptional = false
    /// `--accept-scopes`: the manifest's own scopes stand in where the operator gave nothing.
    public var acceptScopes = false

    /// One value of one key, as written, and where it was written.
    public struct Entry: Hashable, Sendable {
        public var key: OverrideKey
        public var value: String
        public var origin: OverrideOrigin
        public init(_ key: OverrideKey, _ value: String, from origin: OverrideOrigin) {
            self.key = key
            self.value = value
            self.origin = origin
        }
    }

    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// Adds what `other` says.
    public mutating func merge(_ other: Overrides) {
        entries += other.entries
        emptyLists.merge(other.emptyLists) { first, _ in first }
        grantOptional = grantOptional || other.grantOptional
        acceptScopes = acceptScopes || other.acceptScopes
    }

    /// Whether the operator said anything about `key`, be it "none".
    public func mentions(_ key: OverrideKey) -> Bool {
        emptyLists[key] != nil || entries.contains { $0.key == key }
    }

    /// These overrides, with `scopes` for each key that they say nothing about. Denials of the scopes always count.
    func withLowestRank(_ scopes: Overrides) -> Overrides {
        var joined = self
        joined.entries += scopes.entries.filter { $0.key.narrowsOnly || !mentions($0.key) }
        for (key, origin) in scopes.emptyLists where !mentions(key) { joined.emptyLists[key] = origin }
        return joined
    }
}

/// Where a part of the effective permissions comes from.
public enum OverrideOrigin: Hashable, Sendable, CustomStringConvertible {
    /// As typed: `--read-path ./docs`.
    case flag(String)
    case file(String, line: Int, column: Int)
    /// The manifest's own `scopes`, accepted by the operator.
    case scopes
    /// What holds when nobody said anything: `working directory`.
    case byDefault(String)

    /// Whether nobody wrote it.
    public var isDefault: Bool { if case .byDefault = self { true } else { false } }

    public var description: String {
        switch self {
        case .flag(let text): printable(text)
        case .file(let name, let line, let column): "\(printable(name)):\(line):\(column)"
        case .scopes: "the manifest's scopes"
        case .byDefault(let what): "default: \(what)"
        }
    }
}
