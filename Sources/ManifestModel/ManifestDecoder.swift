import StrictJSON

/// Turns a JSON tree into a manifest and notes everything that is wrong on the way.
struct ManifestDecoder {
    private let bytes: [UInt8]
    private let strict: Bool
    private let reading: ScopeReading?
    private lazy var lines = LineIndex(bytes)  // a manifest without issues needs no line numbers
    private(set) var issues: [ManifestIssue] = []
    private(set) var omitted = 0
    /// What the lists name, and what their misspelt names most likely mean: one slip is reported once.
    private var meant: Set<Permission> = []

    init(bytes: [UInt8], strict: Bool, reading: ScopeReading? = nil) {
        self.bytes = bytes
        self.strict = strict
        self.reading = reading
    }

    mutating func decode(_ root: JSONNode) -> AgentManifest {
        var manifest = AgentManifest(description: "", permissions: [])
        checkCharacters(root)
        guard let members = object(root, "a manifest") else { return manifest }
        var fields: [ManifestField: JSONNode] = [:]
        for member in members {
            if let field = ManifestField(rawValue: member.key) {
                fields[field] = fields[field] ?? member.node
            } else {
                let close = closestName(
                    to: member.key, among: ManifestField.allCases.map { ($0.rawValue, $0.rawValue) })
                report(
                    .unknownKey, member.keyOffset, "unknown key `\(shown(member.key))`",
                    close.map { "did you mean `\($0)`?" })
            }
        }
        for field in ManifestField.allCases where field.isRequired && fields[field] == nil {
            report(.missingKey, root.offset, "the key `\(field.rawValue)` is missing: \(field.summary)")
        }
        for field in [ManifestField.schema, .name, .version, .registry, .packageName] {
            guard let node = fields[field], let text = text(node, field.rawValue) else { continue }
            switch field {
            case .name: manifest.name = text
            case .version: manifest.version = text
            case .registry: manifest.registry = registry(text, node)
            case .packageName: manifest.packageName = packageName(text, node)
            default: break
            }
        }
        if let node = fields[.description], let text = text(node, "description") { manifest.description = text }
        if let node = fields[.permissions] { manifest.permissions = permissions(node, "permissions", declares: true) }
        if let node = fields[.optionalPermissions] {
            manifest.optionalPermissions = permissions(
                node, "optionalPermissions", declares: true, besides: manifest.permissions)
        }
        if let node = fields[.rationales] { manifest.rationales = rationales(node) }
        if let node = fields[.scopes] { manifest.scopes = scopes(node) }
        if let node = fields[.tools] { manifest.tools = tools(node) }
        return manifest
    }

    // MARK: Permissions

    private mutating func permissions(
        _ node: JSONNode, _ name: String, declares: Bool, besides required: [Permission] = []
    ) -> [Permission] {
        guard let elements = array(node, "`\(name)`") else { return [] }
        var found: [Permission] = []
        for element in elements {
            guard let text = text(element, "each entry of `\(name)`") else { continue }
            guard let permission = permission(text, element.offset, remember: declares) else { continue }
            if found.contains(permission) {
                report(.repeatedPermission, element.offset, "`\(permission.shortName)` is listed twice in `\(name)`")
            } else if required.contains(permission) {
                report(.requiredAndOptional, element.offset, "`\(permission.shortName)` is already in `permissions`")
            } else {
                found.append(permission)
            }
        }
        if declares { meant.formUnion(found) }
        return found
    }

    private mutating func permission(_ text: String, _ offset: Int, remember: Bool = false) -> Permission? {
        if let permission = Permission(rawValue: text) { return permission }
        guard issues.count < AgentManifest.maxIssues else {
            omitted += 1
            return nil
        }
        let close = Permission.closest(to: text)
        if remember, let close { meant.insert(close) }
        report(
            .unknownPermission, offset, "unknown permission `\(shown(text))`",
            close.map { "did you mean `\($0.rawValue)`?" })
        return nil
    }

