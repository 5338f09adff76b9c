/// A format of policies that is read.
public enum PolicyFormat: String, CaseIterable, Hashable, Sendable {
    case native, agentperms, agsec
    case mcpGate = "mcp-gate"
    case agentSudo = "agent-sudo"

    /// What the text most likely is. A text that shows no other format is ours, and is then refused where it is not.
    /// - Parameter name: The file's.
    public static func recognise(_ root: OverrideNode, name: String) -> PolicyFormat {
        guard case .object(let members) = root.content else { return .native }
        let keys = Set(members.map(\.key))
        func member(_ key: String) -> OverrideNode? { members.first { $0.key == key }?.node }
        if keys.contains("statements") { return .agsec }
        if !keys.isEmpty, keys.isSubset(of: ["safe", "sensitive", "critical", "blocked"]) { return .agentSudo }
        if case .list(let rules)? = member("rules")?.content, let first = rules.first,
            first.keys.isSuperset(of: ["action", "status"])
        {
            return .agsec
        }
        let isGate =
            !keys.isDisjoint(with: ["default_effect", "description"])
            || member("rules")?.items.contains {
                !$0.keys.isDisjoint(with: ["require_roles", "redact_fields", "min_threat_score"])
            } == true
        if isGate { return .mcpGate }
        let servers = member("servers")?.members.map(\.node) ?? []
        let theirs = ["allowed_tools", "denied_tools", "allowed_paths", "denied_paths", "denied_patterns"]
        let isPerms =
            servers.contains { !$0.keys.isDisjoint(with: theirs) }
            || member("approvals")?.keys.contains("require_human_approval") == true
            || member("redaction")?.keys.contains("api_keys") == true
        if isPerms { return .agentperms }
        if member("version")?.content == .number("1") { return .native }
        if servers.contains(where: { $0.keys.contains { $0.contains("_") } }) { return .agentperms }
        // Our own files say `version: 1`; theirs have a version in quotes, or none. What says more than theirs can is ours without it.
        if keys.contains("rules"), !keys.contains("version") || keys.contains("name") {
            return isOurs(keys, member("rules")?.items ?? []) ? .native : .mcpGate
        }
        return .native
    }

    /// Whether something in it means nothing to mcp-gate, whose `tools` are names without a server.
    private static func isOurs(_ keys: Set<String>, _ rules: [OverrideNode]) -> Bool {
        if !keys.subtracting(ForeignReader.gateKeys).isDisjoint(with: PolicyDocument.keys) { return true }
        let ruleKeys = Set(PolicyDocument.ruleKeys).subtracting(ForeignReader.gateRuleKeys)
        return rules.contains { rule in
            func texts(_ key: String) -> [String] {
                rule.members.filter { $0.key == key }.flatMap { [$0.node] + $0.node.items }.compactMap(\.text)
            }
            return !rule.keys.isDisjoint(with: ruleKeys)
                || texts("tools").contains { $0.utf8.contains(UInt8(ascii: ".")) }
                || texts("effect").contains {
                    ToolEffect(rawValue: $0).map { !ForeignReader.gateEffects.contains($0.rawValue) } ?? false
                }
        }
    }

    /// The same policy in our own format.
    /// - Returns: A tree that ``PolicyDocument`` reads, and all that stands in the way.
    public func translate(_ root: OverrideNode, name: String) -> (
        native: OverrideNode, problems: [OverrideDocumentProblem]
    ) {
        var reader = ForeignReader()
        let native: OverrideNode
        switch self {
        case .native: native = root
        case .agentperms: native = reader.agentperms(root)
        case .mcpGate: native = reader.mcpGate(root)
        case .agsec: native = reader.agsec([(name, root)])
        case .agentSudo: native = reader.agentSudo(root)
        }
        return (native, reader.problems)
    }

    /// A folder of agsec's: its files are one policy.
    public static func translateFolder(
        _ files: [(name: String, root: OverrideNode)]
    ) -> (native: OverrideNode, problems: [OverrideDocumentProblem]) {
        var reader = ForeignReader()
        let native = reader.agsec(files, areOfFolder: true)
        return (native, reader.problems)
    }
}

/// Reads other formats as strictly as our own, and builds trees of ours.
struct ForeignReader {
    private(set) var problems: [OverrideDocumentProblem] = []
    /// The file that is read, of a folder of them.
    var file: String?
    private var ids: Set<String> = []

    /// The id, or `id (2)` where another rule has it already.
    mutating func unused(_ id: String) -> String {
        var (free, number) = (id, 2)
        while !ids.insert(free).inserted {
            free = "\(id) (\(number))"
            number += 1
        }
        return free
    }

    mutating func fail(_ node: OverrideNode, _ message: String) {
        problems.append(.init(line: node.line, column: node.column, message, file: file))
    }

