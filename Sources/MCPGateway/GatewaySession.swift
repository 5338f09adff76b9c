public import PolicyEngine
import StrictJSON

/// What a gateway is told before the first byte.
public struct GatewayOptions: Sendable {
    /// The server's name, as policies have it.
    public var server: String
    /// The run's name, as the audit trail has it.
    public var session: String
    /// Who asks, where a request brings no token of its own.
    public var agent: AgentIdentity
    /// What a token in a request's `_meta` proves; `nil` where nobody can tell, and such tokens count for nothing.
    public var identify: (@Sendable (_ token: String) throws(IdentityProblem) -> AgentIdentity)?
    /// Bytes of a message at most.
    public var maxMessage = 64 << 20
    /// Requests that wait for an answer at once, at most; further ones are not read as long as that cannot hold up anything else.
    public var maxPending = 4_096
    /// Judged calls a second; 0 is as many as come.
    public var maxCallsPerSecond = 0

    public init(server: String, session: String = "", agent: AgentIdentity = .anonymous) {
        self.server = server
        self.session = session
        self.agent = agent
    }
}

/// One client and one server with a judge between them: bytes in, bytes out, nothing else. Not for two threads at once.
///
/// What is allowed goes on byte for byte, in its order. What is refused is answered in its order.
public struct GatewaySession {
    public var toClient = OutputQueue()
    public var toServer = OutputQueue()

    let options: GatewayOptions
    let judge: any GatewayJudge
    var clientLines: LineFramer
    var serverLines: LineFramer
    /// What the client wrote and waits for room among the open requests.
    private var unread: [LineFramer.Line] = []
    private var clientTime: Int64 = 0
    /// Since there was no room, until some of the open requests are answered.
    private var isFull = false
    /// The server answers nothing: what the client wrote is read, room or not.
    var isImpatient = false
    /// Whether some of ``open`` may be cancelled.
    private var hasCancelled = false
    /// How many answers of the server's came: whoever waits for room sees by it that waiting is of use.
    public internal(set) var answers: UInt64 = 0
    /// The client's requests that the server has to answer, by their id.
    var open: [MessageID: OpenRequest] = [:]
    /// The server's requests that the client has to answer.
    var openToClient: Set<MessageID> = []
    var held: [UInt64: HeldCall] = [:]
    /// The gateway's own requests to the client, each about one held call.
    var questions: [MessageID: UInt64] = [:]
    var nextQuestion = 1
    /// The last requests that were refused: their cancellation is about nothing.
    var refused: [MessageID] = []
    var refusedAt = 0
    var judged: UInt64 = 0
    var client: String?
    var clientCanElicit = false
    /// Whether it was said that tokens count for nothing here.
    var hasIgnoredToken = false
    /// What the server says of its tools.
    var annotations: [String: JSONValue] = [:]
    var descriptions: [String: String] = [:]
    var notes: [GatewayNote] = []
    var rate: (second: Int64, calls: Int) = (0, 0)
    /// The server has ended, or reads no more.
    var serverIsGone = false
    private var hasEnded = false
    /// Whether ``callsInFlight`` may have changed.
    public internal(set) var inFlightChanged = false

    public init(_ options: GatewayOptions, judge: any GatewayJudge) {
        self.options = options
        self.judge = judge
        clientLines = LineFramer(limit: options.maxMessage)
        serverLines = LineFramer(limit: options.maxMessage)
    }

    /// A line with its end.
    struct Line {
        let bytes: [UInt8]
        let range: Range<Int>
        let piece: UInt64
    }

    struct OpenRequest {
        let method: String
        let tool: String
        /// 0 for what was not judged.
        let number: UInt64
        let list: MCPMethod.List?
        let agent: AgentIdentity
        let isModern: Bool
        /// Whether it is with the server.
        var isForwarded: Bool
        var isCancelled = false

        /// Of an error that says of no request that it is about it.
        static let unknown = OpenRequest(
            method: "", tool: "", number: 0, list: nil, agent: .anonymous, isModern: false, isForwarded: true)
    }

    /// A message that is with the judge.
    struct Candidate {
        let line: Line
        let id: MessageID?
        /// As written.
        let rawID: [UInt8]?
        let isModern: Bool
        let canElicit: Bool
        let call: GatewayCall
    }

    struct HeldCall {
        let candidate: Candidate
        /// What the client has to bring along, in the modern era.
        var state: String?
        var question: MessageID?
        /// How it ended elsewhere, until the client brings the call again.
        var ending: GatewayRuling?
        /// Bytes that are kept for it: what was read in one go with it, too.
        var size: Int { candidate.line.bytes.count }
    }
    private static let mostEnded = 64
    /// Bytes of calls that wait for a person, besides one of any length.
    private static let mostHeldBytes = 64 << 20

