import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Commands

@Suite("An installation", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct InstallationTests {
    @Test("What is installed finds its manifests and pages, and is removed without a rest")
    func installed() throws {
        let folder = try TemporaryFolder()
        let prefix = folder.path + "/usr", script = sourceTree.appending("scripts/install.sh").string
        #expect(try run([script, Products.agentbound, prefix]).code == 0)
        try "version: 1\nbogus: 1\n".write(toFile: folder.path + "/p.yaml", atomically: true, encoding: .utf8)
        let end = try run([prefix + "/bin/agentbound", "policy", "list", "p.yaml"], folder: folder.path)
        #expect(end.errors.contains("\(prefix)/share/doc/agentbound/policy.md the format"), "\(end.errors)")
        #expect(try run([prefix + "/bin/agentbound", "validate", "time"], folder: folder.path).code == 0)
        #expect(try run([script, "--remove", prefix]).code == 0)
        #expect(try run(["find", prefix, "-type", "f"]).text.isEmpty)
    }

    @Test("Pages are named by their paths where they are there, and as they stand where not")
    func pages() {
        let docs = sourceTree.appending("docs")
        func named(_ text: String, _ folders: [FilePath]) -> String {
            Installation.naming(pagesOf: text, in: folders)
        }
        #expect(named("a (docs/policy.md) b", ["/nonexistent", docs]) == "a (\(docs)/policy.md) b")
        #expect(named("docs/gone.md shows it", [docs]) == "docs/gone.md shows it")
        #expect(named("docs/policy.md shows it", []) == "docs/policy.md shows it")
        #expect(named("--read-path ./docs/ x.md", [docs]) == "--read-path ./docs/ x.md")
    }
}
