import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import Synchronization
import SystemPackage

/// Answers the box's notified calls: decides on copies, and makes the call itself where it is allowed.
///
/// Every thread that gets here has given up all capabilities and runs with the server's ids, so that nothing is reached
/// on the server's behalf that the server could not reach itself.
final class Supervisor: Sendable {
    let plan: BoxPlan
    let listener: NotificationListener
    let names: NameTable
    let witness: any BoxWitness
    let workers: Workers
    private let tree: ProcessTree
    /// The server's first process: its one exec is the launcher's own.
    private let server: CInt
    let state: Mutex<State>
    private let notified: [Int32: String]
    private let startable: Set<FileIdentity>
    /// Where the stub listens on the host; datagrams of a box with its own network reach it inside that.
    let stub: Endpoint?

    private let heldPaths = Mutex<HeldPaths?>(nil)
    private let root = BoxRoot()

    /// Made at the first question: most starts ask none.
    var held: HeldPaths {
        heldPaths.withLock { made in
            if let made { return made }
            let new = HeldPaths(plan)
            made = new
            return new
        }
    }

    /// What the box has done so far, as far as later decisions depend on it.
    struct State: Sendable {
        var hasStarted = false
        /// What the box serves itself: it may connect to that.
        var ownPorts = OwnPorts()
        var ownSockets = OwnSockets()
        var history: NameHistory
    }

    init(
        plan: BoxPlan, judged: [Int32: String], startable: Set<FileIdentity>, listener: NotificationListener,
        server: CInt, tree: ProcessTree,
        names: NameTable, stub: Endpoint?, start: Int64, witness: any BoxWitness
    ) {
        self.plan = plan
        self.listener = listener
        self.server = server
        self.names = names
        self.stub = stub
        self.witness = witness
        self.tree = tree
        workers = Workers(listener: listener, user: plan.child.user)
        state = Mutex(State(history: NameHistory(start: start)))
        notified = judged
        self.startable = startable
    }

    /// Blocks until no process is left under the filter, so it has a thread of its own.
    func run() throws(SyscallError) {
        while let call = try listener.next() { handle(call) }
    }

    private func handle(_ call: Notification) {
        let caller = Caller(call: call, listener: listener, root: root)
        guard let name = notified[call.number] else { return answer(.deny(.notPermitted), call) }
        if let blocking = decide(name, caller) {
            // May wait for a network peer: another thread does it, and is called off when the caller dies.
            let isRunning = workers.run(call) {
                var verdict = blocking()
                // A signal that somebody sent to the launcher: the caller still waits, so nobody called this off.
                while case .deny(.interrupted) = verdict, caller.isWaiting { verdict = blocking() }
                self.answer(consume verdict, call)
            }
            // Never here: the supervisor would wait for that peer, and everybody for the supervisor.
            if !isRunning { answer(.deny(.resourceTemporarilyUnavailable), call) }
        }
    }

    func answer(_ verdict: consuming Verdict, _ call: Notification) {
        switch consume verdict {
        case .deny(let errno): listener.reply(call, failure: errno)
        case .value(let value): listener.reply(call, value: value)
        case .inject(let file, let closeOnExec):
            listener.inject(consume file, into: call, closeOnExec: closeOnExec)
        case .leaveToKernel: listener.leaveToKernel(call)
        }
    }

    /// Answers at once, or returns the part that may block.
    private func decide(_ name: String, _ caller: Caller) -> (@Sendable () -> Verdict)? {
        let call = caller.call
        do throws(SyscallError) {
            switch name {
            case "connect":
                switch try connect(caller) {
                case .now(let verdict): answer(consume verdict, call)
                case .later(let work): return work
                }
            case "bind": answer(try bind(caller), call)
            case "inotify_add_watch": answer(try watch(caller), call)
            case "listen": answer(try listen(caller), call)
            case "socket": answer(try socket(caller), call)
            case "sendto", "sendmsg", "sendmmsg":
                switch try send(name, caller) {
                case .now(let verdict): answer(consume verdict, call)
                case .later(let work): return work
                }
            case "ioctl": answer(try terminalPeer(caller), call)
            case "execve", "execveat": answer(exec(name, caller), call)
            case "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal":
                answer(signal(name, caller), call)
            default:
                if FilterTable.opens.contains(name) {
                    switch plan.mediation.opens == .none ? .now(observeOpen(name, caller)) : open(name, caller) {
                    case .now(let verdict): answer(consume verdict, call)
                    case .later(let work): return work
                    }
                } else if FilterTable.names.contains(name) {
                    answer(
                        explained(name, plan.mediation.names ? makeName(name, caller) : .leaveToKernel, caller), call)
                } else if FilterTable.removals.contains(name) {
                    answer(
                        explained(name, plan.mediation.removals ? try removal(name, caller) : .leaveToKernel, caller),
                        call)
                } else if FilterTable.metadataCalls.contains(name) {
                    answer(try metadata(name, caller), call)
                } else {
                    answer(refuse(name), call)
                }
            }
        } catch {
            // Nothing was decided in the caller's favour: it gets the errno that its own call would have met.
            answer(.deny(error.errno), call)
        }
        return nil
    }

