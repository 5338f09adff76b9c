/// What Java and Kotlin have in common: packages by name, dependencies that act without being called.
struct JVMSources {
    private let language: Language
    private let anchor: Int
    private let entries: Set<Int>
    private let folders: Set<String>
    private let scene: PackageScene
    private let package: Package

    /// The file that tells of the package's dependencies.
    private let first: Int

    init(scene: PackageScene, package: Package, packages: [Package], language: Language) {
        self.language = language
        self.scene = scene
        self.package = package
        first = package.entries.first ?? 0
        // Modules of one build see each other's names.
        anchor = packages.first { $0.language == language && !$0.entries.isEmpty }?.entries[0] ?? first
        entries = Set(package.entries)
        var folders: Set<String> = []
        for entry in package.entries {
            guard let bytes = scene.bytes(scene.paths[entry]), let name = Self.packageName(bytes) else { continue }
            folders.insert(name)
        }
        self.folders = folders
    }

    /// Artifacts of which many are alike: rules name them once.
    private static let families = [
        "dependency:spring-ai-starter-model-", "dependency:spring-ai-starter-vector-store-",
        "dependency:spring-cloud-starter-", "dependency:spring-cloud-azure-starter-", "dependency:quarkus-langchain4j-",
        "dependency:langchain4j-spring-boot-starter-",
    ]

    /// What the first line that begins with `package ` says.
    private static func packageName(_ bytes: [UInt8]) -> String? {
        let mark = Array("package ".utf8)
        var i = 0
        while i < min(bytes.count, 16_384) {
            if bytes[i...].starts(with: mark) {
                let name = bytes[(i + mark.count)...].prefix { $0 != 0x3B && $0 != 0x0A && $0 != 0x0D && $0 != 0x20 }
                return String(decoding: name, as: UTF8.self)
            }
            guard let end = bytes[i...].firstIndex(of: 0x0A) else { return nil }
            i = end + 1
        }
        return nil
    }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = TypedReader(base, language: language, anchor: anchor)
        reader.read()
        // A starter of a framework acts by lying on the class path; the program's main type is where it is taken up.
        if reader.base.index == first, reader.base.count > 0 {
            for name in package.dependencies.sorted() {
                reader.base.importFact("dependency:" + name, 0, isBare: true)
                let symbol = reader.base.program.member(reader.base.file, "import:dependency:" + name)
                reader.base.program.declared.insert(symbol)
                reader.base.facts.imports[reader.base.facts.imports.count - 1].symbol = symbol
            }
        }
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact) -> ImportTarget {
        folders.contains(fact.text) ? .files([anchor]) : .external(fact.text)
    }

    func external(_ name: String, _ program: Program) -> SymbolID {
        if name.hasPrefix("dependency:") {
            let family = Self.families.first { name.hasPrefix($0) }
            return program.module(family.map { $0 + "*" } ?? name, language)
        }
        return TypedReader.package(name, program, language)
    }
}

struct JavaReading: LanguageReading {
    static let language = Language.java
    private let sources: JVMSources

    static func packages(_ scene: PackageScene) -> [Package] { JVMPackages.find(scene, .java) }
    init(scene: PackageScene, package: Package, packages: [Package]) {
        sources = JVMSources(scene: scene, package: package, packages: packages, language: .java)
    }
    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) { sources.read(base, path: path) }
    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget { sources.resolve(fact) }
    func external(_ name: String, _ program: Program) -> SymbolID { sources.external(name, program) }
}

struct KotlinReading: LanguageReading {
    static let language = Language.kotlin
    private let sources: JVMSources

    static func packages(_ scene: PackageScene) -> [Package] { JVMPackages.find(scene, .kotlin) }
    init(scene: PackageScene, package: Package, packages: [Package]) {
        sources = JVMSources(scene: scene, package: package, packages: packages, language: .kotlin)
    }
    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) { sources.read(base, path: path) }
    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget { sources.resolve(fact) }
    func external(_ name: String, _ program: Program) -> SymbolID { sources.external(name, program) }
}

struct SwiftReading: LanguageReading {
    static let language = Language.swift
    private let anchor: Int

    static func packages(_ scene: PackageScene) -> [Package] { SwiftPackages.find(scene) }
    init(scene: PackageScene, package: Package, packages: [Package]) {
        anchor = package.entries.first ?? scene.paths.firstIndex { $0.hasSuffix(".swift") } ?? 0
    }
    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = TypedReader(base, language: .swift, anchor: anchor)
        reader.read()
        return reader.base.finish()
    }
    /// A module's name says nothing of where its names come from: they are judged as they stand.
    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget { .external(fact.text) }
}
