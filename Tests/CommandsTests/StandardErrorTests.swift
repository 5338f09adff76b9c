import Foundation
import Glibc
import LinuxSystem
import SystemPackage
import TestSupport
import Testing

@testable import Commands

/// The launcher's words must not wait for a reader, not even when the server took the last room a moment ago.
@Suite struct StandardErrorTests {
    @Test(
        "A write to a full pipe or socket does not wait, although the descriptor is a blocking one",
        arguments: [true, false])
    func fullPipe(isPipe: Bool) throws {
        var ends: [CInt] = [-1, -1]
        // Both calls fill the two places of the array.
        let made = unsafe isPipe ? pipe(&ends) : socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends)
        try #require(made == 0)
        defer { for end in ends { close(end) } }
        let page = [UInt8](repeating: 0, count: 4_096)
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        while unsafe write(ends[1], page, page.count) > 0 {}
        _ = fcntl(ends[1], F_SETFL, 0)
        // Were it to wait, this ends the wait: the test fails instead of hanging.
        let reader = ends[0]
        let written = DispatchSemaphore(value: 0), ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            var bytes = page
            if written.wait(timeout: .now() + patience) == .timedOut { _ = unsafe read(reader, &bytes, bytes.count) }
            ended.signal()
        }
        defer {
            written.signal()
            ended.wait()
        }
        #expect(throws: SyscallError(call: "write", errno: .resourceTemporarilyUnavailable)) {
            try writeNow(page, to: ends[1])
        }
    }
}
