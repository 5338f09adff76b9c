import StrictJSON
import TestSupport
import Testing

@Suite("Limits of the JSON reader")
struct LimitTests {
    @Test(
        "64 levels are read, 65 are not, 100,000 cost no more", arguments: [(64, true), (65, false), (100_000, false)])
    func depth(levels: Int, allowed: Bool) {
        let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let errors = JSONReader.recover(Array(text.utf8)).errors
        #expect(errors.isEmpty == allowed)
        #expect(allowed || errors.map(\.kind) == [.tooDeep])
        #expect(allowed || errors[0].offset == 64)
    }

    @Test("Depth counts objects and arrays together")
    func mixedDepth() {
        let text = String(repeating: "{\"a\":[", count: 33)
        #expect(JSONReader.recover(Array(text.utf8)).errors.map(\.kind) == [.tooDeep])
    }

    @Test("A text over the limit is refused unread, whatever it holds")
    func tooLarge() {
        let tenMillionEntries =
            [UInt8](repeating: UInt8(ascii: "["), count: 1) + Array(repeatElement(UInt8(ascii: ","), count: 10_000_000))
        #expect(JSONReader.recover(tenMillionEntries).errors.map(\.kind) == [.tooLarge])
    }

    @Test("A text of exactly the limit is read")
    func exactLimit() {
        let text = Array("\"\(String(repeating: "a", count: 98))\"".utf8)
        #expect(JSONReader.recover(text, limits: JSONLimits(maxBytes: 100)).errors.isEmpty)
        #expect(JSONReader.recover(text, limits: JSONLimits(maxBytes: 99)).errors.map(\.kind) == [.tooLarge])
    }

    @Test("A mebibyte of errors ends after the hundredth")
    func manyErrors() {
        let text = Array("[\(String(repeating: "01,", count: 300_000))1]".utf8)
        #expect(JSONReader.recover(text).errors.count == 100)
    }

    @Test("An object with very many keys is read in bounded time")
    func manyKeys() {
        let text = Array("{\((0..<60_000).map { "\"k\($0)\":0" }.joined(separator: ","))}".utf8)
        var errors: [JSONError]?
        let time = processorTime { errors = JSONReader.recover(text).errors }
        #expect(errors == [])
        #expect(time < .seconds(60))
    }
}
