import Glibc
import ManifestModel
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

private func checked(_ name: String, _ text: String, strict: Bool = false) -> CheckedManifest {
    CheckedManifest(name: name, outcome: .read(AgentManifest.read(Array(text.utf8), strict: strict)))
}

private let good = #"{"description": "d", "permissions": ["mcp.ac.location"]}"#
private let warned = #"{"description": "d", "permissions": [], "extra": 1}"#
private let wrong = "{\"description\": \"d\",\n \"permissions\": [\"mcp.ac.locatoin\"]}"
private let missing = CheckedManifest(name: "gone.json", outcome: .unreadable("there is no such file"))

@Suite("validate")
struct ManifestReportTests {
    @Test(
        "Missing before malformed before warnings before nothing",
        arguments: [
            ([], false, 0), ([good], false, 0), ([warned], false, 0), ([warned], true, 1), ([good, wrong], false, 65),
            ([warned, wrong], true, 65),
        ] as [([String], Bool, Int32)])
    func exitCodes(texts: [String], strict: Bool, code: Int32) {
        let files = texts.map { checked("m.json", $0, strict: strict) }
        #expect(ManifestReport(files: files, strict: strict).exitCode == code)
        #expect(ManifestReport(files: files + [missing], strict: strict).exitCode == 66)
    }

    @Test("Text names file, line, column and id, and the next step")
    func text() {
        #expect(
            ManifestReport(files: [checked("m.json", wrong), checked("ok.json", good), missing]).text == """
                m.json:2:18: error AB1010: unknown permission `mcp.ac.locatoin`
                  next: did you mean `mcp.ac.location`?
                ok.json: ok, 1 permission
                gone.json: error: there is no such file
                """)
    }

    @Test("A warning is shown as an error when reading strictly")
    func strictText() {
        #expect(ManifestReport(files: [checked("m.json", warned)]).text.hasPrefix("m.json:1:41: warning AB1018:"))
        #expect(
            ManifestReport(files: [checked("m.json", warned, strict: true)], strict: true).text.hasPrefix(
                "m.json:1:41: error AB1018:"))
    }

    @Test("GitHub annotations are escaped as the runner unescapes them")
    func github() {
        let report = ManifestReport(files: [checked("a,b:c%\n.json", wrong), missing])
        #expect(
            report.github == """
                ::error file=a%2Cb%3Ac%25%0A.json,line=2,col=18,title=AB1010::unknown permission `mcp.ac.locatoin`%0Adid you mean `mcp.ac.location`?
                ::error file=gone.json,title=unreadable::there is no such file
                """)
    }

    @Test("SARIF has the rules, the places and fingerprints that do not depend on lines")
    func sarif() throws {
        let report = ManifestReport(files: [checked("a b.json", wrong), missing])
        let run = try #require(report.sarif["runs"]?.array?.first)
        #expect(report.sarif["version"] == "2.1.0")
        #expect(run["tool"]?["driver"]?["rules"]?.array?.count == ManifestRule.allCases.count)
        let result = try #require(run["results"]?.array?.first)
        #expect(result["ruleId"] == "AB1010")
        #expect(run["tool"]?["driver"]?["rules"]?.array?[Int(result["ruleIndex"]?.int64 ?? -1)]["id"] == "AB1010")
        let place = result["locations"]?.array?.first?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "a%20b.json")
        #expect(place?["region"] == ["startLine": 2, "startColumn": 18])
        #expect(run["invocations"]?.array?.first?["executionSuccessful"] == false)
        let moved = ManifestReport(files: [checked("a b.json", "\n\n" + wrong)]).sarif
        #expect(
            moved["runs"]?.array?.first?["results"]?.array?.first?["partialFingerprints"]
                == result["partialFingerprints"])
    }

    @Test("Every machine format is valid JSON", arguments: [good, warned, wrong, ""])
    func machineFormats(text: String) throws {
        let report = ManifestReport(files: [checked("m.json", text), missing])
        for output in [report.json, report.sarif] {
            #expect(try JSONValue(parsing: output.serialized(pretty: true)) == output)
        }
    }

    @Test("A folder is searched; one without manifests is missing input")
    func folders() throws {
        let folder = try ScratchFolder()
        #expect(ManifestReport(files: ValidateCommand.check(folder.path.string, strict: false)).exitCode == 66)
        try folder.write("a.json", good)
        try folder.write("b.json", wrong)
        let files = ValidateCommand.check(folder.path.string, strict: false)
        #expect(files.map { FilePath($0.name).lastComponent?.string } == ["a.json", "b.json"])
        #expect(ManifestReport(files: files).exitCode == 65)
    }
}

