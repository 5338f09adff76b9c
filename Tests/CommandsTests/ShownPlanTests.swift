import Foundation
import StrictJSON
import TestSupport
import Testing

/// `inspect` and `run --dry-run` through the built executable: what they show of a start besides its permissions.
@Suite("What is shown before a start", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct ShownPlanTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["home", "work"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
        try write(
            "m.json",
            #"{"name": "probe", "description": "d", "permissions": ["mcp.ac.filesystem.read"], "#
                + #""optionalPermissions": ["mcp.ac.network.client"], "#
                + #""scopes": {"readPaths": ["docs?"], "allowedHosts": ["a.example:443"], "limits": {"files": 64}}}"#)
        try write("policy.yaml", "version: 1\nrules:\n  - {id: a, effect: allow, tools: [\"*\"]}\n")
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder.path)/work/\(name)", atomically: true, encoding: .utf8)
    }

    private func agentbound(_ command: String, _ flags: [String]) throws -> String {
        let end = try run(
            [Products.agentbound, command, "m.json"] + flags + ["--", "/bin/true"],
            environment: TestEnvironment.plain.merging(["HOME": folder.path + "/home"]) { $1 },
            folder: folder.path + "/work")
        #expect(end.code == 0 || end.code == 77 || end.code == 69, "\(end.errors)")
        return end.text + end.errors
    }

    static let looks: [(command: String, flags: [String])] = [("inspect", []), ("run", ["--dry-run"])]

    @Test("The policy that the gateway would go by", arguments: looks)
    func policy(command: String, flags: [String]) throws {
        let text = try agentbound(command, flags + ["--policy", "policy.yaml"])
        #expect(text.contains("gateway    policy.yaml (1 rule, default deny)\n"), "\(text)")
        #expect(try !agentbound(command, flags).contains("gateway "))
        let json = try JSONReader.read(
            Array(try agentbound(command, flags + ["--json", "--fail", "open", "--policy", "policy.yaml"]).utf8)
        ).value
        let gateway = try #require(json["gateway"])
        #expect(gateway["policies"]?.array?.first?["default"]?.string == "deny" && gateway["fail"]?.string == "open")
        // Looking keeps nothing: the store of approvals is the gateway's to make.
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/home/.local"))
    }

    @Test("The plan as JSON is data: mounts by kind and place, the limits that hold, where and as whom it starts")
    func data() throws {
        let text = try agentbound("run", ["--dry-run", "--json", "--accept-gaps", "--read-path", "."])
        let plan = try JSONReader.read(Array(text.prefix { $0 != "\u{0}" }.utf8)).value
        #expect(plan["directory"]?.string == folder.path + "/work" && plan["user"]?.int64 == Int64(geteuid()))
        #expect(plan["limits"]?.array?.contains { $0.string?.hasPrefix("files=") == true } == true, "\(text)")
        let mounts = plan["mounts"]?.array ?? []
        #expect(mounts.allSatisfy { $0["kind"]?.string != nil && $0["place"]?.string?.hasPrefix("/") == true })
        guard plan["isolation"]?.string == "namespaces" else { return }
        let grant = mounts.first { $0["source"]?.string == folder.path + "/work" }
        #expect(grant?["kind"]?.string == "bind" && grant?["isReadOnly"]?.bool == true, "\(text)")
    }

    @Test("The scopes that the manifest proposes and nobody accepted, with the flag that does", arguments: looks)
    func proposals(command: String, flags: [String]) throws {
        let words =
            "scopes that the manifest proposes, not accepted (--accept-scopes takes them)\n  readPaths: docs?\n"
        let text = try agentbound(command, flags)
        #expect(text.contains(words + "  limits: files=64\n"), "\(text)")
        #expect(try agentbound(command, flags + ["--grant-optional"]).contains("  allowedHosts: a.example:443\n"))
        #expect(try !agentbound(command, flags + ["--accept-scopes"]).contains("not accepted"))
        let json = try JSONReader.read(Array(try agentbound(command, flags + ["--json"]).utf8)).value
        #expect(json["proposed"]?.array?.first?["key"]?.string == "readPaths")
    }
}
