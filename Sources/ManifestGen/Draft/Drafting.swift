import ManifestModel

/// Drafts a manifest from a tree of sources.
public enum ManifestGenerator {
    /// Reads a tree and drafts its manifest. Runs nothing of it.
    /// - Parameters:
    ///   - description: In place of the package's own.
    ///   - progress: Called with the number of files that were read so far.
    public static func draft(
        of tree: some SourceTree, description: String? = nil, progress: ((Int) -> Void)? = nil
    ) -> Draft {
        var analysis = Analysis(tree, progress: progress)
        let matching = Matching(analysis)
        analysis.forgetFacts()
        return Drafting(analysis, matching).draft(description)
    }
}

struct Drafting {
    private let analysis: Analysis
    private let matching: Matching
    private let reach: ToolReach

    init(_ analysis: Analysis, _ matching: Matching) {
        self.analysis = analysis
        self.matching = matching
        reach = ToolReach(analysis.program, matching.hits)
    }

    func draft(_ description: String?) -> Draft {
        let findings = self.findings()
        let needed = Set(findings.filter { $0.confidence > .low }.map(\.permission))
        let permissions = Permission.allCases.filter(needed.contains)
        let package = analysis.packages.first
        var manifest = AgentManifest(
            description: clean(description ?? package?.description ?? "") ?? "An MCP server.", permissions: permissions)
        manifest.name = package?.name.flatMap(clean)
        manifest.version = package?.version.flatMap(clean)
        if let name = manifest.name, !name.contains(" "), let registry = package?.registry {
            manifest.registry = registry
            manifest.packageName = name
        }
        for permission in permissions { manifest.rationales[permission] = rationale(permission, findings) }
        manifest.scopes = scopes(needed)
        manifest.tools = reach.tools.map { tool, used in
            ManifestTool(name: tool, permissions: permissions.filter(used.contains))
        }
        return Draft(
            manifest: manifest, findings: findings, unresolved: questions(findings), files: analysis.order.count,
            bytes: analysis.bytes,
            languages: Language.allCases.filter { language in analysis.packages.contains { $0.language == language } },
            unread: analysis.unread, omissions: analysis.omissions, skipped: analysis.skipped,
            brokenFiles: analysis.brokenFiles,
            missingEntries: analysis.packages.flatMap(\.missing), isFallback: analysis.isFallback,
            entries: analysis.packages.flatMap(\.entries).map { analysis.paths[$0] })
    }

    private func findings() -> [Finding] {
        var found = matching.hits.map { hit in
            Finding(
                permission: hit.permission, file: analysis.paths[Int(hit.file)], line: Int(hit.line),
                column: Int(hit.column), call: hit.call, rationale: hit.words,
                confidence: hit.confidence == .high ? .high : hit.confidence == .medium ? .medium : .low,
                tools: reach.toolNames(of: hit.function))
        }
        found.sort { $0.place < $1.place || $0.place == $1.place && ($0.call, $0.rationale) < ($1.call, $1.rationale) }
        // What two rules say of one place stands once.
        var last: Finding?
        found.removeAll { finding in
            defer { last = finding }
            return finding == last
        }
        return found
    }

    private func rationale(_ permission: Permission, _ findings: [Finding]) -> String {
        let own = findings.filter { $0.permission == permission && $0.confidence > .low }
        var words: [String] = []
        for finding in own where !words.contains(finding.rationale) { words.append(finding.rationale) }
        let place = Finding.clearest(own)!
        let more = own.count > 1 ? " and \(own.count - 1) more" : ""
        let text = words.prefix(3).joined(separator: "; ")
        return clean("\(text) (\(place.file):\(place.line)\(more))") ?? text
    }

    private func scopes(_ needed: Set<Permission>) -> ManifestScopes {
        var scopes = ManifestScopes()
        for key in ScopeKey.allCases {
            guard let values = matching.scopes[key], !values.isEmpty, key.permissions.contains(where: needed.contains)
            else { continue }
            // A list that misses a value would close what the server needs: only what is complete enough is proposed.
            let shown = values.compactMap(clean).sorted()
            scopes[key] = Array(shown.prefix(100))
        }
        return scopes
    }

    private func questions(_ findings: [Finding]) -> [OpenQuestion] {
        var seen: Set<Doubt> = []
        var questions: [OpenQuestion] = []
        for doubt in matching.doubts where seen.insert(doubt).inserted {
            questions.append(
                OpenQuestion(
                    kind: doubt.kind.rawValue, file: analysis.paths[doubt.file], line: Int(doubt.line),
                    column: Int(doubt.column), text: clean(doubt.text) ?? "",
                    explanation: doubt.kind.explanation))
        }
        for finding in findings where finding.confidence == .low {
            questions.append(
                OpenQuestion(
                    kind: "uncertain", file: finding.file, line: finding.line, column: finding.column,
                    text: finding.call,
                    explanation: "may need \(finding.permission.shortName): \(finding.rationale)"))
        }
        return questions.sorted { ($0.file, $0.line, $0.column, $0.kind) < ($1.file, $1.line, $1.column, $1.kind) }
    }

    /// On one line, without control characters and marks that reorder text; `nil` when nothing is left.
    private func clean(_ text: String) -> String? {
        var result = ""
        for scalar in text.unicodeScalars.prefix(600) {
            switch scalar.value {
            case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: result += " "
            case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        while result.hasPrefix(" ") { result.removeFirst() }
        while result.hasSuffix(" ") { result.removeLast() }
        return result.isEmpty ? nil : result
    }
}

extension Doubt.Kind {
    var explanation: String {
        switch self {
        case .dynamicImport: "what is loaded here is known only when it runs"
        case .evaluation: "this runs text as code, so it can do whatever its input says"
        case .computedProgram: "which program is started is known only when it runs"
        case .shellString: "a shell is given a text that is put together when it runs"
        case .computedVariable: "which environment variable is meant is known only when it runs"
        case .computedHost: "where it connects to is known only when it runs"
        case .nativeCode: "native code can do what no rule here sees"
        case .unresolvedImport: "this file is not in the tree; it may be generated by the build"
        case .syntax: "this part could not be followed"
        }
    }
}

extension Finding {
    /// The one that says most at a glance: certain, and of what a library offers itself rather than of what a call gave back.
    public static func clearest(_ findings: [Finding]) -> Finding? {
        func steps(_ finding: Finding) -> Int { finding.call.utf8.count { $0 == UInt8(ascii: "(") } }
        // Of equals the first one: they are sorted by place.
        return findings.min { ($1.confidence, steps($0)) < ($0.confidence, steps($1)) }
    }

    /// What findings are sorted by.
    fileprivate var place: Place {
        Place(permission: permission, confidence: confidence, file: file, line: line, column: column)
    }

    fileprivate struct Place: Comparable {
        var permission: Permission
        var confidence: Confidence
        var file: String
        var line: Int
        var column: Int

        static func < (a: Place, b: Place) -> Bool {
            (a.permission, b.confidence, a.file, a.line, a.column) < (
                b.permission, a.confidence, b.file, b.line, b.column
            )
        }
    }
}
