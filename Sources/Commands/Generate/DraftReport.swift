import AuditTrail
import ManifestGen
import ManifestModel
import StrictJSON

extension Draft {
    /// 65 when the draft cannot be trusted to be whole; `nil` when it can.
    var exitCode: Int32? { files == 0 || !isWhole ? 65 : nil }

    var json: JSONValue {
        [
            "manifest": manifest.json, "findings": .array(findings.map(\.json)),
            "unresolved": .array(unresolved.map(\.json)), "files": .integer(files),
            "whole": .bool(isWhole && files > 0),
            "entries": .strings(entries), "omitted": .array(omitted.map { .string($0) }),
        ]
    }

    /// What was not seen, one reason a line.
    var omitted: [String] {
        var lines: [String] = []
        func add(_ count: Int, _ what: String, _ example: String?) {
            guard count > 0 else { return }
            lines.append("\(count) \(what)" + (example.map { ", such as \($0.terminalSafe)" } ?? ""))
        }
        add(omissions.unreadableFolders.count, "folders cannot be read", omissions.unreadableFolders.first)
        add(omissions.unreadableFiles.count, "files cannot be read", omissions.unreadableFiles.first)
        add(omissions.tooLargeFiles.count, "files are too large to read", omissions.tooLargeFiles.first)
        add(omissions.tooDeepFolders, "folders lie too deep", nil)
        add(omissions.filesBeyondLimit, "files are beyond the limit", nil)
        add(omissions.bytesBeyondLimit, "files are beyond the limit of bytes", nil)
        for (language, number) in unread.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            add(number, "files are in \(language.title), which is not read", nil)
        }
        for (reason, files) in Dictionary(grouping: skipped, by: \.reason).sorted(by: { $0.key < $1.key }) {
            add(files.count, "files \(reason)", files.first?.path)
        }
        return lines
    }
}

/// The report on a draft. Pure: the formats are views of the same value.
struct DraftReport {
    let draft: Draft
    /// Only findings for these permissions, when given.
    var only: Set<Permission>?

    private var findings: [Finding] {
        draft.findings.filter { only?.contains($0.permission) ?? true }
    }

    /// Evidence by permission, what needs a look, and whether all was seen.
    var text: String {
        var lines = [Self.count(draft.files, "file") + " read, from " + entries]
        for permission in Permission.allCases {
            let found = draft.findings.filter { $0.permission == permission && $0.confidence > .low }
            guard let first = Finding.clearest(found) else { continue }
            lines.append("  \(permission.shortName): \(Self.line(first))")
            if found.count > 1 { lines.append("    and \(found.count - 1) more: --explain \(permission.shortName)") }
        }
        if draft.manifest.permissions.isEmpty, draft.files > 0 { lines.append("  no permission is needed") }
        if !draft.unresolved.isEmpty {
            lines.append("needs a look:")
            for question in draft.unresolved.prefix(20) { lines.append("  " + Self.line(question)) }
            if draft.unresolved.count > 20 {
                lines.append("  and \(draft.unresolved.count - 20) more: --format json lists all")
            }
        }
        lines.append(completeness)
        return lines.joined(separator: "\n")
    }

    private var entries: String {
        if draft.isFallback || draft.entries.isEmpty {
            return "all code that is neither test nor example: no entry point was found"
        }
        let shown = draft.entries.prefix(3).map(\.terminalSafe).joined(separator: ", ")
        return shown + (draft.entries.count > 3 ? " and \(draft.entries.count - 3) more" : "")
    }

    /// `whole: ...` or `partial: ...`, with each reason.
    var completeness: String {
        var notes: [String] = []
        if !draft.missingEntries.isEmpty {
            notes.append(
                "entry points that are not in the tree: "
                    + draft.missingEntries.prefix(3).map(\.terminalSafe).joined(separator: ", "))
        }
        if !draft.brokenFiles.isEmpty {
            notes.append(
                "\(Self.count(draft.brokenFiles.count, "file")) with syntax errors, such as \(draft.brokenFiles[0].terminalSafe)"
            )
        }
        let tail = notes.isEmpty ? "" : "\n" + notes.map { "  note: \($0)" }.joined(separator: "\n")
        if draft.files == 0 { return "partial: no source code was found that can be read" + tail }
        if draft.isWhole { return "whole: everything that the entry points lead to was read" + tail }
        return "partial: this draft may ask for too little\n" + draft.omitted.map { "  \($0)" }.joined(separator: "\n")
            + tail
    }

    static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

    /// `file:line:column: call: why (confidence)`
    static func line(_ finding: Finding) -> String {
        "\(finding.file.terminalSafe):\(finding.line):\(finding.column): \(finding.call.terminalSafe): \(finding.rationale)"
            + (finding.confidence == .high ? "" : " (\(finding.confidence.rawValue) confidence)")
    }

    static func line(_ question: OpenQuestion) -> String {
        "\(question.file.terminalSafe):\(question.line):\(question.column): \(question.text.terminalSafe): \(question.explanation)"
    }

    /// The findings as SARIF 2.1.0.
    var sarif: JSONValue {
        let permissions = Permission.allCases
        return SARIF.document(
            rules: permissions.map {
                ["id": .string($0.rawValue), "shortDescription": ["text": .string($0.facts.summary)]]
            },
            invocation: [
                "executionSuccessful": .bool(draft.exitCode == nil),
                "toolExecutionNotifications": .array(
                    draft.omitted.map { ["level": "error", "message": ["text": .string($0)]] }),
            ],
            results: findings.map { finding in
                [
                    "ruleId": .string(finding.permission.rawValue),
                    "ruleIndex": .integer(permissions.firstIndex(of: finding.permission) ?? -1),
                    "level": .string(finding.confidence == .low ? "none" : "note"),
                    "kind": .string(finding.confidence == .low ? "review" : "informational"),
                    "message": ["text": .string("\(finding.call): \(finding.rationale)")],
                    "locations": [SARIF.location(finding.file, (finding.line, finding.column))],
                ]
            })
    }
}

extension Finding {
    var json: JSONValue {
        [
            "permission": .string(permission.rawValue), "file": .string(file), "line": .integer(line),
            "column": .integer(column), "call": .string(call), "rationale": .string(rationale),
            "confidence": .string(confidence.rawValue), "tools": .strings(tools),
        ]
    }
}

extension OpenQuestion {
    var json: JSONValue {
        [
            "kind": .string(kind), "file": .string(file), "line": .integer(line), "column": .integer(column),
            "text": .string(text), "explanation": .string(explanation),
        ]
    }
}
