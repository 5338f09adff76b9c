import MCPGateway
import Testing

@Suite("Gateway: what waits to be written")
struct OutputQueueTests {
    @Test("Bytes come out as they went in, whatever is taken at a time, and the queue may never be empty")
    func order() {
        var wire = Wire()
        var written: [UInt8] = [], read: [UInt8] = []
        var taken = 1
        for number in 0..<5_000 {
            // Short ones are gathered, long ones are passed on as they came.
            let text = String(repeating: "x", count: number % 97 == 0 ? 5_000 : number % 50)
            let line = Array(
                (#"{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"\#(number)\#(text)"}}"# + "\n")
                    .utf8)
            written += line
            wire.session.feed(fromServer: line)
            while wire.session.toClient.count > 20_000, let (bytes, range) = wire.session.toClient.next {
                taken = taken % 701 + 13
                let part = range.prefix(taken)
                read += bytes[part]
                wire.session.toClient.remove(part.count)
            }
        }
        read += wire.session.toClient.takeAll()
        #expect(read == written)
        #expect(wire.session.toClient.isEmpty)
    }
}
