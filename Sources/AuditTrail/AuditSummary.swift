public import StrictJSON

/// What a journal adds up to, one event after the other. Memory is bounded: beyond ``limit`` names of one sort, the rest are
/// counted under one.
public struct AuditSummary: Sendable {
    /// How many names are told apart in each table, and how many events a list holds.
    public static let limit = 2_000, listLimit = 200
    public static let others = "(others)"

    public struct Counts: Hashable, Sendable {
        public var allowed = 0, denied = 0, asked = 0, errors = 0, facts = 0
        public var first = "", last = ""
        public init() {}
        public var total: Int { allowed + denied + errors + facts }

        mutating func add(_ decision: AuditEvent.Decision, isAsked: Bool, _ time: String) {
            switch decision {
            case .allow: allowed += 1
            case .deny: denied += 1
            case .error: errors += 1
            case .info: facts += 1
            }
            if isAsked { asked += 1 }
            if first.isEmpty || time < first { first = time }
            if time > last { last = time }
        }
    }

    /// Something that was refused, as often as it was.
    public struct Refused: Hashable, Sendable {
        public var rule: String, reason: String, subject: String, server: String
        public var count = 0
        public var last = ""
        /// The tool calls in flight at the last time.
        public var call = ""
    }

    public struct Mention: Hashable, Sendable {
        public var seq: UInt64
        public var time: String, server: String, subject: String, decision: String, rule: String, reason: String
        public var score = 0
    }

    /// What a writer says of its own record: requests that are not in it, or stand in it otherwise than they went.
    public struct Shortfall: Hashable, Sendable {
        public var seq: UInt64
        public var time: String
        public var kind: Kind

        public enum Kind: Hashable, Sendable {
            /// Requests that passed and that were refused, and other events, between two moments.
            case unrecorded(passed: Int64, refused: Int64, others: Int64, from: String, to: String)
            /// So many requests that are recorded as allowed, among these events.
            case refusedAfterAll(count: Int64, first: Int64, last: Int64)
        }
    }

    public private(set) var all = Counts()
    /// What a gateway decided about: events of kind `tool` without those about lines that are no calls.
    public private(set) var calls = Counts()
    public private(set) var kinds: [String: Counts] = [:]
    public private(set) var servers: [String: Counts] = [:]
    public private(set) var agents: [String: Counts] = [:]
    public private(set) var tools: [String: Counts] = [:]
    public private(set) var rules: [String: Counts] = [:]
    public private(set) var sessions = 0
    public private(set) var deniedCalls: [String: Refused] = [:]
    public private(set) var boxDenials: [String: Refused] = [:]
    /// The last ones.
    public private(set) var threats: [Mention] = [], approvals: [Mention] = []
    public private(set) var threatCount = 0, approvalCount = 0
    /// The last ones.
    public private(set) var shortfalls: [Shortfall] = []
    public private(set) var unrecordedCount: Int64 = 0, refusedAfterAllCount: Int64 = 0
    public private(set) var callTimes = Durations(), sessionTimes = Durations()
    /// Lines that are no events.
    public var unreadable = 0

    private var openSessions: [String: (server: String, start: String)] = [:]

    public init() {}

    /// The server that an event is about: a tool event names it, a box event belongs to the session of one.
    public func server(of event: EventFields, _ detail: JSONValue?) -> String {
        detail?["server"]?.string ?? openSessions[event.session]?.server ?? ""
    }

