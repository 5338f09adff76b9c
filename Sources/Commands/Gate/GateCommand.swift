import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage

/// `agentbound gate`: a policy between a client and a server that runs without a box.
enum GateCommand {
    /// - Returns: The process's exit code.
    static func main(_ arguments: [String]) -> Int32 {
        RunCommand.settleProcess()
        do throws(Refusal) {
            let parsed: GateArguments
            do throws(UsageError) { parsed = try GateArguments(arguments) } catch {
                throw Refusal(.usage, error.message, next: "`agentbound gate --help`")
            }
            if parsed.wantsHelp {
                do throws(SyscallError) { try writeOutput(GateArguments.help) } catch {
                    throw Refusal(.output, "cannot write the help: \(error)", next: nil)
                }
                return 0
            }
            return try run(parsed)
        } catch {
            StandardError.write(error.text, patience: 1_000)
            ProtocolRefusal.answer(error)
            return error.runExitCode
        }
    }

    private static func run(_ arguments: GateArguments) throws(Refusal) -> Int32 {
        for descriptor: CInt in 0...2 { try RunCommand.checkStream(descriptor) }
        let usage = "agentbound gate --policy FILE [OPTION...] -- COMMAND [ARG...]"
        if !arguments.gate.isUsed { throw Refusal(.usage, "no policy was named", next: usage) }
        guard let name = arguments.command.first else { throw Refusal(.usage, "no command was given", next: usage) }
        let gate = try GateRun(arguments.gate)
        let session = AuditWriter.newSession()
        let audit = try RunCommand.openAudit(arguments.keepsAudit, arguments.auditFile, session)
        let plan = try plan(arguments, gate.seat.streams)
        do throws(AuditError) { try audit?.append(startEvent(arguments)) } catch { throw Refusal(error) }
        var surroundings = BoxSurroundings(start: 0)
        surroundings.watchedInput = RunCommand.isClientStream(0) ? 0 : nil
        surroundings.passedSignals = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH]
        surroundings.grace = arguments.grace
        SignalDescriptor.block(surroundings.passedSignals)
        let base = FilePath(name).lastComponent?.string ?? name
        do throws(BoxError) {
            let ending = try UnboxedServer.run(
                plan, surroundings, started: { gate.serve(base, audit, isQuiet: arguments.isQuiet) },
                late: {
                    StandardError.write("agentbound: the server was asked to end, did not, and was killed\n")
                },
                ended: { ending in
                    gate.seat.end()
                    _ = try? audit?.append(
                        AuditEvent(
                            .lifecycle, "server", .info, rule: "end", reason: ending.words,
                            detail: [.init("exitCode", .integer(ending.exitCode))]))
                    if let audit { AuditKeys.signIfThereIsAKey(audit) }
                })
            return ending.exitCode
        } catch { throw refusal(error, name.terminalSafe) }
    }

    private static func startEvent(_ arguments: GateArguments) -> AuditEvent {
        AuditEvent(
            .lifecycle, arguments.gate.name ?? arguments.command[0], .info, rule: "start",
            reason: "gate, without a box",
            detail: [
                .init("command", .array(arguments.command.map { .string(Redaction.redact($0)) })),
                .init("policy", .strings(arguments.gate.policyFiles)),
            ])
    }

    /// The server as it would run without us: same folder, same variables, same rights.
    private static func plan(_ arguments: GateArguments, _ streams: ChildStreams) throws(Refusal) -> ChildPlan {
        var plan = ChildPlan()
        plan.program = try program(arguments.command[0])
        plan.arguments = arguments.command
        plan.environment = ProcessEnvironment.strings.map { String(decoding: $0, as: UTF8.self) }
            .filter { !$0.hasPrefix(GateRun.tokenVariable + "=") }
        plan.directory = try RunPreparation.workingDirectory()
        plan.streams = streams
        plan.keepsPrivileges = true
        return plan
    }

    /// As a shell finds it. execvp(3)
    private static func program(_ name: String) throws(Refusal) -> FilePath {
        if name.contains("/") { return FilePath(name) }
        var refused = false
        for folder in (ProcessEnvironment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let path = String(folder) + "/" + name
            guard let status = try? FileStatus(of: FilePath(path)), status.isRegular else { continue }
            if unsafe access(path, X_OK) == 0 { return FilePath(path) }
            refused = true
        }
        throw Refusal(
            .launch(exitCode: refused ? 126 : 127),
            "\(name.terminalSafe): \(refused ? "not executable" : "not found in PATH")", next: "give its full path")
    }

    private static func refusal(_ error: BoxError, _ name: String) -> Refusal {
        guard case .launch(let failure) = error, failure.step == .exec else {
            return Refusal(.system, "cannot start `\(name)`: \(error)", next: nil)
        }
        let isMissing = failure.errno == .noSuchFileOrDirectory
        return Refusal(
            .launch(exitCode: isMissing ? 127 : 126), "\(name): \(failure.errno)",
            next: isMissing ? "give its full path" : "check that it is a program for this machine")
    }
}
