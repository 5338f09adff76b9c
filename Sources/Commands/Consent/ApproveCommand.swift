import AgentBox
import AuditTrail
import Glibc
import LinuxSystem
import PolicyEngine
import StrictJSON
import SystemPackage

/// `agentbound approve`: shows what a server asks for, and keeps a person's answer.
enum ApproveCommand {
    /// - Parameter arguments: What follows `approve`: its own two flags, or a command line of `run`.
    static func run(_ arguments: [String]) throws {
        let own = arguments.prefix { $0 != "--" }
        if own.first == "--revoke" || own.first?.hasPrefix("--revoke=") == true { return try revoke(Array(own)) }
        let parsed = try parse(arguments.filter { $0 != "--list" || !own.contains("--list") })
        if parsed.wantsHelp { return try writeOutput(RunHelp.approve) }
        if own.contains("--list") { return try list(parsed) }
        try RunHelp.requireManifestAndCommand(parsed, "approve")
        _ = try GateOutlook(parsed.gate)
        do {
            let preparation = try RunPreparation(parsed, RunOpening(parsed))
            try approve(parsed, ConsentRequest(preparation), preparation.manifest, preparation.resolution)
        } catch let error as Refusal {
            // Consent comes before a package is installed.
            guard let runner = error.missing else { throw error }
            let outlook = try PackageOutlook(
                runner, InheritedEnvironment(strings: ProcessEnvironment.strings).variables)
            let (manifest, resolution) = try RunPreparation.permissions(parsed)
            let request = ConsentRequest(manifest, parsed, resolution, runner, from: outlook.registry.url)
            try approve(parsed, request, manifest, resolution)
        }
    }

    private static func parse(_ arguments: [String]) throws(Refusal) -> RunArguments {
        do throws(UsageError) { return try RunArguments(arguments) } catch {
            throw Refusal(.usage, error.message, next: "`agentbound approve --help`")
        }
    }

    private static func approve(
        _ arguments: RunArguments, _ request: ConsentRequest, _ manifest: LoadedManifest, _ resolution: Resolution
    ) throws {
        let store = try ConsentCheck.openStore()
        let answer = try ConsentCheck.lookup(request, in: store)
        if case .granted(let record) = answer, record.digest == ConsentDigest(request) {
            return try writeOutput("already agreed to on \(record.time): \(ConsentStore.key(request))")
        }
        try ask(arguments, request, answer, manifest, resolution)
        do throws(AuditError) { try store.record(ConsentRecord(request)) } catch {
            throw Refusal(
                .audit, "the answer cannot be kept: \(error)", next: "make \(store.folder.string.terminalSafe) writable"
            )
        }
        let key = ConsentStore.key(request)
        try writeOutput("agreed to, as \(key); `agentbound approve --revoke \(key)` takes it back")
    }

    /// - Throws: ``Refusal`` unless a person, or the command line, says yes. What asks for less needs no answer.
    private static func ask(
        _ arguments: RunArguments, _ request: ConsentRequest, _ answer: ConsentAnswer, _ manifest: LoadedManifest,
        _ resolution: Resolution
    ) throws(Refusal) {
        if arguments.isConsentGiven { return }
        if case .granted = answer { return }
        guard ConsentTerminal.isThere else {
            throw Refusal(
                .consent, "nobody can be asked: standard input and standard error are not both a terminal",
                next: "run it in a terminal, or add --yes to agree without being asked")
        }
        var text = ConsentText.request(manifest, request, resolution)
        if case .changed(let previous, let difference) = answer {
            text += ConsentText.change(request, since: previous, difference)
        }
        guard ConsentTerminal.agrees(to: text, question: "Do you agree?") else {
            throw Refusal(.consent, "not agreed to; nothing was recorded", next: nil)
        }
    }

    private static func list(_ arguments: RunArguments) throws {
        guard arguments.manifest == nil, arguments.command.isEmpty else {
            throw Refusal(.usage, "--list takes no manifest and no command", next: "`agentbound approve --list`")
        }
        let records = try ConsentCheck.openStore().list()
        if arguments.wantsJSON {
            return try writeOutput(
                JSONValue.array(
                    records.map { ["key": .string($0.key), "record": $0.record?.json ?? .null] }
                ).text(pretty: true))
        }
        if records.isEmpty { return try writeOutput("nothing has been agreed to") }
        try writeOutput(
            records.map { key, record in
                guard let record else { return "\(key.terminalSafe)  damaged, does not count" }
                return
                    "\(key)  \(record.time)  \(record.request.server.terminalSafe): \(ShellWords.quote(record.request.argv))"
            }.joined(separator: "\n"))
    }

    private static func revoke(_ arguments: [String]) throws {
        var words = arguments
        if words[0] != "--revoke" { words[0...0] = ["--revoke", String(words[0].dropFirst("--revoke=".count))] }
        guard words.count == 2 else {
            throw Refusal(
                .usage, "--revoke takes the key of one record", next: "`agentbound approve --list` shows the keys")
        }
        guard try ConsentCheck.openStore().revoke(words[1]) else {
            throw Refusal(
                .unknown, "there is no record `\(words[1].terminalSafe)`",
                next: "`agentbound approve --list` shows the keys")
        }
        try writeOutput("no longer agreed to: \(words[1].terminalSafe)")
    }
}
