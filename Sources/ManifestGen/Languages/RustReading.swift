/// Rust: a crate is a tree of modules, each in a file that the module above it names.
struct RustReading: LanguageReading {
    static let language = Language.rust
    private let scene: PackageScene
    private let crates: RustCrates
    private let entries: Set<String>

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        crates = RustCrates(scene)
        var entries = Set(package.entries.map { scene.paths[$0] })
        for root in crates.roots.values { entries.insert(scene.paths[root]) }
        self.entries = entries
    }

    static func packages(_ scene: PackageScene) -> [Package] { RustPackages.find(scene) }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = RustReader(base)
        reader.read()
        return reader.base.finish()
    }

    /// `mod:name` for a declared module, `maybe:name` for a word in a macro, `path:file` for one with a path of its own, `crate`, `super`, or the first name of a path.
    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        let text = fact.text
        if text == "crate" { return file(root(of: path)) }
        if text == "super" { return file(parent(of: path)) }
        if text.hasPrefix("path:") {
            return file(scene.index[PathText.join(PathText.folder(path), String(text.dropFirst(5)))])
        }
        let isDeclared = text.hasPrefix("mod:"), isGuess = text.hasPrefix("maybe:")
        let name = isDeclared ? String(text.dropFirst(4)) : isGuess ? String(text.dropFirst(6)) : text
        let folder = children(of: path)
        if let found = scene.index[PathText.join(folder, name + ".rs")]
            ?? scene.index[PathText.join(folder, name + "/mod.rs")]
        {
            return .files([found])
        }
        if isDeclared { return .missing }
        if isGuess { return .nothing }
        if let root = crates.roots[name] { return .files([root]) }
        return .external(name)
    }

    private func file(_ index: Int?) -> ImportTarget { index.map { .files([$0]) } ?? .nothing }

    /// Where the modules that a file declares lie.
    private func children(of path: String) -> String {
        if isRoot(path) || path.hasSuffix("/mod.rs") { return PathText.folder(path) }
        return PathText.stem(path)
    }

    private func isRoot(_ path: String) -> Bool {
        entries.contains(path) || ["main.rs", "lib.rs"].contains(PathText.name(path))
    }

    private func root(of path: String) -> Int? {
        if isRoot(path) { return scene.index[path] }
        var folder = PathText.folder(path)
        while true {
            for name in ["lib.rs", "main.rs"] {
                if let found = scene.index[PathText.join(folder, name)] { return found }
            }
            if folder.isEmpty { return nil }
            folder = PathText.folder(folder)
        }
    }

    private func parent(of path: String) -> Int? {
        let folder = PathText.folder(path)
        let own = path.hasSuffix("/mod.rs") ? PathText.folder(folder) : folder
        let places = [
            own + ".rs", PathText.join(own, "mod.rs"), PathText.join(own, "lib.rs"), PathText.join(own, "main.rs"),
        ]
        return places.lazy.filter { $0 != path }.compactMap { scene.index[$0] }.first ?? scene.index[path]
    }

    func external(_ name: String, _ program: Program) -> SymbolID {
        program.member(program.modules(.rust), name)
    }
}
