/// The reader's state: one pass over the bytes, recursion bounded by the depth limit.
/// An error that leaves no doubt about what was meant is noted and passed over; any other ends the reading.
struct JSONParser {
    /// An error before its line and column are known.
    struct Fault {
        let kind: JSONError.Kind
        let offset: Int
        let message: String
        /// A second place, which the message ends with.
        let other: Int?
    }

    /// Reading cannot go on; the reason is in ``faults``.
    struct Stop: Error {}

    let bytes: [UInt8]
    let limits: JSONLimits
    var at = 0
    var faults: [Fault] = []

    init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parse() -> JSONNode? {
        do throws(Stop) {
            try checkStart()
            try skipSpace()
            guard at < bytes.count else { try stop("there is no JSON value, only an empty text") }
            let node = try value(depth: 1)
            try skipSpace()
            if at < bytes.count { try stop("there is more text after the JSON value; one text holds one value") }
            return node
        } catch {
            return nil
        }
    }

    private mutating func checkStart() throws(Stop) {
        guard bytes.count <= limits.maxBytes else {
            try stop("the text is larger than \(limits.maxBytes) bytes", .tooLarge)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            try fault("a byte order mark is not allowed; save the text as UTF-8 without BOM", .encoding)
            at = 3
        } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
            || (bytes.count > 1 && (bytes[0] == 0) != (bytes[1] == 0))
        {
            try stop("the text looks like UTF-16 or UTF-32; JSON is UTF-8", .encoding)
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(Stop) -> JSONNode {
        let start = at
        switch bytes[at] {
        case UInt8(ascii: "\""):
            let (text, clean) = try string()
            return JSONNode(start, clean ? .string(text) : .unreadable)
        case UInt8(ascii: "{"): return JSONNode(start, .object(try object(depth: depth)))
        case UInt8(ascii: "["): return JSONNode(start, .array(try array(depth: depth)))
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            return JSONNode(start, try number())
        case UInt8(ascii: "'"):
            try singleQuoted()
            return JSONNode(start, .unreadable)
        case let byte where Self.isWord(byte): return JSONNode(start, try word())
        default: try stop("expected a value, found \(found())")
        }
    }

    private mutating func word() throws(Stop) -> JSONNode.Content {
        let start = at
        while at < bytes.count, Self.isWord(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            let shown = text.count > 40 ? text.prefix(40) + "..." : text[...]
            try fault("`\(shown)` is no JSON value; strings stand in double quotes", at: start)
            return .unreadable
        }
    }

    private mutating func array(depth: Int) throws(Stop) -> [JSONNode] {
        let open = try enter(depth)
        var elements: [JSONNode] = []
        try skipSpace()
        if take("]") { return [] }
        while true {
            try expectMore("an array", open)
            elements.append(try value(depth: depth + 1))
            try skipSpace()
            if take("]") { return elements }
            let comma = at
            if take(",") {
                try skipSpace()
                if take("]") {
                    try fault("a comma before `]` is not allowed", at: comma)
                    return elements
                }
            } else {
                try expectMore("an array", open)
                guard startsValue(bytes[at]) else {
                    try stop("expected `,` or `]`, found \(found()); the array opened", other: open)
                }
                try fault("a comma is missing before this element")
            }
        }
    }

    private mutating func object(depth: Int) throws(Stop) -> [JSONNode.Member] {
        let open = try enter(depth)
        var members: [JSONNode.Member] = []
        var keys = SeenKeys()
        try skipSpace()
        if take("}") { return [] }
        while true {
            try expectMore("an object", open)
            let keyOffset = at
            let key = try self.key()
            try skipSpace()
            try expectMore("an object", open)
            if !take(":") {
                guard startsValue(bytes[at]) else { try stop("expected `:` after the key, found \(found())") }
                try fault("a colon is missing before this value")
            }
            try skipSpace()
            try expectMore("an object", open)
            let node = try value(depth: depth + 1)
            if let key {
                if let first = keys.insert(key, keyOffset, members) {
                    try fault(
                        "duplicate key `\(Self.excerpt(key))`, first", .duplicateKey, at: keyOffset, other: first)
                }
                members.append(JSONNode.Member(key: key, keyOffset: keyOffset, node: node))
            }
            try skipSpace()
            if take("}") { return members }
            let comma = at
            if take(",") {
                try skipSpace()
                if take("}") {
                    try fault("a comma before `}` is not allowed", at: comma)
                    return members
                }
            } else {
                try expectMore("an object", open)
                guard bytes[at] == UInt8(ascii: "\"") else {
                    try stop("expected `,` or `}`, found \(found()); the object opened", other: open)
                }
                try fault("a comma is missing before this key")
            }
        }
    }

    /// - Returns: `nil` for a key that was noted as an error.
    private mutating func key() throws(Stop) -> String? {
        switch bytes[at] {
        case UInt8(ascii: "\""):
            let (text, clean) = try string()
            return clean ? text : nil
        case UInt8(ascii: "'"):
            try singleQuoted()
        case let byte where Self.isWord(byte):
            try fault("a key must be a string in double quotes")
            while at < bytes.count, Self.isWord(bytes[at]) { at += 1 }
        default:
            try stop("expected a key in double quotes, found \(found())")
        }
        return nil
    }

    /// Steps over `[` or `{`, one level down.
    private mutating func enter(_ depth: Int) throws(Stop) -> Int {
        guard depth <= limits.maxDepth else {
            try stop("nested too deeply: at most \(limits.maxDepth) levels are read", .tooDeep)
        }
        at += 1
        return at - 1
    }

    private mutating func expectMore(_ container: String, _ open: Int) throws(Stop) {
        if at >= bytes.count { try stop("the text ends inside \(container) that opened", other: open) }
    }

    // MARK: Bytes

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() throws(Stop) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            case UInt8(ascii: "/"), UInt8(ascii: "#"): try comment()
            default: return
            }
        }
    }

    private mutating func comment() throws(Stop) {
        let start = at
        let second = at + 1 < bytes.count ? bytes[at + 1] : 0
        let isBlock = bytes[at] == UInt8(ascii: "/") && second == UInt8(ascii: "*")
        guard isBlock || second == UInt8(ascii: "/") || bytes[at] == UInt8(ascii: "#") else {
            try stop("expected a value or a key, found \(found())")
        }
        try fault("comments are not allowed in JSON")
        if isBlock {
            at += 2
            while at < bytes.count,
                bytes[at] != UInt8(ascii: "/") || bytes[at - 1] != UInt8(ascii: "*") || at - start < 3
            {
                at += 1
            }
            guard at < bytes.count else { try stop("the text ends inside a comment that opened", other: start) }
            at += 1
        } else {
            while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        }
    }

    private func startsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"): true
        default: Self.isWord(byte)
        }
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: false
        }
    }

    // MARK: Errors

    /// Notes an error that can be passed over.
    mutating func fault(
        _ message: String, _ kind: JSONError.Kind = .syntax, at offset: Int? = nil, other: Int? = nil
    ) throws(Stop) {
        faults.append(Fault(kind: kind, offset: offset ?? at, message: message, other: other))
        if faults.count >= limits.maxErrors { throw Stop() }
    }

    /// Notes an error after which nothing can be trusted.
    mutating func stop(
        _ message: String, _ kind: JSONError.Kind = .syntax, at offset: Int? = nil, other: Int? = nil
    ) throws(Stop) -> Never {
        faults.append(Fault(kind: kind, offset: offset ?? at, message: message, other: other))
        throw Stop()
    }

    /// What stands at the current place, for a message.
    func found() -> String {
        guard at < bytes.count else { return "the end of the text" }
        switch bytes[at] {
        case 0: return "a NUL byte"
        case 0x21...0x7E: return "`\(Unicode.Scalar(bytes[at]))`"
        case 0x80...: return utf8Length(at: at) == nil ? "a byte that is no UTF-8" : "a character outside of a string"
        default: return "a control character"
        }
    }

    /// A key as a message may show it: short, and without characters that change what a terminal shows.
    static func excerpt(_ text: String) -> String {
        let escaped = String(decoding: JSONValue.string(text).serialized().dropFirst().dropLast(), as: UTF8.self)
        return escaped.unicodeScalars.count > 80 ? String(escaped.unicodeScalars.prefix(80)) + "..." : escaped
    }
}

/// The keys of one object. A few are compared one by one; a set costs more until there are many.
private struct SeenKeys {
    private var offsets: [String: Int] = [:]

    /// - Returns: Where the same key stood first.
    mutating func insert(_ key: String, _ offset: Int, _ members: [JSONNode.Member]) -> Int? {
        if members.count < 12 { return members.first { $0.key == key }?.keyOffset }
        if offsets.isEmpty {
            for member in members where offsets[member.key] == nil { offsets[member.key] = member.keyOffset }
        }
        if let first = offsets[key] { return first }
        offsets[key] = offset
        return nil
    }
}
