/// What a hit is a sign of.
public enum ThreatCategory: String, CaseIterable, Hashable, Sendable {
    case promptInjection = "prompt-injection"
    case commandInjection = "command-injection"
    case secretExfiltration = "secret-exfiltration"
    case pathTraversal = "path-traversal"
    case suspiciousURL = "suspicious-url"
    case hiddenText = "hidden-text"
    case encodedText = "encoded-text"
}

/// One place that a rule is about.
public struct ThreatHit: Hashable, Sendable {
    /// The rule's id: `pi.ignore-instructions`. ``ThreatRule/named(_:)`` has the rest.
    public var rule: String
    public var category: ThreatCategory
    public var weight: Int
    /// The rule's meaning, for people.
    public var meaning: String
    /// Dotted path of the value, elements by number: `arguments.files.0.content`; of a key, the path of its value and `(key)`.
    public var path: String
    /// Bytes of the value's text. For what was found in decoded text, the bytes that were decoded.
    public var range: Range<Int>
    /// The place and a little round it, without secrets, with what cannot be seen written as `\u{…}`. At most 120 characters.
    public var excerpt: String
    /// How the text was hidden: `base64`, `hex`, `escapes`; `nil` for text as it stands.
    public var encoding: String?
}

/// What the scanner saw. A number to ask a person by, not a verdict: harmless text has hits, and hostile text may have none.
public struct ThreatReport: Hashable, Sendable {
    /// The first places, at most ``ThreatScanner/hitLimit`` of them and three of one rule.
    public internal(set) var hits: [ThreatHit] = []
    /// How often each rule was found, also beyond the hits that were kept.
    public internal(set) var counts: [String: Int] = [:]
    /// The weights of the rules that were found, each once: the same words a hundred times are no hundred times worse.
    public internal(set) var score = 0

    public init() {}

    public var isEmpty: Bool { counts.isEmpty }
    public var categories: Set<ThreatCategory> {
        Set(counts.keys.compactMap { ThreatRule.named($0)?.category })
    }
}
