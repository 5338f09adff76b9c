import StrictJSON

/// PHP packages: `composer.json`, and scripts without it.
enum PHPPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var packages: [Package] = []
        for path in scene.paths where PathText.name(path) == "composer.json" {
            let folder = PathText.folder(path)
            if !folder.isEmpty, PathText.isAside(folder + "/x") { continue }
            guard let json = scene.json(path) else { continue }
            var package = Package(folder: folder, language: .php)
            package.name = json["name"]?.string
            package.version = json["version"]?.string
            package.description = json["description"]?.string
            package.dependencies = Set((json["require"]?.members ?? []).map { $0.key.lowercased() })
            package.entries = entries(json, folder, scene)
            if package.entries.isEmpty { package.isWholeFolder = true }
            if scene.below(folder).contains(where: { scene.paths[$0].hasSuffix(".php") }) { packages.append(package) }
        }
        if packages.isEmpty, LooseCode.prevails(.php, scene) {
            var package = Package(folder: "", language: .php)
            package.isWholeFolder = true
            packages.append(package)
        }
        return packages
    }

    /// Scripts of `bin`, what the autoloader finds, and scripts at the top or in `public`.
    private static func entries(_ json: JSONValue, _ folder: String, _ scene: PackageScene) -> [Int] {
        var found: [Int] = []
        func add(_ path: String) { if let index = scene.index[path], !found.contains(index) { found.append(index) } }
        for item in json["bin"]?.array ?? (json["bin"].map { [$0] } ?? []) {
            if let name = item.string { add(PathText.join(folder, name)) }
        }
        for index in scene.below(folder) {
            let path = scene.paths[index]
            let inner = folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
            let parts = inner.split(separator: "/")
            let isScript =
                parts.count == 1 && (inner.hasSuffix(".php") && !isTooling(inner) || inner == "artisan")
                || parts.count == 2 && (parts[0] == "public" || parts[0] == "bin" || parts[0] == "web")
                    && (inner.hasSuffix(".php") || startsPHP(path, scene))
            if isScript, !PathText.isAside(inner) { add(path) }
        }
        var folders: [String] = []
        let autoload = json["autoload"]
        for kind in ["psr-4", "psr-0"] {
            for member in autoload?[kind]?.members ?? [] {
                for item in member.value.array ?? [member.value] { if let name = item.string { folders.append(name) } }
            }
        }
        for item in (autoload?["classmap"]?.array ?? []) + (autoload?["files"]?.array ?? []) {
            if let name = item.string { folders.append(name) }
        }
        if scene.has(PathText.join(folder, "artisan")) { folders += ["app", "routes", "config", "bootstrap"] }
        for name in folders {
            let below = PathText.join(folder, name)
            if scene.has(below) {
                add(below)
                continue
            }
            for index in scene.below(below) where scene.paths[index].hasSuffix(".php") {
                let inner =
                    below.isEmpty ? scene.paths[index] : String(scene.paths[index].dropFirst(below.utf8.count + 1))
                if !PathText.isAside(inner), found.count < 20_000 { found.append(index) }
            }
        }
        var seen: Set<Int> = []
        return found.filter { seen.insert($0).inserted }
    }

    /// Settings of tools for developers that are written in PHP.
    private static func isTooling(_ name: String) -> Bool {
        name.hasPrefix(".")
            || [
                "rector.php", "ecs.php", "phpstan.php", "castor.php", "deploy.php", "scoper.inc.php", "phpunit.php",
                "_ide_helper.php",
            ].contains(name)
    }

    static func startsPHP(_ path: String, _ scene: PackageScene) -> Bool {
        guard PathText.stem(path) == path, let bytes = scene.bytes(path) else { return false }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        return head.hasPrefix("<?php") || head.hasPrefix("#!") && head.contains("php")
    }
}
