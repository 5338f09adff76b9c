import AgentBox
import AuditTrail
import ManifestModel
import PolicyEngine
import Signatures
import SystemPackage

extension ConsentRequest {
    /// What one start asks for: the manifest's bytes, the command, and all that the box would hold, defaults included.
    init(_ preparation: RunPreparation) {
        // A package's own program is there only once it is installed, and consent comes before that.
        let package = preparation.launch.package == nil ? nil : preparation.launch.runner
        self.init(
            preparation.manifest, command: preparation.arguments.command,
            program: package.map { Self.program(of: $0) } ?? preparation.launch.program.string, preparation.resolution,
            acceptsGaps: preparation.arguments.acceptsGaps, package: preparation.launch.package.map(\.registry))
    }

    /// For a package that is still to be installed.
    init(
        _ manifest: LoadedManifest, _ arguments: RunArguments, _ resolution: Resolution, _ runner: PackageRunner,
        from registry: String
    ) {
        self.init(
            manifest, command: arguments.command, program: Self.program(of: runner), resolution,
            acceptsGaps: arguments.acceptsGaps, package: registry)
    }

    private static func program(of runner: PackageRunner) -> String { "\(runner.kind.name) \(runner.package)" }

    /// - Parameter package: The registry that a package is installed from, where agentbound does that.
    init(
        _ manifest: LoadedManifest, command: [String], program: String, _ resolution: Resolution, acceptsGaps: Bool,
        package: String? = nil
    ) {
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
            // Those that come with a permission are all of a kind, however many there are on that day.
            OverrideKey.devices.rawValue: Set(resolution.parts.filter { $0.key == .devices }.map(\.value)),
            // The kind: a display has another number after each login.
            "services": Set(granted.services.map(\.service.words)).union(granted.buses.map(\.service.words)),
            OverrideKey.dns.rawValue: Set(granted.nameServer.map { ["\($0)"] } ?? []),
            // Names only: values are the operator's, and secrets. What everyone gets is nothing that is asked for.
            OverrideKey.envVars.rawValue: Self.variables(resolution),
            OverrideKey.secrets.rawValue: Set(granted.secrets.map(Self.source)),
            // Below a granted folder, and still more than it: these files are closed there otherwise.
            "protected files for reading": texts(granted.namedForReading),
            "protected files for writing": texts(granted.namedForWriting),
            "entries of the protected list lifted": Set(granted.liftedEntries),
            "gaps": acceptsGaps ? ["accepted"] : [],
            "package installed from": Set([package].compactMap(\.self)),
        ]
        grants = grants.filter { !$0.value.isEmpty }
        var denials = [
            OverrideKey.denyPaths.rawValue: Set(
                granted.denied.filter { $0.origin == .operator || $0.origin.isOwn }.map(\.pattern)),
            OverrideKey.deniedHosts.rawValue: Set(granted.hosts.denied.map { "\($0)" }),
        ]
        denials = denials.filter { !$0.value.isEmpty }
        let limits = granted.limits
        let bounds = [
            "memory": limits.memory, "processes": limits.processes, "files": limits.files, "cpu": limits.cpu,
            "fileSize": limits.fileSize,
        ]
        self.init(
            server: manifest.manifest.name ?? Self.realPath(manifest.path), program: program,
            manifestDigest: SHA256.hex(manifest.bytes), argv: command,
            permissions: Set(granted.granted.map(\.rawValue)), grants: grants, denials: denials,
            limits: bounds.compactMapValues { $0 })
    }

    /// Where a secret comes from. A command's text may hold what is nobody's business: a digest tells it from another.
    private static func source(of secret: SecretVariable) -> String {
        switch secret.source {
        case .file(let path): "\(secret.name) from \(path)"
        case .command(let text): "\(secret.name) from a command, sha256 \(SHA256.hex(Array(text.utf8)))"
        }
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
