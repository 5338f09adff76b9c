import PolicyEngine
import Synchronization
import SystemPackage

/// What can never be a program's own folder, whatever its files claim: the server's own files say where more of it
/// lies (`pyvenv.cfg`, `.pth`, links in node_modules), and the server is hostile.
struct ClosureGuard: Sendable {
    /// The user's home folder, real.
    let home: FilePath?
    private let sharedFolders: Set<FilePath>
    private let secrets: [FilePath]
    private let accounts: AccountHomes

    /// - Parameter files: Where the homes of other accounts are looked up, once one might matter.
    init(home: FilePath?, files: any FileSystemView) {
        self.home = home
        sharedFolders = Self.shared.union(home.map { Self.below($0, Self.sharedInHome) } ?? [])
        secrets = home.map { Self.below($0, Self.closedInHome) } ?? []
        accounts = AccountHomes(files: files)
    }

    private static func below(_ home: FilePath, _ names: [String]) -> [FilePath] { names.map { home.appending($0) } }

    private final class AccountHomes: Sendable {
        private let files: any FileSystemView
        private let found = Mutex<HomeFolders?>(nil)

        init(files: any FileSystemView) { self.files = files }

        func around(_ path: FilePath) -> [FilePath] {
            // Programs of the system, as nearly all of them are.
            if path.starts(with: "/usr") { return [] }
            return found.withLock { [files] found in
                if let found { return found }
                let passwd = files.bytes(of: "/etc/passwd", from: 0, count: 4 << 20) ?? []
                let homes = HomeFolders(passwd: passwd) { files.resolve($0)?.path ?? $0 }
                found = homes
                return homes
            }.around(path)
        }
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
        sharedFolders.contains(folder) || home?.starts(with: folder) == true
            || accounts.around(folder).contains {
                $0.starts(with: folder) || Self.below($0, Self.sharedInHome).contains(folder)
            }
            || holdsSecrets(folder)
    }

    /// Whether a file or folder lies where key material and system state lie, or above it.
    func holdsSecrets(_ path: FilePath) -> Bool {
        let others = accounts.around(path).flatMap { Self.below($0, Self.closedInHome) }
        return Self.closed.contains { path.starts(with: $0) }
            || (secrets + others).contains { path.starts(with: $0) || $0.starts(with: path) }
    }
}
