import ManifestModel
import PolicyEngine
import SystemPackage
import Testing

@Suite("Path overrides resolve to real paths")
struct PathResolutionTests {
    @Test(
        "A path is expanded, links followed once, and granted as the real path",
        arguments: [
            ("docs", "/home/u/w/docs"), ("./docs/", "/home/u/w/docs"), ("~/w/docs", "/home/u/w/docs"),
            ("$HOME/w/docs", "/home/u/w/docs"),
            ("${HOME}/w/docs", "/home/u/w/docs"), ("$DATA", "/srv/data"), ("link", "/srv/data"),
            ("link/../database", "/srv/database"),
            ("../w/docs", "/home/u/w/docs"), ("/srv//data/.", "/srv/data"), ("/srv/..x", "/srv/..x"),
            ("docs?", "/home/u/w/docs"),
            ("a$b", "/home/u/w/a$b"), ("x*", "/home/u/w/x*"),  // a star is an ordinary character of this existing name
        ])
    func expansion(text: String, expected: FilePath) throws {
        let context = ResolutionContext.project(["b": "$b"])  // a variable's value is not expanded again
        #expect(try resolve([.filesystemRead], ["--read-path", text], in: context).permissions.readPaths == [expected])
    }

    @Test(
        "G8: a path that cannot be meant is refused",
        arguments: [
            ("", "empty"), ("?", "empty"), ("a\u{0}b", "control"), ("a\nb", "control"), ("~other/x", "~name"),
            ("$NOPE/x", "NOPE"),
            ("$EMPTY/x", "EMPTY"), ("${HOME", "no `}`"), ("${}/x", "not set"), ("gone", "No such file"),
            ("docs/*.txt", "No such file"),
            ("/root/x", "Permission denied"), ("/run/app.sock", "socket"), ("/dev/null", "device"),
            ("pipe", "named pipe"),
            (String(repeating: "a", count: 5_000), "4096"),
        ])
    func refusals(text: String, why: String) throws {
        let found = try problems([.filesystemRead], ["--read-path", text])
        #expect(found.count == 1 && found[0].why.contains(why), "\(found)")
    }

    @Test("A pattern where none is read says where patterns are")
    func patternHint() throws {
        #expect(try problems([.filesystemRead], ["--read-path", "docs/*"])[0].next.contains("--deny-path"))
    }

    @Test("A missing path with a question mark grants nothing, not the default")
    func missing() throws {
        #expect(try resolve([.filesystemRead], ["--read-path", "gone?"]).permissions.readPaths.isEmpty)
    }

    @Test("Without a home folder `~` is refused")
    func homeless() throws {
        var context = ResolutionContext.project()
        context.home = nil
        #expect(try problems([.filesystemRead], ["--read-path", "~/x"], in: context)[0].why.contains("home folder"))
    }

    @Test(
        "The homes of accounts are homes, whatever HOME says", arguments: [nil, "/srv/data", "/home/u"] as [FilePath?])
    func accountHomes(home: FilePath?) throws {
        var files = FakeFiles.machine
        files.links["/people"] = "/home"
        files.passwd = "u:x:1000:1000::/people/u:/bin/sh"
        var context = ResolutionContext.project(files: files)
        context.home = home
        for grant in ["/home/u", "/home", "/"] {
            let granted = try resolve([.filesystemRead], ["--read-path", grant], in: context).permissions
            #expect(!granted.mayRead("/home/u/.ssh/config") && granted.mayRead("/home/u/w/x"), "\(grant)")
        }
        context.workingDirectory = "/home/u"
        #expect(try problems([.filesystemRead], [], in: context)[0].why.contains("holds the home folder"))
    }

