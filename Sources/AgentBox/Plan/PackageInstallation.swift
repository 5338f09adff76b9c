import ManifestModel
public import PolicyEngine
public import SystemPackage

/// How one package is installed: the installer's command line, and what it may have. Pure; the one table of installers.
///
/// Everything lies in a folder that holds this package and nothing else, the installer's own cache included, so there is
/// no other package that an install script could change.
public struct PackageInstallation: Hashable, Sendable {
    public var request: PackageRequest
    public var registry: PackageRegistry
    public var folder: FilePath
    /// Absolute, or a name for PATH.
    public var command: [String]
    public var environment: [String: String]
    /// Programs that it may start, by name or path.
    public var programs: [String]
    /// Files that lie in the folder before it starts.
    public var files: [String: String] = [:]

    /// What an installer leaves behind that no start needs.
    public static let leftovers = ["cache", "home"]

    /// Variables of the operator's that name certificates; the files are readable then.
    public static let certificates: [PackageRequest.Installer: [String]] = [
        .npm: ["NODE_EXTRA_CA_CERTS"], .uv: ["SSL_CERT_FILE"], .pipx: ["PIP_CERT", "SSL_CERT_FILE"],
    ]

    /// - Parameters:
    ///   - version: The one that was recorded, where this is to restore it.
    ///   - python: The interpreter's path; needed for uv and pipx.
    public init(
        _ request: PackageRequest, from registry: PackageRegistry, into folder: FilePath, version: String? = nil,
        python: String? = nil
    ) {
        self.request = request
        self.registry = registry
        self.folder = folder
        let runner = request.runner
        let specification = version.map { runner.pinned(to: $0) } ?? runner.package
        func below(_ name: String) -> String { folder.appending(name).string }
        let program = Self.program(request)
        environment = [
            "HOME": below("home"), "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1", "CI": "1",
            "USER": "agentbound", "LOGNAME": "agentbound",
        ]
        switch request.installer {
        case .npm:
            command = [
                program, "install", "--prefix", folder.string, "--no-audit", "--no-fund", "--loglevel=error",
                specification,
            ]
            environment["npm_config_cache"] = below("cache")
            environment["npm_config_update_notifier"] = "false"
            environment["npm_config_progress"] = "false"
            // Install scripts are started by a shell.
            programs = ["node", "sh"]
            files[".npmrc"] =
                "registry=\(registry.url)\n" + registry.scopes.map { "\($0.name):registry=\($0.url)\n" }.joined()
        case .uv:
            command = [program, "tool", "install", "--no-progress"] + request.others
            for addition in request.additions { command += ["--with", addition] }
            command.append(specification)
            environment["UV_TOOL_DIR"] = below("tools")
            environment["UV_TOOL_BIN_DIR"] = below("bin")
            environment["UV_CACHE_DIR"] = below("cache")
            environment["UV_PYTHON"] = python
            environment["UV_PYTHON_DOWNLOADS"] = "never"
            environment["UV_NO_CONFIG"] = "1"
            environment["UV_SYSTEM_CERTS"] = "1"
            environment["UV_DEFAULT_INDEX"] = registry.url
            programs = [python].compactMap(\.self)
        case .pipx:
            command = [program, "install"] + (python.map { ["--python", $0] } ?? []) + [specification]
            environment["PIPX_HOME"] = below("pipx")
            environment["PIPX_BIN_DIR"] = below("bin")
            environment["PIPX_MAN_DIR"] = below("man")
            environment["USE_EMOJI"] = "0"
            environment["PIP_CACHE_DIR"] = below("cache")
            environment["PIP_CONFIG_FILE"] = "/dev/null"
            environment["PIP_INDEX_URL"] = registry.url
            environment["PIP_NO_INPUT"] = "1"
            environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
            programs = [python].compactMap(\.self)
        }
    }

    /// The installer lies beside the runner that was named: `uv` beside `uvx`. bun, pnpm and yarn have npm's packages, and
    /// npm is looked for in PATH.
    static func program(_ request: PackageRequest) -> String {
        switch request.runner.kind {
        case .npx, .npmExec, .uvx, .pipxRun:
            request.runner.folder?.appending(request.installer.rawValue).string ?? request.installer.rawValue
        case .npmRun, .pnpmDlx, .yarnDlx, .bunx, .uvRun, .dockerRun: request.installer.rawValue
        }
    }

    /// What the installer's box holds: its folder, the registry, and the programs that it needs.
    /// - Parameters:
    ///   - programs: ``programs``, by real path.
    ///   - path: The folders for PATH.
    ///   - more: Variables of the operator's, with the files that they name.
    public func permissions(programs: [FilePath], path: [FilePath], more: [String: FilePath]) -> EffectivePermissions {
        var granted = EffectivePermissions()
        granted.granted = [
            .filesystemRead, .filesystemWrite, .filesystemDelete, .environmentRead, .exec, .networkClient,
        ]
        granted.readPaths = [folder] + more.values.sorted { $0.string < $1.string }
        granted.writePaths = [folder]
        granted.deletePaths = [folder]
        // Nothing is denied inside: the folder is new, and packages bring files such as `cacert.pem`.
        granted.hosts.allowed = registry.hosts
        granted.hosts.privateNames = registry.privateNames
        granted.commands = programs
        var environment = environment
        for (name, file) in more { environment[name] = file.string }
        environment["PATH"] = (path + [folder.appending("bin")]).map(\.string).joined(separator: ":")
        granted.environment = environment.sorted { $0.key < $1.key }.map {
            EnvironmentVariable(name: $0.key, value: $0.value)
        }
        return granted
    }

    /// The first link that leads out of the folder, other than to one of `allowed`: an install script could have made it, so
    /// that a start would take another program for the package's.
    public static func strayLink(in folder: FilePath, except allowed: Set<FilePath>, files: any FileSystemView)
        -> FilePath?
    {
        var folders = [folder][...]
        while let next = folders.popFirst() {
            for entry in files.list(next) ?? [] {
                let path = next.appending(entry.name)
                if entry.isLink {
                    guard let real = files.resolve(path)?.path, real.starts(with: folder) || allowed.contains(real)
                    else {
                        return path
                    }
                } else if files.entry(at: path)?.kind == .folder {
                    folders.append(path)
                }
            }
        }
        return nil
    }
}

/// What lies in a package's folder once the installer has ended.
public struct PackageOutcome: Hashable, Sendable {
    /// `nil` where the package is not there.
    public var version: String?
    /// What the command starts; `nil` where there is no such program.
    public var program: FilePath?
    /// All programs, for a message.
    public var programs: [String]

    public init(of runner: PackageRunner, in folder: FilePath, files: any FileSystemView) {
        let installed = InstalledPackages(files: files, folder: folder, home: nil, environment: [:])
        version = installed.version(of: runner, in: folder)
        program = installed.program(of: runner, in: folder)
        programs = installed.programs(of: runner, in: folder)
    }
}
