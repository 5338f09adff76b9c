import StrictJSON

/// Python projects: `pyproject.toml`, `setup.py`, `setup.cfg`, installed wheels, or a folder with scripts.
enum PythonPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var packages: [Package] = []
        var folders: Set<String> = []
        for path in scene.paths {
            let name = PathText.name(path), folder = PathText.folder(path)
            guard folder.isEmpty || !PathText.isAside(folder + "/x") else { continue }
            switch name {
            case "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "entry_points.txt":
                // A wheel keeps its entry points beside its packages.
                let root = name == "entry_points.txt" ? PathText.folder(folder) : folder
                if folders.insert(root).inserted, let package = package(root, scene, metadata: folder) {
                    packages.append(package)
                }
            default: continue
            }
        }
        if packages.isEmpty, scene.paths.contains(where: { $0.hasSuffix(".py") }),
            var package = package("", scene, metadata: "")
        {
            if !otherProjects.contains(where: scene.has) {
                packages.append(package)
            } else if !package.isWholeFolder {
                // Beside another language's project a script counts when it is an MCP server itself.
                package.entries = package.entries.filter { index in
                    scene.bytes(scene.paths[index]).map { bytes in
                        serverMarks.contains { PathText.contains(bytes, $0) }
                    } ?? false
                }
                package.dependencies.insert("mcp")
                if !package.entries.isEmpty { packages.append(package) }
            }
        }
        return packages
    }

    private static let otherProjects = [
        "Cargo.toml", "go.mod", "package.json", "deno.json", "pom.xml", "build.gradle", "build.gradle.kts",
        "Package.swift",
    ]
    private static let serverMarks = ["FastMCP(", "mcp.server", "from fastmcp", "stdio_server("].map { Array($0.utf8) }

    private static func package(_ folder: String, _ scene: PackageScene, metadata: String) -> Package? {
        var package = Package(folder: folder, language: .python)
        package.registry = "pypi"
        var targets: [String] = []
        if let project = scene.toml(PathText.join(folder, "pyproject.toml")) {
            let core = project["project"] ?? project["tool"]?["poetry"]
            package.name = core?["name"]?.string
            package.version = core?["version"]?.string
            package.description = core?["description"]?.string
            for item in project["project"]?["dependencies"]?.array ?? [] {
                if let text = item.string { package.dependencies.insert(requirement(text)) }
            }
            for member in project["tool"]?["poetry"]?["dependencies"]?.members ?? [] {
                package.dependencies.insert(requirement(member.key))
            }
            for table in [
                project["project"]?["scripts"], project["project"]?["gui-scripts"],
                project["tool"]?["poetry"]?["scripts"],
            ] {
                for member in table?.members ?? [] {
                    if let text = member.value.string ?? member.value["reference"]?.string
                        ?? member.value["callable"]?.string
                    {
                        targets.append(text)
                    }
                }
            }
            for group in project["project"]?["entry-points"]?.members ?? [] {
                for member in group.value.members ?? [] { if let text = member.value.string { targets.append(text) } }
            }
        }
        for name in ["setup.py", "setup.cfg"] {
            if let text = scene.text(PathText.join(folder, name)) { targets += references(in: text) }
        }
        if let text = scene.text(PathText.join(metadata, "entry_points.txt")) { targets += references(in: text) }
        if let text = scene.text(PathText.join(folder, "requirements.txt")) {
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                package.dependencies.insert(requirement(String(line)))
            }
        }
        if package.name == nil,
            let text = scene.text(PathText.join(metadata, "METADATA")) ?? scene.text(PathText.join(folder, "PKG-INFO"))
        {
            readMetadata(text, &package)
        }
        let modules = PythonModules(scene: scene, root: folder)
        for target in targets {
            let module = target.split(separator: ":")[0].split(separator: " ").last.map { String($0) } ?? target
            let found = modules.files(of: module.split(separator: ".").map { String($0) }, from: nil)
            if found.isEmpty { package.missing.append(target) }
            package.entries += found
        }
        if package.entries.isEmpty { package.entries = guesses(folder, scene) }
        if package.entries.isEmpty {
            package.isWholeFolder = scene.below(folder).contains {
                scene.paths[$0].hasSuffix(".py") && !PathText.isAside(scene.paths[$0])
            }
            if !package.isWholeFolder { return nil }
        }
        return package
    }

    /// Without version, extras and conditions, in small letters.
    static func requirement(_ text: String) -> String {
        String(text.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }).lowercased()
    }

    /// `name = package.module:function`
    private static func references(in text: String) -> [String] {
        guard text.contains("console_scripts") || text.contains("gui_scripts") else { return [] }
        return text.split(whereSeparator: { "\"'\n,[]".contains($0) }).compactMap { piece in
            guard let equals = piece.firstIndex(of: "="), let colon = piece.lastIndex(of: ":"), equals < colon else {
                return nil
            }
            let value = piece[piece.index(after: equals)...].split(separator: " ").first.map { String($0) } ?? ""
            return value.contains(":") && !value.contains("/") ? value : nil
        }
    }

    private static func readMetadata(_ text: String, _ package: inout Package) {
        for line in text.split(separator: "\n").prefix(80) {
            if line.hasPrefix("Name: ") { package.name = String(line.dropFirst(6)) }
            if line.hasPrefix("Version: ") { package.version = String(line.dropFirst(9)) }
            if line.hasPrefix("Summary: ") { package.description = String(line.dropFirst(9)) }
            if line.hasPrefix("Requires-Dist: ") {
                package.dependencies.insert(requirement(String(line.dropFirst(15))))
            }
        }
    }

    private static let nameMark = Array("__name__".utf8), mainMark = Array("__main__".utf8)
    private static let smallMark = Array("mcp".utf8), largeMark = Array("MCP".utf8)

    /// Where a server starts when the metadata does not say: a started script.
    private static func guesses(_ folder: String, _ scene: PackageScene) -> [Int] {
        let candidates = scene.below(folder).filter {
            scene.paths[$0].hasSuffix(".py") && !PathText.isAside(scene.paths[$0])
        }
        let mains = candidates.filter { scene.paths[$0].hasSuffix("__main__.py") }
        var found = mains
        let started = candidates.filter { index in
            guard !mains.contains(index), let bytes = scene.bytes(scene.paths[index]) else { return false }
            return PathText.contains(bytes, nameMark) && PathText.contains(bytes, mainMark)
                && (PathText.contains(bytes, smallMark) || PathText.contains(bytes, largeMark))
        }
        // A server among scripts, else the scripts at the top.
        found += started
        // Documented ways to start often are scripts at the top, beside the one that speaks MCP.
        for name in ["run.py", "main.py", "server.py", "app.py", "__main__.py"] {
            if let index = scene.index[PathText.join(folder, name)], !found.contains(index) { found.append(index) }
        }
        if found.isEmpty {
            for name in ["server.py", "main.py", "app.py", "src/server.py", "src/main.py", "mcp_server.py"] {
                if let index = scene.index[PathText.join(folder, name)] { found.append(index) }
            }
        }
        return found
    }
}

