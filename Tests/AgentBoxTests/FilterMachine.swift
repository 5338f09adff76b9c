import CSeccomp
import Glibc
import LinuxSystem

/// What a filter sees of a call. Source: seccomp(2), struct seccomp_data.
struct CallData: Hashable {
    var number: UInt32
    var architecture: UInt32
    var arguments: [UInt64] = [0, 0, 0, 0, 0, 0]

    func word(at offset: UInt32) -> UInt32? {
        switch offset {
        case 0: return number
        case 4: return architecture
        case 8, 12: return 0
        case 16..<64 where offset % 4 == 0:
            let argument = arguments[Int(offset - 16) / 8]
            return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
        default: return nil
        }
    }
}

/// Runs classic BPF as the kernel does, with none of our compiler's knowledge. Source: Linux, networking/filter.rst.
enum FilterMachine {
    enum Fault: Error { case leftTheProgram, badLoad(UInt32), unknownInstruction(UInt16) }

    static func run(_ program: [BPFInstruction], on call: CallData) throws -> UInt32 {
        var accumulator: UInt32 = 0, at = 0
        while true {
            guard program.indices.contains(at) else { throw Fault.leftTheProgram }
            let step = program[at]
            at += 1
            func jump(_ condition: Bool) { at += Int(condition ? step.jumpTrue : step.jumpFalse) }
            switch step.code {
            case 0x20:
                guard let word = call.word(at: step.k) else { throw Fault.badLoad(step.k) }
                accumulator = word
            case 0x54: accumulator &= step.k
            case 0x05: at += Int(step.k)
            case 0x15: jump(accumulator == step.k)
            case 0x25: jump(accumulator > step.k)
            case 0x35: jump(accumulator >= step.k)
            case 0x45: jump(accumulator & step.k != 0)
            case 0x06: return step.k
            default: throw Fault.unknownInstruction(step.code)
            }
        }
    }
}

/// The same rules made by libseccomp. It has no order among rules of one call, so each exception is a filter of its own
/// and the first one that matches decides, as ``CallRule`` says.
final class SeccompOracle {
    struct Failure: Error { let call: String, code: CInt }

    private let architecture: Architecture
    private let numbers: [BPFInstruction]
    private var exceptions: [UInt32: [(program: [BPFInstruction], action: FilterAction)]] = [:]
    private static let marker: UInt32 = 0x0005_0000 | 1234

    init(_ filter: SyscallFilter, _ architecture: Architecture) throws {
        self.architecture = architecture
        // The context lives in the closure's call only.
        numbers = try unsafe Self.export(architecture, otherwise: Self.code(filter.unknown)) { context in
            for (name, rule) in filter.rules where rule.otherwise != filter.unknown {
                try unsafe Self.add(context, name, Self.code(rule.otherwise), [])
            }
        }
        for (name, rule) in filter.rules where !rule.exceptions.isEmpty {
            guard let number = architecture.number(of: name) else { continue }
            exceptions[number] = try rule.exceptions.map { exception in
                let program = try unsafe Self.export(architecture, otherwise: Self.code(.allow)) { context in
                    try unsafe Self.add(context, name, Self.marker, exception.tests)
                }
                return (program, exception.action)
            }
        }
    }

    func answer(_ call: CallData) throws -> UInt32 {
        if call.architecture == architecture.audit {
            for exception in exceptions[call.number] ?? []
            where try FilterMachine.run(exception.program, on: call) == Self.marker {
                return Self.code(exception.action)
            }
        }
        return try FilterMachine.run(numbers, on: call)
    }

    static func code(_ action: FilterAction) -> UInt32 {
        switch action {
        case .allow: 0x7fff_0000
        case .fail(let errno): 0x0005_0000 | UInt32(errno)
        case .notify: 0x7fc0_0000
        case .kill: 0x8000_0000
        }
    }

    private static func add(_ context: scmp_filter_ctx, _ name: String, _ action: UInt32, _ tests: [ArgumentTest])
        throws
    {
        // A negative number stands for a call that this machine lacks; libseccomp translates it for the other one.
        let number = unsafe seccomp_syscall_resolve_name(name)
        if number == -1 { return }  // __NR_SCMP_ERROR: newer than this libseccomp, and our compiler leaves it out too
        // libseccomp takes one comparison for each argument: masks of the same one are joined.
        var masked: [Int: (mask: UInt64, value: UInt64)] = [:]
        var comparisons: [scmp_arg_cmp] = []
        for test in tests {
            switch test {
            case .masked(let argument, let mask, let value):
                let before = masked[argument] ?? (0, 0)
                masked[argument] = (before.mask | UInt64(mask), before.value | UInt64(value))
            case .notNull(let argument):
                comparisons.append(scmp_arg_cmp(arg: UInt32(argument), op: SCMP_CMP_NE, datum_a: 0, datum_b: 0))
            }
        }
        comparisons += masked.map {
            scmp_arg_cmp(arg: UInt32($0.key), op: SCMP_CMP_MASKED_EQ, datum_a: $0.value.mask, datum_b: $0.value.value)
        }
        let code = unsafe seccomp_rule_add_array(context, action, number, UInt32(comparisons.count), comparisons)
        // EDOM: this architecture lacks the call.
        if code != 0 && code != -EDOM { throw Failure(call: "seccomp_rule_add_array \(name)", code: code) }
    }

    private static func export(
        _ architecture: Architecture, otherwise: UInt32, _ rules: (scmp_filter_ctx) throws -> Void
    ) throws -> [BPFInstruction] {
        guard let context = unsafe seccomp_init(otherwise) else { throw Failure(call: "seccomp_init", code: 0) }
        defer { unsafe seccomp_release(context) }
        if architecture != .current {
            unsafe seccomp_arch_add(context, architecture.audit)
            unsafe seccomp_arch_remove(context, Architecture.current.audit)
        }
        let foreign: UInt32 = code(.kill)
        unsafe seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, foreign)
        try unsafe rules(context)
        var name = Array("/tmp/agentbound-filter-XXXXXX".utf8CString)
        let file = OwnedDescriptor(rawValue: unsafe mkstemp(&name))
        unsafe unlink(name)
        let code = unsafe seccomp_export_bpf(context, file.rawValue)
        if code != 0 { throw Failure(call: "seccomp_export_bpf", code: code) }
        lseek(file.rawValue, 0, SEEK_SET)
        let bytes = try file.readAll(limit: 1 << 20)
        return stride(from: 0, to: bytes.count, by: 8).map { at in
            func number(_ range: Range<Int>) -> UInt32 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
            return BPFInstruction(
                UInt16(number(at..<at + 2)), number(at + 4..<at + 8), jumpTrue: bytes[at + 2], jumpFalse: bytes[at + 3])
        }
    }
}
