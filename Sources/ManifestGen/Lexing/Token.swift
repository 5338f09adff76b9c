/// What a token is.
enum TokenKind: UInt8 {
    case name, number, symbol
    /// A whole string, or a string of a form that has holes without any.
    case string
    /// The parts of a string with holes, `a ${b} c ${d} e`: head, middle, tail; what stands in a hole are tokens of their own.
    case head, middle, tail
    case regex, character
}

/// One token of a file.
struct Token {
    var kind: TokenKind
    /// Of a string: bytes before and after its text.
    var opening: UInt8 = 0
    var closing: UInt8 = 0
    var flags: UInt8 = 0
    /// Byte offsets.
    var start: Int32
    var end: Int32
    /// From 1.
    var line: Int32
    /// Of a name its ``NameID``; of a symbol its ``Sign``.
    var value: Int32 = 0
    /// The index of the matching bracket, or of the tail for a head; -1 when there is none.
    var partner: Int32 = -1

    /// Backslashes stand for themselves.
    static let raw: UInt8 = 1
    /// The text has parts that only a run can know, though no hole was read.
    static let computed: UInt8 = 2
    /// Ran to the end of the line or of the file without its end.
    static let unterminated: UInt8 = 4
    /// Announces a here-document: the text is the token that is the partner.
    static let heredoc: UInt8 = 8

    @inline(__always) func `is`(_ sign: Sign) -> Bool { kind == .symbol && value == sign.rawValue }
    @inline(__always) func `is`(_ word: Word) -> Bool { kind == .name && value == word.rawValue }
}

/// A punctuation token: its bytes, first one lowest.
struct Sign: Equatable {
    let rawValue: Int32
    /// Up to three ASCII characters. Worked out by the compiler: signs are compared at every token.
    @inline(__always)
    init(_ first: Unicode.Scalar, _ second: Unicode.Scalar = "\0", _ third: Unicode.Scalar = "\0") {
        rawValue = Int32(bitPattern: first.value | second.value &<< 8 | third.value &<< 16)
    }
    init(bytes: [UInt8]) {
        var value: Int32 = 0
        for (i, byte) in bytes.enumerated() { value |= Int32(byte) << (8 * Int32(i)) }
        rawValue = value
    }
    static let open = Sign("("), close = Sign(")"), openSquare = Sign("["), closeSquare = Sign("]")
    static let openBrace = Sign("{"), closeBrace = Sign("}"), dot = Sign("."), comma = Sign(","), colon = Sign(":")
    static let semicolon = Sign(";"), assign = Sign("="), arrow = Sign("=", ">"), thinArrow = Sign("-", ">")
    static let optionalDot = Sign("?", "."), question = Sign("?"), bang = Sign("!"), star = Sign("*")
    static let at = Sign("@"), less = Sign("<"), greater = Sign(">"), spread = Sign(".", ".", ".")
    static let doubleColon = Sign(":", ":"), slash = Sign("/"), orOr = Sign("|", "|"), coalesce = Sign("?", "?")
    static let walrus = Sign(":", "="), bar = Sign("|"), ampersand = Sign("&"), plus = Sign("+")
    static let equal = Sign("=", "="), doubleStar = Sign("*", "*"), hash = Sign("#"), minus = Sign("-")
    static let bangBang = Sign("!", "!"), dollar = Sign("$"), andAnd = Sign("&", "&"), backslash = Sign("\\")
}

/// Names that the readers of languages know by number.
enum Word: Int32, CaseIterable {
    case `import`, from, `as`, export, `default`, const, `let`, `var`, function, `class`, extends, new, await, async
    case require, `return`, `typeof`, type, interface, this, module, exports, `if`, `else`, `for`, `while`, `do`
    case `switch`, `case`, of, `in`, void, delete, `throw`, instanceof, yield, `catch`, `try`, finally, implements
    case `public`, `private`, protected, readonly, `static`, abstract, declare, override, get, set, accessor, satisfies
    case enumWord, namespace, `is`, keyof, `break`, `continue`, with, super_, constructor, prototype, bind, call, apply
    case promisify, partial, importDefault, importStar, interopWildcard, interopDefault, createRequire, meta, url, toESM
    case def, lambda, elif, except, pass, raise, not, and, or, global, nonlocal, none, assert, match, `self`, cls
    case optional, union, annotated, list, awaitable, typeChecking, dunderName, dunderImport, all, callMark, elementMark
    case starMark, undefined, null, `true`, `false`, tool, name, promise, partialType, readonlyType, array
    case `package`, `func`, `struct`, use, fn, mod, pub, impl, crate, trait, mut, ref, dyn, cfg, test, macroRules
    case using, val, fun, object, `init`, extension_, actor, `guard`, `defer`, go, chan, map, range, select, `where`
    case then, end, module_, begin, rescue, ensure, unless, until, include, requireRelative, pythonTrue, pythonFalse,
        del, echo, `throws`, final_,
        unsafe

    var text: String {
        switch self {
        case .enumWord: "enum"
        case .super_: "super"
        case .importDefault: "__importDefault"
        case .importStar: "__importStar"
        case .interopWildcard: "_interopRequireWildcard"
        case .interopDefault: "_interopRequireDefault"
        case .toESM: "__toESM"
        case .none: "None"
        case .optional: "Optional"
        case .union: "Union"
        case .annotated: "Annotated"
        case .list: "List"
        case .awaitable: "Awaitable"
        case .typeChecking: "TYPE_CHECKING"
        case .dunderName: "__name__"
        case .dunderImport: "__import__"
        case .all: "__all__"
        case .callMark: "()"
        case .elementMark: "[]"
        case .starMark: "*"
        case .promise: "Promise"
        case .partialType: "Partial"
        case .readonlyType: "Readonly"
        case .array: "Array"
        case .object: "object"
        case .extension_: "extension"
        case .macroRules: "macro_rules"
        case .module_: "Module"
        case .pythonTrue: "True"
        case .pythonFalse: "False"
        case .requireRelative: "require_relative"
        case .final_: "final"
        default: "\(self)"
        }
    }

    static let texts = allCases.map(\.text)
}
