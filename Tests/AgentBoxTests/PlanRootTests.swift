import Foundation
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage
import TestSupport
import Testing

@testable import AgentBox

/// What a list of mount steps comes to: which file of the host is seen at a place, and whether it can be changed.
/// Knows mounts only, nothing of grants.
struct MountedView {
    struct Fault: Error { let step: MountStep }
    /// Targets with a slash behind them.
    private var mounts: [(target: String, source: FilePath?, writable: Bool)] = []
    private var made: Set<FilePath> = ["/"]
    private let onHost: (FilePath) -> Bool

    /// - Parameter hostHas: Whether a path exists on the host, below a bound folder.
    init(_ steps: [MountStep], hostHas onHost: @escaping (FilePath) -> Bool) throws {
        self.onHost = onHost
        for step in steps { try apply(step) }
    }

    private mutating func apply(_ step: MountStep) throws {
        func place(_ target: String) throws -> FilePath {
            if target.isEmpty { throw Fault(step: step) }  // ENOENT
            return FilePath("/" + target)
        }
        switch step {
        case .directory(let target, _):
            let path = try place(target)
            if !exists(path) { try make(path, step) }
        case .file(let target, _, _):
            let path = try place(target)
            if exists(path) { throw Fault(step: step) }  // O_EXCL
            try make(path, step)
        case .symlink(let target, _):
            let path = try place(target)
            if !exists(path) { try make(path, step) }
        case .tmpfs(let target, _), .proc(let target), .terminals(let target):
            let path = try place(target)
            guard exists(path) else { throw Fault(step: step) }
            mounts.append((Self.slashed(path), nil, true))
        case .bind(let source, let target, let attributes, _):
            let path = try place(target)
            guard exists(path) else { throw Fault(step: step) }
            mounts.append((Self.slashed(path), source, !attributes.contains(.readOnly)))
        }
    }

    /// In a folder that is the box's own, or in a bound one that can be written.
    private mutating func make(_ path: FilePath, _ step: MountStep) throws {
        let above = path.removingLastComponent()
        guard exists(above), mount(over: above)?.source == nil else { throw Fault(step: step) }
        made.insert(path)
    }

    private static func slashed(_ path: FilePath) -> String { path == "/" ? "/" : path.string + "/" }

    private func mount(over path: FilePath) -> (target: String, source: FilePath?, writable: Bool)? {
        let text = Self.slashed(path)
        return mounts.last { text.utf8.starts(with: $0.target.utf8) }
    }

    func exists(_ path: FilePath) -> Bool {
        guard let mount = mount(over: path), mount.source != nil else { return made.contains(path) }
        return Self.slashed(path) == mount.target || onHost(path)
    }

    /// The host's file that is seen there, and whether it can be changed.
    func seen(_ path: FilePath) -> (host: FilePath, writable: Bool)? {
        guard let mount = mount(over: path), let source = mount.source else { return nil }
        return (FilePath(source.string + "/" + Self.slashed(path).dropFirst(mount.target.count)), mount.writable)
    }
}

@Suite struct PlanRootTests {
    /// A host made of a few names at every level, so that grants meet each other often.
    private static let places: [FilePath] = {
        var found: [FilePath] = []
        for top in ["/srv", "/home/user", "/tmp/data", "/dev/shm/data", "/opt/a", "/etc/own"] as [FilePath] {
            found.append(top)
            for one in ["a", "ab", "b"] {
                found.append(top.appending(one))
                for two in ["a", "deep"] { found.append(top.appending(one).appending(two)) }
            }
        }
        return found
    }()

