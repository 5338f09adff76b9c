import ArgumentParser
import AuditTrail
import Glibc
import PolicyEngine
import StrictJSON
import Synchronization

struct PolicyTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run a file of calls against policies and compare the decisions.",
        discussion: """
            The file is a list of calls in YAML or JSON, or one JSON call a line where its name ends in
            .jsonl. Each is written as for `policy explain`, with
            `expect`, the effect, and if it matters `rule`, the rule's id; one of them has to be there. Budgets are charged
            from call to call.

            Exit codes: 0 all as expected; 1 some were not; 64 usage; 65 malformed; 66 a file is missing.

            Example:
              agentbound policy test policy.yaml calls.yaml
            """)

    @Argument(help: ArgumentHelp("Policy files, then the file of calls.", valueName: "file"))
    var files: [String]

    @OptionGroup var options: PolicyCallOptions

    /// For `make bench`: decides all calls this often, and prints what one decision takes of the processor.
    @Option(help: ArgumentHelp("Decide all calls N times and print nanoseconds for one.", visibility: .hidden))
    var measure: Int?

    func validate() throws {
        if files.count < 2 { throw ValidationError("give at least one policy, and the file of calls") }
    }

    func run() throws {
        let policy = try PolicyFile.load(files.dropLast(), format: options.reading.format)
        let calls = try Self.calls(files.last ?? "", server: options.server)
        if let measure {
            let moment = try options.moment()
            return try writeOutput("\(Self.nanoseconds(policy, calls.map(\.call), moment, times: max(measure, 1)))")
        }
        let spent = Mutex<[BudgetAccount: Double]>([:])
        let budgets = BudgetState { account in spent.withLock { $0[account] ?? 0 } }
        let moment = try options.moment(budgets: budgets)
        let outcomes = calls.map { input in
            let decision = policy.decide(input.call, at: moment)
            // What a person has to agree to first is not spent yet.
            if decision.effect <= .redact {
                spent.withLock { for charge in decision.charges { $0[charge.account, default: 0] += charge.amount } }
            }
            return Outcome(input: input, decision: decision)
        }
        let failed = outcomes.count { !$0.isExpected }
        if options.reading.json {
            try writeOutput(
                JSONValue.object([
                    JSONMember("calls", .integer(outcomes.count)), JSONMember("failed", .integer(failed)),
                    JSONMember("results", .array(outcomes.map(\.json))),
                ]).text(pretty: true))
        } else {
            let lines = outcomes.enumerated().compactMap { $1.failure(number: $0 + 1) }
            try writeOutput(
                (lines + ["\(outcomes.count - failed) of \(outcomes.count) calls as expected"]).joined(separator: "\n"))
        }
        if failed > 0 { throw ExitCode(1) }
    }

    /// Of this thread's processor time, for one decision.
    private static func nanoseconds(
        _ policy: ToolPolicy, _ calls: [ToolCall], _ moment: PolicyMoment, times: Int
    ) -> Int {
        func processorTime() -> Int {
            var time = timespec()
            // The structure is ours for the length of the call.
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
        }
        for call in calls { _ = policy.decide(call, at: moment) }
        let start = processorTime()
        for _ in 0..<times { for call in calls { _ = policy.decide(call, at: moment) } }
        return (processorTime() - start) / max(times * calls.count, 1)
    }

    struct Outcome {
        let input: CallInput
        let decision: ToolDecision

        /// A call of which nothing is expected tests nothing.
        private var isChecked: Bool { input.expect != nil || input.rule != nil }

        var isExpected: Bool {
            isChecked && (input.expect == nil || input.expect == decision.effect)
                && (input.rule == nil || input.rule == decision.rule)
        }

        func failure(number: Int) -> String? {
            if isExpected { return nil }
            let wanted =
                isChecked
                ? [input.expect?.rawValue, input.rule.map { "by \($0)" }].compactMap { $0 }.joined(separator: " ")
                : "nothing: it has no `expect`"
            return
                "call \(number) (\(input.call.server).\(input.call.tool)): expected \(wanted), got \(decision.effect.rawValue) by \(decision.rule)"
                .terminalSafe
                + "\n  \(decision.reason.terminalSafe)"
        }

        var json: JSONValue {
            var members = decision.json.members ?? []
            members.append(JSONMember("ok", .bool(isExpected)))
            return .object(members)
        }
    }

    /// Reads a list of calls, or one call a line.
    static func calls(_ name: String, server: String?) throws(Refusal) -> [CallInput] {
        let bytes = try PolicyFile.contents(name, "the calls")
        var values: [JSONValue] = []
        if name.hasSuffix(".jsonl") {
            for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .enumerated()
            where !line.allSatisfy({ $0 <= 0x20 }) {
                do { values.append(try JSONValue(parsing: Array(line))) } catch {
                    throw Refusal(
                        .malformed,
                        "\(name.terminalSafe): line \(index + 1): \((error.errors.first?.description ?? "no JSON").terminalSafe)",
                        next: "`agentbound policy test --help`")
                }
            }
        } else {
            let root: OverrideNode
            do throws(OverrideSyntaxError) { root = try PolicyFile.tree(bytes, name) } catch {
                throw Refusal(
                    .malformed, error.problems.map { "\(name):\($0)".terminalSafe }.joined(separator: "\n"),
                    next: "`agentbound policy test --help`")
            }
            guard let list = root.json?.array else {
                throw Refusal(
                    .malformed, "\(name.terminalSafe): no list of calls", next: "`agentbound policy test --help`")
            }
            values = list
        }
        if values.isEmpty {
            throw Refusal(
                .malformed, "\(name.terminalSafe): there are no calls", next: "`agentbound policy test --help`")
        }
        var calls: [CallInput] = []
        for (index, value) in values.enumerated() {
            do throws(Refusal) { calls.append(try CallInput(value, server: server)) } catch {
                throw Refusal(
                    error.cause, "\(name.terminalSafe): call \(index + 1): \(error.message)", next: error.next)
            }
        }
        return calls
    }
}
