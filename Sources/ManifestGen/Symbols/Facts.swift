/// What one argument of a call is, as far as the text says.
enum Argument: Hashable {
    case literal(String)
    /// A string with holes: what stands before the first one, and all literal parts joined. Readers may mark a hole by
    /// ``hole``, so that what stands behind one is not taken for the beginning.
    indirect case template(prefix: String, text: String)
    /// A string that begins with a hole, and what stands in it.
    indirect case filled(SymbolID, Argument)
    case symbol(SymbolID)
    case number(String)
    case list([Argument])
    /// One of these, as things are when it runs.
    case choice([Argument])
    case flag(Bool)
    case other

    static let hole = "\u{1}"
}

/// One use of a symbol that reaches outside of its file.
struct Use {
    enum Kind: UInt8 { case reference, call, base, assignment, removal, importing }

    var symbol: SymbolID
    var kind: Kind
    var offset: Int32
    var line: Int32
    /// From 1, in Unicode scalars; known when the file was read.
    var column: Int32 = 1
    /// The innermost named function that it stands in, or -1.
    var function: SymbolID
    /// Positional arguments; ``named`` has those with a name.
    var arguments: [Argument] = []
    var named: [String: Argument] = [:]
}

/// What could not be resolved.
struct Doubt: Hashable, Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case dynamicImport = "dynamic-import"
        case evaluation = "evaluated-code"
        case computedProgram = "computed-program"
        case shellString = "shell-string"
        case computedHost = "computed-host"
        case computedVariable = "computed-variable"
        case nativeCode = "native-code"
        case unresolvedImport = "unresolved-import"
        case syntax = "syntax"
    }
    var kind: Kind
    var file: Int
    var offset: Int32
    var line: Int32
    var column: Int32 = 1
    var text: String
}

/// A module that a file names.
struct ImportFact {
    var text: String
    var offset: Int32
    var line: Int32
    var column: Int32 = 1
    /// The whole name was computed; `text` is what stands before the first hole.
    var isComputed = false
    /// Only types are taken: nothing is loaded.
    var isTypeOnly = false
    /// `import "x"`: loaded for what it does.
    var isBare = false
    /// A file that is started as a worker or a program of its own; it may as well be none of the package.
    var isStarted = false
    var symbol: SymbolID = SymbolTable.unknown
}

/// A string in the code that may name a host, or what a started program shall do.
struct TextFact {
    var text: String
    var offset: Int32
    var line: Int32
    var column: Int32 = 1
    var function: SymbolID
}

/// A tool that the server offers.
struct ToolFact {
    var name: String
    /// The function that is called; -1 when it is only listed, and found by its name when it is called.
    var handler: SymbolID
    var file: Int32
    var line: Int32
}

/// What one file says.
struct FileFacts {
    /// When the file was read only those that are bare.
    var imports: [ImportFact] = []
    /// While the file is read; then they go to ``kept``.
    var uses: [Use] = []
    private(set) var kept = KeptUses([])
    /// Of all imports, when the file was read, what they name; types left out.
    private(set) var imported: [SymbolID] = []
    var doubts: [Doubt] = []
    var texts: [TextFact] = []
    /// Lists of words in calls, by the first word, where that may say what a program shall do.
    var subcommands: [TextFact] = []
    var isBroken = false
    /// Reading was given up before the end.
    var isOverdue = false

    /// Call when the file was read.
    mutating func keep() {
        kept = KeptUses(uses)
        uses = []
        imported = imports.filter { !$0.isTypeOnly }.map(\.symbol)
        imports = imports.filter(\.isBare)
    }
}
