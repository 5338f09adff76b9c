import AuditTrail
import PolicyEngine
import StrictJSON

/// What the gateway of a run would go by, read and refused as `run` does; nothing is started or recorded.
struct GateOutlook {
    private let settings: GateSettings
    private let policy: ToolPolicy

    /// - Returns: `nil` without a policy.
    init?(_ settings: GateSettings) throws(Refusal) {
        guard settings.isUsed else { return nil }
        self.settings = settings
        policy = try GatePolicy.read(settings.policyFiles, format: settings.format)
        _ = try GateRun.keys(settings)
    }

    /// One line for each file, which is one layer.
    var text: String {
        var lines = zip(settings.policyFiles, policy.layers).map { file, layer in
            let count = layer.rules.count
            return
                "\(file.terminalSafe) (\(count) \(count == 1 ? "rule" : "rules"), default \(layer.defaultEffect.rawValue))"
        }
        if settings.failsOpen { lines.append("calls that cannot be decided about or recorded pass (--fail open)") }
        return lines.enumerated().map { ($0 == 0 ? "gateway    " : "           ") + $1 + "\n" }.joined()
    }

    var json: JSONValue {
        [
            "policies": .array(
                zip(settings.policyFiles, policy.layers).map { file, layer in
                    [
                        "file": .string(file), "rules": .integer(layer.rules.count),
                        "default": .string(layer.defaultEffect.rawValue),
                    ]
                }), "fail": settings.failsOpen ? "open" : "closed",
        ]
    }
}
