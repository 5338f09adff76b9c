import Foundation
import TestSupport
import Testing

/// A home folder, and a registry of npm packages on loopback.
private final class PackageScene {
    let folder: TemporaryFolder
    let setting: Setting
    let other: Listener
    private let registry: RunningProgram
    private let port: String

    var home: String { folder.path + "/home" }
    private var log: String { folder.path + "/log" }

    init(_ setting: Setting) throws {
        folder = try TemporaryFolder("agentbound-packages")
        try setMode(0o755, of: folder.path)  // where others may write, nothing is installed
        self.setting = setting
        other = try Listener(.tcp)
        let files = FileManager.default
        for name in ["home/.ssh", "home/.npm/_npx/a", "work"] {
            try files.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for (name, text) in [
            ("home/.ssh/id", "SECRET"), ("home/.bashrc", "# mine\n"), ("home/.npm/_npx/a/package.json", "{}"),
            ("manifest.json", #"{"name": "packaged", "description": "a test", "permissions": []}"#), ("log", ""),
        ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name)) }
        if let owner = setting.account.owner {
            _ = try run(["chown", "-R", owner, folder.path + "/home", folder.path + "/work"])
        }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Fixtures/npm/registry.py").path
        registry = try RunningProgram(["python3", script, folder.path + "/log", folder.path + "/home", "\(other.port)"])
        guard registry.says("\n") else { throw CocoaError(.fileReadUnknown) }
        port = registry.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        other.stop()
        stopRegistry()
    }

    func stopRegistry() {
        registry.closeInput()
        _ = registry.finish()
    }

