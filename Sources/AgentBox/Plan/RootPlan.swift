import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// The box's own root: the runtime base, the program's files and the grants at their usual places, and nothing else.
struct RootPlan: Hashable {
    private(set) var steps: [MountStep] = []
    /// Landlock rules for the places that only this root has.
    private(set) var rules: [ChildPlan.InnerRule] = []
    private var made: Set<FilePath> = ["/"]
    private let base: RuntimeBase
    /// What is mounted so far, each with a slash behind it, and whether it can be written.
    private var bound: [Bound] = []
    private let baseDevices: [FilePath]

    private static let readOnly: MountAttributes = [.readOnly, .noSetuid, .noDevices]
    private static let writable: MountAttributes = [.noSetuid, .noDevices]

    /// The folder of the host over which a root with its own /proc is built: no mount comes from there.
    static let ownProcessesPlace: FilePath = "/proc"

    private struct Bound: Hashable {
        var place: [UInt8]
        var canWrite: Bool
    }

    /// What every box with its own /proc begins with on this machine: these steps need no permissions to be known.
    static func begun(_ base: RuntimeBase) -> RootPlan {
        var root = RootPlan(base)
        root.addBase(ownProcesses: true)
        return root
    }

    static func place(_ request: BoxRequest, ownProcesses: Bool) -> FilePath {
        ownProcesses ? ownProcessesPlace : request.host.spareFolder
    }

    private init(_ base: RuntimeBase) {
        self.base = base
        baseDevices = base.paths.filter { $0.access == .readWrite }.map(\.path)
    }

    init(_ request: BoxRequest, ownProcesses: Bool) {
        let grants = Grants(request, ownProcesses: ownProcesses)
        if let begun = request.root.begun, ownProcesses, !grants.paths.contains("/") {
            self = begun
        } else {
            self.init(request.base)
            if grants.paths.contains("/") { bind("/", grants) }
            addBase(ownProcesses: ownProcesses)
        }
        for place in Self.temporary(request) {
            folder(place.mount)
            steps.append(.tmpfs(relative(place.mount), options: "mode=1777"))
            if place.scratch != place.mount { steps.append(.directory(relative(place.scratch), mode: 0o1777)) }
            made.insert(place.scratch)
            rules.append(.init(place.scratch, PathRules.read.union(PathRules.write).union(PathRules.delete)))
        }
        if request.usesTerminals { addTerminals() }
        addLaunches(request, grants)
        addListed(request)
        addTexts(request, grants)
        // A folder comes before what is below it, which would otherwise be hidden again.
        for path in (grants.paths + grants.devices + grants.services).sorted(by: { $0.string < $1.string }) {
            bind(path, grants)
        }
        for link in request.host.links { symlink(link) }
        for path in [request.host.directory, request.host.home] { folder(path) }
        closeDenied(request)
    }

    /// What a bind mount depends on.
    private struct Grants {
        var paths: [FilePath]
        var writable: [FilePath]
        var devices: [FilePath]
        /// Sockets of others, and what their clients read to be let in.
        var services: [FilePath]
        var files: Set<FilePath>
        var identities: [FilePath: FileIdentity]
        var ownProcesses: Bool

        init(_ request: BoxRequest, ownProcesses: Bool) {
            let granted = request.granted
            paths = granted.readPaths + granted.writePaths + granted.deletePaths
            writable = granted.writePaths + granted.deletePaths  // a connection changes nothing in the file system
            devices = granted.devices
            services = granted.reachableSockets + granted.serviceFiles
            files = request.host.files
            identities = request.host.identities
            self.ownProcesses = ownProcesses
        }

        /// The base alone.
        init(_ base: RuntimeBase, ownProcesses: Bool) {
            paths = []
            writable = []
            devices = []
            services = []
            files = Set(base.paths.filter { !$0.isFolder }.map(\.path))
            identities = [:]
            self.ownProcesses = ownProcesses
        }
    }

