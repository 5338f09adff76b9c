import AuditTrail
import LinuxSystem
import MCPGateway
import Synchronization

/// The gateway's place round one server: its pipes, and the thread that serves them.
final class GateSeat: Sendable {
    /// What becomes the server's standard streams.
    let streams: ChildStreams
    let inFlight = CallsInFlight()
    /// The gateway's.
    private let own: Mutex<[SharedDescriptor]>
    /// The server's ends, which are closed here once it has them: else their end of file would never come.
    private let servers: Mutex<[SharedDescriptor]>
    /// Let go when nothing of the server runs any more.
    private let life: Mutex<SharedDescriptor?>
    private let done: SharedDescriptor
    private let finished: Mutex<SharedDescriptor?>

    init() throws(Refusal) {
        do throws(SyscallError) {
            let input = try makePipe(), output = try makePipe(), error = try makePipe()
            let life = try makePipe(), done = try makePipe()
            streams = ChildStreams(
                input: input.reading.rawValue, output: output.writing.rawValue, error: error.writing.rawValue)
            own = Mutex([input.writing, output.reading, error.reading, life.reading])
            servers = Mutex([input.reading, output.writing, error.writing])
            self.life = Mutex(life.writing)
            self.done = done.reading
            finished = Mutex(done.writing)
        } catch {
            throw Refusal(.system, "cannot make the gateway's pipes: \(error)", next: "close some files")
        }
    }

    /// The server runs: from now on the client's bytes are read.
    func serve(
        _ options: GatewayOptions, _ judge: any GatewayJudge, _ mailbox: GatewayMailbox?
    ) throws(SyscallError) {
        servers.withLock { $0 = [] }
        var numbers: [CInt] = []
        for descriptor in own.withLock({ $0 }) { numbers.append(try descriptor.duplicate()) }
        own.withLock { $0 = [] }
        let ends = GatewayEnds(
            serverInput: numbers[0], serverOutput: numbers[1], serverError: numbers[2], ended: numbers[3])
        try SystemThread.start("gateway") { [self] in
            GatewayLoop.run(options, judge: judge, ends, mailbox: mailbox, inFlight: inFlight)
            finished.withLock { $0 = nil }
        }
    }

    /// Nobody will serve the server: its standard input ends.
    func abandon() {
        own.withLock { $0 = [] }
        finished.withLock { $0 = nil }
    }

    /// Nothing of the server runs any more. Waits until the client has what the server said, as long as it reads.
    func end() {
        life.withLock { $0 = nil }
        var byte: [UInt8] = [0]
        _ = try? readOnce(done.rawValue, into: &byte)
    }
}
