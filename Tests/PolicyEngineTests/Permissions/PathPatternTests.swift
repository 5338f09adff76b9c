import SystemPackage
import TestSupport
import Testing

@testable import PolicyEngine

@Suite("Path patterns match by component")
struct PathPatternTests {
    @Test(
        "A pattern matches a path and what is below it",
        arguments: [
            ("/srv/data", "/srv/data", true), ("/srv/data", "/srv/data/a/b", true),
            ("/srv/data", "/srv/database", false),
            ("/srv/data", "/srv", false), ("/srv/data/", "/srv/data", true), ("/", "/anything", true),
            ("/w/*.pem", "/w/a.pem", true), ("/w/*.pem", "/w/.pem", true), ("/w/*.pem", "/w/x/a.pem", false),
            ("/w/*.pem", "/w/a.pem/inside", true), ("/w/*.pem", "/w/a.pem2", false), ("/w/*.PEM", "/w/a.pem", false),
            ("/w/**/*.pem", "/w/a.pem", true),  // `**` is also no component
            ("/w/**/*.pem", "/w/x/y/a.pem", true), ("/w/**/*.pem", "/v/a.pem", false),
            ("/w/**/.env*", "/w/.env", true), ("/w/**/.env*", "/w/a/.env.local", true),
            ("/w/**/.env*", "/w/a/env", false),
            ("/w/**/.git/hooks", "/w/.git/hooks/pre-commit", true), ("/w/**/.git/hooks", "/w/.git/x/hooks", false),
            ("/w/**/.git/hooks", "/w/.git/.git/hooks", true), ("/w/**/a/**/b", "/w/1/a/2/3/b", true),
            ("/w/**/a/**/b", "/w/b/a", false),
            // one character, two bytes
            ("/w/?.txt", "/w/a.txt", true), ("/w/?.txt", "/w/ab.txt", false), ("/w/?.txt", "/w/é.txt", true),
            ("/w/a*b*c", "/w/aXbYc", true), ("/w/a*b*c", "/w/abXc2c", true), ("/w/a*b*c", "/w/acb", false),
            ("/w/**", "/w", true), ("/w/**", "/w/x", true), ("/w/a**b", "/w/axxb", true),
            ("/w/a**b", "/w/a/b", false),  // within a name `**` is `*`
            ("/w/[ab]", "/w/a", false), ("/w/[ab]", "/w/[ab]", true),  // no character sets
        ])
    func matching(pattern: String, path: FilePath, expected: Bool) {
        #expect(PathPattern(pattern).matches(path) == expected)
    }

    @Test(
        "Behind a link on the way a pattern goes on where the link leads",
        arguments: [
            ("/w/**/.git/hooks", "/w/a/.git", "/w/g", ["/w/g/hooks"]),
            ("/w/**/.git/hooks", "/w/a/.git", "/v", ["/v/hooks", "/v/**/.git/hooks"]),
            ("/w/**/.git/hooks", "/w/a/.git/hooks", "/w/g", []),  // its own name
            ("/w/**/.git/hooks", "/w/a/x", "/w/g", []),
            ("/w/**/.git/modules/**/hooks", "/w/.git", "/w/g", ["/w/g/modules/**/hooks"]),
            ("/w/**/.git/modules/**/hooks", "/w/.git/modules", "/w/g", ["/w/g/**/hooks"]),
            ("/w/**/.git/modules/**/hooks", "/w/.git/modules/a/b", "/w/g", ["/w/g/**/hooks"]),
            ("/h/.config/gcloud", "/h/.config", "/h/dot/c", ["/h/dot/c/gcloud"]),
            ("/h/.config/gcloud", "/h/.config", "/", ["/gcloud"]), ("/w/l?nk/f", "/w/link", "/w/r", ["/w/r/f"]),
            ("/w/**", "/w/link", "/w/r", []), ("/w/**/x", "/w/link", "/v", []),
            ("/w/a/**/x", "/w/a/l", "/v", ["/v/**/x"]),
        ] as [(String, FilePath, FilePath, Set<String>)])
    func behindLinks(pattern: String, link: FilePath, target: FilePath, expected: Set<String>) {
        let linked = LinkedDenials([DeniedPath(pattern: pattern, access: .all, origin: .operator)], grants: ["/w"])
        #expect(Set(linked.denials(behind: link, leadingTo: target).map(\.pattern)) == expected)
        let concerns = linked.concern(link.lastComponent!.string, in: link.removingLastComponent())
        #expect(concerns || expected.isEmpty)
    }

    @Test("Patterns made to backtrack stay cheap")
    func hostile() {
        let name = String(repeating: "a", count: 250)
        let glob = PathPattern("/" + String(repeating: "a*", count: 120) + "b")
        let deep = PathPattern(String(repeating: "/**/a", count: 200) + "/b")
        let path = FilePath("/" + name + String(repeating: "/a", count: 1_500))
        // Two nested searches that multiplied would take longer than the age of the world.
        let spent = processorTime {
            #expect(!glob.matches(path))
            #expect(!deep.matches(path))
        }
        #expect(spent < .seconds(60))
    }

    @Test("Greedy matching agrees with trying everything", arguments: [41, 42] as [UInt64])
    func agreesWithExhaustiveSearch(seed: UInt64) {
        var random = SeededGenerator(state: seed)
        for _ in 0..<4_000 {
            let pattern = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                ["a", "b", "**", "*", "a*"].randomElement(using: &random)!
            }
            let path = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                ["a", "b", "ab"].randomElement(using: &random)!
            }
            let text = "/" + pattern.joined(separator: "/")
            #expect(
                PathPattern(text).matches(FilePath("/" + path.joined(separator: "/")))
                    == Self.search(pattern[...], path[...]),
                "\(text) on \(path)")
        }
    }

    /// By the definition, at any cost: some prefix of the path is what the pattern says.
    private static func search(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return true }
        if first == "**" {
            return path.indices.contains { search(pattern.dropFirst(), path[$0...]) } || search(pattern.dropFirst(), [])
        }
        guard let name = path.first else { return false }
        let fits = first == "*" || first == name || first == "a*" && name.hasPrefix("a")
        return fits && search(pattern.dropFirst(), path.dropFirst())
    }
}
