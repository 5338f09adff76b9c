internal import CLinuxShims
import Glibc
public import SystemPackage

/// Calls that make names in folders that are held open, and that open the file behind a handle (O_PATH).
/// Each throws ``SyscallError`` of the call that it is named after.
public enum NameCalls {
    /// Opens the very file that the handle leads to, whatever its names lead to by now.
    /// - Parameter flags: Without O_CREAT and O_NOFOLLOW.
    public static func reopen(_ file: SharedDescriptor, flags: CInt, mode: UInt32 = 0) throws(SyscallError)
        -> SharedDescriptor
    {
        let name = name(file)
        let number = try syscall("openat") { unsafe openat(AT_FDCWD, name, flags | O_CLOEXEC, mode) }
        return SharedDescriptor(rawValue: number)
    }

    /// Makes a regular file, and opens it. EEXIST when the name is taken, by a link too.
    public static func create(_ name: FilePath, in folder: SharedDescriptor, flags: CInt, mode: UInt32)
        throws(SyscallError) -> SharedDescriptor
    {
        let flags = flags | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let number = try syscall("openat") {
            unsafe name.withPlatformString { unsafe openat(folder.rawValue, $0, flags, mode) }
        }
        return SharedDescriptor(rawValue: number)
    }

    public static func makeFolder(_ name: FilePath, in folder: SharedDescriptor, mode: UInt32) throws(SyscallError) {
        try syscall("mkdirat") { unsafe name.withPlatformString { unsafe mkdirat(folder.rawValue, $0, mode) } }
    }

    /// - Parameter mode: With the kind of file: S_IFREG, S_IFIFO or S_IFSOCK.
    public static func makeNode(_ name: FilePath, in folder: SharedDescriptor, mode: UInt32) throws(SyscallError) {
        try syscall("mknodat") { unsafe name.withPlatformString { unsafe mknodat(folder.rawValue, $0, mode, 0) } }
    }

    /// - Parameter target: What the link says; bytes, without a zero.
    public static func makeLink(_ name: FilePath, in folder: SharedDescriptor, to target: [UInt8]) throws(SyscallError)
    {
        let target = target.map { CChar(truncatingIfNeeded: $0) } + [0]
        try syscall("symlinkat") {
            unsafe name.withPlatformString { unsafe symlinkat(target, folder.rawValue, $0) }
        }
    }

    /// Gives the file behind a handle another name; a link itself where the handle is one.
    public static func link(_ file: SharedDescriptor, as name: FilePath, in folder: SharedDescriptor)
        throws(SyscallError)
    {
        let old = self.name(file)
        try syscall("linkat") {
            unsafe name.withPlatformString {
                unsafe linkat(AT_FDCWD, old, folder.rawValue, $0, AT_SYMLINK_FOLLOW)
            }
        }
    }

    public static func truncate(_ file: SharedDescriptor, length: Int64) throws(SyscallError) {
        let name = name(file)
        try syscall("truncate") { unsafe Glibc.truncate(name, Int(length)) }
    }

    /// Has an open file block again, as its opener wanted it.
    public static func makeBlocking(_ file: SharedDescriptor, flags: CInt) { _ = fcntl(file.rawValue, F_SETFL, flags) }

    private static func name(_ file: SharedDescriptor) -> String { "/proc/self/fd/\(file.rawValue)" }
}
