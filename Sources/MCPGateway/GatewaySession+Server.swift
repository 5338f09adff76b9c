import PolicyEngine
import StrictJSON

/// What the server writes.
extension GatewaySession {
    mutating func readFromServer(_ line: LineFramer.Line, _ steps: inout [Step]) {
        switch line {
        case .tooLong(let head, let tail, let count):
            let text = "the server's message of \(count) bytes is larger than the limit of \(options.maxMessage)"
            note(.tooLarge, .toClient, text)
            giveUp(LostID.find(head: head, tail: tail), text, &steps)
        case .line(let bytes, let range, let piece):
            if Self.isBlank(bytes, range) { return }
            do throws(Envelope.Problem) {
                let envelope = try Envelope(bytes, range)
                try read(envelope, Line(bytes: bytes, range: range, piece: piece), &steps)
            } catch {
                note(error.kind, .toClient, error.text)
                // A server's request gets its answer, a client that waits for this very line gets one in its place.
                let isNobodys = error.about == .unknown && error.ids.first.map { openRequest($0) == nil } == true
                if error.about == .request || isNobodys {
                    for id in error.ids { steps.append(.reply(GatewayReply.error(id, error.code, error.text))) }
                } else {
                    giveUp(error.ids.first, "the server's answer cannot be passed on: \(error.text)", &steps)
                }
            }
        }
    }

    /// Tells the client that an answer will not come.
    private mutating func giveUp(_ id: [UInt8]?, _ text: String, _ steps: inout [Step]) {
        guard let id, let known = openRequest(id), let request = open[known], request.isForwarded else { return }
        open[known] = nil
        inFlightChanged = true
        if !request.isCancelled { steps.append(.insert(Self.unavailable(id, text))) }
    }

    private mutating func read(_ envelope: Envelope, _ line: Line, _ steps: inout [Step]) throws(Envelope.Problem) {
        switch envelope.shape {
        case .request(let name, let id): try readRequest(name, id, envelope, line, &steps)
        case .notification(let name):
            if name == "notifications/cancelled", let id = envelope.parameters?["requestId"].flatMap(MessageID.init) {
                openToClient.remove(id)
            }
            if let parameters = envelope.parameters, !InputRequests(in: parameters).isNone {
                // A task's status, in either era: `tasks/get` brings the same, and there they are judged.
                return note(.malformed, .toClient, "\(name.prefix(64)): requests in a notification are not passed on")
            }
            if MCPMethod.find(name, .toClient, isRequest: false) != nil {
                return steps.append(told(name, envelope).map { .insert($0) } ?? .forward(line))
            }
            let call = try call(name, nil, envelope.parameters, .toClient, options.agent, rawID: nil)
            steps.append(
                .candidate(
                    Candidate(
                        line: line, id: nil, rawID: nil, isModern: false, canElicit: false,
                        call: number(call, nil, envelope.parameters, .toClient))))
        case .result(let id, let result):
            let request = try answered(id)
            let rawID = Array(envelope.id!.rawBytes)
            let (line, result) = alone("result", result, rawID, envelope, line)
            readResult(result, request, rawID, line, &steps)
        case .failure(let id, let error):
            let request = try id.map { id throws(Envelope.Problem) in try answered(id) } ?? .unknown
            let rawID = envelope.id.map { Array($0.rawBytes) }
            let (line, error) = alone("error", error, rawID, envelope, line)
            review(error, request, rawID ?? Array("null".utf8), line, asked: [], &steps)
        }
    }

    /// A response without what stands beside it and nobody looks at, where something may be taken out of it.
    private func alone(
        _ key: String, _ value: JSONElement, _ rawID: [UInt8]?, _ envelope: Envelope, _ line: Line
    ) -> (Line, JSONElement) {
        guard judge.redactsAnswers, envelope.hasOthers else { return (line, value) }
        let bytes = GatewayReply.response(rawID, key, Array(value.rawBytes))
        guard
            let again = try? JSONTape(bytes, in: 0..<bytes.count, maxDepth: Envelope.limits.depth).root[key]
        else { return (line, value) }
        return (Line(bytes: bytes, range: 0..<bytes.count, piece: 0), again)
    }

    /// A notification without what is taken out of it, or `nil` where it goes on as it is.
    private func told(_ name: String, _ envelope: Envelope) -> [UInt8]? {
        guard judge.redactsAnswers else { return nil }
        let clean = envelope.parameters.flatMap { judge.redact($0) }
        if clean == nil && !envelope.hasOthers { return nil }
        return GatewayReply.notification(name, clean ?? envelope.parameters.map { Array($0.rawBytes) })
    }

