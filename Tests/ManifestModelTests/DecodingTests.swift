import ManifestModel
import StrictJSON
import Testing

/// Every issue as `line:column id`.
private func issues(_ text: String, strict: Bool = false) -> [String] {
    AgentManifest.read(Array(text.utf8), strict: strict).issues.map { "\($0.position) \($0.ruleID)" }
}

/// A manifest with these members after a valid start; line 2 is theirs.
private func with(_ members: String, permissions: String = #""mcp.ac.filesystem.read", "mcp.ac.network.client""#)
    -> String
{
    "{\"description\": \"d\", \"permissions\": [\(permissions)],\n\(members)}"
}

let completeManifest = """
    {
      "name": "weather", "version": "1.2.0", "registry": "npm", "package_name": "@acme/weather",
      "$schema": "../schema/manifest.schema.json",
      "description": "Tells the weather.",
      "permissions": ["mcp.ac.network.client", "mcp.ac.filesystem.read"],
      "optionalPermissions": ["mcp.ac.network.server", "mcp.ac.system.env.read", "mcp.ac.system.exec", "mcp.ac.peripheral.camera"],
      "rationales": {"mcp.ac.network.client": "asks the weather service"},
      "scopes": {
        "readPaths": ["./data", "~/maps?"], "denyPaths": ["**/*.key"], "allowedHosts": ["api.example.com:443"], "deniedHosts": [],
        "listenPorts": [0, "127.0.0.1:8080"], "allowedSockets": ["/run/x"], "dns": "9.9.9.9:53", "envVars": ["API_KEY"],
        "allowedCommands": ["git"], "devices": ["/dev/video0"], "limits": {"memory": "2G", "processes": 64, "cpu": "60s"}
      },
      "tools": {"forecast": ["mcp.ac.network.client"], "about": []}
    }
    """

@Suite("Reading a manifest")
struct DecodingTests {
    @Test("The smallest manifest is a description and a list")
    func minimal() throws {
        let manifest = try AgentManifest(parsing: Array(#"{"description": "d", "permissions": []}"#.utf8))
        #expect(manifest == AgentManifest(description: "d", permissions: []))
    }

    @Test("Every field is read, and written back to the same manifest")
    func complete() throws {
        let manifest = try AgentManifest(parsing: Array(completeManifest.utf8), strict: true)
        #expect(manifest.packageName == "@acme/weather")
        #expect(manifest.permissions == [.networkClient, .filesystemRead])
        #expect(manifest.rationales == [.networkClient: "asks the weather service"])
        #expect(manifest.scopes[.listenPorts] == ["0", "127.0.0.1:8080"])
        #expect(manifest.scopes[.deniedHosts] == [])
        #expect(manifest.scopes[.writePaths] == nil)
        #expect(manifest.scopes.limits == [.memory: "2G", .processes: "64", .cpu: "60s"])
        #expect(manifest.scopes.dns == "9.9.9.9:53")
        #expect(
            manifest.tools == [
                ManifestTool(name: "forecast", permissions: [.networkClient]),
                ManifestTool(name: "about", permissions: []),
            ])
        #expect(try AgentManifest(parsing: manifest.serialized(), strict: true) == manifest)
    }

    @Test("Each of the 18 permissions is read", arguments: Permission.allCases)
    func vocabulary(permission: Permission) throws {
        let text = "{\"description\":\"d\",\"permissions\":[\"\(permission.rawValue)\"]}"
        #expect(try AgentManifest(parsing: Array(text.utf8)).permissions == [permission])
    }

    @Test(
        "Each mistake has its place and its id",
        arguments: [
            ("", ["1:1 AB1001"]),
            ("[]", ["1:1 AB1007"]),
            ("null", ["1:1 AB1007"]),
            ("{}", ["1:1 AB1006", "1:1 AB1006"]),
            (#"{"description": "", "permissions": []}"#, ["1:17 AB1008"]),
            (#"{"description": " \u00a0", "permissions": []}"#, ["1:17 AB1008"]),
            (#"{"description": 1, "permissions": "x"}"#, ["1:17 AB1007", "1:35 AB1007"]),
            (#"{"description": "d", "permissions": [1, null]}"#, ["1:38 AB1007", "1:41 AB1007"]),
            (#"{"description": "a\u0000b", "permissions": []}"#, ["1:17 AB1009"]),
            (#"{"description": "a\nb", "permissions": []}"#, ["1:17 AB1009"]),  // could fake a line at consent
            (#"{"description": "a\u202eb", "permissions": []}"#, ["1:17 AB1009"]),
            (#"{"description": "d", "permissions": [], "permissions": ["mcp.ac.location"]}"#, ["1:41 AB1002"]),
            (#"{"description": "d", "permissions": ["mcp.ac.Location"]}"#, ["1:38 AB1010"]),
            (#"{"description": "d", "permissions": ["mcp.ac.location "]}"#, ["1:38 AB1010"]),
            (#"{"description": "d", "permissions": ["location"]}"#, ["1:38 AB1010"]),
            (#"{"description": "d", "permissions": ["mcp.ac.location", "mcp.ac.location"]}"#, ["1:57 AB1011"]),
            (with(#""optionalPermissions": ["mcp.ac.filesystem.read"]"#), ["2:25 AB1012"]),
            (with(#""optionalPermissions": {}"#), ["2:24 AB1007"]),
            (with(#""rationales": {"mcp.ac.location": "x"}"#), ["2:16 AB1013"]),
            (with(#""rationales": {"mcp.ac.filesystem.read": ""}"#), ["2:42 AB1008"]),
            (with(#""tools": {"t": ["mcp.ac.location"]}"#), ["2:11 AB1014"]),
            (with(#""tools": {"": []}"#), ["2:11 AB1008"]),
            (with(#""tools": {"t": ["mcp.ac.network.client", "mcp.ac.network.client"]}"#), ["2:42 AB1011"]),
            (with(#""scopes": {"writePaths": ["."]}"#), ["2:12 AB1015"]),
            (with(#""scopes": {"readPath": ["."]}"#), ["2:12 AB1016"]),
            (with(#""scopes": {"readPaths": "."}"#), ["2:25 AB1007"]),
            (with(#""scopes": {"readPaths": [""]}"#), ["2:26 AB1008"]),
            (with(#""scopes": {"allowedHosts": ["https://a.example/x"]}"#), ["2:29 AB1017"]),
            (
                with(#""scopes": {"limits": {"memory": "2 GB", "cores": 2, "files": 0, "cpu": "1G"}}"#),
                ["2:33 AB1017", "2:41 AB1016", "2:62 AB1017", "2:72 AB1017"]
            ),
            (
                with(#""scopes": {"listenPorts": [65536, -1, 1.5, "80"]}"#, permissions: #""mcp.ac.network.server""#),
                ["2:28 AB1017", "2:35 AB1017", "2:39 AB1017", "2:44 AB1017"]
            ),
            (
                with(#""scopes": {"envVars": ["A=B", "1A", "LD_*"]}"#, permissions: #""mcp.ac.system.env.read""#),
                ["2:24 AB1017", "2:31 AB1017", "2:37 AB1017"]
            ),
            (
                with(#""scopes": {"devices": ["/etc/passwd"]}"#, permissions: #""mcp.ac.peripheral.camera""#),
                ["2:24 AB1017"]
            ),
            (with(#""registry": "NPM", "package_name": "a b""#), ["2:13 AB1017", "2:36 AB1017"]),
            (with(#""allowAll": true"#), ["2:1 AB1018"]),
        ])
    func mistakes(text: String, expected: [String]) {
        #expect(issues(text) == expected)
    }

    @Test("Mistakes of the text and of the contents are reported together, each once")
    func allAtOnce() {
        let text = """
            {
              "description": "",
              "permissions": ["mcp.ac.filesytem.read", "mcp.ac.network.client",],
              "scopes": {"readPaths": ["."], "envVars": 01},
              "descripton": "x"
            }
            """
        // readPaths is no mistake of its own: filesystem.read was meant.
        #expect(
            issues(text) == ["2:18 AB1008", "3:19 AB1010", "3:67 AB1001", "4:34 AB1015", "4:45 AB1001", "5:3 AB1018"])
    }

    @Test("G5: an unknown key is a warning, and an error when reading strictly")
    func unknownKeys() {
        let text = Array(with(#""allowAll": true"#).utf8)
        #expect(AgentManifest.read(text).manifest != nil)
        #expect(AgentManifest.read(text).warnings.count == 1)
        #expect(AgentManifest.read(text, strict: true).manifest == nil)
        #expect(throws: ManifestErrors.self) { try AgentManifest(parsing: text, strict: true) }
    }

    @Test("A scope without its permission names both")
    func scopeNamesBoth() {
        let issue = AgentManifest.read(Array(with(#""scopes": {"writePaths": ["."]}"#).utf8)).issues.first
        #expect(
            issue?.message == "the scope `writePaths` narrows `filesystem.write`, which the manifest does not declare")
    }

    @Test(
        "G1: a misspelt permission gets the one that was meant",
        arguments: [
            ("mcp.ac.filesytem.read", "mcp.ac.filesystem.read"),
            ("filesystem.read", "mcp.ac.filesystem.read"),
            ("FILESYSTEM.WRITE", "mcp.ac.filesystem.write"),
            ("mcp.ac.system.env.raed", "mcp.ac.system.env.read"),
            ("mcp.ac.filesystem.re\u{430}d", "mcp.ac.filesystem.read"),  // a Cyrillic letter
            ("network.clent", "mcp.ac.network.client"),
            ("mcp.ac.exec", nil as String?),  // far from all of them
            ("", nil),
        ])
    func suggestions(written: String, meant: String?) {
        let text = JSONValue.object([JSONMember("description", "d"), JSONMember("permissions", [.string(written)])])
            .serialized()
        let hint = AgentManifest.read(text).issues.first?.hint
        #expect(hint?.contains("did you mean") == (meant != nil))
        #expect(meant.map { hint == "did you mean `\($0)`?" } ?? true)
    }

    @Test("G1: look-alike letters are made visible")
    func homoglyphs() {
        let text = "{\"description\": \"d\", \"permissions\": [\"mcp.ac.l\u{43e}cation\"]}"
        #expect(
            AgentManifest.read(Array(text.utf8)).issues.first?.message == "unknown permission `mcp.ac.l<U+043E>cation`")
    }

    @Test("A manifest made in code is checked like a file")
    func validate() {
        #expect(AgentManifest(description: "d", permissions: [.exec]).validate().isEmpty)
        let bad = AgentManifest(
            description: "", permissions: [.exec, .exec],
            scopes: ManifestScopes(lists: [.readPaths: ["."]], limits: [.memory: "lots"]))
        #expect(
            Set(bad.validate().map(\.rule)) == [
                .emptyText, .repeatedPermission, .scopeWithoutPermission, .malformedValue,
            ])
    }

    @Test("A scope with too many entries is one error, at the first one too many")
    func entries() {
        func text(_ count: Int) -> String {
            with("\"scopes\": {\"readPaths\": [\n\((1...count).map { "\"/\($0)\"" }.joined(separator: ",\n"))]}")
        }
        #expect(issues(text(ScopeKey.mostEntries)) == [])
        #expect(issues(text(10_000)) == ["\(ScopeKey.mostEntries + 3):1 AB1017"])
    }

    @Test(
        "Amounts are read in their units",
        arguments: [
            (LimitKey.memory, "2G", 2 << 30 as UInt64?), (.memory, "2g", 2 << 30), (.memory, "1024", 1024),
            (.cpu, "5m", 300),
            (.processes, "64", 64),
            (.processes, "64K", nil), (.memory, "0", nil), (.memory, "-1", nil), (.memory, "G", nil),
            (.memory, "18446744073709551615T", nil), (.memory, "9223372036854775808", nil), (.memory, "2GG", nil),
        ])
    func amounts(key: LimitKey, text: String, expected: UInt64?) {
        #expect(key.amount(text) == expected)
    }
}
