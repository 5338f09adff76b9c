/// A JSON text that was checked whole, once, and is then read in place: for messages of which most bytes are only passed on.
///
/// What it refuses is what ``JSONReader`` refuses. Inside it is one flat array with the place of each value; strings are
/// unescaped when somebody asks for them.
public struct JSONTape: Sendable {
    let storage: Storage

    /// What the values of one text share.
    @safe final class Storage: Sendable {
        let bytes: [UInt8]
        let entries: [TapeScanner.Entry]
        init(_ bytes: [UInt8], _ entries: [TapeScanner.Entry]) {
            self.bytes = bytes
            self.entries = entries
        }
    }

    /// The whole text that it was made of; values know their ranges of it.
    public var bytes: [UInt8] { storage.bytes }

    /// - Throws: ``JSONErrors``, in the words of ``JSONReader``.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONErrors) {
        do throws(JSONFault) {
            guard bytes.count <= limits.maxBytes else { throw JSONFault(kind: .tooLarge, offset: 0) }
            try self.init(bytes, in: 0..<bytes.count, maxDepth: limits.maxDepth)
        } catch {
            let errors = JSONReader.recover(bytes, limits: limits).errors
            throw JSONErrors(errors: errors.isEmpty ? [error.described(in: bytes)] : errors)
        }
    }

    /// Reads one text that is part of a longer one, without copying it.
    /// - Parameters:
    ///   - maxDepth: Arrays and objects inside each other.
    ///   - maxValues: Values and keys altogether; each takes 16 bytes.
    public init(
        _ bytes: [UInt8], in range: Range<Int>, maxDepth: Int = JSONLimits().maxDepth, maxValues: Int = .max
    ) throws(JSONFault) {
        // A typed error does not come through the closure of every standard library.
        let result: Result<[TapeScanner.Entry], JSONFault> = unsafe bytes.withUnsafeBufferPointer { buffer in
            do throws(JSONFault) {
                // The buffer lives as long as the call.
                return .success(
                    try unsafe TapeScanner.scan(buffer, range, maxDepth: maxDepth, maxValues: maxValues))
            } catch { return .failure(error) }
        }
        storage = Storage(bytes, try result.get())
    }

    public var root: JSONElement { JSONElement(storage, 0) }
}

/// The first thing that is wrong with a text, without words.
public struct JSONFault: Error, Hashable, Sendable {
    public let kind: JSONError.Kind
    /// In bytes from the start of the buffer that was read.
    public let offset: Int

    public init(kind: JSONError.Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// What kind of mistake it is, in one clause.
    public var message: String {
        switch kind {
        case .syntax: "this is no JSON"
        case .duplicateKey: "a key stands twice in one object"
        case .encoding: "this is not valid UTF-8, or a lone surrogate, or a raw control character"
        case .number: "this is no JSON number, or beyond the range of a double"
        case .tooDeep: "it is nested too deeply"
        case .tooLarge: "it is too large"
        }
    }

    func described(in bytes: [UInt8]) -> JSONError {
        JSONError(kind: kind, offset: offset, position: LineIndex(bytes).position(at: offset), message: message)
    }
}

/// One value of a ``JSONTape``. Holds on to the whole text.
public struct JSONElement: Sendable {
    let storage: JSONTape.Storage
    let index: Int

    public enum Kind: UInt8, Sendable { case null, bool, number, string, array, object }

    init(_ storage: JSONTape.Storage, _ index: Int) {
        self.storage = storage
        self.index = index
    }

    private var entry: TapeScanner.Entry { storage.entries[index] }

    public var kind: Kind { entry.kind }

    /// Where it stands in ``text``: with its quotes or brackets, without white space round it.
    public var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

    /// The whole text that it is part of.
    public var text: [UInt8] { storage.bytes }

    /// Its own bytes, as they were written.
    public var rawBytes: ArraySlice<UInt8> { storage.bytes[range] }

    /// The text of a string, else `nil`.
    public var string: String? {
        guard kind == .string else { return nil }
        return unsafe withBody { body in unsafe unescaped(body, hasEscapes: entry.trait == .escaped) }
    }

    /// The text of a string as UTF-8, else `nil`.
    public var stringBytes: [UInt8]? {
        guard kind == .string else { return nil }
        return unsafe withBody { body in
            entry.trait == .escaped ? unsafe unescapedBytes(body) : unsafe Array(body)
        }
    }

    /// Calls `body` with the text of a string as UTF-8, without a copy where it was written without escapes; not for other kinds.
    public func withStringBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard kind == .string else { return }
        unsafe withBody { written in
            if entry.trait != .escaped { return unsafe body(written) }
            // The array lives for the closure.
            unsafe unescapedBytes(written).withUnsafeBufferPointer { unsafe body($0) }
        }
    }

    /// Whether a string was written without escapes, so that what stands between its quotes is its text.
    public var isVerbatim: Bool { kind == .string && entry.trait != .escaped }

    /// How many bytes stand between the quotes of a string; its text has at most as many.
    public var bodyCount: Int { kind == .string ? range.count - 2 : 0 }

