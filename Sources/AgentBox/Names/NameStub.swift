public import Glibc
public import LinuxSystem
public import PolicyEngine

/// The box's name server. It answers for granted names only, asks upstream in words of its own, and pins each address
/// that it hands out, before it does.
///
/// It has no thread: whoever owns it polls ``pollDescriptors()`` until ``nextDeadline``, then calls
/// ``handle(ready:now:)``. All calls come from that one thread. Nothing that the box sends can make a call block, fail
/// or last.
public final class NameStub {
    /// Where an answer goes.
    enum Asker: Hashable {
        case datagram(listener: Int, from: Endpoint)
        /// By serial number: its descriptor's number may be somebody else's by then.
        case stream(UInt64)
    }

    static let maximumExchanges = 256
    /// Askers that share one exchange: resolvers repeat themselves.
    static let maximumAskers = 32
    static let maximumClients = 32
    /// Datagrams or clients taken from one socket in one turn, so that a flood on one does not starve the others.
    static let batch = 64
    /// How long a listener that fails is left alone, so that a lasting failure does not keep the loop busy.
    static let pause: Duration = .milliseconds(100)

    /// What a name that may not be looked up is answered with. REFUSED would be the other choice, but resolvers take it
    /// for a passing fault: musl then tries for five seconds. docs/decisions/0003-refused-names.md
    static let refusal = DNSMessage.Code.nameError

    private let table: NameTable
    private let policy: NamePolicy
    private let upstreams: [Endpoint]
    private let listeners: [NameListener]
    private let onEvent: (NameEvent) -> Void
    private var bucket = TokenBucket(perSecond: 50, burst: 200)
    private var eventBucket = TokenBucket(perSecond: 20, burst: 400)
    private var untold = 0
    private var exchanges: [UpstreamExchange.Key: UpstreamExchange] = [:]
    private var clients: [UInt64: StreamClient] = [:]
    private var serial: UInt64 = 0

    /// - Parameters:
    ///   - upstreams: Asked in this order; see ``ResolvConf``.
    ///   - hosts: Names that are answered here; those that the rules grant are pinned at once.
    ///   - onEvent: Called on the owner's thread for each denial; must not block.
    public init(
        rules: NameRules, table: NameTable, upstreams: [Endpoint], hosts: HostsFile = HostsFile(),
        listeners: [NameListener], onEvent: @escaping (NameEvent) -> Void
    ) {
        policy = NamePolicy(rules: rules, hosts: hosts)
        (self.table, self.upstreams, self.listeners, self.onEvent) = (table, upstreams, listeners, onEvent)
        for (name, addresses) in hosts.addresses where rules.mayResolve(name) {
            table.seed(policy.judge(addresses, address: { $0 }, for: name).kept, to: name)
        }
    }

    /// A listener on 127.0.0.1, on a port that the kernel picks.
    /// - Throws: ``SyscallError`` of socket(2), bind(2) or listen(2).
    public static func bindLoopback() throws(SyscallError) -> NameListener { try NameListener.loopback() }

    // MARK: The loop's side

    /// What to poll for. Changes with each ``handle(ready:now:)``.
    public func pollDescriptors() -> [pollfd] {
        let read = Int16(POLLIN)
        let write = Int16(POLLOUT)
        var all: [pollfd] = []
        for listener in listeners where listener.pausedUntil == nil {
            all.append(pollfd(fd: listener.udp.number, events: read, revents: 0))
            all.append(pollfd(fd: listener.tcp.number, events: read, revents: 0))
        }
        // One that waits for its answer is not polled: a hang-up would be reported in every turn.
        for client in clients.values where client.wantsToRead || client.wantsToSend {
            all.append(pollfd(fd: client.socket.number, events: client.wantsToSend ? write : read, revents: 0))
        }
        for exchange in exchanges.values {
            guard let socket = exchange.socket else { continue }
            all.append(pollfd(fd: socket.number, events: exchange.wantsToSend ? write : read, revents: 0))
        }
        return all
    }

