import ManifestModel
import SystemPackage

extension ResolutionWork {
    mutating func resolvePaths() {
        result.readPaths = grants(.readPaths, .filesystemRead) { $0.defaultFolder(.readPaths) }
        result.writePaths = grants(.writePaths, .filesystemWrite) { $0.defaultFolder(.writePaths) }
        result.deletePaths = grants(.deletePaths, .filesystemDelete) { $0.defaultDeletePaths() }
        resolveDenials()
    }

    private mutating func grants(
        _ key: OverrideKey, _ permission: Permission, byDefault: (inout ResolutionWork) -> [FilePath]
    ) -> [FilePath] {
        guard isGranted(permission) else { return [] }
        if !overrides.mentions(key) { return byDefault(&self) }
        var found: [FilePath] = []
        var seen: Set<FilePath> = []
        for entry in entries(key) {
            guard let file = existing(entry) else { continue }
            switch file.kind {
            case .file: break
            case .folder:
                folders.insert(file.path)
                if let what = Self.wideFolders[file.path.string] {
                    warnings.append("\(entry.origin): \(file.path) \(what)")
                }
            case .socket:
                refuse(entry, "it is a unix socket", next: "grant it with --allow-socket")
                continue
            case .characterDevice, .blockDevice:
                refuse(entry, "it is a device", next: "grant a character device with --device")
                continue
            case .pipe:
                refuse(
                    entry, "it is a named pipe, which leads to whoever reads it", next: "grant the folder that it is in"
                )
                continue
            }
            if seen.insert(file.path).inserted { found.append(file.path) }
            record(key, file.path.string, entry.origin)
        }
        if found.isEmpty { recordNone(key, "no path") }
        return found
    }

    /// Folders that hold more than their name says.
    private static let wideFolders = [
        "/": "is the whole file system", "/proc": "shows every process of this machine", "/dev": "holds every device",
        "/run": "holds the sockets of this machine's services", "/home": "holds every user's home folder",
    ]

    private mutating func defaultFolder(_ key: OverrideKey) -> [FilePath] {
        let origin = OverrideOrigin.byDefault("working directory")
        let folder: FilePath
        do { folder = try context.lookup.find(context.workingDirectory).path } catch {
            refuse(
                "\(context.workingDirectory)", origin, "the working directory cannot be resolved: \(error)",
                next: "start in a folder that exists, or name paths with \(key.row.flag)")
            return []
        }
        let homes = homes(around: [folder])
        if folder.string == "/" || homes.contains(where: { $0.lies(in: folder) }) {
            refuse(
                "\(folder)", origin,
                "the working directory is `/` or holds the home folder, too much to grant by default",
                next: "name what the server needs with \(key.row.flag), or start in a project folder")
            return []
        }
        let access: DeniedPath.Access? = key == .readPaths ? .all : nil
        if let row = ProtectedPaths.rows(closing: folder, homes: homes).first(where: {
            access == nil || $0.access == access
        }) {
            refuse(
                "\(folder)", origin, "the working directory is on the protected list (\(row.pattern): \(row.why))",
                next: "name it with \(key.row.flag) when the server really needs it")
            return []
        }
        folders.insert(folder)
        record(key, folder.string, origin)
        return [folder]
    }

    private mutating func defaultDeletePaths() -> [FilePath] {
        let origin = OverrideOrigin.byDefault("write paths")
        for path in result.writePaths { record(.deletePaths, path.string, origin) }
        if result.writePaths.isEmpty { record(.deletePaths, "no path", origin) }
        return result.writePaths
    }

