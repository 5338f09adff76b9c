import StrictJSON

/// What the arguments of a call name: paths, hosts and commands, at any depth. Found once, when the first rule asks.
struct CallFacts {
    /// A text that is, or may be, a path.
    struct Candidate {
        let text: String
        /// Its key, or its form, says that it is a path; any other word only may be one.
        let isCertain: Bool
        /// The name of the argument that it stands in.
        let argument: String
    }

    private(set) var paths: [Candidate] = []
    /// Bare words behind other keys, which only may be names of files: there can be very many.
    private(set) var names: [String] = []
    private(set) var hosts: [NamedHost] = []
    private(set) var commands: [String] = []
    /// Whether there are more than ``most`` of a kind, so that no rule about them can be evaluated.
    private(set) var isCut = false

    /// What is certainly a path may need a look at the disk; what only may be one does not.
    static let most = 1_000
    static let mostWords = 200_000
    /// Bytes.
    static let longestCommand = 1 << 16
    /// Of all paths together: following links costs a look at the disk for each.
    static let mostParts = 20_000
    private var certain = 0
    private var parts = 0
    /// How many texts of JSON we are inside of.
    private var depth = 0
    static let mostNested = 4

    init() {}

    init(of call: ToolCall) {
        if call.method == "resources/read" || call.method.hasPrefix("resources/") {
            addPath(call.tool, [.path, .host], "uri")
            addHosts(call.tool, .host, "uri")
        }
        guard let arguments = call.arguments else { return }
        if arguments.kind == .object {
            arguments.forEachMember { key, value in
                let name = key.string ?? ""
                addKey(name, [], name)
                visit(value, KeyMeaning(name), name)
            }
        } else {
            visit(arguments, KeyMeaning(""), "")
        }
    }

    private mutating func visit(_ value: JSONElement, _ keys: KeyMeaning, _ argument: String) {
        switch value.kind {
        case .null, .bool, .number: return
        case .string:
            if keys.isEmpty, let word = Self.plainWord(value) {
                names.append(word)
                if names.count > Self.mostWords { isCut = true }
            } else {
                add(value.string ?? "", keys, argument)
            }
        case .array:
            if keys.contains(.command) {
                let elements = value.elements
                if !elements.isEmpty, elements.allSatisfy({ $0.kind == .string }) {
                    commands.append(elements.map { $0.string ?? "" }.joined(separator: " "))
                    let words = KeyMeaning("")
                    for element in elements { add(element.string ?? "", words, argument) }
                    return
                }
            }
            value.forEachElement { visit($0, keys, argument) }
        case .object:
            value.forEachMember { key, member in
                let key = key.string ?? ""
                addKey(key, keys, argument)
                visit(member, keys.union(KeyMeaning(key)), argument)
            }
        }
    }

    /// A text that is nothing but a short word of ASCII letters, digits, `-` and `_`: ``add(_:_:_:)`` would take it for a name too,
    /// after many more questions, and a call can hold hundreds of thousands of them.
    private static func plainWord(_ value: JSONElement) -> String? {
        var word: String?
        // The buffer lives for the closure.
        unsafe value.withStringBytes { bytes in
            guard (1...64).contains(bytes.count) else { return }
            let isPlain = unsafe bytes.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
            if isPlain { word = unsafe String(decoding: bytes, as: UTF8.self) }
        }
        return word
    }

