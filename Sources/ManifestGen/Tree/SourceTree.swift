/// Files of a package, in a folder or in an archive: their names, and their bytes when asked for.
public protocol SourceTree {
    /// Relative, with `/`, in order. Without links, and without folders that hold no shipped code.
    var paths: [String] { get }
    /// What kept the tree from being seen whole.
    var omissions: Omissions { get }
    /// - Returns: `nil` when the file cannot be read or is larger than the limit; that is counted.
    mutating func read(_ index: Int) -> [UInt8]?
}

/// What was not looked at, and why. Anything in it makes a result partial.
public struct Omissions: Hashable, Sendable {
    public var unreadableFolders: [String] = []
    public var unreadableFiles: [String] = []
    public var tooLargeFiles: [String] = []
    public var tooDeepFolders = 0
    public var filesBeyondLimit = 0
    public var bytesBeyondLimit = 0
    /// Not followed, and no part of the package: no reason to call a result partial.
    public var links = 0

    public init() {}

    /// Whether all that belongs to the package was seen.
    public var isWhole: Bool {
        unreadableFolders.isEmpty && unreadableFiles.isEmpty && tooLargeFiles.isEmpty && tooDeepFolders == 0
            && filesBeyondLimit == 0 && bytesBeyondLimit == 0
    }
}

/// How much of a tree is looked at.
public struct TreeLimits: Hashable, Sendable {
    public var files = 200_000
    public var depth = 64
    /// Of one file. Longer ones are bundles or data.
    public var fileBytes = 8 << 20
    /// Of all files that are read.
    public var totalBytes = 1 << 30

    public init() {}
}

enum IgnoredFolders {
    /// Never part of the shipped code of the package they lie in.
    static let names: Set<String> = [
        ".git", ".hg", ".svn", "node_modules", "bower_components", "jspm_packages", ".venv", "venv", "virtualenv",
        "env",
        "__pycache__", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", "site-packages", ".eggs",
        ".build", ".gradle", ".idea", ".vscode", ".next", ".nuxt", ".cache", ".yarn", ".pnpm-store", "DerivedData",
        "Pods", "Carthage", ".terraform", ".github", ".husky", ".turbo", ".parcel-cache", ".svelte-kit",
    ]
}
