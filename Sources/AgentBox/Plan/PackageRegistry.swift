public import PolicyEngine

/// Where a package comes from, and which hosts that needs. Pure over the operator's own settings.
public struct PackageRegistry: Hashable, Sendable {
    public var url: String
    /// npm's scopes that come from elsewhere: `@acme`, URL.
    public var scopes: [Scope] = []
    public var hosts: [HostRule]
    /// Names that the operator's settings gave: these may lead to private addresses.
    public var privateNames: Set<String> = []
    /// What said so: `default`, `UV_DEFAULT_INDEX`, `~/.npmrc`.
    public var origin: String

    public struct Scope: Hashable, Sendable {
        public var name: String
        public var url: String
    }

    /// What each installer asks when nobody says otherwise: the index, and hosts that it refers to for the files.
    static let defaults: [PackageRequest.Installer: (url: String, files: [String])] = [
        .npm: ("https://registry.npmjs.org/", []),
        .uv: ("https://pypi.org/simple", ["files.pythonhosted.org:443"]),
        .pipx: ("https://pypi.org/simple", ["files.pythonhosted.org:443"]),
    ]

    /// Variables of the operator's that name a registry, the first that is set counts.
    static let variables: [PackageRequest.Installer: [String]] = [
        .npm: ["npm_config_registry", "NPM_CONFIG_REGISTRY"], .uv: ["UV_DEFAULT_INDEX", "UV_INDEX_URL"],
        .pipx: ["PIP_INDEX_URL"],
    ]

    /// - Parameters:
    ///   - environment: The operator's.
    ///   - npmrc: The text of ~/.npmrc. Only its registries are read, never its tokens.
    public init(for request: PackageRequest, environment: [String: String], npmrc: String?) throws(PackageRefusal) {
        let standard = Self.defaults[request.installer]!
        let named = Self.named(request, environment, npmrc)
        url = named?.url ?? standard.url
        origin = named?.origin ?? "default"
        hosts = []
        try add(url, isNamed: named != nil, request)
        // Those who name the standard registry themselves still need its files.
        if url.hasPrefix(standard.url) {
            for case let rule? in standard.files.map({ try? HostRule(parsing: $0) }) {
                hosts.append(rule)
                if named != nil, case .name(let name) = rule.target { privateNames.insert(name) }
            }
        }
        if request.installer == .npm {
            for (name, url) in Self.settings(npmrc) where name.hasSuffix(":registry") {
                let scope = String(name.dropLast(":registry".count))
                // Only the scope that is asked for: others' registries are nobody's business here.
                guard request.name.hasPrefix(scope + "/") else { continue }
                scopes.append(Scope(name: scope, url: url))
                try add(url, isNamed: true, request)
            }
        }
    }

    private static func named(
        _ request: PackageRequest, _ environment: [String: String], _ npmrc: String?
    ) -> (url: String, origin: String)? {
        if let url = request.registry { return (url, "the command") }
        for name in variables[request.installer]! {
            if let url = environment[name], !url.isEmpty { return (url, name) }
        }
        if request.installer == .npm, let url = settings(npmrc).last(where: { $0.name == "registry" })?.value {
            return (url, "~/.npmrc")
        }
        return nil
    }

    /// `name=value` lines of an .npmrc; what refers to variables is left out.
    private static func settings(_ text: String?) -> [(name: String, value: String)] {
        (text ?? "").split { $0.isNewline }.compactMap { line in
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#", first != ";",
                let equals = line.firstIndex(of: "="), !line.contains("${")
            else { return nil }
            func word(_ part: Substring) -> String {
                String(part.filter { !$0.isWhitespace && $0 != "\"" })
            }
            return (word(line[..<equals]), word(line[equals...].dropFirst()))
        }
    }

    /// Adds the one host and port of a URL.
    private mutating func add(_ url: String, isNamed: Bool, _ request: PackageRequest) throws(PackageRefusal) {
        func refuse(_ why: String) -> PackageRefusal {
            PackageRefusal("the registry that \(origin) names \(why)", request.runner.next)
        }
        let scheme = url.hasPrefix("https://") ? "https://" : url.hasPrefix("http://") ? "http://" : nil
        guard let scheme else { throw refuse("is no http or https URL") }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        if authority.contains("@") {
            throw refuse("has a password in it, which install scripts of the package could read")
        }
        let isBracketed = authority.hasPrefix("[")
        let hasPort = isBracketed ? authority.contains("]:") : authority.contains(":")
        let text = hasPort ? String(authority) : "\(authority):\(scheme == "https://" ? 443 : 80)"
        guard let rule = try? HostRule(parsing: text) else { throw refuse("has no host that can be read") }
        switch rule.target {
        case .anyPublic, .below: throw refuse("has no host that can be read")
        case .name(let name): if isNamed { privateNames.insert(name) }
        case .block: break
        }
        if !hosts.contains(rule) { hosts.append(rule) }
    }
}
