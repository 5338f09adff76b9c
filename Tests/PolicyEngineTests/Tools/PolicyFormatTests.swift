import StrictJSON
import Testing

@testable import PolicyEngine

/// A policy of another format, in JSON, without anything wrong with it.
private func foreign(_ format: PolicyFormat, _ json: String) throws -> ToolPolicy {
    let root = try OverrideNode(json: Array(json.utf8))
    #expect(PolicyFormat.recognise(root, name: "policy.yaml") == format)
    let (native, problems) = format.translate(root, name: "p")
    try #require(problems.isEmpty, "\(problems)")
    let document = PolicyDocument(native, name: "p")
    try #require(document.problems.isEmpty, "\(document.problems)")
    return ToolPolicy(layers: [document.layer])
}

@Suite("Policies of other tools")
struct PolicyFormatTests {
    @Test("AgentPerms: approvals before denials, lists for each server, unknown servers denied")
    func agentperms() throws {
        let policy = try foreign(
            .agentperms,
            #"""
            {"version": 1, "servers": {"fs": {"allowed_tools": ["read", "rm"], "denied_tools": ["rm"], "allowed_paths": ["./src"]},
             "any": {}, "pat": {"allowed_paths": ["src/*.swift"], "denied_patterns": ["id_*"]}},
             "approvals": {"require_human_approval": ["rm", "x.y"]}}
            """#)
        #expect(policy.effect(try toolCall("fs.rm")) == .approve)
        #expect(policy.effect(try toolCall("x.y")) == .approve)
        #expect(policy.effect(try toolCall("fs.read", #"{"path": "src/a"}"#)) == .allow)
        #expect(policy.effect(try toolCall("fs.read", #"{"path": "a"}"#)) == .deny)
        #expect(policy.effect(try toolCall("fs.write")) == .deny)
        #expect(policy.effect(try toolCall("any.thing", #"{"path": "/etc"}"#)) == .allow)
        #expect(policy.effect(try toolCall("other.thing")) == .deny)
        #expect(policy.effect(try toolCall("pat.t", #"{"path": "src/a/b.swift"}"#)) == .allow)
        #expect(policy.effect(try toolCall("pat.t", #"{"path": "src/a.swift/b"}"#)) == .deny)
        #expect(policy.effect(try toolCall("pat.t", #"{"path": "src/id_x.swift"}"#)) == .deny)
        let bare = try foreign(.agentperms, #"{"version": 1, "redaction": {"api_keys": true}}"#)
        #expect(bare.effect(try toolCall()) == .allow)
        // There it is about what is recorded: what goes over the wire stays as it is.
        #expect(policy.redaction == RedactionSettings() && bare.redaction == RedactionSettings())
    }

    @Test(
        "AgentPerms is recognised by each key that only it has, with a version and without",
        arguments: [
            (#""servers": {"srv": {}}, "approvals": {"require_human_approval": ["read"]}"#, true),
            (#""redaction": {"api_keys": true}"#, true), (#""servers": {"srv": {"denied_tools": ["rm"]}}"#, true),
            (#""servers": {"srv": {}}"#, false), (#""approvals": {"timeout": "5s"}"#, false),
        ])
    func agentpermsRecognised(members: String, isTheirs: Bool) throws {
        for version in ["", #""version": 1, "#] {
            let root = try OverrideNode(json: Array("{\(version)\(members)}".utf8))
            #expect(PolicyFormat.recognise(root, name: "p.yaml") == (isTheirs ? .agentperms : .native))
        }
    }

    @Test(
        "What the translation adds is nothing to warn of",
        arguments: [
            (PolicyFormat.agentperms, #"{"approvals": {"require_human_approval": ["send", "srv.pay"]}}"#),
            (.agentperms, #"{"approvals": {"require_human_approval": ["send"]}}"#),
            (.agentSudo, #"{"blocked": ["prompt_injection_attempt", "get_runtime_context", "x"], "safe": ["y"]}"#),
        ])
    func warnings(format: PolicyFormat, json: String) throws {
        let native = format.translate(try OverrideNode(json: Array(json.utf8)), name: "p").native
        let document = PolicyDocument(native, name: "p")
        #expect(document.problems.isEmpty && document.warnings.isEmpty, "\(document.warnings)")
        let policy = ToolPolicy(layers: [document.layer])
        if format == .agentperms {
            for tool in ["any.send", "x.send"] { #expect(policy.effect(try toolCall(tool)) == .approve) }
            #expect(policy.effect(try toolCall("srv.pay")) == (json.contains("pay") ? .approve : .allow))
            #expect(policy.effect(try toolCall("send.other")) == .allow)
        } else {
            for tool in ["s.prompt_injection_attempt", "s.get_runtime_context"] {
                #expect(policy.effect(try toolCall(tool)) == .deny)
            }
        }
    }

    /// Each entry as AgentPerms decides of it.
    @Test(
        "AgentPerms: what opens restricts whatever it is, and what closes takes slashes for `*` and `?`",
        arguments: [
            (#""allowed_paths": [""]"#, "/etc/passwd", ToolEffect.deny), (#""allowed_paths": [""]"#, "a", .allow),
            (#""allowed_paths": ["*.[pk]e[my]"]"#, "/etc/passwd", .deny),
            (#""allowed_paths": ["*.[pk]e[my]"]"#, "/etc/a.key", .allow),
            (#""allowed_paths": ["*.[pk]e[my]"]"#, "/etc/a.keys", .deny),
            (#""allowed_paths": ["app/[id]"]"#, "app/[id]/page", .allow),
            (#""allowed_paths": ["app/[id]"]"#, "app/i/x", .deny),
            (#""allowed_paths": ["*/docs"]"#, "/a/docs", .allow), (#""allowed_paths": ["*/docs"]"#, "/a/docs/x", .deny),
            (#""allowed_paths": ["src/**"]"#, "src/a/b", .allow), (#""allowed_paths": ["src/**"]"#, "/etc", .deny),
            (#""allowed_paths": ["*a*b*c*d*e*f*g*h.txt"]"#, "/x/abcdefg.pem", .deny),
            (#""allowed_paths": ["src"]"#, "", .deny), (#""allowed_paths": ["."]"#, "", .allow),
            (#""denied_patterns": ["*/*"]"#, "/etc", .deny), (#""denied_paths": ["*"]"#, "/", .deny),
            (#""denied_paths": ["/*"]"#, "/", .deny), (#""denied_paths": ["*/etc"]"#, "/etc", .deny),
            (#""denied_paths": ["/etc?passwd"]"#, "/etc/passwd", .deny),
            (#""denied_paths": ["?etc/*"]"#, "/etc/passwd", .deny),
            (#""denied_paths": ["app/[id]"]"#, "app/[id]/page", .deny),
            (#""denied_paths": ["app/[id]"]"#, "app/x", .allow),
            (#""denied_paths": ["*.[!x]em"]"#, "a.pem", .deny), (#""denied_paths": ["[ab]/*"]"#, "b/x", .deny),
            (#""denied_paths": ["*a*b*c*d*e*f*g*h.txt"]"#, "/a/b/c/d/e/f/g/h.txt", .deny),
            (#""denied_paths": ["/tmp/*"]"#, "/tmp", .allow),
        ])
    func agentpermsPaths(list: String, path: String, effect: ToolEffect) throws {
        let policy = try foreign(.agentperms, #"{"servers": {"fs": {\#(list)}}}"#)
        let arguments = JSONValue.object([JSONMember("path", .string(path))]).text()
        let decision = policy.decide(try toolCall("fs.t", arguments), at: atHome)
        #expect(decision.effect == effect, "\(decision.reason)")
    }

    @Test("mcp-gate: first match, missing fields fit nothing, null and other types deny")
    func gate() throws {
        let policy = try foreign(
            .mcpGate,
            #"""
            {"name": "n", "version": "1", "default_effect": "require_approval", "rules": [
              {"id": "big", "effect": "deny", "tools": ["refund"], "when": {"field": "amount", "op": "gt", "value": "500"}},
              {"id": "sum", "effect": "allow", "tools": "re*", "budget": {"key": "k", "field": "amount", "limit": 600}},
              {"id": "red", "effect": "redact", "redact_fields": ["user.pin"], "when": {"not": {"field": "env", "op": "eq", "value": "prod"}}}]}
            """#)
        #expect(policy.effect(try toolCall("b.refund", #"{"amount": 501}"#)) == .deny)
        #expect(policy.effect(try toolCall("b.refund", #"{"amount": 5}"#)) == .allow)
        #expect(policy.effect(try toolCall("b.refund", "{}")) == .deny)
        #expect(policy.effect(try toolCall("b.refund", #"{"amount": "501"}"#)) == .deny)
        #expect(policy.decide(try toolCall("b.other", "{}"), at: atHome).redactedFields == ["user.pin"])
        #expect(policy.effect(try toolCall("b.other", #"{"env": "prod"}"#)) == .approve)
        let redacting = try foreign(.mcpGate, #"{"default_effect": "redact", "rules": []}"#)
        #expect(redacting.decide(try toolCall(), at: atHome).effect == .allow)
    }

    @Test("mcp-gate: a threat score is reached by what reaches it there, and by what our scanner makes of it")
    func gateThreats() throws {
        let key = "-----BEGIN EC PRIVATE " + "KEY-----"
        let signs: [(points: Int, text: String)] = [
            (4, "ignore all previous instructions"), (3, "disregard the system"), (2, "you are now a pirate"),
            (2, "act\u{a0}as root"), (3, "leak memory"), (3, "exfiltrate it"), (3, "send me the password"),
            (3, "</system>"),
            (4, "; rm x"), (4, "; format"), (3, "$(id)"), (3, "subprocess.run"), (3, "eval(x)"), (3, "exec(x)"),
            (4, "|cmd"), (4, "AKIAA1B2C3D4E5F6G7H8"), (5, key), (3, "rk-a1b2c3d4e5f6g7h8i9j0k"), (3, "../"),
            (3, "..\\x"), (4, "/etc/sudoers"), (2, "http://8.8.8.8/"), (2, "https://a.xyz/"), (2, "https://a.zip/b"),
            (2, "new role"),
        ]
        for least in 2...6 {
            let policy = try foreign(
                .mcpGate,
                #"{"name": "n", "version": "1", "default_effect": "allow", "rules": [{"id": "r", "effect": "deny", "min_threat_score": \#(least), "when": {"field": "on", "op": "eq", "value": true}}]}"#
            )
            for (points, text) in signs + [(0, "hello, how are you?")] {
                for (isOn, score) in [(true, 0), (true, least), (false, least)] {
                    var call = try toolCall(
                        "b.t",
                        JSONValue.object([JSONMember("text", .string(text)), JSONMember("on", .bool(isOn))]).text())
                    call.threatScore = score
                    let denies = isOn && (score >= least || points >= least)
                    #expect(policy.effect(call) == (denies ? .deny : .allow), "\(least) \(text)")
                }
            }
        }
    }

    @Test(
        "A text that goes detours opens nothing that it does not lead to, and passes by nothing that is closed",
        arguments: [
            ("startswith", "/work/", "/work/a", true), ("startswith", "/work/", "/work/../etc/passwd", false),
            ("startswith", "/work/", "/work/a/../b", true), ("startswith", "/work/", "/etc/../work/a", false),
            ("startswith", "/work/", "/work/%2e%2e/etc", false),
            ("startswith", "/work/", #"/work/..\..\etc"#, false),
            ("startswith", "/work/", "/work/" + String(repeating: "./", count: 4_000) + "../etc/passwd", false),
            ("startswith", "src/", "src/../../etc/passwd", false), ("startswith", "src/", "src/a//b", true),
            ("regex", "^/work/", "/work/./../etc", false), ("eq", "/etc", "/work/../etc", false),
            ("startswith", "https://good.example/api/", "https://good.example/api/../x", false),
            ("startswith", "https://good.example/api/", "https://good.example/api/x?y=/../z", true),
            ("startswith", "../lib/", "../lib/a", true), ("startswith", "../lib/", "../lib/../../etc", false),
            // Who asks for dots gets what is written.
            ("contains", "../", "a/../b", true), ("regex", #"\.\./"#, "/a/../b", true),
        ])
    func detours(op: String, value: String, path: String, fits: Bool) throws {
        func text(_ text: String) -> String { JSONValue.string(text).text() }
        let call = try toolCall("fs.read", #"{"path": \#(text(path))}"#)
        for (effect, isOpen) in [("allow", true), ("deny", false)] {
            let gate = try foreign(
                .mcpGate,
                #"{"name": "n", "version": "1", "default_effect": "\#(isOpen ? "deny" : "allow")", "rules": [{"id": "r", "effect": "\#(effect)", "when": {"field": "path", "op": "\#(op)", "value": \#(text(value))}}]}"#
            )
            let theirs = ["startswith": "starts_with", "eq": "=="][op] ?? op
            let agsec = try foreign(
                .agsec,
                #"{"default": "\#(isOpen ? "deny" : "allow")", "statements": [{"sid": "r", "effect": "\#(effect)", "conditions": {"params.path": {"op": "\#(theirs)", "value": \#(text(value))}}}]}"#
            )
            for policy in [gate, agsec] {
                let decision = policy.decide(call, at: atHome)
                #expect((decision.effect == .allow) == (isOpen && fits), "\(effect): \(decision.reason)")
                // A rule that fits what is written denies outright.
                if fits { #expect(!decision.isUnevaluable, "\(decision.reason)") }
            }
        }
    }

    @Test("agsec: the strictest statement, actions behind mcp.")
    func agsec() throws {
        let policy = try foreign(
            .agsec,
            #"""
            {"version": "1.0", "default": "review", "statements": [
              {"sid": "a", "effect": "allow", "actions": ["mcp.fs.*"]},
              {"sid": "d", "effect": "deny", "actions": ["*.wipe", "bash.*"]},
              {"sid": "c", "effect": "block", "actions": "mcp.fs.read", "conditions": {"params.n": {"op": ">", "value": 5}, "path": "x"}, "match": "any"}]}
            """#)
        #expect(policy.effect(try toolCall("fs.list")) == .allow)
        #expect(policy.effect(try toolCall("fs.wipe")) == .deny)
        #expect(policy.effect(try toolCall("bash.execute")) == .approve)
        #expect(policy.effect(try toolCall("bash.execute", method: "hook")) == .deny)
        #expect(policy.effect(try toolCall("fs.read", #"{"n": 9}"#)) == .deny)
        #expect(policy.effect(try toolCall("fs.read", #"{"n": 1}"#)) == .allow)
        #expect(policy.effect(try toolCall("fs.read", #"{"path": "x"}"#)) == .deny)
        let old = try foreign(
            .agsec,
            #"{"rules": [{"action": "*", "status": "review"}, {"action": "mcp.a.b", "status": "block", "priority": 5}]}"#
        )
        #expect(old.effect(try toolCall("a.b")) == .deny)
        #expect(old.effect(try toolCall("a.c")) == .approve)
    }

    @Test("agsec: null fits what is missing, but not in the old rules; effects in any case; one sid for two statements")
    func agsecOdds() throws {
        let policy = try foreign(
            .agsec,
            #"""
            {"default": "allow", "statements": [
              {"sid": "a", "effect": "Deny", "actions": ["mcp.fs.*"], "conditions": {"x": null}},
              {"sid": "a", "effect": "REVIEW", "actions": ["mcp.fs.*"], "conditions": {"x": "y"}},
              {"sid": "c", "effect": "deny", "actions": ["mcp.c.*"], "conditions": {"context.user": null}}]}
            """#)
        #expect(policy.effect(try toolCall("fs.t")) == .deny)
        #expect(policy.effect(try toolCall("fs.t", #"{"x": null}"#)) == .deny)
        #expect(policy.effect(try toolCall("fs.t", #"{"x": 1}"#)) == .deny)
        #expect(policy.decide(try toolCall("fs.t", #"{"x": "y"}"#), at: atHome).rule == "a (2)")
        #expect(policy.effect(try toolCall("fs.t", #"{"x": "z"}"#)) == .allow)
        #expect(policy.effect(try toolCall("c.t")) == .deny)
        let old = try foreign(
            .agsec, #"{"rules": [{"action": "*", "status": "block", "conditions": {"x": null}}]}"#)
        #expect(old.effect(try toolCall("a.b")) == .allow)
        #expect(old.effect(try toolCall("a.b", #"{"x": null}"#)) == .allow)
    }

    @Test(
        "Where it matters whether `true` is 1, the call is denied",
        arguments: [
            (#"{"op": "contains", "value": true}"#, "[1, 2]", true),
            (#"{"op": "contains", "value": 1}"#, "[2, 3]", false),
            (#"{"op": "eq", "value": {"a": 1}}"#, #"{"a": true}"#, true),
            (#"{"op": "eq", "value": [0]}"#, "[false]", true),
            (#"{"op": "eq", "value": [2]}"#, "[true]", false), (#"{"op": "in", "value": [1, false]}"#, "true", true),
            (#"{"op": "contains", "value": [1]}"#, "[[true]]", true),
            (#"{"op": "contains", "value": "a"}"#, "[[1], 2]", false),
        ])
    func twins(test: String, value: String, denies: Bool) throws {
        let policy = try foreign(
            .mcpGate,
            #"{"default_effect": "allow", "rules": [{"effect": "deny", "when": {"field": "x", \#(test.dropFirst())}]}"#)
        #expect((policy.effect(try toolCall("a.b", #"{"x": \#(value)}"#)) == .deny) == denies)
    }

    @Test("agsec: a folder's files are one policy with the strictest default; old and new rules do not mix")
    func folder() throws {
        func root(_ json: String) throws -> OverrideNode { try OverrideNode(json: Array(json.utf8)) }
        let files = [
            ("a", try root(#"{"default": "deny", "statements": [{"effect": "allow", "actions": ["mcp.x.*"]}]}"#)),
            ("b", try root(#"{"default": "allow", "statements": []}"#)),
        ]
        let (native, problems) = PolicyFormat.translateFolder(files)
        #expect(problems.isEmpty)
        let policy = ToolPolicy(layers: [PolicyDocument(native, name: "p").layer])
        #expect(policy.effect(try toolCall("x.y")) == .allow)
        #expect(policy.effect(try toolCall("z.y")) == .deny)
        let mixed = files + [("c", try root(#"{"rules": [{"action": "*", "status": "allow"}]}"#))]
        #expect(PolicyFormat.translateFolder(mixed).problems.count == 1)
        // Where a file is one of several, each problem names its own.
        let wrong = [("a.yaml", try root("{}")), ("b.yaml", try root(#"{"statements": [1]}"#))]
        let found = PolicyFormat.translateFolder(wrong).problems
        #expect(found.first?.file == "a.yaml" && found.last?.file == "b.yaml", "\(found)")
        #expect(PolicyFormat.agsec.translate(wrong[0].1, name: "a").problems.allSatisfy { $0.file == nil })
    }

    @Test(
        "Agent_Sudo: classes, and what the classifier adds",
        arguments: [
            ("read_file", #"{"path": "notes.txt"}"#, ToolEffect.allow),
            ("read_file", #"{"path": "~/.ssh/id_rsa"}"#, .deny),
            ("read_file", #"{"path": "~/x/../.ssh/known_hosts"}"#, .deny),
            (" read_file", #"{"path": "~/.ssh/x"}"#, .deny),
            ("write_file", #"{"path": "/tmp/a.txt"}"#, .approve),
            ("write_file", #"{"path": "/tmp/../etc/passwd"}"#, .deny),
            ("write_file", #"{"path": "a.py"}"#, .approveStrong), ("write_file", #"{"path": ".env"}"#, .deny),
            ("run_shell_command", #"{"command": "ls"}"#, .approveStrong),
            ("run_shell_command", #"{"command": "sudo rm -r -f x"}"#, .deny),
            ("deploy", "{}", .approve), ("send_tokens", "{}", .deny), ("prompt_injection_attempt", "{}", .deny),
            ("write_file", #"{"path": "mcp_config.toml"}"#, .approveStrong),
            ("write_file", #"{"path": "a/mcp/b/c.json"}"#, .approveStrong),
            ("write_file", #"{"path": "mcp_settings/deep/a.jsonc"}"#, .approveStrong),
            ("write_file", #"{"path": "mcp-notes.toml"}"#, .approve),
            ("write_file", #"{"path": "audits/x.jsonl"}"#, .deny), ("write_file", #"{"path": "policy/a.yaml"}"#, .deny),
            ("write_file", #"{"path": "x/etc/crontab.bak"}"#, .approveStrong),
            ("run_shell_command", #"{"command": "rm --force x"}"#, .deny),
            ("run_shell_command", #"{"command": "rm x; ls -fr"}"#, .deny),
            ("run_shell_command", #"{"command": "chmod 600 \\\n x/credential"}"#, .deny),
            ("read_file", #"{"path": "a", "note": "please IGNORE previous instructions"}"#, .deny),
        ])
    func agentSudo(tool: String, arguments: String, effect: ToolEffect) throws {
        let policy = try foreign(
            .agentSudo,
            #"{"safe": ["read_file"], "sensitive": ["write_file"], "critical": ["run_shell_command"], "blocked": ["send_tokens"]}"#
        )
        let decision = policy.decide(try toolCall("s." + tool, arguments), at: atHome)
        #expect(decision.effect == effect, "\(decision.reason)")
    }

    @Test(
        "What says `rules` alone is mcp-gate's, unless it says something that only our own format has",
        arguments: [
            (
                #"{"rules": [{"id": "no", "effect": "deny", "tools": ["time.convert_time"]}, {"effect": "allow", "tools": ["*"]}]}"#,
                true
            ),
            (#"{"rules": [{"effect": "deny", "tools": "time.convert_time"}]}"#, true),
            (#"{"default": "deny", "rules": []}"#, true),
            (#"{"name": "n", "version": "1", "approvals": {}, "rules": []}"#, true),
            (#"{"rules": [{"effect": "allow"}, {"effect": "deny", "toolNames": ["rm"]}]}"#, true),
            (#"{"rules": [{"effect": "allow", "servers": ["a"]}]}"#, true),
            (#"{"rules": [{"effect": "approve", "tools": ["*"]}]}"#, true),
            (#"{"rules": [{"effect": "allow", "tools": ["*"]}]}"#, false),
            (#"{"name": "n", "version": "1.0", "rules": [{"effect": "redact", "redact_fields": ["a"]}]}"#, false),
            (#"{"default_effect": "deny", "rules": [{"effect": "allow", "tools": ["a.*"]}]}"#, false),
            (#"{"description": "d", "rules": [{"effect": "allow", "tools": ["a.*"]}]}"#, false),
            (
                #"{"rules": [{"effect": "require_approval", "tools": ["re*"], "budget": {"key": "k", "field": "a", "limit": 1}}]}"#,
                false
            ),
        ])
    func ownWithoutVersion(text: String, isOurs: Bool) throws {
        let root = try OverrideNode(json: Array(text.utf8))
        #expect(PolicyFormat.recognise(root, name: "p.json") == (isOurs ? .native : .mcpGate))
        if isOurs {
            #expect(PolicyDocument(root, name: "p").problems.contains { $0.message.contains("`version") })
        }
    }

    @Test(
        "What the originals pass over is an error",
        arguments: [
            (PolicyFormat.agentperms, #"{"servers": {"a": {"deniedtools": ["x"]}}}"#, "did you mean `denied_tools`?"),
            (.mcpGate, #"{"rules": [{"effect": "allow", "tools": []}]}"#, "would mean everything"),
            (.mcpGate, #"{"rules": [{"effect": "allow", "tool": "x"}]}"#, "did you mean `tools`?"),
            (.mcpGate, #"{"rules": [{"effect": "redact"}]}"#, "needs `redact_fields`"),
            (
                .mcpGate, #"{"rules": [{"effect": "deny", "when": {"field": "a", "op": "in", "value": "abc"}}]}"#,
                "with a list here"
            ),
            (
                .mcpGate,
                #"{"rules": [{"effect": "allow", "when": {"all": [{"field": "a", "op": "exists"}], "any": [{"field": "b", "op": "exists"}]}}]}"#,
                "has one of `all`"
            ),
            (.agsec, #"{"statements": [{"effect": "allow", "actions": []}]}"#, "would mean everything"),
            (.agsec, #"{"statements": [{"effect": "maybe"}]}"#, "is one of"),
            (
                .agsec, #"{"statements": [{"effect": "deny", "conditions": {"a": {"op": "~", "value": 1}}}]}"#,
                "is one of"
            ),
            (.agentSudo, #"{"safe": [], "blokced": []}"#, "did you mean `blocked`?"),
            (.agentperms, #"{"servers": {"a": {"allowed_paths": ["*.[!x]"]}}}"#, "write out the names"),
            (.agentperms, #"{"servers": {"a": {"denied_paths": [""]}}}"#, "write `.`"),
            (.agsec, #"{"statements": [{"effect": "deny", "match": "some"}]}"#, "is one of all, any"),
            (.agsec, #"{"rules": [{"action": "*", "status": "block", "priority": "high"}]}"#, "whole number"),
            (
                .mcpGate,
                #"{"rules": [{"effect": "deny", "when": {"field": "a", "op": "startswith", "value": 1.50}}]}"#,
                "in quotes"
            ),
            (
                .mcpGate, #"{"rules": [{"effect": "deny", "when": {"field": "a", "op": "lt", "value": "0x10"}}]}"#,
                "is a number"
            ),
            (
                .mcpGate,
                #"{"rules": [{"effect": "deny", "when": {"field": "a", "op": "regex", "value": "(?x)a b"}}]}"#, "flags"
            ),
            (
                .mcpGate, #"{"rules": [{"effect": "deny", "when": {"field": "a", "op": "regex", "value": "a(?=b)"}}]}"#,
                "look-around"
            ),
        ])
    func strict(format: PolicyFormat, json: String, words: String) throws {
        let problems = format.translate(try OverrideNode(json: Array(json.utf8)), name: "p").problems
        #expect(problems.contains { $0.message.contains(words) }, "\(problems)")
    }

    @Test(
        "Python's expressions find what they find there",
        arguments: [
            (#"^\d+$"#, "٣٤", true), (#"^\d+$"#, "34\n", true), (#"\w+"#, "é", true), (#"^[\w-]+$"#, "é-1", true),
            (#"a\Z"#, "a\n", false),
            (#"^[]$]+$"#, "$]", true), (#"a\$"#, "a$", true), ("[[:alpha:]]", "a]", true), ("[[:alpha:]]", "b]", false),
            ("(?i)i", "İ", true), ("(?i)[h-j]x", "ıx", true), ("(?i:i)g", "İg", true), ("i", "İ", false),
            ("(?m)^b$", "a\nb\nc", true), ("^a{,2}$", "aa", true), ("^a{,2}$", "aaa", false), (#"\u00e9"#, "é", true),
            (#"[\s\S]b"#, "\nb", true), (#"^[\S]$"#, "\u{a0}", false), (#"^[\w\W]$"#, "\u{300}", true),
            (#"^[\b]$"#, "\u{8}", true),
            ("(?P<i>(?i:x))", "X", true), (#"\brm\b"#, "rm x", true), (#"\brm\b"#, "form", false),
            (#"\brm\b"#, "f\u{fc}r f", false),
            // What a word is here depends on letters that RE2 takes for none: denied.
            (#"\bé"#, "é", true), (#"\brm\b"#, "érm", true),
        ])
    func python(pattern: String, text: String, matches: Bool) throws {
        let policy = try foreign(
            .mcpGate,
            JSONValue.object([
                JSONMember(
                    "rules",
                    [
                        [
                            "effect": "deny",
                            "when": ["field": "x", "op": "regex", "value": .string(pattern)],
                        ]
                    ]), JSONMember("default_effect", "allow"),
            ]).text())
        let arguments = JSONValue.object([JSONMember("x", .string(text))]).text()
        #expect((policy.effect(try toolCall("a.b", arguments)) == .deny) == matches)
    }

    @Test(
        "Patterns are matched behind a prefix as in the whole",
        arguments: ["*", "mcp.*", "m*.read", "*.delete", "mcp.?it.[a-m]*", "[!x]cp.fs.read", "bash.*", "mcp*", "*p.f*"])
    func behind(pattern: String) throws {
        let whole = try NamePattern(pattern)
        let rest = ForeignReader.behind("mcp.", pattern).compactMap { try? NamePattern($0) }
        for text in ["fs.read", "git.delete", "git.x", "a", "x.y.z", "fs.delete"] {
            #expect(rest.contains { $0.matches(text) } == whole.matches("mcp." + text), "\(text)")
        }
    }
}
