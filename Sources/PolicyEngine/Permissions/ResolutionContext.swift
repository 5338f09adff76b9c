public import ManifestModel
public import SystemPackage

/// What a manifest declares, as far as resolution needs it.
public struct DeclaredPermissions: Hashable, Sendable {
    public var required: Set<Permission>
    /// Works without, better with.
    public var optional: Set<Permission>
    /// The scopes that the author proposes; they count only with ``Overrides/acceptScopes``.
    public var scopes: Overrides

    public init(required: Set<Permission>, optional: Set<Permission> = [], scopes: Overrides = Overrides()) {
        self.required = required
        self.optional = optional.subtracting(required)
        self.scopes = scopes
    }
}

/// What is behind a path, links followed.
public struct FoundFile: Hashable, Sendable {
    /// Absolute, without links, `.` and `..`.
    public var path: FilePath
    public var kind: Kind
    /// Whether the caller may execute it.
    public var isExecutable: Bool

    public enum Kind: String, Hashable, Sendable { case file, folder, socket, characterDevice, blockDevice, pipe }

    public init(path: FilePath, kind: Kind, isExecutable: Bool = false) {
        self.path = path
        self.kind = kind
        self.isExecutable = isExecutable
    }
}

/// The file system, as resolution sees it.
public protocol PathLookup: Sendable {
    /// Follows every link of `path`.
    /// - Parameter path: Absolute; it may hold `.` and `..`.
    /// - Throws: The errno of realpath(3) or stat(2).
    func find(_ path: FilePath) throws(Errno) -> FoundFile

    /// The names in a folder, in any order; none where it cannot be listed.
    func names(in folder: FilePath) -> [String]

    /// The homes of all accounts, and that of the user.
    func homes(user: UInt32) -> HomeFolders
}

extension PathLookup {
    public func names(in folder: FilePath) -> [String] { [] }
    /// A path whose dots were taken out may lead through a link after all.
    public func again(_ path: FilePath) -> FilePath {
        let normal = path.lexicallyNormalized()
        return normal == path ? path : real(normal)
    }

    public func real(_ path: FilePath) -> FilePath {
        if let found = try? find(path) { return found.path }
        var head = path
        var rest: [FilePath.Component] = []
        while true {
            if let found = try? find(head) {
                return again(found.path.appending(rest.reversed()))
            }
            guard let last = head.lastComponent else { return path.lexicallyNormalized() }
            rest.append(last)
            head.removeLastComponent()
        }
    }

    public func homes(user: UInt32) -> HomeFolders { HomeFolders(passwd: []) { $0 } }
}

/// Everything outside manifest and overrides that the effective permissions depend on.
public struct ResolutionContext: Sendable {
    public var workingDirectory: FilePath
    /// What `~` stands for in overrides: `nil` when the user has none, and then it is an error.
    public var home: FilePath?
    public var environment: InheritedEnvironment
    public var userID: UInt32
    public var lookup: any PathLookup
    /// The restricted PATH, in order; those that do not exist are left out.
    public var systemFolders: [FilePath] = ["/usr/local/bin", "/usr/bin", "/bin"]
    /// Folders of the launched program's own tools (a venv's `bin`, `node_modules/.bin`), before the system's in PATH.
    public var programFolders: [FilePath] = []
    /// agentbound's own configuration, consent and audit folders: never inside a write grant.
    public var stateFolders: [FilePath] = []
    /// The files that this start was decided by: never inside a write grant. They need not exist.
    public var policyFiles: [FilePath] = []
    /// Links that lead to them as they were named, each in its real folder: whoever replaced one would decide the next start.
    public var policyLinks: [FilePath] = []
    /// Those of its record, which are held likewise.
    public var journalFiles: [FilePath] = []

    /// All of these, with what they are.
    var ownFiles: [(path: FilePath, origin: DeniedPath.Origin)] {
        stateFolders.map { ($0, .stateFolder) } + policyFiles.map { ($0, .startFile) }
            + journalFiles.map { ($0, .journal) }
    }

    public init(
        workingDirectory: FilePath, home: FilePath?, environment: InheritedEnvironment, userID: UInt32,
        lookup: any PathLookup
    ) {
        self.workingDirectory = workingDirectory
        self.home = home
        self.environment = environment
        self.userID = userID
        self.lookup = lookup
    }
}

/// Effective permissions, and for each part of them where it came from.
public struct Resolution: Hashable, Sendable {
    public var permissions: EffectivePermissions
    public var parts: [Part]
    /// What the operator should know; nothing is refused because of it.
    public var warnings: [String]
    /// What the manifest's scopes would say, key by key as written, and nobody accepted or put something else in its place.
    public var proposals: [Part] = []

    /// One resolved value and its source.
    public struct Part: Hashable, Sendable {
        public var key: OverrideKey
        public var value: String
        public var origin: OverrideOrigin
    }
}

extension Resolution {
    /// By flag, the values that hold as long as it is not given: using it takes their place.
    public var defaults: [String: [String]] {
        var defaults: [String: [String]] = [:]
        for part in parts {
            let isTypeable =
                switch part.origin {
                // Others are words: `no path`.
                case .byDefault: part.value.hasPrefix("/") || part.value == "*"
                case .scopes: part.key.row.flag != "--env"
                case .flag, .file: false
                }
            if isTypeable { defaults[part.key.row.flag, default: []].append(part.value) }
        }
        return defaults
    }
}

/// One thing that keeps a start from being decided.
public struct ResolutionProblem: Hashable, Sendable, CustomStringConvertible {
    /// `/srv/data`, or the override as written.
    public var what: String
    public var origin: OverrideOrigin
    public var why: String
    /// What to do about it.
    public var next: String

    public var description: String { "\(origin): \(what): \(why)\n  next: \(next)" }
}

/// All problems at once, in the order of the table of keys.
public struct ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [ResolutionProblem]
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
