import TestSupport
import Testing
import YAMLText

@Suite("Hostile YAML")
struct HostileTextTests {
    @Test("Each limit holds to the exact count")
    func limits() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65))?.description == "1:65: it is nested more than 64 levels deep")
        let words = Array("[a, {b: c}]".utf8)  // two collections, a, b and c
        #expect(refusal(words, limits: YAMLLimits(maxNodes: 5)) == nil)
        #expect(refusal(words, limits: YAMLLimits(maxNodes: 4))?.description == "1:9: more than 4 values")
        #expect(refusal(words, limits: YAMLLimits(maxBytes: words.count)) == nil)
        #expect(
            refusal(words, limits: YAMLLimits(maxBytes: words.count - 1))?.message == "the text is larger than 10 bytes"
        )
    }

    @Test("A billion laughs stop at the first anchor")
    func laughs() {
        let levels = (0..<9).map { level in
            "l\(level): &l\(level) ["
                + Array(repeating: level == 0 ? "ha" : "*l\(level - 1)", count: 9).joined(separator: ",") + "]"
        }
        #expect(
            refusal(Array(levels.joined(separator: "\n").utf8))?.description
                == "1:5: anchors (`&name`) are not read here")
    }

    @Test(
        "A full mebibyte of one thing costs no more than its size",
        arguments: [
            "[", "{", "- ", "? ", "[a: ", "'", "\"", "\n", "#", "a", "a ", "a\n", "a:\n", "|", ",", "- a\n", "[],", "!",
            "&", "*", "%", "%TAG !a! b\n",
            "%YAML 1.2\n", "---\n", "...\n", "\\", "\t", "é", "? a\n: b\n", ": ", "- - a\n", ">\n", "\r\n", "!!str ",
            "a: 'b'\n",
        ])
    func mebibyte(piece: String) {
        let size = 1 << 20
        let bytes = Array(String(repeating: piece, count: size / piece.utf8.count).utf8)
        var error: YAMLError?
        #expect(processorTime { error = refusal(bytes) } < .seconds(20))
        if let error { #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty) }
    }

    @Test("Damaged documents are read or refused, and a refusal has its place within the text", arguments: 0..<8)
    func damage(seed: UInt64) {
        var random = Seeded(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        let original = Array(Self.sample.utf8)
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(Self.marks.randomElement(using: &random)!, at: at)
                case 2: bytes.remove(at: at)
                default:
                    bytes.insert(
                        contentsOf: original[(at % original.count)...].prefix(20),
                        at: Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            check(bytes)
        }
    }

    @Test("A document cut at any byte is read or refused")
    func truncation() {
        let bytes = Array(Self.sample.utf8)
        for count in 0...bytes.count { check(Array(bytes.prefix(count))) }
    }

    private func check(_ bytes: [UInt8]) {
        guard let error = refusal(bytes) else { return }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The end of the text may count as a line of its own.
        #expect((1...lines.count + 1).contains(error.line), "\(error) in \(bytes)")
        let width = error.line <= lines.count ? lines[error.line - 1].count : 0
        #expect((1...width + 1).contains(error.column), "\(error) in \(bytes)")
    }

    private static let marks = Array("[]{}:,-?&*!|>'\"%@`#\\ \t\r\n~<".utf8)
    private static let sample = """
        %YAML 1.2
        ---
        # comment
        readPaths: [./docs, '~/it''s', "a\\u00e9\\n"]
        allowedHosts:
          - "*.example.org:443"
          - !!str 10.0.0.0/8
        listenPorts: [8080, 0x1F, ~]
        limits: {memory: 2G, cpu: 60s}
        notes: |2-
            kept
          here
        more: >+
          folded é
          text 😀

        ? explicit
        : - - nested
            - deep
        ...

        """
}

/// SplitMix64: the same numbers for the same seed, so a failure can be run again.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
