import Glibc
public import LinuxSystem
public import PolicyEngine
public import SystemPackage

/// Gathers what a plan needs to know of this machine: the one place where planning touches it.
public enum HostSurvey {
    /// How many entries of the grants are looked at for protected files before the server starts.
    /// - Parameter isJudged: Whether a supervisor will answer for each open. What is found is then only covered, where the
    ///   box has mounts, and a large tree need not be seen to its end; otherwise that would be a gap.
    static func mostEntries(_ isolation: Isolation, isJudged: Bool) -> Int {
        if !isJudged { return DeniedSearch.mostEntries }
        return isolation == .namespaces ? 2_000 : 0
    }

    /// - Parameters:
    ///   - scratch: The box's own folder for temporary files, already made.
    ///   - withoutLayers: Test-only, as in ``BoxOptions``.
    ///   - mostEntries: Of all grants together, that are searched now.
    public static func facts(
        for granted: EffectivePermissions, launches: [LaunchChain], base: RuntimeBase, kernel: KernelFeatures,
        directory: FilePath, home: FilePath, scratch: FilePath, user: UserIdentity?, isolation: Isolation,
        withoutLayers: Set<BoxLayer> = [], mostEntries: Int? = nil
    ) -> HostFacts {
        var facts = HostFacts(kernel: kernel)
        facts.uid = user?.uid ?? geteuid()
        facts.gid = user?.gid ?? getegid()
        facts.isPrivileged = Capabilities.canAdminister
        facts.directory = directory
        facts.home = home
        facts.scratch = scratch
        let isJudged = kernel.canSupervise && !withoutLayers.contains(.supervisor)
        var search = DeniedSearch(granted, budget: mostEntries ?? Self.mostEntries(isolation, isJudged: isJudged))
        search.run()
        facts.denied = search.found
        // Mounts are said in text. Without a supervisor such a start fails, since nothing else would close the name.
        // A mount would close what was named inside it, too.
        let named = granted.namedForReading + granted.namedForWriting
        for index in facts.denied.indices where isJudged {
            let path = facts.denied[index].path
            if path.string.contains("\u{FFFD}") || named.contains(where: { $0.starts(with: path) }) {
                facts.denied[index].isUncovered = true
            }
        }
        facts.unsearched = search.unsearched
        facts.hasTerminals = !granted.commands.isEmpty && (try? FileStatus(of: "/dev/ptmx")) != nil
        let controllers =
            (granted.limits.memory == nil ? [] : ["memory"]) + (granted.limits.processes == nil ? [] : ["pids"])
        if !controllers.isEmpty { facts.groupParent = ControlGroup.parent(for: controllers) }
        guard isolation == .namespaces else { return facts }
        facts.hasIPv6 = hasGlobalIPv6()
        let grants =
            granted.readPaths + granted.writePaths + granted.deletePaths + granted.reachableSockets
            + granted.serviceFiles
            + granted.devices
        for path in grants { note(path, &facts, pinned: true) }
        facts.links = granted.namedByLinks.flatMap { HostFiles().resolve($0)?.links ?? [] }
        let spare: [FilePath] = ["/mnt", "/media", "/srv", "/opt", "/boot", "/home"]
        let used = grants + launches.flatMap(\.mounted) + base.paths.map(\.path)
        facts.spareFolder =
            spare.first { folder in
                (try? FileStatus(of: folder, followLink: false))?.isDirectory == true
                    && !used.contains { $0.starts(with: folder) }
            } ?? "/mnt"
        for path in base.paths where !path.isFolder { facts.files.insert(path.path) }
        for launch in launches {
            for path in launch.readable where !path.isFolder { facts.files.insert(path.path) }
            facts.files.formUnion(launch.executable)
        }
        facts.accounts = accounts(uid: facts.uid, gid: facts.gid, home: home)
        return facts
    }

    private static func note(_ path: FilePath, _ facts: inout HostFacts, pinned: Bool) {
        guard let status = try? FileStatus(of: path) else { return }
        if pinned { facts.identities[path] = status.identity }
        if !status.isDirectory { facts.files.insert(path) }
    }

    private static func accounts(uid: UInt32, gid: UInt32, home: FilePath) -> HostFacts.Accounts {
        var accounts = HostFacts.Accounts()
        let text = { (path: FilePath) in String(decoding: (try? readFile(path)) ?? [], as: UTF8.self) }
        accounts.passwd = RuntimeBase.passwd(host: text("/etc/passwd"), uid: uid, gid: gid, home: home.string)
        accounts.group = RuntimeBase.group(host: text("/etc/group"), gid: gid)
        return accounts
    }

    /// Whether an address other than loopback (scope 10) and link-local (20) is there. proc_net_if_inet6
    private static func hasGlobalIPv6() -> Bool {
        let lines = ((try? readFile("/proc/net/if_inet6")) ?? []).split(separator: UInt8(ascii: "\n"))
        return lines.contains { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            return fields.count >= 4 && fields[3].elementsEqual("00".utf8)
        }
    }
}
