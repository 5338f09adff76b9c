/// A host that a text names.
struct NamedHost {
    /// `nil`: it cannot be told which.
    var host: String?
    var port: UInt16?
    /// A field of its own, or a URL that is no part of another one: no mere mention.
    var isCertain: Bool
    /// The name of the argument that it stands in.
    var argument = ""

    /// Whether it is a name or an address that all readers take for the same.
    var isReadable: Bool {
        guard let host else { return false }
        return HostText.isAddress(host[...])
            ? (try? HostText.address(host[...])) != nil : (try? HostText.name(host[...])) != nil
    }

    /// - Parameter keys: What the text's key says of it.
    static func find(in text: String, _ keys: KeyMeaning) -> [NamedHost] {
        let isHost = keys.contains(.host)
        var found = plain(in: text, isHost: isHost)
        if isHost || keys.contains(.maybeHost) { found += words(of: text, isHost: isHost) }
        // An address inside of another one is commonly encoded, once for each.
        var bytes = Array(text.utf8)
        for _ in 0..<3 where found.count <= CallFacts.most {
            guard let decoded = PathReader.percentDecoded(bytes) else { break }
            bytes = decoded
            for var host in plain(in: String(decoding: decoded, as: UTF8.self), isHost: false) {
                host.isCertain = false
                found.append(host)
            }
        }
        return found
    }

    private static func plain(in text: String, isHost: Bool) -> [NamedHost] {
        var found: [NamedHost] = []
        let bytes = Array(text.utf8)
        let firstBlank = bytes.firstIndex { $0 == 0x20 || $0 == 0x0A } ?? bytes.count
        let isBlank: (Int) -> Bool = { $0 >= bytes.count || bytes[$0] <= 0x20 }
        var at = 0, end = 0
        while let start = next(bytes, from: at) {
            // An address in another one's query is a mention: who fetches the outer one may fetch it as well. In a list of addresses it
            // is one of its own.
            let isInside = start < end && !isListed(bytes, start)
            if start >= end {
                end = start
                while end < bytes.count, !" \t\n\r\"'<>`".utf8.contains(bytes[end]) { end += 1 }
            }
            var authority = bytes[start..<end].prefix { !"/?#".utf8.contains($0) }
            at = authority.endIndex
            if !isHost, at == end { authority = withoutPunctuation(authority) }
            if isInside {
                found.append(read(authority, isCertain: false))
                if found.count > CallFacts.most { return found }
                continue
            }
            // Among other words a bare `https://` is talked about.
            let isCertain =
                isHost || start <= firstBlank || hasScheme(bytes, start) && !(authority.isEmpty && isBlank(end))
            // Some readers end the host at a backslash, some do not.
            let ends = [authority, authority.prefix { $0 != UInt8(ascii: "\\") }]
            for part in ends[1].count == authority.count ? [authority] : ends {
                found.append(read(part, isCertain: isCertain))
            }
            // Browsers leave tabs out of a URL; others end it there.
            if end < bytes.count, bytes[end] == 0x09 { found.append(NamedHost(isCertain: true)) }
            if found.count > CallFacts.most { return found }
        }
        if isHost, FoldedText.trimmed(text).utf8.contains(where: { $0 < 0x20 }) {
            found.append(NamedHost(isCertain: true))
        }
        return found
    }

    // MARK: Without a scheme

    /// Bytes of a text of several words, each of which may be a host whatever it looks like.
    private static let longestList = 256

    /// The hosts that stand there without a scheme: `example.com`, `example.com:80, example.org`.
    private static func words(of text: String, isHost: Bool) -> [NamedHost] {
        let bytes = Array(FoldedText.trimmed(text).utf8)
        // A file is on no host.
        if PathReader.scheme(of: Array(bytes.prefix(8))) == Array("file".utf8) { return [] }
        var words = bytes.split { $0 <= 0x20 }
        if words.count == 1 {
            let isAddress = next(bytes, from: 0) != nil
            return isAddress ? [] : [read(authority(bytes[...]), isCertain: isHost)]
        }
        words = bytes.split { $0 <= 0x20 || ",;|<>()\"'`".utf8.contains($0) }
        // What follows an address after a blank may be the rest of it.
        let isAddress = words.first.map { next(Array($0), from: 0) != nil } ?? false
        var found: [NamedHost] = []
        for word in words where next(Array(word), from: 0) == nil {
            let name = authority(word)
            let looksLikeHost = looksLikeHost(name)
            guard looksLikeHost || bytes.count <= longestList else { continue }
            found.append(read(name, isCertain: isHost && looksLikeHost && !isAddress))
            if found.count > CallFacts.most { break }
        }
        return found
    }

