public import SystemPackage

/// A command that downloads a package and starts a program in it: `npx`, `uvx` and the like.
public struct PackageRunner: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case npx, npmExec, npmRun, pnpmDlx, yarnDlx, bunx, uvx, uvRun, pipxRun, dockerRun

        /// As a person types it.
        public var name: String {
            switch self {
            case .npx: "npx"
            case .npmExec: "npm exec"
            case .npmRun: "npm run"
            case .pnpmDlx: "pnpm dlx"
            case .yarnDlx: "yarn dlx"
            case .bunx: "bunx"
            case .uvx: "uvx"
            case .uvRun: "uv run"
            case .pipxRun: "pipx run"
            case .dockerRun: "docker run"
            }
        }

        /// Options of the runner that take a value as the next argument.
        fileprivate var optionsWithValue: Set<String> {
            switch self {
            case .npx, .npmExec, .npmRun, .pnpmDlx, .yarnDlx, .bunx:
                [
                    "-p", "--package", "-c", "--call", "-w", "--workspace", "--registry", "--cache", "--prefix",
                    "--loglevel",
                ]
            case .uvx, .uvRun, .pipxRun:
                [
                    "--from", "--spec", "--with", "-w", "--with-editable", "--with-requirements", "-p", "--python",
                    "--directory", "--project", "--index-url", "-i", "--index", "--extra-index-url", "--extra",
                    "--group", "--env-file", "--cache-dir", "--default-index", "--refresh-package", "--pip-args",
                    "--prerelease", "--resolution", "--exclude-newer",
                ]
            case .dockerRun:
                ["-e", "--env", "-v", "--volume", "--mount", "--name", "--network", "-p", "-u", "-w", "--env-file"]
            }
        }
    }

    public var kind: Kind
    /// What is to be installed, as written, version included: `@scope/server@1.2`. The script for `npm run`.
    public var package: String
    /// The program in the package, when the command names it apart from the package.
    public var program: String?
    public var arguments: [String]
    /// The project folder that `uv --directory` names.
    public var project: String?
    /// The runner's own options, those that name the package left out.
    public var options: [Option] = []
    /// Where the runner itself was found: its kin lie beside it.
    public var folder: FilePath?

    public struct Option: Hashable, Sendable {
        public var name: String
        public var value: String?
    }

    /// What a person can do when the runner cannot be replaced by an installed program.
    public var next: String {
        switch kind {
        case .npx, .npmExec, .pnpmDlx, .yarnDlx, .bunx:
            "install it once: `npm install --global \(package)`, then name its program"
        case .uvx: "install it once: `uv tool install \(package)`, then start it again"
        case .pipxRun: "install it once: `pipx install \(package)`, then start it again"
        case .uvRun: "make its environment once: `uv sync` in the project, then start it again"
        case .npmRun:
            "it starts a shell, which starts the server: write the server's own command, as in `node server.js`"
        case .dockerRun:
            "docker's daemon would start the container as root, outside any box, and its socket is as good as root: "
                + "name the server's own program instead, or start agentbound inside the image"
        }
    }

    private static let spellings: [(words: [String], kind: Kind)] = [
        (["npx"], .npx), (["npm", "exec"], .npmExec), (["npm", "x"], .npmExec), (["npm", "run"], .npmRun),
        (["npm", "start"], .npmRun), (["npm", "run-script"], .npmRun), (["pnpm", "dlx"], .pnpmDlx),
        (["pnpx"], .pnpmDlx), (["yarn", "dlx"], .yarnDlx), (["bunx"], .bunx), (["bun", "x"], .bunx),
        (["uvx"], .uvx), (["uv", "tool", "run"], .uvx), (["uv", "run"], .uvRun), (["pipx", "run"], .pipxRun),
        (["docker", "run"], .dockerRun), (["podman", "run"], .dockerRun),
    ]

    /// - Parameters:
    ///   - name: The program's name without its folder.
    ///   - arguments: What follows it.
    /// - Returns: `nil` for a command that is no package runner, or names no package.
    init?(name: String, arguments: [String]) {
        var words = [name] + arguments
        var project: String?
        // `uv --directory DIR run` has its option before the word that makes it a runner.
        while name == "uv", words.count > 2, ["--directory", "--project"].contains(words[1]) {
            project = words[2]
            words.removeSubrange(1...2)
        }
        guard let spelling = Self.spellings.first(where: { words.starts(with: $0.words) }) else { return nil }
        kind = spelling.kind
        self.project = project
        var rest = words.dropFirst(spelling.words.count)
        var named: String?
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest.removeFirst()
            if word == "--" { break }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let takesValue = kind.optionsWithValue.contains(parts[0])
            let value = parts.count == 2 ? parts[1] : takesValue ? rest.popFirst() : nil
            switch parts[0] {
            case "--from", "--spec": named = value
            case "--package" where named == nil: named = value
            case "-p" where (kind == .npx || kind == .npmExec) && named == nil: named = value
            case "--directory", "--project": self.project = value
            default: options.append(Option(name: parts[0], value: value))
            }
            if kind == .uvRun, word == "-m" || word == "--module" {
                (package, self.arguments) = ("python", ["-m"] + rest)
                return
            }
        }
        guard let first = rest.popFirst() ?? (words.starts(with: ["npm", "start"]) ? "start" : nil) else { return nil }
        package = named ?? first
        program = named == nil ? nil : first
        // npm hands on what follows `--` without it.
        if rest.first == "--", kind == .npmExec || kind == .npx { rest.removeFirst() }
        self.arguments = Array(rest)
    }

    /// Whether its packages are npm's.
    public var isNode: Bool { [.npx, .npmExec, .pnpmDlx, .yarnDlx, .bunx].contains(kind) }

    /// The package with one version, as this runner takes it: `server@1.2`, `server[cli]==1.2`.
    public func pinned(to version: String) -> String {
        if isNode { return "\(nameAndVersion.name)@\(version)" }
        return package.prefix { !"@=<>~! ".contains($0) } + "==\(version)"
    }

    /// Whether the command says which version it means.
    public var isExact: Bool { nameAndVersion.version != nil }

    /// Name and version of the package: `@scope/server@1.2` and `server==1.2`, extras left out.
    public var nameAndVersion: (name: String, version: String?) {
        let text = isNode ? package[...] : package.prefix { $0 != "[" } + package.drop { $0 != "]" }.dropFirst()
        let start = text.hasPrefix("@") ? text.index(after: text.startIndex) : text.startIndex
        guard let mark = text[start...].firstIndex(where: { isNode ? $0 == "@" : "@=<>~! ".contains($0) }) else {
            return (String(text), nil)
        }
        let version = text[mark...].drop { "@=<>~! ".contains($0) }
        // Only an exact version says which installed one is meant.
        let exact =
            version.first?.isNumber == true && version.allSatisfy { $0.isNumber || $0.isLetter || ".-+".contains($0) }
            && (text[mark] == "@" || text[mark...].hasPrefix("=="))
        return (String(text[..<mark]), exact ? String(version) : nil)
    }
}