    /// What is to be done about one line, in the order of the lines.
    enum Step {
        case forward(Line)
        case reply([UInt8])
        case candidate(Candidate)
        case cancellation(Line, MessageID?)
        /// The calls that are in the answer which follows.
        case inputRequired([GatewayCall])
        /// Of the gateway's own, the way that the lines go.
        case insert([UInt8])
        case answer(Line, rawID: [UInt8], OpenRequest, GatewayAnswer)
    }

    // MARK: - In

    /// Takes what the client wrote.
    /// - Parameter now: Seconds of a clock that does not jump, for the rate.
    public mutating func feed(fromClient bytes: [UInt8], now: Int64 = 0) {
        clientTime = now
        unread += clientLines.take(bytes)
        readClient()
    }

    /// The client will write nothing more.
    public mutating func clientEnded() {
        stopHoldingBack()
        var steps: [Step] = []
        if let line = clientLines.finish() { readFromClient(line, clientTime, &steps) }
        carryOut(steps, .toServer)
        for ticket in held.keys.sorted() { judge.withdrawn(ticket: ticket) }
        held = [:]
        questions = [:]
    }

    /// Takes what the server wrote.
    public mutating func feed(fromServer bytes: [UInt8]) {
        var steps: [Step] = []
        for line in serverLines.take(bytes) { readFromServer(line, &steps) }
        carryOut(steps, .toClient)
        readClient()
    }

    /// The server will write nothing more: whoever waits for it is told.
    public mutating func serverEnded() {
        guard !hasEnded else { return }
        hasEnded = true
        var steps: [Step] = []
        if let line = serverLines.finish() { readFromServer(line, &steps) }
        carryOut(steps, .toClient)
        serverIsGone = true
        inFlightChanged = true
        answerOpen()
        readClient()
        answerOpen()
        for ticket in held.keys.sorted() { judge.withdrawn(ticket: ticket) }
        held = [:]
        questions = [:]
        toServer.removeAll()
        tellNotes()
    }

    private mutating func answerOpen() {
        let left = open.filter { !$0.value.isCancelled }
        for (id, _) in left.sorted(by: { $0.value.number < $1.value.number }) {
            toClient.append(Self.unavailable(id.json))
        }
        if !left.isEmpty {
            note(.ended, .toClient, "the server ended with \(left.count) request\(left.count == 1 ? "" : "s") open")
        }
        open = [:]
    }

    /// The server has closed its standard input: what it was asked before it may still answer.
    public mutating func serverStoppedReading() {
        serverIsGone = true
        toServer.removeAll()
    }

    /// Ends the wait of a call that the judge asked somebody about.
    public mutating func settle(ticket: UInt64, _ ruling: GatewayRuling) {
        endWait(ticket, ruling)
        readClient()
    }

    mutating func endWait(_ ticket: UInt64, _ ruling: GatewayRuling) {
        guard let call = held.removeValue(forKey: ticket) else { return }
        withdrawQuestion(of: call)
        // In the modern era the client already has an answer, and will bring the call again.
        if call.state != nil {
            let ended = held.filter { $0.value.ending != nil }.keys
            if ended.count >= Self.mostEnded, let oldest = ended.min() { held[oldest] = nil }
            held[ticket] = call
            held[ticket]?.ending = ruling
            return
        }
        if case .ask = ruling { return apply(.refuse("it was asked about twice"), to: call.candidate) }
        apply(ruling, to: call.candidate)
        tellNotes()
    }

    /// What the client still shows of it is of no use any more.
    private mutating func withdrawQuestion(of call: HeldCall) {
        guard let question = call.question, questions.removeValue(forKey: question) != nil else { return }
        toClient.append(GatewayReply.cancellation(question.json))
    }

    /// Whether it is the id of a question of the gateway's own, answered or withdrawn.
    func wasAsked(_ id: MessageID) -> Bool {
        guard case .text(let text) = id, text.hasPrefix(Self.ownPrefix),
            let number = Int(text.dropFirst(Self.ownPrefix.count))
        else { return false }
        return (1..<nextQuestion).contains(number)
    }

    /// Bytes that are kept at the moment.
    public var heldBytes: Int {
        clientLines.heldCount + serverLines.heldCount + toClient.count + toServer.count
            + unread.reduce(0) { $0 + $1.heldCount }
    }

    /// The calls that the server is at work on, oldest first, at most eight.
    public mutating func callsInFlight() -> [CallInFlight] {
        inFlightChanged = false
        let calls = open.filter { $0.value.number > 0 && $0.value.isForwarded && !$0.value.isCancelled }
        return calls.sorted { $0.value.number < $1.value.number }.prefix(8).map { id, call in
            CallInFlight(request: id.value, method: call.method, tool: call.tool)
        }
    }

    /// Nobody reads what goes to the client.
    public mutating func dropClient() { toClient.removeAll() }

