import Foundation
import TestSupport
import Testing

/// Secrets of the operator's, and all the places where they could turn up.
private final class SecretScene {
    let folder: TemporaryFolder
    let setting: Setting
    /// No word that a program would say by itself.
    let value = "value-" + UUID().uuidString.lowercased()

    init(_ setting: Setting) throws {
        folder = try TemporaryFolder("agentbound-secrets")
        self.setting = setting
        try setMode(0o755, of: folder.path)
        for name in ["home", "work"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: false)
        }
        try write("work/token", value + "\n")
        try setMode(0o600, of: folder.path + "/work/token")
        try write(
            "manifest.json",
            #"{"name": "keeper", "description": "a test", "permissions": ["mcp.ac.system.env.read", "mcp.ac.network.client"]}"#
        )
        if let owner = setting.account.owner {
            _ = try run(["chown", "-R", owner, folder.path + "/home", folder.path + "/work"])
        }
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    }

    var environment: [String: String] {
        var environment = TestEnvironment.plain
        environment["HOME"] = folder.path + "/home"
        return environment
    }

    func command(_ verb: String, _ flags: [String], _ server: [String]) -> [String] {
        setting.account.prefix
            + [Products.agentbound, verb, folder.path + "/manifest.json", "--isolation", setting.mode.rawValue] + flags
            + ["--"] + server
    }

    func start(_ flags: [String], _ server: [String]) throws -> Finished {
        try run(command("run", ["--yes"] + flags, server), environment: environment, folder: folder.path + "/work")
    }

    /// What the launcher keeps: journal and consent.
    var kept: String { (try? run(["grep", "-r", "", folder.path + "/home"]).text) ?? "" }
}

private let shell = "/bin/sh"

