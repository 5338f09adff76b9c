import AuditTrail
import Glibc
import LinuxSystem

/// Standard error as the launcher uses it beside its server: both write to the same pipe, and a server that fills it while
/// nobody reads must not make the launcher wait.
enum StandardError {
    /// Writes what fits, a page at a time; what does not within `patience` is dropped. The audit trail has every denial.
    /// - Parameter patience: Milliseconds to wait for room, each time that there is none.
    static func write(_ text: String, patience: CInt = 0) {
        var rest = Array(KnownSecrets.hide(text).utf8)[...]
        while !rest.isEmpty {
            var room = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
            // A pipe that reports room has at least a page of it. pipe(7)
            guard unsafe poll(&room, 1, patience) == 1, room.revents & Int16(POLLOUT) != 0 else { return }
            // The server may take it between poll and write, so that one must not wait either.
            guard let done = try? writeNow(Array(rest.prefix(4_096)), to: 2) else { return }
            rest = rest.dropFirst(done)
        }
    }
}
