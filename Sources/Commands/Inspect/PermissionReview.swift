import AgentBox
import AuditTrail
import LinuxSystem
import ManifestModel
import PolicyEngine
import StrictJSON
import SystemPackage

/// One granted permission as a person reviews it: what for, how far, and what holds it.
struct PermissionReview: Hashable, Sendable {
    let permission: Permission
    /// The author's reason, untrusted.
    let rationale: String?
    let isOptional: Bool
    let parts: [Resolution.Part]
    /// What of the user's session it brings into reach, and where that is.
    let services: [String]
    /// `nil` where only the asking matters.
    var hold: PermissionHold?

    /// What is to be said of permissions that no scope narrows, once for those of which the same is true.
    static func whole(_ reviews: [PermissionReview]) -> [String] {
        var texts: [(text: String, permissions: [String])] = []
        for review in reviews {
            // Devices that were named one by one are a narrower thing than the server that has all of them.
            if review.permission.facts.scopes.contains(.devices), review.services.isEmpty,
                review.permission != .bluetooth
            {
                continue
            }
            guard let text = review.permission.facts.whole else { continue }
            if let index = texts.firstIndex(where: { $0.text == text }) {
                texts[index].permissions.append(review.permission.shortName)
            } else {
                texts.append((text, [review.permission.shortName]))
            }
        }
        return texts.map { "\($0.permissions.joined(separator: ", ")): \($0.text)" }
    }

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
                services: services(resolution.permissions, permission),
                hold: machine.map {
                    PermissionHold(
                        permission, isolation: $0.isolation, hasCommands: !resolution.permissions.commands.isEmpty,
                        on: $0.kernel)
                })
        }
    }

    private static func services(_ granted: EffectivePermissions, _ permission: Permission) -> [String] {
        granted.services.filter { $0.service.permissions.contains(permission) }.map {
            "\($0.service.words) (\($0.socket.string.terminalSafe))"
        }
            + granted.buses.filter { $0.permissions.contains(permission) }.map {
                "\($0.service.words) (\($0.address.terminalSafe))"
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

    /// What the manifest's author proposes, where nobody took that or said otherwise.
    static func proposals(_ resolution: Resolution) -> String {
        if resolution.proposals.isEmpty { return "" }
        return "\nscopes that the manifest proposes, not accepted (--accept-scopes takes them)\n"
            + resolution.proposals.map { "  \($0.key.rawValue): \($0.value.terminalSafe)\n" }.joined()
    }

    static func proposalsJSON(_ resolution: Resolution) -> JSONValue {
        .array(resolution.proposals.map { ["key": .string($0.key.rawValue), "value": .string($0.value)] })
    }

    func lines(holders: Bool = true) -> [String] {
        var lines = ["\(permission.shortName): \(permission.facts.summary)\(isOptional ? " (optional)" : "")"]
        if let rationale { lines.append("  why: \"\(rationale.terminalSafe)\"") }
        lines += parts.map { "  " + Self.line($0) }
        lines += services.map { "  opens: \($0)" }
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
            "services": .strings(services), "allOrNothing": Self.whole([self]).first.map { .string($0) } ?? .null,
            "heldBy": .strings(hold?.layers ?? []), "gap": hold?.gap.map { .string($0.id) } ?? .null,
        ]
    }
}
