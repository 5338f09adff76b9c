public import ManifestModel

/// A place in the code and the permission that it asks for.
public struct Finding: Hashable, Sendable {
    public enum Confidence: String, Comparable, Sendable {
        case low, medium, high
        public static func < (a: Confidence, b: Confidence) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .low ? 0 : self == .medium ? 1 : 2 }
    }

    public var permission: Permission
    /// Relative to the package, with `/`.
    public var file: String
    /// From 1; columns in bytes.
    public var line: Int
    public var column: Int
    /// The call as the code resolves: `fs.promises.readFile`.
    public var call: String
    /// Why, in words.
    public var rationale: String
    public var confidence: Confidence
    /// The MCP tools whose handlers reach it; empty when none was seen to.
    public var tools: [String] = []
}

/// Something that could not be resolved and that a reviewer should look at.
public struct OpenQuestion: Hashable, Sendable {
    /// `dynamic-import`, `evaluated-code`, ...: ids do not change their meaning.
    public var kind: String
    public var file: String
    public var line: Int
    public var column: Int
    /// The code in question.
    public var text: String
    public var explanation: String
}

/// What reading a package came to.
public struct Draft: Sendable {
    public var manifest: AgentManifest
    public var findings: [Finding]
    public var unresolved: [OpenQuestion]
    /// Source files that were read.
    public var files: Int
    public var bytes: Int
    public var languages: [Language]
    /// Files in languages that have no reader, where there are more of them than were read.
    public var unread: [Language: Int]
    public var omissions: Omissions
    /// Source files that could not be read as text, with the reason.
    public var skipped: [(path: String, reason: String)]
    /// Files in which a bracket or a string has no partner: the parts around it may have been misread.
    public var brokenFiles: [String]
    /// Entry points that the package's metadata names and the tree does not have.
    public var missingEntries: [String]
    /// No entry point was found, so all code that is not aside was read.
    public var isFallback: Bool
    /// The files that reading started from.
    public var entries: [String]
    /// Whether all that belongs to the package was seen.
    public var isWhole: Bool { omissions.isWhole && skipped.isEmpty && unread.isEmpty }
}
