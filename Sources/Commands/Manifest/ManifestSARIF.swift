import ManifestModel
import StrictJSON

extension ManifestReport {
    var sarif: JSONValue {
        SARIF.document(
            rules: ManifestRule.allCases.map(Self.rule),
            invocation: [
                "executionSuccessful": .bool(notifications.isEmpty), "exitCode": .integer(exitCode),
                "toolExecutionNotifications": .array(notifications),
            ],
            results: files.flatMap(results))
    }

    private static func rule(_ rule: ManifestRule) -> JSONValue {
        [
            "id": .string(rule.rawValue), "name": .string("\(rule)"), "shortDescription": ["text": .string(rule.title)],
            "help": ["text": .string(rule.remedy)], "defaultConfiguration": ["level": .string(rule.severity.rawValue)],
        ]
    }

    private var notifications: [JSONValue] {
        files.compactMap { file in
            guard case .unreadable(let cause) = file.outcome else { return nil }
            return [
                "level": "error", "message": ["text": .string(cause)],
                "locations": [SARIF.location(file.name)],
            ]
        }
    }

    private func results(_ file: CheckedManifest) -> [JSONValue] {
        var seen: [String: Int] = [:]
        return file.issues.map { issue in
            // Without the line, so that an alert stays the same one when text above it moves.
            let identity = "\(issue.ruleID)\n\(file.name)\n\(issue.message)"
            let occurrence = seen[identity, default: 0]
            seen[identity] = occurrence + 1
            return [
                "ruleId": .string(issue.ruleID),
                "ruleIndex": .integer(ManifestRule.allCases.firstIndex(of: issue.rule) ?? -1),
                "level": .string(issue.severity.rawValue),
                "message": ["text": .string(issue.message + (issue.hint.map { " (\($0))" } ?? ""))],
                "locations": [SARIF.location(file.name, (issue.line, issue.column))],
                "partialFingerprints": ["agentbound/v1": .string("\(Self.fingerprint(identity)):\(occurrence)")],
            ]
        }
    }

    /// FNV-1a, 64 bits: it tells findings apart, it protects nothing.
    private static func fingerprint(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