@Suite(
    "Secrets reach the server and nobody else", .enabled(if: Products.launcherExists, "the launcher has not been built")
)
struct SecretTests {
    @Test(
        "A file's contents, or what a command prints, is a variable of the server, one line end less",
        arguments: Setting.all)
    func values(setting: Setting) throws {
        let scene = try SecretScene(setting)
        try scene.write("work/two", "a\n\n")
        let ended = try scene.start(
            [
                "--secret", "FROM_FILE=token", "--secret", "FROM_COMMAND=!cat token | tr v V; exit 0", "--secret",
                "TWO=two",
            ], [shell, "-c", #"echo "<$FROM_FILE> <$FROM_COMMAND>"; echo "<$TWO>""#])
        #expect(ended.ending == .exited(0), "\(ended.errors)")
        let upper = scene.value.replacingOccurrences(of: "v", with: "V")
        #expect(ended.text == "<\(scene.value)> <\(upper)>\n<a\n>\n")
    }

    @Test("M5: They are in no command line, plan, record, journal or message", arguments: Setting.all)
    func nowhere(setting: Setting) throws {
        let scene = try SecretScene(setting)
        let flags = ["--secret", "A_TOKEN=token", "--secret", "B_TOKEN=!cat token"]
        for verb in ["inspect", "run"] {
            for json in [[], ["--json"]] {
                let shown = try run(
                    scene.command(verb, flags + (verb == "run" ? ["--dry-run"] : []) + json, [shell, "-c", "true"]),
                    environment: scene.environment, folder: scene.folder.path + "/work")
                #expect(shown.text.contains("A_TOKEN"), "\(shown.errors)")
                #expect(!(shown.text + shown.errors).contains(scene.value))
            }
        }
        let agreed = try run(
            scene.command("approve", ["--yes"] + flags, [shell]), environment: scene.environment,
            folder: scene.folder.path + "/work")
        #expect(agreed.ending == .exited(0), "\(agreed.errors)")
        // The server looks names up that hold the values: refusals are told and written down.
        try scene.write(
            "asks.py",
            """
            import os, socket
            for name in "A_TOKEN", "B_TOKEN":
                try: socket.getaddrinfo(os.environ[name] + ".example", 443)
                except OSError: pass
            print("done", flush=True)
            input()
            """)
        let program = try RunningProgram(
            scene.command(
                "run", ["--yes", "--allow-host", "granted.example"] + flags,
                ["/usr/bin/python3", scene.folder.path + "/asks.py"]),
            environment: scene.environment, folder: scene.folder.path + "/work")
        #expect(program.says("done"))
        let lines = try run(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]).text
        #expect(lines.contains("A_TOKEN=token") && !lines.contains(scene.value))
        program.send("\n")
        let ended = program.finish()
        let launcher = ended.errors.split(separator: "\n").filter { $0.hasPrefix("agentbound:") }.joined(
            separator: "\n")
        #expect(launcher.contains("[redacted]"), "\(ended.errors)")
        #expect(!launcher.contains(scene.value))
        #expect(scene.kept.contains("[redacted]") && scene.kept.contains("keeper"))
        #expect(!scene.kept.contains(scene.value))
        #expect(scene.kept.contains("B_TOKEN from a command, sha256") && !scene.kept.contains("cat token"))
    }

    @Test(
        "A secret that cannot be had refuses the start, and what a command printed is not shown",
        arguments: [
            ("!echo hidden-output; echo told >&2; exit 3", "its command ended with 3"),
            ("!kill -9 $$", "ended by signal 9"), ("!true", "is empty"), (#"!printf 'a\0b'"#, "holds NUL"),
            (#"!printf '\377'"#, "is not UTF-8"), ("!head -c 70000 /dev/zero | tr '\\0' x", "is larger than"),
            ("!yes hidden-output", "is larger than"), ("empty", "is empty"),
        ])
    func refused(source: String, why: String) throws {
        for setting in Setting.all {
            let scene = try SecretScene(setting)
            try scene.write("work/empty", "\n")
            let ended = try scene.start(["--secret", "A=\(source)"], [shell, "-c", "echo ran"])
            #expect(ended.ending == .exited(125))
            #expect(ended.errors.contains("the secret A: ") && ended.errors.contains(why), "\(ended.errors)")
            #expect(!ended.errors.contains("hidden-output") && !ended.text.contains("ran"))
            if source.contains("told") { #expect(ended.errors.contains("told\n")) }
        }
    }

    @Test(
        "M6: No command runs before somebody agreed to it, and another command is another question",
        arguments: Setting.all)
    func consent(setting: Setting) throws {
        let scene = try SecretScene(setting)
        func start(_ source: String) throws -> Finished {
            try run(
                scene.command("run", ["--secret", "A=\(source)"], [shell, "-c", "echo $A"]),
                environment: scene.environment,
                folder: scene.folder.path + "/work")
        }
        let ran = scene.folder.path + "/work/ran"
        #expect(try start("!touch ran; echo one").ending == .exited(125))
        #expect(!FileManager.default.fileExists(atPath: ran))
        let agreed = try run(
            scene.command("approve", ["--yes", "--secret", "A=!echo one"], [shell, "-c", "echo $A"]),
            environment: scene.environment, folder: scene.folder.path + "/work")
        #expect(agreed.ending == .exited(0), "\(agreed.errors)")
        #expect(try start("!echo one").text == "one\n")
        let other = try start("!touch ran; echo one")
        #expect(other.ending == .exited(125) && other.errors.contains("asks for more"), "\(other.errors)")
        #expect(!FileManager.default.fileExists(atPath: ran))
    }

    @Test(
        "Files of variables are read whole, flags go before them, and every mistake has its place",
        arguments: Setting.all)
    func files(setting: Setting) throws {
        let scene = try SecretScene(setting)
        try scene.write(
            "work/vars", "# ours\nexport A=\"one\\ntwo\"\nB='$HOME' # kept\nC=\(scene.value)\nMY_TOKEN=\(scene.value)\n"
        )
        try scene.write("o.json", #"{"envFiles": ["vars"], "secrets": {"D": "!echo four"}}"#)
        for flags in [
            ["--env-file", "vars", "--secret", "D=!echo four"], ["--overrides", scene.folder.path + "/o.json"],
        ] {
            let ended = try scene.start(flags + ["--env", "C=three"], [shell, "-c", #"echo "$A $B $C $D""#])
            #expect(ended.text == "one\ntwo $HOME three four\n", "\(ended.errors)")
            #expect(!ended.errors.contains(scene.value) && !scene.kept.contains(scene.value))
        }
        try scene.write("work/bad", "A=1\nA=2\nB\nLD_PRELOAD=/x\n")
        let bad = try scene.start(["--env-file", "bad"], [shell, "-c", "true"])
        #expect(bad.ending == .exited(125))
        #expect(
            bad.errors.contains("bad:2:1: A stands here twice") && bad.errors.contains("bad:3:1: "), "\(bad.errors)")
        try scene.write("work/loader", "LD_PRELOAD=\nPATH=/x\n")
        let path = try scene.start(["--env-file", "loader"], [shell, "-c", "true"])
        #expect(path.ending == .exited(125) && path.errors.contains("loader:2:1"), "\(path.errors)")
        #expect(try scene.start(["--env-file", "gone"], [shell]).ending == .exited(125))
    }
}
