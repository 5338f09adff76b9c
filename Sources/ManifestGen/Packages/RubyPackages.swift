/// Ruby packages: gemspecs, applications with a `Gemfile`, and scripts without either.
enum RubyPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        var packages: [Package] = []
        var folders: Set<String> = []
        for path in scene.paths where path.hasSuffix(".gemspec") || PathText.name(path) == "Gemfile" {
            let folder = PathText.folder(path)
            if !folder.isEmpty, PathText.isAside(folder + "/x") { continue }
            guard folders.insert(folder).inserted else { continue }
            var package = Package(folder: folder, language: .ruby)
            read(&package, scene)
            package.entries = entries(folder, scene)
            let hasCode = scene.below(folder).contains { scene.paths[$0].hasSuffix(".rb") }
            if package.entries.isEmpty { package.isWholeFolder = true }
            // A Gemfile for the tools of another language is no program.
            if hasCode, package.name != nil || LooseCode.prevails(.ruby, scene) { packages.append(package) }
        }
        if packages.isEmpty, LooseCode.prevails(.ruby, scene) {
            var package = Package(folder: "", language: .ruby)
            package.entries = scripts("", scene)
            package.isWholeFolder = package.entries.isEmpty
            for index in package.entries where speaks(index, scene) { package.dependencies.insert("mcp") }
            packages.append(package)
        }
        return packages
    }

    private static func speaks(_ index: Int, _ scene: PackageScene) -> Bool {
        guard let text = scene.text(scene.paths[index]) else { return false }
        return text.contains("fast_mcp") || text.contains("MCP::") || text.contains("tools/list")
    }

    private static func read(_ package: inout Package, _ scene: PackageScene) {
        let gemspec = scene.paths.first { PathText.folder($0) == package.folder && $0.hasSuffix(".gemspec") }
        if let gemspec, let text = scene.text(gemspec) {
            for line in text.split(whereSeparator: \.isNewline) {
                let words = line.split(separator: "=", maxSplits: 1)
                guard words.count == 2, let value = quoted(words[1]) else {
                    if line.contains("add_dependency") || line.contains("add_runtime_dependency"),
                        let name = quoted(line)
                    {
                        package.dependencies.insert(name.lowercased())
                    }
                    continue
                }
                let left = words[0].filter { $0 != " " }
                if left.hasSuffix(".name"), package.name == nil { package.name = value }
                if left.hasSuffix(".version") { package.version = value }
                if left.hasSuffix(".summary"), package.description == nil { package.description = value }
            }
            if package.name != nil { package.registry = "rubygems" }
        }
        for name in ["Gemfile", "Gemfile.lock"] {
            guard let text = scene.text(PathText.join(package.folder, name)) else { continue }
            for line in text.split(whereSeparator: \.isNewline) where name == "Gemfile" {
                let trimmed = line.drop { $0 == " " || $0 == "\t" }
                if trimmed.hasPrefix("gem "), let gem = quoted(trimmed) {
                    package.dependencies.insert(gem.lowercased())
                }
            }
        }
    }

    /// What stands between the first quotes.
    private static func quoted(_ text: Substring) -> String? {
        guard let open = text.firstIndex(where: { $0 == "\"" || $0 == "'" }) else { return nil }
        let rest = text[text.index(after: open)...]
        guard let close = rest.firstIndex(of: text[open]) else { return nil }
        return String(rest[..<close])
    }

    private static let tooling: Set<String> = [
        "console", "setup", "rails", "rake", "bundle", "rspec", "rubocop", "yarn", "spring", "webpack", "brakeman",
        "importmap",
        "release", "ci", "dev", "test", "lint", "docker-entrypoint", "kamal", "thrust", "jobs",
    ]

    /// Programs of the gem; else scripts at the top; else what `require "name"` loads.
    private static func entries(_ folder: String, _ scene: PackageScene) -> [Int] {
        var found: [Int] = []
        for kind in ["exe", "bin"] {
            let below = PathText.join(folder, kind)
            for index in scene.below(below) {
                let name = PathText.name(scene.paths[index])
                guard !tooling.contains(name), PathText.folder(scene.paths[index]) == below, isRuby(index, scene) else {
                    continue
                }
                found.append(index)
            }
        }
        found += scripts(folder, scene)
        if scene.has(PathText.join(folder, "config/application.rb")) {
            for part in ["app", "lib", "config"] {
                for index in scene.below(PathText.join(folder, part)) where scene.paths[index].hasSuffix(".rb") {
                    let path = scene.paths[index]
                    if !PathText.isAside(path), !path.contains("/environments/test") { found.append(index) }
                }
            }
        }
        if found.isEmpty {
            let lib = PathText.join(folder, "lib")
            found = scene.below(lib).filter {
                PathText.folder(scene.paths[$0]) == lib && scene.paths[$0].hasSuffix(".rb")
            }
        }
        return found
    }

    private static func scripts(_ folder: String, _ scene: PackageScene) -> [Int] {
        scene.paths.indices.filter { index in
            let path = scene.paths[index], name = PathText.name(path)
            guard PathText.folder(path) == folder, !PathText.isAside(name) else { return false }
            return name.hasSuffix(".rb") && name != "Rakefile.rb" || name == "config.ru"
                || PathText.stem(name) == name && isRuby(index, scene) && name != "Rakefile"
        }
    }

    static func isRuby(_ index: Int, _ scene: PackageScene) -> Bool {
        let path = scene.paths[index]
        if path.hasSuffix(".rb") { return true }
        guard PathText.stem(path) == path, let bytes = scene.bytes(path), bytes.starts(with: Array("#!".utf8)) else {
            return false
        }
        return String(decoding: bytes.prefix(100).prefix { $0 != 0x0A }, as: UTF8.self).contains("ruby")
    }
}