    /// What an entry leads to, with its problem reported; `nil` also for a missing path with `?`.
    mutating func existing(_ entry: Overrides.Entry) -> FoundFile? {
        let isOptional = entry.value.utf8.last == UInt8(ascii: "?")
        guard let path = expanded(entry, String(isOptional ? entry.value.dropLast() : entry.value[...])) else {
            return nil
        }
        do {
            let found = try context.lookup.find(path)
            if found.path != path { result.namedByLinks.append(path) }
            return found
        } catch {
            let isMissing = error == .noSuchFileOrDirectory || error == .notDirectory
            if isOptional && isMissing { return nil }
            let hint =
                entry.value.utf8.contains(UInt8(ascii: "*")) ? "patterns are for --deny-path only; name a folder" : nil
            refuse(
                entry, "\(printable(path.string)): \(error)",
                next: hint
                    ?? (isMissing
                        ? "create it, correct it, or write `\(printable(entry.value))?` when it may be missing"
                        : "check who may enter the folders on its way"))
            return nil
        }
    }

    /// `text` with `~` and variables filled in, absolute; links and `..` are left to the lookup.
    mutating func expanded(_ entry: Overrides.Entry, _ text: String) -> FilePath? {
        do {
            return try PathExpansion(home: context.home, variables: context.environment.variables).expand(
                text, in: context.workingDirectory)
        } catch {
            refuse(entry, error.description, next: error.next)
            return nil
        }
    }

    func real(_ path: FilePath) -> FilePath { context.lookup.real(path) }
}

extension ResolutionWork {
    /// `denyPaths`: paths and patterns, existing or not. They need no permission, since they only close.
    private mutating func resolveDenials() {
        let grants = ProtectedPaths.outermost(result.readPaths + result.writePaths + result.deletePaths)
        var seen: Set<String> = []
        for entry in entries(.denyPaths) {
            // A final `?` is one more character for a pattern and "may be missing" elsewhere: both readings are closed.
            let readings =
                entry.value.utf8.last == UInt8(ascii: "?")
                ? [entry.value, String(entry.value.dropLast())] : [entry.value]
            for pattern in readings.flatMap({ patterns(entry, $0, grants) }) where seen.insert(pattern).inserted {
                result.denied.append(DeniedPath(pattern: pattern, access: .all, origin: .operator))
                record(.denyPaths, pattern, entry.origin)
            }
        }
    }

    private mutating func patterns(_ entry: Overrides.Entry, _ text: String, _ grants: [FilePath]) -> [String] {
        // A pattern without a folder, or with `**/` in front, is meant for every depth of every grant.
        let anywhere = text.hasPrefix("**/") ? text.dropFirst(3) : text[...]
        if Self.isGlob(text), text.hasPrefix("**/") || !text.utf8.contains(UInt8(ascii: "/")), anywhere != "**" {
            guard expanded(entry, text) != nil else { return [] }
            return grants.flatMap { ProtectedPaths.instances(of: String(anywhere), under: $0) }
        }
        guard let path = expanded(entry, text) else { return [] }
        let parts = path.components
        let plain = parts.prefix { !Self.isGlob($0.string) }
        let head = FilePath(root: "/", plain)
        let tail = parts.dropFirst(plain.count).map(\.string)
        if tail.contains("..") {
            refuse(entry, "`..` cannot follow a wildcard", next: "write the folder that is meant")
            return []
        }
        // The real path is what is judged; the path as written stays closed too, should the link be replaced.
        var found: [String] = []
        for base in [real(head), head.lexicallyNormalized()] {
            let pattern = tail.isEmpty ? base.string : base.appending(tail.joined(separator: "/")).string
            if !found.contains(pattern) { found.append(pattern) }
        }
        return found
    }

