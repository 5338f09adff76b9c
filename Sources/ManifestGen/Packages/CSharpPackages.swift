/// C# projects: `.csproj`, with what `Directory.Build.props` and `Directory.Packages.props` beside or above add, and loose files.
enum CSharpPackages {
    static func find(_ scene: PackageScene) -> [Package] {
        let projects = scene.paths.filter { $0.hasSuffix(".csproj") }.prefix(500)
        let folders = projects.map { PathText.folder($0) }
        var read: [String: Project] = [:]
        for path in projects { read[path] = Project(path, scene) }
        var packages: [(package: Package, isProgram: Bool)] = []
        for path in projects {
            guard let project = read[path], !project.isTest else { continue }
            let folder = PathText.folder(path)
            if !folder.isEmpty, PathText.isAside(folder + "/x") { continue }
            var package = Package(folder: folder, language: .csharp)
            package.name =
                project.element("PackageId") ?? project.element("AssemblyName") ?? PathText.stem(PathText.name(path))
            package.version = project.element("Version") ?? project.element("VersionPrefix")
            package.description = project.element("Description")
            if project.element("PackAsTool") == "true" || project.element("PackageType")?.contains("Mcp") ?? false {
                package.registry = "nuget"
            }
            var seen: Set<String> = [], pending = [path]
            while let next = pending.popLast(), seen.count < 100 {
                guard seen.insert(next).inserted, let project = read[next] else { continue }
                package.entries += code(PathText.folder(next), folders, scene)
                package.dependencies.formUnion(project.packages)
                if project.packages.contains(where: { $0.hasPrefix("modelcontextprotocol") }) {
                    package.dependencies.insert("mcp")
                }
                pending += project.references
            }
            if !package.entries.isEmpty { packages.append((package, project.isProgram)) }
        }
        // What another project refers to is read with it.
        let programs = packages.filter(\.isProgram).map(\.package)
        let speaking = programs.filter(\.speaksMCP)
        if !speaking.isEmpty { return speaking.map { atTop($0, scene) } }
        if !programs.isEmpty { return programs }
        if !packages.isEmpty { return packages.map(\.package) }
        return loose(scene)
    }

    /// A server in a folder of its own below the solution is what the tree is about.
    private static func atTop(_ package: Package, _ scene: PackageScene) -> Package {
        let isSolution = scene.paths.contains {
            ($0.hasSuffix(".sln") || $0.hasSuffix(".slnx")) && !$0.utf8.contains(UInt8(ascii: "/"))
        }
        guard isSolution else { return package }
        var package = package
        package.folder = ""
        return package
    }

    /// Files that `dotnet run file.cs` starts, which name their packages in `#:package` lines.
    private static func loose(_ scene: PackageScene) -> [Package] {
        let files = scene.paths.indices.filter {
            scene.paths[$0].hasSuffix(".cs") && !PathText.isAside(scene.paths[$0])
        }
        guard !files.isEmpty else { return [] }
        var package = Package(folder: "", language: .csharp)
        for file in files.prefix(200) {
            guard let bytes = scene.bytes(scene.paths[file]), bytes.starts(with: Array("#".utf8)) else { continue }
            let head = String(decoding: bytes.prefix(4_096), as: UTF8.self)
            guard head.contains("#:package ") || head.hasPrefix("#!/usr/bin/") else { continue }
            package.entries.append(file)
            if head.contains("ModelContextProtocol") { package.dependencies.insert("mcp") }
        }
        package.isWholeFolder = package.entries.isEmpty
        return package.isWholeFolder && !LooseCode.prevails(.csharp, scene) ? [] : [package]
    }

    /// All code of a project: the compiler takes every file below its folder, but for what other projects have.
    private static func code(_ folder: String, _ folders: [String], _ scene: PackageScene) -> [Int] {
        let nested = folders.filter { $0 != folder && (folder.isEmpty || $0.hasPrefix(folder + "/")) && !$0.isEmpty }
        return scene.below(folder).filter { index in
            let path = scene.paths[index]
            guard path.hasSuffix(".cs"), !nested.contains(where: { path.hasPrefix($0 + "/") }) else { return false }
            let inner = folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
            let first = inner.split(separator: "/").first ?? ""
            if first == "obj" || first == "bin" { return false }
            // At the top of a tree lie also tests and examples without a project of their own.
            return folder.isEmpty
                ? !PathText.isAside(inner) : !inner.hasSuffix(".g.cs") && !inner.hasSuffix(".Designer.cs")
        }
    }

