internal import CChildLaunch
internal import CLinuxShims
internal import Glibc
internal import SystemPackage

/// A server that waits just before exec, with everything that holds it in place.
public struct WaitingChild: Sendable {
    /// The process that was forked: the server, or the init of its namespace.
    public let pid: CInt
    /// The server's pid as the launcher sees it.
    public let serverPid: CInt
    /// Answers the notified calls; `nil` in a plan without filter.
    public let listener: SharedDescriptor?
    /// The name stub's sockets inside the network namespace.
    public let stub: StubSockets?
    /// With a namespace: the server's wait status comes here, from init, after the byte that ``letGo()`` takes.
    public let initStatus: SharedDescriptor?
    /// The server's pidfd.
    public let server: SharedDescriptor
    let report: SharedDescriptor

    public struct StubSockets: Sendable {
        public let udp: SharedDescriptor
        public let tcp: SharedDescriptor
        public init(udp: SharedDescriptor, tcp: SharedDescriptor) {
            self.udp = udp
            self.tcp = tcp
        }
    }

    /// All steps of ``ForkedChild`` in one.
    public static func start(
        _ plan: ChildPlan, ruleset: CInt?, filter: [BPFInstruction], waitKillable: Bool
    ) throws(LaunchError) -> WaitingChild {
        let child = try ForkedChild(plan.origin)
        try child.furnish(plan)
        _ = try child.awaitReady()
        try child.confine(plan, ruleset: ruleset)
        try child.complete(filter: filter, waitKillable: waitKillable)
        return try child.handOver(hasListener: filter.notifies)
    }

    /// Lets the server exec, once init is there. The listener must be served from now on: exec may be a notified call.
    public func letGo() throws(LaunchError) {
        if let initStatus {
            // Until it is, the server's namespace has a process with a copy of the launcher's memory.
            var byte: UInt8 = 0
            guard (try? syscall("read") { unsafe read(initStatus.rawValue, &byte, 1) }) == 1 else {
                try awaitExec()
                throw LaunchError(step: .initProgram, errno: .noSuchProcess)
            }
        }
        try LaunchError.during(.handOver) { () throws(SyscallError) in try report.writeAll([1]) }
    }

    /// Waits until exec has happened, or the process is gone, which waiting for it will show.
    /// - Throws: ``LaunchError`` when exec failed.
    public func awaitExec() throws(LaunchError) {
        var message = child_report(), sender: pid_t = 0
        let got = try? syscall("recvmsg") { unsafe child_receive(report.rawValue, &message, &sender) }
        // The child's end closes at exec: an end of file.
        if let got, got > 0 { throw LaunchError(message) }
    }

    /// Blocks until what was forked has ended, and reaps it.
    /// - Returns: Its wait status.
    @discardableResult
    public func wait() -> Int32 { reapChild(pid) }

    /// The init of its namespace, if it has one: ends by itself behind everything else, and is to be reaped. In a container nobody else might.
    public var initPID: CInt? { initStatus == nil ? nil : pid }
}

/// Blocks until a child has ended, and reaps it.
/// - Returns: Its wait status.
@discardableResult
public func reapChild(_ pid: CInt) -> Int32 {
    var status: Int32 = 0
    if (try? syscall("waitpid") { unsafe waitpid(pid, &status, waitAll) }) == nil { status = SIGKILL }
    return status
}

extension LaunchError {
    /// CHILD_FAILED
    init(_ message: child_report) {
        self.init(
            step: LaunchStep(rawValue: message.first) ?? .fork, errno: Errno(rawValue: message.second),
            index: Int(message.third))
    }
}