    private mutating func rationales(_ node: JSONNode) -> [Permission: String] {
        var result: [Permission: String] = [:]
        for member in object(node, "`rationales`") ?? [] {
            guard let permission = permission(member.key, member.keyOffset) else { continue }
            if !meant.contains(permission) {
                report(
                    .rationaleWithoutPermission, member.keyOffset,
                    "a rationale for `\(permission.shortName)`, which the manifest does not declare")
            }
            if let text = text(member.node, "a rationale") { result[permission] = text }
        }
        return result
    }

    private mutating func tools(_ node: JSONNode) -> [ManifestTool] {
        var result: [ManifestTool] = []
        for member in object(node, "`tools`") ?? [] {
            if member.key.isEmpty { report(.emptyText, member.keyOffset, "a tool needs a name") }
            let uses = permissions(member.node, "tools.\(shown(member.key))", declares: false)
            for permission in uses where !meant.contains(permission) {
                report(
                    .toolWithoutPermission, member.keyOffset,
                    "the tool `\(shown(member.key))` uses `\(permission.shortName)`, which the manifest does not declare"
                )
            }
            result.append(ManifestTool(name: member.key, permissions: uses))
        }
        return result
    }

    // MARK: Scopes

    private mutating func scopes(_ node: JSONNode) -> ManifestScopes {
        var result = ManifestScopes()
        for member in object(node, "`scopes`") ?? [] {
            guard let key = ScopeKey(rawValue: member.key) else {
                let close = closestName(to: member.key, among: ScopeKey.allCases.map { ($0.rawValue, $0.rawValue) })
                report(
                    .unknownScope, member.keyOffset, "unknown scope `\(shown(member.key))`",
                    close.map { "did you mean `\($0)`?" })
                continue
            }
            let needed = key.permissions
            if !needed.isEmpty, meant.isDisjoint(with: needed) {
                let names = needed.map { "`\($0.shortName)`" }.joined(separator: " or ")
                report(
                    .scopeWithoutPermission, member.keyOffset,
                    "the scope `\(key.rawValue)` narrows \(names), which the manifest does not declare")
            }
            switch key.shape {
            case .strings, .ports: result.lists[key] = list(member.node, key)
            case .string: result.dns = entry(member.node, key)
            case .limits: result.limits = limits(member.node)
            }
        }
        return result
    }

    private mutating func list(_ node: JSONNode, _ key: ScopeKey) -> [String]? {
        guard let elements = array(node, "`scopes.\(key.rawValue)`") else { return nil }
        if elements.count > ScopeKey.mostEntries {
            report(
                .malformedValue, elements[ScopeKey.mostEntries].offset,
                "`scopes.\(key.rawValue)` has \(elements.count) entries, the most is \(ScopeKey.mostEntries)",
                "name what they have in common: a folder, a host with `*.`")
            return nil
        }
        var entries: [String] = []
        for element in elements { if let entry = entry(element, key) { entries.append(entry) } }
        return entries
    }

    private mutating func entry(_ node: JSONNode, _ key: ScopeKey) -> String? {
        if key.shape == .ports, case .number(let number) = node.content {
            guard let port = number.int64, (0...65_535).contains(port) else {
                report(
                    .malformedValue, node.offset, "`\(shown(number.text))` is no port: a whole number from 0 to 65535")
                return nil
            }
            return String(port)
        }
        guard let text = text(node, "each entry of `scopes.\(key.rawValue)`") else { return nil }
        if let complaint = key.complaint(about: text) ?? reading?(key, text) {
            report(.malformedValue, node.offset, complaint)
            return nil
        }
        return text
    }

