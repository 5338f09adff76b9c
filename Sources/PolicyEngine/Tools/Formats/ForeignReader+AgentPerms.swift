extension ForeignReader {
    /// AgentPerms: fixed steps, lists for each server. docs/policy-compatibility.md says where we differ.
    mutating func agentperms(_ root: OverrideNode) -> OverrideNode {
        let object = object(root, ["version", "servers", "approvals", "redaction"], "a policy of AgentPerms")
        var servers: [OverrideNode.Member] = []
        var rules: [OverrideNode] = []
        let approvals = self.object(object["approvals"], ["require_human_approval"], "`approvals`")
        let asked = texts(approvals["require_human_approval"], "require_human_approval")
        if let first = asked.first {
            // An entry is a tool, or a server and a tool.
            for (id, key) in [("approvals", "tools"), ("approvals-by-tool", "toolNames")] {
                rules.append(
                    first.made([
                        ("id", first.made(id)), ("effect", first.made("approve")),
                        ("methods", first.made(["tools/call"])),
                        (key, first.made(asked.map { $0.made(Self.escaped($0.text ?? "")) })),
                        ("reason", first.made("the policy wants a person to be asked")),
                    ]))
            }
        }
        let listed = object["servers"]?.members ?? []
        for member in listed {
            let (short, needsRest) = server(member.node)
            if let short {
                servers.append(
                    .init(key: Self.escaped(member.key), line: member.line, column: member.column, node: short))
            }
            if needsRest {
                let node = member.node
                rules.append(
                    node.made([
                        ("id", node.made(member.key + "/rest")), ("effect", node.made("allow")),
                        ("servers", node.made([Self.escaped(member.key)])),
                        ("reason", node.made("nothing in the policy speaks against it")),
                    ]))
            }
        }
        let settings = self.object(object["redaction"], ["secrets", "emails", "api_keys"], "`redaction`")
        let redaction = root.made([
            ("secrets", settings["secrets"] ?? root.made(true)), ("emails", settings["emails"] ?? root.made(true)),
            ("apiKeys", settings["api_keys"] ?? root.made(true)),
        ])
        let one = OverrideNode(line: root.line, column: root.column, .number("1"))
        return root.made([
            ("version", one), ("name", root.made("agentperms")), ("order", root.made("ordered-steps")),
            // A server that is not listed is denied as soon as any is.
            ("default", root.made(listed.isEmpty ? "allow" : "deny")), ("otherMethods", root.made("allow")),
            ("servers", servers.isEmpty ? nil : OverrideNode(line: root.line, column: root.column, .object(servers))),
            ("rules", rules.isEmpty ? nil : root.made(rules)), ("redaction", redaction),
        ])
    }

    /// - Returns: The server in our short form, `nil` when nothing is said of it; and whether the rest is to be let through.
    private mutating func server(_ node: OverrideNode) -> (OverrideNode?, needsRest: Bool) {
        let keys = ["allowed_tools", "denied_tools", "allowed_paths", "denied_paths", "denied_patterns"]
        let object = object(node, keys, "a server")
        func names(_ nodes: [OverrideNode]) -> OverrideNode? {
            nodes.isEmpty ? nil : node.made(nodes.map { $0.made(Self.escaped($0.text ?? "")) })
        }
        func paths(_ nodes: [OverrideNode], opening: Bool) -> OverrideNode? {
            let entries = nodes.flatMap { item in
                Self.pathEntries(item.text ?? "", opening: opening).map { item.made($0) }
            }
            return entries.isEmpty ? nil : node.made(entries)
        }
        let allowed = names(texts(object["allowed_tools"], "allowed_tools"))
        let closed = texts(object["denied_paths"], "denied_paths") + texts(object["denied_patterns"], "denied_patterns")
        let members: [(String, OverrideNode?)] = [
            ("allowedTools", allowed), ("deniedTools", names(texts(object["denied_tools"], "denied_tools"))),
            ("allowedPaths", paths(texts(object["allowed_paths"], "allowed_paths"), opening: true)),
            ("deniedPaths", paths(closed, opening: false)),
        ]
        let says = members.contains { $0.1 != nil }
        return (says ? node.made(members) : nil, allowed == nil)
    }

    /// A path of theirs, where `*` crosses slashes and `[...]` is a set, as entries of ours.
    static func pathEntries(_ text: String, opening: Bool) -> [String] {
        if text.isEmpty { return opening ? [] : ["."] }
        guard text.contains(where: { "*?[".contains($0) }) else {
            // Our entries know $HOME; another variable is whatever theirs was.
            return [text]
        }
        // A set cannot be said: what closes takes any character, what opens none.
        if text.contains("["), opening { return [] }
        let plain = withoutSets(text)
        var entries = [""]
        for character in plain {
            if character != "*" {
                entries = entries.map { $0 + String(character) }
            } else if entries.count >= 16 {
                // Too many ways to cross: what closes takes all that is below.
                return opening ? entries.map { $0 + "*" } : entries.map { $0 + "*" }
            } else {
                entries = entries.flatMap { [$0 + "*", $0 + "*/**/*"] }
            }
        }
        if plain.hasPrefix("*") { entries = entries.map { "**/" + $0 } }
        return entries
    }

    private static func withoutSets(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "[") {
            let inside = rest.index(after: open)
            guard inside < rest.endIndex, let close = rest[rest.index(after: inside)...].firstIndex(of: "]") else {
                break
            }
            result += rest[..<open] + "?"
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
