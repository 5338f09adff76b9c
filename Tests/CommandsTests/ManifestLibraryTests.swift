import ManifestModel
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

/// The source tree: two folders above this file's.
let sourceTree = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()

@Suite("The manifests that come with agentbound")
struct ManifestLibraryTests {
    static let names = [
        "brave-search", "everything", "fetch", "filesystem", "git", "github", "memory", "playwright", "postgres",
        "puppeteer",
        "sequentialthinking", "slack", "sqlite", "text-editor", "time",
    ]

    private func load(_ name: String) throws -> AgentManifest {
        try LoadedManifest.load(sourceTree.appending("manifests/\(name).json").string, strict: true).manifest
    }

    @Test("Each is valid without a warning, and says who it is for", arguments: names)
    func valid(name: String) throws {
        let manifest = try load(name)
        #expect(manifest.name == name)
        #expect(manifest.registry != nil && manifest.packageName != nil && !manifest.tools.isEmpty)
    }

    @Test("Each gives a reason for every permission, and uses every one in a tool or says what for", arguments: names)
    func reasons(name: String) throws {
        let manifest = try load(name)
        #expect(Set(manifest.rationales.keys) == manifest.declared)
    }

    @Test("Each narrows every permission that could be narrowed", arguments: names)
    func scopes(name: String) throws {
        let manifest = try load(name)
        for permission in manifest.declared where !permission.facts.scopes.isEmpty && name != "puppeteer" {
            #expect(permission.facts.scopes.contains { manifest.scopes[$0] != nil }, "\(permission)")
        }
    }

    @Test("None is left out of this list")
    func complete() {
        let found = ManifestSearch().manifests(below: sourceTree.appending("manifests").string)
        #expect(found.manifests.compactMap { FilePath($0.path).stem } == Self.names)
    }

    @Test("The published schema is the one that the tables give")
    func schema() throws {
        let file = try ManifestFile.read(sourceTree.appending("schema/manifest.schema.json").string)
        // To write it anew: agentbound permissions --schema > schema/manifest.schema.json
        #expect(String(decoding: file, as: UTF8.self) == ManifestSchema.json.text(pretty: true) + "\n")
    }

    @Test("The docs name every key, permission, limit and rule")
    func docs() throws {
        let text = String(
            decoding: try ManifestFile.read(sourceTree.appending("docs/manifest.md").string), as: UTF8.self)
        let words =
            ManifestField.allCases.map(\.rawValue) + ScopeKey.allCases.map(\.rawValue) + ScopeKey.allCases.map(\.flag)
            + Permission.allCases.map(\.rawValue) + LimitKey.allCases.map(\.rawValue)
            + ManifestRule.allCases.map(\.rawValue)
            + ManifestRule.allCases.map(\.title) + Permission.allCases.map(\.facts.summary)
        #expect(words.filter { !text.contains($0) } == [])
    }

    @Test("The vocabulary's table in the docs is the one of the code")
    func vocabulary() throws {
        let text = String(
            decoding: try ManifestFile.read(sourceTree.appending("docs/vocabulary.md").string), as: UTF8.self)
        for permission in Permission.allCases {
            let facts = permission.facts
            let row = "| `\(permission.rawValue)` | \(facts.heldBy) | \(facts.whole ?? "nothing") | "
            #expect(text.contains(row), "\(row)")
        }
    }

    @Test("The example of the docs is valid")
    func docsExample() throws {
        let text = String(
            decoding: try ManifestFile.read(sourceTree.appending("docs/manifest.md").string), as: UTF8.self)
        let blocks = text.components(between: "```json\n", and: "```")
        #expect(blocks.count >= 2)
        for block in blocks { #expect(AgentManifest.read(Array(block.utf8), strict: true).issues.isEmpty, "\(block)") }
    }

    @Test(
        "A bare word is a name, anything with a slash or .json a path",
        arguments: [
            ("time", true), ("./time", false), ("time.json", false), ("../time", false), ("-", false),
            ("nosuch", false),
        ])
    func resolving(argument: String, isName: Bool) {
        let resolved = ManifestLibrary.resolve(argument, in: ["/nonexistent", sourceTree.appending("manifests")])
        #expect((resolved != argument) == isName)
    }

    @Test("Names cannot lead out of the folder", arguments: ["../time", "", ".", "a/b", "a\0b", "time\n"])
    func escaping(name: String) {
        #expect(ManifestLibrary.locate(name, in: [sourceTree.appending("manifests")]) == nil)
    }

    @Test("The folders are the named ones, the installed one, and the one of the source tree")
    func folders() {
        let executable = sourceTree.appending(".build/debug/agentbound")
        #expect(
            ManifestLibrary.folders(named: "/a:/b", executable: executable) == [
                "/a", "/b", sourceTree.appending(".build/share/agentbound/manifests"),
                sourceTree.appending("manifests"),
            ])
        #expect(
            ManifestLibrary.folders(named: "", executable: "/usr/bin/agentbound") == ["/usr/share/agentbound/manifests"]
        )
        #expect(ManifestLibrary.folders(named: "", executable: nil) == [])
    }
}

extension String {
    /// The pieces that stand between two marks.
    fileprivate func components(between start: String, and end: String) -> [String] {
        var result: [String] = []
        var rest = self[...]
        while let open = rest.firstRange(of: start) {
            guard let close = rest[open.upperBound...].firstRange(of: end) else { break }
            result.append(String(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return result
    }
}
