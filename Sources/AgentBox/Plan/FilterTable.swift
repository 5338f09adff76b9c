import LinuxSystem

/// What the box's system calls need from the supervisor, decided once by ``BoxPlan``.
public struct Mediation: Hashable, Sendable {
    /// TCP sockets are made by the supervisor outside the box's own (empty) network namespace.
    public var tcpSockets = false
    /// Datagram sockets exist in a network that leads somewhere, so each message's address is judged.
    public var datagrams = false
    /// Renames and removals are carried out by the supervisor: write is granted where delete is not.
    public var removals = false
    /// Owners, modes, times and attributes change through the supervisor, and watches are set by it: Landlock does not
    /// know them.
    public var metadata = false
    /// Every exec but the launcher's own is refused and recorded.
    public var refuseExec = true
    /// Every exec is looked at, so that one which the kernel would refuse is told: Landlock and the tracer hold the list.
    public var reportExec = false
    /// Signals to other processes are judged by the supervisor (plain mode before Landlock ABI 6).
    public var signals = false
    /// The other ends of pseudo-terminals are opened by the supervisor: by path they lie among all terminals of the user.
    public var terminals = false
    /// Opens are reported (and left to Landlock), so that refused files can be explained.
    public var observeFiles = false
    /// Which opens the supervisor judges and carries out.
    public var opens = Opens.none
    /// Folders, nodes and links are made by the supervisor, and files shortened by name: a denied name may be among them.
    public var names = false

    public enum Opens: String, Hashable, Sendable {
        case none
        /// Those that could change something, as their flags say.
        case changes
        case all
    }

    public init() {}
}

/// The filter of a box: one table of calls, each with what happens to it.
///
/// An allow-list: a call without a row is unknown here and fails with ENOSYS, as on an older kernel, so that C libraries
/// fall back. Calls known to be dangerous fail with EPERM and are recorded.
struct FilterTable: Hashable, Sendable {
    let mediation: Mediation
    /// Whether the box has a pid namespace of its own.
    let ownProcesses: Bool
    /// Whether the box has a network of its own, which leads nowhere.
    let ownNetwork: Bool
    let landlockABI: Int
    let bluetooth: Bool
    /// Whether somebody can answer notifications.
    let isJudged: Bool
    /// Test-only: what would be judged is left to the kernel.
    let isOpen: Bool

    func filter() -> SyscallFilter {
        var filter = judged()
        if !isJudged { filter = filter.refusingWhatIsJudged() }
        if isOpen { filter = filter.withoutMediation() }
        return filter
    }

    /// What is allowed in every box comes as lists; a rule about one of those calls takes its place.
    private func judged() -> SyscallFilter {
        var rules = [String: CallRule](minimumCapacity: 256)
        for name in Self.dangerous { rules[name] = CallRule(.notify) }
        let judged: FilterAction = mediation.removals || mediation.observeFiles ? .notify : .allow
        for name in Self.removals { rules[name] = CallRule(judged) }
        metadata(&rules)
        processes(&rules)
        devices(&rules)
        sockets(&rules)
        opens(&rules)
        if landlockABI < 5 { handles(&rules) }
        if mediation.names || mediation.observeFiles { for name in Self.names { rules[name] = CallRule(.notify) } }
        setIDs(&rules)
        return SyscallFilter(allowed: Self.harmless, rules: rules, unknown: .fail(38))  // ENOSYS
    }

    // MARK: files

    static let opens = ["open", "openat", "creat"]
    static let names = ["mkdir", "mkdirat", "mknod", "mknodat", "symlink", "symlinkat", "link", "linkat", "truncate"]
    static let removals = ["rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir"]
    static let modes = ["chmod", "fchmod", "fchmodat", "fchmodat2"]
    static let owners = ["chown", "fchown", "fchownat", "lchown"]
    static let metadataCalls = Set(modes + owners + times + attributes)
    static let times = ["utime", "utimes", "utimensat", "futimesat"]
    static let attributes = [
        "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr",
        "removexattrat",
    ]