    /// Work that is done at once, or may wait.
    enum Step {
        case now(Verdict)
        case later(@Sendable () -> Verdict)
    }

    // MARK: records

    /// Records a denial. It is refused whether or not that worked.
    func deny(
        _ permission: Permission?, _ act: String, _ subject: String, _ reason: String, flag: String?,
        errno: Errno = .permissionDenied
    ) -> Verdict {
        _ = witness.record(BoxEvent(.deny, permission, act: act, subject: subject, reason: reason, flag: flag))
        return .deny(errno)
    }

    /// Records what is about to be allowed.
    /// - Returns: `false` when it could not be recorded: then it is not permitted.
    func allow(_ permission: Permission, _ act: String, _ subject: String, _ reason: String) -> Bool {
        witness.record(BoxEvent(.allow, permission, act: act, subject: subject, reason: reason))
    }

    // MARK: exec, signals and what nobody may do

    /// The first exec is the launcher's: its child runs nothing but our own lines before that.
    private func exec(_ name: String, _ caller: Caller) -> Verdict {
        let isFirst = state.withLock { state in
            defer { state.hasStarted = true }
            return !state.hasStarted && caller.thread == server
        }
        if isFirst { return .leaveToKernel }
        let isAt = name == "execveat"
        let read = try? caller.rawPath(at: caller.call.arguments[isAt ? 1 : 0])
        let path = read?.path ?? "?"
        var file: SharedDescriptor?
        if read?.bytes.isEmpty == false {
            do throws(SyscallError) {
                file = SharedDescriptor(try caller.open(path, from: isAt ? caller.call.int(0) : AT_FDCWD))
            } catch  where error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory {
                // The kernel says the same of a name that is not there, and a search through PATH goes on. What is not there from here
                // can be there for the caller: its own `/proc/self/exe`.
                if !plan.mediation.refuseExec { return .leaveToKernel }
                if !path.starts(with: "/proc") { return .deny(error.errno) }
            } catch {}
        }
        if plan.mediation.refuseExec {
            let isGranted = plan.granted.granted.contains(.exec)
            // What is relative to the server's folder would be another program to whoever types the flag.
            let shown = path.isAbsolute ? path : file.flatMap { FolderCalls.path(of: $0) } ?? path
            return denyExec(name, shown, isGranted ? "no command is granted" : "not in the manifest", isGranted)
        }
        // What could start is the kernel's to judge, and so is every doubt. Landlock refuses the others.
        guard plan.landlock != nil, let file, let status = try? FileStatus(of: file), status.isRegular,
            status.mode & 0o111 != 0, !startable.contains(status.identity)
        else { return .leaveToKernel }
        return denyExec(name, FolderCalls.path(of: file) ?? path, "not in allowedCommands", true)
    }

    private func denyExec(_ name: String, _ path: FilePath, _ reason: String, _ isGranted: Bool) -> Verdict {
        let flag = isGranted && !DynamicLoader.isNamed(path) ? WrittenPath.flag("--allow-command", path) : nil
        return deny(.exec, name, path.string, reason, flag: flag)
    }

    /// Before Landlock ABI 6 nothing else keeps signals inside. The target is opened, checked, and then signalled.
    private func signal(_ name: String, _ caller: Caller) -> Verdict {
        let call = caller.call
        if name == "pidfd_send_signal" || call.int(0) <= 0 { return refuse(name) }
        let target = call.int(0), number = call.int(name == "tgkill" || name == "rt_tgsigqueueinfo" ? 2 : 1)
        // To itself or a thread of its own, with the thread and the sender as they were meant. The numbers lie in registers,
        // and a process that lives keeps its number.
        let own = try? ProcessStatus(of: caller.thread).process
        let process = name == "tkill" ? try? ProcessStatus(of: target).process : target
        if own != nil, own == process, caller.isWaiting { return .leaveToKernel }
        return .onBehalf { () throws(SyscallError) in
            let process = try PidDescriptor(ofThread: target)
            guard tree.contains(target) || tree.isInside(target) else {
                _ = refuse(name)
                throw SyscallError(call: name, errno: .notPermitted)
            }
            try process.send(number)
        }
    }

    private func refuse(_ name: String) -> Verdict {
        deny(nil, name, name, "no box may make this call", flag: nil, errno: .notPermitted)
    }

    /// Landlock decides about what is left to the kernel; with `--explain` its refusal is told.
    private func explained(_ name: String, _ verdict: Verdict, _ caller: Caller) -> Verdict {
        if plan.mediation.observeFiles, case .leaveToKernel = verdict { explainName(name, caller) }
        return verdict
    }

    /// Only to explain: Landlock decides about the open itself.
    private func observeOpen(_ name: String, _ caller: Caller) -> Verdict {
        explainOpen(name, caller)
        return .leaveToKernel
    }
}