    /// When ``handle(ready:now:)`` must be called even if nothing is ready; `nil`: never.
    public var nextDeadline: Duration? {
        let times =
            listeners.compactMap(\.pausedUntil) + exchanges.values.map(\.deadline)
            + clients.values.filter { !$0.isWaiting }.map(\.deadline)
        return times.min()
    }

    /// Does what there is to do.
    /// - Parameters:
    ///   - ready: What poll(2) filled in; entries that are not the stub's own are skipped.
    ///   - now: ``MonotonicTime/now()``.
    public func handle(ready: [pollfd], now: Duration) {
        // A number may pass to another socket of ours within this turn: that one is then looked at early, which is
        // harmless.
        for entry in ready where entry.revents != 0 {
            if let index = listeners.firstIndex(where: { $0.udp.number == entry.fd }) {
                receiveDatagrams(on: index, now: now)
            } else if let listener = listeners.first(where: { $0.tcp.number == entry.fd }) {
                acceptClients(of: listener, now: now)
            } else if let (number, client) = clients.first(where: { $0.value.socket.number == entry.fd }) {
                if !client.flush() || !client.read() { clients[number] = nil }
            } else if let exchange = exchanges.values.first(where: { $0.socket?.number == entry.fd }) {
                settle(exchange, exchange.receive(now: now), now: now)
            }
        }
        for listener in listeners { if let until = listener.pausedUntil, until <= now { listener.pausedUntil = nil } }
        for exchange in exchanges.values where exchange.deadline <= now {
            settle(exchange, exchange.ask(now: now), now: now)
        }
        // A client that was answered may have sent its next question long ago: no event will tell of it again.
        for (number, client) in clients { takeFrames(of: client, number, now: now) }
        for (number, client) in clients where !client.isWaiting && client.deadline <= now { clients[number] = nil }
    }

    // MARK: From the box

    private func receiveDatagrams(on index: Int, now: Duration) {
        let listener = listeners[index]
        do {
            for _ in 0..<Self.batch {
                // One byte more than a question may have, so that a longer one is seen to be.
                guard let (bytes, from) = try listener.udp.receive(limit: DNSQuestion.maximumLength + 1) else { return }
                if let from { take(bytes, from: .datagram(listener: index, from: from), now: now) }
            }
        } catch { listener.pausedUntil = now + Self.pause }
    }

    private func acceptClients(of listener: NameListener, now: Duration) {
        do {
            for _ in 0..<Self.batch {
                guard let socket = try listener.tcp.accept() else { return }
                if clients.count >= Self.maximumClients { dropLongestClient() }
                serial += 1
                clients[serial] = StreamClient(socket, now: now)
            }
        } catch {
            // Out of descriptors, most likely: make room, and look again a little later.
            dropLongestClient()
            listener.pausedUntil = now + Self.pause
        }
    }

    private func dropLongestClient() {
        // One that waits for its answer goes last.
        let oldest = clients.min {
            ($0.value.isWaiting ? 1 : 0, $0.value.deadline) < ($1.value.isWaiting ? 1 : 0, $1.value.deadline)
        }
        if let oldest { clients[oldest.key] = nil }
    }

    /// Takes the questions that the client has sent in full, until one has to wait.
    private func takeFrames(of client: StreamClient, _ number: UInt64, now: Duration) {
        while clients[number] != nil {
            switch client.nextFrame() {
            case .incomplete: return
            case .tooLong: clients[number] = nil
            case .query(let bytes):
                client.startWaiting()
                take(bytes, from: .stream(number), now: now)
            }
        }
    }

    private func take(_ bytes: [UInt8], from asker: Asker, now: Duration) {
        do throws(DNSFault) {
            let question = try DNSQuestion.parse(bytes)
            decide(question, from: asker, now: now)
        } catch {
            if let answer = DNSMessage.answer(to: error) {
                send(answer, to: asker, now: now)
            } else if case .stream(let number) = asker {
                clients[number] = nil
            }
        }
    }

