import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import SystemPackage

/// What is known first: enough to fork the server-to-be, which makes its namespaces while the rest is looked up.
struct RunOpening {
    let manifest: LoadedManifest
    let kernel: KernelFeatures
    let user: UserIdentity?
    init(_ arguments: RunArguments) throws(Refusal) {
        guard let name = arguments.manifest else {
            throw Refusal(
                .usage, "no manifest was named\(arguments.command.isEmpty ? ", and no command was given" : "")",
                next: "agentbound run MANIFEST [OPTION...] -- COMMAND")
        }
        if arguments.command.isEmpty {
            throw Refusal(.usage, "no command was given", next: "write the server's command after `--`")
        }
        do throws(ManifestFileError) { manifest = try LoadedManifest.load(name) } catch { throw Refusal(error) }
        user = try arguments.user.map { name throws(Refusal) in try Accounts.user(name) }
        kernel = KernelFeatures.current(quick: true)
    }

    /// How the server will most likely be forked: the plan has the last word.
    /// - Parameter streams: What becomes the server's standard streams.
    func origin(_ arguments: RunArguments, streams: ChildStreams? = nil) -> ChildOrigin {
        var isolation = arguments.isolation ?? .namespaces
        if arguments.isolation == nil, case .refused = kernel.namespaces { isolation = .plain }
        var origin = BoxPlan.origin(
            isolation, ownProcesses: !manifest.manifest.permissions.contains(.process),
            isPrivileged: Capabilities.canAdminister, user: user)
        origin.streams = streams
        return origin
    }

    /// What the manifest asks for, before anything narrows it.
    var usesNetwork: Bool { !Set(manifest.manifest.permissions).isDisjoint(with: RunPreparation.network) }

    /// The base of the box that the manifest asks for.
    func base() -> RuntimeBase { RuntimeBase(files: HostFiles(), network: usesNetwork) }
}

/// Everything that is settled before a box starts: manifest, permissions, launch chain. Nothing has been changed yet.
struct RunPreparation {
    let arguments: RunArguments
    let manifest: LoadedManifest
    let resolution: Resolution
    /// What is to be known of the program, where it is true of what was granted.
    var notes: [String] {
        let starts = resolution.permissions.granted.contains(.exec) && !resolution.permissions.commands.isEmpty
        return launch.notes.filter { !starts || $0 != LaunchChain.shellNote }
    }
    let launch: LaunchChain
    let commands: [LaunchChain]
    let base: BaseRoot
    let kernel: KernelFeatures
    let directory: FilePath
    let home: FilePath
    let user: UserIdentity?

    fileprivate static let network: Set<Permission> = [.networkClient, .networkServer]

    /// - Parameter base: Of ``RunOpening/base()``, where it was looked up already.
    init(_ arguments: RunArguments, _ opening: RunOpening, base: BaseRoot? = nil) throws(Refusal) {
        self.arguments = arguments
        manifest = opening.manifest
        kernel = opening.kernel
        user = opening.user
        directory = try Self.workingDirectory()
        let environment = InheritedEnvironment(strings: ProcessEnvironment.strings)
        home = FilePath(environment.variables["HOME"] ?? "/")
        let path = Self.path(environment.variables)
        launch = try Self.chain(arguments.command, path, directory, environment)
        resolution = try Self.resolve(
            manifest, arguments, directory, environment, user,
            programFolders: Self.programFolders(arguments.command, launch))
        var commands: [LaunchChain] = []
        for command in resolution.permissions.commands {
            commands.append(try Self.chain([command.string], path, directory, environment))
        }
        self.commands = commands
        let usesNetwork = !resolution.permissions.granted.isDisjoint(with: Self.network)
        self.base =
            usesNetwork == opening.usesNetwork
            ? base ?? BaseRoot(opening.base()) : BaseRoot(RuntimeBase(files: HostFiles(), network: usesNetwork))
    }

