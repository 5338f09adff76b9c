import Foundation
import TestSupport
import Testing

/// A real server (mcp-text-editor of PyPI) behind a policy that asks about every call, in a state folder of its own.
private final class EditorScene {
    let folder: TemporaryFolder
    let account: Account
    var environment = TestEnvironment.plain
    var work: String { folder.path + "/work" }
    private let isolation: Isolation?

    /// - Parameter isolation: `nil` is `gate`.
    init(_ account: Account, _ isolation: Isolation?, timeout: String = "1s") throws {
        folder = try TemporaryFolder("agentbound-editor")
        self.account = account
        self.isolation = isolation
        try setMode(0o755, of: folder.path)
        for name in ["home", "work", "work/in", "work/out"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: false)
        }
        for name in ["in/a.txt", "out/b.txt"] {
            try "words of \(name)\n".write(toFile: work + "/" + name, atomically: true, encoding: .utf8)
        }
        try FileManager.default.createSymbolicLink(
            atPath: work + "/in/link.txt", withDestinationPath: work + "/out/b.txt")
        try #"{"version": 1, "default": "approve", "approvals": {"timeout": "\#(timeout)"}}"#
            .write(toFile: folder.path + "/policy.json", atomically: true, encoding: .utf8)
        environment["HOME"] = folder.path + "/home"
        environment["XDG_STATE_HOME"] = folder.path + "/home/state"
        if let owner = account.owner { _ = try run(["chown", "-R", owner, folder.path]) }
    }

    func agentbound(_ words: [String]) throws -> Finished {
        try TestSupport.run(account.prefix + [Products.agentbound] + words, environment: environment)
    }

    /// The first word of what was granted.
    func grant(_ words: String...) throws -> String {
        let given = try agentbound(["grant", "add", "--server", "text-editor", "--tool", "get_*", "--yes"] + words)
        #expect(given.code == 0, "\(given.errors)")
        return String(given.text.prefix(12))
    }

    /// The server with its handshake done.
    func server() throws -> EditorSession {
        let repository = URL(fileURLWithPath: RealServers.scripts).deletingLastPathComponent()
            .deletingLastPathComponent().path
        let start =
            isolation.map {
                [
                    "run", repository + "/manifests/text-editor.json", "--accept-scopes", "--yes", "--isolation",
                    $0.rawValue,
                ]
            } ?? ["gate", "--name", "text-editor"]
        let session = EditorSession(
            try RunningProgram(
                account.prefix + [Products.agentbound] + start + ["--policy", folder.path + "/policy.json", "--"]
                    + [RealServers.folder + "/venv-sdk1/bin/mcp-text-editor"],
                environment: environment, folder: work))
        session.program.send(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
                + "\n" + #"{"jsonrpc":"2.0","method":"notifications/initialized"}"# + "\n")
        #expect(session.answer(0) != nil, "\(session.program.errorsSoFar)")
        return session
    }

    func reading(_ paths: String...) -> String {
        let files = paths.map { #"{"file_path":"\#(work)/\#($0)","ranges":[{"start":1}]}"# }.joined(separator: ",")
        return #"{"name":"get_text_file_contents","arguments":{"files":[\#(files)]}}"#
    }
}

private final class EditorSession {
    let program: RunningProgram
    private var next = 1

    init(_ program: RunningProgram) { self.program = program }

    /// - Returns: The request's id.
    func call(_ parameters: String) -> Int {
        defer { next += 1 }
        program.send(#"{"jsonrpc":"2.0","id":\#(next),"method":"tools/call","params":\#(parameters)}"# + "\n")
        return next
    }

    /// The line that answers a request, waited for.
    func answer(_ id: Int) -> String? {
        func line() -> String? {
            program.outputSoFar.split(separator: "\n").first {
                let message = try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                return message?["id"] as? Int == id && message?["method"] == nil
            }.map(String.init)
        }
        _ = eventually { line() != nil }
        return line()
    }

    /// Whether the server did it, as against the gateway that refused it.
    func passes(_ parameters: String) -> Bool {
        let answer = answer(call(parameters)) ?? ""
        #expect(answer.contains("words of") || answer.contains("agentbound refused "), "\(answer)")
        return answer.contains("words of")
    }
}

private struct EditorSeat: CustomTestStringConvertible, Sendable {
    let account: Account
    /// `nil` is `gate`.
    let isolation: Isolation?
    var testDescription: String { "\(isolation?.rawValue ?? "gate"), \(account)" }
    static let all = Account.available.flatMap { account in
        [nil, Isolation.namespaces, .plain].map { EditorSeat(account: account, isolation: $0) }
    }
}

@Suite(
    "Grants and `approvals watch` with a real server, through `gate` and `run --policy`",
    .enabled(if: RealServers.exist, "Tests/RealServers/setup.sh has not run"))
struct GrantGateTests {
    @Test(
        "A grant for a folder counts there alone, whatever the path looks like, and for as many calls as it says",
        arguments: EditorSeat.all)
    fileprivate func folder(seat: EditorSeat) throws {
        let scene = try EditorScene(seat.account, seat.isolation)
        _ = try scene.grant("--path", scene.work + "/in", "--uses", "2")
        let session = try scene.server()
        #expect(session.passes(scene.reading("in/a.txt")))
        // What is refused has waited a second for a person: all of them wait together.
        let outside = [
            scene.reading("out/b.txt"), scene.reading("in/../out/b.txt"), scene.reading("in/link.txt"),
            scene.reading("in/a.txt", "out/b.txt"), scene.reading("inside.txt"), scene.reading("."),
            #"{"name":"edit_text_file_contents","arguments":{"files":[{"path":"\#(scene.work)/in/a.txt","file_hash":"","patches":[]}]}}"#,
            #"{"name":"get_text_file_contents","arguments":{}}"#,
        ].map { ($0, session.call($0)) }
        for (words, id) in outside {
            #expect(session.answer(id)?.contains("nobody answered in time") == true, "\(words)")
        }
        // None of them used anything up; the second call does, and the third is asked about.
        #expect(try scene.agentbound(["grant", "list"]).text.contains("1 of 2 calls"))
        #expect(session.passes(scene.reading("in/a.txt")))
        #expect(!session.passes(scene.reading("in/a.txt")))
        #expect(try scene.agentbound(["grant", "list"]).text == "nothing is granted\n")
        session.program.closeInput()
        #expect(session.program.finish().code == 0)
        let journal = try scene.agentbound(["audit", "list", "--jsonl"]).text
        #expect(journal.components(separatedBy: "covers it").count == 3, "two calls")
    }

    @Test("A grant that is taken back counts no more, from that moment on", arguments: EditorSeat.all)
    fileprivate func revoked(seat: EditorSeat) throws {
        let scene = try EditorScene(seat.account, seat.isolation)
        let session = try scene.server()
        let grant = try scene.grant("--path", scene.work, "--uses", "50")
        for _ in 0..<3 { #expect(session.passes(scene.reading("in/a.txt"))) }
        #expect(try scene.agentbound(["grant", "revoke", grant]).code == 0)
        #expect(!session.passes(scene.reading("in/a.txt")))
        session.program.closeInput()
        #expect(session.program.finish().code == 0)
    }

    @Test("A grant counts as long as it says", arguments: EditorSeat.all.filter { $0.isolation != .plain })
    fileprivate func minutes(seat: EditorSeat) throws {
        let scene = try EditorScene(seat.account, seat.isolation)
        let session = try scene.server()
        var passed = false
        // Minutes would take minutes. A busy machine gets more seconds to make the call in.
        for seconds in [2, 8, 32] where !passed {
            let given = try run(
                seat.account.prefix + [
                    Products.grantRunner, scene.environment["XDG_STATE_HOME"]! + "/agentbound/grants", "grant", "get_*",
                    "\(seconds)",
                ], environment: scene.environment)
            #expect(given.code == 0, "\(given.errors)")
            passed = session.passes(scene.reading("in/a.txt"))
        }
        #expect(passed)
        #expect(try eventually { try scene.agentbound(["grant", "list"]).text == "nothing is granted\n" })
        #expect(!session.passes(scene.reading("in/a.txt")))
        session.program.closeInput()
        #expect(session.program.finish().code == 0)
    }

    @Test(
        "A person answers in a terminal with `approvals watch`: yes, no, and one after the other",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux"), "tmux is not installed"),
        arguments: EditorSeat.all)
    fileprivate func watch(seat: EditorSeat) throws {
        let scene = try EditorScene(seat.account, seat.isolation, timeout: "10m")
        // The store is there before it is watched.
        #expect(try scene.agentbound(["grant", "list"]).code == 0)
        func tmux(_ words: String...) throws -> String {
            let ended = try run(
                seat.account.prefix + ["tmux", "-u", "-f", "/dev/null", "-S", scene.folder.path + "/home/tmux"] + words,
                // The shell of nobody's account would end at once.
                environment: scene.environment.merging(["SHELL": "/bin/sh"]) { $1 })
            try #require(ended.code == 0, "\(words) \(ended.errors)")
            return ended.text
        }
        func shows(_ text: String) throws -> Bool {
            try eventually { try tmux("capture-pane", "-p", "-t", "watch").contains(text) }
        }
        // The shell stays, so that what ended can be seen.
        _ = try tmux(
            "new-session", "-d", "-s", "watch", "-x", "200", "-y", "50",
            "trap : INT; '\(Products.agentbound)' approvals watch; echo ended $?; sleep 1000")
        defer { _ = try? tmux("kill-server") }
        try #require(try shows("waiting for calls"))
        let session = try scene.server()
        for (answer, passes, said) in [
            ("y", true, "allowed, once"), ("n", false, "denied: "), ("yes", true, "allowed, once"),
        ] {
            let id = session.call(scene.reading(passes ? "in/a.txt" : "out/b.txt"))
            try #require(try shows("Allow this call once? [y/N]"))
            #expect(try shows("get_text_file_contents") && shows(passes ? "in/a.txt" : "out/b.txt"))
            _ = try tmux("send-keys", "-t", "watch", answer, "Enter")
            let text = session.answer(id) ?? ""
            #expect(text.contains(passes ? "words of" : "denied by a person"), "\(text)")
            #expect(try shows(said))
            _ = try tmux("send-keys", "-t", "watch", "-R")
            _ = try tmux("clear-history", "-t", "watch")
        }
        // Two at once are asked about one by one.
        let two = [session.call(scene.reading("in/a.txt")), session.call(scene.reading("out/b.txt"))]
        for _ in two {
            try #require(try shows("Allow this call once? [y/N]"))
            _ = try tmux("send-keys", "-t", "watch", "-R")
            _ = try tmux("send-keys", "-t", "watch", "y", "Enter")
            #expect(try shows("allowed, once"))
        }
        for id in two { #expect(session.answer(id)?.contains("words of") == true) }
        _ = try tmux("send-keys", "-t", "watch", "C-c")
        #expect(try shows("ended 130"))
        session.program.closeInput()
        #expect(session.program.finish().code == 0)
    }
}
