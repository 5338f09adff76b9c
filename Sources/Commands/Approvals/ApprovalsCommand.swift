public import ArgumentParser
import AuditTrail
import Glibc
import GrantStore
import LinuxSystem
import StrictJSON

/// `agentbound approvals`: calls that wait for a person, from another terminal.
public struct ApprovalsCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "approvals",
        abstract: "Answer calls that a policy wants a person asked about.",
        discussion: """
            Example: agentbound approvals watch
            """,
        subcommands: [
            ApprovalsListCommand.self, ApprovalsAllowCommand.self, ApprovalsDenyCommand.self,
            ApprovalsWatchCommand.self,
            ApprovalsPassphraseCommand.self,
        ])
    public init() {}
}

/// The user's store, in words when it cannot be used.
enum GrantAccess {
    static func store() throws(Refusal) -> GrantStore {
        try words { () throws in
            try GrantStore(stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: ProcessEnvironment["HOME"])
        }
    }

    static func words<T>(_ body: () throws -> T) throws(Refusal) -> T {
        do { return try body() } catch let error as Refusal { throw error } catch let error as GrantError {
            throw Refusal(.audit, "cannot use the store of grants: \(error)", next: error.next)
        } catch let error as GrantRefusal {
            let cause: Refusal.Cause =
                switch error {
                case .unknown, .ambiguous, .expired, .answered: .unknown
                case .notSensible, .shortPassphrase: .usage
                default: .consent
                }
            throw Refusal(cause, "\(error)", next: next(error))
        } catch { throw Refusal(.audit, "cannot use the store of grants: \(error)", next: nil) }
    }

    private static func next(_ error: GrantRefusal) -> String? {
        switch error {
        case .unknown, .ambiguous, .expired, .answered: "`agentbound approvals list`"
        case .noPassphrase, .passphraseSet: "`agentbound approvals passphrase`"
        case .notSensible: "`agentbound grant add --help`"
        default: nil
        }
    }

    static var now: Double { Timestamp.now().seconds }

    /// Asks for the passphrase, and turns it into what signs.
    static func unlock(_ store: GrantStore) throws(Refusal) -> ApprovalSigner {
        // Before anything is typed.
        guard try words({ try store.read().passphrase }) != nil else {
            return try words { throw GrantRefusal.noPassphrase }
        }
        let typed = try PassphrasePrompt.read("passphrase: ")
        return try words { try store.unlock(typed, now: now) }
    }
}

/// `agentbound approvals list`
public struct ApprovalsListCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the calls that wait for an answer, the most urgent first.",
        discussion: """
            Example: agentbound approvals list --json
            """)
    @Flag(help: "One JSON array.") var json = false
    public init() {}

    public func run() throws {
        let store = try GrantAccess.store()
        let now = GrantAccess.now
        let state = try GrantAccess.words { try store.read() }
        let open = state.open(now: now) + state.approvals.filter { $0.answer != nil && $0.expires > now }
        if json { return try writeOutput(JSONValue.array(open.map(ApprovalListing.json)).text(pretty: true)) }
        if open.isEmpty { return try writeOutput("nothing waits") }
        try writeOutput(String(open.map { ApprovalText.lines($0, now: now) }.joined(separator: "\n").dropLast()))
    }
}

enum ApprovalListing {
    static func json(_ approval: Approval) -> JSONValue {
        [
            "id": .string(approval.id), "server": .string(approval.server), "tool": .string(approval.tool),
            "arguments": .string(approval.summary), "reason": .string(approval.reason),
            "threats": .strings(approval.threats),
            "agent": .string(approval.agent), "session": .string(approval.session),
            "critical": .bool(approval.isCritical),
            "digest": .string(approval.digest.description), "asked": .string("\(time(approval.asked))"),
            "expires": .string("\(time(approval.expires))"), "waitsUntil": .string("\(time(approval.waitsUntil))"),
            "answer": approval.answer.map { $0 == .deny ? "deny" : "allow" } ?? .null,
        ]
    }

    static func json(_ grant: Grant) -> JSONValue {
        [
            "id": .string(grant.id), "server": .string(grant.server), "tool": .string(grant.tool),
            "paths": .strings(grant.paths),
            "agent": .string(grant.agent), "usesLeft": .integer(grant.usesLeft), "uses": .integer(grant.uses),
            "expires": .string("\(time(grant.expires))"), "critical": .bool(grant.signature != nil),
            "giver": .string(grant.giver),
        ]
    }

    private static func time(_ seconds: Double) -> Timestamp { Timestamp(microseconds: Int64(seconds * 1e6)) }
}

