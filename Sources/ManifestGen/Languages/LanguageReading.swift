/// What a language adds to the machine: how a file is read, and which files and modules its imports lead to. A new language
/// is one conforming type, one row in ``LanguageReadings``, a rule text, and a syntax.
protocol LanguageReading: SendableMetatype {
    static var language: Language { get }
    /// Packages of this language in the tree, each with its entry points.
    static func packages(_ scene: PackageScene) -> [Package]
    init(scene: PackageScene, package: Package, packages: [Package])
    /// Reads a file's tokens into facts. The reader is handed over: a second owner would make its first change a copy.
    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes)
    /// Where an import leads.
    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget
    /// Files that come along with one that is read, though nothing names them: the other files of a Go package.
    func companions(of path: String) -> [Int]
    /// The symbol of a module from outside.
    func external(_ name: String, _ program: Program) -> SymbolID
}

extension LanguageReading {
    func companions(of path: String) -> [Int] { [] }
    func external(_ name: String, _ program: Program) -> SymbolID { program.module(name, Self.language) }
}

/// Where an import leads: to files of the tree, the first one being what the name stands for, or out of it.
enum ImportTarget {
    /// The last one is the module itself; those before it are read too.
    case files([Int])
    case external(String)
    /// Named relative to the file, and not there.
    case missing
    /// Already known by a longer import, or nothing that can be loaded.
    case nothing
}

enum LanguageReadings {
    static let all: [any LanguageReading.Type] = [
        JavaScriptReading.self, PythonReading.self, GoReading.self, RustReading.self, JavaReading.self,
        KotlinReading.self, SwiftReading.self, CSharpReading.self, RubyReading.self, PHPReading.self, ShellReading.self,
    ]

    static func type(of language: Language) -> (any LanguageReading.Type)? { all.first { $0.language == language } }
}
