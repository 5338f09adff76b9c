import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

// sendto, sendmsg and sendmmsg, where a datagram socket leads somewhere: the address lies in memory that a filter
// cannot see, so each message is copied, judged and sent on a copy of the descriptor.
extension Supervisor {
    func send(_ name: String, _ caller: Caller) throws(SyscallError) -> Step {
        let call = caller.call
        let file = SharedDescriptor(try caller.descriptor(call.int(0)))
        guard let kind = SocketCalls.kind(of: file.rawValue) else { throw SyscallError(call: name, errno: .notSocket) }
        switch name {
        case "sendto":
            let count = Int(min(call.arguments[2], UInt64(MessageHeader.mostBytes)))
            let data = try caller.memory(at: call.arguments[1], count: count)
            let address = try caller.address(at: call.arguments[4], length: call.int(5))
            return deliver(caller, file, try judged(kind, Message(data: data, address: address)), flags: call.int(3)) {
                Int64($0)
            }
        case "sendmsg":
            let message = try self.message(caller, kind, at: call.arguments[1])
            return deliver(caller, file, try judged(kind, message), flags: call.int(2)) { Int64($0) }
        default:
            return .now(try sendMany(caller, file, kind))
        }
    }

    struct Message: Sendable {
        var data: [UInt8]
        var address: [UInt8]
        var passing: [SharedDescriptor] = []
    }

    /// The answer to one message, in a worker where the socket would wait.
    private func deliver(
        _ caller: Caller, _ file: SharedDescriptor, _ message: Message, flags: CInt,
        _ result: @escaping @Sendable (Int) -> Int64
    ) -> Step {
        let quick = transmit(file, message, flags: flags | CInt(MSG_DONTWAIT))
        let mayWait = flags & CInt(MSG_DONTWAIT) == 0 && !SocketCalls.isNonBlocking(file.rawValue)
        if case .failure(.resourceTemporarilyUnavailable) = quick, mayWait {
            return .later { [self] in
                switch transmit(file, message, flags: flags) {
                case .success(let count): .value(result(count))
                case .failure(let errno): .deny(errno)
                }
            }
        }
        switch quick {
        case .success(let count): return .now(.value(result(count)))
        case .failure(let errno): return .now(.deny(errno))
        }
    }

    private func transmit(_ file: SharedDescriptor, _ message: Message, flags: CInt) -> Result<Int, Errno> {
        SocketCalls.send(
            file.rawValue, message.data, to: message.address, flags: flags, passing: message.passing.map(\.rawValue))
    }

    /// Where a message may go. A stream goes where connect was judged; its address is dropped.
    private func judged(_ kind: SocketKind, _ message: Message) throws(SyscallError) -> Message {
        var message = message
        if kind.isInternet && kind.isDatagram {
            if message.address.isEmpty { return message }  // connected: judged by connect
            guard case .internet(let endpoint) = SocketAddress(message.address) else {
                throw SyscallError(call: "sendto", errno: .invalidArgument)
            }
            guard let stub, endpoint.port == 53, endpoint.isLoopback else {
                _ = deny(
                    .networkClient, "sendto", "udp \(describe(endpoint))", "datagrams reach only the box's name stub",
                    flag: nil)
                throw SyscallError(call: "sendto", errno: .permissionDenied)
            }
            message.address = SocketAddress.bytes(stub, family: kind.family)
        } else if kind.family == SocketKind.netlinkFamily {
            guard isRouteQuery(message) else {
                _ = deny(nil, "sendto", "netlink", "only route queries may be sent", flag: nil)
                throw SyscallError(call: "sendto", errno: .notPermitted)
            }
        } else {
            message.address = []
        }
        return message
    }

    /// To the kernel, one message in the buffer.
    private func isRouteQuery(_ message: Message) -> Bool {
        if case .netlink(let pid, let groups) = SocketAddress(message.address), pid != 0 || groups != 0 { return false }
        return MessageHeader.isRouteQuery(message.data)
    }

    // MARK: msghdr

    /// A copy of what a `struct msghdr` describes.
    private func message(_ caller: Caller, _ kind: SocketKind, at pointer: UInt64) throws(SyscallError) -> Message {
        let bytes = try caller.memory(at: pointer, count: MessageHeader.size)
        let header = try decoded { () throws(Errno) in try MessageHeader(bytes) }
        var message = Message(data: [], address: [])
        if let name = header.name { message.address = try caller.address(at: name.address, length: name.length) }
        let vector = try caller.memory(at: header.vector.address, count: header.vector.count)
        for part in try decoded({ () throws(Errno) in try MessageHeader.parts(vector, isStream: kind.isStream) }) {
            message.data += try caller.memory(at: part.address, count: part.count)
        }
        if let control = header.control, kind.family == SocketKind.unixFamily {
            message.passing = try passed(caller, control)
        }
        return message
    }

    /// Copies of the descriptors in a control message.
    private func passed(
        _ caller: Caller, _ control: (address: UInt64, length: UInt64)
    ) throws(SyscallError) -> [SharedDescriptor] {
        guard control.length <= UInt64(MessageHeader.mostControl) else {
            throw SyscallError(call: "sendmsg", errno: .badAddress)
        }
        let bytes = try caller.memory(at: control.address, count: Int(control.length))
        var found: [SharedDescriptor] = []
        for number in try decoded({ () throws(Errno) in try MessageHeader.descriptors(bytes) }) {
            found.append(SharedDescriptor(try caller.descriptor(number)))
        }
        return found
    }

    private func decoded<Value>(_ decode: () throws(Errno) -> Value) throws(SyscallError) -> Value {
        do throws(Errno) { return try decode() } catch { throw SyscallError(call: "sendmsg", errno: error) }
    }

    /// sendmmsg: as many as go without waiting; the count says how many did.
    private func sendMany(_ caller: Caller, _ file: SharedDescriptor, _ kind: SocketKind) throws(SyscallError)
        -> Verdict
    {
        let call = caller.call, header = UInt64(MessageHeader.sizeWithCount)
        var sent = 0
        while sent < min(Int(UInt32(truncatingIfNeeded: call.arguments[2])), MessageHeader.mostParts) {
            let at = call.arguments[1] + UInt64(sent) * header
            var failure: Errno
            do throws(SyscallError) {
                let message = try judged(kind, try message(caller, kind, at: at))
                switch transmit(file, message, flags: call.int(3)) {
                case .success(let count):
                    let length = UInt32(count)
                    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
                    try caller.listener.write(call, at: at + UInt64(MessageHeader.size), bytes)
                    sent += 1
                    continue
                case .failure(let errno): failure = errno
                }
            } catch { failure = error.errno }
            if sent == 0 { return .deny(failure) }
            break
        }
        return .value(Int64(sent))
    }
}
