import Foundation
import TestSupport
import Testing

/// A home folder with a key, a token and a start-up file, a project, two services on loopback, and hostile servers.
private final class HostileScene {
    let folder: TemporaryFolder
    let setting: Setting
    let good: Listener
    let bad: Listener
    private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/hostile/server.py").path

    init(_ setting: Setting) throws {
        folder = try TemporaryFolder("agentbound-hostile")
        self.setting = setting
        good = try Listener(.tcp)
        bad = try Listener(.tcp)
        try setMode(0o755, of: folder.path)
        for name in ["home/.ssh", "home/.config/app", "work/docs", "work/out/.git/hooks", "work/out/.vscode"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for (name, text) in [
            ("home/.ssh/id", "KEY"), ("home/.config/app/token.json", "TOKEN"), ("home/.bashrc", "# mine"),
            ("work/docs/note", "a note"), ("work/out/.mcp.json", "{}"),
        ] { try write(name, text) }
        if let owner = setting.account.owner {
            _ = try run(["chown", "-R", owner, folder.path + "/home", folder.path + "/work"])
        }
    }

    deinit {
        good.stop()
        bad.stop()
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    }

    func contents(_ name: String) -> String? { try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) }

    var environment: [String: String] {
        var environment = TestEnvironment.plain
        environment["HOME"] = folder.path + "/home"
        environment["API_TOKEN"] = "TOKEN"
        return environment
    }

    func server(_ name: String) -> [String] { ["/usr/bin/python3", script, name, "\(good.port)", "\(bad.port)"] }

