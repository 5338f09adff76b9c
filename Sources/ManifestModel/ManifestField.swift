/// The top-level keys of a manifest, in the order in which they are written.
public enum ManifestField: String, CaseIterable, Hashable, Sendable {
    case schema = "$schema"
    case name, version, registry
    case packageName = "package_name"
    case description, permissions, optionalPermissions, rationales, scopes, tools

    public var isRequired: Bool { self == .description || self == .permissions }

    public var summary: String {
        switch self {
        case .schema: "where the JSON Schema is, for editors"
        case .name: "the server's name"
        case .version: "the version of the package that was reviewed"
        case .registry: "where the package comes from: npm, pypi, oci, ..."
        case .packageName: "the package's name in that registry"
        case .description: "what the server does, in one sentence"
        case .permissions: "what the server cannot work without"
        case .optionalPermissions: "what the server works better with"
        case .rationales: "permission to the reason why it is needed, shown at review and consent"
        case .scopes: "what the author proposes the permissions be narrowed to; it grants nothing until it is accepted"
        case .tools: "tool name to the permissions that the tool uses"
        }
    }
}
