public import StrictJSON

/// What a server asks for: the permissions it needs, and what reviewers should know about them.
public struct AgentManifest: Hashable, Sendable {
    /// What the server does, in one sentence. Never empty in a valid manifest.
    public var description: String
    /// What it cannot work without.
    public var permissions: [Permission]
    /// What it works better with.
    public var optionalPermissions: [Permission]
    public var name: String?
    public var version: String?
    /// Where the package comes from: `npm`, `pypi`, `oci` and so on.
    public var registry: String?
    public var packageName: String?
    /// Why it needs a permission, in words for the person who is asked.
    public var rationales: [Permission: String]
    /// What the author proposes. It grants nothing until an operator accepts it.
    public var scopes: ManifestScopes
    /// Which permissions each tool uses, in the order of the manifest.
    public var tools: [ManifestTool]

    public init(
        description: String, permissions: [Permission], optionalPermissions: [Permission] = [], name: String? = nil,
        version: String? = nil, registry: String? = nil, packageName: String? = nil,
        rationales: [Permission: String] = [:], scopes: ManifestScopes = ManifestScopes(), tools: [ManifestTool] = []
    ) {
        self.description = description
        self.permissions = permissions
        self.optionalPermissions = optionalPermissions
        self.name = name
        self.version = version
        self.registry = registry
        self.packageName = packageName
        self.rationales = rationales
        self.scopes = scopes
        self.tools = tools
    }

    /// All permissions that it names, needed or optional.
    public var declared: Set<Permission> { Set(permissions).union(optionalPermissions) }
}

/// A tool of the server and the permissions that it uses.
public struct ManifestTool: Hashable, Sendable {
    public var name: String
    public var permissions: [Permission]
    public init(name: String, permissions: [Permission]) {
        self.name = name
        self.permissions = permissions
    }
}

/// The scopes of a manifest, as written: nothing is resolved here.
public struct ManifestScopes: Hashable, Sendable {
    /// The keys whose value is a list. A missing key leaves the default, an empty list grants nothing.
    public var lists: [ScopeKey: [String]]
    /// As written: `2G`, `60s`, `64`.
    public var limits: [LimitKey: String]
    public var dns: String?

    public init(lists: [ScopeKey: [String]] = [:], limits: [LimitKey: String] = [:], dns: String? = nil) {
        self.lists = lists
        self.limits = limits
        self.dns = dns
    }

    public subscript(key: ScopeKey) -> [String]? {
        get { lists[key] }
        set { lists[key] = newValue }
    }

    public var isEmpty: Bool { lists.isEmpty && limits.isEmpty && dns == nil }
}

extension AgentManifest {
    /// The manifest as JSON, in the order of the docs; what is empty and optional is left out.
    public var json: JSONValue {
        var members = [JSONMember]()
        func add(_ field: ManifestField, _ value: JSONValue?) {
            if let value { members.append(JSONMember(field.rawValue, value)) }
        }
        add(.name, name.map { .string($0) })
        add(.version, version.map { .string($0) })
        add(.registry, registry.map { .string($0) })
        add(.packageName, packageName.map { .string($0) })
        add(.description, .string(description))
        add(.permissions, .strings(permissions.map(\.rawValue)))
        add(.optionalPermissions, optionalPermissions.isEmpty ? nil : .strings(optionalPermissions.map(\.rawValue)))
        let reasons = rationales.sorted { $0.key < $1.key }.map { JSONMember($0.key.rawValue, .string($0.value)) }
        add(.rationales, reasons.isEmpty ? nil : .object(reasons))
        add(.scopes, scopes.isEmpty ? nil : scopes.json)
        let uses = tools.map { JSONMember($0.name, .strings($0.permissions.map(\.rawValue))) }
        add(.tools, uses.isEmpty ? nil : .object(uses))
        return .object(members)
    }

    /// The text of a manifest file, with its last line end.
    public func serialized() -> [UInt8] { json.serialized(pretty: true) + [0x0A] }
}

extension ManifestScopes {
    /// The scopes as JSON, in the order of ``ScopeKey``.
    public var json: JSONValue {
        .object(
            ScopeKey.allCases.compactMap { key in
                switch key.shape {
                case .strings: lists[key].map { JSONMember(key.rawValue, .strings($0)) }
                case .ports:
                    lists[key].map { ports in
                        JSONMember(
                            key.rawValue,
                            .array(ports.map { port in UInt16(port).map { .integer($0) } ?? .string(port) }))
                    }
                case .string: dns.map { JSONMember(key.rawValue, .string($0)) }
                case .limits:
                    limits.isEmpty
                        ? nil
                        : JSONMember(
                            key.rawValue,
                            .object(
                                LimitKey.allCases.compactMap { name in
                                    limits[name].map { JSONMember(name.rawValue, .string($0)) }
                                }))
                }
            })
    }
}
