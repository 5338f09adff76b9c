import ManifestModel
import Testing

@testable import ManifestGen

/// What is kept of files until all were read.
@Suite("Kept facts")
struct KeptFactsTests {
    @Test("Uses come back as they were written down, whatever their numbers and arguments are")
    func uses() {
        let arguments: [Argument] = [
            .literal(""), .literal("text with ü and \u{1}"), .template(prefix: "a", text: "a b"),
            .filled(7, .literal("/x")), .symbol(.max), .symbol(-1), .number("0x10"), .flag(true), .flag(false), .other,
            .list([.literal("a"), .list([]), .other]), .choice([.number("1"), .symbol(3)]),
        ]
        let numbers: [Int32] = [0, 1, -1, 127, 128, .max, .min]
        var uses: [Use] = []
        for (index, number) in numbers.enumerated() {
            var use = Use(
                symbol: number, kind: .call, offset: number &+ 1, line: number, column: 1 + abs(number / 2),
                function: numbers[(index + 3) % numbers.count])
            use.arguments = Array(arguments.prefix(index * 2))
            if index % 2 == 0 { use.named = ["mode": arguments[index], "": .other] }
            uses.append(use)
            uses.append(Use(symbol: 5, kind: .importing, offset: 9, line: 2, function: -1))
        }
        let kept = KeptUses(uses)
        let back = kept.map { kept.use($0) }
        #expect(back.count == uses.count)
        for (before, after) in zip(uses, back) {
            #expect(before.symbol == after.symbol && before.kind == after.kind && before.function == after.function)
            #expect(before.offset == after.offset && before.line == after.line && before.column == after.column)
            #expect(before.arguments == after.arguments && before.named == after.named)
        }
    }

    @Test("A call with more arguments than are counted keeps the first ones")
    func manyArguments() {
        var use = Use(symbol: 5, kind: .call, offset: 0, line: 1, function: -1)
        use.arguments = (0..<300).map { .number("\($0)") }
        let kept = KeptUses([use, use])
        #expect(kept.map { kept.use($0).arguments } == Array(repeating: Array(use.arguments.prefix(255)), count: 2))
    }

    @Test("A map of few symbols says what a dictionary says")
    func sparseMap() {
        var map = SparseMap<Int>()
        var dictionary: [SymbolID: Int] = [:]
        var state: UInt64 = 1
        for step in 0..<4_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let symbol = step % 3 == 0 ? SymbolID(step) : SymbolID(state >> 33) % 5_000
            let value = state >> 40 & 7 == 0 ? nil : step
            map[symbol] = value
            dictionary[symbol] = value
            #expect(map.count == dictionary.count)
        }
        for symbol in SymbolID(-2)..<5_100 { #expect(map[symbol] == dictionary[symbol]) }
    }

    @Test("A file that does one thing again and again is told of fifty times")
    func often() {
        let code = "import os\ndef main():\n" + String(repeating: "    os.remove('x')\n", count: 120)
        #expect(draft(.python, code).findings.count { $0.permission == .filesystemDelete } == 50)
    }
}
