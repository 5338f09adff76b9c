import Foundation
import TestSupport
import Testing

/// Each process hashes in its own way, so what depends on the order of a set differs from run to run.
@Suite("Drafts are the same each time", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct RepeatedDraftTests {
    @Test("Modules that depend on each other, and programs known by the helper that starts them")
    func same() throws {
        let folder = try TemporaryFolder()
        func write(_ path: String, _ text: String) throws {
            let url = URL(fileURLWithPath: folder.path + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        let modules = (1...8).map { "m\($0)" }
        func pom(_ name: String, _ needs: [String]) -> String {
            let list = needs.map { "<dependency><groupId>g</groupId><artifactId>\($0)</artifactId></dependency>" }
            return "<project><artifactId>\(name)</artifactId><dependencies>\(list.joined())</dependencies></project>"
        }
        try write("server/pom.xml", pom("mcp-server", ["mcp"] + modules))
        try write("server/src/main/java/a/Main.java", "package a; class Main { void m() { run(\"push\"); } }")
        for module in modules {
            try write("\(module)/pom.xml", pom(module, ["mcp"]))
            try write(
                "\(module)/src/main/java/\(module)/T.java",
                """
                package \(module); import java.io.*; class T { void m() throws Exception {
                new ProcessBuilder("git", "\(module)").start(); new ProcessBuilder("npm", x).start(); new File("a").delete(); } }
                """)
        }
        let drafts = try (0..<6).map { _ in
            try run([Products.agentbound, "generate", folder.path, "--format", "json"]).text
        }
        #expect(Set(drafts).count == 1)
        #expect(drafts[0].contains("m8/T.java"))
    }
}
