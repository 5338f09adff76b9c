extension FactTest {
    func evaluate(_ call: ToolCall, _ work: inout DecisionWork) -> Truth {
        work.culprit = nil
        if fact == .text {
            if list.isFound(in: call.tool) { return .yes }
            guard let arguments = call.arguments else { return .no }
            return list.isFound(in: arguments).map { .of($0) }
                ?? .unknown(.fact(.text, "it is JSON in JSON, deeper or larger than can be looked at"))
        }
        work.findFacts(of: call)
        if work.facts.isCut { return .unknown(.fact(fact, "there are more than can be looked at")) }
        switch fact {
        case .path: return kind == .any ? anyPath(&work) : allPaths(&work)
        case .host: return hosts(&work)
        case .command, .text: return commands(&work)
        }
    }

    private func anyPath(_ work: inout DecisionWork) -> Truth {
        let closed = list.paths(at: work)
        if let problem = closed.problem { return .unknown(.fact(.path, problem)) }
        if work.facts.names.contains(where: closed.closes(name:)) { return .yes }
        var unknown: Truth?
        for index in work.facts.paths.indices {
            let candidate = work.facts.paths[index]
            if !candidate.isCertain {
                // There can be very many of these.
                if PathReader.isBareName(candidate.text) {
                    if closed.closes(name: candidate.text) { return .yes }
                    continue
                }
                if !work.spend(on: candidate.text) {
                    return .unknown(.fact(.path, "there are more texts that may be paths than can be looked at"))
                }
                if PathReader.isPlainName(candidate.text) {
                    if closed.closes(name: FoldedText.fold(candidate.text)) { return .yes }
                    continue
                }
            }
            let readings = work.readings(at: index)
            if readings.paths.contains(where: closed.closes) {
                work.culprit = .init(.path, candidate.argument)
                return .yes
            }
            if candidate.isCertain, let problem = readings.problem {
                unknown = unknown ?? .unknown(.fact(.path, problem))
            }
        }
        return unknown ?? .no
    }

    private func allPaths(_ work: inout DecisionWork) -> Truth {
        let open = list.paths(at: work)
        if let problem = open.problem { return .unknown(.fact(.path, problem)) }
        var unknown: Truth?
        for index in work.facts.paths.indices {
            let candidate = work.facts.paths[index]
            if !candidate.isCertain || except.contains(candidate.argument) { continue }
            let readings = work.readings(at: index)
            if !readings.paths.allSatisfy(open.opens) {
                work.culprit = .init(.path, candidate.argument, exceptKey: exceptKey)
                return .of(kind == .outside)
            }
            if let problem = readings.problem { unknown = unknown ?? .unknown(.fact(.path, problem)) }
        }
        return unknown ?? .of(kind == .all)
    }

    private func hosts(_ work: inout DecisionWork) -> Truth {
        var unknown: Truth?
        for host in work.facts.hosts {
            if kind == .any {
                if list.mayClose(host) {
                    work.culprit = .init(.host, host.argument)
                    return .yes
                }
                if host.isCertain, !host.isReadable { unknown = .unknown(unreadable(host)) }
            } else if host.isCertain, !except.contains(host.argument), !list.opens(host) {
                if !host.isReadable { return .unknown(unreadable(host)) }
                work.culprit = .init(.host, host.argument, exceptKey: exceptKey)
                return .of(kind == .outside)
            }
        }
        return unknown ?? .of(kind == .all)
    }

    private func unreadable(_ host: NamedHost) -> Unknown {
        let culprit = DecisionWork.Culprit(.host, host.argument, exceptKey: exceptKey)
        return .fact(.host, "it cannot be told which host is meant" + culprit.words)
    }

    private func commands(_ work: inout DecisionWork) -> Truth {
        for command in work.facts.commands {
            if kind == .any {
                if list.mayStart(command) { return .yes }
                continue
            }
            guard let program = CommandText.program(of: command) else {
                return .unknown(.fact(.command, "only a shell can tell which programs it starts"))
            }
            if !list.holds(program: program) { return .of(kind == .outside) }
        }
        return .of(kind == .all)
    }
}

/// What one decision has worked out of the call so far, so that no two rules do it again.
struct DecisionWork {
    let moment: PolicyMoment
    private(set) var facts = CallFacts()
    private var reader: PathReader?
    private var known: [PathReadings?] = []
    /// What made the last test of facts what it came to, where that is one argument.
    var culprit: Culprit?
    /// What may still be spent on texts that only may be paths, so that no arguments keep a decision for long.
    private var left = 10_000

    struct Culprit {
        let fact: CallFact
        let argument: String
        /// Under which key of the policy the argument could be said to hold no path, or no host.
        let exceptKey: String?

        init(_ fact: CallFact, _ argument: String, exceptKey: String? = nil) {
            self.fact = fact
            self.argument = argument
            self.exceptKey = exceptKey
        }

        /// Without what stands there, which may be nobody's business.
        var words: String {
            let name = printable(String(argument.prefix(64)))
            if argument.isEmpty { return "" }
            let isMeant = KeyMeaning(argument).contains(fact == .host ? .host : .path)
            guard let exceptKey, !isMeant else { return ": the argument `\(name)`" }
            let what = fact == .host ? "text whose addresses nobody opens" : "text that is no path"
            return ": the argument `\(name)`; `\(exceptKey): [\(name)]` if it holds \(what)"
        }
    }

    init(_ moment: PolicyMoment) { self.moment = moment }

    mutating func findFacts(of call: ToolCall) {
        if reader != nil { return }
        reader = PathReader(moment)
        facts = CallFacts(of: call)
        known = Array(repeating: nil, count: facts.paths.count)
    }

    mutating func readings(at index: Int) -> PathReadings {
        if let readings = known[index] { return readings }
        // Links are followed for what is certainly a path: each costs a look at the disk.
        let candidate = facts.paths[index]
        let readings = (reader ?? PathReader(moment)).readings(of: candidate.text, followingLinks: candidate.isCertain)
        known[index] = readings
        return readings
    }

    /// - Returns: Whether there is something left to spend.
    mutating func spend(on text: String) -> Bool {
        left -= PathReader.isPlainName(text) ? 1 : 10
        return left >= 0
    }

    func readings(of text: String) -> PathReadings { PathReader(moment).readings(of: text, followingLinks: true) }
}
