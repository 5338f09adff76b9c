struct PythonReading: LanguageReading {
    static let language = Language.python
    private let scene: PackageScene
    private let package: Package
    private let modules: PythonModules
    /// Answers given before: files of one folder import the same few modules, and a module's symbol is the same everywhere.
    private final class Known {
        var folder = ""
        var targets: [String: ImportTarget] = [:]
        var externals: [String: SymbolID] = [:]
    }
    private let known = Known()

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        self.package = package
        modules = PythonModules(scene: scene, root: package.folder)
    }

    static func packages(_ scene: PackageScene) -> [Package] { PythonPackages.find(scene) }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = PythonReader(base, module: [], isPackage: path.hasSuffix("__init__.py"))
        reader.read()
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        if fact.isComputed { return .nothing }
        let folder = PathText.folder(path)
        if folder != known.folder {
            known.folder = folder
            known.targets = [:]
        }
        if let target = known.targets[fact.text] { return target }
        let target = resolve(fact.text, from: path)
        known.targets[fact.text] = target
        return target
    }

    private func resolve(_ name: String, from path: String) -> ImportTarget {
        if name.hasPrefix(".") { return relative(name, from: path) }
        let parts = PathText.split(name, UInt8(ascii: ".")).map { String($0) }
        let files = modules.files(of: parts, from: path)
        if !files.isEmpty { return .files(files) }
        // `from package import name` was noted as `package.name` too: the name is found in the package.
        if parts.count > 1, !modules.files(of: Array(parts.dropLast()), from: path).isEmpty { return .nothing }
        return .external(name)
    }

    private func relative(_ name: String, from path: String) -> ImportTarget {
        let dots = name.utf8.prefix { $0 == UInt8(ascii: ".") }.count
        var folder = PathText.folder(path)
        for _ in 1..<max(dots, 1) { folder = PathText.folder(folder) }
        let parts = PathText.split(
            name.utf8.dropFirst(dots).isEmpty ? "" : Substring(name.utf8.dropFirst(dots)), UInt8(ascii: ".")
        ).map { String($0) }
        if parts.isEmpty {
            return scene.index[PathText.join(folder, "__init__.py")].map { .files([$0]) } ?? .nothing
        }
        let files = modules.files(of: parts, in: folder)
        return files.isEmpty ? .nothing : .files(files)
    }

    /// `os.path` is `path` of `os`.
    func external(_ name: String, _ program: Program) -> SymbolID {
        if let symbol = known.externals[name] { return symbol }
        var symbol = program.modules(.python)
        for part in PathText.split(name, UInt8(ascii: ".")) { symbol = program.member(symbol, String(part)) }
        known.externals[name] = symbol
        return symbol
    }
}