    /// What one project file says, and what is said above it.
    struct Project {
        let text: String
        let packages: Set<String>
        let references: [String]
        let isTest: Bool
        let isProgram: Bool
        /// Namespaces of `<Using Include="..."/>`.
        let usings: [String]

        init(_ path: String, _ scene: PackageScene) {
            text = scene.text(path) ?? ""
            var packages: Set<String> = []
            let folder = PathText.folder(path)
            for name in XMLText.values(of: "Include", in: "PackageReference", text) {
                packages.insert(name.lowercased())
            }
            var above = text
            var at = folder
            for _ in 0..<12 {
                for name in ["Directory.Build.props", "Directory.Packages.props"] {
                    guard let more = scene.text(PathText.join(at, name)) else { continue }
                    for name in XMLText.values(of: "Include", in: "GlobalPackageReference", more) {
                        packages.insert(name.lowercased())
                    }
                    if name == "Directory.Build.props" {
                        above += more
                        for name in XMLText.values(of: "Include", in: "PackageReference", more) {
                            packages.insert(name.lowercased())
                        }
                    }
                }
                if at.isEmpty { break }
                at = PathText.folder(at)
            }
            self.packages = packages
            references = XMLText.values(of: "Include", in: "ProjectReference", text).map {
                PathText.join(folder, $0.replacingBackslashes)
            }
            usings = XMLText.values(of: "Include", in: "Using", above)
            let name = PathText.stem(PathText.name(path))
            isTest =
                packages.contains {
                    $0.hasPrefix("xunit") || $0 == "nunit" || $0.hasPrefix("mstest") || $0 == "microsoft.net.test.sdk"
                        || $0 == "tunit"
                }
                || text.contains("<IsTestProject>true") || name.hasSuffix("Tests") || name.hasSuffix(".Test")
                || name.hasSuffix("Benchmarks")
            isProgram =
                text.contains("<OutputType>Exe") || text.contains("<OutputType>WinExe")
                || text.contains("NET.Sdk.Web\"")
                || text.contains("NET.Sdk.Worker\"") || text.contains("<PackAsTool>true")
                || text.contains("<AzureFunctionsVersion>")
                || above.contains("<OutputType>Exe")
        }

        func element(_ name: String) -> String? {
            guard let value = XMLText.element(name, text), !value.contains("$(") else { return nil }
            return value
        }
    }
}

extension String {
    fileprivate var replacingBackslashes: String {
        String(decoding: utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
    }
}

/// As much of XML as project files need: attributes of elements, and what stands between two tags.
enum XMLText {
    /// The values of `attribute` in all elements called `element`.
    static func values(of attribute: String, in element: String, _ text: String) -> [String] {
        let bytes = Array(text.utf8), open = Array(("<" + element).utf8), name = Array((attribute + "=\"").utf8)
        var found: [String] = []
        var i = 0
        while i + open.count < bytes.count, found.count < 1_000 {
            guard bytes[i] == 0x3C else {
                i += 1
                continue
            }
            if bytes[i...].starts(with: Array("<!--".utf8)) {
                i = end(of: Array("-->".utf8), bytes, i)
                continue
            }
            guard bytes[i...].starts(with: open), bytes[i + open.count] <= 0x20 else {
                i += 1
                continue
            }
            var k = i + open.count
            while k < bytes.count, bytes[k] != 0x3E {
                if bytes[k] == name[0], bytes[k - 1] <= 0x20, bytes[k...].starts(with: name) {
                    let start = k + name.count
                    k = start
                    while k < bytes.count, bytes[k] != 0x22 { k += 1 }
                    found.append(String(decoding: bytes[start..<k], as: UTF8.self))
                }
                k += 1
            }
            i = k
        }
        return found
    }

    private static func end(of mark: [UInt8], _ bytes: [UInt8], _ from: Int) -> Int {
        var i = from + 1
        while i < bytes.count {
            if bytes[i] == mark[0], bytes[i...].starts(with: mark) { return i + mark.count }
            i += 1
        }
        return bytes.count
    }

    static func element(_ name: String, _ text: String) -> String? {
        let bytes = Array(text.utf8), open = Array("<\(name)>".utf8)
        var i = 0
        while i + open.count < bytes.count {
            if bytes[i] == 0x3C, bytes[i...].starts(with: open) {
                let start = i + open.count
                let value = bytes[start...].prefix { $0 != 0x3C }
                let text = String(decoding: value, as: UTF8.self).split(whereSeparator: { $0.isWhitespace }).joined(
                    separator: " ")
                return text.isEmpty ? nil : text
            }
            i += 1
        }
        return nil
    }
}
