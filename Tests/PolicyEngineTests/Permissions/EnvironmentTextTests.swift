import ManifestModel
import SystemPackage
import Testing

@testable import PolicyEngine

@Suite("Files of variables")
struct EnvironmentTextTests {
    @Test(
        "A line gives one variable",
        arguments: [
            ("A=1", [("A", "1")]), ("export A=1\n", [("A", "1")]), ("  A = no", []), ("A=", [("A", "")]),
            ("A= a b \t# why", [("A", "a b")]), ("A=a#b", [("A", "a#b")]), ("A=#b", [("A", "")]),
            ("A=x=y", [("A", "x=y")]), ("A=$HOME `id` \\n", [("A", "$HOME `id` \\n")]), ("A=it's", [("A", "it's")]),
            ("A='a \"b\" \\n $X # c' # d", [("A", "a \"b\" \\n $X # c")]),
            (#"A="a\n\t\"\$\\ 'x' #y""#, [("A", "a\n\t\"$\\ 'x' #y")]),
            ("A=\"one\ntwo\"\nB='three\nfour'", [("A", "one\ntwo"), ("B", "three\nfour")]),
            ("\n# A=1\n\t# B\nA=1\r\nB=2\r\n", [("A", "1"), ("B", "2")]), ("", []), ("exportA=1", [("exportA", "1")]),
        ] as [(String, [(String, String)])])
    func lines(text: String, variables: [(String, String)]) {
        let file = EnvironmentText(text)
        #expect(file.assignments.map(\.name) == variables.map(\.0))
        #expect(file.assignments.map(\.value) == variables.map(\.1))
        #expect(file.problems.isEmpty == !text.contains("no"))
    }

    @Test(
        "Everything that is wrong is told with its place, and no value is",
        arguments: [
            ("A\nB=1\nC", ["1:1", "3:1"]), ("1A=secret", ["1:1"]), ("A-B=secret\n=x", ["1:1", "2:1"]),
            ("A=1\n  A=2", ["2:3"]), ("A='secret", ["1:3"]), ("\nA=\"secret\nmore", ["2:3"]),
            ("A='x' secret", ["1:7"]), (#"A="\q""#, ["1:5"]), ("A=secret\0", ["1:1"]), ("A =1", ["1:1"]),
            ("é=1", ["1:1"]),
        ])
    func mistakes(text: String, places: [String]) {
        let problems = EnvironmentText(text).problems
        #expect(problems.map { "\($0.line):\($0.column)" } == places)
        #expect(problems.allSatisfy { !"\($0)".contains("secret") })
    }

    @Test("Any bytes come to an end, and places lie in the text")
    func anything() {
        var random = SeededGenerator(state: 11)
        let alphabet = Array("A1=='\"\\ \t\n\r#$n=exportB\0")
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int.random(in: 0..<40, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            let file = EnvironmentText(text)
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
            #expect((file.assignments.map(\.line) + file.problems.map(\.line)).allSatisfy { (1...lines).contains($0) })
        }
    }

    @Test("A secret names a file or a command, and has no value in the permissions")
    func secrets() throws {
        let result = try resolve(
            [.environmentRead],
            [
                "--secret", "A_TOKEN=docs/a.txt", "--secret=B_TOKEN=!pass show 'x y' | head -1", "--secret",
                "C=~/.ssh/config",
            ],
            in: .project())
        #expect(
            result.permissions.secrets == [
                SecretVariable(name: "A_TOKEN", source: .file("/home/u/w/docs/a.txt")),
                SecretVariable(name: "B_TOKEN", source: .command("pass show 'x y' | head -1")),
                SecretVariable(name: "C", source: .file("/home/u/.ssh/config")),
            ])
        #expect(!result.permissions.environment.contains { $0.name.hasSuffix("_TOKEN") })
        #expect(result.parts.count { $0.key == .secrets } == 3)
        #expect(
            try resolve([.environmentRead], ["--secret", "LD_PRELOAD=docs/a.txt"], in: .project()).warnings.count == 1)
    }

    @Test(
        "What is no secret's source is refused",
        arguments: [
            "A", "A=", "=x", "A-B=docs/a.txt", "PATH=docs/a.txt", "A=docs/none", "A=docs", "A=pipe", "A=!", "A=! ",
            "A=/dev/null", "A=/root/x",
        ])
    func noSource(entry: String) throws {
        #expect(try problems([.environmentRead], ["--secret", entry]).count == 1)
    }

    @Test("A name has one value, and a secret needs the permission; a manifest cannot ask for one")
    func once() throws {
        #expect(try problems([.environmentRead], ["--secret", "A=docs/a.txt", "--secret", "A=!x"]).count == 1)
        #expect(try problems([.environmentRead], ["--env", "A=1", "--secret", "A=!x"]).count == 1)
        #expect(try problems([], ["--secret", "A=!x"]).count == 1)
        #expect(try problems([], ["--env-file", "x"]).count == 1)
        #expect(ScopeKey(rawValue: "secrets") == nil && ScopeKey(rawValue: "envFiles") == nil)
    }
}
