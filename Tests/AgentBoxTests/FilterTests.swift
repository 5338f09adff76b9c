import LinuxSystem
import ManifestModel
import PolicyEngine
import Testing

@testable import AgentBox

@Suite struct FilterTests {
    /// A filter that test reports show by the plan that has it.
    struct Named: CustomTestStringConvertible, Sendable {
        let testDescription: String, filter: SyscallFilter
        init(_ entry: (name: String, filter: SyscallFilter)) { (testDescription, filter) = entry }
    }

    static let cases = PlanScene.filters.flatMap { entry in Architecture.allCases.map { (Named(entry), $0) } }

    @Test("A filter answers each call number as libseccomp's filter of the same rules does", arguments: cases)
    func numbers(named: Named, architecture: Architecture) throws {
        let filter = named.filter
        let ours = filter.compiled(for: architecture), oracle = try SeccompOracle(filter, architecture)
        #expect(ours.count < 4_096)  // BPF_MAXINSNS
        for number: UInt32 in 0...500 {
            for argument: UInt64 in [0, .max] {
                let call = CallData(
                    number: number, architecture: architecture.audit, arguments: Array(repeating: argument, count: 6))
                let answer = try FilterMachine.run(ours, on: call), expected = try oracle.answer(call)
                #expect(answer == expected, "\(architecture.name(of: Int32(number))) with \(argument)")
            }
        }
    }

    @Test("A filter tests arguments as libseccomp's does, whatever the upper halves hold", arguments: cases)
    func arguments(named: Named, architecture: Architecture) throws {
        let filter = named.filter
        let ours = filter.compiled(for: architecture), oracle = try SeccompOracle(filter, architecture)
        var compared = 0
        for (name, rule) in filter.rules where !rule.exceptions.isEmpty {
            guard let number = architecture.number(of: name) else { continue }
            for arguments in Self.interesting(rule) {
                let call = CallData(number: number, architecture: architecture.audit, arguments: arguments)
                let answer = try FilterMachine.run(ours, on: call), expected = try oracle.answer(call)
                if answer != expected { Issue.record("\(name) \(arguments)") }
                compared += 1
            }
        }
        #expect(compared > 1_000)
    }

    /// Arguments that make each exception hold, and their neighbours: one argument replaced by what any test names.
    private static func interesting(_ rule: CallRule) -> Set<[UInt64]> {
        var values: [Int: Set<UInt64>] = [:]
        for test in rule.exceptions.flatMap(\.tests) {
            switch test {
            case .masked(let argument, let mask, let value):
                for near in [
                    value, value &+ 1, value &- 1, value ^ (mask & (0 &- mask)), mask, ~mask, value | ~mask, 0,
                ] {
                    values[argument, default: []].insert(UInt64(near))
                    values[argument, default: []].insert(UInt64(near) | 0xffff_ffff_0000_0000)
                    values[argument, default: []].insert(UInt64(near) | 1 << 32)
                }
            case .notNull(let argument): values[argument, default: []].formUnion([0, 1, 1 << 32, .max])
            }
        }
        var found: Set<[UInt64]> = [[0, 0, 0, 0, 0, 0]]
        for exception in rule.exceptions {
            var holding: [UInt64] = [0, 0, 0, 0, 0, 0]
            for test in exception.tests {
                switch test {
                case .masked(let argument, _, let value): holding[argument] |= UInt64(value)
                case .notNull(let argument): holding[argument] = 1 << 40
                }
            }
            found.insert(holding)
            for (argument, candidates) in values {
                for candidate in candidates {
                    var changed = holding
                    changed[argument] = candidate
                    found.insert(changed)
                }
            }
        }
        return found
    }

    @Test("A call of another architecture is killed, whatever its number", arguments: cases)
    func foreign(named: Named, architecture: Architecture) throws {
        let filter = named.filter
        let program = filter.compiled(for: architecture)
        let other: Architecture = architecture == .x86_64 ? .arm64 : .x86_64
        for audit in [other.audit, 0x4000_0003, 0x4000_0028, 0, .max] as [UInt32] {  // i386 and arm among them
            for number: UInt32 in [0, 1, 59, 11, 500, .max] {
                let answer = try FilterMachine.run(program, on: CallData(number: number, architecture: audit))
                #expect(answer == 0x8000_0000)
            }
        }
    }

    @Test("Numbers of the x32 calls are killed", arguments: PlanScene.filters.map { Named($0) })
    func x32(named: Named) throws {
        let filter = named.filter
        let program = filter.compiled(for: .x86_64)
        for number: UInt32 in [0, 1, 41, 59, 512, 520, 547] {
            let call = CallData(number: 0x4000_0000 | number, architecture: Architecture.x86_64.audit)
            #expect(try FilterMachine.run(program, on: call) == 0x8000_0000)
        }
    }

    @Test("The interpreter refuses programs that the kernel would refuse")
    func interpreter() {
        let call = CallData(number: 0, architecture: 0)
        for program in [
            [], [BPFInstruction(0x20, 64)], [BPFInstruction(0x20, 2)], [BPFInstruction(0x99, 0)],
            [BPFInstruction(0x05, 7)],
        ] {
            #expect(throws: FilterMachine.Fault.self) { try FilterMachine.run(program, on: call) }
        }
    }

