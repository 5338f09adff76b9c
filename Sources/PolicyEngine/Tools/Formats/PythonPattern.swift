/// A regular expression of Python's `re` as one of RE2 that finds the same.
///
/// `\d`, `\w` and `\s` mean all of Unicode there, `$` also what stands before a last line end, `\Z` the end.
struct PythonPattern {
    /// `\b` and `\B` in it look at ASCII's letters, digits and `_` alone.
    private(set) var expression = ""
    /// The same without `\b` and `\B`, which fits all that it fits and more; `nil` where there are none.
    var withoutBoundaries: String? { hasBoundary ? unbounded : nil }

    private var unbounded = ""
    private var hasBoundary = false
    private var rest: ArraySlice<Unicode.Scalar>
    /// The flags outside of all groups, and in each group that is open.
    private var flags: [String] = [""]

    /// - Throws: What RE2 has no words for.
    init(_ text: String) throws(PatternProblem) {
        rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\": try escape()
            case "[": try set()
            case "(": try group()
            case ")":
                if flags.count > 1 { flags.removeLast() }
                add(")")
            case "$": add(has("m") ? "$" : "(?:\\n?\\z)")
            case "{": add(rest.first == "," && isRepetition ? "{0" : "{")
            case "i" where has("i"), "I" where has("i"): add("[iIİı]")
            default: add(String(scalar))
            }
        }
    }

    private mutating func add(_ text: String) {
        expression += text
        unbounded += text
    }

    private func has(_ flag: Character) -> Bool { flags.last?.contains(flag) == true }

    /// `{,3}`
    private var isRepetition: Bool {
        rest.dropFirst().drop { ("0"..."9").contains($0) }.first == "}"
    }

    private mutating func escape() throws(PatternProblem) {
        guard let next = rest.popFirst() else { return add("\\") }
        switch next {
        case "b", "B":
            hasBoundary = true
            expression += "\\" + String(next)
            // What repeats it needs something to repeat.
            unbounded += "(?:)"
        case "d": add("\\p{Nd}")
        case "D": add("\\P{Nd}")
        case "w": add("[\(Self.words)]")
        case "W": add("[^\(Self.words)]")
        case "s": add("[\(Self.spaces)]")
        case "S": add("[^\(Self.spaces)]")
        case "Z": add("\\z")
        case "u": add(try code(4))
        case "U": add(try code(8))
        default: add("\\" + String(next))
        }
    }

    /// `\u0061`
    private mutating func code(_ count: Int) throws(PatternProblem) -> String {
        let digits = String(String.UnicodeScalarView(rest.prefix(count)))
        guard digits.unicodeScalars.count == count, digits.allSatisfy(\.isHexDigit) else {
            throw PatternProblem("`\\u` is followed by 4 hexadecimal digits, `\\U` by 8")
        }
        rest = rest.dropFirst(count)
        return "\\x{\(digits)}"
    }

    private mutating func set() throws(PatternProblem) {
        var set = "["
        if rest.first == "^" {
            rest.removeFirst()
            set += "^"
        }
        // A bracket in the first place is one of the characters.
        if rest.first == "]" {
            rest.removeFirst()
            set += "\\]"
        }
        var last: Unicode.Scalar?
        var isRange = false
        var holdsI = false
        while let scalar = rest.popFirst() {
            if scalar == "]" { return add(set + (has("i") && holdsI ? "İı]" : "]")) }
            if scalar == "\\" {
                set += try escapeInSet(after: set)
                (last, isRange) = (nil, false)
                continue
            }
            // No class of POSIX's: a bracket, a colon...
            set += scalar == "[" ? "\\[" : String(scalar)
            if scalar == "-", last != nil, !isRange {
                isRange = true
                continue
            }
            let first = isRange ? last ?? scalar : scalar
            holdsI = holdsI || first <= scalar && ((first...scalar).contains("i") || (first...scalar).contains("I"))
            (last, isRange) = (scalar, false)
        }
        add(set)
    }

    private mutating func escapeInSet(after set: String) throws(PatternProblem) -> String {
        guard let next = rest.popFirst() else { return "\\" }
        switch next {
        case "b": return "\\x08"
        case "d": return "\\p{Nd}"
        case "D": return "\\P{Nd}"
        case "w": return Self.words
        case "s": return Self.spaces
        case "S": return Self.noSpaces
        case "W" where set.hasSuffix(Self.words): return "\\x00-\\x{10ffff}"
        case "W": throw PatternProblem("`\\W` in a set cannot be used: write `(?:\\W|[...])`")
        case "u": return try code(4)
        case "U": return try code(8)
        default: return "\\" + String(next)
        }
    }

    private mutating func group() throws(PatternProblem) {
        guard rest.first == "?" else {
            flags.append(flags.last ?? "")
            return add("(")
        }
        let named = rest.dropFirst().prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || $0 == "-" }
        let end = rest.dropFirst(1 + named.count).first
        let letters = String(String.UnicodeScalarView(named))
        if letters.isEmpty || letters == "P" || end != ":" && end != ")" {
            guard end == ":" || letters == "P" && end == "<" else {
                throw PatternProblem("look-around, back-references, comments and the like cannot be used")
            }
            flags.append(flags.last ?? "")
            // A name is no expression.
            let head = letters == "P" ? rest.prefix { $0 != ">" } : rest.prefix(2)
            rest = rest.dropFirst(head.count)
            return add("(" + String(String.UnicodeScalarView(head)))
        }
        let (on, off) =
            letters.firstIndex(of: "-").map { (letters[..<$0], letters[$0...].dropFirst()) } ?? (letters[...], "")
        guard letters.allSatisfy({ "ims-".contains($0) }) else {
            throw PatternProblem("of flags only `i`, `m` and `s` can be used")
        }
        let own = String((flags.last ?? "").filter { !off.contains($0) }) + on
        if end == ")" { flags[flags.count - 1] = own } else { flags.append(own) }
        rest = rest.dropFirst(2 + named.count)
        add("(?\(letters)\(end == ")" ? ")" : ":")")
    }

    private static let words = "\\p{L}\\p{N}_"
    private static let spaces = "\\s\\x0b\\x1c-\\x1f\\x{85}\\p{Z}"
    private static let noSpaces =
        "\\x00-\\x08\\x0e-\\x1b\\x21-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}"
        + "\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}"
}
