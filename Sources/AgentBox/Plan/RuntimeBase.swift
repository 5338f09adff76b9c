import LinuxSystem
public import SystemPackage

/// The small part of the system that every program may read: loader, libraries, certificates, time zone, devices.
///
/// Held by tests against a list of what must stay out: `/etc/passwd` (a box with its own mounts gets
/// ``passwd(host:user:home:)`` instead), `/etc/resolv.conf` (so that resolvers ask the box's own stub), `/home`, `/root`.
public struct RuntimeBase: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var path: String
        public var access: Access
        /// For people.
        public var reason: String
        /// Of use only to a server that may reach a network, or serve one.
        public var isForNetwork = false
    }

    public enum Access: Hashable, Sendable {
        case read
        /// Device nodes that take data: reading, writing and ioctls.
        case readWrite
    }

    public struct Path: Hashable, Sendable {
        /// Real: links are resolved.
        public var path: FilePath
        public var isFolder: Bool
        public var access: Access
        public var reason: String
    }

    /// What is there on this machine, by real path, each once.
    public let paths: [Path]
    /// Links of the base that a box with its own mounts has to make: `/lib64 -> usr/lib64`, `/etc/localtime -> ...`.
    public let links: [SymbolicLink]

    /// Looks up the table; entries that do not exist are skipped.
    /// - Parameter network: Whether to include what only connections need.
    public init(files: any FileSystemView, network: Bool = true) {
        var paths: [Path] = [], links: [SymbolicLink] = []
        var siblings = SiblingLookup(files)
        for entry in Self.table where network || !entry.isForNetwork {
            guard let found = siblings.resolve(FilePath(entry.path)), !Self.isForbidden(found.path) else {
                continue
            }
            links += found.links
            paths.append(
                Path(
                    path: found.path, isFolder: found.entry.kind == .folder, access: entry.access, reason: entry.reason)
            )
        }
        // Programs and `#!` lines name these; where /usr is merged they are links. hier(7)
        for path in ["/bin", "/sbin"] as [FilePath] { links += siblings.resolve(path)?.links ?? [] }
        var seen: Set<FilePath> = []
        self.paths = paths.filter { seen.insert($0.path).inserted }
        self.links = withoutDuplicates(links)
    }

    /// The one list of what the base holds, and why.
    public static let table: [Entry] =
        [
            read("/usr/lib", "libraries"), read("/usr/lib32", "libraries"), read("/usr/lib64", "libraries"),
            read("/usr/libx32", "libraries"),
            read("/lib", "libraries and the loader"), read("/lib32", "libraries and the loader"),
            read("/lib64", "libraries and the loader"), read("/libx32", "libraries and the loader"),
            read("/usr/libexec", "helper files of installed programs"),
            read("/usr/share", "data files, time zones, locales, certificates"),
            read("/usr/local/lib", "libraries"), read("/usr/local/lib64", "libraries"),
            read("/usr/local/share", "data files, locally installed certificates"),
            read("/etc/ld.so.cache", "where libraries are"),
            read("/etc/ld.so.preload", "loader"),
            read("/etc/ld-musl-x86_64.path", "where libraries are, for musl"),
            read("/etc/ld-musl-aarch64.path", "where libraries are, for musl"),
            network("/etc/ssl/certs", "certificates"),
            network("/etc/ssl/cert.pem", "certificates"),
            // Not only with a network: node ends at once where it exists and cannot be read.
            read("/etc/ssl/openssl.cnf", "OpenSSL's settings"),
            network("/etc/ca-certificates", "certificates"), network("/etc/ca-certificates.conf", "certificates"),
            network("/etc/pki/tls/certs", "certificates"),
            network("/etc/pki/tls/cert.pem", "certificates"),
            read("/etc/pki/tls/openssl.cnf", "OpenSSL's settings"),
            network("/etc/pki/ca-trust", "certificates"),
            network("/etc/crypto-policies", "which ciphers may be used"),
            network("/etc/gnutls", "which ciphers may be used"),
            read("/etc/localtime", "time zone"),
            read("/etc/timezone", "time zone"),
            read("/etc/locale.alias", "locales"),
            read("/etc/locale.conf", "locales"),
            read("/etc/default/locale", "locales"),
            read("/etc/nsswitch.conf", "how names are looked up"),
            network("/etc/hosts", "names of this machine"),
            network("/etc/host.conf", "how names are looked up"),
            network("/etc/gai.conf", "order of addresses"),
            network("/etc/protocols", "names of protocols"),
            network("/etc/services", "names of ports"),
            read("/etc/mime.types", "types of files"),
            read("/etc/os-release", "name of the system"),
            network("/etc/debian_version", "name of the system, for pip"),
            read("/etc/alternatives", "which of several programs is meant"),
            read("/etc/fonts", "fonts"),
            read("/etc/terminfo", "terminals"),
            read("/sys/devices/system/cpu", "how many processors there are"),
            read("/sys/devices/system/node", "how memory is laid out"),
            read("/sys/fs/cgroup", "limits on memory and processors"),
            read("/sys/kernel/mm/transparent_hugepage", "how memory is mapped"),
            read("/sys/kernel/mm/hugepages", "how memory is mapped"),
            // Landlock would pin /proc/self to one process; others' memory and environment stay closed by its ptrace rule.
            read("/proc", "the process's own state"),
            device("/dev/null"), device("/dev/zero"), device("/dev/full"), device("/dev/random"),
            device("/dev/urandom"),
        ]
        + ["", "-8-openjdk", "-11-openjdk", "-17-openjdk", "-21-openjdk", "-25-openjdk"].map {
            read("/etc/java\($0)", "Java's settings")
        }
        + ["3", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"].map { read("/etc/python\($0)", "Python's settings") }

    private static func read(_ path: String, _ reason: String) -> Entry {
        Entry(path: path, access: .read, reason: reason)
    }

    private static func network(_ path: String, _ reason: String) -> Entry {
        Entry(path: path, access: .read, reason: reason, isForNetwork: true)
    }

    private static func device(_ path: String) -> Entry {
        Entry(path: path, access: .readWrite, reason: "device without state")
    }

    /// A link in the base that an administrator pointed at a private place must not open it.
    private static func isForbidden(_ path: FilePath) -> Bool {
        forbidden.contains { path.starts(with: $0) } || tooWide.contains(path)
    }

    private static let forbidden: [FilePath] = ["/home", "/root", "/var/lib", "/etc/ssl/private", "/etc/shadow"]
    private static let tooWide: [FilePath] = ["/", "/etc", "/usr", "/var", "/run", "/dev", "/sys"]

    /// Whether a path lies in the system part that the table opens on every machine.
    static func covers(_ path: FilePath) -> Bool {
        ["/usr", "/usr/local"].contains { prefix in
            ["lib", "lib32", "lib64", "libx32", "libexec", "share"].contains {
                path.starts(with: FilePath(prefix).appending($0))
            }
        } || ["/lib", "/lib32", "/lib64", "/libx32"].contains { path.starts(with: FilePath($0)) }
    }

    /// Whether a program is one of the system's, so that the loader finds its libraries in the base.
    static func covers(libraryOf program: FilePath) -> Bool {
        let folders: [FilePath] = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"]
        return covers(program) || folders.contains(program.parent)
    }
}

/// Resolves many paths, neighbours one after the other: below a folder that no link leads to, one question about the name
/// itself is enough.
private struct SiblingLookup {
    private let files: any FileSystemView
    private var folder: FilePath = "/"
    private var isReal = true

    init(_ files: any FileSystemView) { self.files = files }

    mutating func resolve(_ path: FilePath) -> ResolvedPath? {
        let parent = path.parent
        if parent != folder {
            folder = parent
            isReal = files.resolve(parent).map { $0.links.isEmpty && $0.path == parent } ?? false
        }
        guard isReal else { return files.resolve(path) }
        guard let entry = files.entry(at: path) else { return nil }
        return entry.kind == .link ? files.resolve(path) : ResolvedPath(path: path, entry: entry, links: [])
    }
}
