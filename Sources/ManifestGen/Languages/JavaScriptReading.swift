import StrictJSON

struct JavaScriptReading: LanguageReading {
    static let language = Language.javascript
    private let scene: PackageScene
    private let package: Package
    /// Packages of the same repository, by name.
    private let siblings: [String: Package]
    /// `paths` of tsconfig.json and `imports` of package.json: what a name starts with, and where it leads.
    private let aliases: [(prefix: String, isExact: Bool, target: String)]

    init(scene: PackageScene, package: Package, packages: [Package]) {
        self.scene = scene
        self.package = package
        siblings = Dictionary(
            packages.filter { $0.language == .javascript && $0.name != nil }.map { ($0.name!, $0) },
            uniquingKeysWith: { first, _ in first })
        var aliases: [(String, Bool, String)] = []
        for name in ["tsconfig.json", "tsconfig.base.json", "jsconfig.json", "tsconfig.build.json"] {
            guard let compiler = scene.json(PathText.join(package.folder, name))?["compilerOptions"] else { continue }
            let base = PathText.join(package.folder, compiler["baseUrl"]?.string ?? ".")
            for member in compiler["paths"]?.members ?? [] {
                for target in member.value.array?.compactMap(\.string) ?? [] {
                    aliases.append(Self.alias(member.key, PathText.join(base, target)))
                }
            }
        }
        for file in ["package.json", "deno.json", "deno.jsonc"] {
            for member in scene.json(PathText.join(package.folder, file))?["imports"]?.members ?? [] {
                guard
                    let target = member.value.string ?? member.value["default"]?.string
                        ?? member.value["import"]?.string
                else { continue }
                if target.hasPrefix("npm:") || target.hasPrefix("jsr:") || target.contains("://") {
                    aliases.append((member.key, !member.key.hasSuffix("/"), target))
                } else {
                    aliases.append(Self.alias(member.key, PathText.join(package.folder, target)))
                }
            }
        }
        self.aliases = aliases
    }

    private static func alias(_ key: String, _ target: String) -> (String, Bool, String) {
        key.hasSuffix("*")
            ? (String(key.dropLast()), false, target.hasSuffix("*") ? String(target.dropLast()) : target)
            : (key, true, target)
    }

    static func packages(_ scene: PackageScene) -> [Package] { NodePackages.find(scene) }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        let isTypeScript = ["ts", "mts", "cts", "tsx"].contains { path.hasSuffix("." + $0) }
        var reader = JavaScriptReader(base, isTypeScript: isTypeScript)
        reader.read()
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget {
        let name = fact.text
        if fact.isComputed { return computed(name, from: path) }
        if fact.isStarted { return started(name, from: path) }
        if name.hasPrefix(".") || name.hasPrefix("/") {
            let target = PathText.join(PathText.folder(path), name)
            if let file = file(target) ?? built(target) { return .files([file]) }
            guard isCode(name) else { return .nothing }
            // What the build makes of the sources in one file: `../dist/bundle.js`.
            let sources = EntryFinder.isOutput(target, below: package.folder) ? namedInBuild : []
            return sources.isEmpty ? .missing : .files(sources)
        }
        for alias in aliases where alias.isExact ? name == alias.prefix : name.hasPrefix(alias.prefix) {
            if alias.target.hasPrefix("npm:") || alias.target.hasPrefix("jsr:") || alias.target.contains("://") {
                return .external(alias.target + name.dropFirst(alias.prefix.utf8.count))
            }
            let target =
                alias.isExact
                ? alias.target : PathText.normal(alias.target + "/" + name.dropFirst(alias.prefix.utf8.count))
            if let file = file(target) ?? built(target) { return .files([file]) }
        }
        if let sibling = siblings[name], sibling.folder != package.folder || !sibling.entries.isEmpty,
            let entry = main(of: sibling)
        {
            return .files([entry])
        }
        if let slash = secondSlash(name), let sibling = siblings[String(name[..<slash])] {
            let rest = PathText.join(sibling.folder, String(name[name.index(after: slash)...]))
            if let file = file(rest) ?? file(PathText.join(sibling.folder, "src/" + name[name.index(after: slash)...]))
                ?? built(rest)
            {
                return .files([file])
            }
        }
        return .external(name)
    }

    private func main(of package: Package) -> Int? {
        let finder = EntryFinder(scene: scene, folder: package.folder, json: .null)
        for name in ["src/index", "index", "src/main", "lib/index"] {
            if let found = finder.withEnding(PathText.join(package.folder, name)) { return found }
        }
        return package.entries.first
    }