/// Where Python would find a module.
struct PythonModules {
    let scene: PackageScene
    let root: String
    /// Answers given before: a package's files import the same few modules.
    private final class Known { var files: [String: [Int]] = [:] }
    private let known = Known()
    /// Folders that absolute names are looked up in.
    let roots: [String]

    init(scene: PackageScene, root: String) {
        self.scene = scene
        self.root = root
        roots = [root, PathText.join(root, "src"), PathText.join(root, "lib"), PathText.join(root, "python")]
    }

    /// The file of a module and of all packages around it; empty when it is not in the tree.
    /// - Parameter from: The importing file, whose folder is looked in too.
    func files(of module: [String], from: String?) -> [Int] {
        guard !module.isEmpty else { return [] }
        let key = (from.map { PathText.folder($0) } ?? "") + "\0" + module.joined(separator: ".")
        if let found = known.files[key] { return found }
        let found = search(module, from)
        known.files[key] = found
        return found
    }

    private func search(_ module: [String], _ from: String?) -> [Int] {
        var places = roots
        if let from { places.insert(PathText.folder(from), at: 0) }
        // Sources may lie deeper than the metadata says: the folders above the importing file are source folders, too.
        if let from {
            var folder = PathText.folder(from)
            while !folder.isEmpty, folder.utf8.count > root.utf8.count {
                folder = PathText.folder(folder)
                places.append(folder)
            }
        }
        for place in places {
            let found = files(of: module, in: place)
            if !found.isEmpty { return found }
        }
        return []
    }

    func files(of module: [String], in place: String) -> [Int] {
        let path = PathText.join(place, module.joined(separator: "/"))
        guard let file = scene.index[path + "/__init__.py"] ?? scene.index[path + ".py"] ?? (isFolder(path) ? -1 : nil)
        else { return [] }
        var result: [Int] = []
        var folder = place
        for part in module.dropLast() {
            folder = PathText.join(folder, part)
            if let around = scene.index[folder + "/__init__.py"] { result.append(around) }
        }
        if file >= 0 { result.append(file) }
        return result
    }

    private func isFolder(_ path: String) -> Bool { false }
}
