/// A call that a person is asked about.
public struct Approval: Hashable, Sendable {
    /// 12 hexadecimal digits.
    public var id: String
    public var digest: CallDigest
    public var server: String
    public var tool: String
    /// Shortened arguments without secrets, for people.
    public var summary: String
    /// Why it is asked: the rule, its reason.
    public var reason: String
    /// What the threat scanner found, one line each.
    public var threats: [String]
    public var session: String
    public var agent: String
    /// Whether it takes the passphrase.
    public var isCritical: Bool
    /// Seconds since 1970, all four. An answer is taken until `expires`, and an answer that was given counts until then.
    public var asked: Double
    public var expires: Double
    /// How long the call waits; later an answer is for the same call, made again.
    public var waitsUntil: Double
    public var answer: Answer?

    public enum Answer: Hashable, Sendable {
        /// - signature: Over ``Approval/signedText``, 64 bytes, where the call is critical.
        case allow(signature: [UInt8]?)
        case deny
    }

    public init(
        id: String = "", digest: CallDigest, server: String, tool: String, summary: String, reason: String,
        threats: [String] = [], session: String = "", agent: String = "", isCritical: Bool = false, asked: Double,
        expires: Double, waitsUntil: Double? = nil
    ) {
        self.id = id
        self.digest = digest
        self.server = server
        self.tool = tool
        self.summary = summary
        self.reason = reason
        self.threats = threats
        self.session = session
        self.agent = agent
        self.isCritical = isCritical
        self.asked = asked
        self.expires = expires
        self.waitsUntil = waitsUntil ?? expires
    }

    /// What the passphrase's key signs: this call, this question, this time.
    var signedText: [UInt8] { Array("agentbound approval 1 \(id) \(digest) \(expires)".utf8) }
}

/// Calls that need not be asked about for a while.
public struct Grant: Hashable, Sendable {
    /// 12 hexadecimal digits.
    public var id: String
    /// Globs over `server` and `tool`: `*` any characters, `?` one.
    public var server: String
    public var tool: String
    /// Absolute folders or files: then all paths of a call must lie there, and it must have one. None: any call.
    public var paths: [String]
    /// A glob over the agent's proven id; `*` is anybody.
    public var agent: String
    public var created: Double
    public var expires: Double
    /// How many calls are left, and how many there were.
    public var usesLeft: Int
    public var uses: Int
    /// Who gave it, for people.
    public var giver: String
    /// Over ``signedText``: then it covers critical calls too.
    public var signature: [UInt8]?

    public init(
        id: String = "", server: String, tool: String, paths: [String] = [], agent: String = "*", created: Double,
        expires: Double, uses: Int, giver: String = ""
    ) {
        self.id = id
        self.server = server
        self.tool = tool
        self.paths = paths
        self.agent = agent
        self.created = created
        self.expires = expires
        usesLeft = uses
        self.uses = uses
        self.giver = giver
    }

    var signedText: [UInt8] {
        var text = "agentbound grant 1 \(id) \(created) \(expires) \(uses)"
        for part in [server, tool, agent] + paths { text += " \(part.utf8.count):\(part)" }
        return Array(text.utf8)
    }

    /// Whether the call is among those that were granted; uses, time and signature aside.
    func covers(_ call: GrantedCall) -> Bool {
        guard Glob.matches(server, call.server), Glob.matches(tool, call.tool), Glob.matches(agent, call.agent) else {
            return false
        }
        if paths.isEmpty { return true }
        return !call.paths.isEmpty && call.paths.allSatisfy { path in paths.contains { Self.contains($0, path) } }
    }

    /// By whole components, and only for paths without `..`.
    private static func contains(_ folder: String, _ path: String) -> Bool {
        // By bytes: two spellings of one accent are two folders.
        let slash = UInt8(ascii: "/")
        let parts = path.utf8.split(separator: slash), wanted = folder.utf8.split(separator: slash)
        return path.utf8.first == slash && !parts.contains { $0.elementsEqual("..".utf8) }
            && parts.starts(with: wanted) { $0.elementsEqual($1) }
    }
}

/// What of a call a grant is about.
public struct GrantedCall: Hashable, Sendable {
    public var server: String
    public var tool: String
    public var agent: String
    /// Real, absolute paths, links followed; all that the call names. Empty when it names none, or when one could not be told.
    public var paths: [String]
    public var isCritical: Bool

    public init(
        server: String, tool: String, agent: String = "anonymous", paths: [String] = [], isCritical: Bool = false
    ) {
        self.server = server
        self.tool = tool
        self.agent = agent
        self.paths = paths
        self.isCritical = isCritical
    }
}

/// An amount on its way to an account.
public struct Charge: Hashable, Sendable {
    /// Where the total is kept; whoever charges makes the name of key and window.
    public var account: String
    /// Finite, not negative.
    public var amount: Double
    public var limit: Double
    /// For how many seconds the amount counts.
    public var window: Double

    public init(account: String, amount: Double, limit: Double, window: Double) {
        self.account = account
        self.amount = amount
        self.limit = limit
        self.window = window
    }
}

/// `*` and `?`, nothing else; in time that grows with the product of the lengths at most.
enum Glob {
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.utf8), text = Array(text.utf8)
        var p = 0, t = 0, star = -1, mark = 0
        while t < text.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = p
                mark = t
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == text[t] {
                p += 1
                t += 1
            } else if star >= 0 {
                p = star + 1
                mark += 1
                t = mark
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.count
    }
}
