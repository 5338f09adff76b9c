import ManifestModel

@testable import ManifestGen

/// A package of files that stand in a test.
struct TextTree: SourceTree {
    let paths: [String]
    private let texts: [String]
    let omissions = Omissions()

    init(_ files: KeyValuePairs<String, String>) {
        paths = files.map(\.key)
        texts = files.map(\.value)
    }

    func read(_ index: Int) -> [UInt8]? { Array(texts[index].utf8) }

    var draft: Draft { ManifestGenerator.draft(of: self) }
    /// What the code needs, in short names: `filesystem.read`.
    var needs: [String] { draft.manifest.permissions.map(\.shortName) }
}
