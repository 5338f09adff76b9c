import SecretText
import StrictJSON

/// One value on its way through a ``WireRedaction``: what of its text is replaced, in order. What is not stays as it was written.
struct RedactionWork {
    private let rules: WireRedaction
    /// Keys whose values stay.
    private let kept: Set<String>
    /// How many texts of JSON we are inside of.
    private let depth: Int
    /// Where the values begin that the policy names.
    private var marked: Set<Int> = []
    private var parts: [(range: Range<Int>, bytes: [UInt8])] = []

    private static let mostNested = 4
    private static let sign = JSONValue.string(WireRedaction.mark).serialized()

    init(_ rules: WireRedaction, keeping kept: Set<String> = [], depth: Int = 0) {
        self.rules = rules
        self.kept = kept
        self.depth = depth
    }

    /// - Returns: `nil` when nothing is replaced.
    func result(_ range: Range<Int>, of text: [UInt8]) -> [UInt8]? {
        if parts.isEmpty { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var at = range.lowerBound
        for part in parts {
            bytes += text[at..<part.range.lowerBound]
            bytes += part.bytes
            at = part.range.upperBound
        }
        return bytes + text[at..<range.upperBound]
    }

    // MARK: - Fields

    mutating func mark(_ element: JSONElement, _ steps: ArraySlice<WireRedaction.Step>) {
        guard let step = steps.first else {
            marked.insert(element.range.lowerBound)
            return
        }
        switch (element.kind, step) {
        case (.array, .element(let number)):
            let elements = element.elements
            if elements.indices.contains(number) { mark(elements[number], steps.dropFirst()) }
        case (.array, .every): element.forEachElement { mark($0, steps.dropFirst()) }
        // An array on the way to a key is entered.
        case (.array, .key): element.forEachElement { mark($0, steps) }
        case (.object, .every): element.forEachMember { mark($1, steps.dropFirst()) }
        case (.object, .key):
            element.forEachMember { key, value in
                for length in Self.lengths(of: key.string ?? "", in: steps) { mark(value, steps.dropFirst(length)) }
            }
        default: break
        }
    }

    /// How many steps the key takes: one, or as many as it has dots and one more.
    private static func lengths(of key: String, in steps: ArraySlice<WireRedaction.Step>) -> [Int] {
        if case .key(key) = steps.first! { return [1] }
        let count = key.utf8.count { $0 == UInt8(ascii: ".") } + 1
        guard count > 1, steps.count >= count else { return [] }
        let names = steps.prefix(count).compactMap { if case .key(let name) = $0 { name } else { nil } }
        return names.count == count && names.joined(separator: ".") == key ? [count] : []
    }

    // MARK: - Secrets

    mutating func clean(_ element: JSONElement) {
        if marked.contains(element.range.lowerBound) { return takeOut(element) }
        clean(element, isSchema: false)
    }

    /// - Parameter isSchema: Whether the members of an object are fields that a JSON Schema describes.
    private mutating func clean(_ element: JSONElement, isSchema: Bool) {
        switch element.kind {
        case .null, .bool, .number: return
        case .string:
            if let clean = cleanText(element) { replace(element, clean) }
        case .array: element.forEachElement { clean($0) }
        case .object:
            var names = NewNames(of: element)
            element.forEachMember { key, value in
                let name = key.string ?? ""
                if kept.contains(name) { return }
                if let clean = cleanText(key) { replace(key, names.name(clean)) }
                if marked.contains(value.range.lowerBound) || isSecret(name, value, isSchema: isSchema) {
                    takeOut(value)
                } else {
                    clean(value, isSchema: Self.schemaKeys.contains(name))
                }
            }
        }
    }

    private mutating func replace(_ element: JSONElement, _ text: String) {
        parts.append((element.range, JSONValue.string(text).serialized()))
    }

    private mutating func takeOut(_ element: JSONElement) {
        if element.isString("[redacted]") { return }
        parts.append((element.range, Self.sign))
    }

    private func cleanText(_ element: JSONElement) -> String? {
        if rules.kinds.isEmpty { return nil }
        var clean: [UInt8]?
        // The buffer lives for the closure.
        unsafe element.withStringBytes { text in
            if depth < Self.mostNested, unsafe NestedJSON.begins(text) {
                let bytes = unsafe Array(text)
                if let tape = try? JSONTape(bytes, in: 0..<bytes.count) {
                    var work = RedactionWork(rules, depth: depth + 1)
                    work.clean(tape.root)
                    clean = work.result(0..<bytes.count, of: bytes)
                    return
                }
            }
            clean = unsafe SecretRemoval.remove(from: text, rules.kinds)
        }
        return clean.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What stands behind a secret-sounding name. `true`, `null` and what is empty are none.
    private func isSecret(_ name: String, _ value: JSONElement, isSchema: Bool) -> Bool {
        guard rules.kinds.contains(.secrets), SecretName.matches(name) else { return false }
        switch value.kind {
        case .null, .bool: return false
        // The protocol's own, which the other side has to know again.
        case .string, .number: return (value.kind == .number || value.bodyCount > 0) && name != "progressToken"
        case .array, .object: return value.hasContents && !(isSchema && Self.isSchema(value))
        }
    }

    /// Behind these a JSON Schema has the fields that it describes: a form that asks for a password holds none.
    private static let schemaKeys: Set<String> = ["properties", "patternProperties", "$defs", "definitions"]
    private static let types: Set<String> = ["string", "number", "integer", "boolean", "object", "array", "null"]

    private static func isSchema(_ value: JSONElement) -> Bool {
        if let type = value["type"] { return type.kind == .array || type.string.map(types.contains) == true }
        return ["$ref", "anyOf", "oneOf", "allOf", "enum"].contains { value[$0] != nil }
    }
}

/// Keys of one object after some have lost what was secret in them: no two may be the same.
private struct NewNames {
    private let object: JSONElement
    private var taken: Set<String> = []
    private var counts: [String: Int] = [:]

    init(of object: JSONElement) { self.object = object }

    mutating func name(_ clean: String) -> String {
        if taken.isEmpty { taken = Set(object.members.map(\.key)) }
        while true {
            let count = counts[clean, default: 0] + 1
            counts[clean] = count
            let name = count == 1 ? clean : "\(clean) \(count)"
            if taken.insert(name).inserted { return name }
        }
    }
}

extension JSONElement {
    fileprivate var hasContents: Bool {
        // More than its brackets and blanks.
        rawBytes.dropFirst().dropLast().contains { $0 > 0x20 }
    }
}
