/// Hosts in literal addresses.
enum HostText {
    /// `api.example.com` of `https://api.example.com/v1?x=`, with the port when one is written; `nil` when the host is not
    /// all there.
    static func host(of text: String) -> String? {
        let bytes = Array(text.utf8)
        var start = 0
        if let mark = firstMark(bytes) { start = mark + 3 } else { return nil }
        var end = start
        while end < bytes.count, ![0x2F, 0x3F, 0x23, 0x22, 0x27, 0x20, 0x5C].contains(bytes[end]) { end += 1 }
        // An address that breaks off inside of its host says nothing.
        let host = bytes[start..<end]
        if let at = host.lastIndex(of: 0x40) { start = at + 1 }
        let name = bytes[start..<end]
        guard name.count >= 3, name.count < 254 else { return nil }
        let isPlain = name.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E || $0 == 0x3A
                || $0 == 0x5F
        }
        guard isPlain, name.first != 0x2D, name.first != 0x2E, name.last != 0x2E, name.last != 0x3A else { return nil }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        guard text.contains(".") || text.hasPrefix("localhost") else { return nil }
        return text
    }

    private static func firstMark(_ bytes: [UInt8]) -> Int? {
        guard bytes.count > 6 else { return nil }
        for i in 1..<min(bytes.count - 2, 16) where bytes[i] == 0x3A && bytes[i + 1] == 0x2F && bytes[i + 2] == 0x2F {
            return i
        }
        return nil
    }

    /// Names of formats and examples are no hosts that a server calls.
    static func isLikely(_ host: String) -> Bool {
        let unlikely = [
            "json-schema.org", "www.w3.org", "example.com", "example.org", "schemas.microsoft.com",
            "schemas.openxmlformats.org",
            "purl.org", "xmlns.com", "ns.adobe.com", "schema.org", "spec.openapis.org", "semver.org", "opensource.org",
            "localhost", "127.0.0.1", "0.0.0.0", "modelcontextprotocol.io",
        ]
        let name = host.split(separator: ":")[0]
        return !unlikely.contains { name == $0 || name.hasSuffix("." + $0) }
    }
}
