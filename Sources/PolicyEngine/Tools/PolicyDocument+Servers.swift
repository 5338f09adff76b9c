extension PolicyDocument {
    public static let serverKeys = [
        "allowedTools", "deniedTools", "allowedPaths", "deniedPaths", "deniedPatterns", "notPaths", "allowedHosts",
        "deniedHosts", "notHosts", "allowedCommands", "deniedCommands",
    ]

    /// The short form. What it closes comes before the file's rules, what it opens after them.
    mutating func readServers(_ node: OverrideNode) -> (closing: [PolicyRule], opening: [PolicyRule]) {
        guard case .object(let members) = node.content else {
            fail(node, "`servers` is an object of servers, not \(node.kindName)")
            return ([], [])
        }
        var closing: [PolicyRule] = []
        var opening: [PolicyRule] = []
        for member in members {
            guard let object = object(member.node, Self.serverKeys, "a server") else { continue }
            if object.isEmpty { fail(member.node, "nothing is said about the server `\(printable(member.key))`") }
            let server: NamePattern
            do { server = try NamePattern(member.key) } catch {
                fail(member.node, "`\(printable(member.key))` is no pattern: \(error)")
                continue
            }
            func rule(_ part: String, _ effect: ToolEffect, _ node: OverrideNode) -> PolicyRule {
                claim("\(member.key)/\(part)", node)
                return PolicyRule(id: "\(member.key)/\(part)", effect: effect, servers: [server], line: node.line)
            }
            func factRule(_ key: String, _ fact: CallFact, _ kind: FactTest.Kind, _ reason: String) {
                guard let node = object[key] else { return }
                var made = rule(key, .deny, node)
                var test = FactTest(fact: fact, kind: kind, list: facts(node, fact, key))
                if kind == .outside, let exceptKey = fact == .path ? "notPaths" : fact == .host ? "notHosts" : nil {
                    test.exceptKey = exceptKey
                    test.except = Set((object[exceptKey].map { texts($0, exceptKey) } ?? []).map(\.text))
                }
                made.when = .facts(test)
                made.reason = reason
                closing.append(made)
            }
            let calls = (try? [NamePattern("tools/call")]) ?? []
            if let node = object["deniedTools"] {
                var denied = rule("deniedTools", .deny, node)
                denied.toolNames = patterns(node, "deniedTools")
                denied.methods = calls
                denied.reason = "the tool is one of `deniedTools`"
                closing.append(denied)
            }
            factRule("deniedPaths", .path, .any, "a path is one of `deniedPaths`")
            factRule("deniedPatterns", .path, .any, "a path fits `deniedPatterns`")
            if let node = object["allowedTools"] {
                let names = patterns(node, "allowedTools")
                var others = rule("otherTools", .deny, node)
                others.notToolNames = names
                others.methods = calls
                others.reason = "the tool is none of `allowedTools`"
                closing.append(others)
                var allowed = rule("allowedTools", .allow, node)
                allowed.toolNames = names
                allowed.methods = calls
                allowed.reason = "the tool is one of `allowedTools`"
                opening.append(allowed)
            }
            factRule("allowedPaths", .path, .outside, "a path is not in `allowedPaths`")
            factRule("deniedHosts", .host, .any, "a host is one of `deniedHosts`")
            factRule("allowedHosts", .host, .outside, "a host is none of `allowedHosts`")
            factRule("deniedCommands", .command, .any, "a command is one of `deniedCommands`")
            factRule("allowedCommands", .command, .outside, "a command is none of `allowedCommands`")
            for (key, list) in [("notPaths", "allowedPaths"), ("notHosts", "allowedHosts")] {
                if let node = object[key], object[list] == nil { fail(node, "`\(key)` goes with `\(list)`") }
            }
        }
        return (closing, opening)
    }
}
