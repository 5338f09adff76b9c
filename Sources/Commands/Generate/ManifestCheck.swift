import AuditTrail
import ManifestGen
import ManifestModel
import StrictJSON

/// A manifest held against the code: what the code needs and the manifest does not declare, and the other way round.
struct ManifestCheck: DraftAnswer {
    let name: String
    let declared: AgentManifest
    let draft: Draft

    var undeclared: [Permission] { draft.manifest.permissions.filter { !declared.declared.contains($0) } }

    /// Declared, and nothing in the code asks for it, not even with low confidence.
    var unused: [Permission] {
        let seen = Set(draft.findings.map(\.permission))
        return Permission.allCases.filter { declared.declared.contains($0) && !seen.contains($0) }
    }

    var permissions: Set<Permission> { Set(undeclared) }
    var exitCode: Int32 { undeclared.isEmpty && unused.isEmpty ? 0 : 1 }

    var text: String {
        var lines = undeclared.map { permission in
            let place = Finding.clearest(draft.findings.filter { $0.permission == permission })
            return "+ \(permission.rawValue): undeclared" + (place.map { ", " + DraftReport.line($0) } ?? "")
        }
        lines += unused.map { "- \($0.rawValue): unused, nothing in the code asks for it" }
        lines.append(
            exitCode == 0
                ? "\(name.terminalSafe): the manifest and the code agree"
                : "\(name.terminalSafe): the manifest and the code differ")
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "agrees": .bool(exitCode == 0), "undeclared": .strings(undeclared.map(\.rawValue)),
            "unused": .strings(unused.map(\.rawValue)),
            "findings": .array(draft.findings.filter { undeclared.contains($0.permission) }.map(\.json)),
            "whole": .bool(draft.exitCode == nil),
        ]
    }
}

/// All that speaks for one permission.
struct Evidence: DraftAnswer {
    let permission: Permission
    let draft: Draft

    var permissions: Set<Permission> { [permission] }
    var exitCode: Int32 { 0 }
    private var findings: [Finding] { draft.findings.filter { $0.permission == permission } }

    var text: String {
        guard !findings.isEmpty else { return "\(permission.shortName): nothing in the code asks for it" }
        var lines = ["\(permission.shortName): \(permission.facts.summary)"]
        for finding in findings {
            let tools =
                finding.tools.isEmpty
                ? "" : " [tools: \(finding.tools.prefix(5).map(\.terminalSafe).joined(separator: ", "))]"
            lines.append("  " + DraftReport.line(finding) + tools)
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        ["permission": .string(permission.rawValue), "findings": .array(findings.map(\.json))]
    }
}
