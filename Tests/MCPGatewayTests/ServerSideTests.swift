import PolicyEngine
import StrictJSON
import Testing

@testable import MCPGateway

@Suite("Gateway: what the server says")
struct ServerSideTests {
    private func list(_ result: String, method: String = "tools/list", refused: Set<String>) -> String {
        var wire = Wire(ScriptedJudge(.init(refused: refused)))
        wire.client(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"# + "\n")
        wire.server(Wire.result("1", result))
        return wire.toClient()
    }

    @Test("Lists lose what could never be called, and nothing else")
    func trimming() {
        let tools =
            #"{"tools":[ {"name":"a","x":1.50} , {"name":"b"},{"name":"c"} ],"nextCursor":"n","ttlMs":5,"cacheScope":"public"}"#
        #expect(list(tools, refused: []) == Wire.result("1", tools))
        #expect(
            list(tools, refused: ["b"])
                == Wire.result(
                    "1",
                    #"{"tools":[{"name":"a","x":1.50},{"name":"c"}],"nextCursor":"n","ttlMs":5,"cacheScope":"private"}"#
                ))
        #expect(list(#"{"tools":[{"name":"b"}]}"#, refused: ["b"]) == Wire.result("1", #"{"tools":[]}"#))
        #expect(
            list(#"{"cacheScope":"public","tools":[{"name":"b"}]}"#, refused: ["b"])
                == Wire.result("1", #"{"cacheScope":"private","tools":[]}"#))
        #expect(
            list(
                #"{"resources":[{"uri":"file:///a"},{"uri":"file:///b"}]}"#, method: "resources/list",
                refused: ["file:///a"])
                == Wire.result("1", #"{"resources":[{"uri":"file:///b"}]}"#))
        #expect(
            list(#"{"prompts":[{"name":"p"},{"name":"q"}]}"#, method: "prompts/list", refused: ["q"])
                == Wire.result("1", #"{"prompts":[{"name":"p"}]}"#))
    }

    @Test("Requests of the server's are judged and refused with their id")
    func requests() {
        var wire = Wire(ScriptedJudge(.init(refused: ["sampling/createMessage"])))
        let roots = #"{"jsonrpc":"2.0","id":"s2","method":"roots/list"}"# + "\n"
        wire.server(#"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}"# + "\n" + roots)
        #expect(wire.toClient() == roots)
        #expect(wire.toServer().contains(#"{"jsonrpc":"2.0","id":1,"error":{"code":-31403"#))
        wire.client(Wire.result("\"s2\"", #"{"roots":[]}"#))
        #expect(wire.toServer() == Wire.result("\"s2\"", #"{"roots":[]}"#))
        // A second answer is to nothing.
        wire.client(Wire.result("\"s2\"", #"{"roots":[]}"#))
        #expect(wire.toServer() == "" && wire.toClient() == "")
        // Ids of the gateway's own are not the server's.
        wire.server(#"{"jsonrpc":"2.0","id":"agentbound:1","method":"roots/list"}"# + "\n")
        #expect(wire.toClient() == "")
        #expect(wire.toServer().contains("-32600"))
    }

    @Test("What a modern server asks inside of a result is judged like a request")
    func inputRequired() {
        let result =
            #"{"resultType":"input_required","inputRequests":{"k":{"method":"sampling/createMessage","params":{"maxTokens":1}}},"requestState":"s"}"#
        var wire = Wire()
        wire.client(Wire.modernCall("1", "a"))
        wire.server(Wire.result("1", result))
        #expect(wire.toClient() == Wire.result("1", result))
        #expect(wire.judge.seen.calls.last?.call.method == "sampling/createMessage")
        #expect(wire.judge.seen.calls.last?.way == .toClient)
        wire = Wire(ScriptedJudge(.init(refused: ["sampling/createMessage"])))
        wire.client(Wire.modernCall("1", "a"))
        wire.server(Wire.result("1", result))
        let answer = wire.toClient()
        #expect(answer.contains(#""isError":true,"resultType":"complete""#) && !answer.contains("input_required"))
    }

    @Test(
        "What a policy takes out of the requests in an answer is out when the answer is looked at, and the rest is as it was",
        arguments: [
            #"{"resultType":"input_required",REQUESTS,"requestState":"s"}"#, #"{"tasks":[{"a":1,REQUESTS}],REQUESTS}"#,
            #"{"task":{REQUESTS},"x":1.50}"#,
        ])
    func redactedInput(result: String) {
        func filled(_ tokens: String) -> String {
            let requests =
                #""inputRequests": {"k":{"method":"sampling/createMessage","params":\#(tokens)},"l":{"method":"roots/list"}}"#
            return Wire.result("1", result.replacing("REQUESTS", with: requests))
        }
        var wire = Wire(
            ScriptedJudge(.init(rewritten: ["sampling/createMessage": #"{"maxTokens":2}"#]), reviews: true))
        wire.client(Wire.modernCall("1", "a") + Wire.call("2", "b"))
        wire.server(filled(#"{"maxTokens":1}"#) + Wire.result("2", "{}"))
        #expect(wire.toClient() == filled(#"{"maxTokens":2}"#) + Wire.result("2", "{}"))
        #expect(wire.judge.seen.reviewed == ["a", "b"])
    }

    @Test("What stands beside a result or an error is dropped where something may be taken out, and stays elsewhere")
    func besideResults() {
        let answers =
            #"{"extra":"ghp_x","jsonrpc":"2.0","result":{"a": 1.50},"id":1,"x":{"password":"y"}}"# + "\n"
            + #"{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"m"},"extra":1}"# + "\n"
            + #"{"jsonrpc":"2.0","error":{"code":2,"message":"m"},"extra":1}"# + "\n"
        for redacts in [true, false] {
            var wire = Wire(ScriptedJudge(redacts: redacts))
            wire.client(Wire.call("1", "a") + Wire.call("2", "b"))
            wire.server(answers)
            #expect(
                wire.toClient()
                    == (redacts
                        ? Wire.result("1", #"{"a": 1.50}"#)
                            + #"{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"m"}}"# + "\n"
                            + #"{"jsonrpc":"2.0","error":{"code":2,"message":"m"}}"# + "\n" : answers))
        }
    }

    @Test(
        "What a server tells without being asked is looked at where something may be taken out, and goes on as it was elsewhere"
    )
    func notifications() {
        let said =
            #"{"x":"SECRET","jsonrpc":"2.0","params":{"data": "a SECRET"},"method":"notifications/message"}"# + "\n"
        let plain = #"{"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1.50}}"# + "\n"
        let bare = #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed","x":1}"# + "\n"
        for redacts in [true, false] {
            var wire = Wire(ScriptedJudge(redacts: redacts))
            wire.server(said + plain + bare)
            #expect(
                wire.toClient()
                    == (redacts
                        ? #"{"jsonrpc":"2.0","method":"notifications/message","params":{"data": "a ..."}}"# + "\n"
                            + plain
                            + #"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"# + "\n"
                        : said + plain + bare))
        }
    }

    @Test("Results of every request are looked at")
    func everyResult() {
        var wire = Wire(ScriptedJudge(.init(reviews: ["": .rewrite(Array("{}".utf8))]), reviews: true))
        for (id, method) in ["initialize", "ping", "server/discover", "tasks/list", "other"].enumerated() {
            wire.client(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"}"# + "\n")
            wire.server(Wire.result("\(id)", #"{"instructions":"x"}"#))
            #expect(wire.toClient() == Wire.result("\(id)", "{}"))
        }
        wire.server(#"{"jsonrpc":"2.0","error":{"code":2,"message":"about nothing that is known"}}"# + "\n")
        #expect(wire.toClient() == #"{"jsonrpc":"2.0","error":{}}"# + "\n")
    }

    @Test(
        "What a server asks in a task's state is judged too",
        arguments: [#"{"taskId":"t","status":"input_required",REQUESTS}"#, #"{"task":{"taskId":"t",REQUESTS}}"#])
    func inputRequiredOfTask(state: String) {
        let requests = #""inputRequests":{"k":{"method":"sampling/createMessage","params":{"maxTokens":1}}}"#
        let result = Wire.result("1", state.replacing("REQUESTS", with: requests))
        for refused in [true, false] {
            var wire = Wire(ScriptedJudge(.init(refused: refused ? ["sampling/createMessage"] : [])))
            wire.client(#"{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"t"}}"# + "\n")
            wire.server(result)
            let answer = wire.toClient()
            #expect(refused ? answer.contains("-31403") : answer == result)
        }
        var wire = Wire()
        wire.server(
            #"{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"t",\#(requests)}}"# + "\n")
        #expect(wire.toClient() == "" && wire.judge.seen.notes.map(\.kind) == [.malformed])
    }

    @Test(
        "Requests in a result, or a key of that name, keep nothing from being looked at",
        arguments: [
            (#""inputRequests":{}"#, false), (#""inputRequests":null"#, false),
            (#""inputRequests":{"k":{"method":"roots/list"}}"#, true),
        ])
    func inputRequiredIsReviewed(requests: String, isJudged: Bool) {
        let judge = ScriptedJudge(
            .init(refused: ["rm"], reviews: ["a": .rewrite(Array("{}".utf8))]), reviews: true)
        var wire = Wire(judge)
        wire.client(Wire.call("1", "a"))
        wire.server(Wire.result("1", #"{"content":[],\#(requests)}"#))
        #expect(wire.toClient() == Wire.result("1"))
        #expect(judge.seen.reviewed == ["a"])
        #expect((judge.seen.calls.last?.call.method == "roots/list") == isJudged)
        wire.client(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"# + "\n")
        wire.server(Wire.result("2", #"{"tools":[{"name":"rm"},{"name":"a","annotations":{"x":1}}],\#(requests)}"#))
        let list = wire.toClient()
        #expect(list.contains(#""tools":[{"name":"a""#) && !list.contains("rm"))
        #expect(wire.session.annotations["a"] == ["x": 1])
        // A judge that looks at no answers still judges what is asked.
        wire = Wire(ScriptedJudge(.init(refused: ["roots/list"])))
        wire.client(Wire.call("1", "a"))
        wire.server(Wire.result("1", #"{"content":[],\#(requests)}"#))
        #expect(wire.toClient().contains("roots/list is not allowed") == isJudged)
    }

    @Test(
        "Requests are judged wherever a reader may look for them",
        arguments: [
            #"{"inputRequests":{},"task":{REQUESTS}}"#, #"{"inputRequests":null,"task":{REQUESTS}}"#,
            #"{"inputRequests":{"k":{"method":"roots/list"}},"task":{REQUESTS}}"#,
            #"{"tasks":[{"taskId":"u"},{"taskId":"t",REQUESTS}]}"#, #"{"task":[{REQUESTS}]}"#,
            #"{"Task":{REQUESTS}}"#, #"{"taſk":{REQUESTS}}"#, #"{"TASKS":[{REQUESTS}]}"#,
            #"{"InputRequests":{"k":{"method":"sampling/createMessage"}}}"#,
            #"{"task":{"inputrequests":{"k":{"method":"sampling/createMessage"}}}}"#,
            #"{"resultType":"complete","ResultType":"input_required"}"#,
            #"{"inputRequests":{"k":{"method":"roots/list","Method":"sampling/createMessage"}}}"#,
            #"{"inputRequests":[{"method":"sampling/createMessage"}]}"#,
        ])
    func inputRequiredAnywhere(state: String) {
        let requests = #""inputRequests":{"k":{"method":"sampling/createMessage","params":{"maxTokens":1}}}"#
        let state = state.replacing("REQUESTS", with: requests)
        var wire = Wire(ScriptedJudge(.init(refused: ["sampling/createMessage"])))
        wire.client(#"{"jsonrpc":"2.0","id":1,"method":"tasks/list"}"# + "\n")
        wire.server(Wire.result("1", state))
        let answer = wire.toClient()
        #expect(answer.contains("-31403") && !answer.contains("inputRequests\":"), "\(answer)")
        for name in ["notifications/tasks/status", "notifications/tasks", "notifications/message"] {
            wire.server(#"{"jsonrpc":"2.0","method":"\#(name)","params":\#(state)}"# + "\n")
            #expect(wire.toClient() == "")
        }
        #expect(wire.judge.seen.notes.allSatisfy { $0.kind == .malformed })
        let status = #"{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"t"}}"# + "\n"
        wire.server(status)
        #expect(wire.toClient() == status)
    }

    @Test("Errors, and what became of a task, are looked at as results are")
    func reviews() {
        let judge = ScriptedJudge(
            .init(reviews: ["a": .rewrite(Array(#"{"code":1}"#.utf8)), "": .refuse("no")]), reviews: true)
        var wire = Wire(judge)
        wire.client(Wire.call("1", "a"))
        wire.server(#"{"jsonrpc":"2.0","id":1, "error":{"code":1,"message":"secret"}}"# + "\n")
        #expect(wire.toClient() == #"{"jsonrpc":"2.0","id":1, "error":{"code":1}}"# + "\n")
        for method in ["tasks/get", "tasks/result"] {
            wire.client(#"{"jsonrpc":"2.0","id":2,"method":"\#(method)","params":{"taskId":"t"}}"# + "\n")
            wire.server(Wire.result("2", #"{"content":[{"type":"text","text":"secret"}]}"#))
            #expect(wire.toClient().contains("-31403"))
        }
    }

    @Test("Long names and ids of the server's are not kept")
    func longNames() {
        var wire = Wire()
        let long = String(repeating: "x", count: 2_000)
        wire.server(#"{"jsonrpc":"2.0","id":"\#(long)","method":"ping"}"# + "\n")
        #expect(wire.toClient() == "" && wire.session.openToClient.isEmpty)
        wire.client(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"# + "\n")
        wire.server(
            Wire.result(
                "1",
                #"{"tools":[{"name":"\#(long)","annotations":{"a":1}},{"name":"b","annotations":{"a":"\#(long)"}},{"name":"c","annotations":{"a":1}}]}"#
            ))
        #expect(Array(wire.session.annotations.keys) == ["c"])
        // What was said before is said no more, and the beginning of a long text is not all of it.
        for text in ["short", String(repeating: long, count: 9)] {
            wire.client(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"# + "\n")
            wire.server(Wire.result("2", #"{"tools":[{"name":"c","description":"\#(text)"}]}"#))
            #expect(wire.session.descriptions == (text == "short" ? ["c": "short"] : [:]))
        }
    }

    @Test("Lines that are no messages never reach the client; an answer that cannot be passed on ends the wait")
    func malformed() {
        var wire = Wire()
        wire.client(Wire.call("1", "a") + Wire.call("2", "b"))
        wire.server("Starting server...\n")
        #expect(wire.toClient() == "")
        wire.server(#"{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}"# + "\n")
        #expect(wire.toClient().contains(#""id":1,"error":{"code":-31503"#))
        wire.server(Wire.result("1") + Wire.result("77") + Wire.result("2"))
        #expect(wire.toClient() == Wire.result("2"), "answers to nothing are dropped")
        #expect(wire.judge.seen.notes.map(\.kind) == [.malformed, .malformed, .unexpected, .unexpected])
        wire.server(#"{"jsonrpc":"2.0","id":5,"method":"ping","params":[]}"# + "\n")
        #expect(wire.toServer().contains(#""id":5,"error""#))
    }

    @Test("What was open when the server ended is counted", arguments: [(1, "1 request"), (3, "3 requests")])
    func endedWith(count: Int, words: String) {
        var wire = Wire()
        for number in 1...count { wire.client(Wire.call("\(number)", "a")) }
        wire.session.serverEnded()
        #expect(wire.judge.seen.notes.last?.text == "the server ended with \(words) open")
    }

    @Test("A server that ends leaves nobody waiting")
    func ended() {
        var wire = Wire()
        wire.client(Wire.call("1", "a") + #"{"jsonrpc":"2.0","id":"l","method":"tools/list"}"# + "\n")
        wire.server(#"{"jsonrpc":"2.0","id":1,"res"#)
        wire.session.serverEnded()
        let answers = wire.toClient()
        #expect(answers.contains(#""id":1,"error":{"code":-31503"#) && answers.contains(#""id":"l","error""#))
        #expect(wire.judge.seen.notes.map(\.kind) == [.malformed, .ended])
        wire.client(Wire.call("2", "a") + #"{"jsonrpc":"2.0","id":3,"method":"ping"}"# + "\n")
        #expect(wire.toClient().split(separator: "\n").count == 2)
        #expect(wire.toServer() == "")
    }

    @Test("Results are looked at where the judge wants to")
    func review() {
        var wire = Wire(
            ScriptedJudge(
                .init(reviews: ["bad": .refuse("it holds a secret"), "red": .rewrite(Array(#"{"content":[]}"#.utf8))]),
                reviews: true))
        wire.client(Wire.call("1", "ok") + Wire.call("2", "bad") + Wire.call("3", "red"))
        wire.server(Wire.result("1") + Wire.result("2") + Wire.result("3", #"{"x":1}"#))
        #expect(
            wire.toClient()
                == Wire.result("1")
                + #"{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"it holds a secret"}],"isError":true}}"#
                + "\n"
                + Wire.result("3", #"{"content":[]}"#))
        #expect(wire.judge.seen.reviewed == ["ok", "bad", "red"])
    }
}

@Suite("Gateway: approvals")
struct ApprovalTests {
    private static let hello =
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":{"elicitation":{}},"clientInfo":{"name":"c"}}}"#
        + "\n"

    @Test("A call that waits holds up nothing, and goes on when it may")
    func waiting() {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"])))
        wire.client(Wire.call("1", "pay") + Wire.call("2", "ok"))
        #expect(wire.toServer() == Wire.call("2", "ok"))
        wire.server(Wire.result("2"))
        #expect(wire.toClient() == Wire.result("2"))
        wire.session.settle(ticket: 1, .pass)
        #expect(wire.toServer() == Wire.call("1", "pay"))
        wire.client(Wire.call("3", "pay"))
        wire.session.settle(ticket: 2, .refuse("no"))
        #expect(wire.toServer() == "")
        #expect(wire.toClient().contains(#""id":3,"result""#))
        wire.session.settle(ticket: 2, .pass)
        #expect(wire.toServer() == "", "a ticket counts once")
    }

    @Test("A cancelled call is withdrawn, and its approval comes too late")
    func cancelled() {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"])))
        wire.client(Wire.call("1", "pay"))
        wire.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"# + "\n")
        #expect(wire.judge.seen.withdrawn == [1])
        wire.session.settle(ticket: 1, .pass)
        #expect(wire.toServer() == "" && wire.toClient() == "")
        wire.client(Wire.call("2", "pay"))
        wire.session.clientEnded()
        #expect(wire.judge.seen.withdrawn == [1, 2])
    }

    @Test(
        "A legacy client is asked by a request of the gateway's own, which the server never sees",
        arguments: [true, false])
    func legacy(accepts: Bool) {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        wire.client(Self.hello + Wire.call("1", "pay"))
        _ = wire.toServer()
        let question = wire.toClient()
        #expect(
            question.hasPrefix(
                #"{"jsonrpc":"2.0","id":"agentbound:1","method":"elicitation/create","params":{"mode":"form","message":"Pay?""#
            ))
        wire.client(
            Wire.result(
                "\"agentbound:1\"",
                accepts ? #"{"action":"accept","content":{"allow":true}}"# : #"{"action":"decline"}"#))
        #expect(wire.toServer() == (accepts ? Wire.call("1", "pay") : ""))
        #expect(wire.judge.seen.answered == [accepts])
        #expect(wire.toClient().contains("nobody agreed") == !accepts)
    }

    @Test("A modern client brings the call again, with the answer; what goes on is the call that was asked about")
    func modern() throws {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        wire.client(Wire.modernCall("1", "pay"))
        let asked = try JSONValue(parsing: Array(wire.toClient().utf8))
        #expect(asked["result"]?["resultType"]?.string == "input_required")
        let state = try #require(asked["result"]?["requestState"]?.string)
        let yes =
            #","inputResponses":{"agentbound":{"action":"accept","content":{"allow":true}}},"requestState":"\#(state)""#
        // Other arguments were not asked about.
        wire.client(Wire.modernCall("2", "pay", yes).replacing(#""a":1"#, with: #""a":2"#))
        #expect(wire.toServer() == "" && wire.toClient().contains("-32602"))
        wire.client(Wire.modernCall("3", "pay", yes))
        #expect(wire.toServer() == Wire.modernCall("3", "pay"))
        #expect(wire.toClient() == "")
        wire.server(Wire.result("3"))
        #expect(wire.toClient() == Wire.result("3"))
        // The answer counts once.
        wire.client(Wire.modernCall("4", "pay", yes))
        #expect(wire.toServer() == "")
        // A state that nobody gave.
        wire.client(Wire.modernCall("5", "pay", #","requestState":"agentbound:1:2:3""#))
        #expect(wire.toServer() == "")
    }

    /// A wire whose client has said hello, with these capabilities.
    private static func asking(_ capabilities: String, opening: String = "") -> Wire {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        wire.client(opening)
        wire.client(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":\#(capabilities),"clientInfo":{"name":"c"}}}"#
                + "\n")
        _ = wire.toServer()
        _ = wire.toClient()
        wire.client(Wire.call("1", "pay"))
        return wire
    }

    @Test("A client that cannot ask has not said no: the call waits for whoever is asked elsewhere")
    func errorIsNoAnswer() {
        var wire = Self.asking(#"{"elicitation":{}}"#)
        #expect(wire.toClient().contains("elicitation/create"))
        wire.client(#"{"jsonrpc":"2.0","id":"agentbound:1","error":{"code":-32601,"message":"no"}}"# + "\n")
        #expect(wire.toClient() == "" && wire.judge.seen.answered.isEmpty)
        wire.session.settle(ticket: 1, .pass)
        #expect(wire.toServer() == Wire.call("1", "pay"))
    }

    @Test(
        "A question that is settled elsewhere is taken back from a legacy client, and an answer that crosses with that is nothing odd",
        arguments: ["allowed", "denied", "cancelled", "ended"])
    func takenBack(ending: String) {
        var wire = Self.asking(#"{"elicitation":{}}"#)
        _ = wire.toClient()
        switch ending {
        case "allowed": wire.session.settle(ticket: 1, .pass)
        case "denied": wire.session.settle(ticket: 1, .refuse("nobody answered in time"))
        case "cancelled":
            wire.client(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"# + "\n")
        default:
            wire.client(Wire.result(#""agentbound:1""#, #"{"action":"decline"}"#))
            #expect(!wire.toClient().contains("notifications/cancelled"), "it is answered")
        }
        let back = wire.toClient()
        #expect(
            back.hasPrefix(
                #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"agentbound:1","reason":"#)
                == (ending != "ended"))
        #expect(wire.toServer() == (ending == "allowed" ? Wire.call("1", "pay") : ""))
        for late in [
            Wire.result(#""agentbound:1""#, #"{"action":"accept","content":{"allow":true}}"#),
            #"{"jsonrpc":"2.0","id":"agentbound:1","error":{"code":-1,"message":"cancelled"}}"# + "\n",
        ] {
            wire.client(late)
        }
        #expect(wire.toServer() == "" && wire.toClient() == "" && wire.judge.seen.notes.isEmpty)
        // Of what was never asked that is told.
        wire.client(Wire.result(#""agentbound:2""#, #"{"action":"decline"}"#))
        #expect(wire.judge.seen.notes.count == 1)
    }

    @Test(
        "Who is asked is what `initialize` says, whatever was tried before it",
        arguments: [
            (#"{"elicitation":{}}"#, true), (#"{"elicitation":{"form":{},"url":{}}}"#, true),
            (#"{"elicitation":{"url":{}}}"#, false), ("{}", false),
        ])
    func probeFirst(capabilities: String, asks: Bool) {
        let probe =
            #"{"jsonrpc":"2.0","id":-1,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c"}}}}"#
            + "\n"
        var wire = Self.asking(capabilities, opening: probe)
        #expect(wire.toClient().contains("elicitation/create") == asks)
    }

    @Test("What a person says elsewhere counts when a modern client brings the call again", arguments: [true, false])
    func answeredElsewhere(passes: Bool) throws {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        wire.client(Wire.modernCall("1", "pay"))
        let asked = try JSONValue(parsing: Array(wire.toClient().utf8))
        let state = try #require(asked["result"]?["requestState"]?.string)
        wire.session.settle(ticket: 1, passes ? .pass : .refuse("a person said no"))
        #expect(wire.toServer() == "" && wire.toClient() == "")
        let again = #","inputResponses":{"agentbound":{"action":"cancel"}},"requestState":"\#(state)""#
        wire.client(Wire.modernCall("2", "pay", again))
        #expect(wire.toServer() == (passes ? Wire.modernCall("2", "pay") : ""))
        #expect(wire.toClient().contains("a person said no") == !passes)
        #expect(wire.judge.seen.answered.isEmpty)
        wire.client(Wire.modernCall("3", "pay", again))
        #expect(wire.toServer() == "")
    }

    @Test("Of two answers to one question the first counts, also while it is on its way", arguments: [true, false])
    func answeredTwice(isModern: Bool) throws {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?", isAnsweredElsewhere: true)))
        if !isModern { wire.client(Self.hello) }
        wire.client(isModern ? Wire.modernCall("1", "pay") : Wire.call("1", "pay"))
        _ = wire.toServer()
        let asked = wire.toClient()
        if isModern {
            let state = try #require(
                try JSONValue(parsing: Array(asked.utf8))["result"]?["requestState"]?.string)
            let more = #","inputResponses":{"agentbound":{"action":"decline"}},"requestState":"\#(state)""#
            wire.client(Wire.modernCall("2", "pay", more))
        } else {
            wire.client(Wire.result(#""agentbound:1""#, #"{"action":"decline"}"#))
        }
        #expect(wire.judge.seen.answered == [false])
        #expect(wire.toServer() == "" && wire.toClient() == "", "it waits for the answer that came first")
        wire.session.settle(ticket: 1, .pass)
        #expect(wire.toServer() == (isModern ? Wire.modernCall("2", "pay") : Wire.call("1", "pay")))
    }

    @Test("The same call over and over is kept up to a bound, by number and by bytes, and refused from then on")
    func waitingIsBounded() {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?"))) { $0.maxPending = 8 }
        for id in 1...20 { wire.client(Wire.modernCall("\(id)", "pay")) }
        #expect(wire.session.held.count == 8)
        let answers = wire.toClient().split(separator: "\n")
        #expect(answers.count == 20 && answers.count { $0.contains("too many calls wait") } == 12)
        #expect(wire.judge.seen.withdrawn == Array(9...20))
        // One that ended and was not fetched makes room.
        wire.session.settle(ticket: 3, .pass)
        wire.client(Wire.modernCall("21", "pay"))
        #expect(wire.session.held.keys.sorted() == [1, 2, 4, 5, 6, 7, 8, 21])

        let long = #","b":""# + String(repeating: "x", count: 30 << 20) + #"""#
        wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        for id in 1...4 { wire.client(Wire.modernCall("\(id)", "pay", long)) }
        #expect(wire.session.held.count == 2)
        #expect(wire.toServer() == "")
    }

    @Test("Endings that no client fetches do not pile up")
    func endingsAreBounded() {
        var wire = Wire(ScriptedJudge(.init(asked: ["pay"], question: "Pay?")))
        for id in 1...200 {
            wire.client(Wire.modernCall("\(id)", "pay"))
            wire.session.settle(ticket: UInt64(id), .pass)
        }
        #expect(wire.session.held.count <= 64)
    }
}
