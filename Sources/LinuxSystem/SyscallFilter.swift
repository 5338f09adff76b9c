/// What the kernel does with a system call. Source: seccomp(2).
public enum FilterAction: Hashable, Sendable {
    case allow
    /// The call is not made and fails with this errno.
    case fail(UInt16)
    /// The call waits until the supervisor has answered it.
    case notify
    /// The whole process is killed.
    case kill

    var code: UInt32 {
        switch self {
        case .allow: 0x7fff_0000
        case .fail(let errno): 0x0005_0000 | UInt32(errno)
        case .notify: 0x7fc0_0000
        case .kill: 0x8000_0000
        }
    }
}

/// A test on one argument. The kernel reads most arguments as 32 bits wide, so the upper half must not decide:
/// a filter that compares 64 bits is passed by setting it (CVE-2019-10063).
public enum ArgumentTest: Hashable, Sendable {
    /// `argument & mask == value`, on the lower 32 bits.
    case masked(_ argument: Int, _ mask: UInt32, equals: UInt32)
    /// A pointer that is not null, on all 64 bits.
    case notNull(_ argument: Int)

    public static func equal(_ argument: Int, _ value: UInt32) -> ArgumentTest {
        .masked(argument, .max, equals: value)
    }
    public static func has(_ argument: Int, _ bits: UInt32) -> ArgumentTest { .masked(argument, bits, equals: bits) }
    public static func lacks(_ argument: Int, _ bits: UInt32) -> ArgumentTest { .masked(argument, bits, equals: 0) }
}

/// What happens to one system call: the first exception whose tests all hold decides, else `otherwise`.
public struct CallRule: Hashable, Sendable {
    public var exceptions: [Exception]
    public var otherwise: FilterAction

    public struct Exception: Hashable, Sendable {
        public var tests: [ArgumentTest]
        public var action: FilterAction
        public init(_ tests: [ArgumentTest], _ action: FilterAction) {
            self.tests = tests
            self.action = action
        }
    }

    public init(_ otherwise: FilterAction, unless exceptions: [Exception] = []) {
        self.exceptions = exceptions
        self.otherwise = otherwise
    }
}

/// A whole filter as a value: rules by name of call, and what happens to calls without one.
public struct SyscallFilter: Hashable, Sendable {
    public var rules: [String: CallRule]
    /// For calls without a rule.
    public var unknown: FilterAction

    public init(rules: [String: CallRule], unknown: FilterAction) {
        self.rules = rules
        self.unknown = unknown
    }

    /// Pure: the instructions for `architecture`. Foreign architectures are killed, and on x86-64 the x32 calls too.
    ///
    /// Libseccomp's own export takes 1.9 ms for this filter, half of what a start may cost; a binary search over
    /// ranges of numbers takes some microseconds, and the tests compare it with libseccomp's result.
    public func compiled(for architecture: Architecture) -> [BPFInstruction] {
        var program = [
            BPFInstruction(BPF.load, 4),  // seccomp_data.arch
            BPFInstruction(BPF.jumpEqual, architecture.audit, jumpTrue: 1, jumpFalse: 0),
            BPFInstruction(BPF.result, FilterAction.kill.code),
            BPFInstruction(BPF.load, 0),  // seccomp_data.nr
        ]
        if architecture == .x86_64 {
            // x32 numbers carry this bit and are judged nowhere else.
            program.append(BPFInstruction(BPF.jumpAtLeast, 0x4000_0000, jumpTrue: 0, jumpFalse: 1))
            program.append(BPFInstruction(BPF.result, FilterAction.kill.code))
        }
        var numbered: [(number: UInt32, rule: CallRule)] = []
        numbered.reserveCapacity(rules.count)
        for (name, rule) in rules {
            if let number = architecture.number(of: name) { numbered.append((number, rule)) }
        }
        numbered.sort { $0.number < $1.number }
        var ranges: [(start: UInt32, rule: CallRule)] = []
        ranges.reserveCapacity(2 * rules.count + 1)
        func add(_ start: UInt32, _ rule: CallRule) {
            if let last = ranges.last, last.start == start { ranges.removeLast() }
            if ranges.last?.rule != rule { ranges.append((start, rule)) }
        }
        add(0, CallRule(unknown))
        for (number, rule) in numbered {
            add(number, rule)
            add(number + 1, CallRule(unknown))
        }
        program.reserveCapacity(4 * ranges.count)
        search(ranges[...], &program)
        return program
    }

    private func search(_ ranges: ArraySlice<(start: UInt32, rule: CallRule)>, _ program: inout [BPFInstruction]) {
        if ranges.count == 1 { return leaf(ranges.first!.rule, &program) }
        let middle = ranges.startIndex + ranges.count / 2
        // Conditional jumps reach 255 instructions; the plain jump reaches any.
        let node = program.count
        program.append(BPFInstruction(BPF.jumpAtLeast, ranges[middle].start, jumpTrue: 0, jumpFalse: 1))
        program.append(BPFInstruction(BPF.jump, 0))
        search(ranges[..<middle], &program)
        program[node + 1].k = UInt32(program.count - node - 2)
        search(ranges[middle...], &program)
    }

    private func leaf(_ rule: CallRule, _ program: inout [BPFInstruction]) {
        for exception in rule.exceptions { program += test(exception) }
        program.append(BPFInstruction(BPF.result, rule.otherwise.code))
    }

    /// Tests, then the action; a test that fails jumps behind the action.
    private func test(_ exception: CallRule.Exception) -> [BPFInstruction] {
        var code = [BPFInstruction(BPF.result, exception.action.code)]
        for test in exception.tests.reversed() {
            let behind = UInt8(code.count)
            switch test {
            case .masked(let argument, let mask, let value):
                code =
                    [
                        BPFInstruction(BPF.load, 16 + 8 * UInt32(argument)),
                        BPFInstruction(BPF.and, mask),
                        BPFInstruction(BPF.jumpEqual, value, jumpTrue: 0, jumpFalse: behind),
                    ] + code
            case .notNull(let argument):
                code =
                    [
                        BPFInstruction(BPF.load, 16 + 8 * UInt32(argument)),
                        BPFInstruction(BPF.jumpEqual, 0, jumpTrue: 0, jumpFalse: 2),
                        BPFInstruction(BPF.load, 20 + 8 * UInt32(argument)),
                        BPFInstruction(BPF.jumpEqual, 0, jumpTrue: behind, jumpFalse: 0),
                    ] + code
            }
        }
        return code
    }
}

/// Opcodes of linux/bpf_common.h that a filter uses.
enum BPF {
    static let load: UInt16 = 0x20  // LD | W | ABS
    static let and: UInt16 = 0x54  // ALU | AND | K
    static let jump: UInt16 = 0x05  // JMP | JA
    static let jumpEqual: UInt16 = 0x15  // JMP | JEQ | K
    static let jumpAtLeast: UInt16 = 0x35  // JMP | JGE | K
    static let result: UInt16 = 0x06  // RET | K
}
