import AuditTrail

/// The report as Markdown.
enum ReportMarkdown {
    static func text(_ report: ActivityReport) -> String {
        var lines = ["# \(report.title)", ""]
        lines += report.facts.map { "- \($0.name): \(escape($0.value))" }
        lines += ["", "## Integrity: \(report.isIntact ? "intact" : "NOT INTACT")", ""]
        lines += report.integrity.map { "- \(escape($0))" }
        lines += ["", "## Figures", "", "| | |", "| --- | ---: |"]
        lines += report.figures.map { "| \($0.name) | \($0.value) |" }
        for section in report.sections {
            lines += ["", "## \(section.title)", ""]
            if !section.text.isEmpty { lines += [escape(section.text), ""] }
            guard let table = section.table else {
                if section.text.isEmpty || section.title != "What this cannot show" { lines.append("None.") }
                continue
            }
            lines.append("| \(table.columns.joined(separator: " | ")) |")
            lines.append(
                "| \(table.columns.indices.map { table.numbers.contains($0) ? "---:" : "---" }.joined(separator: " | ")) |"
            )
            lines += table.rows.map { "| \($0.map(escape).joined(separator: " | ")) |" }
        }
        return lines.joined(separator: "\n")
    }

    /// Nothing of an untrusted text is markup, and none of it leaves its line.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.terminalSafe {
            if "\\`*_{}[]<>#|!~&$".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
