/// Which hosts may be reached, by name and by address.
public struct HostRules: Hashable, Sendable {
    public var allowed: [HostRule] = []
    public var denied: [HostRule] = []
    public init() {}

    /// Whether a connection to `address` and `port` may be made.
    /// - Parameter names: The granted names that the stub resolved to this address.
    public func decide(_ address: IPAddress, port: UInt16, names: Set<String>) -> HostDecision { .denied("not written") }

    /// Whether the stub may look `name` up (a canonical name: lower case A-label, no trailing dot).
    public func mayResolve(_ name: String) -> Bool { false }

    /// Whether an address that an upstream server gave for `name` may be handed to the server:
    /// private, loopback, link-local and metadata addresses only where they are granted too.
    public func mayAnswer(_ address: IPAddress, for name: String) -> Bool { false }
}

/// One entry of `allowedHosts` or `deniedHosts`.
public struct HostRule: Hashable, Sendable {
    public var target: Target
    /// `nil`: any port.
    public var port: UInt16?

    public enum Target: Hashable, Sendable {
        /// `*`: any public address, by any name.
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

public enum HostDecision: Hashable, Sendable {
    /// The rule that allowed it, as written.
    case allowed(String)
    /// Why not, in words.
    case denied(String)
}
