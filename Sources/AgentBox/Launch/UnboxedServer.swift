import Glibc
public import LinuxSystem

/// A server without a box: only its streams and its end are looked after.
public enum UnboxedServer {
    /// Starts the server and stays with it until it has ended and nothing that it started is left. It dies with the calling
    /// thread.
    /// - Parameters:
    ///   - started: Called once the server has exec'ed.
    ///   - late: Called when the server was asked to end and has not.
    ///   - ended: Called when nothing of it runs any more.
    /// - Throws: ``BoxError/launch(_:)`` or ``BoxError/system(_:)``. Nothing is left running then.
    public static func run(
        _ plan: ChildPlan, _ surroundings: BoxSurroundings, started: () -> Void = {},
        late: @escaping @Sendable () -> Void = {}, ended: (BoxEnding) -> Void = { _ in }
    ) throws(BoxError) -> BoxEnding {
        Orphans.adopt()
        let child = try BoxError.launching { () throws(LaunchError) in
            try WaitingChild.start(plan, ruleset: nil, filter: [], waitKillable: false)
        }
        let start = ServerStart()
        do throws(SyscallError) {
            let watcher = try Watcher(
                surroundings, server: child.server, start: start, stopRequest: nil,
                end: { [pid = child.pid] in kill(pid, SIGKILL) }, late: late)
            try SystemThread.start("server-life") { watcher.run() }
        } catch {
            kill(child.pid, SIGKILL)
            child.wait()
            throw .system(error)
        }
        // The server has our rights: it must not find the agent's token in our environment, nor the gateway's memory open to it.
        becomeUndumpable()
        do throws(LaunchError) {
            try child.letGo()
            try child.awaitExec()
        } catch {
            child.wait()
            throw .launch(error)
        }
        start.happened()
        started()
        let ending = BoxEnding(status: child.wait())
        Orphans.endAll()
        ended(ending)
        return ending
    }
}
