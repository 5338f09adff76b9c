/// Go: a package is a folder, and all of its files see each other's names.
struct GoReading: LanguageReading {
    static let language = Language.go
    private let modules: GoModules
    /// The files of each package, without tests. The first one lends the package its symbol.
    private let folders: [String: [Int]]
    private let scene: PackageScene
    /// Files in C and its like that Go compiles along, by folder. Source: pkg.go.dev/cmd/cgo.
    private let natives: [String: [String]]

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        modules = GoModules(scene)
        var natives: [String: [String]] = [:]
        for path in scene.paths where Self.nativeEndings.contains(where: { path.hasSuffix($0) }) {
            natives[PathText.folder(path), default: []].append(path)
        }
        self.natives = natives
        var folders: [String: [Int]] = [:]
        for (index, path) in scene.paths.enumerated() where path.hasSuffix(".go") && !path.hasSuffix("_test.go") {
            folders[PathText.folder(path), default: []].append(index)
        }
        self.folders = folders
    }

    private static let nativeEndings = [".c", ".m", ".mm", ".cc", ".cpp", ".h"]

    static func packages(_ scene: PackageScene) -> [Package] { GoPackages.find(scene) }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        let package = base.program.file(folders[PathText.folder(path)]?.first ?? base.index)
        guard GoBuild.isBuilt(base.bytes) else {
            var unread = base
            return unread.finish()
        }
        let beside = natives[PathText.folder(path)] ?? []
        var reader = GoReader(base, package: package) { [scene] in
            beside.prefix(20).compactMap { scene.bytes($0) }.filter { $0.count < 1 << 20 }
        }
        reader.read()
        return reader.base.finish()
    }

    func companions(of path: String) -> [Int] { folders[PathText.folder(path)] ?? [] }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        if fact.text == "C" { return .external("C") }
        guard let folder = modules.folder(of: fact.text) else { return .external(fact.text) }
        guard let files = folders[folder], let first = files.first else { return .missing }
        return .files(files.dropFirst() + [first])
    }

    /// Versions are no part of a name that rules know: `github.com/x/y/v2/z` is `github.com/x/y/z`.
    func external(_ name: String, _ program: Program) -> SymbolID {
        program.module(Self.plain(name), .go)
    }

    static func plain(_ name: String) -> String {
        var parts = name.split(separator: "/").filter { !isVersion($0) }
        if let last = parts.last, let dot = last.utf8.lastIndex(of: 0x2E),
            isVersion(last[last.utf8.index(after: dot)...]),
            parts.count > 1
        {
            parts[parts.count - 1] = last[..<dot]
        }
        let plain = parts.joined(separator: "/")
        for family in families where plain.hasPrefix(family) { return family + "*" }
        return plain
    }

    private static func isVersion(_ part: Substring) -> Bool {
        part.utf8.count > 1 && part.utf8.first == 0x76
            && part.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Modules of which many are alike: rules name them once.
    private static let families = [
        "github.com/aws/aws-sdk-go-v2/service/", "github.com/aws/aws-sdk-go/service/", "cloud.google.com/go/",
        "google.golang.org/api/", "k8s.io/client-go/kubernetes/typed/", "github.com/Azure/azure-sdk-for-go/",
        "github.com/ctreminiom/go-atlassian/", "github.com/grafana/grafana-openapi-client-go/",
        "github.com/tmc/langchaingo/llms/", "github.com/tencentcloud/tencentcloud-sdk-go/",
        "github.com/alibabacloud-go/",
    ]
}
