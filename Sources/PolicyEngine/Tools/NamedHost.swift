/// A host that a text names.
struct NamedHost {
    /// `nil`: it cannot be told which.
    var host: String?
    var port: UInt16?
    /// A field of its own, or all of a URL: no mere mention.
    var isCertain: Bool

    /// Whether it is a name or an address that all readers take for the same.
    var isReadable: Bool {
        guard let host else { return false }
        return HostText.isAddress(host[...])
            ? (try? HostText.address(host[...])) != nil : (try? HostText.name(host[...])) != nil
    }

    /// - Parameter isHost: Whether the text's key says that it is a host or a URL.
    static func find(in text: String, isHost: Bool) -> [NamedHost] {
        var found: [NamedHost] = []
        let bytes = Array(text.utf8)
        var at = 0
        while let start = next(bytes, from: at) {
            var end = start
            while end < bytes.count, !" \t\n\r\"'<>`".utf8.contains(bytes[end]) { end += 1 }
            let authority = bytes[start..<end].prefix { !"/?#".utf8.contains($0) }
            let isWhole = bytes[..<start].allSatisfy { !" \n".utf8.contains($0) }
            // Some readers end the host at a backslash, some do not.
            let ends = [authority, authority.prefix { $0 != UInt8(ascii: "\\") }]
            for part in ends[1].count == authority.count ? [authority] : ends {
                found.append(read(part, isCertain: isWhole || isHost))
            }
            at = end
            if found.count > CallFacts.most { return found }
        }
        if found.isEmpty, isHost, !text.isEmpty, !bytes.contains(where: { $0 == 0x20 || $0 == 0x0A }) {
            found.append(read(bytes.prefix { !"/?#\\".utf8.contains($0) }, isCertain: true))
        }
        return found
    }

    /// Behind the next `://`, or `//` at the start.
    private static func next(_ bytes: [UInt8], from: Int) -> Int? {
        if from == 0, bytes.starts(with: "//".utf8) { return 2 }
        var at = from
        while at + 2 < bytes.count {
            if bytes[at] == UInt8(ascii: ":"),
                bytes[at + 1] == UInt8(ascii: "/") || bytes[at + 1] == UInt8(ascii: "\\"),
                bytes[at + 2] == UInt8(ascii: "/") || bytes[at + 2] == UInt8(ascii: "\\")
            {
                // Three slashes and more: some readers skip them all.
                var start = at + 3
                while start < bytes.count, bytes[start] == UInt8(ascii: "/") || bytes[start] == UInt8(ascii: "\\") {
                    start += 1
                }
                return isFile(bytes, at) ? next(bytes, from: start) : start
            }
            at += 1
        }
        return nil
    }

    private static func isFile(_ bytes: [UInt8], _ colon: Int) -> Bool {
        colon >= 4 && bytes[(colon - 4)..<colon].map(PathReadings.Place.lowercase).elementsEqual("file".utf8)
    }

    /// `user@host:port`.
    private static func read(_ authority: ArraySlice<UInt8>, isCertain: Bool) -> NamedHost {
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        let text = String(decoding: host, as: UTF8.self)
        guard let parts = try? HostText.split(text) else {
            return NamedHost(host: nil, port: nil, isCertain: isCertain)
        }
        let port = parts.port.flatMap { UInt16($0) }
        if parts.port != nil, port == nil { return NamedHost(host: nil, port: nil, isCertain: isCertain) }
        return NamedHost(host: String(parts.host), port: port, isCertain: isCertain)
    }
}
