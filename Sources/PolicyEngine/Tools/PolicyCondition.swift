internal import Glibc
import LinearRegex
public import StrictJSON

/// What has to hold of a call for a rule to be about it.
public indirect enum PolicyCondition: Sendable {
    case all([PolicyCondition])
    case any([PolicyCondition])
    case not(PolicyCondition)
    case field(FieldTest)
    case facts(FactTest)
}

/// A comparison of one field.
public struct FieldTest: Sendable {
    public enum Operator: String, CaseIterable, Hashable, Sendable {
        case eq, ne, lt, le, gt, ge
        case `in`, notIn, contains, startsWith, endsWith, regex, glob, exists
    }

    /// Which form of a text is compared.
    public enum Spelling: String, CaseIterable, Hashable, Sendable {
        /// As the call has it.
        case raw
        /// Small letters, composed, without blanks around it and without invisible characters.
        case text
        /// As a path: absolute, links and `..` followed. Where it can be read in several ways, all have to agree.
        case path
        /// As the call has it; where that goes detours (`..`, doubled slashes), the straight path has to come to the same.
        case straight
    }

    /// What `[*]` asks for.
    public enum Quantifier: String, CaseIterable, Hashable, Sendable {
        case any, all
    }

    /// What a test answers where it has nothing to compare.
    public enum Answer: String, CaseIterable, Hashable, Sendable {
        case yes = "true"
        case no = "false"
        /// The rule cannot be evaluated, and the call is denied.
        case deny
    }

    public var field: FieldPath
    public var op: Operator
    public var value: JSONValue
    /// The value as a number.
    private let number: PolicyNumber?
    public var spelling = Spelling.raw
    /// `nil`: the elements have to agree.
    public var quantifier: Quantifier?
    /// Where the field is missing or null.
    public var ifMissing = Answer.deny
    /// Where the field is of another type than the operator compares.
    public var ifWrongType = Answer.deny
    /// For ``Operator/regex`` and ``Operator/glob``.
    var expression: LinearRegex?

    init(field: FieldPath, op: Operator, value: JSONValue) {
        self.field = field
        self.op = op
        self.value = value
        number = if case .number(let number) = value { PolicyNumber(number) } else { nil }
    }
}

/// What is found in the arguments of a call, wherever it stands.
public enum CallFact: String, CaseIterable, Hashable, Sendable {
    case path, host, command
    /// Any text of the arguments, keys included.
    case text
}

/// A test of all facts of one kind.
public struct FactTest: Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// Some fact is, or may be, in the list.
        case any
        /// Every fact is surely in the list; also when there is none.
        case all
        /// Some fact is not surely in the list.
        case outside
    }

    public var fact: CallFact
    public var kind: Kind
    public var list: FactList
    /// Arguments whose texts are no paths although they look like some, or name hosts that nobody is to reach. For ``Kind/all`` and ``Kind/outside``.
    public var except: Set<String> = []
    /// The key of the policy that would name such arguments; `nil` where there is none.
    var exceptKey: String?
}

/// What a test came to.
enum Truth: Sendable {
    case yes, no
    case unknown(Unknown)

    static func of(_ value: Bool) -> Truth { value ? .yes : .no }

    var negated: Truth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unknown: self
        }
    }
}

/// Why a test has no answer.
enum Unknown: Error, Sendable {
    case missing(FieldPath)
    case wrongType(FieldPath, FieldTest.Operator)
    case disagreement(FieldPath)
    case lookalike(FieldPath)
    case path(FieldPath, String)
    case fact(CallFact, String)
    case threatScore
    case budget(String)
    case otherSpelling

