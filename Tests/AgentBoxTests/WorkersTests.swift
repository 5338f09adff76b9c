import Foundation
import LinuxSystem
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

/// Threads that the box can make the launcher have: bounded, shared out, and no reason to fall over when there are none.
@Suite struct WorkersTests {
    /// Threads that wait at a gate before they take anything, as new threads do on a busy machine.
    private final class Threads: Sendable {
        private let counts = Mutex((now: 0, most: 0))
        private let gate = Mutex(false)
        /// How many more may be started.
        let left: Mutex<Int>

        init(_ left: Int = .max) { self.left = Mutex(left) }

        var now: Int { counts.withLock { $0.now } }
        var most: Int { counts.withLock { $0.most } }
        func open() { gate.withLock { $0 = true } }

        func means(isWaiting: @escaping @Sendable (LinuxSystem.Notification) -> Bool = { _ in true }) -> Workers.Means {
            Workers.Means(
                start: { [self] (name, body) throws(SyscallError) in
                    let isAllowed = left.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                    guard isAllowed else {
                        throw SyscallError(call: "pthread_create", errno: .resourceTemporarilyUnavailable)
                    }
                    if name != "box-worker" { return }
                    counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                    Thread.detachNewThread { [self] in
                        _ = eventually { gate.withLock { $0 } }
                        body()
                        counts.withLock { $0.now -= 1 }
                    }
                }, settle: { true }, isWaiting: isWaiting)
        }
    }

    /// A caller that no /proc knows: a process of its own for each thread number.
    private func call(_ id: Int, process: Int = 0) -> LinuxSystem.Notification {
        LinuxSystem.Notification(id: UInt64(id), thread: CInt(0x3fff_0000 + process), number: 0, arguments: [])
    }

    @Test("There are never more threads than the most, however slowly they begin")
    func bound() {
        let threads = Threads()
        let workers = Workers(threads.means())
        let done = Atomic(0)
        for id in 0..<500 {
            #expect(workers.run(call(id, process: id)) { done.add(1, ordering: .relaxed) })
        }
        #expect(threads.most == Workers.most)
        threads.open()
        #expect(eventually { done.load(ordering: .relaxed) == 500 })
        #expect(eventually { threads.now == 0 })
        #expect(threads.most == Workers.most)
    }

    @Test("A process that fills its share leaves the others theirs")
    func share() {
        let threads = Threads()
        threads.open()
        let workers = Workers(threads.means())
        let release = Mutex(false), others = Atomic(0), own = Atomic(0)
        for id in 0..<60 {
            _ = workers.run(call(id)) {
                _ = eventually { release.withLock { $0 } }
                own.add(1, ordering: .relaxed)
            }
        }
        _ = workers.run(call(60, process: 1)) { others.add(1, ordering: .relaxed) }
        #expect(eventually { others.load(ordering: .relaxed) == 1 })
        #expect(own.load(ordering: .relaxed) == 0)
        release.withLock { $0 = true }
        #expect(eventually { own.load(ordering: .relaxed) == 60 })
    }

    @Test("Without a thread the work is given back, not done and not kept", arguments: [0, 1])
    func noThread(left: Int) {
        // One: the housekeeper's.
        let threads = Threads(left)
        threads.open()
        let workers = Workers(threads.means())
        let done = Atomic(0)
        #expect(!workers.run(call(1)) { done.add(1, ordering: .relaxed) })
        // Once there are threads again, the next call has one.
        threads.left.withLock { $0 = 10 }
        #expect(workers.run(call(2)) { done.add(1, ordering: .relaxed) })
        #expect(eventually { done.load(ordering: .relaxed) == 1 && threads.now == 0 })
        #expect(done.load(ordering: .relaxed) == 1)
    }

    @Test("Work for a caller that is gone is not done")
    func gone() {
        let threads = Threads()
        threads.open()
        let workers = Workers(threads.means { $0.id != 1 })
        let done = Mutex<[UInt64]>([])
        for id in 1...2 { _ = workers.run(call(id)) { done.withLock { $0.append(UInt64(id)) } } }
        #expect(eventually { threads.now == 0 })
        #expect(done.withLock { $0 } == [2])
    }
}
