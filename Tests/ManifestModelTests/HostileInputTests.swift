import ManifestModel
import StrictJSON
import TestSupport
import Testing

/// SplitMix64: the same bytes on every run, so a failure can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Hostile manifests")
struct HostileInputTests {
    private let valid = Array(completeManifest.utf8)

    /// The one promise for any bytes: a manifest, or at least one error, each with a place inside the text.
    private func check(_ bytes: [UInt8]) -> Bool {
        let reading = AgentManifest.read(bytes)
        return (reading.manifest == nil) == !reading.errors.isEmpty
            && reading.issues.allSatisfy { $0.line >= 1 && $0.column >= 1 }
    }

    @Test("Every beginning of a manifest is refused, and none crashes the reader")
    func truncations() {
        for length in 0..<valid.count {
            let bytes = Array(valid[..<length])
            #expect(AgentManifest.read(bytes).manifest == nil && check(bytes), "the first \(length) bytes")
        }
    }

    @Test("Changed bytes give a manifest or errors", arguments: 1...20 as ClosedRange<UInt64>)
    func byteFlips(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<100 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            #expect(check(bytes), "seed \(seed): \(bytes)")
        }
    }

    @Test("Cut, doubled and moved pieces give a manifest or errors", arguments: 1...20 as ClosedRange<UInt64>)
    func splices(seed: UInt64) {
        var generator = SeededGenerator(state: seed &* 7919)
        for _ in 0..<50 {
            let a = Int.random(in: 0..<valid.count, using: &generator)
            let b = Int.random(in: a...valid.count, using: &generator)
            let c = Int.random(in: 0...valid.count, using: &generator)
            #expect(check(Array(valid[..<c] + valid[a..<b] + valid[c...])))
            #expect(check(Array(valid[..<a] + valid[b...])))
        }
    }

    @Test("Random bytes are refused", arguments: 1...20 as ClosedRange<UInt64>)
    func noise(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(AgentManifest.read(bytes).manifest == nil && check(bytes))
    }

    @Test("G3: a hundred thousand levels are refused at the sixty-fifth")
    func depth() {
        let text = #"{"description":"d","permissions":"# + String(repeating: "[", count: 100_000)
        #expect(AgentManifest.read(Array(text.utf8)).issues.map(\.rule) == [.tooDeep])
    }

    @Test("G3: ten million entries are refused unread")
    func entries() {
        let bytes =
            Array(#"{"description":"d","permissions":["#.utf8) + repeatElement(UInt8(ascii: "1"), count: 20_000_000)
        #expect(AgentManifest.read(bytes).issues.map(\.rule) == [.tooLarge])
    }

    @Test("A mebibyte of unknown permissions gives a hundred issues and a count, in bounded time")
    func manyIssues() {
        let entries = (0..<80_000).map { "\"p\($0)\"" }.joined(separator: ",")
        var reading: ManifestReading?
        let time = processorTime {
            reading = AgentManifest.read(Array("{\"description\":\"d\",\"permissions\":[\(entries)]}".utf8))
        }
        #expect(reading?.issues.count == 100)
        #expect(reading?.omitted == 79_900)
        #expect(reading?.manifest == nil)
        #expect(time < .seconds(60))
    }
}
