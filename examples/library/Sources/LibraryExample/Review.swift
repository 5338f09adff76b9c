import ManifestModel
import PolicyEngine
import SystemPackage

/// Reads a manifest; every error has its place.
func readManifest(_ text: String) throws -> AgentManifest {
    let reading = AgentManifest.read(Array(text.utf8))
    for issue in reading.issues { print("manifest:\(issue.line):\(issue.column): \(issue.message)") }
    return try AgentManifest(parsing: Array(text.utf8))
}

/// A file system for resolution: here one folder that is taken to be there. A program that boxes servers would follow links.
struct OneFolder: PathLookup {
    let folder: FilePath

    func find(_ path: FilePath) throws(Errno) -> FoundFile {
        guard path == folder else { throw .noSuchFileOrDirectory }
        return FoundFile(path: path, kind: .folder)
    }
}

/// What the server may do, once the operator has narrowed it to one folder and one host.
func permissions(_ manifest: AgentManifest, folder: FilePath) throws -> EffectivePermissions {
    let overrides = Overrides([
        .init(.readPaths, folder.string, from: .flag("--read-path")),
        .init(.allowedHosts, "api.example.com:443", from: .flag("--allow-host")),
    ])
    let context = ResolutionContext(
        workingDirectory: folder, home: nil, environment: InheritedEnvironment([:]), userID: 1_000,
        lookup: OneFolder(folder: folder))
    let declared = DeclaredPermissions(required: Set(manifest.permissions))
    return try PermissionResolver.resolve(declared, overrides, in: context).permissions
}

/// Answers with a reason, and with the flag that would allow it.
func ask(_ permissions: EffectivePermissions, folder: FilePath) {
    let checker = PermissionChecker(permissions)
    let requests: [PermissionChecker.Request] = [
        .path(folder.appending("week.txt"), .read), .path("/etc/shadow", .read),
        .host("api.example.com", port: 443), .host("collector.example", port: 443),
    ]
    for request in requests { print(request, "->", checker.check(request)) }
}
