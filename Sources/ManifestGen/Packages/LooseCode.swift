/// Code that no metadata speaks of.
enum LooseCode {
    /// The whole tree as a package, of the language that most of it is written in.
    static func package(_ scene: PackageScene) -> Package? {
        LanguageReadings.all.first { prevails($0.language, scene) }.map { Package(folder: "", language: $0.language) }
    }

    /// Whether `language` has more files that may be shipped than any other one, so that a tree without metadata is about it.
    static func prevails(_ language: Language, _ scene: PackageScene) -> Bool {
        guard scene.paths.contains(where: { Language(path: $0) == language }) else { return false }
        var counts: [Language: Int] = [:]
        for path in scene.paths {
            guard let found = Language(path: path), found != .shell || language == .shell, !PathText.isAside(path)
            else { continue }
            counts[found, default: 0] += 1
        }
        let own = counts[language] ?? 0
        return own > 0 && !counts.contains { $0.key != language && $0.value >= own }
    }
}
