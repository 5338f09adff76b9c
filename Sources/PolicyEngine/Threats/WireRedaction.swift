public import SecretText
public import StrictJSON

/// What is taken out of a message on its way: fields by name, and what looks like a secret. A value, made once for a policy.
public struct WireRedaction: Hashable, Sendable {
    /// What stands in the place of what was taken out.
    public static let mark = SecretRemoval.mark

    public var kinds: SecretKinds
    private var fields: [[Step]] = []

    private enum Step: Hashable, Sendable {
        case key(String)
        case element(Int)
        case every
    }

    /// - Parameters:
    ///   - fields: Dotted paths below the arguments: `user.password`, `items[0].name`, `items[*].name`; `*` is any key. Arrays on the way
    ///     are entered, so that `items.name` is the name of every item. A key with dots in it is found as well.
    ///   - kinds: What is looked for in all texts. With ``SecretKinds/secrets``, texts behind keys such as `password` go whole.
    public init(fields: [String] = [], kinds: SecretKinds = []) {
        self.kinds = kinds
        self.fields = fields.map { Self.steps($0.hasPrefix("arguments.") ? String($0.dropFirst(10)) : $0) }
    }

    public var isEmpty: Bool { fields.isEmpty && kinds.isEmpty }

    private static func steps(_ path: String) -> [Step] {
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            if let key = pieces.first, !key.isEmpty { steps.append(key == "*" ? .every : .key(String(key))) }
            for piece in pieces.dropFirst() {
                let inside = piece.hasSuffix("]") ? piece.dropLast() : piece
                if let number = Int(inside) {
                    steps.append(.element(number))
                } else if inside == "*" {
                    steps.append(.every)
                } else {
                    steps.append(.key(inside.trimmingQuotes))
                }
            }
        }
        return steps
    }

    /// - Returns: The value without what is to go; `nil` when there is nothing of it.
    public func redact(_ element: JSONElement) -> JSONValue? { redact(element.value) }

    public func redact(_ value: JSONValue) -> JSONValue? {
        var value = value, isChanged = false
        for steps in fields { isChanged = Self.cut(&value, steps[...]) || isChanged }
        if !kinds.isEmpty { isChanged = clean(&value) || isChanged }
        return isChanged ? value : nil
    }

    /// The same for one text, as a result has it.
    public func redact(_ text: String) -> String? { kinds.isEmpty ? nil : SecretRemoval.remove(from: text, kinds) }

    // MARK: - Fields

    private static func cut(_ value: inout JSONValue, _ steps: ArraySlice<Step>) -> Bool {
        guard let step = steps.first else {
            if value == .string(mark) { return false }
            value = .string(mark)
            return true
        }
        var isChanged = false
        switch value {
        case .array(var elements):
            let rest: ArraySlice<Step>
            switch step {
            case .element(let number):
                guard elements.indices.contains(number) else { return false }
                isChanged = cut(&elements[number], steps.dropFirst())
                value = .array(elements)
                return isChanged
            case .every: rest = steps.dropFirst()
            // An array on the way to a key is entered.
            case .key: rest = steps
            }
            for index in elements.indices { isChanged = cut(&elements[index], rest) || isChanged }
            value = .array(elements)
        case .object(var members):
            for index in members.indices {
                switch step {
                case .every: isChanged = cut(&members[index].value, steps.dropFirst()) || isChanged
                case .key:
                    for length in Self.lengths(of: members[index].key, in: steps) {
                        isChanged = cut(&members[index].value, steps.dropFirst(length)) || isChanged
                    }
                case .element: break
                }
            }
            value = .object(members)
        default: break
        }
        return isChanged
    }

    /// How many steps the key takes: one, or as many as it has dots and one more.
    private static func lengths(of key: String, in steps: ArraySlice<Step>) -> [Int] {
        if case .key(key) = steps.first! { return [1] }
        let count = key.utf8.count { $0 == UInt8(ascii: ".") } + 1
        guard count > 1, steps.count >= count else { return [] }
        let names = steps.prefix(count).compactMap { if case .key(let name) = $0 { name } else { nil } }
        return names.count == count && names.joined(separator: ".") == key ? [count] : []
    }

    // MARK: - Secrets

    private func clean(_ value: inout JSONValue) -> Bool {
        switch value {
        case .string(let text):
            guard let clean = SecretRemoval.remove(from: text, kinds) else { return false }
            value = .string(clean)
            return true
        case .array(var elements):
            var isChanged = false
            for index in elements.indices { isChanged = clean(&elements[index]) || isChanged }
            if isChanged { value = .array(elements) }
            return isChanged
        case .object(var members):
            var isChanged = false
            for index in members.indices {
                if kinds.contains(.secrets), Self.isSecret(members[index]) {
                    members[index].value = .string(Self.mark)
                    isChanged = true
                } else {
                    isChanged = clean(&members[index].value) || isChanged
                }
            }
            if isChanged { value = .object(members) }
            return isChanged
        case .null, .bool, .number: return false
        }
    }

    /// A text or number behind a secret-sounding name. A list or object there is looked through; `true` and `null` are none.
    private static func isSecret(_ member: JSONMember) -> Bool {
        guard SecretName.matches(member.key) else { return false }
        switch member.value {
        case .string(let text): return !text.isEmpty && text != mark
        case .number: return true
        default: return false
        }
    }
}

extension Substring {
    fileprivate var trimmingQuotes: String {
        hasPrefix("\"") && hasSuffix("\"") && count >= 2 ? String(dropFirst().dropLast()) : String(self)
    }
}
