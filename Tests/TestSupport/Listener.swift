import Glibc
import Synchronization

/// A service outside the box that counts what reached it.
public final class Listener: Sendable {
    public enum Kind: Hashable, Sendable {
        case tcp, tcp6, udp
        /// Unix sockets; the name starts with `@` for an abstract one.
        case stream(String)
        case seqpacket(String)
        case datagram(String)
    }

    /// The port of a TCP or UDP listener, else 0.
    public let port: UInt16
    private let descriptor: CInt
    private let count = Mutex(0)
    private let stopping = Atomic(false)
    private let stopped = Atomic(false)
    private let connected: Bool

    public struct Failure: Error { public let call: String, code: CInt }

    /// - Parameter wanted: The port of a TCP listener; 0 for one that the kernel picks.
    public init(_ kind: Kind, port wanted: UInt16 = 0) throws {
        let stream = CInt(SOCK_STREAM.rawValue)
        let datagram = CInt(SOCK_DGRAM.rawValue)
        let sequence = CInt(SOCK_SEQPACKET.rawValue)
        let (family, type): (CInt, CInt) =
            switch kind {
            case .tcp: (AF_INET, stream)
            case .tcp6: (AF_INET6, stream)
            case .udp: (AF_INET, datagram)
            case .stream: (AF_UNIX, stream)
            case .seqpacket: (AF_UNIX, sequence)
            case .datagram: (AF_UNIX, datagram)
            }
        let opened = socket(family, type | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { throw Failure(call: "socket", code: errno) }
        var address = Self.address(of: kind)
        if wanted != 0 { (address[2], address[3]) = (UInt8(wanted >> 8), UInt8(wanted & 0xff)) }
        // The array is the whole address, so its bytes may stand for a sockaddr.
        let bound = unsafe address.withUnsafeMutableBytes { bytes in
            unsafe bind(opened, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard bound == 0 else { throw Failure(call: "bind", code: errno) }
        connected = type != datagram
        if connected, listen(opened, 1024) != 0 { throw Failure(call: "listen", code: errno) }
        switch kind {
        case .stream(let path) where !path.hasPrefix("@"), .seqpacket(let path), .datagram(let path):
            _ = unsafe chmod(path, 0o777)
        default: break
        }
        var size = socklen_t(address.count)
        _ = unsafe address.withUnsafeMutableBytes { bytes in
            unsafe getsockname(opened, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size)
        }
        port = family == AF_UNIX ? 0 : UInt16(address[2]) << 8 | UInt16(address[3])
        descriptor = opened
        try start()
    }

    /// How many connections or datagrams arrived so far.
    public var reached: Int { count.withLock { $0 } }

    public func stop() { stopping.store(true, ordering: .relaxed) }

    /// A TCP port that nobody listened on a moment ago.
    public static func freePort() throws -> UInt16 {
        let listener = try Listener(.tcp)
        listener.stop()
        _ = eventually { listener.stopped.load(ordering: .acquiring) }
        return listener.port
    }

    private func start() throws {
        // A plain thread: it blocks in the kernel. It holds the listener alive until stop().
        let body = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { raw in
                // The pointer is the listener retained above, and this releases it once.
                let listener = unsafe Unmanaged<Listener>.fromOpaque(raw!).takeRetainedValue()
                listener.receive()
                return nil
            }, body)
        guard result == 0 else { throw Failure(call: "pthread_create", code: result) }
        pthread_detach(thread)
    }

    private func receive() {
        while !stopping.load(ordering: .relaxed) {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&ready, 1, 20) > 0 else { continue }
            var byte: UInt8 = 0
            let got = unsafe connected ? Int(accept(descriptor, nil, nil)) : recv(descriptor, &byte, 1, 0)
            if got < 0 { continue }
            count.withLock { $0 += 1 }
            if connected { close(CInt(got)) }
        }
        close(descriptor)
        stopped.store(true, ordering: .releasing)
    }

    /// The bytes of a loopback sockaddr with port 0, or of a sockaddr_un, on a little-endian machine.
    private static func address(of kind: Kind) -> [UInt8] {
        func family(_ value: CInt) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }
        switch kind {
        case .tcp, .udp: return family(AF_INET) + [0, 0, 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
        case .tcp6: return family(AF_INET6) + [UInt8](repeating: 0, count: 21) + [1] + [UInt8](repeating: 0, count: 4)
        case .stream(let name), .seqpacket(let name), .datagram(let name):
            let abstract = name.hasPrefix("@")
            return family(AF_UNIX) + (abstract ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8) + [0])
        }
    }
}
