internal import CSeccomp
internal import Glibc

/// The processor families that have a filter.
public enum Architecture: String, Hashable, Sendable, CaseIterable {
    case x86_64
    case arm64

    /// Number of linux/audit.h that seccomp reports.
    public var audit: UInt32 { self == .x86_64 ? 0xc000_003e : 0xc000_00b7 }

    /// The one this program was built for.
    public static var current: Architecture {
        #if arch(x86_64)
            .x86_64
        #elseif arch(arm64)
            .arm64
        #endif
    }

    /// The call's number here, or `nil` where this architecture lacks it. Source: libseccomp's tables.
    public func number(of call: String) -> UInt32? {
        // libseccomp reads the name during the call only; a negative answer is a call of other architectures.
        let number = unsafe seccomp_syscall_resolve_name_arch(audit, call)
        return number >= 0 ? UInt32(number) : nil
    }

    /// The call's name, or its number where libseccomp has none.
    public func name(of number: Int32) -> String {
        guard let name = unsafe seccomp_syscall_resolve_num_arch(audit, number) else { return "call \(number)" }
        defer { unsafe free(name) }
        return unsafe String(cString: name)
    }
}