    @Test(
        "G8: a grant ends at its folder's name",
        arguments: [
            ("/srv/data", true), ("/srv/data/a", true), ("/srv/database", false), ("/srv", false),
            ("/srv/data/../key", false), ("srv/data", false),
            ("/srv/data/..x", true), ("/srv/data/./a", false),
        ])
    func prefix(path: FilePath, allowed: Bool) throws {
        let granted = try resolve(
            [.filesystemRead, .filesystemWrite, .filesystemDelete],
            ["--read-path", "/srv/data", "--write-path", "/srv/data"]
        ).permissions
        #expect(
            granted.mayRead(path) == allowed && granted.mayWrite(path) == allowed && granted.mayDelete(path) == allowed)
    }

    @Test(
        "The operator's denials close paths, existing or not, at any depth",
        arguments: [
            ("docs", "/home/u/w/docs/a.txt", true), ("docs", "/home/u/w/docs2", false),
            ("later", "/home/u/w/later/x", true),
            ("*.txt", "/home/u/w/docs/deep/a.txt", true), ("**/secret", "/home/u/w/a/b/secret/c", true),
            ("docs/*.txt", "/home/u/w/docs/a.txt", true),
            ("docs/*.txt", "/home/u/w/docs/sub/a.txt", false), ("docs/**/b", "/home/u/w/docs/x/y/b", true),
            ("/home/u/w", "/home/u/w/docs", true),
            // both readings of the mark are closed
            ("~/w/docs", "/home/u/w/docs", true), ("later?", "/home/u/w/later", true),
            ("later?", "/home/u/w/laterX", true), ("./x/../docs", "/home/u/w/docs", true),
            ("link/a", "/srv/data/a", true), ("link/a", "/home/u/w/link/a", true),
        ])
    func denials(pattern: String, path: FilePath, closed: Bool) throws {
        let granted = try resolve(
            [.filesystemRead, .filesystemWrite],
            ["--read-path", ".", "--read-path", "/srv/data", "--deny-path", pattern]
        ).permissions
        #expect(granted.mayRead(path) != closed)
        if closed { #expect(granted.denial(of: path, for: .write) != nil) }
    }

    @Test("Deny wins over a grant of the same path, and of one below")
    func denyWins() throws {
        let granted = try resolve(
            [.filesystemRead],
            ["--read-path", "docs/a.txt", "--read-path", ".env", "--deny-path", "docs", "--deny-path", ".env"]
        ).permissions
        #expect(!granted.mayRead("/home/u/w/docs/a.txt") && !granted.mayRead("/home/u/w/.env"))
    }

    @Test(
        "A denial that cannot be read is an error, not a silent gap",
        arguments: ["", "$NOPE", "a\u{0}", "docs/*/../x", "~x/y", "*\n"])
    func badDenials(pattern: String) throws {
        #expect(try problems([.filesystemRead], ["--deny-path", pattern]).count >= 1)
    }

    @Test(
        "G10: what decides the next start may not be granted for writing itself",
        arguments: [
            ["--write-path", "/home/u/.config/agentbound"], ["--write-path", "/home/u/.local/state/agentbound"],
            ["--write-path", "/home/u/w/overrides.yaml"],
        ])
    func policyIsNoGrant(arguments: [String]) throws {
        var context = ResolutionContext.project()
        context.policyFiles = ["/home/u/w/overrides.yaml"]
        #expect(try !problems([.filesystemWrite, .filesystemDelete], arguments, in: context).isEmpty)
        #expect(try problems([.filesystemWrite, .filesystemDelete], ["--write-path", "docs"], in: context).isEmpty)
    }

    @Test(
        "G10: what decides the next start stays closed inside a write grant",
        arguments: [
            ["--write-path", "/home/u"], ["--write-path", "/"], [], ["--write-path", "docs", "--delete-path", "."],
        ])
    func policyStaysUnwritable(arguments: [String]) throws {
        var context = ResolutionContext.project()
        context.policyFiles = ["/home/u/w/overrides.yaml"]
        let granted = try resolve([.filesystemWrite, .filesystemDelete], arguments, in: context).permissions
        #expect(!granted.mayWrite("/home/u/w/overrides.yaml") && !granted.mayDelete("/home/u/w/overrides.yaml"))
        #expect(granted.mayWrite("/home/u/w/docs/a.txt"))
    }

    @Test("What is closed for agentbound's own sake is not taken for what the operator closed")
    func ownOrigins() throws {
        var context = ResolutionContext.project()
        context.policyFiles = ["/home/u/w/policy.yaml"]
        context.journalFiles = ["/home/u/w/a.jsonl"]
        let granted = try resolve(
            [.filesystemWrite], ["--write-path", "/home/u", "--deny-path", "/home/u/w/closed"], in: context
        ).permissions
        func origin(_ path: FilePath) -> DeniedPath.Origin? { granted.denial(of: path, for: .write)?.origin }
        #expect(origin("/home/u/w/policy.yaml") == .startFile)
        #expect(origin("/home/u/w/a.jsonl") == .journal)
        #expect(origin("/home/u/.local/state/agentbound/x") == .stateFolder)
        #expect(origin("/home/u/w/closed") == .operator)
        context.journalFiles = ["/home/u/w/overrides.yaml"]
        let same = try problems([.filesystemWrite], ["--write-path", "/home/u/w/overrides.yaml"], in: context)
        #expect(same.contains { "\($0)".contains("it is the journal of this run") })
    }
}

