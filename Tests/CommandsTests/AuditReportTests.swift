import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import Signatures
import StrictJSON
import SystemPackage
import Testing

@testable import Commands

@Suite struct AuditReportTests {
    private static let hostile = "<script>alert(1)</script>\u{1b}[2J\u{202e}\"'&|`[x](y)"

    private func withJournal(_ body: (FilePath) throws -> Void) throws {
        var template = Array("/tmp/audit-report-XXXXXX".utf8CString)
        // mkdtemp fills in the six letters.
        let folder = unsafe template.withUnsafeMutableBufferPointer {
            unsafe FilePath(platformString: mkdtemp($0.baseAddress!)!)
        }
        let path = folder.appending("journal.jsonl")
        defer {
            for ending in ["jsonl", "head", "signed"] { unsafe unlink(folder.appending("journal.\(ending)").string) }
            unsafe rmdir(folder.string)
        }
        let writer = try AuditWriter(path: path, session: "one")
        var denied = ToolEvent(
            server: "files", tool: "delete", agent: "builder", decision: .deny, rule: "user/r", reason: Self.hostile)
        denied.request = 7
        denied.threat = 9
        try writer.append(contentsOf: [
            AuditEvent(.lifecycle, "files", .info, rule: "start", reason: ""), AuditEvent(denied),
            AuditEvent(
                ToolEvent(server: "mail", tool: "send", decision: .allow, effect: "approve", rule: "r", reason: "")),
            AuditEvent(.box, Self.hostile, .deny, rule: "network.client", reason: "not granted").during([(7, "delete")]
            ),
            AuditEvent(.consent, "=HYPERLINK(\"x\")", .allow, rule: "consent", reason: "a, \"b\"\r\nc"),
        ])
        try body(path)
    }

    private func report(_ path: FilePath) throws -> ActivityReport {
        ActivityReport(
            journal: path.string, made: "now", integrity: try AuditReader.verify(path),
            summary: try AuditQuery.summary(path, AuditFilter()), narrowed: "")
    }

    @Test(
        "Filters are by server, tool, agent and time as well, and a box event belongs to its session's server",
        arguments: [
            (AuditFilter(server: "files"), [1, 2, 4, 5]), (AuditFilter(server: "mail"), [3]),
            (AuditFilter(tool: "delete"), [2]),
            (AuditFilter(tool: "mail.send"), [3]), (AuditFilter(agent: "builder"), [2]),
            (AuditFilter(tool: "none"), []),
            (AuditFilter(until: "2000-01-01"), []), (AuditFilter(since: "2000", until: "2999-01-01"), [1, 2, 3, 4, 5]),
        ] as [(AuditFilter, [Int64])])
    private func filters(filter: AuditFilter, events: [Int64]) throws {
        try withJournal { path in
            let found = try AuditListing.collect(path, filter, limit: nil)
            #expect(found.records.map(\.seq) == events && found.unreadable == 0)
        }
    }

    @Test(
        "A report says what could not be recorded, and what was refused after all, in both forms and in the statistics")
    func shortfalls() throws {
        try withJournal { path in
            func told(_ rule: String, _ detail: [JSONMember]) -> AuditEvent {
                AuditEvent(.lifecycle, "journal", .error, rule: rule, reason: "", detail: detail)
            }
            #expect(ReportMarkdown.text(try report(path)).contains("| calls not recorded | 0 |"))
            try AuditWriter(path: path, session: "one").append(contentsOf: [
                told(
                    "unrecorded",
                    [
                        .init("passed", 1), .init("refused", 2), .init("others", 1), .init("from", "2026-01-01"),
                        .init("to", "2026-01-02<"),
                    ]),
                told("refused-after-all", [.init("first", 3), .init("last", 3), .init("refused", 1)]),
            ])
            let report = try report(path)
            let words = "3 calls could not be recorded between 2026-01-01 and 2026-01-02"
            let markdown = ReportMarkdown.text(report), html = ReportHTML.text(report)
            #expect(markdown.contains(words + "\\<: 1 passed, 2 refused; 1 other event"), "\(markdown)")
            #expect(html.contains(words + "&lt;: 1 passed, 2 refused; 1 other event"))
            #expect(markdown.contains("| calls not recorded | 3 |"))
            for text in [markdown, html] {
                #expect(text.contains("event 3 says allowed, and was refused after all"))
                #expect(text.contains("allowed, refused after all"))
            }
            let statistics = AuditStats.text(try AuditQuery.summary(path, AuditFilter()))
            #expect(statistics.contains("unrecorded 3 calls") && statistics.contains("refused    1 calls after all"))
        }
    }