    static func path(_ variables: [String: String]) -> [FilePath] {
        (variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map { FilePath(String($0)) }
            .filter(\.isAbsolute)
    }

    /// What a manifest and the overrides come to here, without a command: for `inspect`.
    static func permissions(_ arguments: RunArguments) throws(Refusal) -> (LoadedManifest, Resolution) {
        let manifest: LoadedManifest
        do throws(ManifestFileError) { manifest = try LoadedManifest.load(arguments.manifest ?? "") } catch {
            throw Refusal(error)
        }
        let user = try arguments.user.map { name throws(Refusal) in try Accounts.user(name) }
        let environment = InheritedEnvironment(strings: ProcessEnvironment.strings)
        return (
            manifest, try resolve(manifest, arguments, try workingDirectory(), environment, user, programFolders: [])
        )
    }

    private static func resolve(
        _ manifest: LoadedManifest, _ arguments: RunArguments, _ directory: FilePath,
        _ environment: InheritedEnvironment,
        _ user: UserIdentity?, programFolders: [FilePath]
    ) throws(Refusal) -> Resolution {
        var overrides = arguments.overrides
        // What is wrong is told at once, in all files and of all kinds.
        var refusals: [Refusal] = []
        for file in arguments.overrideFiles {
            do throws(OverrideFileError) {
                let read = try OverrideFile(recovering: FilePath(file))
                overrides.merge(read.overrides)
                if !read.problems.isEmpty { throw .malformed(read.path, read.problems) }
            } catch { refusals.append(Refusal(error)) }
        }
        var envFiles: [String] = []
        do throws(Refusal) {
            envFiles = try EnvironmentFile.expand(&overrides, in: directory, home: environment.variables["HOME"])
        } catch { refusals.append(error) }
        var context = ResolutionContext(
            workingDirectory: directory, home: environment.variables["HOME"].map { FilePath($0) },
            environment: environment,
            userID: user?.uid ?? geteuid(), lookup: HostPaths())
        context.programFolders = programFolders
        let gate = arguments.gate
        let named = [manifest.path] + arguments.overrideFiles + envFiles + gate.policyFiles + gate.keyFiles
        /// Notes the links that lead to a file as it was named; nearly always there is none.
        func real(_ name: String) -> FilePath? {
            let written = directory.pushing(FilePath(name)), real = try? HostPaths.real(written)
            if real != written { context.policyLinks += HostFiles().resolve(written)?.links.map(\.path) ?? [] }
            return real
        }
        context.policyFiles = named.compactMap(real)
        if let audit = arguments.auditFile {
            _ = real(audit)
            context.journalFiles = StateFolder.files(ofJournal: directory.pushing(FilePath(audit)))
        }
        if let state = try? StateFolder.path(
            stateHome: environment.variables["XDG_STATE_HOME"], home: environment.variables["HOME"])
        {
            context.stateFolders = [state]
        }
        // Packages that were installed for other servers, or for the next start of this one.
        if let packages = PackageStore(environment.variables).folder { context.stateFolders.append(packages) }
        var resolution: Resolution?
        do throws(ResolutionError) {
            resolution = try PermissionResolver.resolve(DeclaredPermissions(manifest.manifest), overrides, in: context)
        } catch {
            // A default may be in force only because what stands in its place could not be read.
            let told = refusals.isEmpty ? error.problems : error.problems.filter { !$0.origin.isDefault }
            if !told.isEmpty { refusals.append(Refusal(.usage, Refusal.list(told.map(\.description)), next: nil)) }
        }
        if let refusal = Refusal(refusals) { throw refusal }
        return resolution!  // without a refusal there was no error
    }

    static func workingDirectory() throws(Refusal) -> FilePath {
        guard let directory = FolderCalls.link("/proc/self/cwd"), (try? FileStatus(of: directory))?.isDirectory == true
        else {
            throw Refusal(
                .system, "the working directory does not exist any more", next: "change to a folder that exists")
        }
        return directory
    }

    private static func chain(
        _ argv: [String], _ path: [FilePath], _ directory: FilePath, _ environment: InheritedEnvironment
    ) throws(Refusal) -> LaunchChain {
        do throws(LaunchChainError) {
            return try LaunchChain(
                argv: argv, path: path, folder: directory, environment: environment.variables, files: HostFiles(),
                records: PackageStore(environment.variables))
        } catch {
            let (problem, next) = error.explanation
            guard case .runner(let runner) = error, PackageRequest.installer(for: runner.kind) != nil else {
                throw Refusal(.launch(exitCode: error.exitCode), problem, next: next)
            }
            var refusal = Refusal(
                .launch(exitCode: error.exitCode), "\(runner.package) is not installed yet",
                next: "`agentbound run --prepare` installs it in a box of its own; or \(runner.next)")
            refusal.missing = runner
            throw refusal
        }
    }

    /// Folders for PATH beside the system's: where the program was started from, not where its links lead. A venv's
    /// Python is a link to /usr/bin, and a server that then finds optional helpers there would be refused all of them.
    private static func programFolders(_ argv: [String], _ launch: LaunchChain) -> [FilePath] {
        let named = [argv.first, launch.argv.first].compactMap { $0.map { FilePath($0) } }.filter(\.isAbsolute)
        var folders: [FilePath] = []
        for path in named.isEmpty ? [launch.program] : named where !folders.contains(path.parent) {
            folders.append(path.parent)
        }
        return folders
    }

    /// The plan for one way of isolation.
    /// - Parameters:
    ///   - buses: The folder with the sockets of the buses' proxies, where there are any.
    ///   - secrets: With their values, when the server is really to start; what is shown has names alone.
    func plan(
        _ isolation: Isolation, scratch: FilePath, buses: FilePath = "/tmp/agentbound-XXXXXX",
        secrets: [EnvironmentVariable]? = nil, streams: ChildStreams? = nil
    ) -> BoxPlan {
        var granted = resolution.permissions.reachingBuses(in: buses)
        granted.environment += secrets ?? granted.secrets.map { EnvironmentVariable(name: $0.name, value: "") }
        let facts = HostSurvey.facts(
            for: granted, launches: [launch] + commands, base: base.base, kernel: kernel,
            directory: directory,
            home: home, scratch: scratch, user: user, isolation: isolation, withoutLayers: arguments.withoutLayers)
        var options = BoxOptions()
        options.explainFiles = arguments.explainsFiles
        options.user = user
        options.streams = streams
        options.withoutLayers = arguments.withoutLayers
        if options.withoutLayers.contains(.environment) {
            granted.environment = InheritedEnvironment(strings: ProcessEnvironment.strings).variables
                .map { EnvironmentVariable(name: $0.key, value: $0.value) }
        }
        return BoxPlan(
            BoxRequest(
                granted: granted, launch: launch, commands: commands, root: base, host: facts, isolation: isolation,
                options: options))
    }

    /// What to try, in order.
    var isolations: [Isolation] {
        if let chosen = arguments.isolation { return [chosen] }
        if case .refused = kernel.namespaces { return [.plain] }
        // With everything writable there is nothing left to hide.
        if resolution.permissions.writePaths.contains("/") { return [.plain] }
        return [.namespaces, .plain]
    }
}

extension DeclaredPermissions {
    /// What a manifest asks for, with the scopes that it proposes.
    init(_ manifest: AgentManifest) {
        var scopes = Overrides()
        for key in ScopeKey.allCases {
            guard let values = manifest.scopes[key], let override = OverrideKey(rawValue: key.rawValue) else {
                continue
            }
            scopes.entries += values.map { .init(override, $0, from: .scopes) }
            // An empty list says "none", where no list at all would leave the default.
            if values.isEmpty { scopes.emptyLists[override] = .scopes }
        }
        for (limit, value) in manifest.scopes.limits.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            scopes.entries.append(.init(.limits, "\(limit.rawValue)=\(value)", from: .scopes))
        }
        if let dns = manifest.scopes.dns { scopes.entries.append(.init(.dns, dns, from: .scopes)) }
        self.init(required: Set(manifest.permissions), optional: Set(manifest.optionalPermissions), scopes: scopes)
    }
}
