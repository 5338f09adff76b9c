import ManifestModel

/// Build tools by their subcommands.
extension Programs {
    static let builders: [String: [Mode]] = [
        "cargo": cargo, "go": goCommand, "mvn": javaBuild, "mvnw": javaBuild, "gradle": javaBuild, "gradlew": javaBuild,
        "adb": adb,
    ]

    /// Source: maven.apache.org, "Introduction to the Build Lifecycle"; docs.gradle.org, "The Base Plugin".
    static let javaBuild: [Mode] = [
        (
            ["clean"], [.filesystemRead, .filesystemWrite, .filesystemDelete, .networkClient],
            "builds a project after it removed what was built"
        ),
        (["--version", "-version", "-v"], [.filesystemRead], "asks for its version"),
        ([], [.filesystemRead, .filesystemWrite, .networkClient], "builds a project and fetches what it depends on"),
    ]

    /// Source: developer.android.com/tools/adb.
    static let adb: [Mode] = [
        (["shell", "exec-out", "connect", "pair", "devices", "logcat"], [.networkClient], "talks to a device"),
        (
            ["push", "install", "install-multiple", "sideload"], [.filesystemRead, .networkClient],
            "sends files to a device"
        ),
        (["pull", "bugreport", "backup"], [.filesystemWrite, .networkClient], "takes files from a device"),
        ([], [.networkClient], "talks to a device"),
    ]

    /// Source: doc.rust-lang.org/cargo, "Cargo Commands".
    static let cargo: [Mode] = [
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
    static let goCommand: [Mode] = [
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
