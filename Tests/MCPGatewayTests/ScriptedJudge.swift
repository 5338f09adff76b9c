import MCPGateway
import PolicyEngine
import StrictJSON
import Synchronization

/// Refuses by name, asks by name, and keeps what it saw.
final class ScriptedJudge: GatewayJudge {
    struct Script: Sendable {
        var refused: Set<String> = []
        var asked: Set<String> = []
        var question: String?
        var rewritten: [String: String] = [:]
        var reviews: [String: GatewayRuling] = [:]
        var answersWrongNumber = false
        var isAnsweredElsewhere = false
    }
    struct Seen: Sendable {
        var batches: [[String]] = []
        var calls: [GatewayCall] = []
        var notes: [GatewayNote] = []
        var withdrawn: [UInt64] = []
        var answered: [Bool] = []
        var reviewed: [String] = []
        var tickets: UInt64 = 0
    }
    let script: Script
    let trimsLists: Bool
    let reviewsAnswers: Bool
    let redactsAnswers: Bool
    private let state = Mutex(Seen())

    init(_ script: Script = Script(), trims: Bool = true, reviews: Bool = false, redacts: Bool = false) {
        self.script = script
        trimsLists = trims
        reviewsAnswers = reviews || redacts
        redactsAnswers = redacts
    }

    var seen: Seen { state.withLock { $0 } }

    private static func name(_ call: ToolCall) -> String { call.tool.isEmpty ? call.method : call.tool }

    func redact(_ parameters: JSONElement) -> [UInt8]? {
        let text = String(decoding: parameters.rawBytes, as: UTF8.self)
        return text.contains("SECRET") ? Array(text.replacing("SECRET", with: "...").utf8) : nil
    }

    func judge(_ calls: [GatewayCall]) -> [GatewayRuling] {
        state.withLock { state in
            state.batches.append(calls.map { Self.name($0.call) })
            state.calls += calls
            if script.answersWrongNumber { return [] }
            return calls.map { call in
                let name = Self.name(call.call)
                if script.refused.contains(name) { return .refuse("\(name) is not allowed") }
                if let bytes = script.rewritten[name] { return .rewrite(Array(bytes.utf8)) }
                if script.asked.contains(name) {
                    state.tickets += 1
                    return .ask(ticket: state.tickets, question: script.question)
                }
                return .pass
            }
        }
    }

    func mayPass(_ call: ToolCall) -> Bool { !script.refused.contains(Self.name(call)) }

    func review(_ answers: [GatewayAnswer]) -> [GatewayRuling] {
        state.withLock { $0.reviewed += answers.map(\.tool) }
        return answers.map { script.reviews[$0.tool] ?? .pass }
    }

    func answered(ticket: UInt64, accepts: Bool) -> GatewayRuling? {
        state.withLock { $0.answered.append(accepts) }
        if script.isAnsweredElsewhere { return nil }
        return accepts ? .pass : .refuse("nobody agreed")
    }

    func withdrawn(ticket: UInt64) { state.withLock { $0.withdrawn.append(ticket) } }
    func note(_ notes: [GatewayNote]) { state.withLock { $0.notes += notes } }
}

/// A session that is spoken to in text.
struct Wire {
    var session: GatewaySession
    let judge: ScriptedJudge

    init(_ judge: ScriptedJudge = ScriptedJudge(), _ change: (inout GatewayOptions) -> Void = { _ in }) {
        var options = GatewayOptions(server: "files", session: "s1")
        change(&options)
        self.judge = judge
        session = GatewaySession(options, judge: judge)
    }

    mutating func client(_ text: String) { session.feed(fromClient: Array(text.utf8)) }
    mutating func server(_ text: String) { session.feed(fromServer: Array(text.utf8)) }
    mutating func toServer() -> String { String(decoding: session.toServer.takeAll(), as: UTF8.self) }
    mutating func toClient() -> String { String(decoding: session.toClient.takeAll(), as: UTF8.self) }

    /// A tools/call, as a line.
    static func call(_ id: String, _ tool: String, _ arguments: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
            + "\n"
    }

    static func modernCall(_ id: String, _ tool: String, _ more: String = "") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}},"name":"\#(tool)","arguments":{"a":1}\#(more)}}"#
            + "\n"
    }

    static func result(_ id: String, _ result: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"# + "\n"
    }
}
