import MCPGateway
import PolicyEngine
import StrictJSON
import Testing

@Suite("Gateway: what is refused")
struct RefusalTests {
    @Test(
        "A refused tool call is answered with a result, others with an error, in their order; the server sees nothing")
    func answers() {
        var wire = Wire(ScriptedJudge(.init(refused: ["rm", "file:///etc/shadow"])))
        wire.client(
            Wire.call("1", "rm") + Wire.call("2", "ok")
                + #"{"jsonrpc":"2.0","id":"r","method":"resources/read","params":{"uri":"file:///etc/shadow"}}"# + "\n"
                + Wire.modernCall("3", "rm"))
        #expect(wire.toServer() == Wire.call("2", "ok"))
        #expect(
            wire.toClient()
                == #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"rm is not allowed"}],"isError":true}}"#
                + "\n"
                + #"{"jsonrpc":"2.0","id":"r","error":{"code":-31403,"message":"file:///etc/shadow is not allowed"}}"#
                + "\n"
                + #"{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"rm is not allowed"}],"isError":true,"resultType":"complete"}}"#
                + "\n")
        // Its id is free again, and a server that answers it all the same is not heard.
        wire.server(Wire.result("1"))
        #expect(wire.toClient() == "")
        #expect(wire.judge.seen.notes.map(\.kind) == [.unexpected])
    }

    @Test("Who asks with a misspelt key is told")
    func misspelt() {
        var wire = Wire()
        for key in ["Method", "x"] {
            wire.client(#"{"jsonrpc":"2.0","id":11,"\#(key)":"ping"}"# + "\n")
            let answer = wire.toClient()
            #expect(answer.contains(#""id":11,"error":{"code":-32600"#), "\(answer)")
            wire.server(#"{"jsonrpc":"2.0","id":11,"\#(key)":"ping"}"# + "\n")
            #expect(wire.toServer().contains(#""id":11,"error":{"code":-32600"#))
        }
        // Nobody waits for an answer to a response.
        wire.client(#"{"jsonrpc":"2.0","id":11,"result":{},"Method":"ping"}"# + "\n")
        #expect(wire.toClient() == "" && wire.toServer() == "")
    }

    @Test(
        "A method that only looks like a known one reaches no server that takes names loosely, whatever the default is",
        arguments: ["Tools/Call", "tools/call ", "tools\\call", "TOOLS.CALL", "/tools/call", "tools/\u{200B}call"])
    func imitated(name: String) {
        var wire = Wire()
        let written = JSONValue.string(name).serialized()
        let message = #""method":\#(String(decoding: written, as: UTF8.self)),"params":{"name":"rm"}}"# + "\n"
        wire.client(#"{"jsonrpc":"2.0","id":1,"# + message)
        let answer = wire.toClient()
        #expect(answer.hasPrefix(#"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"#), "\(answer)")
        wire.client(#"{"jsonrpc":"2.0","# + message)
        #expect(wire.toClient() == "" && wire.toServer() == "" && wire.judge.seen.calls.isEmpty)
        #expect(wire.judge.seen.notes.map(\.kind) == [.malformed, .malformed])
        // Another name is the policy's to judge.
        wire.client(#"{"jsonrpc":"2.0","id":2,"method":"tools/caller"}"# + "\n")
        #expect(wire.judge.seen.calls.map(\.call.method) == ["tools/caller"])
    }

    @Test(
        "An object that is no message is answered to the client, and goes nowhere when the server writes it",
        arguments: ["{}", #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"2.0","Method":"ping"}"#, #"{"params":{}}"#])
    func noMessage(line: String) {
        var wire = Wire()
        wire.client(line + "\n")
        let answer = wire.toClient()
        #expect(answer.hasPrefix(#"{"jsonrpc":"2.0","error":{"code":-32600,"message":"#), "\(answer)")
        #expect(wire.toServer() == "" && wire.judge.seen.notes.map(\.kind) == [.malformed])
        wire.server(line + "\n")
        #expect(wire.toClient() == "" && wire.toServer() == "")
        #expect(wire.judge.seen.notes.count == 2)
    }

    @Test("What a name has in it cannot steer the terminal of a client that prints an answer")
    func printable() {
        let evil = #"a\u001b]0;x\u0007\u202e\n"#
        var wire = Wire(ScriptedJudge(.init(refused: ["a\u{1B}]0;x\u{7}\u{202E}\n"])))
        wire.client(
            Wire.call("1", evil) + #"{"jsonrpc":"2.0","id":2,"method":"prompts/get","params":{"name":"\#(evil)"}}"#
                + "\n"
                + #"{"jsonrpc":"2.0","id":3,"method":"ping","Method\u0000":1}"# + "\n")
        let answers = wire.toClient()
        #expect(answers.split(separator: "\n").count == 3, "\(answers)")
        let shown = #"a\\u{1b}]0;x\\u{7}\\u{202e}\\u{a} is not allowed"#
        #expect(answers.split(separator: shown).count == 3, "\(answers)")
        #expect(answers.contains(#"Method\\u{0}"#) && !answers.contains(#"\u00"#), "\(answers)")
    }

    @Test("Refused notifications are silent, and judged")
    func notifications() {
        var wire = Wire(ScriptedJudge(.init(refused: ["notifications/evil", "rm"])))
        wire.client(#"{"jsonrpc":"2.0","method":"notifications/evil","params":{}}"# + "\n")
        wire.client(#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"rm"}}"# + "\n")
        #expect(wire.toServer() == "" && wire.toClient() == "")
        #expect(wire.judge.seen.batches == [["notifications/evil"], ["rm"]])
    }

    @Test("The cancellation of a refused call goes nowhere, that of an open one goes on")
    func cancellations() {
        var wire = Wire(ScriptedJudge(.init(refused: ["rm"])))
        func cancel(_ id: String) -> String {
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\#(id)}}"# + "\n"
        }
        wire.client(Wire.call("1", "rm") + cancel("1") + Wire.call("2", "ok") + cancel("2"))
        #expect(wire.toServer() == Wire.call("2", "ok") + cancel("2"))
        _ = wire.toClient()
        // Some servers answer a cancelled call, and clients know that.
        wire.server(Wire.result("2"))
        #expect(wire.toClient() == Wire.result("2"))
    }

    static let malformed: [(String, Int, String?)] = [
        ("{", -32700, nil), ("nonsense", -32700, nil), (#"{"jsonrpc":"2.0","id":7,"method":"ping""#, -32700, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/call"}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","me\u0074hod":"tools/call"}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","Method":"tools/call"}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","paramſ":{}}"#, -32600, "7"),
        (#"{"method":"tools/call","params":{"name":"a","name":"b"},"jsonrpc":"2.0","id":7}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, nil),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600, nil),
        (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, -32600, nil),
        (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600, nil),
        (#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, -32600, nil),
        (#"{"jsonrpc":"1.0","id":7,"method":"ping"}"#, -32600, "7"), (#"{"id":7,"method":"ping"}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":5}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","params":[1]}"#, -32602, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"tools/call"}"#, -32602, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":5}}"#, -32602, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","arguments":[]}}"#, -32602, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","Arguments":{}}}"#, -32602, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{}}"#, -32602, "7"),
        (#"5"#, -32600, nil), (#""x""#, -32600, nil), ("[]", -32600, nil),
        (#"[{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a"}}]"#, -32600, "7"),
        (#"{"jsonrpc":"2.0","id":1,"method":"ping"} {"jsonrpc":"2.0","id":2,"method":"ping"}"#, -32700, "1"),
        ("\u{FEFF}{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}", -32700, "7"),
        ("\u{C}{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}", -32700, "7"),
        // Python reads three lines here, of which the second is a call.
        ("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"a\":\r{\"x\":1}\r}}", -32600, "7"),
        ("\r{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}", -32600, "7"),
        (#"{"jsonrpc":"2.0","id":7,"method":"x","params":"# + String(repeating: "[", count: 200), -32700, "7"),
    ]

    @Test("Malformed lines are answered, never passed on, and the connection stays", arguments: malformed)
    func malformedLines(line: String, code: Int, id: String?) throws {
        for ending in ["\n", "\r\n"] {
            var wire = Wire()
            wire.client(line + ending)
            #expect(wire.toServer() == "", "\(line)")
            let answer = wire.toClient()
            let value = try JSONValue(parsing: Array(answer.utf8))
            #expect(value["error"]?["code"]?.int64 == Int64(code), "\(line) \(answer)")
            // A byte order mark or a form feed in front hides the id.
            let known = line.utf8.first.map { $0 == 0x7B || $0 == 0x5B } == true || line.hasPrefix("\r")
            #expect(value["id"]?.text() == (known ? id : value["id"]?.text()), "\(line) \(answer)")
            #expect(wire.judge.seen.notes.map(\.kind) == [.malformed])
            #expect(wire.judge.seen.calls.isEmpty)
            wire.client(Wire.call("8", "a"))
            #expect(wire.toServer() == Wire.call("8", "a"))
        }
    }

    @Test("Bytes that are no UTF-8, and lone surrogates, are refused wherever they stand")
    func encodings() {
        for bad in [[0xFF], [0xC0, 0xAF], Array("\\ud800".utf8), [0x00], [0x1F]] as [[UInt8]] {
            var wire = Wire()
            let line =
                Array(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"x":""#.utf8)
                + bad + Array("\"}}}\n".utf8)
            wire.session.feed(fromClient: line)
            #expect(wire.session.toServer.isEmpty)
            #expect(wire.toClient().contains(#""id":1,"error":{"code":-32700"#))
        }
    }

    @Test("Each request of a batch is told that it will not be done")
    func batches() {
        var wire = Wire()
        wire.client(
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":"b","method":"ping"}]"#
                + "\n")
        let answers = wire.toClient()
        #expect(answers.contains(#""id":1,"#) && answers.contains(#""id":"b","#))
        #expect(answers.split(separator: "\n").count == 2)
    }

    @Test("A guessed id does not end the wait for an open call")
    func guessedID() {
        var wire = Wire()
        wire.client(Wire.call("1", "a"))
        wire.client(#"{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}"# + "\n")
        #expect(!wire.toClient().contains(#""id":1"#))
    }

    @Test(
        "Keys and names with a zero byte, where a reader in C ends them, are refused",
        arguments: [
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params\u0000":{"name":"b"},"params":{"name":"a"}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name\u0000x":"b","name":"a"}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a\u0000b"}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///a\u0000b"}}"#,
        ])
    func zeroBytes(line: String) {
        var wire = Wire()
        wire.client(line + "\n")
        #expect(wire.toServer() == "")
        #expect(wire.toClient().contains(#""id":1,"error""#))
    }

    @Test("An id in use is not taken twice")
    func idInUse() {
        var wire = Wire()
        wire.client(Wire.call("1", "a") + Wire.call("1", "b"))
        #expect(wire.toServer() == Wire.call("1", "a"))
        #expect(wire.toClient().contains("in use"))
        wire.client(Wire.call(#""s""#, "a") + Wire.call(#""\u0073""#, "b"))
        #expect(wire.toServer() == Wire.call(#""s""#, "a"))
    }

    @Test("A judge that gives another number of rulings lets nothing through")
    func wrongNumber() {
        var wire = Wire(ScriptedJudge(.init(answersWrongNumber: true)))
        wire.client(Wire.call("1", "a") + Wire.call("2", "b"))
        #expect(wire.toServer() == "")
        #expect(wire.toClient().split(separator: "\n").count == 2)
    }

    @Test("Arguments are replaced in place, the rest of the line stays")
    func rewriting() {
        var wire = Wire(ScriptedJudge(.init(rewritten: ["a": #"{"x":"***"}"#])))
        wire.client(Wire.call("1", "a", #"{"x": "secret"}"#).replacing(#""id":1"#, with: #""id": 1"#))
        #expect(wire.toServer() == Wire.call("1", "a", #"{"x":"***"}"#).replacing(#""id":1"#, with: #""id": 1"#))
    }
}

@Suite("Gateway: limits")
struct LimitTests {
    @Test("A line over the limit is answered with its id, counted and not kept; the next one is read")
    func longLine() throws {
        var wire = Wire { $0.maxMessage = 1_000 }
        let first = Wire.call("\"long\"", "a", #"{"x":"\#(String(repeating: "y", count: 5_000))"}"#)
        for byte in Array(first.utf8).chunks(of: 100) {
            wire.session.feed(fromClient: byte)
            #expect(wire.session.heldBytes <= 2_000)
        }
        wire.client(Wire.call("2", "b"))
        #expect(wire.toServer() == Wire.call("2", "b"))
        #expect(wire.toClient().contains(#""id":"long","error":{"code":-32600"#))
        // The id at the end, as the SDKs write it.
        wire.client(
            #"{"method":"tools/call","params":{"name":"a","arguments":{"x":"\#(String(repeating: "y", count: 5_000))","id":9}},"jsonrpc":"2.0","id":3}"#
                + "\n")
        #expect(wire.toClient().contains(#""id":3,"error""#))
        #expect(wire.judge.seen.notes.map(\.kind) == [.tooLarge, .tooLarge])
    }

    @Test("A server's answer over the limit ends the wait for it")
    func longAnswer() {
        var wire = Wire { $0.maxMessage = 1_000 }
        wire.client(Wire.call("1", "a"))
        wire.server(Wire.result("1", #"{"x":"\#(String(repeating: "y", count: 5_000))"}"#))
        #expect(wire.toClient().contains(#""id":1,"error":{"code":-31503"#))
        wire.server(#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"# + "\n")
        #expect(wire.toClient().contains("notifications/message"))
    }

    @Test("Requests beyond the limit wait until others are answered, in their order, with all that follows them")
    func pending() {
        var wire = Wire { $0.maxPending = 3 }
        let list = #"{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}"# + "\n"
        wire.client((1...4).map { Wire.call("\($0)", "a") }.joined() + list)
        wire.client(Wire.call("5", "a"))
        #expect(wire.toServer() == (1...3).map { Wire.call("\($0)", "a") }.joined())
        #expect(wire.toClient() == "" && wire.session.holdsBackClient)
        wire.server(Wire.result("2"))
        #expect(wire.toServer() == Wire.call("4", "a"))
        #expect(wire.session.holdsBackClient)
        wire.server(Wire.result("1") + Wire.result("3"))
        #expect(wire.toServer() == list + Wire.call("5", "a"))
        #expect(!wire.session.holdsBackClient)
        #expect(wire.judge.seen.notes.isEmpty)
    }

    @Test("Refused requests take no room, and of many that are held back some go on at once")
    func room() {
        var wire = Wire(ScriptedJudge(.init(refused: ["b"]))) { $0.maxPending = 16 }
        wire.client((1...50).map { Wire.call("\($0)", "b") }.joined())
        #expect(wire.toClient().split(separator: "\n").count == 50)
        wire.client((1...20).map { Wire.call("\($0)", "a") }.joined())
        #expect(wire.toServer().split(separator: "\n").count == 16)
        wire.server(Wire.result("1"))
        #expect(wire.toServer() == "")
        wire.server(Wire.result("2"))
        #expect(wire.toServer().split(separator: "\n").count == 2)
    }

    @Test("Nobody waits for what the client has to say: then requests beyond the limit are refused")
    func noDeadlock() {
        let cancelled = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"# + "\n"
        // The server wants an answer of the client's, which may be behind the requests.
        var wire = Wire { $0.maxPending = 2 }
        wire.client((1...3).map { Wire.call("\($0)", "a") }.joined() + Wire.result("\"s\"", #"{"roots":[]}"#))
        #expect(wire.session.holdsBackClient)
        wire.server(#"{"jsonrpc":"2.0","id":"s","method":"roots/list"}"# + "\n")
        #expect(!wire.session.holdsBackClient)
        #expect(wire.toClient().contains(#""id":3,"result""#))
        #expect(wire.toServer().contains(#""roots":[]"#))
        // The server answers nothing, and a cancellation is behind them; what is cancelled has no room any more.
        wire = Wire { $0.maxPending = 2 }
        wire.client((1...3).map { Wire.call("\($0)", "a") }.joined() + cancelled)
        _ = wire.toServer()
        wire.session.stopHoldingBack()
        #expect(wire.toClient().contains(#""id":3,"result""#))
        #expect(wire.toServer() == cancelled)
        // It goes on so until the server answers something.
        wire.client(Wire.call("4", "a") + Wire.call("5", "a"))
        #expect(wire.toServer() == Wire.call("4", "a"))
        #expect(wire.toClient().contains(#""id":5,"result""#))
        wire.server(Wire.result("2"))
        wire.client(Wire.call("6", "a") + Wire.call("7", "a"))
        #expect(wire.session.holdsBackClient && wire.toClient() == Wire.result("2"))
        #expect(wire.judge.seen.notes.map(\.kind) == [.limit, .limit])
        // The server ends: who waits is told.
        wire.session.serverEnded()
        let answers = wire.toClient()
        for id in [4, 6, 7] { #expect(answers.contains(#""id":\#(id),"error":{"code":-31503"#), "\(answers)") }
    }

    @Test("A question to a person in the client is answered behind requests that have no room")
    func answerBehindRequests() {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?"))) { $0.maxPending = 2 }
        wire.client(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{"elicitation":{}}}}"# + "\n")
        wire.server(Wire.result("0"))
        wire.client(Wire.call("1", "pay") + Wire.call("2", "a") + Wire.call("3", "a"))
        wire.client(Wire.result("\"agentbound:1\"", #"{"action":"accept","content":{"allow":true}}"#))
        #expect(wire.judge.seen.answered == [true])
    }

    @Test("Calls a second are bounded, and what keeps the connection going is not")
    func rate() {
        var wire = Wire { $0.maxCallsPerSecond = 2 }
        for id in 1...3 { wire.session.feed(fromClient: Array(Wire.call("\(id)", "a").utf8), now: 7) }
        #expect(wire.toClient().contains(#""id":3,"result""#))
        _ = wire.toServer()
        wire.session.feed(fromClient: Array((#"{"jsonrpc":"2.0","id":4,"method":"ping"}"# + "\n").utf8), now: 7)
        wire.session.feed(fromClient: Array(Wire.call("5", "a").utf8), now: 8)
        #expect(wire.toServer().split(separator: "\n").count == 2)
    }
}

extension [UInt8] {
    func chunks(of size: Int) -> [[UInt8]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
