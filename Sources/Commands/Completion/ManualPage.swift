import ArgumentParser
import PolicyEngine

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Write the manual page.",
        discussion: """
            Example:
              agentbound manual | man -l -
            """)

    func run() throws { try writeOutput(ManualPage.text) }
}

/// `agentbound(1)`, made from the tables that parse.
enum ManualPage {
    static var text: String {
        var page = ".TH AGENTBOUND 1 \"\" \"agentbound \(Version.number)\" \"User Commands\"\n"
        page +=
            section("NAME") + "agentbound \\- run MCP servers with only the rights that a reviewed manifest grants\n"
        page += section("SYNOPSIS")
        page += ".B agentbound run\n\(escape("MANIFEST [OPTION...] -- COMMAND [ARG...]"))\n.br\n"
        page += ".B agentbound\n\(escape("COMMAND [OPTION...]"))\n"
        page += section("DESCRIPTION")
        page +=
            escape(
                "A manifest lists what a server needs. agentbound starts the server in a box that the kernel enforces, so that "
                    + "what the manifest does not grant is refused. Overrides can narrow a manifest, never widen it.")
            + "\n"
        page += section("COMMANDS")
        for command in Root.configuration.subcommands {
            let configuration = command.configuration
            page += entry(configuration.commandName ?? "", configuration.abstract)
            if !configuration.discussion.isEmpty { page += ".IP\n.nf\n\(escape(configuration.discussion))\n.fi\n" }
        }
        page += entry(
            "help [COMMAND]", "Show help. `--version` says what this is, and what the kernel under it can hold.")
        page += section("OPTIONS OF RUN, APPROVE AND INSPECT")
        page += "They stand before the server's command.\n"
        for row in OverrideFlags.all { page += entry("\(row.flag) \(row.value)", row.help + ".") }
        for row in OverrideFlags.switches { page += entry(row.flag, row.help + ".") }
        for flag in RunArguments.flags {
            page += entry(flag.name + (flag.value.map { " \($0)" } ?? ""), flag.help + ".")
        }
        page += section("EXIT STATUS")
        for (code, meaning) in ExitCodes.ofCommands { page += entry("\(code)", meaning + ".") }
        page += ".PP\n\(escape("run keeps out of the server's way:"))\n"
        for (code, meaning) in ExitCodes.ofRun { page += entry(code, meaning + ".") }
        page += section("FILES")
        page += entry(
            "$XDG_STATE_HOME/agentbound, else ~/.local/state/agentbound", "The audit trail and the records of consent.")
        page += entry(
            "PREFIX/share/doc/agentbound", "The documentation: policy.md, overrides.md, manifest.md and others.")
        page += section("ENVIRONMENT")
        page += entry(
            "AGENTBOUND_MANIFESTS", "Folders, separated by colons, in which manifests are looked for by name first.")
        page += entry("NO_COLOR", "When set, nothing is coloured.")
        return String(page.dropLast())
    }

    private static func section(_ title: String) -> String { ".SH \(title)\n" }

    private static func entry(_ term: String, _ text: String) -> String { ".TP\n.B \(escape(term))\n\(escape(text))\n" }

    /// A hyphen is typed, not set; a line that begins with a dot or a quote is text, not a request. groff_man(7)
    private static func escape(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var escaped = line.first == "." || line.first == "'" ? #"\&"# : ""
            for character in line {
                switch character {
                case "-": escaped += #"\-"#
                case "\\": escaped += #"\e"#
                default: escaped.append(character)
                }
            }
            return escaped
        }.joined(separator: "\n")
    }
}
