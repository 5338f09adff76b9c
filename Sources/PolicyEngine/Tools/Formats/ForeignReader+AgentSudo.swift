extension ForeignReader {
    /// Agent_Sudo: four lists of actions, and the classifier that comes before them.
    ///
    /// Its target is whatever the arguments name. What it takes from the caller's own word (trust, hints, provenance) has no place here.
    mutating func agentSudo(_ root: OverrideNode) -> OverrideNode {
        let object = object(root, ["safe", "sensitive", "critical", "blocked"], "a policy of Agent_Sudo")
        var lists: [String: [OverrideNode]] = [:]
        for name in ["blocked", "critical", "sensitive", "safe"] { lists[name] = texts(object[name], name) }
        func rule(_ id: String, _ name: String, _ actions: [String], _ when: OverrideNode? = nil) -> OverrideNode {
            root.made([
                ("id", root.made(id)), ("class", root.made(name)), ("methods", root.made(["tools/call"])),
                ("toolNames", actions.isEmpty ? nil : root.made(actions)), ("when", when),
            ])
        }
        func list(_ name: String) -> [OverrideNode] {
            // An action in two lists is in the stricter one, which comes first.
            let names = (lists[name] ?? []).map { Self.escaped($0.text ?? "") }
            return names.isEmpty ? [] : [rule("list-\(name)", name, names)]
        }
        func facts(_ key: String, _ entries: [String]) -> OverrideNode { root.made([(key, root.made(entries))]) }
        func any(_ parts: OverrideNode...) -> OverrideNode { root.made([("any", root.made(parts))]) }
        let folders = ["~/.ssh", "~/.config", "~/.agent-sudo", "~/.agent-runtime"]
        let write = ["write_file", "edit_file"]
        let change = write + ["delete_file"]
        /// Nothing for an action that is blocked already.
        func always(_ id: String, _ name: String, _ action: String) -> [OverrideNode] {
            lists["blocked"]?.contains { $0.text == action } == true ? [] : [rule(id, name, [action])]
        }
        var rules = list("blocked")
        rules.append(rule("injection", "blocked", [], facts("anyText", Self.injections)))
        rules += always("injection-attempt", "blocked", "prompt_injection_attempt")
        rules += [
            rule(
                "shell", "blocked", ["run_shell_command"],
                any(facts("anyText", Self.shellTexts), facts("anyPath", folders + Self.shellLinks))),
            rule(
                "protected-reads", "blocked", ["read_file"],
                any(facts("anyPath", folders + [".env", ".env.*"]), facts("anyText", Self.readTexts))),
        ]
        rules += always("context", "safe", "get_runtime_context")
        rules += [
            rule(
                "protected-writes", "blocked", change,
                facts(
                    "anyPath",
                    folders.filter { $0 != "~/.agent-sudo" && $0 != "~/.agent-runtime" } + Self.credentials
                        + Self.tamper)),
            rule(
                "outside-tmp", "blocked", write,
                any(facts("outsidePaths", ["/tmp", "."]), facts("anyText", [Self.absolute]))),
            rule("critical-writes", "critical", write, facts("anyPath", Self.critical + Self.protected)),
            rule("protected-deletions", "critical", ["delete_file"], facts("anyPath", Self.protected)),
            rule(
                "protected-commands", "critical", ["run_shell_command", "modify_auth", "create_cron"],
                any(facts("anyPath", Self.protected), facts("anyText", Self.protectedTexts))),
        ]
        rules += list("critical") + list("sensitive") + list("safe")
        let classes = [
            ("safe", "allow"), ("sensitive", "approve"), ("critical", "approve-strong"), ("blocked", "deny"),
        ]
        return root.made([
            ("version", OverrideNode(line: root.line, column: root.column, .number("1"))),
            ("name", root.made("agent-sudo")),
            ("order", root.made("classify-then-map")), ("default", root.made("approve")),
            ("otherMethods", root.made("allow")),
            ("classes", root.made(classes.map { ($0.0, root.made($0.1)) })), ("rules", root.made(rules)),
        ])
    }

    private static let injections = [
        #"ignore\s+(all\s+)?previous\s+instructions"#, #"reveal\s+secrets?"#, #"send\s+tokens?"#,
        #"disable\s+security"#,
        #"bypass\s+policy"#, #"run\s+this\s+command"#, "exfiltrate", #"system\s+prompt"#, #"developer\s+message"#,
    ].map { #"\b"# + $0 + #"\b"# }

    private static let shellTexts = [
        // Recursive removal, in whatever order, folder and company it comes.
        #"\brm\b[^;|&]*\s-[a-z]*r"#, #"\brm\b[^;|&]*--recursive"#, #"^\s*rm\s(.|\n)*\s?-\S*(r\S*f|f\S*r)"#,
        #"\bchmod\b(.|\n)*(\.ssh|auth|credential)"#,
        #"id_rsa|\.ssh|private_key"#, "token(.|\n)*(https?://|curl|wget)", "(https?://|curl|wget)(.|\n)*token",
        #"\.agent-sudo|\.agent-runtime|\.config|\.env|pyproject\.toml|default_policy\.ya?ml|auth\.json|audit\.jsonl|audit\.log|agent_sudo/"#,
    ]
    /// The same words where links lead.
    private static let shellLinks = [
        "*.agent-sudo*", "*.agent-runtime*", "*.ssh*", "*.config*", "*.env*", "*pyproject.toml*",
        "*default_policy.y*ml*",
        "*auth.json*", "*audit.jsonl*", "*audit.log*", "**/*agent_sudo/*",
    ]

    private static let readTexts = ["auth|token|credential|secret|private_key|config|api_key"]
    /// Absolute, and not below `/tmp`.
    private static let absolute = #"^\s*/($|[^t]|t($|[^m])|tm($|[^p])|tmp[^/])"#

    private static let credentials = [
        ".env", "auth.json", "credentials", "secrets", "secret", "private_key", "id_rsa", "id_ed25519", "**/auth/*",
        "**/credential/*",
    ]
    /// Endings of names, below folders and in names that have a word in them.
    private static func named(_ words: [String], _ endings: [String]) -> [String] {
        words.flatMap { word in endings.flatMap { ["*\(word)*\($0)", "**/*\(word)*/**/*\($0)"] } }
    }
    private static let records = named(["audit"], [".jsonl", ".log"])
    /// What is protected, and has to do with policies or records.
    private static let tamper =
        records + named(["audit", "policy"], [".yaml", ".yml", "pyproject.toml"])
        + ["audit", "policy"].flatMap { word in
            [
                "**/agent_sudo/**/*\(word)*.py", "**/agent_sudo/**/*\(word)*/**/*.py",
                "**/*\(word)*/**/agent_sudo/**/*.py", "**/agent_sudo/config/**/*\(word)*",
                "**/*\(word)*/**/agent_sudo/config/*", "~/.agent-sudo/**/*\(word)*", "~/.agent-runtime/**/*\(word)*",
            ]
        }
    private static let protected =
        [
            "pyproject.toml", "*.yaml", "*.yml", "**/agent_sudo/config/*", "**/agent_sudo/**/*.py", "~/.agent-sudo",
            "~/.agent-runtime",
        ] + records
    /// The same in a command, which ends with the name.
    private static let protectedTexts = [
        #"(\.ya?ml|pyproject\.toml)[/\s]*$"#, #"audit(.|\n)*\.(jsonl|log)[/\s]*$"#, #"agent_sudo/config/"#,
        #"agent_sudo/(.|\n)*\.py[/\s]*$"#,
    ]
    private static let critical =
        [
            "*.sh", "*.bash", "*.zsh", "*.py", "*.js", "*.ts", "*.rb", "*.pl", ".zshrc", ".bashrc", "crontab",
            "**/etc/crontab*", "**/etc/cron.*/*", "**/var/spool/cron/*", "**/var/cron/*", ".agent-runtime",
        ]
        + ["service", "timer", "socket", "mount", "path", "target"].map { "**/systemd/**/*.\($0)" }
        + ["agents", "daemons"].map { "**/library/launch\($0)/**/*.plist" }
        + clients + runtime
    /// Settings of MCP clients.
    private static let clients =
        [".mcp.json", "mcp.json"] + [".json", ".jsonc", ".toml"].map { "**/mcp/**/*\($0)" }
        + named(["mcp_config", "mcp-config", "mcp.settings", "mcp_settings"], [".json", ".jsonc", ".toml"])
    /// Settings of programs that start others, where a folder above says that they are some.
    private static let runtime: [String] = [
        "package.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "requirements.txt", "uv.lock",
        "poetry.lock",
        "config.toml", "config.yaml", "config.yml", "settings.json",
    ].flatMap { name in ["*runtime*", "*.codex*", "*.agent*"].map { "**/\($0)/**/\(name)" } }
}
