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
    /// Calls that are allowed where no rule is about them. Lists, since a table of all of them takes longer to make than the filter.
    public var allowed: [[String]]
    /// For the others.
    public var special: [String: CallRule]
    /// For calls without a rule.
    public var unknown: FilterAction

    public init(allowed: [[String]] = [], rules: [String: CallRule], unknown: FilterAction) {
        self.allowed = allowed
        special = rules
        self.unknown = unknown
    }

    /// All of them in one table.
    public var rules: [String: CallRule] {
        var all: [String: CallRule] = [:]
        for names in allowed { for name in names { all[name] = CallRule(.allow) } }
        return all.merging(special) { $1 }
    }
}
