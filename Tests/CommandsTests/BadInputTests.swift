import AuditTrail
import Foundation
import StrictJSON
import SystemPackage
import TestSupport
import Testing

/// The built executable, as a person or a client meets it. Nothing here starts a server.
@Suite("Bad input", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct BadInputTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]

    init() throws {
        folder = try TemporaryFolder()
        var environment = TestEnvironment.plain
        environment["HOME"] = folder.path
        self.environment = environment
        let manifest = #"{"name": "probe", "description": "d", "permissions": ["mcp.ac.filesystem.read"]}"#
        try manifest.write(toFile: folder.path + "/m.json", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.path + "/work", withIntermediateDirectories: false)
        try "".write(toFile: folder.path + "/empty.json", atomically: true, encoding: .utf8)
        try #"{"readPaths": 5}"#.write(toFile: folder.path + "/o.json", atomically: true, encoding: .utf8)
        try "readPth: [/x]\nreadPaths: [/nonexistent]\nlimits: {memory: -1}\n".write(
            toFile: folder.path + "/more.yaml", atomically: true, encoding: .utf8)
        try "version: 1\ndefault: deny\nrules: []\nrule: []\n".write(
            toFile: folder.path + "/bad.yaml", atomically: true, encoding: .utf8)
        try "version: 1\nrules: []\n".write(toFile: folder.path + "/ok.yaml", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.path + "/policies", withIntermediateDirectories: false)
        try "rules:\n  - 5\n".write(toFile: folder.path + "/policies/b.yaml", atomically: true, encoding: .utf8)
        try FileManager.default.createDirectory(atPath: folder.path + "/wheels", withIntermediateDirectories: false)
        try "".write(toFile: folder.path + "/wheels/x-1.whl", atomically: true, encoding: .utf8)
        try "no program".write(toFile: folder.path + "/text", atomically: true, encoding: .utf8)
    }

    private func agentbound(_ arguments: [String], input: String = "", environment: [String: String]? = nil) throws
        -> Finished
    {
        try run(
            [Products.agentbound] + arguments.map { $0.replacingOccurrences(of: "@", with: folder.path) }, input: input,
            environment: environment ?? self.environment, folder: folder.path + "/work")
    }

    @Test(
        "What is wrong is told at once, whatever kinds of mistakes there are",
        arguments: [
            (
                ["run", "@/m.json", "--bogus", "x", "--grace", "y", "--isolation", "no", "--name", "n", "--", "true"],
                ["unknown option --bogus", "--grace takes seconds", "--isolation takes auto"],
                ["write `--` before", "there is none: add --policy"]
            ),
            (
                ["run", "@/m.json", "--grace", "y", "--name", "n", "--", "true"],
                ["--grace takes seconds", "there is none: add --policy"], []
            ),
            (
                ["gate", "--read-path", "x", "--grace", "y", "--", "true"],
                ["unknown option --read-path", "--grace takes seconds"], []
            ),
            (
                [
                    "run", "@/m.json", "--yes", "--overrides", "@/more.yaml", "--overrides", "@/o.json", "--overrides",
                    "@/gone", "--env-file", "@/gone.env", "--read-path", "@/gone", "--", "true",
                ],
                [
                    "more.yaml:1:1: there is no key `readPth`", "more.yaml:2:13:", "`memory=-1`", "o.json:1:15:",
                    "/gone: No such file", "cannot read the variables", "--read-path @/gone",
                ], []
            ),
            (["diff", "@/empty.json", "@/o.json"], ["empty.json:1:1: error AB1001", "o.json:1:1: error AB1006"], []),
            (["diff", "@/gone.json", "@/o.json"], ["gone.json", "o.json:1:1: error AB1006"], []),
            (["run"], ["no manifest was named, and no command was given"], []),
        ])
    func atOnce(arguments: [String], told: [String], untold: [String]) throws {
        let ended = try agentbound(arguments)
        for words in told {
            #expect(ended.errors.contains(words.replacingOccurrences(of: "@", with: folder.path)), "\(ended.errors)")
        }
        for words in untold { #expect(!ended.errors.contains(words), "\(ended.errors)") }
    }

    @Test(
        "Each mistake has its exit code, says what is wrong and what to do, and leaves standard output alone",
        arguments: [
            (["run"], 125, "no manifest was named"), (["run", "@/m.json"], 125, "no command was given"),
            (["run", "@/m.json", "--read-pth", "x", "--", "true"], 125, "did you mean --read-path?"),
            (["run", "@/m.json", "--read-path"], 125, "--read-path needs a value"),
            // `--` is nobody's value: once the server's command was taken for a second manifest.
            (["run", "@/m.json", "--yes", "--read-path", "--", "true"], 125, "--read-path needs a value"),
            (["run", "@/m.json", "--yes", "--audit", "--", "true"], 125, "--audit needs a value"),
            (["run", "@/m.json", "server", "--yes"], 125, "write `--` before"),
            // Once the client's first request was read as the manifest, or waited for until its last one.
            (["run", "-", "--yes", "--", "true"], 125, "cannot come from standard input"),
            (["run", "/dev/stdin", "--yes", "--", "true"], 125, "cannot come from standard input"),
            // What would refuse the start refuses it where it is only looked at.
            (["run", "@/m.json", "--dry-run", "--policy", "@/gone.yaml", "--", "true"], 125, "cannot read the policy"),
            (["run", "@/m.json", "--dry-run", "--policy", "@/bad.yaml", "--", "true"], 125, "bad.yaml:4:1:"),
            (["inspect", "@/m.json", "--policy", "@/gone.yaml", "--", "true"], 66, "cannot read the policy"),
            (["inspect", "@/m.json", "--policy", "@/bad.yaml"], 65, "bad.yaml:4:1:"),
            (["inspect", "@/m.json", "--policy", "-"], 64, "standard input is the client's"),
            (["approve", "@/m.json", "--yes", "--policy", "@/gone.yaml", "--", "true"], 66, "cannot read the policy"),
            (["run", "@/m.json", "--yes", "--json", "--", "true"], 125, "add --dry-run"),
            (["gate", "--policy", "@/ok.yaml", "--name", "", "--", "true"], 125, "--name is empty"),
            (["gate", "--policy", "@/ok.yaml", "--grace", "5w", "--", "true"], 125, "`90s`, `15m`"),
            (["policy", "add", "@/ok.yaml", "--id", "", "--effect", "deny"], 64, "--id is empty"),
            (["policy", "add", "-", "--id", "a", "--effect", "deny"], 64, "standard input cannot be changed"),
            (["audit", "list", "--since", "2026-13-45"], 64, "`2026-02-28T23:00Z`"),
            (["audit", "list", "--until", "2026-02-31"], 64, "not `2026-02-31`"),
            (["grant", "add", "--tool", "x", "--for", "31d", "--yes"], 64, "`90s`, `15m`"),
            (["grant", "add", "--tool", "x", "--for", "1h", "--minutes", "5", "--yes"], 64, "give one of them"),
            (["grant", "add", "--tool", "x", "--minutes", "9223372036854775807", "--yes"], 64, "1 to 43,200 minutes"),
            (["run", "@/gone.json", "--yes", "--", "true"], 125, "there is no such file"),
            (["run", "tme", "--yes", "--", "true"], 125, "there is no such file"),
            (
                ["run", "gone.json", "--yes", "--", "true"], 125,
                "cannot read the manifest `gone.json` (@/work/gone.json)"
            ),
            (
                ["run", "quite-unknown", "--yes", "--", "true"], 125,
                "/manifests (AGENTBOUND_MANIFESTS names more folders)"
            ),
            (["run", "@/m.json", "--yes", "--", "@"], 126, "is a folder"),
            (["run", "@", "--yes", "--", "true"], 125, "it is a folder"),
            (["run", "@/empty.json", "--yes", "--", "true"], 125, "AB1001"),
            (["run", "@/m.json", "--yes", "--", "no-such-program"], 127, "not found"),
            (["run", "@/m.json", "--yes", "--", "@/text"], 126, "not executable"),
            (["run", "@/m.json", "--yes", "--read-path", "@/gone", "--", "true"], 125, "may be missing"),
            (
                ["run", "@/m.json", "--yes", "--allow-host", "a.example", "--", "true"], 125,
                "an override can only narrow"
            ),
            (["run", "@/m.json", "--yes", "--overrides", "@/gone", "--", "true"], 125, "cannot read the overrides"),
            // Once a trap in the reader of override files.
            (["run", "@/m.json", "--yes", "--overrides", "@/o.json", "--", "true"], 125, "docs/overrides.md"),
            (["run", "@/m.json", "--yes", "--", "/x\u{1b}[2J"], 127, #"\u{1b}"#),
            (["inspect"], 64, "no manifest was named"), (["inspect", "@/gone.json"], 66, "there is no such file"),
            (["inspect", "@/empty.json"], 65, "AB1001"), (["inspect", "@/m.json", "--bogus"], 64, "unknown option"),
            (["inspect", "@/m.json", "--overrides", "@/o.json"], 65, "docs/overrides.md"),
            (["approve"], 64, "no manifest was named"), (["approve", "@/m.json"], 64, "no command was given"),
            (["approve", "@/m.json", "--", "true"], 77, "nobody can be asked"),
            (["approve", "--revoke", "gone"], 1, "no record"), (["approve", "--revoke"], 64, "takes the key"),
            (["vlidate"], 64, "did you mean `validate`?"), (["help", "nope"], 64, "there is no command"),
            (["validate", "--jsn", "x"], 64, "--json"),
            (["diff", "@/m.json", "@/gone.json"], 66, "there is no such file"),
            (["policy", "test", "@/bad.yaml"], 64, "next: `agentbound help policy test`"),
            (["audit", "list", "--decision", "denied"], 64, "next: `agentbound help audit list`"),
            (["gate", "--policy", "@/bad.yaml", "--from", "yaml", "--", "true"], 125, "--from takes native, agent"),
            (["gate", "--policy", "@/bad.yaml", "--max-age", "old", "--", "true"], 125, "--max-age takes a time"),
            (["gate", "--policy", "@/bad.yaml", "--max-calls", "-1", "--", "true"], 125, "--max-calls takes a number"),
            (["policy", "list", "@/policies"], 65, "@/policies/b.yaml:2:5: a rule is an object"),
            (["policy", "explain", "@/policies", "--call", "{}"], 65, "@/policies/b.yaml:2:5: a rule is an object"),
            (["generate", "@/work", "-o", "@/never.json"], 65, "there is no source code in"),
            (["generate", "@/wheels"], 65, "give the package file that lies there: @/wheels/x-1.whl"),
            // Of two problems each has its line.
            (["policy", "explain", "@/ok.yaml", "--call", "{bad"], 65, "\n1:5: the text ends inside an object"),
            (["explain", "AB101"], 1, "did you mean"), (["explain"], 64, "no id was given"),
        ] as [([String], CInt, String)])
    func mistakes(arguments: [String], code: CInt, words: String) throws {
        let end = try agentbound(arguments)
        #expect(end.code == code)
        #expect(
            end.errors.contains(words.replacingOccurrences(of: "@", with: folder.path)), "\(end.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/never.json"))
        #expect(end.errors.hasPrefix("agentbound: ") || end.errors.contains("error AB"))
        #expect(end.errors.contains("next: "))
        #expect(end.text.isEmpty)
    }

    @Test("Ten thousand paths are refused")
    func manyPaths() throws {
        let end = try agentbound(
            ["run", "@/m.json", "--yes"] + Array(repeating: "--read-path=/usr", count: 10_000) + ["--", "true"])
        #expect(end.code == 125)
        #expect(end.errors.contains("10000 entries"))
    }

    @Test("A pipe in the manifest's place is not waited for")
    func fifo() throws {
        _ = try run(["mkfifo", folder.path + "/pipe"])
        #expect(try agentbound(["run", "@/pipe", "--yes", "--", "true"]).errors.contains("it is a pipe"))
    }

    @Test("Without HOME the refusal says which flags do without")
    func noHome() throws {
        var bare = environment
        bare["HOME"] = nil
        #expect(
            try agentbound(["run", "@/m.json", "--yes", "--", "true"], environment: bare).errors.contains("--no-audit"))
        #expect(try agentbound(["run", "@/m.json", "--", "true"], environment: bare).errors.contains("--yes"))
    }

    @Test("A refusal keeps its code where standard error is closed")
    func closedStandardError() throws {
        for command in ["audit show nope", "explain nope", "run --nope"] {
            let open = try agentbound(command.split(separator: " ").map(String.init))
            let closed = try run(
                ["sh", "-c", "\(Products.agentbound) \(command) 2>&-"], environment: environment,
                folder: folder.path + "/work")
            #expect(open.code != 0 && closed.code == open.code, "\(command): \(closed.code), \(open.code)")
        }
    }

    @Test("Standard input is not offered where it is the client's")
    func noInputOffered() throws {
        for words in [["run", "@/m.json"], ["gate"]] {
            let end = try agentbound(words + ["--policy", "@/gone.yaml", "--", "true"])
            #expect(end.errors.contains("next: give the path of a file\n"), "\(end.errors)")
        }
        #expect(try agentbound(["policy", "check", "@/gone.yaml"]).code == 66)
        let list = try agentbound(["policy", "list", "@/gone.yaml"])
        #expect(list.errors.contains("or `-` for standard input"), "\(list.errors)")
    }

    @Test("A result that cannot be written is an error", arguments: [">/dev/full", ">&-"])
    func standardOutput(redirection: String) throws {
        let journal = try journal(events: 600)
        let audit = ["list", "list --json", "list --jsonl", "show 1", "show 1 --json", "verify", "verify --json"]
            .map { "audit \($0) --file \(journal)" }
        let others = ["permissions", "--version", "help", "explain --list", "inspect \(folder.path)/m.json"]
        for command in others + audit {
            let end = try run(
                ["sh", "-c", "\(Products.agentbound) \(command) \(redirection)"], environment: environment,
                folder: folder.path + "/work")
            #expect(end.code == 74, "\(command): \(end.errors)")
            #expect(end.errors.contains("agentbound: cannot write to standard output"), "\(command): \(end.errors)")
            #expect(end.errors.contains("next: "), "\(command): \(end.errors)")
        }
    }

    /// A journal with that many events.
    private func journal(events: Int) throws -> String {
        try setMode(0o700, of: folder.path)
        let path = folder.path + "/journal.jsonl"
        let writer = try AuditWriter(path: FilePath(path), session: "s")
        for number in 1...events {
            try writer.append(AuditEvent(.box, "subject \(number)", .deny, rule: "rule", reason: "reason"))
        }
        return path
    }

    @Test("A long list comes whole, and a reader that leaves early is told nothing")
    func longList() throws {
        let journal = try journal(events: 600)
        let list = try agentbound(["audit", "list", "--file", journal]).text.split(separator: "\n")
        #expect(list.count == 600 && list.last?.hasPrefix("600 ") == true)
        let cut = try run(
            ["sh", "-c", "\(Products.agentbound) audit list --file \(journal) | head -n 1"], environment: environment,
            folder: folder.path + "/work")
        #expect(cut.code == 0 && cut.errors.isEmpty, "\(cut.errors)")
    }

    @Test("A journal in a folder that is missing is a mistake: nothing is made, and the folder is named")
    func missingAuditFolder() throws {
        try setMode(0o700, of: folder.path)
        let words = ["run", "@/m.json", "--yes", "--audit", "@/typo/deep/journal.jsonl", "--", "true"]
        let end = try agentbound(words)
        #expect(end.code == 125)
        #expect(end.errors.contains("\(folder.path)/typo does not exist"), "\(end.errors)")
        #expect(end.errors.contains("next: make it"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/typo"))
        try FileManager.default.createDirectory(atPath: folder.path + "/typo/deep", withIntermediateDirectories: true)
        for path in ["/typo", "/typo/deep"] { try setMode(0o700, of: folder.path + path) }
        let again = try agentbound(words)
        #expect(again.code == 0, "\(again.errors)")
        // The usual place is ours to make.
        #expect(try agentbound(["run", "@/m.json", "--yes", "--", "true"]).code == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/.local/state/agentbound/audit/journal.jsonl"))
    }

    @Test("Whom the audit trail cannot be trusted with is told how to mend that, not to open it further")
    func untrustedAuditFile() throws {
        try setMode(0o777, of: folder.path)
        func start(_ file: String) throws -> String {
            try agentbound(["run", "@/m.json", "--yes", "--audit", "@/\(file)", "--", "true"]).errors
        }
        let open = try start("journal.jsonl")
        #expect(open.contains("others may write it (mode 0777)"), "\(open)")
        #expect(open.contains("next: `chmod go-w \(folder.path)`"), "\(open)")
        try setMode(0o700, of: folder.path)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.jsonl", withDestinationPath: folder.path + "/journal.jsonl")
        let link = try start("link.jsonl")
        #expect(link.contains("next: name the file itself, not a link"), "\(link)")
    }

    @Test("A folder that is gone is named as the reason")
    func vanishedFolder() throws {
        let script =
            "mkdir gone; cd gone; rmdir ../gone; exec \(Products.agentbound) run \(folder.path)/m.json --yes -- true"
        let end = try run(["sh", "-c", script], environment: environment, folder: folder.path + "/work")
        #expect(end.code == 125)
        #expect(end.errors.contains("does not exist any more"))
    }
}

