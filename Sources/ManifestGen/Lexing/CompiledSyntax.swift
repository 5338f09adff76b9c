/// A ``LanguageSyntax`` as tables that the lexer can look into byte by byte.
final class CompiledSyntax: Sendable {
    enum ByteClass: UInt8 { case blank, newline, letter, digit, special, other }
    typealias Hole = (open: [UInt8], close: UInt8)
    struct Prefix {
        var isRaw: Bool
        var hole: Hole?
    }

    let syntax: LanguageSyntax
    let classes: [ByteClass]
    let isWord: [Bool]
    let lineComments: [[UInt8]]
    let blockComments: [(open: [UInt8], close: [UInt8], nests: Bool)]
    /// Whether a block comment begins with a line end, as Ruby's do.
    let startsLineComment: Bool
    let forms: [StringForm]
    /// For each byte the forms that begin with it.
    let formsByByte: [[Int]]
    /// By the bytes of the word, the first one highest.
    let prefixes: [Int: Prefix]
    private let pairs: [Bool]

    init(_ syntax: LanguageSyntax) {
        self.syntax = syntax
        var classes = [ByteClass](repeating: .other, count: 256)
        for byte in 0x00...0x20 { classes[byte] = .blank }
        classes[0x0A] = .newline
        for byte in 0x80...0xFF { classes[byte] = .letter }
        for byte in 0x41...0x5A {
            classes[byte] = .letter
            classes[byte | 0x20] = .letter
        }
        classes[0x5F] = .letter
        for byte in 0x30...0x39 { classes[byte] = .digit }
        var isWord = classes.map { $0 == .letter || $0 == .digit }
        for byte in syntax.nameBytes.utf8 {
            isWord[Int(byte)] = true
            // `?` and `!` end a name and begin none.
            if byte != 0x3F, byte != 0x21 { classes[Int(byte)] = .letter }
        }
        lineComments = syntax.lineComments.map { Array($0.utf8) }
        blockComments = syntax.blockComments.map { (Array($0.open.utf8), Array($0.close.utf8), $0.nests) }
        startsLineComment = blockComments.contains { $0.open[0] == 0x0A }
        forms = syntax.strings
        var formsByByte = [[Int]](repeating: [], count: 256)
        for (index, form) in syntax.strings.enumerated() {
            formsByByte[Int(form.open[0])].append(index)
            classes[Int(form.open[0])] = .special
        }
        self.formsByByte = formsByByte
        for comment in lineComments { classes[Int(comment[0])] = .special }
        for comment in blockComments where comment.open[0] != 0x0A { classes[Int(comment.open[0])] = .special }
        if syntax.hasRegex { classes[0x2F] = .special }
        if syntax.heredoc != .none { classes[0x3C] = .special }
        if syntax.heredoc == .ruby { classes[0x25] = .special }
        if syntax.isEmbedded { classes[0x3F] = .special }
        self.classes = classes
        self.isWord = isWord
        var prefixes: [Int: Prefix] = [:]
        for (word, prefix) in syntax.prefixes {
            let key = word.utf8.reduce(0) { $0 << 8 | Int($1) }
            prefixes[key] = Prefix(
                isRaw: prefix.isRaw, hole: prefix.hole.map { (Array($0.0.utf8), $0.1.utf8.first!) })
        }
        self.prefixes = prefixes
        var pairs = [Bool](repeating: false, count: 128 * 128)
        for pair in [
            "=>", "::", "->", "?.", "==", "!=", "<=", ">=", ":=", "&&", "||", "??", "<-", "**", "+=", "-=", "*=", "/=",
            "|=", "&=", "^=", "%=", "!!", "?:", "//",
        ] {
            let bytes = Array(pair.utf8)
            pairs[Int(bytes[0]) * 128 + Int(bytes[1])] = true
        }
        self.pairs = pairs
    }

    @inline(__always) func isPair(_ a: UInt8, _ b: UInt8) -> Bool {
        a < 128 && b < 128 && pairs[Int(a) * 128 + Int(b)]
    }

    /// `===`, `!==`, `??=`, `||=`, `&&=`, `**=`, `//=`, `<=>`
    @inline(__always) func isTriple(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
        switch (b, c) {
        case (0x3D, 0x3D): a == 0x3D || a == 0x21
        case (0x3D, 0x3E): a == 0x3C
        case (0x3F, 0x3D), (0x7C, 0x3D), (0x26, 0x3D), (0x2A, 0x3D), (0x2F, 0x3D): true
        default: false
        }
    }
}