    @Test(
        "No filter lets a listener, a namespace, an unseen exec or a kernel door through",
        arguments: PlanScene.filters.map { Named($0) })
    func doors(named: Named) throws {
        let filter = named.filter
        for architecture in Architecture.allCases {
            let program = filter.compiled(for: architecture)
            func answer(_ call: String, _ arguments: [UInt64]) throws -> UInt32? {
                try architecture.number(of: call).map {
                    try FilterMachine.run(
                        program,
                        on: CallData(
                            number: $0, architecture: architecture.audit,
                            arguments: arguments + Array(repeating: 0, count: 6 - arguments.count)))
                }
            }
            let allow: UInt32 = 0x7fff_0000
            let refused: [(String, [UInt64])] = [
                ("seccomp", [1, 8]), ("seccomp", [1, 0xffff_ffff_0000_0008]), ("clone", [0x1000_0000]),
                ("clone", [0x4000_0011]),
                ("clone3", [0, 88]), ("unshare", [0]), ("io_uring_setup", [8]), ("ptrace", [16]), ("mount", []),
                ("bpf", []),
                ("ioctl", [0, 0x5412]), ("ioctl", [0, 0xffff_ffff_0000_5412]),  // TIOCSTI, CVE-2019-10063
                ("socket", [2, 3, 1]), ("socket", [2, 1, 262]), ("socket", [17, 3, 0]), ("socket", [38, 5, 0]),
                ("socket", [1, 2, 0]), ("socketpair", [1, 2, 0]), ("connect", [3]), ("bind", [3]), ("listen", [3]),
                ("prctl", [4, 0]), ("prctl", [0xffff_ffff_0000_0004, 1 << 32]), ("setsockopt", [3, 6, 30]),
                ("personality", [0x0400_0000]), ("close_range", [3, 9, 2]), ("process_vm_writev", [1]), ("keyctl", [0]),
            ]
            for (call, arguments) in refused { #expect(try answer(call, arguments) != allow, "\(call) \(arguments)") }
        }
    }

    @Test("A box without namespaces below Landlock ABI 6 may not name another process for a signal by ioctl or fcntl")
    func signalOwners() throws {
        let plan = BoxPlan(PlanScene.request(OrdinaryManifest.none.granted, on: .ubuntu2404, .plain))
        let program = try #require(plan.filter).compiled(for: .x86_64)
        // FIOSETOWN, SIOCSPGRP
        for (number, argument): (UInt32, UInt64) in [(72, 8), (72, 15), (16, 0x8901), (16, 0x8902)] {
            let call = CallData(
                number: number, architecture: Architecture.x86_64.audit, arguments: [3, argument, 0, 0, 0, 0])
            #expect(try FilterMachine.run(program, on: call) == 0x0005_0001)
        }
    }

    @Test(
        "Below Landlock ABI 5 no file is opened without an access mode: such a handle escapes its rules",
        arguments: [1, 2, 3, 4])
    func accessMode(abi: Int) throws {
        var kernel = KernelFeatures.debian12
        kernel.landlockABI = abi
        let program = try #require(BoxPlan(PlanScene.request(OrdinaryManifest.none.granted, on: kernel, .plain)).filter)
            .compiled(for: .x86_64)
        func answer(_ number: UInt32, _ arguments: [UInt64]) throws -> UInt32 {
            try FilterMachine.run(
                program, on: CallData(number: number, architecture: Architecture.x86_64.audit, arguments: arguments))
        }
        #expect(try answer(2, [0, 3, 0, 0, 0, 0]) == 0x0005_000d)
        #expect(try answer(257, [0, 0, 0o1003, 0, 0, 0]) == 0x0005_000d)
        #expect(try answer(437, [0, 0, 0, 0, 0, 0]) == 0x0005_0026)  // openat2 hides its flags in memory
        #expect(try answer(2, [0, 2, 0, 0, 0, 0]) == 0x7fff_0000)
    }

    @Test(
        "network.bluetooth: the family opens when it is granted, in namespaces by way of the supervisor, and never otherwise",
        arguments: Isolation.allCases, Architecture.allCases)
    func bluetooth(isolation: Isolation, architecture: Architecture) throws {
        func answer(_ isGranted: Bool, _ family: UInt64) throws -> UInt32 {
            var granted = OrdinaryManifest.none.granted
            if isGranted { granted.granted.insert(.bluetooth) }
            let filter = try #require(BoxPlan(PlanScene.request(granted, on: .linux618, isolation)).filter)
            return try FilterMachine.run(
                filter.compiled(for: architecture),
                on: CallData(
                    number: architecture.number(of: "socket")!, architecture: architecture.audit,
                    arguments: [family, 1, 3, 0, 0, 0]))
        }
        let allow: UInt32 = 0x7fff_0000, notify: UInt32 = 0x7fc0_0000, noFamily: UInt32 = 0x0005_0061
        #expect(try answer(true, 31) == (isolation == .namespaces ? notify : allow))
        #expect(try answer(false, 31) == noFamily)
        #expect(try answer(true, 29) == noFamily)  // CAN
    }
}
