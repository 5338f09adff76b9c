import Glibc
import LinuxSystem
import ManifestModel
import SystemPackage

/// How a server ended.
public enum BoxEnding: Hashable, Sendable {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// From a wait status. wait(2)
    init(status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(code: (status >> 8) & 0xff) : .killed(signal: signal)
    }

    /// For the record; written out, since printing a value by reflection takes longer than the record itself.
    public var words: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .killed(let signal): "killed by signal \(signal)"
        }
    }

    /// As a shell reports it: 128 + n for a signal.
    public var exitCode: Int32 {
        switch self {
        case .exited(let code): code
        case .killed(let signal): 128 + signal
        }
    }
}

/// Follows every process of a box: kills one that runs a program off the list, and all of them when the launcher dies
/// (PTRACE_O_EXITKILL) or the server has ended. Belongs to the thread that started the server. ptrace(2)
struct Tracer {
    let server: CInt
    let tree: ProcessTree
    /// The programs that may run, as files; empty when the filter refuses every exec but the first.
    let programs: Set<FileIdentity>
    let witness: any BoxWitness

    private enum Event {
        static let fork: Int32 = 1, vfork: Int32 = 2, clone: Int32 = 3, exec: Int32 = 4, stop: Int32 = 128
    }
    private static let options: UInt64 = 2 | 4 | 8 | 16 | 0x10_0000  // TRACEFORK, VFORK, CLONE, EXEC, EXITKILL

    /// Attaches to the server while it waits before exec.
    func attach() throws(SyscallError) {
        try Tracing.seize(server, options: Self.options)
        tree.insert(server)
    }

    /// Blocks until no process of the box is left.
    /// - Returns: How the server ended.
    func run() -> BoxEnding {
        var ending: BoxEnding?
        var early = EarlyEnds()
        while true {
            var status: Int32 = 0
            // Only this thread's children and tracees: a library's host program may have children of its own.
            let pid = unsafe waitpid(-1, &status, waitAll | waitOwnThread)
            if pid == -1 {
                if errno == EINTR { continue }
                return ending ?? .killed(signal: SIGKILL)  // ECHILD: nobody is left
            }
            if status & 0xff == 0x7f {
                if ending == nil { resume(pid, status, &early) } else { kill(pid, SIGKILL) }
            } else {
                if !tree.remove(pid) { early.insert(pid) }
                if pid == server {
                    ending = BoxEnding(status: status)
                    endAll()
                }
            }
        }
    }

    /// Kills what is left of the box.
    func endAll() { for pid in tree.all { kill(pid, SIGKILL) } }

    /// Processes whose end was told before their birth: to add them then would leave a number in the tree that may soon be
    /// somebody else's, who would be killed with the box.
    private typealias EarlyEnds = Set<CInt>

    private func resume(_ pid: CInt, _ status: Int32, _ early: inout EarlyEnds) {
        let signal = (status >> 8) & 0xff
        switch status >> 16 {
        case Event.fork, Event.vfork, Event.clone:
            if let child = Tracing.message(pid).map({ CInt(truncatingIfNeeded: $0) }), early.remove(child) == nil {
                tree.insert(child)
            }
            Tracing.proceed(pid)
        case Event.exec:
            // A thread that execs takes its process's number. Nobody tells of the end of its own.
            if let former = Tracing.message(pid).map({ CInt(truncatingIfNeeded: $0) }), former != pid {
                tree.remove(former)
            }
            mayRun(pid) ? Tracing.proceed(pid) : stop(pid)
        case Event.stop:
            tree.insert(pid)
            // A group stop is listened to, so that SIGCONT can end it; the stop of a new process is just passed.
            if [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU].contains(signal) {
                Tracing.listen(pid)
            } else {
                Tracing.proceed(pid)
            }
        default:
            Tracing.proceed(pid, signal: signal)
        }
    }

    /// Whether the program that the process has just become is on the list. The file itself decides, not its name.
    private func mayRun(_ pid: CInt) -> Bool {
        if programs.isEmpty { return true }
        guard let file = try? FileStatus(of: FilePath("/proc/\(pid)/exe")) else { return false }
        return programs.contains(file.identity)
    }

    private func stop(_ pid: CInt) {
        let path = FolderCalls.link("/proc/\(pid)/exe")?.string ?? "a program"
        kill(pid, SIGKILL)
        // What Landlock let start is a loader of a program on the list: no flag allows one, since it starts any file.
        _ = witness.record(
            BoxEvent(
                .deny, .exec, act: "execve", subject: path, reason: "not in allowedCommands", layer: .tracer))
    }
}