    private func decide(_ question: DNSQuestion, from asker: Asker, now: Duration) {
        switch policy.step(for: question) {
        case .refuse(let reason): refuse(question, reason, to: asker, now: now)
        case .empty: send(DNSMessage.answer(to: question, .noError), to: asker, now: now)
        case .local(let addresses):
            let found = addresses.map { DNSReply.Address(address: $0, ttl: NamePolicy.longestTTL) }
            answer(question, with: found, to: asker, now: now)
        case .ask: ask(question, for: asker, now: now)
        }
    }

    // MARK: Upstream

    private func ask(_ question: DNSQuestion, for asker: Asker, now: Duration) {
        let key = UpstreamExchange.Key(name: question.name.lowercased, type: question.type)
        if let running = exchanges[key] {
            guard running.askers.count < Self.maximumAskers else { return fail(question, to: asker, now: now) }
            return running.askers.append((question, asker))
        }
        guard exchanges.count < Self.maximumExchanges, bucket.take(now: now) else {
            return fail(question, to: asker, now: now)
        }
        let exchange = UpstreamExchange(key, upstreams: upstreams)
        exchange.askers = [(question, asker)]
        exchanges[key] = exchange
        settle(exchange, exchange.ask(now: now), now: now)
    }

    private func settle(_ exchange: UpstreamExchange, _ progress: UpstreamExchange.Progress, now: Duration) {
        guard case .finished(let outcome) = progress else { return }
        exchanges[exchange.key] = nil
        for (question, asker) in exchange.askers {
            switch outcome {
            case .addresses(let found): answer(question, with: found, to: asker, now: now)
            case .noSuchName: send(DNSMessage.answer(to: question, .nameError), to: asker, now: now)
            case .failed, .truncated: send(DNSMessage.answer(to: question, .serverFailure), to: asker, now: now)
            }
        }
    }

    // MARK: To the box

    private func answer(_ question: DNSQuestion, with found: [DNSReply.Address], to asker: Asker, now: Duration) {
        guard let name = question.name.canonical else { return }
        let (kept, dropped) = policy.judge(found, address: \.address, for: name)
        if !dropped.isEmpty {
            tell(.addressesDropped(name: question.name.shown, dropped, left: kept.count), now: now)
        }
        let sent = Array(
            kept.filter { $0.address.recordType == question.type }.prefix(DNSMessage.capacity(for: question)))
        let ttl = sent.map(\.ttl).min() ?? 0
        // Before the answer goes: the box may connect at once.
        table.pin(sent.map(\.address), to: name, ttl: ttl, now: now)
        let message = DNSMessage.answer(
            to: question, .noError, addresses: sent.map(\.address), ttl: min(max(ttl, 1), NamePolicy.longestTTL))
        send(message, to: asker, now: now)
    }

    private func refuse(_ question: DNSQuestion, _ reason: NameRefusal, to asker: Asker, now: Duration) {
        tell(.refused(name: question.name.shown, reason), now: now)
        send(DNSMessage.answer(to: question, Self.refusal), to: asker, now: now)
    }

    /// Not now: resolvers take this for a passing fault and ask again.
    private func fail(_ question: DNSQuestion, to asker: Asker, now: Duration) {
        tell(.refused(name: question.name.shown, .tooMany), now: now)
        send(DNSMessage.answer(to: question, .serverFailure), to: asker, now: now)
    }

    /// Records a denial; in a flood, how many there were.
    private func tell(_ event: NameEvent, now: Duration) {
        guard eventBucket.take(now: now) else {
            untold += 1
            return
        }
        if untold > 0 { onEvent(.untold(untold)) }
        untold = 0
        onEvent(event)
    }

    private func send(_ message: [UInt8], to asker: Asker, now: Duration) {
        switch asker {
        case .datagram(let listener, let endpoint):
            // An answer that does not go is lost like any datagram: the box asks again.
            _ = try? listeners[listener].udp.send(message, to: endpoint)
        case .stream(let number):
            guard let client = clients[number] else { return }
            if !client.answer(message, now: now) { clients[number] = nil }
        }
    }
}