    /// Whether this is the string `text`, byte by byte after unescaping.
    public func isString(_ text: StaticString) -> Bool {
        guard kind == .string else { return false }
        if entry.trait == .escaped { return stringBytes.map { matches($0[...], text) } ?? false }
        return matches(storage.bytes[(Int(entry.start) + 1)..<(Int(entry.end) - 1)], text)
    }

    private func matches(_ bytes: ArraySlice<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        // The literal is as long as it says.
        for index in 0..<bytes.count
        where bytes[bytes.startIndex + index] != (unsafe text.utf8Start[index]) {
            return false
        }
        return true
    }

    public var bool: Bool? {
        kind == .bool ? storage.bytes[Int(entry.start)] == UInt8(ascii: "t") : nil
    }

    public var number: JSONNumber? {
        kind == .number ? JSONNumber(checked: String(decoding: rawBytes, as: UTF8.self)) : nil
    }

    /// The member with this key, or `nil`; also for anything but an object.
    public subscript(key: String) -> JSONElement? {
        guard kind == .object else { return nil }
        var key = key
        // The key's bytes live for the call.
        return key.withUTF8 { wanted in
            let isASCII = unsafe wanted.allSatisfy { $0 < 0x80 }
            let end = Int(entry.next)
            var at = index + 1
            while at < end {
                let candidate = storage.entries[at]
                if candidate.trait == .plain && isASCII {
                    if unsafe isSame(candidate, wanted) { return JSONElement(storage, at + 1) }
                } else if JSONElement(storage, at).string == (unsafe String(decoding: wanted, as: UTF8.self)) {
                    return JSONElement(storage, at + 1)
                }
                at = Int(storage.entries[at + 1].next)
            }
            return nil
        }
    }

    /// Whether a member has a key that some readers take for this one, and that is another: ``LookalikeKey``.
    public func hasLookalike(of key: String) -> Bool {
        guard kind == .object else { return false }
        var key = key
        // The key's bytes live for the call.
        return key.withUTF8 { wanted in
            let end = Int(entry.next)
            var at = index + 1
            while at < end {
                let candidate = storage.entries[at]
                if candidate.trait == .plain {
                    // Only case can differ.
                    if unsafe differsByCase(candidate, wanted) { return true }
                } else if let own = JSONElement(storage, at).stringBytes, unsafe !own.elementsEqual(wanted),
                    unsafe LookalikeKey.fold(own) == LookalikeKey.fold(Array(wanted))
                {
                    return true
                }
                at = Int(storage.entries[at + 1].next)
            }
            return false
        }
    }

    private func differsByCase(_ key: TapeScanner.Entry, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(key.end - key.start) - 2 == wanted.count else { return false }
        var differs = false
        for offset in 0..<wanted.count {
            let byte = storage.bytes[Int(key.start) + 1 + offset], other = unsafe wanted[offset]
            if byte == other { continue }
            guard byte ^ other == 0x20, (0x61...0x7A).contains(byte | 0x20) else { return false }
            differs = true
        }
        return differs
    }

    private func isSame(_ key: TapeScanner.Entry, _ wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        guard Int(key.end - key.start) - 2 == wanted.count else { return false }
        for offset in 0..<wanted.count
        where unsafe storage.bytes[Int(key.start) + 1 + offset] != wanted[offset] {
            return false
        }
        return true
    }

    /// Calls `body` for each member of an object, in their order, with its key as an element of its own.
    public func forEachMember(_ body: (_ key: JSONElement, _ value: JSONElement) -> Void) {
        guard kind == .object else { return }
        let end = Int(entry.next)
        var at = index + 1
        while at < end {
            body(JSONElement(storage, at), JSONElement(storage, at + 1))
            at = Int(storage.entries[at + 1].next)
        }
    }

    /// The members of an object, in their order; else none.
    public var members: [(key: String, value: JSONElement)] {
        var members: [(key: String, value: JSONElement)] = []
        forEachMember { key, value in members.append((key.string ?? "", value)) }
        return members
    }

    /// Calls `body` for each element of an array, in their order.
    public func forEachElement(_ body: (JSONElement) -> Void) {
        guard kind == .array else { return }
        let end = Int(entry.next)
        var at = index + 1
        while at < end {
            body(JSONElement(storage, at))
            at = Int(storage.entries[at].next)
        }
    }

    /// The elements of an array, in their order; else none.
    public var elements: [JSONElement] {
        var elements: [JSONElement] = []
        forEachElement { elements.append($0) }
        return elements
    }

    /// A tree of its own, without the text.
    public var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(bool!)
        case .number: .number(number!)
        case .string: .string(string!)
        case .array: .array(elements.map(\.value))
        case .object: .object(members.map { JSONMember($0.key, $0.value.value) })
        }
    }

    /// What stands between the quotes of a string.
    private func withBody<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        // The entry was made from this very array.
        unsafe storage.bytes.withUnsafeBufferPointer { buffer in
            unsafe body(UnsafeBufferPointer(rebasing: buffer[(Int(entry.start) + 1)..<(Int(entry.end) - 1)]))
        }
    }
}
