import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@Suite("Overrides are read from flags and documents")
struct OverrideFlagTests {
    @Test("The table has one row a key, in their order")
    func table() {
        #expect(OverrideFlags.all.map(\.key) == OverrideKey.allCases)
        #expect(Set(OverrideFlags.all.map(\.flag)).count == OverrideFlags.all.count)
        for row in OverrideFlags.all { #expect(row.key.row == row && row.flag.hasPrefix("--") && !row.help.isEmpty) }
    }

    @Test("A flag takes its value from behind an equals sign or from the next argument", arguments: OverrideFlags.all)
    func forms(row: OverrideFlag) throws {
        var one = Overrides()
        var two = Overrides()
        #expect(try OverrideFlags.consume("\(row.flag)=a=b", next: { nil }, into: &one))
        #expect(try OverrideFlags.consume(row.flag, next: { "a=b" }, into: &two))
        #expect(one == two && one.entries.map(\.value) == ["a=b"] && one.entries[0].key == row.key)
    }

    @Test(
        "What is no override is left alone",
        arguments: ["--read-paths", "-r", "read-path", "--", "", "--readpath=x", "--READ-PATH=x"])
    func others(argument: String) throws {
        var overrides = Overrides()
        #expect(
            try !OverrideFlags.consume(
                argument,
                next: {
                    Issue.record("not asked for")
                    return nil
                }, into: &overrides))
        #expect(overrides == Overrides())
    }

    @Test("A flag without its value, or a switch with one, is an error")
    func errors() {
        var overrides = Overrides()
        #expect(throws: OverrideFlagError.missingValue(flag: "--read-path", value: "PATH")) {
            try OverrideFlags.consume("--read-path", next: { nil }, into: &overrides)
        }
        #expect(throws: OverrideFlagError.unexpectedValue(flag: "--grant-optional")) {
            try OverrideFlags.consume("--grant-optional=no", next: { nil }, into: &overrides)
        }
    }

    @Test("Overrides add up, and an empty list is remembered")
    func merging() throws {
        var first = try overrides(["--read-path", "a"])
        var second = try overrides(["--read-path", "b", "--accept-scopes"])
        second.emptyLists[.envVars] = .scopes
        first.merge(second)
        #expect(first.entries.map(\.value) == ["a", "b"] && first.acceptScopes && !first.grantOptional)
        #expect(first.mentions(.envVars) && first.mentions(.readPaths) && !first.mentions(.writePaths))
    }
}

@Suite("The permission checker answers with a reason and a flag")
struct PermissionCheckerTests {
    @Test(
        "Each kind of request",
        arguments: [
            (PermissionChecker.Request.path("/home/u/w/docs/a", .read), nil, nil),
            (.path("/etc/passwd", .read), "not in readPaths", "--read-path /etc/passwd"),
            (
                .path("/home/u/w/docs/.env", .read), "on the protected list (/home/u/w/docs/**/.env*)",
                "--read-path /home/u/w/docs/.env"
            ),
            (.path("/home/u/w/docs/x", .read), "closed by --deny-path (/home/u/w/docs/x)", nil),
            (.path("/home/u/w/docs/../x", .read), "not a real, absolute path", nil),
            (.path("/home/u/w/docs/a", .write), "filesystem.write is not granted", nil),
            (.host("Example.COM.", port: 443), nil, nil),
            (.host("example.com", port: 80), "granted on other ports only, not on 80", "--allow-host example.com:80"),
            (.host("other.com", port: 80), "not in allowedHosts", "--allow-host other.com:80"),
            (
                .host("0x7f.1", port: 80), "a loopback address is reached only through an entry for the address itself",
                "--allow-host 127.0.0.1:80"
            ),
            (.host("a b", port: 80), "not a host name", nil),
            (.listen(.v4(0x7f00_0001), port: 8080), "network.server is not granted", nil),
            (.environment("LANGUAGE"), "not in envVars", "--env LANGUAGE"), (.environment("HOME"), nil, nil),
            (.command("/usr/bin/git"), nil, nil),
            (.command("/usr/bin/plain"), "not in allowedCommands", "--allow-command /usr/bin/plain"),
            (.socket("/run/app.sock"), "not in allowedSockets", "--allow-socket /run/app.sock"),
        ] as [(PermissionChecker.Request, String?, String?)])
    func requests(request: PermissionChecker.Request, why: String?, flag: String?) throws {
        let granted = try resolve(
            [.filesystemRead, .networkClient, .environmentRead, .exec],
            [
                "--read-path", "docs", "--deny-path", "docs/x", "--allow-host", "example.com:443", "--allow-command",
                "git",
            ]
        ).permissions
        switch PermissionChecker(granted).check(request) {
        case .allowed: #expect(why == nil)
        case .denied(_, let reason, let hint): #expect(reason == why && hint == flag)
        }
    }
}