    private static func request(_ seed: UInt64) -> BoxRequest {
        var random = Seeded(seed)
        func some(_ most: Int) -> [FilePath] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in places.randomElement(using: &random)! }
        }
        var granted = EffectivePermissions()
        granted.granted = [.filesystemRead, .filesystemWrite, .filesystemDelete, .networkClient]
        granted.readPaths = some(4)
        granted.writePaths = some(3)
        granted.deletePaths = some(2)
        var request = PlanScene.request(granted, on: .linux618, .namespaces)
        request.host.directory = places.randomElement(using: &random)!
        // Some grants are files; nothing is granted below those.
        let all = granted.readPaths + granted.writePaths + granted.deletePaths
        request.host.files.formUnion(
            all.filter { path in path.lastComponent == "deep" && Bool.random(using: &random) })
        let grants = all.filter { _ in Bool.random(using: &random) }
        for grant in grants.prefix(2) where !request.host.files.contains(grant) {
            let access: DeniedPath.Access = Bool.random(using: &random) ? .all : .write
            let path = grant.appending(Bool.random(using: &random) ? ".env" : "hooks")
            request.host.denied.append(
                .init(
                    path: path, isFolder: access == .write,
                    rule: .init(pattern: path.string, access: access, origin: .protected)))
        }
        return request
    }

    @Test("Whatever is granted, the mounts show exactly that, writable exactly where granted", arguments: 0..<60)
    func invariants(seed: Int) throws {
        let request = Self.request(UInt64(seed)), granted = request.granted
        let plan = RootPlan(request, ownProcesses: true)
        let view = try MountedView(plan.steps) { _ in true }
        let grants = granted.readPaths + granted.writePaths + granted.deletePaths
        let denied = Dictionary(request.host.denied.map { ($0.path, $0.rule.access) }) { a, b in a == .all ? a : b }
        for path in Self.places {
            let isGranted = grants.contains { path.starts(with: $0) }
            let isWritable = (granted.writePaths + granted.deletePaths).contains { path.starts(with: $0) }
            let seen = view.seen(path)
            if isGranted {
                #expect(seen?.host == path, "\(path)")
                #expect(seen?.writable == isWritable, "\(path)")
            } else {
                #expect(seen == nil, "\(path) is not granted")
            }
        }
        for (path, access) in denied {
            let seen = view.seen(path)
            if access == .all { #expect(seen?.host.string.hasPrefix(".refused/") == true) }
            #expect(seen?.writable == false || seen == nil)
        }
        for rule in plan.rules { #expect(view.exists(rule.path), "\(rule.path) has a rule and is not there") }
    }

    @Test("K15: what is no write grant is bound read-only: devices, sockets, and grants round /dev")
    func readOnlyOtherwise() throws {
        for readable in ["/", "/dev", "/srv"] as [FilePath] {
            var granted = EffectivePermissions()
            granted.granted = [.filesystemRead, .filesystemWrite, .networkClient, .camera]
            granted.readPaths = [readable]
            granted.writePaths = ["/srv/own"]
            granted.sockets = ["/run/service"]
            granted.devices = ["/dev/video0"]
            let request = PlanScene.request(granted, on: .linux618, .namespaces)
            for step in RootPlan(request, ownProcesses: true).steps {
                guard case .bind(let source, _, let attributes, _) = step else { continue }
                #expect(attributes.contains(.readOnly) == (source != "/srv/own"), "\(source)")
                if FilePath("/dev").starts(with: source) || source.starts(with: "/dev") {
                    #expect(!attributes.contains(.noDevices), "\(source)")
                }
            }
        }
    }

    @Test("Each grant is bound once, and no mount after a cover lies below it", arguments: 0..<20)
    func order(seed: Int) {
        let steps = RootPlan(Self.request(UInt64(seed)), ownProcesses: true).steps
        var targets: Set<String> = [], covers: [FilePath] = []
        for step in steps {
            guard case .bind(let source, let target, _, _) = step else { continue }
            if source.string.hasPrefix(".refused/") {
                covers.append(FilePath(target))
            } else {
                let isCover = covers.contains { FilePath(target).starts(with: $0) && FilePath(target) != $0 }
                #expect(!isCover, "\(target) opens what was closed")
                if !target.hasSuffix("hooks") { #expect(targets.insert(target).inserted, "\(target) twice") }
            }
        }
    }

    @Test("Identities are checked for whatever was granted by name")
    func identities() {
        var request = PlanScene.request(OrdinaryManifest.write.granted, on: .linux618, .namespaces)
        request.host.identities["/srv/work"] = FileIdentity(device: 7, inode: 9)
        let bound = RootPlan(request, ownProcesses: true).steps.contains { step in
            if case .bind("/srv/work", "srv/work", _, FileIdentity(device: 7, inode: 9)) = step { true } else { false }
        }
        #expect(bound)
    }
}

/// Grants that meet the box's own places, with real mounts.
@Suite(.enabled(if: RealBox.pythonExists && RealBox.namespacesExist), .serialized) struct PlanRootRealTests {
    @Test(
        "A box starts, reads what is granted and has its own temporary folder, wherever the grant lies",
        arguments: [
            "/tmp", "/dev/shm", "/etc", "/etc/passwd", "/etc/resolv.conf", "/dev", "/", "/usr/bin", "/proc/sys", "/var",
        ])
    func grants(path: FilePath) throws {
        let box = RealBox(isolation: .namespaces) {
            $0.granted = [.filesystemRead]
            $0.readPaths = [path]
        }
        let script = """
            path = '\(path)'
            os.listdir(path) if os.path.isdir(path) else open(path).read()
            open(os.environ['TMPDIR'] + '/x', 'w').write('x')
            open('/dev/null', 'w').write('x')
            """
        let ending = try box.run(script)
        #expect(ending == .exited(code: 0))
    }

    @Test("A box that shares the host's processes sees its own state below /proc")
    func sharedProcesses() throws {
        let box = RealBox(isolation: .namespaces) { $0.granted = [.process] }
        let ending = try box.run("assert open('/proc/self/comm').read()")
        #expect(ending == .exited(code: 0))
    }

    @Test("A key below a folder that may only be read stays closed when the folder around it may be written")
    func secretBelowWriteProtected() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/.claude", withIntermediateDirectories: false)
        try "secret".write(toFile: folder.path + "/.claude/token.key", atomically: true, encoding: .utf8)
        let box = RealBox(isolation: .namespaces) {
            $0.granted = [.filesystemRead, .filesystemWrite]
            $0.readPaths = [FilePath(folder.path)]
            $0.writePaths = [FilePath(folder.path)]
            $0.denied = [
                DeniedPath(pattern: "\(folder.path)/**/.claude", access: .write, origin: .protected),
                DeniedPath(pattern: "\(folder.path)/**/*.key", access: .all, origin: .protected),
            ]
        }
        let key = folder.path + "/.claude/token.key"
        let ending = try box.run("open('\(key)').read()")
        #expect(ending == .exited(code: 13))
    }
}
