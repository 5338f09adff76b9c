import StrictJSON

/// Where a value stands in a call: `arguments.items[0].name`, `agent.id`.
///
/// `[0]` is an element, `[*]` every element; `["a.b"]` is a key that is no plain word.
public struct FieldPath: Hashable, Sendable {
    /// As written.
    public let text: String
    let root: Root
    let steps: [Step]
    /// Whether it names more than one value.
    let isMany: Bool

    enum Root: String, CaseIterable, Hashable, Sendable {
        case arguments, tool, server, method, client, session, agent, annotations, description, threatScore
    }

    enum Step: Hashable, Sendable {
        case key(String)
        case element(Int)
        case everyElement
    }

    /// - Throws: What is wrong with it, in one clause.
    public init(_ text: String) throws(PatternProblem) {
        var reader = FieldPathReader(text)
        let first = try reader.word()
        guard let root = Root(rawValue: first) else {
            let near = closest(to: first, among: Root.allCases.map(\.rawValue)) ?? "arguments.\(text)"
            throw PatternProblem("a field begins with \(Self.roots); did you mean `\(printable(near))`?")
        }
        self.text = text
        self.root = root
        steps = try reader.steps()
        isMany = steps.contains(.everyElement)
        switch (root, steps) {
        case (.agent, [.key("id")]), (.agent, [.key("roles")]), (.agent, [.key("proven")]), (.arguments, _): break
        case (.agent, _): throw PatternProblem("an agent has `agent.id`, `agent.roles` and `agent.proven`")
        case (.annotations, _) where steps.count == 1: break
        case (.annotations, _): throw PatternProblem("one annotation is named, as in `annotations.destructiveHint`")
        case (_, []): break
        default: throw PatternProblem("`\(root.rawValue)` has no parts")
        }
    }

    private static let roots = Root.allCases.map(\.rawValue).joined(separator: ", ")

    /// Whether the answer can depend on what is not known before the call is made.
    var needsArguments: Bool { root == .arguments || root == .threatScore }
}

private struct FieldPathReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// A key up to the next `.` or `[`.
    mutating func word() throws(PatternProblem) -> String {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "."), bytes[at] != UInt8(ascii: "[") { at += 1 }
        if start == at { throw PatternProblem("a part of the field's name is missing") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    mutating func steps() throws(PatternProblem) -> [FieldPath.Step] {
        var steps: [FieldPath.Step] = []
        while at < bytes.count {
            if steps.count == 64 { throw PatternProblem("a field of more than 64 parts") }
            at += 1
            steps.append(bytes[at - 1] == UInt8(ascii: ".") ? .key(try word()) : try bracket())
        }
        return steps
    }

    private mutating func bracket() throws(PatternProblem) -> FieldPath.Step {
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
            // Written as in JSON, so that every key can be.
            var end = at + 1
            while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard end + 1 < bytes.count, bytes[end + 1] == UInt8(ascii: "]"),
                let key = (try? JSONValue(parsing: Array(bytes[at...end])))?.string
            else { throw PatternProblem("`[\"` has no `\"]`") }
            at = end + 2
            try expectBoundary()
            return .key(key)
        }
        guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "]")) else { throw PatternProblem("`[` has no `]`") }
        let inside = String(decoding: bytes[at..<end], as: UTF8.self)
        at = end + 1
        try expectBoundary()
        if inside == "*" { return .everyElement }
        guard let index = Int(inside), index >= 0, index <= 1_000_000 else {
            throw PatternProblem("between `[` and `]` stands a number, `*`, or a key in double quotes")
        }
        return .element(index)
    }

    private func expectBoundary() throws(PatternProblem) {
        if at < bytes.count, bytes[at] != UInt8(ascii: "."), bytes[at] != UInt8(ascii: "[") {
            throw PatternProblem("after `]` follows `.`, `[` or nothing")
        }
    }
}

/// A value of a call as conditions see it.
enum FieldValue: Sendable {
    case element(JSONElement)
    case text(String)
    case texts([String])
    case number(Double)
    case bool(Bool)
    case json(JSONValue)
    /// Beside it, or in its place, stands a key that some readers take for the field's.
    case disputed

    var isNull: Bool {
        switch self {
        case .element(let element): element.kind == .null
        case .json(.null): true
        default: false
        }
    }

    var string: String? {
        switch self {
        case .element(let element): element.string
        case .text(let text): text
        case .json(let value): value.string
        default: nil
        }
    }

