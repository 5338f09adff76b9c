import Glibc
public import LinuxSystem
import Synchronization
import SystemPackage

/// The descriptors that a gateway stands between.
public struct GatewayEnds: Sendable {
    /// The client's end: not ours alone, so never made non-blocking.
    public var clientInput: CInt = 0
    public var clientOutput: CInt = 1
    public var clientError: CInt = 2
    /// The server's, which the loop takes over and closes.
    public let serverInput, serverOutput, serverError: CInt
    /// Becomes readable, or hangs up, when nothing of the server runs any more. Taken over too.
    public let ended: CInt

    public init(serverInput: CInt, serverOutput: CInt, serverError: CInt, ended: CInt) {
        self.serverInput = serverInput
        self.serverOutput = serverOutput
        self.serverError = serverError
        self.ended = ended
    }
}

/// Rulings that come later, from other threads.
public final class GatewayMailbox: Sendable {
    private let rulings = Mutex<[(ticket: UInt64, ruling: GatewayRuling)]>([])
    private let bell: (reading: SharedDescriptor, writing: SharedDescriptor)

    public init() throws(SyscallError) { bell = try makePipe() }

    /// Ends the wait of a call. May be called from any thread.
    public func settle(ticket: UInt64, _ ruling: GatewayRuling) {
        let isFirst = rulings.withLock { rulings in
            rulings.append((ticket, ruling))
            return rulings.count == 1
        }
        if isFirst { try? bell.writing.writeAll([1]) }
    }

    var descriptor: CInt { bell.reading.rawValue }

    func take() -> [(ticket: UInt64, ruling: GatewayRuling)] {
        var byte: [UInt8] = [0]
        _ = try? readOnce(bell.reading.rawValue, into: &byte)
        return rulings.withLock { rulings in
            defer { rulings = [] }
            return rulings
        }
    }
}

/// Moves the bytes of one ``GatewaySession``: the one place where a gateway reads and writes.
public struct GatewayLoop: ~Copyable {
    private var session: GatewaySession
    private let client: (input: CInt, output: CInt, error: CInt)
    private var ends: ServerEnds
    private let mailbox: GatewayMailbox?
    private let inFlight: CallsInFlight?
    private var buffer: [UInt8]
    private var clientIsDone = false
    private var clientIsGone = false
    private var errors: [UInt8] = []
    private var droppedErrors = 0
    /// Pipes that have been given more room.
    private var widened: Set<CInt> = []
    private var errorsAreRead = true
    /// Since when the client is not read, and how many answers there were by then.
    private var heldBack: (since: Int64, answers: UInt64)?

    /// Bytes that wait for a reader at most, before nothing more is read for it.
    private static let fill = 1 << 20
    /// Bytes of standard error that wait at most.
    private static let mostErrors = 256 << 10
    /// Milliseconds that the last bytes may wait for a reader who takes nothing.
    private static let patience: CInt = 5_000
    /// Seconds without an answer of the server's for which the client is not read, when its requests have no room.
    private static let mostHeldBack: Int64 = 10

    /// Blocks until the server has ended and the client has all that it said.
    public static func run(
        _ options: GatewayOptions, judge: any GatewayJudge, _ ends: GatewayEnds, mailbox: GatewayMailbox? = nil,
        inFlight: CallsInFlight? = nil
    ) {
        var loop = GatewayLoop(GatewaySession(options, judge: judge), ends, mailbox: mailbox, inFlight: inFlight)
        loop.run()
    }

    private init(
        _ session: GatewaySession, _ ends: GatewayEnds, mailbox: GatewayMailbox? = nil, inFlight: CallsInFlight? = nil
    ) {
        self.session = session
        client = (ends.clientInput, ends.clientOutput, ends.clientError)
        self.ends = ServerEnds(ends)
        self.mailbox = mailbox
        self.inFlight = inFlight
        buffer = [UInt8](repeating: 0, count: 64 << 10)
    }

    /// What is open of the server; what becomes `nil` is closed.
    private struct ServerEnds {
        var serverInput, serverOutput, serverError: SharedDescriptor?
        let ended: SharedDescriptor

