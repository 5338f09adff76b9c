import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import Synchronization
import SystemPackage

// connect, bind, listen and socket: decided on a copy of the address, made on a copy of the descriptor.
extension Supervisor {
    // MARK: connect

    func connect(_ caller: Caller) throws(SyscallError) -> Step {
        let call = caller.call
        let bytes = try caller.address(at: call.arguments[1], length: call.int(2))
        let file = SharedDescriptor(try caller.descriptor(call.int(0)))
        guard let kind = SocketCalls.kind(of: file.rawValue) else {
            throw SyscallError(call: "connect", errno: .notSocket)
        }
        // Too short to name even a family.
        if bytes.count < 2 { throw SyscallError(call: "connect", errno: .invalidArgument) }
        switch SocketAddress(bytes) {
        case .unspecified:  // takes the peer away again; what comes next is judged anew
            return .now(.outcome(SocketCalls.connect(file.rawValue, to: bytes)))
        case .internet(let endpoint) where kind.isInternet:
            // An IPv6 address has no form on an IPv4 socket: written there it would become 0.0.0.0, which is loopback.
            guard kind.takes(endpoint.address) else {
                throw SyscallError(call: "connect", errno: .addressFamilyNotSupported)
            }
            return kind.isStream
                ? connectStream(file, kind, endpoint) : .now(connectDatagram(file, kind, endpoint, bytes))
        case .path(let path) where kind.family == SocketKind.unixFamily:
            return try connectLocal(caller, file, path)
        case .netlink where kind.family == SocketKind.netlinkFamily:
            return .now(.outcome(SocketCalls.connect(file.rawValue, to: bytes)))
        case .abstract:
            // Clients of X11 try this name first, and the path next when nobody listens.
            if bytes.dropFirst(2).starts(with: Self.abstractDisplay), hasX11 { return .now(.deny(.connectionRefused)) }
            return .now(
                deny(.networkClient, "connect", "abstract socket", "no permission grants abstract sockets", flag: nil))
        case .other where plan.granted.granted.contains(.bluetooth):
            return .now(.outcome(SocketCalls.connect(file.rawValue, to: bytes)))
        default:
            throw SyscallError(call: "connect", errno: .addressFamilyNotSupported)
        }
    }

    private func connectStream(_ file: SharedDescriptor, _ kind: SocketKind, _ endpoint: Endpoint) -> Step {
        // A caller that asks for the name server by TCP means the stub.
        if let stub, endpoint.port == 53, endpoint.isLoopback {
            return make(file, SocketAddress.bytes(stub, family: kind.family))
        }
        let subject = describe(endpoint)
        if endpoint.isLoopback {
            switch reach(endpoint) {
            case .own:
                guard allow(.networkClient, "connect", subject, "a port of the box itself") else {
                    return .now(.deny(.ioError))
                }
                // A worker may come to it late, when the port is another's.
                return make(file, SocketAddress.bytes(endpoint, family: kind.family)) { [self] in
                    reach(endpoint) == .own
                }
            case .nobody: return .now(.deny(.connectionRefused))
            case .others: break
            }
        }
        guard plan.granted.granted.contains(.networkClient) else {
            return .now(deny(.networkClient, "connect", subject, "not in the manifest", flag: nil))
        }
        let known = names.names(for: endpoint.address.canonical)
        switch plan.granted.hosts.decide(endpoint.address, port: endpoint.port, names: known) {
        case .allowed(let rule):
            guard allow(.networkClient, "connect", subject, rule) else { return .now(.deny(.ioError)) }
            return make(file, SocketAddress.bytes(endpoint, family: kind.family))
        case .denied(let reason):
            let host = known.min().map { "\($0):\(endpoint.port)" } ?? subject
            // A name never opens an address of this machine or its network: that one has to be granted itself.
            let needed = endpoint.address.isPublic ? host : subject
            // What the operator closed, no flag opens.
            let isClosed = plan.granted.hosts.closing(endpoint.address, port: endpoint.port, names: known) != nil
            return .now(
                deny(.networkClient, "connect", host, reason, flag: isClosed ? nil : "--allow-host \(needed)"))
        }
    }

