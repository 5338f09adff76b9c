/// Finds what PHP code refers to: classes by their names, which the autoloader turns into files, and files by `require`.
struct PHPReading: LanguageReading {
    static let language = Language.php
    private let scene: PackageScene
    private let package: Package
    private let anchor: Int
    /// Classes of the program by their simple names, and the namespaces that they are in.
    private let types: Set<String>
    private let namespaces: Set<String>

    static func packages(_ scene: PackageScene) -> [Package] { PHPPackages.find(scene) }

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        self.package = package
        anchor = package.entries.first ?? scene.paths.firstIndex { $0.hasSuffix(".php") } ?? 0
        var types: Set<String> = [], namespaces: Set<String> = []
        let files =
            package.entries.isEmpty
            ? scene.below(package.folder).filter {
                scene.paths[$0].hasSuffix(".php") && !PathText.isAside(scene.paths[$0])
            } : package.entries
        for file in files.prefix(20_000) {
            guard let bytes = scene.bytes(scene.paths[file]) else { continue }
            Self.scan(bytes, &types, &namespaces)
        }
        self.types = types
        self.namespaces = namespaces
    }

    private static let typeWords = ["class ", "interface ", "trait ", "enum "].map { Array($0.utf8) }
    private static let namespaceWord = Array("namespace ".utf8)

    /// Lines that declare a class or a namespace.
    private static func scan(_ bytes: [UInt8], _ types: inout Set<String>, _ namespaces: inout Set<String>) {
        var i = 0
        while i < bytes.count {
            // The first words of a line: modifiers, and then what is declared.
            while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
            var words = 0
            while i < bytes.count, words < 4 {
                if bytes[i...].starts(with: namespaceWord) {
                    let name = bytes[(i + namespaceWord.count)...].prefix { $0 != 0x3B && $0 != 0x7B && $0 > 0x20 }
                    if namespaces.count < 5_000 { namespaces.insert(String(decoding: name, as: UTF8.self)) }
                    break
                }
                if let word = typeWords.first(where: { bytes[i...].starts(with: $0) }) {
                    let name = bytes[(i + word.count)...].prefix {
                        $0 == 0x5F || (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 >= 0x80
                    }
                    if types.count < 20_000 { types.insert(String(decoding: name, as: UTF8.self)) }
                    break
                }
                while i < bytes.count, bytes[i] > 0x20 { i += 1 }
                guard i < bytes.count, bytes[i] == 0x20 else { break }
                i += 1
                words += 1
            }
            while i < bytes.count, bytes[i] != 0x0A { i += 1 }
            i += 1
        }
    }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = PHPReader(base, anchor: anchor, types: types, namespaces: namespaces)
        reader.read()
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        guard
            fact.text.hasPrefix("/") || fact.text.hasPrefix(".") || fact.text.hasSuffix(".php")
                || fact.text.hasSuffix(".inc")
        else {
            return .external(fact.text)
        }
        // The autoloader's file is made by the package manager.
        if fact.text.contains("vendor/") { return .nothing }
        let folder = PathText.folder(path)
        for base in [folder, package.folder] {
            let name = PathText.join(base, String(fact.text.drop { $0 == "/" }))
            if let index = scene.index[name] { return .files([index]) }
        }
        return fact.isComputed ? .nothing : .missing
    }

    func external(_ name: String, _ program: Program) -> SymbolID { Self.symbol(name, program) }

    /// `A\B\C` as symbols below each other; a name without a namespace is the language's own.
    static func symbol(_ name: some StringProtocol, _ program: Program) -> SymbolID {
        let parts = PathText.split(name, UInt8(ascii: "\\"))
        if parts.count == 1 { return program.member(program.globals(.php), String(parts[0])) }
        var symbol = program.modules(.php)
        for part in parts.prefix(24) { symbol = program.member(symbol, String(part)) }
        return symbol
    }
}
