import SystemPackage
import Testing

@testable import AgentBox

@Suite("Headers of messages")
struct MessageHeaderTests {
    private func bytes(_ words: UInt64...) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    /// cmsg_len, then level and type, then descriptors.
    private func control(_ length: UInt64? = nil, kind: UInt64 = 1 << 32 | 1, numbers: [UInt32]) -> [UInt8] {
        var bytes = bytes(length ?? UInt64(16 + numbers.count * 4), kind)
        for number in numbers { bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        return bytes
    }

    @Test("A header's fields are where the kernel has them")
    func fields() throws {
        // name, namelen and padding, iov, iovlen, control, controllen, flags
        let header = try MessageHeader(bytes(0x1000, 0xdead_0000_0010, 0x2000, 3, 0x3000, 64, 0))
        #expect(header.name?.address == 0x1000 && header.name?.length == 16)
        #expect(header.vector == .init(address: 0x2000, count: 48))
        #expect(header.control?.address == 0x3000 && header.control?.length == 64)
    }

    @Test("What is not there is none, and too many parts are too long")
    func absent() throws {
        let empty = try MessageHeader(bytes(0, 16, 0, 0, 0x3000, 0, 0))
        #expect(empty.name == nil && empty.control == nil && empty.vector.count == 0)
        #expect(try MessageHeader(bytes(1, 0, 0, 0, 0, 0, 0)).name == nil)
        #expect(throws: Errno.messageTooLong) { try MessageHeader(bytes(0, 0, 0, 1_025, 0, 0, 0)) }
        #expect(throws: Errno.messageTooLong) { try MessageHeader(bytes(0, 0, 0, .max, 0, 0, 0)) }
        #expect(throws: Errno.invalidArgument) { try MessageHeader([]) }
    }

    @Test("A stream takes what there is room for, a message goes as a whole or not")
    func parts() throws {
        let most = UInt64(MessageHeader.mostBytes)
        let long = bytes(0x1000, 10, 0x2000, most, 0x3000, 5)
        #expect(
            try MessageHeader.parts(long, isStream: true) == [
                .init(address: 0x1000, count: 10), .init(address: 0x2000, count: Int(most) - 10),
            ])
        #expect(throws: Errno.messageTooLong) { try MessageHeader.parts(long, isStream: false) }
        #expect(throws: Errno.messageTooLong) { try MessageHeader.parts(bytes(1, .max), isStream: false) }
        #expect(try MessageHeader.parts(bytes(1, .max), isStream: true).first?.count == MessageHeader.mostBytes)
        #expect(try MessageHeader.parts(bytes(1, 2) + [9], isStream: false).count == 1)  // half a part is none
    }

    @Test("Descriptors are found, other kinds of control are dropped")
    func descriptors() throws {
        #expect(try MessageHeader.descriptors(control(numbers: [5, 6])) == [5, 6])
        #expect(try MessageHeader.descriptors(control(numbers: [.max])) == [-1])
        #expect(try MessageHeader.descriptors(control(kind: 2 << 32 | 1, numbers: [5, 6])) == [])  // SCM_CREDENTIALS
        // One behind the other, each at a multiple of eight.
        let two = control(numbers: [7]) + [0, 0, 0, 0] + control(numbers: [8])
        #expect(try MessageHeader.descriptors(two) == [7, 8])
        #expect(try MessageHeader.descriptors(two + [1, 2, 3]) == [7, 8])
    }

    @Test(
        "Lengths that do not fit are refused",
        arguments: [0, 15, 25, 1 << 32, 1 << 32 | 20, UInt64(Int64.max), .max] as [UInt64])
    func badLengths(length: UInt64) {
        #expect(throws: Errno.invalidArgument) { try MessageHeader.descriptors(control(length, numbers: [5, 6])) }
    }

    @Test("No more descriptors than the kernel takes")
    func tooMany() throws {
        #expect(try MessageHeader.descriptors(control(numbers: Array(repeating: 1, count: 253))).count == 253)
        #expect(throws: Errno.invalidArgument) {
            try MessageHeader.descriptors(control(numbers: Array(repeating: 1, count: 254)))
        }
    }
}
