import Glibc
import Synchronization

/// A name server for tests: UDP and TCP on 127.0.0.1, on one port that the kernel picks, answers from a table.
/// It reads and writes messages by itself, so that a mistake in the code under test does not cancel out.
public final class TestNameServer: Sendable {
    /// What it says about a name.
    public enum Answer: Sendable {
        /// Addresses in their text form, with a time to live in seconds.
        case addresses([String], ttl: UInt32 = 60)
        /// An alias; the answers of the other name follow in the same message.
        case alias(String, ttl: UInt32 = 60)
        /// Cut short over UDP, whole over TCP.
        case truncated([String])
        /// Bytes that are no DNS message, then the addresses.
        case garbageFirst([String])
        /// A right-looking answer with another id first (a forger's guess), then the addresses.
        case forgedFirst([String], forged: String)
        case code(UInt16)
        case silence
    }

    /// A question that came in.
    public struct Question: Hashable, Sendable {
        public let overTCP: Bool
        public let id: UInt16
        /// The port that it came from.
        public let port: UInt16
        public let name: String
        public let type: UInt16
        /// The whole message.
        public let message: [UInt8]
    }

    public let port: UInt16
    private let udp: CInt
    private let tcp: CInt
    private let table: Mutex<[String: Answer]>
    private let log = Mutex<[Question]>([])
    private let thread: Mutex<pthread_t?> = Mutex(nil)
    private let stopPipe: (read: CInt, write: CInt)

    public init(_ table: [String: Answer]) {
        self.table = Mutex(table)
        var pair: [CInt] = [-1, -1]
        precondition(unsafe pipe(&pair) == 0)
        stopPipe = (pair[0], pair[1])
        (tcp, port) = Self.bound(CInt(SOCK_STREAM.rawValue), port: 0)
        (udp, _) = Self.bound(CInt(SOCK_DGRAM.rawValue), port: port)
        precondition(listen(tcp, 8) == 0)
        var number = pthread_t()
        // The thread holds the server until stop() has joined it.
        let server = unsafe Unmanaged.passRetained(self).toOpaque()
        let failed = unsafe pthread_create(
            &number, nil,
            { raw in
                unsafe Unmanaged<TestNameServer>.fromOpaque(raw!).takeRetainedValue().run()
                return nil
            }, server)
        precondition(failed == 0)
        thread.withLock { $0 = number }
    }

    /// Every question so far.
    public var questions: [Question] { log.withLock { $0 } }

    public func set(_ name: String, _ answer: Answer) { table.withLock { $0[name] = answer } }

    /// Ends the thread and closes the sockets.
    public func stop() {
        guard
            let running = thread.withLock({ taken in
                defer { taken = nil }
                return taken
            })
        else { return }
        _ = unsafe write(stopPipe.write, "x", 1)
        pthread_join(running, nil)
        for descriptor in [udp, tcp, stopPipe.read, stopPipe.write] { close(descriptor) }
    }

