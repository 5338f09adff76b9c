import SystemPackage

/// What can never be a program's own folder, whatever its files claim: the server's own files say where more of it
/// lies (`pyvenv.cfg`, `.pth`, links in node_modules), and the server is hostile.
struct ClosureGuard: Hashable {
    /// The user's home folder, real.
    let home: FilePath?
    private let sharedFolders: Set<FilePath>
    private let secrets: [FilePath]

    init(home: FilePath?) {
        self.home = home
        func below(_ names: [String]) -> [FilePath] { home.map { home in names.map { home.appending($0) } } ?? [] }
        sharedFolders = Self.shared.union(below(Self.sharedInHome))
        secrets = below(Self.closedInHome)
    }

    /// Folders that hold more than one program. What lies below them may be granted.
    private static let shared: Set<FilePath> = [
        "/", "/bin", "/boot", "/dev", "/dev/shm", "/etc", "/home", "/media", "/mnt", "/opt", "/proc", "/root", "/run",
        "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/local", "/usr/local/bin", "/usr/sbin", "/var",
        "/var/lib", "/var/tmp", "/workspace", "/workspaces",
    ]
    /// Below these nothing is a program.
    private static let closed: [FilePath] = ["/boot", "/dev", "/etc", "/proc", "/run", "/sys", "/var/lib", "/var/log"]

    private static let sharedInHome = [
        ".cache", ".config", ".local", ".local/bin", ".local/lib", ".local/share", ".local/state", "bin",
        "Desktop", "Documents", "Downloads", "Music", "Pictures", "Public", "Videos",
    ]
    private static let closedInHome = [
        ".aws", ".azure", ".config/agentbound", ".config/chromium", ".config/gcloud", ".config/gh",
        ".config/google-chrome", ".docker", ".gnupg", ".kube", ".local/share/keyrings", ".local/state/agentbound",
        ".mozilla", ".password-store", ".pki", ".ssh", ".thunderbird",
    ]

    /// Whether a folder with all below it would be too much.
    func isTooBroad(_ folder: FilePath) -> Bool {
        sharedFolders.contains(folder) || home?.starts(with: folder) == true || holdsSecrets(folder)
    }

    /// Whether a file or folder lies where key material and system state lie, or above it.
    func holdsSecrets(_ path: FilePath) -> Bool {
        Self.closed.contains { path.starts(with: $0) }
            || secrets.contains { path.starts(with: $0) || $0.starts(with: path) }
    }
}
