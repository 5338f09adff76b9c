import AuditTrail
import PolicyEngine
import StrictJSON

/// What `policy check` found.
struct PolicyReport: CheckReport, Sendable {
    struct Item: Sendable {
        let file: String
        /// 0: about the whole file, which could not be read.
        let line: Int
        let column: Int
        let isError: Bool
        let message: String
        var place: (line: Int, column: Int)? { line == 0 ? nil : (line, column) }
        var severity: String { isError ? "error" : "warning" }
        var ruleID: String { line == 0 ? "unreadable" : isError ? "policy-error" : "policy-unreachable" }
    }

    private(set) var items: [Item] = []
    private(set) var sound: [(file: String, rules: Int, format: PolicyFormat)] = []
    var isStrict = false

    mutating func add(_ file: PolicyFile) {
        // Else nobody would know why a key of another format is missed.
        let reading = file.format == .native ? "" : " (read as a policy of \(file.format.rawValue))"
        items += file.problems.map {
            Item(
                file: file.place(of: $0), line: $0.line, column: $0.column, isError: true, message: $0.message + reading
            )
        }
        items += file.warnings.map {
            Item(file: file.place(of: $0), line: $0.line, column: $0.column, isError: false, message: $0.message)
        }
        if file.problems.isEmpty { sound.append((file.name, file.layer.rules.count, file.format)) }
    }

    mutating func addUnreadable(_ name: String, _ cause: String) {
        items.append(Item(file: name, line: 0, column: 0, isError: true, message: cause))
    }

    /// A missing file outweighs a malformed one, which outweighs warnings that `--strict` forbids.
    var exitCode: Int32 {
        if items.contains(where: { $0.line == 0 }) { return 66 }
        if items.contains(where: \.isError) { return 65 }
        return isStrict && !items.isEmpty ? 1 : 0
    }

    var text: String {
        let lines = items.map { item in
            let place = item.line == 0 ? "" : "\(item.line):\(item.column): "
            return
                "\(item.file.terminalSafe):\(place)\(item.line == 0 ? " " : "")\(item.severity): \(item.message.terminalSafe)"
        }
        let fine = sound.map { file in
            let reading = file.format == .native ? "" : ", a policy of \(file.format.rawValue)"
            return "\(file.file.terminalSafe): ok, \(file.rules) rule\(file.rules == 1 ? "" : "s")\(reading)"
        }
        return (lines + fine).joined(separator: "\n")
    }

    var github: String {
        items.map {
            WorkflowCommand.annotation($0.severity, $0.file, $0.place, title: $0.ruleID, $0.message)
        }.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "exitCode": .integer(exitCode),
            "files": .array(
                sound.map {
                    ["file": .string($0.file), "rules": .integer($0.rules), "format": .string($0.format.rawValue)]
                }),
            "issues": .array(
                items.map { item in
                    [
                        "file": .string(item.file), "severity": .string(item.severity), "id": .string(item.ruleID),
                        "line": .integer(item.line), "column": .integer(item.column), "message": .string(item.message),
                    ]
                }),
        ]
    }

    var sarif: JSONValue {
        SARIF.document(
            rules: [("policy-error", "error"), ("policy-unreachable", "warning"), ("unreadable", "error")].map {
                ["id": .string($0.0), "defaultConfiguration": ["level": .string($0.1)]]
            },
            results: items.map { item in
                [
                    "ruleId": .string(item.ruleID), "level": .string(item.severity),
                    "message": ["text": .string(item.message)],
                    "locations": [SARIF.location(item.file, item.place)],
                ]
            })
    }
}