@Suite("The protected list stays closed inside grants")
struct ProtectedPathsTests {
    @Test(
        "Secrets and what runs later are closed unless named",
        arguments: [
            ([], "/home/u/w/.env", false, false), ([], "/home/u/w/a/.env.local", false, false),
            ([], "/home/u/w/x.pem", false, false),
            ([], "/home/u/w/.git/hooks/pre-commit", true, false), ([], "/home/u/w/.git/config", true, false),
            ([], "/home/u/w/.git/index", true, true),
            ([], "/home/u/w/sub/.vscode/tasks.json", true, false), ([], "/home/u/w/.mcp.json", true, false),
            ([], "/home/u/w/.bashrc", true, false),
            ([], "/home/u/w/readme.md", true, true), ([], "/home/u/w/env", true, true),
            (["--read-path", ".", "--read-path", ".env"], "/home/u/w/.env", true, false),  // named for reading only
            (["--write-path", ".", "--write-path", ".env"], "/home/u/w/.env", false, true),
            (["--read-path", ".", "--read-path", ".env"], "/home/u/w/docs/.env", false, false),  // another one
            (["--write-path", ".git"], "/home/u/w/.git/hooks/x", true, false),  // the folder round it is not it
            (["--write-path", ".git/hooks"], "/home/u/w/.git/hooks/x", true, true),
            (["--read-path", "~/.ssh"], "/home/u/.ssh/id_ed25519", true, false),
            (["--read-path", "~/.ssh/config"], "/home/u/.ssh/config", true, false),
            (["--read-path", "~"], "/home/u/.ssh/config", false, false),
            (["--read-path", "~", "--read-path", "~/.ssh/config"], "/home/u/.ssh/config", true, false),
            (["--read-path", "~", "--read-path", "~/.ssh/config"], "/home/u/.ssh/id_rsa", false, false),
            (["--read-path", "key"], "/home/u/.ssh/config", true, false),  // named through a link
            (["--read-path", "/"], "/home/u/.aws/credentials", false, false),
        ])
    func closed(arguments: [String], path: FilePath, readable: Bool, writable: Bool) throws {
        let granted = try resolve([.filesystemRead, .filesystemWrite], arguments).permissions
        #expect(granted.mayRead(path) == readable)
        #expect(granted.mayWrite(path) == (writable && granted.writePaths.contains { path.starts(with: $0) }))
        // The prepared search of a box's start says the same as the plain one.
        for access in [EffectivePermissions.PathAccess.read, .write] {
            #expect(
                (DenialFinder(granted).denial(of: path, for: access) != nil)
                    == (granted.denial(of: path, for: access) != nil))
        }
    }

    @Test("Every row closes its own example", arguments: ProtectedPaths.table)
    func everyRow(row: ProtectedPaths.Row) throws {
        let example = row.pattern
            .replacing("~/", with: "/home/u/", maxReplacements: 1).replacing(
                "**/", with: "/srv/data/deep/", maxReplacements: 1
            )
            .replacing("**", with: "m").replacing("*", with: "x")
        let granted = try resolve(
            [.filesystemRead, .filesystemDelete], ["--read-path", "/", "--delete-path", "/srv/data"]
        ).permissions
        #expect(granted.mayRead(FilePath(example)) == (row.access == .write), "\(example)")
        if example.hasPrefix("/srv/data") { #expect(!granted.mayDelete(FilePath(example))) }
        #expect(!row.why.isEmpty)
    }

    @Test("Only what can lie inside a grant is listed")
    func onlyInside() throws {
        let granted = try resolve([.filesystemRead], ["--read-path", "/srv/data"]).permissions
        #expect(
            !granted.denied.isEmpty
                && granted.denied.allSatisfy { $0.pattern.hasPrefix("/srv/data/") && $0.access == .all })
        // a file holds nothing
        #expect(try resolve([.filesystemRead], ["--read-path", "docs/a.txt"]).permissions.denied.isEmpty)
    }
}
