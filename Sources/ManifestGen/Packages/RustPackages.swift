import StrictJSON

/// Finds Cargo packages and their programs. Source: doc.rust-lang.org/cargo, "Cargo Targets".
enum RustPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var shared: [String: JSONValue] = [:]
        let manifests = scene.paths.filter { PathText.name($0) == "Cargo.toml" }
        for path in manifests {
            if let workspace = scene.toml(path)?["workspace"] { shared[PathText.folder(path)] = workspace }
        }
        return manifests.compactMap { path in
            let folder = PathText.folder(path)
            guard !PathText.isAside(path), let toml = scene.toml(path), let core = toml["package"] else { return nil }
            let around = shared.first { GoModules.contains($0.key, folder) }?.value["package"]
            var package = Package(folder: folder, language: .rust)
            package.name = core["name"]?.string
            package.version = core["version"]?.string ?? around?["version"]?.string
            package.description = core["description"]?.string ?? around?["description"]?.string
            package.registry = "crates.io"
            for table in [toml["dependencies"]] + (toml["target"]?.members ?? []).map({ $0.value["dependencies"] }) {
                for member in table?.members ?? [] {
                    package.dependencies.insert(member.value["package"]?.string ?? member.key)
                }
            }
            package.entries = programs(toml, folder, scene, &package.missing)
            return package.entries.isEmpty ? nil : package
        }
    }

    private static func programs(
        _ toml: JSONValue, _ folder: String, _ scene: PackageScene, _ missing: inout [String]
    ) -> [Int] {
        var found: [Int] = []
        func add(_ path: String) {
            if let index = scene.index[path], !found.contains(index) { found.append(index) }
        }
        for program in toml["bin"]?.array ?? [] {
            let name = program["name"]?.string ?? ""
            let places =
                program["path"]?.string.map { [$0] } ?? [
                    "src/bin/\(name).rs", "src/bin/\(name)/main.rs", "src/main.rs",
                ]
            let paths = places.map { PathText.join(folder, $0) }
            if let path = paths.first(where: scene.has) { add(path) } else { missing += paths.prefix(1) }
        }
        add(PathText.join(folder, "src/main.rs"))
        let more = PathText.join(folder, "src/bin") + "/"
        for path in scene.paths where path.hasPrefix(more) {
            let rest = path.dropFirst(more.utf8.count)
            // `src/bin/client_test.rs` is what the developer tries the server with.
            if rest.hasSuffix(".rs") && !rest.contains("/") && !PathText.isAside(String(rest))
                || rest.hasSuffix("/main.rs") && rest.split(separator: "/").count == 2
            {
                add(path)
            }
        }
        return found
    }
}

/// The crates of a tree: the names that code calls them by, and where their libraries begin.
struct RustCrates {
    private(set) var roots: [String: Int] = [:]

    init(_ scene: PackageScene) {
        for path in scene.paths where PathText.name(path) == "Cargo.toml" {
            guard let toml = scene.toml(path),
                let name = toml["lib"]?["name"]?.string ?? toml["package"]?["name"]?.string
            else { continue }
            let file = PathText.join(PathText.folder(path), toml["lib"]?["path"]?.string ?? "src/lib.rs")
            guard let index = scene.index[file] else { continue }
            let plain = String(decoding: name.utf8.map { $0 == 0x2D ? 0x5F : $0 }, as: UTF8.self)
            if roots[plain] == nil { roots[plain] = index }
        }
    }
}
