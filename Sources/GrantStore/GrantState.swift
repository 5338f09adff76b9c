import Signatures

/// All that the store holds, as a value. Every change is pure and gets the time as an argument: seconds since 1970.
public struct GrantState: Hashable, Sendable {
    /// Grows with every change that was kept.
    public internal(set) var serial: UInt64 = 0
    public internal(set) var approvals: [Approval] = []
    public internal(set) var grants: [Grant] = []
    var accounts: [String: RollingTotal] = [:]
    public internal(set) var passphrase: PassphraseKey?
    var failures = 0
    var lockedUntil = 0.0

    /// A session may have a quarter of the questions open: one that asks without end leaves the others theirs.
    public static let approvalLimit = 256, sessionLimit = approvalLimit / 4, grantLimit = 256, accountLimit = 1_000

    public init() {}

    /// Forgets what has expired.
    public mutating func prune(now: Double) {
        approvals.removeAll { $0.expires <= now }
        grants.removeAll { $0.expires <= now || $0.usesLeft <= 0 }
        settle(now: now)
        if accounts.contains(where: { $0.value.spent.isEmpty }) {
            accounts = accounts.filter { !$0.value.spent.isEmpty }
        }
    }

    // MARK: - Approvals

    /// Puts a question. The same call of the same session, not yet answered, is the same question.
    /// - Returns: Its id.
    public mutating func ask(_ question: Approval, now: Double) throws(GrantError) -> String {
        prune(now: now)
        if let same = approvals.firstIndex(where: {
            $0.digest == question.digest && $0.session == question.session && $0.agent == question.agent
                && $0.answer == nil && $0.isCritical == question.isCritical
        }) {
            approvals[same].waitsUntil = max(approvals[same].waitsUntil, question.waitsUntil)
            return approvals[same].id
        }
        guard approvals.count < Self.approvalLimit else { throw .full("open questions") }
        guard approvals.count(where: { $0.session == question.session }) < Self.sessionLimit else {
            throw .full("open questions of this session")
        }
        var question = question
        question.id = Self.newID()
        question.answer = nil
        approvals.append(question)
        return question.id
    }

    /// Allows or denies, by id or by how it begins.
    /// - Parameter signer: What the passphrase unlocked; a critical call is allowed with it only.
    public mutating func answer(_ id: String, allow: Bool, signer: ApprovalSigner? = nil, now: Double)
        throws(GrantRefusal)
    {
        let index = try find(id)
        guard approvals[index].expires > now else { throw .expired(id) }
        guard approvals[index].answer == nil else { throw .answered(id) }
        guard allow else {
            approvals[index].answer = .deny
            return
        }
        if approvals[index].isCritical {
            guard passphrase != nil else { throw .noPassphrase }
            guard let signer else { throw .needsPassphrase(id) }
            approvals[index].answer = .allow(signature: signer.sign(approvals[index].signedText))
        } else {
            approvals[index].answer = .allow(signature: nil)
        }
    }

    /// Questions without an answer: first those whose calls still wait, the one with the least time left before all; then those that an
    /// answer comes too late for, unless their calls are made again.
    public func open(now: Double) -> [Approval] {
        approvals.filter { $0.answer == nil && $0.expires > now }.sorted {
            ($0.waitsUntil > now ? 0 : 1, $0.waitsUntil) < ($1.waitsUntil > now ? 0 : 1, $1.waitsUntil)
        }
    }

    public func approval(_ id: String) throws(GrantRefusal) -> Approval { approvals[try find(id)] }

    private func find(_ id: String) throws(GrantRefusal) -> Int {
        let found = approvals.indices.filter {
            approvals[$0].id == id || (id.utf8.count >= 4 && approvals[$0].id.hasPrefix(id))
        }
        guard let first = found.first else { throw .unknown(id) }
        guard found.count == 1 else { throw .ambiguous(id) }
        return first
    }

    public enum Outcome: Hashable, Sendable {
        /// Nobody has answered.
        case open
        /// Allowed, and used up by this.
        case allowed
        case denied
        /// Nothing was asked about this call, or nobody answered in time, or the answer does not count.
        case none
    }

    /// Takes the answer to a call, which counts once.
    /// - Parameters:
    ///   - id: The question, where the caller put it; any question about the same call otherwise.
    ///   - agent: Whose call it is; a person who let one agent's pass did not let another's pass.
    ///   - key: What answers to critical calls must be signed with: the key as it was when the gateway started.
    public mutating func take(
        _ digest: CallDigest, id: String? = nil, agent: String? = nil, isCritical: Bool, key: PassphraseKey?,
        now: Double
    ) -> Outcome {
        func isAbout(_ approval: Approval) -> Bool {
            approval.digest == digest && (id == nil || approval.id == id)
                && (agent == nil || approval.agent == agent) && approval.expires > now
        }
        let isOpen = approvals.contains { isAbout($0) && $0.answer == nil }
        for index in approvals.indices {
            let approval = approvals[index]
            guard isAbout(approval) else { continue }
            switch approval.answer {
            case .allow(let signature):
                if isCritical {
                    guard let signature, let key, key.isSignature(signature, of: approval.signedText) else { continue }
                }
                approvals.remove(at: index)
                return .allowed
            case .deny:
                approvals.remove(at: index)
                return .denied
            case nil: continue
            }
        }
        return isOpen ? .open : .none
    }