    private mutating func answered(_ id: MessageID) throws(Envelope.Problem) -> OpenRequest {
        guard let request = open[id], request.isForwarded else {
            throw Envelope.Problem(
                code: Envelope.invalidRequest, text: "a response to nothing that was asked", about: .response,
                kind: .unexpected)
        }
        open[id] = nil
        answers += 1
        isImpatient = false
        inFlightChanged = true
        return request
    }

    /// Sampling, elicitation, roots: the server wants something of the client.
    private mutating func readRequest(
        _ name: String, _ id: MessageID, _ envelope: Envelope, _ line: Line, _ steps: inout [Step]
    ) throws(Envelope.Problem) {
        let rawID = Array(envelope.id!.rawBytes)
        func problem(_ text: String) -> Envelope.Problem {
            Envelope.Problem(code: Envelope.invalidRequest, text: text, ids: [rawID], about: .request)
        }
        if case .text(let text) = id, text.hasPrefix(Self.ownPrefix) { throw problem("this id is not the server's") }
        if openToClient.contains(id) { throw problem("this id is in use: its request is not answered yet") }
        if openToClient.count >= options.maxPending {
            throw problem("more than \(options.maxPending) requests are waiting for the client")
        }
        let method = MCPMethod.find(name, .toClient, isRequest: true)
        openToClient.insert(id)
        if let method, method.subject == .none { return steps.append(.forward(line)) }
        let call: ToolCall
        do throws(Envelope.Problem) {
            call = try self.call(name, method, envelope.parameters, .toClient, options.agent, rawID: rawID)
        } catch {
            openToClient.remove(id)
            throw problem(error.text)
        }
        steps.append(
            .candidate(
                Candidate(
                    line: line, id: id, rawID: rawID, isModern: false, canElicit: false,
                    call: number(call, rawID, envelope.parameters, .toClient))))
    }

    // MARK: - Results

    private mutating func readResult(
        _ result: JSONElement, _ request: OpenRequest, _ rawID: [UInt8], _ line: Line, _ steps: inout [Step]
    ) {
        var line = line, result = result
        if let list = request.list, let entries = result[list.member] {
            if request.method == "tools/list" { learnTools(entries) }
            if judge.trimsLists, let trimmed = trim(result, entries, list, request.agent, line) {
                guard let tape = try? JSONTape(trimmed, in: 0..<trimmed.count, maxDepth: Envelope.limits.depth),
                    let again = tape.root["result"]
                else {
                    steps.append(.insert(Self.refusal(rawID, request, "the list could not be trimmed")))
                    return
                }
                line = Line(bytes: trimmed, range: 0..<trimmed.count, piece: 0)
                result = again
            }
        }
        let asked: [GatewayCall]
        switch InputRequests(in: result) {
        case .unreadable(let text):
            note(.malformed, .toClient, text)
            steps.append(.insert(Self.refusal(rawID, request, text)))
            return
        case .some(let requests):
            asked = requests.map { one in
                let call = ToolCall(
                    method: one.method, server: options.server, tool: "", arguments: one.parameters,
                    client: client, agent: request.agent, session: options.session)
                return number(call, nil, one.parameters, .toClient)
            }
        case .none: asked = []
        }
        review(result, request, rawID, line, asked: asked, &steps)
    }

    private func review(
        _ result: JSONElement, _ request: OpenRequest, _ rawID: [UInt8], _ line: Line, asked: [GatewayCall],
        _ steps: inout [Step]
    ) {
        if !asked.isEmpty { steps.append(.inputRequired(asked)) }
        guard judge.reviewsAnswers || !asked.isEmpty else { return steps.append(.forward(line)) }
        let answer = GatewayAnswer(
            method: request.method, tool: request.tool, number: request.number, result: result)
        steps.append(.answer(line, rawID: rawID, request, answer))
    }

    private mutating func learnTools(_ entries: JSONElement) {
        for entry in entries.elements {
            guard let name = entry["name"]?.string, name.utf8.count <= Self.longestAnnotated else { continue }
            learnDescription(entry["description"], name)
            guard let said = entry["annotations"] else {
                annotations[name] = nil
                continue
            }
            // What a server says of its tools is kept within bounds.
            if said.range.count <= 1_024, annotations.count < 1_024 || annotations[name] != nil {
                annotations[name] = said.value
            }
        }
    }
    private static let longestAnnotated = 512

    /// A description that is too long is none, not its beginning: a rule that looks at it cannot be evaluated then.
    private mutating func learnDescription(_ said: JSONElement?, _ name: String) {
        guard let said, said.range.count <= 16_384, descriptions.count < 1_024 || descriptions[name] != nil else {
            descriptions[name] = nil
            return
        }
        descriptions[name] = said.string
    }

    /// Adds what the server says of a tool to what policies see of a call.
    func addWhatIsSaid(of tool: String, to call: inout ToolCall) {
        call.annotations = annotations[tool]
        call.description = descriptions[tool]
    }

