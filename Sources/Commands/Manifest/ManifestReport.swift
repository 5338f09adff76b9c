import AuditTrail
import ManifestModel
import StrictJSON

/// One file and what came of checking it.
struct CheckedManifest: Sendable {
    /// As a message shows it: the path, or `-`.
    let name: String
    let outcome: Outcome

    enum Outcome: Sendable {
        case read(ManifestReading)
        /// Could not be read at all; with the cause in words.
        case unreadable(String)
    }

    var issues: [ManifestIssue] {
        if case .read(let reading) = outcome { reading.issues } else { [] }
    }
}

/// What `validate` found.
struct ManifestReport: CheckReport, Sendable {
    let files: [CheckedManifest]
    var strict = false

    /// A missing file outweighs a malformed one, which outweighs warnings that `--strict` forbids.
    var exitCode: Int32 {
        let issues = files.flatMap(\.issues)
        if files.contains(where: { if case .unreadable = $0.outcome { true } else { false } }) { return 66 }
        // By the rule, not by the severity shown: --strict raises that one.
        if issues.contains(where: { $0.rule.severity == .error }) { return 65 }
        return strict && !issues.isEmpty ? 1 : 0
    }

    /// `file:line:column: error AB1010: what is wrong`, then the next step.
    var text: String {
        files.map { file in
            let name = file.name.terminalSafe
            switch file.outcome {
            case .unreadable(let cause): return "\(name): error: \(cause)"
            case .read(let reading):
                var lines = reading.issues.map { issue in
                    "\(name):\(issue.position): \(issue.severity.rawValue) \(issue.ruleID): \(issue.message)"
                        + (issue.hint.map { "\n  next: \(Installation.naming(pagesOf: $0))" } ?? "")
                }
                if reading.omitted > 0 { lines.append("\(name): \(reading.omitted) more issues are not shown") }
                if let manifest = reading.manifest {
                    let count = manifest.declared.count
                    lines.append("\(name): ok, \(count) permission\(count == 1 ? "" : "s")")
                }
                return lines.joined(separator: "\n")
            }
        }.joined(separator: "\n")
    }

    var github: String {
        files.flatMap { file -> [String] in
            switch file.outcome {
            case .unreadable(let cause):
                return [WorkflowCommand.annotation("error", file.name, title: "unreadable", cause)]
            case .read(let reading):
                return reading.issues.map { issue in
                    WorkflowCommand.annotation(
                        issue.severity.rawValue, file.name, (issue.line, issue.column), title: issue.ruleID,
                        issue.message + (issue.hint.map { "\n\($0)" } ?? ""))
                }
            }
        }.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "exitCode": .integer(exitCode),
            "files": .array(
                files.map { file in
                    switch file.outcome {
                    case .unreadable(let cause): ["file": .string(file.name), "valid": false, "error": .string(cause)]
                    case .read(let reading):
                        [
                            "file": .string(file.name), "valid": .bool(reading.manifest != nil),
                            "issues": .array(reading.issues.map(Self.json)), "omitted": .integer(reading.omitted),
                        ]
                    }
                }),
        ]
    }

    private static func json(_ issue: ManifestIssue) -> JSONValue {
        [
            "id": .string(issue.ruleID), "severity": .string(issue.severity.rawValue),
            "message": .string(issue.message),
            "hint": issue.hint.map { .string($0) } ?? .null, "line": .integer(issue.line),
            "column": .integer(issue.column),
        ]
    }
}
