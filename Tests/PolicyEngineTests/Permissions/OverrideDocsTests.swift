import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@Suite("docs/overrides.md says what the tables say")
struct OverrideDocsTests {
    /// The page's text.
    private static func page() throws -> String {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let file = try FileDescriptor.open(root.appending("docs/overrides.md"), .readOnly)
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        // The buffer is ours for the length of the call.
        let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// The lines between `<!-- name -->` and `<!-- end -->`.
    private static func table(_ name: String) throws -> [String] {
        let lines = try page().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex(of: "<!-- \(name) -->"))
        let end = try #require(lines[start...].firstIndex(of: "<!-- end -->"))
        return lines[(start + 1)..<end].filter { !$0.isEmpty }
    }

    @Test("Keys and flags")
    func flags() throws {
        let rows = OverrideFlags.all.map { row in
            let scopes = row.scopes.isEmpty ? "none" : row.scopes.map { "`\($0.shortName)`" }.joined(separator: ", ")
            return "| `\(row.key.rawValue)` | `\(row.flag) \(row.value)` | \(scopes) | \(row.help) |"
        }
        #expect(try Self.table("flags") == ["| Key | Flag | Scopes | Meaning |", "| --- | --- | --- | --- |"] + rows)
        #expect(try Self.table("switches") == OverrideFlags.switches.map { "- `\($0.flag)`: \($0.help)." })
    }

    @Test("The protected list")
    func protected() throws {
        var groups: [(why: String, access: DeniedPath.Access, patterns: [String])] = []
        for row in ProtectedPaths.table {
            if groups.last?.why != row.why { groups.append((row.why, row.access, [])) }
            groups[groups.count - 1].patterns.append("`\(row.pattern)`")
        }
        let rows = groups.map {
            "| \($0.why) | \($0.access == .all ? "everything" : "writing") | \($0.patterns.joined(separator: " ")) |"
        }
        #expect(try Self.table("protected") == ["| What | Closed to | Paths |", "| --- | --- | --- |"] + rows)
    }

    @Test("The environment")
    func environment() throws {
        #expect(
            try Self.table("base") == [
                (["PATH"] + EnvironmentRules.base).map { "`\($0 == "LC_" ? "LC_*" : $0)`" }.joined(separator: ", ")
            ])
        var groups: [(why: String, names: [String])] = []
        for row in EnvironmentRules.injection {
            if groups.last?.why != row.why { groups.append((row.why, [])) }
            groups[groups.count - 1].names.append("`\(row.pattern)`")
        }
        let rows = groups.map { "| \($0.why) | \($0.names.joined(separator: " ")) |" }
        #expect(try Self.table("injection") == ["| Why | Names |", "| --- | --- |"] + rows)
    }
}
