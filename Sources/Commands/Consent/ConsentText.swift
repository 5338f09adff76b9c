import AgentBox
import AuditTrail
import ManifestModel
import PolicyEngine

/// What a person is shown before they agree. Pure, and safe to show: most of it was written by the server's author.
enum ConsentText {
    /// All that is asked for.
    static func request(_ manifest: LoadedManifest, _ request: ConsentRequest, _ resolution: Resolution) -> String {
        var text = "\(request.server.terminalSafe) asks to be started with these rights\n"
        text += "  says of itself  \(manifest.manifest.description.terminalSafe)\n"
        text += "  command         \(ShellWords.quote(request.argv))\n"
        text += "  program         \(request.program.terminalSafe)\n"
        for registry in request.grants["package installed from"] ?? [] {
            text +=
                "  package         installed from \(registry.terminalSafe), in a box of its own, where it is not yet\n"
        }
        text +=
            "  manifest        \(manifest.path.terminalSafe) (sha256 \(request.manifestDigest.prefix(12)))\n\npermissions\n"
        let reviews = PermissionReview.all(manifest.manifest, resolution)
        for review in reviews { text += review.lines(holders: false).map { "  \($0)\n" }.joined() }
        if reviews.isEmpty { text += "  none\n" }
        let rest = PermissionReview.others(resolution, withDefaults: false)
        if !rest.isEmpty { text += "\nbesides\n" + rest.map { "  \($0)\n" }.joined() }
        text += PermissionReview.whole(reviews).map { "\nall or nothing: \($0)\n" }.joined()
        text += PermissionReview.proposals(resolution)
        if request.grants["gaps"] != nil {
            text += "\nand it is to start even where this kernel cannot hold all of this (--accept-gaps)\n"
        }
        for warning in resolution.warnings { text += "\nnote: \(warning.terminalSafe)\n" }
        return text + "\n"
    }

    /// Only what changed since a person agreed.
    static func change(_ request: ConsentRequest, since previous: ConsentRecord, _ difference: ConsentDifference)
        -> String
    {
        "\(request.server.terminalSafe) asks for more than was agreed to on \(previous.time)\n"
            + difference.lines.map { "  \($0)\n" }.joined() + "\n"
    }
}
