import Glibc
import LinuxSystem
import Synchronization

/// Threads for calls that may wait for somebody else: a connect to a host that does not answer, a full socket.
///
/// Bounded in number and for each process, so that one that fills its share leaves the others theirs. A worker whose
/// caller has died is called off by a signal, which ends the system call it waits in.
final class Workers: Sendable {
    static let most = 64
    static let mostForOneProcess = 48

    private let listener: NotificationListener
    private let user: UserIdentity?
    private let state = Mutex(State())

    private struct State: Sendable {
        var running: [UInt64: Running] = [:]
        var waiting: [Job] = []
        var hasHousekeeper = false
    }
    private struct Running: Sendable {
        let call: Notification
        let process: CInt
        var thread: CInt
    }
    private struct Job: Sendable {
        let call: Notification
        let process: CInt
        let work: @Sendable () -> Void
    }

    init(listener: NotificationListener, user: UserIdentity?) {
        self.listener = listener
        self.user = user
        SystemThread.prepareCallOff()
    }

    /// Runs the work on a thread of its own, or queues it until one is free.
    func run(_ call: Notification, _ work: @escaping @Sendable () -> Void) {
        let process = (try? ProcessStatus(of: call.thread).process) ?? call.thread
        let job = Job(call: call, process: process, work: work)
        // Each waiting call is a thread of the box that does nothing else, so the queue is bounded by its threads.
        let (startsWorker, startsHousekeeper) = state.withLock { state in
            state.waiting.append(job)
            defer { state.hasHousekeeper = true }
            return (state.running.count < Self.most, !state.hasHousekeeper)
        }
        if startsWorker { startWorker() }
        if startsHousekeeper { SystemThread.start("box-housekeeper") { [self] in keepHouse() } }
    }

    private func serve() {
        guard CallerIdentity.assume(user) else { abort() }  // a call that nobody answers would hang for ever
        while let job = take() {
            // The caller may have died in the queue.
            if listener.isWaiting(job.call) { job.work() }
            state.withLock { _ = $0.running.removeValue(forKey: job.call.id) }
        }
    }

    /// The first job of a process that has not used up its share.
    private func take() -> Job? {
        state.withLock { state in
            var share: [CInt: Int] = [:]
            for running in state.running.values { share[running.process, default: 0] += 1 }
            guard
                let index = state.waiting.firstIndex(where: { share[$0.process, default: 0] < Self.mostForOneProcess })
            else { return nil }
            let job = state.waiting.remove(at: index)
            state.running[job.call.id] = Running(call: job.call, process: job.process, thread: SystemThread.current)
            return job
        }
    }

    /// While anything waits, looks ten times a second for workers whose caller is gone, and for jobs that were passed over.
    private func keepHouse() {
        while true {
            _ = usleep(100_000)
            let running: [Running]? = state.withLock { state in
                if state.running.isEmpty && state.waiting.isEmpty {
                    state.hasHousekeeper = false
                    return nil
                }
                return Array(state.running.values)
            }
            guard let running else { return }
            for worker in running where !listener.isWaiting(worker.call) { SystemThread.callOff(worker.thread) }
            let starts = state.withLock { !$0.waiting.isEmpty && $0.running.count < Self.most }
            if starts { startWorker() }
        }
    }

    private func startWorker() { SystemThread.start("box-worker") { [self] in serve() } }
}

/// The processes of a box that is traced, by number.
final class ProcessTree: Sendable {
    private let members = Mutex<Set<CInt>>([])
    func insert(_ pid: CInt) { members.withLock { _ = $0.insert(pid) } }
    func remove(_ pid: CInt) { members.withLock { _ = $0.remove(pid) } }
    func contains(_ pid: CInt) -> Bool { members.withLock { $0.contains(pid) } }
    var all: [CInt] { members.withLock { Array($0) } }

    /// Whether the thread belongs to a process of the box.
    func isInside(_ thread: CInt) -> Bool {
        guard let status = try? ProcessStatus(of: thread) else { return false }
        return contains(status.process)
    }
}