    private static func isGlob(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// HOME, and the homes of accounts that folders hold or lie in.
    private func homes(around folders: [FilePath]) -> [FilePath] {
        var homes = [context.home].compactMap { $0.map(real) }
        if folders.isEmpty { return homes }
        let accounts = context.lookup.homes(user: context.userID)
        for home in folders.flatMap(accounts.around) where !homes.contains(home) { homes.append(home) }
        return homes
    }

    /// The protected list inside what is granted, but for what an override names.
    mutating func closeProtectedPaths() {
        let changeable = result.writePaths + result.deletePaths
        if result.readPaths.isEmpty && changeable.isEmpty && !overrides.mentions(.allowProtected) { return }
        let homes = homes(around: result.readPaths + changeable)
        let lifted = lift(homes)
        result.liftedEntries = lifted.entries
        result.namedForReading = named(result.readPaths, .readPaths, homes) + lifted.paths
        result.namedForWriting = named(changeable, .writePaths, homes) + lifted.paths
        let closed = ProtectedPaths.table.filter { !lifted.entries.contains($0.pattern) }
        result.denied += ProtectedPaths.inside(
            (result.readPaths + changeable).filter(folders.contains), homes: homes, closed.filter { $0.access == .all })
        result.denied += ProtectedPaths.inside(
            changeable.filter(folders.contains), homes: homes, closed.filter { $0.access == .write })
    }

    /// `allowProtected`: whole entries, word for word as `permissions --protected` lists them, and paths, existing or not.
    private mutating func lift(_ homes: [FilePath]) -> (entries: [String], paths: [FilePath]) {
        var entries: [String] = [], paths: [FilePath] = []
        for entry in self.entries(.allowProtected) {
            if let row = ProtectedPaths.table.first(where: { $0.pattern == entry.value }) {
                if row.isOwn {
                    refuse(
                        entry, "it keeps agentbound's own decisions closed", next: "leave it out; no server needs it")
                    continue
                }
                entries.append(row.pattern)
                record(.allowProtected, row.pattern, entry.origin)
                continue
            }
            if Self.isGlob(entry.value) {
                let near = closest(to: entry.value, among: ProtectedPaths.table.map(\.pattern))
                refuse(
                    entry, "no entry of the protected list is written like this",
                    next: near.map { "did you mean `\($0)`?" } ?? "`agentbound permissions --protected` lists them")
                continue
            }
            guard let path = expanded(entry, entry.value).map(real) else { continue }
            if ProtectedPaths.rows(closing: path, homes: homes).isEmpty {
                warnings.append("\(entry.origin): \(path) is not on the protected list")
            }
            paths.append(path)
            record(.allowProtected, path.string, entry.origin)
        }
        return (entries, paths)
    }

    /// Granted paths that are protected themselves: they were named, since no default grants one.
    private func named(_ paths: [FilePath], _ key: OverrideKey, _ homes: [FilePath]) -> [FilePath] {
        paths.filter { path in
            ProtectedPaths.rows(closing: path, homes: homes).contains { key != .readPaths || $0.access == .all }
        }
    }

    /// A server that could write its own policy would widen its next start. What decides lies closed inside a grant where
    /// a box has mounts of its own; a grant inside agentbound's own folder makes no sense at all.
    mutating func keepPolicyUnwritable() {
        if result.writePaths.isEmpty && result.deletePaths.isEmpty { return }
        let links = context.policyLinks.map { ($0, DeniedPath.Origin.startFile) }
        for (own, kind) in context.ownFiles.map({ (real($0.path), $0.origin) }) + links {
            for (paths, key) in [(result.writePaths, OverrideKey.writePaths), (result.deletePaths, .deletePaths)] {
                guard let path = paths.first(where: { own.lies(in: $0) || $0.lies(in: own) }) else { continue }
                let closed = DeniedPath(pattern: own.string, access: .write, origin: kind)
                if own.lies(in: path) && own != path {
                    if !result.denied.contains(closed) { result.denied.append(closed) }
                    continue
                }
                let origin =
                    parts.first { $0.key == key && $0.value == path.string }?.origin ?? .byDefault("write paths")
                refuse(
                    "`\(printable(path.string))`", origin,
                    kind == .journal ? "it is \(kind.ownWords)" : "it is what decides what the next start may do",
                    next: "grant another folder with \(key.row.flag)")
            }
        }
    }
}
