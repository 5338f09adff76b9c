import PolicyEngine
import StrictJSON

/// What the client writes.
extension GatewaySession {
    mutating func readFromClient(_ line: LineFramer.Line, _ now: Int64, _ steps: inout [Step]) {
        switch line {
        case .tooLong(let head, let tail, let count):
            let text = "a message of \(count) bytes is larger than the limit of \(options.maxMessage)"
            note(.tooLarge, .toServer, text)
            let id = LostID.find(head: head, tail: tail).flatMap { openRequest($0) == nil ? $0 : nil }
            steps.append(.reply(GatewayReply.error(id, Envelope.invalidRequest, text)))
        case .line(let bytes, let range, let piece):
            if Self.isBlank(bytes, range) { return }
            do throws(Envelope.Problem) {
                var envelope = try Envelope(bytes, range)
                var line = Line(bytes: bytes, range: range, piece: piece)
                let token = try takeToken(&envelope, &line)
                try read(envelope, token, line, now, &steps)
            } catch {
                note(error.kind, .toServer, error.text)
                if error.about == .response { return }  // nobody waits for an answer to one
                // An id that was guessed must not end the wait for something else.
                let ids = error.about == .request ? error.ids : error.ids.filter { openRequest($0) == nil }
                if ids.isEmpty { steps.append(.reply(GatewayReply.error(nil, error.code, error.text))) }
                for id in ids { steps.append(.reply(GatewayReply.error(id, error.code, error.text))) }
            }
        }
    }

    /// The request of the client's that has this id, as JSON.
    func openRequest(_ id: [UInt8]) -> MessageID? {
        guard let tape = try? JSONTape(id, in: 0..<id.count), let known = MessageID(tape.root), open[known] != nil
        else {
            return nil
        }
        return known
    }

    static func isBlank(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        if range.count > 1, bytes[range.lowerBound] > 0x20 { return false }
        return bytes[range].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    // MARK: - Who asks

    /// Takes a token out of a message, which is read again without it: nothing behind this line can let it out.
    private func takeToken(
        _ envelope: inout Envelope, _ line: inout Line
    ) throws(Envelope.Problem) -> JSONElement? {
        guard let token = MetaToken(in: envelope) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.range.count)
        bytes += line.bytes[line.range.lowerBound..<token.place.lowerBound]
        bytes += line.bytes[token.place.upperBound..<line.range.upperBound]
        envelope = try Envelope(bytes, 0..<bytes.count)
        line = Line(bytes: bytes, range: 0..<bytes.count, piece: 0)
        return token.value
    }

    private enum Caller {
        case known(AgentIdentity)
        /// With a token that proves nothing; why.
        case unproven(String)
    }

    /// What the message's own token proves; without one, the session's agent.
    private mutating func caller(_ token: JSONElement?) -> Caller {
        guard let token else { return .known(options.agent) }
        guard let identify = options.identify else {
            if !hasIgnoredToken {
                hasIgnoredToken = true
                note(.tokenIgnored, .toServer, "no key says whose tokens count here: who sends one stays anonymous")
            }
            return .known(.anonymous)
        }
        do throws(IdentityProblem) {
            guard token.bodyCount <= IdentityVerifier.tokenLimit, let text = token.string else {
                throw .malformed(token.kind == .string ? "too long" : "no string")
            }
            return .known(try identify(text))
        } catch { return .unproven("the agent's token in `_meta` proves nothing: \(error)") }
    }

