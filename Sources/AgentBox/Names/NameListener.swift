public import LinuxSystem
public import PolicyEngine
import SystemPackage

/// Where the box asks: a UDP socket and a listening TCP socket on the same address and port.
/// They must be bound to one address, not to all: resolvers check which address an answer comes from.
public final class NameListener {
    /// Where both are bound.
    public let endpoint: Endpoint
    let udp: NameSocket
    let tcp: NameSocket
    /// Neither socket is looked at before: set when one of them fails, so that a lasting failure does not keep the loop
    /// busy.
    var pausedUntil: Duration?

    /// Takes over two bound sockets, made here or fetched from the box's own network namespace.
    /// - Throws: ``SyscallError``, with EAFNOSUPPORT when the first is no internet socket.
    public init(udp: consuming OwnedDescriptor, tcp: consuming OwnedDescriptor) throws(SyscallError) {
        self.udp = try NameSocket(adopting: udp)
        self.tcp = try NameSocket(adopting: tcp)
        guard let endpoint = try self.udp.localEndpoint() else {
            throw SyscallError(call: "getsockname", errno: .addressFamilyNotSupported)
        }
        self.endpoint = endpoint
    }

    private init(udp: NameSocket, tcp: NameSocket, endpoint: Endpoint) {
        (self.udp, self.tcp, self.endpoint) = (udp, tcp, endpoint)
    }

    /// Makes both sockets on 127.0.0.1, on a port that is free for both.
    /// - Throws: ``SyscallError`` of socket(2), bind(2) or listen(2).
    static func loopback() throws(SyscallError) -> NameListener {
        let anyPort = Endpoint(address: .v4(0x7F00_0001), port: 0)
        for _ in 0..<16 {
            let tcp = try NameSocket(.stream, boundTo: anyPort)
            guard let endpoint = try tcp.localEndpoint() else { break }
            // Another program may hold the UDP port of that number; then another number is tried.
            do throws(SyscallError) {
                return NameListener(udp: try NameSocket(.datagram, boundTo: endpoint), tcp: tcp, endpoint: endpoint)
            } catch {
                if error.errno != .addressInUse { throw error }
            }
        }
        throw SyscallError(call: "bind", errno: .addressInUse)
    }
}
