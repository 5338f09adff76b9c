import ManifestModel
import Testing

@testable import ManifestGen

/// Sources that were made to make a reader fall over: whatever stands in a file, reading it ends.
@Suite("Hostile sources")
struct HostileTests {
    /// Metadata and source of a package in each language that is read.
    private static let packages: [(metadata: String, text: String, source: String, start: String)] = [
        ("package.json", #"{"name": "m", "bin": "a.js"}"#, "a.js", ""),
        ("package.json", #"{"name": "m", "bin": "a.tsx"}"#, "a.tsx", ""),
        ("pyproject.toml", "[project]\nname = \"m\"\n[project.scripts]\nm = \"a:main\"\n", "a.py", ""),
        ("go.mod", "module m\n", "main.go", "package main\nfunc main() {\n"),
        ("Cargo.toml", "[package]\nname = \"m\"\n", "src/main.rs", "fn main() {\n"),
        (
            "pom.xml", "<project><artifactId>m</artifactId></project>", "src/main/java/a/Main.java",
            "package a; class Main { void run() {\n"
        ),
        ("build.gradle.kts", "", "src/main/kotlin/Main.kt", "fun main() {\n"),
        ("Package.swift", "let package = Package(name: \"m\")", "Sources/m/main.swift", ""),
    ]

    private static let count = 3_000

    private static func nested(_ open: String, _ close: String, _ middle: String = "x") -> String {
        String(repeating: open, count: count) + middle + String(repeating: close, count: count)
    }

    private static let texts: [String] = [
        nested("(", ")"), nested("[", "]"), nested("{", "}"), nested("f(", ")"), nested("new A(", ")"),
        nested("const {a:", "}"), nested("class A {", "}"), nested("function f() {", "}"), nested("if (x) {", "}"),
        nested("match x { _ => ", "}"), nested("`${", "}`"), nested("\"\\(", ")\""), nested("A<", ">", "B"),
        nested("<A>", "</A>"), nested("use a::{", "};"), nested("(", ""), nested("[", ""), nested("{", ""),
        nested("", ")}]"), nested("/*", ""), nested("\"", ""), nested("`", ""), nested("f\"{", "}\""),
        nested(".b", "", "a"), nested("a.b().", "", ""), nested("x=>", ""), nested("a=", "b"), nested("!", ""),
        nested("a?b:", "c"), nested("\"a\"+", "b"), nested("(A)", ""), nested("require(\"x\")", "(\"y\")"),
        nested("lambda x: ", ""), nested("a[0]", ""), nested("import a;\n", ""), nested("await ", ""),
        nested("@a(", ")"),
        nested("a: ", ""), nested("*", ""), nested(";", ""), nested("with a as b: ", ""), nested("a | ", "b"),
    ]

    @Test("Deep nesting and endless chains end in a draft", arguments: 0..<packages.count)
    func ends(number: Int) {
        let package = Self.packages[number]
        for text in Self.texts {
            let draft = MemoryTree([package.metadata: package.text, package.source: package.start + text + "\n"]).draft
            #expect(draft.files == 1, "\(text.prefix(20))")
        }
    }

    @Test("What is nested too deeply is left out, and the draft says so", arguments: ["[", "{", "f("])
    func deep(open: String) {
        let call = "require('fs').readFileSync(x);\n"
        func draft(_ depth: Int) -> Draft {
            MemoryTree([
                "package.json": #"{"name": "m", "bin": "a.js"}"#,
                "a.js": call + String(repeating: open, count: depth) + "\nrequire('fs').unlinkSync(x);\n",
            ]).draft
        }
        #expect(draft(100).needed == [.filesystemRead, .filesystemDelete])
        #expect(draft(100).isWhole)
        #expect(draft(600).needed == [.filesystemRead])
        #expect(!draft(600).isWhole)
    }
}
