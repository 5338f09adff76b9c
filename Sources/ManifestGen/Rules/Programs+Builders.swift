import ManifestModel

/// Build tools by their subcommands.
extension Programs {
    typealias Modes = [(words: [String], permissions: [Permission], does: String)]

    static let builders: [String: Modes] = ["cargo": cargo, "go": goCommand]

    /// Source: doc.rust-lang.org/cargo, "Cargo Commands".
    static let cargo: Modes = [
        (["clean"], [.filesystemRead, .filesystemWrite, .filesystemDelete], "removes what was built"),
        (
            ["add", "update", "fetch", "install", "publish", "search", "login", "owner", "yank", "audit", "outdated"],
            [.filesystemRead, .filesystemWrite, .networkClient], "fetches packages from a registry"
        ),
        (["--version", "--list", "metadata", "tree", "locate-project", "pkgid"], [.filesystemRead], "reads a package"),
        (
            [
                "build", "check", "clippy", "test", "bench", "doc", "run", "fix", "fmt", "new", "init", "remove", "rm",
                "expand", "package", "vendor", "generate-lockfile", "rustc", "rustdoc", "nextest", "hack", "miri",
            ],
            [.filesystemRead, .filesystemWrite], "builds a package"
        ),
        ([], [.filesystemRead, .filesystemWrite, .networkClient], "builds packages or fetches them"),
    ]

    /// Source: pkg.go.dev/cmd/go.
    static let goCommand: Modes = [
        (["clean"], [.filesystemRead, .filesystemDelete], "removes what was built"),
        (
            ["get", "install", "download", "tidy"], [.filesystemRead, .filesystemWrite, .networkClient],
            "fetches modules"
        ),
        (["doc", "list", "env", "vet", "version"], [.filesystemRead], "reads packages"),
        (
            ["build", "test", "run", "fmt", "generate", "mod", "work", "tool"], [.filesystemRead, .filesystemWrite],
            "builds packages"
        ),
        ([], [.filesystemRead, .filesystemWrite, .networkClient], "builds packages or fetches them"),
    ]
}
