import ManifestModel

/// What it means when code uses a symbol.
struct Rule: Sendable {
    enum Confidence: Int, Comparable, Sendable {
        case low, medium, high
        static func < (a: Confidence, b: Confidence) -> Bool { a.rawValue < b.rawValue }
    }
    /// What an argument names.
    enum Scope: String, Sendable {
        case path, host
        case environment = "env"
        case port, program, shell, code, native
        /// A program that is started, of which nothing more is asked.
        case command
        /// A program that is looked for, or that is taken where nothing else is set: what is started by the answer is it.
        case lookup
    }
    /// When the rule holds.
    enum Condition: Sendable {
        /// The argument is one of these, or cannot be read off the text.
        case argument(Slot, isIn: [String], orUnknown: Bool)
        /// The argument is given, and none of these.
        case given(Slot, isNotIn: [String])
        /// The argument's text has one of these characters or words in it, or cannot be read.
        case contains(Slot, [String], orUnknown: Bool)
        /// The argument is missing, or has none of these in it.
        case lacks(Slot, [String])
        /// The argument is not there at all.
        case missing(Slot)
        /// The program imports this module.
        case imports(String)
        case kind(Use.Kind)

        /// The argument that it asks about.
        var slot: Slot? {
            switch self {
            case .argument(let slot, _, _), .given(let slot, _), .contains(let slot, _, _), .lacks(let slot, _),
                .missing(let slot):
                slot
            case .imports, .kind: nil
            }
        }
    }
    /// An argument, by position or by name.
    struct Slot: Sendable { var index: Int?, name: String? }

    let pattern: String
    let permissions: [Permission]
    /// What the call does: `reads a file`.
    let words: String
    var confidence = Confidence.high
    var scope: (Scope, Slot)?
    var conditions: [Condition] = []
    /// Only asks whether something is there. That is a part of writing when the same path is written.
    var isCheck = false
    /// Holds for the symbol and everything below it.
    var isBelow = false
    /// Takes the effect of a rule for the whole library away.
    var isExemption: Bool { permissions.isEmpty && scope == nil }
}

/// Reads the text form of rules. One rule a line:
///
///     SYMBOL... | permission, permission | what it does | option option
///
/// Symbols: `module#member.member`, `#global`, `?.method` for a method of a value of unknown type, `name()` for what a call
/// gives back, `{a,b}` for alternatives, `*` for any one part, `part*`, and `.**` at the end for everything below. `none` in
/// place of permissions takes the effect of a `.**` rule away. `A = B` says that A is a B. Options: docs/generate.md.
struct RuleParser {
    struct Parsed: Sendable {
        var rules: [Rule] = []
        var types: [(symbol: String, type: String)] = []
    }

    static let short: [String: Permission] = {
        var table = Dictionary(uniqueKeysWithValues: Permission.allCases.map { ($0.shortName, $0) })
        // What rules name most, in short.
        let more: [(String, Permission)] = [
            ("read", .filesystemRead), ("write", .filesystemWrite), ("delete", .filesystemDelete),
            ("env", .environmentRead),
            ("setenv", .environmentWrite), ("exec", .exec), ("process", .process), ("client", .networkClient),
            ("server", .networkServer), ("speaker", .speaker), ("microphone", .microphone), ("camera", .camera),
            ("screen", .screenCapture), ("notify", .notifications), ("copy", .clipboardWrite),
            ("paste", .clipboardRead),
            ("bluetooth", .bluetooth),
        ]
        for (name, permission) in more { table[name] = permission }
        return table
    }()

