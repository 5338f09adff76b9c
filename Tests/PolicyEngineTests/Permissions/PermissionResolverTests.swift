import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@Suite("Manifest and overrides resolve to effective permissions")
struct PermissionResolverTests {
    @Test("A declared permission without an override has its default, and says so")
    func defaults() throws {
        let all = try resolve(Set(Permission.allCases))
        let granted = all.permissions
        #expect(
            granted.readPaths == ["/home/u/w"] && granted.writePaths == ["/home/u/w"]
                && granted.deletePaths == ["/home/u/w"])
        #expect(granted.hosts.allowed == [HostRule(.anyPublic)])
        #expect(
            granted.listen.isEmpty && granted.commands.isEmpty && granted.sockets.isEmpty && granted.devices.isEmpty)
        #expect(granted.environment.map(\.name) == ["HOME", "PATH", "USER"])
        let origins = Dictionary(grouping: all.parts, by: \.key).mapValues { $0.map { "\($0.origin)" } }
        #expect(origins[.readPaths] == ["default: working directory"])
        #expect(origins[.deletePaths] == ["default: write paths"])
        #expect(origins[.allowedHosts] == ["default: any public host"])
        #expect(origins[.listenPorts] == ["default: no port"] && origins[.allowedCommands] == ["default: no command"])
    }

    @Test("G7: a manifest that asks for nothing gets nothing")
    func nothing() throws {
        let granted = try resolve([]).permissions
        #expect(
            granted.granted.isEmpty && granted.readPaths.isEmpty && granted.writePaths.isEmpty
                && granted.deletePaths.isEmpty)
        #expect(granted.hosts.allowed.isEmpty && granted.denied.isEmpty && granted.commands.isEmpty)
    }

    @Test(
        "G7: an empty list means none, never all",
        arguments: [
            OverrideKey.readPaths, .writePaths, .deletePaths, .allowedHosts, .listenPorts, .envVars, .allowedCommands,
        ])
    func emptyLists(key: OverrideKey) throws {
        var given = Overrides()
        given.emptyLists[key] = .file("o.json", line: 2, column: 3)
        let all = DeclaredPermissions(required: Set(Permission.allCases))
        let result = try PermissionResolver.resolve(all, given, in: .project())
        let granted = result.permissions
        switch key {
        case .readPaths: #expect(granted.readPaths.isEmpty)
        case .writePaths: #expect(granted.writePaths.isEmpty && granted.deletePaths.isEmpty)
        case .deletePaths: #expect(granted.deletePaths.isEmpty)
        case .allowedHosts: #expect(granted.hosts.allowed.isEmpty)
        case .listenPorts: #expect(granted.listen.isEmpty)
        case .envVars: #expect(granted.environment.map(\.name) == ["HOME", "PATH", "USER"])
        default: #expect(granted.commands.isEmpty)
        }
        #expect(result.parts.contains { $0.key == key && "\($0.origin)" == "o.json:2:3" })
    }

    @Test(
        "The working directory is not granted by default where it is too much",
        arguments: [
            "/", "/home/u", "/home", "/home/u/.ssh", "/gone", "/root",
        ] as [FilePath])
    func refusedDefaults(folder: FilePath) throws {
        var context = ResolutionContext.project()
        context.workingDirectory = folder
        for permission in [Permission.filesystemRead, .filesystemWrite] {
            let found = try problems([permission], in: context)
            #expect(found.count == 1 && "\(found[0].origin)" == "default: working directory")
        }
    }

    @Test(
        "G6: an override for what the manifest does not declare is an error that names both",
        arguments: [
            ("--read-path", "docs", "filesystem.read"), ("--write-path", "docs", "filesystem.write"),
            ("--delete-path", "docs", "filesystem.delete"), ("--allow-host", "example.com", "network.client"),
            ("--allow-socket", "/run/app.sock", "network.client"), ("--dns", "9.9.9.9", "network.client"),
            ("--listen-port", "80", "network.server"), ("--env", "LANG=C", "system.env.read"),
            ("--allow-command", "git", "system.exec"),
            ("--device", "/dev/video0", "peripheral.camera"),
        ])
    func neverWidens(flag: String, value: String, permission: String) throws {
        // Everything but what the flag scopes.
        let row = try #require(OverrideFlags.all.first { $0.flag == flag })
        let others = Set(Permission.allCases).subtracting(row.scopes)
        let found = try problems(others, [flag, value])
        #expect(found.count == 1)
        #expect(found[0].description.contains("\(flag) ") && found[0].why.contains(permission))
    }

    @Test("All problems are reported at once, each with where it stands and what to do")
    func allAtOnce() throws {
        let found = try problems(
            [.filesystemRead, .networkServer, .networkClient],
            [
                "--read-path", "gone", "--read-path", "", "--listen-port", "65536", "--allow-host", "https://x.y",
                "--env", "A=secret", "--deny", "filesystem.raed",
                "--limit", "memory=lots",
            ])
        #expect(found.count == 7)
        #expect(found.allSatisfy { !$0.why.isEmpty && !$0.next.isEmpty && !"\($0.origin)".isEmpty })
        #expect(found.contains { $0.next.contains("filesystem.read") && $0.why.contains("no such permission") })
        #expect(!found.contains { $0.description.contains("secret") })  // values of variables stay out of messages
    }

    @Test(
        "Optional permissions are granted when an override scopes them, or with --grant-optional",
        arguments: [
            ([], []), (["--allow-host", "example.com"], [Permission.networkClient]),
            (["--grant-optional"], [.networkClient, .exec]),
            (["--grant-optional", "--deny", "system.exec"], [.networkClient]),
            (["--allow-host", "example.com", "--deny", "network.client"], []),  // deny wins
            (["--deny-host", "example.com"], []),  // what only narrows grants nothing
        ] as [([String], Set<Permission>)])
    func optional(arguments: [String], expected: Set<Permission>) throws {
        #expect(try resolve([], arguments, optional: [.networkClient, .exec]).permissions.granted == expected)
    }

    @Test(
        "--deny drops a declared permission by its short or full name",
        arguments: ["filesystem.write", "mcp.ac.filesystem.write"])
    func dropping(name: String) throws {
        let result = try resolve([.filesystemRead, .filesystemWrite], ["--deny", name, "--write-path", "docs"])
        #expect(result.permissions.granted == [.filesystemRead] && result.permissions.writePaths.isEmpty)
        #expect(result.warnings.count == 1)  // the --write-path has no effect
        #expect(try resolve([], ["--deny", name]).warnings.count == 1)  // nothing to drop
    }

    @Test("The manifest's scopes count only when accepted, and only where the operator said nothing")
    func scopes() throws {
        let scopes = Overrides([
            .init(.readPaths, "docs", from: .scopes), .init(.allowedHosts, "a.com", from: .scopes),
            .init(.denyPaths, "docs/x", from: .scopes),
        ])
        let manifest = DeclaredPermissions(required: [.filesystemRead], optional: [.networkClient], scopes: scopes)
        func readable(_ arguments: [String]) throws -> EffectivePermissions {
            try PermissionResolver.resolve(manifest, try overrides(arguments), in: .project()).permissions
        }
        #expect(try readable([]).readPaths == ["/home/u/w"])
        #expect(try readable(["--accept-scopes"]).readPaths == ["/home/u/w/docs"])
        #expect(try readable(["--accept-scopes", "--read-path", "/srv/data"]).readPaths == ["/srv/data"])
        #expect(
            try readable(["--accept-scopes", "--deny-path", "y"]).denied.contains { $0.pattern == "/home/u/w/docs/x" })
        // an author does not grant what is optional
        #expect(try readable(["--accept-scopes"]).granted == [.filesystemRead])
        #expect(try readable(["--accept-scopes", "--grant-optional"]).hosts.allowed == [HostRule(.name("a.com"))])
    }

    @Test("Scopes that nobody accepted are proposals, as far as accepting them would change anything")
    func proposals() throws {
        var scopes = Overrides([
            .init(.readPaths, "docs", from: .scopes), .init(.allowedHosts, "a.com", from: .scopes),
            .init(.denyPaths, "docs/x", from: .scopes),
        ])
        scopes.emptyLists[.envVars] = .scopes
        let manifest = DeclaredPermissions(
            required: [.filesystemRead, .environmentRead], optional: [.networkClient], scopes: scopes)
        func proposed(_ arguments: [String]) throws -> [String] {
            try PermissionResolver.resolve(manifest, try overrides(arguments), in: .project()).proposals.map {
                "\($0.key.rawValue)=\($0.value)"
            }
        }
        #expect(try proposed([]) == ["readPaths=docs", "denyPaths=docs/x", "envVars=none"])
        #expect(try proposed(["--grant-optional"]).contains("allowedHosts=a.com"))
        #expect(try proposed(["--read-path", "/srv/data", "--env", "A=1"]) == ["denyPaths=docs/x"])
        #expect(try proposed(["--accept-scopes"]).isEmpty)
    }

    @Test("G6: no override grants a permission that the manifest does not declare", arguments: [51, 52] as [UInt64])
    func onlyNarrows(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let samples = [
            ["--read-path", "docs"], ["--write-path", "docs"], ["--delete-path", "docs"], ["--deny-path", "*.pem"],
            ["--allow-host", "*"],
            ["--deny-host", "a.com"], ["--listen-port", "0"], ["--allow-socket", "/run/app.sock"], ["--env", "A=1"],
            ["--allow-command", "git"],
            ["--device", "/dev/video0"], ["--limit", "files=9"], ["--dns", "9.9.9.9"], ["--deny", "system.exec"],
            ["--grant-optional"],
        ]
        for _ in 0..<40 {
            let required = Set(Permission.allCases.filter { _ in Int.random(in: 0..<3, using: &random) > 0 })
            let optional = Set(Permission.allCases.filter { _ in Int.random(in: 0..<4, using: &random) == 0 })
                .subtracting(required)
            let arguments = samples.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.flatMap { $0 }
            guard let result = try? resolve(required, arguments, optional: optional) else { continue }
            let granted = result.permissions
            #expect(granted.granted.isSubset(of: required.union(optional)))
            #expect(granted.granted.contains(.filesystemRead) || granted.readPaths.isEmpty)
            #expect(granted.granted.contains(.filesystemWrite) || granted.writePaths.isEmpty)
            #expect(granted.granted.contains(.filesystemDelete) || granted.deletePaths.isEmpty)
            #expect(
                granted.granted.contains(.networkClient)
                    || granted.hosts.allowed.isEmpty && granted.sockets.isEmpty && granted.nameServer == nil)
            #expect(granted.granted.contains(.networkServer) || granted.listen.isEmpty)
            #expect(granted.granted.contains(.exec) || granted.commands.isEmpty)
            #expect(granted.granted.contains(.environmentRead) || !granted.environment.contains { $0.name == "A" })
            #expect(
                !granted.granted.isDisjoint(with: [.camera, .microphone, .speaker, .bluetooth, .screenCapture])
                    || granted.devices.isEmpty)
        }
    }

    @Test("More entries than anybody writes are refused")
    func tooMany() throws {
        let arguments = (0..<10_000).flatMap { _ in ["--read-path", "docs"] }
        let found = try problems([.filesystemRead], arguments)
        #expect(found.count == 1 && found[0].why.contains("10000 entries"))
    }
}

