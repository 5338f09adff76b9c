/// What a JSON text may cost its reader.
public struct JSONLimits: Hashable, Sendable {
    /// Bytes of the whole text.
    public var maxBytes: Int
    /// Arrays and objects inside each other. At most 512: each level is a stack frame of the reader.
    public var maxDepth: Int
    /// After this many errors reading stops.
    public var maxErrors: Int

    public init(maxBytes: Int = 1 << 20, maxDepth: Int = 64, maxErrors: Int = 100) {
        self.maxBytes = maxBytes
        self.maxDepth = min(maxDepth, 512)
        self.maxErrors = max(maxErrors, 1)
    }
}

/// One strict JSON reader (RFC 8259) for files and for the wire.
///
/// It refuses whatever readers are known to disagree on: duplicate keys (compared after unescaping, and canonically
/// equivalent Unicode counts as the same), invalid UTF-8, a byte order mark, lone surrogates, raw control characters,
/// comments, trailing commas, `NaN`, leading zeros, numbers beyond the range of a double, and excess depth.
public enum JSONReader {
    /// Reads one JSON text.
    /// - Returns: The value with the position of each part; `.value` drops the positions.
    /// - Throws: ``JSONErrors`` with everything that could be found, not only the first error.
    public static func read(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONErrors) -> JSONNode {
        let (node, errors) = recover(bytes, limits: limits)
        guard errors.isEmpty, let node else { throw JSONErrors(errors: errors) }
        return node
    }

    /// Reads as much as can be understood, so that a caller can report its own errors beside the reader's.
    /// - Returns: A tree with ``JSONNode/Content/unreadable`` in place of each error and with all of the duplicate
    ///   keys, or no tree when the text breaks off; and the errors in the order of the text. No errors: a full tree.
    public static func recover(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) -> (node: JSONNode?, errors: [JSONError]) {
        var parser = JSONParser(bytes, limits)
        let node = parser.parse()
        if parser.faults.isEmpty { return (node, []) }
        let lines = LineIndex(bytes.count > limits.maxBytes ? Array(bytes[..<limits.maxBytes]) : bytes)
        let errors = parser.faults.sorted { $0.offset < $1.offset }.map { fault in
            let other = fault.other.map { " at \(lines.position(at: $0))" } ?? ""
            return JSONError(
                kind: fault.kind, offset: fault.offset, position: lines.position(at: fault.offset),
                message: fault.message + other)
        }
        return (node, errors)
    }
}

extension JSONValue {
    /// Reads one JSON text strictly; see ``JSONReader``.
    /// - Throws: ``JSONErrors`` with every error that could be found.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONErrors) {
        self = try JSONReader.read(bytes, limits: limits).value
    }
}
