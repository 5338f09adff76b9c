extension ForeignReader {
    /// AgentPerms: fixed steps, lists for each server. docs/policy-compatibility.md says where we differ.
    mutating func agentperms(_ root: OverrideNode) -> OverrideNode {
        let object = object(root, ["version", "servers", "approvals", "redaction"], "a policy of AgentPerms")
        var servers: [OverrideNode.Member] = []
        var rules: [OverrideNode] = []
        let approvals = self.object(object["approvals"], ["require_human_approval"], "`approvals`")
        let asked = texts(approvals["require_human_approval"], "require_human_approval")
        // An entry is a tool, or a server and a tool with a dot between them.
        let dotted = asked.filter { FoldedText.fold($0.text ?? "").utf8.contains(UInt8(ascii: ".")) }
        for (id, key, entries) in [("approvals", "tools", dotted), ("approvals-by-tool", "toolNames", asked)] {
            guard let first = entries.first else { continue }
            rules.append(
                first.made([
                    ("id", first.made(id)), ("effect", first.made("approve")),
                    ("methods", first.made(["tools/call"])),
                    (key, first.made(entries.map { $0.made(Self.escaped($0.text ?? "")) })),
                    ("reason", first.made("the policy wants a person to be asked")),
                ]))
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
        redaction(object["redaction"])
        let one = OverrideNode(line: root.line, column: root.column, .number("1"))
        return root.made([
            ("version", one), ("name", root.made("agentperms")), ("order", root.made("ordered-steps")),
            // A server that is not listed is denied as soon as any is.
            ("default", root.made(listed.isEmpty ? "allow" : "deny")), ("otherMethods", root.made("allow")),
            ("servers", servers.isEmpty ? nil : OverrideNode(line: root.line, column: root.column, .object(servers))),
            ("rules", rules.isEmpty ? nil : root.made(rules)),
        ])
    }

    /// It is about what is recorded there, and our journal redacts in any case: what goes over the wire stays as it is.
    private mutating func redaction(_ node: OverrideNode?) {
        let keys = ["secrets", "emails", "api_keys"]
        let settings = object(node, keys, "`redaction`")
        for key in keys {
            guard let setting = settings[key] else { continue }
            guard case .bool = setting.content else {
                fail(setting, "`\(key)` is true or false, not \(setting.kindName)")
                continue
            }
        }
    }

    /// - Returns: The server in our short form, `nil` when nothing is said of it; and whether the rest is to be let through.
    private mutating func server(_ node: OverrideNode) -> (OverrideNode?, needsRest: Bool) {
        let keys = ["allowed_tools", "denied_tools", "allowed_paths", "denied_paths", "denied_patterns"]
        let object = object(node, keys, "a server")
        func names(_ nodes: [OverrideNode]) -> OverrideNode? {
            nodes.isEmpty ? nil : node.made(nodes.map { $0.made(Self.escaped($0.text ?? "")) })
        }
        let allowed = names(texts(object["allowed_tools"], "allowed_tools"))
        let closed = texts(object["denied_paths"], "denied_paths") + texts(object["denied_patterns"], "denied_patterns")
        let members: [(String, OverrideNode?)] = [
            ("allowedTools", allowed), ("deniedTools", names(texts(object["denied_tools"], "denied_tools"))),
            ("allowedPaths", paths(texts(object["allowed_paths"], "allowed_paths"), opening: true, node)),
            ("deniedPaths", paths(closed, opening: false, node)),
        ]
        let says = members.contains { $0.1 != nil }
        return (says ? node.made(members) : nil, allowed == nil)
    }

    private mutating func paths(_ items: [OverrideNode], opening: Bool, _ node: OverrideNode) -> OverrideNode? {
        var entries: [OverrideNode] = []
        for item in items {
            if item.text == "", !opening {
                // There it also fits what ends with a slash, and so `/`.
                fail(item, "an empty entry closes nothing here; write `.` for the working directory")
            } else if let made = FnmatchPath.entries(item.text ?? "", opening: opening) {
                entries += made.map { item.made($0) }
            } else {
                fail(
                    item, "this set of characters cannot be said of a path that opens: write out the names that it fits"
                )
            }
        }
        return items.isEmpty ? nil : node.made(entries)
    }
}
