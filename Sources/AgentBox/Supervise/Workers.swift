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

    /// How threads are had and callers asked about; tests have ways of their own.
    struct Means: Sendable {
        var start: @Sendable (String, @escaping @Sendable () -> Void) throws(SyscallError) -> Void
        /// Gives a new worker the server's identity; `false` when it must not act for anybody.
        var settle: @Sendable () -> Bool
        var isWaiting: @Sendable (Notification) -> Bool
    }
    private let means: Means
    private let state = Mutex(State())

    private struct State: Sendable {
        var running: [UInt64: Running] = [:]
        var waiting: [Job] = []
        /// Workers that were started and have not ended, whether they have work yet or not.
        var threads = 0
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

    init(_ means: Means) { self.means = means }

    convenience init(listener: NotificationListener, user: UserIdentity?) {
        self.init(
            Means(
                start: { (name, body) throws(SyscallError) in try SystemThread.start(name, body) },
                settle: {
                    SystemThread.acceptCallOff()
                    return CallerIdentity.assume(user)
                }, isWaiting: { listener.isWaiting($0) }))
        SystemThread.prepareCallOff()
    }

    /// Runs the work on a thread of its own, or queues it until one is free.
    /// - Returns: `false` when no thread can be had: a server with the launcher's user may have used up all that the user
    ///   may have. The work is forgotten then, and its call still needs an answer.
    func run(_ call: Notification, _ work: @escaping @Sendable () -> Void) -> Bool {
        let process = (try? ProcessStatus(of: call.thread).process) ?? call.thread
        let job = Job(call: call, process: process, work: work)
        // Each waiting call is a thread of the box that does nothing else, so the queue is bounded by its threads.
        let startsHousekeeper = state.withLock { state in
            state.waiting.append(job)
            defer { state.hasHousekeeper = true }
            return !state.hasHousekeeper
        }
        if startsHousekeeper, (try? means.start("box-housekeeper") { [self] in keepHouse() }) == nil {
            state.withLock { $0.hasHousekeeper = false }  // the next call tries again
        }
        if startWorker() { return true }
        return state.withLock { state in
            // Another worker may have it already.
            guard let index = state.waiting.firstIndex(where: { $0.call.id == call.id }) else { return true }
            state.waiting.remove(at: index)
            return false
        }
    }

    /// Starts a worker, unless there are as many as there may be: then one of those will take what waits.
    /// - Returns: `false` when a thread was wanted and could not be had.
    private func startWorker() -> Bool {
        let isWanted = state.withLock { state in
            guard state.threads < Self.most else { return false }
            state.threads += 1
            return true
        }
        if !isWanted { return true }
        do throws(SyscallError) { try means.start("box-worker") { [self] in serve() } } catch {
            state.withLock { $0.threads -= 1 }
            return false
        }
        return true
    }

    private func serve() {
        guard means.settle() else { abort() }  // a call that nobody answers would hang for ever
        while let job = take() {
            // The caller may have died in the queue.
            if means.isWaiting(job.call) { job.work() }
            state.withLock { _ = $0.running.removeValue(forKey: job.call.id) }
        }
    }

    /// The first job of a process that has not used up its share. Without one the worker is to end, and is not counted any
    /// more: whoever queues a job after this starts another.
    private func take() -> Job? {
        state.withLock { state in
            var share: [CInt: Int] = [:]
            for running in state.running.values { share[running.process, default: 0] += 1 }
            guard
                let index = state.waiting.firstIndex(where: { share[$0.process, default: 0] < Self.mostForOneProcess })
            else {
                state.threads -= 1
                return nil
            }
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
            for worker in running where !means.isWaiting(worker.call) { callOff(worker.call) }
            // A job that no thread can be had for now is tried again.
            if state.withLock({ !$0.waiting.isEmpty }) { _ = startWorker() }
        }
    }

    /// Nobody, when the call has ended meanwhile: its worker may be at another one.
    private func callOff(_ call: Notification) {
        state.withLock { state in
            if let worker = state.running[call.id] { SystemThread.callOff(worker.thread) }
        }
    }
}

/// The processes of a box that is traced, by number.
final class ProcessTree: Sendable {
    private let members = Mutex<Set<CInt>>([])
    func insert(_ pid: CInt) { members.withLock { _ = $0.insert(pid) } }
    /// - Returns: Whether it was there.
    @discardableResult
    func remove(_ pid: CInt) -> Bool { members.withLock { $0.remove(pid) != nil } }
    func contains(_ pid: CInt) -> Bool { members.withLock { $0.contains(pid) } }
    var all: [CInt] { members.withLock { Array($0) } }

    /// Whether the thread belongs to a process of the box.
    func isInside(_ thread: CInt) -> Bool {
        guard let status = try? ProcessStatus(of: thread) else { return false }
        return contains(status.process)
    }
}
