/// Finds what shell scripts refer to: files by `source` and by their paths, functions by their names.
struct ShellReading: LanguageReading {
    static let language = Language.shell
    private let scene: PackageScene
    private let package: Package
    private let anchor: Int

    static func packages(_ scene: PackageScene) -> [Package] { ShellPackages.find(scene) }

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        self.package = package
        anchor = package.entries.first ?? scene.paths.firstIndex { Language(path: $0) == .shell } ?? 0
    }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = ShellReader(base, anchor: anchor)
        reader.read()
        return reader.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        if fact.text == "*" { return .files(below(PathText.folder(path))) }
        let folder = PathText.folder(path)
        let name = String(fact.text.drop { $0 == "/" })
        for base in [folder, package.folder, PathText.folder(folder)] {
            let full = PathText.join(base, name)
            if let index = scene.index[full], ShellPackages.isShell(index, scene) { return .files([index]) }
        }
        return .nothing
    }

    /// Scripts that may be found when a program is started whose name is computed.
    private func below(_ folder: String) -> [Int] {
        scene.below(folder).filter { index in
            let path = scene.paths[index]
            return PathText.folder(path) != folder && !PathText.isAside(path) && ShellPackages.isShell(index, scene)
        }
    }
}
