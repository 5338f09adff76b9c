import StrictJSON

/// Servers that are shell scripts.
enum ShellPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var packages: [Package] = []
        // A launcher that a package names as its program.
        for path in scene.paths where PathText.name(path) == "package.json" {
            let folder = PathText.folder(path)
            if !folder.isEmpty, PathText.isAside(folder + "/x") { continue }
            guard let json = scene.json(path) else { continue }
            let targets = (json["bin"]?.string).map { [$0] } ?? json["bin"]?.members?.compactMap(\.value.string) ?? []
            let scripts = targets.compactMap { scene.index[PathText.join(folder, $0)] }.filter { isShell($0, scene) }
            guard !scripts.isEmpty else { continue }
            var package = Package(folder: folder, language: .shell)
            package.entries = scripts
            package.name = json["name"]?.string
            package.version = json["version"]?.string
            package.description = json["description"]?.string
            package.registry = "npm"
            for key in ["dependencies", "peerDependencies"] {
                for member in json[key]?.members ?? [] { package.dependencies.insert(member.key) }
            }
            if scripts.contains(where: { speaks($0, scene) }) { package.dependencies.insert("mcp") }
            packages.append(package)
        }
        if !packages.isEmpty { return packages }
        // Scripts that answer MCP's methods themselves.
        var speaking: [Int] = []
        for index in scene.paths.indices.prefix(50_000) {
            let path = scene.paths[index]
            // Files without an ending are looked into near the top only.
            let isNear = path.utf8.count { $0 == UInt8(ascii: "/") } <= 1 && PathText.stem(path) == path
            guard speaking.count < 50, isNear || Language(path: path) == .shell, !PathText.isAside(path),
                isShell(index, scene), speaks(index, scene)
            else {
                continue
            }
            speaking.append(index)
        }
        let top = speaking.filter { !scene.paths[$0].utf8.contains(UInt8(ascii: "/")) }
        let entries = top.isEmpty ? speaking : top
        if !entries.isEmpty {
            var package = Package(folder: top.isEmpty ? PathText.folder(scene.paths[entries[0]]) : "", language: .shell)
            package.entries = entries + users(of: entries, scene)
            package.dependencies = ["mcp"]
            return [package]
        }
        guard LooseCode.prevails(.shell, scene), !scene.paths.contains(where: { isMetadata($0) }) else { return [] }
        var package = Package(folder: "", language: .shell)
        package.isWholeFolder = true
        return [package]
    }

    /// Scripts beside a protocol library that take it over with `source`.
    private static func users(of entries: [Int], _ scene: PackageScene) -> [Int] {
        let names = entries.map { PathText.name(scene.paths[$0]) }
        let folders = Set(entries.map { PathText.folder(scene.paths[$0]) })
        return scene.paths.indices.filter { index in
            let path = scene.paths[index]
            guard !entries.contains(index), folders.contains(PathText.folder(path)), !PathText.isAside(path),
                isShell(index, scene),
                let text = scene.text(path)
            else { return false }
            return text.split(separator: "\n").contains { line in
                let line = line.drop { $0 == " " || $0 == "\t" }
                return (line.hasPrefix("source ") || line.hasPrefix(". ")) && names.contains { line.contains($0) }
            }
        }
    }

    /// Scripts beside a package of another language build or install it, wherever in the tree it lies.
    private static func isMetadata(_ path: String) -> Bool {
        [
            "package.json", "pyproject.toml", "go.mod", "Cargo.toml", "pom.xml", "Package.swift", "composer.json",
            "Gemfile",
        ].contains(PathText.name(path)) && !PathText.isAside(path)
    }

    /// By its ending, or by its first line.
    static func isShell(_ index: Int, _ scene: PackageScene) -> Bool {
        let path = scene.paths[index]
        if Language(path: path) == .shell { return true }
        guard PathText.stem(path) == path, let bytes = scene.bytes(path), bytes.starts(with: Array("#!".utf8)) else {
            return false
        }
        let line = bytes.prefix(100).prefix { $0 != 0x0A }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: { $0 == "/" || $0 == " " })
        return words.contains { ["sh", "bash", "zsh", "dash", "ksh"].contains($0) }
    }

    /// Whether a script compares with the names of MCP's methods, which a client's script only sends.
    private static func speaks(_ index: Int, _ scene: PackageScene) -> Bool {
        guard let bytes = scene.bytes(scene.paths[index]) else { return false }
        let mark = Array("tools/list".utf8)
        var i = 0
        while i + mark.count < bytes.count {
            guard bytes[i] == mark[0], bytes[i...].starts(with: mark) else {
                i += 1
                continue
            }
            // `"tools/list")` and `tools/list|x)` of a `case`, `= "tools/list"` of a test.
            var after = i + mark.count
            while after < bytes.count, bytes[after] == 0x22 || bytes[after] == 0x27 || bytes[after] == 0x20 {
                after += 1
            }
            if after < bytes.count, bytes[after] == 0x29 || bytes[after] == 0x7C { return true }
            var before = i - 1
            while before >= 0, bytes[before] == 0x22 || bytes[before] == 0x27 || bytes[before] == 0x20 { before -= 1 }
            if before >= 0, bytes[before] == 0x3D || bytes[before] == 0x7C { return true }
            i += mark.count
        }
        return false
    }
}
