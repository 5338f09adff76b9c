import StrictJSON

/// What reading a manifest gave: the manifest, unless something is wrong with it, and all that was found.
public struct ManifestReading: Hashable, Sendable {
    /// `nil` when there is an error among the issues.
    public let manifest: AgentManifest?
    /// In the order of the text; at most ``AgentManifest/maxIssues``.
    public let issues: [ManifestIssue]
    /// How many more there were.
    public let omitted: Int

    public var errors: [ManifestIssue] { issues.filter { $0.severity == .error } }
    public var warnings: [ManifestIssue] { issues.filter { $0.severity == .warning } }
}

extension AgentManifest {
    /// More issues than this are counted, not listed.
    public static let maxIssues = 100

    /// Reads a manifest and reports everything that is wrong with it at once.
    /// - Parameters:
    ///   - strict: Makes errors of the warnings.
    ///   - reading: Judges entries of scopes besides, as whoever decides by them reads them.
    public static func read(
        _ bytes: [UInt8], strict: Bool = false, reading: ScopeReading? = nil
    ) -> ManifestReading {
        let (tree, jsonErrors) = JSONReader.recover(bytes, limits: JSONLimits(maxErrors: maxIssues))
        var decoder = ManifestDecoder(bytes: bytes, strict: strict, reading: reading)
        for error in jsonErrors { decoder.report(error) }
        let manifest = tree.map { decoder.decode($0) }
        let issues = decoder.issues.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        let isValid = decoder.omitted == 0 && !issues.contains { $0.severity == .error }
        return ManifestReading(manifest: isValid ? manifest : nil, issues: issues, omitted: decoder.omitted)
    }

    /// Reads a manifest that is expected to be right.
    /// - Throws: ``ManifestErrors`` with every error, and the warnings beside them.
    public init(parsing bytes: [UInt8], strict: Bool = false) throws(ManifestErrors) {
        let reading = Self.read(bytes, strict: strict)
        guard let manifest = reading.manifest else { throw ManifestErrors(issues: reading.issues) }
        self = manifest
    }

    /// What is wrong with a manifest that was put together in code: the same checks as for a file.
    /// - Returns: Issues with positions in ``serialized()``; empty when all is well.
    public func validate(strict: Bool = false) -> [ManifestIssue] { Self.read(serialized(), strict: strict).issues }
}