    /// Where the box may do as it likes.
    static func scratch(_ request: BoxRequest) -> [FilePath] { temporary(request).map(\.scratch) }

    /// Folders of the box's own, each in a tmpfs. A Landlock rule covers all that is mounted below its place, so where
    /// something granted lies in /tmp the box's files get a folder beside it, and where /tmp itself is granted another place.
    private static func temporary(_ request: BoxRequest) -> [(mount: FilePath, scratch: FilePath)] {
        let launches = [request.launch] + request.commands
        let bound =
            request.granted.readPaths + request.granted.writePaths + request.granted.deletePaths
            + request.granted.reachableSockets + request.granted.serviceFiles + request.granted.devices
            + launches.flatMap(\.mounted)
        func isCovered(_ place: FilePath) -> Bool { bound.contains { $0 != "/" && place.starts(with: $0) } }
        func own(_ place: FilePath) -> (mount: FilePath, scratch: FilePath) {
            let shared = (bound + [request.host.directory, request.host.home]).contains {
                $0 != place && $0.starts(with: place)
            }
            return (place, shared ? place.appending("agentbound") : place)
        }
        let places: [FilePath] = ["/tmp", "/run/agentbound", "/agentbound"]
        var found = [own(places.first { !isCovered($0) } ?? "/agentbound")]
        if !isCovered("/dev/shm") { found.append(own("/dev/shm")) }
        return found
    }

    /// The base, read-only, and the box's own /proc.
    private mutating func addBase(ownProcesses: Bool) {
        if ownProcesses {
            folder("/proc")
            steps.append(.proc("proc"))
            rules.append(.init("/proc", PathRules.read))
        }
        bindAll(base.paths.map(\.path), Grants(base, ownProcesses: ownProcesses))
        for link in base.links { symlink(link) }
        for (name, target) in [
            ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
            ("stderr", "/proc/self/fd/2"),
        ] {
            symlink(SymbolicLink(path: FilePath("/dev/\(name)"), target: FilePath(target)))
        }
    }

    /// Pseudo-terminals of its own, unless the host's /dev is granted as a whole.
    private mutating func addTerminals() {
        if isBound("/dev/pts") { return }
        folder("/dev/pts")
        steps.append(.terminals("dev/pts"))
        symlink(SymbolicLink(path: "/dev/ptmx", target: "pts/ptmx"))
        rules.append(.init("/dev/pts", PathRules.device.union(PathRules.read)))
    }

    /// The programs' own files, read-only.
    private mutating func addLaunches(_ request: BoxRequest, _ grants: Grants) {
        let launches = [request.launch] + request.commands
        bindAll(launches.flatMap(\.mounted), grants)
        for link in launches.flatMap(\.links) { symlink(link) }
    }

    /// Folders whose names a program looks through: here they hold what the box has of them, and nothing else.
    private mutating func addListed(_ request: BoxRequest) {
        for path in request.launch.listed where !isBound(path) {
            folder(path)
            rules.append(.init(path, .readDirectory))
        }
    }

    /// Folders that come as one mount each, for what the base and programs have in them: Landlock still decides what of it
    /// can be read.
    private static let whole: [FilePath] = ["/usr", "/sys/devices/system", "/sys/kernel/mm"]

    private mutating func bindAll(_ paths: [FilePath], _ grants: Grants) {
        let wanted = paths.map { path in Self.whole.first { path.starts(with: $0) } ?? path }
        for path in Set(wanted).sorted(by: { $0.string < $1.string }) { bind(path, grants) }
    }

    /// Accounts without the host's other users, and the stub as the only name server.
    private mutating func addTexts(_ request: BoxRequest, _ grants: Grants) {
        let names = request.granted.granted.contains(.networkClient) ? "nameserver 127.0.0.1\n" : ""
        for (path, text) in [
            ("/etc/passwd", request.host.accounts.passwd), ("/etc/group", request.host.accounts.group),
            ("/etc/resolv.conf", names),
        ] as [(FilePath, String)]
        where !made.contains(path) && !text.isEmpty && !grants.paths.contains(where: { path.starts(with: $0) }) {
            folder("/etc")
            steps.append(.file(relative(path), text: text))
            made.insert(path)
            rules.append(.init(path, [.readFile]))
        }
    }

