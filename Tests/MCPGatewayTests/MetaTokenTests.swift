import MCPGateway
import PolicyEngine
import StrictJSON
import Testing

@Suite("Gateway: agents' tokens in `_meta`")
struct MetaTokenTests {
    private static let key = "dev.agentbound/agent-token"

    /// Knows two agents, by tokens that are their names.
    private static func wire(
        _ script: ScriptedJudge.Script = .init(), session: AgentIdentity = .anonymous, knowsKeys: Bool = true
    ) -> Wire {
        Wire(ScriptedJudge(script)) { options in
            options.agent = session
            guard knowsKeys else { return }
            options.identify = { token throws(IdentityProblem) in
                guard ["builder", "reader"].contains(token) else { throw .badSignature }
                return AgentIdentity(id: token, roles: ["r"])
            }
        }
    }

    private static func call(_ id: Int, _ meta: String, _ tool: String = "a") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","_meta":\#(meta),"arguments":{"n":1.50}}}"#
            + "\n"
    }

    @Test(
        "The token goes, with one comma, and every other byte stays",
        arguments: [
            (#"{"@":"builder"}"#, "{}"),
            (#"{ "@" : "builder" }"#, "{  }"),
            (#"{"@":"builder","progressToken":1}"#, #"{"progressToken":1}"#),
            (#"{"progressToken": 1e0 , "@":"builder" }"#, #"{"progressToken": 1e0 }"#),
            (#"{"a":{"b":[1, 2]},"@":"builder", "c": "é\u00e9"}"#, #"{"a":{"b":[1, 2]},"c": "é\u00e9"}"#),
        ])
    func removed(meta: String, rest: String) {
        for spelling in [Self.key, #"dev.agentbound\/agent-token"#, #"\u0064ev.agentbound/agent-token"#] {
            let meta = meta.replacing("@", with: spelling)
            for knowsKeys in [true, false] {
                var wire = Self.wire(knowsKeys: knowsKeys)
                wire.client(Self.call(1, meta))
                #expect(wire.toServer() == Self.call(1, rest), "\(spelling)")
                #expect(
                    wire.judge.seen.calls[0].call.agent
                        == (knowsKeys ? AgentIdentity(id: "builder", roles: ["r"]) : .anonymous))
                #expect(wire.judge.seen.notes.map(\.kind) == (knowsKeys ? [] : [.tokenIgnored]))
            }
        }
    }

    @Test("Nothing of a token is left for the judge, also where a call is all of its parameters")
    func notForTheJudge() {
        var wire = Self.wire()
        wire.client(
            #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a","_meta":{"\#(Self.key)":"builder"}}}"#
                + "\n")
        wire.client(
            #"{"jsonrpc":"2.0","id":2,"method":"x/y","params":{"_meta":{"\#(Self.key)":"builder"}}}"# + "\r\n")
        wire.client(#"{"jsonrpc":"2.0","method":"x/z","params":{"_meta":{"\#(Self.key)":"reader"}}}"#)
        wire.session.clientEnded()
        let seen = wire.judge.seen.calls
        #expect(seen.map(\.call.agent.id) == ["builder", "builder", "reader"])
        for call in seen {
            #expect(!String(decoding: call.parameters!.text, as: UTF8.self).contains("agent-token"))
            #expect(call.call.arguments!.text == call.parameters!.text)
        }
        #expect(
            wire.toServer()
                == #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a","_meta":{}}}"#
                + "\n" + #"{"jsonrpc":"2.0","id":2,"method":"x/y","params":{"_meta":{}}}"# + "\r\n"
                + #"{"jsonrpc":"2.0","method":"x/z","params":{"_meta":{}}}"#)
    }

    @Test("Notifications and answers lose it as well")
    func othersLoseIt() {
        var wire = Self.wire()
        let ping = #"{"jsonrpc":"2.0","id":7,"method":"ping"}"# + "\n"
        wire.server(ping)
        for (token, kind) in [("builder", 0), ("forged", 0)] {
            wire.client(
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"_meta":{"\#(Self.key)":"\#(token)"},"progress":1}}"#
                    + "\n")
            #expect(
                wire.toServer()
                    == #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"_meta":{},"progress":1}}"#
                    + "\n")
            #expect(wire.judge.seen.notes.count == kind, "nobody asks who tells of progress")
        }
        wire.client(Wire.result("7", #"{"_meta":{"\#(Self.key)":"builder"},"x":1}"#))
        #expect(wire.toServer() == Wire.result("7", #"{"_meta":{},"x":1}"#))
    }

    @Test(
        "A token that proves nothing is refused with its request, whatever it asks, whoever the session is",
        arguments: [
            #""forged""#, #""""#, "null", "7", #"{"builder":1}"#, #"["builder"]"#, #"" builder""#, #""builder\u0000""#,
        ])
    func unproven(token: String) {
        for session in [AgentIdentity.anonymous, AgentIdentity(id: "builder", roles: ["r"])] {
            var wire = Self.wire(session: session)
            wire.client(Self.call(1, #"{"\#(Self.key)":\#(token)}"#))
            let answer = wire.toClient()
            #expect(answer.contains(#""id":1,"result":"#) && answer.contains(#""isError":true"#), "\(answer)")
            #expect(answer.contains("proves nothing") && !answer.contains("builder"))
            wire.client(
                #"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"_meta":{"\#(Self.key)":\#(token)}}}"# + "\n")
            #expect(wire.toClient().contains(#""id":2,"error":{"code":-31403,"#))
            // Judged, and nobody waits for an answer: dropped.
            wire.client(#"{"jsonrpc":"2.0","method":"x/y","params":{"_meta":{"\#(Self.key)":\#(token)}}}"# + "\n")
            // The cancellation of what never went.
            wire.client(
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"# + "\n")
            #expect(wire.toServer() == "" && wire.judge.seen.calls.isEmpty)
            #expect(wire.judge.seen.notes.map(\.kind) == [.token, .token, .token])
            #expect(!wire.judge.seen.notes.contains { $0.text.contains("forged") })
        }
    }

    @Test("Each request is its own agent's; without a token it is the session's")
    func perRequest() {
        var wire = Self.wire(session: AgentIdentity(id: "session", roles: []))
        wire.client(
            Self.call(1, #"{"\#(Self.key)":"builder"}"#) + Self.call(2, "{}")
                + Self.call(3, #"{"\#(Self.key)":"reader"}"#))
        #expect(wire.judge.seen.calls.map(\.call.agent.id) == ["builder", "session", "reader"])
        #expect(wire.judge.seen.batches.count == 1)
    }

    @Test("In the modern era an answer counts for the agent that asked")
    func resumed() throws {
        for (second, passes) in [("builder", true), ("reader", false), ("forged", false)] {
            var wire = Self.wire(.init(asked: ["a"], question: "really?"))
            func call(_ id: Int, _ token: String, _ more: String = "") -> String {
                let meta =
                    #""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}"#
                return
                    #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"_meta":{"\#(Self.key)":"\#(token)",\#(meta)},"name":"a","arguments":{}\#(more)}}"#
                    + "\n"
            }
            wire.client(call(1, "builder"))
            let tape = try JSONTape(Array(wire.toClient().utf8))
            let state = try #require(tape.root["result"]?["requestState"]?.string)
            wire.client(
                call(
                    2, second,
                    #","requestState":"\#(state)","inputResponses":{"agentbound":{"action":"accept","content":{"allow":true}}}"#
                ))
            let sent = wire.toServer()
            #expect(sent.isEmpty != passes)
            #expect(!sent.contains("agent-token") && !sent.contains("builder"))
            #expect(wire.judge.seen.answered == (passes ? [true] : []))
        }
    }

    @Test("A list is trimmed for the agent that asked for it, and what its answer asks for is that agent's")
    func answers() {
        var wire = Self.wire(.init(refused: ["b"]))
        wire.client(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"\#(Self.key)":"builder"}}}"# + "\n")
        wire.server(Wire.result("1", #"{"tools":[{"name":"a"},{"name":"b"}]}"#))
        #expect(wire.toClient() == Wire.result("1", #"{"tools":[{"name":"a"}]}"#))
        wire.client(Self.call(2, #"{"\#(Self.key)":"reader"}"#))
        wire.server(
            Wire.result(
                "2",
                #"{"resultType":"input_required","inputRequests":{"x":{"method":"roots/list"}},"requestState":"s"}"#))
        #expect(wire.judge.seen.calls.last?.call.agent.id == "reader")
    }

    @Test("What only looks like one stays where it is: it is not ours to know")
    func others() {
        var wire = Self.wire()
        for meta in [
            #"{"dev.agentbound/agent-tokens":"builder"}"#, #"{"agent-token":"builder"}"#,
            #"{"x":{"dev.agentbound/agent-token":"builder"}}"#,
        ] {
            wire.client(Self.call(1, meta))
            #expect(wire.toServer() == Self.call(1, meta))
            wire.server(Wire.result("1"))
            _ = wire.toClient()
        }
        #expect(wire.judge.seen.calls.allSatisfy { $0.call.agent == .anonymous })
    }
}
