internal import CLinuxShims
import Glibc
import SystemPackage

/// What this kernel lets a launcher do, as far as a plan depends on it.
///
/// Probed, never taken from the release: distributions, containers and sysctls take features away.
public struct KernelFeatures: Hashable, Sendable {
    /// As uname(2) gives it: `6.1.0-28-amd64`.
    public var release: String
    /// `x86_64` or `aarch64`.
    public var machine: String
    /// 0: the kernel has no Landlock, or it is switched off.
    public var landlockABI: Int
    /// Whether a filter can hand calls to a supervisor.
    public var userNotification: Bool
    /// Whether a paused caller can be kept from being interrupted by ordinary signals (Linux 5.19).
    public var waitKillable: Bool
    /// Whether pidfd_getfd(2) is there and not refused by a container's filter.
    public var pidfdGetfd: Bool
    public var namespaces: NamespaceSupport
    /// Yama's setting: 0 and 1 allow tracing one's own children, 2 and 3 do not. 0 without Yama.
    public var ptraceScope: Int
    /// Whether ptrace(2) is there and not refused by a container's filter.
    public var ptrace: Bool

    /// Whether calls can be handed to a supervisor that makes them on the caller's descriptors.
    public var canSupervise: Bool { userNotification && pidfdGetfd }
    /// Whether a launcher without privileges may trace its own children.
    public var canTrace: Bool { ptrace && ptraceScope < 2 }

    public init(
        release: String, machine: String, landlockABI: Int, userNotification: Bool, waitKillable: Bool,
        pidfdGetfd: Bool, namespaces: NamespaceSupport, ptraceScope: Int, ptrace: Bool = true
    ) {
        self.release = release
        self.machine = machine
        self.landlockABI = landlockABI
        self.userNotification = userNotification
        self.waitKillable = waitKillable
        self.pidfdGetfd = pidfdGetfd
        self.namespaces = namespaces
        self.ptraceScope = ptraceScope
        self.ptrace = ptrace
    }
}

/// Whether a box can have user, mount, pid, net, ipc and uts namespaces of its own.
public enum NamespaceSupport: Hashable, Sendable {
    /// They were made, with a fresh /proc, in a trial.
    case available
    /// No setting forbids them; nobody tried.
    case unknown
    /// They cannot be had, and why: the setting, or the step and errno of the trial.
    case refused(String)
}

extension KernelFeatures {
    /// This machine's kernel.
    /// - Parameter quick: Ask only what costs microseconds, and leave namespaces ``NamespaceSupport/unknown`` unless a
    ///   setting refuses them. Otherwise they are tried in a child process, which takes milliseconds.
    public static func current(quick: Bool = true) -> KernelFeatures {
        let (release, machine) = kernelName()
        var namespaces = NamespaceSettings.current().verdict
        if !quick { namespaces = NamespaceSettings.trial(after: namespaces) }
        return KernelFeatures(
            release: release, machine: machine, landlockABI: Int(probe_landlock_abi()),
            userNotification: probe_user_notification() == 1, waitKillable: probe_wait_killable() == 1,
            pidfdGetfd: probe_pidfd_getfd() == 1, namespaces: namespaces,
            ptraceScope: kernelSetting("kernel/yama/ptrace_scope") ?? 0, ptrace: probe_ptrace() == 1)
    }
}

/// Release and machine of uname(2), which cannot fail with a valid buffer.
private func kernelName() -> (release: String, machine: String) {
    var name = utsname()
    _ = unsafe uname(&name)
    return (text(of: name.release), text(of: name.machine))
}

/// The text in a fixed array of characters, which Swift sees as a tuple.
private func text<Field>(of field: Field) -> String {
    // The bytes are read while the copy lives.
    unsafe withUnsafeBytes(of: field) { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}

/// A number below `/proc/sys`, or `nil` when this kernel does not have the setting, or hides it.
func kernelSetting(_ name: String) -> Int? {
    guard let bytes = try? readFile(FilePath("/proc/sys").appending(name), limit: 64) else { return nil }
    return Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
}

/// What only `doctor` asks.
extension KernelFeatures {
    /// Installs a filter with a listener in a child process.
    /// - Returns: `nil` when it works; else the step and its errno: EBUSY when another listener watches us already.
    public static func tryListener() -> SyscallError? {
        let result = probe_listener()
        let steps: [CInt: String] = [
            CInt(PROBE_FORK.rawValue): "fork", CInt(PROBE_NO_NEW_PRIVS.rawValue): "prctl(PR_SET_NO_NEW_PRIVS)",
            CInt(PROBE_INSTALL.rawValue): "seccomp",
            CInt(PROBE_ADDFD.rawValue): "ioctl(SECCOMP_IOCTL_NOTIF_ADDFD)",
        ]
        return steps[result.step].map { SyscallError(call: $0, errno: Errno(rawValue: result.error)) }
    }

    /// fs.inotify.max_user_watches
    public static func inotifyWatches() -> Int? { kernelSetting("fs/inotify/max_user_watches") }
}
