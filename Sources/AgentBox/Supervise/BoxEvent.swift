public import ManifestModel

/// Something that the box held, or let through on a decision of its own.
public struct BoxEvent: Hashable, Sendable {
    public enum Decision: String, Hashable, Sendable { case allow, deny }

    public var decision: Decision
    /// `nil` for calls that no permission grants.
    public var permission: Permission?
    /// The system call or step: `connect`, `execve`, `name`.
    public var act: String
    /// What it was about: a path, an address, a name.
    public var subject: String
    public var reason: String
    public var layer: BoxLayer
    /// The flag that would allow it, with its value; `nil` where none would.
    public var flag: String?

    public init(
        _ decision: Decision, _ permission: Permission?, act: String, subject: String, reason: String,
        layer: BoxLayer = .supervisor, flag: String? = nil
    ) {
        self.decision = decision
        self.permission = permission
        self.act = act
        self.subject = subject
        self.reason = reason
        self.layer = layer
        self.flag = flag
    }
}

/// Who keeps the record of a box: the audit trail and the person at the terminal.
public protocol BoxWitness: Sendable {
    /// - Returns: Whether it was recorded. What cannot be recorded is not permitted.
    func record(_ event: BoxEvent) -> Bool
}