    /// Ends a question that nobody answered, so that no answer counts any more: what was asked about has happened.
    public mutating func close(_ id: String, now: Double) {
        for index in approvals.indices where approvals[index].id == id && approvals[index].answer == nil {
            approvals[index].expires = min(approvals[index].expires, now)
        }
    }

    /// Takes a question back: the caller went away.
    public mutating func withdraw(_ id: String) { approvals.removeAll { $0.id == id && $0.answer == nil } }

    // MARK: - Grants

    /// - Parameter signer: Where the grant is to cover critical calls.
    /// - Returns: The grant with its id.
    @discardableResult
    public mutating func add(_ grant: Grant, signer: ApprovalSigner? = nil, now: Double) throws -> Grant {
        prune(now: now)
        guard grants.count < Self.grantLimit else { throw GrantError.full("grants") }
        guard grant.usesLeft > 0 else { throw GrantRefusal.notSensible("a grant is for one call at least") }
        guard grant.expires > now, grant.expires.isFinite else {
            throw GrantRefusal.notSensible("a grant ends in the future")
        }
        guard grant.paths.allSatisfy({ $0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }) else {
            throw GrantRefusal.notSensible("the paths of a grant are absolute, without `..`")
        }
        var grant = grant
        grant.id = Self.newID()
        grant.uses = grant.usesLeft
        grant.signature = signer?.sign(grant.signedText)
        grants.append(grant)
        return grant
    }

    /// - Returns: Whether there was one.
    public mutating func revoke(_ id: String) -> Bool {
        let count = grants.count
        grants.removeAll { $0.id == id || (id.utf8.count >= 4 && $0.id.hasPrefix(id)) }
        return grants.count < count
    }

    /// Uses one call of a grant that covers it; the one that ends first.
    /// - Returns: The grant, as it is afterwards; `nil` when none does.
    public mutating func use(for call: GrantedCall, key: PassphraseKey?, now: Double) -> Grant? {
        let fitting = grants.indices.filter { index in
            let grant = grants[index]
            guard grant.expires > now, grant.created <= now, grant.usesLeft > 0, grant.covers(call) else {
                return false
            }
            if !call.isCritical { return true }
            guard let key, let signature = grant.signature else { return false }
            return grant.usesLeft <= grant.uses && key.isSignature(signature, of: grant.signedText)
        }
        guard let index = fitting.min(by: { grants[$0].expires < grants[$1].expires }) else { return nil }
        grants[index].usesLeft -= 1
        defer { if grants[index].usesLeft == 0 { grants.remove(at: index) } }
        return grants[index]
    }

    // MARK: - Budgets

    public enum ChargeResult: Hashable, Sendable {
        case charged
        /// The account, what was spent from it, and its limit. Nothing was charged.
        case exceeded(account: String, spent: Double, limit: Double)
    }

    /// Books what lies ahead of a clock that went back as spent now. To be called before totals are looked at, with the store's lock held:
    /// the times of two gateways are in order only then.
    public mutating func settle(now: Double) {
        for name in accounts.keys { accounts[name]?.settle(now: now) }
    }

    /// What counts at this moment.
    public func spent(from account: String, now: Double) -> Double { accounts[account]?.total(now: now) ?? 0 }

    /// Charges all or nothing.
    public mutating func charge(_ charges: [Charge], now: Double) throws(GrantError) -> ChargeResult {
        var totals: [String: RollingTotal] = [:]
        for charge in charges {
            var account = totals[charge.account] ?? accounts[charge.account] ?? RollingTotal(window: charge.window)
            let spent = account.total(now: now)
            let total = spent + charge.amount
            // Also refuses what is no number, on either side.
            guard charge.amount >= 0, total <= charge.limit, total.isFinite else {
                return .exceeded(account: charge.account, spent: spent, limit: charge.limit)
            }
            account.add(charge.amount, now: now)
            totals[charge.account] = account
        }
        func isFull() -> Bool { accounts.count + totals.keys.count { accounts[$0] == nil } > Self.accountLimit }
        if isFull() {
            prune(now: now)
            if isFull() { throw .full("budgets") }
        }
        accounts.merge(totals) { $1 }
        return .charged
    }

    // MARK: - Passphrase

    /// Three are free; then 30 seconds, a minute, and so on to an hour.
    static func delay(afterFailures failures: Int) -> Double {
        failures < 3 ? 0 : min(3_600, 30 * Double(1 << min(failures - 3, 10)))
    }

    /// Counts a try before it is looked at, so that nobody gains by ending the program in between, or by trying twice at a time.
    mutating func countTry(now: Double) throws(GrantRefusal) -> PassphraseKey {
        guard let passphrase else { throw .noPassphrase }
        guard now >= lockedUntil else { throw .lockedOut(until: lockedUntil) }
        failures += 1
        lockedUntil = now + Self.delay(afterFailures: failures)
        return passphrase
    }

    mutating func forgetTries() {
        failures = 0
        lockedUntil = 0
    }

    /// With a new passphrase, what the old one signed is void.
    mutating func set(_ key: PassphraseKey) {
        passphrase = key
        forgetTries()
        grants.removeAll { $0.signature != nil }
        approvals.removeAll { $0.isCritical && $0.answer != nil }
    }

    private static func newID() -> String { Hex.text(randomBytes(6)) }
}
