import Glibc
import LinuxSystem

extension Supervisor {
    /// Opens the other end of the caller's own pseudo-terminal: in plain mode Landlock refuses it, since /dev/pts holds all of
    /// the user's terminals.
    func terminalPeer(_ caller: Caller) throws(SyscallError) -> Verdict {
        let master = try caller.descriptor(caller.call.int(0)), flags = caller.call.int(2)
        return .inject(
            try TerminalCalls.peer(of: master, flags: flags), closeOnExec: flags & O_CLOEXEC != 0)
    }
}
