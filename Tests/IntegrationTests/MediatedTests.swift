import Foundation
import Glibc
import TestSupport
import Testing

/// Grants in which something stays closed, so that the supervisor opens the files in them.
@Suite("Closed inside a grant", .enabled(if: Products.launcherExists))
struct MediatedTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/mediated/opens.py").path
    /// The input ends at once, and on a busy machine the work does not.
    private static let grace = ["--grace", "100"]
    private static let python = "/usr/bin/python3"
    static let grants = Grants(
        ["filesystem.read", "filesystem.write", "filesystem.delete"],
        ["--read-path", "{common}", "--write-path", "{common}", "--delete-path", "{common}"])

    /// A copy of the script that everybody may read.
    private func opens(in scene: Scene) throws -> String {
        try scene.write("opens.py", String(contentsOfFile: Self.script, encoding: .utf8))
    }

    private func made(_ name: String, in scene: Scene) throws -> String {
        let folder = scene.folder.path + "/work/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let owner = scene.account.owner { _ = try run(["chown", owner, folder]) }
        return folder
    }

    @Test(
        "K21: files are opened and made with the flags, modes, owners and errors that the kernel gives",
        .enabled(if: FileManager.default.isExecutableFile(atPath: python)), arguments: Setting.all)
    func sameAsKernel(setting: Setting) throws {
        let scene = try Scene(as: setting.account)
        let script = try opens(in: scene)
        let outside = try run(
            setting.account.prefix + [Self.python, "-I", script, made("outer", in: scene)], folder: "/")
        let boxed = Boxed(scene: scene, grants: Self.grants, mode: setting.mode)
        let inside = try run(
            boxed.command([Self.python, "-I", script, made("inner", in: scene)], extra: Self.grace),
            environment: boxed.environment,
            folder: scene.folder.path + "/work")
        #expect(outside.code == 0, "\(outside.errors)")
        #expect(inside.code == 0, "\(inside.errors.suffix(2_000))")
        let lines = zip(outside.text.split(separator: "\n"), inside.text.split(separator: "\n"))
        #expect(outside.text.split(separator: "\n").count == inside.text.split(separator: "\n").count)
        for (wanted, got) in lines { #expect(wanted == got) }
    }

    @Test(
        "A file `.git`, which would lead git to another folder's hooks, is not made by any call",
        arguments: Setting.all,
        [
            "open('.git', 'w')", "os.mknod('.git')", "os.rename('plain', '.git')", "os.link('plain', '.git')",
            "os.symlink('plain', '.git')",
        ])
    func fileForRepository(setting: Setting, act: String) throws {
        let boxed = try setting.boxed(Self.grants)
        let folder = try made("tree", in: boxed.scene)
        let program = "import os; os.chdir('\(folder)'); open('plain', 'w'); \(act)"
        let ended = try boxed.start([Self.python, "-Ic", program])
        #expect(ended.code == 1 && ended.errors.contains("/tree/.git (protected"), "\(ended.errors)")
        let lifted = try boxed.start([Self.python, "-Ic", program], extra: ["--allow-protected", folder + "/.git"])
        #expect(lifted.code == 0, "\(lifted.errors)")
    }

    @Test("A31: what somebody outside makes later stays closed too", arguments: Setting.all)
    func madeLater(setting: Setting) throws {
        let boxed = try setting.boxed(Self.grants)
        let work = boxed.scene.folder.path + "/work"
        let series = try boxed.series()
        #expect(series.act(["open_read", work + "/later/.env"], in: work) == ENOENT)
        _ = try made("later", in: boxed.scene)
        for name in ["later/.env", "later/key.pem", "later/plain.txt"] {
            _ = try boxed.scene.write("work/" + name, "SECRET")
            try setMode(0o666, of: work + "/" + name)
        }
        for name in ["/later/.env", "/later/key.pem"] {
            for act in ["open_read", "open_write", "truncate", "unlink"] {
                #expect(series.act([act, work + name], in: work) == EACCES, "\(act) \(name)")
            }
            #expect(
                series.act(["open_by_openat", "later", name.split(separator: "/")[1].description], in: work) == EACCES)
        }
        #expect(series.act(["open_read", work + "/later/plain.txt"], in: work) == 0)
        #expect(series.finish().code == 0)
    }

    @Test("A28: nothing is left behind by what was refused, nor by the box itself", arguments: Setting.all)
    func noGhosts(setting: Setting) throws {
        let scene = try Scene(as: setting.account)
        let boxed = Boxed(
            scene: scene,
            grants: Grants(
                ["filesystem.read", "filesystem.write"],
                ["--read-path", "{scene}/project", "--write-path", "{scene}/project", "--read-path", "{common}"]),
            mode: setting.mode)
        let project = scene.folder.path + "/project"
        func listing() throws -> String {
            let found = try run(["find", project, "-printf", "%p %y %m %U %s %n %l\\n"])
            return found.text.split(separator: "\n").sorted().joined(separator: "\n")
        }
        let before = try listing()
        let series = try boxed.series()
        let work = scene.folder.path + "/work"
        for act in [
            ["create", project + "/.env.new"], ["create_folder", project + "/.cursor"],
            ["create_symlink", "x", project + "/.npmrc.pem"], ["create_fifo", project + "/.env.pipe"],
            ["link", project + "/main.c", project + "/.env.link"], ["create", project + "/.git/hooks/new"],
        ] { #expect(series.act(act, in: work) == EACCES, "\(act)") }
        #expect(series.act(["open_read", project + "/main.c"], in: work) == 0)
        #expect(series.finish().code == 0)
        #expect(try listing() == before)
    }

    @Test("K19: who waits for a pipe keeps nobody else waiting, and can be killed", arguments: Setting.all)
    func pipes(setting: Setting) throws {
        let boxed = try setting.boxed(Self.grants)
        let work = boxed.scene.folder.path + "/work"
        let script = """
            import os, signal, sys, time
            os.mkfifo("pipe")
            children = []
            for _ in range(100):
                child = os.fork()
                if child == 0:
                    os.open("pipe", os.O_RDONLY)
                    os._exit(1)
                children.append(child)
            for _ in range(200): os.close(os.open("old.txt", os.O_RDONLY))
            for child in children: os.kill(child, signal.SIGKILL)
            print(sorted({os.waitpid(child, 0)[1] for child in children}))
            """
        let ended = try run(
            boxed.command([Self.python, "-I", "-c", script], extra: Self.grace), environment: boxed.environment,
            folder: work)
        #expect(ended.text == "[9]\n", "\(ended.errors.suffix(500))")
        #expect(ended.code == 0)
    }

    @Test("K20: two hundred processes open files at once", arguments: Setting.all)
    func manyProcesses(setting: Setting) throws {
        let boxed = try setting.boxed(Self.grants)
        let work = boxed.scene.folder.path + "/work"
        let script = """
            import os
            children = []
            for number in range(200):
                child = os.fork()
                if child == 0:
                    for turn in range(5):
                        with open(f"mine-{number}", "a") as file: file.write(f"{number} ")
                    os._exit(0 if open(f"mine-{number}").read().split() == [str(number)] * 5 else 1)
                children.append(child)
            print({os.waitpid(child, 0)[1] for child in children})
            """
        let ended = try run(
            boxed.command([Self.python, "-I", "-c", script], extra: Self.grace), environment: boxed.environment,
            folder: work)
        #expect(ended.text == "{0}\n", "\(ended.errors.suffix(500))")
    }

    @Test(
        "A22: git works in a project whose hooks and configuration it cannot change", arguments: Setting.all)
    func git(setting: Setting) throws {
        let scene = try Scene(as: setting.account)
        let repository = try made("repository", in: scene)
        let alone = ["HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"]
        let steps = """
            set -e
            echo text > file && git add file && git commit -q -m one && echo more >> file && git commit -qam two
            git checkout -q -b branch && git mv file moved && git commit -qm three && git gc -q && git status --porcelain
            git log --format=%s
            """
        let environment = TestEnvironment.plain.merging(alone) { $1 }
        let made = try run(
            setting.account.prefix + [
                "sh", "-c", "git init -q . && git config user.name a && git config user.email a@b.example",
            ], environment: environment, folder: repository)
        #expect(made.code == 0, "\(made.errors)")
        let programs = ["sh", "git"].flatMap { ["--allow-command", $0] }
        let variables = alone.filter { $0.key != "HOME" }.flatMap { ["--env", "\($0.key)=\($0.value)"] }
        let boxed = Boxed(
            scene: scene,
            grants: Grants(
                Self.grants.permissions + ["system.exec", "system.env.read"],
                ["--read-path", repository, "--write-path", repository, "--delete-path", repository] + programs
                    + variables),
            mode: setting.mode)
        func inside(_ script: String) throws -> Finished {
            try run(
                boxed.command(["/bin/sh", "-c", script], extra: Self.grace), environment: boxed.environment,
                folder: repository)
        }
        let worked = try inside(steps)
        #expect(worked.text == "three\ntwo\none\n", "\(worked.errors.suffix(1_000))")
        for script in [
            "git config core.fsmonitor ./evil", "echo evil > .git/hooks/pre-commit", "mkdir x && mv .git/hooks x",
            "mv .git away", "git init -q other && echo > other/.git/hooks/pre-commit",
        ] { #expect(try inside(script).code != 0, "\(script)") }
    }
}
