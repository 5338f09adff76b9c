import StrictJSON

/// A policy as YAML that people read: a key a line, a rule an item, and what is inside a rule in one line.
enum PolicyYAML {
    static func text(_ policy: JSONValue) -> String {
        (policy.members ?? []).map { member in
            switch (member.key, member.value) {
            case ("rules", .array(let rules)):
                "rules:\n"
                    + rules.map { rule in
                        PolicyEdit.yaml(rule, indent: 2).map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
                    }.joined()
            case ("servers", .object(let servers)):
                "servers:\n"
                    + servers.map { server in
                        "  \(JSONValue.string(server.key).text()):\n"
                            + (server.value.members ?? []).map { "    \($0.key): \(PolicyEdit.spaced($0.value))\n" }
                            .joined()
                    }.joined()
            default: "\(member.key): \(PolicyEdit.spaced(member.value))\n"
            }
        }.joined()
    }
}
