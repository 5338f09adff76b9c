import Glibc
public import LinuxSystem
public import PolicyEngine
public import SystemPackage

/// Gathers what a plan needs to know of this machine: the one place where planning touches it.
public enum HostSurvey {
    /// What stops a search for protected files: in grants with more entries than this some may be missed, which is a gap.
    /// The search takes 1.5 µs an entry.
    public static let mostEntries = 500_000

    /// - Parameters:
    ///   - scratch: The box's own folder for temporary files, already made.
    ///   - mostEntries: For all grants together.
    public static func facts(
        for granted: EffectivePermissions, launches: [LaunchChain], base: RuntimeBase, kernel: KernelFeatures,
        directory: FilePath, home: FilePath, scratch: FilePath, user: UserIdentity?, isolation: Isolation,
        mostEntries: Int = HostSurvey.mostEntries
    ) -> HostFacts {
        var facts = HostFacts(kernel: kernel)
        facts.uid = user?.uid ?? geteuid()
        facts.gid = user?.gid ?? getegid()
        facts.isPrivileged = Capabilities.canAdminister
        facts.directory = directory
        facts.home = home
        facts.scratch = scratch
        searchForDenied(granted, mostEntries, &facts)
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
        let spare: [FilePath] = ["/mnt", "/media", "/srv", "/opt", "/boot", "/home"]
        let used = grants + launches.flatMap { $0.readable.map(\.path) + $0.executable } + base.paths.map(\.path)
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

    /// What exists, inside the grants, of what must stay closed there.
    private static func searchForDenied(_ granted: EffectivePermissions, _ budget: Int, _ facts: inout HostFacts) {
        let finder = DenialFinder(granted)
        if finder.isEmpty { return }
        var roots: [FilePath] = []
        for path in (granted.readPaths + granted.writePaths + granted.deletePaths).sorted(by: { $0.string < $1.string })
        where !roots.contains(where: { path.starts(with: $0) }) { roots.append(path) }
        var search = DeniedSearch(
            finder: finder, roots: roots, writable: granted.writePaths + granted.deletePaths, budget: budget)
        for root in roots { search.lookBelow(root) }
        // A file that is found by its own name and behind a link is closed to all that either says.
        let found = Dictionary(search.found.map { ($0.path, $0) }) { $0.rule.access == .all ? $0 : $1 }
        facts.denied = found.values.sorted { $0.path.string < $1.path.string }
        facts.unsearched = search.unsearched
    }
}

/// A search for denied names, breadth first, not through links; what is denied as a whole is not searched below.
private struct DeniedSearch {
    let finder: DenialFinder
    /// The grants, none inside another.
    let roots: [FilePath]
    let writable: [FilePath]
    /// Entries that may still be looked at.
    var budget: Int
    var found: [HostFacts.DeniedEntry] = []
    /// Where something may have been missed: whole grants, or folders that cannot be listed. Not more than a few.
    var unsearched: [FilePath] = []
    private static let mostUnsearched = 8
    /// The kernel's own files, which are no one's secrets by name, and many.
    private static let skipped: Set<FilePath> = ["/proc", "/sys"]

    init(finder: DenialFinder, roots: [FilePath], writable: [FilePath], budget: Int) {
        self.finder = finder
        self.roots = roots
        self.writable = writable
        self.budget = budget
    }

    mutating func lookBelow(_ root: FilePath) {
        if Self.skipped.contains(where: { root.starts(with: $0) }) { return }
        var folders = [root][...]
        while let folder = folders.popFirst() {
            guard let entries = FolderCalls.list(folder, limit: budget + 1) else {
                if canBeEntered(folder) { miss(folder) }
                continue
            }
            budget -= entries.count
            if budget < 0 { return miss(root) }
            let isWritable = writable.contains { folder.starts(with: $0) }
            for entry in entries {
                let closed =
                    finder.denial(of: entry.name, in: folder, for: .read)
                    ?? (isWritable ? finder.denial(of: entry.name, in: folder, for: .write) : nil)
                if entry.kind == .link {
                    if let closed { lookBehind(folder.appending(entry.name), closed) }
                    continue
                }
                let path = entry.kind == .folder || closed != nil ? folder.appending(entry.name) : folder
                if let closed { found.append(.init(path: path, isFolder: entry.kind == .folder, rule: closed)) }
                // What is closed for writing only may hold what is closed for reading too.
                if entry.kind == .folder && closed?.access != .all && !Self.skipped.contains(path) {
                    folders.append(path)
                }
            }
        }
    }

    /// A protected name may be a link, as hooks that several checkouts share: then what it leads to is closed, where that is
    /// granted. A link to a whole grant, or out of it, closes nothing.
    private mutating func lookBehind(_ link: FilePath, _ rule: DeniedPath) {
        guard let file = try? OwnedDescriptor.open(link, O_PATH), let status = try? FileStatus(of: file),
            let real = FolderCalls.path(of: file), roots.contains(where: { real.starts(with: $0) && real != $0 }),
            finder.closes(rule, behindLink: real)
        else { return }
        found.append(.init(path: real, isFolder: status.isDirectory, rule: rule, isBehindLink: true))
    }

    private mutating func miss(_ folder: FilePath) {
        if unsearched.count < Self.mostUnsearched { unsearched.append(folder) }
    }

    /// A folder that cannot be listed still opens to those who know the names in it. Nothing can be missed in a file, in a
    /// folder that nobody here may enter, or in one that is gone.
    private func canBeEntered(_ folder: FilePath) -> Bool {
        guard (try? FileStatus(of: folder))?.isDirectory == true else { return false }
        return unsafe folder.withPlatformString { unsafe faccessat(AT_FDCWD, $0, X_OK, AT_EACCESS) } == 0
    }
}
