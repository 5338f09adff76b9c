import AuditTrail
import Glibc
import GrantStore
import LinuxSystem
import PolicyEngine
import StrictJSON
import Synchronization
import SystemPackage

/// A call that the policy wants a person asked about.
struct DeskCall: Sendable {
    var server: String
    var method: String
    var tool: String
    var arguments: JSONElement?
    var agent: String
    var session: String
    /// Why: the rule's reason.
    var reason: String
    /// Whether it takes the passphrase.
    var isCritical: Bool
    /// Whether it is let through when nobody answers in time; never when it is critical.
    var passesUnanswered = false
    var threats: ThreatReport?
    /// Real paths that the call names, for grants that are limited to folders; none when one could not be told.
    var paths: [String] = []
}

/// What the desk says at once.
enum DeskReply: Sendable {
    /// A grant covers it, and has been used.
    case granted(Grant)
    /// A person allowed this very call before, after the caller had gone.
    case allowed
    /// Wait: ``ApprovalDesk/settle`` says how it ends.
    /// - id: Of the question, as `approvals list` has it.
    /// - question: For the client to show, where that can count: never for a critical call.
    case asked(ticket: UInt64, id: String, question: String?)
}

/// How a question ended.
enum DeskEnding: Hashable, Sendable {
    case allowed(by: String)
    case denied(by: String)
    /// Nobody answered in time; what the policy says of that.
    case timedOut(allows: Bool)
    /// The store cannot be read: denied.
    case failed(String)

    var allows: Bool {
        switch self {
        case .allowed: true
        case .denied, .failed: false
        case .timedOut(let allows): allows
        }
    }
}

/// The gateway's side of approvals: puts questions into the store, tells the desktop, waits for answers from wherever they come.
///
/// Answers to critical calls count only when they are signed with the passphrase's key as it was when the gateway started.
final class ApprovalDesk: Sendable {
    private let store: GrantStore
    private let key: PassphraseKey?
    /// Seconds that a call waits at most.
    let timeout: Double
    private let notifier: DesktopNotifier?
    private let now: @Sendable () -> Double
    /// Called on the desk's own thread, once for each ticket that was not answered or withdrawn before.
    private let settle: @Sendable (UInt64, DeskEnding) -> Void

    private struct Waiting {
        var id: String
        var digest: CallDigest
        var isCritical: Bool
        var passesUnanswered: Bool
        var deadline: Double
    }
    private struct State {
        var next: UInt64 = 1
        var waiting: [UInt64: Waiting] = [:]
        /// Signed answers that were taken: written into the file again, they do not count again.
        var taken: Set<String> = []
        var isRunning = false
        var isClosed = false
    }
    private let state = Mutex(State())
    /// A pair of sockets, whose bytes only say that something is new.
    private let woken: SharedDescriptor, wake: SharedDescriptor

    /// - Parameter timeout: Seconds.
    init(
        store: GrantStore, timeout: Double = 120, notifier: DesktopNotifier? = .installed,
        now: @escaping @Sendable () -> Double = { Timestamp.now().seconds },
        settle: @escaping @Sendable (UInt64, DeskEnding) -> Void
    ) throws {
        self.store = store
        key = try store.read().passphrase
        self.timeout = timeout
        self.notifier = notifier
        self.now = now
        self.settle = settle
        var ends: [CInt] = [-1, -1]
        // The call fills both.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        try syscall("socketpair") { unsafe socketpair(AF_UNIX, kind, 0, &ends) }
        woken = SharedDescriptor(rawValue: ends[0])
        wake = SharedDescriptor(rawValue: ends[1])
    }

    // MARK: - For the gateway

    /// Looks for a grant or an answer; else asks.
    /// - Throws: When the store cannot be used: then the call is to be denied.
    func ask(_ call: DeskCall) throws -> DeskReply {
        let digest = CallDigest(
            server: call.server, method: call.method, tool: call.tool, arguments: call.arguments?.value)
        let time = now()
        let question = ApprovalText.question(
            call, digest, asked: time, expires: time + max(timeout, 600), waitsUntil: time + timeout)
        let facts = GrantedCall(
            server: call.server, tool: call.tool, agent: call.agent, paths: call.paths, isCritical: call.isCritical)
        enum Found {
            case grant(Grant)
            case allowed
            case asked(String)
        }
        let found = try store.transact { state -> Found in
            // Grants name tools; a resource or a prompt of such a name is none.
            if call.method == "tools/call", let grant = state.use(for: facts, key: key, now: time) {
                return .grant(grant)
            }
            let outcome = state.take(
                digest, agent: question.agent, isCritical: call.isCritical, key: key, now: time)
            if outcome == .allowed { return .allowed }
            return .asked(try state.ask(question, now: time))
        }
        switch found {
        case .grant(let grant): return .granted(grant)
        case .allowed: return .allowed
        case .asked(let id):
            let ticket = try enter(
                Waiting(
                    id: id, digest: digest, isCritical: call.isCritical,
                    passesUnanswered: call.passesUnanswered && !call.isCritical, deadline: time + timeout))
            notifier?.tell(ApprovalText.notification(question, id))
            return .asked(
                ticket: ticket, id: id, question: call.isCritical ? nil : ApprovalText.elicitation(question, id))
        }
    }

