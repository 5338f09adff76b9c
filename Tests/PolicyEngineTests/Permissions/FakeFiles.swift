import ManifestModel
import PolicyEngine
import SystemPackage

/// A file system in memory: paths and what they lead to.
struct FakeFiles: PathLookup {
    var entries: [FilePath: FoundFile.Kind] = [:]
    var programs: Set<FilePath> = []
    /// From a link to the real path.
    var links: [FilePath: FilePath] = [:]
    var closed: Set<FilePath> = []
    var passwd = ""

    func homes(user: UInt32) -> HomeFolders {
        HomeFolders(passwd: Array(passwd.utf8), user: user) { (try? find($0).path) ?? $0 }
    }

    func find(_ path: FilePath) throws(Errno) -> FoundFile {
        var real = FilePath("/")
        for component in path.components {
            switch component.kind {
            case .parentDirectory: real.removeLastComponent()
            case .currentDirectory: break
            default: real.append(component)
            }
            if closed.contains(real) { throw .permissionDenied }
            if let target = links[real] { real = target }
            if real != "/", entries[real] == nil { throw .noSuchFileOrDirectory }
        }
        return FoundFile(path: real, kind: entries[real] ?? .folder, isExecutable: programs.contains(real))
    }

    mutating func add(_ kind: FoundFile.Kind, _ paths: FilePath...) {
        for path in paths {
            entries[path] = kind
            var folder = path
            while folder.removeLastComponent(), folder != "/" { entries[folder] = .folder }
        }
    }

    /// A user `u` with a project `/home/u/w` and the usual places of a machine.
    static let machine: FakeFiles = {
        var files = FakeFiles()
        files.add(
            .folder, "/home/u/w/docs", "/home/u/w/.git/hooks", "/home/u/w/tools", "/home/u/.ssh",
            "/home/u/.config/agentbound",
            "/home/u/.local/state/agentbound", "/usr/local/bin", "/srv/data", "/srv/database", "/srv/..x",
            "/home/u/w/a$b")
        files.add(
            .file, "/home/u/w/.env", "/home/u/w/docs/a.txt", "/home/u/.ssh/config", "/usr/bin/git", "/usr/bin/plain",
            "/home/u/w/tools/run", "/home/u/w/overrides.yaml", "/home/u/w/x*")
        files.add(.socket, "/run/app.sock")
        files.add(.characterDevice, "/dev/video0", "/dev/snd/pcm", "/dev/null")
        files.add(.blockDevice, "/dev/sda")
        files.add(.pipe, "/home/u/w/pipe")
        files.programs = ["/usr/bin/git", "/home/u/w/tools/run"]
        files.links = [
            "/bin": "/usr/bin", "/home/u/w/link": "/srv/data", "/home/u/w/gitlink": "/usr/bin/git",
            "/home/u/w/key": "/home/u/.ssh",
        ]
        files.closed = ["/root"]
        return files
    }()
}

extension ResolutionContext {
    /// ``FakeFiles/machine`` as `u` sees it from the project.
    static func project(_ environment: [String: String] = [:], files: FakeFiles = .machine) -> ResolutionContext {
        var variables = ["HOME": "/home/u", "USER": "u", "DATA": "/srv/data", "EMPTY": ""]
        variables.merge(environment) { $1 }
        var context = ResolutionContext(
            workingDirectory: "/home/u/w", home: "/home/u", environment: InheritedEnvironment(variables), userID: 1_000,
            lookup: files)
        context.stateFolders = ["/home/u/.local/state/agentbound", "/home/u/.config/agentbound"]
        return context
    }
}

/// Overrides as a command line gives them.
func overrides(_ arguments: [String]) throws -> Overrides {
    var result = Overrides()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
        let taken = try OverrideFlags.consume(argument, next: { rest.popFirst() }, into: &result)
        precondition(taken, "\(argument) is no override")
    }
    return result
}

/// Resolves a command line against a manifest that needs `required`.
func resolve(
    _ required: Set<Permission>, _ arguments: [String] = [], optional: Set<Permission> = [],
    in context: ResolutionContext = .project()
) throws -> Resolution {
    try PermissionResolver.resolve(
        DeclaredPermissions(required: required, optional: optional), try overrides(arguments), in: context)
}

/// The problems of a command line, which must have some.
func problems(
    _ required: Set<Permission>, _ arguments: [String] = [], optional: Set<Permission> = [],
    in context: ResolutionContext = .project()
) throws -> [ResolutionProblem] {
    do {
        _ = try resolve(required, arguments, optional: optional, in: context)
        return []
    } catch let error as ResolutionError { return error.problems }
}