@Suite("Network, command, device and limit overrides resolve")
struct ScopeResolutionTests {
    @Test(
        "A port is read exactly",
        arguments: [
            ("8080", ["8080"]), ("0", ["0"]), ("65535", ["65535"]), ("127.0.0.1:8080", ["127.0.0.1:8080"]),
            ("[::1]:8080", ["[::1]:8080"]),
            ("localhost:8080", ["127.0.0.1:8080", "[::1]:8080"]), ("LOCALHOST:0", ["127.0.0.1:0", "[::1]:0"]),
            ("*:8080", ["8080"]),
            ("0.0.0.0:8080", ["8080"]), ("[::]:8080", ["8080"]), ("0x7f.1:80", ["127.0.0.1:80"]),
            ("[::ffff:127.0.0.1]:80", ["127.0.0.1:80"]),
        ])
    func ports(text: String, expected: [String]) throws {
        #expect(try resolve([.networkServer], ["--listen-port", text]).permissions.listen.map { "\($0)" } == expected)
    }

    @Test(
        "G9: what is no port is refused",
        arguments: [
            "65536", "-1", "80-90", "", "http", "+80", "080", "80 ", "8080,9090", "0x50", "1e3", "example.com:80",
            "127.0.0.1:", ":80", "[::1]", "٨٠",
        ])
    func badPorts(text: String) throws {
        #expect(try problems([.networkServer], ["--listen-port", text]).count == 1)
    }

