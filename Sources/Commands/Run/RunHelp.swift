import PolicyEngine

/// Help for `run` and for the two commands that take the same command line, made from the tables that parse it.
enum RunHelp {
    static var text: String {
        """
        Start an MCP server with only the rights that its manifest grants.

        Usage: agentbound run MANIFEST [OPTION...] -- COMMAND [ARG...]

        MANIFEST is a file, or the name of a manifest that comes with agentbound. Options stand before `--`.

        Examples:
          agentbound run time -- mcp-server-time
          agentbound run manifest.json --read-path ./docs --allow-host api.example.com -- node server.js
          agentbound run manifest.json --dry-run -- python3 -m my_server
          agentbound run time -- uvx mcp-server-time
          agentbound run time --policy policy.yaml -- mcp-server-time
          agentbound run manifest.json --secret 'API_TOKEN=!pass show api' -- node server.js

        \(options)

        Exit code: the server's own; 128+N when signal N ended it; 126 not executable, 127 not found, 125 when
        agentbound refused or failed before the server started (--status-fd says why).
        Files: $XDG_STATE_HOME/agentbound, else ~/.local/state/agentbound (audit trail, consent, versions of packages);
        $XDG_CACHE_HOME/agentbound, else ~/.cache/agentbound (packages that were installed for npx, uvx and pipx run).

        """
    }

    static var approve: String {
        """
        Show what a server asks for, and keep your answer, so that `run` starts it without --yes.

        Usage: agentbound approve MANIFEST [OPTION...] -- COMMAND [ARG...]
               agentbound approve --list [--json]
               agentbound approve --revoke KEY

        Your answer covers the manifest, the command and all that the box would hold. `run` asks again, or refuses, when
        one of them asks for more; what asks for less starts. Asks only where standard input and standard error are
        terminals; --yes agrees without asking.

        Examples:
          agentbound approve time -- mcp-server-time
          agentbound approve manifest.json --read-path ./docs -- node server.js
          agentbound approve --list

        Its own options:
        \(lines([
            ("--list", "List what was agreed to"), ("--revoke KEY", "Take one agreement back"),
        ]))

        The others are those of `run`:

        \(options)

        Exit code: 0 agreed to; 77 not agreed to, or nobody could be asked; 1 no such record to revoke; 64 usage,
        65 malformed or 66 missing manifest, 74 the answer cannot be kept, 126 and 127 as `run`.

        """
    }

    static var inspect: String {
        """
        Show what a server would hold: its permissions, where each default comes from, and what holds it on this kernel.

        Usage: agentbound inspect MANIFEST [OPTION...] [-- COMMAND [ARG...]]

        With a command also the files that the program itself needs, the programs that may start, and the layers.
        Nothing is started and nothing is recorded.

        Examples:
          agentbound inspect time
          agentbound inspect manifest.json --read-path ./docs --json -- node server.js

        The options are those of `run`:

        \(options)

        Exit code: 0; 69 when this kernel cannot hold everything (and no --accept-gaps); 64 usage, 65 malformed or
        66 missing manifest, 126 and 127 as `run`.

        """
    }

    private static var options: String {
        """
        What the server may do (each may be repeated; deny wins):
        \(lines(OverrideFlags.all.map { ("\($0.flag) \($0.value)", $0.help) }))
        \(lines(OverrideFlags.switches.map { ($0.flag, $0.help) }))

        How it is run:
        \(lines(RunArguments.flags.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.help) }))
        """
    }

    static func lines(_ rows: [(String, String)]) -> String {
        let column = 34
        return rows.map { name, help in
            let gap =
                name.count < column
                ? String(repeating: " ", count: column - name.count)
                : "\n" + String(repeating: " ", count: column + 2)
            return "  \(name)\(gap)\(help)"
        }.joined(separator: "\n")
    }

    /// - Throws: ``Refusal`` that shows how the command is written.
    static func requireManifestAndCommand(_ arguments: RunArguments, _ name: String) throws(Refusal) {
        let next = "agentbound \(name) MANIFEST [OPTION...] -- COMMAND [ARG...]"
        if arguments.manifest == nil { throw Refusal(.usage, "no manifest was named", next: next) }
        if arguments.command.isEmpty { throw Refusal(.usage, "no command was given", next: next) }
    }
}