    /// The line without the entries that no call could bring through, or `nil` when all of them may stay.
    private func trim(
        _ result: JSONElement, _ entries: JSONElement, _ list: MCPMethod.List, _ agent: AgentIdentity, _ line: Line
    ) -> [UInt8]? {
        guard entries.kind == .array else { return nil }
        let all = entries.elements
        var kept: [JSONElement] = []
        for entry in all {
            // What has no name cannot be called.
            guard let key = entry[list.key], let name = key.string else { continue }
            var call = ToolCall(
                method: list.method, server: options.server, tool: name, client: client, agent: agent,
                session: options.session)
            if list.method == MCPMethod.callTool { addWhatIsSaid(of: name, to: &call) }
            if list.namesAll {
                let text = Array("{\"\(list.key)\":".utf8) + key.rawBytes + [UInt8(ascii: "}")]
                guard let tape = try? JSONTape(text) else { continue }
                call.arguments = tape.root
            }
            if judge.mayPass(call) { kept.append(entry) }
        }
        if kept.count == all.count { return nil }
        var array: [UInt8] = [UInt8(ascii: "[")]
        for (index, entry) in kept.enumerated() {
            if index > 0 { array.append(UInt8(ascii: ",")) }
            array += entry.rawBytes
        }
        array.append(UInt8(ascii: "]"))
        var parts = [(range: entries.range, bytes: array)]
        if let scope = result["cacheScope"] { parts.append((scope.range, Array("\"private\"".utf8))) }
        parts.sort { $0.range.lowerBound < $1.range.lowerBound }
        return Self.splice(line, parts)
    }

    // MARK: - What the judge says of results

    /// Takes out of the requests in an answer what their rulings want out, so that the review sees what goes on.
    static func rewriteInputs(_ steps: inout [Step], _ rulings: [GatewayRuling]) {
        var next = 0
        var parts: [(range: Range<Int>, bytes: [UInt8])] = []
        for index in steps.indices {
            switch steps[index] {
            case .candidate: next += 1
            case .inputRequired(let calls):
                for call in calls {
                    if case .rewrite(let bytes) = rulings[next], let place = call.call.arguments?.range {
                        parts.append((place, bytes))
                    }
                    next += 1
                }
            case .answer(let line, let rawID, let request, var answer) where !parts.isEmpty:
                parts.sort { $0.range.lowerBound < $1.range.lowerBound }
                let bytes = splice(line, parts)
                parts = []
                guard
                    let result = try? JSONTape(bytes, in: 0..<bytes.count, maxDepth: Envelope.limits.depth).root[
                        "result"]
                else {
                    steps[index] = .insert(refusal(rawID, request, "the answer could not be redacted"))
                    continue
                }
                answer.result = result
                steps[index] = .answer(
                    Line(bytes: bytes, range: 0..<bytes.count, piece: 0), rawID: rawID, request, answer)
            default: break
            }
        }
    }

    /// - Returns: Why the result that these requests stand in does not pass; `nil` when it may.
    func problem(of rulings: ArraySlice<GatewayRuling>) -> String? {
        var problem: String?
        for ruling in rulings {
            switch ruling {
            // What is taken out of one is out already.
            case .pass, .rewrite: continue
            case .refuse(let text):
                problem = problem ?? "the server asked for something of the client: \(text)"
            case .ask(let ticket, _):
                judge.withdrawn(ticket: ticket)
                problem = problem ?? "the server asked for something of the client that needs an approval"
            }
        }
        return problem
    }

    /// - Parameter problem: Why nothing of it passes.
    mutating func pass(
        _ answer: GatewayAnswer, _ line: Line, _ rawID: [UInt8], _ request: OpenRequest, _ review: GatewayRuling,
        problem: String?
    ) {
        if let problem {
            if case .ask(let ticket, _) = review { judge.withdrawn(ticket: ticket) }
            return toClient.append(Self.refusal(rawID, request, problem))
        }
        switch review {
        case .pass: forward(line, .toClient)
        case .rewrite(let result):
            toClient.append(Self.splice(line, [(answer.result.range, result)]))
        case .refuse(let text): toClient.append(Self.refusal(rawID, request, text))
        case .ask(let ticket, _):
            judge.withdrawn(ticket: ticket)
            toClient.append(Self.refusal(rawID, request, "the answer needs an approval"))
        }
    }

    /// An answer of the gateway's in the place of the server's.
    private static func refusal(_ rawID: [UInt8], _ request: OpenRequest, _ text: String) -> [UInt8] {
        request.method == MCPMethod.callTool
            ? GatewayReply.toolResult(rawID, text, isModern: request.isModern)
            : GatewayReply.error(rawID, GatewayReply.refused, text)
    }
}
