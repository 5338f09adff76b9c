/// Finds what C# code refers to: all files of a project share their types, and `using` names what lies outside.
struct CSharpReading: LanguageReading {
    static let language = Language.csharp
    private let anchor: Int
    /// Namespaces that are known in every file: of the SDK, of the project file, and of `global using`.
    private let usings: [String]
    private let aliases: [(name: String, target: String)]
    /// Types of the program, by their simple names.
    private let types: Set<String>

    static func packages(_ scene: PackageScene) -> [Package] { CSharpPackages.find(scene) }

    init(scene: PackageScene, package: Package, packages: [Package]) {
        anchor = package.entries.first ?? scene.paths.firstIndex { $0.hasSuffix(".cs") } ?? 0
        var usings = Self.implicit
        var aliases: [(String, String)] = []
        var types: Set<String> = []
        for entry in package.entries {
            guard let bytes = scene.bytes(scene.paths[entry]) else { continue }
            Self.scan(bytes, &types, &usings, &aliases)
        }
        for path in scene.paths where path.hasSuffix(".csproj") {
            let folder = PathText.folder(path)
            guard package.entries.contains(where: { folder.isEmpty || scene.paths[$0].hasPrefix(folder + "/") }) else {
                continue
            }
            usings += CSharpPackages.Project(path, scene).usings
        }
        self.usings = usings
        self.aliases = aliases
        self.types = types
    }

    /// What the SDKs for consoles, workers and the web take over when they are asked to, which is the default.
    private static let implicit = [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json",
        "System.Threading", "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration",
        "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ]

    private static let typeWords = ["class", "interface", "record", "struct", "enum"].map { Array($0.utf8) }

    /// Words of declarations, without a look at what is comment and what is text: a type too many takes only a name away.
    private static func scan(
        _ bytes: [UInt8], _ types: inout Set<String>, _ usings: inout [String], _ aliases: inout [(String, String)]
    ) {
        func isWord(_ i: Int) -> Bool {
            guard i >= 0, i < bytes.count else { return false }
            let byte = bytes[i]
            return (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F || byte >= 0x80
        }
        let global = Array("global using ".utf8)
        var i = 0
        var atLineStart = true
        while i < bytes.count {
            let byte = bytes[i]
            if atLineStart, byte == 0x2F, i + 1 < bytes.count, bytes[i + 1] == 0x2F {
                while i < bytes.count, bytes[i] != 0x0A { i += 1 }
                continue
            }
            if byte == 0x0A { atLineStart = true } else if byte > 0x20 { atLineStart = false }
            guard [0x63, 0x69, 0x72, 0x73, 0x65, 0x67].contains(byte), !isWord(i - 1) else {
                i += 1
                continue
            }
            if byte == 0x67, bytes[i...].starts(with: global) {
                let end = bytes[i...].firstIndex(of: 0x3B) ?? bytes.count
                let text = String(decoding: bytes[min(i + global.count, end)..<min(end, i + 300)], as: UTF8.self)
                let parts = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { String($0) }
                if parts.count == 1 { usings.append(parts[0]) }
                if parts.count == 3, parts[1] == "=" { aliases.append((parts[0], parts[2])) }
                if parts.count == 2, parts[0] == "static" { aliases.append(("", parts[1])) }
                i = end
                continue
            }
            guard let word = typeWords.first(where: { bytes[i...].starts(with: $0) && !isWord(i + $0.count) }) else {
                i += 1
                continue
            }
            i += word.count
            while i < bytes.count, bytes[i] == 0x20 { i += 1 }
            let start = i
            while isWord(i) { i += 1 }
            if i > start, (0x41...0x5A).contains(bytes[start]), types.count < 20_000 {
                types.insert(String(decoding: bytes[start..<i], as: UTF8.self))
            }
        }
    }

    func read(_ base: consuming SourceReader, path: String) -> (FileFacts, Scopes) {
        var reader = CSharpReader(base, anchor: anchor, usings: usings, aliases: aliases, types: types)
        reader.read()
        return reader.base.finish()
    }

    func resolve(_ fact: ImportFact, from path: String) -> ImportTarget { .external(fact.text) }

    func external(_ name: String, _ program: Program) -> SymbolID { Self.symbol(name, program) }

    /// `A.B.C` as symbols below each other.
    static func symbol(_ name: some StringProtocol, _ program: Program) -> SymbolID {
        var symbol = program.modules(.csharp)
        for part in PathText.split(name, UInt8(ascii: ".")).prefix(24) { symbol = program.member(symbol, String(part)) }
        return symbol
    }

    /// Beginnings of type names that rules ask for, by namespace: `Npgsql.Npgsql*`.
    static let beginnings: [String: [String]] = {
        var table: [String: [String]] = [:]
        for rule in Language.csharp.parsedRules.rules {
            let parts = rule.pattern.split(separator: ".")
            guard let star = parts.firstIndex(where: { $0.hasSuffix("*") && $0 != "*" }), star > 0,
                !rule.pattern.hasPrefix("?")
            else { continue }
            table[parts[..<star].joined(separator: "."), default: []].append(String(parts[star].dropLast()))
        }
        return table
    }()
}
