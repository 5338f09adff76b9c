/// Java and Kotlin projects: `pom.xml`, `build.gradle`, `build.gradle.kts`.
enum JVMPackages {
    static func find(_ scene: PackageScene, _ language: Language) -> [Package] {
        var packages: [Package] = []
        var folders: Set<String> = []
        for path in scene.paths {
            let name = PathText.name(path), folder = PathText.folder(path)
            guard ["pom.xml", "build.gradle", "build.gradle.kts"].contains(name) else { continue }
            guard folder.isEmpty || !PathText.isAside(folder + "/x"), folders.insert(folder).inserted else { continue }
            var package = Package(folder: folder, language: language)
            package.entries = sources(folder, scene, language)
            if package.entries.isEmpty { continue }
            if let text = scene.text(PathText.join(folder, "pom.xml")) { readMaven(text, &package) }
            for name in ["build.gradle", "build.gradle.kts"] {
                if let text = scene.text(PathText.join(folder, name)) { readGradle(text, &package) }
            }
            readSettings(folder, scene, &package)
            packages.append(package)
        }
        return withNeighbours(packages, scene, language)
    }

    /// Modules of the same build that a module depends on are shipped with it.
    private static func withNeighbours(_ packages: [Package], _ scene: PackageScene, _ language: Language) -> [Package]
    {
        guard packages.count > 1 else { return packages }
        var byName: [String: Int] = [:]
        for (index, package) in packages.enumerated() {
            if let name = package.name { byName[name] = index }
            byName[":" + PathText.name(package.folder)] = index
        }
        return packages.enumerated().map { index, package in
            var package = package
            var seen: Set<Int> = [index]
            // In the order of names: a set's own differs from run to run.
            var pending = package.dependencies.sorted(by: >)
            while let name = pending.popLast() {
                guard let other = byName[name], seen.insert(other).inserted, seen.count < 100 else { continue }
                package.entries += packages[other].entries
                package.dependencies.formUnion(packages[other].dependencies)
                pending += packages[other].dependencies.sorted(by: >)
            }
            return package
        }
    }

    /// Spring's and Quarkus' settings may name variables: `url=${SERVICE_URL:}`.
    private static func readSettings(_ folder: String, _ scene: PackageScene, _ package: inout Package) {
        let resources = PathText.join(folder, "src/main/resources")
        for index in scene.below(resources) {
            let path = scene.paths[index], name = PathText.name(path)
            guard PathText.folder(path) == resources, isSettings(name), let bytes = scene.bytes(path) else { continue }
            if JVMLogging.writesFile(name, bytes) { package.dependencies.insert("settings-log-file") }
            guard name.hasPrefix("application") else { continue }
            if namesVariable(bytes) { package.dependencies.insert("settings-environment") }
            if DatabaseText.starts.contains(where: { PathText.contains(bytes, Array($0.utf8)) }) {
                package.dependencies.insert("settings-database-file")
            }
            // A profile says what holds for it alone.
            guard !name.contains("-"), isWithoutWeb(bytes) else { continue }
            // What the starters were there for stays: that it speaks MCP.
            for name in webStarters where package.dependencies.remove(name) != nil {
                package.dependencies.insert("mcp")
            }
        }
    }

    /// `application.yml`, those of profiles but for tests, and what loggers read.
    private static func isSettings(_ name: String) -> Bool {
        guard !name.contains("test") else { return false }
        return ["application", "logback", "log4j2"].contains { name.hasPrefix($0) }
            && [".properties", ".yml", ".yaml", ".xml"].contains { name.hasSuffix($0) }
    }

    /// They listen, unless the settings say that there is no web server.
    private static let webStarters = [
        "spring-boot-starter-web", "spring-boot-starter-webflux", "spring-ai-starter-mcp-server-webmvc",
        "spring-ai-starter-mcp-server-webflux", "spring-ai-mcp-server-webmvc-spring-boot-starter",
        "spring-ai-mcp-server-webflux-spring-boot-starter", "spring-boot-starter-jetty", "spring-boot-starter-undertow",
    ]

    /// `spring.main.web-application-type=none`, in properties or YAML.
    private static func isWithoutWeb(_ bytes: [UInt8]) -> Bool {
        let mark = Array("web-application-type".utf8)
        for line in bytes.split(separator: 0x0A) {
            let text = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard text.first != 0x23, PathText.contains(Array(text), mark) else { continue }
            var end = text[...]
            while let last = end.last, last <= 0x20 || last == 0x22 || last == 0x27 { end.removeLast() }
            if end.suffix(4).elementsEqual(Array("none".utf8)) || end.suffix(4).elementsEqual(Array("NONE".utf8)) {
                return true
            }
        }
        return false
    }

