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
    private(set) var hosts: [NamedHost] = []
    private(set) var commands: [String] = []
    /// Whether there are more than ``most`` of a kind, so that no rule about them can be evaluated.
    private(set) var isCut = false

    /// What is certainly a path may need a look at the disk; what only may be one does not.
    static let most = 1_000
    static let mostWords = 200_000
    private var certain = 0

    init() {}

    init(of call: ToolCall) {
        if call.method == "resources/read" || call.method.hasPrefix("resources/") {
            addPath(call.tool, certain: true, "uri")
            hosts += NamedHost.find(in: call.tool, isHost: true)
        }
        guard let arguments = call.arguments else { return }
        for (name, value) in arguments.members { visit(value, KeyMeaning(name), name) }
        if arguments.kind != .object { visit(arguments, KeyMeaning(""), "") }
    }

    private mutating func visit(_ value: JSONElement, _ keys: KeyMeaning, _ argument: String) {
        switch value.kind {
        case .null, .bool, .number: return
        case .string: add(value.string ?? "", keys, argument)
        case .array:
            let elements = value.elements
            if keys.contains(.command), !elements.isEmpty, elements.allSatisfy({ $0.kind == .string }) {
                commands.append(elements.map { $0.string ?? "" }.joined(separator: " "))
                let words = KeyMeaning("")
                for element in elements { add(element.string ?? "", words, argument) }
                return
            }
            for element in elements { visit(element, keys, argument) }
        case .object:
            for (key, member) in value.members {
                if key.utf8.contains(where: {
                    $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "~")
                }) {
                    add(key, KeyMeaning(""), argument)
                }
                visit(member, keys.union(KeyMeaning(key)), argument)
            }
        }
    }

    private mutating func add(_ text: String, _ keys: KeyMeaning, _ argument: String) {
        if keys.contains(.host) || text.utf8.contains(UInt8(ascii: ":")) || text.utf8.starts(with: "//".utf8) {
            hosts += NamedHost.find(in: text, isHost: keys.contains(.host))
            if hosts.count > Self.most { isCut = true }
        }
        if keys.contains(.command) {
            commands.append(text)
            for word in CommandText.words(of: text) { addPath(word, certain: Self.looksLikePath(word), argument) }
            return
        }
        addPath(text, certain: keys.contains(.path) || Self.looksLikePath(text), argument)
    }

    private mutating func addPath(_ text: String, certain isCertain: Bool, _ argument: String) {
        if text.isEmpty || isCut { return }
        if text.utf8.prefix(32).contains(UInt8(ascii: ":")),
            let scheme = PathReader.scheme(of: Array(text.utf8.prefix(40))),
            Self.webSchemes.contains(String(decoding: scheme, as: UTF8.self))
        {
            return
        }
        if !isCertain, text.utf8.count > PathReader.longest || text.utf8.contains(0x0A) { return }
        if isCertain { certain += 1 }
        paths.append(Candidate(text: text, isCertain: isCertain, argument: argument))
        if certain > Self.most || paths.count > Self.mostWords { isCut = true }
    }

    /// What these name lies on another machine.
    private static let webSchemes: Set<String> = [
        "http", "https", "ws", "wss", "ftp", "ftps", "mailto", "data", "ssh", "tel", "urn", "did", "ipfs", "git+https",
        "git+ssh",
    ]

    /// By its form: `/x`, `~/x`, `./x`, `a/b` without blanks, `C:\x`, `file:x`, `$HOME/x`.
    static func looksLikePath(_ text: String) -> Bool {
        var hasSlash = false, hasBlank = false, hasLine = false, hasPercent = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "\\"): hasSlash = true
            case 0x20: hasBlank = true
            case 0x0A, 0x0D: hasLine = true
            case UInt8(ascii: "%"): hasPercent = true
            default: break
            }
        }
        if hasLine && text.utf8.count > 256 { return false }
        let first = text.utf8.first { $0 > 0x20 && $0 != 0x22 && $0 != 0x27 } ?? 0
        if hasSlash {
            if !hasBlank { return true }
            // With blanks only where it begins as a path does, or goes up.
            return [UInt8(ascii: "/"), UInt8(ascii: "~"), UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "$")]
                .contains(first)
                || text.utf8Contains("../") || text.utf8Contains("..\\") || text.lowercased().hasPrefix("file:")
        }
        if hasPercent, !hasBlank {
            return text.lowercased().utf8Contains("%2f") || text.lowercased().utf8Contains("%5c")
        }
        if first == UInt8(ascii: "~") { return !hasBlank }
        return text.utf8.elementsEqual("..".utf8) || text.lowercased().hasPrefix("file:")
    }
}
