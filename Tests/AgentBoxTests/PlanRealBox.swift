import Foundation
import LinuxSystem
import PolicyEngine
import SystemPackage
import Synchronization
import TestSupport
import Testing

@testable import AgentBox

/// Keeps what a box recorded.
final class RecordingWitness: BoxWitness {
    private let events = Mutex<[BoxEvent]>([])
    var all: [BoxEvent] { events.withLock { $0 } }
    func record(_ event: BoxEvent) -> Bool {
        events.withLock { $0.append(event) }
        return true
    }
}

/// Runs a Python script in a box through the library, on this kernel or on what is left of it when it is described as older.
struct RealBox {
    var granted = EffectivePermissions()
    var isolation = Isolation.plain
    var kernel = KernelFeatures.current()
    var folder: FilePath = "/"
    var options = BoxOptions()

    static let python = "/usr/bin/python3"
    static let pythonExists = FileManager.default.isExecutableFile(atPath: python)
    /// Namespaces as this account would make them.
    static let namespacesExist = KernelFeatures.current(quick: false).namespaces == .available

    init(abi: Int? = nil, isolation: Isolation = .plain, _ grant: (inout EffectivePermissions) -> Void = { _ in }) {
        self.isolation = isolation
        if let abi { kernel.landlockABI = abi }
        granted.environment = [EnvironmentVariable(name: "PATH", value: "/usr/bin")]
        grant(&granted)
    }

    func plan(_ argv: [String], scratch: TemporaryFolder) throws -> BoxPlan {
        let launch = try LaunchChain(
            argv: argv, path: ["/usr/bin"], folder: folder, environment: [:], files: HostFiles())
        let base = RuntimeBase(files: HostFiles())
        let facts = HostSurvey.facts(
            for: granted, launches: [launch], base: base, kernel: kernel, directory: folder, home: "/nonexistent",
            scratch: FilePath(scratch.path), user: nil, isolation: isolation, withoutLayers: options.withoutLayers)
        return BoxPlan(
            BoxRequest(
                granted: granted, launch: launch, commands: [], base: base, host: facts, isolation: isolation,
                options: options))
    }

    /// The script's exit code: an errno, by the habit of these tests.
    func run(_ script: String, witness: RecordingWitness = RecordingWitness()) throws -> BoxEnding {
        let scratch = try TemporaryFolder("agentbound-box")
        let plan = try plan([Self.python, "-I", "-c", Self.prelude + script], scratch: scratch)
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME_COARSE, &now)
        let surroundings = BoxSurroundings(start: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
        return try onItsOwnThread { try Box.run(plan, surroundings: surroundings, witness: witness) }
    }

    /// The same script outside: the control that it would do what the box refuses.
    func runOutside(_ script: String) throws -> CInt? {
        try TestSupport.run([Self.python, "-I", "-c", Self.prelude + script]).code
    }

    /// An OSError ends the script with its errno, anything else with 200.
    private static let prelude = """
        import os, sys, socket, signal, ctypes
        def hook(kind, value, trace):
            sys.__excepthook__(kind, value, trace)
            os._exit(value.errno if isinstance(value, OSError) and value.errno else 200)
        sys.excepthook = hook
        libc = ctypes.CDLL(None, use_errno=True)
        def call(number, *arguments):
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
            if result == -1: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
            return result

        """
}

/// A box belongs to the thread that started it, and blocks it.
func onItsOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) throws -> R {
    let done = DispatchSemaphore(value: 0)
    let ending = Ending<R>()
    Thread.detachNewThread {
        let result = Result { try body() }
        ending.value.withLock { $0 = result }
        done.signal()
    }
    done.wait()
    return try ending.value.withLock { $0! }.get()
}

private final class Ending<R: Sendable>: Sendable {
    let value = Mutex<Result<R, any Error>?>(nil)
}
