import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage

/// Installs what a package runner would start, in a box of its own: it reaches the registry alone, and writes one new folder.
enum PackagePreparation {
    /// Longest time in seconds that an installer may take.
    static let patience = 900

    /// `run --prepare`: nothing is started.
    static func only(_ arguments: RunArguments, _ opening: RunOpening) throws(Refusal) -> Int32 {
        do throws(Refusal) {
            let preparation = try RunPreparation(arguments, opening)
            guard let runner = preparation.launch.runner else {
                throw Refusal(
                    .usage, "--prepare: `\(arguments.command[0])` is no package runner",
                    next: "leave --prepare out; npx, uvx, pipx run and their kin need it")
            }
            let notes = preparation.launch.notes
            if preparation.launch.package == nil || runner.isExact {
                for line in notes { say(line) }
                return 0
            }
            try install(runner, arguments, opening, renewing: true)
            return 0
        } catch {
            guard let runner = error.missing else { throw error }
            try install(runner, arguments, opening, renewing: false)
            return 0
        }
    }

    /// - Parameter renewing: Ask the registry although a version is recorded.
    static func install(
        _ runner: PackageRunner, _ arguments: RunArguments, _ opening: RunOpening, renewing: Bool
    ) throws(Refusal) {
        let environment = InheritedEnvironment(strings: ProcessEnvironment.strings).variables
        let outlook = try PackageOutlook(runner, environment)
        if let offline = outlook.request.offline ?? (arguments.neverPrepares ? "--no-prepare" : nil) {
            throw Refusal(
                .launch(exitCode: 125), "\(runner.package) is not installed, and \(offline) says that it is not to be",
                next: "leave \(offline) out, or \(runner.next)")
        }
        if arguments.user != nil {
            throw Refusal(
                .usage, "\(runner.package) is not installed, and root installs nothing for another user",
                next: "`agentbound run --prepare` as that user")
        }
        let (manifest, resolution) = try RunPreparation.permissions(arguments)
        if !arguments.isConsentGiven {
            let request = ConsentRequest(manifest, arguments, resolution, runner, from: outlook.registry.url)
            _ = try ConsentCheck.pass(request, manifest, resolution)
        }
        let store = PackageStore(environment)
        do {
            let lock = try store.lock(outlook.request)
            let recorded = store.package(for: outlook.request)
            if !renewing, let recorded, (try? FileStatus(of: recorded.folder))?.isDirectory == true {
                // Another start has done it while this one waited, or the command names another program of it.
                let outcome = PackageOutcome(of: runner, in: recorded.folder, files: HostFiles())
                if outcome.program == nil { throw Refusal(noProgram: outcome, runner) }
                return
            }
            let folder = try store.makeFolder(outlook.request, keeping: recorded?.folder)
            do throws(Refusal) {
                let package = try fill(
                    folder, outlook, arguments, opening, environment, version: renewing ? nil : recorded?.version)
                try keep(package, outlook.request, in: store)
            } catch {
                FolderCalls.removeTree(folder)
                throw error
            }
            _ = lock.rawValue
        } catch let error as Refusal { throw error } catch {
            throw Refusal(
                .system, "there is no place to install \(runner.package): \(error)",
                next: "set HOME, or XDG_CACHE_HOME and XDG_STATE_HOME, to folders that only you can write")
        }
    }

    private static func keep(_ package: PreparedPackage, _ request: PackageRequest, in store: PackageStore)
        throws(Refusal)
    {
        do throws(AuditError) { try store.keep(package, for: request) } catch {
            throw Refusal(
                .system, "which version was installed cannot be kept: \(error)", next: "make the state folder writable")
        }
    }

