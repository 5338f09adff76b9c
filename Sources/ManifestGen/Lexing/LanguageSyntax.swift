/// One way to write a string.
struct StringForm {
    enum Escape { case backslash, doubled, none }

    var open: [UInt8]
    var close: [UInt8]
    var escape: Escape
    var multiline: Bool
    /// What starts a hole, with the byte that ends it.
    var hole: (open: [UInt8], close: UInt8)?
    /// `$name` stands for a value though no hole is written.
    var dollarNames = false
    /// A single character: it ends at once, else the quote is punctuation (Rust's lifetimes).
    var character = false

    init(
        _ open: String, _ close: String? = nil, escape: Escape = .backslash, multiline: Bool = false,
        hole: (String, String)? = nil, dollarNames: Bool = false, character: Bool = false
    ) {
        self.open = Array(open.utf8)
        self.close = Array((close ?? open).utf8)
        self.escape = escape
        self.multiline = multiline
        self.hole = hole.map { (Array($0.0.utf8), $0.1.utf8.first!) }
        self.dollarNames = dollarNames
        self.character = character
    }
}

/// How a language is written, as far as it takes to tell code from comments and strings. One value a language.
struct LanguageSyntax {
    var lineComments: [String] = []
    var blockComments: [(open: String, close: String, nests: Bool)] = []
    /// Longer openings first.
    var strings: [StringForm] = []
    /// Words that may stand right before a quote and change how the string is read: `r`, `f`, `b`.
    var prefixes: [String: Prefix] = [:]
    /// Bytes that belong to names beside letters, digits, `_` and everything from 0x80.
    var nameBytes = ""
    var hasRegex = false
    /// `r"..."`, `r#"..."#`: with a prefix that is raw, any number of `#` may stand before the quote.
    var hashRaw = false
    var heredoc = Heredoc.none
    /// Code stands only between `<?php` and `?>`.
    var isEmbedded = false
    /// Numbers of the words after which a `/` begins a regular expression.
    var hasJSX = false

    struct Prefix {
        var isRaw = false
        var hole: (String, String)?
    }

    enum Heredoc { case none, shell, ruby, php }
}

extension LanguageSyntax {
    static let javascript = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", false)],
        strings: [
            StringForm("\""), StringForm("'"), StringForm("`", multiline: true, hole: ("${", "}")),
        ],
        nameBytes: "$", hasRegex: true)

    static let python = LanguageSyntax(
        lineComments: ["#"],
        strings: [
            StringForm("\"\"\"", multiline: true), StringForm("'''", multiline: true), StringForm("\""),
            StringForm("'"),
        ],
        prefixes: {
            let hole = ("{", "}")
            var table: [String: Prefix] = [:]
            for word in ["r", "R", "rb", "rB", "Rb", "RB", "br", "bR", "Br", "BR"] { table[word] = Prefix(isRaw: true) }
            for word in ["b", "B", "u", "U"] { table[word] = Prefix() }
            for word in ["f", "F", "t", "T"] { table[word] = Prefix(hole: hole) }
            for word in ["fr", "Fr", "fR", "FR", "rf", "rF", "Rf", "RF", "tr", "rt"] {
                table[word] = Prefix(isRaw: true, hole: hole)
            }
            return table
        }())

    static let go = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", false)],
        strings: [
            StringForm("\""), StringForm("`", escape: .none, multiline: true), StringForm("'", character: true),
        ])

    static let rust = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", true)],
        strings: [StringForm("\"", multiline: true), StringForm("'", character: true)],
        prefixes: [
            "r": Prefix(isRaw: true), "br": Prefix(isRaw: true), "cr": Prefix(isRaw: true), "b": Prefix(),
            "c": Prefix(),
        ], hashRaw: true)

    static let java = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", false)],
        strings: [StringForm("\"\"\"", multiline: true), StringForm("\""), StringForm("'", character: true)],
        nameBytes: "$")

    static let kotlin = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", true)],
        strings: [
            StringForm("\"\"\"", escape: .none, multiline: true, hole: ("${", "}"), dollarNames: true),
            StringForm("\"", hole: ("${", "}"), dollarNames: true), StringForm("'", character: true),
        ])

    /// Lines of the preprocessor are set aside: both branches of an `#if` are read.
    static let csharp = LanguageSyntax(
        lineComments: ["//", "#"], blockComments: [("/*", "*/", false)],
        strings: [
            StringForm("$$\"\"\"\"", "\"\"\"\"", escape: .none, multiline: true, hole: ("{{", "}")),
            StringForm("$\"\"\"\"", "\"\"\"\"", escape: .none, multiline: true, hole: ("{", "}")),
            StringForm("\"\"\"\"", escape: .none, multiline: true),
            StringForm("$$\"\"\"", "\"\"\"", escape: .none, multiline: true, hole: ("{{", "}")),
            StringForm("$\"\"\"", "\"\"\"", escape: .none, multiline: true, hole: ("{", "}")),
            StringForm("\"\"\"", escape: .none, multiline: true),
            StringForm("$@\"", "\"", escape: .doubled, multiline: true, hole: ("{", "}")),
            StringForm("@$\"", "\"", escape: .doubled, multiline: true, hole: ("{", "}")),
            StringForm("@\"", "\"", escape: .doubled, multiline: true), StringForm("$\"", "\"", hole: ("{", "}")),
            StringForm("\""), StringForm("'", character: true),
        ])

    static let swift = LanguageSyntax(
        lineComments: ["//"], blockComments: [("/*", "*/", true)],
        strings: [
            StringForm("##\"\"\"", "\"\"\"##", escape: .none, multiline: true, hole: ("\\##(", ")")),
            StringForm("#\"\"\"", "\"\"\"#", escape: .none, multiline: true, hole: ("\\#(", ")")),
            StringForm("##\"", "\"##", escape: .none, hole: ("\\##(", ")")),
            StringForm("#\"", "\"#", escape: .none, hole: ("\\#(", ")")),
            StringForm("\"\"\"", multiline: true, hole: ("\\(", ")")), StringForm("\"", hole: ("\\(", ")")),
        ])

    static let ruby = LanguageSyntax(
        lineComments: ["#"], blockComments: [("\n=begin", "\n=end", false)],
        strings: [
            StringForm("\"", multiline: true, hole: ("#{", "}")), StringForm("'", multiline: true),
            StringForm("`", multiline: true, hole: ("#{", "}")),
        ],
        nameBytes: "@$?!", hasRegex: true, heredoc: .ruby)

    static let php = LanguageSyntax(
        lineComments: ["//", "#"], blockComments: [("/*", "*/", false)],
        strings: [
            StringForm("\"", multiline: true, hole: ("{$", "}"), dollarNames: true), StringForm("'", multiline: true),
            StringForm("`", multiline: true, hole: ("{$", "}"), dollarNames: true),
        ],
        nameBytes: "$", heredoc: .php, isEmbedded: true)

    /// Enough to see where a script's texts are; its words are read by ``ShellScript``.
    static let shell = LanguageSyntax(
        lineComments: ["#"],
        strings: [StringForm("\"", multiline: true), StringForm("'", escape: .none, multiline: true)])
}
