/// The meaning of an `--env-file`: lines of `NAME=VALUE`, a strict part of what programs call dotenv.
///
///     line    = blank* [ "#" any* | [ "export" blank+ ] NAME "=" value blank* [ blank "#" any* ] ]
///     value   = text without quotes at its start, blanks around it dropped | "'" any* "'" | '"' any* '"'
///
/// Quoted values may go over several lines. Between double quotes `\n`, `\r`, `\t`, `\"`, `\$` and `\\` are escapes. Nothing is
/// expanded: `$` and `` ` `` are ordinary characters.
public struct EnvironmentText: Hashable, Sendable {
    public struct Assignment: Hashable, Sendable {
        public var name: String
        public var value: String
        public var line: Int
        public var column: Int
    }

    public private(set) var assignments: [Assignment] = []
    /// Everything that is wrong, in the file's order. No value is in them.
    public private(set) var problems: [OverrideDocumentProblem] = []

    private var rest: Substring
    private var line = 1, column = 1

    public init(_ text: String) {
        rest = text[...]
        while !rest.isEmpty { readLine() }
    }

    private mutating func readLine() {
        skipBlanks()
        guard let first = rest.first else { return }
        if first.isNewline { return advance() }
        if first == "#" { return skipLine() }
        if rest.hasPrefix("export"), rest.dropFirst(6).first.map(Self.isBlank) == true {
            for _ in 0..<6 { advance() }
            skipBlanks()
        }
        let place = (line, column)
        var name = ""
        while let next = rest.first, next != "=", !next.isNewline, !Self.isBlank(next) { name.append(take(next)) }
        guard rest.first == "=" else {
            fail(place, "there is no `=` right behind the name: write NAME=VALUE")
            return skipLine()
        }
        if !EnvironmentRules.isValidName(name) {
            fail(
                place,
                "`\(printable(name))` is no name of a variable: letters, digits and underscores, not first a digit")
        } else if assignments.contains(where: { $0.name == name }) {
            fail(place, "\(name) stands here twice")
        }
        advance()
        skipBlanks()
        let quote = rest.first
        guard let value = quote == "'" || quote == "\"" ? quoted(quote!) : plain() else { return }
        if value.utf8.contains(0) { fail(place, "the value of \(printable(name)) holds NUL") }
        assignments.append(Assignment(name: name, value: value, line: place.0, column: place.1))
    }

    private mutating func plain() -> String {
        var value = ""
        while let next = rest.first, !next.isNewline {
            if next == "#", value.isEmpty || Self.isBlank(value.last!) {
                skipLine()
                break
            }
            value.append(take(next))
        }
        while let last = value.last, Self.isBlank(last) { value.removeLast() }
        return value
    }

    /// - Returns: `nil` when the quote is never closed; the rest of the file is gone then.
    private mutating func quoted(_ quote: Character) -> String? {
        let place = (line, column)
        advance()
        var value = ""
        while let next = rest.first {
            if next == quote {
                advance()
                skipBlanks()
                if let after = rest.first, !after.isNewline, after != "#" {
                    fail((line, column), "there is more behind the closing quote")
                }
                skipLine()
                return value
            }
            if next == "\\", quote == "\"" {
                advance()
                guard let escaped = rest.first else { break }
                if let character = Self.escapes[escaped] {
                    value.append(character)
                } else {
                    fail((line, column), "only \\n, \\r, \\t, \\\", \\$ and \\\\ are escapes")
                }
                advance()
                continue
            }
            value.append(take(next))
        }
        fail(place, "the quote is not closed")
        return nil
    }

    private static let escapes: [Character: Character] = [
        "n": "\n", "r": "\r", "t": "\t", "\"": "\"", "$": "$", "\\": "\\",
    ]

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

    private mutating func skipBlanks() { while let next = rest.first, Self.isBlank(next) { advance() } }

    /// To the start of the next line.
    private mutating func skipLine() {
        while let next = rest.first, !next.isNewline { _ = take(next) }
        if !rest.isEmpty { advance() }
    }

    private mutating func take(_ character: Character) -> Character {
        advance()
        return character
    }

    private mutating func advance() {
        let next = rest.removeFirst()
        if next.isNewline { (line, column) = (line + 1, 1) } else { column += 1 }
    }

    private mutating func fail(_ place: (line: Int, column: Int), _ message: String) {
        problems.append(OverrideDocumentProblem(line: place.line, column: place.column, message))
    }
}