    static func parse(_ text: String) -> Parsed {
        var result = Parsed()
        for line in text.split(separator: "\n") {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("//") { continue }
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
            if parts.count == 1 {
                let sides = words(line)
                precondition(sides.count == 3 && sides[1] == "=", "a rule that cannot be read: \(line)")
                for symbol in alternatives(String(sides[0])) { result.types.append((symbol, String(sides[2]))) }
                continue
            }
            precondition((3...4).contains(parts.count), "a rule that cannot be read: \(line)")
            let permissions = parts[1].split(separator: ",").map { trimmed($0) }.filter { $0 != "none" }.map { name in
                guard let permission = short[name] else { preconditionFailure("no such permission: \(name)") }
                return permission
            }
            for symbol in words(Substring(parts[0])) {
                for pattern in alternatives(String(symbol)) {
                    let isBelow = pattern.hasSuffix(".**") || pattern.hasSuffix("#**")
                    var rule = Rule(
                        pattern: isBelow
                            ? String(pattern.dropLast(3)) + (pattern.hasSuffix("#**") ? "#" : "") : pattern,
                        permissions: permissions, words: parts[2])
                    rule.isBelow = isBelow
                    for option in parts.count > 3 ? words(Substring(parts[3])) : [] { add(option, to: &rule) }
                    result.rules.append(rule)
                }
            }
        }
        return result
    }

    private static func add(_ option: Substring, to rule: inout Rule) {
        let sides = option.split(separator: "=", maxSplits: 1)
        let key = String(sides[0]), value = sides.count > 1 ? String(sides[1]) : ""
        if let scope = Rule.Scope(rawValue: key) { return rule.scope = (scope, slot(value)) }
        func list(_ text: String) -> (Rule.Slot, [String]) {
            let halves = text.split(separator: ":", maxSplits: 1)
            return (slot(String(halves[0])), halves.count > 1 ? halves[1].split(separator: ",").map { String($0) } : [])
        }
        switch key {
        case "check": rule.isCheck = true
        case "low": rule.confidence = .low
        case "medium": rule.confidence = .medium
        case "is":
            let (slot, values) = list(value)
            rule.conditions.append(.argument(slot, isIn: values, orUnknown: false))
        case "maybe":
            let (slot, values) = list(value)
            rule.conditions.append(.argument(slot, isIn: values, orUnknown: true))
        case "not":
            let (slot, values) = list(value)
            rule.conditions.append(.given(slot, isNotIn: values))
        case "has":
            let (slot, values) = list(value)
            rule.conditions.append(.contains(slot, values, orUnknown: true))
        case "says":
            let (slot, values) = list(value)
            rule.conditions.append(.contains(slot, values, orUnknown: false))
        case "lacks":
            let (slot, values) = list(value)
            rule.conditions.append(.lacks(slot, values))
        case "missing": rule.conditions.append(.missing(slot(value)))
        case "imports": rule.conditions.append(.imports(value))
        case "called": rule.conditions.append(.kind(.call))
        case "assigned": rule.conditions.append(.kind(.assignment))
        case "removed": rule.conditions.append(.kind(.removal))
        case "base": rule.conditions.append(.kind(.base))
        default: preconditionFailure("no such option: \(option)")
        }
    }

    /// `0`, `mode`, or `1/mode`.
    private static func slot(_ text: String) -> Rule.Slot {
        var slot = Rule.Slot(index: nil, name: nil)
        for part in text.split(separator: "/") {
            if let index = Int(String(part)) { slot.index = index } else { slot.name = String(part) }
        }
        return slot
    }

    /// `a{b,c}d` as `abd` and `acd`.
    static func alternatives(_ text: String) -> [String] {
        guard let open = text.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = text.utf8.firstIndex(of: UInt8(ascii: "}"))
        else {
            return [text]
        }
        let head = text[..<open], tail = text[text.utf8.index(after: close)...]
        let inner = text[text.utf8.index(after: open)..<close]
        return inner.split(separator: ",", omittingEmptySubsequences: false).flatMap {
            alternatives(String(head + $0 + tail))
        }
    }

    private static func words(_ text: some StringProtocol) -> [Substring] {
        Substring(text).split(whereSeparator: { $0 == " " || $0 == "\t" })
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var bytes = Substring(text).utf8
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
