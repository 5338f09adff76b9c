import Foundation
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox
@testable import LinuxSystem

/// Whose service a connection reaches: the box's own, nobody's, or another's.
@Suite struct OwnServicesTests {
    /// A line of /proc/net/tcp or tcp6.
    private static func listening(_ address: String, _ port: UInt16, _ inode: UInt64) -> ListeningSocket {
        let hex = String(port, radix: 16, uppercase: true)
        let local = address + ":" + String(repeating: "0", count: 4 - hex.count) + hex
        return ListeningSocket(
            line:
                "   0: \(local) 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 \(inode) 1 x 100 0"
        )!
    }
    private static let loopback = "0100007F", all = "00000000"
    private static let loopback6 = "00000000000000000000000001000000", all6 = String(repeating: "0", count: 32)
    private static let mapped = "0000000000000000FFFF00000100007F"

    @Test("A line of the kernel's table is read, and one of another state or shape is none")
    func lines() {
        #expect(Self.listening(Self.loopback, 8080, 7).address == [127, 0, 0, 1])
        #expect(Self.listening(Self.loopback6, 8080, 7).address == [UInt8](repeating: 0, count: 15) + [1])
        #expect(Self.listening(Self.loopback, 80, 7).port == 80)
        for line in [
            "", "sl local_address rem_address st", "0: 0100007F:1F90 00000000:0000 01 0:0 0:0 0 0 0 7",
            "0: x:y z 0A 0 0 0 0 0 7",
        ] {
            #expect(ListeningSocket(line: line) == nil, "\(line)")
        }
    }

    @Test("This machine's own listeners are found by their number", arguments: [Listener.Kind.tcp, .tcp6])
    func found(kind: Listener.Kind) throws {
        let listener = try Listener(kind)
        defer { listener.stop() }
        #expect(ListeningSocket.all()?.contains { $0.port == listener.port && $0.inode != 0 } == true)
    }

    @Test(
        "K1, K2: who listens there decides, and the very address before all addresses",
        arguments: [
            ([(loopback, 1)], OwnPorts.Reach.own), ([(loopback, 2)], .others), ([], .nobody), ([(all, 1)], .own),
            ([(all, 2)], .others), ([(loopback, 1), (all, 2)], .own), ([(loopback, 2), (all, 1)], .others),
            ([(all6, 1)], .own), ([(all6, 1), (loopback, 2)], .others), ([(all6, 1), (all, 2)], .others),
            ([(mapped, 1), (all, 2)], .own), ([(loopback6, 2)], .nobody), ([("0200007F", 2)], .nobody),
        ] as [([(String, UInt64)], OwnPorts.Reach)])
    func reach(there: [(String, UInt64)], expected: OwnPorts.Reach) {
        for bound in [IPAddress.v4(0x7f00_0001), .v4(0), .v6(0, 0)] {
            var ports = OwnPorts()
            ports.insert(1, at: Endpoint(address: bound, port: 8080)) { nil }
            let listening = there.map { Self.listening($0.0, 8080, $0.1) } + [Self.listening(Self.loopback, 81, 9)]
            #expect(ports.reach(Endpoint(address: .v4(0x7f00_0001), port: 8080)) { listening } == expected, "\(bound)")
            // A port that the box never bound is not looked up at all.
            #expect(ports.reach(Endpoint(address: .v4(0x7f00_0001), port: 81)) { listening } == .others)
            #expect(ports.reach(Endpoint(address: .v4(0x7f00_0001), port: 8080)) { nil } == .others)
        }
    }

    @Test(
        "K1: of many ports those that nobody serves any more are forgotten, and no more are kept than there is room for"
    )
    func bounded() {
        var ports = OwnPorts()
        let endpoint = Endpoint(address: .v4(0x7f00_0001), port: 8080)
        for number in 1...4_096 as ClosedRange<UInt64> { #expect(ports.insert(number, at: endpoint) { nil }) }
        #expect(!ports.insert(5_000, at: endpoint) { nil })
        #expect(ports.insert(5_000, at: endpoint) { [Self.listening(Self.loopback, 8080, 7)] })
        #expect(ports.contains(7) && ports.contains(5_000) && !ports.contains(8))
    }

    @Test("K3: a unix socket stays the box's own while it has a name, and longer only while there is room")
    func sockets() throws {
        let folder = try TemporaryFolder()
        var sockets = OwnSockets()
        func add(_ number: Int) throws -> Bool {
            let name = FilePath("\(folder.path)/\(number)")
            try Data().write(to: URL(fileURLWithPath: name.string))
            let file = SharedDescriptor(try OwnedDescriptor.open(name, 0o10000000))  // O_PATH
            return sockets.insert(file, try FileStatus(of: file).identity, toldAs: name)
        }
        for number in 0..<256 { #expect(try add(number)) }
        #expect(try !add(256))
        try FileManager.default.removeItem(atPath: folder.path + "/3")
        #expect(try add(256))
        #expect(sockets.told(as: FilePath(folder.path + "/256")) != nil)
        #expect(sockets.told(as: FilePath(folder.path + "/3")) == nil)
        #expect(sockets.told(as: FilePath(folder.path + "/none")) == nil)
    }
}
