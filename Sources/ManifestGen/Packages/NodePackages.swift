import StrictJSON

/// npm packages: `package.json`, `deno.json`.
enum NodePackages {
    static let endings = Language.javascript.extensions

    static func find(_ scene: PackageScene) -> [Package] {
        scene.paths.compactMap { path in
            let name = PathText.name(path)
            guard name == "package.json" || name == "deno.json" || name == "deno.jsonc", !isAsidePackage(path) else {
                return nil
            }
            if name != "package.json", scene.has(PathText.join(PathText.folder(path), "package.json")) { return nil }
            guard let json = scene.json(path) else { return name == path ? unreadable(path) : nil }
            return package(json, PathText.folder(path), scene)
        }
    }

    /// The tree's own package, of which nothing more is known.
    private static func unreadable(_ path: String) -> Package {
        var package = Package(folder: "", language: .javascript)
        package.unreadable = path
        return package
    }

    private static func isAsidePackage(_ path: String) -> Bool {
        let folder = PathText.folder(path)
        return !folder.isEmpty && PathText.isAside(folder + "/index")
    }

    private static func package(_ json: JSONValue, _ folder: String, _ scene: PackageScene) -> Package? {
        var package = Package(folder: folder, language: .javascript)
        package.name = json["name"]?.string
        package.version = json["version"]?.string
        package.description = json["description"]?.string
        package.registry = "npm"
        for key in ["dependencies", "optionalDependencies", "peerDependencies"] {
            for member in json[key]?.members ?? [] { package.dependencies.insert(member.key) }
        }
        for member in json["imports"]?.members ?? [] where member.value.string?.contains("modelcontextprotocol") == true
        {
            package.dependencies.insert("@modelcontextprotocol/sdk")
        }
        var targets = binaries(json)
        targets += started(json, scene, folder)
        if targets.isEmpty { targets += worker(scene, folder) }
        // Main and exports are what the world imports; with a command they are the same code or a library beside it.
        if targets.isEmpty { targets += exported(json["exports"]) }
        if targets.isEmpty {
            for key in ["main", "module"] { if let text = json[key]?.string { targets.append(text) } }
        }
        let finder = EntryFinder(scene: scene, folder: folder, json: json)
        let documented = self.documented(json, scene, folder)
        for target in targets {
            if let entry = finder.source(of: target) {
                if !package.entries.contains(entry) { package.entries.append(entry) }
            } else {
                package.missing.append(target)
            }
        }
        if package.entries.isEmpty { package.entries = finder.namedInBuild() }
        if !package.entries.isEmpty {
            for target in documented {
                guard let entry = finder.source(of: target), !package.entries.contains(entry),
                    isServer(entry, scene)
                else { continue }
                package.entries.append(entry)
            }
        }
        if package.entries.isEmpty {
            for name in [
                "src/index", "index", "src/main", "src/server", "server", "main", "src/cli", "cli", "mod", "src/mcp",
            ] {
                if let entry = finder.withEnding(PathText.join(folder, name)) {
                    package.entries = [entry]
                    break
                }
            }
        }
        // These frameworks load what lies in their folders.
        if !package.entries.isEmpty, !package.dependencies.isDisjoint(with: ["mcp-framework", "xmcp"]) {
            let folders = ["tools", "resources", "prompts"].map { PathText.join(folder, "src/" + $0) }
            let loaded = folders.flatMap { scene.below($0) }.filter {
                Language(path: scene.paths[$0]) == .javascript && !PathText.isAside(scene.paths[$0])
            }
            package.entries += loaded.filter { !package.entries.contains($0) }
        }
        if package.entries.isEmpty {
            package.isWholeFolder = scene.below(folder).contains {
                Language(path: scene.paths[$0]) == .javascript && !PathText.isAside(scene.paths[$0])
            }
            if !package.isWholeFolder { return nil }
        }
        return package
    }

    private static func binaries(_ json: JSONValue) -> [String] {
        if let text = json["bin"]?.string { return [text] }
        return json["bin"]?.members?.compactMap(\.value.string) ?? []
    }

