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
    "The official clients send tokens in `_meta` through `gate` to a real server",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct ClientTokenTests {
    @Test("A role opens calls, one by one, and the server gets no token", arguments: ["venv", "venv-sdk1"])
    func tokens(client: String) throws {
        let ended = try run(
            [RealServers.folder + "/\(client)/bin/python", "-B", RealServers.scripts + "/tokens.py"]
                + ["--launcher", Products.agentbound, "--programs", RealServers.folder],
            within: 300)  // of a machine that is busy
        #expect(ended.ending == .exited(0), "\(ended.errors)")
    }
}

@Suite(
    "Every message that the gateway makes is one of the protocol",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct GatewayMessageTests {
    /// Refuses `rm`, asks about `pay`, trims lists.
    private struct Strict: GatewayJudge {
        let trimsLists = true
        func mayPass(_ call: ToolCall) -> Bool { !["rm", "file:///rm"].contains(call.tool) }
        func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
            calls.map { call in
                switch call.way == .toClient ? "rm" : call.call.tool {
                case "rm", "file:///rm": .refuse("no: \"quoted\"\n\u{1}é\u{2028}")
                case "pay": .ask(ticket: call.number, question: "Pay?")
                default: .pass
                }
            }
        }
    }

    /// What the gateway says to the client, or to the server.
    private func said(
        _ lines: [String], thenServer: [String] = [], ends: Bool = false, toServer: Bool = false,
        _ change: (inout GatewayOptions) -> Void = { _ in }
    ) -> [String] {
        var options = GatewayOptions(server: "s")
        options.identify = { _ throws(IdentityProblem) in throw .expired }
        change(&options)
        var session = GatewaySession(options, judge: Strict())
        for line in lines { session.feed(fromClient: Array((line + "\n").utf8)) }
        if toServer { _ = session.toServer.takeAll() }
        for line in thenServer { session.feed(fromServer: Array((line + "\n").utf8)) }
        if ends { session.serverEnded() }
        let bytes = toServer ? session.toServer.takeAll() : session.toClient.takeAll()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("The wire types of each revision accept them, and the official schemas where they are at hand")
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
        let token = #""_meta":{"dev.agentbound/agent-token":"x"}"#
        func request(_ method: String, _ parameters: String = "{}") -> String {
            #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#
        }
        func result(_ members: String) -> String {
            #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",\#(members),"ttlMs":1,"cacheScope":"public"}}"#
        }
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
        // Tokens that prove nothing, and limits.
        add("CallToolResult", said([call("ls", ",\(token)")]), ["2025-11-25"])
        add("CallToolResult", said([call("ls", ",\(modern.dropLast()),\(token.dropFirst(9))")]), ["2026-07-28"])
        add("", said([request("tools/list", "{\(token)}")]))
        add(
            "",
            said([call("ls", #","arguments":{"x":"\#(String(repeating: "x", count: 2_000))"}"#)]) {
                $0.maxMessage = 1_000
            })
        add(
            "CallToolResult",
            said([call("ls"), call("ls").replacing(#""id":1"#, with: #""id":2"#)]) {
                $0.maxCallsPerSecond = 1
            },
            ["2025-11-25"])
        add("", said([request("prompts/get", #"{"name":"rm"}"#)]))
        // In the place of what the server said, and to the server.
        add(
            "CallToolResult",
            said(
                [call("ls", ",\(modern)")],
                thenServer: [
                    #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","inputRequests":{"x":{"method":"roots/list"}}}}"#
                ]), ["2026-07-28"])
        add("", said([], thenServer: [request("sampling/createMessage")], toServer: true), ["2025-11-25"])
        add("", said([], thenServer: [request("ping"), request("ping")], toServer: true), ["2025-11-25"])
        add(
            "ListResourcesResult",
            said(
                [request("resources/list")],
                thenServer: [result(#""resources":[{"uri":"file:///rm","name":"a"},{"uri":"file:///b","name":"b"}]"#)]))
        add(
            "ListPromptsResult",
            said([request("prompts/list")], thenServer: [result(#""prompts":[{"name":"rm"},{"name":"b"}]"#)]))
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
