import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage

/// The box that a package is installed in.
struct PackageBox {
    let installation: PackageInstallation
    let launch: LaunchChain
    let commands: [LaunchChain]
    let arguments: RunArguments
    let kernel: KernelFeatures
    /// The operator's certificates, by variable.
    let certificates: [String: FilePath]

    /// Runs the installer to its end. Nothing of it reaches standard output, and it reads nothing from standard input.
    func run(_ audit: AuditWriter?) throws(Refusal) -> BoxEnding {
        let isolations: [Isolation] =
            if let chosen = arguments.isolation { [chosen] } else if case .refused = kernel.namespaces { [.plain] } else
            {
                [.namespaces, .plain]
            }
        for (index, isolation) in isolations.enumerated() {
            let scratch = isolation == .plain ? try Scratch(user: nil) : nil
            defer { scratch?.remove() }
            let plan = plan(isolation, scratch: scratch?.path ?? "/tmp")
            if !plan.gaps.isEmpty && !arguments.acceptsGaps { throw Refusal(gaps: plan.gaps) }
            do throws(BoxError) { return try run(plan, audit) } catch {
                if index + 1 < isolations.count, RunCommand.isAboutNamespaces(error) { continue }
                throw Refusal(error, command: installation.command[0], plan: plan)
            }
        }
        throw Refusal(.system, "no way of isolation is left", next: "`agentbound doctor`")
    }

    private func plan(_ isolation: Isolation, scratch: FilePath) -> BoxPlan {
        let granted = permissions
        let base = RuntimeBase(files: HostFiles(), network: true)
        let facts = HostSurvey.facts(
            for: granted, launches: [launch] + commands, base: base, kernel: kernel, directory: installation.folder,
            home: installation.folder.appending("home"), scratch: scratch, user: nil, isolation: isolation)
        return BoxPlan(
            BoxRequest(
                granted: granted, launch: launch, commands: commands, base: base, host: facts, isolation: isolation))
    }

    private var permissions: EffectivePermissions {
        var path = [FilePath]()
        for chain in commands + [launch] {
            let folder = FilePath(chain.argv[0]).parent
            if !path.contains(folder) { path.append(folder) }
        }
        for folder: FilePath in ["/usr/local/bin", "/usr/bin", "/bin"] where !path.contains(folder) {
            path.append(folder)
        }
        return installation.permissions(programs: commands.map(\.program), path: path, more: certificates)
    }

    private func run(_ plan: BoxPlan, _ audit: AuditWriter?) throws(BoxError) -> BoxEnding {
        var surroundings = BoxSurroundings(start: BirthClock.now)
        surroundings.nameServers = ResolvConf.nameServers((try? readFile("/etc/resolv.conf")) ?? [])
        surroundings.hosts = HostsFile((try? readFile("/etc/hosts")) ?? [])
        let witness = PackageWitness(RunWitness(audit: audit, isQuiet: arguments.isQuiet))
        let limit: Deadline
        do throws(SyscallError) { limit = try Deadline(seconds: PackagePreparation.patience) } catch {
            throw .system(error)
        }
        let stop = limit.descriptor.rawValue
        // The server's box comes after this one, and is planned as if there had been none.
        defer { becomeDumpable() }
        return try Self.withStreamsAside { () throws(BoxError) in
            try Box.run(
                plan, surroundings: surroundings, witness: witness, stopRequest: stop,
                record: { () throws(AuditError) in _ = try audit?.append(startEvent(plan)) })
        }
    }

    private func startEvent(_ plan: BoxPlan) -> AuditEvent {
        AuditEvent(
            .lifecycle, installation.request.runner.package, .info, rule: "install", reason: "not installed yet",
            detail: [
                .init("command", .array(installation.command.map { .string(Redaction.redact($0)) })),
                .init("registry", .string(Redaction.redact(installation.registry.url))),
                .init("hosts", .strings(installation.registry.hosts.map { "\($0)" })),
                .init("isolation", .string(plan.isolation.rawValue)),
            ])
    }

    /// The client's requests are for the server, and so is standard output: the installer has neither.
    private static func withStreamsAside<R>(_ body: () throws(BoxError) -> R) throws(BoxError) -> R {
        let input = fcntl(0, F_DUPFD_CLOEXEC, 3), output = fcntl(1, F_DUPFD_CLOEXEC, 3)
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        dup2(nothing, 0)
        dup2(2, 1)
        close(nothing)
        defer {
            for (kept, stream) in [(input, 0), (output, 1)] as [(CInt, CInt)] {
                dup2(kept, stream)
                close(kept)
            }
        }
        return try body()
    }

}

/// A descriptor that hangs up after a time.
private struct Deadline: ~Copyable {
    let descriptor: OwnedDescriptor
    /// Closed when nobody needs the time any more: the thread that waits ends then.
    private let isNeeded: OwnedDescriptor

    init(seconds: Int) throws(SyscallError) {
        let end = try Self.pipe(), stop = try Self.pipe()
        try SystemThread.start("box-deadline") {
            var poll = pollfd(fd: stop.reading, events: Int16(POLLIN), revents: 0)
            _ = unsafe Glibc.poll(&poll, 1, CInt(seconds * 1_000))
            close(stop.reading)
            close(end.writing)
        }
        descriptor = OwnedDescriptor(rawValue: end.reading)
        isNeeded = OwnedDescriptor(rawValue: stop.writing)
    }

    private static func pipe() throws(SyscallError) -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [-1, -1]
        // The call fills both.
        try syscall("pipe") { unsafe Glibc.pipe(&ends) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// What an installer was refused is recorded like anything else, but no flag of the server's would allow it.
struct PackageWitness: BoxWitness {
    private let witness: RunWitness
    init(_ witness: RunWitness) { self.witness = witness }

    func record(_ event: BoxEvent) -> Bool {
        var event = event
        event.flag = nil
        return witness.record(event)
    }
}