        init(_ numbers: GatewayEnds) {
            serverInput = SharedDescriptor(rawValue: numbers.serverInput)
            serverOutput = SharedDescriptor(rawValue: numbers.serverOutput)
            serverError = SharedDescriptor(rawValue: numbers.serverError)
            ended = SharedDescriptor(rawValue: numbers.ended)
        }
    }

    private enum Place: Int {
        case ended, mailbox, serverOutput, clientInput, serverError, clientOutput, serverInput, clientError
    }

    private mutating func run() {
        while true {
            let timeout = watchHeldBack()
            var wait = polled()
            // The array holds as many entries as the call is told of.
            unsafe poll(&wait, nfds_t(wait.count), timeout)
            func ready(_ place: Place) -> Int16 { wait[place.rawValue].revents }
            // A socket or a terminal whose other end is gone hangs up, and says so again each time; a pipe has an error. poll(2)
            let gone = Int16(POLLERR | POLLHUP | POLLNVAL)
            if ready(.clientOutput) & gone != 0 { loseClient() }
            if ready(.clientError) & gone != 0 { errorsAreRead = false }
            if ready(.serverError) != 0 { drainErrors() }
            if ready(.serverOutput) != 0 { readServer() }
            // An answer that came before the client's own to the same question counts.
            if ready(.mailbox) != 0 { takeMail() }
            if ready(.clientInput) != 0 { readClient() }
            publish()
            writeServer()
            writeClient()
            writeErrors()
            closeInput()
            if ready(.ended) != 0 { return finish() }
        }
    }

    private func polled() -> [pollfd] {
        let input = Int16(POLLIN), output = Int16(POLLOUT)
        // A server that floods the client's way has to wait; so has a client, in both ways that its messages lead.
        let readsServer = session.toClient.count < Self.fill && session.toServer.count < 4 * Self.fill
        let readsClient =
            !clientIsDone && !session.holdsBackClient && session.toServer.count < Self.fill
            && session.toClient.count < 4 * Self.fill
        func entry(_ descriptor: CInt?, _ events: Int16) -> pollfd {
            pollfd(fd: descriptor ?? -1, events: events, revents: 0)
        }
        return [
            entry(ends.ended.rawValue, input),
            entry(mailbox?.descriptor, input),
            entry(readsServer ? ends.serverOutput?.rawValue : nil, input),
            entry(readsClient ? client.input : nil, input),
            entry(ends.serverError?.rawValue, input),
            entry(clientIsGone ? nil : client.output, session.toClient.isEmpty ? 0 : output),
            entry(session.toServer.isEmpty ? nil : ends.serverInput?.rawValue, output),
            entry(errorsAreRead ? client.error : nil, errors.isEmpty ? 0 : output),
        ]
    }

    /// Lets the client be read again when the server answers nothing.
    /// - Returns: Milliseconds to wait for something to happen, as poll(2) has them.
    private mutating func watchHeldBack() -> CInt {
        guard session.holdsBackClient else {
            heldBack = nil
            return -1
        }
        let now = Self.seconds
        guard let heldBack, heldBack.answers == session.answers else {
            heldBack = (now, session.answers)
            return 1_000
        }
        if now - heldBack.since < Self.mostHeldBack { return 1_000 }
        session.stopHoldingBack()
        return 0
    }

