import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

// sendto, sendmsg and sendmmsg, where a datagram socket leads somewhere: the address lies in memory that a filter
// cannot see, so each message is copied, judged and sent on a copy of the descriptor.
extension Supervisor {
    /// What a stream may take in one call; it may take less than was offered.
    private static let mostBytes = 256 << 10
    private static let mostParts = 1_024

    func send(_ name: String, _ caller: Caller) throws(SyscallError) -> Step {
        let call = caller.call
        let file = SharedDescriptor(try caller.descriptor(call.int(0)))
        guard let kind = SocketCalls.kind(of: file.rawValue) else { throw SyscallError(call: name, errno: .notSocket) }
        switch name {
        case "sendto":
            let count = Int(min(call.arguments[2], UInt64(Self.mostBytes)))
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

    /// RTM_GET* of rtnetlink(7), to the kernel, one message in the buffer.
    private func isRouteQuery(_ message: Message) -> Bool {
        if case .netlink(let pid, let groups) = SocketAddress(message.address), pid != 0 || groups != 0 { return false }
        guard message.data.count >= 16 else { return false }
        func word(_ at: Int) -> Int { message.data[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) } }
        let type = Int(message.data[4]) | Int(message.data[5]) << 8
        return word(0) >= message.data.count && type >= 16 && type & 3 == 2
    }

    // MARK: msghdr

    /// A copy of what a `struct msghdr` describes (56 bytes on 64-bit machines).
    private func message(_ caller: Caller, _ kind: SocketKind, at pointer: UInt64) throws(SyscallError) -> Message {
        let head = try caller.memory(at: pointer, count: 56)
        func long(_ at: Int) -> UInt64 { head[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        let length = CInt(truncatingIfNeeded: long(8))
        let address = long(0) == 0 || length == 0 ? [] : try caller.address(at: long(0), length: length)
        let parts = long(24), controlLength = long(40)
        guard parts <= Self.mostParts else { throw SyscallError(call: "sendmsg", errno: .messageTooLong) }
        let vector = try caller.memory(at: long(16), count: Int(parts) * 16)
        var data: [UInt8] = []
        for part in 0..<Int(parts) {
            func word(_ at: Int) -> UInt64 { vector[at..<at + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
            let size = word(part * 16 + 8), room = Self.mostBytes - data.count
            // A message must go as a whole; a stream may take less.
            guard kind.isStream || size <= UInt64(room) else {
                throw SyscallError(call: "sendmsg", errno: .messageTooLong)
            }
            let take = Int(min(size, UInt64(room)))
            data += try caller.memory(at: word(part * 16), count: take)
            if take < size { break }
        }
        var message = Message(data: data, address: address)
        if controlLength > 0, kind.family == SocketKind.unixFamily {
            message.passing = try passed(caller, at: long(32), length: controlLength)
        }
        return message
    }

    /// Copies of the descriptors in a control message (SCM_RIGHTS); other kinds of control are dropped.
    private func passed(_ caller: Caller, at pointer: UInt64, length: UInt64) throws(SyscallError) -> [SharedDescriptor]
    {
        guard length <= 4_096 else { throw SyscallError(call: "sendmsg", errno: .badAddress) }
        let bytes = try caller.memory(at: pointer, count: Int(length))
        func word(_ at: Int) -> UInt32 { bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        var found: [SharedDescriptor] = []
        var at = 0
        while at + 16 <= bytes.count {
            let size = Int(word(at))  // cmsg_len is 64 bits wide, but the buffer is not
            guard size >= 16, size <= bytes.count - at, word(at + 4) == 0 else {
                throw SyscallError(call: "sendmsg", errno: .invalidArgument)
            }
            if word(at + 8) == 1, word(at + 12) == 1 {  // SOL_SOCKET, SCM_RIGHTS
                for place in stride(from: at + 16, to: at + size - 3, by: 4) {
                    guard found.count < 253 else { throw SyscallError(call: "sendmsg", errno: .invalidArgument) }
                    found.append(SharedDescriptor(try caller.descriptor(CInt(bitPattern: word(place)))))
                }
            }
            at += (size + 7) & ~7
        }
        return found
    }

    /// sendmmsg: as many as go without waiting; the count says how many did.
    private func sendMany(_ caller: Caller, _ file: SharedDescriptor, _ kind: SocketKind) throws(SyscallError)
        -> Verdict
    {
        let call = caller.call, header: UInt64 = 64  // struct mmsghdr
        var sent = 0
        while sent < min(Int(UInt32(truncatingIfNeeded: call.arguments[2])), Self.mostParts) {
            let at = call.arguments[1] + UInt64(sent) * header
            var failure: Errno
            do throws(SyscallError) {
                let message = try judged(kind, try message(caller, kind, at: at))
                switch transmit(file, message, flags: call.int(3)) {
                case .success(let count):
                    let length = UInt32(count)
                    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
                    try caller.listener.write(call, at: at + 56, bytes)
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