    /// Nothing below Landlock holds these in plain mode; in namespaces the read-only mounts do.
    private func metadata(_ rules: inout [String: CallRule]) {
        for name in Self.modes + Self.owners + Self.times + Self.attributes {
            rules[name] = CallRule(mediation.metadata ? .notify : .allow)
        }
        if mediation.metadata {
            rules["inotify_add_watch"] = CallRule(.notify)
            return
        }
        // A set-id file would lend the user's rights to whoever runs it.
        for (name, mode) in [("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("fchmodat2", 2)] {
            rules[name, default: .allowed].exceptions = [
                .init([.has(mode, 0o4000)], .fail(1)), .init([.has(mode, 0o2000)], .fail(1)),
            ]
        }
    }

    private func opens(_ rules: inout [String: CallRule]) {
        if mediation.observeFiles || mediation.opens == .all {
            for name in Self.opens { rules[name] = CallRule(.notify) }
            // A handle alone (O_PATH) gives nothing; opening by it is an open again.
            for (name, flags) in [("open", 1), ("openat", 2)] {
                rules[name, default: .allowed].exceptions = [.init([.has(flags, 0o10_000_000)], .allow)]
            }
        } else if mediation.opens == .changes {
            rules["creat"] = CallRule(.notify)
            for (name, flags) in [("open", 1), ("openat", 2)] {
                // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
                rules[name] = CallRule(
                    .allow, unless: [0o1, 0o2, 0o100, 0o1000].map { .init([.has(flags, $0)], .notify) })
            }
        }
        // Its flags and its mode lie in memory, and so does how the path is to be followed. C libraries fall back.
        rules["openat2"] = CallRule(.fail(38))
    }

    /// A set-id file would lend the user's rights to whoever runs it, and an access list can give such a mode its force later.
    private func setIDs(_ rules: inout [String: CallRule]) {
        let setID: [UInt32] = [0o4000, 0o2000], creates: [UInt32] = [0o100, 0o20_000_000]  // O_CREAT, O_TMPFILE
        for (name, mode) in [("creat", 1), ("mknod", 1), ("mknodat", 2)] {
            rules[name, default: .allowed].exceptions.insert(
                contentsOf: setID.map { .init([.has(mode, $0)], .fail(1)) }, at: 0)
        }
        for (name, flags) in [("open", 1), ("openat", 2)] {
            let refused: [CallRule.Exception] = creates.flatMap { flag in
                setID.map { .init([.has(flags, flag), .has(flags + 1, $0)], .fail(1)) }
            }
            rules[name, default: .allowed].exceptions.insert(contentsOf: refused, at: 0)
        }
    }

    /// Opening with access mode 3 asks for neither reading nor writing, so Landlock has nothing to judge: the handle empties
    /// any file before ABI 3 (Linux 6.2), and reaches any device's ioctls before ABI 5 (Linux 6.10). open(2)
    private func handles(_ rules: inout [String: CallRule]) {
        let truncate: UInt32 = 0o1000, accessMode: UInt32 = 3
        for (name, flags) in [("open", 1), ("openat", 2)] {
            var refused: [CallRule.Exception] = [.init([.has(flags, accessMode)], .fail(13))]
            // Landlock holds truncation from ABI 3 on; before that, opening for reading may still empty a file.
            if landlockABI < 3 {
                refused.append(.init([.masked(flags, truncate | accessMode, equals: truncate)], .fail(13)))
            }
            rules[name, default: .allowed].exceptions = refused + rules[name, default: .allowed].exceptions
        }
        if landlockABI < 3 { rules["truncate"] = CallRule(.fail(13)) }
    }

    // MARK: processes

    static let sendingSignals = [
        "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal",
    ]

    private func processes(_ rules: inout [String: CallRule]) {
        rules["memfd_create"] = CallRule(.allow)
        rules["clone3"] = CallRule(.fail(38))  // its flags lie in memory; C libraries fall back to clone
        rules["clone"] = CallRule(
            .allow,
            unless: Self.eachBit(of: CLONE_ANY_NAMESPACE | CLONE_UNTRACED | CLONE_PTRACE | CLONE_PARENT).map {
                .init([.has(0, $0)], .fail(1))
            } + [
                // The supervisor finds a descriptor by its number in the process's table: threads must share it.
                .init([.masked(0, CLONE_THREAD | CLONE_FILES, equals: CLONE_THREAD)], .fail(1))
            ])
        rules["close_range"] = CallRule(.allow, unless: [.init([.has(2, 2)], .fail(1))])  // CLOSE_RANGE_UNSHARE
        let exec: FilterAction = mediation.refuseExec || mediation.reportExec ? .notify : .allow
        for name in ["execve", "execveat"] { rules[name] = CallRule(exec) }
        if !mediation.refuseExec {
            rules["execveat", default: .allowed].exceptions = [.init([.has(4, 0x1000)], .fail(13))]  // AT_EMPTY_PATH
            rules["memfd_create"] = CallRule(.fail(1), unless: [.init([.has(1, 8)], .allow)])  // MFD_NOEXEC_SEAL
        }
        for name in Self.sendingSignals {
            rules[name] = CallRule(mediation.signals ? .notify : .allow)
        }
        if !ownProcesses {
            // Without a pid namespace other processes of the user have numbers here: only oneself may be meant.
            for (name, pid) in [
                ("sched_setaffinity", 0), ("sched_setscheduler", 0), ("sched_setparam", 0), ("sched_setattr", 0),
                ("prlimit64", 0),
            ] {
                rules[name] = CallRule(.fail(1), unless: [.init([.equal(pid, 0)], .allow)])
            }
            // Of oneself or one's process group, which is in a session of its own: 0 may also mean all of the user's.
            for (name, process, group) in [("setpriority", 0, 1), ("ioprio_set", 1, 2)] as [(String, UInt32, UInt32)] {
                rules[name] = CallRule(
                    .fail(1), unless: [process, group].map { .init([.equal(0, $0), .equal(1, 0)], .allow) })
            }
            for name in Self.interProcess { rules[name] = CallRule(.fail(1)) }
        }
        rules["prctl"] = CallRule(
            .allow,
            unless: [
                // The supervisor reads addresses out of the caller, which a process can refuse by this.
                .init([.equal(0, 4), .equal(1, 0)], .fail(1)),  // PR_SET_DUMPABLE
                .init([.equal(0, 53)], .fail(1)),  // PR_SET_SPECULATION_CTRL: mitigations stay as they are
            ])
        rules["personality"] = CallRule(
            .fail(1), unless: [.init([.equal(0, 0)], .allow), .init([.equal(0, .max)], .allow)])
        // A listener of its own would outrank the supervisor's once that has gone. KERNEL-NOTES: F10
        rules["seccomp"] = CallRule(.allow, unless: [.init([.has(1, 8)], .fail(1))])
        // F_SETLEASE stalls whoever opens the file.
        rules["fcntl", default: .allowed].exceptions = [.init([.equal(1, 1024)], .fail(1))]
        if landlockABI < 6 && !ownProcesses {
            rules["fcntl", default: .allowed].exceptions += [
                .init([.equal(1, 8)], .fail(1)), .init([.equal(1, 15)], .fail(1)),  // F_SETOWN, F_SETOWN_EX: SIGIO
            ]
        }
    }

    private static func eachBit(of flags: UInt32) -> [UInt32] { (0..<32).map { 1 << $0 }.filter { flags & $0 != 0 } }

    // MARK: devices

    private func devices(_ rules: inout [String: CallRule]) {
        rules["ioctl"] = CallRule(
            .allow,
            unless: (mediation.terminals ? [.init([.equal(1, Self.openPeer)], .notify)] : [])
                + (Self.refusedRequests + signalOwners).map { .init([.equal(1, $0)], .fail(1)) } + [
                    // Cloning a range is a write to an open file; every other btrfs request manages volumes.
                    .init([.masked(1, 0xffff, equals: 0x9409)], .allow),
                    .init([.masked(1, 0xffff, equals: 0x940d)], .allow),
                    .init([.masked(1, 0xffff, equals: 0x9436)], .allow),
                    .init([.masked(1, 0xff00, equals: 0x9400)], .fail(1)),
                ] + Self.lookingAtFiles.map { .init([.masked(1, 0xffff, equals: $0)], .allow) } + [
                    // The others change a file through a descriptor that may only read: flags, version, verity, encryption.
                    .init([.masked(1, 0xff00, equals: 0x6600)], .fail(1)),
                    .init([.masked(1, 0xffff, equals: 0x7602)], .fail(1)),
                ])
    }

    private static let openPeer: UInt32 = 0x5441  // TIOCGPTPEER

    /// FIOSETOWN and SIOCSPGRP name a process that a socket signals, as F_SETOWN does. Landlock holds them from ABI 6 on.
    private var signalOwners: [UInt32] { landlockABI < 6 && !ownProcesses ? [0x8901, 0x8902] : [] }

    /// FS_IOC_GETFLAGS, GETVERSION, FIEMAP, GET_ENCRYPTION_*, MEASURE_VERITY, READ_VERITY_METADATA. ioctl_fs(2)
    private static let lookingAtFiles: [UInt32] =
        [0x6601, 0x6603, 0x660b, 0x6614, 0x6615, 0x6616, 0x661a, 0x661b, 0x6686, 0x6687]

    /// TIOCSTI, TIOCLINUX, TIOCSETD, TIOCCONS push text or settings into a terminal; FS_IOC_FSSETXATTR changes inode flags.
    private static let refusedRequests: [UInt32] = [0x5412, 0x541c, 0x5423, 0x541d, 0x401c_5820]

    // MARK: network

    private func sockets(_ rules: inout [String: CallRule]) {
        let family = 0, kind = 1, proto = 2
        func socket(_ familyNumber: UInt32, _ kinds: UInt32, _ protocols: [UInt32], _ action: FilterAction)
            -> [CallRule.Exception]
        {
            protocols.map {
                .init([.equal(family, familyNumber), .masked(kind, 0xf, equals: kinds), .equal(proto, $0)], action)
            }
        }
        let unix: UInt32 = 1, netlink: UInt32 = 16, stream: UInt32 = 1, datagram: UInt32 = 2, raw: UInt32 = 3
        let local = socket(unix, stream, [0], .allow) + socket(unix, 5, [0], .allow)
        var allowed = local
        for inet: UInt32 in [2, 10] {
            let tcp: FilterAction = mediation.tcpSockets ? .notify : .allow
            allowed += socket(inet, stream, [0, 6], tcp)
            // In an empty network a datagram leads nowhere but to the stub.
            let udp: FilterAction = ownNetwork || mediation.datagrams ? .allow : .fail(13)
            allowed += socket(inet, datagram, [0, 17], udp)
        }
        allowed += socket(netlink, raw, [0], .allow) + socket(netlink, datagram, [0], .allow)
        // The kernel has Bluetooth in the machine's own network only, so the supervisor makes the socket there.
        if bluetooth { allowed.append(.init([.equal(family, 31)], ownNetwork ? .notify : .allow)) }
        // A known family with another type or protocol: MPTCP, SCTP, raw IP, unix datagrams.
        // EPROTONOSUPPORT
        let known: [CallRule.Exception] = [unix, 2, 10, netlink].map { .init([.equal(family, $0)], .fail(93)) }
        rules["socket"] = CallRule(.fail(97), unless: allowed + known)  // EAFNOSUPPORT
        rules["socketpair"] = CallRule(.fail(97), unless: local + known)
        for name in ["connect", "bind", "listen"] { rules[name] = CallRule(.notify) }
        // Fast open connects without connect(2), past Landlock too.
        let fastOpen: UInt32 = 0x2000_0000
        let sends: FilterAction = mediation.datagrams ? .notify : .allow
        let refuse: (Int) -> CallRule.Exception = { .init([.has($0, fastOpen)], .fail(95)) }  // EOPNOTSUPP
        rules["sendto"] = CallRule(
            .allow, unless: [refuse(3)] + (mediation.datagrams ? [.init([.notNull(4)], .notify)] : []))
        rules["sendmsg"] = CallRule(sends, unless: [refuse(2)])
        rules["sendmmsg"] = CallRule(sends, unless: [refuse(3)])
        rules["setsockopt"] = CallRule(
            .allow, unless: Self.refusedOptions.map { .init([.equal(1, $0.level), .equal(2, $0.option)], .fail(1)) })
    }

    /// Options that choose a route, a device or a protocol of their own, or connect without connect(2).
    private static let refusedOptions: [(level: UInt32, option: UInt32)] =
        // SO_BINDTODEVICE, ATTACH_FILTER, MARK, ATTACH_BPF, ATTACH_REUSEPORT_*, BINDTOIFINDEX
        [25, 26, 36, 50, 51, 52, 62].map { (1, $0) }
        + [4, 19].map { (0, $0) }  // IP_OPTIONS, IP_TRANSPARENT
        + [5, 6, 54, 55, 57, 59, 75].map { (41, $0) }  // IPV6 routing and option headers, TRANSPARENT
        + [19, 23, 30, 31].map { (6, $0) }  // TCP_REPAIR, FASTOPEN, FASTOPEN_CONNECT, ULP
}

extension SyscallFilter {
    /// The same filter for a test-only box without supervisor: what it would judge goes to the kernel, and what it would
    /// only record stays refused.
    func withoutMediation() -> SyscallFilter {
        replacingNotifications { FilterTable.dangerous.contains($0) ? .fail(1) : .allow }
    }

    /// The same filter where nobody can answer notifications: what would be judged is refused.
    func refusingWhatIsJudged() -> SyscallFilter {
        replacingNotifications { name in
            // Language runtimes signal their own threads by it, and which process is meant cannot be compared.
            if name == "tgkill" { return .allow }
            return .fail(FilterTable.dangerous.contains(name) || FilterTable.sendingSignals.contains(name) ? 1 : 13)
        }
    }

    private func replacingNotifications(_ by: (String) -> FilterAction) -> SyscallFilter {
        var filter = self
        for (name, rule) in special {
            let instead = by(name)
            func plain(_ action: FilterAction) -> FilterAction { action == .notify ? instead : action }
            filter.special[name] = CallRule(
                plain(rule.otherwise), unless: rule.exceptions.map { .init($0.tests, plain($0.action)) })
        }
        return filter
    }
}

extension CallRule {
    /// Of the calls that every box may make, before a rule is about them.
    fileprivate static let allowed = CallRule(.allow)
}
