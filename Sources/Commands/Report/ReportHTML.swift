import AuditTrail

/// The report as one HTML file: no script, nothing from elsewhere, light and dark, made to be printed as well.
enum ReportHTML {
    static func text(_ report: ActivityReport) -> String {
        var html = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark">
            <title>\(escape(report.title))</title>
            <style>
            \(style)
            </style>
            </head>
            <body>
            <header>
            <p class="brand">agentbound</p>
            <h1>\(escape(report.title))</h1>
            <dl class="facts">
            """
        for fact in report.facts { html += "<div><dt>\(escape(fact.name))</dt><dd>\(escape(fact.value))</dd></div>\n" }
        html += "</dl>\n</header>\n<main>\n"
        html += """
            <section class="integrity \(report.isIntact ? "good" : "bad")">
            <h2>\(report.isIntact ? "The journal is intact" : "The journal is not intact")</h2>
            <ul>\(report.integrity.map { "<li>\(escape($0))</li>" }.joined())</ul>
            </section>
            <ul class="figures">

            """
        for figure in report.figures {
            html +=
                "<li\(figure.isBad ? " class=\"bad\"" : "")><strong>\(figure.value)</strong><span>\(escape(figure.name))</span></li>\n"
        }
        html += "</ul>\n"
        for section in report.sections { html += self.section(section) }
        return html + "</main>\n</body>\n</html>"
    }

    private static func section(_ section: ActivityReport.Section) -> String {
        var html = "<section>\n<h2>\(escape(section.title))</h2>\n"
        if !section.text.isEmpty { html += "<p>\(escape(section.text))</p>\n" }
        guard let table = section.table else {
            return html + (section.title == "What this cannot show" ? "" : "<p class=\"none\">None.</p>\n")
                + "</section>\n"
        }
        html += "<div class=\"scroll\"><table>\n<thead><tr>"
        for (index, column) in table.columns.enumerated() {
            html += "<th scope=\"col\"\(table.numbers.contains(index) ? " class=\"n\"" : "")>\(escape(column))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for (number, row) in table.rows.enumerated() {
            html += "<tr>"
            for (index, cell) in row.enumerated() {
                let bar = index == 0 && number < table.shares.count ? self.bar(table.shares[number]) : ""
                html += "<td\(cellClass(table, index, cell))>\(escape(cell))\(bar)</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table></div>\n</section>\n"
    }

    private static func cellClass(_ table: ActivityReport.Table, _ index: Int, _ cell: String) -> String {
        var classes: [String] = []
        if table.numbers.contains(index) { classes.append("n") }
        if table.numbers.contains(index), cell == "0" { classes.append("zero") }
        switch table.columns[index] {
        case "denied" where cell != "0", "errors" where cell != "0": classes.append("red")
        case "what", "rule", "during", "server", "agent", "tool": classes.append("code")
        case "last", "time": classes.append("time")
        case "decision": classes.append(cell == "allow" ? "green" : cell == "info" ? "" : "red")
        default: break
        }
        return classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    }

    /// How a row's events share out: allowed, denied, errors, facts.
    private static func bar(_ shares: [Int]) -> String {
        let sum = shares.reduce(0, +)
        guard sum > 0 else { return "" }
        let parts = zip(["a", "d", "e", "i"], shares).filter { $0.1 > 0 }.map { name, count in
            "<i class=\"\(name)\" style=\"flex-grow:\(count)\"></i>"
        }
        return "<span class=\"bar\" aria-hidden=\"true\">\(parts.joined())</span>"
    }

    /// For text and for attributes in quotes. Characters that a reader cannot see are spelled out.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.terminalSafe.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let style = """
        :root { --back: #f6f7f9; --card: #fff; --ink: #1b2430; --soft: #5b6778; --line: #dfe4ea; --green: #1a7f4b; --red: #b3261e;
          --amber: #a15c00; --blue: #5b7fa6; --goodback: #e9f6ef; --badback: #fcebea; }
        @media (prefers-color-scheme: dark) { :root { --back: #12161c; --card: #1a2029; --ink: #e6ebf2; --soft: #9aa7b8;
          --line: #2c3542; --green: #5bd197; --red: #ff8a80; --amber: #f0b45b; --blue: #7fa3cc; --goodback: #14291f; --badback: #331a1a; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        header, main { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 40px; }
        .brand { margin: 0; color: var(--soft); font-weight: 600; letter-spacing: .08em; text-transform: uppercase; font-size: 12px; }
        h1 { margin: 4px 0 16px; font-size: 30px; line-height: 1.2; letter-spacing: -.01em; }
        h2 { margin: 0 0 8px; font-size: 18px; }
        .facts { display: grid; gap: 4px; margin: 0 0 24px; }
        .facts div { display: flex; gap: 12px; }
        .facts dt { color: var(--soft); min-width: 72px; }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin: 0 0 18px; }
        section p { margin: 0 0 12px; color: var(--soft); max-width: 78ch; }
        section p:last-child { margin-bottom: 0; }
        .integrity { border-left: 6px solid var(--green); background: var(--goodback); }
        .integrity h2::before { content: "\\2713\\00a0"; color: var(--green); }
        .integrity.bad { border-left-color: var(--red); background: var(--badback); }
        .integrity.bad h2::before { content: "\\2717\\00a0"; color: var(--red); }
        .integrity ul { margin: 0; padding-left: 20px; }
        .figures { list-style: none; margin: 0 0 18px; padding: 0; display: grid; gap: 12px;
          grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
        .figures li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
        .figures strong { display: block; font-size: 26px; line-height: 1.2; font-variant-numeric: tabular-nums; }
        .figures span { color: var(--soft); font-size: 13px; }
        .figures .bad strong { color: var(--red); }
        .scroll { overflow-x: auto; margin: 0 -22px; padding: 0 22px; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
        th { text-align: left; color: var(--soft); font-weight: 600; white-space: nowrap; }
        th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
        tbody tr:last-child td { border-bottom: 0; }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .zero { color: var(--soft); opacity: .55; }
        .code { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; font-size: 12.5px; min-width: 7em; }
        .time { white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; }
        .red { color: var(--red); font-weight: 600; }
        .green { color: var(--green); }
        .none { font-style: italic; }
        .bar { display: flex; height: 4px; width: 160px; max-width: 100%; margin-top: 5px; border-radius: 2px; overflow: hidden; gap: 1px; }
        .bar .a { background: var(--green); } .bar .d { background: var(--red); } .bar .e { background: var(--amber); }
        .bar .i { background: var(--blue); opacity: .5; }
        @media print { :root { --back: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --goodback: #fff; --badback: #fff; }
          body { font-size: 11px; } header, main { max-width: none; padding: 0; } section { border-radius: 0; border-width: 0 0 1px; padding: 8px 0; }
          .integrity { border-left-width: 6px; padding-left: 10px; } h2, thead, tr { break-inside: avoid; } h2 { break-after: avoid; }
          .scroll { overflow: visible; margin: 0; padding: 0; } table { font-size: 10px; }
          .bar { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
        """
}
