import ArgumentParser
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

private let yaml = """
    # what the agents may do
    version: 1
    default: deny   # everything else

    rules:
      # reading is fine
      - id: read
        effect: allow
        tools: ["fs.read"]

      # but not this
      -
        id: "wipe"
        effect: deny
        reason: |
          never
          ever
        tools: [fs.wipe]
      # the last one
      - {id: ask, effect: approve}
    redaction: {secrets: true}   # kept

    """

private let json = """
    {
      "version": 1,
      "rules": [
        {"id": "read", "effect": "allow", "tools": ["fs.read"]},
        {"id": "wipe", "effect": "deny", "tools": ["fs.]}{wipe"]},
        {"id": "ask", "effect": "approve"}
      ],
      "redaction": {"secrets": true}
    }

    """

@Suite("Policy files are changed line by line")
struct PolicyEditTests {
    private func rules(_ bytes: [UInt8], _ isYAML: Bool) throws -> [String] {
        let file = PolicyFile(name: isYAML ? "p.yaml" : "p.json", bytes: bytes)
        #expect(file.problems.isEmpty, "\(file.problems) in\n\(String(decoding: bytes, as: UTF8.self))")
        #expect(file.layer.redaction.secrets)
        return file.layer.rules.map(\.id)
    }

    @Test("Each rule can be removed, and all other lines stay", arguments: [true, false], [0, 1, 2])
    func remove(isYAML: Bool, index: Int) throws {
        let text = isYAML ? yaml : json
        let edit = PolicyEdit(bytes: Array(text.utf8), isYAML: isYAML)
        let new = try edit.removing(index)
        var ids = ["read", "wipe", "ask"]
        ids.remove(at: index)
        #expect(try rules(new, isYAML) == ids)
        if isYAML {
            let left = String(decoding: new, as: UTF8.self).split(separator: "\n")
            for comment in [
                "# what the agents may do", "# reading is fine", "# but not this", "# the last one", "# kept",
            ] {
                #expect(left.contains { $0.contains(comment) }, "\(comment)")
            }
        }
    }

    @Test("A rule is added first or last", arguments: [true, false], [true, false])
    func add(isYAML: Bool, first: Bool) throws {
        let edit = PolicyEdit(bytes: Array((isYAML ? yaml : json).utf8), isYAML: isYAML)
        let rule: JSONValue = ["id": "new", "effect": "deny", "tools": ["a.\"b: #"], "reason": "x\ny"]
        let new = try edit.adding(rule, first: first)
        #expect(try rules(new, isYAML) == (first ? ["new", "read", "wipe", "ask"] : ["read", "wipe", "ask", "new"]))
        let added = String(decoding: new, as: UTF8.self)
        for line in (isYAML ? yaml : json).split(separator: "\n") where !isYAML || line.contains("#") {
            #expect(added.contains(line.trimmingSuffix(",")), "\(line)")
        }
    }

