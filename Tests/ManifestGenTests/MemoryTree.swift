import ManifestGen
import ManifestModel

/// A tree that tests write down.
struct MemoryTree: SourceTree {
    let paths: [String]
    let omissions = Omissions()
    private let contents: [[UInt8]]

    init(_ files: [String: String]) {
        paths = files.keys.sorted()
        contents = paths.map { Array(files[$0]!.utf8) }
    }

    func read(_ index: Int) -> [UInt8]? { contents[index] }

    var draft: Draft { ManifestGenerator.draft(of: self) }
    /// What the code needs, in short names: `filesystem.read`.
    var needs: [String] { draft.manifest.permissions.map(\.shortName) }
}

/// Drafts from one file of a language, with the metadata that makes it an entry point.
func draft(_ language: Language, _ code: String, also files: [String: String] = [:]) -> Draft {
    var files = files
    switch language {
    case .python:
        files["pyproject.toml"] = "[project]\nname = \"sample\"\n[project.scripts]\nsample = \"sample:main\"\n"
        files["sample.py"] = code
    case .go:
        files["go.mod"] = "module sample\n"
        files["main.go"] = code
    case .rust:
        files["Cargo.toml"] = "[package]\nname = \"sample\"\n"
        files["src/main.rs"] = code
    case .java:
        files["pom.xml"] = files["pom.xml"] ?? "<project><artifactId>sample</artifactId></project>"
        files["src/main/java/Sample.java"] = code
    case .kotlin:
        files["pom.xml"] = files["pom.xml"] ?? "<project><artifactId>sample</artifactId></project>"
        files["src/main/kotlin/Sample.kt"] = code
    case .swift:
        files["Package.swift"] = "let package = Package(name: \"sample\")"
        files["Sources/server/main.swift"] = code
    default:
        files["package.json"] = #"{"name": "sample", "bin": "sample.ts"}"#
        files["sample.ts"] = code
    }
    return ManifestGenerator.draft(of: MemoryTree(files))
}

extension Draft {
    /// What the findings ask for, those of low confidence included.
    var asked: Set<Permission> { Set(findings.map(\.permission)) }
    var needed: Set<Permission> { Set(manifest.permissions) }
}
