import Glibc
import LinuxSystem

/// Writes a command's result and a line end to standard output.
///
/// `print` drops what cannot be written, and a report that a full disk cut off would pass for a complete one.
/// - Throws: ``SyscallError`` of write(2), or of fcntl(2) when standard output is closed.
func writeOutput(_ text: String) throws(SyscallError) {
    let output = try OwnedDescriptor.copy(of: 1)
    try output.writeAll(Array(text.utf8) + [0x0A])
}