    /// The slash behind the package's name: the second one with a scope.
    private func secondSlash(_ name: String) -> String.Index? {
        var slashes = name.utf8.first == UInt8(ascii: "@") ? 2 : 1
        for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: "/") {
            slashes -= 1
            if slashes == 0 { return index }
        }
        return nil
    }

    /// A file that is started: beside the one that starts it, or from the package's folder on.
    private func started(_ name: String, from path: String) -> ImportTarget {
        let name = name.hasPrefix("/") ? "." + name : name
        for folder in [PathText.folder(path), package.folder] {
            let target = PathText.join(folder, name)
            if target.hasPrefix("../") { continue }
            if let file = file(target) ?? built(target) { return .files([file]) }
        }
        return .nothing
    }

    /// A computed import: all code in the folder that its beginning names may be meant.
    private func computed(_ prefix: String, from path: String) -> ImportTarget {
        guard prefix.hasPrefix(".") else { return .nothing }
        let folder = PathText.join(PathText.folder(path), prefix.hasSuffix("/") ? prefix : PathText.folder(prefix))
        let files = scene.below(folder).filter {
            Language(path: scene.paths[$0]) == .javascript && !PathText.isAside(scene.paths[$0])
        }
        return files.isEmpty ? .nothing : .files(files)
    }

    private func isCode(_ name: String) -> Bool {
        let last = PathText.name(name)
        guard let dot = last.lastIndex(of: ".") else { return true }
        let ending = String(last[last.index(after: dot)...])
        return Language.javascript.extensions.contains(ending)
    }

    private var namedInBuild: [Int] {
        let json = scene.json(PathText.join(package.folder, "package.json")) ?? .null
        return EntryFinder(scene: scene, folder: package.folder, json: json).namedInBuild()
    }

    private func built(_ path: String) -> Int? {
        let relative = package.folder.isEmpty ? path : String(path.dropFirst(package.folder.utf8.count + 1))
        return EntryFinder(scene: scene, folder: package.folder, json: .null).source(of: relative)
    }

    /// What the name of a file stands for: with its ending, with another one, or as a folder.
    private func file(_ path: String) -> Int? {
        if Language(path: path) == .javascript {
            // The sources of `./x.js` may be `./x.ts`.
            let stem = PathText.stem(path)
            let twins =
                path.hasSuffix(".mjs")
                ? ["mts", "mjs"]
                : path.hasSuffix(".cjs")
                    ? ["cts", "cjs"]
                    : path.hasSuffix(".js") || path.hasSuffix(".jsx") ? ["ts", "tsx", "js", "jsx"] : []
            for ending in twins { if let found = scene.index[stem + "." + ending] { return found } }
            if let found = scene.index[path] { return found }
        }
        for ending in ["ts", "tsx", "mts", "cts", "js", "mjs", "cjs", "jsx"] {
            if let found = scene.index[path + "." + ending] { return found }
        }
        for ending in ["ts", "tsx", "js", "mjs", "cjs", "mts"] {
            if let found = scene.index[path + "/index." + ending] { return found }
        }
        return nil
    }

    /// `node:fs/promises` is `promises` of `fs`; `pkg/sub/file.js` is `/sub/file` of `pkg`.
    func external(_ name: String, _ program: Program) -> SymbolID {
        var name = Substring(name)
        if name.hasPrefix("node:") || name.hasPrefix("npm:") || name.hasPrefix("jsr:") {
            name = name[name.utf8.index(name.startIndex, offsetBy: name.hasPrefix("node:") ? 5 : 4)...]
        }
        if name.contains("://") { name = Self.fromURL(name) }
        // `npm:chalk@5`
        if let at = name.lastIndex(of: "@"), at != name.startIndex {
            let after = name[at...]
            let slash = after.firstIndex(of: "/") ?? after.endIndex
            name = Substring(String(name[..<at]) + after[slash...])
        }
        let text = String(name)
        guard let slash = secondSlash(text) else { return program.module(text, .javascript) }
        let package = String(text[..<slash])
        var rest = String(text[slash...])
        for ending in [".js", ".mjs", ".cjs", ".ts"] where rest.hasSuffix(ending) {
            rest = String(rest.dropLast(ending.utf8.count))
        }
        // Parts of Node.js are the same objects.
        if Self.submodules.contains(text) { rest = String(rest.dropFirst()) }
        return program.member(program.module(package, .javascript), rest)
    }

    private static let submodules: Set<String> = [
        "fs/promises", "dns/promises", "timers/promises", "stream/promises", "readline/promises", "path/posix",
        "path/win32", "util/types",
    ]

    /// `https://deno.land/std@0.1/fs/mod.ts` is `std/fs`, `https://esm.sh/axios@1` is `axios`.
    private static func fromURL(_ url: Substring) -> Substring {
        guard let scheme = url.range(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        guard let slash = rest.firstIndex(of: "/") else { return rest }
        return rest[rest.index(after: slash)...]
    }
}

extension Substring {
    /// The first place of `text`.
    fileprivate func range(of text: String) -> Range<Index>? {
        var i = startIndex
        while i < endIndex {
            if self[i...].hasPrefix(text) { return i..<index(i, offsetBy: text.count) }
            i = index(after: i)
        }
        return nil
    }
}
