public import AuditTrail
public import SystemPackage

/// Why the store cannot be used. All of them mean: no grant, no budget, no approval.
public enum GrantError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder or a file in it is not this user's alone, or a call failed.
    case storage(AuditError)
    /// The file is no store, or was changed by something else.
    case damaged(FilePath)
    /// It was there before: gone, or an older one was put in its place. Starting anew would fill budgets up again.
    case lost(FilePath)
    /// More is kept than is sensible.
    case full(String)

    public var description: String {
        switch self {
        case .storage(let error): "\(error)"
        case .damaged(let path): "\(path.string.terminalSafe): no intact store of grants"
        case .lost(let path): "\(path.string.terminalSafe): the store of grants is gone, or older than the one before"
        case .full(let what): "there are too many \(what)"
        }
    }

    /// What to do, for people.
    public var next: String {
        switch self {
        case .storage: "check the folder's owner, mode and free space"
        case .damaged(let path), .lost(let path):
            "move the folder \(path.removingLastComponent().string.terminalSafe) aside: grants are then to be given again, the passphrase to be set again, and budgets start at 0"
        case .full:
            "`agentbound grant list` and `agentbound approvals list` show what is kept; `agentbound grant revoke` takes it away"
        }
    }
}

/// Why an answer, a grant or a passphrase was not taken.
public enum GrantRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(String)
    case ambiguous(String)
    case expired(String)
    case answered(String)
    case needsPassphrase(String)
    case noPassphrase
    case wrongPassphrase
    case shortPassphrase
    case passphraseSet
    case lockedOut(until: Double)
    case notSensible(String)

    public var description: String {
        switch self {
        case .unknown(let id): "there is no `\(id.terminalSafe)`"
        case .ambiguous(let id): "`\(id.terminalSafe)` begins more than one id"
        case .expired(let id): "`\(id.terminalSafe)` is closed: nobody answered in time"
        case .answered(let id): "`\(id.terminalSafe)` was answered before"
        case .needsPassphrase(let id): "`\(id.terminalSafe)` is critical: it takes the passphrase"
        case .noPassphrase: "no passphrase is set"
        case .wrongPassphrase: "that is not the passphrase"
        case .shortPassphrase: "a passphrase has at least \(PassphraseKey.shortestPassphrase) characters"
        case .passphraseSet: "a passphrase is set already: changing it takes the old one"
        case .lockedOut(let until):
            "too many wrong passphrases: none is taken before \(Timestamp(microseconds: Int64(until * 1e6)))"
        case .notSensible(let why): why
        }
    }
}
