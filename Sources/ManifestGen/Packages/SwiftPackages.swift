/// Swift packages and Xcode projects.
enum SwiftPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var packages: [Package] = []
        for path in scene.paths where PathText.name(path) == "Package.swift" {
            let folder = PathText.folder(path)
            if !folder.isEmpty, PathText.isAside(folder + "/x") { continue }
            var package = Package(folder: folder, language: .swift)
            let text = scene.text(path)
            package.entries = shipped(code(folder, scene), folder, text ?? "", scene)
            if package.entries.isEmpty { continue }
            if let text { read(text, &package) }
            packages.append(package)
        }
        if packages.isEmpty, scene.paths.contains(where: { $0.hasSuffix(".swift") }) {
            packages.append(project(scene))
        }
        return packages
    }

    /// An Xcode project, or loose files, which count when nothing else in the tree is a package.
    private static func project(_ scene: PackageScene) -> Package {
        var package = Package(folder: "", language: .swift)
        guard
            let path = scene.paths.first(where: { path in
                path.hasSuffix(".xcodeproj/project.pbxproj") && path.split(separator: "/").count == 2
            })
        else {
            package.isWholeFolder = true
            return package
        }
        package.entries = code("", scene)
        package.name = PathText.stem(PathText.folder(path))
        if scene.text(path)?.contains("modelcontextprotocol") ?? false { package.dependencies.insert("mcp") }
        return package
    }

    private static func code(_ folder: String, _ scene: PackageScene) -> [Int] {
        scene.below(folder).filter { index in
            let path = scene.paths[index], name = PathText.name(path)
            guard path.hasSuffix(".swift"), name != "Package.swift", !name.hasSuffix("Tests.swift") else {
                return false
            }
            let inner = folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
            let folders = inner.split(separator: "/").dropLast()
            return !folders.contains { $0.hasSuffix("Tests") || $0 == "Plugins" } && !PathText.isAside(inner)
        }
    }

    /// What lies where targets look for their sources; all code when none does.
    ///
    /// Source: docs.swift.org/package-manager, "Target": the predefined folders, or `path:`.
    private static func shipped(_ code: [Int], _ folder: String, _ text: String, _ scene: PackageScene) -> [Int] {
        var places = ["Sources", "Source", "src", "srcs"]
        let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
        for (i, piece) in pieces.enumerated() where i % 2 == 1 {
            guard pieces[i - 1].filter({ $0 != " " }).hasSuffix("path:") else { continue }
            // The package's own folder is a target's.
            if piece.isEmpty || piece == "." || piece == "./" { return code }
            places.append(PathText.normal(String(piece)))
        }
        let found = code.filter { index in
            places.prefix(200).contains { scene.paths[index].hasPrefix(PathText.join(folder, $0) + "/") }
        }
        return found.isEmpty ? code : found
    }

    private static func read(_ text: String, _ package: inout Package) {
        let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
        for (i, piece) in pieces.enumerated() where i % 2 == 1 {
            let before = pieces[i - 1].filter { $0 != " " && $0 != "\n" }
            if package.name == nil, before.hasSuffix("Package(name:") { package.name = String(piece) }
            if before.hasSuffix("url:") {
                for part in piece.split(separator: "/").suffix(2) {
                    package.dependencies.insert(part.hasSuffix(".git") ? String(part.dropLast(4)) : String(part))
                }
                if piece.contains("modelcontextprotocol") { package.dependencies.insert("mcp") }
            }
        }
    }
}
