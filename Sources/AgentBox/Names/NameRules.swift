public import PolicyEngine

/// The part of the host rules that names are judged by.
public struct NameRules: Sendable {
    /// Whether a canonical name may be looked up.
    public var mayResolve: @Sendable (String) -> Bool
    /// Whether a rule spells the name out, so that looking it up can carry no message.
    public var namesExactly: @Sendable (String) -> Bool
    /// Whether an address may be handed out for a canonical name.
    public var mayAnswer: @Sendable (IPAddress, String) -> Bool

    public init(
        mayResolve: @escaping @Sendable (String) -> Bool, namesExactly: @escaping @Sendable (String) -> Bool,
        mayAnswer: @escaping @Sendable (IPAddress, String) -> Bool
    ) {
        (self.mayResolve, self.namesExactly, self.mayAnswer) = (mayResolve, namesExactly, mayAnswer)
    }

    public init(_ hosts: HostRules) {
        let exact = Set(
            hosts.allowed.compactMap { rule -> String? in if case .name(let name) = rule.target { name } else { nil } })
        self.init(
            mayResolve: { hosts.mayResolve($0) }, namesExactly: { exact.contains($0) },
            mayAnswer: { hosts.mayAnswer($0, for: $1) })
    }
}

/// What the stub has to tell: each is a denial for the record.
public enum NameEvent: Hashable, Sendable {
    /// A question that went nowhere; the name as ``DNSName/shown``.
    case refused(name: String, NameRefusal)
    /// Addresses kept from the box: a granted name led to where it may not go (rebinding). `left` were handed out.
    case addressesDropped(name: String, [IPAddress], left: Int)
    /// So many more came before the next event than are worth a record each.
    case untold(Int)
}

/// Why a question was refused.
public enum NameRefusal: Hashable, Sendable {
    /// No rule grants the name.
    case notGranted
    /// Bytes that no host name has.
    case notAHostName
    /// Longer than a name below a wildcard may be: it could carry data out.
    case tooLong
    /// Not the Internet class.
    case wrongClass
    /// More new questions than the rate limit lets pass, or too many at once.
    case tooMany
}

/// What to do with a question. Pure: the same question gets the same step.
struct NamePolicy: Sendable {
    enum Step: Hashable, Sendable {
        case refuse(NameRefusal)
        /// A granted name, but nothing that is handed out: other record types.
        case empty
        /// Known here, asked nowhere. The addresses are still to be judged.
        case local([IPAddress])
        case ask
    }

    let rules: NameRules
    let hosts: HostsFile

    /// Most bytes and labels of a name below a wildcard: what a look-up can carry to the owner of that domain.
    static let maximumLength = 120
    static let maximumLabels = 10
    /// The longest time, in seconds, that an answer may be kept: a change in what a name leads to is judged again by
    /// then.
    static let longestTTL: UInt32 = 300

    func step(for question: DNSQuestion) -> Step {
        guard question.recordClass == 1 else { return .refuse(.wrongClass) }
        guard let name = question.name.canonical else { return .refuse(.notAHostName) }
        guard rules.mayResolve(name) else { return .refuse(.notGranted) }
        if !rules.namesExactly(name),
            name.utf8.count > Self.maximumLength || question.name.labels.count > Self.maximumLabels
        {
            return .refuse(.tooLong)
        }
        guard question.type == .a || question.type == .aaaa else { return .empty }
        // Never asked of a server: it means this machine. RFC 6761
        if name == "localhost" || name.hasSuffix(".localhost") { return .local([.v4(0x7F00_0001), .v6(0, 1)]) }
        return hosts.addresses[name].map { .local($0) } ?? .ask
    }

    /// Parts addresses into those that may be handed out for `name` and those that may not.
    func judge<Found>(_ found: [Found], address: (Found) -> IPAddress, for name: String) -> (
        kept: [Found], dropped: [IPAddress]
    ) {
        var kept: [Found] = []
        var dropped: [IPAddress] = []
        for item in found {
            // A mapped address is no answer that an honest server gives: it is there to be judged as something else.
            let isMapped = address(item) != address(item).unmapped
            if !isMapped && rules.mayAnswer(address(item), name) {
                kept.append(item)
            } else {
                dropped.append(address(item).unmapped)
            }
        }
        return (kept, dropped)
    }
}