    /// Standard error that nobody read was dropped.
    mutating func noteDropped(_ count: Int) {
        note(.dropped, .toClient, "\(count) bytes of the server's standard error were dropped: nobody read it")
        tellNotes()
    }

    // MARK: - Room

    /// Whether something that the client wrote waits for room among the open requests: then nothing more is to be read of it.
    public var holdsBackClient: Bool { !unread.isEmpty }

    /// Reads what waits, room or not, and so on until the server answers something: a cancellation may be what it waits for.
    public mutating func stopHoldingBack() {
        isImpatient = true
        readClient()
    }

    private mutating func readClient() {
        while !unread.isEmpty {
            var steps: [Step] = [], next = 0
            while next < unread.count, !waitsForRoom() {
                readFromClient(unread[next], clientTime, &steps)
                next += 1
            }
            if next == 0 { return }
            unread.removeFirst(next)
            carryOut(steps, .toServer)
        }
    }

    /// Once there is no room, some of it has to come back: for each single request judge and disk would be asked anew.
    private mutating func waitsForRoom() -> Bool {
        let most = isFull ? options.maxPending - max(1, options.maxPending / 8) : options.maxPending - 1
        if open.count > most { forgetCancelled() }
        isFull = open.count > most
        // The answer that the server, or a call, waits for may be behind what waits here.
        return isFull && openToClient.isEmpty && questions.isEmpty && !serverIsGone && !isImpatient
    }

    private mutating func forgetCancelled() {
        if !hasCancelled { return }
        hasCancelled = false
        for (id, request) in open where request.isCancelled { open[id] = nil }
    }

    // MARK: - Out

    mutating func carryOut(_ steps: [Step], _ way: GatewayWay) {
        var steps = steps
        let rulings = rulings(for: steps)
        Self.rewriteInputs(&steps, rulings)
        let reviews = reviews(of: steps)
        var nextRuling = 0, nextReview = 0
        var problem: String?
        for step in steps {
            switch step {
            case .forward(let line): forward(line, way)
            case .reply(let bytes): append(bytes, way == .toServer ? .toClient : .toServer)
            case .candidate(let candidate):
                apply(rulings[nextRuling], to: candidate)
                nextRuling += 1
            case .cancellation(let line, let id): cancel(line, id)
            case .insert(let bytes):
                append(bytes, way)
                problem = nil
            case .inputRequired(let calls):
                problem = self.problem(of: rulings[nextRuling..<(nextRuling + calls.count)])
                nextRuling += calls.count
            case .answer(let line, let rawID, let request, let answer):
                pass(answer, line, rawID, request, reviews[nextReview], problem: problem)
                problem = nil
                nextReview += 1
            }
        }
        tellNotes()
    }

    private func rulings(for steps: [Step]) -> [GatewayRuling] {
        var calls: [GatewayCall] = []
        for step in steps {
            switch step {
            case .candidate(let candidate): calls.append(candidate.call)
            case .inputRequired(let asked): calls += asked
            default: break
            }
        }
        if calls.isEmpty { return [] }
        let rulings = judge.judge(calls)
        return rulings.count == calls.count ? rulings : calls.map { _ in .refuse("the policy gave no answer") }
    }

    private func reviews(of steps: [Step]) -> [GatewayRuling] {
        let answers = steps.compactMap { if case .answer(_, _, _, let answer) = $0 { answer } else { nil } }
        if answers.isEmpty { return [] }
        let reviews = judge.reviewsAnswers ? judge.review(answers) : answers.map { _ in .pass }
        return reviews.count == answers.count ? reviews : answers.map { _ in .refuse("the answer was not looked at") }
    }

    mutating func forward(_ line: Line, _ way: GatewayWay) {
        if way == .toServer {
            toServer.append(line.bytes, line.range, piece: line.piece)
        } else {
            toClient.append(line.bytes, line.range, piece: line.piece)
        }
    }

    mutating func apply(_ ruling: GatewayRuling, to candidate: Candidate) {
        switch ruling {
        case .pass: send(candidate) { $0.forward(candidate.line, candidate.call.way) }
        case .rewrite(let arguments):
            guard let place = candidate.call.call.arguments?.range else {
                return refuse(candidate, "nothing can be taken out of it")
            }
            send(candidate) {
                $0.append(Self.splice(candidate.line, [(place, arguments)]), candidate.call.way)
            }
        case .refuse(let text): refuse(candidate, text)
        case .ask(let ticket, let question): hold(candidate, ticket, question)
        }
    }

    mutating func append(_ bytes: [UInt8], _ way: GatewayWay) {
        if way == .toServer { toServer.append(bytes) } else { toClient.append(bytes) }
    }

