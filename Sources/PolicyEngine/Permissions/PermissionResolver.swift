import ManifestModel
import SystemPackage

/// Manifest, overrides and defaults become effective permissions.
public enum PermissionResolver {
    /// More entries than this under one key are a mistake, or an attempt to make every decision slow.
    public static let mostEntries = ScopeKey.mostEntries

    /// Pure but for what `context.lookup` sees: the same inputs give the same result.
    /// - Throws: ``ResolutionError`` with every problem there is.
    public static func resolve(
        _ manifest: DeclaredPermissions, _ overrides: Overrides, in context: ResolutionContext
    ) throws(ResolutionError) -> Resolution {
        var work = ResolutionWork(manifest, overrides, context)
        work.resolvePermissions()
        work.resolvePaths()
        work.resolveNetwork()
        work.resolveSearchFolders()
        work.resolveCommands()
        work.resolveDevices()
        work.resolveLimits()
        work.resolveEnvironment()
        work.resolveServices()
        work.keepPolicyUnwritable()
        work.closeProtectedPaths()
        if !work.problems.isEmpty { throw ResolutionError(problems: work.problems) }
        return Resolution(
            permissions: work.result, parts: work.parts, warnings: work.warnings, proposals: work.proposals)
    }
}

/// The state of one resolution; its parts are in the files beside this one, in the order they run.
struct ResolutionWork {
    let manifest: DeclaredPermissions
    /// With the manifest's scopes, where those were accepted.
    let overrides: Overrides
    let context: ResolutionContext
    var result = EffectivePermissions()
    var parts: [Resolution.Part] = []
    var warnings: [String] = []
    var problems: [ResolutionProblem] = []
    /// Granted paths that are folders.
    var folders: Set<FilePath> = []
    /// What PATH will hold.
    var searchFolders: [FilePath] = []

    init(_ manifest: DeclaredPermissions, _ overrides: Overrides, _ context: ResolutionContext) {
        self.manifest = manifest
        self.overrides = overrides.acceptScopes ? overrides.withLowestRank(manifest.scopes) : overrides
        self.context = context
    }

    /// The manifest's scopes that would count with ``Overrides/acceptScopes``.
    var proposals: [Resolution.Part] {
        if overrides.acceptScopes || manifest.scopes == Overrides() { return [] }
        return OverrideKey.allCases.flatMap { key -> [Resolution.Part] in
            guard key.narrowsOnly || !overrides.mentions(key) && !result.granted.isDisjoint(with: key.row.scopes) else {
                return []
            }
            let values = manifest.scopes.entries.filter { $0.key == key }.map(\.value)
            return (manifest.scopes.emptyLists[key] == nil ? values : ["none"]).map {
                Resolution.Part(key: key, value: $0, origin: .scopes)
            }
        }
    }

    func entries(_ key: OverrideKey) -> [Overrides.Entry] { overrides.entries.filter { $0.key == key } }

    func isGranted(_ permission: Permission) -> Bool { result.granted.contains(permission) }

    mutating func record(_ key: OverrideKey, _ value: String, _ origin: OverrideOrigin) {
        parts.append(.init(key: key, value: value, origin: origin))
    }

    mutating func refuse(_ entry: Overrides.Entry, _ why: String, next: String) {
        refuse("`\(printable(entry.key.shown(entry.value)))`", entry.origin, why, next: next)
    }

    mutating func refuse(_ what: String, _ origin: OverrideOrigin, _ why: String, next: String) {
        problems.append(.init(what: what, origin: origin, why: why, next: next))
    }

    /// Records what an emptied or unmentioned key comes down to.
    mutating func recordNone(_ key: OverrideKey, _ words: String) {
        record(key, words, overrides.emptyLists[key] ?? .byDefault(words))
    }
}

extension ResolutionWork {
    /// Which permissions hold, and whether each override has one to scope.
    mutating func resolvePermissions() {
        let declared = manifest.required.union(manifest.optional)
        result.granted = manifest.required
        for permission in manifest.optional where overrides.grantOptional || isScopedByOperator(permission) {
            result.granted.insert(permission)
        }
        for entry in entries(.deny) { drop(entry, declared) }
        for key in OverrideKey.allCases {
            let all = entries(key)
            if all.count > PermissionResolver.mostEntries {
                refuse(
                    "\(key.rawValue)", all[PermissionResolver.mostEntries].origin,
                    "it has \(all.count) entries, the most is \(PermissionResolver.mostEntries)",
                    next: "grant the folder that they have in common")
            }
            for entry in all where !key.narrowsOnly { checkScope(entry, declared) }
        }
    }

    /// An author's scope is no decision of the operator to grant what is optional.
    private func isScopedByOperator(_ permission: Permission) -> Bool {
        overrides.entries.contains { $0.origin != .scopes && scoped(by: $0).contains(permission) }
    }

    private func scoped(by entry: Overrides.Entry) -> [Permission] {
        entry.key == .devices ? DeviceScopes.permissions(for: entry.value) : entry.key.row.scopes
    }

    private mutating func drop(_ entry: Overrides.Entry, _ declared: Set<Permission>) {
        let name = entry.value.hasPrefix("mcp.ac.") ? entry.value : "mcp.ac." + entry.value
        guard let permission = Permission(rawValue: name) else {
            let near = closest(to: name, among: Permission.allCases.map(\.rawValue))
            refuse(
                entry, "there is no such permission",
                next: near.map { "did you mean `\($0.dropFirst("mcp.ac.".count))`?" }
                    ?? "`agentbound permissions` lists them")
            return
        }
        if !declared.contains(permission) {
            warnings.append(
                "\(entry.origin): the manifest does not declare \(permission.shortName), so there is nothing to drop")
        }
        result.granted.remove(permission)
        record(.deny, permission.shortName, entry.origin)
    }

    private mutating func checkScope(_ entry: Overrides.Entry, _ declared: Set<Permission>) {
        let wanted = scoped(by: entry)
        let names = wanted.map(\.shortName).joined(separator: " or ")
        if declared.isDisjoint(with: wanted) {
            refuse(
                entry, "it is a scope of \(names), which the manifest does not declare; an override can only narrow",
                next: "leave it out, or add \"\(wanted[0].rawValue)\" to the manifest's permissions and review it")
        } else if result.granted.isDisjoint(with: wanted), entry.origin != .scopes {
            warnings.append("\(entry.origin): no effect, since \(names) was dropped with --deny")
        }
    }
}
