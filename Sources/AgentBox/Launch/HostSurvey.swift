import Glibc
public import LinuxSystem
public import PolicyEngine
public import SystemPackage

/// Gathers what a plan needs to know of this machine: the one place where planning touches it.
public enum HostSurvey {
    /// What stops a search for protected files: a folder with more entries than this is not searched to its end.
    public static let mostEntries = 20_000

    /// - Parameter scratch: The box's own folder for temporary files, already made.
    public static func facts(
        for granted: EffectivePermissions, launches: [LaunchChain], base: RuntimeBase, kernel: KernelFeatures,
        directory: FilePath, home: FilePath, scratch: FilePath, user: UserIdentity?, isolation: Isolation
    ) -> HostFacts {
        var facts = HostFacts(kernel: kernel)
        facts.uid = user?.uid ?? geteuid()
        facts.gid = user?.gid ?? getegid()
        facts.isPrivileged = Capabilities.canAdminister
        facts.directory = directory
        facts.home = home
        facts.scratch = scratch
        facts.denied = deniedEntries(granted)
        guard isolation == .namespaces else { return facts }
        facts.hasIPv6 = hasGlobalIPv6()
        let grants = granted.readPaths + granted.writePaths + granted.deletePaths + granted.sockets + granted.devices
        for path in grants { note(path, &facts, pinned: true) }
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

    /// What exists, inside the grants, of what must stay closed there.
    private static func deniedEntries(_ granted: EffectivePermissions) -> [HostFacts.DeniedEntry] {
        guard !granted.denied.isEmpty else { return [] }
        var found: [FilePath: HostFacts.DeniedEntry] = [:]
        var budget = mostEntries
        var roots: [FilePath] = []
        for path in (granted.readPaths + granted.writePaths + granted.deletePaths).sorted(by: { $0.string < $1.string })
        where !roots.contains(where: { path.starts(with: $0) }) { roots.append(path) }
        for root in roots { search(root, granted, &found, &budget) }
        return found.values.sorted { $0.path.string < $1.path.string }
    }

    /// Depth first, by name, not through links; what is denied as a whole is not searched below.
    private static func search(
        _ path: FilePath, _ granted: EffectivePermissions, _ found: inout [FilePath: HostFacts.DeniedEntry],
        _ budget: inout Int
    ) {
        guard budget > 0, let status = try? FileStatus(of: path, followLink: false), !status.isSymlink else { return }
        budget -= 1
        let isWritable = (granted.writePaths + granted.deletePaths).contains { path.starts(with: $0) }
        let closed = granted.denial(of: path, for: .read) ?? (isWritable ? granted.denial(of: path, for: .write) : nil)
        if let closed {
            found[path] = HostFacts.DeniedEntry(path: path, isFolder: status.isDirectory, rule: closed)
            return
        }
        guard status.isDirectory else { return }
        for entry in (HostFiles().list(path) ?? []) where !entry.isLink {
            search(path.appending(entry.name), granted, &found, &budget)
        }
    }
}