    var words: String {
        switch self {
        case .missing(let field):
            "`\(field.text)` is missing; `ifMissing: false` in the policy says that this does not fit"
        case .wrongType(let field, let op): "`\(field.text)` is of a type that `\(op.rawValue)` does not compare"
        case .disagreement(let field): "some of `\(field.text)` fit and some do not"
        case .lookalike(let field):
            "some readers would take another key for `\(field.text)`: it differs by case, or by what follows a zero byte"
        case .path(let field, let why): "`\(field.text)` is no path that can be judged: \(why)"
        case .fact(let fact, let why): "a \(fact.rawValue) in the arguments cannot be judged: \(why)"
        case .threatScore: "the arguments were not scanned for threats"
        case .budget(let why): why
        case .otherSpelling: "the name is another spelling of one that the rule asks about, or takes something out of"
        }
    }
}

extension PolicyCondition {
    /// Three-valued, after Kleene: what is unknown counts only where it could change the answer.
    func evaluate(_ call: ToolCall, _ work: inout DecisionWork) -> Truth {
        switch self {
        case .all(let parts):
            var unknown: Truth?
            for part in parts {
                switch part.evaluate(call, &work) {
                case .yes: continue
                case .no: return .no
                case .unknown(let why): if unknown == nil { unknown = .unknown(why) }
                }
            }
            return unknown ?? .yes
        case .any(let parts):
            var unknown: Truth?
            for part in parts {
                switch part.evaluate(call, &work) {
                case .yes: return .yes
                case .no: continue
                case .unknown(let why): if unknown == nil { unknown = .unknown(why) }
                }
            }
            return unknown ?? .no
        case .not(let part): return part.evaluate(call, &work).negated
        case .field(let test): return test.evaluate(call, &work)
        case .facts(let test): return test.evaluate(call, &work)
        }
    }

    /// Whether the answer can depend on more than the tool, the server and the agent.
    var needsArguments: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.needsArguments)
        case .not(let part): part.needsArguments
        case .field(let test): test.field.needsArguments
        case .facts: true
        }
    }

    var usesThreatScore: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains(where: \.usesThreatScore)
        case .not(let part): part.usesThreatScore
        case .field(let test): test.field.root == .threatScore
        case .facts: false
        }
    }
}

extension FieldTest {
    func evaluate(_ call: ToolCall, _ work: inout DecisionWork) -> Truth {
        if !field.isMany {
            let actual = field.value(in: call)
            if case .disputed = actual { return .unknown(.lookalike(field)) }
            return op == .exists ? .of((actual != nil) == (value.bool ?? true)) : answer(actual, &work)
        }
        let values = field.values(in: call)
        if values.contains(where: { if case .disputed = $0 { true } else { false } }) {
            return .unknown(.lookalike(field))
        }
        if op == .exists { return .of(values.contains { $0 != nil } == (value.bool ?? true)) }
        if values.isEmpty { return missing }
        if values.count == 1 { return answer(values[0], &work) }
        var (yes, no): (Bool, Bool) = (false, false)
        for value in values {
            switch answer(value, &work) {
            case .yes: yes = true
            case .no: no = true
            case .unknown(let why): return .unknown(why)
            }
        }
        switch quantifier {
        case .any: return .of(yes)
        case .all: return .of(!no)
        case nil: return yes && no ? .unknown(.disagreement(field)) : .of(yes)
        }
    }

    private var missing: Truth {
        switch ifMissing {
        case .yes: .yes
        case .no: .no
        case .deny: .unknown(.missing(field))
        }
    }

    private var wrongType: Truth {
        switch ifWrongType {
        case .yes: .yes
        case .no: .no
        case .deny: .unknown(.wrongType(field, op))
        }
    }