    /// Of a clock that does not jump.
    private static var seconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return Int64(time.tv_sec)
    }

    // MARK: - Reading

    /// - Returns: `nil` when nothing more will come.
    private mutating func read(_ descriptor: CInt) -> [UInt8]? {
        let got: Int
        do throws(SyscallError) { got = try readOnce(descriptor, into: &buffer) } catch {
            return error.errno == .resourceTemporarilyUnavailable ? [] : nil
        }
        if got == buffer.count { widen(descriptor) }
        return got == 0 ? nil : Array(buffer[..<got])
    }

    /// Long messages go through a pipe in fewer turns when it holds more of them. F_SETPIPE_SZ of fcntl(2)
    private mutating func widen(_ descriptor: CInt) {
        guard widened.insert(descriptor).inserted else { return }
        let setSize: CInt = 1_031
        // No pipe, or no more room for this user: then it stays as it is.
        _ = fcntl(descriptor, setSize, 1 << 20)
    }

    private mutating func readServer() {
        guard let output = ends.serverOutput else { return }
        if let bytes = read(output.rawValue) { return session.feed(fromServer: bytes) }
        ends.serverOutput = nil
        session.serverEnded()
    }

    private mutating func readClient() {
        if clientIsDone { return }
        if let bytes = read(client.input) {
            return session.feed(fromClient: bytes, now: Self.seconds)
        }
        clientIsDone = true
        session.clientEnded()
    }

    private mutating func takeMail() {
        for letter in mailbox?.take() ?? [] { session.settle(ticket: letter.ticket, letter.ruling) }
    }

    /// Nobody reads the answers any more.
    private mutating func loseClient() {
        if clientIsGone { return }
        clientIsGone = true
        session.dropClient()
        // As without a gateway: the server's next write fails.
        ends.serverOutput = nil
        if !clientIsDone {
            clientIsDone = true
            session.clientEnded()
        }
    }

    // MARK: - Writing

    private mutating func publish() {
        if session.inFlightChanged, let inFlight { inFlight.set(session.callsInFlight()) }
    }

    private mutating func writeClient() {
        if clientIsGone { return session.dropClient() }
        while let (bytes, range) = session.toClient.next {
            if range.count > 64 << 10 { widen(client.output) }
            guard let done = try? writeNow(bytes, range, to: client.output) else { return loseClient() }
            if done == 0 { return }
            session.toClient.remove(done)
        }
    }

    private mutating func writeServer() {
        while let (bytes, range) = session.toServer.next {
            guard let input = ends.serverInput else { return session.serverStoppedReading() }
            if range.count > 64 << 10 { widen(input.rawValue) }
            guard let done = try? writeNow(bytes, range, to: input.rawValue) else {
                ends.serverInput = nil
                return session.serverStoppedReading()
            }
            if done == 0 { return }
            session.toServer.remove(done)
        }
    }

    /// When the client has said all, and the server has all of it.
    private mutating func closeInput() {
        if clientIsDone && session.toServer.isEmpty { ends.serverInput = nil }
    }

    // MARK: - Standard error

    private mutating func drainErrors() {
        guard let error = ends.serverError else { return }
        guard let bytes = read(error.rawValue) else {
            ends.serverError = nil
            return
        }
        let room = errorsAreRead ? max(0, Self.mostErrors - errors.count) : 0
        if droppedErrors > 0 || bytes.count > room {
            droppedErrors += bytes.count
        } else {
            errors += bytes
        }
    }

    private mutating func writeErrors() {
        while !errors.isEmpty {
            guard let done = try? writeNow(errors, 0..<errors.count, to: client.error) else {
                errorsAreRead = false
                break
            }
            if done == 0 { break }
            errors.removeFirst(done)
        }
        if !errorsAreRead { errors = [] }
        guard droppedErrors > 0, errors.isEmpty else { return }
        if errorsAreRead {
            errors = Array(
                "\nagentbound: \(droppedErrors) bytes of the server's standard error were dropped: nobody read it\n"
                    .utf8)
        }
        session.noteDropped(droppedErrors)
        droppedErrors = 0
    }

    // MARK: - The end

    /// The server is gone. What it said still reaches whoever reads it.
    private mutating func finish() {
        while let output = ends.serverOutput, Self.hasInput(output) {
            readServer()
            flush()
        }
        while let error = ends.serverError, Self.hasInput(error) {
            drainErrors()
            writeErrors()
        }
        session.serverEnded()
        publish()
        flush()
        writeErrors()
    }

    private static func hasInput(_ descriptor: SharedDescriptor) -> Bool {
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1
    }

    /// Waits for the client as long as it takes something now and then.
    private mutating func flush() {
        while !session.toClient.isEmpty, !clientIsGone {
            var entry = pollfd(fd: client.output, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&entry, 1, Self.patience) == 1 else { return session.dropClient() }
            writeClient()
        }
    }
}
