/// What the readers of all languages share: the tokens of one file, the scopes, and the facts that come out.
///
/// A reader goes over the tokens once. It binds names as they are declared, follows each chain of members and calls from its
/// first name to a symbol, and records uses. What a symbol stands for in the end is settled when all files were read.
struct SourceReader {
    let program: Program
    let bytes: [UInt8]
    let tokens: [Token]
    /// The file's number and symbol.
    let index: Int
    let file: SymbolID
    /// Above members of values of unknown type, in this language.
    let receiver: SymbolID
    var facts = FileFacts()
    var scopes: Scopes
    /// Named functions around the present token: symbol, and the token after their last one.
    var functions: [(symbol: SymbolID, end: Int)] = []
    /// Classes around the present token, likewise.
    var classes: [(symbol: SymbolID, end: Int)] = []
    /// Tokens that are to be read: all, or those before the one at which the time was up.
    private(set) var count: Int
    private var watch: ReadingWatch

    init(
        _ program: Program, _ bytes: [UInt8], _ lexer: Lexer, _ language: Language, index: Int,
        scopes: Scopes, watch: ReadingWatch
    ) {
        self.program = program
        self.bytes = bytes
        tokens = lexer.tokens
        count = tokens.count
        self.watch = watch
        facts.isBroken = lexer.isBroken
        self.index = index
        file = program.file(index)
        receiver = program.receivers(language)
        program.languages[file] = language
        self.scopes = scopes
    }

    var function: SymbolID { functions.last?.symbol ?? -1 }
    // MARK: Tokens

    @inline(__always) func `is`(_ i: Int, _ sign: Sign) -> Bool { i >= 0 && i < tokens.count && tokens[i].is(sign) }
    @inline(__always) func `is`(_ i: Int, _ word: Word) -> Bool { i >= 0 && i < tokens.count && tokens[i].is(word) }
    @inline(__always) func isName(_ i: Int) -> Bool { i >= 0 && i < tokens.count && tokens[i].kind == .name }
    @inline(__always) func isString(_ i: Int) -> Bool { i >= 0 && i < tokens.count && tokens[i].kind == .string }
    @inline(__always) func name(_ i: Int) -> NameID { tokens[i].value }
    /// The token after the bracket that closes the one at `i`; `i + 1` when none does.
    func after(_ i: Int) -> Int {
        let partner = Int(tokens[i].partner)
        return partner > i ? partner + 1 : i + 1
    }
    func partner(_ i: Int) -> Int? {
        let partner = Int(tokens[i].partner)
        return partner > i ? partner : nil
    }
    func isOnNewLine(_ i: Int) -> Bool { i == 0 || tokens[i].line > tokens[i - 1].line }

    /// The byte that a token begins with; 0 for one without text, at the end of the file.
    func firstByte(_ i: Int) -> UInt8 {
        let start = Int(tokens[i].start)
        return start < bytes.count ? bytes[start] : 0
    }

    // MARK: Text

