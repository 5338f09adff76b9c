import Foundation
import Glibc
import TestSupport
import Testing

/// Programs that may start others may give them terminals; none of them is anybody else's.
@Suite("Pseudo-terminals", .enabled(if: Products.launcherExists))
struct TerminalTests {
    private static let python = "/usr/bin/python3"

    private func boxed(_ setting: Setting) throws -> Boxed {
        Boxed(
            scene: try Scene(as: setting.account), grants: Grants(["system.exec"], ["--allow-command", "/bin/sh"]),
            mode: setting.mode)
    }

    private func run(_ script: String, in boxed: Boxed) throws -> Finished {
        try TestSupport.run(
            boxed.command([Self.python, "-c", script]), environment: boxed.environment,
            folder: boxed.scene.folder.path + "/work")
    }

    @Test("A shell runs on a terminal of its own", arguments: Setting.all)
    func own(setting: Setting) throws {
        let script = """
            import os, pty
            child, master = pty.fork()
            if child == 0: os.execv('/bin/sh', ['sh', '-c', 'read line && test -t 1 && echo got $line'])
            os.write(master, b'words\\n')
            said = b''
            while b'got words' not in said: said += os.read(master, 100)
            print('works')
            """
        let ended = try run(script, in: boxed(setting))
        #expect(ended.text == "works\n", "\(ended.ending) \(ended.errors)")
    }

    @Test("K37: a terminal of the user's outside, by its name", arguments: Setting.all)
    func others(setting: Setting) throws {
        let boxed = try boxed(setting)
        let outside = try RunningProgram(
            setting.account.prefix + [
                Self.python, "-c", "import os; print(os.ttyname(os.openpty()[1]), flush=True); input()",
            ])
        #expect(outside.says("\n"))
        let name = outside.outputSoFar.trimmingCharacters(in: .whitespacesAndNewlines)
        let attempt = """
            import os
            try: print(os.open('\(name)', os.O_RDWR | os.O_NOCTTY) > 0)
            except OSError as problem: print(problem.errno)
            """
        let control = try TestSupport.run(setting.account.prefix + [Self.python, "-c", attempt])
        #expect(control.text == "True\n", "\(control.errors)")
        let refused = setting.mode == .plain ? EACCES : ENOENT
        #expect(try run(attempt, in: boxed).text == "\(refused)\n")
        // Without programs to start there are none at all.
        let without = Boxed(scene: boxed.scene, grants: Grants([], []), mode: setting.mode)
        let made = try run("import os; os.openpty()", in: without)
        let error = setting.mode == .plain ? "PermissionError" : "FileNotFoundError"
        #expect(made.errors.contains(error), "\(made.errors)")
        outside.closeInput()
    }
}
