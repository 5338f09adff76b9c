import StrictJSON
import Testing

@testable import PolicyEngine

@Suite("Policy files are read strictly")
struct PolicyDocumentTests {
    @Test(
        "Times are seconds, or a number with a unit, and too much is no crash",
        arguments: [
            ("90", 90), (#""90s""#, 90), (#""2m""#, 120), (#""1h""#, 3_600), (#""1d""#, 86_400), (#""2d""#, nil),
            ("0", nil),
            (#""9223372036854775807h""#, nil), (#""99999999999999999999s""#, nil), (#""+5m""#, nil), (#""-5m""#, nil),
            (#""m""#, nil), (#""""#, nil), (#""5 m""#, nil), (#""5w""#, nil), ("1e999", nil), (#""٥m""#, nil),
        ] as [(String, Double?)])
    func times(text: String, seconds: Double?) throws {
        let policy = #"{"version": 1, "rules": [], "approvals": {"timeout": \#(text)}}"#
        guard let root = try? OverrideNode(json: Array(policy.utf8)) else { return }
        let document = PolicyDocument(root, name: "p")
        #expect(document.layer.approvals.timeout == seconds && document.problems.isEmpty == (seconds != nil))
    }

    @Test("A reason is one line, however it is written")
    func reasonsOfSeveralLines() throws {
        let reason = #"money leaves,\r\nand does not\ncome back\n"#
        let text = #"{"version": 1, "rules": [{"effect": "deny", "reason": "\#(reason)"}]}"#
        let document = PolicyDocument(try OverrideNode(json: Array(text.utf8)), name: "p")
        #expect(document.layer.rules[0].reason == "money leaves, and does not come back")
    }

    @Test(
        "Each mistake is named with its place",
        arguments: [
            ("[]", "a policy is an object"), ("{}", "`version: 1` is missing"),
            (#"{"version": 2}"#, "`version` has to be 1"),
            (#"{"version": 1, "rulez": []}"#, "did you mean `rules`?"),
            (#"{"version": 1, "default_effect": "deny"}"#, "did you mean `default`?"),
            (#"{"version": 1, "default": "redact"}"#, "there is no effect `redact`"),
            (#"{"version": 1, "order": "firstmatch"}"#, "did you mean `first-match`?"),
            (#"{"version": 1, "rules": {}}"#, "`rules` is a list"),
            (#"{"version": 1, "rules": [1]}"#, "a rule is an object, not a number"),
            (#"{"version": 1, "rules": [{}]}"#, "the rule's `effect` is missing"),
            (#"{"version": 1, "rules": [{"effect": "require_approval"}]}"#, "did you mean `approve`?"),
            (#"{"version": 1, "rules": [{"effect": "alow"}]}"#, "did you mean `allow`?"),
            (#"{"version": 1, "rules": [{"effect": "allow", "tool": "x"}]}"#, "did you mean `tools`?"),
            (#"{"version": 1, "rules": [{"effect": "allow", "tools": []}]}"#, "`tools` is an empty list"),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "tools": [5]}]}"#,
                "an entry of tools` is a string, not a number"
            ),
            (#"{"version": 1, "rules": [{"effect": "allow", "tools": ["a[b"]}]}"#, "`[` has no `]`"),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "id": "a"}, {"effect": "deny", "id": "a"}]}"#,
                "was given in line 1 already"
            ),
            (#"{"version": 1, "rules": [{"effect": "redact"}]}"#, "says which fields"),
            (#"{"version": 1, "rules": [{"effect": "deny", "redact": ["a"]}]}"#, "nothing is left to redact"),
            (#"{"version": 1, "rules": [{"effect": "allow", "when": {}}]}"#, "a condition has one of"),
            (#"{"version": 1, "rules": [{"effect": "allow", "when": {"all": []}}]}"#, "not empty"),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"all": [], "any": []}}]}"#,
                "a condition has one of"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "amount", "op": "lt", "value": 1}}]}"#,
                "did you mean `arguments.amount`?"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "not_in", "value": [1]}}]}"#,
                "did you mean `notIn`?"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "lt", "value": "1"}}]}"#,
                "`lt` compares with a number"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "in", "value": "x"}}]}"#,
                "`in` compares with a list"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "lt"}}]}"#,
                "`value` is missing"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "regex", "value": "(a"}}]}"#,
                "missing )"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "regex", "value": "(?=a)"}}]}"#,
                "cannot be used"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a[", "op": "exists"}}]}"#,
                "`[` has no `]`"
            ),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "agent.name", "op": "exists"}}]}"#,
                "an agent has"
            ),
            (#"{"version": 1, "rules": [{"effect": "allow", "when": {"anyPath": ["/x"]}}]}"#, "use `allPaths`"),
            (#"{"version": 1, "rules": [{"effect": "deny", "when": {"allPaths": ["/x"]}}]}"#, "use `anyPath`"),
            (
                #"{"version": 1, "rules": [{"effect": "deny", "when": {"anyPath": ["~bob/x"]}}]}"#,
                "`~name` is not known"
            ),
            (#"{"version": 1, "rules": [{"effect": "deny", "when": {"anyHost": ["a b"]}}]}"#, "a b"),
            (
                #"{"version": 1, "rules": [{"effect": "deny", "when": {"anyPath": ["/x"], "op": "eq"}}]}"#,
                "does not go with"
            ),
            (#"{"version": 1, "rules": [{"effect": "allow", "budget": {"key": "a"}}]}"#, "a `key` and a `limit`"),
            (#"{"version": 1, "rules": [{"effect": "allow", "budget": {"key": "a", "limit": -1}}]}"#, "not negative"),
            (
                #"{"version": 1, "rules": [{"effect": "allow", "budget": {"key": "a", "limit": 1, "window": "week"}}]}"#,
                "no window `week`"
            ),
            (#"{"version": 1, "rules": [{"effect": "allow", "minThreatScore": 1.5}]}"#, "a whole number"),
            (#"{"version": 1, "rules": [{"effect": "allow", "class": "safe"}]}"#, "is for `order: classify-then-map`"),
            (#"{"version": 1, "order": "classify-then-map"}"#, "needs `classes`"),
            (
                #"{"version": 1, "order": "classify-then-map", "classes": {"safe": "allow"}, "rules": [{"class": "saf"}]}"#,
                "did you mean `safe`?"
            ),
            (#"{"version": 1, "servers": {"a": {"allowed_tools": ["x"]}}}"#, "did you mean `allowedTools`?"),
            (#"{"version": 1, "servers": {"a": {}}}"#, "nothing is said about the server"),
            (#"{"version": 1, "servers": {"a": {"notPaths": ["x"]}}}"#, "goes with `allowedPaths`"),
            (#"{"version": 1, "servers": {"a": {"notHosts": ["x"]}}}"#, "goes with `allowedHosts`"),
            (#"{"version": 1, "default": 3}"#, "`default` is"),
            (#"{"version": 1, "approvals": {"timeout": "2 minutes"}}"#, "a time is"),
            (#"{"version": 1, "redaction": {"secrets": 1}}"#, "true or false"),
        ])
    func mistakes(json: String, words: String) throws {
        let problems = try policyProblems(json)
        #expect(problems.contains { $0.contains(words) }, "\(problems)")
    }

    @Test("All of them at once, in the order of the file")
    func all() throws {
        let problems = try policyProblems(
            """
            {"version": 1, "defalt": "deny",
             "rules": [{"effect": "alow"},
                       {"effect": "allow", "tools": []}]}
            """)
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("1:16: ") && problems[1].hasPrefix("2:") && problems[2].hasPrefix("3:"))
    }

    @Test("Rules that nothing is left for are warned of")
    func unreachable() throws {
        let document = PolicyDocument(
            try OverrideNode(
                json: Array(
                    #"{"version": 1, "rules": [{"id": "a", "effect": "allow", "tools": ["fs.*"]}, {"id": "b", "effect": "deny", "tools": ["fs.read"], "methods": ["tools/call"]}, {"id": "c", "effect": "deny", "tools": ["web.*"]}]}"#
                        .utf8)), name: "t")
        #expect(document.problems.isEmpty && document.warnings.count == 1)
        #expect(document.warnings[0].message.contains("`b` never decides"))
    }

    private func warnings(_ rules: String) throws -> [String] {
        let document = PolicyDocument(
            try OverrideNode(json: Array(#"{"version": 1, "rules": [\#(rules)]}"#.utf8)), name: "t")
        #expect(document.problems.isEmpty)
        return document.warnings.map(\.description)
    }

    @Test("A later rule that no tool call reaches is warned of, with its place")
    func coveredForToolCalls() throws {
        let all = #"{"id": "all", "effect": "allow", "tools": ["*"]}"#
        #expect(
            try warnings(all + #", {"id": "no", "effect": "deny", "tools": ["a.b"]}"#) == [
                "1:76: the rule `no` never decides about a tool call: `all` (line 1) comes first and answers all its calls with allow"
            ])
        #expect(try warnings(all + #", {"id": "no", "effect": "deny", "methods": ["resources/*"]}"#) == [])
        #expect(
            try warnings(
                #"{"id": "all", "effect": "allow", "tools": ["*"], "when": {"allPaths": ["."]}}, {"id": "no", "effect": "deny"}"#
            ) == [])
    }

    @Test("A pattern without a place for the dot fits no tool")
    func withoutDot() throws {
        #expect(
            try warnings(
                #"{"effect": "allow", "tools": ["get_time", "get?time", "*x", "a.b", "[!a]"], "notTools": ["rm"]}"#)
                == [
                    "1:56: `get_time` fits no `server.tool`; write `*.get_time` or use `toolNames`",
                    "1:115: `rm` fits no `server.tool`; write `*.rm` or use `notToolNames`",
                ])
    }

    @Test("The short form closes first and opens last")
    func servers() throws {
        let policy = try policy(
            #"{"version": 1, "servers": {"fs": {"allowedTools": ["r*", "w*"], "deniedTools": ["rm"]}}, "rules": [{"effect": "approve", "tools": ["fs.w*"]}]}"#
        )
        #expect(policy.effect(try toolCall("fs.read")) == .allow)
        #expect(policy.effect(try toolCall("fs.rm")) == .deny)
        #expect(policy.effect(try toolCall("fs.write")) == .approve)
        #expect(policy.effect(try toolCall("fs.stat")) == .deny)
        #expect(policy.effect(try toolCall("web.read")) == .deny)
    }

    @Test("Settings are read, and layers join them to the stricter")
    func settings() throws {
        let policy = try policy(
            #"{"version": 1, "approvals": {"timeout": "2m", "onTimeout": "allow"}, "redaction": {"secrets": true}}"#,
            #"{"version": 1, "approvals": {"timeout": 30, "onTimeout": "deny"}, "redaction": {"emails": true}}"#)
        #expect(policy.approvalTimeout == 30)
        #expect(policy.redaction == RedactionSettings(secrets: true, emails: true))
    }

    @Test(
        "A call passes unanswered only where every layer that asks about it says so, and none forbids it",
        arguments: [
            (["approve allow"], true), (["approve"], false), (["approve deny"], false),
            (["approve allow", "approve allow"], true),
            // What one layer says of its questions is nothing about another's.
            (["approve", "allow allow"], false), (["allow allow", "approve"], false),
            (["approve", "approve allow"], false), (["approve allow", "approve"], false),
            (["approve allow", "allow"], true), (["approve allow", "allow deny"], false),
            (["approve-strong allow"], false), (["approve allow", "approve-strong allow"], false),
        ])
    func unanswered(layers: [String], passes: Bool) throws {
        for isRule in [false, true] {
            let texts = layers.map { layer in
                let words = layer.split(separator: " ")
                let answer = words.count > 1 ? #", "approvals": {"onTimeout": "\#(words[1])"}"# : ""
                return isRule
                    ? #"{"version": 1, "rules": [{"effect": "\#(words[0])"}]\#(answer)}"#
                    : #"{"version": 1, "default": "\#(words[0])"\#(answer)}"#
            }
            let decision = try ToolPolicy(layers: texts.map { try policyLayer($0) }).decide(
                toolCall("fs.read"), at: atHome)
            #expect(decision.effect >= .approve && decision.passesUnanswered == passes)
        }
    }
}
