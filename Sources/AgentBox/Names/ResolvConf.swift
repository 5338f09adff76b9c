public import PolicyEngine

/// The part of resolv.conf(5) that the stub needs: whom to ask.
public enum ResolvConf {
    /// What resolv.conf(5) gives resolvers, too.
    static let maximumServers = 3
    static let maximumLines = 1_000

    /// - Returns: The first three name servers, port 53; as resolv.conf(5) says, the one on this machine when none is
    ///   named. Options and search lists are left out: the box's own resolver has already applied its own.
    public static func nameServers(_ text: [UInt8]) -> [Endpoint] {
        var servers: [Endpoint] = []
        for line in configurationLines(text, comments: "#;", limit: maximumLines) {
            guard line.first == "nameserver", line.count > 1, let address = NumericAddress.parse(line[1]) else {
                continue
            }
            servers.append(Endpoint(address: address, port: 53))
            if servers.count == maximumServers { break }
        }
        return servers.isEmpty ? [Endpoint(address: .v4(0x7F00_0001), port: 53)] : servers
    }
}

/// The words of each line that has any, without comments.
func configurationLines(_ text: [UInt8], comments: String, limit: Int) -> [[Substring]] {
    String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).prefix(limit).compactMap { line in
        let words = line.prefix { !comments.contains($0) }.split { $0 == " " || $0 == "\t" }
        return words.isEmpty ? nil : words
    }
}
