extension SyscallFilter {
    /// Pure: the instructions for `architecture`. Foreign architectures are killed, and on x86-64 the x32 calls too.
    ///
    /// Libseccomp's own export takes 1.9 ms for this filter, half of what a start may cost; a binary search over
    /// ranges of numbers takes some microseconds, and the tests compare it with libseccomp's result. The kernel spends
    /// its time by the instruction (a third of a microsecond each, while the server waits), so there are few of them.
    public func compiled(for architecture: Architecture) -> [BPFInstruction] {
        var compiler = FilterCompiler()
        compiler.program = [
            BPFInstruction(BPF.load, 4),  // seccomp_data.arch
            BPFInstruction(BPF.jumpEqual, architecture.audit, jumpTrue: 1, jumpFalse: 0),
            BPFInstruction(BPF.result, FilterAction.kill.code),
            BPFInstruction(BPF.load, 0),  // seccomp_data.nr
        ]
        if architecture == .x86_64 {
            // x32 numbers carry this bit and are judged nowhere else.
            compiler.program.append(BPFInstruction(BPF.jumpAtLeast, 0x4000_0000, jumpTrue: 0, jumpFalse: 1))
            compiler.program.append(BPFInstruction(BPF.result, FilterAction.kill.code))
        }
        let ranges = ranges(architecture)
        compiler.program.reserveCapacity(512)
        compiler.search(ranges[...])
        return compiler.program
    }

    /// The numbers from `start` to the next range's have one rule.
    fileprivate struct NumberRange {
        var start: UInt32
        var rule: CallRule
    }

    private func ranges(_ architecture: Architecture) -> [NumberRange] {
        // By number: sorting rules took longer than looking all numbers up.
        var numbered = [CallRule?](repeating: nil, count: 512)
        func set(_ name: String, _ rule: CallRule) {
            guard let number = architecture.number(of: name) else { return }
            while number >= numbered.count { numbered.append(nil) }
            numbered[Int(number)] = rule
        }
        let allow = CallRule(.allow)
        for names in allowed { for name in names { set(name, allow) } }
        for (name, rule) in special { set(name, rule) }
        let unknown = CallRule(unknown)
        var ranges = [NumberRange(start: 0, rule: numbered[0] ?? unknown)]
        ranges.reserveCapacity(256)
        for number in 1...numbered.count {
            let rule = number < numbered.count ? numbered[number] ?? unknown : unknown
            if ranges[ranges.count - 1].rule != rule { ranges.append(NumberRange(start: UInt32(number), rule: rule)) }
        }
        return ranges
    }
}

/// Writes a filter's instructions, and knows what the accumulator holds at their end.
private struct FilterCompiler {
    var program: [BPFInstruction] = []

    /// An argument's lower half, as far as a mask lets it through.
    private struct Word: Equatable {
        var argument: Int
        var mask: UInt32
    }

    private typealias Exception = CallRule.Exception

    mutating func search(_ ranges: ArraySlice<SyscallFilter.NumberRange>) {
        if ranges.count == 1 {
            let rule = ranges[ranges.startIndex].rule
            var held: Word?
            if rule.exceptions.isEmpty || !tests(rule.exceptions[...], &held) { finish(rule.otherwise) }
            return
        }
        let middle = ranges.startIndex + ranges.count / 2
        let node = program.count
        program.append(BPFInstruction(BPF.jumpAtLeast, ranges[middle].start))
        search(ranges[..<middle])
        let below = program.count - node - 1
        if below < 256 {
            program[node].jumpTrue = UInt8(below)
        } else {
            // Conditional jumps reach 255 instructions; the plain jump reaches any. All other jumps are relative.
            program[node].jumpFalse = 1
            program.insert(BPFInstruction(BPF.jump, UInt32(below)), at: node + 1)
        }
        search(ranges[middle...])
    }

    private mutating func finish(_ action: FilterAction) { program.append(BPFInstruction(BPF.result, action.code)) }

    /// Tests one exception after the other.
    /// - Parameter held: What the accumulator holds, on every way to here.
    /// - Returns: Whether no call gets past them.
    private mutating func tests(_ exceptions: ArraySlice<Exception>, _ held: inout Word?) -> Bool {
        var at = exceptions.startIndex
        while at < exceptions.endIndex {
            guard let first = exceptions[at].tests.first else {
                finish(exceptions[at].action)
                return true
            }
            var next = at + 1
            while next < exceptions.endIndex, isAlike(exceptions[at], exceptions[next]) { next += 1 }
            if next > at + 1 {
                anyOf(exceptions[at..<next], &held)
                at = next
                continue
            }
            while next < exceptions.endIndex, exceptions[next].tests.first == first { next += 1 }
            let rest = exceptions[at..<next].map { Exception(Array($0.tests.dropFirst()), $0.action) }
            unless(first, &held) { compiler, held in compiler.tests(rest[...], &held) }
            at = next
        }
        return false
    }

