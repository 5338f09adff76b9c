import ArgumentParser
import AuditTrail
import PolicyEngine
import SystemPackage

/// What the commands that decide calls have in common: how policies are read, and where and when the calls are made.
struct PolicyCallOptions: ParsableArguments {
    @Option(help: "The server's name where a call does not say.")
    var server: String?

    @Option(help: ArgumentHelp("Where relative paths begin; otherwise here.", valueName: "folder"))
    var folder: String?

    @Option(help: ArgumentHelp("What `~` stands for; otherwise HOME.", valueName: "folder"))
    var home: String?

    @OptionGroup var reading: PolicyReadOptions

    /// This machine, now.
    func moment(budgets: BudgetState = BudgetState()) throws(Refusal) -> PolicyMoment {
        let current: FilePath
        if let folder { current = FilePath(folder) } else { current = try RunPreparation.workingDirectory() }
        guard current.isAbsolute else { throw Refusal(.usage, "--folder takes an absolute path", next: nil) }
        return PolicyMoment(
            now: Timestamp.now().seconds.rounded(.down), budgets: budgets, home: home ?? ProcessEnvironment["HOME"],
            workingDirectory: current.string, resolve: LinkWalk.resolve)
    }
}
