import Glibc
public import SystemPackage

/// A system call that failed: which one, and why.
public struct SyscallError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name, as its manual page has it.
    public let call: String
    public let errno: Errno
    /// The path it was about, where there is one.
    public let path: FilePath?

    public init(call: String, errno: Errno, path: FilePath? = nil) {
        self.call = call
        self.errno = errno
        self.path = path
    }

    public var description: String {
        let subject = path.map { " \($0)" } ?? ""
        return "\(call)\(subject): \(errno)"
    }
}

/// Runs a system call until it was not interrupted.
/// - Returns: What the call returned, never -1.
/// - Throws: ``SyscallError`` with the errno that the call left.
@discardableResult
public func syscall<R: FixedWidthInteger>(
    _ call: String, _ path: FilePath? = nil, _ body: () -> R
) throws(SyscallError) -> R {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = Errno(rawValue: Glibc.errno)  // read before anything else can change it
        if code != .interrupted { throw SyscallError(call: call, errno: code, path: path) }
    }
}