    private mutating func send(_ candidate: Candidate, _ body: (inout GatewaySession) -> Void) {
        if let id = candidate.id, candidate.call.way == .toServer {
            if serverIsGone {
                open[id] = nil
                return toClient.append(Self.unavailable(candidate.rawID ?? id.json))
            }
            open[id]?.isForwarded = true
            inFlightChanged = true
        }
        body(&self)
    }

    mutating func refuse(_ candidate: Candidate, _ text: String) {
        guard let id = candidate.id, let rawID = candidate.rawID else { return }  // nobody waits for an answer
        switch candidate.call.way {
        case .toClient:
            openToClient.remove(id)
            toServer.append(GatewayReply.error(rawID, GatewayReply.refused, text))
        case .toServer:
            open[id] = nil
            remember(refused: id)
            toClient.append(
                candidate.call.call.method == MCPMethod.callTool
                    ? GatewayReply.toolResult(rawID, text, isModern: candidate.isModern)
                    : GatewayReply.error(rawID, GatewayReply.refused, text))
        }
    }

    private mutating func hold(_ candidate: Candidate, _ ticket: UInt64, _ question: String?) {
        // Who cannot be answered cannot be asked about, and the server's own requests are not for asking.
        guard let id = candidate.id, let rawID = candidate.rawID, candidate.call.way == .toServer, held[ticket] == nil
        else {
            judge.withdrawn(ticket: ticket)
            return refuse(candidate, "it needs an approval that nobody can be asked for here")
        }
        var call = HeldCall(candidate: candidate)
        guard makesRoom(for: call) else {
            judge.withdrawn(ticket: ticket)
            return refuse(candidate, "it needs an approval, and too many calls wait for one; make it again later")
        }
        if let question, candidate.canElicit {
            if candidate.isModern {
                let state = "agentbound:\(ticket):\(UInt64.random(in: 0 ... .max)):\(UInt64.random(in: 0 ... .max))"
                call.state = state
                open[id] = nil
                toClient.append(GatewayReply.inputRequired(rawID, question, state: state))
            } else {
                let own = MessageID.text("\(Self.ownPrefix)\(nextQuestion)")
                nextQuestion += 1
                call.question = own
                questions[own] = ticket
                toClient.append(GatewayReply.elicitation(own.json, question))
            }
        }
        held[ticket] = call
    }

    /// In the modern era a call that waits has its answer, and so is not among the open requests: the same one, sent over and over,
    /// would be kept over and over. What ended and was never fetched goes first.
    private mutating func makesRoom(for call: HeldCall) -> Bool {
        while held.count >= options.maxPending
            || !held.isEmpty && held.values.reduce(call.size, { $0 + $1.size }) > Self.mostHeldBytes
        {
            guard let oldest = held.filter({ $0.value.ending != nil }).keys.min() else { return false }
            held[oldest] = nil
        }
        return true
    }

    /// Ids that the gateway's own requests to the client begin with; no server may use them.
    static let ownPrefix = "agentbound:"

    mutating func remember(refused id: MessageID) {
        if refused.count < 256 {
            refused.append(id)
        } else {
            refused[refusedAt] = id
            refusedAt = (refusedAt + 1) % 256
        }
    }

    /// A cancellation goes where its request went: nowhere, when that was refused or waits for a person.
    private mutating func cancel(_ line: Line, _ id: MessageID?) {
        guard let id else { return forward(line, .toServer) }
        if let ticket = held.first(where: { $0.value.candidate.id == id && $0.value.state == nil })?.key {
            let call = held.removeValue(forKey: ticket)
            if let call { withdrawQuestion(of: call) }
            open[id] = nil
            judge.withdrawn(ticket: ticket)
            return
        }
        if open[id] == nil && refused.contains(id) { return }
        open[id]?.isCancelled = true
        hasCancelled = true
        inFlightChanged = true
        forward(line, .toServer)
    }

    // MARK: - Help

    mutating func note(_ kind: GatewayNote.Kind, _ way: GatewayWay, _ text: String) {
        if notes.count < 64 { notes.append(GatewayNote(kind, way, text)) }
    }

    mutating func tellNotes() {
        if notes.isEmpty { return }
        judge.note(notes)
        notes = []
    }

    static func unavailable(_ id: [UInt8], _ text: String = "the server has ended") -> [UInt8] {
        GatewayReply.error(id, GatewayReply.unavailable, text)
    }

    /// The line with the ranges replaced, which are in order and do not overlap.
    static func splice(_ line: Line, _ parts: [(range: Range<Int>, bytes: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(line.range.count + 64)
        var at = line.range.lowerBound
        for part in parts {
            bytes += line.bytes[at..<part.range.lowerBound]
            bytes += part.bytes
            at = part.range.upperBound
        }
        bytes += line.bytes[at..<line.range.upperBound]
        if bytes.last != 0x0A { bytes.append(0x0A) }
        return bytes
    }
}
