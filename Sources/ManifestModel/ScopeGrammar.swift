/// Reads an entry as whoever decides by it does, and says what is wrong with it: for keys whose values this module cannot read
/// itself, hosts, ports and addresses.
public typealias ScopeReading = @Sendable (ScopeKey, String) -> String?

extension ScopeKey {
    /// More entries than this under one key are a mistake, or an attempt to make every decision slow.
    public static let mostEntries = 2_000

    /// What is wrong with one entry, as far as its spelling tells; hosts and paths are resolved elsewhere, see ``ScopeReading``.
    func complaint(about text: String) -> String? {
        switch self {
        case .allowedHosts, .deniedHosts:
            if text.utf8.contains(0x20) { return "`\(shown(text))` is no host: it holds a blank" }
            if text.contains("://") {
                return "`\(shown(text))` is an address of a page; write only its host, and :port if wanted"
            }
        case .listenPorts:
            guard let colon = text.lastIndex(of: ":"), colon != text.startIndex,
                UInt16(text[text.index(after: colon)...]) != nil
            else { return "`\(shown(text))` is no port: a number from 0 to 65535, or a string `ADDRESS:PORT`" }
        case .envVars:
            let isName = text.utf8.allSatisfy {
                $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39).contains($0)
            }
            let startsWithDigit = text.utf8.first.map { (0x30...0x39).contains($0) } ?? true
            if !isName || startsWithDigit { return "`\(shown(text))` is no name of an environment variable" }
        case .devices:
            if !text.hasPrefix("/dev/") { return "`\(shown(text))` is no device: its path starts with /dev/" }
        case .dns:
            if text.utf8.contains(0x20) { return "`\(shown(text))` is no name server: ADDRESS or ADDRESS:PORT" }
        case .readPaths, .writePaths, .deletePaths, .denyPaths, .allowedSockets, .allowedCommands, .limits:
            break
        }
        return nil
    }
}

extension LimitKey {
    /// How its value is written.
    public var grammar: String {
        switch unit {
        case .bytes: "a whole number above 0, with K, M, G or T if wanted"
        case .seconds: "a whole number above 0, with s, m or h if wanted"
        case .count: "a whole number above 0"
        }
    }
}