    @Test(
        "A file keeps its line ends: all of CRLF, or all of LF", arguments: [true, false], ["\r\n", "\n"])
    func lineEnds(isYAML: Bool, end: String) throws {
        let rule: JSONValue = ["id": "new", "effect": "deny", "tools": ["x"]]
        // With and without an end of the last line, and with rules to be begun.
        let texts =
            isYAML
            ? [yaml, String(yaml.dropLast()), "version: 1", "version: 1\n", "version: 1\nrules:\n  - effect: deny"]
            : [json, "{\n\"version\": 1\n}"]
        for (text, first) in texts.flatMap({ [($0, true), ($0, false)] }) {
            let before = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false).joined(
                separator: Array(end.utf8))
            let new = try PolicyEdit(bytes: Array(before), isYAML: isYAML).adding(rule, first: first)
            let feeds = new.count { $0 == 0x0A }, returns = new.count { $0 == 0x0D }
            // A file of one line without an end has none to keep.
            let isKept = before.contains(0x0A) && end == "\r\n"
            #expect(returns == (isKept ? feeds : 0), "\(String(decoding: new, as: UTF8.self).debugDescription)")
            #expect(new.last != 0x0D)
            let file = PolicyFile(name: isYAML ? "p.yaml" : "p.json", bytes: new)
            #expect(file.problems.isEmpty && file.layer.rules.contains { $0.id == "new" })
        }
    }

    @Test(
        "All rules can be taken away, and one be put into an empty file",
        arguments: [
            ("version: 1\nrules:\n  - effect: deny\n", true), ("version: 1\nrules:\n- effect: deny\nname: x\n", true),
            (#"{"version":1,"rules":[{"effect":"deny"}]}"#, false),
        ])
    func empty(text: String, isYAML: Bool) throws {
        let none = try PolicyEdit(bytes: Array(text.utf8), isYAML: isYAML).removing(0)
        let name = isYAML ? "p.yaml" : "p.json"
        #expect(
            PolicyFile(name: name, bytes: none).layer.rules.isEmpty
                && PolicyFile(name: name, bytes: none).problems.isEmpty)
        let one = try PolicyEdit(bytes: none, isYAML: isYAML).adding(["id": "a", "effect": "deny"], first: false)
        #expect(PolicyFile(name: name, bytes: one).layer.rules.map(\.id) == ["a"])
    }

    @Test(
        "YAML in brackets is changed there, and what stands beside stays",
        arguments: [
            "version: 1\nrules: []   # none\n", "{version: 1, default: deny}\n",
            "{version: 1, default: deny,} # kept }\n",
            "# kept\n---\n{\n  version: 1,\n  rules: [\n  ],\n}\n", "version: 1\nrules:\n  []\nname: kept # ]\n",
            "version: 1\n"
                + "rules: [{effect: deny, id: old, reason: it's 'so'}, {effect: deny, reason: '}]'' #', id: \"\\\"}#\" }] # kept\n",
            "version: 1\nname: 'é'\nrules: [ # kept ]\n  {effect: deny, id: é}, # kept }\n  {effect: deny, id: x} # kept\n]"
                + "\n",
        ])
    func brackets(text: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", text)
        func ids() throws -> [String] { try PolicyFile.read(file).layer.rules.map(\.id) }
        let old = try ids()
        for (id, flags) in [("a", []), ("b", ["--first"]), ("c", [])] {
            #expect(Root.run(["policy", "add", file, "--id", id, "--effect", "deny", "--tool", "x.[}]"] + flags) == 0)
        }
        #expect(try ids() == ["b"] + old + ["a", "c"])
        let added = String(decoding: try readFile(FilePath(file)), as: UTF8.self)
        #expect(added.split(separator: "kept").count == text.split(separator: "kept").count, "\(added)")
        for id in ["a", "c", "b"] { #expect(Root.run(["policy", "remove", file, id]) == 0) }
        #expect(try ids() == old)
        let removed = String(decoding: try readFile(FilePath(file)), as: UTF8.self)
        #expect(text.contains("rules: []") || old.isEmpty || removed == text, "\(removed)")
    }

    @Test(
        "What cannot be changed alone is left as it is",
        arguments: ["version: 1\nrules: [effect: deny]\n", "version: 1\n? rules\n: [effect: deny]\n"])
    func byHand(text: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", text)
        #expect(Root.run(["policy", "add", file, "--id", "a", "--effect", "deny"]) == 65)
        #expect(try readFile(FilePath(file)) == Array(text.utf8))
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> Substring { hasSuffix(suffix) ? dropLast(suffix.count) : self }
}

@Suite("policy")
struct PolicyCommandTests {
    private func exitCode(_ arguments: [String]) -> Int32 { Root.run(["policy"] + arguments) }

    @Test("check: 0, 65, 66, and 1 for warnings with --strict")
    func check() throws {
        let folder = try ScratchFolder()
        let good = try folder.write("good.yaml", yaml)
        let bad = try folder.write("bad.yaml", "version: 1\nrule: []\n")
        let warned = try folder.write(
            "warned.json", #"{"version": 1, "rules": [{"effect": "deny"}, {"effect": "allow"}]}"#)
        #expect(exitCode(["check", good]) == 0)
        #expect(exitCode(["check", good, bad]) == 65)
        #expect(exitCode(["check", bad, good + ".none"]) == 66)
        #expect(exitCode(["check", warned]) == 0)
        #expect(exitCode(["check", "--strict", "--json", warned]) == 1)
        #expect(exitCode(["list", bad]) == 65)
        #expect(exitCode(["list", good]) == 0)
    }

    @Test("The report names file, line and column in each format")
    func report() throws {
        var report = PolicyReport()
        report.add(PolicyFile(name: "p.yaml", bytes: Array("version: 1\nrule: []\n".utf8)))
        report.addUnreadable("gone.yaml", "there is no such file")
        #expect(report.text.hasPrefix("p.yaml:2:1: error: a policy has no key `rule`; did you mean `rules`?"))
        #expect(report.github.hasPrefix("::error file=p.yaml,line=2,col=1,title=policy-error::"))
        for output in [report.json, report.sarif] {
            #expect(try JSONValue(parsing: output.serialized(pretty: true)) == output)
        }
        #expect(report.sarif["runs"]?.array?[0]["results"]?.array?.count == 2)
    }

    @Test("The report says as what a file was read")
    func reportFormat() throws {
        var report = PolicyReport()
        report.add(PolicyFile(name: "p.yaml", bytes: Array("rules: [{effect: allow, tools: ['*']}]\n".utf8)))
        report.add(PolicyFile(name: "q.yaml", bytes: Array("rules: [{effect: allow, tool: '*'}]\n".utf8)))
        report.add(PolicyFile(name: "r.yaml", bytes: Array("version: 1\nrules: [{effect: allow}]\n".utf8)))
        #expect(report.text.contains("p.yaml: ok, 1 rule, a policy of mcp-gate"))
        #expect(report.text.contains("did you mean `tools`? (read as a policy of mcp-gate)"))
        #expect(report.text.hasSuffix("r.yaml: ok, 1 rule"))
    }

    @Test("add and remove change the file, refuse what would be malformed, and know no other ids")
    func change() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", yaml)
        #expect(
            exitCode([
                "add", file, "--id", "n", "--effect", "deny", "--tool", "x.*", "--when", "arguments.a:gt:5", "--first",
            ]) == 0)
        #expect(
            PolicyFile(name: file, bytes: try readFile(FilePath(file))).layer.rules.map(\.id) == [
                "n", "read", "wipe", "ask",
            ])
        #expect(exitCode(["add", file, "--id", "n", "--effect", "deny"]) == 65)
        #expect(exitCode(["add", file, "--id", "m", "--effect", "forbid"]) == 65)
        #expect(exitCode(["add", file, "--id", "m", "--effect", "deny", "--when", "nonsense"]) == 64)
        #expect(exitCode(["remove", file, "m"]) == 1)
        #expect(exitCode(["remove", file, "n"]) == 0)
        #expect(try readFile(FilePath(file)) == Array(yaml.utf8))
        #expect(exitCode(["remove", file + ".none", "n"]) == 66)
    }

    @Test("test: 0 as expected, 1 otherwise, budgets from call to call")
    func test() throws {
        let folder = try ScratchFolder()
        let file = try folder.write(
            "p.yaml", "version: 1\nrules:\n  - {id: few, effect: allow, tools: [\"a.b\"], budget: {key: k, limit: 2}}\n"
        )
        let good = try folder.write(
            "good.yaml",
            "- {server: a, tool: b, expect: allow, rule: few}\n- {server: a, tool: b, expect: allow}\n- {server: a, tool: b, expect: deny, rule: default}\n- {server: a, tool: c, expect: deny}\n"
        )
        let bad = try folder.write("bad.jsonl", #"{"server": "a", "tool": "c", "expect": "allow"}"# + "\n")
        let malformed = try folder.write("malformed.yaml", "- {server: a, tol: b}\n")
        #expect(exitCode(["test", file, good]) == 0)
        #expect(exitCode(["test", file, bad]) == 1)
        #expect(exitCode(["test", file, "--json", bad]) == 1)
        #expect(exitCode(["test", file, malformed]) == 65)
        #expect(exitCode(["test", file]) == 64)
    }

    @Test(
        "A call of which nothing is expected, none at all, and one without a server or tool test nothing",
        arguments: [
            ("- {server: a, tool: b}\n", 1), ("[]\n", 65), ("- {server: a, expect: deny}\n", 65),
            ("- {tool: b, expect: deny}\n", 65), ("- {server: a, method: ping, expect: deny}\n", 0),
            (#"[{"server": "a", "method": "tools/call", "params": {"name": "b"}, "expect": "deny"}]"# + "\n", 0),
            (#"[{"server": "a", "method": "tools/call", "params": {"name": "b"}}]"# + "\n", 1),
        ] as [(String, Int32)])
    func nothingExpected(calls: String, code: Int32) throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", "version: 1\nrules: [{effect: allow, tools: [x.y]}]\n")
        let list = try folder.write("calls.yaml", calls)
        #expect(exitCode(["test", file, list]) == code)
        #expect(exitCode(["explain", file, "--call", "{}"]) == 65)
        #expect(exitCode(["explain", file, "--call", #"{"server": "a"}"#]) == 65)
    }

    @Test(
        "Files of engines in Python are read as PyYAML reads them",
        arguments: [
            ("010", "8", true), ("010", "10", false), ("1_000", "1000", true), ("1:30", "90", true),
            ("yes", "true", true),
            ("\"yes\"", "\"yes\"", true), ("1e3", "\"1e3\"", true), ("0o17", "\"0o17\"", true), ("0b11", "3", true),
        ])
    func pyYAML(written: String, value: String, fits: Bool) throws {
        let file = PolicyFile(
            name: "gate.yaml",
            bytes: Array(
                "default_effect: allow\nrules: [{effect: deny, when: {field: x, op: eq, value: \(written)}}]\n".utf8))
        #expect(file.problems.isEmpty && file.format == .mcpGate, "\(file.problems)")
        let call = try CallInput(
            JSONValue(parsing: Array(#"{"server": "s", "tool": "t", "arguments": {"x": \#(value)}}"#.utf8)), server: nil
        ).call
        let moment = PolicyMoment(now: 0, home: "/home/u", workingDirectory: "/work")
        #expect((ToolPolicy(layers: [file.layer]).decide(call, at: moment).effect == .deny) == fits)
    }

    @Test(
        "What no call can have is an error",
        arguments: [
            (
                "default_effect: deny\nrules: [{effect: allow, when: {field: x, op: eq, value: .inf}}]\n",
                "no call has such a number"
            ),
            (
                "version: 1\nrules: [{effect: allow, when: {field: arguments.x, op: in, value: [1, .nan]}}]\n",
                "no call has such a number"
            ),
            (
                "version: 1\nrules: [{effect: allow, when: {field: arguments.x, op: lt, value: .inf}}]\n",
                "no call has such a number"
            ),
            (
                "default_effect: deny\nrules: [{effect: allow, when: {field: x, op: eq, value: 2024-01-31}}]\n",
                "is a date to PyYAML"
            ),
            ("default: deny\nstatements: [{effect: allow, conditions: {on: x}}]\n", "is no text to PyYAML"),
            ("safe:\n  - \"deploy\"\n", "takes the quotes for a part of the name"),
        ])
    func noValue(text: String, words: String) {
        let problems = PolicyFile(name: "p.yaml", bytes: Array(text.utf8)).problems
        #expect(problems.count == 1 && problems[0].message.contains(words), "\(problems)")
    }

    @Test("Agent_Sudo: a key with nothing behind it has no entries; an entry without a name is an error")
    func agentSudoEmptyKey() {
        let text = "safe:\n  - read\nsensitive:\ncritical:   # none\nblocked:\n  - rm\n"
        let file = PolicyFile(name: "su.yaml", bytes: Array(text.utf8))
        #expect(file.problems.isEmpty && file.format == .agentSudo, "\(file.problems)")
        let lists = file.layer.rules.filter { $0.id.hasPrefix("list-") }
        #expect(lists.map { $0.toolNames.map(\.text) } == [["rm"], ["read"]])
        let unnamed = PolicyFile(name: "su.yaml", bytes: Array("safe:\n  -\n".utf8)).problems
        #expect(unnamed.map(\.message) == ["an entry of `safe` is a string, not null"], "\(unnamed)")
    }

    @Test("What could be several formats is what `--from` says, also at a gateway")
    func told() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", "servers:\n  srv: {}\n")
        #expect(exitCode(["check", file]) == 65 && exitCode(["check", "--from", "agentperms", file]) == 0)
        let gate = try GateArguments(["--policy", file, "--from", "agentperms", "--", "true"]).gate
        #expect(try GateOutlook(gate)?.text.isEmpty == false)
        #expect(try GatePolicy(gate.policyFiles, format: gate.format).policy.layers.count == 1)
        #expect(throws: Refusal.self) { try GatePolicy([file]) }
    }

    @Test("Of what YAML 1.1 takes for something else our own files are warned")
    func ambiguous() {
        let text =
            "version: 1\nrules:\n  - {effect: deny, reason: no, when: {field: arguments.x, op: in, value: [010, 1:30, 1e3, '1_0']}}\n"
        let file = PolicyFile(name: "p.yaml", bytes: Array(text.utf8))
        #expect(file.problems.isEmpty)
        #expect(
            file.warnings.map(\.message) == [
                "`no` is a text here, and false to readers of YAML 1.1; write it in quotes",
                "`010` is 10 here, and 8 to readers of YAML 1.1; write the number in another way",
                "`1:30` is a text here, and 90 to readers of YAML 1.1; write it in quotes",
            ])
    }

    @Test("agsec's folder: one sid in two files, and what is wrong with a file says which one")
    func agsecFolder() throws {
        let folder = try ScratchFolder()
        let text = "statements:\n  - {sid: a, effect: deny, conditions: {x: {op: regex, value: 'a'}}}\n"
        _ = try folder.write("one.yaml", text)
        _ = try folder.write("two.yaml", text)
        let both = try PolicyFile.read(folder.path.string)
        #expect(both.problems.isEmpty && both.layer.rules.map(\.id) == ["a", "a@hook", "a (2)", "a@hook (2)"])
        _ = try folder.write("two.yaml", text.replacing("'a'", with: "'a('"))
        let wrong = try PolicyFile.read(folder.path.string)
        #expect(!wrong.problems.isEmpty && wrong.problems.allSatisfy { $0.file == "two.yaml" }, "\(wrong.problems)")
    }

    @Test("explain takes our form of a call and a client's message")
    func explain() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("p.yaml", yaml)
        #expect(exitCode(["explain", file, "--call", #"{"server": "fs", "tool": "read"}"#]) == 0)
        let message =
            #"{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "read", "arguments": {"a": 1}}}"#
        let input = try CallInput(JSONValue(parsing: Array(message.utf8)), server: "fs")
        #expect(
            input.call.tool == "read" && input.call.server == "fs" && input.call.arguments?["a"]?.number?.int64 == 1)
        #expect(exitCode(["explain", file, "--json", "--server", "fs", "--call", message]) == 0)
        #expect(exitCode(["explain", file, "--call", "{"]) == 65)
    }

    @Test(
        "What is imported decides as the original does",
        arguments: [
            (
                "mcp.policy.yaml",
                "version: 1\nservers:\n  fs: {allowed_tools: [read], denied_patterns: ['*.p?m', 'a b: #']}\n"
            ),
            (
                "gate.json",
                #"{"name": "n", "default_effect": "deny", "rules": [{"id": "a", "effect": "allow", "tools": ["re*"], "when": {"field": "p\"x", "op": "ne", "value": "q\n"}}]}"#
            ),
            (
                "agsec.yaml",
                "default: deny\nstatements:\n  - {sid: s, effect: allow, actions: ['mcp.fs.re*'], conditions: {params.n: {op: '>', value: 5}}}\n"
            ),
            ("sudo.yaml", "safe:\n  - read\nblocked:\n  - rm\n"),
        ])
    func imported(name: String, text: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write(name, text)
        let original = try PolicyFile.load([file])
        for output in ["out.yaml", "out.json"].map({ folder.path.appending($0).string }) {
            #expect(exitCode(["import", file, "-o", output]) == 0)
            let imported = try PolicyFile.read(output)
            #expect(imported.problems.isEmpty && imported.format == .native, "\(imported.problems)")
            for (tool, arguments) in [
                ("read", #"{"path": "x.pem", "n": 9}"#), ("rm", "{}"), ("read", #"{"n": 1, "path": "a b: #"}"#),
            ] {
                var call = ToolCall(server: "fs", tool: tool)
                call.arguments = try JSONTape(Array(arguments.utf8)).root
                let moment = PolicyMoment(home: "/home/u", workingDirectory: "/work")
                let (a, b) = (
                    original.decide(call, at: moment), ToolPolicy(layers: [imported.layer]).decide(call, at: moment)
                )
                #expect(a.effect == b.effect && a.rule == b.rule)
            }
        }
        #expect(exitCode(["add", file, "--id", "x", "--effect", "deny"]) == 65)
    }

    @Test("import writes over no file, unless --force is given; `-` is standard output")
    func importOver() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("su.yaml", "safe:\n  - read\n")
        let kept = try folder.write("policy.yaml", yaml)
        #expect(exitCode(["import", file, "-o", kept]) == 74)
        #expect(exitCode(["import", file, "-o", file]) == 74)
        #expect(try readFile(FilePath(kept)) == Array(yaml.utf8))
        #expect(exitCode(["import", file, "-o", "/dev/null"]) == 0)
        #expect(exitCode(["import", file, "-o", kept, "--force"]) == 0)
        #expect(try PolicyFile.read(kept).layer.name == "agent-sudo")
        #expect(exitCode(["import", file, "-o", "-"]) == 0)
        #expect(throws: SyscallError.self) { try FileStatus(of: "-") }
    }

    @Test("Links are followed as the kernel does")
    func links() throws {
        let folder = try ScratchFolder()
        let root = try #require(LinkWalk.resolve(folder.path.string))
        try folder.write("real", "x")
        #expect(unsafe symlink("/etc", folder.path.appending("etc").string) == 0)
        #expect(unsafe symlink("loop", folder.path.appending("loop").string) == 0)
        #expect(unsafe symlink("nowhere/x", folder.path.appending("dangling").string) == 0)
        #expect(LinkWalk.resolve(root + "/real") == root + "/real")
        #expect(LinkWalk.resolve(root + "/etc/passwd") == "/etc/passwd")
        #expect(LinkWalk.resolve(root + "/etc/../real") == "/real")
        #expect(LinkWalk.resolve(root + "/missing/a") == root + "/missing/a")
        #expect(LinkWalk.resolve(root + "/missing/a/../../etc/passwd") == "/etc/passwd")
        #expect(LinkWalk.resolve(root + "/real/../etc/passwd") == "/etc/passwd")
        #expect(LinkWalk.resolve(root + "/dangling") == root + "/nowhere/x")
        #expect(LinkWalk.resolve(root + "/loop") == nil)
        // What is no text cannot be asked for again: `\xFF` leads out of the folder.
        #expect(unsafe symlink("/etc", (Array(root.utf8CString.dropLast()) + [0x2F, -1, 0])) == 0)
        #expect(unsafe symlink([-1, 0x2F, 0x78, 0], folder.path.appending("no-text").string) == 0)
        #expect(LinkWalk.resolve(root + "/no-text") == nil)
        // To a character, a slash with an accent is none.
        #expect(unsafe mkdir(root + "/\u{301}b", 0o700) == 0)
        #expect(unsafe symlink("\u{301}b/../etc/passwd", folder.path.appending("accent").string) == 0)
        #expect(unsafe symlink(root + "/\u{301}b/../real", folder.path.appending("accents").string) == 0)
        #expect(LinkWalk.resolve(root + "/accent") == "/etc/passwd")
        #expect(LinkWalk.resolve(root + "/accents") == root + "/real")
    }
}
