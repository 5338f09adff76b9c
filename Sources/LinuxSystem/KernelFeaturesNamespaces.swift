internal import CLinuxShims
import Glibc
import SystemPackage

/// The settings that can refuse namespaces before anyone tries.
struct NamespaceSettings: Hashable, Sendable {
    /// The user that would make them.
    var isRoot = false
    /// user.max_user_namespaces
    var maximum: Int?
    /// kernel.unprivileged_userns_clone: Debian's and Arch's own switch.
    var unprivilegedClone: Int?
    /// kernel.apparmor_restrict_unprivileged_userns: Ubuntu 23.10 and later.
    var appArmorRestricts: Int?
    /// Our own AppArmor label: a profile with `userns,` lifts the restriction for us.
    var appArmorLabel: String?

    static func current() -> NamespaceSettings {
        var settings = NamespaceSettings()
        settings.isRoot = geteuid() == 0
        settings.maximum = kernelSetting("user/max_user_namespaces")
        settings.unprivilegedClone = kernelSetting("kernel/unprivileged_userns_clone")
        settings.appArmorRestricts = kernelSetting("kernel/apparmor_restrict_unprivileged_userns")
        if settings.appArmorRestricts == 1, let label = try? readFile("/proc/self/attr/current", limit: 256) {
            settings.appArmorLabel = String(
                decoding: label.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }, as: UTF8.self)
        }
        return settings
    }

    /// ``NamespaceSupport/unknown`` unless a setting refuses them.
    var verdict: NamespaceSupport {
        if maximum == 0 { return .refused("user.max_user_namespaces is 0") }
        if isRoot { return .unknown }
        if unprivilegedClone == 0 { return .refused("kernel.unprivileged_userns_clone is 0") }
        // Under a profile of its own a program may have the right; only the trial knows.
        if appArmorRestricts == 1, appArmorLabel ?? "unconfined" == "unconfined" {
            return .refused("kernel.apparmor_restrict_unprivileged_userns is 1")
        }
        return .unknown
    }

    /// Makes them in a child process, unless a setting refused them already.
    static func trial(after verdict: NamespaceSupport) -> NamespaceSupport {
        if case .refused = verdict { return verdict }
        let result = probe_namespaces()
        guard let step = stepNames[result.step] else { return .available }
        return .refused("\(step): \(Errno(rawValue: result.error))")
    }

    private static let stepNames: [CInt: String] = [
        CInt(PROBE_FORK.rawValue): "fork",
        CInt(PROBE_UNSHARE.rawValue): "unshare",
        CInt(PROBE_ID_MAP.rawValue): "writing uid_map",
        CInt(PROBE_PRIVATE_MOUNTS.rawValue): "making mounts private",
        CInt(PROBE_TMPFS.rawValue): "mounting a tmpfs",
        CInt(PROBE_PROC.rawValue): "mounting a fresh /proc",
    ]
}