    /// A blocking socket may wait for its peer; one that does not block is connected at once.
    private func make(
        _ file: SharedDescriptor, _ address: [UInt8], if still: @escaping @Sendable () -> Bool = { true }
    ) -> Step {
        if SocketCalls.isNonBlocking(file.rawValue) {
            return .now(.outcome(SocketCalls.connect(file.rawValue, to: address)))
        }
        return .later {
            still() ? .outcome(SocketCalls.connect(file.rawValue, to: address)) : .deny(.connectionRefused)
        }
    }

    private func reach(_ endpoint: Endpoint) -> OwnPorts.Reach {
        state.withLock { $0.ownPorts }.reach(endpoint, listening: ListeningSocket.all)
    }

    /// Datagrams reach the name stub and nothing else.
    private func connectDatagram(_ file: SharedDescriptor, _ kind: SocketKind, _ endpoint: Endpoint, _ bytes: [UInt8])
        -> Verdict
    {
        // In a network of its own the socket's world is empty but for the stub.
        let ownNetwork = plan.child.namespaces & CLONE_NEWNET != 0
        if endpoint.port == 53, endpoint.isLoopback {
            if ownNetwork, plan.child.stubSockets { return .outcome(SocketCalls.connect(file.rawValue, to: bytes)) }
            if let stub {
                return .outcome(SocketCalls.connect(file.rawValue, to: SocketAddress.bytes(stub, family: kind.family)))
            }
            return deny(.networkClient, "connect", "name server", "not in the manifest", flag: nil)
        }
        if ownNetwork, endpoint.isLoopback { return .outcome(SocketCalls.connect(file.rawValue, to: bytes)) }
        // C libraries connect a datagram socket to each address only to learn which source address it would have.
        let known = names.names(for: endpoint.address.canonical)
        if case .allowed = plan.granted.hosts.decide(endpoint.address, port: 0, names: known) {
            return .deny(.networkUnreachable)
        }
        if endpoint.port == 0 || !known.isEmpty { return .deny(.networkUnreachable) }
        return deny(
            .networkClient, "connect", "udp \(describe(endpoint))", "datagrams reach only the box's name stub",
            flag: nil)
    }

    // MARK: unix sockets

    private func connectLocal(_ caller: Caller, _ file: SharedDescriptor, _ path: FilePath) throws(SyscallError) -> Step
    {
        let own = state.withLock { $0.ownSockets.told(as: path) }
        let target: SharedDescriptor
        if let own {
            target = own
        } else {
            do throws(SyscallError) { target = SharedDescriptor(try caller.open(path)) } catch {
                if error.errno == .noSuchFileOrDirectory { reportHidden(caller, path) }
                throw error
            }
        }
        let status = try FileStatus(of: target)
        guard status.isSocket else { throw SyscallError(call: "connect", errno: .connectionRefused) }
        let real = FolderCalls.path(of: target) ?? path
        let isOwn = state.withLock { $0.ownSockets.contains(status.identity) }
        let reason = isOwn ? nil : reach(real)
        if !isOwn, reason == nil { return .now(denyLocal(real)) }
        guard caller.isWaiting else { return .now(.deny(.noSuchProcess)) }
        if let reason, !allow(reason.permission, "connect", real.string, reason.why) { return .now(.deny(.ioError)) }
        // The handle is the very socket that was looked at, whatever the name leads to by now.
        let address = SocketAddress.bytes(path: "/proc/self/fd/\(target.rawValue)")
        if SocketCalls.isNonBlocking(file.rawValue) {
            return .now(.outcome(SocketCalls.connect(file.rawValue, to: address)))
        }
        return .later { withExtendedLifetime(target) { .outcome(SocketCalls.connect(file.rawValue, to: address)) } }
    }

