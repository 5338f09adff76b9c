public import LinuxSystem

/// What this machine can enforce, line by line. Pure: facts in, words out.
public struct DoctorReport: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable { case ok, warn, fail }

    public struct Line: Hashable, Sendable {
        /// Stable, for `--json`: `landlock`.
        public var id: String
        public var status: Status
        public var title: String
        public var detail: String
        /// What to do; `nil` when there is nothing to do.
        public var fix: String?

        init(_ id: String, _ status: Status, _ title: String, _ detail: String, fix: String? = nil) {
            self.id = id
            self.status = status
            self.title = title
            self.detail = detail
            self.fix = fix
        }
    }

    public let lines: [Line]

    public init(features: KernelFeatures, machine: MachineFacts) {
        lines =
            [
                Self.kernel(features), Self.landlock(features.landlockABI), Self.notification(features, machine),
                Self.descriptors(features), Self.namespaces(features.namespaces), Self.tracing(features),
                Self.user(machine), Self.cgroup(machine),
            ] + Self.limits(machine) + [Self.build(machine)] + machine.folders.map(Self.folder)
    }

    /// Whether some box can start here: nothing failed.
    public var canStartBoxes: Bool { !lines.contains { $0.status == .fail } }

    /// 69 is sysexits' "service unavailable": this kernel lacks what a box needs.
    public var exitCode: Int32 { canStartBoxes ? 0 : 69 }

    // MARK: Kernel

    private static func kernel(_ features: KernelFeatures) -> Line {
        let known = ["x86_64", "aarch64"].contains(features.machine)
        return Line(
            "kernel", known ? .ok : .fail, "kernel", "Linux \(features.release) on \(features.machine)",
            fix: known ? nil : "boxes are made for x86-64 and arm64 only")
    }

    /// What each Landlock ABI added, and what stands in for it below. landlock(7), "Compatibility"
    static let landlockSteps: [(abi: Int, adds: String, without: String)] = [
        (2, "moving files between folders", "files cannot be moved between folders"),
        (3, "truncation", "truncation is decided by the supervisor"),
        (4, "TCP", "connections are held by the supervisor alone"),
        (5, "device ioctls", "device ioctls are held by the filter alone"),
        (6, "signals and abstract sockets", "signals and abstract sockets are decided by the supervisor"),
        (7, "its own denial log", "denials are not in the kernel's audit log"),
    ]

    private static func landlock(_ abi: Int) -> Line {
        if abi == 0 {
            return Line(
                "landlock", .fail, "Landlock", "not there: no file can be held back",
                fix:
                    "Linux 5.13 or later with `landlock` in CONFIG_LSM, or `lsm=landlock,...` on the kernel's command line; "
                    + "in a container its seccomp profile must allow landlock_create_ruleset")
        }
        let missing = landlockSteps.filter { $0.abi > abi }
        if missing.isEmpty { return Line("landlock", .ok, "Landlock", "ABI \(abi)") }
        // Only the log is missing at ABI 6, and no box rests on it.
        let weaker = missing.contains { $0.abi < 7 }
        return Line(
            "landlock", weaker ? .warn : .ok, "Landlock",
            "ABI \(abi): "
                + missing.map { "no rights for \($0.adds) (ABI \($0.abi)), so \($0.without)" }.joined(separator: "; "),
            fix: weaker ? "a later kernel holds these itself; ordinary manifests work on this one" : nil)
    }

    private static func notification(_ features: KernelFeatures, _ machine: MachineFacts) -> Line {
        let title = "supervisor"
        guard features.userNotification else {
            return Line(
                "notification", .fail, title, "the kernel's seccomp cannot notify a supervisor",
                fix: "Linux 5.14 or later with CONFIG_SECCOMP_FILTER; in a container allow seccomp(2)")
        }
        switch machine.listener {
        case .busy:
            return Line(
                "notification", .fail, title,
                "another supervisor watches this process already, and there can be one only",
                fix: "start agentbound outside the other sandbox or container runtime")
        case .refused(let why):
            return Line(
                "notification", .fail, title, "a filter with a listener was refused: \(why)", fix: "Linux 5.14 or later"
            )
        case .works, .notTried: break
        }
        if features.waitKillable {
            return Line("notification", .ok, title, "notifications, answered undisturbed by signals")
        }
        return Line(
            "notification", .warn, title, "notifications work, but a signal can interrupt a paused call",
            fix: "Linux 5.19 or later keeps signals back until the answer")
    }

    private static func descriptors(_ features: KernelFeatures) -> Line {
        if features.pidfdGetfd { return Line("pidfd_getfd", .ok, "descriptors", "pidfd_getfd is permitted") }
        return Line(
            "pidfd_getfd", .warn, "descriptors",
            "pidfd_getfd is missing or refused: a manifest with network rights may have gaps",
            fix:
                "Linux 5.6 or later; with Docker allow pidfd_getfd in a seccomp profile of your own (--security-opt seccomp=FILE)"
        )
    }

    // MARK: What varies with the distribution

    private static func namespaces(_ support: NamespaceSupport) -> Line {
        switch support {
        case .available:
            return Line("namespaces", .ok, "namespaces", "user, mount, pid, net, ipc and uts, with a fresh /proc")
        case .unknown: return Line("namespaces", .warn, "namespaces", "not tried; no setting forbids them")
        case .refused(let why):
            return Line(
                "namespaces", .warn, "namespaces", "refused (\(why)): boxes hold as tightly, but hide less",
                fix: namespaceFix(why))
        }
    }

    private static func namespaceFix(_ why: String) -> String {
        if why.contains("apparmor_restrict_unprivileged_userns") {
            return "Ubuntu's AppArmor switch. For agentbound alone: write `abi <abi/4.0>, profile agentbound "
                + "/usr/local/bin/agentbound flags=(unconfined) { userns, }` (with the path it is installed at) to "
                + "/etc/apparmor.d/agentbound and run `sudo apparmor_parser -r /etc/apparmor.d/agentbound`. "
                + "For every program: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
        }
        if why.contains("unprivileged_userns_clone") { return "`sudo sysctl kernel.unprivileged_userns_clone=1`" }
        if why.contains("max_user_namespaces") { return "`sudo sysctl user.max_user_namespaces=15000`" }
        if why.contains("/proc") {
            return "a container masks parts of /proc: start it with --security-opt systempaths=unconfined"
        }
        return "containers usually forbid them; nothing needs to be done for `--isolation plain`"
    }

    private static func tracing(_ features: KernelFeatures) -> Line {
        let scope = features.ptraceScope
        if !features.ptrace {
            return Line(
                "ptrace", .warn, "tracing",
                "ptrace is refused: command lists cannot be held, nor boxes without namespaces",
                fix: "in a container, a profile that allows ptrace")
        }
        switch scope {
        case 0, 1: return Line("ptrace", .ok, "tracing", "Yama ptrace_scope is \(scope)")
        default:
            return Line(
                "ptrace", .warn, "tracing", "Yama ptrace_scope is \(scope): command lists cannot be held",
                fix: scope == 2
                    ? "`sudo sysctl kernel.yama.ptrace_scope=1`, or no --allow-command"
                    : "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and restart: 3 cannot be lowered while running")
        }
    }
}
