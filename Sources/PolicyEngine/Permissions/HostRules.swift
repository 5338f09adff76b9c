/// Which hosts may be reached, by name and by address. Denied entries win over allowed ones.
///
/// A name entry lets through the public addresses that the name resolved to. Loopback, private, link-local, metadata and
/// other special addresses are reached only through an address entry (or `localhost`), so that no name server can lead a
/// connection to them.
public struct HostRules: Hashable, Sendable {
    public var allowed: [HostRule] = []
    public var denied: [HostRule] = []
    /// Granted names that may lead to private and loopback addresses too: those of package registries that the operator's own
    /// settings name. Never to a metadata service.
    public var privateNames: Set<String> = []
    public init(allowed: [HostRule] = [], denied: [HostRule] = []) {
        self.allowed = allowed
        self.denied = denied
    }

    /// Names of cloud instance services: `*` and `*.` entries do not cover them.
    static let metadataNames: Set<String> = [
        "metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal",
        "metadata.tencentyun.com", "metadata.platformequinix.com",
    ]

    /// The entry of `denyHosts` that closes `address` and `port`, by itself or by one of its names.
    public func closing(_ address: IPAddress, port: UInt16, names: Set<String>) -> HostRule? {
        denied.first { $0.covers(port) && ($0.closes(address) || names.contains(where: $0.closes)) }
    }

    /// Whether a connection to `address` and `port` may be made.
    /// - Parameter names: The granted names that the stub resolved to this address, canonical.
    public func decide(_ address: IPAddress, port: UInt16, names: Set<String>) -> HostDecision {
        if let rule = closing(address, port: port, names: names) { return .denied("denied by `\(rule)`") }
        let onPort = allowed.filter { $0.covers(port) }
        if let rule = onPort.first(where: { $0.opens(address) }) { return .allowed("\(rule)") }
        let kind = address.classification
        if kind == .public || kind != .metadata && !names.isDisjoint(with: privateNames) {
            let names = kind == .public ? names : names.intersection(privateNames)
            if let rule = onPort.first(where: { names.contains(where: $0.opens) }) { return .allowed("\(rule)") }
            if allowed.contains(where: { $0.opens(address) || names.contains(where: $0.opens) }) {
                return .denied("granted on other ports only, not on \(port)")
            }
            return .denied("not in allowedHosts")
        }
        if let name = names.sorted().first {
            return .denied(
                "`\(name)` resolved to a \(kind.words) address, which only an entry for the address itself grants")
        }
        return .denied("a \(kind.words) address is reached only through an entry for the address itself")
    }

    /// Whether a program may connect to `name` on `port`, as far as the name alone tells.
    /// - Parameter name: Canonical.
    public func decide(name: String, port: UInt16) -> HostDecision {
        if let rule = denied.first(where: { $0.covers(port) && $0.closes(name) }) {
            return .denied("denied by `\(rule)`")
        }
        if let rule = allowed.first(where: { $0.covers(port) && $0.opens(name) }) { return .allowed("\(rule)") }
        return .denied(mayResolve(name) ? "granted on other ports only, not on \(port)" : "not in allowedHosts")
    }

    /// Whether the stub may look `name` up (a canonical name: lower case A-label, no trailing dot).
    public func mayResolve(_ name: String) -> Bool {
        // A denied entry with a port closes that port only.
        !denied.contains { $0.port == nil && $0.closes(name) } && allowed.contains { $0.opens(name) }
    }

    /// Whether an address that an upstream server gave for `name` may be handed to the server:
    /// private, loopback, link-local and metadata addresses only where they are granted too.
    public func mayAnswer(_ address: IPAddress, for name: String) -> Bool {
        guard mayResolve(name), !denied.contains(where: { $0.port == nil && $0.closes(address) }) else { return false }
        if privateNames.contains(name), address.classification != .metadata { return true }
        return address.isPublic || allowed.contains { $0.opens(address) }
    }
}

/// One entry of `allowedHosts` or `deniedHosts`.
public struct HostRule: Hashable, Sendable {
    public var target: Target
    /// `nil`: any port.
    public var port: UInt16?

    public enum Target: Hashable, Sendable {
        /// `*`: any public address, by any name. As a denied entry: every host.
        case anyPublic
        /// A canonical host name.
        case name(String)
        /// `*.example.com`: every name below, not the name itself.
        case below(String)
        /// An address block; a single address has its full length.
        case block(IPAddress, prefix: Int)
    }
    public init(_ target: Target, port: UInt16? = nil) {
        self.target = target
        self.port = port
    }
}

extension HostRule {
    func covers(_ port: UInt16) -> Bool { self.port == nil || self.port == port }

    /// Whether this allowed entry grants the address itself, without any name.
    func opens(_ address: IPAddress) -> Bool {
        let reached = address.destination
        return switch target {
        case .anyPublic: reached.isPublic
        // The one name that needs no resolver: 127.0.0.0/8 and ::1. RFC 6761
        case .name("localhost"): reached.classification == .loopback
        case .name, .below: false
        case .block(let base, let prefix):
            // A block of a tunnel prefix (NAT64, 6to4) opens no special address that is wrapped in it.
            reached.lies(in: base, prefix: prefix) || address.lies(in: base, prefix: prefix) && reached.isPublic
        }
    }

    /// Whether this allowed entry covers the name.
    func opens(_ name: String) -> Bool {
        switch target {
        case .anyPublic: !HostRules.metadataNames.contains(name)
        case .name(let own): own == name
        case .below(let parent): HostName.isBelow(name, parent) && !HostRules.metadataNames.contains(name)
        case .block: false
        }
    }

    /// Whether this denied entry closes the address, in whatever form it comes.
    func closes(_ address: IPAddress) -> Bool {
        switch target {
        case .anyPublic: true
        case .block(let base, let prefix):
            address.lies(in: base, prefix: prefix) || address.destination.lies(in: base, prefix: prefix)
        case .name, .below: opens(address)
        }
    }

    /// Whether this denied entry closes the name.
    func closes(_ name: String) -> Bool {
        switch target {
        case .anyPublic: true
        case .name(let own): own == name
        case .below(let parent): HostName.isBelow(name, parent)
        case .block: false
        }
    }
}

public enum HostDecision: Hashable, Sendable {
    /// The rule that allowed it, as written.
    case allowed(String)
    /// Why not, in words.
    case denied(String)

    public var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}
