internal import Glibc
internal import Synchronization
internal import SystemPackage

/// A thread that is there before its work is, so that starting it can be done while there is nothing else to do. It ends
/// after its work, or with this value when there was none.
public final class SpareThread: Sendable {
    private let work: Work
    private let bell: SharedDescriptor

    private final class Work: Sendable {
        let body = Mutex<(@Sendable () -> Void)?>(nil)
    }

    /// - Throws: ``SyscallError`` as ``SystemThread/start(_:elsewhere:_:)`` does.
    public init(_ name: String) throws(SyscallError) {
        let pipe = try makePipe()
        let work = Work()
        self.work = work
        bell = pipe.writing
        try SystemThread.start(name) { [reading = pipe.reading] in
            // Signals are for the threads that wait for them; what main blocks later is not inherited here.
            SignalDescriptor.blockAll()
            var byte: UInt8 = 0
            while (try? syscall("read") { unsafe read(reading.rawValue, &byte, 1) }) == 1 {
                if let body = work.body.withLock({ $0.take() }) { return body() }
            }
        }
    }

    /// Has the thread do its work, once.
    public func run(_ body: @escaping @Sendable () -> Void) {
        work.body.withLock { $0 = body }
        try? bell.writeAll([1])
    }
}
