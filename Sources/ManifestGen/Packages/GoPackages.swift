/// Finds Go modules and the commands in them.
enum GoPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        let mains = commands(scene)
        return GoModules(scene).all.compactMap { module in
            guard let text = scene.text(PathText.join(module.folder, "go.mod")) else { return nil }
            var package = Package(folder: module.folder, language: .go)
            package.name = module.path
            package.dependencies = requirements(text)
            let own = mains.filter { GoModules.contains(module.folder, $0.key) }.filter { folder, _ in
                // A module inside of the module has commands of its own.
                !scene.hasModule(between: module.folder, and: folder)
            }
            package.entries = chosen(own, module.folder).flatMap { own[$0]! }
            guard !package.entries.isEmpty else { return nil }
            return package
        }
    }

    /// Folders with files of a package `main` that is shipped, and these files.
    private static func commands(_ scene: PackageScene) -> [String: [Int]] {
        var found: [String: [Int]] = [:]
        for (index, path) in scene.paths.enumerated() where path.hasSuffix(".go") && !PathText.isAside(path) {
            guard let bytes = scene.bytes(path), declaresMain(bytes) else { continue }
            found[PathText.folder(path), default: []].append(index)
        }
        return found
    }

    /// Whether the package clause says `main`. A file that is left out of the build counts as none.
    private static func declaresMain(_ bytes: [UInt8]) -> Bool {
        guard GoBuild.isBuilt(bytes) else { return false }
        for line in bytes.prefix(1 << 16).split(separator: 0x0A).prefix(400) {
            guard line.starts(with: Array("package ".utf8)) else { continue }
            let name = line.dropFirst(8).drop { $0 == 0x20 }.prefix { $0 > 0x20 && $0 != 0x2F && $0 != 0x3B }
            return name.elementsEqual("main".utf8)
        }
        return false
    }

    /// The command at the top of the module, else those whose folder's name speaks of MCP or of the module, else all. A
    /// client beside them is what the server is tried with.
    private static func chosen(_ mains: [String: [Int]], _ root: String) -> [String] {
        if mains[root] != nil { return [root] }
        let all = mains.keys.sorted()
        let others = all.filter { !PathText.name($0).lowercased().hasSuffix("client") }
        let folders = others.isEmpty ? all : others
        let named = folders.filter { PathText.name($0).lowercased().contains("mcp") }
        return named.isEmpty ? folders : named
    }

    private static func requirements(_ text: String) -> Set<String> {
        var found: Set<String> = []
        var isList = false
        for line in text.split(separator: "\n") {
            var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            if words.first == ")" { isList = false }
            if words.first == "require" {
                words.removeFirst()
                if words.first == "(" { isList = true; continue }
            } else if !isList {
                continue
            }
            if let name = words.first, !name.hasPrefix("//") { found.insert(String(name)) }
        }
        return found
    }
}

/// The Go modules of a tree: import paths and the folders where they begin.
struct GoModules {
    /// Longer paths first.
    let all: [(path: String, folder: String)]

    init(_ scene: PackageScene) {
        var found: [(path: String, folder: String)] = []
        for path in scene.paths where PathText.name(path) == "go.mod" {
            guard let text = scene.text(path) else { continue }
            for line in text.split(separator: "\n") where line.hasPrefix("module ") || line.hasPrefix("module\t") {
                let words = line.dropFirst(7).split(whereSeparator: { " \t\r\"".contains($0) })
                if let first = words.first { found.append((String(first), PathText.folder(path))) }
                break
            }
        }
        all = found.sorted { ($1.path.utf8.count, $0.path) < ($0.path.utf8.count, $1.path) }
    }

    /// The folder of an imported package when the tree has its module.
    func folder(of path: String) -> String? {
        for module in all {
            if path == module.path { return module.folder }
            if path.hasPrefix(module.path + "/") {
                return PathText.join(module.folder, String(path.dropFirst(module.path.count + 1)))
            }
        }
        return nil
    }

    static func contains(_ folder: String, _ path: String) -> Bool {
        folder.isEmpty || path == folder || path.hasPrefix(folder + "/")
    }
}

extension PackageScene {
    /// Whether a folder below `outer`, down to `inner`, is a Go module.
    fileprivate func hasModule(between outer: String, and inner: String) -> Bool {
        var folder = inner
        while folder != outer, !folder.isEmpty {
            if has(folder + "/go.mod") { return true }
            folder = PathText.folder(folder)
        }
        return false
    }
}
