import AuditTrail

/// What a request asks for beyond, and short of, what a person agreed to.
struct ConsentDifference: Hashable, Sendable {
    var more: [ConsentItem] = []
    var less: [ConsentItem] = []

    /// Only what narrows passes without asking: fewer permissions and grants, more denials, lower limits.
    init(from old: ConsentRequest, to new: ConsentRequest) {
        if old.argv != new.argv { more.append(ConsentItem(kind: .command, value: new.argv.joined(separator: " "))) }
        compare(old.permissions, new.permissions, .permission)
        for key in Set(old.grants.keys).union(new.grants.keys).sorted() {
            let before = old.grants[key] ?? []
            let after = new.grants[key] ?? []
            let isPath = key.hasSuffix("Paths")
            // A path below a granted one asks for nothing more.
            more += after.subtracting(before).filter { path in !(isPath && before.contains { covers($0, path) }) }
                .sorted().map { ConsentItem(kind: .grant(key), value: $0) }
            less += before.subtracting(after).sorted().map { ConsentItem(kind: .grant(key), value: $0) }
        }
        for key in Set(old.denials.keys).union(new.denials.keys).sorted() {
            // Turned round: a denial that is gone is a grant.
            compare(new.denials[key] ?? [], old.denials[key] ?? [], .denial(key))
        }
        for key in Set(old.limits.keys).union(new.limits.keys).sorted() {
            let before = old.limits[key] ?? .max
            let after = new.limits[key] ?? .max
            let item = ConsentItem(kind: .limit(key), value: new.limits[key].map(String.init) ?? "none")
            if after > before { more.append(item) } else if after < before { less.append(item) }
        }
    }

    private mutating func compare(_ old: Set<String>, _ new: Set<String>, _ kind: ConsentItem.Kind) {
        more += new.subtracting(old).sorted().map { ConsentItem(kind: kind, value: $0) }
        less += old.subtracting(new).sorted().map { ConsentItem(kind: kind, value: $0) }
    }

    /// By whole components: `/data` covers `/data/a`, not `/database`. Both are resolved paths.
    private func covers(_ folder: String, _ path: String) -> Bool {
        path.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") && !path.split(separator: "/").contains("..")
    }

    /// The difference in words, one line each, safe to show: `+ may read files: /srv/data`.
    var lines: [String] {
        more.map { "+ " + words(for: $0, isMore: true) } + less.map { "- " + words(for: $0, isMore: false) }
    }

    private func words(for item: ConsentItem, isMore: Bool) -> String {
        let value = item.value.terminalSafe
        return switch item.kind {
        case .permission: isMore ? "asks for \(value)" : "no longer asks for \(value)"
        case .grant(let key): isMore ? "\(key.terminalSafe): \(value)" : "\(key.terminalSafe): no longer \(value)"
        case .denial(let key): isMore ? "\(key.terminalSafe): no longer \(value)" : "\(key.terminalSafe): \(value)"
        case .limit(let key): "limit \(key.terminalSafe): \(value)"
        case .command: "starts another command: \(value)"
        }
    }
}
