public import SecretText
public import StrictJSON

/// What is taken out of a message on its way: fields by name, and what looks like a secret. A value, made once for a policy.
public struct WireRedaction: Hashable, Sendable {
    /// What stands in the place of what was taken out.
    public static let mark = SecretRemoval.mark

    public var kinds: SecretKinds
    var fields: [[Step]] = []

    enum Step: Hashable, Sendable {
        case key(String)
        case element(Int)
        case every
    }

    /// - Parameters:
    ///   - fields: Dotted paths below the arguments: `user.password`, `items[0].name`, `items[*].name`; `*` is any key. Arrays on the way
    ///     are entered, so that `items.name` is the name of every item. A key with dots in it is found as well.
    ///   - kinds: What is looked for in all texts and keys. With ``SecretKinds/secrets``, what stands behind keys such as `password` goes
    ///     whole, lists and objects too. Texts that are JSON are looked through as such.
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

    /// - Parameter kept: Keys whose values go on as they are, wherever they stand.
    /// - Returns: The value as JSON without what is to go, everything else as it was written; `nil` when there is nothing of it.
    public func redact(_ element: JSONElement, keeping kept: Set<String> = []) -> [UInt8]? {
        var work = RedactionWork(self, keeping: kept)
        for steps in fields { work.mark(element, steps[...]) }
        work.clean(element)
        return work.result(element.range, of: element.text)
    }
}

extension Substring {
    fileprivate var trimmingQuotes: String {
        hasPrefix("\"") && hasSuffix("\"") && count >= 2 ? String(dropFirst().dropLast()) : String(self)
    }
}