/// `agentbound approvals allow`
public struct ApprovalsAllowCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "allow", abstract: "Allow one call, once.",
        discussion: """
            A critical call takes the passphrase, typed at a terminal.
            Exit codes: 0; 1 no such call; 74 the store; 77 not agreed to.
            Example: agentbound approvals allow 3f2a
            """)
    @Argument(help: "The call's id, or how it begins.") var id: String
    @Flag(help: "Do not ask again; not enough for a critical call.") var yes = false
    public init() {}

    public func run() throws {
        let store = try GrantAccess.store()
        let approval = try GrantAccess.words { try store.read().approval(id) }
        let text = ApprovalText.lines(approval, now: GrantAccess.now)
        if !yes || approval.isCritical {
            guard ConsentTerminal.isThere else {
                throw Refusal(
                    .consent, "nobody can be asked: standard input and standard error are not both a terminal",
                    next: approval.isCritical
                        ? "run it in a terminal: a critical call takes the passphrase"
                        : "run it in a terminal, or `agentbound approvals allow \(approval.id) --yes`")
            }
            guard ConsentTerminal.agrees(to: text, question: "Allow this call once?") else {
                throw Refusal(
                    .consent, "not agreed to; the call still waits", next: "`agentbound approvals deny \(approval.id)`")
            }
        }
        let signer = approval.isCritical ? try GrantAccess.unlock(store) : nil
        // The very question that was shown: an id is never given again.
        try GrantAccess.words {
            try store.transact { try $0.answer(approval.id, allow: true, signer: signer, now: GrantAccess.now) }
        }
        try writeOutput("allowed, once: \(approval.id)")
    }
}

/// `agentbound approvals deny`
public struct ApprovalsDenyCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny one call.",
        discussion: """
            Example: agentbound approvals deny 3f2a
            """)
    @Argument(help: "The call's id, or how it begins.") var id: String
    public init() {}

    public func run() throws {
        let store = try GrantAccess.store()
        try GrantAccess.words { try store.transact { try $0.answer(id, allow: false, now: GrantAccess.now) } }
        try writeOutput("denied: \(id.terminalSafe)")
    }
}

/// `agentbound approvals watch`
public struct ApprovalsWatchCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show each call as it begins to wait, and ask; until Ctrl-C.",
        discussion: """
            Critical calls are answered with `approvals allow`. Without a terminal there is --json, and else an error.
            Exit codes: 71 changes cannot be watched; 74 the store; 77 nobody can be asked.
            Example: agentbound approvals watch
            """)
    @Flag(help: "One JSON object a line; nothing is asked.") var json = false
    public init() {}

    public func run() throws {
        // Else a script would wait for ever, for a person who is shown nothing.
        guard json || ConsentTerminal.isThere else {
            throw Refusal(
                .consent, "nobody can be asked: standard input and standard error are not both a terminal",
                next:
                    "`agentbound approvals list`, then `agentbound approvals allow ID --yes` or `deny ID`; `watch --json` shows calls to a program"
            )
        }
        let store = try GrantAccess.store()
        let watch: GrantWatch
        do { watch = try GrantWatch(store.folder) } catch {
            throw Refusal(.system, "changes cannot be watched: \(error)", next: "`agentbound approvals list`")
        }
        var seen: Set<String> = []
        if !json { try writeOutput("waiting for calls to approve; Ctrl-C ends this") }
        while true {
            watch.drain()
            let now = GrantAccess.now
            let open = try GrantAccess.words { try store.read() }.open(now: now)
            seen.formIntersection(open.map(\.id))
            var hasAsked = false
            for approval in open where seen.insert(approval.id).inserted {
                if json {
                    try writeOutput(ApprovalListing.json(approval).text())
                } else if approval.isCritical {
                    try writeOutput(
                        ApprovalText.lines(approval, now: now)
                            + "  answer     agentbound approvals allow \(approval.id)")
                } else {
                    try answer(approval, store)
                    hasAsked = true
                    break
                }
            }
            // Meanwhile another may have become the most urgent one.
            if hasAsked { continue }
            var one = pollfd(fd: watch.rawValue, events: Int16(POLLIN), revents: 0)
            // The store's folder may be made anew, so that no wait is for ever.
            _ = unsafe poll(&one, 1, 5_000)
        }
    }

    private func answer(_ approval: Approval, _ store: GrantStore) throws {
        let allows = ConsentTerminal.agrees(
            to: ApprovalText.lines(approval, now: GrantAccess.now), question: "Allow this call once?")
        do throws(Refusal) {
            try GrantAccess.words {
                try store.transact { try $0.answer(approval.id, allow: allows, now: GrantAccess.now) }
            }
            try? writeOutput(allows ? "allowed, once: \(approval.id)" : "denied: \(approval.id)")
        } catch { try writeOutput("too late: \(error.message)") }
    }
}

/// `agentbound approvals passphrase`
public struct ApprovalsPassphraseCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "passphrase", abstract: "Set or change the passphrase for critical calls.",
        discussion: """
            It is typed at a terminal, never given as an argument or a variable. A running gateway takes the new one when it is started again.
            Example: agentbound approvals passphrase
            """)
    public init() {}

    public func run() throws {
        let store = try GrantAccess.store()
        let old = try GrantAccess.words { try store.read().passphrase } == nil ? nil : try GrantAccess.unlock(store)
        let first = try PassphrasePrompt.read("new passphrase: ")
        if first.count < PassphraseKey.shortestPassphrase {
            return try GrantAccess.words { throw GrantRefusal.shortPassphrase }
        }
        guard try PassphrasePrompt.read("once more: ") == first else {
            throw Refusal(
                .consent, "the two are not the same; nothing was changed", next: "`agentbound approvals passphrase`")
        }
        try GrantAccess.words { try store.setPassphrase(first, old: old) }
        try writeOutput(
            old == nil
                ? "the passphrase is set"
                : "the passphrase is changed; grants and answers that the old one signed are void")
    }
}