    /// The launcher's words before the server's, for a manifest with these permissions.
    func boxed(_ verb: String, _ permissions: [String], _ flags: [String]) throws -> [String] {
        let names = permissions.map { #""mcp.ac.\#($0)""# }.joined(separator: ", ")
        try write("manifest.json", #"{"name": "hostile", "description": "a test", "permissions": [\#(names)]}"#)
        return [Products.agentbound, verb, folder.path + "/manifest.json", "--isolation", setting.mode.rawValue] + flags
            + ["--"]
    }

    /// Calls the server's tool once.
    /// - Returns: What became of each step, by its name.
    func call(_ name: String, _ arguments: [String: String], _ launcher: [String]) throws -> [String: String] {
        let program = try RunningProgram(
            setting.account.prefix + launcher + server(name), environment: environment, folder: folder.path + "/work")
        let given = String(decoding: try JSONEncoder().encode(arguments), as: UTF8.self)
        program.send(
            PackageClient.initialize
                + #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"\#(name)","arguments":\#(given)}}"#
                + "\n")
        #expect(program.says(#""id": 2"#), "\(program.errorsSoFar)")
        program.closeInput()
        let ended = program.finish()
        let line = ended.text.split(separator: "\n").last.map(String.init) ?? ""
        let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
        return try JSONDecoder().decode([String: String].self, from: Data(answer.result.content[0].text.utf8))
    }

    private struct Answer: Decodable {
        struct Result: Decodable {
            struct Content: Decodable { let text: String }
            let content: [Content]
        }
        let result: Result
    }
}

/// What a client says first.
private enum PackageClient {
    static let initialize =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
        + "\n"
}

@Suite(
    "Whole hostile servers: what they offer works, and nothing else",
    .enabled(if: Products.launcherExists, "the launcher has not been built"))
struct HostileServerTests {
    @Test("H1: A weather server that reads a key and posts it", arguments: Setting.all)
    func weather(setting: Setting) throws {
        let scene = try HostileScene(setting)
        let outside = try scene.call("weather", [:], [])
        #expect(outside == ["result": "ok", "key": "KEY", "token": "TOKEN", "post": "done"])
        let reached = scene.bad.reached
        let inside = try scene.call(
            "weather", [:],
            scene.boxed("run", ["network.client"], ["--yes", "--allow-host", "127.0.0.1:\(scene.good.port)"]))
        let hidden = setting.mode == .namespaces ? "ENOENT" : "EACCES"
        #expect(inside == ["result": "ok", "key": hidden, "token": "missing", "post": "EACCES"])
        #expect(scene.bad.reached == reached && eventually { scene.good.reached == 2 })
    }

    @Test("H2: A time server with a shell pipeline", arguments: Setting.all)
    func time(setting: Setting) throws {
        let scene = try HostileScene(setting)
        #expect(try scene.call("time", [:], []) == ["result": "ok", "pipe": "piped", "program": "id"])
        let inside = try scene.call("time", [:], scene.boxed("run", [], ["--yes"]))
        #expect(inside == ["result": "ok", "pipe": "EACCES", "program": "EACCES"])
    }

    @Test(
        "H3: A file tool that takes any path it is given",
        arguments: ["../../home/.ssh/id", "/proc/self/root/{home}/.ssh/id", "link"], Setting.all)
    func traversal(path: String, setting: Setting) throws {
        let scene = try HostileScene(setting)
        try FileManager.default.createSymbolicLink(
            atPath: scene.folder.path + "/work/docs/link", withDestinationPath: "../../home/.ssh/id")
        let path = path.replacingOccurrences(of: "{home}", with: String(scene.folder.path.dropFirst() + "/home"))
        #expect(try scene.call("files", ["path": path], [])["read"] == "KEY")
        let box = try scene.boxed(
            "run", ["filesystem.read"], ["--yes", "--read-path", scene.folder.path + "/work/docs"])
        #expect(try scene.call("files", ["path": "note"], box)["read"] == "a note")
        let hidden = setting.mode == .namespaces ? "ENOENT" : "EACCES"
        #expect(try scene.call("files", ["path": path], box)["read"] == hidden)
    }

    @Test("H4: A command in a tool's argument", arguments: Setting.all)
    func injection(setting: Setting) throws {
        let scene = try HostileScene(setting)
        let host = ["host": "there; cat $HOME/.ssh/id"]
        #expect(try scene.call("ping", host, [])["ping"] == "pinged there\nKEY")
        // A server that may start no programs has no shell to be fooled.
        #expect(try scene.call("ping", host, scene.boxed("run", [], ["--yes"]))["ping"] == "EACCES")
        // One that may has a shell, and what the shell starts is in the box too.
        let shell = try scene.boxed(
            "run", ["system.exec"], ["--yes", "--allow-command", "/bin/sh", "--allow-command", "/bin/cat"])
        #expect(try scene.call("ping", ["host": "there"], shell)["ping"] == "pinged there")
        #expect(try scene.call("ping", host, shell)["ping"] == "failed: 1")
    }

    @Test("H5: Tokens in a configuration, in a variable, in the launcher", arguments: Setting.all)
    func tokens(setting: Setting) throws {
        let scene = try HostileScene(setting)
        let outside = try scene.call("vault", [:], ["env"])
        #expect(outside["configuration"] == "TOKEN" && outside["variable"] == "TOKEN")
        let inside = try scene.call("vault", [:], scene.boxed("run", ["system.env.read"], ["--yes"]))
        let isHidden = setting.mode == .namespaces
        #expect(inside["configuration"] == (isHidden ? "ENOENT" : "EACCES"))
        #expect(inside["variable"] == "missing")
        #expect(["EACCES", "ENOENT"].contains(inside["neighbour"]))
    }

    @Test("H6: Files that run at the next start of a shell, an editor, git or a client", arguments: Setting.all)
    func patient(setting: Setting) throws {
        let scene = try HostileScene(setting)
        let planted = [
            "home/.bashrc", "work/out/.vscode/tasks.json", "work/out/.git/hooks/post-commit", "work/out/.mcp.json",
        ]
        let before = planted.map(scene.contents)
        let box = try scene.boxed(
            "run", ["filesystem.write"], ["--yes", "--write-path", scene.folder.path + "/work/out"])
        let inside = try scene.call("patient", [:], box)
        for step in ["shell", "editor", "hook", "servers"] { #expect(inside[step] == "EACCES", "\(step)") }
        #expect(scene.contents("work/out/notes") == "# planted\n")
        #expect(planted.map(scene.contents) == before)
        let outside = try scene.call("patient", [:], [])
        #expect(["shell", "editor", "hook", "servers"].allSatisfy { outside[$0] == "done" })
        #expect(zip(planted, before).allSatisfy { scene.contents($0) != $1 })
    }

    @Test("G10: The policy and the record of a server stay closed inside what it may write", arguments: Setting.all)
    func ownPolicy(setting: Setting) throws {
        let boxed = try setting.boxed(), scene = boxed.scene
        let policy = try scene.write("work/policy.yaml", "version: 1\nrules: []\n")
        // A journal lies where nobody else could replace it.
        let work = scene.folder.path + "/work", journal = work + "/trail.jsonl"
        if let owner = setting.account.owner { _ = try run(["chown", owner, policy, work]) }
        for folder in [scene.folder.path, work] { try setMode(0o755, of: folder) }
        let flags = ["--policy", policy, "--audit", journal] + Boxed.grace
        let acts = [
            ["append", policy], ["append", journal], ["append", work + "/trail.head"],
            ["create", work + "/trail.signed"], ["save", policy],
        ]
        func inside(_ act: [String], _ flags: [String]) throws -> CInt? {
            let command = try boxed.command([Products.victim] + act, extra: flags)
            return try run(
                command.filter { $0 != "--no-audit" || !flags.contains("--audit") }, environment: boxed.environment,
                folder: work
            ).code
        }
        for act in acts {
            #expect(try inside(act, flags) == EACCES, "\(act)")
        }
        // Where nobody named them they are files like others. What was written to take one's place is still there.
        try FileManager.default.removeItem(atPath: policy + ".tmp")
        for act in acts { #expect(try inside(act, Boxed.grace) == 0, "\(act)") }
    }

    @Test("H7: An update that wants more than was agreed to is not started", arguments: Setting.all)
    func growing(setting: Setting) throws {
        let scene = try HostileScene(setting)
        let flags = ["--allow-host", "127.0.0.1:\(scene.bad.port)"]
        let agreed = try run(
            setting.account.prefix + scene.boxed("approve", [], ["--yes"]) + scene.server("growing"),
            environment: scene.environment, folder: scene.folder.path + "/work")
        #expect(agreed.ending == .exited(0), "\(agreed.errors)")
        #expect(try scene.call("growing", [:], scene.boxed("run", [], []))["post"] == "EACCES")
        let updated = try scene.boxed("run", ["network.client"], flags)
        let refused = try run(
            setting.account.prefix + updated + scene.server("growing"), environment: scene.environment,
            folder: scene.folder.path + "/work")
        #expect(refused.ending == .exited(125) && refused.errors.contains("network.client"), "\(refused.errors)")
        #expect(scene.bad.reached == 0)
        // Asked, and agreed to, it runs.
        let again = try scene.boxed("run", ["network.client"], ["--yes"] + flags)
        #expect(try scene.call("growing", [:], again)["post"] == "done")
    }
}
