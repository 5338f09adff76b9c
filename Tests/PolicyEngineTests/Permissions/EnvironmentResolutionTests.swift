import ManifestModel
import PolicyEngine
import Testing

@Suite("The environment is rebuilt")
struct EnvironmentResolutionTests {
    static let inherited = [
        "LANG": "C.UTF-8", "LC_ALL": "C", "TZ": "UTC", "TERM": "xterm", "SHELL": "/bin/sh", "LOGNAME": "u",
        "TMPDIR": "/tmp", "PATH": "/evil:.",
        "AWS_KEY": "k", "AWS_REGION": "r", "SECRET": "s", "LD_PRELOAD": "/evil.so", "NODE_OPTIONS": "--require x",
        "GIT_DIR": "/g",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "LC_BAD": "() { :; }", "BASH_FUNC_x%%": "() { :; }",
    ]

    private func names(_ arguments: [String], granted: Bool = true) throws -> [String] {
        try resolve(granted ? [.environmentRead] : [], arguments, in: .project(Self.inherited)).permissions.environment
            .map(\.name)
    }

    private static let base = ["HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"]

    @Test("Only the base set passes unless a variable is named", arguments: [true, false])
    func baseSet(granted: Bool) throws { #expect(try names([], granted: granted) == Self.base) }

    @Test(
        "A named variable is copied or set",
        arguments: [
            (["--env", "SECRET"], ["SECRET"]), (["--env", "NEW=1"], ["NEW"]),
            (["--env", "AWS_*"], ["AWS_KEY", "AWS_REGION"]),
            (["--env", "*_KEY"], ["AWS_KEY"]), (["--env", "LD_PRELOAD"], ["LD_PRELOAD"]),
            (["--env", "GIT_DIR=/x"], ["GIT_DIR"]),
            // never injection variables
            (["--env", "LD_*"], []), (["--env", "*_*"], ["AWS_KEY", "AWS_REGION", "DBUS_SESSION_BUS_ADDRESS"]),
            (["--env", "NODE_*"], []), (["--env", "UNSET"], []), (["--env", "P*"], []),  // PATH is not copied
        ])
    func named(arguments: [String], added: [String]) throws {
        #expect(try names(arguments) == (Self.base + added).sorted())
    }

    @Test("D6: values arrive as they were given; the last of several holds")
    func values() throws {
        let result = try resolve(
            [.environmentRead], ["--env", "A=1", "--env", "A=x=y", "--env", "E=", "--env", "HOME=/h"], in: .project())
        let values = Dictionary(uniqueKeysWithValues: result.permissions.environment.map { ($0.name, $0.value) })
        #expect(values["A"] == "x=y" && values["E"] == "" && values["HOME"] == "/h")
        #expect(!result.parts.contains { $0.value.contains("x=y") })  // values stay out of what is shown
    }

    @Test(
        "Injection variables and unset ones are warned of",
        arguments: [
            ("LD_PRELOAD", "loader"), ("NODE_OPTIONS", "interpreter"), ("GIT_DIR", "tool"), ("BASH_ENV=/x", "shell"),
            ("PYTHONSTARTUP=/x", "interpreter"),
            ("UNSET", "not set"), ("NOPE_*", "no variable"),
        ])
    func warned(entry: String, words: String) throws {
        let warnings = try resolve([.environmentRead], ["--env", entry], in: .project(Self.inherited)).warnings
        #expect(warnings.contains { $0.contains(words) }, "\(warnings)")
    }

    @Test(
        "What is no variable is refused",
        arguments: [
            "", "=x", "1A", "A-B", "A B", "A\u{0}", "BASH_FUNC_x%%", "ÄRGER", "*", "**", "A?", "PATH", "PATH=/evil",
            "A=x\u{0}y", "A=() { :; }",
            "A=" + String(repeating: "x", count: 131_072),
        ])
    func refused(entry: String) throws {
        #expect(try problems([.environmentRead], ["--env", entry]).count == 1)
    }

    @Test("D6: the launcher's strings are read as getenv reads them")
    func inheritance() {
        let strings =
            ["A=1", "A=2", "=x", "plain", "B=a=b", "C="].map { Array($0.utf8) } + [
                Array("D=".utf8) + [0xff], [0xff, 0x3d, 0x31],
            ]
        let read = InheritedEnvironment(strings: strings)
        #expect(read.variables == ["A": "1", "B": "a=b", "C": ""] && read.unreadable == ["D"])
    }

    @Test("D4: every injection row matches its own example, and ordinary names match none")
    func table() {
        for row in EnvironmentRules.injection {
            #expect(EnvironmentRules.injectionReason(row.pattern.replacing("*", with: "X")) != nil)
        }
        for name in EnvironmentRules.base + [
            "AWS_KEY", "DATABASE_URL", "OPENAI_API_KEY", "GITHUB_TOKEN", "PYTH", "LDX",
        ] {
            #expect(EnvironmentRules.injectionReason(name) == nil, "\(name)")
        }
    }
}
