import Glibc

/// Whose process it is. Tests that run as root start things as root and as `nobody`, others as themselves.
public enum Account: String, Sendable, CaseIterable {
    case root, nobody, current

    /// The accounts this run of the tests can act as.
    public static var available: [Account] { getuid() == 0 ? [.nobody, .root] : [.current] }

    public var isRoot: Bool { self == .root }

    /// What goes before a command to run it as this account, without any privilege that the test itself has.
    public var prefix: [String] {
        self == .nobody
            ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--inh-caps=-all"] : []
    }

    /// The owner that files of this account must have, as `chown` takes it; `nil` when they have it already.
    public var owner: String? { self == .nobody ? "nobody:nogroup" : nil }
}
