import ManifestModel
import Testing

@testable import ManifestGen

/// Trees without metadata, or with some that nobody can read: their code is read all the same.
@Suite("Code without metadata")
struct LooseCodeTests {
    @Test(
        "Files of a language alone are read",
        arguments: [
            ("a.js", "require('fs').rmSync('x')"), ("src/a.ts", "import { rm } from 'node:fs/promises'; rm('x');"),
            ("a.py", "import os\nos.remove('x')\n"),
            ("main.go", "package main\nimport \"os\"\nfunc main() { os.Remove(\"x\") }\n"),
            ("main.rs", "fn main() { std::fs::remove_file(\"x\"); }\n"),
            ("Main.java", "import java.nio.file.*; class Main { void m() { Files.delete(Path.of(\"x\")); } }"),
            ("Main.kt", "import java.io.File\nfun main() { File(\"x\").delete() }\n"),
            ("main.swift", "import Foundation\ntry FileManager.default.removeItem(atPath: \"x\")\n"),
            ("a.rb", "File.delete('x')\n"), ("a.php", "<?php unlink('x');"), ("a.sh", "#!/bin/sh\nrm x\n"),
        ])
    func loose(name: String, text: String) {
        let draft = MemoryTree([name: text]).draft
        #expect(draft.files == 1)
        #expect(draft.needed.contains(.filesystemDelete))
        #expect(draft.isWhole)
    }

    @Test("Scripts beside a package of another language build it, wherever it lies")
    func scriptsBesideAPackage() {
        let code = "package main\nimport \"os\"\nfunc main() { os.Getenv(\"TOKEN\") }\n"
        let scripts = ["install/build.sh": "go build\n", "install/install.sh": "rm -f server\n"]
        let tree = scripts.merging(["src/go.mod": "module git-mcp\n", "src/main.go": code]) { first, _ in first }
        #expect(MemoryTree(tree).needs == ["system.env.read"])
        // Metadata of an example is none of the package.
        let alone = scripts.merging(["examples/go.mod": "module a\n"]) { first, _ in first }
        #expect(MemoryTree(alone).needs.contains("filesystem.delete"))
    }

    @Test(
        "A package.json that cannot be read leaves all code to be read, and the draft is not whole",
        arguments: ["", "{", "[1]x", String(repeating: "[", count: 100_000)])
    func unreadable(text: String) {
        let draft = MemoryTree(["package.json": text, "a.js": "require('fs').rmSync('x')"]).draft
        #expect(draft.needed == [.filesystemDelete])
        #expect(!draft.isWhole)
        #expect(draft.skipped.map(\.path) == ["package.json"])
    }

    @Test(
        "Code in a text is looked at by people, unless it can do nothing",
        arguments: [
            ("eval('f(x)')", true), ("eval('require')('fs')", true), ("eval(x)", true), ("new Function('f()')", true),
            ("new Function('return this')", false), ("eval('this')", false),
        ])
    func evaluated(text: String, isDoubted: Bool) {
        let draft = MemoryTree(["package.json": #"{"name": "m", "bin": "a.js"}"#, "a.js": text]).draft
        #expect(draft.unresolved.contains { $0.kind == "evaluated-code" } == isDoubted)
    }
}
