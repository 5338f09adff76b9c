import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// One socket of the stub. No call on it ever blocks. The one place where names meet system calls.
final class NameSocket {
    private let descriptor: OwnedDescriptor

    var number: CInt { descriptor.rawValue }

    enum Kind { case datagram, stream }

    /// Takes over a socket, whoever made it.
    /// - Throws: ``SyscallError`` of fcntl(2).
    init(adopting descriptor: consuming OwnedDescriptor) throws(SyscallError) {
        let number = descriptor.rawValue
        let flags = try syscall("fcntl") { fcntl(number, F_GETFL) }
        try syscall("fcntl") { fcntl(number, F_SETFL, flags | O_NONBLOCK) }
        try syscall("fcntl") { fcntl(number, F_SETFD, FD_CLOEXEC) }
        self.descriptor = descriptor
    }

    private convenience init(_ kind: Kind, like endpoint: Endpoint) throws(SyscallError) {
        let type = kind == .datagram ? SOCK_DGRAM : SOCK_STREAM
        let number = try syscall("socket") { socket(endpoint.family, CInt(type.rawValue | SOCK_CLOEXEC.rawValue), 0) }
        try self.init(adopting: OwnedDescriptor(rawValue: number))
    }

    /// A socket that only hears from `endpoint`. The kernel picks its port at random.
    /// - Throws: ``SyscallError``; not for a stream's connection that is under way.
    convenience init(_ kind: Kind, connectedTo endpoint: Endpoint) throws(SyscallError) {
        try self.init(kind, like: endpoint)
        let number = self.number
        _ = try unless(.nowInProgress) { () throws(SyscallError) in
            // The address is lent for the length of the call; the same holds wherever one is lent or read below.
            try unsafe endpoint.withAddress { address, length throws(SyscallError) in
                try syscall("connect") { unsafe connect(number, address, length) }
            }
        }
    }

    /// A socket that is bound to `endpoint` (port 0: the kernel picks) and, for a stream, listens.
    convenience init(_ kind: Kind, boundTo endpoint: Endpoint) throws(SyscallError) {
        try self.init(kind, like: endpoint)
        let number = self.number
        _ = try unsafe endpoint.withAddress { address, length throws(SyscallError) in
            try syscall("bind") { unsafe bind(number, address, length) }
        }
        if kind == .stream { try syscall("listen") { listen(number, 32) } }
    }

    /// The local address and port.
    func localEndpoint() throws(SyscallError) -> Endpoint? {
        let number = self.number
        return try unsafe Endpoint.read { address, length throws(SyscallError) in
            try syscall("getsockname") { unsafe getsockname(number, address, length) }
        }.1
    }

    /// A waiting datagram.
    /// - Returns: Its bytes, cut at `limit`, and its sender; `nil` when none waits.
    func receive(limit: Int) throws(SyscallError) -> (bytes: [UInt8], from: Endpoint?)? {
        var buffer = [UInt8](repeating: 0, count: limit)
        let number = self.number
        let received = try unless(.wouldBlock) { () throws(SyscallError) in
            try unsafe Endpoint.read { address, length throws(SyscallError) in
                try syscall("recvfrom") {
                    // The buffer is ours for the length of the call.
                    unsafe buffer.withUnsafeMutableBytes {
                        unsafe recvfrom(number, $0.baseAddress, limit, CInt(MSG_DONTWAIT), address, length)
                    }
                }
            }
        }
        return received.map { (Array(buffer.prefix($0.0)), $0.1) }
    }

    /// Bytes of a stream.
    /// - Returns: Empty at its end, `nil` when none wait.
    func read(limit: Int) throws(SyscallError) -> [UInt8]? {
        try receive(limit: limit)?.bytes
    }

