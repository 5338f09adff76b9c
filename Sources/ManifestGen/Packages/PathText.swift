/// Work on relative paths with `/`, as text.
enum PathText {
    static func folder(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }

    static func name(_ path: some StringProtocol) -> String {
        let path = Substring(path)
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return String(path) }
        return String(path[path.utf8.index(after: slash)...])
    }

    static func join(_ folder: String, _ path: String) -> String {
        normal(folder.isEmpty ? path : folder + "/" + path)
    }

    /// Without `.`, `..`, doubled and last slashes. What leads out of the tree starts with `../`.
    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in split(path, UInt8(ascii: "/")) {
            if part == "." { continue }
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// The parts between `separator`, by bytes: names of files are no characters. Empty parts are left out.
    static func split(_ text: some StringProtocol, _ separator: UInt8) -> [Substring] {
        Substring(text).utf8.split(separator: separator).map { Substring($0) }
    }

    /// Without what stands behind the last dot of the name.
    static func stem(_ path: String) -> String {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return path }
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > dot { return path }
        return String(path[..<dot])
    }

    private static let asideMarks: [[UInt8]] = [
        ".test.", ".spec.", "_test.", ".e2e.", "_spec.", ".config.", ".stories.", ".d.ts", ".d.mts", ".d.cts",
        ".min.",
        ".bench.", ".mock.", ".setup.", ".pb.go", "_pb2.", ".generated.", ".gen.",
    ].map { Array($0.utf8) }

    /// Whether `part` stands anywhere in `bytes`.
    static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard !part.isEmpty, bytes.count >= part.count else { return false }
        for start in 0...(bytes.count - part.count) where bytes[start] == part[0] {
            var k = 1
            while k < part.count, bytes[start + k] == part[k] { k += 1 }
            if k == part.count { return true }
        }
        return false
    }

    private static let asideFolders: Set<String> = [
        "test", "tests", "__tests__", "__test__", "spec", "specs", "e2e", "example", "examples", "sample", "samples",
        "doc",
        "docs", "documentation", "benchmark", "benchmarks", "bench", "fixtures", "__fixtures__", "mocks", "__mocks__",
        "demo",
        "demos", "evals", "eval", "evaluation", "evaluations", "playground", "website", "site", "storybook", "stories",
        "testdata", "test-utils", "testing",
        "scripts",
        "tools-dev", "third_party", "vendor", "vendored", "coverage", "dist", "build", "out", "target", "cypress",
        "playwright-tests",
        "smoke-test", "integration-tests", "unit-tests", "androidTest", "tutorials", "tutorial", "templates-dev", "ci",
        "hack", ".smithery",
    ]

    /// Whether a file is no shipped code by its place or its name, so that it counts only when something shipped needs it.
    static func isAside(_ path: String) -> Bool {
        let parts = split(path, UInt8(ascii: "/"))
        for part in parts.dropLast() where asideFolders.contains(String(part)) || part.hasPrefix(".") { return true }
        guard let name = parts.last else { return true }
        let lower = name.lowercased()
        if lower.hasPrefix("test_") || lower.hasPrefix("test-") || lower.hasPrefix(".") { return true }
        let bytes = Array(lower.utf8)
        for mark in asideMarks where contains(bytes, mark) { return true }
        return [
            "conftest.py", "setup.py", "noxfile.py", "gulpfile.js", "gruntfile.js", "tasks.py", "jest.setup.js",
            "build.rs", "test.py", "tests.py", "test.js", "test.ts", "build.js", "build.mjs", "build.ts",
        ].contains(lower)
    }
}