    private func relative(_ path: FilePath) -> String { String(path.string.dropFirst()) }

    /// Makes the folder and those above it, where no mount brings them.
    private mutating func folder(_ path: FilePath) {
        if isBound(path) || made.contains(path) { return }
        folder(path.parent)
        if made.insert(path).inserted { steps.append(.directory(relative(path))) }
    }

    /// Whether the innermost mount at the path or above it can be written; `nil` when no mount brings it.
    private func innermostMount(_ path: FilePath) -> Bool? {
        let text = Array(path.string.utf8) + [Self.slash]
        var innermost: (length: Int, canWrite: Bool)?
        for mount in bound {
            let length = mount.place.count
            if length > text.count || length <= innermost?.length ?? 0 { continue }
            // Most places fall out by the one byte.
            if text[length - 1] == Self.slash, text.starts(with: mount.place) { innermost = (length, mount.canWrite) }
        }
        return innermost?.canWrite
    }

    private func isBound(_ path: FilePath) -> Bool { innermostMount(path) != nil }

    private static let slash = UInt8(ascii: "/")

    private mutating func bind(_ path: FilePath, _ grants: Grants) {
        if grants.ownProcesses && path.starts(with: "/proc") { return }  // the box's own is there, and readable
        let canWrite = grants.writable.contains { path.starts(with: $0) }
        let isDevice = baseDevices.contains(path) || grants.devices.contains(path)
        let mount = innermostMount(path)
        if let mount, mount || !canWrite { return }
        if mount == nil {
            folder(path.parent)
            if grants.files.contains(path) {
                steps.append(.file(relative(path), text: ""))
            } else if path != "/" {
                steps.append(.directory(relative(path)))
            }
        }
        bound.append(
            Bound(place: path == "/" ? [Self.slash] : Array(path.string.utf8) + [Self.slash], canWrite: canWrite))
        made.insert(path)
        // A grant round /dev brings the devices with it; which of them may be used, Landlock decides. What is written to a
        // device is no change of the file system: read-only keeps its mode, owner and times.
        var attributes = canWrite ? Self.writable : Self.readOnly
        if isDevice || FilePath("/dev").starts(with: path) { attributes.remove(.noDevices) }
        steps.append(.bind(source: path, target: relative(path), attributes, identity: grants.identities[path]))
    }

    private mutating func symlink(_ link: SymbolicLink) {
        if isBound(link.path) || made.contains(link.path) { return }
        folder(link.path.parent)
        made.insert(link.path)
        steps.append(.symlink(relative(link.path), to: link.target.string))
    }

    /// Covers what is refused inside a grant: an empty folder or file in its place, or the thing itself read-only.
    private mutating func closeDenied(_ request: BoxRequest) {
        let cover: FilePath = "/.refused"
        let hidden = request.host.denied.filter { $0.rule.access == .all }
        if !hidden.isEmpty {
            steps.append(.directory(relative(cover)))
            // No mode bits: the grant around it would let an ordinary empty file be opened.
            steps.append(.directory(relative(cover.appending("folder")), mode: 0))
            steps.append(.file(relative(cover.appending("file")), text: "", mode: 0))
        }
        for entry in request.host.denied where isBound(entry.path) && !entry.isUncovered {
            if entry.rule.access == .all {
                // The working directory is the new root while it is built.
                let source = FilePath(entry.isFolder ? ".refused/folder" : ".refused/file")
                steps.append(.bind(source: source, target: relative(entry.path), Self.readOnly, identity: nil))
            } else if innermostMount(entry.path) == true {
                steps.append(.bind(source: entry.path, target: relative(entry.path), Self.readOnly, identity: nil))
            }
        }
    }
}