    /// Runs the installer, and looks at what it made.
    private static func fill(
        _ folder: FilePath, _ outlook: PackageOutlook, _ arguments: RunArguments, _ opening: RunOpening,
        _ environment: [String: String], version: String?
    ) throws(Refusal) -> PreparedPackage {
        let request = outlook.request, runner = request.runner
        let path = RunPreparation.path(environment)
        let python = try python(request, path, environment)
        let installation = PackageInstallation(
            request, from: outlook.registry, into: folder, version: version, python: python?.string)
        for (name, text) in installation.files { try write(text, folder.appending(name)) }
        let launch = try chain(installation.command, path, folder, environment, request)
        var commands: [LaunchChain] = []
        for program in installation.programs {
            commands.append(try chain([program], path, folder, environment, request))
        }
        let box = PackageBox(
            installation: installation, launch: launch, commands: commands, arguments: arguments,
            kernel: opening.kernel,
            certificates: certificates(request.installer, environment))
        say(
            "installing \(version.map { runner.pinned(to: $0) } ?? runner.package) with \(request.installer.rawValue) in a "
                + "box of its own, which reaches \(outlook.registry.hosts.map { "\($0)" }.joined(separator: ", ")) only"
        )
        let session = AuditWriter.newSession()
        let audit = try RunCommand.openAudit(arguments, session)
        let ending = try box.run(audit)
        func fail(_ why: String, _ next: String) -> Refusal {
            record(audit, runner.package, .error, why, [])
            return Refusal(.launch(exitCode: 125), why, next: next)
        }
        guard ending.exitCode == 0 else {
            throw fail(
                "\(runner.package) could not be installed: \(request.installer.rawValue) ended with \(ending.exitCode)",
                "its messages are above; what has to be compiled, or comes from other hosts, is installed by hand: "
                    + runner.next)
        }
        for name in PackageInstallation.leftovers { FolderCalls.removeTree(folder.appending(name)) }
        let allowed = Set((commands + [launch]).map(\.program) + (python.map { [$0] } ?? []))
        if let link = PackageInstallation.strayLink(in: folder, except: allowed, files: HostFiles()) {
            throw fail(
                "\(runner.package) was installed with a link that leads out of its folder: \(link)",
                "do not start it before somebody has looked at the package")
        }
        let outcome = PackageOutcome(of: runner, in: folder, files: HostFiles())
        guard let installed = outcome.version else {
            throw fail("\(runner.package) is not among what was installed", "check the name of the package")
        }
        guard outcome.program != nil else {
            let refusal = Refusal(noProgram: outcome, runner)
            throw fail(refusal.message, refusal.next ?? "")
        }
        let package = PreparedPackage(
            name: request.name, version: installed, folder: folder, registry: outlook.registry.url,
            date: String("\(Timestamp.now())".prefix(10)))
        record(
            audit, runner.pinned(to: installed), .info, "installed",
            [
                .init("registry", .string(Redaction.redact(outlook.registry.url))),
                .init("version", .string(installed)),
                .init("folder", .string(folder.string)),
            ])
        say("\(package.name) \(installed) is installed; `\(runner.pinned(to: installed))` names that version")
        return package
    }

    private static func record(
        _ audit: AuditWriter?, _ subject: String, _ decision: AuditEvent.Decision, _ reason: String,
        _ detail: [JSONMember]
    ) {
        _ = try? audit?.append(
            AuditEvent(.lifecycle, subject, decision, rule: "install", reason: reason, detail: detail))
    }

    private static func python(
        _ request: PackageRequest, _ path: [FilePath], _ environment: [String: String]
    ) throws(Refusal) -> FilePath? {
        if request.installer == .npm { return nil }
        if let found = PackagePython.find(request.python, path: path, environment: environment) { return found }
        throw Refusal(
            .launch(exitCode: 125),
            "no \(request.python.map { "Python `\($0)`" } ?? "python3") was found for \(request.name)",
            next: "install it first: none is downloaded")
    }

    private static func chain(
        _ argv: [String], _ path: [FilePath], _ folder: FilePath, _ environment: [String: String],
        _ request: PackageRequest
    ) throws(Refusal) -> LaunchChain {
        do throws(LaunchChainError) {
            return try LaunchChain(
                argv: argv, path: path, folder: folder, environment: environment, files: HostFiles())
        } catch {
            throw Refusal(
                .launch(exitCode: 125),
                "\(request.runner.package) is not installed, and \(argv[0]) cannot install it: \(error.explanation.problem)",
                next: request.runner.next)
        }
    }

    /// The operator's own certificates, by variable, where the files exist.
    private static func certificates(
        _ installer: PackageRequest.Installer, _ environment: [String: String]
    ) -> [String: FilePath] {
        var found: [String: FilePath] = [:]
        for name in PackageInstallation.certificates[installer]! {
            if let value = environment[name], value.hasPrefix("/"), let real = try? HostPaths.real(FilePath(value)) {
                found[name] = real
            }
        }
        return found
    }

    private static func write(_ text: String, _ path: FilePath) throws(Refusal) {
        do throws(SyscallError) {
            // The path outlives the call.
            let number = try syscall("open", path) {
                unsafe path.withPlatformString { unsafe open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
            }
            let file = OwnedDescriptor(rawValue: number)
            try file.writeAll(Array(text.utf8))
        } catch { throw Refusal(.system, "\(error)", next: nil) }
    }

    static func say(_ text: String) {
        StandardError.write("agentbound: note: \(text.terminalSafe)\n", patience: 1_000)
    }
}

extension Refusal {
    /// A package that is there and has no program of the name that the command means.
    fileprivate init(noProgram outcome: PackageOutcome, _ runner: PackageRunner) {
        let list = outcome.programs.isEmpty ? "it has none" : "it has \(outcome.programs.joined(separator: ", "))"
        let example =
            switch runner.kind {
            case .pipxRun: "pipx run --spec \(runner.package) PROGRAM"
            case .uvx: "uvx --from \(runner.package) PROGRAM"
            default: "npx --package \(runner.package) PROGRAM"
            }
        self.init(
            .launch(exitCode: 125),
            "\(runner.package) has no program `\(runner.program ?? runner.nameAndVersion.name)`: \(list)",
            next: "name the program that is meant: `\(example)`")
    }
}
