import Glibc
public import SystemPackage

/// A file descriptor with one owner: it is closed once, when that owner goes away.
public struct OwnedDescriptor: ~Copyable, Sendable {
    public let rawValue: CInt

    public init(rawValue: CInt) { self.rawValue = rawValue }

    deinit {
        if close(rawValue) == -1 { precondition(Glibc.errno != EBADF, "closed a descriptor we did not own") }
    }

    /// A copy of a descriptor that somebody else owns: close-on-exec, and none of the standard three. fcntl(2), F_DUPFD_CLOEXEC
    /// - Throws: ``SyscallError`` of fcntl(2): EBADF when it is not open.
    public static func copy(of number: CInt) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(rawValue: try syscall("fcntl") { fcntl(number, F_DUPFD_CLOEXEC, 3) })
    }

    /// Hands the number over to somebody who will close it.
    public consuming func release() -> CInt {
        let number = rawValue
        discard self
        return number
    }

    /// Opens `path`, close-on-exec.
    /// - Throws: ``SyscallError`` of open(2).
    public static func open(_ path: FilePath, _ flags: CInt, mode: UInt32 = 0o600) throws(SyscallError)
        -> OwnedDescriptor
    {
        let number = try syscall("open", path) {
            unsafe path.withPlatformString { unsafe Glibc.open($0, flags | O_CLOEXEC, mode) }
        }
        return OwnedDescriptor(rawValue: number)
    }
}

/// A descriptor that several parts hold; closed when the last one lets go.
public final class SharedDescriptor: Sendable {
    private let owned: OwnedDescriptor
    public var rawValue: CInt { owned.rawValue }

    public init(_ owned: consuming OwnedDescriptor) { self.owned = owned }

    /// Takes over the number `rawValue`.
    public convenience init(rawValue: CInt) { self.init(OwnedDescriptor(rawValue: rawValue)) }

    /// Another number for the same open file, close-on-exec, which the caller owns. fcntl(2), F_DUPFD_CLOEXEC
    public func duplicate() throws(SyscallError) -> CInt { try OwnedDescriptor.copy(of: rawValue).release() }

    /// See ``OwnedDescriptor/writeAll(_:)``.
    public func writeAll(_ bytes: [UInt8]) throws(SyscallError) { try owned.writeAll(bytes) }
}