    private mutating func read(
        _ envelope: Envelope, _ token: JSONElement?, _ line: Line, _ now: Int64, _ steps: inout [Step]
    ) throws(Envelope.Problem) {
        switch envelope.shape {
        case .request(let name, let id): try readRequest(name, id, envelope, token, line, now, &steps)
        case .notification(let name):
            if name == "notifications/cancelled" {
                let id = envelope.parameters?["requestId"].flatMap(MessageID.init)
                return steps.append(.cancellation(line, id))
            }
            if let meant = MCPMethod.imitated(by: name) {
                return note(.malformed, .toServer, "a notification `\(name)` that looks like `\(meant)`")
            }
            if MCPMethod.find(name, .toServer, isRequest: false) == nil {
                let request = MCPMethod.find(name, .toServer, isRequest: true)
                let agent: AgentIdentity
                switch caller(token) {
                case .known(let known): agent = known
                case .unproven(let text): return note(.token, .toServer, "\(name): \(text)")
                }
                let call = try call(name, request, envelope.parameters, .toServer, agent, rawID: nil)
                if let text = limit(now) { return note(.limit, .toServer, text) }
                return steps.append(
                    .candidate(
                        Candidate(
                            line: line, id: nil, rawID: nil, isModern: false, canElicit: false,
                            call: number(call, nil, envelope.parameters, .toServer))))
            }
            steps.append(.forward(line))
        case .result(let id, let result):
            if let ticket = questions.removeValue(forKey: id) { return answer(ticket, result) }
            // It crossed with the cancellation of what was answered elsewhere.
            if wasAsked(id) { return }
            try expect(id)
            steps.append(.forward(line))
        case .failure(let id, _):
            if let id {
                if let ticket = questions.removeValue(forKey: id) {
                    // The client could not ask: nobody has said no, and the call still waits for whoever is asked elsewhere.
                    held[ticket]?.question = nil
                    return
                }
                if wasAsked(id) { return }
                try expect(id)
            }
            steps.append(.forward(line))
        }
    }

    /// A response is to something that the server asked.
    private mutating func expect(_ id: MessageID) throws(Envelope.Problem) {
        if openToClient.remove(id) != nil { return }
        throw Envelope.Problem(
            code: Envelope.invalidRequest, text: "a response to nothing that was asked", about: .response,
            kind: .unexpected)
    }

    private mutating func readRequest(
        _ name: String, _ id: MessageID, _ envelope: Envelope, _ token: JSONElement?, _ line: Line, _ now: Int64,
        _ steps: inout [Step]
    ) throws(Envelope.Problem) {
        let rawID = Array(envelope.id!.rawBytes), parameters = envelope.parameters
        func problem(_ text: String, _ code: Int = Envelope.invalidRequest) -> Envelope.Problem {
            Envelope.Problem(code: code, text: text, ids: [rawID], about: .request)
        }
        if let meant = MCPMethod.imitated(by: name) {
            throw problem("there is no method `\(name)`; `\(meant)` is written like this", Envelope.methodNotFound)
        }
        if open[id] != nil { throw problem("this id is in use: its request is not answered yet") }
        let meta = parameters?["_meta"]
        let isModern = meta?["io.modelcontextprotocol/protocolVersion"] != nil
        let isTool = name == MCPMethod.callTool
        let agent: AgentIdentity
        switch caller(token) {
        case .known(let known): agent = known
        case .unproven(let text):
            note(.token, .toServer, "\(name): \(text)")
            remember(refused: id)
            return steps.append(.reply(refusal(rawID, GatewayReply.refused, text, isTool, isModern)))
        }
        if client == nil || name == "initialize" { learnClient(name, parameters, meta) }
        let method = MCPMethod.find(name, .toServer, isRequest: true)
        if open.count >= options.maxPending {
            let text = "more than \(options.maxPending) requests are waiting for an answer; send fewer at once"
            note(.limit, .toServer, text)
            return steps.append(.reply(refusal(rawID, GatewayReply.limited, text, isTool, isModern)))
        }
        if let state = parameters?["requestState"]?.string, state.hasPrefix(Self.ownPrefix) {
            return try resume(state, id, rawID, name, agent, parameters!, &steps)
        }
        if let method, method.subject == .none {
            if serverIsGone {
                return steps.append(.reply(Self.unavailable(rawID)))
            }
            open[id] = OpenRequest(
                method: name, tool: "", number: 0, list: method.list, agent: agent, isModern: isModern,
                isForwarded: true)
            return steps.append(.forward(line))
        }
        let call = try call(name, method, parameters, .toServer, agent, rawID: rawID)
        if let text = limit(now) {
            note(.limit, .toServer, text)
            return steps.append(.reply(refusal(rawID, GatewayReply.limited, text, isTool, isModern)))
        }
        let numbered = number(call, rawID, parameters, .toServer)
        open[id] = OpenRequest(
            method: name, tool: call.tool, number: numbered.number, list: nil, agent: agent, isModern: isModern,
            isForwarded: false)
        let canElicit =
            isModern
            ? Self.canAskByForm(meta?["io.modelcontextprotocol/clientCapabilities"]) && Self.mayAskBack(name)
            : clientCanElicit
        steps.append(
            .candidate(
                Candidate(
                    line: line, id: id, rawID: rawID, isModern: isModern, canElicit: canElicit, call: numbered)))
    }