    /// What a Cloudflare worker starts with.
    private static func worker(_ scene: PackageScene, _ folder: String) -> [String] {
        let settings = [
            scene.toml(PathText.join(folder, "wrangler.toml")), scene.json(PathText.join(folder, "wrangler.jsonc")),
            scene.json(PathText.join(folder, "wrangler.json")),
        ]
        return settings.compactMap { $0?["main"]?.string }.prefix(1).map { $0 }
    }

    /// What `npm start` runs.
    private static func started(_ json: JSONValue, _ scene: PackageScene, _ folder: String) -> [String] {
        let command = json["scripts"]?["start"]?.string ?? json["tasks"]?["start"]?.string ?? ""
        return command.split(separator: " ").map { String($0) }.filter { word in
            endings.contains { word.hasSuffix("." + $0) } && !word.hasPrefix("-")
        }
    }

    /// Programs that the package tells its users to start: further `start:...` scripts, the container's command, and commands in
    /// the README.
    private static func documented(_ json: JSONValue, _ scene: PackageScene, _ folder: String) -> [String] {
        var found: [String] = []
        func take(_ line: some StringProtocol) {
            let words = Substring(line).split(whereSeparator: { " \"'`,[]()\t\r".contains($0) }).map { String($0) }
            guard let runner = words.firstIndex(where: { ["node", "bun", "deno", "tsx", "ts-node"].contains($0) })
            else { return }
            for word in words[(runner + 1)...].prefix(12)
            where found.count < 24 && !word.hasPrefix("-") && endings.contains(where: { word.hasSuffix("." + $0) }) {
                found.append(word.hasPrefix("./") ? String(word.dropFirst(2)) : word)
                return
            }
        }
        for script in json["scripts"]?.members ?? []
        where script.key.hasPrefix("start:") || script.key.hasPrefix("serve") || script.key.hasPrefix("mcp") {
            if let command = script.value.string { take(command) }
        }
        for name in ["README.md", "readme.md", "Readme.md", "Dockerfile", "smithery.yaml"] {
            guard let text = scene.text(PathText.join(folder, name)), text.utf8.count < 400_000 else { continue }
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.count < 400 { take(Substring(line)) }
        }
        return found
    }

    /// Whether a file starts an MCP server itself.
    private static func isServer(_ index: Int, _ scene: PackageScene) -> Bool {
        let path = scene.paths[index]
        guard !PathText.isAside(path), let bytes = scene.bytes(path), bytes.count < 1 << 20 else { return false }
        return ["@modelcontextprotocol/sdk/server", "@modelcontextprotocol/server", "new FastMCP"].contains {
            PathText.contains(bytes, Array($0.utf8))
        }
    }

    private static func exported(_ json: JSONValue?) -> [String] {
        guard let json else { return [] }
        if let text = json.string { return [text] }
        guard let members = json.members else { return [] }
        let isPaths = members.contains { $0.key.hasPrefix(".") }
        if isPaths {
            return members.filter { !$0.key.contains("*") && !$0.key.hasSuffix(".json") }.flatMap { exported($0.value) }
        }
        for key in ["import", "node", "require", "default"] {
            if let target = members.first(where: { $0.key == key }) { return exported(target.value) }
        }
        return []
    }
}

/// Finds the source file behind a built one.
struct EntryFinder {
    let scene: PackageScene
    let folder: String
    let json: JSONValue

    /// `dist/index.js` is `src/index.ts` in the sources.
    func source(of target: String) -> Int? {
        let path = PathText.normal(target)
        guard !path.hasPrefix("..") else { return nil }
        let parts = path.split(separator: "/").map { String($0) }
        guard !parts.isEmpty else { return nil }
        // The outermost folder of a built file is the build's.
        if parts.count > 1 {
            for root in sourceRoots(parts[0]) {
                for drop in 1..<parts.count {
                    let rest = parts[drop...].joined(separator: "/")
                    if let found = code(PathText.join(folder, root.isEmpty ? rest : root + "/" + rest)) { return found }
                }
            }
        }
        if let found = scene.index[PathText.join(folder, path)], Language(path: path) != nil || isScript(found) {
            return wrapped(found) ?? found
        }
        if let found = withEnding(PathText.join(folder, PathText.stem(path))) { return found }
        if let found = withEnding(PathText.join(folder, path)) { return found }
        if let found = withEnding(PathText.join(folder, path + "/index")) { return found }
        return nil
    }

