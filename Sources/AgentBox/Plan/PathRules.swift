import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// Landlock's rules for a box: runtime base, the program's own files, and what is granted.
struct PathRules {
    private(set) var rules: [BoxPlan.PathRule] = []

    static let read: FileAccess = [.readFile, .readDirectory]
    static let write: FileAccess = [
        .writeFile, .truncate, .makeDirectory, .makeRegular, .makeSocket, .makeFifo, .makeSymlink, .refer,
    ]
    static let delete: FileAccess = [.removeFile, .removeDirectory, .refer]
    static let device: FileAccess = [.readFile, .writeFile, .ioctlDevice]

    init(_ request: BoxRequest) {
        let granted = request.granted, isolated = request.isolation == .namespaces
        let ownProcesses = isolated && !granted.granted.contains(.process)
        for path in request.base.paths {
            if ownProcesses && path.path.starts(with: "/proc") { continue }  // the box has its own
            rules.append(.init(path.path, path.access == .read ? Self.read : Self.device, path.reason))
        }
        for launch in [request.launch] + request.commands {
            for path in launch.readable {
                rules.append(.init(path.path, path.isListed ? .readDirectory : Self.read, path.reason))
            }
            for path in launch.executable { rules.append(.init(path, [.execute, .readFile], "is started")) }
        }
        // A script that is listed is opened to be run as its interpreter is.
        for path in granted.commands { rules.append(.init(path, [.execute, .readFile], "is started")) }
        for path in granted.readPaths { rules.append(.init(path, Self.read, "readPaths")) }
        for path in granted.writePaths { rules.append(.init(path, Self.write, "writePaths")) }
        for path in granted.deletePaths { rules.append(.init(path, Self.delete, "deletePaths")) }
        for path in granted.devices { rules.append(.init(path, Self.device, "devices")) }
        for path in granted.serviceFiles { rules.append(.init(path, [.readFile], "lets clients of a service in")) }
        if request.usesTerminals && !isolated {
            rules.append(.init("/dev/ptmx", Self.device, "pseudo-terminals"))
        }
        if !isolated {
            rules.append(
                .init(request.host.scratch, Self.read.union(Self.write).union(Self.delete), "the box's TMPDIR"))
        }
        merge()
    }

    /// One rule for each path, and none for what a wider rule above it says already.
    private mutating func merge() {
        var access = [FilePath: BoxPlan.PathRule](minimumCapacity: rules.count)
        for rule in rules {
            if access[rule.path] == nil {
                access[rule.path] = rule
            } else {
                access[rule.path]!.access.formUnion(rule.access)
            }
        }
        var named: [(name: String, rule: BoxPlan.PathRule)] = []
        named.reserveCapacity(access.count)
        for rule in access.values {
            var above = rule.path, isSaid = false
            while !isSaid, above.moveUp() {
                if let wider = access[above] { isSaid = wider.access.isSuperset(of: rule.access) }
            }
            if !isSaid { named.append((rule.path.string, rule)) }
        }
        named.sort { $0.name < $1.name }
        rules = named.map(\.rule)
    }
}
