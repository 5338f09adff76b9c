import LinuxSystem
import SystemPackage

/// Finds what a package runner would start, where the runners keep what they have installed.
struct InstalledPackages {
    let files: any FileSystemView
    let folder: FilePath
    let home: FilePath?
    let environment: [String: String]

    /// The program and its arguments.
    /// - Throws: ``LaunchChainError/runner(_:)`` when it is not installed, or cannot be boxed.
    func command(for runner: PackageRunner) throws(LaunchChainError) -> [String] {
        let program: FilePath? =
            switch runner.kind {
            case .npx, .npmExec, .pnpmDlx, .yarnDlx, .bunx: nodeProgram(runner)
            case .uvx, .pipxRun: pythonTool(runner)
            case .uvRun: nil
            case .npmRun, .dockerRun: nil
            }
        if let program { return [program.string] + runner.arguments }
        if runner.kind == .uvRun, let command = projectCommand(runner) { return command }
        throw .runner(runner)
    }

    /// The program in a folder that ``PackageInstallation`` filled, for that runner and nobody else.
    func program(of runner: PackageRunner, in folder: FilePath) -> FilePath? {
        let name = runner.nameAndVersion.name
        switch PackageRequest.installer(for: runner.kind) {
        case .npm: return binary(in: folder.appending("node_modules"), of: name, called: runner.program)
        case .uv, .pipx:
            let program = pythonEnvironment(of: runner, in: folder).appending("bin")
                .appending(FilePath(runner.program ?? name).components)
            return files.isFile(program) ? program : nil
        case nil: return nil
        }
    }

    /// The version of the package in such a folder.
    func version(of runner: PackageRunner, in folder: FilePath) -> String? {
        let name = runner.nameAndVersion.name
        switch PackageRequest.installer(for: runner.kind) {
        case .npm:
            return packageVersion(folder.appending("node_modules").appending(FilePath(name).components))
        case .uv, .pipx: return version(in: pythonEnvironment(of: runner, in: folder), normalized(name))
        case nil: return nil
        }
    }

    /// The programs of the package in such a folder, for a message.
    func programs(of runner: PackageRunner, in folder: FilePath) -> [String] {
        let bin =
            runner.isNode
            ? folder.appending(FilePath("node_modules/.bin").components)
            : folder.appending("bin")
        return (files.list(bin) ?? []).map(\.name)
    }

    private func pythonEnvironment(of runner: PackageRunner, in folder: FilePath) -> FilePath {
        let place: FilePath = PackageRequest.installer(for: runner.kind) == .uv ? "tools" : "pipx/venvs"
        return folder.appending(place.components).appending(normalized(runner.nameAndVersion.name))
    }

    /// The version of the package that `program` was found in, by ``command(for:)``.
    func version(of runner: PackageRunner, at program: FilePath) -> String? {
        let name = runner.nameAndVersion.name
        if runner.isNode {
            let modules = program.parent.parent
            return packageVersion(modules.appending(FilePath(name).components))
        }
        return runner.kind == .uvRun ? nil : version(in: program.parent.parent, normalized(name))
    }

    private func variable(_ name: String) -> FilePath? {
        environment[name].map { FilePath($0) }.flatMap { $0.isAbsolute ? $0 : nil }
    }

    private func below(_ base: FilePath?, _ rest: String) -> FilePath? { base?.appending(FilePath(rest).components) }

    // MARK: Node

    /// In a project's node_modules, then among global packages, then in npm's cache: newest first.
    private func nodeProgram(_ runner: PackageRunner) -> FilePath? {
        var places: [FilePath] = []
        var above = folder
        repeat { places.append(above.appending("node_modules")) } while above.moveUp()
        places += [below(home, ".bun/install/global/node_modules")].compactMap { $0 }
        if let cache = variable("npm_config_cache")?.appending("_npx") ?? below(home, ".npm/_npx") {
            places += newestFirst(cache).map { $0.appending("node_modules") }
        }
        let (name, version) = runner.nameAndVersion
        for place in places {
            let package = place.appending(FilePath(name).components)
            guard files.isFolder(package), version == nil || packageVersion(package) == version else { continue }
            if let program = binary(in: place, of: name, called: runner.program) { return program }
        }
        return nil
    }

    /// npm links each program of a package into `.bin`: which package a link leads into says whose it is.
    private func binary(in place: FilePath, of package: String, called: String?) -> FilePath? {
        let bin = place.appending(".bin")
        if let called {
            let program = bin.appending(FilePath(called).components)
            return files.isFile(program) ? program : nil
        }
        let wanted = FilePath(package).lastComponent?.string
        let root = place.appending(FilePath(package).components).lexicallyNormalized()
        let own = (files.list(bin) ?? []).map(\.name).filter { name in
            guard let target = files.target(ofLink: bin.appending(name)) else { return name == wanted }
            return bin.pushing(target).lexicallyNormalized().starts(with: root)
        }
        // As npx chooses: the only one, or the one with the package's own name.
        guard let name = own.contains(wanted ?? "") ? wanted : own.count == 1 ? own[0] : nil else { return nil }
        let program = bin.appending(name)
        return files.isFile(program) ? program : nil
    }