    /// The methods that may be answered with `input_required`.
    private static func mayAskBack(_ name: String) -> Bool {
        name == MCPMethod.callTool || name == "prompts/get" || name == "resources/read"
    }

    /// An empty object stands for forms; a client may be able to show addresses alone.
    private static func canAskByForm(_ capabilities: JSONElement?) -> Bool {
        guard let elicitation = capabilities?["elicitation"] else { return false }
        return elicitation["form"] != nil || elicitation["url"] == nil
    }

    private mutating func learnClient(_ name: String, _ parameters: JSONElement?, _ meta: JSONElement?) {
        if name == "initialize" {
            client = parameters?["clientInfo"]?["name"]?.string
            clientCanElicit = Self.canAskByForm(parameters?["capabilities"])
        } else {
            client = meta?["io.modelcontextprotocol/clientInfo"]?["name"]?.string
        }
    }

    private func refusal(_ id: [UInt8], _ code: Int, _ text: String, _ isTool: Bool, _ isModern: Bool) -> [UInt8] {
        isTool ? GatewayReply.toolResult(id, text, isModern: isModern) : GatewayReply.error(id, code, text)
    }

    /// - Returns: Why not now.
    private mutating func limit(_ now: Int64) -> String? {
        guard options.maxCallsPerSecond > 0 else { return nil }
        if rate.second != now { rate = (now, 0) }
        rate.calls += 1
        return rate.calls > options.maxCallsPerSecond
            ? "more than \(options.maxCallsPerSecond) calls a second; try again later" : nil
    }

    // MARK: - Calls

    mutating func number(
        _ call: ToolCall, _ rawID: [UInt8]?, _ parameters: JSONElement?, _ way: GatewayWay
    ) -> GatewayCall {
        judged += 1
        return GatewayCall(
            call: call, number: judged, way: way, id: rawID.map { String(decoding: $0, as: UTF8.self) },
            parameters: parameters)
    }

    /// The message as policies see it.
    /// - Throws: What has not got the parameters that its method needs cannot be decided about.
    func call(
        _ name: String, _ method: MCPMethod?, _ parameters: JSONElement?, _ way: GatewayWay, _ agent: AgentIdentity,
        rawID: [UInt8]?
    ) throws(Envelope.Problem) -> ToolCall {
        func problem(_ text: String) -> Envelope.Problem {
            Envelope.Problem(
                code: Envelope.invalidParameters, text: text, ids: rawID.map { [$0] } ?? [],
                about: rawID == nil ? .response : .request)
        }
        var call = ToolCall(
            method: name, server: options.server, tool: "", arguments: parameters, client: client,
            agent: agent, session: options.session)
        if let parameters {
            var strange: String?
            parameters.forEachMember { key, _ in
                if !Self.isUsual(key), Lookalike.isOne(key, of: Lookalike.parameters) { strange = key.string }
            }
            if let strange {
                throw problem(
                    "some readers would take the key `\(strange.prefix(20))` for another; write it as it is defined")
            }
        }
        switch method?.subject {
        case .name?:
            guard let tool = parameters?["name"]?.string, !tool.isEmpty, !tool.utf8.contains(0) else {
                throw problem("\(name) needs a `name`, a string without zero bytes")
            }
            call.tool = tool
            let arguments = parameters?["arguments"]
            if let arguments, arguments.kind != .object && arguments.kind != .null {
                throw problem("`arguments` is not an object")
            }
            call.arguments = arguments?.kind == .object ? arguments : nil
            if name == MCPMethod.callTool { addWhatIsSaid(of: tool, to: &call) }
        case .uri?:
            guard let uri = parameters?["uri"]?.string, !uri.isEmpty, !uri.utf8.contains(0) else {
                throw problem("\(name) needs a `uri`, a string without zero bytes")
            }
            call.tool = uri
        case .method?, .none?, nil: break
        }
        return call
    }