    private static func bound(_ type: CInt, port: UInt16) -> (CInt, UInt16) {
        let number = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(unsafe bind(number, $0, length) == 0)
                precondition(unsafe getsockname(number, $0, &length) == 0)
            }
        }
        return (number, UInt16(bigEndian: address.sin_port))
    }

    private func run() {
        var set = [udp, tcp, stopPipe.read].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            guard unsafe poll(&set, nfds_t(set.count), -1) > 0 else { continue }
            if set[2].revents != 0 { return }
            if set[0].revents != 0 { serveDatagram() }
            if set[1].revents != 0 { serveStream() }
        }
    }

    private func serveDatagram() {
        var buffer = [UInt8](repeating: 0, count: 2_048)
        var from = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = unsafe withUnsafeMutablePointer(to: &from) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe recvfrom(udp, &buffer, 2_048, 0, $0, &length)
            }
        }
        guard count >= 0 else { return }
        for reply in replies(to: Array(buffer[..<count]), overTCP: false, from: UInt16(bigEndian: from.sin_port)) {
            unsafe withUnsafePointer(to: &from) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = unsafe sendto(udp, reply, reply.count, 0, $0, length)
                }
            }
        }
    }

    private func serveStream() {
        let client = accept(tcp, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        unsafe setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 2_048)
        while received.count < 2 || received.count < 2 + Int(received[0]) << 8 + Int(received[1]) {
            let count = unsafe read(client, &buffer, 2_048)
            guard count > 0 else { return }
            received += buffer[..<count]
        }
        for reply in replies(to: Array(received[2...]), overTCP: true, from: 0) {
            // In two pieces, as a slow network would.
            let framed = Self.pair(UInt16(reply.count)) + reply
            _ = unsafe send(client, framed, 1, CInt(MSG_NOSIGNAL))
            usleep(1_000)
            _ = unsafe send(client, Array(framed[1...]), framed.count - 1, CInt(MSG_NOSIGNAL))
        }
    }

    // MARK: Messages

    private func replies(to message: [UInt8], overTCP: Bool, from port: UInt16) -> [[UInt8]] {
        guard message.count > 12 else { return [] }
        var at = 12
        var labels: [String] = []
        while at < message.count, message[at] != 0 {
            let end = at + 1 + Int(message[at])
            guard end < message.count else { return [] }
            labels.append(String(decoding: message[at + 1..<end], as: UTF8.self))
            at = end
        }
        guard at + 5 <= message.count else { return [] }
        let name = labels.joined(separator: ".")
        let id = UInt16(message[0]) << 8 | UInt16(message[1])
        let type = UInt16(message[at + 1]) << 8 | UInt16(message[at + 2])
        let asked = Array(message[12..<at + 5])
        log.withLock {
            $0.append(Question(overTCP: overTCP, id: id, port: port, name: name, type: type, message: message))
        }
        func reply(_ records: [[UInt8]], code: UInt16 = 0, id replyID: UInt16? = nil, cut: Bool = false) -> [UInt8] {
            Self.pair(replyID ?? id) + Self.pair(0x8180 | code | (cut ? 0x0200 : 0)) + Self.pair(1)
                + Self.pair(UInt16(records.count)) + [0, 0, 0, 0] + asked + records.joined()
        }
        switch table.withLock({ $0[name] }) {
        case nil: return [reply([], code: 3)]
        case .silence: return []
        case .code(let code): return [reply([], code: code)]
        case .truncated where !overTCP: return [reply([], cut: true)]
        case .garbageFirst(let texts):
            let noise = [[UInt8](repeating: 0xFF, count: 40), [], Array(message.prefix(11))]
            return noise + [reply(Self.records(name, texts, 60, type))]
        case .forgedFirst(let texts, let forged):
            return [
                reply(Self.records(name, [forged], 60, type), id: id ^ 1), reply(Self.records(name, texts, 60, type)),
            ]
        case .some: return [reply(chain(from: name, type: type))]
        }
    }

    private func chain(from name: String, type: UInt16) -> [[UInt8]] {
        var owner = name
        var records: [[UInt8]] = []
        for _ in 0..<32 {
            switch table.withLock({ $0[owner] }) {
            case .alias(let target, let ttl):
                records.append(Self.record(owner, type: 5, ttl: ttl, Self.wire(target)))
                owner = target
            case .addresses(let texts, let ttl): return records + Self.records(owner, texts, ttl, type)
            case .truncated(let texts): return records + Self.records(owner, texts, 60, type)
            default: return records
            }
        }
        return records
    }

    private static func records(_ name: String, _ texts: [String], _ ttl: UInt32, _ type: UInt16) -> [[UInt8]] {
        texts.compactMap { text in
            var bytes = [UInt8](repeating: 0, count: 16)
            if type == 1, unsafe inet_pton(AF_INET, text, &bytes) == 1 {
                return record(name, type: 1, ttl: ttl, Array(bytes[..<4]))
            }
            if type == 28, unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
                return record(name, type: 28, ttl: ttl, bytes)
            }
            return nil
        }
    }

    private static func record(_ name: String, type: UInt16, ttl: UInt32, _ data: [UInt8]) -> [UInt8] {
        wire(name) + pair(type) + pair(1) + pair(UInt16(ttl >> 16)) + pair(UInt16(ttl & 0xFFFF))
            + pair(UInt16(data.count))
            + data
    }

    /// A name without compression.
    public static func wire(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func pair(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}
