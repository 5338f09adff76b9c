import Foundation
import MCPGateway
import PolicyEngine
import TestSupport
import Testing

/// `gate`, and `run --policy` in both modes.
private enum Gate: String, CaseIterable, CustomTestStringConvertible {
    case gate, namespaces, plain
    var testDescription: String { rawValue }

    var words: [String] {
        self == .gate
            ? ["gate", "--policy", "{policy}"]
            : ["run", "{manifest}", "--yes", "--isolation", rawValue, "--policy", "{policy}"]
    }
}

/// Everything below as root and as an ordinary user.
private struct Seat: CustomTestStringConvertible, Sendable {
    let gate: Gate
    let account: Account
    var testDescription: String { "\(gate.rawValue), \(account)" }
    static let all = Gate.allCases.flatMap { gate in Account.available.map { Seat(gate: gate, account: $0) } }
}

@Suite("The gateway in front of a server", .enabled(if: Products.launcherExists, "agentbound is not built"))
struct GatewayTests {
    private static let faults = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/gateway/faults.py").path

    private func run(_ fault: String, _ seat: Seat) throws -> Finished {
        let state = try TemporaryFolder("agentbound-gateway")
        // The audit trail is not kept where others may write.
        try setMode(0o755, of: state.path)
        if let owner = seat.account.owner { _ = try TestSupport.run(["chown", owner, state.path]) }
        var environment = TestEnvironment.plain
        environment["XDG_STATE_HOME"] = state.path + "/state"
        return try TestSupport.run(
            seat.account.prefix + ["/usr/bin/python3", "-B", Self.faults, fault, "--", Products.agentbound]
                + seat.gate.words,
            environment: environment, within: 300)
    }

    @Test(
        "One fault at a time is met as docs/gateway.md says",
        arguments: [
            "denied", "redacted", "dies", "crashes", "half", "large", "errors", "unread", "gone", "deaf",
            "unrecorded", "recorded",
        ], Seat.all)
    fileprivate func fault(name: String, seat: Seat) throws {
        let ended = try run(name, seat)
        #expect(ended.ending == .exited(0), "\(ended.text)\(ended.errors)")
    }

    @Test("G17: bytes on standard output that are no protocol do not reach the client", arguments: Seat.all)
    fileprivate func noise(seat: Seat) throws {
        let ended = try run("noise", seat)
        #expect(ended.ending == .exited(0), "\(ended.text)\(ended.errors)")
    }

    @Test(
        "Without a box too nothing of the server is left when it has ended",
        arguments: Seat.all.filter { $0.gate == .gate })
    fileprivate func orphans(seat: Seat) throws {
        let ended = try run("orphans", seat)
        #expect(ended.ending == .exited(0), "\(ended.errors)")
    }

    @Test("Bad command lines are refused with 125, and say what to type")
    func usage() throws {
        for (words, hint) in [
            (["gate", "--", "true"], "no policy was named"),
            (["gate", "--policy", "/missing", "--", "true"], "/missing"),
            (["gate", "--polcy", "x", "--", "true"], "did you mean --policy?"),
            (["gate", "--policy", "-", "--", "true"], "standard input is the client's"),
            (["gate", "manifest.json", "--policy", "x", "--", "true"], "takes no manifest"),
            (["gate", "--policy", "x", "--max-message", "5", "--", "true"], "--max-message"),
            (["run", "time", "--fail", "open", "--", "true"], "add --policy FILE"),
        ] {
            let ended = try TestSupport.run([Products.agentbound] + words)
            #expect(ended.code == 125 && ended.errors.contains(hint), "\(words): \(ended.errors)")
            #expect(ended.output.isEmpty)
        }
    }

    @Test("Commands that cannot start end as in a shell")
    func notStarted() throws {
        let folder = try TemporaryFolder("agentbound-gateway")
        let policy = folder.path + "/policy.json"
        try #"{"version": 1, "default": "allow"}"#.write(toFile: policy, atomically: true, encoding: .utf8)
        func code(_ command: String) throws -> CInt? {
            try TestSupport.run([Products.agentbound, "gate", "--no-audit", "--policy", policy, "--", command]).code
        }
        #expect(try code("no-such-command") == 127)
        #expect(try code("/no/such/command") == 127)
        #expect(try code(policy) == 126)
        #expect(try code("true") == 0)
        #expect(try code("false") == 1)
    }
}

