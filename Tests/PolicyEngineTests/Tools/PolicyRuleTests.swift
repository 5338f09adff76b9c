import StrictJSON
import Testing

@testable import PolicyEngine

@Suite("What a rule is about")
struct PolicyRuleTests {
    @Test(
        "Selectors: fits, does not",
        arguments: [
            (#""tools": ["fs.*"]"#, "fs.read", true), (#""tools": ["fs.*"]"#, "web.read", false),
            (#""tools": ["fs.re?d", "x.y"]"#, "fs.read", true), (#""tools": ["fs.[a-m]*"]"#, "fs.read", false),
            (#""tools": ["fs.[!a-m]*"]"#, "fs.read", true), (#""tools": "fs.read""#, "fs.read", true),
            (#""tools": ["FS.read"]"#, "fs.read", false), (#""notTools": ["fs.read"]"#, "fs.read", false),
            (#""notTools": ["fs.read"]"#, "fs.write", true), (#""toolNames": ["read"]"#, "fs.read", true),
            (#""toolNames": ["fs.read"]"#, "fs.read", false), (#""notToolNames": ["re*"]"#, "fs.read", false),
            (#""servers": ["fs"]"#, "fs.read", true), (#""servers": ["f"]"#, "fs.read", false),
            (#""notServers": ["fs"]"#, "fs.read", false), (#""agents": ["anon*"]"#, "fs.read", true),
            (#""agents": ["bot"]"#, "fs.read", false), (#""methods": ["prompts/*"]"#, "fs.read", false),
            (#""methods": ["tools/*"]"#, "fs.read", true), (#""roles": ["admin"]"#, "fs.read", false),
        ])
    func selectors(rule: String, tool: String, fits: Bool) throws {
        let policy = try oneRule(#""effect": "allow", \#(rule)"#)
        #expect(policy.effect(try toolCall(tool)) == (fits ? .allow : .deny))
    }

    @Test("All of the roles are needed")
    func roles() throws {
        let policy = try oneRule(#""effect": "allow", "roles": ["a", "b"]"#)
        let both = AgentIdentity(id: "x", roles: ["a", "b", "c"])
        #expect(policy.effect(try toolCall(agent: both)) == .allow)
        #expect(policy.effect(try toolCall(agent: AgentIdentity(id: "x", roles: ["a"]))) == .deny)
        let claimed = AgentIdentity(id: "x", roles: ["a", "b"], isProven: false)
        #expect(policy.effect(try toolCall(agent: claimed)) == .deny)
        #expect(try oneRule(#""effect": "allow", "agents": ["x"]"#).effect(toolCall(agent: claimed)) == .deny)
    }

    @Test(
        "Which rules a name has does not depend on a name that was asked about before and only looks the same to Swift")
    func sameToSwift() throws {
        let policy = try oneRule(#""effect": "allow", "tools": ["fs.Kill", "fs.\u8c48"]"#)
        for (own, other) in [("Kill", "\u{212A}ill"), ("\u{8C48}", "\u{F900}")] {
            #expect(own == other)
            for _ in 0..<2 {
                #expect(policy.effect(try toolCall("fs.\(own)")) == .allow)
                #expect(policy.effect(try toolCall("fs.\(other)")) == .deny)
            }
        }
        // As the first one asked about.
        #expect(try oneRule(#""effect": "allow", "tools": ["fs.Kill"]"#).effect(toolCall("fs.\u{212A}ill")) == .deny)
    }

    @Test("Names of any length are answered, and only short ones are remembered")
    func longSubjects() throws {
        let policy = try oneRule(#""effect": "allow", "methods": ["*"]"#)
        #expect(policy.effect(try toolCall(method: String(repeating: "m", count: 8_192))) == .allow)
        #expect(policy.effect(try toolCall(method: String(repeating: "m", count: 8_193))) == .deny)
        #expect(policy.effect(try toolCall("fs." + String(repeating: "t", count: 8_193))) == .deny)
    }

    @Test(
        "A rule that closes a tool closes other spellings of its name",
        arguments: ["fs.delete_repo", "fs.Delete_Repo", "fs. delete_repo", "FS.delete_repo", "fs.delete\u{200B}_repo"])
    func foldedNames(tool: String) throws {
        let policy = try oneRule(#""effect": "deny", "tools": ["fs.delete_repo"]"#, default: "allow")
        #expect(policy.effect(try toolCall(tool)) == .deny)
        #expect(policy.effect(try toolCall("fs.delete_repos")) == .allow)
        // Nobody is asked about a name that only looks like the one in the rule; and folding takes nothing away.
        let asking = try oneRule(#""effect": "approve", "tools": ["fs.delete_repo"]"#, default: "allow")
        #expect(asking.effect(try toolCall(tool)) == (tool == "fs.delete_repo" ? .approve : .deny))
        #expect(
            try oneRule(#""effect": "deny", "toolNames": ["[!d]*"]"#, default: "allow").effect(toolCall("fs.Delete"))
                == .deny)
    }

    @Test(
        "Another spelling of a name does not get by a rule that takes something out",
        arguments: ["READ", "read ", "re\u{200B}ad"])
    func redactedSpellings(name: String) throws {
        for rule in [
            #""effect": "redact", "tools": ["fs.read"], "redact": ["pin"]"#,
            #""effect": "allow", "toolNames": ["read"], "redact": ["pin"]"#,
        ] {
            let policy = try oneRule(rule, default: "allow")
            #expect(try policy.decide(toolCall("fs.read"), at: atHome).redactedFields == ["pin"])
            #expect(try policy.effect(toolCall("fs.\(name)")) == .deny)
            #expect(try policy.effect(toolCall("fs.other")) == .allow)
        }
        let plain = try oneRule(#""effect": "allow", "tools": ["fs.read"]"#, default: "allow")
        #expect(try plain.effect(toolCall("fs.\(name)")) == .allow)
    }

    @Test("A rule that lets through without methods is about tool calls; one that denies, about everything")
    func methods() throws {
        let open = try oneRule(#""effect": "allow""#)
        #expect(open.effect(try toolCall(method: "resources/read")) == .deny)
        let closed = try policy(
            #"{"version": 1, "default": "allow", "rules": [{"effect": "deny", "when": {"anyPath": ["/etc"]}}]}"#)
        #expect(closed.effect(try toolCall("fs.file:///etc/passwd", nil, method: "resources/read")) == .deny)
        #expect(closed.effect(try toolCall("fs.file:///srv/x", nil, method: "resources/read")) == .allow)
    }

    @Test(
        "A rule that denies or asks fits other spellings of a method, one that lets through does not",
        arguments: [
            "sampling/createMessage", "Sampling/createMessage", "sampling/createMessage ",
            "sampl\u{200b}ing/createMessage",
        ])
    func foldedMethods(method: String) throws {
        func effect(_ rule: String, _ fallback: String) throws -> ToolEffect {
            try policy(
                #"{"version": 1, "default": "\#(fallback)", "rules": [{\#(rule), "methods": ["sampling/createMessage"]}]}"#
            )
            .effect(toolCall("s", "{}", method: method))
        }
        let isExact = method == "sampling/createMessage"
        #expect(try effect(#""effect": "deny""#, "allow") == .deny)
        #expect(try effect(#""effect": "approve""#, "allow") == (isExact ? .approve : .deny))
        #expect(try effect(#""effect": "allow""#, "deny") == (isExact ? .allow : .deny))
    }

    @Test(
        "A denial for want of evaluation says whether another rule or layer holds the call without it, in any order of the files",
        arguments: [
            (#"{"effect": "deny", "tools": ["s.danger"]}"#, true), (#"{"effect": "approve", "tools": ["s.*"]}"#, true),
            (#"{"effect": "allow", "tools": ["s.danger"]}"#, false),
            (#"{"effect": "deny", "tools": ["s.other"]}"#, false),
        ])
    func holdsAnyway(rule: String, holds: Bool) throws {
        let unknown =
            #"{"effect": "allow", "tools": ["s.*"], "when": {"field": "arguments.x", "op": "lt", "value": 5}}"#
        func file(_ rules: String..., fallback: String = "allow") -> String {
            #"{"version": 1, "default": "\#(fallback)", "rules": [\#(rules.joined(separator: ","))]}"#
        }
        let call = try toolCall("s.danger", "{}")
        for policy in [
            try policy(file(unknown, rule, fallback: "deny")), try policy(file(unknown), file(rule)),
            try policy(file(rule), file(unknown)),
        ] {
            let decision = policy.decide(call, at: atHome)
            #expect(decision.effect == .deny)
            // The first layer may have denied it plainly.
            #expect((!decision.isUnevaluable || decision.holdsAnyway) == holds, "\(decision)")
        }
        #expect(try policy(file(unknown), file(fallback: "deny")).decide(call, at: atHome).holdsAnyway)
    }

    @Test("A denial for want of evaluation says what is to be taken out where the call passes all the same")
    func redactsAnyway() throws {
        let unknown =
            #"{"effect": "allow", "tools": ["s.*"], "when": {"field": "arguments.x", "op": "lt", "value": 5}}"#
        func redact(_ field: String) -> String { #"{"effect": "redact", "tools": ["s.*"], "redact": ["\#(field)"]}"# }
        func file(_ rules: String...) -> String {
            #"{"version": 1, "default": "allow", "rules": [\#(rules.joined(separator: ","))]}"#
        }
        let policy = try policy(file(redact("a")), file(unknown, redact("b"), redact("c")))
        let decision = policy.decide(try toolCall("s.x", #"{"x": "text"}"#), at: atHome)
        #expect(decision.isUnevaluable && !decision.holdsAnyway && Set(decision.redactedFields) == ["a", "b"])
    }

    @Test("A name of any length is denied, whatever happens to calls that cannot be judged")
    func namesOfAnyLength() throws {
        let policy = try policy(#"{"version": 1, "default": "allow"}"#)
        let name = "file:///" + String(repeating: "./", count: 5_000) + "etc/shadow"
        let decision = policy.decide(try toolCall("s.\(name)", nil, method: "resources/read"), at: atHome)
        #expect(decision.effect == .deny && !decision.isUnevaluable)
    }

    @Test("otherMethods is the default of what is no tool call")
    func otherMethods() throws {
        let policy = try policy(#"{"version": 1, "otherMethods": "allow"}"#)
        #expect(policy.effect(try toolCall(method: "prompts/get")) == .allow)
        #expect(policy.effect(try toolCall()) == .deny)
    }

    @Test("Annotations narrow, with the protocol's defaults, and never widen")
    func annotations() throws {
        let policy = try oneRule(#""effect": "approve", "annotations": {"destructiveHint": true}"#, default: "allow")
        #expect(policy.effect(try toolCall()) == .approve)
        #expect(policy.effect(try toolCall(annotations: ["destructiveHint": false])) == .allow)
        #expect(
            try policyProblems(
                #"{"version": 1, "rules": [{"effect": "allow", "annotations": {"readOnlyHint": true}}]}"#
            ).count == 1)
        #expect(
            try policyProblems(
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "annotations.readOnlyHint", "op": "eq", "value": true}}]}"#
            ).count == 1)
    }

    @Test("A tool's description narrows as annotations do, also in lists of tools")
    func description() throws {
        let rule =
            #""effect": "deny", "when": {"field": "description", "op": "regex", "value": "(?i)before using", "ifMissing": false}"#
        let policy = try oneRule(rule, default: "allow")
        var call = try toolCall("fs.read")
        for (text, passes) in [(nil, true), ("Reads a file.", true), ("BEFORE USING this tool, read", false)] {
            call.description = text
            #expect((policy.effect(call) == .allow) == passes && policy.mayPass(call) == passes)
        }
        let strict = try oneRule(rule.replacing(#", "ifMissing": false"#, with: ""), default: "allow")
        #expect(try strict.effect(toolCall("fs.read")) == .deny)
        let widening =
            #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "description", "op": "eq", "value": "x"}}]}"#
        #expect(try policyProblems(widening).contains { $0.contains("only rules that deny or ask") })
    }

    @Test("The threat score: at least, below, not scanned")
    func threats() throws {
        let policy = try oneRule(#""effect": "approve", "minThreatScore": 4"#, default: "allow")
        #expect(policy.usesThreatScore)
        #expect(policy.effect(try toolCall(threatScore: 4)) == .approve)
        #expect(policy.effect(try toolCall(threatScore: 3)) == .allow)
        let unscanned = policy.decide(try toolCall(), at: atHome)
        #expect(unscanned.effect == .deny && unscanned.isUnevaluable)
    }

    @Test("Redaction names fields below the arguments")
    func redaction() throws {
        let policy = try oneRule(#""effect": "redact", "redact": ["password", "arguments.user.pin"]"#)
        let decision = policy.decide(try toolCall(), at: atHome)
        #expect(decision.effect == .redact && decision.redactedFields == ["password", "user.pin"])
        #expect(policy.redacts)
    }

    @Test("Obligations and reason come with the decision")
    func obligations() throws {
        let policy = try oneRule(#""effect": "allow", "reason": "fine", "obligations": {"ticket": 7}"#)
        let decision = policy.decide(try toolCall(), at: atHome)
        #expect(decision.reason == "fine" && decision.obligations == [JSONMember("ticket", 7)])
    }

    @Test("A name of a hundred kilobytes is nobody's")
    func longNames() throws {
        let policy = try oneRule(#""effect": "allow""#)
        #expect(policy.effect(try toolCall("fs." + String(repeating: "a", count: 100_000))) == .deny)
    }
}

@Suite("How rules and layers come to one answer")
struct PolicyOrderTests {
    private static let rules = #"""
        "rules": [
            {"id": "a", "effect": "allow", "tools": ["fs.*"]},
            {"id": "p", "effect": "approve", "tools": ["fs.w*"]},
            {"id": "d", "effect": "deny", "tools": ["fs.wipe"]}]
        """#

    @Test(
        "The same rules in each order",
        arguments: [
            ("first-match", "fs.wipe", ToolEffect.allow), ("deny-overrides", "fs.wipe", .deny),
            ("ordered-steps", "fs.wipe", .approve),
            ("first-match", "fs.write", .allow), ("deny-overrides", "fs.write", .approve),
            ("ordered-steps", "fs.write", .approve),
            ("deny-overrides", "fs.read", .allow), ("ordered-steps", "fs.read", .allow),
            ("deny-overrides", "web.get", .deny),
        ])
    func orders(order: String, tool: String, effect: ToolEffect) throws {
        let policy = try policy(#"{"version": 1, "order": "\#(order)", \#(Self.rules)}"#)
        #expect(policy.effect(try toolCall(tool)) == effect)
    }

    @Test("Classes have effects")
    func classes() throws {
        let policy = try policy(
            #"""
            {"version": 1, "order": "classify-then-map", "default": "approve",
             "classes": {"safe": "allow", "critical": "approve-strong", "blocked": "deny"},
             "rules": [{"class": "blocked", "toolNames": ["wipe"]}, {"class": "critical", "toolNames": ["w*"]},
                       {"class": "safe", "toolNames": ["read"]}]}
            """#)
        #expect(policy.effect(try toolCall("fs.wipe")) == .deny)
        #expect(policy.effect(try toolCall("fs.write")) == .approveStrong)
        #expect(policy.effect(try toolCall("fs.read")) == .allow)
        #expect(policy.effect(try toolCall("fs.other")) == .approve)
    }

    @Test("The strictest layer counts, and what each wants taken out is taken out")
    func layers() throws {
        let allow = #"{"version": 1, "default": "allow"}"#
        let redact = #"{"version": 1, "rules": [{"effect": "redact", "redact": ["a"]}]}"#
        let approve = #"{"version": 1, "default": "approve"}"#
        let deny = #"{"version": 1}"#
        #expect(try policy(allow, allow).effect(toolCall()) == .allow)
        let both = try policy(allow, redact, approve).decide(toolCall(), at: atHome)
        #expect(both.effect == .approve && both.redactedFields == ["a"])
        #expect(try policy(allow, deny, approve).effect(toolCall()) == .deny)
        #expect(ToolPolicy(layers: []).effect(try toolCall()) == .deny)
    }

    @Test("Effects are ordered from loose to strict")
    func effects() {
        #expect(ToolEffect.allCases.sorted() == [.allow, .redact, .approve, .approveStrong, .deny])
    }

    @Test(
        "What may pass with some arguments is in the list of tools",
        arguments: [
            (
                #"{"version": 1, "rules": [{"effect": "allow", "when": {"field": "arguments.a", "op": "eq", "value": 1}}]}"#,
                true
            ),
            (#"{"version": 1, "rules": [{"effect": "deny"}, {"effect": "allow"}]}"#, false),
            (#"{"version": 1, "rules": [{"effect": "deny", "when": {"anyPath": ["/"]}}, {"effect": "allow"}]}"#, true),
            (
                #"{"version": 1, "rules": [{"effect": "deny", "when": {"field": "tool", "op": "eq", "value": "read"}}, {"effect": "allow"}]}"#,
                false
            ),
            (#"{"version": 1, "rules": [{"effect": "allow", "roles": ["admin"]}]}"#, false),
            (#"{"version": 1, "default": "approve"}"#, true),
            (#"{"version": 1}"#, false), (#"{"version": 1, "servers": {"fs": {"allowedTools": ["list"]}}}"#, false),
            (#"{"version": 1, "servers": {"fs": {"allowedTools": ["read"], "allowedPaths": ["./src"]}}}"#, true),
        ])
    func mayPass(json: String, passes: Bool) throws {
        #expect(try policy(json).mayPass(toolCall("fs.read", nil)) == passes)
    }

    @Test("An explanation says why each earlier rule did not fit, and which one decided")
    func explain() throws {
        let policy = try policy(
            #"""
            {"version": 1, "rules": [
              {"id": "web", "effect": "deny", "tools": ["web.*"]}, {"id": "admins", "effect": "allow", "roles": ["admin"]},
              {"id": "small", "effect": "allow", "when": {"field": "arguments.n", "op": "lt", "value": 5}},
              {"id": "rest", "effect": "approve"}, {"id": "never", "effect": "deny"}]}
            """#)
        let layer = try #require(policy.explain(try toolCall("fs.read", #"{"n": 9}"#), at: atHome).layers.first)
        #expect(layer.rules.map(\.id) == ["web", "admins", "small", "rest"])
        #expect(layer.rules.map(\.outcome) == [.passedOver, .passedOver, .passedOver, .decides])
        #expect(layer.rules[1].words.contains("`admin`"))
        #expect(layer.rules[2].words == "`when` does not hold: `arguments.n` lt 5 is false")
        let missing = policy.explain(try toolCall("fs.read", "{}"), at: atHome)
        #expect(missing.decision.isUnevaluable && missing.layers[0].rules.last?.outcome == .unevaluable)
    }
}
