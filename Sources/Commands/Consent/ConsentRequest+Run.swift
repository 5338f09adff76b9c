import AgentBox
import AuditTrail
import ManifestModel
import PolicyEngine
import SystemPackage

extension ConsentRequest {
    /// What one start asks for: the manifest's bytes, the command, and all that the box would hold, defaults included.
    init(_ preparation: RunPreparation) {
        self.init(
            preparation.manifest, command: preparation.arguments.command, program: preparation.launch.program,
            preparation.resolution, acceptsGaps: preparation.arguments.acceptsGaps)
    }

    init(_ manifest: LoadedManifest, command: [String], program: FilePath, _ resolution: Resolution, acceptsGaps: Bool)
    {
        let granted = resolution.permissions
        func texts(_ paths: [FilePath]) -> Set<String> { Set(paths.map(\.string)) }
        var grants: [String: Set<String>] = [
            OverrideKey.readPaths.rawValue: texts(granted.readPaths),
            OverrideKey.writePaths.rawValue: texts(granted.writePaths),
            OverrideKey.deletePaths.rawValue: texts(granted.deletePaths),
            OverrideKey.allowedHosts.rawValue: Set(granted.hosts.allowed.map { "\($0)" }),
            OverrideKey.listenPorts.rawValue: Set(granted.listen.map { "\($0)" }),
            OverrideKey.allowedSockets.rawValue: texts(granted.sockets),
            OverrideKey.allowedCommands.rawValue: texts(granted.commands),
            OverrideKey.devices.rawValue: texts(granted.devices),
            OverrideKey.dns.rawValue: Set(granted.nameServer.map { ["\($0)"] } ?? []),
            // Names only: values are the operator's, and secrets. What everyone gets is nothing that is asked for.
            OverrideKey.envVars.rawValue: Self.variables(resolution),
            // Below a granted folder, and still more than it: these files are closed there otherwise.
            "protected files for reading": texts(granted.namedForReading),
            "protected files for writing": texts(granted.namedForWriting),
            "entries of the protected list lifted": Set(granted.liftedEntries),
            "gaps": acceptsGaps ? ["accepted"] : [],
        ]
        grants = grants.filter { !$0.value.isEmpty }
        var denials = [
            OverrideKey.denyPaths.rawValue: Set(granted.denied.filter { $0.origin == .operator }.map(\.pattern)),
            OverrideKey.deniedHosts.rawValue: Set(granted.hosts.denied.map { "\($0)" }),
        ]
        denials = denials.filter { !$0.value.isEmpty }
        let limits = granted.limits
        let bounds = [
            "memory": limits.memory, "processes": limits.processes, "files": limits.files, "cpu": limits.cpu,
            "fileSize": limits.fileSize,
        ]
        self.init(
            server: manifest.manifest.name ?? Self.realPath(manifest.path), program: program.string,
            manifestDigest: SHA256.hex(manifest.bytes), argv: command,
            permissions: Set(granted.granted.map(\.rawValue)), grants: grants, denials: denials,
            limits: bounds.compactMapValues { $0 })
    }

    private static func variables(_ resolution: Resolution) -> Set<String> {
        let passed = Set(resolution.permissions.environment.map(\.name))
        return Set(
            resolution.parts.filter { part in
                if case .byDefault = part.origin { return false }
                return part.key == .envVars && passed.contains(part.value)
            }.map(\.value))
    }

    private static func realPath(_ path: String) -> String { (try? HostPaths.real(FilePath(path)))?.string ?? path }
}