    /// - Parameter known: The server that the event's session is about, where its start is not among what is added.
    public mutating func add(_ event: EventFields, server known: String? = nil) {
        guard let kind = event.kind, let decision = event.decision else {
            unreadable += 1
            return
        }
        let time = event.timeText, rule = event.rule
        // Only of events whose facts are counted the facts are read.
        let isCounted = kind == .tool || (kind == .box && decision != .allow)
        let detail = isCounted ? event.detail : nil
        if kind == .lifecycle {
            follow(event, rule, time)
            account(event, rule, time)
        }
        var server = server(of: event, detail)
        if server.isEmpty, let known { server = known }
        let isCall = kind == .tool && detail?["agent"] != nil
        let isApproval = isCall && detail?["effect"]?.string?.hasPrefix("approve") == true
        let isAsked = isApproval && decision == .info && event.reason.hasPrefix(ToolEvent.asked)
        func count(_ table: inout [String: Counts], _ name: String) {
            if name.isEmpty { return }
            let key = table[name] != nil || table.count < Self.limit ? name : Self.others
            table[key, default: Counts()].add(decision, isAsked: isAsked, time)
        }
        all.add(decision, isAsked: isAsked, time)
        count(&kinds, kind.rawValue)
        count(&servers, server)
        if kind == .tool {
            if isCall {
                calls.add(decision, isAsked: isAsked, time)
                count(&agents, detail?["agent"]?.string ?? "")
                count(&tools, event.subject)
            }
            count(&rules, rule)
            if let microseconds = detail?["microseconds"]?.int64 { callTimes.add(microseconds) }
        }
        guard isCounted || kind == .consent else { return }
        func mention(_ score: Int) -> Mention {
            Mention(
                seq: event.seq, time: time, server: server, subject: event.subject, decision: decision.rawValue,
                rule: rule,
                reason: event.reason, score: score)
        }
        let threat = Int(detail?["threat"]?.int64 ?? 0)
        if threat > 0 {
            threatCount += 1
            Self.keep(mention(threat), in: &threats)
        }
        if kind == .consent || isApproval {
            approvalCount += 1
            Self.keep(mention(threat), in: &approvals)
        }
        guard decision == .deny || decision == .error else { return }
        if isCall { Self.refuse(&deniedCalls, event, server, detail) }
        if kind == .box { Self.refuse(&boxDenials, event, server, detail) }
    }

    private static func refuse(
        _ table: inout [String: Refused], _ event: EventFields, _ server: String, _ detail: JSONValue?
    ) {
        var key = "\(server)\u{0}\(event.rule)\u{0}\(event.subject)"
        if table[key] == nil && table.count >= limit { key = others }
        var entry =
            table[key]
            ?? Refused(
                rule: event.rule, reason: event.reason, subject: key == others ? key : event.subject,
                server: server)
        entry.count += 1
        entry.last = event.timeText
        entry.call = calls(detail?["call"])
        table[key] = entry
    }

    private static func calls(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        let calls = value.array ?? [value]
        return calls.map { call in
            let request = call["request"].map { $0.string ?? $0.text() } ?? "?"
            return "#\(request) \(call["tool"]?.string ?? "")"
        }.joined(separator: ", ")
    }

    private mutating func follow(_ event: EventFields, _ rule: String, _ time: String) {
        if rule == "start" {
            sessions += 1
            if openSessions.count < Self.limit { openSessions[event.session] = (event.subject, time) }
        } else if rule == "end", let start = openSessions[event.session]?.start,
            let from = Timestamp(start)?.microseconds, let to = Timestamp(time)?.microseconds
        {
            sessionTimes.add(to - from)
        }
    }

    private mutating func account(_ event: EventFields, _ rule: String, _ time: String) {
        guard rule == JournalFormat.unrecordedRule || rule == JournalFormat.refusedRule,
            event.subject == JournalFormat.recoverySubject
        else { return }
        let detail = event.detail
        // Within bounds, whoever wrote it, so that a sum is never too much.
        func number(_ key: String) -> Int64 { min(max(detail[key]?.int64 ?? 0, 0), 1 << 32) }
        let kind: Shortfall.Kind
        if rule == JournalFormat.unrecordedRule {
            kind = .unrecorded(
                passed: number("passed"), refused: number("refused"), others: number("others"),
                from: detail["from"]?.string ?? "", to: detail["to"]?.string ?? "")
            unrecordedCount += number("passed") + number("refused")
        } else {
            kind = .refusedAfterAll(count: number("refused"), first: number("first"), last: number("last"))
            refusedAfterAllCount += number("refused")
        }
        Self.keep(Shortfall(seq: event.seq, time: time, kind: kind), in: &shortfalls)
    }

    private static func keep<Entry>(_ entry: Entry, in list: inout [Entry]) {
        list.append(entry)
        if list.count >= 2 * listLimit { list.removeFirst(list.count - listLimit) }
    }
}

/// How long things took: their number, mean and greatest, in microseconds.
public struct Durations: Hashable, Sendable {
    public private(set) var count = 0, greatest: Int64 = 0
    private var sum = 0.0

    public var mean: Int64 { count == 0 ? 0 : Int64(sum / Double(count)) }

    mutating func add(_ microseconds: Int64) {
        guard microseconds >= 0 else { return }
        count += 1
        sum += Double(microseconds)
        greatest = max(greatest, microseconds)
    }
}