    /// A socket that the box's root leaves out is not there for the caller, whoever reads the record is told that it is outside.
    /// Only what the kernel has at hand is looked at: on the host a path of the server's choice could mount something.
    private func reportHidden(_ caller: Caller, _ path: FilePath) {
        // What is below /proc is each process's own.
        guard plan.isolation == .namespaces, let named = try? caller.absolute(path, from: AT_FDCWD),
            !named.starts(with: "/proc"), caller.isWaiting, let file = FolderCalls.known(named),
            (try? FileStatus(of: file))?.isSocket == true, let real = FolderCalls.path(of: file), reach(real) == nil
        else { return }
        _ = denyLocal(real)
    }

    /// What brings a unix socket of somebody else into reach.
    private func reach(_ socket: FilePath) -> (permission: Permission, why: String)? {
        let granted = plan.granted
        if let service = granted.services.first(where: { $0.socket == socket })?.service,
            let permission = service.permissions.first(where: granted.granted.contains)
        {
            return (permission, service.rawValue)
        }
        let isListed = granted.granted.contains(.networkClient) && granted.sockets.contains(socket)
        return isListed ? (.networkClient, "allowedSockets") : nil
    }

    private func denyLocal(_ socket: FilePath) -> Verdict {
        // A bare socket is more than the permission that has to do with it: no flag for that one.
        if let service = SessionService(socket: socket) {
            let permissions = service.permissions.map(\.shortName).joined(separator: ", ")
            return deny(service.permissions[0], "connect", socket.string, "a service of \(permissions)", flag: nil)
        }
        let declared = plan.granted.granted.contains(.networkClient)
        return deny(
            .networkClient, "connect", socket.string, declared ? "not in allowedSockets" : "not in the manifest",
            flag: declared ? WrittenPath.flag("--allow-socket", socket) : nil)
    }

    private var hasX11: Bool { plan.granted.services.contains { $0.service == .x11 } }
    private static let abstractDisplay = [0] + Array("/tmp/.X11-unix/X".utf8)

    private func bindLocal(_ caller: Caller, _ file: SharedDescriptor, _ path: FilePath) throws(SyscallError) -> Verdict
    {
        let place = try caller.openParent(CallerPath(bytes: Array(path.string.utf8)), from: AT_FDCWD)
        guard mayWrite(place.path) else {
            let declared = plan.granted.granted.contains(.filesystemWrite)
            return deny(
                .filesystemWrite, "bind", place.path.string, declared ? "not in writePaths" : "not in the manifest",
                flag: declared ? WrittenPath.flag("--write-path", place.path.parent) : nil)
        }
        let mask = try ProcessStatus(of: caller.thread).umask
        guard caller.isWaiting else { return .deny(.noSuchProcess) }
        let address = SocketAddress.bytes(path: "/proc/self/fd/\(place.folder.rawValue)/\(place.name)")
        guard address.count <= 110 else { return .deny(.fileNameTooLong) }
        let before = umask(mask)  // this thread's own
        defer { umask(before) }
        let moment = FileStatus.birthOfNow()
        if let failure = SocketCalls.bind(file.rawValue, to: address) { return .deny(failure) }
        remember(place, since: moment)
        return .value(0)
    }

    /// Notes a unix socket that was just bound. Where the box may delete, another thread can have put somebody else's socket
    /// in its place: that one is older.
    private func remember(_ place: Caller.Place, since moment: Int64) {
        let name = FilePath("/proc/self/fd/\(place.folder.rawValue)").appending(place.name.components)
        guard let opened = try? OwnedDescriptor.open(name, O_PATH | O_NOFOLLOW) else { return }
        let held = SharedDescriptor(opened)
        guard let status = try? FileStatus(of: held), status.isSocket, status.birth ?? moment >= moment else { return }
        state.withLock { _ = $0.ownSockets.insert(held, status.identity, toldAs: name) }
    }

    // MARK: bind and listen

