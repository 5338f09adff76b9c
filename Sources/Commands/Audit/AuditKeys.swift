public import ArgumentParser
import AuditTrail
import Glibc
import LinuxSystem
import Signatures
import StrictJSON
import SystemPackage

/// The keys that commands sign and check journals with.
enum AuditKeys {
    static func state() throws(AuditError) -> FilePath {
        try StateFolder.path(stateHome: ProcessEnvironment["XDG_STATE_HOME"], home: ProcessEnvironment["HOME"])
    }

    /// - Returns: The named keys; when none is named this user's own, where there is one.
    static func verifying(_ names: [String]) throws(Refusal) -> [Ed25519.VerifyingKey] {
        if names.isEmpty {
            guard let state = try? state(), let own = try? AuditKey.readPublic(AuditKey.publicPath(state)) else {
                return []
            }
            return [own]
        }
        var keys: [Ed25519.VerifyingKey] = []
        for name in names {
            guard let key = Ed25519.VerifyingKey(pem: try KeyFile.read(name, isSecret: false)) else {
                throw Refusal(
                    .malformed, "\(name.terminalSafe) holds no public Ed25519 key",
                    next: "`agentbound audit keygen` makes one")
            }
            keys.append(key)
        }
        return keys
    }

    /// A head that somebody kept.
    static func head(_ name: String, _ keys: [Ed25519.VerifyingKey]) throws(Refusal) -> SignedHead {
        let text = try KeyFile.read(name, isSecret: false)
        guard let head = SignedHead(line: Array(text.utf8.filter { $0 != 0x0d && $0 != 0x0a })) else {
            throw Refusal(
                .malformed, "\(name.terminalSafe) holds no signed head", next: "`agentbound audit head` prints one")
        }
        guard keys.contains(where: { head.isSigned(by: $0) }) else {
            throw Refusal(
                .malformed, "\(name.terminalSafe) was not signed with this key (it names \(head.key))",
                next: "name the right one with `--pubkey`")
        }
        return head
    }

    /// Signs where the journal ends, when this user has a key. For the end of a session, where nothing depends on it any more.
    static func signIfThereIsAKey(_ audit: AuditWriter) {
        guard let state = try? state(), let key = try? AuditKey.existing(state) else { return }
        _ = try? audit.sign(with: key)
    }
}

/// `agentbound audit keygen`
public struct AuditKeygenCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make the key pair that this user's journals are signed with from now on.",
        discussion: """
            The private key stays in the state folder (0600); keep a copy of the public one elsewhere. Nothing changes when there is one.
            Exit codes: 0; 66 no state folder; 74 it cannot be used.
            Example: agentbound audit keygen
            """)

    public init() {}

    public func run() throws {
        let state = try AuditKeys.state()
        let key = try AuditKey.make(state)
        try writeOutput(
            "key \(key.publicKey.id): \(AuditKey.publicPath(state).string.terminalSafe)\n\(key.publicKey.pem)")
    }
}

/// `agentbound audit head`
public struct AuditHeadCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "head",
        abstract: "Print the newest signed head, to be kept where this account cannot change it.",
        discussion: """
            `audit verify --head FILE` later proves that the journal still holds all up to there.
            Exit codes: 0; 1 nothing is signed yet; 66 no journal; 74 unreadable.
            Example: agentbound audit head --sign
            """)

    @OptionGroup var journal: JournalOption
    @Flag(help: "Sign where the journal ends now, making the key where there is none.") var sign = false

    public init() {}

    public func run() throws {
        let path = try journal.path()
        let head = try readingJournal(path) { () throws(AuditError) -> SignedHead? in
            if sign {
                // Only a journal that is there: opening it for writing would make one.
                _ = try AuditReader.lastSigned(path)
                let key = try AuditKey.make(try AuditKeys.state())
                let full = path.isAbsolute ? path : (FolderCalls.link("/proc/self/cwd") ?? "/").pushing(path)
                return try AuditWriter(existing: full, session: AuditWriter.newSession()).sign(with: key)
            }
            return try AuditReader.lastSigned(path)
        }
        guard let head else {
            throw Refusal(.unknown, "nothing is signed yet", next: "`agentbound audit head --sign`")
        }
        try writeOutput(String(decoding: head.line.dropLast(), as: UTF8.self))
    }
}
