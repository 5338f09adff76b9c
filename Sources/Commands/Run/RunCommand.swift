package import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import ManifestModel
import PolicyEngine
import Signatures
import StrictJSON
import SystemPackage

/// `agentbound run`: one server in its box, from arguments to exit code.
package enum RunCommand {
    /// - Parameter layers: What a test leaves out; the executable leaves out nothing.
    /// - Returns: The process's exit code.
    package static func main(_ arguments: [String], without layers: Set<BoxLayer> = []) -> Int32 {
        // Before anything else is opened: a number that leads nowhere now would later be the journal's, say.
        let number = RunArguments.statusDescriptor(arguments)
        let status = number.flatMap { StatusReport.keep($0) }
        settleProcess()
        var parsed: RunArguments
        do throws(UsageError) {
            parsed = try RunArguments(arguments)
            if let number, status == nil {
                throw UsageError(
                    "descriptor \(number) of --status-fd is not open for writing; give it as `\(number)>FILE`")
            }
        } catch {
            var understood = RunArguments()  // whoever asked for a status is told, also about another flag's mistake
            understood.statusDescriptor = status
            return refuse(Refusal(error), understood)
        }
        parsed.statusDescriptor = status
        parsed.withoutLayers = layers
        if parsed.wantsHelp {
            do throws(SyscallError) { try writeOutput(RunHelp.text) } catch {
                return refuse(Refusal(.output, "cannot write the help: \(error)", next: nil), nil)
            }
            return 0
        }
        do throws(Refusal) { return try run(parsed) } catch { return refuse(error, parsed) }
    }

    /// A standard stream that the caller closed would otherwise be the next file that is opened. What takes its place is open
    /// the wrong way round, so that reading and writing fail as on a closed one, for the launcher and for the server.
    /// A reader that went away or a full quota is an error of the call, not the launcher's death.
    static func settleProcess() {
        for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
        for descriptor: CInt in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    private static func refuse(_ refusal: Refusal, _ arguments: RunArguments?) -> Int32 {
        StandardError.write(refusal.text, patience: 1_000)
        StatusReport(descriptor: arguments?.statusDescriptor).refused(refusal)
        if let arguments, !arguments.isDryRun { ProtocolRefusal.answer(refusal) }
        return refusal.runExitCode
    }

    /// What standard input is called where a manifest is named.
    private static let standardInput = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]

    private static func run(_ arguments: RunArguments) throws(Refusal) -> Int32 {
        for descriptor: CInt in 0...2 { try checkStream(descriptor) }
        if arguments.wantsJSON && !arguments.isDryRun {
            // Standard output is the server's.
            throw Refusal(
                .usage, "--json says how the plan is printed, and no plan was asked for", next: "add --dry-run")
        }
        if let name = arguments.manifest, !arguments.isDryRun, !arguments.preparesOnly, standardInput.contains(name) {
            throw Refusal(
                .usage, "the manifest cannot come from standard input: that is the client's, and the server reads it",
                next: "write the manifest to a file and give its path, or a descriptor: `run /dev/fd/3 ... 3<FILE`")
        }
        let opening = try RunOpening(arguments)
        if arguments.preparesOnly { return try PackagePreparation.only(arguments, opening) }
        if arguments.isDryRun {
            let gateway = try GateOutlook(arguments.gate)
            return try dryRun(RunPreparation(arguments, opening), gateway)
        }
        let gate = try arguments.gate.isUsed ? GateRun(arguments.gate) : nil
        // What cannot be forked now is forked later, and its error told then.
        let origin = opening.origin(arguments, streams: gate?.seat.streams)
        let forked = try? ForkedChild(origin)
        do throws(Refusal) {
            let base = BaseRoot(opening.base(), for: origin)
            try? forked?.furnish(base: base.mounts, place: BaseRoot.place)
            return try run(RunPreparation(arguments, opening, base: base), forked, gate)
        } catch {
            forked?.discard()
            guard let runner = error.missing else { throw error }
            // The first start of a package: it is installed, and then started like any other.
            try PackagePreparation.install(runner, arguments, opening, renewing: false)
            return try run(RunPreparation(arguments, opening), nil, gate)
        }
    }

    private static func run(
        _ preparation: RunPreparation, _ forked: ForkedChild?, _ gate: GateRun?
    ) throws(Refusal) -> Int32 {
        let arguments = preparation.arguments
        for warning in preparation.resolution.warnings + preparation.notes { warn(warning) }
        let consent = try ConsentCheck.pass(preparation)
        // Fetched when all else is agreed to, and before anything is written down that could hold one.
        let secrets = try SecretValues.fetch(preparation.resolution.permissions.secrets)
        let session = AuditWriter.newSession()
        let audit = try openAudit(arguments, session)
        let witness = RunWitness(
            audit: audit, isQuiet: arguments.isQuiet, inFlight: gate?.seat.inFlight,
            defaults: preparation.resolution.defaults)
        return try start(preparation, secrets, forked, witness, audit, consent, gate)
    }

    private static func start(
        _ preparation: RunPreparation, _ secrets: [EnvironmentVariable], _ forked: ForkedChild?, _ witness: RunWitness,
        _ audit: AuditWriter?, _ consent: String, _ gate: GateRun?
    ) throws(Refusal) -> Int32 {
        let arguments = preparation.arguments
        // Before anything of the box exists, and after all that may have taken long: answers, installations, secrets.
        var surroundings = BoxSurroundings(start: BirthClock.now)
        if preparation.resolution.permissions.granted.contains(.networkClient) {
            surroundings.nameServers = ResolvConf.nameServers((try? readFile("/etc/resolv.conf")) ?? [])
            surroundings.hosts = HostsFile((try? readFile("/etc/hosts")) ?? [])
        }
        surroundings.watchedInput = isClientStream(0) ? 0 : nil
        surroundings.passedSignals = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH]
        surroundings.grace = arguments.grace
        SignalDescriptor.block(surroundings.passedSignals)
        let buses = try BusAccess(preparation)
        defer { buses?.end() }
        let isolations = preparation.isolations
        for (index, isolation) in isolations.enumerated() {
            let scratch = isolation == .plain ? try Scratch(user: preparation.user) : nil
            defer { scratch?.remove() }
            let plan = preparation.plan(
                isolation, scratch: scratch?.path ?? "/tmp", buses: buses?.folder ?? "/tmp", secrets: secrets,
                streams: gate?.seat.streams)
            if !plan.gaps.isEmpty && !arguments.acceptsGaps { throw Refusal(gaps: plan.gaps) }
            if index == 0 { for note in LimitHold(plan).notes { warn(note) } }
            for gap in plan.gaps { warn("started in spite of \(gap.id): \(gap.explanation.terminalSafe)") }
            do throws(BoxError) {
                let ending = try Box.run(
                    plan, forked: index == 0 ? forked : nil, surroundings: surroundings, witness: witness,
                    // No record, no permission: a start that cannot be written down does not happen.
                    record: { () throws(AuditError) in
                        _ = try audit?.append(startEvent(preparation, plan, consent))
                    },
                    started: { _ in gate?.serve(preparation.manifest.manifest.name, audit, isQuiet: arguments.isQuiet)
                    },
                    ended: { ending in
                        gate?.seat.end()
                        witness.append(endEvent(ending, witness.limits))
                        if let audit { AuditKeys.signIfThereIsAKey(audit) }
                    })
                StandardError.write(
                    witness.summary(session: audit?.session, journal: arguments.auditFile), patience: 200)
                if ending.exitCode != 0 && witness.limits.isEmpty && !arguments.explainsFiles && !arguments.isQuiet {
                    let scopes =
                        preparation.resolution.proposals.isEmpty
                        ? "" : "; the manifest proposes scopes, which --accept-scopes grants"
                    warn("the server ended with \(ending.exitCode); refused files are reported with --explain\(scopes)")
                }
                StatusReport(descriptor: arguments.statusDescriptor).ended(ending)
                return ending.exitCode
            } catch {
                if index + 1 < isolations.count, isAboutNamespaces(error) {
                    warn(
                        "namespaces cannot be had here (\(describe(error))); going on without them: what is not granted is refused, but visible"
                    )
                    continue
                }
                throw Refusal(error, command: arguments.command[0], plan: plan)
            }
        }
        throw Refusal(.system, "no way of isolation is left", next: "`agentbound doctor`")
    }

    /// Whether a box without namespaces may still work.
    static func isAboutNamespaces(_ error: BoxError) -> Bool {
        guard case .launch(let failure) = error else { return false }
        return [.fork, .idMap, .loopback, .stubSockets, .mount, .root, .initProgram].contains(failure.step)
    }

    private static func describe(_ error: BoxError) -> String {
        guard case .launch(let failure) = error else { return "\(error)" }
        return "step \(failure.step) \(failure.index): \(failure.errno)"
    }

    static func openAudit(_ arguments: RunArguments, _ session: String) throws(Refusal) -> AuditWriter? {
        try openAudit(arguments.keepsAudit, arguments.auditFile, session)
    }

    static func openAudit(_ keeps: Bool, _ file: String?, _ session: String) throws(Refusal) -> AuditWriter? {
        guard keeps else { return nil }
        do throws(AuditError) {
            let path: FilePath
            if let named = file {
                path = FilePath(named)
            } else {
                path = try StateFolder.journal(
                    stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: ProcessEnvironment["HOME"])
            }
            let here = FolderCalls.link("/proc/self/cwd") ?? "/"
            return try AuditWriter(
                path: path.isAbsolute ? path : here.pushing(path), makesFolders: file == nil,
                session: session)
        } catch { throw Refusal(error) }
    }

    private static func startEvent(_ preparation: RunPreparation, _ plan: BoxPlan, _ consent: String) -> AuditEvent {
        AuditEvent(
            .lifecycle, preparation.manifest.manifest.name ?? preparation.manifest.path, .info, rule: "start",
            reason: consent,
            detail: [
                .init("command", .array(preparation.arguments.command.map { .string(Redaction.redact($0)) })),
                .init("manifest", .string(SHA256.hex(preparation.manifest.bytes))),
                .init(
                    "permissions",
                    .array(preparation.resolution.permissions.granted.sorted().map { .string($0.rawValue) })),
                .init("isolation", .string(plan.isolation.rawValue)),
                .init(
                    "gaps",
                    .array(
                        plan.gaps.map { .string([$0.id, $0.path?.string].compactMap(\.self).joined(separator: " ")) })),
            ])
    }

    private static func endEvent(_ ending: BoxEnding, _ limits: [String]) -> AuditEvent {
        AuditEvent(
            .lifecycle, "server", .info, rule: "end", reason: limits.reduce(ending.words) { "\($0); \($1)" },
            detail: [.init("exitCode", .integer(ending.exitCode))])
    }

    private static func dryRun(_ preparation: RunPreparation, _ gateway: GateOutlook?) throws(Refusal) -> Int32 {
        let isolation = preparation.isolations[0]
        let plan = preparation.plan(isolation, scratch: Scratch.sample)
        let text =
            preparation.arguments.wantsJSON
            ? PlanJSON.value(plan, preparation, gateway).text(pretty: true) + "\n"
            : PlanText.text(plan, preparation, gateway)
        do throws(SyscallError) { try writeOutput(text) } catch {
            throw Refusal(.system, "cannot write the plan: \(error)", next: nil)
        }
        return plan.gaps.isEmpty || preparation.arguments.acceptsGaps ? 0 : 69
    }

    private static func warn(_ text: String) {
        StandardError.write("agentbound: note: \(text)\n", patience: 200)
    }

    /// A standard stream that is a folder would be a way out of the box: openat(2) starts there.
    static func checkStream(_ descriptor: CInt) throws(Refusal) {
        guard let status = try? FileStatus(of: OwnedDescriptor(rawValue: dup(descriptor))) else { return }
        if status.isDirectory {
            throw Refusal(
                .usage, "standard stream \(descriptor) is a folder",
                next: "give the server a pipe, a file or a terminal")
        }
    }

    /// Pipes and sockets end with their client; files and terminals do not.
    static func isClientStream(_ descriptor: CInt) -> Bool {
        guard let status = try? FileStatus(of: OwnedDescriptor(rawValue: dup(descriptor))) else { return false }
        return status.isSocket || status.mode & S_IFMT == S_IFIFO
    }
}
