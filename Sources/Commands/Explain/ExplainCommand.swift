import ArgumentParser
import AuditTrail
import StrictJSON

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what an id means, and what to do about it.",
        discussion: """
            Ids stand in the reports of `validate` and `doctor`, in plans, status lines and the audit trail.

            Exit code: 1 when there is no such id, else 0.

            Example:
              agentbound explain gap-tracer
              agentbound explain --list
            """)

    @Argument(
        help: ArgumentHelp("An id, such as AB1010 or denied-network-client.", valueName: "ID"),
        completion: .list(Explanation.all.map(\.id)))
    var id: String?

    @Flag(help: "List every id.")
    var list = false

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        if list {
            if id != nil { throw Refusal(.usage, "--list takes no id", next: "`agentbound explain --list`") }
            let all = Explanation.all
            return try writeOutput(
                json
                    ? JSONValue.array(all.map(\.json)).text(pretty: true)
                    : all.map { "\($0.id)\(String(repeating: " ", count: max(1, 34 - $0.id.count)))\($0.title)" }
                        .joined(separator: "\n"))
        }
        guard let id else { throw Refusal(.usage, "no id was given", next: "`agentbound explain --list` lists them") }
        guard let found = Explanation.find(id) else {
            let near = Nearest.name(to: id, among: Explanation.all.map(\.id)).map { "; did you mean `\($0)`?" } ?? ""
            throw Refusal(
                .unknown, "there is no id `\(id.terminalSafe)`\(near)", next: "`agentbound explain --list` lists them")
        }
        try writeOutput(json ? found.json.text(pretty: true) : found.text)
    }
}

extension Explanation {
    var text: String { "\(id): \(title)\n  \(meaning)\n  next: \(Installation.naming(pagesOf: next))" }

    var json: JSONValue {
        ["id": .string(id), "title": .string(title), "meaning": .string(meaning), "next": .string(next)]
    }
}