    @Test("A port below 1024 is granted with a warning")
    func privileged() throws {
        #expect(try resolve([.networkServer], ["--listen-port", "443"]).warnings.count == 1)
        #expect(try resolve([.networkServer], ["--listen-port", "1024"]).warnings.isEmpty)
    }

    @Test(
        "Listening is judged on address and port",
        arguments: [
            ("8080", "0.0.0.0", 8080, false, true), ("8080", "::1", 8080, false, true),
            ("8080", "::1", 8081, false, false),
            // wider than granted
            ("127.0.0.1:8080", "127.0.0.1", 8080, false, true), ("127.0.0.1:8080", "0.0.0.0", 8080, false, false),
            ("127.0.0.1:8080", "::ffff:127.0.0.1", 8080, false, true), ("localhost:8080", "::1", 8080, false, true),
            ("0", "127.0.0.1", 0, true, true), ("0", "127.0.0.1", 40_000, false, false),
            ("8080", "127.0.0.1", 0, true, false),
        ])
    func listening(rule: String, address: String, port: UInt16, ephemeral: Bool, expected: Bool) throws {
        let granted = try resolve([.networkServer], ["--listen-port", rule]).permissions
        #expect(granted.mayListen(on: try IPAddress(parsing: address), port: port, isEphemeral: ephemeral) == expected)
    }

