/// Addresses: who they lead to, and what they carry.
extension ThreatPass {
    /// - Parameters: where `http` starts, and where the host does.
    mutating func takeURL(_ place: Int, _ start: Int) {
        var end = start, sign: Int?
        scan: while end < start + 255 {
            switch byte(end) {
            case UInt8(ascii: "@"): sign = end
            case 0...0x20, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"),
                UInt8(ascii: "\""),
                UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ")"), UInt8(ascii: "`"),
                UInt8(ascii: ","):
                break scan
            default: break
            }
            end += 1
        }
        guard end > start else { return }
        var host = start
        if let sign {
            host = sign + 1
            if sign > start { add(unsafe rules.pointee.userInformation, place, end) }
        }
        var hostEnd = host
        if byte(host) == UInt8(ascii: "[") {
            if !matches("[::1]", host) { add(unsafe rules.pointee.numericHost, place, end) }
            hostEnd = end
        } else {
            while hostEnd < end, byte(hostEnd) != UInt8(ascii: ":") { hostEnd += 1 }
            if hostEnd > host, byte(hostEnd - 1) == UInt8(ascii: ".") { hostEnd -= 1 }
            takeHost(place, host, hostEnd)
        }
        takePath(place, end)
    }

    private func takeHost(_ place: Int, _ from: Int, _ to: Int) {
        guard to > from else { return }
        let last = byte(to - 1)
        if last &- 0x30 < 10 || isNumber(from, to) { return takeNumber(place, from, to) }
        // From the end, label by label: a service is named with its parents.
        var hash = KnownHosts.seed, label = to, labels = 0
        while label > from {
            label -= 1
            hash = KnownHosts.add(lowered(byte(label)), hash)
            guard label == from || byte(label - 1) == UInt8(ascii: ".") else { continue }
            labels += 1
            if byte(label) | 0x20 == UInt8(ascii: "x"), matches("xn--", label) {
                unsafe add(rules.pointee.punycode, place, to)
            }
            switch KnownHosts.kind(hash) {
            case .collector: unsafe add(rules.pointee.collector, place, to)
            case .shortener: unsafe add(rules.pointee.shortener, place, to)
            case .cheap where labels == 1 && label > from: unsafe add(rules.pointee.cheapDomain, place, to)
            default: break
            }
        }
    }

    /// Whether the last label is a number, in any spelling that resolvers take.
    private func isNumber(_ from: Int, _ to: Int) -> Bool {
        var label = to
        while label > from, byte(label - 1) != UInt8(ascii: ".") { label -= 1 }
        guard byte(label) == UInt8(ascii: "0"), byte(label + 1) | 0x20 == UInt8(ascii: "x") else { return false }
        return (label + 2..<to).allSatisfy { hex(byte($0)) != nil }
    }

    private func takeNumber(_ place: Int, _ from: Int, _ to: Int) {
        var parts: [Int] = [0], isPlain = true
        for at in from..<to {
            let digit = byte(at)
            if digit == UInt8(ascii: ".") {
                parts.append(0)
            } else if digit &- 0x30 < 10 {
                // A zero in front says octal to some.
                if parts[parts.count - 1] == 0, at > from, byte(at - 1) == UInt8(ascii: "0") { isPlain = false }
                parts[parts.count - 1] = min(parts[parts.count - 1] * 10 + Int(digit) - 0x30, 1 << 33)
            } else if ThreatVocabulary.isWord(digit), digit | 0x20 != UInt8(ascii: "x"), hex(digit) == nil {
                return  // a name that ends with a digit
            } else {
                isPlain = false
            }
        }
        guard isPlain, parts.count == 4, parts.allSatisfy({ $0 < 256 }) else {
            // `web1` and `db.host2` are names; `2130706433` and `127.1` are not.
            if (from..<to).contains(where: { hex(byte($0)) == nil && byte($0) != 0x2e && byte($0) | 0x20 != 0x78 }) {
                return
            }
            let hasLetters = (from..<to).contains { ThreatVocabulary.isWord(byte($0)) }
            if hasLetters, !isNumber(from, to) { return }
            return add(unsafe rules.pointee.oddHost, place, to)
        }
        switch (parts[0], parts[1]) {
        case (169, 254): add(unsafe rules.pointee.metadata, place, to)
        case (127, _), (10, _), (192, 168), (172, 16...31): break
        case (0, 0): break
        default: add(unsafe rules.pointee.numericHost, place, to)
        }
    }

    /// What stands behind the host: a program, or, in the address of an image, data.
    private mutating func takePath(_ place: Int, _ from: Int) {
        // An address within an address ends where that one does.
        guard from >= pathEnd else { return }
        var end = from, query: Int?, hasMark = false
        scan: while end < from + 512 {
            switch byte(end) {
            case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "`"): break scan
            case UInt8(ascii: "?"), UInt8(ascii: "#"): query = query ?? end
            case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "$"), UInt8(ascii: "<"): hasMark = true
            default: break
            }
            end += 1
        }
        pathEnd = end
        let path = query ?? end
        if path - 4 > from, byte(path - 4) == UInt8(ascii: ".") || byte(path - 3) == UInt8(ascii: "."),
            Self.programs.contains(where: { matches($0, path - $0.utf8CodeUnitCount) })
        {
            add(unsafe rules.pointee.scriptDownload, place, path)
        }
        guard byte(place - 1) == UInt8(ascii: "("), byte(place - 2) == UInt8(ascii: "]"), let query else { return }
        let carries =
            hasMark
            || (query..<min(end, query + 64)).contains { at in
                Self.carriers.contains { matches($0, at) }
            }
        guard carries else { return }
        var open = place - 3
        while open > place - 200, byte(open) != UInt8(ascii: "["), byte(open) != 0 { open -= 1 }
        if byte(open) == UInt8(ascii: "["), byte(open - 1) == UInt8(ascii: "!") {
            add(unsafe rules.pointee.imageQuery, open - 1, end)
        }
    }

    private static let carriers: [StaticString] = [
        "data=", "secret", "token", "leak", "exfil", "payload=", "content=", "text=", "key=", "msg=", "?d=", "?q=",
        "chat", "conv",
    ]
    private static let programs: [StaticString] = [
        ".sh", ".exe", ".ps1", ".bat", ".hta", ".scr", ".vbs", ".msi", ".dll", ".apk",
    ]
}

