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
        for part in path.split(separator: "/") {
            if part == "." { continue }
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// Without what stands behind the last dot of the name.
    static func stem(_ path: String) -> String {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return path }
        if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > dot { return path }
        return String(path[..<dot])
    }

    private static let asideFolders: Set<String> = [
        "test", "tests", "__tests__", "__test__", "spec", "specs", "e2e", "example", "examples", "sample", "samples",
        "doc",
        "docs", "documentation", "benchmark", "benchmarks", "bench", "fixtures", "__fixtures__", "mocks", "__mocks__",
        "demo",
        "demos", "evals", "eval", "website", "site", "storybook", "stories", "testdata", "test-utils", "testing",
        "scripts",
        "tools-dev", "third_party", "vendor", "vendored", "coverage", "dist", "build", "out", "target", "cypress",
        "playwright-tests",
        "smoke-test", "integration-tests", "unit-tests", "androidTest", "tutorials", "tutorial", "templates-dev", "ci",
        "hack", ".smithery",
    ]

    /// Whether a file is no shipped code by its place or its name, so that it counts only when something shipped needs it.
    static func isAside(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        for part in parts.dropLast() where asideFolders.contains(String(part)) || part.hasPrefix(".") { return true }
        guard let name = parts.last else { return true }
        let lower = name.lowercased()
        if lower.hasPrefix("test_") || lower.hasPrefix("test-") || lower.hasPrefix(".") { return true }
        for mark in [
            ".test.", ".spec.", "_test.", ".e2e.", "_spec.", ".config.", ".stories.", ".d.ts", ".d.mts", ".d.cts",
            ".min.",
            ".bench.", ".mock.", ".setup.", ".pb.go", "_pb2.", ".generated.", ".gen.",
        ] where lower.contains(mark) { return true }
        return [
            "conftest.py", "setup.py", "noxfile.py", "gulpfile.js", "gruntfile.js", "tasks.py", "jest.setup.js",
            "build.rs", "test.py", "tests.py", "test.js", "test.ts", "build.js", "build.mjs", "build.ts",
        ].contains(lower)
    }
}
