public import SystemPackage

/// The homes of a machine's accounts, where `~/` of the protected list is too. HOME alone does not tell: it can be missing or lead
/// somewhere else, and a grant can be about another user's home.
public struct HomeFolders: Hashable, Sendable {
    private let folders: [FilePath]

    /// - Parameters:
    ///   - passwd: /etc/passwd, passwd(5).
    ///   - user: Whose home counts although it is an account of the system's.
    ///   - real: Follows links, or gives its path back: a home can be a link, and what is granted never is.
    public init(passwd: [UInt8], user: UInt32? = nil, real: (FilePath) -> FilePath) {
        var folders: [FilePath] = []
        for line in passwd.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 7, let id = UInt32(String(decoding: fields[2], as: UTF8.self)) else { continue }
            // Services live in /usr, /var and the like. 65534 is nobody.
            guard id == 0 || id == user || id >= 1_000 && id != 65_534 else { continue }
            let home = FilePath(String(decoding: fields[5], as: UTF8.self)).lexicallyNormalized()
            // `/` is the home of accounts that have none.
            if !home.isAbsolute || home.string == "/" { continue }
            for form in [home, real(home)] where !folders.contains(form) { folders.append(form) }
        }
        self.folders = folders
    }

    /// Those that `path` is, holds or lies in.
    public func around(_ path: FilePath) -> [FilePath] {
        folders.filter { $0.starts(with: path) || path.starts(with: $0) }
    }
}
