internal import CLinuxShims
internal import Glibc
public import SystemPackage

/// The socket calls that the supervisor makes on a caller's behalf. Addresses are bytes as the kernel has them.
public enum SocketCalls {
    /// `connect(2)`, once: EINTR is an answer here, since it is how a worker is called off.
    public static func connect(_ socket: CInt, to address: [UInt8]) -> Errno? {
        outcome(unsafe withAddress(address) { unsafe Glibc.connect(socket, $0, $1) })
    }

    public static func bind(_ socket: CInt, to address: [UInt8]) -> Errno? {
        outcome(unsafe withAddress(address) { unsafe Glibc.bind(socket, $0, $1) })
    }

    public static func listen(_ socket: CInt, backlog: CInt) -> Errno? { outcome(Glibc.listen(socket, backlog)) }

    /// The socket's own address. getsockname(2)
    public static func localAddress(of socket: CInt) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 128), length = socklen_t(128)
        let result = unsafe bytes.withUnsafeMutableBytes {
            // The kernel writes at most `length` bytes.
            unsafe getsockname(socket, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return result == 0 ? Array(bytes[..<Int(min(length, 128))]) : nil
    }

    /// Family, type and protocol; `nil` when the descriptor is no socket.
    public static func kind(of socket: CInt) -> SocketKind? {
        guard let family = option(socket, SO_DOMAIN), let type = option(socket, SO_TYPE),
            let proto = option(socket, SO_PROTOCOL)
        else { return nil }
        return SocketKind(family: family, type: type, proto: proto)
    }

    public static func isNonBlocking(_ descriptor: CInt) -> Bool {
        let flags = ab_status_flags(descriptor)
        return flags != -1 && flags & O_NONBLOCK != 0
    }

    /// Makes a socket in the launcher's own network. socket(2)
    public static func create(family: CInt, type: CInt, proto: CInt) throws(SyscallError) -> OwnedDescriptor {
        OwnedDescriptor(rawValue: try syscall("socket") { socket(family, type | CInt(SOCK_CLOEXEC.rawValue), proto) })
    }

    /// Sends one message made of copies. sendmsg(2)
    /// - Parameters:
    ///   - address: Where to, or empty for a connected socket.
    ///   - passing: Descriptors to pass along (SCM_RIGHTS).
    /// - Returns: How many bytes were taken.
    public static func send(
        _ socket: CInt, _ data: [UInt8], to address: [UInt8], flags: CInt, passing descriptors: [CInt] = []
    ) -> Result<Int, Errno> {
        var address = address, data = data, descriptors = descriptors
        let sent = unsafe ab_send(
            socket, &data, data.count, &address, UInt32(address.count), flags, &descriptors, Int32(descriptors.count))
        return sent >= 0 ? .success(sent) : .failure(Errno(rawValue: Glibc.errno))
    }

    private static func option(_ socket: CInt, _ name: CInt) -> CInt? {
        var value: CInt = 0, length = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(socket, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    private static func outcome(_ result: CInt) -> Errno? { result == 0 ? nil : Errno(rawValue: Glibc.errno) }

    private static func withAddress(_ bytes: [UInt8], _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        // The kernel copies the address during the call; sockaddr is only its header.
        unsafe bytes.withUnsafeBytes { raw in
            unsafe body(raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }
}

/// What a socket is: AF_*, SOCK_*, IPPROTO_*.
public struct SocketKind: Hashable, Sendable {
    public let family: CInt
    public let type: CInt
    public let proto: CInt

    public static let unixFamily: CInt = 1
    public static let inetFamily: CInt = 2
    public static let inet6Family: CInt = 10
    public static let netlinkFamily: CInt = 16

    public init(family: CInt, type: CInt, proto: CInt) {
        self.family = family
        self.type = type
        self.proto = proto
    }

    public var isInternet: Bool { family == Self.inetFamily || family == Self.inet6Family }
    public var isStream: Bool { type == 1 }
    public var isDatagram: Bool { type == 2 }
}
