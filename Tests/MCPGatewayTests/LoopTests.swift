import Glibc
import LinuxSystem
import MCPGateway
import TestSupport
import Testing

@Suite("Gateway: descriptors")
struct LoopTests {
    @Test("A client whose sockets are gone is gone, whatever else of it is open")
    func hungUp() throws {
        let output = try Self.pair(), error = try Self.pair(), client = try Self.pair(), input = try Self.pair()
        let said = try Self.pair(), errors = try Self.pair(), life = try Self.pair(), done = try Self.pair()
        var ends = GatewayEnds(
            serverInput: input.theirs, serverOutput: said.theirs, serverError: errors.theirs, ended: life.theirs)
        (ends.clientInput, ends.clientOutput, ends.clientError) = (client.theirs, output.theirs, error.theirs)
        for gone in [output.ours, error.ours] { close(gone) }
        try write("nobody reads this\n", to: errors.ours)
        let judge = ScriptedJudge(), taken = ends
        try SystemThread.start("gateway") {
            GatewayLoop.run(GatewayOptions(server: "files"), judge: judge, taken)
            close(done.theirs)
        }
        #expect(try Self.ends(input.ours), "the server's input ends as if the client had closed both ends")
        close(life.ours)
        #expect(try Self.ends(done.ours))
        #expect(judge.seen.notes.map(\.kind) == [.dropped])
        for left in [client.ours, client.theirs, output.theirs, error.theirs, input.ours, said.ours, errors.ours] {
            close(left)
        }
        close(done.ours)
    }

    private static func pair() throws -> (ours: CInt, theirs: CInt) {
        var ends: [CInt] = [-1, -1]
        // The call fills both places.
        try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        return (ends[0], ends[1])
    }

    private func write(_ text: String, to descriptor: CInt) throws {
        let bytes = Array(text.utf8)
        // As many bytes as the array has.
        try #require(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// Whether nothing more comes.
    private static func ends(_ descriptor: CInt) throws -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // One entry, and a wait that only bounds a hang.
        guard unsafe poll(&entry, 1, CInt(patience * 1_000)) == 1 else { return false }
        var byte: [UInt8] = [0]
        return try readOnce(descriptor, into: &byte) == 0
    }
}