    private func answer(_ actual: FieldValue?, _ work: inout DecisionWork) -> Truth {
        guard let actual else { return missing }
        if actual.isNull {
            // Null is a value only to who asks for it.
            switch (op, value) {
            case (.eq, .null): return .yes
            case (.ne, .null): return .no
            case (.in, .array(let list)) where list.contains(.null): return .yes
            case (.notIn, .array(let list)) where list.contains(.null): return .no
            default: return missing
            }
        }
        switch op {
        case .eq: return stated(same(actual, value, &work))
        case .ne: return stated(same(actual, value, &work).negated)
        case .lt, .le, .gt, .ge: return compare(actual)
        case .in: return stated(member(actual, &work))
        case .notIn: return stated(member(actual, &work).negated)
        case .contains:
            if let elements = actual.elements { return contains(elements, &work) }
            return value.string == nil ? wrongType : text(actual, &work) { $0.utf8Contains($1) }
        case .startsWith: return text(actual, &work) { $0.utf8.starts(with: $1.utf8) }
        case .endsWith: return text(actual, &work) { $0.utf8.reversed().starts(with: $1.utf8.reversed()) }
        case .regex, .glob:
            guard let expression else { return wrongType }
            return text(actual, &work) { text, _ in expression.matches(text) }
        case .exists: return .yes
        }
    }

    private func compare(_ actual: FieldValue) -> Truth {
        guard let a = actual.number, let b = number else { return wrongType }
        return switch op {
        case .lt: .of(a < b)
        case .le: .of(a < b || a == b)
        case .gt: .of(b < a)
        default: .of(b < a || a == b)
        }
    }

    /// - Returns: ``Truth/unknown`` with ``Unknown/wrongType`` for values of two types, before `ifWrongType` is looked at.
    private func same(_ actual: FieldValue, _ expected: JSONValue, _ work: inout DecisionWork) -> Truth {
        switch expected {
        case .null: return .no
        case .bool(let wanted): return actual.bool.map { .of($0 == wanted) } ?? .unknown(.wrongType(field, op))
        case .number(let wanted):
            return actual.number.map { .of($0 == PolicyNumber(wanted)) } ?? .unknown(.wrongType(field, op))
        case .string(let wanted):
            if actual.string == nil { return .unknown(.wrongType(field, op)) }
            return spelled(actual, &work) { $0.isSame(as: wanted) }
        case .array, .object:
            guard case .element(let element) = actual, element.kind == .array || element.kind == .object else {
                return .unknown(.wrongType(field, op))
            }
            return element.equals(expected).map(Truth.of) ?? .unknown(.wrongType(field, op))
        }
    }

    /// Whether they are the same to readers who take `true` for 1 and `false` for 0.
    private static func isTwin(_ actual: FieldValue, _ expected: JSONValue) -> Bool {
        switch (actual, expected) {
        case (.element(let element), _): element.equals(expected) == nil
        case (.bool(let bool), .number(let number)): PolicyNumber(number) == PolicyNumber(bool ? 1 : 0)
        case (.number(let number), .bool(let bool)): PolicyNumber(number) == PolicyNumber(bool ? 1 : 0)
        default: false
        }
    }

    /// What the rule states for another type, where that is what the values came to.
    private func stated(_ result: Truth) -> Truth {
        if case .unknown(.wrongType) = result { return wrongType }
        return result
    }

    private func member(_ actual: FieldValue, _ work: inout DecisionWork) -> Truth {
        guard case .array(let list) = value else { return .unknown(.wrongType(field, op)) }
        var fits = false
        var unknown: Truth?
        for expected in list {
            let result = same(actual, expected, &work)
            switch result {
            case .yes: return .yes
            case .no: fits = true
            case .unknown(.wrongType) where !Self.isTwin(actual, expected): continue
            case .unknown: unknown = result
            }
        }
        if let unknown { return unknown }
        return fits ? .no : .unknown(.wrongType(field, op))
    }

    private func contains(_ elements: [FieldValue], _ work: inout DecisionWork) -> Truth {
        var isDoubtful = false
        for element in elements {
            if element.isNull {
                if value == .null { return .yes }
                continue
            }
            switch same(element, value, &work) {
            case .yes: return .yes
            case .no: continue
            case .unknown: isDoubtful = isDoubtful || Self.isTwin(element, value)
            }
        }
        return isDoubtful ? wrongType : .no
    }

    /// A test of texts; the second one is the rule's.
    private func text(
        _ actual: FieldValue, _ work: inout DecisionWork, _ test: (String, String) -> Bool
    ) -> Truth {
        guard actual.string != nil else { return wrongType }
        let wanted = value.string ?? ""
        return spelled(actual, &work) { test($0, wanted) }
    }

