import LinuxSystem
import PolicyEngine
import SystemPackage

// What the box serves itself it may also connect to. A port or a path alone says little about that: both may be somebody
// else's by the time of the connect. The socket decides.

/// The TCP sockets that the box has bound.
struct OwnPorts: Sendable {
    /// By the socket's own number.
    private var bound: [UInt64: Endpoint] = [:]
    private static let most = 4_096

    /// - Returns: Whether there was room. Without it the box cannot connect to the port.
    @discardableResult
    mutating func insert(_ socket: UInt64, at endpoint: Endpoint, listening: () -> [ListeningSocket]?) -> Bool {
        if bound.count >= Self.most, let listening = listening() {
            let alive = Set(listening.map(\.inode))
            bound = bound.filter { alive.contains($0.key) }
        }
        guard bound.count < Self.most else { return false }
        bound[socket] = endpoint
        return true
    }

    func contains(_ socket: UInt64) -> Bool { bound[socket] != nil }

    enum Reach: Hashable { case own, nobody, others }

    /// Who would take a connection to the endpoint.
    /// - Parameter listening: Every socket of this network that listens; asked for only where the box bound such a port.
    func reach(_ endpoint: Endpoint, listening: () -> [ListeningSocket]?) -> Reach {
        guard bound.values.contains(where: { $0.takes(endpoint) }), let listening = listening() else { return .others }
        let there = listening.filter { $0.port == endpoint.port }.map { (Endpoint($0), $0.inode) }
        // The kernel prefers a socket that is bound to the very address.
        let exact = there.filter { $0.0.address.canonical == endpoint.address.canonical }
        let takers = exact.isEmpty ? there.filter { $0.0.takes(endpoint) } : exact
        if takers.isEmpty { return .nobody }
        return takers.allSatisfy { contains($0.1) } ? .own : .others
    }
}

extension Endpoint {
    fileprivate init(_ socket: ListeningSocket) {
        func word(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let address = socket.address
        self.init(
            address: address.count == 4
                ? .v4(UInt32(word(address))) : .v6(word(address.prefix(8)), word(address.suffix(8))),
            port: socket.port)
    }

    /// Whether a socket bound here may take connections to the other: bound to that very address, or to all.
    fileprivate func takes(_ other: Endpoint) -> Bool {
        let own = address.canonical
        return port == other.port && (own == other.address.canonical || own == .v4(0) || own == .v6(0, 0))
    }
}

/// The unix sockets that the box has bound: each is held open, so that its number in the file system is no other file's.
struct OwnSockets: Sendable {
    private var held: [FileIdentity: SharedDescriptor] = [:]
    /// By the name that getsockname(2) tells, which is the one that the supervisor bound it by. Programs hand that on as the
    /// address to connect to, and in the box it leads nowhere.
    private var told: [FilePath: FileIdentity] = [:]
    private static let most = 256

    func contains(_ file: FileIdentity) -> Bool { held[file] != nil }

    func told(as name: FilePath) -> SharedDescriptor? { told[name].flatMap { held[$0] } }

    /// - Returns: Whether there was room. Without it the box cannot connect to the socket.
    @discardableResult
    mutating func insert(_ file: SharedDescriptor, _ identity: FileIdentity, toldAs name: FilePath) -> Bool {
        if held.count >= Self.most {
            // Nothing leads to a socket without a name.
            held = held.filter { ((try? FileStatus(of: $0.value))?.links ?? 0) > 0 }
            told = told.filter { held[$0.value] != nil }
        }
        guard held.count < Self.most else { return false }
        held[identity] = file
        told[name] = identity
        return true
    }
}