    var bool: Bool? {
        switch self {
        case .element(let element): element.bool
        case .bool(let value): value
        case .json(let value): value.bool
        default: nil
        }
    }

    var number: PolicyNumber? {
        switch self {
        case .element(let element): element.number.map { PolicyNumber($0) }
        case .number(let value): PolicyNumber(value)
        case .json(.number(let number)): PolicyNumber(number)
        default: nil
        }
    }

    /// The elements of a list, else `nil`.
    var elements: [FieldValue]? {
        switch self {
        case .element(let element): element.kind == .array ? element.elements.map { .element($0) } : nil
        case .texts(let texts): texts.map { .text($0) }
        case .json(let value): value.array.map { $0.map { .json($0) } }
        default: nil
        }
    }
}

extension FieldPath {
    /// The values that stand there: one, or one for each element of `[*]`. `nil` where it is missing; none at all when the list is empty.
    func values(in call: ToolCall) -> [FieldValue?] {
        if !isMany { return [value(in: call)] }
        guard let arguments = call.arguments else { return [nil] }
        var values: [FieldValue?] = []
        Self.walk(arguments, steps[...], &values)
        return values
    }

    /// The value of a field that names one.
    func value(in call: ToolCall) -> FieldValue? {
        switch root {
        case .arguments: return argument(in: call)
        case .tool: return .text(call.tool)
        case .server: return .text(call.server)
        case .method: return .text(call.method)
        case .client: return call.client.map { .text($0) }
        case .session: return .text(call.session)
        case .description: return call.description.map { .text($0) }
        case .threatScore: return call.threatScore.map { .number(Double($0)) }
        case .agent:
            switch steps {
            case [.key("id")]: return .text(call.agent.judged.id)
            case [.key("proven")]: return .bool(call.agent.isProven)
            default: return .texts(call.agent.judged.roles.sorted())
            }
        case .annotations:
            guard case .key(let name) = steps.first else { return nil }
            return ToolAnnotations.value(name, of: call).map { .json($0) }
        }
    }

    private func argument(in call: ToolCall) -> FieldValue? {
        guard var element = call.arguments else { return nil }
        for step in steps {
            switch step {
            case .key(let key):
                if element.hasLookalike(of: key) { return .disputed }
                guard let next = element[key] else { return nil }
                element = next
            case .element(let index):
                guard element.kind == .array else { return nil }
                let elements = element.elements
                guard index < elements.count else { return nil }
                element = elements[index]
            case .everyElement: return nil
            }
        }
        return .element(element)
    }

    private static func walk(_ element: JSONElement, _ steps: ArraySlice<Step>, _ values: inout [FieldValue?]) {
        var element = element
        var rest = steps
        while let step = rest.first {
            rest = rest.dropFirst()
            switch step {
            case .key(let key):
                if element.hasLookalike(of: key) { return values.append(.disputed) }
                guard let next = element[key] else { return values.append(nil) }
                element = next
            case .element(let index):
                guard element.kind == .array else { return values.append(nil) }
                let elements = element.elements
                guard index < elements.count else { return values.append(nil) }
                element = elements[index]
            case .everyElement:
                guard element.kind == .array else { return values.append(nil) }
                for part in element.elements { walk(part, rest, &values) }
                return
            }
        }
        values.append(.element(element))
    }
}

/// What a server says of its tools, with the protocol's defaults. Source: ToolAnnotations of the MCP schema.
enum ToolAnnotations {
    static let defaults: [(name: String, value: Bool)] = [
        ("readOnlyHint", false), ("destructiveHint", true), ("idempotentHint", false), ("openWorldHint", true),
    ]

    static func value(_ name: String, of call: ToolCall) -> JSONValue? {
        call.annotations?[name] ?? defaults.first { $0.name == name }.map { .bool($0.value) }
    }
}

/// A number that compares by value: whole numbers of 64 bits exactly, all others as doubles.
struct PolicyNumber: Sendable {
    let int: Int64?
    let double: Double

    init(_ number: JSONNumber) {
        int = number.int64
        double = int.map(Double.init) ?? number.double
    }

    init(_ double: Double) {
        int = Int64(exactly: double)
        self.double = double
    }

    static func == (a: PolicyNumber, b: PolicyNumber) -> Bool {
        if let x = a.int, let y = b.int { return x == y }
        return a.double == b.double
    }

    static func < (a: PolicyNumber, b: PolicyNumber) -> Bool {
        if let x = a.int, let y = b.int { return x < y }
        return a.double < b.double
    }
}
