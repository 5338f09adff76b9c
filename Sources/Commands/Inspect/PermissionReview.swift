import AgentBox
import AuditTrail
import LinuxSystem
import ManifestModel
import PolicyEngine
import StrictJSON

/// One granted permission as a person reviews it: what for, how far, and what holds it.
struct PermissionReview: Hashable, Sendable {
    let permission: Permission
    /// The author's reason, untrusted.
    let rationale: String?
    let isOptional: Bool
    let parts: [Resolution.Part]
    /// `nil` where only the asking matters.
    var hold: PermissionHold?

    /// No scope narrows it: who grants it grants all of it.
    var isAllOrNothing: Bool { permission.facts.scopes.isEmpty && permission != .environmentWrite }

    /// In the order of the vocabulary.
    static func all(
        _ manifest: AgentManifest, _ resolution: Resolution,
        on machine: (kernel: KernelFeatures, isolation: Isolation)? = nil
    ) -> [PermissionReview] {
        resolution.permissions.granted.sorted().map { permission in
            PermissionReview(
                permission: permission, rationale: manifest.rationales[permission],
                isOptional: manifest.optionalPermissions.contains(permission),
                parts: resolution.parts.filter { $0.key.row.scopes.contains(permission) },
                hold: machine.map {
                    PermissionHold(
                        permission, isolation: $0.isolation, hasCommands: !resolution.permissions.commands.isEmpty,
                        on: $0.kernel)
                })
        }
    }

    /// What belongs to no granted permission: what is kept closed, dropped or limited.
    /// - Parameter withDefaults: Also what every server gets.
    static func others(_ resolution: Resolution, withDefaults: Bool = true) -> [String] {
        resolution.parts.filter { part in
            if case .byDefault = part.origin, !withDefaults { return false }
            return part.key.narrowsOnly || resolution.permissions.granted.isDisjoint(with: part.key.row.scopes)
        }.map(line)
    }

    func lines(holders: Bool = true) -> [String] {
        var lines = ["\(permission.shortName): \(permission.facts.summary)\(isOptional ? " (optional)" : "")"]
        if let rationale { lines.append("  why: \"\(rationale.terminalSafe)\"") }
        lines += parts.map { "  " + Self.line($0) }
        if holders, let hold { lines.append("  held by: \(hold.words)") }
        return lines
    }

    private static func line(_ part: Resolution.Part) -> String {
        let origin = "\(part.origin)" == "default: \(part.value)" ? "default" : "\(part.origin)"
        return "\(part.key.rawValue): \(part.value.terminalSafe)  (\(origin))"
    }

    var json: JSONValue {
        [
            "permission": .string(permission.rawValue), "summary": .string(permission.facts.summary),
            "rationale": rationale.map { .string($0) } ?? .null, "optional": .bool(isOptional),
            "scopes": .array(
                parts.map {
                    ["key": .string($0.key.rawValue), "value": .string($0.value), "origin": .string("\($0.origin)")]
                }),
            "heldBy": .strings(hold?.layers ?? []), "gap": hold?.gap.map { .string($0.id) } ?? .null,
        ]
    }
}
