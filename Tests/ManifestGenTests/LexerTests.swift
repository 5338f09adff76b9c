import Testing

@testable import ManifestGen

@Suite("Tokens")
struct LexerTests {
    private static func lex(_ text: String, _ language: Language) -> (Lexer, NameTable) {
        let names = NameTable(words: Word.texts)
        var lexer = Lexer(Array(text.utf8), language.syntax, names)
        lexer.run()
        return (lexer, names)
    }

    private static func names(_ text: String, _ language: Language) -> [String] {
        let (lexer, names) = lex(text, language)
        return lexer.tokens.filter { $0.kind == .name }.map { names.text($0.value) }
    }

    @Test(
        "Only code gives names",
        arguments: [
            (Language.javascript, "a // b\n/* c */ d", ["a", "d"]),
            (.javascript, "a = /b\\/c[/]d/g; e", ["a", "e"]),  // a regular expression with a slash in a class
            (.javascript, "a / b / c", ["a", "b", "c"]),  // divisions
            (.javascript, "`a ${b + `c ${d}`} e` + f", ["b", "d", "f"]),  // templates in templates
            (.javascript, "'a\\'b' + c", ["c"]),
            (.javascript, "x = {a: `${ {b: 1} }`}; c", ["x", "a", "b", "c"]),  // braces in a hole
            (.python, "a = '''b\n# c''' # d\ne", ["a", "e"]),
            (.python, "rb'\\' + a", []),  // raw: the quote is escaped all the same
            (.python, "f'{a!r:>{b}} {{c}}' d", ["a", "r", "b", "d"]),
            (.rust, "r#\"a \" b\"# c 'd' 'e f", ["c", "e", "f"]),  // 'e is a lifetime
            (.rust, "/* a /* b */ c */ d", ["d"]),
            (.go, "`a \\` + b", ["b"]),
            (.swift, "#\"a \\(b) \\#(c)\"# + d", ["c", "d"]),
            (.csharp, "@\"a\\\" + b + $\"{c} {{d}}\"", ["b", "c"]),
            (.kotlin, "\"\"\"a ${b} \"c\" \"\"\" + d", ["b", "d"]),
            (.ruby, "x = <<~EOS\n a b\n EOS\nc", ["x", "c"]),
            (.php, "a <?php b // c ?> d <?= e", ["b", "e"]),
        ])
    func code(language: Language, text: String, expected: [String]) {
        #expect(Self.names(text, language) == expected, "\(text)")
    }

    @Test("Lines are counted through strings and comments", arguments: Language.allCases)
    func lines(language: Language) {
        let text = "a\n\nb\n"
        let (lexer, _) = Self.lex(language == .php ? "<?php " + text : text, language)
        #expect(lexer.tokens.map(\.line) == [1, 3])
    }

    @Test(
        "Whatever the bytes are, tokens are in order, within the text, and all that is between them is blank",
        arguments: Language.allCases)
    func anything(language: Language) {
        var random = SplitMix(seed: 0x5EED &+ UInt64(language.ordinal))
        for round in 0..<200 {
            let bytes = round % 3 == 0 ? random.bytes(400) : random.mutated(Samples.text(language))
            check(bytes, language)
        }
    }

    @Test("Deep nesting ends", arguments: Language.allCases)
    func deep(language: Language) {
        for opening in ["(", "[", "{", "`${", "f\"{", "\"\\(", "/*", "$\"{", "\"#{", "r#\"", "<?php "] {
            check(Array(String(repeating: opening, count: 5_000).utf8), language)
        }
    }

