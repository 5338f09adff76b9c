import MCPGateway
import PolicyEngine
import StrictJSON
import Testing

@Suite("Gateway: what is allowed goes on byte for byte")
struct ForwardingTests {
    @Test("A conversation passes unchanged, however it is cut into pieces")
    func pieces() {
        let asked =
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"1999-01-01","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"#
            + "\n" + #"{"jsonrpc":"2.0","method":"notifications/initialized"}"# + "\r\n"
            + Wire.call("1", "a", #"{"n":1.50,"n2":1e5,"é":"\u00e9"}"#) + "\n"
            + #" {"id":"x", "jsonrpc":"2.0" ,"method":"tools/list","params":{"cursor":null},"extra":[1]} "# + "\n"
        let said =
            Wire.result("0", #"{"a":  1}"#)
            + #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}"# + "\n"
            + Wire.result("\"x\"", #"{"tools":[{"name":"a"}]}"#) + Wire.result("1")
        for size in [1, 2, 3, 7, 50, 10_000] {
            var wire = Wire()
            var out = ""
            for piece in Self.cut(asked, size) {
                wire.session.feed(fromClient: piece)
                out += wire.toServer()
            }
            // Blank lines hold nothing; all else is as it was.
            #expect(out == asked.replacing("\n\n", with: "\n"), "\(size)")
            out = ""
            for piece in Self.cut(said, size) {
                wire.session.feed(fromServer: piece)
                out += wire.toClient()
            }
            #expect(out == said, "\(size)")
            #expect(wire.judge.seen.notes == [])
        }
    }

    private static func cut(_ text: String, _ size: Int) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    @Test("All calls of one read are judged in one go")
    func batch() {
        var wire = Wire()
        wire.client(Wire.call("1", "a") + Wire.call("2", "b") + Wire.call("3", "c"))
        #expect(wire.judge.seen.batches == [["a", "b", "c"]])
        #expect(wire.judge.seen.calls.map(\.number) == [1, 2, 3])
        #expect(wire.judge.seen.calls.map(\.id) == ["1", "2", "3"])
        #expect(wire.session.toServer.next?.range.count == wire.session.toServer.count, "one write")
    }

    @Test("A last line without its end is passed on as it is")
    func lastLine() {
        var wire = Wire()
        let line = String(Wire.call("1", "a").dropLast())
        wire.client(line)
        #expect(wire.toServer() == "")
        wire.session.clientEnded()
        #expect(wire.toServer() == line)
        wire.server(String(Wire.result("1").dropLast()))
        wire.session.serverEnded()
        #expect(wire.toClient() == Wire.result("1").dropLast())
    }

    @Test("Both directions have ids of their own")
    func ids() {
        var wire = Wire()
        wire.client(Wire.call("1", "a"))
        let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"# + "\n"
        wire.server(ping)
        #expect(wire.toClient() == ping)
        _ = wire.toServer()
        wire.client(Wire.result("1"))
        #expect(wire.toServer() == Wire.result("1"))
        wire.server(Wire.result("1"))
        #expect(wire.toClient() == Wire.result("1"))
        wire.client(Wire.call("\"1\"", "a") + Wire.call("1", "a"))
        #expect(wire.toServer() == Wire.call("\"1\"", "a") + Wire.call("1", "a"), "1 and \"1\" are two ids")
    }

    @Test("An error without an id is the client's")
    func errors() {
        var wire = Wire()
        for line in [
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"# + "\n",
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"x"}}"# + "\n",
        ] {
            wire.server(line)
            #expect(wire.toClient() == line)
        }
    }

    @Test("What policies see of each method")
    func subjects() {
        var wire = Wire()
        wire.client(
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"ide"},"capabilities":{}}}"#
                + "\n")
        wire.server(Wire.result("1"))
        wire.client(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"# + "\n")
        wire.server(
            Wire.result(
                "2", #"{"tools":[{"name":"t","description":"Does it.","annotations":{"readOnlyHint":true}}]}"#))
        wire.client(
            Wire.call("3", "t", #"{"a":1}"#)
                + #"{"jsonrpc":"2.0","id":4,"method":"resources/read","params":{"uri":"file:///x"}}"# + "\n"
                + #"{"jsonrpc":"2.0","id":5,"method":"prompts/get","params":{"name":"p","arguments":{"b":2}}}"# + "\n"
                + #"{"jsonrpc":"2.0","id":6,"method":"weird/thing","params":{"c":3}}"# + "\n"
                + #"{"jsonrpc":"2.0","method":"notifications/weird"}"# + "\n")
        wire.server(#"{"jsonrpc":"2.0","id":9,"method":"sampling/createMessage","params":{"maxTokens":5}}"# + "\n")
        let calls = wire.judge.seen.calls
        #expect(
            calls.map { "\($0.way) \($0.call.method) \($0.call.tool)" } == [
                "toServer tools/call t", "toServer resources/read file:///x", "toServer prompts/get p",
                "toServer weird/thing ", "toServer notifications/weird ", "toClient sampling/createMessage ",
            ])
        #expect(
            calls.map { $0.call.arguments?.value.text() } == [
                #"{"a":1}"#, #"{"uri":"file:///x"}"#, #"{"b":2}"#, #"{"c":3}"#, nil, #"{"maxTokens":5}"#,
            ])
        #expect(calls[0].call.annotations == ["readOnlyHint": true])
        #expect(calls.map(\.call.description) == ["Does it.", nil, nil, nil, nil, nil])
        #expect(calls.allSatisfy { $0.call.client == "ide" && $0.call.server == "files" && $0.call.session == "s1" })
        #expect(calls[4].id == nil)
    }

    @Test("Every method of the table is unique, and what acts or reads is judged")
    func table() {
        #expect(Set(MCPMethod.table.map(\.name)).count == MCPMethod.table.count)
        for name in [
            "tools/call", "resources/read", "prompts/get", "sampling/createMessage", "elicitation/create", "roots/list",
        ] {
            #expect(MCPMethod.table.first { $0.name == name }?.subject != MCPMethod.Subject.none)
        }
    }

    @Test("The calls at work are known by number and name")
    func inFlight() {
        var wire = Wire(ScriptedJudge(.init(refused: ["no"])))
        wire.client(Wire.call("1", "a") + Wire.call("2", "no") + Wire.call("3", "b"))
        let (a, b) = (
            CallInFlight(request: 1, method: "tools/call", tool: "a"),
            CallInFlight(request: 3, method: "tools/call", tool: "b")
        )
        #expect(wire.session.callsInFlight() == [a, b])
        wire.server(Wire.result("1"))
        #expect(wire.session.inFlightChanged)
        #expect(wire.session.callsInFlight() == [b])
    }
}