    @Test("HTML holds nothing of a server's text as markup, no script, and nothing from elsewhere")
    func html() throws {
        try withJournal { path in
            let html = ReportHTML.text(try report(path))
            #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{1b}[2J\\u{202e}&quot;&#39;&amp;|"))
            #expect(!html.contains("<script") && !html.contains("\u{1b}") && !html.contains("\u{202e}"))
            #expect(!html.contains("http") || !html.contains("://"))
            #expect(html.contains("default-src 'none'") && html.contains("The journal is intact"))
            #expect(
                html.contains("#7 delete") && html.contains("prefers-color-scheme: dark")
                    && html.contains("@media print"))
            // Every element that is opened is closed.
            for name in [
                "section", "table", "tr", "td", "th", "ul", "li", "div", "dl", "p", "h2", "span", "i", "main", "header",
            ] {
                let opened = html.components(separated: "<\(name)>") + html.components(separated: "<\(name) ")
                #expect(opened == html.components(separated: "</\(name)>"), "\(name)")
            }
        }
    }

    @Test("Markdown holds nothing of a server's text as markup, and a cell stays a cell")
    func markdown() throws {
        try withJournal { path in
            let text = ReportMarkdown.text(try report(path))
            #expect(text.contains("\\<script\\>alert(1)\\</script\\>") && text.contains("\\|\\`\\[x\\](y)"))
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") && $0.contains("delete") }
            #expect(!rows.isEmpty && text.contains("Integrity: intact"))
        }
    }

    @Test("A report of a changed journal says so, where, and ends with 1")
    func notIntact() throws {
        try withJournal { path in
            var bytes = try readFile(path)
            bytes[40] ^= 1
            try OwnedDescriptor.open(path, O_WRONLY).writeAll(bytes)
            let report = try report(path)
            #expect(ReportHTML.text(report).contains("The journal is not intact"))
            #expect(ReportMarkdown.text(report).contains("line 1 was changed"))
            let output = path.string + ".html"
            defer { unsafe unlink(output) }
            let command = try #require(
                ReportCommand.parseAsRoot(["--file", path.string, "--format", "html", "-o", output]) as? ReportCommand)
            let code = #expect(throws: ExitCode.self) { try command.run() }
            #expect(code?.rawValue == 1 && (try? readFile(FilePath(output)).isEmpty) == false)
        }
    }

    @Test(
        "CSV is RFC 4180's, and no cell is a formula",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
            ("two\nlines", "two\\u{a}lines"), ("\u{1B}[2J\u{202E}", "\\u{1b}[2J\\u{202e}"),
            ("=1+1", "'=1+1"), ("+49", "'+49"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\\u{9}x"), ("", ""),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
        ])
    func cells(text: String, cell: String) { #expect(AuditExporter.field(text) == cell) }

    @Test("Exports hold each event once, in a form that readers take")
    func exports() throws {
        try withJournal { path in
            func export(_ format: AuditExportCommand.Format) throws -> String {
                var exporter = AuditExporter(format: format)
                _ = try AuditQuery.forEach(path, AuditFilter()) { exporter.add($0, server: $1) }
                exporter.end()
                return String(decoding: exporter.bytes, as: UTF8.self)
            }
            let journal = String(decoding: try readFile(path), as: UTF8.self)
            #expect(try export(.jsonl) == journal)
            let json = try JSONValue(parsing: Array(export(.json).utf8))
            #expect(json.array?.count == 5)
            let csv = try export(.csv)
            // A header and five events; the line break in one's reason is written as `\u{d}\u{a}`.
            #expect(csv.components(separated: "\r\n") == 6 && csv.hasPrefix("seq,time,"))
            #expect(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""))
            var empty = AuditExporter(format: .json)
            empty.end()
            let none = try JSONValue(parsing: empty.bytes)
            #expect(none.array == [])
        }
    }

    @Test("Statistics say the same in words and as JSON")
    func statistics() throws {
        try withJournal { path in
            let summary = try AuditQuery.summary(path, AuditFilter())
            let json = AuditStats.json(summary)
            #expect(json["all"]?["total"] == 5 && json["servers"]?["files"]?["deny"] == 2)
            // The answer to a question is no question.
            #expect(json["tools"]?["mail.send"]?["asked"] == 0 && json["tools"]?["mail.send"]?["allow"] == 1)
            #expect(json["threats"] == 1)
            #expect(AuditStats.text(summary).contains("files.delete"))
            #expect(!AuditStats.text(summary).contains("\u{1b}"))
        }
    }

    @Test("Controls name each of OWASP's ten and the concept paper's areas once, and say what is lacking")
    func controls() {
        let owasp = Control.all.filter { $0.framework == .owaspAgentic }.map(\.id)
        #expect(owasp == (1...10).map { $0 < 10 ? "ASI0\($0)" : "ASI\($0)" })
        #expect(Set(Control.all.map { "\($0.framework)\($0.id)" }).count == Control.all.count)
        #expect(Control.all.allSatisfy { !$0.does.isEmpty && !$0.lacks.isEmpty })
        for framework in Control.Framework.allCases {
            #expect(Control.all.contains { $0.framework == framework && $0.extent == .no })
        }
        #expect(ControlsText.text.contains("ASI07"))
    }

    @Test("The page about controls is what the command prints")
    func controlsPage() throws {
        let page = String(decoding: try readFile(sourceTree.appending("docs/controls.md")), as: UTF8.self)
        #expect(page.contains(ControlsText.markdown))
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(separated part: String) -> Int { ranges(of: part).count }
}