    private func check(_ bytes: [UInt8], _ language: Language) {
        let names = NameTable(words: Word.texts)
        var lexer = Lexer(bytes, language.syntax, names)
        lexer.run()
        var spans =
            lexer.tokens.map { (Int($0.start), Int($0.end)) } + lexer.comments.map { (Int($0.start), Int($0.end)) }
        spans.sort { $0 < $1 }
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for (start, end) in spans {
            guard start >= at, end >= start, end <= bytes.count else {
                Issue.record("span \(start)..<\(end) after \(at) in \(bytes)")
                return
            }
            // What announces a here-document is no token.
            let isBlank = bytes[at..<start].allSatisfy { $0 <= 0x20 } || language.syntax.syntax.heredoc != .none
            if !isBlank {
                Issue.record("\(language): \(String(decoding: bytes[at..<start], as: UTF8.self)) is in no token")
            }
            at = end
        }
        for (index, token) in lexer.tokens.enumerated() where token.partner >= 0 {
            let isRight = Int(token.partner) < lexer.tokens.count && Int(token.partner) != index
            if !isRight { Issue.record("token \(index) has the partner \(token.partner)") }
        }
    }
}

@Suite("Readers")
struct ReaderFuzzTests {
    @Test(
        "Whatever the code is, reading ends and findings are within the file",
        arguments: [Language.javascript, .python])
    func anything(language: Language) {
        var random = SplitMix(seed: 7 &+ UInt64(language.ordinal))
        for _ in 0..<150 {
            let text = String(decoding: random.mutated(Samples.text(language)), as: UTF8.self)
            let found = draft(language, text)
            let lines = text.utf8.count { $0 == 0x0A } + 1
            for finding in found.findings { #expect((1...lines).contains(finding.line) && finding.column >= 1) }
        }
    }
}

/// A small generator of numbers with a seed, so that a failure can be repeated.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
    mutating func bytes(_ most: Int) -> [UInt8] { (0..<below(most)).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// The sample with parts removed, doubled, moved and overwritten.
    mutating func mutated(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        let marks = Array("\"'`()[]{}/*#\\$<>=.:,\n@%fr\u{FF}".utf8)
        for _ in 0..<(1 + below(8)) where !bytes.isEmpty {
            let at = below(bytes.count)
            switch below(5) {
            case 0: bytes[at] = marks[below(marks.count)]
            case 1: bytes.insert(marks[below(marks.count)], at: at)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + below(20)))
            case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + below(40))], at: below(bytes.count))
            default: bytes.removeSubrange(at...)
            }
        }
        return bytes
    }
}

/// Code with every form of string and comment of a language.
enum Samples {
    static func text(_ language: Language) -> String {
        switch language {
        case .javascript:
            """
            import fs, {readFile as r} from "node:fs"; import * as cp from 'child_process';
            export class A extends B { private x: Map<string, {a: number}> = new Map(); async m(a: string, {b, c}: T = {}): Promise<void> {
              const {d, e: f} = process.env; await this.x.get(`a ${b ? `c${d}` : "e"}`)!.z?.(1); /* c */ // d
              if (a < b && c > d) { return /re[/]g\\/ex/.exec(a) } } }
            export default async (q) => { const {spawn: run} = require('child_process'); run("git", ["clone", q], {env: {...process.env}}); };
            """
        case .python:
            "import os, sys as s\nfrom . import (a, b as c)\nclass A(B, metaclass=M):\n    x: int = 1\n    def f(self, p: Path, *a, k='v', **kw) -> Path:\n        with open(p, 'w') as g, httpx.Client() as h:\n            return f\"{p!r:>{k}} {{x}}\" + r'\\d' '''t\nu''' # c\n@mcp.tool(name='n')\nasync def g(x): os.environ['A'] = x; subprocess.run(['git', x])\n"
        case .ruby: "x = <<~A + 'b'\n #{c}\nA\ndef d; /r/ =~ \"#{`e`}\"; end\n"
        case .php: "<p><?php $a = <<<'X'\n b\nX;\n echo \"{$a}\"; // c ?> t <?= $d ?>"
        default:
            "a = \"b \\\" ${c} \\(d) #{e}\" + 'f' /* g */ // h\n# i\nr#\"j\"# `k` @\"l\"\"m\" $\"{n}\" \"\"\"o\np\"\"\" { ( [ ] ) }"
        }
    }
}