    /// A key can be a path: `{"files": {"a/b": "text"}}`.
    private mutating func addKey(_ key: String, _ keys: KeyMeaning, _ argument: String) {
        let isOdd = key.utf8.contains {
            switch $0 {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: "$"): true
            default: false
            }
        }
        if isOdd || keys.contains(.path) { add(key, [], argument) }
    }

    private mutating func add(_ text: String, _ keys: KeyMeaning, _ argument: String) {
        // Joined to a folder, an empty path is that folder.
        let text = text.isEmpty && keys.contains(.path) ? "." : text
        var isJSON = false
        if let value = NestedJSON.read(text) {
            if depth == Self.mostNested { isCut = true }
            if isCut { return }
            depth += 1
            switch value {
            case .value(let element): visit(element, keys, argument)
            case .strings(let texts): for text in texts { add(text, keys, argument) }
            case .tooMany: isCut = true
            }
            depth -= 1
            // Whatever it says was looked at, and no file has such a name.
            if case .value = value { isJSON = true }
            if isJSON, text.utf8.count > PathReader.longest { return }
        }
        let isWord = keys.isSubset(of: .maybeHost) && PathReader.isBareName(text)
        let mayNameHost = !keys.isDisjoint(with: [.host, .maybeHost])
        if mayNameHost || !isWord && (text.utf8.contains(UInt8(ascii: ":")) || text.utf8.starts(with: "//".utf8)) {
            addHosts(text, keys, argument, isMentioned: isJSON && !keys.contains(.host))
        }
        if isWord {
            if !text.isEmpty { names.append(text) }
            if names.count > Self.mostWords { isCut = true }
            return
        }
        if keys.contains(.command) {
            if text.utf8.count > Self.longestCommand { isCut = true }
            if isCut { return }
            commands.append(text)
            for word in CommandText.words(of: text) { addPath(word, [], argument) }
            return
        }
        addPath(text, keys, argument)
    }

    /// - Parameter isMentioned: Whether what the text says was found already, without the quotes of JSON around it.
    private mutating func addHosts(
        _ text: String, _ keys: KeyMeaning, _ argument: String, isMentioned: Bool = false
    ) {
        for var host in NamedHost.find(in: text, keys) {
            host.argument = argument
            if isMentioned { host.isCertain = false }
            hosts.append(host)
        }
        if hosts.count > Self.most { isCut = true }
    }

    private mutating func addPath(_ text: String, _ keys: KeyMeaning, _ argument: String) {
        if text.isEmpty || isCut || isElsewhere(text, keys) { return }
        // A text that is JSON is read by some servers and written to a file by others: there a name in the working directory is none
        // that has to be allowed, unless its key says so.
        let isCertain =
            keys.contains(.path) || Self.looksLikePath(text) && (depth == 0 || !PathReader.isBelow(text))
        if !keys.contains(.path), text.utf8.count > PathReader.longest, !isCertain || Self.isBlob(text) { return }
        if !isCertain, text.utf8.contains(0x0A), FoldedText.trimmed(text).utf8.contains(0x0A) { return }
        if isCertain {
            certain += 1
            // What can be read in several ways is followed in each.
            parts +=
                text.utf8.count { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "%") }
                * (PathReader.isPlain(text) ? 1 : 8 + PathReader.pieceCount(of: text))
        }
        paths.append(Candidate(text: text, isCertain: isCertain, argument: argument))
        if certain > Self.most || parts > Self.mostParts || paths.count > Self.mostWords { isCut = true }
    }

    /// Whether it names something on another machine. What goes up may be taken for a path all the same, and so may anything
    /// behind a key that is about paths alone.
    private func isElsewhere(_ text: String, _ keys: KeyMeaning) -> Bool {
        if keys.contains(.path), !keys.contains(.host) { return false }
        guard text.utf8.prefix(32).contains(UInt8(ascii: ":")),
            let scheme = PathReader.scheme(of: Array(text.utf8.prefix(40))),
            Self.webSchemes.contains(String(decoding: scheme, as: UTF8.self))
        else { return false }
        return !text.utf8Contains("..") && !text.utf8Contains("%2e") && !text.utf8Contains("%2E")
    }

    /// Base64 and the like: too long to be opened, and with no `..` or empty part that would make it shorter.
    private static func isBlob(_ text: String) -> Bool {
        var length = 0
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                length += 1
            case UInt8(ascii: "/"): if last != byte { length += 1 }
            default: return false
            }
            last = byte
        }
        return length > PathReader.longest
    }

    /// What these name lies on another machine.
    private static let webSchemes: Set<String> = [
        "http", "https", "ws", "wss", "ftp", "ftps", "mailto", "data", "ssh", "tel", "urn", "did", "ipfs", "git+https",
        "git+ssh",
    ]

    /// By its form: `/x`, `~/x`, `./x`, `a/b` without blanks, `C:\x`, `file:x`, `$HOME/x`; blanks around it do not count.
    static func looksLikePath(_ text: String) -> Bool {
        var first: UInt8 = 0, last: UInt8 = 0
        var hasSlash = false, hasBlank = false, hasLine = false, hasPercent = false
        var blanks = false, lines = false
        for byte in text.utf8 {
            if byte <= 0x20 {
                // Inside only when something follows.
                blanks = true
                lines = lines || byte == 0x0A || byte == 0x0D
                continue
            }
            if first == 0, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`") {
                continue
            }
            if first == 0 {
                first = byte
            } else {
                hasBlank = hasBlank || blanks
                hasLine = hasLine || lines
            }
            (blanks, lines) = (false, false)
            last = byte
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"): hasSlash = true
            case UInt8(ascii: "%"): hasPercent = true
            default: break
            }
        }
        if last == 0 || hasLine && text.utf8.count > 256 { return false }
        if hasSlash, !hasBlank { return true }
        if hasSlash {
            // With blanks only where it begins as a path does, or goes up.
            switch first {
            case UInt8(ascii: "/"), UInt8(ascii: "~"), UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "$"):
                return true
            default:
                return text.utf8Contains("../") || text.utf8Contains("..\\") || text.hasPrefix(small: "file:")
            }
        }
        if hasPercent, !hasBlank {
            if ["%2f", "%2F", "%5c", "%5C"].contains(where: text.utf8Contains) { return true }
        }
        if first == UInt8(ascii: "~") { return !hasBlank }
        if text.utf8.contains(where: { $0 >= 0x80 }), text.unicodeScalars.contains(where: { PathReader.isSlash($0) }) {
            return true
        }
        return text.utf8.elementsEqual("..".utf8)
            || text.utf8.contains(UInt8(ascii: ":")) && text.hasPrefix(small: "file:")
    }
}
