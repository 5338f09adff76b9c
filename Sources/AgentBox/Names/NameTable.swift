public import PolicyEngine
import Synchronization

/// Which granted names resolved to which addresses: what connections are judged by.
/// Shared by the stub, which pins, and the workers that decide on connections.
public final class NameTable: Sendable {
    public struct Limits: Hashable, Sendable {
        public var names = 4_096
        public var addresses = 16_384
        public var addressesPerName = 64
        /// An address stays usable at least this long: programs keep addresses longer than DNS says.
        public var grace: Duration = .seconds(600)
        /// And at most this long after it was last seen.
        public var longest: Duration = .seconds(86_400)
        public init() {}
    }

    private let limits: Limits
    private let pins = Mutex(Pins())

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Pins addresses that an upstream server gave for a granted name.
    /// - Parameter ttl: In seconds, as the server said.
    public func pin(_ addresses: [IPAddress], to name: String, ttl: UInt32, now: Duration) {
        let until = now + min(max(.seconds(Int64(ttl)), limits.grace), limits.longest)
        pins.withLock { $0.add(addresses, to: name, until: until, now: now, limits) }
    }

    /// Pins what the operator's hosts file says, for as long as the box lives.
    public func seed(_ addresses: [IPAddress], to name: String) {
        pins.withLock { $0.add(addresses, to: name, until: Pins.forever, now: .zero, limits) }
    }

    /// The granted names that resolved to `address`, in either spelling of an IPv4 address.
    public func names(for address: IPAddress, now: Duration = MonotonicTime.now()) -> Set<String> {
        pins.withLock { $0.names(for: address.unmapped, now: now) }
    }

    /// How many names and addresses are held.
    var size: (names: Int, addresses: Int) { pins.withLock { ($0.byName.count, $0.total) } }
}

/// The table itself. Two indexes of the same pairs.
private struct Pins {
    /// The end of a pin that has none.
    static let forever: Duration = .seconds(Int64.max)

    /// When each pin ends.
    private(set) var byName: [String: [IPAddress: Duration]] = [:]
    private var byAddress: [IPAddress: Set<String>] = [:]
    private(set) var total = 0

    func names(for address: IPAddress, now: Duration) -> Set<String> {
        (byAddress[address] ?? []).filter { name in (byName[name]?[address]).map { $0 > now } ?? false }
    }

    mutating func add(
        _ addresses: [IPAddress], to name: String, until: Duration, now: Duration, _ limits: NameTable.Limits
    ) {
        for address in addresses.prefix(limits.addressesPerName).map(\.unmapped) {
            if let known = byName[name]?[address] {
                byName[name]?[address] = max(known, until)
                continue
            }
            if let full = byName[name], full.count >= limits.addressesPerName { dropSoonest(of: name, full) }
            makeRoom(for: name, now: now, limits)
            byName[name, default: [:]][address] = until
            byAddress[address, default: []].insert(name)
            total += 1
        }
    }

    /// Frees a place: what has expired first, then names of the domain that holds most, so that a flood of names under
    /// one domain pushes out its own and nobody else's.
    private mutating func makeRoom(for name: String, now: Duration, _ limits: NameTable.Limits) {
        func isFull() -> Bool {
            total >= limits.addresses || (byName[name] == nil && byName.count >= limits.names)
        }
        guard isFull() else { return }
        for (old, pinned) in byName where old != name && pinned.values.allSatisfy({ $0 <= now }) {
            remove(old)
        }
        while isFull() {
            let candidates = byName.filter { $0.key != name && !$0.value.values.contains(Self.forever) }
            var weight: [Substring: Int] = [:]
            for (old, pinned) in candidates { weight[Self.domain(of: old), default: 0] += pinned.count }
            let heaviest = weight.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            // Several at a time: looking through the table costs more than dropping them.
            let victims = candidates.filter { Self.domain(of: $0.key) == heaviest }
                .sorted { Self.lastExpiry($0.value) < Self.lastExpiry($1.value) }.prefix(max(1, limits.names / 64))
            if victims.isEmpty { return }  // all that is left is seeded or the name itself, both bounded
            for victim in victims { remove(victim.key) }
        }
    }

    private mutating func dropSoonest(of name: String, _ pinned: [IPAddress: Duration]) {
        if let oldest = pinned.min(by: { $0.value < $1.value }) { remove(oldest.key, of: name) }
    }

    private mutating func remove(_ name: String) {
        for address in byName[name]?.keys.map({ $0 }) ?? [] { remove(address, of: name) }
    }

    private mutating func remove(_ address: IPAddress, of name: String) {
        byName[name]?.removeValue(forKey: address)
        if byName[name]?.isEmpty == true { byName[name] = nil }
        byAddress[address]?.remove(name)
        if byAddress[address]?.isEmpty == true { byAddress[address] = nil }
        total -= 1
    }

    private static func lastExpiry(_ pinned: [IPAddress: Duration]) -> Duration {
        pinned.values.max() ?? .zero
    }

    /// The last two labels: near enough to "one owner" to be fair by, and it needs no list of public suffixes.
    private static func domain(of name: String) -> Substring {
        var dots = 0
        let start = name.lastIndex { character in
            if character == "." { dots += 1 }
            return dots == 2
        }
        return start.map { name[name.index(after: $0)...] } ?? name[...]
    }
}