    /// Whether two exceptions have one test each, on the same word, and end the same way.
    private func isAlike(_ one: Exception, _ other: Exception) -> Bool {
        guard one.action == other.action, one.tests.count == 1, other.tests.count == 1,
            case .masked(let argument, let mask, let value) = one.tests[0],
            case .masked(argument, let otherMask, let otherValue) = other.tests[0]
        else { return false }
        return isBit(mask, value) ? isBit(otherMask, otherValue) : mask == otherMask && !isBit(otherMask, otherValue)
    }

    private func isBit(_ mask: UInt32, _ value: UInt32) -> Bool { value == mask && mask.nonzeroBitCount == 1 }

    /// Exceptions that are alike: one of several bits, or of several values.
    private mutating func anyOf(_ exceptions: ArraySlice<Exception>, _ held: inout Word?) {
        var bits: UInt32 = 0
        var values: [UInt32] = []
        var word = Word(argument: 0, mask: .max)
        for exception in exceptions {
            guard case .masked(let argument, let mask, let value) = exception.tests[0] else { continue }
            word.argument = argument
            if isBit(mask, value) {
                bits |= value
            } else {
                word.mask = mask
                values.append(value)
            }
        }
        load(word, &held)
        if values.isEmpty {
            program.append(BPFInstruction(BPF.jumpSet, bits, jumpTrue: 0, jumpFalse: 1))
        } else {
            for (index, value) in values.enumerated() {
                let left = UInt8(values.count - 1 - index)
                program.append(
                    BPFInstruction(BPF.jumpEqual, value, jumpTrue: left, jumpFalse: left == 0 ? 1 : 0))
            }
        }
        finish(exceptions[exceptions.startIndex].action)
    }

    /// What `body` writes, jumped over where the test fails.
    private mutating func unless(
        _ test: ArgumentTest, _ held: inout Word?, body: (inout FilterCompiler, inout Word?) -> Bool
    ) {
        let jumpsWhenTrue: Bool
        switch test {
        case .masked(let argument, let mask, let value):
            if isBit(mask, value) || value == 0 {
                load(Word(argument: argument, mask: .max), &held)
                program.append(BPFInstruction(BPF.jumpSet, mask))
                jumpsWhenTrue = value == 0
            } else {
                load(Word(argument: argument, mask: mask), &held)
                program.append(BPFInstruction(BPF.jumpEqual, value))
                jumpsWhenTrue = false
            }
        case .notNull(let argument):
            program.append(BPFInstruction(BPF.load, 16 + 8 * UInt32(argument)))
            program.append(BPFInstruction(BPF.jumpEqual, 0, jumpTrue: 0, jumpFalse: 2))
            program.append(BPFInstruction(BPF.load, 20 + 8 * UInt32(argument)))
            program.append(BPFInstruction(BPF.jumpEqual, 0))
            jumpsWhenTrue = true
            held = nil
        }
        let node = program.count - 1
        var inside = held
        let ends = body(&self, &inside)
        let length = program.count - node - 1
        // The longest list of exceptions that there is has some sixty instructions.
        precondition(length < 256, "a rule's exceptions are too long for one jump")
        if jumpsWhenTrue { program[node].jumpTrue = UInt8(length) } else { program[node].jumpFalse = UInt8(length) }
        if !ends && inside != held { held = nil }
    }

    private mutating func load(_ word: Word, _ held: inout Word?) {
        if held == word { return }
        if held != Word(argument: word.argument, mask: .max) {
            program.append(BPFInstruction(BPF.load, 16 + 8 * UInt32(word.argument)))
        }
        if word.mask != .max { program.append(BPFInstruction(BPF.and, word.mask)) }
        held = word
    }
}

/// Opcodes of linux/bpf_common.h that a filter uses.
private enum BPF {
    static let load: UInt16 = 0x20  // LD | W | ABS
    static let and: UInt16 = 0x54  // ALU | AND | K
    static let jump: UInt16 = 0x05  // JMP | JA
    static let jumpEqual: UInt16 = 0x15  // JMP | JEQ | K
    static let jumpAtLeast: UInt16 = 0x35  // JMP | JGE | K
    static let jumpSet: UInt16 = 0x45  // JMP | JSET | K
    static let result: UInt16 = 0x06  // RET | K
}
