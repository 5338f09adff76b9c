import ArgumentParser
import AuditTrail
import PolicyEngine
import StrictJSON

struct PolicyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a rule from a policy file; comments and order stay.",
        discussion: """
            Exit codes: 0; 1 there is no such rule; 64 usage; 65 malformed; 66 the file is missing; 74 it cannot be written.

            Example:
              agentbound policy remove policy.yaml no-delete
            """)

    @Argument(help: ArgumentHelp("The policy file.", valueName: "file"))
    var file: String

    @Argument(help: "The rule's name.")
    var id: String

    func run() throws {
        try PolicyChange.write(file) { edit, old throws(Refusal) in
            let ids = old.enumerated().map { $1["id"]?.string ?? "rule-\($0 + 1)" }
            guard let index = ids.firstIndex(of: id) else {
                let near = Nearest.name(to: id, among: ids).map { "; did you mean `\($0.terminalSafe)`?" } ?? ""
                throw Refusal(
                    .unknown, "there is no rule `\(id.terminalSafe)`\(near)",
                    next: "`agentbound policy list \(file.terminalSafe)`")
            }
            var rules = old
            rules.remove(at: index)
            return (try edit.removing(index), rules)
        }
        try writeOutput("\(file.terminalSafe): removed \(id.terminalSafe)")
    }
}
