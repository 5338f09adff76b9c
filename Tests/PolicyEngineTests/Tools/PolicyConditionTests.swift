import StrictJSON
import Testing

@testable import PolicyEngine

@Suite("Conditions: fits, does not, cannot be evaluated")
struct PolicyConditionTests {
    enum Answer: Sendable { case yes, no, unknown }

    static let cases: [(String, String, Answer)] = [
        (#""op": "eq", "value": 1"#, "1", .yes), (#""op": "eq", "value": 1"#, "1.0", .yes),
        (#""op": "eq", "value": 1"#, "2", .no),
        (#""op": "eq", "value": 1"#, "true", .unknown), (#""op": "eq", "value": 1"#, #""1""#, .unknown),
        (#""op": "eq", "value": 9007199254740993"#, "9007199254740992", .no),
        (#""op": "eq", "value": "a""#, #""a""#, .yes),
        (#""op": "eq", "value": "a""#, #"["a"]"#, .unknown), (#""op": "eq", "value": null"#, "null", .yes),
        (#""op": "eq", "value": null"#, "1", .no), (#""op": "eq", "value": 1"#, "null", .unknown),
        (#""op": "eq", "value": [1, {"a": 2}]"#, #"[1.0, {"a": 2}]"#, .yes), (#""op": "eq", "value": [1]"#, "[2]", .no),
        (#""op": "ne", "value": 1"#, "2", .yes), (#""op": "ne", "value": 1"#, "1", .no),
        (#""op": "ne", "value": 1"#, #""2""#, .unknown),
        (#""op": "ne", "value": 1, "ifWrongType": false"#, #""2""#, .no),
        (#""op": "lt", "value": 5"#, "4.9", .yes), (#""op": "lt", "value": 5"#, "5", .no),
        (#""op": "lt", "value": 5"#, #""4""#, .unknown),
        (#""op": "lt", "value": 5"#, "false", .unknown), (#""op": "le", "value": 5"#, "5", .yes),
        (#""op": "gt", "value": 5"#, "6", .yes),
        (#""op": "gt", "value": 5"#, "[6]", .unknown), (#""op": "ge", "value": 5"#, "4", .no),
        (#""op": "lt", "value": 5"#, "-1e300", .yes), (#""op": "in", "value": ["a", 2]"#, "2", .yes),
        (#""op": "in", "value": ["a", 2]"#, #""b""#, .no), (#""op": "in", "value": ["a"]"#, "2", .unknown),
        (#""op": "notIn", "value": ["a"]"#, #""b""#, .yes), (#""op": "notIn", "value": ["a"]"#, #""a""#, .no),
        (#""op": "notIn", "value": ["a"]"#, #"["a"]"#, .unknown), (#""op": "contains", "value": "b""#, #""abc""#, .yes),
        (#""op": "contains", "value": "b""#, #"["a", "b"]"#, .yes),
        (#""op": "contains", "value": "b""#, #"["a"]"#, .no),
        (#""op": "contains", "value": "b""#, #"{"b": 1}"#, .unknown),
        (#""op": "startsWith", "value": "ab""#, #""abc""#, .yes),
        (#""op": "startsWith", "value": "ab""#, #""ba""#, .no), (#""op": "startsWith", "value": "ab""#, "7", .unknown),
        (#""op": "endsWith", "value": "bc""#, #""abc""#, .yes),
        (#""op": "endsWith", "value": "bc""#, #"["abc"]"#, .unknown),
        (#""op": "regex", "value": "^a+$""#, #""aaa""#, .yes), (#""op": "regex", "value": "^a+$""#, #""aab""#, .no),
        (#""op": "regex", "value": "^a+$""#, #""aaa\n""#, .no), (#""op": "regex", "value": "a""#, "1", .unknown),
        (#""op": "glob", "value": "*.txt""#, #""a/b.txt""#, .yes),
        (#""op": "glob", "value": "*.txt""#, #""a.txt\n""#, .no),
        (#""op": "glob", "value": "[ab]?""#, #""bé""#, .yes), (#""op": "glob", "value": "a*""#, "null", .unknown),
        (#""op": "exists""#, "1", .yes), (#""op": "exists""#, "null", .yes),
        (#""op": "exists", "value": false"#, "1", .no),
        (#""op": "eq", "value": "secret", "as": "text""#, #"" SE\u200bCRET\n""#, .yes),
        (#""op": "startsWith", "value": "/etc/", "as": "path""#, #""/srv/../etc/passwd""#, .yes),
        (#""op": "startsWith", "value": "/etc/", "as": "path""#, #""/srv/%2e%2e/etc/passwd""#, .unknown),
    ]

    private func answer(_ test: String, _ arguments: String) throws -> Answer {
        let policy = try oneRule(#""effect": "approve", "when": {"field": "arguments.x", \#(test)}"#, default: "allow")
        let decision = policy.decide(try toolCall("fs.read", arguments), at: atHome)
        if decision.isUnevaluable {
            #expect(decision.effect == .deny)
            return .unknown
        }
        return decision.effect == .approve ? .yes : .no
    }

    @Test("Each operator", arguments: cases)
    func operators(test: String, value: String, expected: Answer) throws {
        #expect(try answer(test, #"{"x": \#(value)}"#) == expected)
    }

    @Test("A missing field: denied, unless the rule says what it means", arguments: FieldTest.Operator.allCases)
    func missing(op: FieldTest.Operator) throws {
        let value =
            switch op {
            case .in, .notIn: #"["a"]"#
            case .lt, .le, .gt, .ge: "1"
            default: #""a""#
            }
        if op == .exists {
            #expect(try answer(#""op": "exists""#, "{}") == .no)
            #expect(try answer(#""op": "exists", "value": false"#, "{}") == .yes)
            return
        }
        let test = #""op": "\#(op.rawValue)", "value": \#(value)"#
        #expect(try answer(test, "{}") == .unknown)
        #expect(try answer(test + #", "ifMissing": false"#, "{}") == .no)
        #expect(try answer(test + #", "ifMissing": true"#, #"{"x": null}"#) == .yes)
        #expect(try answer(test + #", "ifMissing": "deny""#, #"{"x": null}"#) == .unknown)
    }

    @Test(
        "Fields: objects, elements, keys with dots",
        arguments: [
            (#"{"field": "arguments.a.b", "op": "eq", "value": 1}"#, #"{"a": {"b": 1}}"#, Answer.yes),
            (#"{"field": "arguments.a[1]", "op": "eq", "value": 1}"#, #"{"a": [0, 1]}"#, .yes),
            (#"{"field": "arguments.a[2]", "op": "eq", "value": 1}"#, #"{"a": [0, 1]}"#, .unknown),
            (#"{"field": "arguments[\"a.b\"]", "op": "eq", "value": 1}"#, #"{"a.b": 1}"#, .yes),
            (#"{"field": "arguments.a[*].n", "op": "lt", "value": 5}"#, #"{"a": [{"n": 1}, {"n": 2}]}"#, .yes),
            (#"{"field": "arguments.a[*].n", "op": "lt", "value": 5}"#, #"{"a": [{"n": 1}, {"n": 9}]}"#, .unknown),
            (
                #"{"field": "arguments.a[*].n", "op": "lt", "value": 5, "of": "all"}"#, #"{"a": [{"n": 1}, {"n": 9}]}"#,
                .no
            ),
            (
                #"{"field": "arguments.a[*].n", "op": "lt", "value": 5, "of": "any"}"#, #"{"a": [{"n": 1}, {"n": 9}]}"#,
                .yes
            ),
            (
                #"{"field": "arguments.a[*].n", "op": "lt", "value": 5, "of": "any"}"#, #"{"a": [{"n": 1}, {}]}"#,
                .unknown
            ),
            (#"{"field": "arguments.a[*]", "op": "eq", "value": 1}"#, #"{"a": []}"#, .unknown),
            (#"{"field": "agent.id", "op": "eq", "value": "anonymous"}"#, "{}", .yes),
            (#"{"field": "agent.proven", "op": "eq", "value": true}"#, "{}", .no),
            (#"{"field": "tool", "op": "startsWith", "value": "re"}"#, "{}", .yes),
        ])
    func fields(when: String, arguments: String, expected: Answer) throws {
        let policy = try oneRule(#""effect": "approve", "when": \#(when)"#, default: "allow")
        let decision = policy.decide(try toolCall("fs.read", arguments), at: atHome)
        #expect((decision.isUnevaluable ? Answer.unknown : decision.effect == .approve ? .yes : .no) == expected)
    }

    @Test(
        "What is unknown counts only where it could change the answer",
        arguments: [
            ("all", "yes", "unknown", Answer.unknown), ("all", "no", "unknown", .no), ("all", "unknown", "no", .no),
            ("any", "yes", "unknown", .yes), ("any", "unknown", "yes", .yes), ("any", "no", "unknown", .unknown),
            ("all", "yes", "yes", .yes), ("any", "no", "no", .no),
        ])
    func kleene(kind: String, first: String, second: String, expected: Answer) throws {
        let leaf = [
            "yes": #"{"field": "arguments.x", "op": "eq", "value": 1}"#,
            "no": #"{"field": "arguments.x", "op": "eq", "value": 2}"#,
            "unknown": #"{"field": "arguments.y", "op": "eq", "value": 1}"#,
        ]
        let tree = #"{"\#(kind)": [\#(leaf[first]!), \#(leaf[second]!)]}"#
        for (when, answer) in [
            (tree, expected), (#"{"not": \#(tree)}"#, expected == .yes ? .no : expected == .no ? .yes : .unknown),
        ] {
            let policy = try oneRule(#""effect": "approve", "when": \#(when)"#, default: "allow")
            let decision = policy.decide(try toolCall("fs.read", #"{"x": 1}"#), at: atHome)
            #expect((decision.isUnevaluable ? Answer.unknown : decision.effect == .approve ? .yes : .no) == answer)
        }
    }
}

@Suite("Budgets")
struct PolicyBudgetTests {
    private static let rule =
        #""effect": "allow", "budget": {"key": "refunds", "field": "arguments.amount", "limit": 100, "window": "session"}"#

    private func decide(_ arguments: String, spent: Double = 0, session: String = "s") throws -> ToolDecision {
        let account = BudgetAccount(key: "refunds", window: .session, session: "s")
        let moment = PolicyMoment(budgets: BudgetState([account: spent]))
        return try oneRule(Self.rule).decide(toolCall("a.b", arguments, session: session), at: moment)
    }

    @Test("Within the limit, over it, and in another session")
    func sums() throws {
        let decision = try decide(#"{"amount": 40}"#, spent: 60)
        #expect(decision.effect == .allow)
        #expect(decision.charges.map(\.amount) == [40] && decision.charges[0].limit == 100)
        #expect(try decide(#"{"amount": 40.5}"#, spent: 60).effect == .deny)
        #expect(try decide(#"{"amount": 40.5}"#, spent: 60, session: "t").effect == .allow)
    }

    @Test(
        "No amount gives anything back or is free",
        arguments: [
            #"{"amount": -5}"#, #"{"amount": "nan"}"#, #"{"amount": "5"}"#, #"{"amount": null}"#, "{}",
            #"{"amount": [5]}"#, #"{"amount": true}"#,
        ])
    func hostileAmounts(arguments: String) throws {
        let decision = try decide(arguments)
        #expect(decision.effect == .deny && decision.isUnevaluable && decision.charges.isEmpty)
    }

    @Test("An amount that is missing is told without a key that a budget does not have")
    func missingAmount() throws {
        let policy = try oneRule(
            #""effect": "allow", "budget": {"key": "k", "field": "arguments.amount", "limit": 5}"#)
        for arguments in ["{}", #"{"amount": null}"#] {
            let decision = try policy.decide(toolCall("a.b", arguments), at: atHome)
            #expect(
                decision.reason
                    == "rule `r` cannot be evaluated: `arguments.amount` is missing, so what this costs cannot be told")
        }
    }

    @Test("A call over its budget is told so, and without needless noughts")
    func overBudget() throws {
        #expect(
            try decide(#"{"amount": 40.5}"#, spent: 60).reason
                == "rule `r` fits, but its budget `refunds` has 60 of 100 spent in this session, and this is 40.5; the default is deny"
        )
        let times = try oneRule(#""effect": "allow", "budget": {"key": "calls", "limit": 3, "window": "hour"}"#)
        let spent = BudgetState([BudgetAccount(key: "calls", window: .hour, session: ""): 3])
        let moment = PolicyMoment(budgets: spent), call = try toolCall()
        let said = "rule `r` fits, but its budget `calls` has 3 of 3 spent in the last hour; the default is deny"
        #expect(times.decide(call, at: moment).reason == said)
        let explained = times.explain(call, at: moment)
        #expect(explained.decision.reason == said && explained.layers[0].decision.reason == said)
        #expect(
            explained.layers[0].rules[0].words
                == "the budget `calls` has 3 of 3 spent in the last hour, and this is 1")
        // Where another rule decides, its reason stands.
        let two = try policy(
            #"{"version": 1, "rules": [{"id": "r", "effect": "allow", "budget": {"key": "calls", "limit": 3, "window": "hour"}}, {"id": "no", "effect": "deny"}]}"#
        )
        #expect(two.decide(call, at: moment).reason == "denied by rule `no`")
    }

    @Test("Calls are counted")
    func counts() throws {
        let policy = try oneRule(#""effect": "allow", "budget": {"key": "k", "limit": 2, "window": "hour"}"#)
        #expect(policy.usesBudgets)
        for (spent, effect) in [(0.0, ToolEffect.allow), (1, .allow), (2, .deny)] {
            let state = BudgetState([BudgetAccount(key: "k", window: .hour, session: ""): spent])
            #expect(policy.effect(try toolCall(), at: PolicyMoment(now: 7_000, budgets: state)) == effect)
        }
        #expect(policy.decide(try toolCall(), at: PolicyMoment()).charges.map(\.amount) == [1])
    }

    @Test("What was spent and cannot be told, or is no number, denies")
    func unknownState() throws {
        let policy = try oneRule(Self.rule)
        for state in [BudgetState { _ in nil }, BudgetState { _ in .nan }] {
            #expect(
                policy.decide(try toolCall("a.b", #"{"amount": 1}"#), at: PolicyMoment(budgets: state)).isUnevaluable)
        }
    }

    @Test(
        "A key that some readers take for the field's denies, whichever comes first",
        arguments: [
            #"{"amount": 1, "Amount": 900}"#, #"{"AMOUNT": 900, "amount": 1}"#, #"{"Amount": 1}"#,
            #"{"amount\u0000": 900, "amount": 1}"#, #"{"\u0041mount": 1}"#,
        ])
    func lookalikes(arguments: String) throws {
        for rule in [
            #""effect": "allow", "when": {"field": "arguments.amount", "op": "lt", "value": 5, "ifMissing": true}"#,
            #""effect": "deny", "when": {"field": "arguments.amount", "op": "gt", "value": 5, "ifMissing": false}"#,
            #""effect": "deny", "when": {"field": "arguments.amount", "op": "exists", "value": true}"#,
            #""effect": "allow", "budget": {"key": "k", "field": "arguments.amount", "limit": 5}"#,
        ] {
            #expect(try oneRule(rule, default: "allow").effect(toolCall("fs.read", arguments)) == .deny, "\(rule)")
        }
        let nested = #"{"items": [{"price": 1}, {"price": 1, "Price": 900}]}"#
        let rule = #""effect": "allow", "when": {"field": "arguments.items[*].price", "op": "lt", "value": 5}"#
        #expect(try oneRule(rule).effect(toolCall("fs.read", nested)) == .deny)
        #expect(try oneRule(rule).effect(toolCall("fs.read", #"{"items": [{"price": 1, "Prize": 2}]}"#)) == .allow)
    }

    @Test("Texts and keys are compared byte by byte")
    func bytes() throws {
        let allow = #""effect": "allow", "when": {"field": "arguments.Key", "op": "eq", "value": "K"}"#
        #expect(try oneRule(allow).effect(toolCall("fs.read", #"{"Key": "K"}"#)) == .allow)
        #expect(try oneRule(allow).effect(toolCall("fs.read", #"{"Key": "\u212A"}"#)) == .deny)
        #expect(try oneRule(allow).effect(toolCall("fs.read", #"{"\u212Aey": "K"}"#)) == .deny)
    }

    @Test(
        "An address inside of another one is closed by rules that deny, and needs no opening",
        arguments: [
            "https://good.example/?url=http://evil.example/", "https://good.example/http://evil.example:80/x",
            "https://good.example/?u=http%3A%2F%2Fevil.example",
            "https://good.example/?u=http%253a%252F%252fevil.example%252f",
            "see https://good.example/#https:evil.example",
        ])
    func addressInAddress(text: String) throws {
        let call = try toolCall("web.get", #"{"url": "\#(text)"}"#)
        #expect(
            try oneRule(#""effect": "deny", "when": {"anyHost": ["evil.example"]}"#, default: "allow").effect(call)
                == .deny)
        #expect(try oneRule(#""effect": "allow", "when": {"allHosts": ["good.example"]}"#).effect(call) == .allow)
    }
}
