public import StrictJSON

/// One thing that is wrong or doubtful in a manifest, and where.
public struct ManifestIssue: Hashable, Sendable {
    public let rule: ManifestRule
    public let severity: Severity
    public let message: String
    /// What to do about it, where that is known.
    public let hint: String?
    public let position: JSONPosition

    public enum Severity: String, Hashable, Sendable { case error, warning }

    public var ruleID: String { rule.rawValue }
    public var line: Int { position.line }
    public var column: Int { position.column }
}

/// The stable ids of everything that `validate` can find. An id is never given another meaning.
public enum ManifestRule: String, CaseIterable, Hashable, Sendable {
    case syntax = "AB1001"
    case duplicateKey = "AB1002"
    case encoding = "AB1003"
    case tooDeep = "AB1004"
    case tooLarge = "AB1005"
    case missingKey = "AB1006"
    case wrongType = "AB1007"
    case emptyText = "AB1008"
    case controlCharacter = "AB1009"
    case unknownPermission = "AB1010"
    case repeatedPermission = "AB1011"
    case requiredAndOptional = "AB1012"
    case rationaleWithoutPermission = "AB1013"
    case toolWithoutPermission = "AB1014"
    case scopeWithoutPermission = "AB1015"
    case unknownScope = "AB1016"
    case malformedValue = "AB1017"
    case unknownKey = "AB1018"

    public var severity: ManifestIssue.Severity { self == .unknownKey ? .warning : .error }

    /// What the rule asks for, as a title.
    public var title: String {
        switch self {
        case .syntax: "The file must be valid JSON"
        case .duplicateKey: "A key may stand only once in an object"
        case .encoding: "The text must be UTF-8 without control characters or half characters"
        case .tooDeep: "Values may be nested at most 64 deep"
        case .tooLarge: "A manifest has at most 1 MiB"
        case .missingKey: "description and permissions must be there"
        case .wrongType: "Each value must have the type of its key"
        case .emptyText: "A text may not be empty"
        case .controlCharacter: "A text may not hold control characters or marks that reorder it"
        case .unknownPermission: "A permission must be one of the 18 known ones"
        case .repeatedPermission: "A permission may be listed only once"
        case .requiredAndOptional: "A permission is either required or optional"
        case .rationaleWithoutPermission: "A rationale must belong to a declared permission"
        case .toolWithoutPermission: "A tool may use only declared permissions"
        case .scopeWithoutPermission: "A scope must belong to a declared permission"
        case .unknownScope: "Scopes and limits must be known ones"
        case .malformedValue: "A value must be written as its key asks"
        case .unknownKey: "A top-level key should be a known one"
        }
    }

    /// What to do when the rule is broken.
    public var remedy: String {
        switch self {
        case .syntax: "correct the text at the given place"
        case .duplicateKey: "keep one of the two; readers disagree on which one counts"
        case .encoding: "save the file as UTF-8 without byte order mark, and write control characters as escapes"
        case .tooDeep, .tooLarge: "a manifest is a short list of permissions; move other data elsewhere"
        case .missingKey: "add it; an empty list of permissions is allowed"
        case .wrongType, .malformedValue: "write it as docs/manifest.md shows"
        case .emptyText: "write what a reviewer needs to know, or remove the key"
        case .controlCharacter: "remove the character; such texts can make a terminal show something else"
        case .unknownPermission: "`agentbound permissions` lists all of them"
        case .repeatedPermission: "remove one of them"
        case .requiredAndOptional:
            "keep it in `permissions` if the server cannot work without it, else in `optionalPermissions`"
        case .rationaleWithoutPermission, .toolWithoutPermission, .scopeWithoutPermission:
            "declare the permission, or remove this entry"
        case .unknownScope: "docs/manifest.md lists the scopes and limits"
        case .unknownKey: "remove it or correct its name; nothing reads it"
        }
    }
}

/// A manifest that cannot be used, with everything that is wrong with it. Holds at least one error.
public struct ManifestErrors: Error, Hashable, Sendable, CustomStringConvertible {
    public let issues: [ManifestIssue]

    public init(issues: [ManifestIssue]) { self.issues = issues }

    /// One issue a line.
    public var description: String {
        issues.map { "\($0.position): \($0.severity.rawValue) \($0.ruleID): \($0.message)" }.joined(separator: "\n")
    }
}
