internal import Glibc
internal import Synchronization
internal import SystemPackage

/// The thread that forks a child and outlives it: the child's parent-death signal comes when that thread ends, not when
/// the process does. Meanwhile it can be given work. PR_SET_PDEATHSIG(2const)
final class ForkThread: Sendable {
    private let work: Work
    /// Closed to end the thread.
    private let bell: Mutex<SharedDescriptor?>

    private final class Work: Sendable {
        let next = Mutex<(@Sendable () -> Void)?>(nil)
    }

    init(fork: @escaping @Sendable () -> Void) throws(SyscallError) {
        let pipe = try makePipe()
        let work = Work()
        self.work = work
        bell = Mutex(pipe.writing)
        try SystemThread.start("box-supervisor", elsewhere: true) { [reading = pipe.reading] in
            // Signals are for the threads that wait for them; what main blocks later is not inherited here.
            SignalDescriptor.blockAll()
            fork()
            var byte: UInt8 = 0
            while (try? syscall("read") { unsafe read(reading.rawValue, &byte, 1) }) == 1 {
                if let next = work.next.withLock({ $0.take() }) { next() }
            }
        }
    }

    /// Runs `body` on the thread, after what it does now.
    func run(_ body: @escaping @Sendable () -> Void) {
        work.next.withLock { $0 = body }
        bell.withLock { try? $0?.writeAll([1]) }
    }

    /// Lets the thread end, and with it a child that is still there.
    func end() { bell.withLock { $0 = nil } }
}
