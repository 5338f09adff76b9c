/// Why a text is no entry of `allowedHosts`, `deniedHosts`, `listenPorts` or `dns`.
public enum HostRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    case empty, url, wildcardPlace, unclosedBracket
    case hostBitsSet(String)
    case control
    case port(String)
    case prefix(String)
    case address(IPAddressError)
    case name(HostNameError)

    public var description: String {
        switch self {
        case .empty: "the entry is empty"
        case .url: "it looks like a URL; write the host and the port only, as in `example.com:443`"
        case .wildcardPlace: "`*` stands alone, or as the whole first part, as in `*.example.com`"
        case .unclosedBracket: "an address in brackets is followed by nothing, or by `:` and a port"
        case .hostBitsSet(let block): "the address has bits behind its prefix; the block is `\(block)`"
        case .control: "the entry holds a space, a control character or NUL"
        case .port(let text): "`\(printable(text))` is no port from 1 to 65535"
        case .prefix(let text): "`\(printable(text))` is no prefix length of this address"
        case .address(let error): error.description
        case .name(let error): error.description
        }
    }
}

extension HostRule {
    /// Reads `host`, `*.host`, an IPv4 or IPv6 address, a block `address/prefix`, or `*`, each with an optional `:port`;
    /// IPv6 with a port stands in brackets.
    public init(parsing text: String) throws(HostRuleError) {
        let (host, port) = try HostText.split(text)
        self.init(
            try Self.target(host),
            port: try port.map { (text) throws(HostRuleError) in try HostText.port(text, from: 1) })
    }

    private static func target(_ host: Substring) throws(HostRuleError) -> Target {
        if host == "*" { return .anyPublic }
        if host.hasPrefix("*.") {
            let parent = host.dropFirst(2)
            if parent.utf8.contains(UInt8(ascii: "*")) { throw .wildcardPlace }
            if HostText.isAddress(parent) { throw .wildcardPlace }
            return .below(try HostText.name(parent))
        }
        if host.utf8.contains(UInt8(ascii: "*")) { throw .wildcardPlace }
        if let slash = host.utf8.firstIndex(of: UInt8(ascii: "/")) {
            return try block(host[..<slash], prefix: host[host.utf8.index(after: slash)...])
        }
        if HostText.isAddress(host) {
            let address = try HostText.address(host).destination
            return .block(address, prefix: address.bitCount)
        }
        return .name(try HostText.name(host))
    }

    private static func block(_ base: Substring, prefix text: Substring) throws(HostRuleError) -> Target {
        if !HostText.isAddress(base) { throw .url }
        let address = try HostText.address(base)
        guard let prefix = HostText.number(text, in: 0...address.bitCount) else { throw .prefix(String(text)) }
        if prefix == address.bitCount { return .block(address.destination, prefix: address.destination.bitCount) }
        let start = address.masked(to: prefix)
        if start != address { throw .hostBitsSet("\(start)/\(prefix)") }
        // A block of mapped addresses is the IPv4 block inside.
        if case .v6(0, let low) = address, low >> 32 == 0xffff, prefix >= 96 {
            return .block(address.canonical, prefix: prefix - 96)
        }
        return .block(address, prefix: prefix)
    }

    /// What the operator should know about an entry that is allowed, or `nil`.
    public var warning: String? {
        switch target {
        case .below(let parent) where SharedSuffixes.contains(parent):
            "anyone can register a name below `\(parent)`, so `\(self)` covers hosts of strangers"
        case .name(let name) where HostRules.metadataNames.contains(name):
            "`\(name)` is an instance service; its address has to be granted too, as in 169.254.169.254"
        case .block(let address, 0):
            "`\(self)` covers every \(address.bitCount == 32 ? "IPv4" : "IPv6") address, private ones too"
        default: nil
        }
    }
}

extension HostRule: CustomStringConvertible {
    /// As it would be written in an override.
    public var description: String {
        let bare: String
        switch target {
        case .anyPublic: bare = "*"
        case .name(let name): bare = name
        case .below(let parent): bare = "*." + parent
        case .block(let address, let prefix):
            let text = prefix == address.bitCount ? "\(address)" : "\(address)/\(prefix)"
            bare = port != nil && address.bitCount == 128 ? "[\(text)]" : text
        }
        return port.map { "\(bare):\($0)" } ?? bare
    }
}

/// The parts that entries with a host and a port share.
enum HostText {
    /// Splits at the port, if there is one. More than one colon without brackets is an IPv6 address.
    static func split(_ text: String) throws(HostRuleError) -> (host: Substring, port: Substring?) {
        if text.isEmpty { throw .empty }
        if text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) { throw .control }
        // `://`, a path, a query, a fragment or a user name.
        let isBlock = text.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1 && !text.hasSuffix("/")
        let slashed = text.utf8.contains(UInt8(ascii: "/")) && !isBlock
        if slashed || text.utf8.contains(where: { "@?#\\".utf8.contains($0) }) { throw .url }
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]") else { throw .unclosedBracket }
            let host = text[text.index(after: text.startIndex)..<end]
            // Brackets hold IPv6 and nothing else.
            guard host.utf8.contains(UInt8(ascii: ":")) else { throw .address(.malformed) }
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            guard rest.utf8.first == UInt8(ascii: ":") else { throw .unclosedBracket }
            return (host, rest.dropFirst())
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return (text[...], nil) }
        if colon == text.startIndex { throw .empty }
        return (text[..<colon], text[text.utf8.index(after: colon)...])
    }

    static func port(_ text: Substring, from least: Int) throws(HostRuleError) -> UInt16 {
        guard let number = number(text, in: least...65_535) else { throw .port(String(text)) }
        return UInt16(number)
    }

    /// Plain decimal digits without sign or leading zero.
    static func number(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy(isDigit), text == "0" || text.first != "0",
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    static func isAddress(_ host: Substring) -> Bool {
        host.utf8.contains(UInt8(ascii: ":")) || IPAddress.looksLikeIPv4(withoutDot(host))
    }

    static func address(_ host: Substring) throws(HostRuleError) -> IPAddress {
        do { return try IPAddress(parsing: withoutDot(host)) } catch { throw .address(error) }
    }

    static func name(_ host: Substring) throws(HostRuleError) -> String {
        do { return try HostName.canonical(host) } catch { throw .name(error) }
    }

    private static func withoutDot(_ host: Substring) -> Substring {
        host.utf8.last == UInt8(ascii: ".") ? host.dropLast() : host
    }
}