@Suite(
    "Consent, through the built executable", .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct ConsentProcessTests {
    private let folder: TemporaryFolder
    private let environment: [String: String]
    private let work: String

    init() throws {
        folder = try TemporaryFolder()
        environment = TestEnvironment.plain.merging(["HOME": folder.path]) { $1 }
        work = folder.path + "/work"
        let manifest = #"{"name": "probe", "description": "d", "permissions": ["mcp.ac.filesystem.read"]}"#
        try manifest.write(toFile: folder.path + "/m.json", atomically: true, encoding: .utf8)
        for name in ["work", "more"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
        }
        // Folders of mode 0777 would let others put a record of consent there.
        try setMode(0o700, of: folder.path)
    }

    private func agentbound(_ arguments: [String]) throws -> Finished {
        try run([Products.agentbound] + arguments, environment: environment, folder: work)
    }

    @Test("A client's first request is answered at once, with its id, on one line; later input is not waited for")
    func answer() throws {
        let server = try RunningProgram(
            [Products.agentbound, "run", folder.path + "/m.json", "--", "/bin/cat"], environment: environment,
            folder: work)
        server.send(#"{"jsonrpc":"2.0","id":"first","method":"initialize","params":{}}"# + "\n")
        // Standard input stays open: an answer that waited for its end would never come.
        let end = server.finish()
        #expect(end.code == 125)
        let answer = try JSONReader.read(Array(end.output)).value
        #expect(answer["id"]?.string == "first")
        #expect(
            answer["error"]?["message"]?.string?.contains("agentbound approve") == true || end.text.contains("approve"))
        #expect(end.text.split(separator: "\n").count == 1)
    }

    @Test("With nothing to read it refuses without waiting", arguments: ["</dev/null", "<&-"])
    func noInput(redirection: String) throws {
        let end = try run(
            ["sh", "-c", "\(Products.agentbound) run \(folder.path)/m.json -- /bin/cat \(redirection)"],
            environment: environment,
            folder: work)
        #expect(end.code == 125)
        #expect(end.text.isEmpty)
        #expect(end.errors.contains("approve \(folder.path)/m.json -- /bin/cat"))
    }

    @Test("What was agreed to without a terminal is kept, listed, outgrown and taken back")
    func recorded() throws {
        let line = [folder.path + "/m.json", "--", "/bin/cat"]
        let agreed = try agentbound(["approve", "--yes"] + line)
        #expect(agreed.code == 0, "\(agreed.errors)")
        let list = try agentbound(["approve", "--list"]).text
        #expect(list.contains("probe: /bin/cat"))
        // Wider than what was agreed to: refused with the difference alone.
        let wider = try agentbound(["run", line[0], "--read-path", "../more", "--", "/bin/cat"])
        #expect(wider.code == 125)
        #expect(wider.errors.contains("+ readPaths: \(folder.path)/more"), "\(wider.errors)")
        let key = String(list.prefix { $0 != " " })
        #expect(agreed.text.contains("`agentbound approve --revoke \(key)` takes it back"), "\(agreed.text)")
        #expect(try agentbound(["approve", "--revoke", key]).code == 0)
        #expect(try agentbound(["run"] + line).errors.contains("nobody has agreed"))
    }

    /// script(1) gives its child a terminal for all three streams.
    private func atTerminal(_ words: [String], answer: String) throws -> (asked: Bool, end: Finished) {
        let command = ([Products.agentbound] + words).joined(separator: " ")
        let program = try RunningProgram(
            ["script", "-qefc", command, "/dev/null"], environment: environment, folder: work)
        let asked = program.says("[y/N]")
        program.send(answer)
        // script passes on what it was sent before its input ended.
        _ = eventually { program.outputSoFar.contains("agree") }
        let end = program.finish()
        return (asked, end)
    }

    @Test(
        "At a terminal a person is asked, and only a clear yes agrees",
        arguments: [
            ("y\n", 0), ("yes\n", 0), ("n\n", 77), ("\n", 77), ("maybe\nno\n", 77),
        ] as [(String, CInt)])
    func terminal(answer: String, code: CInt) throws {
        let (asked, end) = try atTerminal(["approve", folder.path + "/m.json", "--", "/bin/cat"], answer: answer)
        #expect(asked)
        #expect(end.code == code, "\(end.text)")
        #expect(end.text.contains("filesystem.read"))
        #expect(try agentbound(["approve", "--list"]).text.contains("probe: /bin/cat") == (code == 0))
    }

    @Test("At a terminal run asks too, and a no starts nothing")
    func runAsks() throws {
        let (asked, end) = try atTerminal(
            ["run", folder.path + "/m.json", "--", "/bin/echo", "started"], answer: "n\n")
        #expect(asked)
        #expect(end.code == 125)
        // The question shows the command; a line of its own would be the command's.
        #expect(!end.text.split(whereSeparator: \.isNewline).contains("started"))
    }
}
