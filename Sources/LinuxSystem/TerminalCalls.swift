internal import CLinuxShims
internal import Glibc
internal import SystemPackage

public enum TerminalCalls {
    /// Opens the other end of a pseudo-terminal, close-on-exec and without winning it as one's own terminal.
    /// - Throws: ``SyscallError`` of ioctl(2): ENOTTY for any other file. ioctl_tty(2), TIOCGPTPEER
    public static func peer(of master: borrowing OwnedDescriptor, flags: CInt) throws(SyscallError) -> SharedDescriptor
    {
        let number = master.rawValue
        return SharedDescriptor(
            rawValue: try syscall("ioctl") { ab_terminal_peer(number, flags | O_NOCTTY | O_CLOEXEC) })
    }
}