    /// The members of an object that has no other keys; none for null.
    mutating func object(_ node: OverrideNode?, _ keys: [String], _ what: String) -> [String: OverrideNode] {
        guard let node else { return [:] }
        if case .null = node.content { return [:] }
        guard case .object(let members) = node.content else {
            fail(node, "\(what) is an object, not \(node.kindName)")
            return [:]
        }
        for member in members where !keys.contains(member.key) {
            let near = closest(to: member.key, among: keys).map { "; did you mean `\($0)`?" } ?? ""
            fail(
                OverrideNode(line: member.line, column: member.column, .null),
                "\(what) has no key `\(printable(member.key))`\(near)")
        }
        return Dictionary(members.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
    }

    /// A list of strings, or one; none for null.
    mutating func texts(_ node: OverrideNode?, _ key: String, mayBeEmpty: Bool = true) -> [OverrideNode] {
        guard let node else { return [] }
        switch node.content {
        case .null: return []
        case .text: return [node]
        case .list(let items):
            if items.isEmpty, !mayBeEmpty {
                fail(node, "`\(key)` is an empty list, which would mean everything; leave it out if it should")
            }
            for item in items where item.text == nil {
                fail(item, "an entry of `\(key)` is a string, not \(item.kindName)")
            }
            return items.filter { $0.text != nil }
        default:
            fail(node, "`\(key)` is a list of strings, not \(node.kindName)")
            return []
        }
    }

    mutating func text(_ node: OverrideNode?, _ key: String) -> String? {
        guard let node else { return nil }
        switch node.content {
        case .text(let text): return text
        case .number(let text):
            // Of other numbers Python has another text.
            if Int64(text).map(String.init) == text { return text }
            fail(node, "`\(key)` is a string: write the number in quotes")
            return nil
        case .null: return nil
        default:
            fail(node, "`\(key)` is a string, not \(node.kindName)")
            return nil
        }
    }

    /// One of the words that the format has for something of ours.
    mutating func word(
        _ node: OverrideNode?, _ key: String, _ words: [String: String], anyCase: Bool = false
    ) -> String? {
        guard let node, let text = text(node, key) else { return nil }
        if let ours = words[anyCase ? text.lowercased() : text] { return ours }
        fail(node, "`\(key)` is one of \(words.keys.sorted().joined(separator: ", ")), not `\(printable(text))`")
        return nil
    }

    /// The number, also where it stands in quotes.
    mutating func number(_ node: OverrideNode?, _ key: String) -> OverrideNode? {
        guard let node else { return nil }
        switch node.content {
        case .number(let text) where Double(text)?.isFinite == true: return node
        // Not what Swift takes for a number besides: `0x10`, `nan`.
        case .text(let text) where text.utf8.allSatisfy({ "0123456789.+-eE".utf8.contains($0) }):
            if let value = Double(text), value.isFinite {
                return OverrideNode(
                    line: node.line, column: node.column,
                    .number(Int64(exactly: value).map(String.init) ?? "\(value)"))
            }
        default: break
        }
        fail(node, "`\(key)` is a number")
        return nil
    }

    /// A name without patterns as a pattern that fits it alone.
    static func escaped(_ name: String) -> String {
        name.unicodeScalars.map { "*?[".unicodeScalars.contains($0) ? "[\($0)]" : String($0) }.joined()
    }

    /// A pattern of Python's fnmatch: a bracket that is not closed stands for itself, a range that ends before it begins for nothing.
    static func pattern(_ text: String) -> String {
        if (try? NamePattern(text)) != nil { return text }
        return text.replacing("[", with: "[[]")
    }
}

extension OverrideNode {
    var keys: Set<String> { Set(members.map(\.key)) }
    var members: [Member] { if case .object(let members) = content { members } else { [] } }
    var items: [OverrideNode] { if case .list(let items) = content { items } else { [] } }
    var text: String? { if case .text(let text) = content { text } else { nil } }

    // What is built stands where it came from.
    func made(_ text: String) -> OverrideNode { OverrideNode(line: line, column: column, .text(text)) }
    func made(_ value: Bool) -> OverrideNode { OverrideNode(line: line, column: column, .bool(value)) }
    func made(_ items: [OverrideNode]) -> OverrideNode { OverrideNode(line: line, column: column, .list(items)) }
    func made(_ texts: [String]) -> OverrideNode { made(texts.map { made($0) }) }
    /// Members that are `nil` are left out.
    func made(_ members: [(String, OverrideNode?)]) -> OverrideNode {
        OverrideNode(
            line: line, column: column,
            .object(
                members.compactMap { key, node in
                    node.map { Member(key: key, line: $0.line, column: $0.column, node: $0) }
                }))
    }
}