    private static func authority(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        word.prefix { !"/?#\\".utf8.contains($0) }
    }

    /// Among other words: `a.example`, `10.0.0.1`, `[::1]`, but neither `1.5` nor `e.g.`
    private static func looksLikeHost(_ word: ArraySlice<UInt8>) -> Bool {
        if word.first == UInt8(ascii: "[") { return true }
        var name = word.prefix { $0 != UInt8(ascii: ":") }
        while name.last == UInt8(ascii: ".") { name.removeLast() }
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return false }
        let last = name[(dot + 1)...]
        if last.allSatisfy({ (0x30...0x39).contains($0) }) { return name.count { $0 == UInt8(ascii: ".") } == 3 }
        return last.count > 1 && !(0x30...0x39).contains(last.first!)
    }

    // MARK: URLs

    /// Behind the next `://`, or `//` at the start; of the web's own schemes any number of slashes will do.
    private static func next(_ bytes: [UInt8], from: Int) -> Int? {
        if from == 0, bytes.starts(with: "//".utf8) { return 2 }
        let isSlash: (Int) -> Bool = {
            $0 < bytes.count && (bytes[$0] == UInt8(ascii: "/") || bytes[$0] == UInt8(ascii: "\\"))
        }
        var at = from
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: ":") {
                let isWeb = web.contains { endsScheme(bytes, at, $0) }
                if isWeb || isSlash(at + 1) && isSlash(at + 2) {
                    // Three slashes and more: some readers skip them all.
                    var start = at + 1
                    while isSlash(start) { start += 1 }
                    let isMention = isWeb && start == at + 1 && (start == bytes.count || bytes[start] <= 0x20)
                    if !isMention, !endsScheme(bytes, at, Array("file".utf8)) { return start }
                    at = start - 1
                }
            }
            at += 1
        }
        return nil
    }

    /// Whether the scheme before `start` stands behind a sign that no URL has before another one: it separates the parts of a list, or
    /// the words of a command (`http://a/;curl${IFS}http://b/`).
    private static func isListed(_ bytes: [UInt8], _ start: Int) -> Bool {
        let before = scheme(of: bytes, start).startIndex - 1
        return before >= 0 && !"/?&=#:%@".utf8.contains(bytes[before])
    }

    /// Whether it is one by its form; a single letter is a drive.
    private static func hasScheme(_ bytes: [UInt8], _ start: Int) -> Bool {
        let scheme = scheme(of: bytes, start)
        return scheme.count > 1 && scheme.contains { (0x61...0x7A).contains($0 | 0x20) }
    }

    /// What stands before the colon and the slashes that end at `start`.
    private static func scheme(of bytes: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
        var colon = start - 1
        while colon >= 0, bytes[colon] == UInt8(ascii: "/") || bytes[colon] == UInt8(ascii: "\\") { colon -= 1 }
        if colon < 0 { return bytes[..<0] }
        var at = colon - 1
        while at >= 0,
            (0x61...0x7A).contains(bytes[at] | 0x20) || (0x30...0x39).contains(bytes[at])
                || "+-.".utf8.contains(bytes[at])
        {
            at -= 1
        }
        return bytes[(at + 1)..<colon]
    }

    /// A URL at the end of a sentence, or in brackets: what follows its host is no part of it, and makes no other host of it.
    private static func withoutPunctuation(_ authority: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var authority = authority
        while let last = authority.last, ".,;:!?)}*|".utf8.contains(last) { authority.removeLast() }
        if authority.last == UInt8(ascii: "]"), !authority.contains(UInt8(ascii: "[")) { authority.removeLast() }
        return authority
    }

    private static let web = ["http", "https", "ws", "wss", "ftp"].map { Array($0.utf8) }

    /// Whether this scheme stands before the colon, and no letter before that.
    private static func endsScheme(_ bytes: [UInt8], _ colon: Int, _ scheme: [UInt8]) -> Bool {
        let start = colon - scheme.count
        guard start >= 0 else { return false }
        for index in scheme.indices where PathReadings.Place.lowercase(bytes[start + index]) != scheme[index] {
            return false
        }
        return start == 0 || !(0x61...0x7A).contains(bytes[start - 1] | 0x20)
    }

    /// `user@host:port`.
    private static func read(_ authority: ArraySlice<UInt8>, isCertain: Bool) -> NamedHost {
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        let text = String(decoding: host, as: UTF8.self)
        guard let parts = try? HostText.split(text) else {
            return NamedHost(isCertain: isCertain)
        }
        let port = parts.port.flatMap { UInt16($0) }
        if parts.port != nil, port == nil { return NamedHost(isCertain: isCertain) }
        return NamedHost(host: String(parts.host), port: port, isCertain: isCertain)
    }
}