@Suite("Scopes are checked as the resolver reads them")
struct ScopeReadingTests {
    @Test(
        "What --accept-scopes would refuse has an error with its place",
        arguments: [
            (#""dns": "nonsense..host""#, "`nonsense..host` in `dns`: it is no IPv4 or IPv6 address"),
            (#""dns": "dns.example""#, "`dns.example` in `dns`"), (#""dns": "9.9.9.9:99999""#, "is no port"),
            (#""dns": "224.0.0.1""#, "`224.0.0.1` in `dns`"),
            (#""allowedHosts": ["a.example", "a..b"]"#, "`a..b` in `allowedHosts`"),
            (#""deniedHosts": ["10.0.0.1/8"]"#, "`10.0.0.1/8` in `deniedHosts`"),
            (#""listenPorts": ["nowhere:80"]"#, "`nowhere:80` in `listenPorts`"),
        ])
    func wrong(scope: String, words: String) {
        let reading = check(scope)
        #expect(reading.manifest == nil)
        #expect(reading.issues.map { $0.ruleID } == ["AB1017"])
        #expect(reading.issues.allSatisfy { $0.line == 2 && $0.column > 10 && $0.message.contains(words) })
    }

    @Test(
        "What it takes is taken",
        arguments: [
            #""dns": "9.9.9.9""#, #""dns": "[2620:fe::fe]:53""#, #""dns": "2620:fe::fe""#,
            #""allowedHosts": ["*", "*.a.example:443", "10.0.0.0/8", "[::1]:80"]"#,
            #""listenPorts": [0, "localhost:0", "*:8080"]"#,
        ])
    func right(scope: String) { #expect(check(scope).issues == []) }

    private func check(_ scope: String) -> ManifestReading {
        let permissions = #"["mcp.ac.network.client", "mcp.ac.network.server"]"#
        return ManifestFile.check(
            Array("{\"description\": \"d\", \"permissions\": \(permissions),\n\"scopes\": {\(scope)}}".utf8))
    }
}

@Suite("diff and permissions")
struct DiffCommandTests {
    @Test("A missing file outweighs a malformed one")
    func failures() throws {
        let folder = try ScratchFolder()
        let bad = try folder.write("bad.json", wrong)
        let fine = try folder.write("good.json", good)
        func code(_ old: String, _ new: String) -> Int32? {
            do throws(Refusal) {
                _ = try DiffCommand.compare(old, new)
                return nil
            } catch { return error.exitCode }
        }
        #expect(code(bad, "/nonexistent.json") == 66)
        #expect(code("/nonexistent.json", bad) == 66)
        #expect(code(fine, bad) == 65)
        #expect(code(fine, fine) == nil)
    }

    @Test("The difference is told in lines, more before less")
    func text() {
        let old = AgentManifest(
            description: "d", permissions: [.networkClient, .exec], optionalPermissions: [.location],
            scopes: ManifestScopes(lists: [.allowedHosts: ["a.example"]]),
            tools: [ManifestTool(name: "t", permissions: [])])
        let new = AgentManifest(
            description: "d", permissions: [.networkClient, .location, .clipboardRead],
            scopes: ManifestScopes(lists: [.allowedHosts: ["b.example"]]),
            tools: [ManifestTool(name: "t", permissions: [.location])])
        #expect(
            ManifestDiff(from: old, to: new).text == """
                + mcp.ac.clipboard.read: read the clipboard
                + mcp.ac.location: was optional, is required
                + allowedHosts: b.example
                - mcp.ac.system.exec
                - allowedHosts: a.example
                ~ tool t: used nothing, uses location
                the new manifest asks for more
                """)
        #expect(ManifestDiff(from: old, to: old).text == "no difference in what is asked for")
        #expect(ManifestDiff(from: old, to: new).json["asksForMore"] == true)
    }

    @Test("All permissions are listed, in text and in JSON")
    func permissions() {
        #expect(PermissionsCommand.json.array?.count == 18)
        for permission in Permission.allCases { #expect(PermissionsCommand.text.contains(permission.rawValue)) }
    }
}
