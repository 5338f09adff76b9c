/// A TCP client of the stub: one question at a time, in order, each with two bytes of length before it.
final class StreamClient {
    /// What its bytes amount to.
    enum Frame: Hashable {
        case incomplete
        case query([UInt8])
        case tooLong
    }

    let socket: NameSocket
    /// It is closed when it has not sent a whole question, or taken a whole answer, by then.
    private(set) var deadline: Duration
    /// Its question is being asked upstream, which has a time limit of its own.
    private(set) var isWaiting = false
    private var received: [UInt8] = []
    private var unsent: [UInt8] = []

    static let patience: Duration = .seconds(10)

    init(_ socket: NameSocket, now: Duration) {
        self.socket = socket
        deadline = now + Self.patience
    }

    var wantsToSend: Bool { !unsent.isEmpty }
    /// Until its question is answered nothing more is read: what it sends waits in the kernel, not in our memory.
    var wantsToRead: Bool { !isWaiting && unsent.isEmpty }

    /// Reads what has come, at most one question more than fits.
    /// - Returns: `false` when the client is gone.
    func read() -> Bool {
        let room = 2 + DNSQuestion.maximumLength - received.count
        guard wantsToRead, room > 0 else { return true }
        do {
            guard let bytes = try socket.read(limit: room) else { return true }
            received += bytes
            return !bytes.isEmpty
        } catch { return false }
    }

    /// Takes the next whole question out of what was read.
    func nextFrame() -> Frame {
        guard received.count >= 2, wantsToRead else { return .incomplete }
        let length = Int(received[0]) << 8 | Int(received[1])
        guard length <= DNSQuestion.maximumLength else { return .tooLong }
        guard received.count >= 2 + length else { return .incomplete }
        defer { received.removeFirst(2 + length) }
        return .query(Array(received[2..<2 + length]))
    }

    func startWaiting() { isWaiting = true }

    /// Queues an answer and sends what goes.
    /// - Returns: `false` when the client is gone.
    func answer(_ message: [UInt8], now: Duration) -> Bool {
        isWaiting = false
        deadline = now + Self.patience
        unsent += [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
        return flush()
    }

    /// - Returns: `false` when the client is gone.
    func flush() -> Bool {
        guard let sent = try? socket.send(unsent) else { return false }
        unsent.removeFirst(sent)
        return true
    }
}