    /// A person answered in the client.
    /// - Returns: `nil` when the ticket does not wait any more: what ended it goes to ``settle``, or it was withdrawn.
    func answered(ticket: UInt64, accepts: Bool) -> DeskEnding? {
        guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: ticket) }) else { return nil }
        // Nobody else is to be asked about it any more.
        try? store.transact { $0.withdraw(waiting.id) }
        if waiting.isCritical { return .denied(by: "the client cannot answer for a critical call") }
        return accepts ? .allowed(by: "a person, in the client") : .denied(by: "a person, in the client")
    }

    /// The caller went away.
    func withdrawn(ticket: UInt64) {
        guard let waiting = state.withLock({ $0.waiting.removeValue(forKey: ticket) }) else { return }
        try? store.transact { $0.withdraw(waiting.id) }
    }

    /// Ends the thread. What waits is not settled any more.
    func close() {
        state.withLock {
            $0.isClosed = true
            $0.waiting = [:]
        }
        ring()
    }

    // MARK: - Waiting

    private func enter(_ waiting: Waiting) throws -> UInt64 {
        let (ticket, starts) = state.withLock { state in
            let ticket = state.next
            state.next += 1
            state.waiting[ticket] = waiting
            defer { state.isRunning = true }
            return (ticket, !state.isRunning)
        }
        guard starts else {
            ring()
            return ticket
        }
        do {
            let watch = try GrantWatch(store.folder)
            let number = watch.rawValue
            let holder = Holder(watch)
            try SystemThread.start("approvals") { self.wait(holder, number) }
        } catch {
            state.withLock {
                $0.isRunning = false
                $0.waiting[ticket] = nil
            }
            throw error
        }
        return ticket
    }

    /// Lets a thread's closure own what cannot be copied.
    private final class Holder: Sendable {
        let watch: GrantWatch
        init(_ watch: consuming GrantWatch) { self.watch = watch }
    }

    private func ring() {
        var one: UInt8 = 1
        // One byte of our own; when there is no room, there is enough to wake up for.
        _ = unsafe write(wake.rawValue, &one, 1)
    }

    private func wait(_ holder: Holder, _ watch: CInt) {
        while true {
            holder.watch.drain()
            var bytes = [UInt8](repeating: 0, count: 64)
            // read writes at most what the array holds; it does not block.
            _ = unsafe read(woken.rawValue, &bytes, bytes.count)
            check()
            notifier?.reap()
            let (deadline, isClosed) = state.withLock { ($0.waiting.values.map(\.deadline).min(), $0.isClosed) }
            if isClosed { return }
            let left = deadline.map { max(0, $0 - now()) }
            var both = [
                pollfd(fd: watch, events: Int16(POLLIN), revents: 0),
                pollfd(fd: woken.rawValue, events: Int16(POLLIN), revents: 0),
            ]
            // A wall clock may be set, so that no wait is longer than ten seconds.
            _ = unsafe poll(&both, 2, left.map { CInt(min($0, 10) * 1_000) + 1 } ?? -1)
        }
    }

    /// The questions whose calls are let through because nobody answered: closed, or a late answer would let one more pass.
    private func unanswered(_ waiting: [UInt64: Waiting], _ time: Double) -> Set<String> {
        // The same call, made again, waits by the same question.
        let open = Set(waiting.values.filter { $0.deadline > time }.map(\.id))
        return Set(waiting.values.filter(\.passesUnanswered).map(\.id)).subtracting(open)
    }

    /// Takes the answers that are there, and ends what has waited long enough.
    private func check() {
        let waiting = state.withLock { $0.waiting }
        if waiting.isEmpty { return }
        let time = now()
        let closing = unanswered(waiting, time)
        var endings: [(UInt64, DeskEnding)] = []
        do {
            let current = try store.read()
            let isAnswered = current.approvals.contains { approval in
                approval.answer != nil && waiting.values.contains { $0.id == approval.id }
            }
            if isAnswered || !closing.isEmpty {
                let taken = state.withLock { $0.taken }
                try store.transact { state in
                    endings = []
                    for (ticket, one) in waiting {
                        let outcome = state.take(
                            one.digest, id: one.id, isCritical: one.isCritical, key: key, now: time)
                        switch outcome {
                        case .allowed where taken.contains(one.id):
                            endings.append((ticket, .denied(by: "an answer that had been used before")))
                        case .allowed: endings.append((ticket, .allowed(by: "a person, with `agentbound approvals`")))
                        case .denied: endings.append((ticket, .denied(by: "a person, with `agentbound approvals`")))
                        case .open, .none: break
                        }
                    }
                    for id in closing { state.close(id, now: time) }
                }
            }
        } catch {
            endings = waiting.keys.map { ($0, .failed("\(error)")) }
        }
        let ended = Set(endings.map(\.0))
        for (ticket, one) in waiting where !ended.contains(ticket) && one.deadline <= time {
            endings.append((ticket, .timedOut(allows: one.passesUnanswered)))
        }
        for (ticket, ending) in endings {
            // Only what was not answered or withdrawn meanwhile.
            let isOurs = state.withLock { state in
                guard let one = state.waiting.removeValue(forKey: ticket) else { return false }
                if ending.allows { state.taken.insert(one.id) }
                return true
            }
            if isOurs { settle(ticket, ending) }
        }
    }
}