/// Hosts and domains by the hash of their names, read from the end.
enum KnownHosts {
    enum Kind: UInt8 { case unknown, collector, shortener, cheap }

    static let seed: UInt32 = 0x811c_9dc5
    @inline(__always) static func add(_ byte: UInt8, _ hash: UInt32) -> UInt32 { (hash ^ UInt32(byte)) &* 0x0100_0193 }

    @inline(__always) static func kind(_ hash: UInt32) -> Kind {
        var slot = Int(hash & 511)
        // Slots are below the table's size, and most are empty.
        while unsafe table[slot].kind != .unknown {
            if unsafe table[slot].hash == hash { return unsafe table[slot].kind }
            slot = (slot + 1) & 511
        }
        return .unknown
    }

    private struct Slot {
        var hash: UInt32 = 0
        var kind = Kind.unknown
    }

    private nonisolated(unsafe) static let table: UnsafePointer<Slot> = {
        var table = [Slot](repeating: Slot(), count: 512)
        for (names, kind) in [(collectors, Kind.collector), (shorteners, .shortener), (cheap, .cheap)] {
            for name in names.split(separator: " ") {
                let hash = name.utf8.reversed().reduce(seed) { add($1, $0) }
                var slot = Int(hash & 511)
                while table[slot].kind != .unknown { slot = (slot + 1) & 511 }
                table[slot] = Slot(hash: hash, kind: kind)
            }
        }
        return unsafe kept(table)
    }()

    private static let cheap =
        "tk top xyz click zip mov gq ml cf ga work country stream download loan racing review party kim men rest icu cam quest sbs "
        + "cfd bond"
    private static let shorteners = "bit.ly tinyurl.com t.co goo.gl is.gd ow.ly buff.ly cutt.ly rb.gy shorturl.at t.ly"
    private static let collectors =
        "webhook.site requestbin.com requestbin.net pipedream.net ngrok.io ngrok.app ngrok-free.app ngrok.dev burpcollaborator.net "
        + "oastify.com oast.fun oast.pro oast.live oast.me oast.site oast.online interact.sh interactsh.com dnslog.cn ceye.io "
        + "beeceptor.com requestcatcher.com hookbin.com canarytokens.com pastebin.com paste.ee hastebin.com transfer.sh file.io "
        + "0x0.st termbin.com ix.io anonfiles.com trycloudflare.com localhost.run serveo.net loca.lt mockbin.org postb.in "
        + "bashupload.com temp.sh webhook.cool typedwebhook.tools smee.io xss.ht ptsv2.com ptsv3.com"
}