    /// How often the registry was asked.
    var requests: Int { ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").count }

    /// Whether the registry has first versions only.
    func hasOnlyOld(_ isOld: Bool) throws {
        if isOld {
            try Data().write(to: URL(fileURLWithPath: log + ".old"))
        } else {
            try FileManager.default.removeItem(atPath: log + ".old")
        }
    }

    var environment: [String: String] {
        var environment = TestEnvironment.plain
        environment["HOME"] = home
        environment["npm_config_registry"] = "http://127.0.0.1:\(port)/"
        environment["UV_DEFAULT_INDEX"] = "https://pypi.org/simple"
        environment["PIP_INDEX_URL"] = "https://pypi.org/simple"
        environment["PATH"] = RealServers.folder + "/venv-tools/bin:" + environment["PATH"]!
        return environment
    }

    static let initialize =
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"#
        + "\n"

    /// Runs the launcher with one request on standard input, which stays open until there is an answer.
    func start(_ command: [String], _ flags: [String] = ["--yes"]) throws -> Finished {
        let program = try RunningProgram(
            setting.account.prefix
                + [Products.agentbound, "run", folder.path + "/manifest.json", "--isolation", setting.mode.rawValue]
                + flags + ["--"] + command,
            environment: environment, folder: folder.path + "/work")
        program.send(Self.initialize)
        _ = eventually(within: 240) { !program.isRunning || program.outputSoFar.contains("\n") }
        program.closeInput()
        return program.finish()
    }

    /// The folders of installed packages.
    var packages: [String] {
        let all = home + "/.cache/agentbound/packages"
        return ((try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []).map { all + "/" + $0 }
    }

    func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    func approve(_ command: [String]) throws -> Finished {
        try run(
            setting.account.prefix + [Products.agentbound, "approve", folder.path + "/manifest.json", "--yes", "--"]
                + command, environment: environment, folder: folder.path + "/work")
    }
}

private let hasNpm = FileManager.default.isExecutableFile(atPath: "/usr/bin/npm")

@Suite(
    "Packages of npx are installed in a box of their own, from a registry on loopback",
    .serialized, .enabled(if: Products.launcherExists && hasNpm, "there is no /usr/bin/npm"))
struct PackageRunnerTests {
    @Test(
        "The first start installs and answers; the second asks nobody, not even when the registry is gone",
        arguments: Setting.all)
    func firstStart(setting: Setting) throws {
        let scene = try PackageScene(setting)
        let first = try scene.start(["npx", "-y", "echo-server", "--flag"])
        #expect(first.ending == .exited(0), "\(first.errors)")
        #expect(first.text.contains(#""version":"1.1.0""#) && first.text.contains(#""arguments":["--flag"]"#))
        // The server itself has neither what the installer had.
        #expect(first.text.contains(setting.mode == .plain ? #""writesItself":"EACCES""# : #""writesItself":"EROFS""#))
        #expect(first.text.contains(#""startsPrograms":"EACCES""#))
        #expect(first.text.split(separator: "\n").count == 1, "nothing but the server's answer: \(first.text)")
        #expect(first.errors.contains("`echo-server@1.1.0` names that version"))
        #expect(scene.requests > 0)
        let asked = scene.requests
        scene.stopRegistry()
        let second = try scene.start(["npx", "-y", "echo-server", "--other"])
        #expect(second.text.contains(#""arguments":["--other"]"#), "\(second.errors)")
        #expect(scene.requests == asked)
        let journal = scene.text(scene.home + "/.local/state/agentbound/audit/journal.jsonl")
        #expect(journal.contains(#""rule":"install""#) && journal.contains("echo-server@1.1.0"))
    }

    @Test("What was installed is what starts, until --prepare asks for a newer one", arguments: Setting.all)
    func pinned(setting: Setting) throws {
        let scene = try PackageScene(setting)
        try scene.hasOnlyOld(true)
        let prepared = try scene.start(["npx", "echo-server@latest"], ["--yes", "--prepare"])
        #expect(prepared.ending == .exited(0) && prepared.text.isEmpty, "\(prepared.errors)")
        try scene.hasOnlyOld(false)
        let started = try scene.start(["npx", "echo-server@latest"])
        #expect(started.text.contains(#""version":"1.0.0""#), "\(started.errors)")
        #expect(started.errors.contains("`echo-server@latest` names no version; `echo-server@1.0.0` means this one"))
        for package in scene.packages { try FileManager.default.removeItem(atPath: package) }
        let restored = try scene.start(["npx", "echo-server@latest"])
        #expect(restored.text.contains(#""version":"1.0.0""#), "a cleared cache changes no version: \(restored.errors)")
        #expect(try scene.start(["npx", "echo-server@latest"], ["--yes", "--prepare"]).ending == .exited(0))
        #expect(try scene.start(["npx", "echo-server@latest"]).text.contains(#""version":"1.1.0""#))
        // An exact version that is there needs nobody.
        #expect(try scene.start(["npx", "echo-server@1.0.0"]).text.contains(#""version":"1.0.0""#))
        let asked = scene.requests
        #expect(try scene.start(["npx", "echo-server@1.0.0"], ["--yes", "--prepare"]).ending == .exited(0))
        #expect(scene.requests == asked)
    }

    @Test(
        "M1, M2, M3: An install script reaches nothing but the registry, and changes nothing but its own folder",
        arguments: Setting.all)
    func hostile(setting: Setting) throws {
        let scene = try PackageScene(setting)
        // Outside: all of it works.
        let outside = scene.folder.path + "/work/packages"
        for name in ["other", "hostile"] {
            _ = try run(setting.account.prefix + ["mkdir", "-p", outside + "/" + name])
        }
        let control = try run(
            setting.account.prefix + ["npm", "install", "--prefix", outside + "/hostile", "hostile-install"],
            environment: scene.environment, folder: scene.folder.path + "/work")
        #expect(control.ending == .exited(0), "\(control.errors)")
        let acts = try JSONDecoder().decode(
            [String: String].self,
            from: Data(scene.text(outside + "/hostile/node_modules/hostile-install/found.json").utf8))
        #expect(acts.count == 7 && acts.values.allSatisfy { $0 == "ok" }, "\(acts)")
        #expect(scene.other.reached == 1)
        let bashrc = scene.text(scene.home + "/.bashrc"), npx = scene.text(scene.home + "/.npm/_npx/a/package.json")

        #expect(try scene.start(["npx", "echo-server"]).ending == .exited(0))
        let started = try scene.start(["npx", "hostile-install"])
        #expect(started.text.contains("hostile-install"), "\(started.errors)")
        let own = try #require(scene.packages.first { $0.contains("hostile-install") })
        let found = try JSONDecoder().decode(
            [String: String].self, from: Data(scene.text(own + "/node_modules/hostile-install/found.json").utf8))
        let isPlain = setting.mode == .plain
        #expect(
            found == [
                "read a key": isPlain ? "EACCES" : "ENOENT",
                "write a start-up file": "EACCES",
                "write npm's own cache": isPlain ? "EACCES" : "ENOENT",
                "write another package": "EACCES", "start a program": "EACCES", "write its own folder": "ok",
                "reach another host": "EACCES",
            ])
        #expect(scene.other.reached == 1)
        #expect(scene.text(scene.home + "/.bashrc") == bashrc)
        #expect(scene.text(scene.home + "/.npm/_npx/a/package.json") == npx)
        for package in scene.packages { #expect(!FileManager.default.fileExists(atPath: package + "/spoilt")) }
    }

    @Test(
        "M4: What cannot be installed, or cannot be trusted, is not started and leaves nothing",
        arguments: [
            ("failing-install", "npm ended with 3"), ("linking-install", "a link that leads out of its folder"),
            ("no-program", "it has none"), ("not-there", "npm ended with 1"),
        ])
    func refused(package: String, why: String) throws {
        for setting in Setting.all {
            let scene = try PackageScene(setting)
            let ended = try scene.start(["npx", package])
            #expect(ended.ending == .exited(125))
            #expect(ended.errors.contains(why), "\(ended.errors)")
            let lines = ended.text.split(separator: "\n")
            #expect(lines.count == 1 && lines[0].contains(#""error""#), "the client is told: \(ended.text)")
            #expect(scene.packages.isEmpty)
        }
    }

    @Test("Without consent, or when nothing is to be installed, the registry is not asked", arguments: Setting.all)
    func notAsked(setting: Setting) throws {
        let scene = try PackageScene(setting)
        let unasked = try scene.start(["npx", "echo-server"], [])
        #expect(unasked.ending == .exited(125) && unasked.errors.contains("nobody has agreed"), "\(unasked.errors)")
        let refused = try scene.start(["npx", "echo-server"], ["--yes", "--no-prepare"])
        #expect(refused.ending == .exited(125) && refused.errors.contains("--no-prepare"), "\(refused.errors)")
        let offline = try scene.start(["npx", "--no-install", "echo-server"])
        #expect(offline.ending == .exited(125) && offline.errors.contains("--no-install"), "\(offline.errors)")
        let shown = try run(
            setting.account.prefix + [
                Products.agentbound, "inspect", scene.folder.path + "/manifest.json", "--", "npx", "echo-server",
            ],
            environment: scene.environment, folder: scene.folder.path + "/work")
        #expect(
            shown.text.contains("is not installed yet") && shown.text.contains("reaches 127.0.0.1:"), "\(shown.errors)")
        #expect(scene.requests == 0 && scene.packages.isEmpty)

        let agreed = try scene.approve(["npx", "echo-server"])
        #expect(agreed.ending == .exited(0), "\(agreed.errors)")
        #expect(scene.requests == 0)
        // What was agreed to before it was installed still holds when it is.
        for _ in 0..<2 {
            let started = try scene.start(["npx", "echo-server"], [])
            #expect(started.text.contains(#""version":"1.1.0""#), "\(started.errors)")
        }
    }

    @Test("Starts at the same time install once", arguments: [Setting.all[0]])
    func together(setting: Setting) async throws {
        let scene = try PackageScene(setting)
        let programs = try (0..<3).map { _ in
            try RunningProgram(
                setting.account.prefix + [
                    Products.agentbound, "run", scene.folder.path + "/manifest.json", "--yes", "--prepare", "--", "npx",
                    "echo-server@1.0.0",
                ], environment: scene.environment, folder: scene.folder.path + "/work")
        }
        for program in programs {
            let ended = program.finish(within: 240)
            #expect(ended.ending == .exited(0), "\(ended.errors)")
        }
        #expect(scene.packages.count == 1)
        #expect(
            scene.text(scene.folder.path + "/log").split(separator: "\n").count { $0.contains("echo-server-1.0.0.tgz") }
                == 1)
    }
}

@Suite(
    "Packages of uvx and pipx run are installed in a box of their own, from PyPI",
    .serialized,
    .enabled(if: RealServers.exist && RealServers.has("venv-tools/bin/uv"), "Tests/RealServers/setup.sh has not run"))
struct PythonRunnerTests {
    @Test(
        "The first start installs and answers; the second asks nobody",
        arguments: [
            ["uvx", "mcp-server-time==2026.10.19"],
            ["uvx", "--from", "mcp-server-time==2026.10.19", "mcp-server-time"],
            ["pipx", "run", "--spec", "mcp-server-time==2026.10.19", "mcp-server-time"],
        ], Setting.all)
    func firstStart(command: [String], setting: Setting) throws {
        let scene = try PackageScene(setting)
        let first = try scene.start(command)
        #expect(first.text.contains(#""serverInfo":{"name":"mcp-time""#), "\(first.errors)")
        #expect(first.text.split(separator: "\n").count == 1)
        #expect(first.errors.contains("mcp-server-time==2026.10.19"))
        let second = try scene.start(command, ["--yes", "--no-prepare"])
        #expect(second.text.contains(#""serverInfo":{"name":"mcp-time""#), "\(second.errors)")
        #expect(!second.errors.contains("installing"))
    }
}
