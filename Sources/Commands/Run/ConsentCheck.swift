import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import SystemPackage

/// Whether a person agreed to what this start asks for.
enum ConsentCheck {
    /// Looks the consent up, and asks for it where somebody can answer.
    /// - Returns: What the start rests on, for the record.
    /// - Throws: ``Refusal`` with the command that would give consent. Nothing waits unless there is a terminal.
    static func pass(_ preparation: RunPreparation) throws(Refusal) -> String {
        if preparation.arguments.isConsentGiven { return "--yes" }
        return try pass(ConsentRequest(preparation), preparation.manifest, preparation.resolution)
    }

    static func pass(
        _ request: ConsentRequest, _ manifest: LoadedManifest, _ resolution: Resolution
    ) throws(Refusal) -> String {
        let store = try openStore()
        let answer = try lookup(request, in: store)
        if case .granted(let record) = answer { return "agreed to on \(record.time)" }
        guard ConsentTerminal.isThere else { throw refusal(answer, request) }
        let text =
            if case .changed(let previous, let difference) = answer {
                ConsentText.change(request, since: previous, difference)
            } else {
                ConsentText.request(manifest, request, resolution)
            }
        guard ConsentTerminal.agrees(to: text, question: "Start it with these rights, now and from now on?") else {
            throw Refusal(.consent, "`\(request.server.terminalSafe)` was not started: you did not agree", next: nil)
        }
        do throws(AuditError) { try store.record(ConsentRecord(request)) } catch {
            // The person agreed to this start whether or not it can be remembered.
            try? SharedDescriptor(rawValue: dup(2)).writeAll(
                Array("agentbound: note: your answer cannot be kept, so it will be asked again: \(error)\n".utf8))
        }
        return "agreed to at the terminal"
    }

    static func openStore() throws(Refusal) -> ConsentStore {
        do throws(AuditError) {
            return try ConsentStore(stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: ProcessEnvironment["HOME"])
        } catch {
            throw Refusal(
                .consent, "there is no place for records of consent: \(error)",
                next: "set HOME, or put --yes before `--`: the command line is the consent then")
        }
    }

    static func lookup(_ request: ConsentRequest, in store: ConsentStore) throws(Refusal) -> ConsentAnswer {
        do throws(AuditError) { return try store.lookup(request) } catch {
            throw Refusal(
                .consent, "the record of consent cannot be trusted: \(error)",
                next:
                    "correct the owner and mode of \(store.folder.string.terminalSafe), or remove it and approve again")
        }
    }

    /// Why it does not start, and exactly what to type.
    private static func refusal(_ answer: ConsentAnswer, _ request: ConsentRequest) -> Refusal {
        let server = request.server.terminalSafe
        let message =
            switch answer {
            case .changed(let previous, let difference):
                "`\(server)` asks for more than was agreed to on \(previous.time)\n"
                    + difference.lines.map { "  \($0)" }.joined(separator: "\n")
            case .unknown(let warning?): "nobody has agreed to start `\(server)`: \(warning.terminalSafe)"
            case .unknown, .granted: "nobody has agreed to start `\(server)` with these rights"
            }
        return Refusal(
            .consent, message,
            next: "`\(approval(CommandLine.arguments, folder: folder))` shows what it asks for and keeps your answer; "
                + "with --yes before `--` the command line is the consent")
    }

    /// Where a client starts its servers is seldom where a person types.
    private static var folder: FilePath? { isatty(2) == 1 ? nil : FolderCalls.link("/proc/self/cwd") }

    /// The command line that gives consent to `arguments`, which is a command line of `run`. What a variable is set to
    /// is left out: consent is to its name, and a client's log is no place for it.
    static func approval(_ arguments: [String], folder: FilePath?) -> String {
        var words = [arguments.first ?? "agentbound", "approve"]
        var isCommand = false
        var isVariable = false
        for argument in arguments.dropFirst(2) {
            isCommand = isCommand || argument == "--"
            var word = argument[...]
            let prefix = argument.hasPrefix("--env=") ? 6 : 0
            if !isCommand, isVariable || prefix > 0, let equals = argument.dropFirst(prefix).firstIndex(of: "=") {
                word = argument[...equals] + "..."
            }
            isVariable = argument == "--env" && !isVariable
            words.append(String(word))
        }
        return (folder.map { "cd \(ShellWords.quote($0.string)) && " } ?? "") + ShellWords.quote(words)
    }
}