    @Test(
        "A limit is read in its unit",
        arguments: [
            ("memory=2G", 2 << 30), ("memory=512m", 512 << 20), ("memory=4096", 4096), ("processes=64", 64),
            ("files=1024", 1024),
            ("cpu=60s", 60), ("cpu=2m", 120), ("cpu=90", 90), ("fileSize=1K", 1024), ("fileSize=1T", 1 << 40),
        ] as [(String, UInt64)])
    func limits(text: String, expected: UInt64) throws {
        let limits = try resolve([], ["--limit", text]).permissions.limits
        #expect(
            [limits.memory, limits.processes, limits.files, limits.cpu, limits.fileSize].compactMap { $0 } == [expected]
        )
    }

    @Test("The lower of two values of one limit holds")
    func lowerLimit() throws {
        #expect(
            try resolve([], ["--limit", "files=9", "--limit", "files=7", "--limit", "files=8"]).permissions.limits.files
                == 7)
    }

    @Test(
        "What is no limit is refused",
        arguments: [
            "memory", "memory=", "memory=0", "memory=-1", "memory=2X", "memory=2GB", "memory=1.5G",
            "memory=99999999999T", "memory= 1", "processes=1K",
            "cpu=1d", "cpu=s", "memroy=1G", "=1", "Memory=1G",
        ])
    func badLimits(text: String) throws {
        #expect(try problems([], ["--limit", text]).count == 1)
    }

    @Test(
        "A name server is an address with port 53 unless another is named",
        arguments: [
            ("9.9.9.9", "9.9.9.9:53"), ("127.0.0.1:5353", "127.0.0.1:5353"), ("2620:fe::fe", "[2620:fe::fe]:53"),
            ("[::1]:54", "[::1]:54"),
        ])
    func nameServer(text: String, expected: String) throws {
        #expect(try resolve([.networkClient], ["--dns", text]).permissions.nameServer.map { "\($0)" } == expected)
    }

    @Test(
        "What is no name server is refused",
        arguments: [
            ["--dns", "dns.google"], ["--dns", ""], ["--dns", "9.9.9.9:0"], ["--dns", "224.0.0.251"],
            ["--dns", "10.0.0.0/8"],
            ["--dns", "9.9.9.9", "--dns", "1.1.1.1"],  // which one is meant?
        ])
    func badNameServer(arguments: [String]) throws {
        #expect(try problems([.networkClient], arguments).count == 1)
    }

    @Test("C9: a command is resolved to the real program", arguments: ["git", "/usr/bin/git", "/bin/git", "./gitlink"])
    func commands(text: String) throws {
        #expect(try resolve([.exec], ["--allow-command", text]).permissions.commands == ["/usr/bin/git"])
    }

    @Test(
        "What is no program, or could be replaced by the server, is refused",
        arguments: [
            (["--allow-command", "gone"], "no such program"), (["--allow-command", "git status"], "no such program"),
            (["--allow-command", "plain"], "no such program"),
            (["--allow-command", "/usr/bin/plain"], "not executable"),
            (["--allow-command", "/srv/data"], "a folder"), (["--allow-command", ""], "no name"),
            (["--allow-command", ".."], "no name"),
            (["--allow-command", "gi\u{0}t"], "no name"),
            (["--allow-command", "tools/run"], "may write"),  // in the default write path
        ])
    func badCommands(arguments: [String], why: String) throws {
        let found = try problems([.exec, .filesystemWrite], arguments)
        #expect(found.count == 1 && found[0].why.contains(why), "\(found)")
    }

    @Test("C9: PATH leaves out folders that the server may write to")
    func writablePath() throws {
        var context = ResolutionContext.project()
        context.programFolders = ["/home/u/w/tools", "/usr/bin", "/gone"]
        let git = ["--allow-command", "git"]
        #expect(Self.path(try resolve([.exec], git, in: context)) == "/home/u/w/tools:/usr/bin:/usr/local/bin:/bin")
        let writable = try resolve([.exec, .filesystemWrite], git, in: context)
        #expect(Self.path(writable) == "/usr/bin:/usr/local/bin:/bin" && writable.warnings.count == 1)
    }

    @Test("Where no command is granted, PATH shows only the program's own folders")
    func pathWithoutCommands() throws {
        var context = ResolutionContext.project()
        #expect(Self.path(try resolve([], in: context)) == "/usr/local/bin:/usr/bin:/bin")  // it has none
        context.programFolders = ["/home/u/w/tools"]
        #expect(Self.path(try resolve([], in: context)) == "/home/u/w/tools")
        #expect(Self.path(try resolve([.filesystemWrite], in: context)) == "/usr/local/bin:/usr/bin:/bin")  // writable
    }

    private static func path(_ result: Resolution) -> String? {
        result.permissions.environment.first { $0.name == "PATH" }?.value
    }

    @Test(
        "A device is a character device of a granted permission",
        arguments: [
            ([Permission.camera], "/dev/video0", true), ([.microphone], "/dev/snd/pcm", true),
            ([.camera], "/dev/snd/pcm", false),
            ([.camera], "/dev/sda", false), ([.camera], "/srv/data", false), ([.camera], "/dev/gone", false),
            ([.camera], "/dev/gone?", true),
            ([.camera], "/dev/snd/../sda", false),
            ([.camera], "/dev/video0/../snd/pcm", false),  // another permission's device, by a detour
        ] as [(Set<Permission>, String, Bool)])
    func devices(granted: Set<Permission>, path: String, accepted: Bool) throws {
        #expect(try problems(granted, ["--device", path]).isEmpty == accepted)
    }

    @Test(
        "A socket entry leads to a socket",
        arguments: [
            ("/run/app.sock", true), ("/run/gone.sock?", true), ("/run/gone.sock", false), ("/srv/data", false),
            ("/usr/bin/git", false),
        ])
    func sockets(path: String, accepted: Bool) throws {
        #expect(try problems([.networkClient], ["--allow-socket", path]).isEmpty == accepted)
    }
}
