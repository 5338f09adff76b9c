public import ManifestModel

extension ScopeKey {
    /// What is wrong with a manifest's entry of hosts, ports or addresses, which are read here: a ``ScopeReading``.
    @Sendable public static func unreadable(_ key: ScopeKey, _ text: String) -> String? {
        do throws(HostRuleError) {
            switch key {
            case .allowedHosts, .deniedHosts: _ = try HostRule(parsing: text)
            case .dns: _ = try Endpoint(nameServer: text)
            case .listenPorts: _ = try ListenRule.parse(text)
            default: break
            }
            return nil
        } catch {
            return
                "`\(printable(text))` in `\(key.rawValue)`: \(key == .listenPorts ? error.listenWords : error.description)"
        }
    }
}

/// Why a `limits` entry cannot be read.
public enum LimitError: Error, Hashable, Sendable, CustomStringConvertible {
    case noValue
    case unknownName(String, suggestion: String?)
    case badValue(name: String, value: String)

    public var description: String {
        switch self {
        case .noValue: "a limit is written NAME=VALUE, as in memory=2G"
        case .unknownName(let name, let suggestion):
            "there is no limit `\(printable(name))`"
                + (suggestion.map { "; did you mean `\($0)`?" } ?? "; there are "
                    + ResourceLimits.table.map(\.name).joined(separator: ", "))
        case .badValue(let name, let value):
            "`\(printable(value))` is no value for \(name); it takes \(ResourceLimits.form(of: name))"
        }
    }
}

extension ResourceLimits {
    enum Unit: Sendable { case bytes, count, seconds }

    static var table: [(name: String, unit: Unit, field: WritableKeyPath<ResourceLimits, UInt64?>)] {
        [
            ("memory", .bytes, \.memory), ("processes", .count, \.processes), ("files", .count, \.files),
            ("cpu", .seconds, \.cpu), ("fileSize", .bytes, \.fileSize),
        ]
    }

    static func form(of name: String) -> String {
        switch table.first(where: { $0.name == name })?.unit {
        case .bytes?: "bytes, or a number with K, M, G or T, as in 2G"
        case .seconds?: "seconds, or a number with s, m or h, as in 60s"
        case .count?, nil: "a number from 1"
        }
    }

    /// Adds an entry such as `memory=2G`. Of two values for one limit, the lower one holds.
    public mutating func add(_ text: String) throws(LimitError) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { throw .noValue }
        let name = String(text[..<equals])
        let value = String(text[text.utf8.index(after: equals)...])
        guard let row = Self.table.first(where: { $0.name == name }) else {
            throw .unknownName(name, suggestion: closest(to: name, among: Self.table.map(\.name)))
        }
        guard let number = Self.number(value, row.unit) else { throw .badValue(name: name, value: value) }
        self[keyPath: row.field] = min(number, self[keyPath: row.field] ?? .max)
    }

    private static func number(_ text: String, _ unit: Unit) -> UInt64? {
        let factors: [UInt8: UInt64] =
            switch unit {
            case .bytes:
                [
                    UInt8(ascii: "k"): 1 << 10, UInt8(ascii: "m"): 1 << 20, UInt8(ascii: "g"): 1 << 30,
                    UInt8(ascii: "t"): 1 << 40,
                ]
            case .seconds: [UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3_600]
            case .count: [:]
            }
        let factor = text.utf8.last.flatMap { factors[$0 | 0x20] }
        let digits = factor == nil ? text[...] : text.dropLast()
        guard digits.utf8.allSatisfy(isDigit), let value = UInt64(digits), value > 0 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: factor ?? 1)
        // The kernel's limits are signed.
        return overflow || product > UInt64(Int64.max) ? nil : product
    }
}

extension ListenRule {
    /// Reads `PORT`, `ADDRESS:PORT` or `localhost:PORT`; port 0 is any port that the kernel chooses.
    /// - Returns: One rule, or for `localhost` one for each family.
    public static func parse(_ text: String) throws(HostRuleError) -> [ListenRule] {
        if !text.utf8.contains(UInt8(ascii: ":")) { return [ListenRule(port: try HostText.port(text[...], from: 0))] }
        let (host, port) = try HostText.split(text)
        guard let port else { throw .port("") }
        let number = try HostText.port(port, from: 0)
        if host.lowercased() == "localhost" {
            return [ListenRule(address: .v4(0x7f00_0001), port: number), ListenRule(address: .v6(0, 1), port: number)]
        }
        // `*:8080` and the wildcard addresses are what a bare port says.
        if host == "*" { return [ListenRule(port: number)] }
        guard HostText.isAddress(host) else { throw .address(.malformed) }
        let address = try HostText.address(host)
        if address.destination != address.canonical { return [ListenRule(port: number)] }
        return [ListenRule(address: address.canonical, port: number)]
    }

    /// Whether the server may listen on `address` and `port` by this rule.
    public func allows(_ address: IPAddress, port: UInt16, isEphemeral: Bool = false) -> Bool {
        (self.port == port || self.port == 0 && isEphemeral)
            && (self.address == nil || self.address == address.canonical)
    }
}

extension ListenRule: CustomStringConvertible {
    public var description: String {
        switch address {
        case nil: "\(port)"
        case .v4?: "\(address!):\(port)"
        case .v6?: "[\(address!)]:\(port)"
        }
    }
}

extension Endpoint: CustomStringConvertible {
    /// Reads a name server's `ADDRESS` or `ADDRESS:PORT`; the port is 53 when none is given.
    public init(nameServer text: String) throws(HostRuleError) {
        let (host, port) = try HostText.split(text)
        guard HostText.isAddress(host) else { throw .address(.malformed) }
        let address = try HostText.address(host).destination
        if [.multicast, .broadcast].contains(address.classification) { throw .address(.malformed) }
        self.init(
            address: address,
            port: try port.map { (text) throws(HostRuleError) in try HostText.port(text, from: 1) } ?? 53)
    }

    public var description: String {
        address.bitCount == 128 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