    /// A string's text with the common escapes undone.
    func text(_ i: Int) -> String {
        let token = tokens[i]
        let start = Int(token.start) + Int(token.opening), end = Int(token.end) - Int(token.closing)
        guard start < end else { return "" }
        let slice = bytes[start..<min(end, start + 4_096)]
        guard token.flags & Token.raw == 0, slice.contains(0x5C) else { return String(decoding: slice, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(slice.count)
        var i = slice.startIndex
        while i < slice.endIndex {
            if slice[i] == 0x5C, i + 1 < slice.endIndex {
                i += 1
                switch slice[i] {
                case 0x6E: plain.append(0x0A)
                case 0x74: plain.append(0x09)
                case 0x72: plain.append(0x0D)
                default: plain.append(slice[i])
                }
            } else {
                plain.append(slice[i])
            }
            i += 1
        }
        return String(decoding: plain, as: UTF8.self)
    }

    /// The source between two tokens, cut to what fits a line.
    func source(_ start: Int32, _ end: Int32) -> String {
        let last = min(Int(end), Int(start) + 120, bytes.count)
        return String(decoding: bytes[min(Int(start), last)..<last].map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }

    // MARK: Recording

    mutating func doubt(_ kind: Doubt.Kind, _ i: Int, until end: Int? = nil) {
        guard facts.doubts.count < 200 else { return }
        let token = tokens[i]
        let last = end.map { tokens[min($0, count - 1)].end } ?? token.end
        facts.doubts.append(
            Doubt(kind: kind, file: index, offset: token.start, line: token.line, text: source(token.start, last)))
    }

    /// Takes note of a use of `symbol` at token `i`.
    mutating func use(
        _ symbol: SymbolID, _ kind: Use.Kind, _ i: Int, _ arguments: [Argument] = [], named: [String: Argument] = [:]
    ) {
        guard symbol >= SymbolTable.first else { return }
        facts.uses.append(
            Use(
                symbol: symbol, kind: kind, offset: tokens[i].start, line: tokens[i].line, function: function,
                arguments: arguments, named: named))
    }

    /// Whether uses of `symbol` can matter at all.
    func matters(_ symbol: SymbolID) -> Bool { symbol >= SymbolTable.first }

    mutating func importFact(_ text: String, _ i: Int, isTypeOnly: Bool = false, isBare: Bool = false) {
        facts.imports.append(
            ImportFact(
                text: text, offset: tokens[i].start, line: tokens[i].line, isTypeOnly: isTypeOnly, isBare: isBare))
    }

    mutating func textFact(_ i: Int) {
        guard facts.texts.count < 2_000 else { return }
        facts.texts.append(
            TextFact(text: text(i), offset: tokens[i].start, line: tokens[i].line, function: function))
    }

    /// Strings that may say where a program goes or what another one shall do: with a scheme, or with words of a script.
    func isTelling(_ i: Int) -> Bool {
        let token = tokens[i]
        let start = Int(token.start) + Int(token.opening), end = Int(token.end) - Int(token.closing)
        guard end - start >= 5, end - start < 16_384 else { return false }
        // `http:`, `https:`, `ws:`, `wss:`...: a colon and two slashes within the first bytes.
        var k = start + 2
        let limit = min(end - 2, start + 12)
        while k < limit {
            if bytes[k] == 0x3A, bytes[k + 1] == 0x2F, bytes[k + 2] == 0x2F { return true }
            k += 1
        }
        k = start
        let isFirst = ScriptWords.isFirst, words = ScriptWords.byFirst
        while k < end {
            guard isFirst[Int(bytes[k])] else {
                k += 1
                continue
            }
            for needle in words[Int(bytes[k])] where k + needle.count <= end {
                var n = 1
                while n < needle.count, bytes[k + n] == needle[n] { n += 1 }
                if n == needle.count { return true }
            }
            k += 1
        }
        return false
    }

    /// Ends the reading at the token `i` when the file has had its time. Call at every step.
    mutating func checkTime(at i: Int) {
        guard watch.isOver() else { return }
        facts.isOverdue = true
        count = min(count, i)
    }

    /// Leaves scopes, functions and classes that end before the token `i`.
    mutating func leave(before i: Int) {
        checkTime(at: i)
        scopes.leave(before: i)
        while let last = functions.last, last.end <= i { functions.removeLast() }
        while let last = classes.last, last.end <= i { classes.removeLast() }
    }

    /// Drops what turned out to be the file's own business, and keeps calls of the program's functions as edges.
    mutating func finish() -> (FileFacts, Scopes) {
        let own = file
        let hasStars = program.stars[own] != nil
        var uses = facts.uses
        facts.uses = []
        var often = OftenSeen(uses)
        uses.removeAll { use in
            let (root, top) = program.symbols.root(use.symbol)
            switch root {
            case SymbolTable.files:
                let (isOwn, member) = ownMember(use.symbol, top)
                if isOwn {
                    guard let member else { return true }
                    let isDeclared = program.declared.contains(member)
                    if !isDeclared {
                        if !hasStars, !program.globalNames.contains(program.symbols.nodes[Int(member)].name) {
                            return true
                        }
                    }
                }
            case SymbolTable.modules, SymbolTable.globals, SymbolTable.receiver: break
            default: return true
            }
            return often.isEnough(use)
        }
        facts.uses = uses
        scopes.reset()
        return (facts, scopes)
    }

    private func ownMember(_ symbol: SymbolID, _ top: SymbolID) -> (Bool, SymbolID?) {
        top == file ? (true, program.symbols.member(above: symbol)) : (false, nil)
    }
}

/// What is used again and again: a file that does one thing ten thousand times says no more than one that does it fifty times.
private struct OftenSeen {
    private static let most = 50
    /// How many uses fall to each of a few hundred places, those that are dropped among them: where they are no more than
    /// may be, nothing has to be counted.
    private var places = [Int32](repeating: 0, count: 512)
    private var times: [UInt64: Int] = [:]

    init(_ uses: [Use]) {
        guard uses.count > Self.most else { return }
        for use in uses { places[Self.place(Self.key(use))] += 1 }
    }

    private static func key(_ use: Use) -> UInt64 {
        UInt64(UInt32(bitPattern: use.symbol)) << 32 | UInt64(UInt32(bitPattern: use.function)) &* 31
            &+ UInt64(use.kind.rawValue)
    }

    private static func place(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }

    /// Counts the use; `true` when there were as many as count before it.
    mutating func isEnough(_ use: Use) -> Bool {
        let key = Self.key(use)
        guard places[Self.place(key)] > Self.most else { return false }
        let before = times[key, default: 0]
        if before < Self.most { times[key] = before + 1 }
        return before >= Self.most
    }
}
