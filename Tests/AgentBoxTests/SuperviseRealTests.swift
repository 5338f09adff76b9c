import Foundation
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

/// What a hostile caller says to the supervisor, by real processes.
@Suite(.enabled(if: RealBox.pythonExists), .serialized) struct SuperviseRealTests {
    /// A listener on loopback that the box has no grant for, and a grant for every public address and port.
    private func box(_ isolation: Isolation) throws -> RealBox {
        RealBox(isolation: isolation) {
            $0.granted = [.networkClient]
            $0.hosts = HostRules(allowed: (try? HostRule(parsing: "*")).map { [$0] } ?? [])
        }
    }

    /// The kernel reads memory again when it goes on, so what was read before decides nothing then. seccomp_unotify(2)
    @Test("F19: a call is left to the kernel only where its registers decide, or only to explain")
    func leftToKernel() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/AgentBox/Supervise")
        var places: [String] = []
        // What these leave, Landlock holds: a box has no right of its own where they carry calls out (PlanTests.denied).
        let heldByLandlock: Set<String> = ["Supervisor+Opens.swift", "Supervisor+Names.swift"]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where !heldByLandlock.contains(file.lastPathComponent) {
            var function = ""
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if let name = line.split(separator: "func ").dropFirst().first {
                    function = String(name.prefix { $0 != "(" })
                }
                if line.contains("return .leaveToKernel") { places.append(function) }
            }
        }
        // Of an exec the launcher's own, and what is on the list, not there as seen from here, or in doubt: Landlock holds the list.
        #expect(places.sorted() == ["exec", "exec", "exec", "observeOpen", "signal"])
    }

    @Test("An IPv6 address on an IPv4 socket is no way to loopback", arguments: Isolation.allCases)
    func familyOfAnotherSocket(isolation: Isolation) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let listener = try LoopbackListener()
        // sockaddr_in6 of a public address, on AF_INET.
        let script = """
            import struct
            s = socket.socket(socket.AF_INET)
            address = struct.pack('<HHI16sI', 10, socket.htons(\(listener.port)), 0, socket.inet_pton(socket.AF_INET6, '2606:4700::1'), 0)
            libc.connect.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
            if libc.connect(s.fileno(), address, len(address)) == -1: os._exit(ctypes.get_errno())
            """
        #expect(try box(isolation).run(script) == .exited(code: EAFNOSUPPORT))
        #expect(try box(isolation).runOutside(script) == EAFNOSUPPORT)  // as the kernel says
    }

    @Test("A port bound on one loopback address opens no service of the host on another")
    func ownPortElsewhere() throws {
        let listener = try LoopbackListener()
        let box = RealBox {
            $0.granted = [.networkServer]
            $0.listen = [ListenRule(port: listener.port)]
        }
        let script = """
            s = socket.socket(); s.bind(('127.0.0.2', \(listener.port))); s.listen()
            socket.create_connection(('127.0.0.2', \(listener.port)))
            socket.create_connection(('127.0.0.1', \(listener.port)))
            """
        let ending = try box.run(script)
        #expect(ending == .exited(code: EACCES))
        #expect(try box.runOutside(script) == 0)
    }

    @Test(
        "Paths of a removal mean what they mean to the kernel",
        arguments: [
            ("os.unlink('file/')", ENOTDIR), ("os.unlink('link/')", ENOTDIR), ("os.rmdir('.')", EINVAL),
            ("os.rmdir('sub/..')", ENOTEMPTY), ("os.rename('.', 'x')", EBUSY), ("os.unlink('')", ENOENT),
            ("os.unlink('x' * 4096)", ENAMETOOLONG), ("os.unlink(b'\\xff')", 0), ("os.rename('sub//', 'sub2/')", 0),
            ("os.unlink('.//sub/../file')", 0), ("os.rename('file', 'new/')", ENOTDIR), ("os.rmdir('sub/')", 0),
        ])
    func paths(act: String, errno code: CInt) throws {
        let folder = try TemporaryFolder()
        var box = RealBox {
            $0.granted = [.filesystemRead, .filesystemWrite]
            $0.readPaths = [FilePath(folder.path)]
            $0.writePaths = [FilePath(folder.path)]
        }
        box.folder = FilePath(folder.path)
        let script = """
            os.chdir('\(folder.path)')
            os.mkdir('sub'); open('file', 'w'); os.symlink('sub', 'link'); open(b'\\xff', 'w')
            \(act)
            """
        let ending = try box.run(script)
        #expect(ending == .exited(code: code))
        let other = try TemporaryFolder()
        #expect(try box.runOutside(script.replacingFolder(folder.path, other.path)) == code)
    }

    @Test(
        "Names that existed before the box do not vanish under write alone", arguments: Isolation.allCases,
        [
            "os.unlink('old')", "os.rename('old', 'new')", "open('y', 'w'); os.rename('y', 'old'); os.unlink('old')",
            "open('y', 'w'); os.rename('y', 'old'); os.rename('old', 'elsewhere')",
            "open('y', 'w'); call(316, -100, b'y', -100, b'old', 2); os.unlink('y')",  // RENAME_EXCHANGE
            "open('y', 'w'); call(316, -100, b'y', -100, b'old', 2); os.unlink('old')",
            "os.link('old', 'alias'); os.unlink('alias')", "os.rename('folder', 'x')",
            "os.mkdir('d'); os.rename('d', 'folder'); os.rmdir('folder')",
            "call(316, -100, b'old', -100, b'x', 4)",  // RENAME_WHITEOUT
        ])
    func history(isolation: Isolation, act: String) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try TemporaryFolder()
        #expect(try run(["sh", "-c", "cd \(folder.path); echo x > old; mkdir folder; sleep 0.05"]).code == 0)
        var box = RealBox(isolation: isolation) {
            $0.granted = [.filesystemRead, .filesystemWrite]
            $0.readPaths = [FilePath(folder.path)]
            $0.writePaths = [FilePath(folder.path)]
        }
        box.folder = FilePath(folder.path)
        let ending = try box.run("os.chdir('\(folder.path)')\n\(act)")
        #expect([EACCES, EPERM].contains(ending.exitCode), "\(ending)")
        let names = try run(["sh", "-c", "cd \(folder.path); test -e old && test -d folder"])
        #expect(names.code == 0)
    }

    @Test("What was born in the box may be removed, moved and replaced under write", arguments: Isolation.allCases)
    func bornInside(isolation: Isolation) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try TemporaryFolder()
        #expect(try run(["sh", "-c", "echo x > \(folder.path)/old"]).code == 0)
        var box = RealBox(isolation: isolation) {
            $0.granted = [.filesystemRead, .filesystemWrite]
            $0.readPaths = [FilePath(folder.path)]
            $0.writePaths = [FilePath(folder.path)]
        }
        box.folder = FilePath(folder.path)
        let script = """
            import time; time.sleep(0.05); os.chdir('\(folder.path)')
            open('new', 'w').write('1'); os.rename('new', 'old')
            open('a', 'w'); os.rename('a', 'b'); os.unlink('b')
            os.mkdir('d'); os.rename('d', 'e'); os.rmdir('e')
            assert open('old').read() == '1'
            """
        #expect(try box.run(script) == .exited(code: 0))
    }

    /// More entries than are looked at before the start, with the link behind all of them.
    private func largeTree() throws -> TemporaryFolder {
        let folder = try TemporaryFolder("agentbound-large")
        let files = FileManager.default
        for name in ["a", "b/c"] {
            try files.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for number in 0..<3_000 { try Data().write(to: URL(fileURLWithPath: "\(folder.path)/a/\(number)")) }
        for name in ["settings", "other"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        try files.createSymbolicLink(atPath: folder.path + "/b/c/.env", withDestinationPath: "../../settings")
        return folder
    }

    /// All rights to the folder, in which environment files are closed.
    private func granting(_ folder: TemporaryFolder, _ isolation: Isolation) -> RealBox {
        var box = RealBox(isolation: isolation) {
            $0.granted = [.filesystemRead, .filesystemWrite, .filesystemDelete]
            for path in [\EffectivePermissions.readPaths, \.writePaths, \.deletePaths] {
                $0[keyPath: path] = [FilePath(folder.path)]
            }
            $0.denied = [DeniedPath(pattern: folder.path + "/**/.env*", access: .all, origin: .protected)]
        }
        box.folder = FilePath(folder.path)
        return box
    }

    @Test(
        "K6: what a protected link leads to stays closed in the next run, whatever the server does to the way there",
        arguments: Isolation.allCases,
        [
            "os.rename('b', 'a/b')", "os.chmod('b/c', 0)", "os.chmod('b', 0o055)", "os.unlink('current')",
            "os.rename('current', 'x')", "os.rename('b/c/.env', 'b/.env')",
            "os.setxattr('b/c', 'system.posix_acl_access', bytes.fromhex('02000000') + b''.join(bytes.fromhex(x) for x in ('0100 0000 ffffffff', '0400 0000 ffffffff', '2000 0000 ffffffff')))",
        ])
    func linkInTheNextRun(isolation: Isolation, act: String) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try largeTree()
        let files = FileManager.default
        try files.removeItem(atPath: folder.path + "/b/c/.env")
        try files.createSymbolicLink(atPath: folder.path + "/b/c/.env", withDestinationPath: "../../current")
        try files.createSymbolicLink(atPath: folder.path + "/current", withDestinationPath: "settings")
        let box = granting(folder, isolation)
        #expect(try box.run(act) == .exited(code: EACCES))
        #expect(try box.run("open('settings')") == .exited(code: EACCES))
        #expect(try box.runOutside("os.chdir('\(folder.path)')\n" + act) == 0)
    }

    /// A workspace with real settings of git and of a home, each behind links on the way to a protected name.
    private func linkedFolders() throws -> TemporaryFolder {
        let folder = try TemporaryFolder("agentbound-links")
        let made = try TestSupport.run([
            "sh", "-c",
            """
            cd \(folder.path) && mkdir -p gd/hooks gd/sub/deep/hooks r/inner dot/config/gcloud late plain real
            echo '[core]' >gd/config; echo SECRET >dot/config/gcloud/cred; echo SECRET >real/f; echo x >plain/f
            ln -s gd .git; ln -s ../../chain r/inner/.git; ln -s gd chain
            ln -s dot/config .config; ln -s nowhere late/.git
            mkdir -p gd/modules/a; ln -s ../../../gd/sub gd/modules/a/link
            ln -s real link; ln -s real lank; sleep 0.05
            """,
        ])
        #expect(made.code == 0, "\(made.errors)")
        return folder
    }

    @Test(
        "K6: what is protected by its name is so where a folder on the way to it is a link, too",
        arguments: Isolation.allCases,
        [
            // By the protected name, by where it leads to, and what would open it the next time.
            "open('.git/config', 'a')", "open('gd/config', 'a')", "open('.git/hooks/new', 'w')",
            "open('gd/hooks/new', 'w')",
            "os.rename('gd/hooks', 'x')", "os.rename('gd', 'x')", "open('r/inner/.git/config', 'a')",
            "os.rename('chain', 'x')", "os.unlink('chain')", "open('gd/sub/deep/hooks/new', 'w')",
            "os.makedirs('late/nowhere', exist_ok=True); os.mkdir('late/nowhere/hooks')",
            "os.makedirs('late/nowhere', exist_ok=True); open('late/nowhere/config', 'w')",
            "open('.config/gcloud/cred')", "open('dot/config/gcloud/cred')", "os.listdir('dot/config/gcloud')",
            "os.mkdir('.config/autostart')", "os.mkdir('dot/config/autostart')", "open('link/f')", "open('real/f')",
            "open('lank/f')",
        ])
    func linkOnTheWay(isolation: Isolation, act: String) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try linkedFolders()
        var box = granting(folder, isolation)
        let home = folder.path
        box.granted.denied = ["hooks", "config", "modules/**/hooks"].map {
            DeniedPath(pattern: home + "/**/.git/" + $0, access: .write, origin: .protected)
        }
        box.granted.denied += [
            DeniedPath(pattern: home + "/.config/gcloud", access: .all, origin: .protected),
            DeniedPath(pattern: home + "/.config/autostart", access: .write, origin: .protected),
            DeniedPath(pattern: home + "/**/link/f", access: .all, origin: .operator),
            DeniedPath(pattern: home + "/l?nk/f", access: .all, origin: .operator),
        ]
        // What lies beside is open, by both names.
        #expect(
            try box.run(
                "open('.git/HEAD', 'w'); open('gd/HEAD'); open('dot/config/x', 'w'); open('.config/x'); open('plain/f')"
            )
                == .exited(code: 0))
        let ended = try box.run(act)
        #expect([.exited(code: EACCES), .exited(code: EROFS), .exited(code: EBUSY)].contains(ended), "\(ended)")
        #expect(try box.runOutside("os.chdir('\(folder.path)')\n" + act) == 0)
    }

    @Test(
        "K6: names that are no text hide neither a link nor what it leads to", arguments: Isolation.allCases,
        [("b'caf\\xe9'", "b'settings'"), ("b'c'", "b'set\\xe9'"), ("b'\\xff'", "b'\\xfe\\x80x'")])
    func linkWithOddNames(isolation: Isolation, names: (String, String)) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try TemporaryFolder("agentbound-odd")
        let (inside, target) = names
        let made = try TestSupport.run([
            RealBox.python, "-c",
            """
            import os; os.chdir('\(folder.path)'); os.mkdir(\(inside)); open(\(target), 'w').write('SECRET'); open('other', 'w')
            os.symlink(b'../' + \(target), \(inside) + b'/.env')
            """,
        ])
        #expect(made.code == 0, "\(made.errors)")
        let box = granting(folder, isolation)
        for path in [target, inside + " + b'/.env'"] {
            #expect(try box.run("open('other'); open(\(path))") == .exited(code: EACCES))
            #expect(try box.runOutside("os.chdir('\(folder.path)')\nopen(\(path))") == 0)
        }
    }

    @Test(
        "K6: what a protected link leads to is closed from the first open, however large the grant is",
        arguments: Isolation.allCases,
        [
            "open('settings')", "open('b/c/.env')", "open('settings', 'a')", "os.rename('settings', 'x')",
            // Away from the search, into what it may have passed already.
            """
            try: os.rename('b', 'a/b')
            except OSError: pass
            open('settings')
            """,
        ])
    func linkInLargeGrant(isolation: Isolation, act: String) throws {
        if isolation == .namespaces && !RealBox.namespacesExist { return }
        let folder = try largeTree()
        let box = granting(folder, isolation)
        #expect(try box.run("open('other').read(); open('other', 'a').close()") == .exited(code: 0))
        #expect(try box.run(act) == .exited(code: EACCES))
        #expect(try box.runOutside("os.chdir('\(folder.path)')\n" + act) == 0)
    }
}

extension String {
    fileprivate func replacingFolder(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