@Suite(
    "The official clients with real servers, through a gateway that allows everything: equal bytes",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct TranscriptTests {
    @Test(
        "What the server got, and what the client got, is what it is without a gateway",
        arguments: [
            ("time", "venv/bin/mcp-server-time"), ("git", "venv/bin/mcp-server-git"),
            ("sqlite", "venv-sdk1/bin/mcp-server-sqlite"), ("node", "bin/server.js"),
        ].filter { RealServers.has($0.1) }.map(\.0), ["venv", "venv-sdk1"])
    func transcripts(server: String, client: String) throws {
        for mode in [[], ["--isolation", "namespaces"], ["--isolation", "plain"]] {
            let ended = try run(
                [RealServers.folder + "/\(client)/bin/python", "-B", RealServers.scripts + "/transcripts.py", server]
                    + ["--launcher", Products.agentbound, "--programs", RealServers.folder] + mode,
                within: 300)  // of a machine that is busy
            #expect(ended.ending == .exited(0), "\(mode) \(ended.errors)")
        }
    }
}

@Suite(
    "Every message that the gateway makes is one of the protocol",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct GatewayMessageTests {
    /// Refuses `rm`, asks about `pay`, trims lists.
    private struct Strict: GatewayJudge {
        let trimsLists = true
        func mayPass(_ call: ToolCall) -> Bool { call.tool != "rm" }
        func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
            calls.map { call in
                switch call.call.tool {
                case "rm", "file:///rm": .refuse("no: \"quoted\"\n\u{1}é\u{2028}")
                case "pay": .ask(ticket: call.number, question: "Pay?")
                default: .pass
                }
            }
        }
    }

    private func said(_ lines: [String], thenServer: [String] = [], ends: Bool = false) -> [String] {
        var session = GatewaySession(GatewayOptions(server: "s"), judge: Strict())
        for line in lines { session.feed(fromClient: Array((line + "\n").utf8)) }
        for line in thenServer { session.feed(fromServer: Array((line + "\n").utf8)) }
        if ends { session.serverEnded() }
        return String(decoding: session.toClient.takeAll(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("The official schemas, where they are at hand, and the SDK's types accept them")
    func messages() throws {
        let modern =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}"#
        let hello =
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{"elicitation":{}},"clientInfo":{"name":"c"}}}"#
        func call(_ tool: String, _ more: String = "") -> String {
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)"\#(more)}}"#
        }
        let list =
            #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","tools":[{"name":"rm","inputSchema":{"type":"object"}},{"name":"ls","inputSchema":{"type":"object"}}],"ttlMs":1,"cacheScope":"public"}}"#
        var rows: [String] = []
        func add(_ type: String, _ messages: [String], _ eras: [String] = ["2025-11-25", "2026-07-28"]) {
            #expect(!messages.isEmpty)
            for era in eras { rows += messages.map { "\(era)\t\(type)\t\($0)" } }
        }
        add("CallToolResult", said([call("rm")]), ["2025-11-25"])
        add("CallToolResult", said([call("rm", ",\(modern)")]), ["2026-07-28"])
        add("ElicitRequest", said([hello, call("pay")]), ["2025-11-25"])
        add("InputRequiredResult", said([call("pay", ",\(modern)")]), ["2026-07-28"])
        add("", said([#"{"jsonrpc":"2.0","id":"x","method":"resources/read","params":{"uri":"file:///rm"}}"#]))
        add("", said(["nonsense", "[]", #"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, call("")]))
        add("", said([call("ls")], ends: true))
        add("", said([call("ls")], thenServer: [#"{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}"#]))
        add(
            "ListToolsResult",
            said([#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#], thenServer: [list]))
        let checker = try RunningProgram(
            [RealServers.folder + "/venv/bin/python", "-B", RealServers.scripts + "/validate.py"],
            environment: TestEnvironment.plain.merging(
                ProcessInfo.processInfo.environment.filter { $0.key == "AGENTBOUND_MCP_SCHEMAS" }
            ) { $1 })
        checker.send(rows.joined(separator: "\n") + "\n")
        checker.closeInput()
        let ended = checker.finish()
        #expect(ended.ending == .exited(0), "\(ended.text)\(ended.errors)")
        #expect(ended.text.contains("by types"))
    }
}