    private mutating func limits(_ node: JSONNode) -> [LimitKey: String] {
        var result: [LimitKey: String] = [:]
        for member in object(node, "`scopes.limits`") ?? [] {
            guard let key = LimitKey(rawValue: member.key) else {
                let close = closestName(to: member.key, among: LimitKey.allCases.map { ($0.rawValue, $0.rawValue) })
                report(
                    .unknownScope, member.keyOffset, "unknown limit `\(shown(member.key))`",
                    close.map { "did you mean `\($0)`?" })
                continue
            }
            let written: String?
            if case .number(let number) = member.node.content {
                written = number.text
            } else {
                written = text(member.node, "a limit")
            }
            guard let written else { continue }
            if key.amount(written) != nil {
                result[key] = written
            } else {
                report(
                    .malformedValue, member.node.offset,
                    "`\(shown(written))` is no limit for `\(key.rawValue)`: \(key.grammar)")
            }
        }
        return result
    }

    // MARK: Plain values

    private mutating func registry(_ text: String, _ node: JSONNode) -> String? {
        let isName = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        if !isName { report(.malformedValue, node.offset, "a registry is named in small letters: npm, pypi, oci") }
        return isName ? text : nil
    }

    private mutating func packageName(_ text: String, _ node: JSONNode) -> String? {
        let isName = !text.unicodeScalars.contains { $0.properties.isWhitespace }
        if !isName { report(.malformedValue, node.offset, "a package name holds no blanks") }
        return isName ? text : nil
    }

    private mutating func text(_ node: JSONNode, _ what: String) -> String? {
        guard case .string(let text) = node.content else {
            wrongType(node, "\(what) must be a string")
            return nil
        }
        if text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            report(.emptyText, node.offset, "\(what) may not be empty")
            return nil
        }
        return text
    }

    private mutating func array(_ node: JSONNode, _ what: String) -> [JSONNode]? {
        if case .array(let elements) = node.content { return elements }
        wrongType(node, "\(what) must be an array")
        return nil
    }

    private mutating func object(_ node: JSONNode, _ what: String) -> [JSONNode.Member]? {
        if case .object(let members) = node.content { return members }
        wrongType(node, "\(what) must be an object")
        return nil
    }

    private mutating func wrongType(_ node: JSONNode, _ message: String) {
        if node.content == .unreadable { return }  // already reported
        report(.wrongType, node.offset, "\(message), not \(node.kindName)")
    }

    /// Control characters, and marks that change the order in which a person sees the text, anywhere in the tree.
    private mutating func checkCharacters(_ node: JSONNode) {
        switch node.content {
        case .string(let text): checkCharacters(text, node.offset)
        case .array(let nodes): for node in nodes { checkCharacters(node) }
        case .object(let members):
            for member in members {
                checkCharacters(member.key, member.keyOffset)
                checkCharacters(member.node)
            }
        default: break
        }
    }

    private mutating func checkCharacters(_ text: String, _ offset: Int) {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return }
        guard let bad = text.unicodeScalars.first(where: \.deceives) else { return }
        report(.controlCharacter, offset, "the text holds \(shown(String(Character(bad)))), which is not allowed here")
    }

    // MARK: Issues

    mutating func report(_ error: JSONError) {
        let rule: ManifestRule =
            switch error.kind {
            case .syntax, .number: .syntax
            case .duplicateKey: .duplicateKey
            case .encoding: .encoding
            case .tooDeep: .tooDeep
            case .tooLarge: .tooLarge
            }
        add(rule, error.position, error.message, nil)
    }

    private mutating func report(
        _ rule: ManifestRule, _ offset: Int, _ message: @autoclosure () -> String,
        _ hint: @autoclosure () -> String? = nil
    ) {
        guard issues.count < AgentManifest.maxIssues else {
            omitted += 1
            return
        }
        add(rule, lines.position(at: offset), message(), hint())
    }

    private mutating func add(_ rule: ManifestRule, _ position: JSONPosition, _ message: String, _ hint: String?) {
        issues.append(
            ManifestIssue(
                rule: rule, severity: strict ? .error : rule.severity, message: message, hint: hint ?? rule.remedy,
                position: position))
    }
}

extension Unicode.Scalar {
    /// Controls (C0, DEL, C1), separators of lines, and the marks that reorder text (UAX #9).
    fileprivate var deceives: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
