import Glibc
import LinuxSystem
import Synchronization

/// Whether the server has exec'ed. Before that a signal would not be the server's: it would end the child that makes the box
/// around itself, or stop it for a tracer that is not looking yet.
final class ServerStart: Sendable {
    private let flag = Atomic(false)
    var hasHappened: Bool { flag.load(ordering: .acquiring) }
    func happened() { flag.store(true, ordering: .releasing) }
}

/// The server's life cycle as the client sees it: a closed standard input or a signal asks it to end, and when it does
/// not, the whole box is ended.
struct Watcher: Sendable {
    private let server: SharedDescriptor
    private let start: ServerStart
    private let input: CInt?
    private let signals: SharedDescriptor?
    private let stopRequest: CInt?
    private let grace: Duration
    private let end: @Sendable () -> Void
    private let late: @Sendable () -> Void

    /// - Parameters:
    ///   - server: A pidfd of the server.
    ///   - start: Signals wait for it.
    ///   - end: Kills everything in the box.
    ///   - late: Called before that, when the server was asked to end and has not.
    init(
        _ surroundings: BoxSurroundings, server: SharedDescriptor, start: ServerStart, stopRequest: CInt?,
        end: @escaping @Sendable () -> Void, late: @escaping @Sendable () -> Void
    ) throws(SyscallError) {
        self.server = server
        self.start = start
        self.stopRequest = stopRequest
        self.end = end
        self.late = late
        input = surroundings.watchedInput
        grace = surroundings.grace
        signals = surroundings.passedSignals.isEmpty ? nil : try SignalDescriptor.make(surroundings.passedSignals)
    }

    /// What happens next, and when.
    private enum Stage { case running, drained, asked, ended }

    func run() {
        var stage = Stage.running
        var deadline: Duration?
        // When a signal came that waits for the server's start. A start that hangs can be ended all the same.
        var signalled: Duration?
        func advance(_ now: Duration) {
            switch stage {
            case .running, .ended: deadline = nil
            case .drained:
                SignalDescriptor.send(SIGTERM, to: server)
                (stage, deadline) = (.asked, now + grace)
            case .asked:
                late()
                end()
                (stage, deadline) = (.ended, nil)
            }
        }
        while true {
            var wait = [pollfd(fd: server.rawValue, events: Int16(POLLIN), revents: 0)]
            // Only a hang-up is of interest: the server reads what there is to read.
            let hungUp = Int16(0x2000)  // POLLRDHUP
            wait.append(pollfd(fd: stage == .running ? input ?? -1 : -1, events: hungUp, revents: 0))
            wait.append(pollfd(fd: signals?.rawValue ?? -1, events: Int16(POLLIN), revents: 0))
            wait.append(pollfd(fd: stage == .ended ? -1 : stopRequest ?? -1, events: Int16(POLLIN), revents: 0))
            let left = deadline.map { CInt(max(0, ($0 - MonotonicTime.now()) / .milliseconds(1)) + 1) } ?? -1
            // The array holds as many entries as the call is told of.
            unsafe poll(&wait, nfds_t(wait.count), left)
            let now = MonotonicTime.now()
            if wait[0].revents != 0 { return }  // the server has ended
            if wait[1].revents & (Int16(POLLHUP) | hungUp) != 0 {
                // The client is gone. What it sent before is still worth an answer, so the clock starts when it is read.
                if waitingBytes(input!) ?? 0 == 0 {
                    (stage, deadline) = (.drained, now + grace)
                } else {
                    _ = poll(nil, 0, 20)  // the hang-up is permanent: look again a little later
                }
            }
            if wait[2].revents != 0, !start.hasHappened, now < (signalled ?? now) + grace {
                signalled = signalled ?? now
                _ = poll(nil, 0, 1)
            } else if wait[2].revents != 0, let signals, let signal = SignalDescriptor.next(signals) {
                SignalDescriptor.send(signal, to: server)
                if [SIGTERM, SIGHUP].contains(signal), stage != .ended { (stage, deadline) = (.asked, now + grace) }
            }
            if wait[3].revents != 0, stage != .ended {
                end()
                (stage, deadline) = (.ended, nil)
            }
            if let due = deadline, due <= now { advance(now) }
        }
    }
}
