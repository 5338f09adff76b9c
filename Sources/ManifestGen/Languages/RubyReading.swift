/// Finds what Ruby code refers to: files by `require`, and by names that a loader turns into files.
struct RubyReading: LanguageReading {
    static let language = Language.ruby
    private let scene: PackageScene
    private let package: Package
    private let anchor: Int
    private let types: Set<String>

    static func packages(_ scene: PackageScene) -> [Package] { RubyPackages.find(scene) }

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        self.package = package
        anchor = package.entries.first ?? scene.paths.firstIndex { $0.hasSuffix(".rb") } ?? 0
        var types: Set<String> = []
        for index in scene.below(package.folder).prefix(20_000)
        where scene.paths[index].hasSuffix(".rb") && !PathText.isAside(scene.paths[index])
            || package.entries.contains(index)
        {
            if let bytes = scene.bytes(scene.paths[index]) { Self.scan(bytes, &types) }
        }
        self.types = types
    }

    private static let words = ["class ", "module "].map { Array($0.utf8) }

    /// Names of classes and modules at the beginnings of lines, and constants that are made of them.
    private static func scan(_ bytes: [UInt8], _ types: inout Set<String>) {
        func isWord(_ byte: UInt8) -> Bool {
            byte == 0x5F || (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte >= 0x80
        }
        var i = 0
        while i < bytes.count {
            while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
            if let word = words.first(where: { bytes[i...].starts(with: $0) }) {
                i += word.count
                var start = i
                // Of `class A::B` the last name counts.
                while i < bytes.count, isWord(bytes[i]) || bytes[i] == 0x3A {
                    if bytes[i] == 0x3A { start = i + 1 }
                    i += 1
                }
                if i > start, types.count < 20_000 { types.insert(String(decoding: bytes[start..<i], as: UTF8.self)) }
            }
            while i < bytes.count, bytes[i] != 0x0A { i += 1 }
            i += 1
        }
    }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = RubyReader(base, anchor: anchor, types: types)
        reader.read()
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        let folder = PathText.folder(path)
        if fact.text == "*" { return .files(everything(near: folder)) }
        if fact.text.hasPrefix("./") || fact.text.hasPrefix("../") {
            let name = PathText.join(folder, fact.text)
            return file(name).map { .files([$0]) } ?? (fact.isComputed ? .nothing : .missing)
        }
        for root in roots {
            if let index = file(PathText.join(root, fact.text)) { return .files([index]) }
        }
        return .external(fact.text)
    }

    /// Folders that the load path has.
    private var roots: [String] {
        ["lib", "", "app"].map { PathText.join(package.folder, $0) }
    }

    private func file(_ path: String) -> Int? { scene.index[path] ?? scene.index[path + ".rb"] }

    /// What a loader or a computed `require` may load: the library, or what lies beside and below.
    private func everything(near folder: String) -> [Int] {
        let lib = PathText.join(package.folder, "lib")
        var below = folder
        let hasLibrary = scene.below(lib).contains { scene.paths[$0].hasSuffix(".rb") }
        if hasLibrary, folder == lib || folder.hasPrefix(lib + "/") || folder != package.folder { below = lib }
        return scene.below(below).filter { scene.paths[$0].hasSuffix(".rb") && !PathText.isAside(scene.paths[$0]) }
    }

    func external(_ name: String, _ program: Program) -> SymbolID { program.module(name, .ruby) }
}