    private func packageVersion(_ package: FilePath) -> String? {
        guard let text = files.text(of: package.appending("package.json")) else { return nil }
        // The first "version" of a published package.json is its own; a wrong guess only means "not installed".
        guard let key = text.firstRange(of: "\"version\"")?.upperBound else { return nil }
        let value = text[key...].drop { $0 != "\"" }.dropFirst()
        return String(value.prefix { $0 != "\"" })
    }

    // MARK: Python

    private func pythonTool(_ runner: PackageRunner) -> FilePath? {
        let (name, version) = runner.nameAndVersion
        let normal = normalized(name)
        let data = variable("XDG_DATA_HOME") ?? below(home, ".local/share")
        let cache = variable("XDG_CACHE_HOME") ?? below(home, ".cache")
        var tools: [FilePath?]
        var cached: [FilePath?]
        if runner.kind == .uvx {
            tools = [variable("UV_TOOL_DIR") ?? below(data, "uv/tools")]
            cached = [below(variable("UV_CACHE_DIR") ?? below(cache, "uv"), "archive-v0")]
        } else {
            tools = [
                below(variable("PIPX_HOME"), "venvs"), below(data, "pipx/venvs"), below(home, ".local/pipx/venvs"),
            ]
            cached = [below(cache, "pipx"), below(home, ".local/pipx/.cache")]
        }
        let program = runner.program ?? name
        // uv ties a tool's folder to the package's normal name; in the cache the folder's name is a digest.
        let installed = tools.compactMap { $0?.appending(normal) }
        for environment in installed + cached.compactMap({ $0 }).flatMap(newestFirst) {
            let file = environment.appending("bin").appending(FilePath(program).components)
            guard files.isFile(file), files.isFile(environment.appending("pyvenv.cfg")),
                holds(environment, normal, version)
            else { continue }
            return file
        }
        return nil
    }

    /// Whether a virtual environment has the package, in that version when one is named.
    private func holds(_ environment: FilePath, _ package: String, _ version: String?) -> Bool {
        guard let found = self.version(in: environment, package) else { return false }
        return version == nil || found == version
    }

    /// The version of a package in a virtual environment, by the name of its metadata's folder.
    private func version(in environment: FilePath, _ package: String) -> String? {
        let lib = environment.appending("lib")
        for python in files.list(lib) ?? [] {
            for entry in files.list(lib.appending(python.name).appending("site-packages")) ?? []
            where entry.name.hasSuffix(".dist-info") {
                let parts = entry.name.dropLast(".dist-info".count).split(separator: "-", maxSplits: 1)
                if parts.count == 2, normalized(String(parts[0])) == package { return String(parts[1]) }
            }
        }
        return nil
    }

    /// PEP 503: runs of `-`, `_` and `.` are one `-`, letters are small.
    private func normalized(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    /// `uv run` in a project whose environment is there.
    private func projectCommand(_ runner: PackageRunner) -> [String]? {
        let start = runner.project.map {
            FilePath($0).isAbsolute ? FilePath($0) : folder.appending(FilePath($0).components)
        }
        var project = start ?? folder
        while !files.isFile(project.appending("pyproject.toml")) {
            guard project.moveUp() else { return nil }
        }
        let environment = variable("UV_PROJECT_ENVIRONMENT") ?? project.appending(".venv")
        let bin = environment.appending("bin")
        guard files.isFile(environment.appending("pyvenv.cfg")) else { return nil }
        let named = bin.appending(FilePath(runner.package).components)
        if !runner.package.contains("/"), files.isFile(named) { return [named.string] + runner.arguments }
        guard runner.package.hasSuffix(".py") else { return nil }
        let script =
            FilePath(runner.package).isAbsolute
            ? FilePath(runner.package) : (start ?? folder).appending(FilePath(runner.package).components)
        return [bin.appending("python").string, script.string] + runner.arguments
    }

    /// The folders in `parent`, the one changed last first.
    private func newestFirst(_ parent: FilePath) -> [FilePath] {
        (files.list(parent) ?? []).map { parent.appending($0.name) }
            .compactMap { path in files.entry(at: path).map { (path, $0) } }
            .filter { $0.1.kind == .folder }
            .sorted { $0.1.modified > $1.1.modified }
            .map(\.0)
    }
}
