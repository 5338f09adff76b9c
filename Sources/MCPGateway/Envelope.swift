internal import Glibc
import StrictJSON

/// A message that was understood: the JSON-RPC part of it.
struct Envelope {
    enum Shape {
        case request(String, MessageID)
        case notification(String)
        case result(MessageID, JSONElement)
        /// With what went wrong; it may be about something whose id was not understood.
        case failure(MessageID?, JSONElement)
    }
    let shape: Shape
    /// An object, where there are any.
    let parameters: JSONElement?
    /// As written.
    let id: JSONElement?
    /// Whether it has members that are not defined.
    let hasOthers: Bool

    /// Why a line is not passed on.
    struct Problem: Error {
        let code: Int
        let text: String
        /// Whom to answer, as JSON, as far as it can be known; several for a batch.
        var ids: [[UInt8]] = []
        var about = Subject.unknown
        var kind = GatewayNote.Kind.malformed
        /// What the line would have been.
        enum Subject { case request, response, unknown }
    }
    static let parseError = -32700, invalidRequest = -32600, methodNotFound = -32601, invalidParameters = -32602

    static let limits = (depth: 128, values: 4_000_000)

    init(_ bytes: [UInt8], _ range: Range<Int>) throws(Problem) {
        let tape: JSONTape
        do throws(JSONFault) {
            tape = try JSONTape(bytes, in: range, maxDepth: Self.limits.depth, maxValues: Self.limits.values)
        } catch {
            let isJSON = error.kind == .duplicateKey
            throw Problem(
                code: isJSON ? Self.invalidRequest : Self.parseError,
                text: "\(error.message), at byte \(error.offset - range.lowerBound) of the line",
                ids: LostID.find(bytes, range).map { [$0] } ?? [])
        }
        let root = tape.root
        if root.kind == .array { throw Self.batch(root) }
        guard root.kind == .object else {
            throw Problem(code: Self.invalidRequest, text: "a message is one JSON object")
        }
        var version: JSONElement?, id: JSONElement?, method: JSONElement?
        var parameters: JSONElement?, result: JSONElement?, failure: JSONElement?
        var strange: String?, hasOthers = false
        root.forEachMember { key, value in
            if key.isString("jsonrpc") {
                version = value
            } else if key.isString("id") {
                id = value
            } else if key.isString("method") {
                method = value
            } else if key.isString("params") {
                parameters = value
            } else if key.isString("result") {
                result = value
            } else if key.isString("error") {
                failure = value
            } else {
                hasOthers = true
                if Lookalike.isOne(key, of: Lookalike.envelope) { strange = key.string }
            }
        }
        self.hasOthers = hasOthers
        let known = id.flatMap(MessageID.init)
        let ids = id != nil && known != nil ? [Array(id!.rawBytes)] : []
        func problem(_ text: String, _ code: Int = Self.invalidRequest) -> Problem {
            // What has neither may be a request all the same, `{"id": 1, "Method": "ping"}`: whoever wrote it is told.
            let isResponse = result != nil || failure != nil
            return Problem(
                code: code, text: text, ids: ids, about: method != nil ? .request : isResponse ? .response : .unknown)
        }
        if let strange {
            throw problem(
                "some readers would take the key `\(strange.prefix(20))` for another; write it as it is defined")
        }
        // A carriage return is white space to JSON and the end of a line to some readers: they would see two messages.
        let tail = range.upperBound - 2
        for end in [root.range.lowerBound..<root.range.upperBound, range.lowerBound..<root.range.lowerBound] {
            if bytes[end].containsCarriageReturn { throw problem("a carriage return may only end a line") }
        }
        for index in root.range.upperBound..<range.upperBound where bytes[index] == 0x0D && index != tail {
            throw problem("a carriage return may only end a line")
        }
        guard version?.isString("2.0") == true else { throw problem("`jsonrpc` is not \"2.0\"") }
        if id != nil, known == nil, !(method == nil && failure != nil && id!.kind == .null) {
            throw problem("an id is a string or an integer, of at most \(MessageID.longest) bytes")
        }
        self.id = id
        if let method {
            guard result == nil, failure == nil else { throw problem("a message is a request or a response, not both") }
            guard let name = method.string else { throw problem("`method` is not a string") }
            if let parameters, parameters.kind != .object && parameters.kind != .null {
                throw problem("`params` is not an object", Self.invalidParameters)
            }
            self.parameters = parameters?.kind == .object ? parameters : nil
            shape = known.map { .request(name, $0) } ?? .notification(name)
            return
        }
        self.parameters = nil
        switch (result, failure) {
        case (let result?, nil):
            guard let known else { throw problem("a result has the id of what it answers") }
            guard parameters == nil else { throw problem("a response has no `params`") }
            shape = .result(known, result)
        case (nil, let failure?):
            guard failure.kind == .object, parameters == nil else { throw problem("`error` is not an object") }
            shape = .failure(known, failure)
        default: throw problem("this is neither a request nor a response")
        }
    }

    /// Batches are gone since 2025-06-18. Whoever waits for an answer to a part of one gets it.
    private static func batch(_ root: JSONElement) -> Problem {
        var ids: [[UInt8]] = []
        for element in root.elements where element.kind == .object && element["method"] != nil {
            if let id = element["id"], MessageID(id) != nil, ids.count < 1_000 { ids.append(Array(id.rawBytes)) }
        }
        return Problem(
            code: invalidRequest, text: "batches are not taken: one message a line", ids: ids, about: .request)
    }
}

extension ArraySlice<UInt8> {
    /// Strings hold none raw, so that this is white space.
    fileprivate var containsCarriageReturn: Bool {
        // The slice lives for the call.
        unsafe withUnsafeBytes { part in
            guard let base = part.baseAddress else { return false }
            return unsafe memchr(base, 0x0D, part.count) != nil
        }
    }
}

/// The keys that are defined, and others that a reader may take for them.
enum Lookalike {
    static let envelope = ["jsonrpc", "id", "method", "params", "result", "error"].map { Array($0.utf8) }
    static let parameters = ["name", "arguments", "uri", "_meta", "requestState", "inputResponses"].map {
        Array($0.utf8)
    }

    /// Whether a key that is none of `names` counts as one of them with some readers.
    static func isOne(_ key: JSONElement, of names: [[UInt8]]) -> Bool {
        // With a zero byte it can be any length.
        guard key.bodyCount <= 64 || !key.isVerbatim, let text = key.stringBytes else { return false }
        return !names.contains(text) && names.contains(LookalikeKey.fold(text))
    }
}