    /// Sends as much as goes without waiting.
    /// - Returns: How many bytes went: all of a datagram or none.
    func send(_ bytes: some Collection<UInt8>, to endpoint: Endpoint? = nil) throws(SyscallError) -> Int {
        let bytes = Array(bytes)
        let number = self.number
        let flags = CInt(MSG_DONTWAIT | MSG_NOSIGNAL)
        let sent = try unless(.wouldBlock) { () throws(SyscallError) in
            guard let endpoint else {
                // The array is not changed during the call; the same holds below.
                return try syscall("send") {
                    unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, flags) }
                }
            }
            return try unsafe endpoint.withAddress { address, length throws(SyscallError) in
                try syscall("sendto") {
                    unsafe bytes.withUnsafeBytes {
                        unsafe sendto(number, $0.baseAddress, $0.count, flags, address, length)
                    }
                }
            }
        }
        return sent ?? 0
    }

    /// The next client of a listening socket, or `nil` when none waits.
    func accept() throws(SyscallError) -> NameSocket? {
        let number = self.number
        let client = try unless(.wouldBlock, .connectionAbort) { () throws(SyscallError) in
            try syscall("accept") { Glibc.accept(number, nil, nil) }
        }
        guard let client else { return nil }
        return try NameSocket(adopting: OwnedDescriptor(rawValue: client))
    }
}

/// Runs `body`; failures that are none are `nil`.
private func unless<R>(
    _ expected: Errno..., body: () throws(SyscallError) -> R
) throws(SyscallError) -> R? {
    do throws(SyscallError) {
        return try body()
    } catch {
        if expected.contains(error.errno) { return nil }
        throw error
    }
}

extension Endpoint {
    fileprivate var family: CInt {
        switch address {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    /// Lends the endpoint as the kernel takes it.
    fileprivate func withAddress<R>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SyscallError) -> R
    ) throws(SyscallError) -> R {
        switch address {
        case .v4(let number):
            var raw = sockaddr_in()
            raw.sin_family = sa_family_t(AF_INET)
            raw.sin_port = port.bigEndian
            raw.sin_addr.s_addr = number.bigEndian
            return try unsafe Self.lend(&raw, body)
        case .v6(let high, let low):
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            raw.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &raw.sin6_addr) {
                unsafe $0.storeBytes(of: high.bigEndian, as: UInt64.self)
                unsafe $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return try unsafe Self.lend(&raw, body)
        }
    }

    /// Every socket address begins as a `sockaddr`, and the pointer stays inside `body`.
    private static func lend<Raw, R>(
        _ raw: inout Raw, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SyscallError) -> R
    ) throws(SyscallError) -> R {
        let pointer = UnsafeMutablePointer<Raw>.allocate(capacity: 1)
        unsafe pointer.initialize(to: raw)
        defer { unsafe pointer.deallocate() }
        return try unsafe body(
            UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self), socklen_t(MemoryLayout<Raw>.size))
    }

    /// Lets a call fill in an address.
    /// - Returns: What the call returned, and the endpoint; `nil` when it is none of IPv4 or IPv6.
    fileprivate static func read<R>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) throws(SyscallError) -> R
    ) throws(SyscallError) -> (R, Endpoint?) {
        // Large and aligned enough for any family, and freed when the values have been copied out.
        let size = MemoryLayout<sockaddr_storage>.size
        let raw = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        defer { unsafe raw.deallocate() }
        unsafe raw.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        var length = socklen_t(size)
        let result = try unsafe body(raw.assumingMemoryBound(to: sockaddr.self), &length)
        switch CInt(unsafe raw.load(as: sa_family_t.self)) {
        case AF_INET:
            let address = unsafe raw.load(as: sockaddr_in.self)
            return (
                result,
                Endpoint(
                    address: .v4(UInt32(bigEndian: address.sin_addr.s_addr)), port: UInt16(bigEndian: address.sin_port))
            )
        case AF_INET6:
            let port = unsafe raw.load(fromByteOffset: 2, as: UInt16.self)  // behind the family: struct sockaddr_in6
            let high = unsafe raw.load(fromByteOffset: 8, as: UInt64.self)  // behind port and flow label
            let low = unsafe raw.load(fromByteOffset: 16, as: UInt64.self)
            return (
                result,
                Endpoint(address: .v6(UInt64(bigEndian: high), UInt64(bigEndian: low)), port: UInt16(bigEndian: port))
            )
        default: return (result, nil)
        }
    }
}
