import Glibc
import LinuxSystem
import PolicyEngine
import TestSupport

@testable import AgentBox

/// A stub between a client and a test name server, moved on by hand, so that nothing depends on a scheduler.
final class StubHarness {
    let server: TestNameServer
    let stub: NameStub
    let table = NameTable()
    let listener: NameListener
    private(set) var turns = 0
    /// Added to the clock, to let time pass at once.
    var ahead: Duration = .zero
    private let recorded = Recorded()

    private final class Recorded { var events: [NameEvent] = [] }

    var events: [NameEvent] { recorded.events }
    var now: Duration { MonotonicTime.now() + ahead }

    /// - Parameter deadBefore: Upstream ports on 127.0.0.1 that are asked before the test server's.
    init(
        _ answers: [String: TestNameServer.Answer] = [:], rules: NameRules = stubTestRules, deadBefore: [UInt16] = [],
        hosts: String = ""
    ) throws {
        server = TestNameServer(answers)
        listener = try NameStub.bindLoopback()
        stub = NameStub(
            rules: rules, table: table,
            upstreams: (deadBefore + [server.port]).map { Endpoint(address: .v4(0x7F00_0001), port: $0) },
            hosts: HostsFile(Array(hosts.utf8)), listeners: [listener],
            onEvent: { [recorded] in recorded.events.append($0) })
    }

    deinit { server.stop() }

    func client(_ kind: NameSocket.Kind = .datagram) throws -> NameSocket {
        try NameSocket(kind, connectedTo: listener.endpoint)
    }

    /// One turn of the loop, waiting at most a hundredth of a second.
    func turn() {
        var all = stub.pollDescriptors()
        _ = unsafe poll(&all, nfds_t(all.count), 10)
        stub.handle(ready: all, now: now)
        turns += 1
    }

    /// Turns until `done` gives a value.
    func wait<Value>(_ limit: Duration = .seconds(patience), for done: () throws -> Value?) rethrows -> Value? {
        let end = MonotonicTime.now() + limit
        repeat {
            if let value = try done() { return value }
            turn()
        } while MonotonicTime.now() < end
        return nil
    }

    /// Asks over UDP.
    /// - Returns: The answer, or `nil` when none came in time.
    func ask(_ message: [UInt8], within limit: Duration = .seconds(patience)) throws -> [UInt8]? {
        let client = try self.client()
        _ = try client.send(message)
        return try wait(limit) { try client.receive(limit: 4_096)?.bytes }
    }

    func ask(_ name: String, type: UInt16 = 1) throws -> Summary? {
        try ask(dnsQuery(name, type: type)).map(Summary.init)
    }

    /// What a test looks at in an answer.
    struct Summary: Hashable {
        var code: UInt8
        var name: String
        var addresses: [[UInt8]]
        var ttl: UInt32

        init(code: UInt8 = 0, name: String, _ addresses: [[UInt8]] = [], ttl: UInt32 = 0) {
            (self.code, self.name, self.addresses, self.ttl) = (code, name, addresses, ttl)
        }

        /// Reads what the stub writes: a question, then records that point at its name.
        init(_ message: [UInt8]) {
            code = message[3] & 0x0F
            var at = 12
            var labels: [String] = []
            while at < message.count, message[at] != 0 {
                labels.append(String(decoding: message[at + 1...at + Int(message[at])], as: UTF8.self))
                at += 1 + Int(message[at])
            }
            name = labels.joined(separator: ".")
            (addresses, ttl) = ([], 0)
            at += 5
            for _ in 0..<Int(message[7]) {
                ttl = message[at + 6..<at + 10].reduce(0) { $0 << 8 | UInt32($1) }
                let length = Int(message[at + 11])
                addresses.append(Array(message[at + 12..<at + 12 + length]))
                at += 12 + length
            }
        }
    }
}
