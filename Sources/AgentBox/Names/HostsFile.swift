public import PolicyEngine

/// The names that hosts(5) gives addresses to: the stub answers them itself, as any resolver of this machine would.
public struct HostsFile: Hashable, Sendable {
    /// Canonical name to addresses, in the file's order.
    public private(set) var addresses: [String: [IPAddress]] = [:]

    static let maximumLines = 20_000
    static let maximumNames = 4_096
    static let maximumAddressesPerName = 16

    public init() {}

    /// Reads the file; lines that make no sense are skipped, as resolvers do.
    public init(_ text: [UInt8]) {
        for line in configurationLines(text, comments: "#", limit: Self.maximumLines) {
            guard let address = NumericAddress.parse(line[0])?.unmapped else { continue }
            for word in line.dropFirst() {
                guard let name = DNSName(String(word))?.canonical else { continue }
                add(address, to: name)
            }
        }
    }

    private mutating func add(_ address: IPAddress, to name: String) {
        let known = addresses[name] ?? []
        guard known.isEmpty ? addresses.count < Self.maximumNames : known.count < Self.maximumAddressesPerName,
            !known.contains(address)
        else { return }
        addresses[name] = known + [address]
    }
}