    /// A file without an ending is code when it says so.
    private func isScript(_ index: Int) -> Bool {
        scene.bytes(scene.paths[index])?.starts(with: Array("#!".utf8)) ?? false
    }

    private func wrapped(_ index: Int) -> Int? { nil }

    private static let outputs: Set<String> = [
        "dist", "build", "lib", "out", "output", "esm", "cjs", "bin", "target", "es", "js", "bundle",
        "compiled", "_build", ".output",
    ]

    /// Whether a path below the package's folder lies where builds put what they make.
    static func isOutput(_ path: String, below folder: String) -> Bool {
        let relative = folder.isEmpty ? Substring(path) : path.dropFirst(folder.utf8.count + 1)
        return outputs.contains(String(relative.prefix { $0 != "/" }))
    }

    private func sourceRoots(_ built: String) -> [String] {
        guard Self.outputs.contains(built) || built == outFolder else { return [] }
        var roots = ["src", "source", "app", "", "lib", "server", "ts"]
        if let root = rootFolder { roots.insert(root, at: 0) }
        return roots.filter { $0 != built }
    }

    private var compiler: JSONValue? { scene.json(PathText.join(folder, "tsconfig.json"))?["compilerOptions"] }
    private var outFolder: String? { compiler?["outDir"]?.string.map { PathText.normal($0) } }
    private var rootFolder: String? { compiler?["rootDir"]?.string.map { PathText.normal($0) } }

    /// A source file with this path but for the ending; declarations are none.
    private func code(_ path: String) -> Int? { withEnding(PathText.stem(path)) }

    func withEnding(_ stem: String) -> Int? {
        for ending in ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx"] {
            if let found = scene.index[stem + "." + ending] { return found }
        }
        return nil
    }

    /// Sources that the build's own settings name: `esbuild src/cli.ts`, `entry: ["src/index.ts"]`.
    func namedInBuild() -> [Int] {
        var found: [Int] = []
        func look(_ text: String, _ from: String) {
            for word in text.split(whereSeparator: { " \"'`=,()[]{}\n\t;&".contains($0) }) {
                guard word.utf8.count < 200, Language(path: word) == .javascript else { continue }
                for base in from == folder ? [from] : [from, folder] {
                    let path = PathText.join(base, String(word))
                    guard let index = scene.index[path] else { continue }
                    if isBuildFile(path) {
                        if base == folder, from == folder, scene.paths[index] != "" { builds.insert(path) }
                    } else if !found.contains(index), !PathText.name(path).contains(".test.") {
                        found.append(index)
                    }
                }
            }
        }
        var builds: Set<String> = []
        for script in [
            "build", "start", "dev", "prepare", "prepublishOnly", "bundle", "compile", "serve", "build:cli",
            "build:server",
        ] {
            if let command = json["scripts"]?[script]?.string { look(command, folder) }
        }
        for name in [
            "tsup.config.ts", "tsup.config.js", "vite.config.ts", "rollup.config.js", "rollup.config.mjs",
            "esbuild.config.js", "esbuild.config.mjs", "build.js", "build.mjs", "build.ts", "webpack.config.js",
            "tsdown.config.ts", "build.config.ts", "esbuild.js", "esbuild.mjs",
        ] {
            if scene.has(PathText.join(folder, name)) { builds.insert(PathText.join(folder, name)) }
        }
        for path in builds.sorted() {
            if let text = scene.text(path), text.utf8.count < 100_000 {
                look(text, PathText.folder(path))
            }
        }
        return found
    }

    private func isBuildFile(_ path: String) -> Bool {
        let name = PathText.name(path)
        return name.contains("build") || name.contains(".config.") || name.contains("bundle")
    }
}
