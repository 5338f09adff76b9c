public import PolicyEngine

/// What an upstream server answered to one of the stub's own questions.
public struct DNSReply: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// The addresses at the end of the alias chain, perhaps none.
        case addresses([Address])
        /// NXDOMAIN.
        case noSuchName
        /// Cut short: ask again over TCP.
        case truncated
        /// SERVFAIL, REFUSED, a broken record: another server may know better.
        case failed
    }

    public struct Address: Hashable, Sendable {
        public let address: IPAddress
        /// In seconds: the shortest of its own and of the aliases that led to it.
        public let ttl: UInt32
    }

    public let outcome: Outcome

    /// Answer records that are read; more are ignored.
    static let maximumRecords = 128
    /// Aliases that are followed from the question to an address.
    static let maximumAliases = 16
}

extension DNSMessage {
    /// Reads a reply to the question that ``upstreamQuery(name:type:id:)`` wrote.
    /// - Returns: `nil` when it is no reply to that very question, as a forger's would be: wait for the right one.
    public static func parseReply(_ bytes: [UInt8], name: DNSName, type: DNSType, id: UInt16) -> DNSReply? {
        var reader = DNSReader(bytes)
        guard reader.uint16() == id, let flags = reader.uint16(), flags & 0xF800 == 0x8000,
            let counts = DNSQuestion.Counts(from: &reader), counts.questions == 1,
            reader.name(followPointers: false) == name, reader.uint16() == type.rawValue, reader.uint16() == 1
        else { return nil }
        if flags & 0x0200 != 0 { return DNSReply(outcome: .truncated) }
        switch flags & 0x000F {
        case Code.noError.rawValue: break
        case Code.nameError.rawValue: return DNSReply(outcome: .noSuchName)
        default: return DNSReply(outcome: .failed)
        }
        guard let records = records(from: &reader, count: Int(counts.answers)) else {
            return DNSReply(outcome: .failed)
        }
        return DNSReply(outcome: .addresses(addresses(of: name, type: type, in: records)))
    }

    private struct Record {
        enum Data {
            case address(IPAddress)
            case alias(DNSName)
        }
        let owner: DNSName
        let ttl: UInt32
        let data: Data
    }

    private static func records(from reader: inout DNSReader, count: Int) -> [Record]? {
        var records: [Record] = []
        for _ in 0..<min(count, DNSReply.maximumRecords) {
            guard let owner = reader.name(followPointers: true), let type = reader.uint16(),
                let recordClass = reader.uint16(), let ttl = reader.uint32(), let length = reader.uint16()
            else { return nil }
            let start = reader.offset
            var inside = reader  // an alias's name is compressed, so it is read in place
            guard let data = reader.take(Int(length)) else { return nil }
            guard recordClass == 1 else { continue }
            switch (DNSType(rawValue: type), data.count) {
            case (.a, 4): records.append(Record(owner: owner, ttl: ttl, data: .address(.v4(UInt32(bigEndian(data))))))
            case (.aaaa, 16):
                let address = IPAddress.v6(bigEndian(data.prefix(8)), bigEndian(data.suffix(8)))
                records.append(Record(owner: owner, ttl: ttl, data: .address(address)))
            case (.cname, _):
                guard let target = inside.name(followPointers: true), inside.offset == start + Int(length) else {
                    return nil
                }
                records.append(Record(owner: owner, ttl: ttl, data: .alias(target)))
            case (.a, _), (.aaaa, _): return nil
            default: continue
            }
        }
        return records
    }

    /// Follows the aliases from `name` and collects the addresses of whoever is at their end.
    private static func addresses(of name: DNSName, type: DNSType, in records: [Record]) -> [DNSReply.Address] {
        var owner = name
        var ttl = UInt32.max
        for _ in 0...DNSReply.maximumAliases {
            let own = records.filter { $0.owner == owner }
            let found: [DNSReply.Address] = own.compactMap { record in
                guard case .address(let address) = record.data, address.recordType == type else { return nil }
                return DNSReply.Address(address: address, ttl: min(ttl, record.ttl))
            }
            if !found.isEmpty { return found }
            let alias = own.lazy.compactMap { record -> (DNSName, UInt32)? in
                if case .alias(let target) = record.data { (target, record.ttl) } else { nil }
            }.first
            guard let alias else { return [] }
            owner = alias.0
            ttl = min(ttl, alias.1)
        }
        return []
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension IPAddress {
    /// The record type that carries it.
    var recordType: DNSType {
        switch self {
        case .v4: .a
        case .v6: .aaaa
        }
    }
}
