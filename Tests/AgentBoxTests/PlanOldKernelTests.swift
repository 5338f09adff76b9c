import Foundation
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

/// What Landlock holds on a new kernel is held by filter and supervisor on an old one: proved by real processes in plain
/// mode, with a plan that makes no use of the newer rights.
@Suite(.enabled(if: RealBox.pythonExists), .serialized) struct PlanOldKernelTests {
    @Test(
        "No way of opening or naming a file that may only be read empties it",
        arguments: [1, 2, 3, 5],
        [
            "os.open(PATH, os.O_RDONLY | os.O_TRUNC)", "os.open(PATH, 3 | os.O_TRUNC)", "os.truncate(PATH, 0)",
            "os.open(PATH, os.O_WRONLY | os.O_TRUNC)",
            "call(437, -100, PATH.encode(), (ctypes.c_uint64 * 3)(0o1000, 0, 0), 24)",
            "call(85, PATH.encode(), 0)",  // creat
        ])
    func truncation(abi: Int, act: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/kept"
        try "text".write(toFile: path, atomically: true, encoding: .utf8)
        let box = RealBox(abi: abi) {
            $0.granted = [.filesystemRead]
            $0.readPaths = [FilePath(folder.path)]
        }
        let script = "PATH = '\(path)'\n\(act)"
        let ending = try box.run("PATH = '\(path)'; open(PATH).read()\n\(act)")
        #expect([EACCES, ENOSYS].contains(ending.exitCode), "\(ending)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
        #expect(try box.runOutside(script) == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8).isEmpty)
    }

    @Test("No TCP connection is made", arguments: [1, 2, 3, 5])
    func tcp(abi: Int) throws {
        let listener = try LoopbackListener()
        for act in ["s.connect(('127.0.0.1', PORT))", "s.sendto(b'x', 0x20000000, ('127.0.0.1', PORT))"] {
            let script = "PORT = \(listener.port); s = socket.socket(); \(act)"
            let code = try RealBox(abi: abi).run(script).exitCode
            #expect([EACCES, EOPNOTSUPP].contains(code))
        }
        #expect(try RealBox().runOutside("socket.create_connection(('127.0.0.1', \(listener.port)))") == 0)
    }

    @Test("No abstract socket is reached", arguments: [1, 2, 3, 5])
    func abstractSocket(abi: Int) throws {
        let name = "agentbound-test-\(UInt32.random(in: 0 ... .max))"
        let listener = try RunningProgram([
            RealBox.python, "-I", "-c",
            "import socket, time; s = socket.socket(socket.AF_UNIX); s.bind('\\0\(name)'); s.listen(); print('ready', flush=True); time.sleep(60)",
        ])
        defer { kill(listener.id, SIGKILL) }
        let script = "s = socket.socket(socket.AF_UNIX); s.connect('\\0\(name)')"
        #expect(try eventually { try RealBox().runOutside(script) == 0 })
        #expect(try RealBox(abi: abi).run(script).exitCode == EACCES)
    }

    @Test(
        "J12: no process outside is signalled, by whatever call", arguments: [1, 2, 3, 5],
        [
            "os.kill(TARGET, 9)", "os.killpg(TARGET, 9)", "call(234, TARGET, TARGET, 9)", "call(200, TARGET, 9)",
            "call(424, os.pidfd_open(TARGET), 9, 0, 0)",
            // The owner of a socket gets the signal that its other end asks for.
            """
            import fcntl, struct
            a, b = socket.socketpair()
            fcntl.fcntl(a, 10, 9); fcntl.ioctl(a, 0x8901, struct.pack('i', TARGET)); fcntl.fcntl(a, 4, 0o20000); b.send(b'x')
            """,
            """
            import fcntl
            a, b = socket.socketpair()
            fcntl.fcntl(a, 10, 9); fcntl.fcntl(a, 8, TARGET); fcntl.fcntl(a, 4, 0o20000); b.send(b'x')
            """,
        ])
    func signals(abi: Int, act: String) throws {
        func target() throws -> RunningProgram { try RunningProgram(["setsid", "sleep", "60"]) }
        let victim = try target()
        defer { kill(victim.id, SIGKILL) }
        let ending = try RealBox(abi: abi).run("TARGET = \(victim.id)\n\(act)")
        #expect(ending == .exited(code: EPERM))
        #expect(kill(victim.id, 0) == 0 && !Self.hasEnded(victim.id, within: 0.3))
        #expect(try RealBox().runOutside("TARGET = \(victim.id)\n\(act)") == 0)
        #expect(Self.hasEnded(victim.id, within: patience))
    }

    private static func hasEnded(_ pid: CInt, within limit: TimeInterval) -> Bool {
        eventually(within: limit) {
            guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
            return text.contains(") Z ")
        }
    }

    @Test("Signals inside the box arrive as they were sent, at the thread they were sent to", arguments: [4, 7])
    func ownSignals(abi: Int) throws {
        let script = """
            import threading
            where = []
            signal.signal(signal.SIGUSR1, lambda *a: where.append(1))
            os.kill(os.getpid(), signal.SIGUSR1)
            signal.raise_signal(signal.SIGUSR1)
            assert len(where) == 2, where
            # A thread that waits for a signal of its own gets it, with the sender that pthread_cancel(3) checks.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
            seen = []
            t = threading.Thread(target=lambda: seen.append(signal.sigtimedwait([signal.SIGUSR2], 3)))
            t.start()
            signal.pthread_kill(t.ident, signal.SIGUSR2)
            t.join()
            assert seen[0] is not None and seen[0].si_pid == os.getpid(), seen
            child = os.fork()
            if child == 0:
                signal.pause(); os._exit(0)
            os.kill(child, 15)
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == 15
            """
        let ending = try RealBox(abi: abi).run(script)
        #expect(ending == .exited(code: 0))
        #expect(try RealBox().runOutside(script) == 0)
    }

    @Test(
        "A box with namespaces starts with every Landlock ABI", .enabled(if: RealBox.namespacesExist),
        arguments: [1, 2, 3, 4, 5, 6])
    func namespaces(abi: Int) throws {
        let script = "open(os.environ['TMPDIR'] + '/x', 'w').write('x')"
        let ending = try RealBox(abi: abi, isolation: .namespaces).run(script)
        #expect(ending == .exited(code: 0))
    }
}

/// A listening TCP socket of the test's own on 127.0.0.1.
final class LoopbackListener: Sendable {
    let port: UInt16
    private let file: SharedDescriptor

    init() throws {
        file = SharedDescriptor(try SocketCalls.create(family: 2, type: 1, proto: 0))
        let any = SocketAddress.bytes(Endpoint(address: .v4(0x7f00_0001), port: 0), family: 2)
        if let failure = SocketCalls.bind(file.rawValue, to: any) { throw failure }
        if let failure = SocketCalls.listen(file.rawValue, backlog: 8) { throw failure }
        guard case .internet(let endpoint)? = SocketCalls.localAddress(of: file.rawValue).map({ SocketAddress($0) })
        else {
            throw Errno.badAddress
        }
        port = endpoint.port
    }
}
