/// A pattern for names: `*` is any text, `?` one character, `[a-c]` one of these, `[!a-c]` none of these. It has to fit all of
/// the name. Case counts.
public struct NamePattern: Hashable, Sendable {
    /// As written.
    public let text: String
    private let parts: [Part]

    private enum Part: Hashable, Sendable {
        case any
        case one
        case scalar(UInt32)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    /// - Throws: What is wrong with it, in one clause.
    public init(_ text: String) throws(PatternProblem) {
        if text.isEmpty { throw PatternProblem("an empty pattern fits nothing") }
        if text.utf8.count > 1_024 { throw PatternProblem("a pattern of more than 1024 bytes") }
        var parts: [Part] = []
        let scalars = text.unicodeScalars.map(\.value)
        var at = 0
        while at < scalars.count {
            switch Unicode.Scalar(scalars[at]) {
            case "*": if parts.last != .any { parts.append(.any) }
            case "?": parts.append(.one)
            case "[": parts.append(try Self.set(scalars, &at))
            default: parts.append(.scalar(scalars[at]))
            }
            at += 1
        }
        self.text = text
        self.parts = parts
    }

    /// Reads `[...]`, and leaves `at` on its end.
    private static func set(_ scalars: [UInt32], _ at: inout Int) throws(PatternProblem) -> Part {
        var from = at + 1
        let isNegated = from < scalars.count && scalars[from] == 0x21
        if isNegated { from += 1 }
        // A bracket in the first place is one of the characters.
        guard from < scalars.count, let end = scalars[(from + 1)...].firstIndex(of: 0x5D) else {
            throw PatternProblem("`[` has no `]`; `[[]` stands for the bracket itself")
        }
        var ranges: [ClosedRange<UInt32>] = []
        var index = from
        while index < end {
            if index + 2 < end, scalars[index + 1] == 0x2D {
                guard scalars[index] <= scalars[index + 2] else {
                    throw PatternProblem("a range that ends before it begins")
                }
                ranges.append(scalars[index]...scalars[index + 2])
                index += 3
            } else {
                ranges.append(scalars[index]...scalars[index])
                index += 1
            }
        }
        at = end
        return .set(ranges, isNegated: isNegated)
    }

    public func matches(_ name: String) -> Bool { matches(name.unicodeScalars.map(\.value)) }

    /// Greedy with one point to go back to, the last `*`: at most pattern times name.
    func matches(_ name: [UInt32]) -> Bool {
        var (part, place) = (0, 0)
        var retry: (part: Int, place: Int)?
        while place < name.count {
            if part < parts.count, parts[part] == .any {
                part += 1
                retry = (part, place)
            } else if part < parts.count, Self.matches(parts[part], name[place]) {
                part += 1
                place += 1
            } else if let last = retry {
                retry = (last.part, last.place + 1)
                (part, place) = (last.part, last.place + 1)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .any }
    }

    private static func matches(_ part: Part, _ scalar: UInt32) -> Bool {
        switch part {
        case .any: false
        case .one: true
        case .scalar(let own): own == scalar
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
        }
    }

    /// Whether some name with this character in it fits.
    func mayContain(_ scalar: Unicode.Scalar) -> Bool {
        parts.contains { $0 == .any || Self.matches($0, scalar.value) }
    }

    /// The same without regard to case, for rules that close something.
    var folded: NamePattern { (try? NamePattern(FoldedText.fold(text))) ?? self }

    /// Whether every name that `other` fits is surely one that this fits.
    func covers(_ other: NamePattern) -> Bool {
        if parts == [.any] || self == other { return true }
        // `a*` covers what begins with `a`.
        guard parts.last == .any, !parts.dropLast().contains(.any) else { return false }
        return other.parts.starts(with: parts.dropLast())
    }

    /// The same as a regular expression for the whole text.
    var expression: String {
        "(?s)\\A"
            + parts.map { part in
                switch part {
                case .any: ".*"
                case .one: "."
                case .scalar(let value): Self.escaped(value)
                case .set(let ranges, let isNegated):
                    "[" + (isNegated ? "^" : "")
                        + ranges.map { Self.escaped($0.lowerBound) + "-" + Self.escaped($0.upperBound) }.joined() + "]"
                }
            }.joined() + "\\z"
    }

    private static func escaped(_ value: UInt32) -> String { "\\x{" + String(value, radix: 16) + "}" }
}

/// What is wrong with a pattern, a path or an expression of a policy.
public struct PatternProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
