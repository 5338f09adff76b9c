import Glibc
import LinuxSystem

/// Lines that stand one after the other, each checked by itself.
enum CheckedLines {
    struct Place: Sendable {
        /// In the buffer, without the newline.
        var range: Range<Int>
        var checked: CheckedLine?
    }

    /// Checks the finished lines of a buffer.
    /// - Parameter helper: Checks the second half meanwhile, when that is worth it.
    static func check(_ bytes: UnsafeBufferPointer<UInt8>, _ helper: LineHelper?) -> [Place] {
        guard let helper, bytes.count > 1 << 17, let middle = unsafe bytes.newline(from: bytes.count / 2) else {
            return unsafe check(bytes, from: 0)
        }
        unsafe helper.begin(bytes, from: middle + 1)
        let first = unsafe check(UnsafeBufferPointer(rebasing: bytes[...middle]), from: 0)
        return first + helper.finish()
    }

    fileprivate static func check(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) -> [Place] {
        var places: [Place] = []
        places.reserveCapacity((bytes.count - first) / 400)
        var start = first
        while let newline = unsafe bytes.newline(from: start) {
            let line = unsafe UnsafeBufferPointer(rebasing: bytes[start..<newline])
            places.append(Place(range: start..<newline, checked: unsafe CheckedLine(line)))
            start = newline + 1
        }
        return places
    }
}

/// A second thread that checks lines. One buffer at a time: ``begin(_:from:)``, then ``finish()``, by one caller.
@safe final class LineHelper: @unchecked Sendable {
    // Owner and thread hand these to each other: whoever was woken by a semaphore is the only one that touches them.
    private var bytes = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var first = 0
    private var places: [CheckedLines.Place] = []
    private var isOver = false
    private let wanted: UnsafeMutablePointer<sem_t>, done: UnsafeMutablePointer<sem_t>

    /// - Returns: `nil` on a single processor, and where no thread can be had.
    init?() {
        guard sysconf(CInt(_SC_NPROCESSORS_ONLN)) > 1 else { return nil }
        unsafe wanted = .allocate(capacity: 1)
        unsafe done = .allocate(capacity: 1)
        // Both are freed by the thread, or below when there is none.
        unsafe sem_init(wanted, 0, 0)
        unsafe sem_init(done, 0, 0)
        do throws(SyscallError) { try SystemThread.start("verify", elsewhere: true) { [self] in work() } } catch {
            return nil
        }
    }

    deinit {
        unsafe sem_destroy(wanted)
        unsafe sem_destroy(done)
        unsafe wanted.deallocate()
        unsafe done.deallocate()
    }

    private func work() {
        while true {
            unsafe wait(wanted)
            if isOver { return }
            places = unsafe CheckedLines.check(bytes, from: first)
            unsafe sem_post(done)
        }
    }

    private func wait(_ semaphore: UnsafeMutablePointer<sem_t>) { while unsafe sem_wait(semaphore) == -1 {} }

    /// - Parameter bytes: Not changed and not freed before ``finish()`` returned.
    fileprivate func begin(_ bytes: UnsafeBufferPointer<UInt8>, from first: Int) {
        unsafe self.bytes = bytes
        self.first = first
        unsafe sem_post(wanted)
    }

    fileprivate func finish() -> [CheckedLines.Place] {
        unsafe wait(done)
        defer { places = [] }
        return places
    }

    /// Ends the thread. The last thing that is done.
    func end() {
        isOver = true
        unsafe sem_post(wanted)
    }
}
