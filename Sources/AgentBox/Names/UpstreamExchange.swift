import LinuxSystem
import PolicyEngine

/// One question on its way to the upstream servers: each in turn over UDP, over TCP when the answer did not fit.
/// Every attempt has a socket (so a port) and an id of its own, both random, and hears only the server that it asked.
final class UpstreamExchange {
    struct Key: Hashable {
        let name: DNSName
        let type: DNSType
    }

    enum Progress {
        case waiting
        case finished(DNSReply.Outcome)
    }

    let key: Key
    private let upstreams: [Endpoint]
    private var attempt = 0
    private var id: UInt16 = 0
    private(set) var socket: NameSocket?
    private var stream: Stream?
    private var strangers = 0
    private(set) var deadline: Duration = .zero
    /// Who is told the outcome, and the question in their own spelling.
    var askers: [(DNSQuestion, NameStub.Asker)] = []

    /// What is left to send and what has come, of a TCP attempt.
    private struct Stream {
        var unsent: [UInt8]
        var received: [UInt8] = []
    }

    static let patience: Duration = .seconds(2)
    static let maximumAttempts = 6
    /// Datagrams that are no answer to the question, before the attempt counts as failed.
    static let maximumStrangers = 64

    init(_ key: Key, upstreams: [Endpoint]) {
        (self.key, self.upstreams) = (key, upstreams)
    }

    var wantsToSend: Bool { stream.map { !$0.unsent.isEmpty } ?? false }

    /// Asks the next server: twice each, and no more than six in all.
    /// - Returns: `finished` when nobody is left to ask.
    func ask(now: Duration) -> Progress {
        socket = nil
        stream = nil
        while attempt < min(upstreams.count * 2, Self.maximumAttempts) {
            let server = upstreams[attempt % upstreams.count]
            attempt += 1
            if send(.datagram, to: server, now: now) { return .waiting }
        }
        return .finished(.failed)
    }

    /// Reads what its server has sent.
    func receive(now: Duration) -> Progress {
        do {
            return try stream == nil ? receiveDatagrams(now: now) : receiveStream(now: now)
        } catch { return ask(now: now) }  // refused, unreachable: the next one
    }

    private func send(_ kind: NameSocket.Kind, to server: Endpoint, now: Duration) -> Bool {
        id = UInt16.random(in: .min ... .max)  // from getrandom(2): no pattern to guess by
        strangers = 0
        deadline = now + Self.patience
        let query = DNSMessage.upstreamQuery(name: key.name, type: key.type, id: id)
        do {
            let socket = try NameSocket(kind, connectedTo: server)
            switch kind {
            case .datagram: guard try socket.send(query) > 0 else { return false }
            case .stream: stream = Stream(unsent: [UInt8(query.count >> 8), UInt8(query.count & 0xFF)] + query)
            }
            self.socket = socket
            return true
        } catch { return false }
    }

    private func receiveDatagrams(now: Duration) throws(SyscallError) -> Progress {
        while let socket, strangers < Self.maximumStrangers {
            // An answer to a question without EDNS is at most 512 bytes long; of a longer one the rest is cut off and
            // the record count no longer fits: a failed attempt.
            guard let (bytes, _) = try socket.receive(limit: 4_096) else { return .waiting }
            guard let reply = DNSMessage.parseReply(bytes, name: key.name, type: key.type, id: id) else {
                strangers += 1
                continue
            }
            return conclude(reply, now: now)
        }
        return ask(now: now)
    }

    private func conclude(_ reply: DNSReply, now: Duration) -> Progress {
        switch reply.outcome {
        case .addresses, .noSuchName: return .finished(reply.outcome)
        case .failed: return ask(now: now)
        case .truncated:
            let server = upstreams[(attempt - 1) % upstreams.count]
            guard stream == nil, send(.stream, to: server, now: now) else { return ask(now: now) }
            return .waiting
        }
    }

    private func receiveStream(now: Duration) throws(SyscallError) -> Progress {
        guard let socket, var state = stream else { return ask(now: now) }
        if !state.unsent.isEmpty {
            state.unsent.removeFirst(try socket.send(state.unsent))
            stream = state
            if !state.unsent.isEmpty { return .waiting }
        }
        while let bytes = try socket.read(limit: 16_384) {
            if bytes.isEmpty { return ask(now: now) }
            state.received += bytes
            stream = state
            guard state.received.count >= 2 else { continue }
            let length = Int(state.received[0]) << 8 | Int(state.received[1])
            guard state.received.count >= 2 + length else { continue }
            let message = Array(state.received[2..<2 + length])
            guard let reply = DNSMessage.parseReply(message, name: key.name, type: key.type, id: id) else {
                return ask(now: now)
            }
            return conclude(reply, now: now)
        }
        return .waiting
    }
}