    /// The keys that nearly every call has, found without making text of them.
    private static func isUsual(_ key: JSONElement) -> Bool {
        key.isString("name") || key.isString("arguments") || key.isString("_meta") || key.isString("uri")
    }

    // MARK: - Answers of a person

    /// What the client says to a question of the gateway's own.
    private mutating func answer(_ ticket: UInt64, _ result: JSONElement?) {
        let accepts = Self.isYes(result)
        if let ruling = judge.answered(ticket: ticket, accepts: accepts) { return endWait(ticket, ruling) }
        held[ticket]?.question = nil
    }

    private static func isYes(_ result: JSONElement?) -> Bool {
        result?["action"]?.isString("accept") == true && result?["content"]?["allow"]?.bool == true
    }

    /// A call that was asked about comes again, with the answer. What goes to the server is the call that was asked about.
    private mutating func resume(
        _ state: String, _ id: MessageID, _ rawID: [UInt8], _ name: String, _ agent: AgentIdentity,
        _ parameters: JSONElement, _ steps: inout [Step]
    ) throws(Envelope.Problem) {
        let ticket = state.utf8.split(separator: UInt8(ascii: ":")).dropFirst().first.flatMap {
            UInt64(String(decoding: $0, as: UTF8.self))
        }
        guard let ticket, let call = held[ticket], call.state == state, call.candidate.call.call.method == name,
            call.candidate.call.call.agent == agent, Self.isSame(call.candidate.call.parameters, parameters)
        else {
            throw Envelope.Problem(
                code: Envelope.invalidParameters, text: "no call waits for this answer; make it again", ids: [rawID],
                about: .request)
        }
        held[ticket] = nil
        let ruling =
            call.ending
            ?? judge.answered(ticket: ticket, accepts: Self.isYes(parameters["inputResponses"]?["agentbound"]))
        let old = call.candidate
        // The id stands before or behind the parameters, never inside them.
        guard
            let place = try? JSONTape(old.line.bytes, in: old.line.range, maxDepth: Envelope.limits.depth).root["id"]?
                .range
        else { return }
        let bytes = Self.splice(old.line, [(place, rawID)])
        guard let again = try? JSONTape(bytes, in: 0..<bytes.count, maxDepth: Envelope.limits.depth).root["params"]
        else {
            return
        }
        var same = old.call.call
        same.arguments = old.call.call.arguments == nil || again["arguments"] == nil ? nil : again["arguments"]
        let candidate = Candidate(
            line: Line(bytes: bytes, range: 0..<bytes.count, piece: 0), id: id, rawID: rawID, isModern: true,
            canElicit: false,
            call: GatewayCall(
                call: same, number: old.call.number, way: .toServer, id: String(decoding: rawID, as: UTF8.self),
                parameters: again))
        open[id] = OpenRequest(
            method: name, tool: same.tool, number: old.call.number, list: nil, agent: agent, isModern: true,
            isForwarded: false)
        // Nothing before it in this read may be overtaken by more than this one call: it waited for a person.
        if let ruling { return apply(ruling, to: candidate) }
        // What somebody else answered is on its way here.
        held[ticket] = HeldCall(candidate: candidate)
    }

    /// Whether two calls name and pass the same, byte for byte.
    private static func isSame(_ a: JSONElement?, _ b: JSONElement) -> Bool {
        for key in ["name", "uri", "arguments"] {
            guard a?[key].map({ Array($0.rawBytes) }) == b[key].map({ Array($0.rawBytes) }) else { return false }
        }
        return true
    }
}