    func bind(_ caller: Caller) throws(SyscallError) -> Verdict {
        let call = caller.call
        let bytes = try caller.address(at: call.arguments[1], length: call.int(2))
        let file = SharedDescriptor(try caller.descriptor(call.int(0)))
        guard let kind = SocketCalls.kind(of: file.rawValue) else {
            throw SyscallError(call: "bind", errno: .notSocket)
        }
        switch SocketAddress(bytes) {
        case .internet(let endpoint) where kind.isInternet:
            if kind.isDatagram {
                let ownNetwork = plan.child.namespaces & CLONE_NEWNET != 0
                if ownNetwork || endpoint.port == 0 { return .outcome(SocketCalls.bind(file.rawValue, to: bytes)) }
                return denyListening("bind", "udp \(describe(endpoint))", flag: nil)
            }
            guard mayListen(endpoint) else {
                return denyListening("bind", describe(endpoint), flag: "--listen-port \(endpoint.port)")
            }
            guard allow(.networkServer, "bind", describe(endpoint), "listenPorts") else { return .deny(.ioError) }
            if let failure = SocketCalls.bind(file.rawValue, to: bytes) { return .deny(failure) }
            remember(file)
            return .value(0)
        case .path(let path) where kind.family == SocketKind.unixFamily:
            return try bindLocal(caller, file, path)
        case .abstract:
            return denyListening("bind", "abstract socket", flag: nil)
        case .netlink where kind.family == SocketKind.netlinkFamily:
            return .outcome(SocketCalls.bind(file.rawValue, to: bytes))
        case .other where plan.granted.granted.contains(.bluetooth):
            return .outcome(SocketCalls.bind(file.rawValue, to: bytes))
        default:
            throw SyscallError(call: "bind", errno: .invalidArgument)
        }
    }

    /// listen(2) on a socket without a port would let the kernel choose one, with no bind to judge.
    func listen(_ caller: Caller) throws(SyscallError) -> Verdict {
        let file = SharedDescriptor(try caller.descriptor(caller.call.int(0)))
        guard let kind = SocketCalls.kind(of: file.rawValue) else {
            throw SyscallError(call: "listen", errno: .notSocket)
        }
        if kind.isInternet {
            guard
                case .internet(let endpoint)? = SocketCalls.localAddress(of: file.rawValue).map({ SocketAddress($0) }),
                endpoint.port != 0, mayListen(endpoint) || wasBound(file)
            else { return denyListening("listen", "tcp, not bound to a port", flag: nil) }
        }
        return .outcome(SocketCalls.listen(file.rawValue, backlog: caller.call.int(1)))
    }

    private func mayListen(_ endpoint: Endpoint) -> Bool {
        plan.granted.granted.contains(.networkServer)
            && plan.granted.mayListen(on: endpoint.address, port: endpoint.port, isEphemeral: endpoint.port == 0)
    }

    private func denyListening(_ act: String, _ subject: String, flag: String?) -> Verdict {
        let declared = plan.granted.granted.contains(.networkServer)
        return deny(
            .networkServer, act, subject, declared ? "not in listenPorts" : "not in the manifest",
            flag: declared ? flag : nil)
    }

    private func remember(_ file: SharedDescriptor) {
        guard case .internet(let endpoint)? = SocketCalls.localAddress(of: file.rawValue).map({ SocketAddress($0) }),
            let socket = try? FileStatus(of: file).identity.inode
        else { return }
        state.withLock { _ = $0.ownPorts.insert(socket, at: endpoint, listening: ListeningSocket.all) }
    }

    private func wasBound(_ file: SharedDescriptor) -> Bool {
        guard let socket = try? FileStatus(of: file).identity.inode else { return false }
        return state.withLock { $0.ownPorts.contains(socket) }
    }

    // MARK: socket

    /// The box's own network leads nowhere, so a TCP socket is born in the launcher's: connect and bind are judged later.
    func socket(_ caller: Caller) throws(SyscallError) -> Verdict {
        let family = caller.call.int(0), type = caller.call.int(1), proto = caller.call.int(2)
        let made = SharedDescriptor(try SocketCalls.create(family: family, type: type, proto: proto))
        return .inject(made, closeOnExec: type & CInt(SOCK_CLOEXEC.rawValue) != 0)
    }

    /// As messages and flags write it.
    func describe(_ endpoint: Endpoint) -> String {
        switch endpoint.address {
        case .v4: "\(endpoint.address):\(endpoint.port)"
        case .v6: "[\(endpoint.address)]:\(endpoint.port)"
        }
    }
}