    /// Whether `${CAPITALS` stands in it.
    private static func namesVariable(_ bytes: [UInt8]) -> Bool {
        var i = 0
        while i + 4 < bytes.count {
            if bytes[i] == 0x24, bytes[i + 1] == 0x7B {
                let name = bytes[(i + 2)...].prefix {
                    (0x41...0x5A).contains($0) || $0 == 0x5F || (0x30...0x39).contains($0)
                }
                let next = i + 2 + name.count
                if name.count > 2, next < bytes.count, bytes[next] == 0x7D || bytes[next] == 0x3A { return true }
            }
            i += 1
        }
        return false
    }

    /// What is shipped: `src/main`, or the source sets of Kotlin Multiplatform, or else all that is not aside.
    private static func sources(_ folder: String, _ scene: PackageScene, _ language: Language) -> [Int] {
        let code = scene.below(folder).filter { index in
            let path = scene.paths[index]
            guard language.extensions.contains(where: { path.hasSuffix("." + $0) }), !path.hasSuffix(".gradle.kts")
            else { return false }
            let inner = folder.isEmpty ? path : String(path.dropFirst(folder.utf8.count + 1))
            return !inner.split(separator: "/").contains { $0 == "test" || $0 == "androidTest" || $0 == "buildSrc" }
        }
        let main = code.filter { index in
            let path = "/" + scene.paths[index]
            return path.contains("/src/main/") || path.contains("Main/kotlin/") || path.contains("Main/java/")
        }
        // What a module below has of its own is that module's.
        let own = main.filter { index in
            let path = "/" + scene.paths[index]
            return path.hasPrefix((folder.isEmpty ? "" : "/" + folder) + "/src/")
        }
        if !own.isEmpty { return own }
        if !main.isEmpty { return scene.has(PathText.join(folder, "pom.xml")) ? [] : main }
        return code.filter { !PathText.isAside(scene.paths[$0]) }
    }

    private static func readMaven(_ text: String, _ package: inout Package) {
        var project = text[...]
        // The parent's name is not the project's.
        if let from = text.range(of: "<parent>"), let to = text.range(of: "</parent>"), from < to {
            project = (text[..<from] + text[to...])[...]
        }
        if let managed = element("artifactId", in: head(project)) { package.name = managed }
        if let version = element("version", in: head(project)), !version.contains("$") { package.version = version }
        package.description = element("description", in: head(project))
        for piece in parts(of: text, after: "<dependency>", until: "</dependency>") {
            if let scope = element("scope", in: piece), scope == "test" { continue }
            let group = element("groupId", in: piece) ?? "", artifact = element("artifactId", in: piece) ?? ""
            add(group, artifact, &package)
        }
    }

    /// What stands before dependencies and plugins.
    private static func head(_ text: Substring) -> Substring {
        var end = text.endIndex
        for mark in ["<dependencies", "<dependencyManagement", "<build", "<profiles"] {
            if let at = text.range(of: mark), at < end { end = at }
        }
        return text[..<end]
    }

    private static func readGradle(_ text: String, _ package: inout Package) {
        for line in text.split(separator: "\n") {
            let pieces = line.split(whereSeparator: { $0 == "\"" || $0 == "'" })
            let start = line.prefix(60)
            if start.contains("testImplementation") || start.contains("androidTest") { continue }
            for piece in pieces.dropFirst() where piece.contains(":") {
                if piece.hasPrefix(":") {
                    // `project(":core")`, `project(":libs:core")`
                    package.dependencies.insert(":" + (piece.split(separator: ":").last.map { String($0) } ?? ""))
                    continue
                }
                let parts = piece.split(separator: ":")
                if parts.count >= 2 { add(String(parts[0]), String(parts[1]), &package) }
            }
            if line.hasPrefix("version"), pieces.count > 1 { package.version = String(pieces[1]) }
            if line.hasPrefix("description"), pieces.count > 1 { package.description = String(pieces[1]) }
        }
    }

    private static func add(_ group: String, _ artifact: String, _ package: inout Package) {
        if !artifact.isEmpty { package.dependencies.insert(artifact) }
        if group.hasPrefix("io.modelcontextprotocol") { package.dependencies.insert("mcp") }
    }

    private static func element(_ name: String, in text: Substring) -> String? {
        parts(of: String(text), after: "<\(name)>", until: "</\(name)>").first.map { String($0) }
    }

    private static func parts(of text: String, after open: String, until close: String) -> [Substring] {
        var result: [Substring] = []
        var rest = text[...]
        while result.count < 2_000, let start = rest.range(of: open) {
            let body = rest[start...].dropFirst(open.count)
            guard let end = body.range(of: close) else { break }
            result.append(body[..<end])
            rest = body[end...]
        }
        return result
    }
}

extension Substring {
    /// Where `text` begins.
    fileprivate func range(of text: String) -> Index? {
        let all = utf8, wanted = Array(text.utf8)
        guard let first = wanted.first else { return nil }
        var i = all.startIndex
        while i < all.endIndex {
            if all[i] == first, all[i...].starts(with: wanted) { return i }
            i = all.index(after: i)
        }
        return nil
    }
}

extension String {
    fileprivate func range(of text: String) -> Index? { self[...].range(of: text) }
}
