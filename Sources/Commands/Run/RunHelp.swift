import PolicyEngine

/// `run --help`, made from the tables that parse.
enum RunHelp {
    static var text: String {
        """
        Start an MCP server with only the rights that its manifest grants.

        Usage: agentbound run MANIFEST [OPTION...] -- COMMAND [ARG...]

        Examples:
          agentbound run time --yes -- mcp-server-time
          agentbound run manifest.json --read-path ./docs --allow-host api.example.com -- node server.js
          agentbound run manifest.json --dry-run -- python3 -m my_server

        What the server may do (each may be repeated; deny wins):
        \(lines(OverrideFlags.all.map { ("\($0.flag) \($0.value)", $0.help) }))
        \(lines(OverrideFlags.switches.map { ($0.flag, $0.help) }))

        How it is run:
        \(lines(RunArguments.flags.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.help) }))

        Exit code: the server's own; 128+N when signal N ended it; 126 not executable, 127 not found, 125 when
        agentbound refused or failed before the server started (--status-fd says why).
        Files: $XDG_STATE_HOME/agentbound (audit trail, consent).

        """
    }

    private static func lines(_ rows: [(String, String)]) -> String {
        rows.map { name, help in
            let column = 34
            let padded = name.count < column ? name + String(repeating: " ", count: column - name.count) : name + "\n" + String(repeating: " ", count: column + 2)
            return "  \(padded)\(help)"
        }.joined(separator: "\n")
    }
}