    /// Tests the form of the text that the rule asks for.
    private func spelled(_ actual: FieldValue, _ work: inout DecisionWork, _ test: (String) -> Bool) -> Truth {
        let text = actual.string ?? ""
        switch spelling {
        case .raw: return .of(test(text))
        case .text: return .of(test(FoldedText.fold(text)))
        case .straight:
            let result = test(text)
            if StraightText.readings(of: text).contains(where: { test($0) != result }) {
                return .unknown(.path(field, "it leads elsewhere than it says"))
            }
            return .of(result)
        case .path:
            let readings = work.readings(of: text)
            if let problem = readings.problem { return .unknown(.path(field, problem)) }
            let hits = readings.paths.count { test($0.text) }
            if hits == 0 { return .no }
            return hits == readings.paths.count ? .yes : .unknown(.path(field, "it can be read in several ways"))
        }
    }
}

extension String {
    /// Byte by byte: to `==` the Kelvin sign is a K, and a letter with an accent is one with the accent behind it.
    func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    /// Whether the other text stands in this one, byte by byte, in time linear in both.
    func utf8Contains(_ other: String) -> Bool {
        if other.isEmpty { return true }
        let word = Array(other.utf8)
        // Knuth, Morris, Pratt 1977: how much of the word is kept when the next byte does not fit.
        var keep = [Int](repeating: 0, count: word.count)
        var length = 0
        for index in word.indices.dropFirst() {
            while length > 0, word[index] != word[length] { length = keep[length - 1] }
            if word[index] == word[length] { length += 1 }
            keep[index] = length
        }
        var text = self
        return text.withUTF8 { text in
            var length = 0, at = 0
            while at < text.count {
                if length == 0 {
                    // Most texts have few places where the word could begin. The search ends with the text, which lives for the closure.
                    let rest = unsafe UnsafeRawPointer(text.baseAddress! + at)
                    guard let next = unsafe memchr(rest, CInt(word[0]), text.count - at) else { return false }
                    at += unsafe UnsafeRawPointer(next) - rest
                }
                let byte = unsafe text[at]
                while length > 0, byte != word[length] { length = keep[length - 1] }
                if byte == word[length] { length += 1 }
                if length == word.count { return true }
                at += 1
            }
            return false
        }
    }

    /// Whether it begins with these small letters and signs, in any case of its own letters.
    func hasPrefix(small word: StaticString) -> Bool {
        // The literal has as many bytes as it says.
        unsafe utf8.prefix(word.utf8CodeUnitCount).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            .elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }
}

extension JSONElement {
    /// Whether it is the same value; numbers by value, members in any order.
    /// - Returns: `nil` where that depends on whether `true` is 1 and `false` 0, as to some readers.
    func equals(_ other: JSONValue) -> Bool? {
        switch other {
        case .null: return kind == .null
        case .bool(let value):
            if let number { return PolicyNumber(number) == PolicyNumber(value ? 1 : 0) ? nil : false }
            return bool == value
        case .number(let value):
            if let bool { return PolicyNumber(value) == PolicyNumber(bool ? 1 : 0) ? nil : false }
            return number.map { PolicyNumber($0) == PolicyNumber(value) } ?? false
        case .string(let text): return string?.isSame(as: text) == true
        case .array(let values):
            guard kind == .array else { return false }
            let elements = elements
            return elements.count == values.count
                ? Self.all(zip(elements, values).lazy.map { $0.equals($1) }) : false
        case .object(let members):
            guard kind == .object, self.members.count == members.count else { return false }
            return Self.all(members.lazy.map { member in self[member.key].map { $0.equals(member.value) } ?? false })
        }
    }

    private static func all(_ parts: some Sequence<Bool?>) -> Bool? {
        var result: Bool? = true
        for part in parts {
            if part == false { return false }
            if part == nil { result = nil }
        }
        return result
    }
}
