import SystemPackage
import Testing

@testable import PolicyEngine

struct WrittenPathTests {
    @Test(
        "A suggestion names the path that was refused, read the way overrides are",
        arguments: [
            ("/a/b", "/a/b"), ("/a b/c", "/a b/c"), ("/a/b?", "/a/b??"), ("/a/~", "/a/~"), ("/a/5$", "/a/5$"),
            ("/a/$b", nil), ("/a/${b}", nil), ("/a\n", nil), ("/a\u{7f}", nil), ("/a\u{FFFD}", nil),
        ])
    func written(path: FilePath, flag: String?) throws {
        #expect(WrittenPath.flag("--read-path", path) == flag.map { "--read-path " + $0 })
        guard let flag else { return }
        let entry = flag.hasSuffix("?") ? String(flag.dropLast()) : flag
        #expect(try PathExpansion(home: "/h", variables: ["b": "x"]).expand(entry, in: "/w") == path)
    }

    @Test("Where patterns may stand, a path that looks like one is not suggested")
    func wildcards() {
        for path in ["/a/*", "/a/?b"] as [FilePath] {
            #expect(WrittenPath.flag("--allow-protected", path, allowsWildcards: false) == nil)
            #expect(WrittenPath.flag("--write-path", path) != nil)
        }
    }
}
