import ArgumentParser
import AuditTrail
import PolicyEngine
import StrictJSON

struct PolicyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a rule to a policy file; comments and order stay.",
        discussion: """
            --when is FIELD:OP:VALUE, where VALUE is JSON, or else a string: `arguments.amount:lt:500`. Of several all have to
            hold, or one with --match any.

            Exit codes: 0; 64 usage; 65 the file, or the rule, is malformed; 66 the file is missing; 74 it cannot be written.

            Example:
              agentbound policy add policy.yaml --id no-delete --effect deny --tool 'github.delete_*' --first
            """)

    enum Match: String, ExpressibleByArgument, CaseIterable { case all, any }

    @Argument(help: ArgumentHelp("The policy file.", valueName: "file"))
    var file: String

    @Option(help: "The rule's name.")
    var id: String

    @Option(help: "allow, deny, approve, approve-strong or redact.")
    var effect: String

    @Option(
        name: .customLong("tool"), help: ArgumentHelp("A pattern over SERVER.TOOL; repeatable.", valueName: "pattern"))
    var tools: [String] = []

    @Option(name: .customLong("agent"), help: ArgumentHelp("A pattern of agents; repeatable.", valueName: "pattern"))
    var agents: [String] = []

    @Option(name: .customLong("role"), help: "A role that the agent needs; repeatable.")
    var roles: [String] = []

    @Option(help: ArgumentHelp("A condition; repeatable.", valueName: "field:op:value"))
    var when: [String] = []

    @Option(help: "Whether all conditions have to hold, or any.")
    var match = Match.all

    @Option(help: ArgumentHelp("A field that is taken out; repeatable.", valueName: "field"))
    var redact: [String] = []

    @Option(help: "Why, in words for people.")
    var reason: String?

    @Flag(help: "Put it before all other rules.")
    var first = false

    func validate() throws {
        if id.isEmpty { throw ValidationError("--id is empty: it is the rule's name") }
    }

    func run() throws {
        let rule = try self.rule
        try PolicyChange.write(file) { edit, old throws(Refusal) in
            (try edit.adding(rule, first: first), first ? [rule] + old : old + [rule])
        }
        try writeOutput("\(file.terminalSafe): added \(id.terminalSafe)")
    }

    var rule: JSONValue {
        get throws {
            var members = [JSONMember("id", .string(id)), JSONMember("effect", .string(effect))]
            for (key, values) in [("tools", tools), ("agents", agents), ("roles", roles)] where !values.isEmpty {
                members.append(JSONMember(key, .strings(values)))
            }
            let conditions = try when.map(Self.condition)
            if conditions.count == 1 {
                members.append(JSONMember("when", conditions[0]))
            } else if !conditions.isEmpty {
                members.append(JSONMember("when", .object([JSONMember(match.rawValue, .array(conditions))])))
            }
            if !redact.isEmpty { members.append(JSONMember("redact", .strings(redact))) }
            if let reason { members.append(JSONMember("reason", .string(reason))) }
            return .object(members)
        }
    }

    static func condition(_ text: String) throws -> JSONValue {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2 else { throw ValidationError("--when takes FIELD:OP:VALUE, not `\(text.terminalSafe)`") }
        var members = [JSONMember("field", .string(parts[0])), JSONMember("op", .string(parts[1]))]
        if parts.count == 3 {
            members.append(JSONMember("value", (try? JSONValue(parsing: Array(parts[2].utf8))) ?? .string(parts[2])))
        }
        return .object(members)
    }
}

/// A change of a policy file: read, changed, read again and compared, then written as a whole.
enum PolicyChange {
    /// - Parameter change: Gets the text and the old rules; gives the new text, and the rules that it has to have then.
    static func write(
        _ name: String, _ change: (PolicyEdit, [JSONValue]) throws(Refusal) -> (text: [UInt8], rules: [JSONValue])
    ) throws(Refusal) {
        if name == "-" { throw Refusal(.usage, "standard input cannot be changed", next: "give the path of a file") }
        let file = try PolicyFile.read(name, isInputFree: false)
        try refuse(file, "the policy is malformed already")
        if file.format != .native {
            throw Refusal(
                .malformed, "this is a policy of \(file.format.rawValue), which is only read",
                next: "`agentbound policy import \(name.terminalSafe) -o policy.yaml` writes one that can be changed")
        }
        let edit = PolicyEdit(bytes: file.bytes, isYAML: PolicyFile.isYAML(file.bytes, name))
        let old = try members(file.bytes, name)
        let (text, rules) = try change(edit, old.rules)
        if (try? PolicyFile.tree(text, name)) == nil { throw PolicyEdit.byHand }
        let changed = PolicyFile(name: name, bytes: text)
        try refuse(changed, "the policy would be malformed")
        let new = try members(text, name)
        guard new.rules == rules, new.others == old.others else { throw PolicyEdit.byHand }
        try OutputFile.write(text, to: name)
    }

    private static func refuse(_ file: PolicyFile, _ what: String) throws(Refusal) {
        if file.problems.isEmpty { return }
        let list = file.problems.map { "\(file.name):\($0)".terminalSafe }.joined(separator: "\n")
        throw Refusal(
            .malformed, "\(what):\n\(list)",
            next: "`agentbound help policy` shows an example, docs/policy.md the format")
    }

    private static func members(_ bytes: [UInt8], _ name: String) throws(Refusal) -> (
        rules: [JSONValue], others: [JSONMember]
    ) {
        guard let all = (try? PolicyFile.tree(bytes, name))?.json?.members else {
            throw Refusal(
                .malformed, "the policy cannot be read",
                next: "`agentbound help policy` shows an example, docs/policy.md the format")
        }
        return (all.first { $0.key == "rules" }?.value.array ?? [], all.filter { $0.key != "rules" })
    }
}
