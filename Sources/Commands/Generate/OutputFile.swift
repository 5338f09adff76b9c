import AuditTrail
import Glibc
import LinuxSystem
import SystemPackage

/// A file that a command was told to write.
enum OutputFile {
    /// The file that `--output` names; `nil` for standard output, which `-` is as well.
    static func named(_ option: String?) -> String? { option == "-" ? nil : option }

    /// Writes the whole file or leaves what was there: a manifest that was cut off would ask for less than is needed. A link
    /// is followed, and what is no regular file (a device, a pipe) takes the bytes and stays what it is.
    static func write(_ bytes: [UInt8], to name: String) throws(Refusal) {
        do throws(SyscallError) { try write(bytes, to: FilePath(name)) } catch {
            throw Refusal(
                .output, "cannot write `\(name.terminalSafe)`: \(error.errno)",
                next: "check the folder and its permissions")
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws(SyscallError) {
        let present: FileStatus?
        do throws(SyscallError) { present = try FileStatus(of: path) } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            present = nil
        }
        if let present, !present.isRegular {
            return try OwnedDescriptor.open(path, O_WRONLY).writeAll(bytes)
        }
        let target = present == nil ? path : (try? HostPaths.real(path)) ?? path
        let fresh = FilePath(target.string + ".agentbound-\(getpid())")
        do throws(SyscallError) {
            let mode = present.map { $0.mode & 0o777 } ?? 0o666
            let file = try OwnedDescriptor.open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try file.writeAll(bytes)
            try syscall("rename", target) {
                // Both names live for the call.
                unsafe fresh.withPlatformString { from in unsafe target.withPlatformString { unsafe rename(from, $0) } }
            }
        } catch {
            _ = unsafe fresh.withPlatformString { unsafe unlink($0) }
            throw error
        }
    }
}
